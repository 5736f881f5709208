"""Milvus through pymilvus, which is imported in this file only: collections, rows, and its errors in our words."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from index.errors import EngineUnreachableError, StoreError

_CONNECT_S = 5.0
_READ_S = 30.0
_WRITE_S = 120.0
_UNAVAILABLE = 2
_NOT_LOADED = 101
_ROWS_A_CALL = 500
_BYTES_A_CALL = 8_000_000
_ROWS_A_PAGE = 2_000
_MOST_ROWS = 16_384
"""More than these Milvus gives in no one answer."""
GRPC_OPTIONS = {
    "grpc.use_local_subchannel_pool": 1,
    "grpc.max_reconnect_backoff_ms": 2_000,
    "grpc.keepalive_time_ms": 300_000,
}
"""Otherwise gRPC waits longer and longer, up to two minutes, before it looks whether a server is back; and pymilvus
asks every ten seconds whether it is there, which servers take for an attack and hang up (``too_many_pings``)."""
TEXT_BYTES = 65_535
"""The longest text that Milvus keeps in a field."""

Row = dict[str, Any]


def _pymilvus() -> Any:
    try:
        import pymilvus
    except ImportError as error:
        raise StoreError(
            "the engine milvus needs pymilvus, which is not installed: pip install 'policyqa[milvus]'"
        ) from error
    # It logs each failed call with its whole traceback and raises it as well; whoever catches it tells it once.
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    return pymilvus


class Milvus:
    """One server, cluster, or file of Milvus Lite; connected when first needed."""

    def __init__(self, uri: str, token: str | None, collections: Sequence[str]) -> None:
        """``collections`` are made ready where they are there. Raises StoreError where pymilvus is missing."""
        self._library = _pymilvus()
        parts = urlsplit(uri)
        self._uri = uri
        self._token = token or ""
        self.address = uri
        if parts.scheme in ("http", "https", "tcp", "unix"):
            self.address = f"{parts.scheme}://{parts.hostname}:{parts.port or 19530}{parts.path}"
            self._uri = self.address
            if parts.username and not token:
                self._token = f"{parts.username}:{parts.password or ''}"
        self._collections = collections
        self._connecting = threading.Lock()
        self._client: Any = None

    @contextmanager
    def calling(self) -> Iterator[Any]:
        """The client. Raises EngineUnreachableError where the server does not answer, StoreError for its refusals."""
        try:
            yield self._connected()
        except self._library.MilvusException as error:
            explained = self._explained(error)
            if isinstance(explained, EngineUnreachableError):
                self.close()  # a new connection needn't wait as long as one that keeps trying, and loads what it finds
            raise explained from error

    def _connected(self) -> Any:
        with self._connecting:
            if self._client is None:
                client = self._library.MilvusClient(
                    self._uri, token=self._token, timeout=_CONNECT_S, grpc_options=GRPC_OPTIONS
                )
                for collection in self._collections:
                    # A server that was started anew may hold them without having them ready.
                    if client.has_collection(collection, timeout=_READ_S):
                        client.load_collection(collection, timeout=_WRITE_S)
                self._client = client
            return self._client

    def has(self, collection: str) -> bool:
        """Whether there is a collection of that name."""
        with self.calling() as client:
            return bool(client.has_collection(collection, timeout=_READ_S))

    def dimension(self, collection: str, field: str) -> int | None:
        """Numbers in a vector of that field; None where there is no such collection."""
        if not self.has(collection):
            return None
        with self.calling() as client:
            fields = client.describe_collection(collection, timeout=_READ_S)["fields"]
        return next((int(one["params"]["dim"]) for one in fields if one["name"] == field), None)

    def create(self, collection: str, fields: Sequence[Row], indexes: Sequence[Row], analyser: Row | None) -> None:
        """Makes a collection. ``analyser`` is that of the field ``text``, which then has BM25 in ``sparse``."""
        library = self._library
        with self.calling() as client:
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            for field in fields:
                kind = getattr(library.DataType, field["type"])
                more = {name: value for name, value in field.items() if name not in ("name", "type", "element")}
                if "element" in field:
                    more["element_type"] = getattr(library.DataType, field["element"])
                if field["name"] == "text" and analyser is not None:
                    more |= {"enable_analyzer": True, "analyzer_params": analyser}
                schema.add_field(field["name"], kind, **more)
            if analyser is not None:
                schema.add_function(
                    library.Function(
                        name="bm25",
                        function_type=library.FunctionType.BM25,
                        input_field_names=["text"],
                        output_field_names=["sparse"],
                    )
                )
            wanted = client.prepare_index_params()
            for index in indexes:
                wanted.add_index(**index)
            # Strong: a reader sees what a writer has been told is written. One shard: a request is one step.
            client.create_collection(
                collection,
                schema=schema,
                num_shards=1,
                consistency_level="Strong",
                timeout=_WRITE_S,
            )
            # Nothing is in it yet, so there is nothing to wait for.
            client.create_index(collection, wanted, timeout=_WRITE_S, sync=False)
            client.load_collection(collection, timeout=_WRITE_S)

    def insert(self, collection: str, rows: Iterable[Row]) -> None:
        """Puts rows in, some hundreds a call."""
        batch: list[Row] = []
        size = 0
        for row in rows:
            batch.append(row)
            size += sum(len(value) for value in row.values() if isinstance(value, str)) + 4_000
            if len(batch) >= _ROWS_A_CALL or size >= _BYTES_A_CALL:
                with self.calling() as client:
                    client.insert(collection, batch, timeout=_WRITE_S)
                batch, size = [], 0
        if batch:
            with self.calling() as client:
                client.insert(collection, batch, timeout=_WRITE_S)

    def upsert(self, collection: str, rows: Sequence[Row]) -> None:
        """Puts rows in the place of those with the same id, all in one request."""
        with self.calling() as client:
            client.upsert(collection, list(rows), timeout=_WRITE_S)

    def delete(self, collection: str, condition: str) -> None:
        """Takes the rows out that meet the condition."""
        with self.calling() as client:
            client.delete(collection, filter=condition, timeout=_WRITE_S)

    def rows(self, collection: str, condition: str, fields: Sequence[str]) -> list[Row]:
        """All rows that meet the condition, however many, in any order."""
        with self.calling() as client:
            found = client.query(
                collection, filter=condition, output_fields=list(fields), limit=_ROWS_A_PAGE, timeout=_READ_S
            )
            if len(found) < _ROWS_A_PAGE:
                return [dict(row) for row in found]
            pages = client.query_iterator(
                collection, filter=condition, output_fields=list(fields), batch_size=_ROWS_A_PAGE, timeout=_READ_S
            )
            everything: list[Row] = []
            while page := pages.next():
                everything.extend(dict(row) for row in page)
            pages.close()
        return everything

    def count(self, collection: str, condition: str) -> int:
        """How many rows meet the condition."""
        with self.calling() as client:
            (found,) = client.query(collection, filter=condition, output_fields=["count(*)"], timeout=_READ_S)
        return int(found["count(*)"])

    def search(
        self, collection: str, field: str, sought: Any, limit: int, condition: str, fields: Sequence[str], how: Row
    ) -> list[Row]:
        """The rows nearest to ``sought`` by ``field``, best first, as rows."""
        with self.calling() as client:
            (found,) = client.search(
                collection,
                data=[sought],
                anns_field=field,
                limit=min(limit, _MOST_ROWS),
                filter=condition,
                output_fields=list(fields),
                search_params=how,
                timeout=_READ_S,
            )
        return [{"id": hit["id"], **hit["entity"]} for hit in found]

    def close(self) -> None:
        """Lets go of the connection."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _explained(self, error: Any) -> StoreError:
        said = str(getattr(error, "message", "") or error).strip().splitlines()[0]
        code = getattr(error, "code", None)
        if (
            code in (_UNAVAILABLE, _NOT_LOADED)
            or "UNAVAILABLE" in said
            or "DEADLINE_EXCEEDED" in said
            or "connect" in said.lower()
        ):
            return EngineUnreachableError(
                f"{self.address} can't be reached: start the Milvus server or correct --engine-uri"
            )
        if "auth" in said.lower() or "UNAUTHENTICATED" in said:
            return StoreError(
                f"{self.address} does not accept the user or token: check --engine-uri and POLICYQA_ENGINE_TOKEN"
            )
        return StoreError(f"{self.address} refused ({said}); the store is as it was before")
