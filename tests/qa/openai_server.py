"""A real HTTP server on loopback that speaks OpenAI's chat protocol and says, or does, what a test scripts."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[dict[str, Any]], "str | list[str]"]


def handles_in(request: dict[str, Any]) -> list[str]:
    """The citation handles that the request offers, in order."""
    text = request["messages"][-1]["content"]
    return re.findall(r"^\[([A-Z0-9]{4})\]", text, re.MULTILINE)


class ScriptedServer:
    """``script`` turns a request into the answer's text (or its pieces, streamed). ``fault`` misbehaves instead.

    Faults: ``error`` (HTTP 500), ``garbage`` (no JSON), ``hang`` (silence), ``cut`` (half-way), ``html`` (a page).
    """

    def __init__(self, script: Script, fault: str = "") -> None:
        self.script = script
        self.fault = fault
        self.requests: list[dict[str, Any]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                request = json.loads(self.rfile.read(length))
                server.requests.append(request)
                server.answer(self, request)

            def log_message(self, *args: object) -> None:
                del args

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.released = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http.server_port}/v1"

    def answer(self, to: BaseHTTPRequestHandler, request: dict[str, Any]) -> None:
        if self.fault == "hang":
            self.released.wait(20)
            return
        if self.fault in ("error", "garbage", "html"):
            body = {"error": b'{"error": {"message": "boom"}}', "garbage": b"not json", "html": b"<html>login</html>"}
            to.send_response(500 if self.fault == "error" else 200)
            to.send_header("Content-Type", "text/html" if self.fault == "html" else "application/json")
            to.end_headers()
            to.wfile.write(body[self.fault])
            return
        said = self.script(request)
        pieces = [said] if isinstance(said, str) else said
        to.send_response(200)
        to.send_header("Content-Type", "text/event-stream")
        to.end_headers()
        for i, piece in enumerate(pieces):
            if self.fault == "cut" and i == len(pieces) // 2:
                return
            chunk = {
                "id": "c",
                "object": "chat.completion.chunk",
                "created": int(time.time()),
                "model": request["model"],
                "choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}],
            }
            to.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            to.wfile.flush()
        to.wfile.write(b"data: [DONE]\n\n")


@contextmanager
def serving(script: Script, fault: str = "") -> Iterator[ScriptedServer]:
    """The server, running until the block ends."""
    server = ScriptedServer(script, fault)
    thread = threading.Thread(target=server.http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.http.shutdown()
        server.http.server_close()
        thread.join(5)
