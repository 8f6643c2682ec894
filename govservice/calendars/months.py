"""Months and years of a calendar, day by day: values to look at."""

from __future__ import annotations

import calendar as gregorian
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from govservice.as_json import AsJson
from govservice.calendars.days import Day
from govservice.errors import CalendarError, Lang, Words, known_lang
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.calendars.calendar import WorkCalendar

__all__ = ["MonthView", "YearView", "month_view", "weeks", "year_view"]


@dataclass(frozen=True, slots=True, repr=False)
class MonthView(AsJson):
    """One month of a calendar: `str()` is the Chinese text, a notebook shows the HTML.

    `weeks` are its weeks from Monday to Sunday, None for a day of another month. `name` is the calendar's.

    >>> from govservice import china
    >>> print(china().month(2026, 2))
                    2026年2月
    一    二    三    四    五    六    日
                                         1
     2     3     4     5     6     7     8
     9    10    11    12    13    14班  15休
    16休  17休  18休  19休  20休  21休  22休
    23休  24    25    26    27    28班
    2月14日 班 春节（国办发明电〔2025〕7号）
    2月15日至23日 休 春节（国办发明电〔2025〕7号）
    2月28日 班 春节（国办发明电〔2025〕7号）
    休 休息日  班 补班日
    """

    year: int
    month: int
    name: str
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """The days of the month, in order.

        >>> from govservice import china
        >>> len(china().month(2026, 2).days)
        28
        """
        return tuple(day for week in self.weeks for day in week if day is not None)

    def to_text(self, lang: Lang = "zh") -> str:
        """The month as text for a terminal, in Chinese or English.

        >>> from govservice import china
        >>> print(china().month(2026, 2).to_text("en").splitlines()[-1])
        R rest day  W make-up workday
        """
        return cast("str", machinery("show.calendar:month_text")(self, known_lang(lang)))

    def to_html(self, lang: Lang = "zh") -> str:
        """The month as one piece of HTML that needs no other file.

        >>> from govservice import china
        >>> china().month(2026, 2).to_html().count("<td title=")
        28
        """
        return cast("str", machinery("show.calendar:month_html")(self, known_lang(lang)))

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return self.to_html()


@dataclass(frozen=True, slots=True, repr=False)
class YearView(AsJson):
    """One year of a calendar, as its twelve months: `str()` is the Chinese text, a notebook shows the HTML.

    >>> from govservice import china
    >>> print(china().year(2026).to_text("en").splitlines()[0])
    2026 CN
    """

    year: int
    name: str
    months: tuple[MonthView, ...]

    def to_text(self, lang: Lang = "zh") -> str:
        """The year as text for a terminal: three months side by side, then the named days.

        >>> from govservice import china
        >>> print(china().year(2026).to_text("en").splitlines()[-1])
        R rest day  W make-up workday
        """
        return cast("str", machinery("show.calendar:year_text")(self, known_lang(lang)))

    def to_html(self, lang: Lang = "zh") -> str:
        """The year as one piece of HTML that needs no other file, and prints on one sheet of A4.

        >>> from govservice import china
        >>> china().year(2026).to_html().count("<table")
        12
        """
        return cast("str", machinery("show.calendar:year_page")(self, known_lang(lang)))

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.calendar:year_html")(self, "zh"))


def month_view(calendar: WorkCalendar, year: int, month: int) -> MonthView:
    """`WorkCalendar.month`."""
    if not 1 <= month <= 12:
        raise CalendarError(Words(f"a month is 1 to 12, not {month}", f"月份应为 1 至 12，不是 {month}"))
    if not 1 <= year <= 9999:
        raise CalendarError(Words(f"a year is 1 to 9999, not {year}", f"年份应为 1 至 9999，不是 {year}"))
    days = tuple(tuple(None if day is None else calendar.day(day) for day in week) for week in weeks(year, month))
    return MonthView(year, month, calendar.name, days)


def year_view(calendar: WorkCalendar, year: int) -> YearView:
    """`WorkCalendar.year`."""
    return YearView(year, calendar.name, tuple(month_view(calendar, year, month) for month in range(1, 13)))


def weeks(year: int, month: int) -> tuple[tuple[date | None, ...], ...]:
    """The weeks of a month from Monday to Sunday, None for a day of another month."""
    numbers = gregorian.Calendar(gregorian.MONDAY).monthdayscalendar(year, month)
    return tuple(tuple(date(year, month, number) if number else None for number in week) for week in numbers)
