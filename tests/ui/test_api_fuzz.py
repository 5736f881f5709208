"""Requests made up from the API's own description: whatever is sent, the answer is one that the description names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

from tests.ui.conftest import GUIDE, make_workspace
from ui.server import api_of

schemathesis = pytest.importorskip("schemathesis", reason="pip install policyqa[fuzz]")

from schemathesis.checks import not_a_server_error  # noqa: E402  only where it is installed
from schemathesis.specs.openapi import checks  # noqa: E402

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = int(os.environ.get("POLICYQA_FUZZ_EXAMPLES", "12"))
"""Requests for each operation and way of making them up; `make fuzz` sends more."""
HERE = {"host": "127.0.0.1"}
UNLIMITED = {"ask_per_minute": 0, "search_per_minute": 0, "upload_per_minute": 0}


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    workspace = make_workspace(tmp_path_factory.mktemp("fuzz"), {"绿色出行.txt": GUIDE}, upload_limit_mb=1, **UNLIMITED)
    served = api_of(workspace)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        """The application without its start and end, which schemathesis would run once for each client it makes."""
        if scope["type"] != "lifespan":
            await served(scope, receive, send)
            return
        for what in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{what}.complete"})

    yield schemathesis.openapi.from_asgi("/openapi.json", app, headers=HERE)
    workspace.close()


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("way", ["positive", "negative"])
def test_every_reply_is_one_that_the_description_names(api: Any, way: str) -> None:
    mode = schemathesis.GenerationMode(way)
    failures: dict[str, str] = {}
    sent: dict[str, int] = {}
    for operation in (found.ok() for found in api.get_all_operations()):
        sent[operation.label] = 0
        try:
            _probe(operation, mode, sent)
        except Unsatisfiable:
            pass  # nothing that could be sent wrongly
        except (Exception, BaseExceptionGroup) as failure:  # noqa: BLE001  all are reported together
            failures[operation.label] = str(failure)[:1500]
    print(sum(sent.values()), "requests", sent)  # noqa: T201  shown by `make fuzz`
    assert not failures, "\n\n".join(f"{label}: {what}" for label, what in failures.items())
    assert sum(count > 0 for count in sent.values()) >= 6


def _probe(operation: Any, mode: Any, sent: dict[str, int]) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(case=operation.as_strategy(generation_mode=mode))
    def probe(case: Any) -> None:
        reply = case.call(headers=HERE)
        sent[operation.label] += 1
        case.validate_response(reply, checks=CHECKS)
        if reply.status_code >= 400:
            assert reply.json()["error"]["code"]

    probe()
