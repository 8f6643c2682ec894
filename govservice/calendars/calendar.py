"""`WorkCalendar`: which days are worked, and counting along them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from govservice.as_json import reading_back
from govservice.calendars.days import Day, as_count, as_day, as_year, zone_of
from govservice.calendars.local import LocalNotice, local_notice
from govservice.calendars.lookup import Lookup
from govservice.calendars.years import Source
from govservice.doors import TEXT, optional, takes
from govservice.errors import CalendarError
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.calendars.months import MonthView, YearView

__all__ = ["WorkCalendar"]


class WorkCalendar:
    """A calendar of working days; a frozen value, made by `china()` or `WorkCalendar.of`.

    A day may be given as a date or as a moment. A naive moment stands for its own date, an aware one for its date in the calendar's
    time zone; the answer is a plain date. Years are read on first need and kept. Two calendars are equal where they are made of the
    same notices, options and amendments; `digest` is the same in every process. A day outside `first` to `last` raises
    OutsideCalendar, anything that is no day CalendarError.

    >>> from govservice import china
    >>> cal = china()
    >>> cal.is_workday(date(2026, 2, 14)), cal.add_workdays(date(2026, 2, 13), 5)
    (True, datetime.date(2026, 2, 27))
    """

    __slots__ = ("_digest", "_lookup", "name", "strict", "tz", "zone")

    name: str
    """What the calendar is called: the country and subdivision, then each local notice."""
    strict: bool
    """Are questions that touch a provisional day refused?"""
    tz: str | None
    """The key of the time zone, such as "Asia/Shanghai"; None for a calendar of naive moments."""
    zone: ZoneInfo | None
    """The time zone itself."""
    _lookup: Lookup
    _digest: str | None

    def __init__(self, source: Source, *, tz: str | None, name: str, strict: bool = False, local: tuple[LocalNotice, ...] = ()) -> None:
        """Not for callers: use `china()`, `WorkCalendar.of` and `amend`."""
        values = {"name": name, "strict": strict, "tz": tz, "zone": zone_of(tz), "_digest": None}
        values["_lookup"] = Lookup(source, local, name, strict=strict)
        for slot, value in values.items():
            object.__setattr__(self, slot, value)

    @staticmethod
    @takes(CalendarError, country=TEXT, subdiv=optional(TEXT), tz=optional(TEXT))
    def of(country: str, subdiv: str | None = None, tz: str | None = None) -> WorkCalendar:
        """The calendar of any country or subdivision that the `holidays` package knows; `of("CN")` is `china()`.

        Its public holidays and its weekend, as computed law: `official` is true on every day and `source` names the package.
        Without `tz` the calendar is for naive moments. CalendarError where the package does not know the place.

        >>> WorkCalendar.of("US", subdiv="MA").is_workday(date(2015, 4, 20))      # Patriots' Day
        False
        """
        return cast("WorkCalendar", machinery("calendars.elsewhere:calendar_of")(country, subdiv, tz))

    # Frozen, compared by content.

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a calendar is a value: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a calendar is a value: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return self is other or self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())

    def _identity(self) -> tuple[object, ...]:
        return self._lookup.source, self.tz, self.strict, self._lookup.local

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self._lookup.source, self.tz, self.name, self.strict, self._lookup.local)

    def __repr__(self) -> str:
        """The call that makes it (`import datetime`); where further notices went in, what it covers, between angle brackets."""
        made = self._lookup.source.call(self.tz, strict=self.strict)
        if made is None:
            through = f", official through {self.official_through}"
            return f"<WorkCalendar {self.name}, {self.first} to {self.last}{through}{', strict' if self.strict else ''}>"
        return made + "".join(f".amend({notice.arguments()})" for notice in self._lookup.local)

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.book_shown:calendar_html")(self, "zh"))

    def to_dict(self) -> dict[str, Any]:
        """Everything the calendar is made of, as plain values for JSON; `from_dict` reads it back.

        >>> WorkCalendar.of("US", subdiv="MA").to_dict()["subdiv"]
        'MA'
        """
        source = self._lookup.source
        return {
            "country": source.country,
            "subdiv": source.subdiv,
            "tz": self.tz,
            "name": self.name,
            "strict": self.strict,
            "source": source.to_dict(),
            "local": [notice.to_dict() for notice in self._lookup.local],
        }

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> WorkCalendar:
        """The calendar that `to_dict` wrote.

        >>> from govservice import china
        >>> WorkCalendar.from_dict(china().to_dict()) == china()
        True
        """
        with reading_back("WorkCalendar"):
            local = tuple(LocalNotice.from_dict(notice) for notice in values["local"])
            return _rebuild(
                machinery("calendars.elsewhere:source_from_dict")(values), values["tz"], values["name"], values["strict"], local
            )

    @property
    def country(self) -> str:
        """The code of the country whose law it follows, "CN" for China.

        >>> WorkCalendar.of("US", subdiv="MA").country
        'US'
        """
        return self._lookup.source.country

    @property
    def digest(self) -> str:
        """A fingerprint of everything the answers rest on, the version of the `holidays` package included.

        >>> from govservice import china
        >>> china().digest == china().digest != china(strict=True).digest
        True
        """
        if self._digest is None:
            from govservice.calendars.statutory import holidays_version

            content = json.dumps([holidays_version(), self.to_dict()], ensure_ascii=False, sort_keys=True)
            object.__setattr__(self, "_digest", hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest())
        return self._digest or ""

    # What the calendar covers.

    @property
    def first(self) -> date:
        """The first day it can answer for."""
        return date(self._lookup.source.first_year, 1, 1)

    @property
    def last(self) -> date:
        """The last day it can answer for."""
        return date(self._lookup.source.last_year, 12, 31)

    @property
    def official_through(self) -> date:
        """The last day fixed by a published notice, with no gap before it; the day before `first` where nothing is fixed.

        >>> from govservice import china
        >>> china(known_on=date(2020, 1, 20)).official_through
        datetime.date(2020, 12, 31)
        """
        source = self._lookup.source
        year = source.first_year
        while year <= source.last_year and source.is_official(year):
            year += 1
        return date(year - 1, 12, 31)

    # One day.

    def is_workday(self, day: date) -> bool:
        """Is the day worked?

        >>> from govservice import china
        >>> china().is_workday(date(2026, 2, 14))      # a Saturday made up for spring festival
        True
        """
        table = self._lookup.fast
        if type(day) is date and table is not None:
            at = day.toordinal() - table.first
            if 0 <= at < len(table.before) - 1:
                return table.before[at + 1] != table.before[at]
        plain = as_day(day, self.zone)
        return self._lookup.table(plain, plain).works(plain)

    def day(self, day: date) -> Day:
        """What the day is, and who says so.

        >>> from govservice import china
        >>> china().day(date(2026, 10, 3)).kind
        'holiday'
        """
        plain = as_day(day, self.zone)
        return self._lookup.year_of(plain).day(plain)

    def is_official(self, day: date) -> bool:
        """Has a published notice fixed the day? `strict` does not refuse this question.

        >>> from govservice import china
        >>> china().is_official(date(2026, 11, 20)), china().is_official(date(2040, 1, 1))
        (True, False)
        """
        plain = as_day(day, self.zone)
        self._lookup.inside(plain)
        return self._lookup.source.is_official(plain.year)

    # Counting.

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which is not counted; its cost does not depend on n.

        0 gives `day` itself where it is worked, else the next working day. A negative n goes back: -1 is the last working day
        before `day`.

        >>> from govservice import china
        >>> cal = china()
        >>> cal.add_workdays(date(2026, 9, 24), 1), cal.add_workdays(date(2026, 9, 25), 0), cal.add_workdays(date(2026, 9, 28), -1)
        (datetime.date(2026, 9, 28), datetime.date(2026, 9, 28), datetime.date(2026, 9, 24))
        """
        table = self._lookup.fast
        if type(day) is date and type(n) is int and table is not None:
            at = day.toordinal() - table.first
            if 0 <= at < len(table.before) - 1:
                place = table.before[at + 1] + n - 1 if n > 0 else table.before[at] + n
                if 0 <= place < len(table.dates):
                    return table.dates[place]
        return self._lookup.walk(as_day(day, self.zone), as_count(n))

    def workdays_between(self, a: date, b: date) -> int:
        """How many working days lie after `a` up to `b`: `a` is not counted, `b` is. Negative where `b` is before `a`.

        Always minus `workdays_between(b, a)`: a count back leaves out the earlier day and counts the later.

        >>> from govservice import china
        >>> china().workdays_between(date(2026, 2, 13), date(2026, 2, 14)), china().workdays_between(date(2026, 2, 14), date(2026, 2, 13))
        (1, -1)
        """
        table = self._lookup.fast
        if type(a) is date and type(b) is date and table is not None:
            before, most = table.before, len(table.before) - 1
            from_, to = a.toordinal() - table.first, b.toordinal() - table.first
            if 0 <= from_ < most and 0 <= to < most:
                return before[to + 1] - before[from_ + 1]
        start, end = as_day(a, self.zone), as_day(b, self.zone)
        return self._lookup.table(start, end).count(start, end)

    def next_workday(self, day: date) -> date:
        """The day itself where it is worked, else the next working day.

        >>> from govservice import china
        >>> china().next_workday(date(2026, 10, 1))
        datetime.date(2026, 10, 8)
        """
        return self.add_workdays(day, 0)

    def previous_workday(self, day: date) -> date:
        """The day itself where it is worked, else the working day before.

        >>> from govservice import china
        >>> china().previous_workday(date(2026, 10, 1))
        datetime.date(2026, 9, 30)
        """
        return as_day(day, self.zone) if self.is_workday(day) else self.add_workdays(day, -1)

    def days(self, first: date, last: date) -> Iterator[Day]:
        """Each day from `first` to `last`, both included; none where `last` is before `first`.

        >>> from govservice import china
        >>> [day.kind for day in china().days(date(2026, 2, 13), date(2026, 2, 15))]
        ['workday', 'makeup_workday', 'holiday']
        """
        start, end = as_day(first, self.zone), as_day(last, self.zone)
        return (self.day(start + timedelta(n)) for n in range((end - start).days + 1))

    def workdays(self, first: date, last: date) -> tuple[date, ...]:
        """The working days from `first` to `last`, both included.

        >>> from govservice import china
        >>> len(china().workdays(date(2026, 1, 1), date(2026, 12, 31)))
        248
        """
        start, end = as_day(first, self.zone), as_day(last, self.zone)
        return self._lookup.table(start, end).between(start, end) if start <= end else ()

    # Other calendars and pictures.

    def amend(
        self, *, rest_days: Iterable[date] = (), makeup_workdays: Iterable[date] = (), source: str, name: str | None = None
    ) -> WorkCalendar:
        """A new calendar with a local notice laid over this one: it adds rest days and workdays, and cancels them.

        `source` is who decided it, and is what `day().source` then says; `name` is what the days are called (None keeps each day's
        own name). A later `amend` goes over an earlier. The days of a provisional year stay provisional. CalendarError where a day
        is in both lists, no day is given, or the source is empty.

        >>> from govservice import china
        >>> guangxi = china().amend(rest_days=[date(2017, 4, 1)], makeup_workdays=[date(2017, 4, 8)], source="广西 2017")
        >>> guangxi.is_workday(date(2017, 4, 1)), guangxi.is_workday(date(2017, 4, 8)), guangxi.day(date(2017, 4, 8)).source
        (False, True, '广西 2017')
        """
        notice = local_notice(rest_days, makeup_workdays, source, name)
        for day, _ in notice.days():
            self._lookup.inside(day)
        return WorkCalendar(
            self._lookup.source, tz=self.tz, name=f"{self.name} + {source}", strict=self.strict, local=(*self._lookup.local, notice)
        )

    def month(self, year: int, month: int) -> MonthView:
        """One month to look at: `print` it, or show it in a notebook.

        >>> from govservice import china
        >>> print(china().month(2026, 2).to_text("en").splitlines()[0].strip())
        February 2026
        """
        from govservice.calendars.months import month_view

        return month_view(self, as_year(year), as_year(month))

    def year(self, year: int) -> YearView:
        """One year to look at: `print` it, or show it in a notebook.

        >>> from govservice import china
        >>> len(china().year(2026).months)
        12
        """
        from govservice.calendars.months import year_view

        return year_view(self, as_year(year))

    def to_ics(self, first: int | date, last: int | date | None = None, *, busy: str = "makeup_workdays") -> bytes:
        """Rest days and make-up workdays as an iCalendar file: of one year, of several, or from one day to another.

        Runs of days are one event each; those of a provisional year are tentative and say so. `busy` says which days block time:
        "makeup_workdays" (rest days are free: for whoever works by the calendar) or "rest_days" (for whoever blocks days off).
        Needs the `icalendar` package (the extra `exchange`), else MissingPackage. Raises CalendarError.

        >>> from govservice import china
        >>> china().to_ics(2026).count(b"BEGIN:VEVENT")
        13
        """
        return cast("bytes", machinery("show.calendar_ics:to_ics")(self, first, last, busy=busy))


def _rebuild(source: Source, tz: str | None, name: str, strict: bool, local: tuple[LocalNotice, ...]) -> WorkCalendar:
    return WorkCalendar(source, tz=tz, name=name, strict=strict, local=local)
