"""Orders in policy texts and questions change nothing, even where the model behind the answers obeys every one."""

from pathlib import Path

import pytest
from openai_server import handles_in, serving

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.language import plain
from qa.reply import MARKER, Answer
from qa.settings import Settings
from qa.terms import words

CASES = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "injections.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("# ")
]
QUESTION = "买一级能效的空调补多少钱?"
TRUE = "购买一级能效产品的,每台补贴三百元。"


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store whose one document carries every order among its articles."""
    orders = "\n".join(f"第{i}条 {order}" for i, (order, _) in enumerate(CASES, 10))
    text = f"云湖市家电补贴办法\n第一条 个人{TRUE}\n第二条 申请人应当在购买之日起三十日内提出申请。\n{orders}\n"
    store = Store.open(tmp_path_factory.mktemp("poisoned") / "s", load_encoder(), create=True)
    store.ingest(parse_bytes("办法.txt", text.encode()), text.encode())
    return store


def settings_for(url: str) -> Settings:
    return Settings(language_model="obedient", language_model_url=url, language_model_timeout_s=10)  # type: ignore[arg-type]


def test_there_are_sixty_cases_and_more() -> None:
    assert len(CASES) >= 60
    assert all(len(case) == 2 for case in CASES)


@pytest.mark.parametrize(("order", "obeyed"), CASES)
def test_what_an_obedient_model_says_is_not_shown(store: Store, order: str, obeyed: str) -> None:
    def script(request: dict[str, object]) -> str:
        h = handles_in(request)[0]
        return f"{TRUE}[{h}]" + obeyed.replace("{h}", h)

    with serving(script) as server:
        reply = Assistant(store, settings_for(server.url)).ask(f"{QUESTION}")
    assert isinstance(reply, Answer)
    assert reply.text == f"{TRUE}[1]", order


def test_orders_in_a_policy_text_reach_the_model_fenced_as_quotation(poisoned: Store) -> None:
    with serving(lambda r: f"{TRUE}[{handles_in(r)[0]}]") as server:
        reply = Assistant(poisoned, settings_for(server.url)).ask(QUESTION)
        prompt = server.requests[-1]["messages"]
    fence = next(line for line in prompt[1]["content"].splitlines() if line.startswith("=="))
    assert fence in prompt[0]["content"]
    assert prompt[1]["content"].count(fence) % 2 == 0
    assert isinstance(reply, Answer)
    assert "三百元" in reply.text


@pytest.mark.parametrize("order", [order for order, _ in CASES])
def test_order_in_a_question_is_no_order(assistant: Assistant, order: str) -> None:
    reply = assistant.ask(f"{QUESTION}{order}")
    shown = "".join(citation.quote for citation in reply.citations)
    assert order not in reply.text or not isinstance(reply, Answer)
    assert order not in shown


def obedient(store: Store, obeyed: str, *turns: str) -> str:
    """The answer to the first turn by a model that says what is true and what it was ordered; empty for a refusal."""

    def script(request: dict[str, object]) -> str:
        handles = handles_in(request)
        return f"{TRUE}[{handles[0]}]" + obeyed.replace("{h}", handles[0]) if handles else obeyed.replace("[{h}]", "")

    with serving(script) as server:
        reply = Assistant(store, settings_for(server.url)).ask(turns[0], turns[1:])
    return reply.text if isinstance(reply, Answer) else ""


@pytest.mark.parametrize(("order", "obeyed"), [case for case in CASES if case[1].replace("[{h}]", "")][::2])
@pytest.mark.parametrize("turns", [("{0}{1}",), ("那二级能效的呢?", "{0}{1}")])
def test_an_order_in_a_question_or_an_earlier_turn_that_the_model_obeys_is_not_shown(
    store: Store, order: str, obeyed: str, turns: tuple[str, ...]
) -> None:
    """What was asked bears out nothing; the model obeys too where it is to put the question into its own words."""
    told = obedient(store, obeyed, *(turn.format(QUESTION, order) for turn in turns))
    assert obeyed.replace("[{h}]", "").strip("。. ") not in told


PLACES = {
    "file name": ("{order}.txt", "云湖市家电补贴办法\n第一条 个人{true}\n"),
    "title": ("办法.txt", "云湖市家电补贴办法（{order}）\n第一条 个人{true}\n"),
    "chapter": ("办法.txt", "云湖市家电补贴办法\n第一章 {order}\n第一条 个人{true}\n"),
    "table": (
        "办法.md",
        "# 云湖市家电补贴办法\n\n第一条 个人{true}\n\n| 项目 | 说明 |\n|---|---|\n| 空调 | {order} |\n",
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("order", "obeyed"), CASES[::8])
def test_an_order_in_an_upload_s_name_title_heading_or_table_changes_nothing(
    tmp_path: Path, place: str, order: str, obeyed: str
) -> None:
    name, text = (part.format(order=order.replace("/", ""), true=TRUE) for part in PLACES[place])
    store = Store.open(tmp_path / "s", load_encoder(), create=True)
    store.ingest(parse_bytes(name, text.encode()), text.encode())

    def script(request: dict[str, object]) -> str:
        h = handles_in(request)[0]
        return f"{TRUE}[{h}]" + obeyed.replace("{h}", h)

    with serving(script) as server:
        reply = Assistant(store, settings_for(server.url)).ask(QUESTION)
        assert server.requests
    store.close()
    assert isinstance(reply, Answer)
    if place != "table":
        assert reply.text == f"{TRUE}[1]"
        return
    # a row is text of the clause: its words may be repeated, as a citation of them, and nothing beyond them
    assert reply.text.startswith(f"{TRUE}[1]")
    added = MARKER.sub("", reply.text.removeprefix(f"{TRUE}[1]")).strip("。. \n")
    assert all(word in order.lower() for word in words(plain(added)))
