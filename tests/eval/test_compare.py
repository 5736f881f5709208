from __future__ import annotations

from dataclasses import replace

import pytest

from eval.compare import compare_runs
from eval.errors import RunFileError
from eval.question import QuestionSet
from eval.runner import run_questions
from qa.reply import Reply

from .conftest import MemoryCorpus, Scripted, refusal


def test_flipped_questions_and_differences_are_listed(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    def worse(text: str) -> Reply:
        return refusal(corpus.held[0], text) if "罚" in text else perfect.reply(text)

    first = run_questions(perfect, corpus, questions)
    second = run_questions(Scripted(worse), corpus, questions)
    comparison = compare_runs(first, second)
    (flip,) = comparison.flips
    assert (flip.id, flip.mended, flip.why) == ("q2", False, ("not_retrieved", "false_refusal"))
    by_name = {d.name: d for d in comparison.differences}
    assert by_name["right"].test.difference == pytest.approx(-0.25)
    assert by_name["right"].test.p_value == 1.0  # one question of four proves nothing
    assert not by_name["right"].significant
    assert compare_runs(second, first).flips[0].mended
    assert comparison.to_json()["common"] == 4


def test_runs_of_other_questions_compare_over_what_they_share(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    whole = run_questions(perfect, corpus, questions)
    part = replace(whole, set_hash="1" * 64, outcomes=whole.outcomes[:2])
    comparison = compare_runs(whole, part)
    assert comparison.common == 2
    assert "2 left out" in comparison.warnings[0]
    with pytest.raises(RunFileError, match="no question in common"):
        compare_runs(replace(whole, outcomes=whole.outcomes[2:]), part)
