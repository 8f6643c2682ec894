"""Results as plain JSON values and back: one way for all of them, by the types that their fields declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Self, Union, get_args, get_origin, get_type_hints

from govservice.frozen import freeze
from govservice.limits import TimeLimit
from govservice.nothing import NONE, Nothing

__all__ = ["AsJson", "decoded", "encoded"]

Coder = Callable[[Any], Any]


class AsJson:
    """A frozen dataclass with `to_dict` and `from_dict`: `from_dict` of `to_dict`, through JSON, gives an equal value.

    Dates and moments are ISO texts, exact numbers texts, limits `{"value", "unit"}`, sentences `{"en", "zh"}`, tuples lists; a field that
    may hold anything keeps the kind of its value (`encoded`). Fields whose names begin with `_` stay behind.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Seen(AsJson):
    ...     on: date
    ...     amounts: tuple[Decimal | int, ...]
    >>> Seen(date(2026, 2, 13), (Decimal("0.5"), 2)).to_dict()
    {'on': '2026-02-13', 'amounts': ['0.5', 2]}
    >>> Seen.from_dict({"on": "2026-02-13", "amounts": ["0.5", 2]})
    Seen(on=datetime.date(2026, 2, 13), amounts=(Decimal('0.5'), 2))
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        freeze(self)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives an equal value back."""
        kind: Any = type(self)
        written: dict[str, Any] = _fields_writer(kind)(self)
        return written

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Self:
        """What `to_dict` wrote."""
        kind: Any = cls
        read: Self = _fields_reader(kind)(written)
        return read


def encoded(value: object) -> Any:
    """A value of any kind as JSON: dates, exact numbers and limits keep their kind.

    >>> encoded(Decimal("1.5")), encoded(date(2026, 2, 13)), encoded("x")
    ({'decimal': '1.5'}, {'date': '2026-02-13'}, 'x')
    """
    match value:
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case TimeLimit():
            return {"limit": [str(value.value), value.unit]}
        case tuple() | list():
            return [encoded(part) for part in value]
        case Nothing():
            return {"none": True}
        case Mapping():
            return {"mapping": {str(key): encoded(part) for key, part in value.items()}}
        case _:
            return value


def decoded(value: Any) -> Any:
    """The value that `encoded` wrote.

    >>> decoded({"decimal": "1.5"})
    Decimal('1.5')
    """
    match value:
        case {"decimal": text}:
            return Decimal(text)
        case {"moment": text}:
            return datetime.fromisoformat(text)
        case {"date": text}:
            return date.fromisoformat(text)
        case {"limit": [amount, unit]}:
            return TimeLimit(amount, unit)
        case {"none": True}:
            return NONE
        case {"mapping": parts}:
            return {key: decoded(part) for key, part in parts.items()}
        case list():
            return tuple(decoded(part) for part in value)
        case _:
            return value


def _as_it_is(value: Any) -> Any:
    return value


def _day(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _amount(value: str | int) -> Decimal | int:
    return Decimal(value) if isinstance(value, str) else value


def _optional(coder: Coder) -> Coder:
    return lambda value: None if value is None else coder(value)


def _declared(kind: type) -> list[tuple[str, Any]]:
    """The fields of a dataclass or named tuple with their types."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)] if is_dataclass(kind) else list(getattr(kind, "_fields", ()))
    return [(name, hints[name]) for name in names if not name.startswith("_")]


@cache
def _fields_writer(kind: Any) -> Coder:
    members = [(name, _writer(declared)) for name, declared in _declared(kind)]
    return lambda value: {name: write(getattr(value, name)) for name, write in members}


@cache
def _fields_reader(kind: Any) -> Coder:
    members = [(name, _reader(declared)) for name, declared in _declared(kind)]
    return lambda value: kind(**{name: read(value[name]) for name, read in members})


@cache
def _writer(kind: Any) -> Coder:
    """How a value of a declared type is written."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _either(parts, _writer)
    if origin is tuple:
        if len(parts) == 2 and parts[1] is Ellipsis:
            each = _writer(parts[0])
            return lambda value: [each(part) for part in value]
        several = [_writer(part) for part in parts]
        return lambda value: [write(part) for write, part in zip(several, value, strict=True)]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        each = _writer(parts[1])
        return lambda value: {str(key): each(part) for key, part in value.items()}
    if kind is object or kind is Any:
        return encoded
    if isinstance(declared := kind, type):
        if issubclass(declared, date):
            return lambda value: value.isoformat()
        if kind is Decimal:
            return lambda value: str(value) if isinstance(value, Decimal) else value
        if is_dataclass(kind) or hasattr(kind, "_fields"):
            return (lambda value: value.to_dict()) if _overridden(kind, "to_dict") else _fields_writer(kind)
    return _as_it_is


@cache
def _reader(kind: Any) -> Coder:
    """How a value of a declared type is read back."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return _either(parts, _reader)
    if origin is tuple:
        if len(parts) == 2 and parts[1] is Ellipsis:
            each = _reader(parts[0])
            return lambda value: tuple(each(part) for part in value)
        several = [_reader(part) for part in parts]
        return lambda value: tuple(read(part) for read, part in zip(several, value, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        each = _reader(parts[1])
        return lambda value: {key: each(part) for key, part in value.items()}
    if kind is object or kind is Any:
        return decoded
    if isinstance(declared := kind, type):
        if issubclass(declared, date):
            return _day
        if kind is Decimal:
            return _amount
        if is_dataclass(kind) or hasattr(kind, "_fields"):
            return kind.from_dict if _overridden(kind, "from_dict") else _fields_reader(kind)
    return _as_it_is


def _overridden(kind: type, name: str) -> bool:
    """Whether a result writes or reads more than its fields, in a method of its own."""
    own: Any = getattr(kind, name, None)
    common: Any = getattr(AsJson, name)
    return own is not None and getattr(own, "__func__", own) is not getattr(common, "__func__", common)


def _either(parts: tuple[Any, ...], coder: Callable[[Any], Coder]) -> Coder:
    """One of several types: nothing or one, a day or a moment, a whole number or another."""
    kinds = [part for part in parts if part is not NoneType]
    told = next((part for part in kinds if part is Decimal or (isinstance(part, type) and issubclass(part, date))), kinds[0])
    code = coder(told)
    return _optional(code) if len(kinds) < len(parts) else code
