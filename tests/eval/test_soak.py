"""Eight users for ten seconds on a real service: what is counted, and that nothing goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.benchmarks.soak import soak
from eval.benchmarks.soak_users import answer_of
from eval.question_set import bundled_set
from index.encoder import load_encoder

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_eight_users_get_the_quiet_run_s_answers_and_their_own_files() -> None:
    lines = bundled_set("samples").read_text(encoding="utf-8").splitlines()[:16]
    questions = [json.loads(line)["question"] for line in lines]
    figures = soak([ROOT / "samples"], questions, load_encoder(), users=8, minutes=1 / 6, pause_s=0.2)
    assert (figures["wrong"], figures["server_errors"], figures["client_errors"], figures["broken"]) == (0, 0, 0, 0), (
        figures["examples"]
    )
    assert (figures["wrong_afterwards"], figures["errors_logged"], figures["damaged_files"]) == (0, 0, 0)
    assert {"ask", "search", "upload"} <= figures["done"].keys()
    assert figures["requests"] >= sum(figures["done"].values()) > 8
    assert figures["memory"]["start_mb"] > 0


def test_an_answer_with_another_clause_or_another_word_is_another_answer() -> None:
    def reply(quote: str, clause: str) -> dict[str, object]:
        return {
            "kind": "answer",
            "answer": "三元。[1]",
            "citations": [{"clause_id": clause, "quote": quote, "path": ["第一条"]}],
            "timings_ms": {"total": 1.0},
        }

    assert answer_of(reply("三元。", "a")) == answer_of({**reply("三元。", "a"), "timings_ms": {"total": 9.0}})
    assert answer_of(reply("三元。", "a")) != answer_of(reply("三元。", "b"))
    assert answer_of(reply("三元。", "a")) != answer_of(reply("四元。", "a"))
