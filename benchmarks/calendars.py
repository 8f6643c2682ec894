"""Adding working days: ours beside numpy, holidays, chinese_calendar and pandas, all giving the same day.

Run `python benchmarks/calendars.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import chinese_calendar
import holidays
import numpy as np
import pandas as pd
from measure import Timing, report, side_by_side

from govservice import china
from govservice.calendars import WorkCalendar

START = date(2018, 3, 2)
FIRST, LAST = date(2007, 1, 1), date(2026, 12, 31)
COUNTS = (20, 1_100)
EVERY_DAY = "1111111"


def contestants(calendar: WorkCalendar, n: int) -> list[tuple[str, Callable[[], object]]]:
    """One way each of finding the n-th working day after the start; those of other packages set up beforehand."""
    rest = [day for number in range((LAST - FIRST).days + 1) if not calendar.is_workday(day := FIRST + timedelta(number))]
    listed = np.busdaycalendar(weekmask=EVERY_DAY, holidays=np.array(rest, dtype="datetime64[D]"))
    package = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    offset = pd.offsets.CustomBusinessDay(n, weekmask="Mon Tue Wed Thu Fri Sat Sun", holidays=rest)
    stamp = pd.Timestamp(START)
    return [
        ("govservice add_workdays", lambda: calendar.add_workdays(START, n)),
        ("numpy busday_offset", lambda: np.busday_offset(START, n, busdaycal=listed)),
        ("pandas CustomBusinessDay", lambda: stamp + offset),
        ("holidays get_nth_working_day", lambda: package.get_nth_working_day(START, n)),
        ("chinese_calendar, day by day", lambda: walked(n)),
    ]


def walked(n: int) -> date:
    """The package has no such function: it answers for one day, so one walks."""
    day = START
    while n:
        day += timedelta(1)
        n -= chinese_calendar.is_workday(day)
    return day


def main() -> None:
    """Check that all agree, then time them."""
    calendar = china()
    timings: list[Timing] = []
    for n in COUNTS:
        calls = contestants(calendar, n)
        answers = {name: pd.Timestamp(call()).date() for name, call in calls}
        if len(set(answers.values())) != 1:
            raise SystemExit(f"they disagree on the {n}th working day after {START}: {answers}")
        timings += side_by_side(f"n = {n:,}", calls)
    timings += side_by_side("ours, by n", [(f"n = {n:,}", lambda n=n: calendar.add_workdays(START, n)) for n in (1, *COUNTS)])  # type: ignore[misc]
    later = date(2024, 5, 1)
    timings += side_by_side(
        "other questions",
        [
            ("govservice is_workday", lambda: calendar.is_workday(START)),
            ("govservice workdays_between", lambda: calendar.workdays_between(START, later)),
            ("govservice day", lambda: calendar.day(START)),
            ("chinese_calendar is_workday", lambda: chinese_calendar.is_workday(START)),
        ],
    )
    report("Working days", timings)


if __name__ == "__main__":
    main()
