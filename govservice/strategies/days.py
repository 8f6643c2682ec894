"""Days and moments, those around a boundary often: month ends, leap days, swaps, the edges of notices, changes of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.calendars import OfficeHours, WorkCalendar, china

__all__ = ["boundary_days", "days", "moments", "ready", "workdays"]

FIRST, LAST = date(2008, 1, 1), date(2030, 12, 31)  # unless said: the years of the notices, and some that nobody has announced
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CLOCK_EDGES = (time(0, 0), time(9, 0), time(12, 0), time(17, 0), time(23, 59), time(23, 59, 59, 999_999))
CLOCK_CHANGES = (time(1, 0), time(1, 30), time(2, 0), time(2, 30), time(3, 0))  # where clocks jump or repeat an hour
Span = tuple[date, date]


def days(*, calendar: WorkCalendar | None = None, min_date: date | None = None, max_date: date | None = None) -> st.SearchStrategy[date]:
    """Any day from `min_date` to `max_date`, both included; every other draw is one of `boundary_days`.

    Unless said, the days of 2008 to 2030 that the calendar answers for: within its years, and for a strict one before its first
    provisional day. `calendar` is `china()` unless given. InvalidArgument where there is no such day.

    >>> from hypothesis import find
    >>> find(days(min_date=date(2026, 2, 1)), lambda day: day.year == 2026) >= date(2026, 2, 1)
    True
    """
    _check_order(min_date, max_date)
    return st.deferred(
        lambda: boundary_days(calendar=calendar, min_date=min_date, max_date=max_date) | st.dates(*_span(calendar, min_date, max_date))
    )


def workdays(
    *, calendar: WorkCalendar | None = None, min_date: date | None = None, max_date: date | None = None
) -> st.SearchStrategy[date]:
    """Days that the calendar works, make-up workdays too; bounds and defaults as for `days`.

    InvalidArgument at the first draw where no day between the bounds is worked.

    >>> from hypothesis import find
    >>> find(workdays(min_date=date(2026, 10, 1), max_date=date(2026, 10, 10)), lambda day: day.weekday() >= 5)  # there is one
    datetime.date(2026, 10, 10)
    """

    any_day = days(calendar=calendar, min_date=min_date, max_date=max_date)

    @st.composite
    def worked(draw: st.DrawFn) -> date:
        day, (first, last) = draw(any_day), _span(calendar, min_date, max_date)
        nearest = ready(calendar).workdays(day, last)[:1] or ready(calendar).workdays(first, day)[-1:]
        if not nearest:
            raise InvalidArgument(f"no day from {first} to {last} is worked under {ready(calendar).name}")
        return nearest[0]

    return worked()


def boundary_days(
    *, calendar: WorkCalendar | None = None, min_date: date | None = None, max_date: date | None = None
) -> st.SearchStrategy[date]:
    """Days where a deadline rule goes wrong first; bounds and defaults as for `days`.

    Each kind of boundary is drawn as often as the others: the ends and beginnings of months and years (the 28th to the 1st); named
    rest days and make-up workdays and the days beside them; the last week before, and the first day after, the last day that a
    notice fixes; the days around a change of the clock in the calendar's time zone; and the bounds themselves.

    >>> from hypothesis import find
    >>> september = boundary_days(min_date=date(2026, 9, 2), max_date=date(2026, 9, 27))  # the 20th is worked, mid-autumn is from the 25th
    >>> find(september, lambda day: day > date(2026, 9, 2)).day in (19, 20, 21, 24, 25, 26, 27)
    True
    """
    _check_order(min_date, max_date)

    @st.composite
    def near_a_boundary(draw: st.DrawFn) -> date:
        first, last = _span(calendar, min_date, max_date)
        year = draw(st.integers(first.year, last.year) | _year_of_the_last_notice(ready(calendar), first, last))
        kinds = [[day for day in kind if first <= day <= last] for kind in _boundaries(ready(calendar), year)]
        kinds.append([first, last])
        return draw(st.one_of([st.sampled_from(kind) for kind in kinds if kind]))

    return near_a_boundary()


def moments(
    *,
    calendar: WorkCalendar | None = None,
    hours: OfficeHours | None = None,
    min_date: date | None = None,
    max_date: date | None = None,
    aware: bool = False,
) -> st.SearchStrategy[datetime]:
    """Moments on `days`, those at an edge of the clock often: midnight, noon, the last moment of a day, opening and closing of `hours`.

    Naive, or with `aware` in the calendar's time zone; where clocks change, about the hour that is left out or comes twice too.
    InvalidArgument for `aware` moments of a calendar without a zone; else as for `days`.

    >>> from hypothesis import find
    >>> opening = find(moments(hours=OfficeHours("08:30-17:00")), lambda moment: moment.time() == time(8, 30))
    >>> date(2008, 1, 1) <= opening.date() <= date(2030, 12, 31)
    True
    """
    if aware and calendar is not None and calendar.zone is None:
        raise InvalidArgument(f"the calendar {calendar.name} has no time zone, so no moment of it is aware")

    @st.composite
    def at_some_time(draw: st.DrawFn, on: st.SearchStrategy[date]) -> datetime:
        day = draw(on)
        clock = draw(st.times() | st.sampled_from(_clock_edges(hours, _clock_changes(ready(calendar), day))))
        moment = datetime.combine(day, clock)
        zone = ready(calendar).zone
        # there and back: a clock time that is left out becomes the moment it stands for
        return moment.replace(tzinfo=zone, fold=draw(st.integers(0, 1))).astimezone(UTC).astimezone(zone) if aware else moment

    return at_some_time(days(calendar=calendar, min_date=min_date, max_date=max_date))


def ready(calendar: WorkCalendar | None = None, *, through: date = LAST) -> WorkCalendar:
    """The calendar, China's unless given, with its usual years read, so that no test is the one that waits for them.

    The time that drawing takes does not count against hypothesis's deadline.
    """
    known = china() if calendar is None else calendar
    _read(known, FIRST, through)
    return known


def _read(calendar: WorkCalendar, first: date, last: date) -> None:
    end = min(last, calendar.official_through if calendar.strict else calendar.last)
    if calendar.first <= end:
        calendar.workdays_between(max(calendar.first, min(first, end)), end)


def _check_order(min_date: date | None, max_date: date | None) -> None:
    for name, day in (("min_date", min_date), ("max_date", max_date)):
        if day is not None and type(day) is not date:
            raise InvalidArgument(f"{name}={day!r} is not a date")
    if min_date is not None and max_date is not None and max_date < min_date:
        raise InvalidArgument(f"no day is between min_date={min_date} and max_date={max_date}")


def _span(calendar: WorkCalendar | None, min_date: date | None, max_date: date | None) -> Span:
    """The days asked for; a bound not given is the usual one, as far as the calendar and the other bound allow."""
    days_of = ready(calendar)
    begins, ends = days_of.first, days_of.official_through if days_of.strict else days_of.last
    first = min_date or max(begins, min(FIRST, max_date or FIRST))
    last = max_date or min(ends, max(LAST, first))
    if last < first or first < begins or last > ends:
        raise InvalidArgument(f"the calendar {days_of.name} answers for {begins} to {ends}, not for {first} to {last}")
    _read(days_of, first, last)
    return first, last


def _year_of_the_last_notice(calendar: WorkCalendar, first: date, last: date) -> st.SearchStrategy[int]:
    return st.just(min(max(calendar.official_through.year, first.year), last.year))


@lru_cache(maxsize=4096)
def _boundaries(calendar: WorkCalendar, year: int) -> tuple[tuple[date, ...], ...]:
    """The days of one year around each kind of boundary, within what the calendar answers for."""
    january, december = max(calendar.first, date(year, 1, 1)), date(year, 12, 31)
    if calendar.strict:
        december = min(december, calendar.official_through)
    every = [january + timedelta(n) for n in range((december - january).days + 1)]
    through = calendar.official_through
    return (
        tuple(day for day in every if day.day == 1 or day.day >= 28),
        tuple(_beside([day for day in every if calendar.day(day).kind in ("holiday", "makeup_workday")], every)),
        tuple(day for day in every if -DAY * 6 <= day - through <= DAY),
        tuple(_beside([day for day in every if _clock_changes(calendar, day)], every)),
    )


def _beside(picked: list[date], every: list[date]) -> Iterator[date]:
    near = {day + DAY * n for day in picked for n in (-1, 0, 1)}
    return (day for day in every if day in near)


def _clock_changes(calendar: WorkCalendar, day: date) -> bool:
    """Does the calendar's clock jump on this day?"""
    if calendar.zone is None or day >= date(9999, 12, 31):
        return False
    midnight = datetime.combine(day, time(), calendar.zone)
    return midnight.utcoffset() != datetime.combine(day + DAY, time(), calendar.zone).utcoffset()


def _clock_edges(hours: OfficeHours | None, changes: bool) -> list[time]:
    edges = [*CLOCK_EDGES, *(CLOCK_CHANGES if changes else ())]
    for weekday in range(7) if hours is not None else ():
        for edge in (clock for span in hours.opens(weekday) for clock in span):  # type: ignore[union-attr]
            at = datetime.combine(FIRST + DAY, edge)
            edges += [(at - MINUTE).time(), edge, (at + MINUTE).time()]
    return sorted(set(edges))
