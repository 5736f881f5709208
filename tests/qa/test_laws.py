"""What laws ask of an answer: time limits, rates, a penalty's own words, names that differ by their place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.intent import Want, read_intent
from qa.reply import Answer, Refusal

LAW = """浙江省渡口管理条例

第一章 总则
第一条 为了保障渡口安全,制定本条例。

第二章 经营
第二条 经营渡口应当在开业后三十日内向主管部门备案。
第三条 渡口经营者按票款收入的百分之三缴纳安全费用。
第四条 渡船不得在大雾天气载客过渡。

第三章 法律责任
第五条 有下列行为之一的,由主管部门责令改正,处二千元以上一万元以下罚款:
(一)违反本条例第二条规定,逾期未备案的;
(二)违反本条例第四条规定,在大雾天气载客过渡的。
"""


@pytest.fixture(scope="module")
def laws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder: Path = tmp_path_factory.mktemp("laws")
    with Store.open(folder, load_encoder(), create=True) as store:
        raw = LAW.encode()
        store.ingest(parse_bytes("渡口.txt", raw), raw)
        yield Assistant(store)


def answer(laws: Assistant, question: str) -> Answer:
    reply = laws.ask(question)
    assert isinstance(reply, Answer), reply.text
    return reply


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("经营渡口最迟什么时候备案?", "三十日内"),
        ("渡口经营者交多少安全费用?", "百分之三"),
        ("2030年渡口经营者按百分之几交安全费用?", "百分之三"),
    ],
)
def test_limits_and_rates_of_a_law_answer_when_and_how_much_in_every_year(
    laws: Assistant, question: str, said: str
) -> None:
    assert said in answer(laws, question).text


def test_an_item_that_is_punished_comes_with_the_words_that_say_how(laws: Assistant) -> None:
    text = answer(laws, "违反渡口管理条例第四条会怎么处罚?").text
    assert "二千元以上一万元以下罚款" in text
    assert "第四条规定,在大雾天气载客过渡的" in text


@pytest.mark.parametrize("place", ["浙江省", "云溪市"])
@pytest.mark.parametrize("question", ["江苏省渡口管理条例要求多久备案?", "江苏省渡口管理条例什么时候施行?"])
def test_an_ordinance_of_another_place_is_not_taken_for_the_one_here(place: str, question: str, tmp_path: Path) -> None:
    raw = f"{LAW}第六条 本条例自2031年5月1日起施行。\n".replace("浙江省", place).encode()
    with Store.open(tmp_path, load_encoder(), create=True) as store:
        store.ingest(parse_bytes("渡口.txt", raw), raw)
        reply = Assistant(store).ask(question)
    assert isinstance(reply, Refusal), reply.text
    assert reply.reason in ("unknown_document", "other_region")


def test_a_question_after_rules_of_a_province_names_no_document(laws: Assistant) -> None:
    reply = laws.ask("浙江省有哪些渡口管理条例?")
    assert not (isinstance(reply, Refusal) and reply.reason == "unknown_document")


def test_when_inside_an_english_sentence_asks_for_no_date() -> None:
    assert Want.DATE not in read_intent("What must operators do when fog comes up?").wants
    assert Want.DATE in read_intent("When must operators report?").wants
