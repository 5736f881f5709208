"""Clauses that the answering clause points to: 违反本法第三十四条规定, 前条第四项, 与国家级标准相同."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.model import Clause, PolicyDocument, Span
from ingest.numerals import number
from qa.gather import matches_label
from qa.language import plain, squeeze
from qa.library import Shelf, View
from qa.places import Label, labels_in

_SAME_AS = re.compile(
    r"(?:与|同|按照?|参照|参考|执行)([^,。;,;()()与]{2,24}?)(?:的?(?:要求"
    r"|条件|标准|规定|指标|执行))*(?:相同|一致|相一致|同|执行|等同)"
)
_POINTER = re.compile(
    r"(?:《([^》]{2,60})》|本(?:法|条例|办法|规定|细则|标准|规划|方案|通知)|(?:该|同|上述)?(条例|办法|规定|细则))?"
    r"(第[零〇一二三四五六七八九十百千\d]+条(?:之[一二三四五六七八九十])?)"
)
_PREVIOUS = re.compile(r"前条(?:第([一二三四五六七八九十\d]+)[项款])?")
_MOST = 3


@dataclass(frozen=True, slots=True)
class Followed:
    """A pointer as printed and the clause that it points to."""

    words: str
    view: View


_DEFERS = re.compile(
    r"(?:依照|按照?|参照|适用|执行|与|同|符合|超过|不超过)[^。;]{0,40}?(?:规定|要求"
    r"|条件|标准)的?[^。;]{0,4}(?:处理|执行|办理|处罚|确定|期限|标准|情形|相同|一致|同)"
    r"|前条|前款|另行规定见|见第|详见"
)
_ASKED = re.compile(
    r"原条款|那一?[条款]|哪[条款些个]|依据|按哪|参照"
    r"|怎么(?:规定|说|写)|具体|指的|见|看|没(?:写|列)|引用|对应"
)


def worth_following(view: View, question: str) -> bool:
    """Whether what a clause points to belongs into the answer: it leaves the matter to the other, or that is asked."""
    return bool(_DEFERS.search(view.text) or _SAME_AS.search(view.text) or _ASKED.search(question))


def follow(view: View, shelf: Shelf, shown_spans: Sequence[Span]) -> list[Followed]:
    """The clauses that the shown words point to, at most three, in the order in which they are named."""
    followed: dict[str, Followed] = {}
    for words, document, clause in (*_parsed(view, shelf, shown_spans), *_printed(view, shelf), *_same(view, shelf)):
        if clause.clause_id != view.clause.clause_id and clause.clause_id not in followed:
            target = shelf.view(clause, document)
            if target.sentences:
                followed[clause.clause_id] = Followed(words, target)
    return list(followed.values())[:_MOST]


def _parsed(view: View, shelf: Shelf, shown: Sequence[Span]) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """What ingest resolved."""
    for reference in view.clause.references:
        inside = any(a <= reference.span[0] < b for a, b in shown)
        if inside and reference.target_clause is not None:
            doc_id = reference.target_document or view.document.doc_id
            target = shelf.clause(doc_id, reference.target_clause)
            if target is not None:
                yield " ".join(reference.text.split()), shelf.document(doc_id), target


def _printed(view: View, shelf: Shelf) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """Articles named by number in the clause's text, in this document or in one that 《…》 or a short name names."""
    text = view.text.removeprefix(view.clause.label)
    for match in _POINTER.finditer(text):
        label = labels_in(match[3])[0]
        named = match[1] or match[2]
        document = shelf.document(view.document.doc_id)
        if named:
            other = _document_named(named, view, shelf)
            if other is None:
                continue
            document = other
        target = _article(document, label)
        if target is not None:
            yield match[0], document, target
    previous = _PREVIOUS.search(text)
    if previous is not None:
        target = _before(view, shelf, previous[1])
        if target is not None:
            yield previous[0], shelf.document(view.document.doc_id), target


def _document_named(name: str, view: View, shelf: Shelf) -> PolicyDocument | None:
    mentions = [m for m in shelf.titles.mentions(f"《{name}》") if m.doc_id != view.document.doc_id]
    if mentions and mentions[0].certainty >= 0.6:
        return shelf.document(mentions[0].doc_id)
    own = squeeze(view.document.title)
    if name in ("条例", "办法", "规定", "细则") and name in own:
        return shelf.document(view.document.doc_id)
    return None


def _article(document: PolicyDocument, label: Label) -> Clause | None:
    return next((clause for clause in document.clauses if matches_label(clause, label)), None)


def _before(view: View, shelf: Shelf, item: str | None) -> Clause | None:
    """The article before the one that ``view`` is or belongs to, or its item of that number."""
    doc_id = view.document.doc_id
    clauses = shelf.document(doc_id).clauses
    articles = [clause for clause in clauses if any(own.kind == "条" for own in labels_in(clause.label))]
    own = view.clause
    while own.parent_id and own not in articles:
        parent = shelf.clause(doc_id, own.parent_id)
        if parent is None:
            break
        own = parent
    at = next((i for i, clause in enumerate(articles) if clause.clause_id == own.clause_id), 0)
    if at == 0:
        return None
    before = articles[at - 1]
    if item is None:
        return before
    children = shelf.children(doc_id, before.clause_id)
    place = number(item)
    return children[place - 1] if place and place <= len(children) else before


def _same(view: View, shelf: Shelf) -> Iterator[tuple[str, PolicyDocument, Clause]]:
    """The section of the same name under the heading that “与…相同” names, in the same document."""
    found = _SAME_AS.search(view.text)
    if not found or not view.clause.path:
        return
    wanted = squeeze(found[1])
    own_heading = _heading(view.clause)
    best: tuple[float, Clause] | None = None
    document = shelf.document(view.document.doc_id)
    for clause in document.clauses:
        if not clause.path or clause.path[0] == view.clause.path[0]:
            continue
        heading = _heading(clause)
        if own_heading and heading != own_heading:
            continue
        fit = _shared(wanted, squeeze(plain(" ".join(clause.path[:-1] or clause.path))))
        if fit >= 0.3 and (best is None or fit > best[0]):
            best = (fit, clause)
    if best is not None:
        yield found[0], document, best[1]


def _heading(clause: Clause) -> str:
    bare = re.sub(r"^[\d一二三四五六七八九十()()、..\s]+", "", clause.path[-1] if clause.path else "")
    return squeeze(clause.heading or bare)[:12]


def _shared(wanted: str, path: str) -> float:
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
    return sum(pair in path for pair in pairs) / max(1, len(pairs))
