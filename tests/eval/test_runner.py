from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.errors import MissingGoldError, RunFileError
from eval.gates import failures, figures, parse_gate
from eval.question import GoldEntry, QuestionSet
from eval.run_file import Checkpoint, outcome_from_json, outcome_json, read_run, run_json, write_run
from eval.runner import run_questions
from eval.summary import summarize
from ingest.model import Clause
from qa.reply import Reply

from .conftest import GOLD_LABELS, TITLE, MemoryCorpus, Scripted, answer, refusal

Find = Callable[[str], Clause]


def means(corpus: MemoryCorpus, questions: QuestionSet, system: Scripted) -> dict[str, float]:
    return figures(summarize(run_questions(system, corpus, questions).outcomes))


def test_a_perfect_system_scores_one_everywhere(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    run = run_questions(perfect, corpus, questions)
    have = figures(summarize(run.outcomes))
    # q2 has two gold clauses, so its first result alone can't be a hit
    ones = ("right", "hit3", "recall5", "mrr10", "ndcg10", "citation_precision", "citation_recall", "first_citation")
    assert {name: have[name] for name in ones} == dict.fromkeys(ones, 1.0)
    more = ("literal", "numbers", "facts", "complete", "crag", "alce_recall", "alce_precision", "refusal_recall")
    assert {name: have[name] for name in more} == dict.fromkeys(more, 1.0)
    assert have["hit1"] == pytest.approx(2 / 3)
    assert have["false_refusal"] == 0.0
    assert all(not outcome.why for outcome in run.outcomes)
    assert run.outcomes[0].timings_ms["wall"] >= 0


def test_shuffled_citations_are_caught_by_citation_precision(
    corpus: MemoryCorpus, questions: QuestionSet, clause: Find
) -> None:
    document = corpus.held[0]
    shuffled = {"q1": ("第二条",), "q2": ("第三条", "第一条"), "q3": ("第五条",)}
    right = {q.question: GOLD_LABELS.get(q.id) for q in questions.questions}
    wrong = {q.question: shuffled.get(q.id) for q in questions.questions}

    def reply(text: str) -> Reply:
        if not right[text]:
            return refusal(document, text)
        clauses = [clause(label) for label in right[text] or ()]
        words = "\n".join(f"{c.text}[{i}]" for i, c in enumerate(clauses, 1))
        return answer(document, text, [clause(label) for label in wrong[text] or ()], words, clauses)

    have = means(corpus, questions, Scripted(reply))
    assert have["facts"] == 1.0  # the words are right ...
    assert have["citation_precision"] == 0.0  # ... but the citations are not
    assert have["citation_recall"] == 0.0
    assert have["first_citation"] == 0.0
    assert have["alce_recall"] < 0.5


def test_an_invented_number_is_caught_by_number_support(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    def reply(text: str) -> Reply:
        right = perfect.reply(text)
        if not right.citations:
            return right
        invented = right.text + "\n另须缴纳保证金80万元[1]。"
        return answer(corpus.held[0], text, [c.clause for c in right.citations], invented)

    have = means(corpus, questions, Scripted(reply))
    assert have["citation_precision"] == 1.0
    assert have["facts"] == 1.0
    assert have["numbers"] < 0.8
    assert have["alce_recall"] < 0.8
    assert means(corpus, questions, perfect)["numbers"] == 1.0


def test_a_system_that_always_answers_is_caught_by_refusal_recall(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted, clause: Find
) -> None:
    def reply(text: str) -> Reply:
        right = perfect.reply(text)
        return right if right.citations else answer(corpus.held[0], text, [clause("第一条")])

    have = means(corpus, questions, Scripted(reply))
    assert have["refusal_recall"] == 0.0
    assert have["facts"] == 1.0
    assert have["crag"] == pytest.approx(0.5)


def test_a_system_that_always_refuses_is_caught_by_false_refusals(corpus: MemoryCorpus, questions: QuestionSet) -> None:
    have = means(corpus, questions, Scripted(lambda text: refusal(corpus.held[0], text)))
    assert have["refusal_recall"] == 1.0
    assert have["false_refusal"] == 1.0
    assert have["refusal_precision"] == 0.25
    assert have["facts"] == 0.0
    assert "citation_precision" not in have


def test_a_failure_says_why(corpus: MemoryCorpus, questions: QuestionSet, clause: Find) -> None:
    document = corpus.held[0]
    replies = {
        "q1": answer(document, "?", [clause("第三条")], "不得超过若干辆[1]。"),
        "q2": answer(document, "?", [clause("第五条")]),
        "q3": refusal(document, "?", [clause("第一条"), clause("第二条")]),
        "q4": answer(document, "?", [clause("第一条")]),
    }
    by_text = {q.question: replies[q.id] for q in questions.questions}
    outcomes = run_questions(Scripted(by_text.__getitem__), corpus, questions).outcomes
    assert [o.why for o in outcomes] == [
        ("fact_missing",),
        ("not_retrieved", "fact_missing"),
        ("false_refusal",),
        ("missed_refusal",),
    ]
    assert [(e.rank, e.cited) for e in outcomes[1].expected] == [(1, True), (None, False)]
    assert [f.shown for f in outcomes[1].facts] == [True, True, False]


def test_missing_documents_are_named_unless_they_may_be_missing(
    corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    first = questions.questions[0]
    lost = replace(
        questions, questions=(replace(first, gold=(GoldEntry("停车场条例", ("第一条",)),)), *questions.questions[1:])
    )
    with pytest.raises(MissingGoldError, match="停车场条例"):
        run_questions(perfect, corpus, lost)
    run = run_questions(perfect, corpus, lost, allow_missing=True)
    assert run.outcomes[0].measures["hit10"] == 0.0
    assert "gold_unresolved" in run.outcomes[0].why
    assert run.problems == ("q1: the store has no document '停车场条例'",)


def test_slices_stand_worst_first(corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted) -> None:
    def reply(text: str) -> Reply:
        right = perfect.reply(text)
        return refusal(corpus.held[0], text) if "罚" in text else right

    summary = summarize(run_questions(Scripted(reply), corpus, questions).outcomes)
    assert summary.slices_by("type")[0].value == "penalty"
    assert [s.value for s in summary.slices_by("half")] == ["even", "odd"]
    assert summary.worst is not None
    assert summary.worst.value == TITLE
    assert summary.why == {"false_refusal": 1, "not_retrieved": 1}


def test_a_run_is_saved_and_read_back(
    tmp_path: Path, corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    run = run_questions(perfect, corpus, questions, store={"documents": 1})
    write_run(tmp_path / "run.json", run)
    assert read_run(tmp_path / "run.json") == run
    scores = json.loads((tmp_path / "run.json").read_text("utf-8"))["scores"]
    assert scores["right"] == 1.0
    assert run_json(run)["slices"]["half"][0]["count"] == 2


@pytest.mark.parametrize("text", ["", "[]", '{"format": "other"}', '{"format": "policyqa-run/1"}'])
def test_a_file_that_is_no_run_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunFileError, match=r"run\.json"):
        read_run(tmp_path / "run.json")


def test_a_stopped_run_goes_on_where_it_stopped(
    tmp_path: Path, corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted
) -> None:
    asked: list[str] = []

    class Interrupted:
        def ask(self, question: str, history: Sequence[str] = ()) -> Reply:
            if len(asked) == 2:
                raise KeyboardInterrupt
            asked.append(question)
            return perfect.reply(question)

    checkpoint = Checkpoint(tmp_path / "run.json", "key")
    with pytest.raises(KeyboardInterrupt):
        run_questions(Interrupted(), corpus, questions, keep=checkpoint.keep)
    with checkpoint.path.open("a") as file:
        file.write('{"cut')  # the crash came in the middle of a line
    again = Checkpoint(tmp_path / "run.json", "key")
    seen: list[tuple[int, int | None, str]] = []
    later = Scripted(lambda text: asked.append(text) or perfect.reply(text))
    run = run_questions(
        later, corpus, questions, done=again.outcomes(), keep=again.keep, progress=lambda *now: seen.append(now)
    )
    assert asked == [q.question for q in questions.questions]
    assert [o.id for o in run.outcomes] == ["q1", "q2", "q3", "q4"]
    assert seen[-1] == (4, 4, "q4")
    assert again.outcomes() == run.outcomes
    assert Checkpoint(tmp_path / "run.json", "another key").outcomes() == ()


def test_an_outcome_survives_json(corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted) -> None:
    for outcome in run_questions(perfect, corpus, questions).outcomes:
        assert outcome_from_json(json.loads(json.dumps(outcome_json(outcome)))) == outcome


def test_gates_pass_and_fail(corpus: MemoryCorpus, questions: QuestionSet, perfect: Scripted) -> None:
    have = means(corpus, questions, perfect)
    passing = ["hit5=.9", "false_refusal=0.1", "hit1>=0.6", "facts<=1", "p95_ms=100000"]
    assert failures([parse_gate(text) for text in passing], have) == ()
    (only,) = failures([parse_gate("hit1=.9")], have)
    assert "hit1 is 0.6667, at least 0.9" in only


@pytest.mark.parametrize("text", ["hit5", "hit5=", "hit5=high", "speed=3", "hit5==1"])
def test_a_gate_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="--require"):
        parse_gate(text)
