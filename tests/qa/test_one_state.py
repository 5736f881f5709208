"""An answer is of one state of the library, whatever is committed while it is being worked out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qa.assistant
from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.reply import Reply

OLD = """云湖市泊位补贴办法

第一条 申请泊位补贴应当同时符合下列条件:
(一)泊位在本市城区;
(二)泊位对外开放满三年;
(三)泊位费用按时缴清。
第二条 泊位补贴每个每年三百元,由市交通局发放。
第三条 违反本办法第二条规定冒领的,处三千元罚款。
"""
NEW = OLD.replace("满三年", "满九年").replace("三百元", "九百元").replace("三千元", "九千元").replace("城区", "郊区")
QUESTIONS = ("申请泊位补贴要符合哪些条件?", "泊位补贴一年多少钱?", "冒领泊位补贴怎么罚?", "泊位补贴办法第一条")
STEPS = ("gather", "rank", "make_plan", "sure_of", "find_doubt", "compose")


def put(store: Store, text: str) -> None:
    store.ingest(parse_bytes("泊位.txt", text.encode()), text.encode())


def told(reply: Reply) -> object:
    cited = [(one.clause, one.document, one.quote) for one in reply.citations]
    return reply.text, cited, [hit.clause for hit in reply.retrieved]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.open(tmp_path / "store", load_encoder(), create=True)
    put(made, OLD)
    return made


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("step", STEPS)
def test_a_commit_between_two_steps_of_an_answer_shows_in_the_next_one(
    step: str, question: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(Assistant(store).ask(question))
    assistant = Assistant(store)
    work: Callable[..., Any] = getattr(qa.assistant, step)

    def commit_first(*given: Any) -> Any:
        monkeypatch.setattr(qa.assistant, step, work)
        with Store.open(store.folder, store.encoder) as writer:
            put(writer, NEW)
        return work(*given)

    monkeypatch.setattr(qa.assistant, step, commit_first)
    assert told(assistant.ask(question)) == before
    after = told(Assistant(store).ask(question))
    assert after != before
    assert told(assistant.ask(question)) == after


def test_what_a_late_answer_reads_is_not_kept_for_the_next_state(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assistant = Assistant(store)
    work = qa.assistant.gather

    def commit_and_ask(*given: Any) -> Any:
        monkeypatch.setattr(qa.assistant, "gather", work)
        put(store, NEW)
        assistant.ask(QUESTIONS[1])
        return work(*given)

    monkeypatch.setattr(qa.assistant, "gather", commit_and_ask)
    assert "三百元" in assistant.ask(QUESTIONS[1]).text
    for question in QUESTIONS:
        assert told(assistant.ask(question)) == told(Assistant(store).ask(question))
