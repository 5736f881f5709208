"""Questions to begin with and to go on with, made from the headings of the documents in the store."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from index.errors import UnknownDocumentError
from index.types import Filters
from ingest.model import Clause, Kind, PolicyDocument, Status
from ui.citation import in_title_marks, is_chinese, spoken_title
from ui.words import Words
from ui.workspace import Workspace

_EXAMPLES: Final = 4
_FOLLOW_UPS: Final = 4
_HEADINGS_TRIED: Final = 3
_MOST_TRIED: Final = 16
"""Each costs an answer's time, once for a state of the store."""
_LEAST_CHARS_QUOTED: Final = 10
_DOCUMENTS_LOOKED_AT: Final = 24
_HEADING_CHARS: Final = range(3, 15)
_TITLE_CHARS: Final = 30
_LATIN_HEADING_CHARS: Final = range(8, 40)
_LATIN_TITLE_CHARS: Final = 100
_PROSE: Final = re.compile(r"[，,。；;：:、？?！!“”\"()（）\d]")
_REPORTS: Final = (Kind.NEWS, Kind.SPEECH, Kind.INTERPRETATION)
_PAST: Final = (Status.REPEALED, Status.SUPERSEDED, Status.DRAFT)
_DULL: Final = re.compile(
    r"总则|附则|其他|总体要求|指导思想|基本原则|附件|目录|前言|背景|general|scope|annex", re.IGNORECASE
)
_PREFERRED: Final = re.compile(r"标准|条件|程序|范围|期限|责任|对象|材料|目标|补贴|奖励|定义|监督|保障|申报|职责")
_LEAST_CHARS_BELOW: Final = 30
_ASKED_AS: Final = (
    ("suggest.amount", re.compile(r"(?:补贴|奖励|标准|补助|资助|罚款)$")),
    ("suggest.which", re.compile(r"(?:条件|材料|对象|范围|职责|目标|任务|措施|责任|情形|要求|内容|重点)$")),
    ("suggest.how", re.compile(r"(?:程序|流程|办法|方式|步骤)$")),
)


def examples(workspace: Workspace, words: Words) -> list[str]:
    """Up to four questions, most on documents of their own, that the store answers; kept while it stays as it is."""
    return workspace.examples.get(workspace.store.generation, words.language, lambda _: _examples(workspace, words))


def _examples(workspace: Workspace, words: Words) -> list[str]:
    found: list[str] = []
    tried = 0
    for document in _varied(workspace.documents(), words):
        # More than one on a text in the reader's own language where most are in another.
        left = 2 if words.language == "en" and not is_chinese(document.title) else 1
        for question in _candidates(workspace, document, words):
            tried += 1
            if _is_answered(workspace, question):
                found.append(question)
                left -= 1
            if not left or len(found) == _EXAMPLES or tried == _MOST_TRIED:
                break
        if len(found) == _EXAMPLES or tried == _MOST_TRIED:
            break
    return found


def _candidates(workspace: Workspace, document: PolicyDocument, words: Words) -> list[str]:
    """Questions on a document's headings, the likeliest first."""
    if not _is_speakable(document):
        return []
    asked = [_question(document, heading, words) for heading in _headings(workspace, document)[:_HEADINGS_TRIED]]
    if document.effective_on:
        asked.append(words("suggest.effective", document=in_title_marks(spoken_title(document.title))))
    return asked


def _is_answered(workspace: Workspace, question: str) -> bool:
    """Whether the reply quotes more than a heading: an example that leads nowhere puts readers off.

    Not found out where a language model would be asked, which takes seconds and may cost money.
    """
    if workspace.settings.language_model is not None:
        return True
    reply = workspace.assistant.ask(question, (), Filters())
    return sum(len(one.quote) - len(one.clause.label) - len(one.clause.heading) for one in reply.citations) >= (
        _LEAST_CHARS_QUOTED
    )


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question to go on with: the heading that it asks about, the document's title, and the question in full."""

    heading: str
    title: str
    question: str


def follow_ups(workspace: Workspace, turn: dict[str, Any], words: Words) -> list[FollowUp]:
    """Up to four questions that stay with the documents that an answer cited."""
    cited = {str(one["clause_id"]) for one in turn["citations"]}
    asked: dict[str, FollowUp] = {}
    for doc_id in dict.fromkeys(str(one["doc_id"]) for one in turn["citations"]):
        try:
            document = workspace.document(doc_id)
        except UnknownDocumentError:
            continue
        near = [c for c in document.clauses if c.clause_id not in cited and not _holds(document, c, cited)]
        for heading in _usable(document, near):
            question = _question(document, heading, words)
            asked.setdefault(question, FollowUp(heading, spoken_title(document.title), question))
    asked.pop(turn["question"], None)
    return list(asked.values())[:_FOLLOW_UPS]


def _varied(documents: Iterable[PolicyDocument], words: Words) -> list[PolicyDocument]:
    """Texts that bind, not reports about them nor what no longer holds; one of each kind before a second of any.

    Those in the reader's own language come first: a question in two languages reads badly.
    """
    usable = [d for d in documents if d.title and d.kind not in _REPORTS and d.status not in _PAST]
    ranks: dict[str, int] = {}
    keyed: list[tuple[bool, int, int, PolicyDocument]] = []
    for document in usable:
        rank = ranks[document.kind] = ranks.get(document.kind, 0) + 1
        foreign = is_chinese(document.title) != (words.language == "zh")
        keyed.append((foreign, rank, len(keyed), document))
    return [document for *_, document in sorted(keyed, key=lambda key: key[:3])][:_DOCUMENTS_LOOKED_AT]


def _is_short(heading: str) -> bool:
    return len(heading) in (_HEADING_CHARS if is_chinese(heading) else _LATIN_HEADING_CHARS)


def _is_speakable(document: PolicyDocument) -> bool:
    """Whether a question can hold the title and still be read at a glance."""
    title = spoken_title(document.title)
    return len(title) <= (_TITLE_CHARS if is_chinese(title) else _LATIN_TITLE_CHARS)


def _headings(workspace: Workspace, document: PolicyDocument) -> list[str]:
    whole = workspace.document(document.doc_id)
    return _usable(whole, whole.clauses)


def _usable(document: PolicyDocument, clauses: Iterable[Clause]) -> list[str]:
    """Short headings with text below them, those that people ask about first."""
    found = [
        clause.heading.strip()
        for clause in clauses
        if _is_short(clause.heading.strip())
        and not _PROSE.search(clause.heading)
        and not _DULL.search(clause.heading)
        and clause.heading not in document.title
        and _chars_below(document, clause) >= _LEAST_CHARS_BELOW
    ]
    return sorted(dict.fromkeys(found), key=lambda heading: not _PREFERRED.search(heading))


def _chars_below(document: PolicyDocument, clause: Clause) -> int:
    own = len(clause.text) - len(clause.label) - len(clause.heading)
    return own + sum(len(child.text) for child in document.children(clause.clause_id))


def _holds(document: PolicyDocument, clause: Clause, cited: set[str]) -> bool:
    return any(child.clause_id in cited for child in document.children(clause.clause_id))


def _question(document: PolicyDocument, heading: str, words: Words) -> str:
    """The question about a heading, put as one asks about what the heading names: how much, which, until when."""
    kind = "suggest.heading"
    if words.language == "zh" and is_chinese(heading):
        kind = next((key for key, ending in _ASKED_AS if ending.search(heading)), kind)
    return words(kind, document=in_title_marks(spoken_title(document.title)), heading=heading)
