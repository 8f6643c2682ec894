"""China's official calendar: the State Council's notices joined, older years and years without a notice taken from elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from govservice.calendars.calendar import WorkCalendar
from govservice.calendars.days import HOLIDAY, MAKEUP, as_day, zone_of
from govservice.calendars.notice import CalendarNotice, shipped_notices
from govservice.calendars.patterns import Arrangement, Pattern, past_patterns, possible
from govservice.calendars.statutory import FIRST_YEAR, LAST_YEAR, OLD_YEARS, Law, carries_swaps, forecast, law_for, swapped
from govservice.calendars.years import Year, ordinary, plain_year
from govservice.errors import CalendarError, Words

__all__ = ["china"]

TZ = "Asia/Shanghai"
Named = dict[int, tuple[int, str | None, str]]


def china(
    *, known_on: date | None = None, notices: Iterable[str | os.PathLike[str] | CalendarNotice] = (), strict: bool = False
) -> WorkCalendar:
    """China's official calendar of rest days and make-up workdays.

    It covers 2004-2099. 2007 and later rest on the State Council's notices, one data file each; 2004-2006 on the `holidays` package,
    and are official too. A year without a notice is provisional: the swaps that the installed `holidays` knows, or else the
    statutory days forecast; `official` is False on every day of it.

    known_on  The calendar as it was known on that day: notices issued later are left out, amendments too, and the statutes are those
              of that day. (The notices of 2004-2006 have no day of issue here; each counts as known from 1 January of its year.)
    notices   Further notice files, or `CalendarNotice`s; an empty file means "not announced". The same notice given twice is one.
    strict    Refuse, with ProvisionalDay, every question that touches a provisional day.

    Raises CalendarError where a notice file cannot be read or contradicts another. Source: 国务院办公厅关于部分节假日安排的通知.

    >>> china().add_workdays(date(2026, 2, 13), 5)      # over spring festival
    datetime.date(2026, 2, 27)
    >>> china(known_on=date(2020, 1, 20)).is_workday(date(2020, 1, 31)), china().is_workday(date(2020, 1, 31))
    (True, False)
    """
    if isinstance(notices, str | bytes | os.PathLike | CalendarNotice) or not isinstance(notices, Iterable):
        raise CalendarError(
            Words("notices is a list of files", "notices 应为文件列表"), hint=Words("write notices=[path]", "请写作 notices=[path]")
        )
    read = (given if isinstance(given, CalendarNotice) else CalendarNotice.read(given) for given in notices)
    further = tuple(notice for notice in read if notice is not None)
    return _china(None if known_on is None else as_day(known_on, zone_of(TZ)), further, bool(strict))


@lru_cache(maxsize=64)  # a pure function of its arguments and of the shipped files
def _china(known_on: date | None, further: tuple[CalendarNotice, ...], strict: bool) -> WorkCalendar:
    known = _in_force([*shipped_notices(), *further], known_on)
    return WorkCalendar(NationalDays(known, known_on), tz=TZ, name="CN", strict=strict)


def _in_force(given: Sequence[CalendarNotice], known_on: date | None) -> tuple[CalendarNotice, ...]:
    """The notices issued by a day, in the order of issue, each once and none at odds with another."""
    by_cite: dict[str, CalendarNotice] = {}
    for notice in given:
        other = by_cite.setdefault(notice.cite, notice)
        if other != notice:
            raise CalendarError(
                Words("two files of this notice say different things", "此通知的两份文件内容不同"),
                hint=Words("keep the right one", "请保留正确的一份"),
                id=notice.cite,
            )
    notices = sorted(by_cite.values(), key=lambda notice: (notice.issued_on, notice.amends is not None))
    bases: dict[int, CalendarNotice] = {}
    for notice in notices:
        if notice.amends is None:
            _refuse_second(bases.setdefault(notice.year, notice), notice)
        elif bases.get(notice.year) is None or notice.amends not in {n.cite for n in notices if n.year == notice.year and n is not notice}:
            raise CalendarError(
                Words(
                    f"it amends {notice.amends}, which is no notice of {notice.year}",
                    f"所修改的 {notice.amends} 不是 {notice.year} 年的通知",
                ),
                hint=Words("check the number under amends:", "请核对 amends: 的文号"),
                id=notice.cite,
            )
    return tuple(notice for notice in notices if known_on is None or notice.issued_on <= known_on)


def _refuse_second(first: CalendarNotice, notice: CalendarNotice) -> None:
    if first is not notice:
        raise CalendarError(
            Words(f"the year {notice.year} has a notice already: {first.cite}", f"{notice.year} 年已有通知：{first.cite}"),
            hint=Words(f"if it changes that one, add amends: {first.cite}", f"如为修改，请写 amends: {first.cite}"),
            id=notice.cite,
        )


class NationalDays:
    """China's days, year by year, from notices in force and, beyond them, from `holidays`, which is imported only then."""

    country = "CN"
    subdiv = None
    first_year = FIRST_YEAR
    last_year = LAST_YEAR

    def __init__(self, notices: tuple[CalendarNotice, ...], known_on: date | None) -> None:
        self.notices = notices
        self.known_on = known_on
        self._years: dict[int, Year] = {}
        self._possible: dict[int, tuple[tuple[Arrangement, ...], ...]] = {}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NationalDays):
            return NotImplemented
        return self.known_on == other.known_on and self.notices == other.notices

    def __hash__(self) -> int:
        return hash((self.known_on, len(self.notices)))

    def __reduce__(self) -> tuple[Any, ...]:
        return NationalDays, (self.notices, self.known_on)

    def to_dict(self) -> dict[str, Any]:
        """The notices and the day they were known on, as plain values."""
        known_on = None if self.known_on is None else self.known_on.isoformat()
        return {"known_on": known_on, "notices": [notice.to_dict() for notice in self.notices]}

    def call(self, tz: str | None, *, strict: bool) -> str | None:
        """The call that gives the calendar of these days, as source text; None where a notice that is not shipped is among them."""
        if self.notices != _in_force(shipped_notices(), self.known_on):
            return None
        if tz == TZ:
            options = {"known_on": self.known_on, "strict": strict}
            return f"china({', '.join(f'{name}={value!r}' for name, value in options.items() if value)})"
        return None if strict or self.known_on else f"WorkCalendar.of('CN', tz={tz!r})"

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> NationalDays:
        """What `to_dict` wrote."""
        known_on = None if values["known_on"] is None else date.fromisoformat(values["known_on"])
        return cls(tuple(CalendarNotice.from_dict(notice) for notice in values["notices"]), known_on)

    @cached_property
    def _bases(self) -> dict[int, CalendarNotice]:
        return {notice.year: notice for notice in self.notices if notice.amends is None}

    @cached_property
    def _named(self) -> dict[int, Named]:
        """What the notices name, by year: a later notice over an earlier one, an amendment citing what it amends."""
        named: dict[int, Named] = {}
        for notice in self.notices:
            amended = self._bases[notice.year].cite if notice.amends else None
            days = [(day, HOLIDAY, name) for day, name in notice.rest_days]
            days += [(day, MAKEUP, name) for day, name in notice.makeup_workdays]
            for day, code, name in days:
                _name_day(named, day, (code, name, notice.cite), amended)
            for day in notice.ordinary_days:
                _name_day(named, day, (ordinary(day.toordinal()), None, notice.cite), amended)
        return named

    def is_official(self, year: int) -> bool:
        """Has a notice known by then fixed the year?"""
        if year in OLD_YEARS:
            return self.known_on is None or date(year, 1, 1) <= self.known_on
        return year in self._bases

    def opening(self, year: int) -> range:
        """The years to join at once: those of the notices where the year is one of them, else the year alone."""
        if year not in self._bases:
            return range(year, year + 1)
        first = last = year
        while first - 1 in self._bases:
            first -= 1
        while last + 1 in self._bases:
            last += 1
        return range(first, last + 1)

    def year(self, year: int) -> Year:
        """The days of one year."""
        if year not in self._years:
            self._years[year] = self._unnamed(year).with_named(self._named.get(year, {}))
        return self._years[year]

    def _unnamed(self, year: int) -> Year:
        """The year before any notice is laid over it."""
        if year in self._bases:
            return plain_year(year, self._bases[year].cite, official=True)
        if year in OLD_YEARS and self.is_official(year):
            return self._old(year)
        if self.known_on is None and carries_swaps(year):
            return swapped(year, official=False)
        return forecast(year, self.law(year))

    def law(self, year: int) -> Law:
        """The list of days that a year is forecast from, as known."""
        return law_for(year, self.known_on)

    @cached_property
    def _patterns(self) -> dict[str, tuple[Pattern, ...]]:
        return past_patterns(self.notices)

    def possible(self, year: int) -> tuple[tuple[Arrangement, ...], ...]:
        """For each holiday of a provisional year the ways it may be arranged, by the notices known."""
        if year not in self._possible:
            self._possible[year] = possible(year, self.law(year), self._patterns)
        return self._possible[year]

    def _old(self, year: int) -> Year:
        """A year of 2004-2006; its December as the notice of the year after left it, once that was known."""
        days = swapped(year, official=True)
        if self.is_official(year + 1):
            return days
        december = date(year, 12, 1).toordinal()
        made_up = {ordinal for ordinal in days.named if ordinal >= december and days.kinds[ordinal - days.first] == MAKEUP}
        return days.with_named({ordinal: (ordinary(ordinal), None, days.source) for ordinal in made_up})


def _name_day(named: dict[int, Named], day: date, what: tuple[int, str | None, str], amended: str | None) -> None:
    year = named.setdefault(day.year, {})
    code, name, cite = what
    if amended is None:
        year[day.toordinal()] = what
        return
    before = year.get(day.toordinal())
    source = f"{before[2] if before else amended}; {cite}"
    year[day.toordinal()] = (code, name, source)
