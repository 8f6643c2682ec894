"""Time that runs by the clock: the stretches in which it runs, and where an amount of it is used up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from govservice.calendars.hours import MIDNIGHT, closing_moment
from govservice.counting.asked import DAY, Ask, local, moment_of, paused_time
from govservice.errors import DeadlineError, Words
from govservice.limits import TimeLimit

MICROSECONDS = {"hour": 3_600_000_000, "minute": 60_000_000}
FOR_EVER = datetime.max.replace(tzinfo=UTC)
LONGEST_CLOSURE = timedelta(days=400)


class Stretch(NamedTuple):
    """Time that counts, from a moment until another; both as `moment_of` gives them."""

    start: datetime
    end: datetime


def length(limit: TimeLimit) -> timedelta:
    """How much clock time an hour or minute limit is, to the microsecond."""
    return timedelta(microseconds=_part_of(MICROSECONDS[limit.unit], limit.value))


def running(ask: Ask, start: datetime) -> Iterator[Stretch]:
    """When the clock runs from `start` on: always, or in office time where the ask has hours; never inside a pause."""
    zone = ask.calendar.zone
    whole: Iterable[Stretch] = [Stretch(start, FOR_EVER if zone else datetime.max)] if ask.hours is None else office_time(ask, start)  # noqa: DTZ901
    pauses = paused_time(ask.pauses, zone)
    for stretch in whole:
        begin = stretch.start
        for first, last in pauses:
            if first >= stretch.end:
                break
            if first > begin:
                yield Stretch(begin, first)
            begin = max(begin, last)
        if begin < stretch.end:
            yield Stretch(begin, stretch.end)


def used(stretches: Iterable[Stretch], amount: timedelta) -> list[Stretch]:
    """The stretches up to where `amount` is used up; the last ends there."""
    taken: list[Stretch] = []
    for start, end in stretches:
        if end - start >= amount:
            return [*taken, Stretch(start, start + amount)]
        amount -= end - start
        taken.append(Stretch(start, end))
    raise OverflowError  # beyond the year 9999, as `deadline` says


def office_time(ask: Ask, start: datetime) -> Iterator[Stretch]:
    """The office hours of the days that count from `start` on."""
    zone = ask.calendar.zone
    day = idle_since = local(start, zone).date()
    while True:
        if counts(ask, day):
            for stretch in opening_times(ask, day):
                if stretch.end > start:
                    yield Stretch(max(stretch.start, start), stretch.end)
                    idle_since = day
        if day - idle_since > LONGEST_CLOSURE:
            raise DeadlineError(
                Words(f"the office is never open on a working day after {idle_since}", f"{idle_since}之后的工作日没有办公时间"),
                hint=Words("look at hours=", "请检查 hours="),
            )
        day += DAY


def counts(ask: Ask, day: date) -> bool:
    """Whether office time on that day is counted: on a working day, or also where the hours give a session on a rest day."""
    return ask.rest_day_hours == "counted" or ask.calendar.is_workday(day)


def opening_times(ask: Ask, day: date) -> list[Stretch]:
    """The opening times of one day, in order."""
    assert ask.office is not None
    zone = ask.calendar.zone
    return [
        Stretch(moment_of(datetime.combine(day, opens, zone), zone), moment_of(closing_moment(day, closes, zone), zone))
        for opens, closes in ask.office.spans(day, ask.calendar)
    ]


def share_of_day(ask: Ask, day: date, part: Decimal) -> timedelta:
    """That part of the office time of one day, to the microsecond."""
    office_day = sum((stretch.end - stretch.start for stretch in opening_times(ask, day)), timedelta(0))
    return timedelta(microseconds=_part_of(office_day // timedelta(microseconds=1), part))


def _part_of(whole: int, part: Decimal) -> int:
    numerator, denominator = part.as_integer_ratio()
    return whole * numerator // denominator


def closing(ask: Ask, day: date) -> datetime | None:
    """When the office closes on that day, as `moment_of` gives it; None where it does not open, or only at 24:00."""
    assert ask.office is not None
    closes = ask.office.closing(day, ask.calendar)
    return None if closes is None or closes == MIDNIGHT else moment_of(datetime.combine(day, closes, ask.calendar.zone), ask.calendar.zone)
