"""BM25 over passages by tantivy: added to in place, mapped from disk, searched under a filter. tantivy lives here only.

The folder is derived from the catalogue and can always be rebuilt from it. Each entry carries the passage's row and
its document's key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import disk
from index.errors import StoreError
from index.tokens import terms

if TYPE_CHECKING:
    import tantivy

_HEAP_BYTES = 64_000_000
BODY_BOOST = 1.0
HEADING_BOOST = 0.5


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """One passage as the lexical index takes it in: where it belongs, the heading it stands under, its words."""

    row: int
    doc_key: int
    heading: str
    body: str


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", fast=True, indexed=True)
    builder.add_unsigned_field("doc", indexed=True)
    builder.add_text_field("heading", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("body", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """The lexical index in ``folder``; made there where there is none. Raises StoreError where it can't be read."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._schema = _schema()
        try:
            self._index = tantivy.Index(self._schema, path=str(folder), reuse=True)
        except (ValueError, OSError) as error:
            raise StoreError(f"the word index {folder} can't be read ({error})") from error

    def searcher(self) -> LexicalSearcher:
        """A view of what is committed now; later changes don't show in it."""
        self._index.reload()
        return LexicalSearcher(self._index.searcher(), self._schema)

    def add(self, entries: Iterable[LexicalEntry], *, settle: bool = False) -> None:
        """Adds entries in one commit; ``settle`` waits until segments have been merged, for the end of bulk work."""
        import tantivy

        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for entry in entries:
            document = tantivy.Document(heading=" ".join(terms(entry.heading)), body=" ".join(terms(entry.body)))
            document.add_unsigned("row", entry.row)
            document.add_unsigned("doc", entry.doc_key)
            writer.add_document(document)
        self._commit(writer, settle=settle)

    def remove_documents(self, doc_keys: Sequence[int]) -> None:
        """Takes out every passage of those documents."""
        if not doc_keys:
            return
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for key in doc_keys:
            writer.delete_documents_by_term("doc", key)
        self._commit(writer)

    def remove_rows_from(self, first_row: int) -> None:
        """Takes out entries at and beyond ``first_row``: what a writer that died before its commit left behind."""
        import tantivy

        beyond = tantivy.Query.range_query(
            self._schema, "row", tantivy.FieldType.Unsigned, first_row, None, include_lower=True
        )
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        writer.delete_documents_by_query(beyond)
        self._commit(writer)

    def _commit(self, writer: Any, *, settle: bool = False) -> None:
        disk.step(f"commit {self.folder.name}")
        writer.commit()
        disk.step(f"committed {self.folder.name}")
        if settle:
            writer.wait_merging_threads()


class LexicalSearcher:
    """A fixed view of a lexical index."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher = searcher
        self._schema = schema

    @property
    def count(self) -> int:
        """Passages in the view."""
        return self._searcher.num_docs

    @property
    def last_row(self) -> int:
        """The highest row in the view, -1 where it is empty."""
        import tantivy

        found = self._searcher.search(tantivy.Query.all_query(), limit=1, order_by_field="row", count=False).hits
        return int(found[0][0]) if found else -1

    def document_frequency(self, term: str) -> int:
        """Passages whose body holds the term, those deleted but not yet merged away included."""
        return self._searcher.doc_freq("body", term)

    def search(self, query: str, limit: int, doc_keys: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """``(row, BM25 score)`` of the best passages, best first; ``doc_keys`` restricts the search to documents."""
        import tantivy

        words = dict.fromkeys(terms(query))
        if not words or (doc_keys is not None and not doc_keys):
            return []
        q = tantivy.Query
        wanted = [
            (tantivy.Occur.Should, q.boost_query(q.term_query(self._schema, field, word, index_option="freq"), boost))
            for word in words
            for field, boost in (("body", BODY_BOOST), ("heading", HEADING_BOOST))
        ]
        query_tree = q.boolean_query(wanted)
        if doc_keys is not None:
            allowed = q.const_score_query(q.term_set_query(self._schema, "doc", list(doc_keys)), 0.0)
            query_tree = q.boolean_query([(tantivy.Occur.Must, query_tree), (tantivy.Occur.Must, allowed)])
        found = self._searcher.search(query_tree, limit=limit, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in found])
        return [(int(row), float(score)) for (score, _), row in zip(found, rows, strict=True) if row is not None]
