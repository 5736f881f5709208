"""The contract's ``filters``, read from what a caller sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from index.types import Filters

_LISTS = ("documents", "issuers", "regions", "kinds")
_NAMES = (*_LISTS, "number", "as_of", "in_force")


class FilterError(ValueError):
    """A filter that can't be used; the message names the field and says what it may be."""


def filters_from_json(given: Mapping[str, Any]) -> Filters:
    """The filters that a JSON object spells; absent and null fields restrict nothing. Raises FilterError."""
    unknown = sorted(set(given) - set(_NAMES))
    if unknown:
        msg = f'filters: unknown field "{unknown[0]}"; the fields are {", ".join(_NAMES)}.'
        raise FilterError(msg)
    lists = {name: _texts(name, given.get(name)) for name in _LISTS}
    number = given.get("number")
    if number is not None and not isinstance(number, str):
        msg = "filters.number must be text, a document number such as 云政发〔2031〕12号."
        raise FilterError(msg)
    in_force = given.get("in_force")
    if in_force is not None and not isinstance(in_force, bool):
        msg = "filters.in_force must be true or false."
        raise FilterError(msg)
    return Filters(**lists, number=number or None, as_of=_day(given.get("as_of")), in_force=in_force)


def _texts(name: str, value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        msg = f"filters.{name} must be a list of texts."
        raise FilterError(msg)
    return tuple(value)


def _day(value: object) -> date | None:
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        msg = f"filters.as_of must be a day written YYYY-MM-DD, not {str(value)[:40]!r}."
        raise FilterError(msg) from error
