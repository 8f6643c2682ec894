"""One sign of a good book replaced by its full-width twin: the book means the same, or is refused in the line of the slip."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import NamedTuple

from tests.rules.test_slips_of_the_pen import BOOKS, copied, places_of, verdict

__all__ = ["Twin", "broken_by", "spoilt"]


class Twin(NamedTuple):
    """A book, a place in it, and what stands there instead."""

    path: Path
    at: int
    sign: str


def spoilt(chance: random.Random) -> Twin:
    """A good book and one sign of it in another width; small books are drawn more often than their length would have it."""
    path = chance.choice(BOOKS)
    return Twin(path, *chance.choice(places_of(path)))


def broken_by(twin: Twin, folder: Path) -> str | None:
    """What the twin breaks: None where the book says the same, or is refused where it stands."""
    if not (folder / twin.path.name).exists():
        copied(folder)
    try:
        return verdict(twin.path, twin.at, twin.sign, folder)
    finally:
        shutil.copy(twin.path, folder / twin.path.name)
