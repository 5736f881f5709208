"""Which documents a search may look at: `Filters` turned into document keys by the catalogue's indexes."""

from __future__ import annotations

import sqlite3
from datetime import date

from index.prepare import name_key
from index.types import Filters
from ingest.model import Status

_NEVER_BINDING = (Status.DRAFT.value,)
_NO_LONGER_BINDING = (Status.REPEALED.value, Status.SUPERSEDED.value)


def matching_documents(connection: sqlite3.Connection, filters: Filters) -> list[int] | None:
    """Keys of the documents that pass, ascending; None where every document does.

    A region or issuer passes where its name holds the wanted one (浙江 finds 浙江省); a number in any brackets. A text
    whose dates are unknown passes date filters. ``in_force`` False asks for the texts that do not bind.
    """
    if filters.empty:
        return None
    where: list[str] = []
    values: list[str] = []

    def one_of(expression: str, wanted: list[str]) -> None:
        where.append(expression.format(", ".join("?" * len(wanted))))
        values.extend(wanted)

    if filters.documents:
        one_of("doc_id IN ({})", list(filters.documents))
    if filters.kinds:
        one_of("kind IN ({})", [str(kind) for kind in filters.kinds])
    if filters.regions:
        held = connection.execute("SELECT DISTINCT region FROM documents WHERE region IS NOT NULL")
        one_of("region IN ({})", _holding(held, filters.regions))
    if filters.issuers:
        held = connection.execute("SELECT DISTINCT issuer FROM issuers")
        one_of("doc_key IN (SELECT doc_key FROM issuers WHERE issuer IN ({}))", _holding(held, filters.issuers))
    if filters.number:
        one_of("number_key = {}", [name_key(filters.number)])
    if filters.as_of is not None or filters.in_force is not None:
        day = (filters.as_of or date.today()).isoformat()
        binding = _binding(day)
        where.append(f"NOT ({binding})" if filters.in_force is False else binding)
    query = f"SELECT doc_key FROM documents WHERE {' AND '.join(where)} ORDER BY doc_key"  # noqa: S608  only ? inside
    return [key for (key,) in connection.execute(query, values)]


def _holding(held: sqlite3.Cursor, wanted: tuple[str, ...]) -> list[str]:
    """The names in the store that contain one of the wanted names."""
    keys = [name_key(name) for name in wanted]
    return [name for (name,) in held if any(key in name_key(name) for key in keys)]


def _binding(day: str) -> str:
    """SQL for: the text binds on ``day``. A repealed text still bound until the day on which it is known to end."""
    never, ended = (", ".join(f"'{status}'" for status in group) for group in (_NEVER_BINDING, _NO_LONGER_BINDING))
    return (
        f"status NOT IN ({never}) AND coalesce(effective_on, issued_on, '{day}') <= '{day}' AND "
        f"CASE WHEN expires_on IS NULL THEN status NOT IN ({ended}) ELSE expires_on >= '{day}' END"
    )
