"""Frozen dataclasses to plain JSON values and back, by their field types, so that no pickle is ever needed.

Fields that hold their default are left out, which keeps rows small and lets a later version add a field with a default
without rewriting a store. Unknown keys are ignored for the same reason.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")
Convert = Callable[[Any], Any]


def dump(value: Any) -> str:
    """One line of JSON for a dataclass made of dataclasses, tuples, dictionaries, dates, enums and scalars."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"))


def load(kind: type[T], line: str | bytes) -> T:
    """The ``kind`` that `dump` wrote. Raises ValueError, KeyError or TypeError where the line is something else."""
    return typing.cast(T, _reader(typing.cast(Any, kind))(json.loads(line)))


def plain(value: Any) -> Any:
    """``value`` as JSON knows it: dataclasses become dictionaries without the fields that hold their default."""
    if value is None or isinstance(value, str | int | float):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return {
        name: plain(held)
        for name, default in _fields(typing.cast(Any, type(value)))
        if (held := getattr(value, name)) != default
    }


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    """Field names of a dataclass with their defaults; a field without one gets an object that equals nothing."""
    return tuple((f.name, _default(f)) for f in dataclasses.fields(kind))


def _default(field: dataclasses.Field[Any]) -> Any:
    if field.default is not dataclasses.MISSING:
        return field.default
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return object()


@cache
def _reader(kind: Any) -> Convert:  # noqa: PLR0911  one line per kind of type
    """The function that turns a plain value into ``kind``; worked out once per type."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        read = _reader(inner)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin is dict:
        return dict
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind in (date, datetime):
        return typing.cast(Convert, kind.fromisoformat)
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(typing.cast(type, kind))
    return lambda value: value


def _tuple_reader(arguments: tuple[Any, ...]) -> Convert:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        if arguments[0] in (str, int, float):
            return tuple
        read = _reader(arguments[0])
        return lambda value: tuple(map(read, value))
    if all(argument in (str, int, float) for argument in arguments):
        return tuple
    reads = tuple(_reader(argument) for argument in arguments)
    return lambda value: tuple(read(item) for read, item in zip(reads, value, strict=True))


def _dataclass_reader(kind: type) -> Convert:
    hints = typing.get_type_hints(kind)
    reads = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}

    def read(value: dict[str, Any]) -> Any:
        return kind(**{name: reads[name](held) for name, held in value.items() if name in reads})

    return read
