"""How quick the page is in a real browser: ``python -m ui.page_speed --store DIR``.

Three figures: how long ``policyqa serve`` takes until it answers and until the page stands; how long a browser with an
empty cache takes until the page can be used; and how long a reader waits from Enter to the first text of the answer,
beside the bare ``POST /api/ask`` that the same page sends in turn, so that a busy machine slows both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final
from urllib.error import URLError
from urllib.request import urlopen

from ui.chromium import PATIENCE_MS, NoChromiumError, chromium, free_port, open_page

_TO_FIRST_TEXT: Final = """async (question) => {
  const live = document.getElementById("live");
  const before = live.querySelector(".turn")?.dataset.turn;
  const box = document.getElementById("question");
  box.value = question;
  const text = () => {
    const turn = live.querySelector(".turn");
    return turn && turn.dataset.turn !== before && turn.querySelector(".answer p:not(.searching)")?.textContent;
  };
  const seen = new Promise((done) => {
    new MutationObserver((_, observer) => {
      if (!text()) return;
      observer.disconnect();
      done(performance.now());
    }).observe(live, { childList: true, subtree: true });
  });
  const started = performance.now();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
  return (await seen) - started;
}"""
_BARE: Final = """async (question) => {
  const started = performance.now();
  const headers = { "Content-Type": "application/json" };
  await (await fetch("/api/ask", { method: "POST", headers, body: JSON.stringify({ question }) })).json();
  return performance.now() - started;
}"""


def measure(store: Path, question: str, rounds: int) -> dict[str, Any]:
    """The figures, in milliseconds but for the seconds of the start. Raises NoChromiumError, and RuntimeError where the
    store can't be served.
    """
    with chromium() as browser, _serving(store) as (address, start):
        opened = [_cold_open(browser, address) for _ in range(3)]
        context = browser.new_context(locale="zh-CN", viewport={"width": 1360, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        open_page(page, address)
        for _ in range(3):
            page.evaluate(_TO_FIRST_TEXT, question)
            page.evaluate(_BARE, question)
            page.wait_for_timeout(300)
        first, bare = [], []
        for _ in range(rounds):
            first.append(float(page.evaluate(_TO_FIRST_TEXT, question)))
            page.wait_for_timeout(200)
            bare.append(float(page.evaluate(_BARE, question)))
            page.click('.composer [data-do="new"]')
            page.wait_for_selector(".welcome")
            page.wait_for_timeout(200)
        context.close()
    return {
        **start,
        "interactive_cold_ms": round(statistics.median(opened)),
        "first_text_p50_ms": round(statistics.median(first)),
        "first_text_p95_ms": round(_p95(first)),
        "bare_ask_p50_ms": round(statistics.median(bare)),
        "ratio_p50": round(statistics.median(first) / statistics.median(bare), 2),
        "rounds": rounds,
    }


@contextmanager
def _serving(store: Path) -> Iterator[tuple[str, dict[str, float | None]]]:
    """``policyqa serve`` as a user starts it, with the seconds until it answered and until the page stood.

    The seconds that it computed until then say more than the clock where the machine has other work.
    """
    port = free_port()
    command = [sys.executable, "-m", "ui.cli", "serve", "--store", str(store), "--port", str(port)]
    with tempfile.TemporaryFile() as told:
        started = time.perf_counter()
        process = subprocess.Popen(command, stderr=told)  # noqa: S603  our own command
        address = f"http://127.0.0.1:{port}"
        figures: dict[str, float | None] = {}
        try:
            for name, path in (("serve_ready", "/api/health"), ("page_stands", "/")):
                _wait(f"{address}{path}", process, told)
                figures[f"{name}_s"] = round(time.perf_counter() - started, 2)
                figures[f"{name}_cpu_s"] = _cpu_s(process.pid)
            yield address, figures
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(address: str, process: subprocess.Popen[bytes], told: IO[bytes]) -> None:
    """Returns once ``address`` answers. Raises RuntimeError with what the service told where it ended before."""
    while process.poll() is None:
        try:
            urlopen(address).close()  # noqa: S310  an address of this machine
        except URLError:
            time.sleep(0.02)
        else:
            return
    told.seek(0)
    raise RuntimeError(
        f"policyqa serve ended with {process.returncode}: {told.read().decode(errors='replace').strip()}"
    )


def _cpu_s(pid: int) -> float | None:
    """Seconds that a process has computed, None where the system does not say it in ``/proc``."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return round((int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), 2)


def _cold_open(browser: Any, address: str) -> float:
    """Milliseconds until the page can be used in a browser that has never seen it."""
    context = browser.new_context(locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    started = time.perf_counter()
    open_page(page, address)
    took_ms = (time.perf_counter() - started) * 1000
    context.close()
    return took_ms


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def main(arguments: list[str] | None = None) -> int:
    """Prints the figures as JSON; 2 where something that is needed is missing."""
    parser = argparse.ArgumentParser(prog="python -m ui.page_speed", description=__doc__)
    parser.add_argument("--store", type=Path, required=True, help="the store to serve")
    parser.add_argument("--question", default="轻量化改造项目能补贴多少钱？", help="what is asked")
    parser.add_argument("--rounds", type=int, default=30, help="how often it is asked")
    given = parser.parse_args(arguments)
    try:
        figures = measure(given.store, given.question, given.rounds)
    except (NoChromiumError, RuntimeError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
