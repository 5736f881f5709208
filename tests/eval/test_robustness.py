from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.errors import QuestionFileError
from eval.perturb import load_variants, mistyped, perturbed, traditional, variants_of
from eval.question import Question, QuestionSet
from eval.question_set import bundled_set, load_questions
from eval.robustness import measure_robustness
from qa.reply import Reply

from .conftest import MemoryCorpus, Scripted, refusal


def test_a_typo_is_one_character_in_ten_and_always_the_same() -> None:
    question = "企业每年投放的车辆不能多少?"
    wrong = mistyped(question)
    assert wrong == mistyped(question)
    assert sum(a != b for a, b in zip(question, wrong, strict=True)) == 1


@settings(deadline=None)  # the machine may be busy; what is tested is not speed
@given(st.text(alphabet="企业规划ab甲乙丙 ?", max_size=30))
def test_a_typo_keeps_the_length(text: str) -> None:
    assert len(mistyped(text)) == len(text)


def test_traditional_characters() -> None:
    assert traditional("规定的罚款") == "規定的罰款"


def test_views_apply_where_they_mean_something() -> None:
    chinese, english = Question("a", "罚款多少?"), Question("b", "How much?", lang="en")
    written = {("a", "english"): "What is the fine?"}
    assert perturbed(english, "typos", written) is None
    assert perturbed(english, "traditional", written) is None
    assert perturbed(chinese, "colloquial", written) is None
    asked = perturbed(chinese, "english", written)
    assert asked is not None
    assert (asked.id, asked.question, asked.lang) == ("a", "What is the fine?", "en")
    after = perturbed(Question("c", "那罚多少?", history=("乱停呢?",)), "unrelated", written)
    assert after is not None
    assert after.history[-1] == "乱停呢?"
    assert len(after.history) == 3
    with pytest.raises(KeyError):
        perturbed(chinese, "shouting", written)


def test_deltas_and_what_broke_are_reported(corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted) -> None:
    known = {q.question for q in questions.questions}

    def reply(text: str) -> Reply:
        return perfect.reply(text) if text in known else refusal(corpus.held[0], text)

    told: list[tuple[int, int | None, str]] = []
    views = measure_robustness(
        Scripted(reply),
        corpus,
        questions,
        {},
        views=("typos", "unrelated", "english"),
        progress=lambda *now: told.append(now),
    )
    typos, unrelated = views
    deltas = {d.name: d for d in typos.deltas}
    assert deltas["right"].before == 1.0
    assert deltas["right"].change.mean == pytest.approx(-0.75)
    assert deltas["false_refusal"].after == 1.0
    assert [i for i, _ in typos.broken] == ["q1", "q2", "q3"]
    assert {d.change.mean for d in unrelated.deltas} == {0.0}
    assert unrelated.broken == ()
    assert told[-1][:2] == (12, 12)


@pytest.mark.parametrize("name", ["samples", "digital-economy-2021"])
def test_the_written_variants_belong_to_questions_of_their_set(name: str) -> None:
    path = bundled_set(name)
    ids = {q.id for q in load_questions(path).questions}
    written = load_variants(variants_of(path))
    assert len(written) >= 50
    assert {i for i, _ in written} <= ids


def test_malformed_variants_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.variants.jsonl"
    assert load_variants(path) == {}
    for bad, message in [
        ("{", "line 1"),
        ('{"id": "a", "view": "english"}', "'question'"),
        (json.dumps({"id": "a", "view": "loud", "question": "?"}), "'view'"),
    ]:
        path.write_text(bad, "utf-8")
        with pytest.raises(QuestionFileError, match=message):
            load_variants(path)
