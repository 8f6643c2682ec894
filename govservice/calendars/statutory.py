"""The statutory days of China: what a year without a notice is forecast from, under the law as it stood on a given day.

The list comes from the Regulation on Public Holidays (全国年节及纪念日放假办法) and its revisions; the lunar and solar-term dates come
from the `holidays` package. Swaps are nobody's to forecast. `holidays` knows the swaps of past years and has bent some statutory
substitutes to them, so a forecast as known on an earlier day takes only the festival dates from it and applies the law itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from importlib.metadata import version
from typing import Any

from govservice.calendars.days import HOLIDAY, MAKEUP
from govservice.calendars.years import SATURDAY, Year, plain_year
from govservice.errors import CalendarError, Words

FIRST_YEAR = 2004
LAST_YEAR = 2099  # the lunar tables of `holidays` go no further in every version that the package accepts
OLD_YEARS = range(FIRST_YEAR, 2007)  # before the first notice that the package carries
REGULATION = "全国年节及纪念日放假办法"
NEW_YEAR, SPRING, QINGMING, LABOUR, DRAGON_BOAT, MID_AUTUMN, NATIONAL = "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"


@dataclass(frozen=True, slots=True)
class Law:
    """The list of days as one order of the State Council leaves it: days of spring festival counted from its first day (0)."""

    order: int
    issued_on: date
    first_year: int
    spring: tuple[int, ...]
    fixed: tuple[tuple[str, int, int], ...]
    festivals: tuple[str, ...]


_NATIONAL = ((NATIONAL, 10, 1), (NATIONAL, 10, 2), (NATIONAL, 10, 3))
_FESTIVALS = (QINGMING, DRAGON_BOAT, MID_AUTUMN)
LAWS = (
    Law(270, date(1999, 9, 18), 2000, (0, 1, 2), ((NEW_YEAR, 1, 1), (LABOUR, 5, 1), (LABOUR, 5, 2), (LABOUR, 5, 3), *_NATIONAL), ()),
    Law(513, date(2007, 12, 14), 2008, (-1, 0, 1), ((NEW_YEAR, 1, 1), (LABOUR, 5, 1), *_NATIONAL), _FESTIVALS),
    Law(644, date(2013, 12, 11), 2014, (0, 1, 2), ((NEW_YEAR, 1, 1), (LABOUR, 5, 1), *_NATIONAL), _FESTIVALS),
    Law(795, date(2024, 11, 10), 2025, (-1, 0, 1, 2), ((NEW_YEAR, 1, 1), (LABOUR, 5, 1), (LABOUR, 5, 2), *_NATIONAL), _FESTIVALS),
)


def law_for(year: int, known_on: date | None) -> Law:
    """The law that governs a year, as published by a day (None: every revision the package knows)."""
    published = [law for law in LAWS if law.first_year <= year and (known_on is None or law.issued_on <= known_on)]
    return published[-1] if published else LAWS[0]


def statutory_days(year: int, law: Law) -> list[tuple[date, str]]:
    """The days of the law's list with their holidays, in order; two festivals may share a day."""
    dates = festival_dates(year)
    days = [(dates[SPRING] + timedelta(n), SPRING) for n in law.spring]
    days += [(date(year, month, day), name) for name, month, day in law.fixed]
    days += [(dates[name], name) for name in law.festivals]
    return sorted(days)


def substitutes(days: list[tuple[date, str]]) -> Iterator[tuple[date, str]]:
    """The next working day for each holiday on a Saturday or Sunday; two holidays take two working days, on one date or on two."""
    taken = {day for day, _ in days}
    for day, name in days:
        if day.weekday() < SATURDAY:
            continue
        other = day
        while other in taken or other.weekday() >= SATURDAY:
            other += timedelta(1)
        taken.add(other)
        yield other, name


@lru_cache(maxsize=512)
def forecast(year: int, law: Law) -> Year:
    """A provisional year: statutory days and their statutory substitutes, no swaps."""
    days = statutory_days(year, law)
    source = f"预测：{REGULATION}（国务院令第{law.order}号），holidays {holidays_version()}"
    named: dict[int, tuple[int, str | None, str]] = {}
    for day, name in [*days, *substitutes(days)]:
        _, before, _ = named.get(day.toordinal(), (0, None, ""))
        named[day.toordinal()] = (HOLIDAY, f"{before}、{name}" if before else name, source)
    return plain_year(year, source, official=False).with_named(named)


@lru_cache(maxsize=512)
def swapped(year: int, *, official: bool) -> Year:
    """A year as `holidays` gives it, swaps included. Each rest day and make-up workday is named after the nearest statutory day."""
    source = f"holidays {holidays_version()}"
    known = _package_year(year)
    plain = plain_year(year, source, official=official)
    near = {day: name for near_year in (year, year + 1) for day, name in statutory_days(near_year, law_for(near_year, None))}
    named: dict[int, tuple[int, str | None, str]] = {}
    for ordinal in range(plain.first, plain.first + len(plain.kinds)):
        day = date.fromordinal(ordinal)
        works = known.is_working_day(day)
        if day in known or works != bool(plain.kinds[ordinal - plain.first] & 1):
            holiday = near[min(near, key=lambda other, day=day: abs((other - day).days))]  # type: ignore[misc]
            named[ordinal] = (MAKEUP if works else HOLIDAY, holiday, source)
    return plain.with_named(named)


def carries_swaps(year: int) -> bool:
    """Does the installed `holidays` know the swaps of a year, or would it guess?"""
    import holidays

    return year in getattr(holidays.country_holidays("CN"), "special_public_holidays", {})


@cache
def festival_dates(year: int) -> dict[str, date]:
    """The days of the year that the moon or the sun fixes: the first day of spring festival, and three festivals from 2008."""
    package = _package_year(year, observed=False)
    dates: dict[str, date] = {}
    for name in (SPRING, *_FESTIVALS) if year >= LAWS[1].first_year else (SPRING,):
        days = [day for day in package.get_named(name, lookup="exact") if day.year == year]
        if not days:
            raise CalendarError(
                Words(
                    f"the installed holidays package {holidays_version()} does not say when {name} of {year} is",
                    f"所装 holidays {holidays_version()} 未给出 {year} 年{name}的日期",
                ),
                hint=Words("install the newest holidays package", "请安装最新的 holidays"),
            )
        dates[name] = min(days)
    return dates


def _package_year(year: int, *, observed: bool = True) -> Any:
    """China's public days in `holidays`, in Chinese. The year after too: its swaps may reach back into December."""
    import holidays

    years = (year, year + 1) if observed else year
    return holidays.country_holidays("CN", years=years, expand=False, observed=observed, language="zh_CN")


@cache
def holidays_version() -> str:
    """The installed version of `holidays`, read without importing it."""
    return version("holidays")
