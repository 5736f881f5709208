"""A small corpus about a fictional city, and replies made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.question import GoldEntry, Question, QuestionSet, QuestionType
from index.errors import UnknownDocumentError
from index.types import Hit
from ingest.model import Clause, PolicyDocument, SourceText
from qa.reply import Answer, Citation, Refusal, Reply

FILE = "云汀市共享单车管理办法.txt"
TITLE = "云汀市共享单车管理办法"
TEXT = """云汀市共享单车管理办法
第一章 总则
第一条 为了规范共享单车停放,制定本办法。
第二条 本办法所称共享单车,是指企业投放的分时租赁自行车。
第二章 投放
第三条 企业每年投放车辆不得超过1200辆,损坏率不得高于5%。
第四条 企业应当在3个工作日内清理违规停放的车辆:
(一)人行道上的;
(二)盲道上的。
第三章 法律责任
第五条 违反第四条规定的,处以2万元以上5万元以下罚款。
"""
_LINE = re.compile(r"^(第[一二三四五]章|第[一二三四五]条|[((][一二][))])\s*(.*)$")


@dataclass(frozen=True)
class MemoryCorpus:
    """A corpus of documents held in memory, with the calls of a Store that an evaluation needs."""

    held: tuple[PolicyDocument, ...]
    sources: dict[str, SourceText]

    def documents(self) -> tuple[PolicyDocument, ...]:
        return self.held

    def document(self, doc_id: str) -> PolicyDocument:
        return next(d for d in self.held if d.doc_id == doc_id)

    def source(self, name: str) -> SourceText:
        if name not in self.sources:
            raise UnknownDocumentError(name)
        return self.sources[name]


def parse(text: str, name: str, title: str) -> tuple[PolicyDocument, SourceText]:
    """A document of the toy numbering above: 章, 条, (一)."""
    clauses: list[Clause] = []
    chapter = article = ""
    offset = 0
    for line in text.split("\n"):
        span = (offset, offset + len(line))
        offset += len(line) + 1
        found = _LINE.match(line)
        if not found:
            continue
        label = found[1]
        if label.endswith("章"):
            chapter, article = line, ""
            path: tuple[str, ...] = (chapter,)
        elif label.endswith("条"):
            article = label
            path = (chapter, article)
        else:
            path = (chapter, article, label)
        heading = found[2] if label.endswith("章") else ""
        clauses.append(Clause(f"{name}#{len(clauses)}", path, label, heading, (span,), line))
    return PolicyDocument(f"doc-{name}", title, name, aliases=("单车办法",), clauses=tuple(clauses)), SourceText(
        name, text
    )


@pytest.fixture
def corpus() -> MemoryCorpus:
    document, source = parse(TEXT, FILE, TITLE)
    return MemoryCorpus((document,), {FILE: source})


@pytest.fixture
def clause(corpus: MemoryCorpus) -> Callable[[str], Clause]:
    """Gives the clause whose label is the one asked for."""

    def find(label: str) -> Clause:
        return next(c for c in corpus.held[0].clauses if c.label == label)

    return find


def hits(document: PolicyDocument, clauses: Sequence[Clause]) -> tuple[Hit, ...]:
    return tuple(Hit(i, 1 / i, c, document) for i, c in enumerate(clauses, 1))


def answer(
    document: PolicyDocument,
    question: str,
    cited: Sequence[Clause],
    text: str | None = None,
    others: Sequence[Clause] = (),
) -> Answer:
    """An answer that quotes the clauses in full, or says ``text`` where it is given."""
    citations = tuple(Citation(i, c, document, c.text, c.spans) for i, c in enumerate(cited, 1))
    shown = text or "\n".join(f"{c.quote}[{c.marker}]" for c in citations)
    return Answer(
        question,
        question,
        shown,
        citations,
        hits(document, (*cited, *others)),
        timings_ms={"total": 1.0},
        confidence=0.9,
    )


def refusal(document: PolicyDocument, question: str, nearest: Sequence[Clause] = ()) -> Refusal:
    found = hits(document, nearest)
    return Refusal(question, question, "文件中没有。", "not_covered", found, found, timings_ms={"total": 1.0})


QUESTIONS = QuestionSet(
    "bikes.jsonl",
    (
        Question(
            "q1",
            "一年最多能投多少辆车?",
            QuestionType.NUMBER,
            gold=(GoldEntry(TITLE, ("第二章 投放", "第三条")),),
            must=(("1200辆",),),
            line=1,
        ),
        Question(
            "q2",
            "乱停不清理要罚多少?",
            QuestionType.PENALTY,
            gold=(GoldEntry(TITLE, ("第三章", "第五条")), GoldEntry(TITLE, ("第二章", "第四条"))),
            must=(("2万元以上",), ("5万元以下",), ("3个工作日",)),
            line=2,
        ),
        Question("q3", "什么是共享单车?", QuestionType.DEFINITION, gold=(GoldEntry(TITLE, ("第二条",)),), line=3),
        Question("q4", "押金要退多少?", QuestionType.UNANSWERABLE, answerable=False, line=4),
    ),
    "0" * 64,
)
GOLD_LABELS = {"q1": ("第三条",), "q2": ("第五条", "第四条"), "q3": ("第二条",)}


@pytest.fixture
def questions() -> QuestionSet:
    return QUESTIONS


@dataclass(frozen=True)
class Scripted:
    """Answers each question as a function says."""

    reply: Callable[[str], Reply]

    def ask(self, question: str, history: Sequence[str] = ()) -> Reply:
        return self.reply(question)


@pytest.fixture
def perfect(corpus: MemoryCorpus, clause: Callable[[str], Clause]) -> Scripted:
    """A system that cites exactly the gold and refuses what is not covered."""
    document = corpus.held[0]
    by_text = {q.question: q for q in QUESTIONS.questions}

    def reply(text: str) -> Reply:
        labels = GOLD_LABELS.get(by_text[text].id)
        if labels is None:
            return refusal(document, text, [clause("第一条")])
        return answer(document, text, [clause(label) for label in labels])

    return Scripted(reply)


STATUTES = ("养犬登记", "老旧电梯", "夜间施工", "创业补贴")


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    """Four articles and a question to each, as a benchmark folder."""
    corpus = [
        {"id": f"c{n}", "title": f"{title}办法", "text": f"{title}由主管部门办理。"} for n, title in enumerate(STATUTES)
    ]
    queries = [{"id": f"q{n}", "text": f"{title}找谁"} for n, title in enumerate(STATUTES)]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    judged = "\n".join(["query-id\tcorpus-id\tscore", *(f"q{n}\tc{n}\t1" for n in range(len(STATUTES)))])
    (tmp_path / "qrels.dev.tsv").write_text(judged, "utf-8")
    return tmp_path
