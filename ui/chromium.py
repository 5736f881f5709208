"""A headless Chromium on a store that is served for it: for pictures, timings and tests.

Needs playwright (the dev extra) and a Chromium; Noto CJK fonts make Chinese readable.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS: Final = 60_000


class NoChromiumError(Exception):
    """What is missing for a browser; the message says how to get it."""


def find_chromium() -> str | None:
    """A Chromium or Chrome on this machine, None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((found for found in map(shutil.which, names) if found), None)


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser while the context lasts. Raises NoChromiumError."""
    path = find_chromium()
    if path is None:
        raise NoChromiumError("No Chromium found: install Debian's chromium and fonts-noto-cjk.")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoChromiumError('playwright is missing: pip install "policyqa[dev]".') from error
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def free_port() -> int:
    """A port of this machine that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def open_page(page: Any, address: str) -> None:
    """Opens the page and waits until it can be used."""
    page.goto(address + "/")
    page.wait_for_selector("html[data-ready]")
    page.wait_for_selector(".welcome")


def ask(page: Any, question: str) -> None:
    """Asks as a reader does and waits until the reply stands."""
    page.fill("#question", question)
    page.press("#question", "Enter")
    page.wait_for_function(
        "asked => document.querySelector('#live .turn[data-kind]')?.dataset.question === asked", arg=question
    )


@contextmanager
def served(store: Path) -> Iterator[str]:
    """The address at which a store is served while the context lasts. Raises StoreError."""
    import uvicorn

    from qa.settings import load_settings
    from ui.server import create_app

    port = free_port()
    app = create_app(store, load_settings(store=store, port=port))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=15)
