"""A calendar as it would be if a provisional year were arranged in one of the ways of past years."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from govservice.calendars.calendar import WorkCalendar
from govservice.calendars.days import HOLIDAY, MAKEUP, WORKDAY
from govservice.calendars.national import NationalDays
from govservice.calendars.statutory import forecast
from govservice.calendars.years import SATURDAY, Year

if TYPE_CHECKING:
    from govservice.calendars.patterns import Arrangement

SOURCE = "假设"


def possible_arrangements(calendar: WorkCalendar, first: date, last: date) -> tuple[tuple[Arrangement, ...], ...]:
    """The holidays of provisional years whose arrangement may touch the days between two days: for each the ways it may be arranged.

    None where the calendar is not China's, for computed law has no swaps.
    """
    source = calendar._lookup.source
    if not isinstance(source, NationalDays):
        return ()
    years = (year for year in range(first.year, min(last.year + 1, source.last_year) + 1) if not source.is_official(year))
    holidays = (ways for year in years for ways in source.possible(year))
    return tuple(ways for ways in holidays if any(first <= day <= last for way in ways for day in way.rest | way.worked))


def supposing(calendar: WorkCalendar, chosen: Iterable[Arrangement]) -> WorkCalendar:
    """China's calendar with provisional years forecast and then arranged so; local notices go over it as they did."""
    lookup = calendar._lookup
    assert isinstance(lookup.source, NationalDays)
    source = SupposedDays(lookup.source, tuple(chosen))
    return WorkCalendar(source, tz=calendar.tz, name=calendar.name, local=lookup.local)


class SupposedDays:
    """China's days where provisional years follow the forecast, changed as supposed."""

    def __init__(self, base: NationalDays, chosen: tuple[Arrangement, ...]) -> None:
        self.base = base
        self.country, self.subdiv = base.country, base.subdiv
        self.first_year, self.last_year = base.first_year, base.last_year
        self._changed: dict[int, dict[int, tuple[int, str | None, str]]] = {}
        for days, rests in (([day for way in chosen for day in way.worked], False), ([day for way in chosen for day in way.rest], True)):
            for day in days:  # where two holidays meet, rest wins
                code = HOLIDAY if rests else WORKDAY if day.weekday() < SATURDAY else MAKEUP
                self._changed.setdefault(day.year, {})[day.toordinal()] = (code, None, SOURCE)

    def is_official(self, year: int) -> bool:
        """As the base: what is supposed is fixed by nobody."""
        return self.base.is_official(year)

    def opening(self, year: int) -> range:
        """One year at a time: few are needed, and not for long."""
        return range(year, year + 1)

    def year(self, year: int) -> Year:
        """The days of one year."""
        days = self.base.year(year) if self.base.is_official(year) else forecast(year, self.base.law(year))
        changed = self._changed.get(year)
        return days.with_named(changed) if changed else days

    def to_dict(self) -> dict[str, Any]:
        """As the base: a supposed calendar is worked with and not kept."""
        return self.base.to_dict()

    def call(self, tz: str | None, *, strict: bool) -> None:
        """No call gives what is supposed."""
