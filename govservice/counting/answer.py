"""What is asked, read and checked; counted; and answered with what may still change it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from govservice.calendars import OfficeHours, WorkCalendar, china
from govservice.calendars.hours import MakeupHours
from govservice.counting.asked import (
    CLOCK_UNITS,
    Ask,
    Ends,
    ExtensionFrom,
    FirstDay,
    PauseDays,
    RestDayHours,
    RestDaySameDay,
    Roll,
    When,
    as_limit,
    check_choices,
    day_of,
    due_moment,
    read_extensions,
    read_hours,
    read_pauses,
    read_when,
    uncounted,
)
from govservice.counting.backward import check_direction, last_counted
from govservice.counting.legs import Leg, legs
from govservice.counting.result import Deadline
from govservice.echo import shown
from govservice.errors import DeadlineError, Words
from govservice.limits import TimeLimit


def counted(
    limit: TimeLimit | str,
    start: When | str,
    calendar: WorkCalendar | None = None,
    *,
    hours: OfficeHours | str | None = None,
    pauses: Iterable[tuple[When, When] | tuple[When, When, str | Words]] = (),
    extensions: Iterable[TimeLimit | str] = (),
    first_day: FirstDay = "excluded",
    roll: Roll = "forward",
    ends: Ends = "day",
    rest_day_same_day: RestDaySameDay | None = None,
    backward: bool = False,
    pause_days: PauseDays = "both",
    extension_from: ExtensionFrom = "due",
    makeup_hours: MakeupHours | None = None,
    rest_day_hours: RestDayHours = "not",
    closes: OfficeHours | str | None = None,
) -> Deadline:
    """The deadline of a limit; see `govservice.deadline`, whose machinery this is.

    `closes` are the office hours by which days close where clock time runs on outside them: without `hours`.
    """
    check_choices(
        first_day=first_day, roll=roll, ends=ends, rest_day_same_day=rest_day_same_day, pause_days=pause_days,
        extension_from=extension_from, makeup_hours=makeup_hours, rest_day_hours=rest_day_hours,
    )  # fmt: skip
    days = china() if calendar is None else calendar
    if not isinstance(days, WorkCalendar):
        raise DeadlineError(
            Words(f"no calendar: {shown(days)}", f"不是日历：{shown(days)}"),
            hint=Words("give china() or a WorkCalendar", "请给出 china() 或 WorkCalendar"),
        )
    office, shut = (None if given is None else read_hours(given, makeup_hours) for given in (hours, closes))
    zone = days.zone
    began = read_when(start, zone, _START)
    length = as_limit(limit)
    stops = () if isinstance(pauses, tuple) and not pauses else read_pauses(pauses, zone)
    if pause_days != "both":
        stops = tuple(kept for pause in stops if (kept := uncounted(pause, pause_days, in_days=length.unit not in CLOCK_UNITS)))
    more = () if isinstance(extensions, tuple) and not extensions else read_extensions(extensions)
    ask = Ask(
        length, began, days, office, stops, more, first_day, roll, ends, rest_day_same_day, shut,
        bool(backward), extension_from, rest_day_hours,
    )  # fmt: skip
    _check_together(ask)
    check_direction(ask)
    try:
        return _answer(ask)
    except OverflowError:
        raise DeadlineError(
            Words(
                f"{ask.limit.text('en')} from {began} end after the year {date.max.year}",
                f"从{began}起算{ask.limit}，超出公元{date.max.year}年",
            )
            if not ask.backward
            else Words(f"{ask.limit.text('en')} before {began} begin before the year 1", f"{began}之前{ask.limit}，早于公元元年")
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
    if in_days and ask.ends == "close" and ask.office is None:
        raise DeadlineError(
            Words('ends="close" needs office hours', 'ends="close" 须有办公时间'),
            hint=Words('give hours="08:30-17:00"', '请写 hours="08:30-17:00"'),
        )


def _answer(ask: Ask) -> Deadline:
    done = legs(ask)
    due = done[-1].due
    official, warnings = _standing(ask, done)
    return Deadline(ask.limit, ask.start, due, day_of(due), due_moment(due, ask.calendar.zone), official, warnings).knowing(ask=ask)


def _standing(ask: Ask, done: list[Leg]) -> tuple[bool, tuple[Words, ...]]:
    """Whether published notices fix every day that was consulted, and what may change it all the same."""
    last = last_counted(ask) if ask.backward else day_of(done[-1].due)
    if all(leg.looked_from is None for leg in done):
        return True, ()
    calendar = ask.calendar
    if not calendar.is_official(last):  # notices leave no gap: what is fixed is fixed from the calendar's first day on
        return False, (PROVISIONAL,)
    return True, (_LAST_WEEK,) if last >= first_that_may_move(calendar.official_through) else ()


def first_that_may_move(official_through: date) -> date:
    """The first of the days fixed by notices, through this one, that the next notice may still move."""
    return date(official_through.year, 12, 25)


PROVISIONAL: Final = Words(
    "it reaches days that no published notice fixes yet: make-up workdays and moved rest days may change it",
    "涉及尚未公布放假安排的日期，补班和放假安排公布后可能变动",
)
_LAST_WEEK = Words(
    "the notice for the next year may still move days in the last week of this December: it has happened five times",
    "下一年度的放假通知可能调整今年12月最后一周：已有五次先例",
)
