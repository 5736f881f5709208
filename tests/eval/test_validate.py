from __future__ import annotations

from dataclasses import replace

from eval.question import GoldEntry, QuestionSet
from eval.validate import validate_set

from .conftest import TITLE, MemoryCorpus


def test_a_good_set_has_no_findings(corpus: MemoryCorpus, questions: QuestionSet) -> None:
    assert validate_set(questions, corpus) == ()


def test_gold_that_is_not_there_and_facts_that_are_not_in_it_are_found(
    corpus: MemoryCorpus, questions: QuestionSet
) -> None:
    first, second, third, fourth = questions.questions
    broken = replace(
        questions,
        questions=(
            replace(first, must=(("1200辆", "一千二百辆"), ("1300辆",))),
            replace(second, gold=(GoldEntry(TITLE, ("第九条",)), GoldEntry("停车场条例", ("第一条",)))),
            replace(third, alt_gold=(GoldEntry(TITLE, lines=(400,)),)),
            replace(fourth, question=" 押金要退多少？"),
            replace(fourth, id="q5"),
        ),
    )
    findings = validate_set(broken, corpus)
    assert [(f.id, f.field) for f in findings] == [
        ("q1", "must[1]"),
        ("q2", "gold[0]"),
        ("q2", "gold[1]"),
        ("q3", "alt_gold[0]"),
        ("q5", "question"),
    ]
    assert "has no clause at 第九条" in findings[1].problem
    assert "no document '停车场条例'" in findings[2].problem
    assert str(findings[0]).startswith("line 1, q1, field 'must[1]'")
