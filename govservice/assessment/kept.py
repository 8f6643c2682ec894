"""What was worked out already, bounded: the oldest entries make room."""

from __future__ import annotations

from itertools import islice
from typing import TypeVar

__all__ = ["Kept"]

_K = TypeVar("_K")
_V = TypeVar("_V")


class Kept(dict[_K, _V]):
    """A mapping of at most so many entries: where it is full the oldest half goes, and is worked out again when asked for.

    >>> kept = Kept(2)
    >>> for number in range(3):
    ...     kept[number] = number * number
    >>> kept
    {1: 1, 2: 4}
    """

    __slots__ = ("most",)

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def __setitem__(self, key: _K, value: _V) -> None:
        if len(self) >= self.most and key not in self:
            for oldest in list(islice(self, max(self.most // 2, 1))):
                del self[oldest]
        super().__setitem__(key, value)
