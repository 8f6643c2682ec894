"""Finding a day and counting along working days: years read on first need, joined into one table, kept."""

from __future__ import annotations

from datetime import date

from govservice.calendars.local import LocalNotice
from govservice.calendars.table import WorkdayTable
from govservice.calendars.years import Source, Year
from govservice.errors import OutsideCalendar, ProvisionalDay, Words


class Lookup:
    """The days of a source under local notices. What it keeps is a memory only: it changes no answer.

    `fast` is the part of the table that needs no second look: all of it, or under `strict` a part without provisional days.
    """

    __slots__ = ("_full", "_years", "fast", "local", "name", "source", "strict")

    def __init__(self, source: Source, local: tuple[LocalNotice, ...], name: str, *, strict: bool) -> None:
        self.source = source
        self.local = local
        self.name = name
        self.strict = strict
        self.fast: WorkdayTable | None = None
        self._full: WorkdayTable | None = None
        self._years: dict[int, Year] = {}

    def year_of(self, day: date) -> Year:
        """The year of a day."""
        self.inside(day)
        self._refuse_provisional(day.year)
        return self._year(day.year)

    def table(self, a: date, b: date) -> WorkdayTable:
        """A table that holds two days and all between."""
        self.inside(a)
        self.inside(b)
        low, high = min(a, b).year, max(a, b).year
        self._refuse_provisional(low, high)
        return self._covering(low, high)

    def walk(self, day: date, n: int) -> date:
        """The n-th working day from a day: joins further years until it is found or the calendar ends."""
        low = high = day.year
        self.inside(day)
        self._refuse_provisional(low, high)
        while True:
            table = self._covering(low, high)
            place = table.place(day, n)
            if 0 <= place < len(table.dates):
                workday = table.dates[place]
                self._refuse_provisional(*sorted((day.year, workday.year)))
                return workday
            missing = 1 + (-place if place < 0 else place - len(table.dates)) // 366  # years at least
            low, high = (table.first_year - missing, high) if place < 0 else (low, table.last_year + missing)
            if low < self.source.first_year or high > self.source.last_year:
                raise self._outside(
                    Words(
                        f"{n} working days from {day} lead out of the calendar {self.name}",
                        f"自 {day} 起 {n} 个工作日超出日历 {self.name} 的范围",
                    )
                )
            self._refuse_provisional(*((low, day.year) if place < 0 else (day.year, high)))

    def inside(self, day: date) -> None:
        """Refuses a day before the calendar begins or after it ends."""
        if not self.source.first_year <= day.year <= self.source.last_year:
            raise self._outside(Words(f"{day} is outside the calendar {self.name}", f"{day} 超出日历 {self.name} 的范围"))

    def _outside(self, what: Words) -> OutsideCalendar:
        first, last = date(self.source.first_year, 1, 1), date(self.source.last_year, 12, 31)
        return OutsideCalendar(what, why=Words(f"it covers {first} to {last}", f"该日历从 {first} 到 {last}"))

    def _refuse_provisional(self, low: int, high: int | None = None) -> None:
        """Under `strict`, refuses the first year of a span that no published notice covers."""
        if not self.strict:
            return
        for year in range(low, (low if high is None else high) + 1):
            if not self.source.is_official(year):
                raise ProvisionalDay(
                    Words(f"the days of {year} are provisional", f"{year} 年的日子尚属暂定"),
                    why=Words("no notice known to this calendar fixes them", "此日历所知的通知均未确定"),
                    hint=Words("give its notice with notices=[...], or leave strict out", "请用 notices=[...] 提供通知，或不用 strict"),
                )

    def _year(self, number: int) -> Year:
        """A year, local notices laid over it in the order they were given."""
        if number not in self._years:
            year = self.source.year(number)
            for notice in self.local:
                year = notice.over(year)
            self._years[number] = year
        return self._years[number]

    def _covering(self, first: int, last: int) -> WorkdayTable:
        """A table of a run of whole years that holds the given ones; kept, and made longer on need."""
        table = self._full
        if table is not None and table.first_year <= first and last <= table.last_year:
            return table
        if table is None:
            opening = self.source.opening(first)
            low, high = min(first, opening.start), max(last, opening.stop - 1)
        else:
            low, high = min(first, table.first_year), max(last, table.last_year)
        table = self._full = WorkdayTable(self._year(year) for year in range(low, high + 1))
        if not self.strict or all(self.source.is_official(year) for year in range(low, high + 1)):
            self.fast = table
        return table
