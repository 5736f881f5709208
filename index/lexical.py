"""BM25 over passages by tantivy: added to in place, mapped from disk, searched under a filter. tantivy lives here only.

The folder is derived from the catalogue and can always be rebuilt from it. Each entry carries the passage's row and
its document's key.
"""

from __future__ import annotations

import errno
import json
import math
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index import disk
from index.errors import StoreError

if TYPE_CHECKING:
    import tantivy

_HEAP_BYTES = 64_000_000
_K1 = 1.2  # tantivy's own, with b = .75; it takes no others

_SEGMENT_FILE = re.compile(r"[0-9a-f]{32}\.\w+(?:\.\w+)?")

Found = tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]
"""Rows and their BM25 scores."""


@dataclass(frozen=True, slots=True)
class LexicalEntry:
    """One passage as the lexical index takes it in: where it belongs, and its terms with spaces between them."""

    row: int
    doc_key: int
    terms: str


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("row", fast=True, indexed=True)
    builder.add_unsigned_field("doc", indexed=True)
    builder.add_text_field("text", tokenizer_name="whitespace", index_option="freq")
    return builder.build()


class LexicalIndex:
    """A lexical index in a folder of its own; `create` makes one, `open` takes one up."""

    def __init__(self, folder: Path, index: tantivy.Index, schema: tantivy.Schema) -> None:
        self.folder = folder
        index.config_reader("manual")  # else a thread of its own writes a lock file into the folder at every commit
        self._index = index
        self._schema = schema

    @classmethod
    def create(cls, folder: Path) -> LexicalIndex:
        """An empty index in ``folder``, in place of whatever was there."""
        import tantivy

        disk.step(f"create {folder.name}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        schema = _schema()
        return cls(folder, tantivy.Index(schema, path=str(folder), reuse=False), schema)

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """The index in ``folder``. Raises StoreError where it is missing or can't be read."""
        import tantivy

        schema = _schema()
        try:
            with no_panic():
                return cls(folder, tantivy.Index.open(str(folder)), schema)
        except (ValueError, OSError) as error:
            raise StoreError(
                f"{folder} is damaged ({error}): rebuild it with: policyqa rebuild --store {folder.parent}"
            ) from error

    def searcher(self) -> LexicalSearcher:
        """A view of what is committed now; later changes don't show in it. Raises StoreError where it is damaged."""
        try:
            with no_panic():
                self._index.reload()
                return LexicalSearcher(self._index.searcher(), self._schema)
        except (ValueError, OSError) as error:
            raise StoreError(
                f"{self.folder} is damaged ({error}): rebuild it with: policyqa rebuild --store {self.folder.parent}"
            ) from error

    def add(self, entries: Iterable[LexicalEntry]) -> None:
        """Adds entries in one commit."""
        import tantivy

        with self._writing() as writer:
            for entry in entries:
                document = tantivy.Document(text=entry.terms)
                document.add_unsigned("row", entry.row)
                document.add_unsigned("doc", entry.doc_key)
                writer.add_document(document)

    def remove_documents(self, doc_keys: Sequence[int]) -> None:
        """Takes out every passage of those documents."""
        with self._writing() as writer:
            for key in doc_keys:
                writer.delete_documents_by_term("doc", key)

    def remove_rows_from(self, first_row: int) -> None:
        """Takes out entries at and beyond ``first_row``: what a writer that died before its commit left behind."""
        import tantivy

        beyond = tantivy.Query.range_query(
            self._schema, "row", tantivy.FieldType.Unsigned, first_row, None, include_lower=True
        )
        with self._writing() as writer:
            writer.delete_documents_by_query(beyond)

    @contextmanager
    def _writing(self) -> Iterator[tantivy.IndexWriter]:
        """A writer whose changes are committed at the end. Raises OSError where tantivy can't write.

        It then waits for the merging of segments that the commit may start: searches ask every segment for every word,
        and merging that is cut short leaves its files behind.
        """
        try:
            writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            yield writer
            disk.step(f"commit {self.folder.name}")
            writer.commit()
            disk.step(f"committed {self.folder.name}")
            writer.wait_merging_threads()
            self._sweep()
        except ValueError as error:  # how tantivy's Python binding reports input and output errors
            raise OSError(errno.EIO, str(error), str(self.folder)) from error

    def _sweep(self) -> None:
        """Deletes what writers that died left: segments that neither the index nor tantivy's own list knows."""
        known = {segment["segment_id"].replace("-", "") for segment in self._read("meta.json")["segments"]}
        known.update(name.split(".")[0] for name in self._read(".managed.json"))
        for file in self.folder.iterdir():
            if _SEGMENT_FILE.fullmatch(file.name) and file.stem not in known:
                disk.step(f"delete {file.name}")
                with suppress(PermissionError):  # Windows, while a reader has it open: next time
                    file.unlink(missing_ok=True)

    def _read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text(encoding="utf-8"))


@contextmanager
def no_panic() -> Iterator[None]:
    """Turns a panic of tantivy over damaged files, which no ``except Exception`` sees, into StoreError."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise StoreError(f"the word index can't be read ({error}): policyqa check names the damage") from error


class LexicalSearcher:
    """A fixed view of a lexical index."""

    def __init__(self, searcher: tantivy.Searcher, schema: tantivy.Schema) -> None:
        self._searcher = searcher
        self._schema = schema
        self._held: dict[str, int] = {}

    @property
    def count(self) -> int:
        """Passages in the view."""
        return self._searcher.num_docs

    @property
    def segments(self) -> int:
        """Parts that the index is made of; each commit adds one."""
        return int(self._searcher.num_segments)

    @property
    def last_row(self) -> int:
        """The highest row in the view, -1 where it is empty."""
        import tantivy

        with no_panic():
            found = self._searcher.search(tantivy.Query.all_query(), limit=1, order_by_field="row", count=False).hits
        return int(found[0][0]) if found else -1

    def share_with_any(self, words: Iterable[str]) -> float:
        """About how many of the passages have one of the words, 0 to 1: as many as have the most frequent of them."""
        count = self._searcher.num_docs
        return min(1.0, max(map(self._holding, words)) / count) if count else 0.0

    def best_possible(self, words: Iterable[str]) -> float:
        """The score that a passage full of every one of the words would come close to: their idf, times k1 + 1."""
        count = self._searcher.num_docs
        total = 0.0
        for word in words:
            held = min(self._holding(word), count)
            total += math.log(1 + (count - held + 0.5) / (held + 0.5))
        return total * (_K1 + 1)

    def _holding(self, word: str) -> int:
        """How many passages have the word: asked of every segment once, questions share most of their words."""
        held = self._held.get(word)
        if held is None:
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            held = self._held[word] = self._searcher.doc_freq("text", word)
        return held

    def search(self, words: Sequence[str], limit: int, doc_keys: Sequence[int] | None = None) -> Found:
        """The best passages, best first; ``doc_keys`` restricts the search to documents."""
        if not words or (doc_keys is not None and not doc_keys):
            return _NOTHING
        import tantivy

        q, schema = tantivy.Query, self._schema
        query = q.boolean_query(
            [(tantivy.Occur.Should, q.term_query(schema, "text", word, index_option="freq")) for word in words]
        )
        if doc_keys is not None:
            allowed = q.const_score_query(q.term_set_query(schema, "doc", list(doc_keys)), 0.0)
            query = q.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, allowed)])
        with no_panic():
            found = self._searcher.search(query, limit=limit, count=False).hits
        if not found:
            return _NOTHING
        scores, addresses = zip(*found, strict=True)
        rows = self._searcher.fast_field_values("row", list(addresses))
        return np.asarray(rows, dtype=np.int64), np.asarray(scores, dtype=np.float64)


_MOST_HELD = 100_000
_NOTHING: Found = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float64)
