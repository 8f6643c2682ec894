"""`deadline`: what is asked, read and checked; counted; and answered with what may still change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from govservice.calendars import OfficeHours, WorkCalendar, china
from govservice.deadlines.asked import (
    CLOCK_UNITS,
    Ask,
    Ends,
    FirstDay,
    RestDaySameDay,
    Roll,
    When,
    check_choices,
    day_of,
    due_moment,
    read_extensions,
    read_hours,
    read_limit,
    read_pauses,
    read_when,
)
from govservice.deadlines.legs import Leg, legs
from govservice.deadlines.result import Deadline
from govservice.errors import DeadlineError, Words
from govservice.limits import TimeLimit


def deadline(
    limit: TimeLimit | str,
    start: When,
    calendar: WorkCalendar | None = None,
    *,
    hours: OfficeHours | str | None = None,
    pauses: Iterable[tuple[When, When] | tuple[When, When, str | Words]] = (),
    extensions: Iterable[TimeLimit | str] = (),
    first_day: FirstDay = "excluded",
    roll: Roll = "forward",
    ends: Ends = "day",
    rest_day_same_day: RestDaySameDay | None = None,
) -> Deadline:
    """When a limit ends that begins on a day or at a moment.

    Working and natural days are counted one by one, a part of a day as a whole one; the day it begins is not counted unless
    `first_day="included"`. Months and years end on the matching day, or on the month's last. With `roll="forward"` a limit of
    natural days, months or years whose last day is a rest day ends on the next working day. Hours and minutes run from the moment
    and never roll; with `hours` only office time on working days counts. "same_day" on a rest day needs `rest_day_same_day`.

    `calendar` is `china()` unless given. A naive moment is read in the calendar's zone; without one, naive in and naive out.
    `ends` is for limits in days or longer: "day" 24:00 of the due day; "close" closing time of that day, 24:00 where the office does
    not open; "same_time" the start's clock time, a start outside `hours` moving first to the next opening (the closing moment is
    outside): only then is a part of a working day that part of its office time. What must be done the same day ends with the day there.
    `pauses` are (first, last) or (first, last, reason), both ends uncounted, overlapping ones together; months and years are then
    counted by their days. `extensions` count on from the old due day as it fell, rolled or not.
    Raises DeadlineError, LimitError or CalendarError. Sources: 民法典 200-204, 行政许可法 82.

    >>> from govservice import china
    >>> due = deadline("5个工作日", date(2026, 4, 29), china())
    >>> due.due, due.official
    (datetime.date(2026, 5, 9), True)
    >>> deadline("24小时", datetime(2026, 4, 30, 15, 30)).due.isoformat()
    '2026-05-01T15:30:00+08:00'
    """
    check_choices(first_day, roll, ends, rest_day_same_day)
    days = china() if calendar is None else calendar
    if not isinstance(days, WorkCalendar):
        raise DeadlineError(
            Words(f"no calendar: {days!r}", f"不是日历：{days!r}"),
            hint=Words("give china() or a WorkCalendar", "请给出 china() 或 WorkCalendar"),
        )
    office = None if hours is None else read_hours(hours)
    zone = days.zone
    began = read_when(start, zone, _START)
    stops = read_pauses(pauses, zone) if pauses != () else ()
    more = read_extensions(extensions) if extensions != () else ()
    ask = Ask(read_limit(limit), began, days, office, stops, more, first_day, roll, ends, rest_day_same_day)
    _check_together(ask)
    try:
        return _answer(ask)
    except OverflowError:
        raise DeadlineError(
            Words(
                f"{ask.limit.text('en')} from {began} end after the year {date.max.year}",
                f"从{began}起算{ask.limit}，超出公元{date.max.year}年",
            )
        ) from None


_START = Words("the start", "起算点")


def _check_together(ask: Ask) -> None:
    """Raise where the limit, the start and `ends` do not go together."""
    clock = ask.limit.unit in CLOCK_UNITS
    if (clock or ask.ends == "same_time") and not isinstance(ask.start, datetime):
        who = Words(ask.limit.text("en"), str(ask.limit)) if clock else Words('ends="same_time"', 'ends="same_time"')
        raise DeadlineError(
            Words(f"{who.en}: the start is the day {ask.start}, and a moment is needed", f"{who.zh}：起算点是日期{ask.start}，须为时刻"),
            hint=Words("give a datetime", "请给出 datetime"),
        )
    if not clock and ask.ends == "same_time" and ask.first_day == "included":
        raise DeadlineError(
            Words('first_day="included" and ends="same_time" contradict each other', 'first_day="included" 与 ends="same_time" 相互矛盾'),
            why=Words("from a clock time to the same clock time is a whole day already", "从某一时刻到次日同一时刻已满一日"),
            hint=Words('leave one of them out, or end with the day: ends="day"', '请去掉其一，或者用 ends="day"'),
        )
    in_days = not clock or any(extension.unit not in CLOCK_UNITS for extension in ask.extensions)
    if in_days and ask.ends == "close" and ask.hours is None:
        raise DeadlineError(
            Words('ends="close" needs office hours', 'ends="close" 须有办公时间'),
            hint=Words('give hours="08:30-17:00"', '请写 hours="08:30-17:00"'),
        )


def _answer(ask: Ask) -> Deadline:
    done = legs(ask)
    due = done[-1].due
    official, warnings = _standing(ask, done)
    return Deadline(ask.limit, ask.start, due, day_of(due), due_moment(due, ask.calendar.zone), official, warnings, ask)


def _standing(ask: Ask, done: list[Leg]) -> tuple[bool, tuple[Words, ...]]:
    """Whether published notices fix every day that was consulted, and what may change it all the same."""
    last = day_of(done[-1].due)
    if all(leg.looked_from is None for leg in done):
        return True, ()
    calendar = ask.calendar
    if not calendar.is_official(last):  # notices leave no gap: what is fixed is fixed from the calendar's first day on
        return False, (_PROVISIONAL,)
    if last.month == 12 and last.day >= 25 and last.year == calendar.official_through.year:
        return True, (_LAST_WEEK,)
    return True, ()


_PROVISIONAL = Words(
    "it reaches days that no published notice fixes yet: make-up workdays and moved rest days may change it",
    "涉及尚未公布放假安排的日期，补班和放假安排公布后可能变动",
)
_LAST_WEEK = Words(
    "the notice for the next year may still move days in the last week of this December: it has happened five times",
    "下一年度的放假通知可能调整今年12月最后一周：已有五次先例",
)
