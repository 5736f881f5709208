"""Which documents a search may look at: `Filters` resolved against the names in a store, then spelled in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.prepare import name_key
from index.types import Filters
from ingest.model import Status

NEVER_BINDING = (Status.DRAFT.value,)
NO_LONGER_BINDING = (Status.REPEALED.value, Status.SUPERSEDED.value)


@dataclass(frozen=True, slots=True)
class Restriction:
    """What documents must have: one of the values of each field that is not None.

    Regions and issuers are names as the store has them. ``binding`` True asks for texts that bind on ``day``, False for
    those that do not.
    """

    documents: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    regions: tuple[str, ...] | None = None
    issuers: tuple[str, ...] | None = None
    number_key: str | None = None
    day: str = ""
    binding: bool | None = None
    restated: tuple[str, ...] = ()
    """Documents of which the database has a status that no longer holds."""
    passing: tuple[str, ...] = ()
    """Those of them that pass as far as ``binding`` goes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A document's status, first and last day; days in ISO form, empty where unknown."""

    status: str
    starts_on: str
    ends_on: str

    def binds(self, day: str) -> bool:
        """Whether the text binds on that day: what `sql` says of the database's columns."""
        ended = self.ends_on < day if self.ends_on else self.status in NO_LONGER_BINDING
        return self.status not in NEVER_BINDING and self.starts_on <= day and not ended


def with_standings(wanted: Restriction | None, standings: Mapping[str, Standing]) -> Restriction | None:
    """The restriction for a database that has other statuses for some documents than those."""
    if wanted is None or wanted.binding is None or not standings:
        return wanted
    passing = tuple(doc_id for doc_id, standing in standings.items() if standing.binds(wanted.day) is wanted.binding)
    return replace(wanted, restated=tuple(standings), passing=passing)


def restriction(
    filters: Filters, regions: Callable[[], Iterable[str]], issuers: Callable[[], Iterable[str]]
) -> Restriction | None:
    """The filters in a store that holds documents of those regions and issuers; None where nothing is restricted.

    A region or issuer passes where its name holds the wanted one (浙江 finds 浙江省); a number in any brackets.
    """
    if filters.empty:
        return None
    dated = filters.as_of is not None or filters.in_force is not None
    return Restriction(
        documents=filters.documents or None,
        kinds=tuple(str(kind) for kind in filters.kinds) or None,
        regions=_holding(regions(), filters.regions) if filters.regions else None,
        issuers=_holding(issuers(), filters.issuers) if filters.issuers else None,
        number_key=name_key(filters.number) if filters.number else None,
        day=(filters.as_of or date.today()).isoformat() if dated else "",
        binding=(filters.in_force is not False) if dated else None,
    )


def sql(wanted: Restriction, mark: str = "?") -> tuple[str, list[str]]:
    """A condition on the table ``documents`` with its values; ``mark`` is the database's placeholder.

    A text whose dates are unknown passes date filters.
    """
    where: list[str] = []
    values: list[str] = []

    def one_of(expression: str, choice: Sequence[str] | None) -> None:
        if choice is None:
            return
        where.append(expression.format(", ".join([mark] * len(choice))) if choice else "1 = 0")
        values.extend(choice)

    one_of("doc_id IN ({})", wanted.documents)
    one_of("kind IN ({})", wanted.kinds)
    one_of("region IN ({})", wanted.regions)
    one_of("doc_key IN (SELECT doc_key FROM issuers WHERE issuer IN ({}))", wanted.issuers)
    if wanted.number_key is not None:
        one_of("number_key = {}", [wanted.number_key])
    if wanted.binding is not None:
        binding = _binding(wanted.day) if wanted.binding else f"NOT ({_binding(wanted.day)})"
        if wanted.restated:
            others, passing = (", ".join([mark] * len(ids)) for ids in (wanted.restated, wanted.passing))
            binding = f"({binding}) AND doc_id NOT IN ({others})" + (f" OR doc_id IN ({passing})" if passing else "")
            values.extend((*wanted.restated, *wanted.passing))
        where.append(f"({binding})")
    return " AND ".join(where), values


def matching_documents(connection: sqlite3.Connection, filters: Filters) -> list[int] | None:
    """Keys of the documents that pass, ascending; None where every document does."""

    def held(query: str) -> Iterable[str]:
        return (name for (name,) in connection.execute(query))

    wanted = restriction(
        filters,
        lambda: held("SELECT DISTINCT region FROM documents WHERE region IS NOT NULL"),
        lambda: held("SELECT DISTINCT issuer FROM issuers"),
    )
    if wanted is None:
        return None
    condition, values = sql(wanted)
    query = f"SELECT doc_key FROM documents WHERE {condition} ORDER BY doc_key"  # noqa: S608  only ? inside
    return [key for (key,) in connection.execute(query, values)]


def _holding(held: Iterable[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The names in the store that contain one of the wanted names."""
    keys = [name_key(name) for name in wanted]
    return tuple(name for name in held if any(key in name_key(name) for key in keys))


def _binding(day: str) -> str:
    """SQL for: the text binds on ``day``. A repealed text still bound until the day on which it is known to end."""
    never, ended = (", ".join(f"'{status}'" for status in group) for group in (NEVER_BINDING, NO_LONGER_BINDING))
    return (
        f"status NOT IN ({never}) AND coalesce(effective_on, issued_on, '{day}') <= '{day}' AND "
        f"CASE WHEN expires_on IS NULL THEN status NOT IN ({ended}) ELSE expires_on >= '{day}' END"
    )
