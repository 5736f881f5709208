"""`Restriction` as a condition on the passages of Milvus; `index.filters.sql` says the same to a database."""

from __future__ import annotations

from index.engines.milvus_schema import literal
from index.filters import NEVER_BINDING, NO_LONGER_BINDING, Restriction

NOTHING = "edition == -1"


def condition(wanted: Restriction | None) -> str:
    """The condition, empty where nothing is restricted.

    Absent values are empty strings there, which sort before every day: an unknown start is taken to have passed.
    """
    if wanted is None:
        return ""
    where: list[str] = []
    for field, choice in (("doc_id", wanted.documents), ("kind", wanted.kinds), ("region", wanted.regions)):
        if choice is not None:
            where.append(f"{field} in {literal(choice)}" if choice else NOTHING)
    if wanted.issuers is not None:
        where.append(f"array_contains_any(issuers, {literal(wanted.issuers)})" if wanted.issuers else NOTHING)
    if wanted.number_key is not None:
        where.append(f"number_key == {literal(wanted.number_key)}" if wanted.number_key else NOTHING)
    if wanted.binding is not None:
        where.append(_binding(wanted.day) if wanted.binding else f"not ({_binding(wanted.day)})")
    return " and ".join(f"({one})" for one in where)


def _binding(day: str) -> str:
    ends = f'(ends_on == "" and status not in {literal(NO_LONGER_BINDING)}) or (ends_on != "" and ends_on >= "{day}")'
    return f'status not in {literal(NEVER_BINDING)} and starts_on <= "{day}" and ({ends})'


def passes(wanted: Restriction, document: dict[str, object]) -> bool:
    """The same of a document's own fields, for listing documents."""
    issuers = document["issuers"]
    assert isinstance(issuers, list)
    checks = (
        wanted.documents is None or document["doc_id"] in wanted.documents,
        wanted.kinds is None or document["kind"] in wanted.kinds,
        wanted.regions is None or document["region"] in wanted.regions,
        wanted.issuers is None or any(one in wanted.issuers for one in issuers),
        wanted.number_key is None or (bool(wanted.number_key) and document["number_key"] == wanted.number_key),
        wanted.binding is None or binds(document, wanted.day) == wanted.binding,
    )
    return all(checks)


def binds(document: dict[str, object], day: str) -> bool:
    """Whether a text binds on that day."""
    ends = str(document["ends_on"])
    ended = document["status"] in NO_LONGER_BINDING if not ends else ends < day
    return document["status"] not in NEVER_BINDING and str(document["starts_on"]) <= day and not ended
