"""Frozen means frozen: mappings that nobody can change, in entries of a book and in results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from types import NoneType
from typing import Any, NoReturn, TypeVar

__all__ = ["Frozen", "freeze"]

_K = TypeVar("_K")
_V = TypeVar("_V")


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


@lru_cache(1024)
def _may_change(kind: Any) -> bool:
    """Whether values of a type are, or may hold, a mapping or list that somebody could change."""
    return kind not in _PLAIN and (kind is tuple or issubclass(kind, (Mapping, list, set)))


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
        case Mapping():
            return Frozen({key: frozen(part) for key, part in value.items()})
        case list():
            return tuple(frozen(part) for part in value)
        case tuple() if kind is tuple:
            parts = tuple(frozen(part) for part in value)
            return value if all(part is own for part, own in zip(parts, value, strict=True)) else parts
        case set():
            return frozenset(value)
        case _:
            return value


@cache
def _shown(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass but for its own bookkeeping (`_x`), which is nobody's to change."""
    return tuple(field.name for field in fields(kind) if not field.name.startswith("_"))


def freeze(made: Any) -> None:
    """Freeze the fields of a frozen dataclass as it is made: whatever they hold, however they are declared."""
    kind: Any = type(made)
    for name in _shown(kind):
        value = getattr(made, name)
        if (kept := frozen(value)) is not value:
            object.__setattr__(made, name, kept)
