"""Counting whole days: the n-th day or working day outside pauses, and how many days months and years have."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, date, timedelta
from math import ceil
from typing import TYPE_CHECKING

from govservice.counting.asked import DAY
from govservice.limits import TimeLimit

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar

Runs = Sequence[tuple[date, date]]
"""Paused days: first and last of each run, in order, apart from one another."""


def nth_workday(anchor: date, count: int, calendar: WorkCalendar, pauses: Runs) -> date:
    """The count-th working day after the anchor that is in no pause; count is 1 or more."""
    for first, last in pauses:
        if last <= anchor:
            continue
        before = calendar.workdays_between(anchor, first - DAY) if first > anchor else 0
        if before >= count:
            break
        count -= before
        anchor = last
    return calendar.add_workdays(anchor, count)


def nth_day(anchor: date, count: int, pauses: Runs) -> date:
    """The count-th day after the anchor that is in no pause; count is 1 or more."""
    for first, last in pauses:
        if last <= anchor:
            continue
        before = max((first - anchor).days - 1, 0)
        if before >= count:
            break
        count -= before
        anchor = last
    return anchor + timedelta(days=count)


def unpaused(day: date, pauses: Runs) -> date:
    """The day, or the first after the pause it lies in."""
    return next((last + DAY for first, last in pauses if first <= day <= last), day)


def worked(day: date, calendar: WorkCalendar, pauses: Runs) -> date:
    """The day if it is worked and in no pause, else the next that is."""
    while True:
        candidate = calendar.add_workdays(day, 0)
        day = unpaused(candidate, pauses)
        if day == candidate:
            return day


def natural_days(limit: TimeLimit, start: date, *, included: bool, backward: bool = False) -> int:
    """How many days the limit has: its number, a part counting whole, or those up (or back) to the matching day (Civil Code 202).

    With the first day counted a month ends the day before the matching day; where there is none, either way on the month's last. Counted
    back it ends the day after that, and where there is none the day after the month's last.
    """
    if limit.unit == "natural_day":
        return ceil(limit.value)
    months = int(limit.value) * (12 if limit.unit == "year" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + (-months if backward else months), 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError
    last = monthrange(year, month + 1)[1]
    days = abs((date(year, month + 1, min(start.day, last)) - start).days)
    return days + included if start.day > last and not backward else days
