"""One year of days as plain values, and what a calendar needs of whoever knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from govservice.calendars.days import HOLIDAY, KINDS, MAKEUP, WEEKEND, WORKDAY, Day

SATURDAY = 5


@dataclass(frozen=True)
class Year:
    """The days of one year: `kinds` has a code a day, `named` the holiday and source of each named day (by ordinal)."""

    year: int
    kinds: bytes
    named: Mapping[int, tuple[str | None, str]]
    source: str
    official: bool

    @cached_property
    def first(self) -> int:
        """The ordinal of 1 January."""
        return date(self.year, 1, 1).toordinal()

    def day(self, day: date) -> Day:
        """One day of the year."""
        ordinal = day.toordinal()
        code = self.kinds[ordinal - self.first]
        name, source = self.named.get(ordinal, (None, self.source))
        return Day(day, bool(code & 1), KINDS[code], name if code in {HOLIDAY, MAKEUP} else None, source, self.official)

    def with_named(self, named: Mapping[int, tuple[int, str | None, str]]) -> Year:
        """The year with some days replaced: ordinal -> (code, name, source); a name of None keeps the day's own."""
        kinds = bytearray(self.kinds)
        names = dict(self.named)
        for ordinal, (code, name, source) in named.items():
            kinds[ordinal - self.first] = code
            names[ordinal] = (name if name is not None else names.get(ordinal, (None, ""))[0], source)
        return Year(self.year, bytes(kinds), names, self.source, self.official)


def plain_year(year: int, source: str, *, official: bool) -> Year:
    """A year of Monday to Friday."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    kinds = bytes(ordinary(ordinal) for ordinal in range(first, last + 1))
    return Year(year, kinds, {}, source, official)


def ordinary(ordinal: int) -> int:
    """What a day of a Monday-to-Friday country is when nobody names it."""
    return WORKDAY if (ordinal - 1) % 7 < SATURDAY else WEEKEND


class Source(Protocol):
    """Who knows the days of a country, year by year. Equal sources give equal years."""

    @property
    def country(self) -> str: ...
    @property
    def subdiv(self) -> str | None: ...
    @property
    def first_year(self) -> int: ...
    @property
    def last_year(self) -> int: ...
    def is_official(self, year: int) -> bool: ...
    def year(self, year: int) -> Year: ...
    def opening(self, year: int) -> range: ...
    def to_dict(self) -> dict[str, Any]: ...
    def call(self, tz: str | None, *, strict: bool) -> str | None: ...
