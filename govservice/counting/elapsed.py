"""How much of a limit is used and left at a moment, and how far beyond its due day a clock is; in the limit's own unit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from govservice.counting.asked import (
    CLOCK_UNITS,
    DAY,
    INSTANT_UNITS,
    Ask,
    When,
    day_of,
    later,
    midnight,
    moment_of,
    paused_days,
    read_when,
)
from govservice.counting.backward import left_between
from govservice.counting.clock_time import MICROSECONDS, running
from govservice.counting.day_count import Runs
from govservice.counting.legs import after_opening
from govservice.counting.result import Deadline
from govservice.errors import DeadlineError, Words

__all__ = ["Elapsed", "elapsed"]


class Elapsed(NamedTuple):
    """Amounts in the limit's unit (months, years and same-day limits in natural days): used of it, left of it, and beyond it."""

    used: Fraction
    left: Fraction
    over: Fraction


def asked_of(counted: Deadline) -> Ask:
    """What a deadline was computed from; a deadline read back from JSON has it no more."""
    if counted._ask is None:
        raise DeadlineError(Words("this deadline was read back and no longer knows its calendar", "此期限由存档读回，已不带日历"))
    return counted._ask


def elapsed(counted: Deadline, until: When) -> Elapsed:
    """What is used and left of a limit on a day (the whole of which counts) or at a moment; beyond the due day only `over` grows.

    A part of a day counts as a day, as it does for the deadline. Pauses are not used time, and none is counted after the due day.
    Of a limit that is counted back nothing is used: what is left is the time until its last day, however long before.
    """
    ask = asked_of(counted)
    if ask.backward:
        return _back(counted, ask, until)
    if ask.limit.unit in CLOCK_UNITS:
        return _by_clock(counted, ask, until)
    workdays = ask.limit.unit == "workday"
    pauses = paused_days(ask.pauses) if ask.pauses else ()
    start = day_of(after_opening(ask))
    begin = start - DAY if ask.first_day == "included" and ask.limit.unit not in INSTANT_UNITS else start
    last = min(day_of(until), counted.due_on)
    whole = _days(begin, counted.due_on, pauses, ask, workdays=workdays)
    used = _days(begin, last, pauses, ask, workdays=workdays) if last > begin else 0
    over = _days(counted.due_on, day_of(until), (), ask, workdays=workdays) if day_of(until) > counted.due_on else 0
    if day_of(until) == counted.due_on and later(until, counted.due):
        over = 1  # an overdue part of a day counts as a day
    return Elapsed(Fraction(used), Fraction(max(whole - used, 0)), Fraction(over))


def _back(counted: Deadline, ask: Ask, until: When) -> Elapsed:
    if ask.limit.unit not in CLOCK_UNITS:
        workdays = ask.limit.unit == "workday"
        due, day = counted.due_on, day_of(until)
        left = _days(day, due, (), ask, workdays=workdays) if day < due else 0
        days_over = _days(due, day, (), ask, workdays=workdays) if day > due else int(day == due and later(until, counted.due))
        return Elapsed(Fraction(0), Fraction(left), Fraction(days_over))
    end = read_when(until, ask.calendar.zone, Words("the moment", "时刻"))
    left = left_between(ask, end, counted.due_at) // timedelta(microseconds=1)
    over = _by_clock(counted, ask._replace(backward=False, start=counted.due_at), end).over
    return Elapsed(Fraction(0), Fraction(left, MICROSECONDS[ask.limit.unit]), over)


def _days(after: date, until: date, pauses: Runs, ask: Ask, *, workdays: bool) -> int:
    """The days after one up to another: worked ones, or all; without the paused."""
    count = ask.calendar.workdays_between(after, until) if workdays else (until - after).days
    for first, last in pauses:
        begin, end = max(first, after + DAY), min(last, until)
        if begin <= end:
            count -= ask.calendar.workdays_between(begin - DAY, end) if workdays else (end - begin).days + 1
    return max(count, 0)


def _by_clock(counted: Deadline, ask: Ask, until: When) -> Elapsed:
    zone = ask.calendar.zone
    unit = MICROSECONDS[ask.limit.unit]
    last = read_when(until, zone, Words("the moment", "时刻"))
    end = moment_of(last if isinstance(last, datetime) else midnight(last + DAY, zone), zone)
    start, due = moment_of(ask.start, zone), moment_of(counted.due_at, zone)

    def ran(first: datetime, last: datetime, of: Ask) -> Fraction:
        total = timedelta(0)
        for stretch in running(of, first):
            if stretch.start >= last:
                break
            total += min(stretch.end, last) - stretch.start
        return Fraction(total // timedelta(microseconds=1), unit)

    used = ran(start, min(end, due), ask) if end > start else Fraction(0)
    over = ran(due, end, ask._replace(pauses=())) if end > due else Fraction(0)
    return Elapsed(used, ran(start, due, ask) - used, over)
