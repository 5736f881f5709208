"""Answers from several processes over one store are those of one, and follow the store as it changes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from index.encoder import load_encoder
from index.store import Store
from ingest.pipeline import parse_bytes
from qa.assistant import Assistant
from qa.pool import PooledAssistant
from qa.reply import Answer, Reply
from qa.settings import Settings

RULES = "云湖市泊位管理办法\n第一条 泊位收费每小时{price}元。\n第二条 违规停放的,处五十元罚款。\n"
QUESTIONS = ("泊位怎么收费", "违规停放罚多少钱", "火星上有多少只企鹅")


def open_store(settings: Settings) -> Store:
    return Store.open(settings.store, load_encoder())


@pytest.fixture
def pooled(tmp_path: Path) -> Iterator[tuple[PooledAssistant, Store]]:
    settings = Settings(store=tmp_path / "store")
    with Store.open(settings.store, load_encoder(), create=True) as store:
        put(store, price="六")
        pool = PooledAssistant(store, settings, 2, open_store)
        yield pool, store
        pool.close()


def put(store: Store, price: str) -> None:
    raw = RULES.format(price=price).encode()
    store.ingest(parse_bytes("a.txt", raw), raw)


def said(reply: Reply) -> tuple[str, tuple[str, ...]]:
    return reply.text, tuple(c.clause.clause_id for c in reply.citations) if isinstance(reply, Answer) else ()


@pytest.mark.timeout(120)
def test_processes_answer_as_one_follow_the_store_and_survive_one_that_dies(
    pooled: tuple[PooledAssistant, Store],
) -> None:
    pool, store = pooled
    pool.warm_up()
    alone = Assistant(store)
    with ThreadPoolExecutor(8) as users:
        replies = list(users.map(pool.ask, QUESTIONS * 4))
    assert [said(reply) for reply in replies] == [said(alone.ask(question)) for question in QUESTIONS * 4]
    put(store, price="九")
    assert "九元" in pool.ask(QUESTIONS[0]).text
    for process in list(pool._executor._processes.values()):
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
    assert "九元" in pool.ask(QUESTIONS[0]).text


class VanishingStore(Store):
    """Like servers it has no moment: a document is taken out the first time that its text is read, as others might."""

    vanishes: str | None = None

    @contextmanager
    def moment(self) -> Iterator[VanishingStore]:  # type: ignore[override]
        yield self

    def source(self, name: str):  # type: ignore[no-untyped-def]
        if name == self.vanishes:
            self.vanishes = None
            self.remove(name)
        return super().source(name)


def test_document_that_goes_while_a_question_is_answered_is_as_if_it_had_gone_before(tmp_path: Path) -> None:
    with VanishingStore.open(tmp_path / "store", load_encoder(), create=True) as store:
        assert isinstance(store, VanishingStore)
        for name, price in (("a.txt", "六"), ("b.txt", "八")):
            raw = RULES.format(price=price).replace("云湖市", "云湖市" + name).encode()
            store.ingest(parse_bytes(name, raw), raw)
        store.vanishes = "a.txt"
        reply = Assistant(store).ask(QUESTIONS[0])
    assert isinstance(reply, Answer)
    assert {citation.document.source for citation in reply.citations} == {"b.txt"}
