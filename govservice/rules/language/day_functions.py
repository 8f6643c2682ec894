"""What the functions of days, moments and times of the clock mean; a day outside the calendar is open, never an error of Python's."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import wraps
from typing import Any, Final, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from govservice.counting.answer import PROVISIONAL
from govservice.errors import OutsideCalendar, Words
from govservice.rules.language.values import OUTSIDE, Number, TimeOfDay, Unknown, Value, exact

__all__ = [
    "Around",
    "Days",
    "add_days",
    "add_months",
    "add_workdays",
    "between",
    "days",
    "is_workday",
    "moment_order",
    "month_end",
    "rest_on",
    "shanghai_day",
    "time_of",
    "workdays",
    "zoned",
]

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class Days(Protocol):
    """What the language asks of a calendar."""

    def is_workday(self, day: date, /) -> bool:
        """Whether a day is worked."""
        ...

    def add_workdays(self, day: date, n: int, /) -> date:
        """The n-th working day after a day; back from it where n is below 0; the day itself, else the next, where it is 0."""
        ...

    def workdays_between(self, first: date, last: date, /) -> int:
        """The working days after `first` up to and including `last`."""
        ...


class Around(Protocol):
    """What a function asks beside its arguments: the calendar, the conventions, and where to say what must be said of the answer."""

    def days(self) -> Days:
        """The calendar that counts working days."""
        ...

    def convention(self, name: str) -> str | None:
        """What the book states of a convention."""
        ...

    def hours(self) -> str | Unknown | None:
        """The office hours of the book; unknown where the setting that holds them is, None where there are none."""
        ...

    def unstated(self, names: frozenset[str], what: Words) -> Unknown:
        """What an answer is that depends on conventions which are not stated. Raises ConventionError where they are not waited for."""
        ...

    def say(self, words: Words) -> None:
        """Keep what must be said of the answer."""
        ...


Meaning: TypeAlias = Callable[[list[Any], Around], Value]


def within_calendar(means: Meaning) -> Meaning:
    """The same function, open where it would leave the calendar or the years that there are."""

    @wraps(means)
    def bounded(of: list[Any], around: Around) -> Value:
        try:
            return means(of, around)
        except (OutsideCalendar, OverflowError):
            return OUTSIDE

    return bounded


def rest_on(around: Around, *days: date) -> None:
    """Say so where an answer rests on a day that no notice has fixed."""
    official = getattr(around.days(), "is_official", None)  # a calendar of the caller's own fixes what it says
    if official is not None and not all(official(day) for day in days):
        around.say(PROVISIONAL)


# -- days


def shanghai_day(moment: date) -> date:
    """The day of a date or moment; a moment with an offset is read in Asia/Shanghai.

    >>> shanghai_day(datetime(2026, 2, 13, 20, tzinfo=UTC))
    datetime.date(2026, 2, 14)
    """
    return _on_the_clock(moment).date() if isinstance(moment, datetime) else moment


def _on_the_clock(moment: datetime) -> datetime:
    """A moment as the clocks of Shanghai show it; at the very ends of time, as it is given."""
    try:
        return moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    except OverflowError:
        return moment


def zoned(moment: datetime) -> datetime:
    """A moment without an offset is one of Asia/Shanghai."""
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def moment_order(value: Any) -> Any:
    """What numbers, days and moments are ordered by; a day begins with its first moment."""
    if isinstance(value, datetime):
        return zoned(value)
    return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI) if isinstance(value, date) else value


@within_calendar
def is_workday(of: list[Any], around: Around) -> Value:
    day = shanghai_day(of[0])
    worked = around.days().is_workday(day)
    rest_on(around, day)
    return worked


@within_calendar
def add_workdays(of: list[Any], around: Around) -> Value:
    day = shanghai_day(of[0])
    found = around.days().add_workdays(day, of[1])
    rest_on(around, max(day, found))
    return found


@within_calendar
def add_days(of: list[Any], _: Around) -> Value:
    return shanghai_day(of[0]) + timedelta(days=of[1])


@within_calendar
def add_months(of: list[Any], _: Around) -> Value:
    """The same day of another month, its last day where it has no such day."""
    day = shanghai_day(of[0])
    year, month = divmod(day.year * 12 + day.month - 1 + of[1], 12)
    if not date.min.year <= year <= date.max.year:
        return OUTSIDE
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(of: list[Any], _: Around) -> Value:
    day = shanghai_day(of[0])
    return day.replace(day=monthrange(day.year, day.month)[1])


@within_calendar
def workdays(of: list[Any], around: Around) -> Value:
    """The working days after the first day up to the second; with a third argument the first counts too."""
    first, last, both = shanghai_day(of[0]), shanghai_day(of[1]), len(of) > 2
    calendar = around.days()
    counted = calendar.workdays_between(first, last)
    if both:  # counted back, the day that is left out is the earlier one
        counted += (1 if first <= last else -1) * calendar.is_workday(min(first, last))
    rest_on(around, max(first, last))
    return counted


def days(of: list[Any], _: Around) -> Value:
    """As `workdays`, of all days."""
    apart = (shanghai_day(of[1]) - shanghai_day(of[0])).days
    return apart if len(of) == 2 else apart + 1 if apart >= 0 else apart - 1


# -- moments


def time_of(of: list[Any], _: Around) -> Value:
    moment = _on_the_clock(of[0])
    return TimeOfDay.at(moment.hour, moment.minute, moment.second, moment.microsecond)


def between(unit: timedelta) -> Meaning:
    """How many of a unit lie between two moments, exactly; below 0 where the second is the earlier."""

    @within_calendar
    def apart(of: list[Any], _: Around) -> Value:
        first, last = of
        if (first.tzinfo is None) != (last.tzinfo is None):
            first, last = zoned(first), zoned(last)
        if first.tzinfo is not None:
            first, last = first.astimezone(UTC), last.astimezone(UTC)
        return _parts(last - first, unit)

    return apart


def _parts(span: timedelta, unit: timedelta) -> Number:
    microsecond = timedelta(microseconds=1)
    return exact(Fraction(span // microsecond, unit // microsecond))
