"""Connections to PostgreSQL through psycopg, which is imported in this file only, and its errors in our words."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from index.engines.postgres_schema import SCHEMA, TERM_NUMBERS
from index.errors import EngineInterruptedError, EngineUnreachableError, StoreError

if TYPE_CHECKING:
    import psycopg

    Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
else:
    Connection = Any

_CONNECT_S = 5
_READ_MS = 30_000
_SILENCE_MS = 10_000


def _libraries() -> tuple[Any, Any]:
    try:
        import psycopg
        from pgvector.psycopg import register_vector
    except ImportError as error:
        raise StoreError(
            f"the engine postgres needs {error.name}, which is not installed: pip install 'policyqa[postgres]'"
        ) from error
    return psycopg, register_vector


class Connections:
    """Opens connections to one database and keeps idle ones for the next reader."""

    def __init__(self, uri: str, token: str | None) -> None:
        """``token`` is the password, for addresses that don't hold it. Raises StoreError for a malformed address."""
        self._psycopg, self._register_vector = _libraries()
        from psycopg.conninfo import conninfo_to_dict

        try:
            parts = conninfo_to_dict(uri)
        except self._psycopg.Error as error:
            raise StoreError(
                "--engine-uri is no address of a PostgreSQL database; write postgresql://user@host:5432/database"
            ) from error
        self._options = {**parts, "password": token} if token is not None else dict(parts)
        host, port, name = parts.get("host") or "localhost", parts.get("port") or 5432, parts.get("dbname") or ""
        self.address = f"postgresql://{host}:{port}/{name}"
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._closed = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection inside a read transaction that sees one state. Raises as `explained` does."""
        with self.explained():
            connection = self._fresh_or_idle()
            try:
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.close()
                raise
            if self._closed:
                connection.close()
            else:
                self._idle.put(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection inside a transaction, committed at the end, rolled back where anything is raised."""
        with self.explained():
            connection = self.connect()
            try:
                connection.execute("SET statement_timeout = 0")
                with connection.transaction():
                    yield connection
            except self._psycopg.OperationalError as error:
                if not connection.broken:
                    raise
                raise EngineInterruptedError(
                    f"{self.address} broke off the connection in the middle of a change ({_first_line(error)}), which "
                    "it takes back unless it had just finished: try again"
                ) from error
            finally:
                connection.close()

    def connect(self) -> Connection:
        """A connection outside any transaction."""
        connection: Connection = self._psycopg.connect(
            autocommit=True,
            application_name="policyqa",
            **{
                "connect_timeout": _CONNECT_S,
                "keepalives_idle": 10,
                "keepalives_interval": 5,
                "keepalives_count": 2,
                "tcp_user_timeout": _SILENCE_MS,
                **self._options,
            },
        )
        # The extension may have been put into any schema; SET takes no parameters, set_config does.
        where = connection.execute(
            "SELECT nspname FROM pg_extension JOIN pg_namespace ON extnamespace = pg_namespace.oid"
            " WHERE extname = 'vector'"
        ).fetchone()
        path = ", ".join(dict.fromkeys(_quoted(name) for name in (SCHEMA, where[0] if where else "public", "public")))
        connection.execute("SELECT set_config('search_path', %s, false)", (path,))
        connection.execute(f"SET statement_timeout = {_READ_MS}")
        if where:
            self._register_vector(connection)
        return connection

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turns psycopg's errors into one sentence: EngineUnreachableError, or StoreError for everything else."""
        errors = self._psycopg.errors
        try:
            yield
        except (errors.QueryCanceled, errors.LockNotAvailable) as error:
            raise StoreError(f"{self.address} took too long and was stopped; try again when it is less busy") from error
        except errors.DiskFull as error:
            raise StoreError(
                f"{self.address} has no room left on its disk; the store is as it was before. Make room and try again"
            ) from error
        except self._psycopg.OperationalError as error:
            raise self._unreachable(error) from error
        except self._psycopg.Error as error:
            raise StoreError(f"{self.address} refused ({_first_line(error)}); the store is as it was before") from error

    def close(self) -> None:
        """Closes the idle connections; those in use close when they are done."""
        self._closed = True
        self.drop_idle()

    def drop_idle(self) -> None:
        """Closes the idle connections, which may know nothing of an extension that has just been made."""
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _fresh_or_idle(self) -> Connection:
        """An idle connection that still answers, else a new one: the server may have been started anew meanwhile."""
        while True:
            try:
                connection = self._idle.get_nowait()
            except queue.Empty:
                return self.connect()
            try:
                connection.execute("SELECT 1")
            except self._psycopg.OperationalError:
                connection.close()
            else:
                return connection

    def _unreachable(self, error: Exception) -> StoreError:
        said = str(error)
        if "authentication failed" in said or "no password supplied" in said:
            return StoreError(
                f"{self.address} does not accept the user or password: check --engine-uri and POLICYQA_ENGINE_TOKEN"
            )
        if "does not exist" in said:
            return StoreError(f"{self.address}: there is no such database or user; make it or correct --engine-uri")
        return EngineUnreachableError(
            f"{self.address} can't be reached ({_first_line(error)}): start the server or correct --engine-uri"
        )


def half(vector: npt.NDArray[Any]) -> Any:
    """A vector as pgvector's ``halfvec``."""
    from pgvector import HalfVector

    return HalfVector(np.asarray(vector, dtype=np.float16))


def full(vector: npt.NDArray[np.float32]) -> Any:
    """A vector as pgvector's ``vector``."""
    from pgvector import Vector

    return Vector(vector)


def sparse(weights: dict[int, float]) -> Any:
    """Weights by term number as pgvector's ``sparsevec``."""
    from pgvector import SparseVector

    return SparseVector(weights, TERM_NUMBERS)


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].strip() if lines else type(error).__name__
