"""How past notices arranged each holiday, laid over the holidays of a year that no notice fixes yet.

A notice gives no working day away: it moves rest days together and has them made up. So an arrangement of past days, laid over a
year whose holiday falls on another weekday or under a later law, is brought back into balance: as many weekdays off as the law
grants, plus one for each make-up workday.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

from govservice.calendars.notice import CalendarNotice
from govservice.calendars.statutory import (
    LABOUR,
    LAWS,
    MID_AUTUMN,
    NATIONAL,
    SPRING,
    Law,
    festival_dates,
    forecast,
    law_for,
    statutory_days,
)
from govservice.calendars.years import SATURDAY

JOINT = f"{MID_AUTUMN}、{NATIONAL}"
JOINED_FROM = (9, 29)  # a mid-autumn from this day on is arranged together with national day
LATEST = 2  # notices whose manner counts whatever the weekday: how long the breaks are changes with the years
NEAR = 2  # weekend days on either side of a break that a make-up workday may be put on
DAY = timedelta(days=1)

Days = frozenset[date]


class Festival(NamedTuple):
    """One holiday of a year: its first day, its statutory days, and how many working days off they grant."""

    name: str
    first: date
    days: Days
    granted: int


class Pattern(NamedTuple):
    """How one notice arranged one holiday: days from the holiday's first day (`weekday`) to each rest day and make-up workday."""

    weekday: int
    rest: tuple[int, ...]
    makeup: tuple[int, ...]


class Arrangement(NamedTuple):
    """What one way to arrange a holiday changes against the statutory forecast: days no longer worked, and days worked after all."""

    rest: Days
    worked: Days


FORECAST = Arrangement(frozenset(), frozenset())
"""The way that changes nothing."""


def festivals(year: int, law: Law) -> tuple[Festival, ...]:
    """The holidays of a year under a law, in order of their names' first days."""
    days: dict[str, list[date]] = {}
    for day, name in statutory_days(year, law):
        days.setdefault(name, []).append(day)
    firsts = {name: min(dates) for name, dates in days.items()} | {SPRING: festival_dates(year)[SPRING], LABOUR: date(year, 5, 1)}
    by_name = {name: Festival(name, firsts[name], frozenset(days[name]), len(days[name])) for name in days}
    if MID_AUTUMN in by_name and firsts[MID_AUTUMN] >= date(year, *JOINED_FROM):
        autumn, national = by_name.pop(MID_AUTUMN), by_name.pop(NATIONAL)
        by_name[JOINT] = Festival(JOINT, national.first, autumn.days | national.days, autumn.granted + national.granted)
    return tuple(sorted(by_name.values(), key=lambda festival: festival.first))


def past_patterns(notices: Iterable[CalendarNotice]) -> dict[str, tuple[Pattern, ...]]:
    """How the notices arranged each holiday, oldest first. An amendment counts where it moved days; days given in an emergency do not."""
    arranged: dict[str, dict[int, tuple[Festival, set[int], set[int]]]] = {}
    for notice in notices:
        if notice.year < LAWS[1].first_year:  # before that law there were weeks off in May and October, and three holidays fewer
            continue
        known = {festival.name: festival for festival in festivals(notice.year, law_for(notice.year, None))}
        moved = {name for _, name in notice.makeup_workdays}
        for into, named in ((1, notice.rest_days), (2, notice.makeup_workdays)):
            for day, name in named:
                festival = known.get(JOINT if "、" in name else name)
                if festival is not None and (notice.amends is None or name in moved):
                    entry = arranged.setdefault(festival.name, {}).setdefault(notice.year, (festival, set(), set()))
                    entry[into].add((day - festival.first).days)  # type: ignore[union-attr]
    return {
        name: tuple(
            Pattern(festival.first.weekday(), (*sorted(rest),), (*sorted(makeup),)) for _, (festival, rest, makeup) in sorted(years.items())
        )
        for name, years in arranged.items()
    }


def possible(year: int, law: Law, patterns: dict[str, tuple[Pattern, ...]]) -> tuple[tuple[Arrangement, ...], ...]:
    """For each holiday of a year the ways it may be arranged, each once.

    The statutory forecast is one; the others are the arrangements of the years whose holiday fell on the same weekday (of all where
    there is none) and of the latest years.
    """
    holidays = festivals(year, law)
    plain = forecast(year, law)
    ways = []
    for festival in holidays:
        past = patterns.get(festival.name, ())
        alike = [pattern for pattern in past if pattern.weekday == festival.first.weekday()] or [*past]
        others = frozenset(_with_weekend(day for other in holidays if other is not festival for day in other.days))
        # the forecast's days off for this holiday: the statutory days, and the working days that stand for those on a weekend
        names = {*festival.name.split("、")}
        off = frozenset(date.fromordinal(ordinal) for ordinal, (name, _) in plain.named.items() if names & {*(name or "").split("、")})
        arrangements = {FORECAST}
        for pattern in {*alike, *past[-LATEST:]}:
            arrangements |= {_against(off, rest, makeup) for rest, makeup in laid_over(pattern, festival, others)}
        ways.append(tuple(sorted(arrangements, key=lambda way: (sorted(way.rest), sorted(way.worked)))))
    return tuple(ways)


def laid_over(pattern: Pattern, festival: Festival, others: Days = frozenset()) -> Iterator[tuple[Days, Days]]:
    """The rest days and make-up workdays that a past pattern gives a holiday, brought into balance; `others` are kept free of work."""
    rest = {festival.first + n * DAY for n in pattern.rest} | festival.days
    makeup: set[date] = set()
    if pattern.weekday == festival.first.weekday():
        makeup = {festival.first + n * DAY for n in pattern.makeup} - rest - others
    owed = _weekdays(rest) - festival.granted - len(makeup)
    if owed >= 0:
        free = [*_free(min(rest), -DAY, makeup | others), *_free(max(rest), DAY, makeup | others)]
        yield from ((frozenset(rest), frozenset(makeup | set(more))) for more in combinations(free, owed))
        return
    # more is made up than is off: fewer make-up workdays, or a longer break
    for fewer in combinations(sorted(makeup), len(makeup) + owed) if len(makeup) + owed >= 0 else ():
        yield frozenset(rest), frozenset(fewer)
    for first, step in ((max(rest), DAY), (min(rest), -DAY)):
        yield frozenset(rest | set(_next_weekdays(first, step, -owed))), frozenset(makeup)


def _against(off: Days, rest: Days, makeup: Days) -> Arrangement:
    """An arrangement as what it changes against the forecast's days off."""
    working = frozenset(day for day in rest if day.weekday() < SATURDAY)
    back = frozenset(day for day in off - rest if day.weekday() < SATURDAY)
    return Arrangement(working - off, back | makeup)


def _weekdays(days: Iterable[date]) -> int:
    return sum(day.weekday() < SATURDAY for day in days)


def _free(day: date, step: timedelta, taken: set[date] | Days) -> Iterator[date]:
    """The nearest weekend days outward from a break's end."""
    left = NEAR
    while left:
        day += step
        if day.weekday() >= SATURDAY and day not in taken:
            left -= 1
            yield day


def _next_weekdays(day: date, step: timedelta, count: int) -> Iterator[date]:
    while count:
        day += step
        if day.weekday() < SATURDAY:
            count -= 1
            yield day


def _with_weekend(days: Iterable[date]) -> Iterator[date]:
    """The days, and the weekend days that adjoin them: the break that a holiday makes by itself."""
    for day in days:
        yield day
        for step in (-DAY, DAY):
            near = day + step
            while near.weekday() >= SATURDAY:
                yield near
                near += step
