"""Frozen means frozen: mappings that nobody can change, in entries of a book and in results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import NoneType
from typing import Any, Final, NoReturn, TypeVar, cast

__all__ = ["Frozen", "freeze", "frozen", "of_unchanging"]

_K = TypeVar("_K")
_V = TypeVar("_V")
_Made = TypeVar("_Made")


class Frozen(dict[_K, _V]):
    """Prints, compares, pickles and goes into JSON as the dict that it is; a change is a TypeError.

    >>> Frozen({"case_type": "instant"})
    {'case_type': 'instant'}
    """

    __slots__ = ()

    def _refuse(self, *_args: Any, **_named: Any) -> NoReturn:
        raise TypeError("it is frozen; dict(..) gives a copy to work on")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __init__(self, *given: Any, **named: Any) -> None:
        if self:
            self._refuse()  # made already
        super().__init__(*given, **named)

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (dict(self),)

    def __deepcopy__(self, _memo: object) -> Frozen[_K, _V]:
        return self

    def __copy__(self) -> Frozen[_K, _V]:
        return self


_PLAIN = frozenset((str, int, float, bool, NoneType, date, datetime, Decimal, Frozen))


class _Kinds(dict[Any, bool]):
    """By type, whether its values are, or may hold, a mapping or list that somebody could change; asked for every value of a result."""

    def __missing__(self, kind: Any) -> bool:
        if len(self) >= 1024:
            self.clear()
        self[kind] = kind not in _PLAIN and (kind is tuple or issubclass(kind, (Mapping, list, set)))
        return self[kind]


_may_change: Final = _Kinds().__getitem__


def _holds_any(parts: Iterable[object]) -> bool:
    """Whether any of some values may change."""
    return any(map(_may_change, map(type, parts)))


def frozen(value: Any) -> Any:
    """A value with every mapping and list in it frozen; what is frozen already is given back as it is.

    >>> frozen({"row": {"kinds": ["late"]}})
    {'row': {'kinds': ('late',)}}
    """
    kind: Any = type(value)
    if not _may_change(kind):
        return value
    match value:
        case Frozen():
            return value
        case dict() if not _holds_any(value.values()):
            return Frozen(value)
        case Mapping():
            return Frozen({key: frozen(part) for key, part in value.items()})
        case list():
            return tuple(frozen(part) for part in value)
        case tuple() if kind is tuple and _holds_any(value):
            parts = tuple(frozen(part) for part in value)
            return value if all(part is own for part, own in zip(parts, value, strict=True)) else parts
        case set():
            return frozenset(value)
        case _:
            return value


@cache
def _shown(kind: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    """The fields of a dataclass but for its own bookkeeping (`_x`), which is nobody's to change; and what reads them all."""
    names = tuple(field.name for field in fields(kind) if not field.name.startswith("_"))
    return names, attrgetter(*names) if len(names) > 1 else lambda made: tuple(getattr(made, name) for name in names)


def freeze(made: Any) -> None:
    """Freeze the fields of a frozen dataclass as it is made: whatever they hold, however they are declared."""
    kind: Any = type(made)
    names, read = _shown(kind)
    values = read(made)
    if _holds_any(values):
        for name, value in zip(names, values, strict=True):
            if _may_change(kind := type(value)) and (kind is not tuple or _holds_any(value)) and (kept := frozen(value)) is not value:
                object.__setattr__(made, name, kept)


@cache
def _setters(kind: Any) -> tuple[Callable[[Any, Any], None], ...]:
    return tuple(getattr(kind, field.name).__set__ for field in fields(kind))


def of_unchanging(kind: type[_Made], values: Iterable[Any]) -> _Made:
    """A frozen dataclass with slots of values that nobody can change, one for each of its fields: they are not looked through."""
    made = object.__new__(kind)
    for set_, value in zip(_setters(cast("Any", kind)), values, strict=True):
        set_(made, value)
    return made
