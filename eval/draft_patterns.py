"""Questions that a clause's own wording proposes: its numbers, dates, definitions, lists, penalties, duties, headings.

Each pattern turns a statement into a question by taking out what it states; what was taken out is the fact that a
complete answer shows. The wording stays close to the clause's, which is why every proposal is a draft: a person says
it the way that people ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from eval.question import QuestionType
from eval.sentences import sentences
from ingest.model import Clause, PolicyDocument

_UNITS = """
个百分点 万亿元 亿元 万元 元 % ‰ 个工作日 工作日 周岁 周歲 个月 小时 分钟 年 天 日 周 人次
人 家 户 个 项 件 辆 台 套 吨 公里 米 平方米 倍 次 分 名 类 层 座 处
"""
_UNIT = "|".join(_UNITS.split())
_NUMBER = re.compile(rf"(?<![\d.〔\[第])\d[\d,，]*(?:\.\d+)?\s*(?:{_UNIT})")
_DATE = re.compile(r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:底|前|起)?|\d{1,2}月\d{1,2}日")
_DEFINITION = re.compile(r"(?:本[^,，。]{1,8}所称的?)?([^,，。;；:：]{2,16}?)[,，]?\s*是指([^。]{6,})")
_LIST_LEAD = re.compile(r"^(.{4,60}?)(下列|以下|如下)([^,，。:：]{0,14}?)[:：]?$")
_PENALTY = re.compile(r"^(.{6,80}?)的[,，](?=.*(?:罚款|处分|责令|警告|吊销|没收|追究))")
_DUTY = re.compile(r"^([^,，。;；:：]{2,24}?)(应当|不得|必须)([^。;；]{6,})")
_RANGE = re.compile(r"\d\s*(?:年)?\s*[-—–~～至]\s*\d|[(（][^)）]*\d{4}年[^)）]*[)）]")
_LABEL = re.compile(
    r"^\s*(第[一二三四五六七八九十百零〇\d]+条|[（(][一二三四五六七八九十\d]+[）)]|[一二三四五六七八九十]+、|\d+[.、．])\s*"
)
_STOPS = "".join(("。", "；", "：", "！", ";", ":", "!", " "))
_SHORT = 60
_FACT_CHARS = 14


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question about one clause (and, for a list, its items), with the facts a complete answer shows."""

    question: str
    type: QuestionType
    facts: tuple[str, ...]
    clauses: tuple[Clause, ...]


Pattern = Callable[[PolicyDocument, Clause, Sequence[Clause]], Iterator[Proposal]]


def body(clause: Clause) -> str:
    """A clause's words without its label, its heading and line breaks."""
    text = " ".join(clause.text.split())
    text = re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)
    text = _LABEL.sub("", text)
    if clause.heading and text.startswith(clause.heading) and len(text) > len(clause.heading) + 4:
        text = text[len(clause.heading) :].lstrip("。. 　:：")
    return text


def numbers(document: PolicyDocument, clause: Clause, below: Sequence[Clause]) -> Iterator[Proposal]:
    """``…不得超过1200辆`` → ``…不得超过多少?``; the figure is the fact."""
    for sentence in sentences(body(clause)):
        found = _NUMBER.findall(sentence)
        if len(found) == 1 and not _DATE.search(sentence) and _states(sentence):
            asked = sentence.replace(found[0], "多少", 1).rstrip(_STOPS)
            yield Proposal(f"{_in(document, sentence)}{asked}？", QuestionType.NUMBER, (found[0].strip(),), (clause,))


def dates(document: PolicyDocument, clause: Clause, below: Sequence[Clause]) -> Iterator[Proposal]:
    """``自2026年7月1日起施行`` → when it takes effect; another sentence with one date → when."""
    for sentence in sentences(body(clause)):
        found = _DATE.findall(sentence)
        if len(found) != 1 or not _states(sentence) or _RANGE.search(sentence):
            continue
        fact = found[0].rstrip("底前起")
        if "施行" in sentence or "实施" in sentence:
            yield Proposal(f"《{document.title}》从什么时候起施行？", QuestionType.DATE, (fact,), (clause,))
        elif "〔" not in sentence and "号" not in sentence:
            asked = sentence.replace(found[0], "什么时候", 1).rstrip(_STOPS)
            yield Proposal(f"{_in(document, sentence)}{asked}？", QuestionType.DATE, (fact,), (clause,))


def definitions(document: PolicyDocument, clause: Clause, below: Sequence[Clause]) -> Iterator[Proposal]:
    """``本办法所称X,是指Y`` → what X means; Y's opening words are the fact."""
    if found := _DEFINITION.search(body(clause)):
        term, meaning = found[1].strip('“”" '), found[2]
        asked = f"《{document.title}》里说的“{term}”是什么意思？"
        yield Proposal(asked, QuestionType.DEFINITION, (_opening(meaning),), (clause,))


def lists(document: PolicyDocument, clause: Clause, below: Sequence[Clause]) -> Iterator[Proposal]:
    """``…应当符合下列条件:`` with items below it → which; each item's opening words are a fact."""
    if len(below) < 2:
        return
    lead = body(clause)
    found = _LIST_LEAD.match(lead.split("\n")[0][:90])
    if not found:
        return
    asked = f"{found[1]}哪些{found[3]}？"
    facts = tuple(_opening(body(item)) for item in below)
    if all(facts):
        yield Proposal(f"{_in(document, asked)}{asked}", QuestionType.LIST, facts, (clause, *below))


def penalties(document: PolicyDocument, clause: Clause, below: Sequence[Clause]) -> Iterator[Proposal]:
    """``违反…的,处…罚款`` → what follows from it; the amounts, else the measure, are the facts."""
    text = body(clause)
    if found := _PENALTY.match(text):
        rest = text[found.end() :]
        facts = tuple(n.strip() for n in _NUMBER.findall(rest))
        measures = re.findall(r"罚款|警告|责令改正|吊销[^,，。]{2,8}|没收违法所得|依法给予处分", rest)
        facts = facts or tuple(dict.fromkeys(measures))
        if not facts:
            return
        yield Proposal(
            f"{_in(document, text)}{found[1]}的，会怎么处理？",
            QuestionType.PENALTY,
            facts,
            (clause,),
        )


def duties(document: PolicyDocument, clause: Clause, below: Sequence[Clause]) -> Iterator[Proposal]:
    """``企业应当…`` → what it must do; ``不得`` → what it must not."""
    text = body(clause)
    if below or not (found := _DUTY.match(text)) or _PENALTY.match(text):
        return
    asked = "不得做什么" if found[2] == "不得" else f"{found[2]}做什么"
    yield Proposal(
        f"按照《{document.title}》，{found[1]}{asked}？", QuestionType.OBLIGATION, (_opening(found[3]),), (clause,)
    )


def headings(document: PolicyDocument, clause: Clause, below: Sequence[Clause]) -> Iterator[Proposal]:
    """A titled clause → what the document says about it; no fact is asked for beyond the clause itself."""
    heading = clause.heading.strip(_STOPS)
    if clause.label and 3 <= len(heading) <= 24 and len(body(clause)) >= 30:
        chinese = any("\u4e00" <= c <= "\u9fff" for c in heading)
        asked = (
            f"《{document.title}》对“{heading}”是怎么说的？"
            if chinese
            else f"What does “{document.title}” say about {heading}?"
        )
        yield Proposal(asked, QuestionType.FACT, (), (clause, *below))


PATTERNS: tuple[Pattern, ...] = (penalties, definitions, lists, dates, numbers, duties, headings)
"""In the order in which a clause is tried; each clause gives at most one proposal."""


def proposals(document: PolicyDocument) -> Iterator[Proposal]:
    """At most one proposal a clause, in reading order."""
    for clause in document.clauses:
        below = document.children(clause.clause_id)
        found = (p for pattern in PATTERNS for p in pattern(document, clause, below))
        first = next((p for p in found if 6 <= len(p.question) <= 140), None)
        if first is not None:
            yield first


def _in(document: PolicyDocument, text: str) -> str:
    """``《办法》规定,`` unless the text names the document itself."""
    return "" if document.title in text else f"《{document.title}》规定，"


def _states(sentence: str) -> bool:
    """Whether it is a whole sentence of readable length, not a title, a signature or a table's row."""
    return len(sentence) <= _SHORT and sentence.endswith(("。", "；", "！", ";", ".")) and sentence[0].isalnum()


def _opening(text: str) -> str:
    """The first words up to a stop, at most 14 characters: enough to recognise, short enough to be said otherwise."""
    first = re.split(r"[,，。;；:：()（）]", text.strip(), maxsplit=1)[0]
    if len(first) <= _FACT_CHARS:
        return first.strip()
    return re.sub(r"[\d.]+$", "", first[:_FACT_CHARS]).strip()  # never half a number
