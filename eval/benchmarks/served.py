"""``policyqa serve`` in a process of its own on a free port of this machine, for measuring it from outside."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from eval.errors import EvaluationError

if TYPE_CHECKING:
    import httpx

_LONGEST_START_S = 180.0
_LONGEST_REPLY_S = 120.0
_UNLIMITED = {f"POLICYQA_{what}_PER_MINUTE": "0" for what in ("ASK", "SEARCH", "UPLOAD")}
"""All users come from one address here, and the rate that one address is allowed is not what is measured."""


class Served:
    """The service on the store in ``folder`` while the context lasts; what it says goes to ``log``."""

    def __init__(self, folder: Path, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = int(probe.getsockname()[1])
        self._log = log
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "ui.cli", "serve", "--port", str(self._port), "--store", str(self._folder)]
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **_UNLIMITED})  # noqa: S603  our own module
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def client(self) -> httpx.Client:
        """A client of the service's API."""
        import httpx

        # Shorter than the server keeps a connection, else a request may go out just as it is closed.
        limits = httpx.Limits(keepalive_expiry=2.0)
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self._port}", timeout=_LONGEST_REPLY_S, limits=limits, trust_env=False
        )

    @property
    def resident_mb(self) -> float:
        """Megabytes that the serving process holds; 0 where the system doesn't say."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status")
        found = re.search(r"(?m)^VmRSS:\s+(\d+)", status.read_text(encoding="ascii")) if status.exists() else None
        return int(found[1]) / 1024 if found else 0.0

    def errors_logged(self) -> int:
        """Tracebacks and lines of level ERROR in what the service has said so far."""
        said = self._log.read_text(encoding="utf-8", errors="replace")
        return len(re.findall(r"(?m)^Traceback \(most recent|\bERROR\b", said))

    def _wait(self) -> None:
        """Until the page stands, which is when everything is loaded that requests share."""
        import httpx

        assert self._process is not None
        deadline = time.monotonic() + _LONGEST_START_S
        with self.client() as client:
            while time.monotonic() < deadline:
                if self._process.poll() is not None:
                    break
                try:
                    if client.get("/config").status_code == httpx.codes.OK:
                        return
                except httpx.TransportError:
                    pass
                time.sleep(0.2)
        said = self._log.read_text(encoding="utf-8", errors="replace")[-500:]
        raise EvaluationError(f"policyqa serve did not start within {_LONGEST_START_S:.0f} s: {said}")

    def _stop(self) -> None:
        assert self._process is not None
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
