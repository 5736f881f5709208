"""Answers written by a language model over a real HTTP server: borne out or removed, whatever the server does."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from openai_server import ScriptedServer, handles_in, serving
from pydantic import SecretStr

from index.store import Store
from qa.assistant import Assistant
from qa.reply import MARKER, Answer
from qa.settings import Settings

Ask = Callable[..., Answer]
QUESTION = "买一级能效的空调补多少钱?"


def ask(
    store: Store, server: ScriptedServer, question: str = QUESTION, timeout_s: float = 5.0, **more: object
) -> Answer:
    settings = Settings(
        language_model="test-model",
        language_model_url=server.url,  # type: ignore[arg-type]
        language_model_key=SecretStr("secret"),
        language_model_timeout_s=timeout_s,
    )
    reply = Assistant(store, settings).ask(question, **more)  # type: ignore[arg-type]
    assert isinstance(reply, Answer)
    return reply


def test_sentence_that_its_clause_bears_out_is_kept_with_a_marker(store: Store) -> None:
    with serving(lambda r: f"购买一级能效产品的,每台补贴三百元。[{handles_in(r)[0]}]") as server:
        reply = ask(store, server)
    assert reply.text.startswith("购买一级能效产品的,每台补贴三百元。[1]")
    assert reply.citations[0].clause.label == "第四条"
    assert not any("删去" in notice for notice in reply.notices)


def test_number_written_otherwise_is_the_same_number(store: Store) -> None:
    with serving(lambda r: f"每台补贴300元。[{handles_in(r)[0]}]") as server:
        assert "300元" in ask(store, server).text


@pytest.mark.parametrize(
    "sentence",
    [
        "购买一级能效产品的,每台补贴五百元。[{h}]",
        "购买一级能效产品的,每台补贴三百元,2035年12月31日截止。[{h}]",
        "按照《云湖市消费促进条例》,每台补贴三百元。[{h}]",
        "每台补贴三百元,由工业和信息化部发放。[{h}]",
        "购买一级能效产品的,每台补贴三百元。",
        "购买一级能效产品的,每台补贴三百元。[ZZZZ]",
        "购买一级能效产品的不得补贴。[{h}]",
        "月球的引力约为地球的若干分之几。[{h}]",
    ],
)
def test_sentence_that_its_clause_does_not_bear_out_is_removed_and_shown(store: Store, sentence: str) -> None:
    def script(request: dict[str, object]) -> str:
        h = handles_in(request)[0]
        return f"个人交回旧家电并购买一级能效产品的,每台补贴三百元。[{h}]" + sentence.format(h=h)

    with serving(script) as server:
        reply = ask(store, server)
    bad = re.sub(r"\[.*?\]", "", sentence)
    assert bad not in reply.text.removeprefix("个人交回旧家电并购买一级能效产品的,每台补贴三百元。[1]")
    assert any("已删去1句" in notice for notice in reply.notices)


def test_answer_with_nothing_borne_out_falls_back_to_quotation(store: Store) -> None:
    with serving(lambda _: "补贴一千元。") as server:
        reply = ask(store, server)
    assert "每台补贴三百元" in reply.text
    assert any("逐字摘录" in notice for notice in reply.notices)


@pytest.mark.parametrize("fault", ["error", "garbage", "html", "cut"])
def test_misbehaving_server_leaves_the_composed_answer(store: Store, fault: str) -> None:
    with serving(lambda _: ["每台", "补贴"], fault) as server:
        reply = ask(store, server)
    assert "每台补贴三百元" in reply.text
    assert any("语言模型" in notice for notice in reply.notices)


def test_silent_server_is_given_up_at_the_timeout(store: Store) -> None:
    with serving(lambda _: "", "hang") as server:
        started = time.monotonic()
        reply = ask(store, server, timeout_s=0.5)
        assert time.monotonic() - started < 15
    assert "每台补贴三百元" in reply.text


def test_unreachable_server_leaves_the_composed_answer(store: Store) -> None:
    with serving(lambda _: "") as server:
        pass
    assert "每台补贴三百元" in ask(store, server).text


def test_endless_answer_is_cut_off(store: Store) -> None:
    def script(request: dict[str, object]) -> list[str]:
        return [f"每台补贴三百元。[{handles_in(request)[0]}]", *("啊" * 500 for _ in range(400))]

    with serving(script) as server:
        assert len(ask(store, server).text) < 1000


def test_verified_sentences_come_before_the_reply(store: Store) -> None:
    def script(request: dict[str, object]) -> list[str]:
        h = handles_in(request)[0]
        return [f"每台补贴三百元。[{h}]", "补贴九百元。", f"二级能效产品每台补贴一百五十元。[{h}]"]

    with serving(script) as server:
        settings = Settings(language_model="m", language_model_url=server.url, language_model_timeout_s=5)  # type: ignore[arg-type]
        *pieces, reply = Assistant(store, settings).stream(QUESTION)
    assert pieces == ["每台补贴三百元。[1]\n", "二级能效产品每台补贴一百五十元。[1]\n"]
    assert isinstance(reply, Answer)
    assert "".join(pieces).strip() == reply.text


def test_handles_are_never_shown_and_never_repeat(store: Store) -> None:
    seen: list[list[str]] = []

    def script(request: dict[str, object]) -> str:
        seen.append(handles_in(request))
        return f"每台补贴三百元。[{handles_in(request)[0]}]"

    with serving(script) as server:
        replies = [ask(store, server) for _ in range(3)]
    assert len({handle for handles in seen for handle in handles}) > len(seen[0])
    for reply in replies:
        assert set(re.findall(r"\[[^\]]*\]", reply.text)) == {m.group() for m in MARKER.finditer(reply.text)}


def test_follow_up_is_rewritten_by_the_model(store: Store) -> None:
    def script(request: dict[str, object]) -> str:
        if handles := handles_in(request):
            return f"购买二级能效产品的,每台补贴一百五十元。[{handles[0]}]"
        return "购买二级能效产品的每台补贴多少?"

    with serving(script) as server:
        reply = ask(store, server, "那二级的呢?", history=("购买一级能效产品的每台补贴多少?",))
    assert reply.standalone_question == "购买二级能效产品的每台补贴多少?"
    assert reply.question == "那二级的呢?"


def test_rewrite_that_adds_a_figure_is_not_used(store: Store) -> None:
    def script(request: dict[str, object]) -> str:
        if handles := handles_in(request):
            return f"购买二级能效产品的,每台补贴一百五十元。[{handles[0]}]"
        return "2029年补贴九千元的二级能效产品是什么?"

    with serving(script) as server:
        reply = ask(store, server, "那二级的呢?", history=("购买一级能效产品的每台补贴多少?",))
    assert "九千" not in reply.standalone_question


@pytest.fixture(scope="module", autouse=True)
def no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY", "all_proxy"):
            patch.delenv(name, raising=False)
        yield
