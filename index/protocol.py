"""What a store is to everyone who reads or fills one, wherever it keeps what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, runtime_checkable

from index.types import Feedback, FileChange, Filters, SearchResult, StoredFile, StoreStats

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.prepare import ReadyFile
    from ingest.model import Clause, ParsedFile, PolicyDocument, SourceText


class PolicyReader(Protocol):
    """What can be read of a store.

    Every method may raise StoreError; one that names a document, clause or file raises UnknownDocumentError where there
    is none of that name.
    """

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors the store holds."""
        ...

    @property
    def generation(self) -> int:
        """Changes with every commit, and whenever a part of the store is lost or comes back."""
        ...

    @property
    def place(self) -> str:
        """Where the store is, for people: a folder, or addresses of servers without any password."""
        ...

    @property
    def unreachable(self) -> tuple[str, ...]:
        """The parts that can't be reached now, so that whatever is read lacks what they hold; empty if all is well."""
        ...

    @property
    def stats(self) -> StoreStats:
        """How much the store holds."""
        ...

    def documents(self, filters: Filters = ...) -> tuple[PolicyDocument, ...]:
        """The documents that pass, without their clauses, in the order in which they came."""
        ...

    def document(self, doc_id: str) -> PolicyDocument:
        """A document with its clauses."""
        ...

    def clause(self, clause_id: str) -> Clause:
        """The clause of that id."""
        ...

    def clauses(self, clause_ids: Sequence[str]) -> dict[str, Clause]:
        """The clauses of those ids, in one go; an id that no clause has is left out."""
        ...

    def outline(self, doc_id: str) -> tuple[tuple[str, str | None], ...]:
        """(clause id, id of the clause above) of each clause of a document, in reading order."""
        ...

    def texts(self, doc_id: str, most: int | None = ...) -> tuple[str, ...]:
        """The texts of a document's first ``most`` clauses (None: of all), in reading order."""
        ...

    def document_of(self, clause_id: str) -> PolicyDocument:
        """The document that holds a clause, without its clauses."""
        ...

    def files(self) -> tuple[StoredFile, ...]:
        """The files in the store, by name."""
        ...

    def source(self, name: str) -> SourceText:
        """The text extracted from the file of that name, in which spans count."""
        ...

    def original(self, name: str) -> bytes:
        """The very bytes that were ingested under that name."""
        ...

    def kept(self, name: str) -> ParsedFile:
        """Everything that ingest found in that file, less what was removed from it since; references as parsed."""
        ...

    def search(self, query: str, k: int = ..., filters: Filters = ...) -> SearchResult:
        """The ``k`` best clauses for a query among the documents that pass the filters, best first."""
        ...

    def feedback(self) -> tuple[Feedback, ...]:
        """Everything readers said, oldest first."""
        ...


@runtime_checkable
class PolicyStore(PolicyReader, Protocol):
    """An open store: `index.store.Store` keeps a folder, `index.engines.store.EngineStore` database servers.

    Every method may raise StoreError; one that names a document, clause or file raises UnknownDocumentError where there
    is none of that name.
    """

    def ingest(self, file: ParsedFile, raw: bytes) -> FileChange:
        """Puts a file in, in place of what its name held before; a reader sees the one or the other."""
        ...

    def put(self, files: Sequence[ReadyFile]) -> list[FileChange]:
        """Puts files in that were made ready, perhaps in other processes."""
        ...

    def ingest_many(self, files: Iterable[tuple[ParsedFile, bytes]]) -> list[FileChange]:
        """Puts several files in."""
        ...

    def remove(self, doc_id_or_file: str) -> tuple[str, ...]:
        """Takes out one document, or all of a file; the ids that went."""
        ...

    def record_feedback(self, feedback: Feedback) -> None:
        """Keeps what a reader thought of a reply."""
        ...

    def moment(self) -> AbstractContextManager[PolicyReader]:
        """The store as it is now, whatever is committed while the context lasts.

        Servers have no moment in common: there each reading gives the latest.
        """
        ...

    def assure(self) -> None:
        """Returns once what lookups go by has been found sound: to be asked before handing out what a `moment` gave."""
        ...

    def close(self) -> None:
        """Lets go of files and connections."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
