"""The servers behind the addresses that a user gives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.opening import Engine

if TYPE_CHECKING:
    from index.engines.shard import Shard


def shards_of(engine: Engine, uris: Sequence[str], token: str | None) -> list[Shard]:
    """One for each address; nothing is connected yet. Raises StoreError for a malformed address or missing library."""
    if engine is Engine.POSTGRES:
        from index.engines.postgres import PostgresShard

        return [PostgresShard(uri, token) for uri in uris]
    from index.engines.milvus import MilvusShard

    return [MilvusShard(uri, token) for uri in uris]
