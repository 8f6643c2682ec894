"""A run of whole years as one sorted tuple of workdays and an index into it: adding n workdays costs the same for every n."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import accumulate, chain

from govservice.calendars.years import Year


class WorkdayTable:
    """The workdays of a run of years.

    `dates` are the workdays in order. `before[i]` is how many of them lie before day `first + i` (an ordinal), with one more entry
    for the end, so that day i is worked exactly where `before[i + 1] > before[i]`. Tuples, not arrays: an index then makes no object.
    """

    __slots__ = ("before", "dates", "first", "first_year", "last_year")

    def __init__(self, years: Iterable[Year]) -> None:
        run = list(years)
        self.first_year, self.last_year = run[0].year, run[-1].year
        self.first = run[0].first
        self.dates = tuple(chain.from_iterable(year.workdays for year in run))
        self.before = tuple(accumulate(b"".join(year.worked for year in run), initial=0))

    def place(self, day: date, n: int) -> int:
        """Where in `dates` the n-th working day from a day of the run stands; it may lie outside them."""
        at = day.toordinal() - self.first
        return self.before[at + 1] + n - 1 if n > 0 else self.before[at] + n

    def count(self, a: date, b: date) -> int:
        """How many working days lie after one day of the run, up to another."""
        return self.before[b.toordinal() + 1 - self.first] - self.before[a.toordinal() + 1 - self.first]

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """The working days from one day of the run to another, both included."""
        return self.dates[self.before[first.toordinal() - self.first] : self.before[last.toordinal() + 1 - self.first]]

    def works(self, day: date) -> bool:
        """Is a day of the run worked?"""
        at = day.toordinal() - self.first
        return self.before[at + 1] != self.before[at]
