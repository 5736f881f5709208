"""The bundled reranker tells what answers from what is about the same thing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.encoder import EncoderError
from index.reranker import Reranker, put_together

FINE = "云溪市养犬条例 第二十条\n遛狗不牵绳的,由城市管理部门责令改正,处二百元罚款。"
DUTY = "云溪市养犬条例 第九条\n携犬出户应当使用犬绳,避让老年人和儿童。"
OFFICE = "云溪市养犬条例 第三条\n城市管理部门负责养犬的登记和监督管理。"


@pytest.fixture(scope="module")
def reranker() -> Reranker:
    return Reranker()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("遛狗没拴绳子罚多少钱", FINE),
        ("养狗归哪个部门管", OFFICE),
        ("What is the fine for walking a dog without a leash?", FINE),
    ],
)
def test_what_answers_scores_above_what_is_about_the_same(reranker: Reranker, question: str, answer: str) -> None:
    passages = [DUTY, OFFICE, FINE]
    assert passages[int(reranker.scores(question, passages).argmax())] == answer


def test_score_of_a_passage_does_not_depend_on_the_others(reranker: Reranker) -> None:
    together = reranker.scores("遛狗没拴绳子罚多少钱", [DUTY, FINE])
    alone = [reranker.scores("遛狗没拴绳子罚多少钱", [text])[0] for text in (DUTY, FINE)]
    np.testing.assert_array_equal(together, alone)


def test_traditional_characters_score_like_simplified_ones(reranker: Reranker) -> None:
    simplified = reranker.scores("养犬登记归谁管", ["城市管理部门负责登记。"])
    np.testing.assert_array_equal(reranker.scores("養犬登記歸誰管", ["城市管理部門負責登記。"]), simplified)


def test_texts_of_any_length_have_a_score(reranker: Reranker) -> None:
    found = reranker.scores("罚款" * 500, ["", "处罚。" * 2000, FINE])
    assert np.isfinite(found).all()
    assert np.isfinite(reranker.scores("", [FINE, ""])).all()
    assert reranker.scores("罚多少", []).shape == (0,)


def test_questions_of_many_threads_get_the_scores_of_one(reranker: Reranker) -> None:
    expected = reranker.scores("罚多少", [FINE, OFFICE])
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: reranker.scores("罚多少", [FINE, OFFICE]), range(8)):
            np.testing.assert_array_equal(found, expected)


def test_texts_are_put_together_as_in_training_each_mark_once(reranker: Reranker) -> None:
    tokenizer, session = reranker._ready()
    texts = ("遛狗没拴绳子罚多少钱", FINE)
    question, passage = (tokenizer.encode(text, add_special_tokens=False).ids for text in texts)
    ids, parts = put_together(question, passage, 128)
    assert ids.count(0) == 1
    assert ids.count(2) == 3
    (found,) = session.run(None, {"ids": np.asarray([ids]), "parts": np.asarray([parts])})
    assert reranker.scores(texts[0], [FINE])[0] == pytest.approx(float(found[0]), abs=1e-4)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"tokenizer\.json.*install the package again"):
        Reranker(tmp_path).scores("罚多少", [FINE])
