"""Subjects of one kind: what many of them come to alike is worked out once. For those who work through a whole table."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from govservice.errors import GovServiceError
from govservice.limits import TimeLimit
from govservice.rules.book.dependencies import Place, uses
from govservice.rules.book.entries import Entry, expressions
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, InList, Name, Previous, Streak, walk
from govservice.rules.language.values import Interval, Nothing, Unknown

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.subjects import Subject

__all__ = ["Kinds", "eras", "names_read", "told_apart"]

_T = TypeVar("_T")
_MOST: Final = 20_000  # of one thing that are remembered
_TRIED: Final = 500  # before it is seen whether remembering is worth it
_SELDOM: Final = 10  # one in so many must have been seen before
_ELSEWHERE: Final = (Aggregate, Discretion, InList, Previous, Streak)  # read more than the names in them
_EXACT: Final = frozenset((type(None), str, bool, int, date))  # equal ones of a type are one value
_SPELT: Final = frozenset((datetime, Decimal, float, TimeLimit, Nothing))  # equal ones may be written differently
_BEYOND: Final = frozenset(("measure", "scheme", "scope"))  # what these may be, while they are open, hangs on more than their value


class Kinds:
    """What subjects came to, by what it was worked out from: the values of the names that it reads, the day's era, the table.

    All subjects are of one book, calendar and day that counts as today, and nothing is said around them. What reads other rows is worked
    out for each; so is what seldom comes twice, and what cannot be read.
    """

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._reads: dict[Hashable, tuple[Name, ...] | None] = {}
        self._known: dict[Hashable, dict[Hashable, Any]] = defaultdict(dict)
        self._asked: dict[Hashable, int] = defaultdict(int)
        self._met: dict[Hashable, int] = defaultdict(int)

    def of_entry(self, what: Hashable, entry: Entry, subject: Subject, work: Callable[[], _T], also: Hashable = None) -> _T:
        """What an entry comes to for a subject; `what` names it, `also` is what else it is worked out from."""
        if what not in self._reads:
            self._reads[what] = _names(expressions(entry))
        return self._worked(what, subject, work, also)

    def of_expression(self, what: Hashable, expression: Expression, subject: Subject, work: Callable[[], _T]) -> _T:
        """What an expression comes to for a subject."""
        if what not in self._reads:
            self._reads[what] = _names((expression,))
        return self._worked(what, subject, work, None)

    def of_values(self, what: Hashable, values: Hashable, work: Callable[[], _T]) -> _T:
        """What is worked out from these values and nothing else."""
        known = self._known[what]
        if values not in known:
            made = work()
            if len(known) >= _MOST:
                return made
            known[values] = made
        return cast("_T", known[values])

    def _worked(self, what: Hashable, subject: Subject, work: Callable[[], _T], also: Hashable) -> _T:
        reads = self._reads[what]
        if reads is None:
            return work()
        values = _values(reads, subject)
        if values is None:
            return work()
        key = (subject.table, self._era(subject.surroundings.on), also, values)
        known = self._known[what]
        self._asked[what] += 1
        if key in known:
            self._met[what] += 1
            return cast("_T", known[key])
        made = work()
        if self._asked[what] == _TRIED and self._met[what] * _SELDOM < _TRIED:
            self._reads[what] = None
            known.clear()
        elif len(known) < _MOST:
            known[key] = made
        return made

    def _era(self, on: date | None) -> int | None:
        return None if on is None else bisect_right(self._turns, on)

    @cached_property
    def _turns(self) -> tuple[date, ...]:
        return eras(self.contents)


def told_apart(values: tuple[object, ...]) -> Hashable | None:
    """What is the same for raw values that are equal, of one type each and written alike; None where one of them is of another kind.

    >>> told_apart((1, None)) == told_apart((True, None)), told_apart((Decimal("1.0"),)) == told_apart((Decimal(1),)), told_apart(([],))
    (False, False, None)
    """
    types = tuple(map(type, values))
    if _EXACT.issuperset(types):
        return types, values
    others = [value for value in values if type(value) not in _EXACT]
    return (types, values, tuple(map(repr, others))) if _SPELT.issuperset(map(type, others)) else None


def names_read(contents: Contents, places: Iterable[Place], recorded: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The names that entries read, of themselves and through all that they use, the office hours among it.

    Of an outcome that is `recorded` nothing else is read.
    """
    sections: Mapping[str, Mapping[str, Entry]] = {
        "decisions": contents.decisions, "measures": contents.measures, "schemes": contents.schemes, "clocks": contents.clocks,
    }  # fmt: skip
    names: set[str] = set()
    seen: set[Place] = set()
    waiting = list(places)
    read: list[Expression] = [] if contents.hours is None else [contents.hours]
    while waiting or read:
        for part in (part for of in read for part in walk(of)):
            if isinstance(part, Name):
                names.add(part.id)
                waiting += [] if part.id in recorded else uses((part,), contents.schemes)
            elif isinstance(part, Aggregate):
                waiting += [place for source in part.sources for place in _behind(source, contents)]
        read = []
        place = waiting.pop() if waiting else ("", "")
        if place not in seen and place[1] in sections.get(place[0], {}):
            read = list(expressions(sections[place[0]][place[1]]))
        seen.add(place)
    return tuple(sorted(names))


def _behind(source: str, contents: Contents) -> list[Place]:
    """The entry whose rows an aggregate runs over, where they are one's."""
    return [("schemes", source)] if source in contents.schemes else [("clocks", source.partition(".")[0])] if "." in source else []


def eras(contents: Contents) -> tuple[date, ...]:
    """The first days of a book's eras: on the days of one the same entries are in force."""
    days = {entry.from_ for entry in contents.entries() if entry.from_ is not None}
    return tuple(sorted(days | {entry.until + timedelta(1) for entry in contents.entries() if entry.until not in (None, date.max)}))


def _names(read: Iterable[Expression]) -> tuple[Name, ...] | None:
    """The names in some expressions, each once; None where they read more than these."""
    names: dict[str, Name] = {}
    for expression in read:
        for part in walk(expression):
            if isinstance(part, _ELSEWHERE):
                return None
            if isinstance(part, Name):
                names.setdefault(part.id, part)
    return tuple(names.values())


def _values(reads: tuple[Name, ...], subject: Subject) -> Hashable | None:
    """What the names are worth, and what those that are open may be; None where that says too little, or one cannot be read."""
    values: list[Hashable] = []
    try:
        for name in reads:
            value = subject.value(name)
            if isinstance(value, (Unknown, Interval)):
                if name.home in _BEYOND:
                    return None
                values.append(subject.possible(name) if name.granted_by is not None else None)
            elif isinstance(value, datetime):
                values.append(value.utcoffset())  # one moment is another day elsewhere
            values.append(value)
    except GovServiceError:
        return None
    try:
        hash(key := tuple(values))
    except TypeError:
        return None
    return key
