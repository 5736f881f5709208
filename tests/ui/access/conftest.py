"""A service at which everybody has to sign in, an account and a token for each role, and ways to use them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from ui.access.accounts import Accounts, open_accounts
from ui.access.model import Role
from ui.access.tokens import Tokens

PASSWORDS = {"rita": "绿色出行 reader 1", "edith": "绿色出行 editor 2", "ada": "绿色出行 admin 3"}
ROLES = {"rita": Role.READER, "edith": Role.EDITOR, "ada": Role.ADMIN}


class Gate:
    """A served library with accounts."""

    def __init__(self, service: Any, accounts: Accounts, tokens: dict[Role, str]) -> None:
        self.service = service
        self.accounts = accounts
        self.tokens = tokens
        self.address: str = service.address

    def client(self, role: Role | None = None, **headers: str) -> httpx.Client:
        """A program with the token of a role, or with none."""
        given = {"Authorization": f"Bearer {self.tokens[role]}"} if role else {}
        return httpx.Client(base_url=self.address, headers=given | headers, timeout=60, trust_env=False)

    @contextmanager
    def signed_in(self, name: str, **headers: str) -> Iterator[httpx.Client]:
        """A browser that has signed in."""
        with self.client(**headers) as client:
            assert self.send_form(client, name, PASSWORDS[name]).status_code == 303
            yield client

    def send_form(self, client: httpx.Client, name: str, password: str, **more: str) -> httpx.Response:
        """The sign-in form filled in and sent."""
        page = client.get("/sign-in", params={"next": more.pop("next", "/")})
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text)
        fields = {name: unescape(value) for name, value in hidden}
        return client.post("/sign-in", data=fields | {"name": name, "password": password} | more)

    def audit(self, action: str | None = None) -> list[dict[str, Any]]:
        """What the audit log holds once everything waiting is written."""
        import json
        import time

        self.service.workspace.audit.record("mark", str(time.monotonic()))
        with self.client(Role.ADMIN) as ada:
            for _ in range(100):
                lines = [json.loads(line) for line in ada.get("/api/audit.jsonl").text.splitlines()]
                if lines and lines[-1]["action"] == "mark":
                    break
                time.sleep(0.02)
        return [line for line in lines if action in (None, line["action"])]


def make_gate(start_service: Callable[..., Any], folder: Path, **settings: Any) -> Gate:
    """A gate in a folder; accounts are made before it is served, as a person would."""
    database = open_accounts(folder / "store.access")
    accounts, tokens = Accounts(database), Tokens(database)
    for name, password in PASSWORDS.items():
        accounts.add(name, password, ROLES[name])
    secrets = {role: tokens.create(f"{role}-bot", role, 5)[1] for role in Role}
    chosen = {"require_login": True, "ask_per_minute": 0, "search_per_minute": 0, "upload_per_minute": 0} | settings
    return Gate(start_service(folder, **chosen), accounts, secrets)


@pytest.fixture(scope="session")
def gate(start_service: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Gate:
    """The gate that most tests share; whoever changes an account makes one of their own."""
    return make_gate(start_service, tmp_path_factory.mktemp("gate"))


@pytest.fixture(scope="session")
def new_gate(start_service: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Gate]:
    """Makes a gate with settings of its own."""
    return lambda **settings: make_gate(start_service, tmp_path_factory.mktemp("gate"), **settings)


@pytest.fixture
def stranger(gate: Gate) -> Iterator[httpx.Client]:
    """A program that says nothing about who it is."""
    with gate.client() as client:
        yield client
