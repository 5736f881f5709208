"""``policyqa account``, ``policyqa token`` and ``policyqa audit`` as somebody types them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from qa.settings import Settings, SettingsError
from ui.access.accounts import Accounts, open_accounts
from ui.access.commands import add_to
from ui.access.control import login_required
from ui.access.model import Role
from ui.access.tokens import Tokens
from ui.cli import app
from ui.server import check_address

PASSWORD = "云溪 correct horse"
Run = Callable[..., Any]


@pytest.fixture(scope="module", autouse=True)
def _commands() -> None:
    if "account" not in {group.name for group in app.registered_groups}:
        add_to(app)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs a command on a store in a folder of its own, with ``typed`` on standard input."""

    def run_it(*words: str, typed: str = "") -> Any:
        return CliRunner().invoke(app, [*words, "--store", str(tmp_path / "store")], input=typed)

    return run_it


def test_an_account_is_made_listed_closed_and_taken_away(run: Run, tmp_path: Path) -> None:
    assert run("account", "add", "Ada", "--role", "admin", typed=PASSWORD + "\n").exit_code == 0
    listed = json.loads(run("account", "list", "--json").stdout)["accounts"]
    assert [(one["name"], one["role"], one["disabled"]) for one in listed] == [("ada", "admin", False)]
    accounts = Accounts(open_accounts(tmp_path / "store.access"))
    assert accounts.verify("ADA", PASSWORD) is not None
    assert run("account", "passwd", "ada", typed="another long word\n").exit_code == 0
    assert accounts.verify("ada", PASSWORD) is None
    assert accounts.verify("ada", "another long word") is not None
    assert run("account", "disable", "ada").exit_code == 0
    assert accounts.verify("ada", "another long word") is None
    assert run("account", "enable", "ada").exit_code == 0
    assert run("account", "role", "ada", "--role", "editor").exit_code == 0
    assert accounts.get("ada").role is Role.EDITOR
    assert run("account", "remove", "ada").exit_code == 0
    assert accounts.all() == []


def test_neither_password_nor_token_is_kept_in_clear_and_only_the_owner_may_read(run: Run, tmp_path: Path) -> None:
    run("account", "add", "ada", typed=PASSWORD + "\n")
    secret = run("token", "create", "bot", "--role", "editor").stdout.split()[0]
    folder = tmp_path / "store.access"
    kept = b"".join(file.read_bytes() for file in folder.iterdir())
    assert PASSWORD.encode() not in kept
    assert secret.encode() not in kept
    assert b"$argon2id$" in kept
    assert folder.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("ada", "short\n", "10"),
        ("ada", "aaaaaaaaaaaa\n", "guess"),
        ("ada", "", "10"),
        ("two words", PASSWORD + "\n", "can't be a name"),
        ("taken", PASSWORD + "\n", "already"),
    ],
)
def test_a_bad_name_or_password_is_one_line_and_exit_code_2(run: Run, name: str, typed: str, says: str) -> None:
    run("account", "add", "taken", typed=PASSWORD + "\n")
    result = run("account", "add", name, typed=typed)
    assert result.exit_code == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["passwd", "disable", "enable", "remove"])
def test_an_unknown_account_is_said(run: Run, command: str) -> None:
    result = run("account", command, "nobody", typed=PASSWORD + "\n")
    assert result.exit_code == 2
    assert "nobody" in result.stderr


def test_no_command_takes_a_password_as_a_word(run: Run) -> None:
    assert run("account", "add", "ada", PASSWORD).exit_code != 0
    assert run("account", "add", "ada", "--password", PASSWORD).exit_code != 0


def test_a_token_works_until_it_is_revoked(run: Run, tmp_path: Path) -> None:
    made = json.loads(run("token", "create", "bot", "--role", "editor", "--days", "7", "--json").stdout)
    tokens = Tokens(open_accounts(tmp_path / "store.access"))
    found = tokens.find(made["token"])
    assert found is not None
    assert (found.role, (found.expires_at - found.created_at).days) == (Role.EDITOR, 7)
    assert made["token"] not in run("token", "list", "--json").stdout
    assert run("token", "revoke", made["id"]).exit_code == 0
    assert tokens.find(made["token"]) is None
    assert run("token", "revoke", "nothing").exit_code == 2


def test_an_expired_token_opens_nothing(tmp_path: Path) -> None:
    tokens = Tokens(open_accounts(tmp_path))
    _, secret = tokens.create("old", Role.READER, 0)
    assert tokens.find(secret) is None


def test_what_commands_change_is_in_the_audit_log(run: Run, tmp_path: Path) -> None:
    run("account", "add", "ada", "--role", "admin", typed=PASSWORD + "\n")
    text = tmp_path / "停车.txt"
    text.write_text("云溪市停车办法\n\n第一条　停车收费。\n", encoding="utf-8")
    run("ingest", str(text))
    run("remove", "停车.txt")
    lines = [json.loads(line) for line in run("audit").stdout.splitlines()]
    assert [(one["action"], one["via"]) for one in lines] == [
        ("account add", "command"),
        ("ingest", "command"),
        ("remove", "command"),
    ]
    assert PASSWORD not in run("audit").stdout


def test_no_audit_log_is_said(run: Run) -> None:
    assert run("audit").exit_code == 2


def test_accounts_are_copied_and_brought_back(run: Run, tmp_path: Path) -> None:
    run("account", "add", "ada", "--role", "admin", typed=PASSWORD + "\n")
    secret = run("token", "create", "bot").stdout.split()[0]
    copy = tmp_path / "accounts.copy"
    assert run("account", "backup", str(copy)).exit_code == 0
    assert copy.stat().st_mode & 0o077 == 0
    assert run("account", "backup", str(copy)).exit_code == 2  # an earlier copy is never written over
    assert run("account", "backup", str(tmp_path / "no such folder" / "copy")).exit_code == 2
    assert run("account", "restore", str(copy)).exit_code == 2  # there are some
    elsewhere = tmp_path / "elsewhere"
    brought = CliRunner().invoke(app, ["account", "restore", str(copy), "--store", str(elsewhere)])
    assert brought.exit_code == 0
    database = open_accounts(tmp_path / "elsewhere.access")
    assert Accounts(database).verify("ada", PASSWORD) is not None
    assert Tokens(database).find(secret) is not None


def test_a_file_that_is_no_copy_is_refused_and_leaves_nothing(run: Run, tmp_path: Path) -> None:
    junk = tmp_path / "junk"
    junk.write_bytes(b"not a database, just some words" * 100)
    assert run("account", "restore", str(junk)).exit_code == 2
    assert not (tmp_path / "store.access" / "accounts.sqlite").exists()


def test_an_address_that_others_reach_is_served_once_there_is_an_account(run: Run, tmp_path: Path) -> None:
    for reached in ({"host": "0.0.0.0"}, {"public_url": "https://policy.example"}):
        settings = Settings(store=tmp_path / "store", **reached)
        with pytest.raises(SettingsError, match="policyqa account add"):
            check_address(settings)
    run("account", "add", "ada", typed=PASSWORD + "\n")
    check_address(settings)
    assert login_required(settings)
    run("account", "disable", "ada")
    with pytest.raises(SettingsError):
        check_address(settings)


def test_requiring_a_login_without_accounts_is_refused_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="policyqa account add"):
        login_required(Settings(store=tmp_path / "store", require_login=True))
    assert not login_required(Settings(store=tmp_path / "store"))


def test_serving_an_open_address_without_accounts_ends_with_exit_code_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ui.cli", "serve", "--host", "0.0.0.0", "--store", str(tmp_path / "store")]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert ended.returncode == 2
    assert "policyqa account add" in ended.stderr
