"""The options that several commands share, and the filters that they spell."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.console import fail

if TYPE_CHECKING:
    from index.types import Filters

StoreOption = Annotated[
    Path | None,
    typer.Option("--store", metavar="DIR", help="存放文件与索引的文件夹 / the store folder [env: POLICYQA_STORE]"),
]
EncoderOption = Annotated[
    str | None,
    typer.Option("--encoder", metavar="NAME", help="sentence-transformers 模型名或文件夹 / model name or folder"),
]
EngineOption = Annotated[
    str | None,
    typer.Option("--engine", metavar="NAME", help="local(文件夹 / a folder)、milvus、postgres [env: POLICYQA_ENGINE]"),
]
EngineUriOption = Annotated[
    str | None,
    typer.Option(
        "--engine-uri",
        metavar="URI",
        help="引擎地址,多台以逗号分隔 / the engine's address, several with commas [env: POLICYQA_ENGINE_URI]",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出 JSON / print JSON and nothing else")]
DocumentOption = Annotated[
    list[str] | None, typer.Option("--document", metavar="DOC_ID", help="只查这些文件 / only these documents")
]
IssuerOption = Annotated[
    list[str] | None, typer.Option("--issuer", metavar="NAME", help="只查这些发文机关 / only these issuers")
]
RegionOption = Annotated[
    list[str] | None, typer.Option("--region", metavar="NAME", help="只查这些地区 / only these regions")
]
KindOption = Annotated[list[str] | None, typer.Option("--kind", metavar="KIND", help="只查这些文种 / only these kinds")]
NumberOption = Annotated[
    str | None, typer.Option("--number", metavar="NUMBER", help="只查此文号 / only this document number")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", metavar="YYYY-MM-DD", help="在这一天有效 / in force on this day")
]
InForceOption = Annotated[
    bool | None, typer.Option("--in-force/--any-status", help="只查现行有效的 / only texts in force today")
]


def read_filters(
    documents: list[str] | None,
    issuers: list[str] | None,
    regions: list[str] | None,
    kinds: list[str] | None,
    number: str | None,
    as_of: str | None,
    in_force: bool | None,
) -> Filters:
    """The filters that the command line's options spell; a bad value ends the program with exit code 2."""
    from qa.request import FilterError, filters_from_json

    given = {
        "documents": documents or [],
        "issuers": issuers or [],
        "regions": regions or [],
        "kinds": kinds or [],
        "number": number,
        "as_of": as_of,
        "in_force": in_force,
    }
    try:
        return filters_from_json({name: value for name, value in given.items() if value not in (None, [])})
    except FilterError as error:
        fail(str(error))
