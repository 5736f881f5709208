"""Commands for whoever looks after a store: back it up, bring it back, check it, rebuild it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.console import print_json, progress_bar
from ui.opening import clear_errors, open_store, read_settings
from ui.options import EncoderOption, EngineOption, EngineUriOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from index.verify import Damage
    from qa.settings import Settings


def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE.zip", help="备份写到这里 / where the backup goes")],
    store: StoreOption = None,
) -> None:
    """把整个存库备份为一个文件,服务不必停。/ Copy the whole store into one file while it serves."""
    settings = read_settings(store)
    with clear_errors():
        _in_folder(settings)
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
        _in_folder(settings)
        from index.backup import restore as read_backup

        read_backup(archive, settings.store)
    typer.echo(f"{archive} → {settings.store}")


def check(
    store: StoreOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    as_json: JsonOption = False,
) -> None:
    """逐一核对存库内容,指出损坏处及修复办法。/ Check everything in the store; exit code 2 if damaged."""
    settings = read_settings(store, engine=engine, engine_uri=engine_uri)
    with clear_errors():
        damages = _damages(settings)
    if as_json:
        print_json({"damaged": [{"file": d.file.name, "sign": d.sign, "mend": d.mend} for d in damages]})
    for damage in () if as_json else damages:
        typer.echo(str(damage), err=True)
    if damages:
        raise typer.Exit(2)
    if not as_json:
        typer.echo("完好 / sound")


def rebuild(store: StoreOption = None, encoder: EncoderOption = None) -> None:
    """用存库所留的文件重建:修复损坏、升级旧格式、换编码模型。/ Rebuild from what the store keeps: mends, upgrades."""
    settings = read_settings(store, encoder)
    with clear_errors(), progress_bar() as progress:
        _in_folder(settings)
        from index.backup import built_with
        from index.backup import rebuild as write_anew
        from index.encoder import load_encoder, recorded_encoder

        name = settings.encoder or built_with(settings.store)
        chosen = load_encoder(name) if settings.encoder else recorded_encoder(name)
        remarks = write_anew(settings.store, chosen, lambda done, total: progress(done, total, name))
    for remark in remarks:
        typer.echo(remark, err=True)
    typer.echo(f"{settings.store}: 已用 {chosen.name} 重建 / rebuilt with {chosen.name}")


def copy(
    to_engine: Annotated[str, typer.Option("--to-engine", metavar="NAME", help="local milvus postgres")] = "local",
    to_uri: Annotated[
        str | None, typer.Option("--to-uri", metavar="URI", help="目标引擎地址 / the target engine's address")
    ] = None,
    to_store: Annotated[
        Path | None, typer.Option("--to-store", metavar="DIR", help="目标文件夹 / the target folder")
    ] = None,
    store: StoreOption = None,
    engine: EngineOption = None,
    engine_uri: EngineUriOption = None,
    encoder: EncoderOption = None,
) -> None:
    """把存库复制到另一处:文件夹与引擎之间,或换一组服务器;中断后可续。/ Copy a store to a folder or other servers."""
    source = read_settings(store, None, engine=engine, engine_uri=engine_uri)
    if to_store is None and to_engine == "local":
        raise typer.BadParameter("give --to-store DIR, or --to-engine with --to-uri")
    target = read_settings(to_store, encoder, engine=to_engine, engine_uri=to_uri)
    with clear_errors(), open_store(source) as opened:
        from index.copying import copy as copy_store
        from index.encoder import load_encoder
        from index.opening import open_store as open_place
        from qa.opening import place_of

        name = encoder or opened.stats.encoder
        chosen = load_encoder(name)
        with open_place(place_of(target), chosen, create=True) as made, progress_bar() as progress:
            count = copy_store(opened, made, progress)
            places = f"{opened.place} → {made.place}"
    typer.echo(f"{places}: 复制了 {count} 个源文件 / files copied")


def _damages(settings: Settings) -> list[Damage]:
    from index.engines.store import EngineStore
    from index.verify import verify
    from qa.opening import place_of

    if place_of(settings).engine == "local":
        return verify(settings.store)
    from index.engines.checking import damages

    with open_store(settings) as opened:
        assert isinstance(opened, EngineStore)
        return damages(opened)


def _in_folder(settings: Settings) -> None:
    """Raises StoreError where the store is on servers, which have their own ways of backing up."""
    from index.errors import StoreError

    if settings.engine != "local":
        raise StoreError(
            f"this command works on a store in a folder, and the engine is {settings.engine}: use the server's own "
            "tools (pg_dump, milvus-backup), or copy the store into a folder with policyqa copy --to-store DIR"
        )


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    for command in (backup, restore, check, rebuild, copy):
        app.command()(command)
