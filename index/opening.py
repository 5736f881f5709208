"""The store that somebody names, in a folder or on database servers, behind one function."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import StoreError

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.protocol import PolicyStore


class Engine(StrEnum):
    """What keeps a store: files of its own, or servers that an institution already runs."""

    LOCAL = "local"
    MILVUS = "milvus"
    POSTGRES = "postgres"


@dataclass(frozen=True, slots=True)
class StorePlace:
    """Where a store is. ``folder`` counts for LOCAL; ``uris`` name the servers, one for each part of the library.

    Addresses and ``token`` may hold passwords, so neither shows in ``repr``.
    """

    folder: Path
    engine: Engine = Engine.LOCAL
    uris: tuple[str, ...] = field(default=(), repr=False)
    token: str | None = field(default=None, repr=False)


def open_store(place: StorePlace, encoder: Encoder | None = None, *, create: bool = False) -> PolicyStore:
    """The store in that place. Without an encoder it takes the one it was built with.

    Raises StoreError where there is none (unless ``create``), where it can't be reached or read, and
    EncoderMismatchError where it was built with another encoder than the one given.
    """
    if place.engine is Engine.LOCAL:
        from index.store import Store

        return Store.open(place.folder, encoder, create=create)
    if not place.uris:
        raise StoreError(
            f"the engine {place.engine} needs the address of its server: give --engine-uri or set POLICYQA_ENGINE_URI"
        )
    from index.engines.servers import shards_of
    from index.engines.store import EngineStore

    return EngineStore.open(shards_of(place.engine, place.uris, place.token), encoder, create=create)
