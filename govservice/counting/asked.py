"""What a deadline was asked for, read and checked: limits, moments in the calendar's time zone, pauses, options."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from govservice.calendars import OfficeHours, WorkCalendar
from govservice.calendars.hours import MakeupHours
from govservice.echo import shown
from govservice.errors import DeadlineError, RecordError, Words, words
from govservice.limits import TimeLimit
from govservice.reading import as_when, in_reach

FirstDay = Literal["excluded", "included"]
"""Whether the day on which a limit starts is counted."""
Roll = Literal["forward", "none", "backward"]
"""Where a limit that ends on a rest day moves to: the next working day, nowhere, the one before."""
Ends = Literal["day", "close", "same_time"]
"""When on its last day a limit ends: at 24:00, when the office closes, at the clock time at which it started."""
RestDaySameDay = Literal["same", "next"]
PauseDays = Literal["both", "first", "last", "neither"]
ExtensionFrom = Literal["due", "unrolled"]
RestDayHours = Literal["counted", "not"]
When = date | datetime

DAY = timedelta(days=1)
CLOCK_UNITS = ("hour", "minute")
INSTANT_UNITS = ("same_day", "on_the_spot")
CHOICES = {
    "first_day": ("excluded", "included"),
    "roll": ("forward", "none", "backward"),
    "ends": ("day", "close", "same_time"),
    "rest_day_same_day": (None, "same", "next"),
    "pause_days": ("both", "first", "last", "neither"),
    "extension_from": ("due", "unrolled"),
    "makeup_hours": (None, "weekday", "weekend", "none"),
    "rest_day_hours": ("counted", "not"),
}


class Pause(NamedTuple):
    """One pause as read: first and last are both dates or moments in the calendar's zone, the reason is the caller's."""

    first: When
    last: When
    reason: Words | None


class Ask(NamedTuple):
    """Everything a deadline is computed from, read and checked.

    `hours` are those in which clock time runs, and by which days close; where clock time runs on, days close by `closes`.
    """

    limit: TimeLimit
    start: When
    calendar: WorkCalendar
    hours: OfficeHours | None
    pauses: tuple[Pause, ...]
    extensions: tuple[TimeLimit, ...]
    first_day: FirstDay
    roll: Roll
    ends: Ends
    rest_day_same_day: RestDaySameDay | None
    closes: OfficeHours | None = None
    backward: bool = False
    extension_from: ExtensionFrom = "due"
    rest_day_hours: RestDayHours = "not"

    @property
    def office(self) -> OfficeHours | None:
        """The hours by which days close."""
        return self.hours if self.closes is None else self.closes


def check_choices(**chosen: str | None) -> None:
    """Raise for an option that is none of its choices."""
    try:
        if _all_known(*chosen.items()):
            return
    except TypeError:  # a list, say: told below
        pass
    for name, value in chosen.items():
        if not isinstance(value, str | None) or value not in CHOICES[name]:
            choices = [f'"{choice}"' for choice in CHOICES[name] if choice]
            raise DeadlineError(
                Words(f"{name}={shown(value)} is not known", f"{name}={shown(value)} 不是可选的值"),
                hint=Words(f"one of {', '.join(choices)}", f"可选：{'、'.join(choices)}"),
            )


@lru_cache
def _all_known(*chosen: tuple[str, str | None]) -> bool:
    return all(value in set(CHOICES[name]) for name, value in chosen)


def as_limit(limit: TimeLimit | str) -> TimeLimit:
    """A limit, or its text."""
    if isinstance(limit, TimeLimit):
        return limit
    if isinstance(limit, str):
        return TimeLimit.parse(limit)
    raise DeadlineError(
        Words(f"no limit: {shown(limit)}", f"不是时限：{shown(limit)}"),
        hint=Words('write "5个工作日" or a TimeLimit', "请写“5个工作日”或者 TimeLimit"),
    )


def read_hours(hours: OfficeHours | str, makeup: MakeupHours | None) -> OfficeHours:
    """Office hours, or their text; `makeup` says what they are on a make-up workday, where that is not said with them."""
    if isinstance(hours, OfficeHours):
        return hours if makeup in (None, hours.makeup) else _hours(hours.text, makeup)
    if isinstance(hours, str):
        return _hours(hours, makeup or "weekday")
    raise DeadlineError(
        Words(f"no office hours: {shown(hours)}", f"不是办公时间：{shown(hours)}"), hint=Words('write "08:30-17:00"', "请写“08:30-17:00”")
    )


@lru_cache(maxsize=512)
def _hours(text: str, makeup: MakeupHours) -> OfficeHours:
    return OfficeHours(text, makeup=makeup)


def read_when(value: object, zone: ZoneInfo | None, what: Words) -> When:
    """A date as it is; a moment in the calendar's zone. Without a zone only naive moments are read, and stay naive. A text is read."""
    with suppress(RecordError):  # told below, as what is no text is
        value = as_when(value)
    if not isinstance(value, datetime):
        if isinstance(value, date):
            return value if type(value) is date else date(value.year, value.month, value.day)
        raise DeadlineError(
            Words(f"{what.en} is no date or moment: {shown(value)}", f"{what.zh}不是日期或时刻：{shown(value)}"),
            hint=Words("give a datetime.date or datetime.datetime", "请给出 datetime.date 或 datetime.datetime"),
        )
    if value != value:  # noqa: PLR0124 - the missing moment of data frames is a datetime that differs from itself
        raise DeadlineError(Words(f"{what.en} is missing", f"{what.zh}缺失"))
    if not in_reach(value):
        raise DeadlineError(Words(f"{what.en} lies beyond every calendar: {shown(value)}", f"{what.zh}超出任何日历：{shown(value)}"))
    if type(value) is not datetime:  # a data frame's own kind of moment
        value = datetime.combine(value.date(), value.timetz())
    if value.tzinfo is None:
        # there and back: a clock time that summer time leaves out becomes the moment it stands for
        return value if zone is None else value.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    if zone is None:
        raise DeadlineError(
            Words(f"{what.en} has a time zone and the calendar has none: {value}", f"{what.zh}带时区，而日历没有时区：{value}"),
            hint=Words("name it: WorkCalendar.of(..., tz=...)", "请写明：WorkCalendar.of(..., tz=...)"),
        )
    return value.astimezone(zone)


_START_OF_PAUSE, _END_OF_PAUSE = Words("the start of a pause", "中止的开始"), Words("the end of a pause", "中止的结束")


def read_pauses(pauses: Iterable[object], zone: ZoneInfo | None) -> tuple[Pause, ...]:
    """Pauses in the order they begin; each was (first, last) or (first, last, reason)."""
    if isinstance(pauses, str) or not isinstance(pauses, Iterable):
        raise DeadlineError(Words(f"pauses is a list, not {shown(pauses)}", f"pauses 应为列表，而不是 {shown(pauses)}"), hint=_PAIRS)
    read = [_read_pause(pause, zone) for pause in pauses]
    return tuple(sorted(read, key=lambda pause: moment_of(pause.first, zone)))


_PAIRS = Words("give [(first, last), ...]", "请写成 [(首, 末), ...]")


def _read_pause(pause: object, zone: ZoneInfo | None) -> Pause:
    if not isinstance(pause, tuple | list) or len(pause) not in (2, 3):
        raise DeadlineError(Words(f"no pause: {shown(pause)}", f"不是中止：{shown(pause)}"), hint=_PAIRS)
    if pause[1] is None:
        raise DeadlineError(
            Words(
                f"the pause from {pause[0]} has not ended, so there is no deadline yet", f"{pause[0]} 开始的中止尚未结束，期限尚不能确定"
            ),
            hint=Words("give its end, or the moment to judge from as its end", "请给出结束日，或者以判断的时刻作为结束"),
        )
    first, last = read_when(pause[0], zone, _START_OF_PAUSE), read_when(pause[1], zone, _END_OF_PAUSE)
    as_given = isinstance(first, datetime) and isinstance(last, datetime)
    backwards = moment_of(last, zone) < moment_of(first, zone) if as_given else day_of(last) < day_of(first)
    if backwards:
        raise DeadlineError(
            Words(f"a pause ends before it starts: {first} to {last}", f"中止的结束早于开始：{first} 至 {last}"),
            hint=Words("its first day or moment comes first", "请先写开始"),
        )
    return Pause(first, last, words(pause[2]) if len(pause) == 3 and pause[2] else None)


def uncounted(pause: Pause, ends: str, *, in_days: bool, ended: bool = True) -> Pause | None:
    """A pause without those of its end days that count; None where nothing is left of it.

    `in_days` is a limit in days, for which a pause given by moments takes whole days. A pause that has not ended has no last day.
    """
    first, last = pause.first, pause.last
    if ends in ("last", "neither") and (in_days or not isinstance(first, datetime)):
        first = day_of(first) + DAY
    if ends in ("first", "neither") and ended and (in_days or not isinstance(last, datetime)):
        last = day_of(last) - DAY
    return pause._replace(first=first, last=last) if day_of(first) <= day_of(last) else None


def read_extensions(extensions: Iterable[TimeLimit | str]) -> tuple[TimeLimit, ...]:
    """Extensions in the order they were granted; each an amount of time that is not nothing."""
    if isinstance(extensions, str | TimeLimit):
        raise DeadlineError(
            Words(f"extensions is a list, not {shown(extensions)}", f"extensions 应为列表，而不是 {shown(extensions)}"),
            hint=Words('write ["10个工作日"]', "请写成 [“10个工作日”]"),
        )
    if not isinstance(extensions, Iterable):
        raise DeadlineError(Words(f"extensions is a list, not {shown(extensions)}", f"extensions 应为列表，而不是 {shown(extensions)}"))
    read = tuple(as_limit(extension) for extension in extensions)
    for extension in read:
        if not extension.value:
            raise DeadlineError(
                Words(f"{extension.text('en')} extends nothing", f"{extension}不能作为延长的时间"),
                hint=Words("leave it out, or give an amount", "请删去，或者给出数量"),
            )
    return read


def day_of(when: When) -> date:
    """The date of a date or of a moment already in the calendar's zone."""
    return when.date() if isinstance(when, datetime) else when


def midnight(day: date, zone: ZoneInfo | None) -> datetime:
    """The moment a day begins."""
    return datetime.combine(day, time(), zone)


def due_moment(due: When, zone: ZoneInfo | None) -> datetime:
    """The moment a deadline is over: a date's 24:00 is the next midnight."""
    return due if isinstance(due, datetime) else midnight(due + DAY, zone)


def moment_of(when: When, zone: ZoneInfo | None) -> datetime:
    """A moment for sums and comparisons: UTC, or naive where the calendar has no zone. A date stands for its beginning.

    Python compares two moments of one zone by their clocks, an hour wrong when summer time ends; in UTC it cannot.
    """
    moment = when if isinstance(when, datetime) else midnight(when, zone)
    return moment if zone is None else moment.astimezone(UTC)


def local(moment: datetime, zone: ZoneInfo | None) -> datetime:
    """A moment of `moment_of` on the calendar's clock."""
    return moment if zone is None else moment.astimezone(zone)


def paused_days(pauses: tuple[Pause, ...]) -> list[tuple[date, date]]:
    """The pauses as runs of whole days, both ends in, merged where they touch or overlap."""
    runs: list[tuple[date, date]] = []
    for first, last in sorted((day_of(pause.first), day_of(pause.last)) for pause in pauses):
        if runs and first <= runs[-1][1] + DAY:
            runs[-1] = (runs[-1][0], max(runs[-1][1], last))
        else:
            runs.append((first, last))
    return runs


def paused_time(pauses: tuple[Pause, ...], zone: ZoneInfo | None) -> list[tuple[datetime, datetime]]:
    """The pauses as stretches of time in order; a pause given by dates stops the clock until its last day is over."""
    return sorted(
        (moment_of(pause.first, zone), moment_of(pause.last if isinstance(pause.last, datetime) else pause.last + DAY, zone))
        for pause in pauses
    )


def later(when: When, other: When) -> bool:
    """Whether one is after the other; a day and a moment compare by the day, a moment without an offset is read on the other's clock.

    >>> later(date(2026, 3, 3), datetime(2026, 3, 2, 23, 0)), later(date(2026, 3, 2), datetime(2026, 3, 2, 9, 0))
    (True, False)
    """
    if isinstance(when, datetime) and isinstance(other, datetime):
        # a moment without an offset is on the other's clock
        first = when if when.tzinfo else when.replace(tzinfo=other.tzinfo)
        second = other if other.tzinfo else other.replace(tzinfo=when.tzinfo)
        return first > second
    return day_of(when) > day_of(other)
