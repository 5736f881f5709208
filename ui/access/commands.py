"""``policyqa account`` and ``policyqa token``: who may come in."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.access.audit_commands import note_command, show_audit
from ui.access.model import Role
from ui.console import fail, print_json
from ui.opening import clear_errors, read_settings
from ui.options import JsonOption, StoreOption

if TYPE_CHECKING:
    from qa.settings import Settings
    from ui.access.accounts import Account, Accounts
    from ui.access.tokens import Tokens

account = typer.Typer(no_args_is_help=True, help="可以登录的账号。/ The accounts that may sign in.")
token = typer.Typer(no_args_is_help=True, help="程序用的令牌。/ Tokens for programs.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="账号名 / the account's name")]
RoleOption = Annotated[
    Role, typer.Option("--role", help="reader 查阅、editor 编辑、admin 管理 / what it may do", show_default=True)
]


@account.command("add")
def add_account(name: NameArgument, role: RoleOption = Role.READER, store: StoreOption = None) -> None:
    """新建账号,密码从终端或标准输入读。/ Make an account; the password is asked for or read from standard input."""
    with _accounts(read_settings(store), "account add") as (accounts, note):
        made = accounts.add(name, _password(), role)
        note(made.name, role=str(role))
    typer.echo(f"{made.name}: {made.role}")


@account.command("list")
def list_accounts(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """列出账号。/ The accounts."""
    with _accounts(read_settings(store), None) as (accounts, _):
        found = accounts.all()
    if as_json:
        print_json({"accounts": [_account_json(one) for one in found]})
        return
    for one in found:
        closed = "  已停用 / disabled" if one.disabled else ""
        typer.echo(f"{one.name}  {one.role}  {one.created_at:%Y-%m-%d}{closed}")


@account.command("passwd")
def change_password(name: NameArgument, store: StoreOption = None) -> None:
    """改密码,该账号的登录随即失效。/ Change a password; the account is signed out everywhere."""
    with _accounts(read_settings(store), "account passwd") as (accounts, note):
        accounts.get(name)
        note(accounts.set_password(name, _password()).name)


@account.command("role")
def change_role(name: NameArgument, role: RoleOption, store: StoreOption = None) -> None:
    """改权限,该账号的登录随即失效。/ Change what an account may do; it is signed out everywhere."""
    with _accounts(read_settings(store), "account role") as (accounts, note):
        note(accounts.set_role(name, role).name, role=str(role))


@account.command("disable")
def disable_account(name: NameArgument, store: StoreOption = None) -> None:
    """停用账号,该账号的登录随即失效。/ Close an account, which signs it out everywhere."""
    with _accounts(read_settings(store), "account disable") as (accounts, note):
        note(accounts.set_disabled(name, disabled=True).name)


@account.command("enable")
def enable_account(name: NameArgument, store: StoreOption = None) -> None:
    """重新启用账号。/ Open a closed account again."""
    with _accounts(read_settings(store), "account enable") as (accounts, note):
        note(accounts.set_disabled(name, disabled=False).name)


@account.command("remove")
def remove_account(name: NameArgument, store: StoreOption = None) -> None:
    """删除账号。/ Take an account away."""
    with _accounts(read_settings(store), "account remove") as (accounts, note):
        note(accounts.remove(name).name)


@account.command("backup")
def backup_accounts(
    target: Annotated[Path, typer.Argument(metavar="FILE", help="副本写到这里 / where the copy goes")],
    store: StoreOption = None,
) -> None:
    """把账号和令牌(只有哈希)复制到一个文件。/ Copy accounts and tokens, of which only hashes are kept, into a file."""
    with clear_errors():
        from ui.access.accounts import open_accounts

        database = open_accounts(read_settings(store).access_folder)
        database.copy_to(target)
        database.close()
    typer.echo(str(target))


@account.command("restore")
def restore_accounts(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="先前的副本 / an earlier copy")],
    store: StoreOption = None,
) -> None:
    """从副本恢复账号和令牌,须尚无账号。/ Bring accounts and tokens back where there are none yet."""
    settings = read_settings(store)
    with clear_errors():
        from ui.access.accounts import FILE_NAME, Accounts, open_accounts

        if (settings.access_folder / FILE_NAME).exists():
            fail(f"{settings.access_folder / FILE_NAME} exists already; move it away first.")
        if not source.is_file():
            fail(f"{source} is not a file.")
        database = open_accounts(source.parent, source.name)
        try:
            count = len(Accounts(database).all())
            settings.access_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            database.copy_to(settings.access_folder / FILE_NAME)
        finally:
            database.close()
    typer.echo(f"{count} 个账号 / accounts → {settings.access_folder}")


@token.command("create")
def create_token(
    name: Annotated[str, typer.Argument(metavar="NAME", help="给谁用 / what it is for")],
    role: RoleOption = Role.READER,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="有效天数 / how long it is valid")] = 90,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """新建令牌,只显示这一次。/ Make a token; it is shown this once."""
    with _tokens(read_settings(store), "token create") as (tokens, note):
        made, secret = tokens.create(name, role, days)
        note(made.label, id=made.id, role=str(role), days=days)
    if as_json:
        print_json({"id": made.id, "token": secret, "role": made.role, "expires_at": made.expires_at.isoformat()})
        return
    typer.echo(secret)
    typer.echo(f"{made.id}: {made.label}, {made.role}, 有效至 / until {made.expires_at:%Y-%m-%d}", err=True)


@token.command("list")
def list_tokens(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """列出令牌(不含密文)。/ The tokens, without their words."""
    from datetime import UTC, datetime

    with _tokens(read_settings(store), None) as (tokens, _):
        found = tokens.all()
    if as_json:
        print_json({"tokens": [{name: _plain(value) for name, value in asdict(one).items()} for one in found]})
        return
    for one in found:
        state = "" if one.valid(datetime.now(UTC)) else "  已失效 / not valid"
        used = f"{one.used_at:%Y-%m-%d}" if one.used_at else "-"
        typer.echo(f"{one.id}  {one.label}  {one.role}  {one.expires_at:%Y-%m-%d}  {used}{state}")


@token.command("revoke")
def revoke_token(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="令牌编号 / the token's id")], store: StoreOption = None
) -> None:
    """撤销令牌。/ Close the door to a token."""
    with _tokens(read_settings(store), "token revoke") as (tokens, note):
        note(tokens.revoke(token_id).label, id=token_id)


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    app.add_typer(account, name="account")
    app.add_typer(token, name="token")
    app.command("audit")(show_audit)


@contextmanager
def _accounts(settings: Settings, action: str | None) -> Iterator[tuple[Accounts, Any]]:
    with clear_errors():
        from ui.access.accounts import Accounts, open_accounts

        database = open_accounts(settings.access_folder)
        try:
            yield Accounts(database), lambda target, **detail: note_command(settings, action or "", target, **detail)
        finally:
            database.close()


@contextmanager
def _tokens(settings: Settings, action: str | None) -> Iterator[tuple[Tokens, Any]]:
    with clear_errors():
        from ui.access.accounts import open_accounts
        from ui.access.tokens import Tokens

        database = open_accounts(settings.access_folder)
        try:
            yield Tokens(database), lambda target, **detail: note_command(settings, action or "", target, **detail)
        finally:
            database.close()


def _password() -> str:
    """The password from the terminal, twice, or one line of standard input; never from the command line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("密码 / password: ")
    if getpass.getpass("再输一次 / once more: ") != first:
        fail("The two passwords differ; nothing was changed. / 两次输入不同,没有改动。")
    return first


def _account_json(one: Account) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(one).items() if name != "stamp"}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
