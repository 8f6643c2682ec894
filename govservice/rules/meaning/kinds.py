"""Subjects of one kind: what many of them come to alike is worked out once. For those who work through a whole table."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from govservice.errors import GovServiceError
from govservice.rules.book.entries import Entry, expressions
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, InList, Name, Previous, Streak, walk
from govservice.rules.language.values import Interval, Unknown

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.subjects import Subject

__all__ = ["Kinds", "eras"]

_T = TypeVar("_T")
_MOST: Final = 20_000  # of one thing that are remembered
_TRIED: Final = 500  # before it is seen whether remembering is worth it
_SELDOM: Final = 10  # one in so many must have been seen before
_ELSEWHERE: Final = (Aggregate, Discretion, InList, Previous, Streak)  # read more than the names in them
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
