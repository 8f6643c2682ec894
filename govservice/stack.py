"""How much of Python's stack is left: what the program around has used of it is no fault of a book or a file."""

from __future__ import annotations

import sys
from typing import Final

__all__ = ["raise_where_little_is_left"]

_ENOUGH: Final = 700  # levels, of the thousand that Python gives a program: what is nested deeper than they reach is nested too deep


def raise_where_little_is_left(error: BaseException) -> None:
    """Raise a RecursionError again where the program around has left so little of the stack that nothing can be said of what was read."""
    if not isinstance(error, RecursionError):
        return
    depth, frame = 0, sys._getframe()
    while (frame := frame.f_back) is not None:  # type: ignore[assignment]
        depth += 1
    if sys.getrecursionlimit() - depth < _ENOUGH:
        raise error
