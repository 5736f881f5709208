"""The users of a soak: what each does, how its replies are judged, and what all of them count."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from eval.benchmarks.timing import Latency

if TYPE_CHECKING:
    import httpx

    from eval.benchmarks.served import Served

_LONGEST_RETRY_S = 5.0
_DEEDS = ("ask", "search", "change")
_SHARES = (0.6, 0.25, 0.15)
_SIGNS = "甲乙丙丁戊己庚辛壬癸"
Differing = tuple[str, tuple[object, ...]]
"""A question and the answer to it, as `answer_of` tells it, that was not the quiet run's."""


def answer_of(reply: Mapping[str, Any]) -> tuple[object, ...]:
    """What of a reply must not change: its kind, its words, and the words and places of its sources."""
    cited = tuple((one["clause_id"], one["quote"], tuple(one["path"])) for one in reply.get("citations", ()))
    return reply.get("kind"), reply.get("answer"), cited


def note(number: int, word: str) -> str:
    """What the file of user ``number`` says: two articles on nothing that anybody asks about."""
    return f"代号{number}内部便笺\n\n第一条 便笺编码{word}。\n\n第二条 便笺由编码人自存。\n"


def collection(client: httpx.Client) -> set[str]:
    """The names of the files that the library holds."""
    return {document["source"] for document in client.get("/api/documents").json()["documents"]}


class Words:
    """Words that stand in no other text, one for each version of each user's file."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(f"{seed}-words")
        self._lock = threading.Lock()
        self._given: set[str] = set()

    def fresh(self) -> str:
        """A word that was not given before."""
        with self._lock:
            while True:
                word = "".join(self._dice.choices(_SIGNS, k=7))
                if word not in self._given:
                    self._given.add(word)
                    return word


class Tally:
    """What all users counted together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._times_ms: dict[str, list[float]] = {}
        self._examples: list[str] = []
        self.differing: list[Differing] = []

    def note(self, what: str, example: str = "") -> None:
        """Counts one more of ``what``; the first few examples are kept."""
        with self._lock:
            self._counts[what] += 1
            if example and len(self._examples) < 10:
                self._examples.append(f"{what}: {example}"[:500])

    def differs(self, question: str, answer: tuple[object, ...]) -> None:
        """Keeps an answer that is not the quiet run's, to be looked into afterwards."""
        with self._lock:
            self.differing.append((question, answer))

    def wrong(self, answers: Iterable[Differing]) -> None:
        """Counts answers that nothing explains."""
        for question, answer in answers:
            self.note("wrong", f"{question} → {answer}")

    def time(self, deed: str, milliseconds: float) -> None:
        """Keeps how long one request took."""
        with self._lock:
            self._times_ms.setdefault(deed, []).append(milliseconds)

    def figures(self) -> dict[str, Any]:
        """Every count, milliseconds by deed, and examples of what went wrong."""
        counts = self._counts
        done = {deed: len(times) for deed, times in sorted(self._times_ms.items())}
        return {
            "requests": sum(done.values()) + counts["busy"],
            "done": done,
            **{name: counts[name] for name in ("wrong", "server_errors", "client_errors", "broken", "busy")},
            "p50_ms": {deed: round(Latency.of(times).p50_ms) for deed, times in sorted(self._times_ms.items())},
            "p95_ms": {deed: round(Latency.of(times).p95_ms) for deed, times in sorted(self._times_ms.items())},
            "examples": self._examples,
        }


class User:
    """One user with one file of its own, at work until told to end."""

    def __init__(
        self,
        number: int,
        served: Served,
        quiet: Mapping[str, tuple[object, ...]],
        tally: Tally,
        dice: random.Random,
        words: Words,
    ) -> None:
        self.file_name = f"soak-{number}.txt"
        self._number = number
        self._served = served
        self._quiet = quiet
        self._questions = list(quiet)
        self._tally = tally
        self._dice = dice
        self._words = words
        self._word = ""
        """What the file now in the library says; empty where there is none."""

    def work(self, end: float, pause_s: float) -> None:
        """Does one thing after the other until ``time.monotonic()`` reaches ``end``."""
        with self._served.client() as client:
            time.sleep(self._dice.random() * pause_s)
            while time.monotonic() < end:
                (deed,) = self._dice.choices(_DEEDS, _SHARES)
                {"ask": self._ask, "search": self._search, "change": self._change}[deed](client)
                time.sleep(self._dice.expovariate(1 / pause_s) if pause_s else 0)

    def put_away(self, client: httpx.Client) -> None:
        """Takes the file out, so that the library is again what it was."""
        if self._word:
            self._send(client, "remove", "DELETE", f"/api/documents/{self.file_name}")

    def _ask(self, client: httpx.Client) -> None:
        question = self._dice.choice(self._questions)
        reply = self._send(client, "ask", "POST", "/api/ask", json={"question": question})
        if reply is not None and answer_of(reply) != self._quiet[question]:
            self._tally.differs(question, answer_of(reply))

    def _search(self, client: httpx.Client) -> None:
        question = self._dice.choice(self._questions)
        found = self._send(client, "search", "GET", "/api/search", params={"q": question, "k": 5})
        if found is not None and not found["hits"]:
            self._tally.note("wrong", f"nothing found for {question}")

    def _change(self, client: httpx.Client) -> None:
        """Puts the file in or in place of its last version, or takes it out, then looks for it."""
        before = self._word
        if before and self._dice.random() < 0.5:
            if self._send(client, "remove", "DELETE", f"/api/documents/{self.file_name}") is None:
                return
            self._word = ""
        else:
            word = self._words.fresh()
            upload = {"files": (self.file_name, note(self._number, word).encode(), "text/plain")}
            if self._send(client, "upload", "POST", "/api/documents", files=upload) is None:
                return
            self._word = word
        self._look_for(client, before)

    def _look_for(self, client: httpx.Client, before: str) -> None:
        found = self._send(client, "search", "GET", "/api/search", params={"q": self._word or before, "k": 20})
        if found is None:
            return
        texts = [hit["text"] for hit in found["hits"] if hit["source"] == self.file_name]
        new = sum(self._word in text for text in texts) if self._word else 0
        old = sum(before in text for text in texts) if before else 0
        if old or (not self._word and texts) or (self._word and new != 1):
            self._tally.note("wrong", f"{self.file_name}: {new} clauses of the new text, {old} of the old: {texts}")

    def _send(self, client: httpx.Client, deed: str, method: str, path: str, **what: Any) -> dict[str, Any] | None:
        """The reply's JSON; None, and counted, where there was none. Waits as long as a busy service asks for."""
        import httpx

        while True:
            started = time.perf_counter()
            try:
                reply = client.request(method, path, **what)
            except httpx.TransportError as error:
                self._tally.note("broken", f"{method} {path}: {error!r}")
                return None
            if reply.status_code == httpx.codes.SERVICE_UNAVAILABLE and "retry-after" in reply.headers:
                self._tally.note("busy")
                time.sleep(min(_LONGEST_RETRY_S, float(reply.headers["retry-after"])))
                continue
            self._tally.time(deed, (time.perf_counter() - started) * 1000)
            if reply.is_success:
                found: dict[str, Any] = reply.json()
                return found
            self._tally.note("server_errors" if reply.is_server_error else "client_errors", f"{path}: {reply.text}")
            return None
