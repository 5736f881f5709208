"""`Restriction` as a condition on the passages of Milvus; `index.filters.sql` says the same to a database."""

from __future__ import annotations

from index.engines.milvus_schema import literal
from index.filters import NEVER_BINDING, NO_LONGER_BINDING, Restriction, Standing

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
        binding = _binding(wanted.day) if wanted.binding else f"not ({_binding(wanted.day)})"
        if wanted.restated:
            binding = f"({binding}) and doc_id not in {literal(wanted.restated)}"
            binding = f"({binding}) or doc_id in {literal(wanted.passing)}" if wanted.passing else binding
        where.append(binding)
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
        wanted.binding is None or _binds(wanted, document),
    )
    return all(checks)


def _binds(wanted: Restriction, document: dict[str, object]) -> bool:
    if document["doc_id"] in wanted.restated:
        return document["doc_id"] in wanted.passing
    standing = Standing(str(document["status"]), str(document["starts_on"]), str(document["ends_on"]))
    return standing.binds(wanted.day) is wanted.binding
