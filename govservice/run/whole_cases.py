"""Cases that say the same under every name that anything about them is worked out from: their clocks and decisions are worked out once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice.reading.common import is_missing
from govservice.rules.meaning.kinds import eras, names_read, told_apart

if TYPE_CHECKING:
    from govservice.clockwork.course import Course
    from govservice.rules.book.contents import Contents
    from govservice.run.due_days import Dues

__all__ = ["WholeCase", "WholeCases"]

_MOST: Final = 100_000  # that are remembered
_LISTED: Final = frozenset((list, tuple))
_HELD: Final = frozenset((str, bool, int))  # of an outcome on record: then nothing else is read of it


class WholeCase(NamedTuple):
    """What a case came to: its clocks as they are reported, and what is decided about it."""

    dues: Dues
    decided: tuple[object, ...]


class WholeCases:
    """What cases came to, by what they say. All are of one book, calendar and day that counts as today, and look into the same lists.

    A case to which something happened, or of which that is in doubt, is worked out by itself; so is one that says something under a name
    that is no fact, or holds rows.
    """

    def __init__(self, contents: Contents, outcomes: Iterable[str]) -> None:
        self._contents = contents
        self._outcomes = tuple(outcomes)
        self._sight = frozenset(contents.sight("cases")[0])
        self._turns = eras(contents)
        chain = contents.chains["cases"]
        self._places = [("clocks", clock.id) for clock in contents.clocks.values() if clock.about in chain]
        self._places += [("decisions", decision.id) for decision in contents.decisions.values() if decision.about == "cases"]
        self._names: dict[frozenset[str], tuple[str, ...]] = {}
        self._known: dict[Hashable, WholeCase] = {}

    def of(self, facts: Mapping[str, Any], on: date | None, course: Course, work: Callable[[], WholeCase]) -> WholeCase:
        """What a case comes to; `work` says it of the case alone. `facts` are those that its clocks are read from."""
        key = self._key(facts, on, course)
        if key is None:
            return work()
        known = self._known.get(key)
        if known is None:
            known = work()
            if len(self._known) < _MOST:
                self._known[key] = known
        return known

    def _key(self, facts: Mapping[str, Any], on: date | None, course: Course) -> Hashable | None:
        if course.doubted or any(course.values()) or not facts.keys() <= self._sight or _holds_rows(facts):
            return None
        recorded = frozenset([name for name in self._outcomes if type(facts.get(name)) in _HELD and not is_missing(facts[name])])
        names = self._names.get(recorded)
        if names is None:
            names = self._names[recorded] = names_read(self._contents, self._places, recorded)
        values = told_apart(tuple(map(facts.get, names)))
        era = None if on is None else bisect_right(self._turns, on)
        return None if values is None else (recorded, era, tuple(course), values)


def _holds_rows(facts: Mapping[str, Any]) -> bool:
    """Whether a fact may be a list of rows."""
    if _LISTED.isdisjoint(map(type, facts.values())):
        return False
    return any(type(value) in _LISTED and not all(type(part) is str for part in value) for value in facts.values())
