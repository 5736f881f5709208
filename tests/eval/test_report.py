from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from eval.judge import WHY as WHY_CODES
from eval.metrics.bootstrap import Interval
from eval.question import QuestionSet, QuestionType
from eval.report_html import report_html, write_report
from eval.report_plots import interval_plot
from eval.report_words import MEASURES, TYPES, WHY
from eval.runner import run_questions
from eval.summary import MEASURES as MEASURED
from qa.reply import Reply

from .conftest import MemoryCorpus, Scripted, refusal

VOID = {"meta", "input", "br", "path", "rect", "circle", "polyline"}


class Balance(HTMLParser):
    """Fails where a tag is closed that was not opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def report(corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted) -> str:
    def reply(text: str) -> Reply:
        return refusal(corpus.held[0], text) if "罚" in text else perfect.reply(text)

    return report_html(run_questions(Scripted(reply), corpus, questions))


def test_the_report_is_whole_and_loads_nothing(corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted) -> None:
    page = report(corpus, questions, perfect)
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    assert "svg" in parser.seen
    assert not re.search(r"https?://|src=|@import|url\(", page)


def test_every_question_is_in_the_report_with_why_it_failed(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    page = report(corpus, questions, perfect)
    for question in questions.questions:
        assert question.question in page
    assert page.count('class="q right"') == 3
    assert page.count('class="q wrong"') == 1
    assert WHY["false_refusal"][0] in page


def test_text_from_documents_and_questions_is_escaped(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    run = run_questions(perfect, corpus, questions)
    nasty = replace(run.outcomes[0], question="<script>alert(1)</script>", reply='"><img src=x>')
    page = report_html(replace(run, outcomes=(nasty,), set_name="<b>"))
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<b></dd>" not in page


def test_every_code_has_words() -> None:
    assert set(WHY) == set(WHY_CODES)
    assert set(MEASURES) == set(MEASURED)
    assert set(TYPES) == {str(t) for t in QuestionType}


def test_a_bar_is_as_long_as_its_mean() -> None:
    plot = interval_plot([("半", Interval(0.5, 0.4, 0.6, 10)), ("全", Interval(1.0, 1.0, 1.0, 10))], "t")
    half, whole = (float(w) for w in re.findall(r'class="bar"[^>]* width="([\d.]+)"', plot))
    assert half * 2 == whole


def test_the_report_is_written(tmp_path: Path, corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted) -> None:
    write_report(tmp_path / "r.html", run_questions(perfect, corpus, questions))
    assert (tmp_path / "r.html").read_text("utf-8").startswith("<!doctype html>")
