"""Searching the passages in PostgreSQL, by vectors and by words: when to ask an index and when to compare each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from index.engines.postgres_connection import Connection, full, half, sparse
from index.engines.postgres_schema import term_number
from index.engines.shard import Candidate, Found, Sought

COMPARED_ROWS = 8_192
"""Where a filter leaves no more passages than these, each is compared and no index asked."""
_MOST_SCORED = 20_000
"""Up to here every passage is scored by words, which takes a microsecond or two each."""
_MOST_POSTINGS = 30_000
"""Passages are looked up by the rarest words of a question until these would be too many; common words then only count
in the score of what the rare ones found."""
_MOST_EF = 1_000


def nearest(connection: Connection, sought: Sought, among: list[int] | None, *, narrow: bool) -> set[int]:
    """Keys of the passages whose vectors are nearest, among those documents (None: all); ``narrow``: compares each."""
    where, values = _within(among)
    near = half(sought.vector)
    if narrow:
        rows = _rows(
            connection,
            "WITH few AS MATERIALIZED (SELECT passage_key, embedding <#> %s AS distance FROM passages"
            f" WHERE {where}) SELECT passage_key FROM few ORDER BY distance, passage_key LIMIT %s",
            [near, *values, sought.count],
        )
    else:
        connection.execute(f"SET LOCAL hnsw.ef_search = {min(_MOST_EF, 3 * sought.count)}")
        connection.execute("SET LOCAL hnsw.iterative_scan = relaxed_order")
        rows = _rows(
            connection,
            f"SELECT passage_key FROM passages WHERE {where} ORDER BY embedding <#> %s LIMIT %s",
            [*values, near, sought.count],
        )
    return {key for (key,) in rows}


def worded(connection: Connection, sought: Sought, among: list[int] | None, *, narrow: bool) -> set[int]:
    """Keys of the passages that the words of the question fit best, among those documents (None: all)."""
    if not sought.weights:
        return set()
    where, values = _within(among)
    wanted = sparse({term_number(word): weight for word, weight in sought.weights.items()})
    if not narrow and sought.passages > _MOST_SCORED:
        # The planner can't tell that reading the terms of every passage takes far longer than asking the index.
        connection.execute("SET LOCAL enable_seqscan = off")
        where += " AND string_to_array(terms, ' ') && %s"
        values = [*values, _rare(sought)]
    rows = _rows(
        connection,
        "WITH few AS MATERIALIZED (SELECT passage_key, weights <#> %s AS distance FROM words"
        f" WHERE {where}) SELECT passage_key FROM few WHERE distance < 0 ORDER BY distance, passage_key LIMIT %s",
        [wanted, *values, 2 * sought.count],
    )
    connection.execute("SET LOCAL enable_seqscan = on")
    return {key for (key,) in rows}


def shown(connection: Connection, sought: Sought, near: set[int], well_worded: set[int]) -> Found:
    """The passages of those keys, with their clauses and documents."""
    rows = _rows(
        connection,
        "SELECT passage_key, clause_id, doc_key, start, stop, terms, -(embedding::vector <#> %s), clauses.record"
        " FROM passages JOIN words USING (passage_key, doc_key) JOIN clauses USING (clause_key, doc_key)"
        " WHERE passage_key = ANY(%s)",
        [full(sought.vector), list(near | well_worded)],
    )
    keys = list({row[2] for row in rows})
    documents = _rows(connection, "SELECT doc_key, doc_id, record FROM documents WHERE doc_key = ANY(%s)", [keys])
    ids = {key: doc_id for key, doc_id, _ in documents}
    candidates = tuple(
        Candidate(str(key), (key, 0), clause_id, ids[doc_key], start, stop, terms, float(cosine), key in near)
        for key, clause_id, doc_key, start, stop, terms, cosine, _ in rows
    )
    return Found(candidates, {row[1]: row[7] for row in rows}, {doc_id: record for _, doc_id, record in documents})


def _rows(connection: Connection, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return connection.execute(query, values).fetchall()


def _within(among: list[int] | None) -> tuple[str, list[Any]]:
    return ("true", []) if among is None else ("doc_key = ANY(%s)", [among])


def _rare(sought: Sought) -> list[str]:
    """The rarest words of the question, at least one, as many as lead to no more passages than can be scored."""
    chosen: list[str] = []
    reached = 0.0
    for word in sorted(sought.weights, key=lambda word: sought.frequencies[word]):
        reached += sought.frequencies[word]
        if chosen and reached > _MOST_POSTINGS:
            break
        chosen.append(word)
    return chosen
