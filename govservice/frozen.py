"""A mapping that nobody can change, in what is handed out."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

__all__ = ["Frozen"]

_K = TypeVar("_K")
_V = TypeVar("_V")


class Frozen(dict[_K, _V]):
    """Prints, compares, pickles and goes into JSON as the dict that it is; a change is a TypeError.

    >>> Frozen({"case_type": "instant"})
    {'case_type': 'instant'}
    """

    __slots__ = ()

    def _refuse(self, *_args: Any, **_named: Any) -> NoReturn:
        raise TypeError("a result is not changed; dict(..) gives a copy to work on")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (dict(self),)
