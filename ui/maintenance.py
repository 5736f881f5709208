"""Commands for whoever looks after a store: back it up, bring it back, check it, rebuild it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.console import print_json, progress_bar
from ui.opening import clear_errors, read_settings
from ui.options import EncoderOption, JsonOption, StoreOption


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE.zip", help="备份写到这里 / where the backup goes")],
    store: StoreOption = None,
) -> None:
    """把整个存库备份为一个文件,服务不必停。/ Copy the whole store into one file while it serves."""
    settings = read_settings(store)
    with clear_errors():
        from index.backup import backup as write_backup

        write_backup(settings.store, target)
    typer.echo(f"{settings.store} → {target}")
    if settings.access_folder.is_dir():
        said = "不含账号与审计日志 / without accounts and audit log: policyqa account backup, policyqa audit"
        typer.echo(said, err=True)


def restore(
    archive: Annotated[Path, typer.Argument(metavar="FILE.zip", help="先前的备份 / an earlier backup")],
    store: StoreOption = None,
) -> None:
    """从备份恢复到一个空文件夹。/ Bring a backup back into an empty folder."""
    settings = read_settings(store)
    with clear_errors():
        from index.backup import restore as read_backup

        read_backup(archive, settings.store)
    typer.echo(f"{archive} → {settings.store}")


def check(store: StoreOption = None, as_json: JsonOption = False) -> None:
    """逐一核对存库文件的校验和,指出损坏处及修复命令。/ Check every file of the store; exit code 2 if damaged."""
    settings = read_settings(store)
    with clear_errors():
        from index.verify import verify

        damages = verify(settings.store)
    if as_json:
        print_json({"damaged": [{"file": d.file.name, "sign": d.sign, "mend": d.mend} for d in damages]})
    for damage in () if as_json else damages:
        typer.echo(str(damage), err=True)
    if damages:
        raise typer.Exit(2)
    if not as_json:
        typer.echo("完好 / sound")


def rebuild(store: StoreOption = None, encoder: EncoderOption = None) -> None:
    """用所存原文重建索引;也用于更换编码模型。/ Rebuild the index from the kept texts, or with another encoder."""
    settings = read_settings(store, encoder)
    with clear_errors(), progress_bar() as progress:
        from index.backup import built_with
        from index.backup import rebuild as write_anew
        from index.encoder import bundled_folder, load_encoder

        name = settings.encoder or built_with(settings.store)
        # A store knows the bundled encoder by its folder's name, which is no path that could be loaded.
        chosen = load_encoder(None if name == bundled_folder().name else name)
        write_anew(settings.store, chosen, lambda done, total: progress(done, total, name))
    typer.echo(f"{settings.store}: 已用 {chosen.name} 重建 / rebuilt with {chosen.name}")


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    for command in (backup, restore, check, rebuild):
        app.command()(command)
