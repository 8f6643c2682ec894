"""The hint for a name that nobody declared."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from heapq import nsmallest
from typing import Final

from govservice.errors import NOTHING, Words

__all__ = ["did_you_mean"]

_COMPARED: Final = 100  # letter by letter; a table of thousands of columns and a file full of slips must not take for ever
_LONGEST: Final = 80


def did_you_mean(name: str, known: Iterable[str], otherwise: Words = NOTHING, *, cutoff: float = 0.6) -> Words:
    """The known name most like this one as a hint, `otherwise` where none is like it.

    Of more than a hundred names only the likeliest hundred are compared: those that begin alike, the nearest in length first.

    >>> did_you_mean("departmnts", ["subject", "departments"]).en
    'did you mean "departments"?'
    """
    name, known = name[:_LONGEST], list(known)
    if len(known) > _COMPARED:
        known = nsmallest(_COMPARED, known, key=lambda one: (one[:2] != name[:2], abs(len(one) - len(name)), one))
    near = get_close_matches(name, known, n=1, cutoff=cutoff)
    return Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？") if near else otherwise
