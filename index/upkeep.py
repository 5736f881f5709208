"""What a writer does before and after its commit: cut off what a dead writer left, forget removed words, describe."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from index.catalogue import Catalogue, next_generation, read_meta, write_meta
from index.dense_files import dense_file, renew
from index.layout import lexical_folder, lexical_index, remove_stale, vector_files
from index.manifest import Manifest, checksums, read_manifest, write_manifest
from index.rewrite import rewrite
from index.schema import FORMAT

if TYPE_CHECKING:
    from index.encoder import Encoder

_SMALL_PASSAGES = 2_000
"""Up to here a removal rewrites the derived files, which takes about a second at most, so that word statistics are
always exactly those of a fresh store."""
_DEAD_SHARE = 0.2
"""Above that size they are rewritten when more than this share of the rows is dead. Until then a removed passage still
counts in how rare a word is, which moves an idf by at most ln 1.25."""


def facts_now(catalogue: Catalogue) -> dict[str, str]:
    """The meta table as it stands."""
    with catalogue.reading() as connection:
        return read_meta(connection)


def recover(folder: Path, catalogue: Catalogue) -> None:
    """Cuts off what a writer that died left in the word index beyond the last commit."""
    facts = facts_now(catalogue)
    lexical = lexical_index(folder, facts)
    if lexical.searcher().last_row >= int(facts["rows"]):
        lexical.remove_rows_from(int(facts["rows"]))


def forget_words(connection: sqlite3.Connection, doc_keys: list[int]) -> None:
    """Notes, in the commit that removes documents, that their words have still to leave the word index."""
    pending = json.loads(read_meta(connection)["words_to_remove"])
    write_meta(connection, {"words_to_remove": json.dumps([*pending, *doc_keys])})


def tidy(folder: Path, catalogue: Catalogue, encoder: Encoder) -> None:
    """What follows a commit. Each part can be done again, so a crash anywhere in here loses nothing."""
    with catalogue.reading() as connection:
        facts = read_meta(connection)
        (dead,) = connection.execute("SELECT coalesce(sum(stop - first), 0) FROM dead_rows").fetchone()
    if dead and (int(facts["rows"]) <= _SMALL_PASSAGES or dead > _DEAD_SHARE * int(facts["rows"])):
        rewrite(folder, catalogue, encoder, encode=False)
    elif pending := json.loads(facts["words_to_remove"]):
        lexical_index(folder, facts).remove_documents(pending)
        with catalogue.writing() as connection:
            write_meta(connection, {"words_to_remove": "[]"})
    _renew_dense(folder, catalogue)
    describe(folder, catalogue)


def _renew_dense(folder: Path, catalogue: Catalogue) -> None:
    """Gives a store that has grown its index file, in a commit of its own."""
    facts = facts_now(catalogue)
    vectors = vector_files(folder, facts).read(int(facts["rows"]))[0]
    fresh = renew(folder, facts, vectors, int(facts["epoch"]))
    if fresh != dense_file(facts):
        with catalogue.writing() as connection:
            write_meta(connection, {"dense": fresh.to_line() if fresh else ""})
            next_generation(connection)


def describe(folder: Path, catalogue: Catalogue) -> None:
    """Writes the manifest of the present generation and deletes what earlier epochs left."""
    with catalogue.reading() as connection:
        facts = read_meta(connection)
        digest = hashlib.sha256()
        for name, content in connection.execute("SELECT name, content_hash FROM files ORDER BY name"):
            digest.update(f"{name}\0{content}\n".encode())
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("files", "documents", "clauses", "passages")
        }
    before = read_manifest(folder)
    write_manifest(
        folder,
        Manifest(
            format=FORMAT,
            generation=int(facts["generation"]),
            encoder=facts["encoder"],
            encoder_revision=facts["encoder_revision"],
            dim=int(facts["dim"]),
            corpus_hash=digest.hexdigest(),
            **counts,
            checksums=checksums(folder, lexical_folder(folder, facts), before.checksums if before else {}),
        ),
    )
    remove_stale(folder, facts)
