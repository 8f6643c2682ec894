"""A limit counted back from a day to come (举行听证的七日前): its last day in time, by the mirror image of the forward law."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain

from govservice.counting.asked import CLOCK_UNITS, DAY, INSTANT_UNITS, Ask, When, day_of, local, midnight, moment_of
from govservice.counting.clock_time import LONGEST_CLOSURE, Stretch, counts, length, opening_times, share_of_day
from govservice.errors import DeadlineError, Words
from govservice.limits import TimeLimit

__all__ = ["check_direction", "last_counted"]

LONG_AGO = datetime.min.replace(tzinfo=UTC)


def check_direction(ask: Ask) -> None:
    """Raise for what has no meaning in the direction that is counted in."""
    if not ask.backward:
        if ask.roll == "backward":
            raise DeadlineError(
                Words('roll="backward" is for a limit that is counted back', 'roll="backward" 只用于倒着算的时限'),
                hint=Words("add backward=True", "请加上 backward=True"),
            )
        return
    if ask.limit.unit in INSTANT_UNITS:
        raise DeadlineError(
            Words(f"{ask.limit.text('en')} cannot be counted back", f"{ask.limit}不能倒着算"),
            hint=Words("write days or hours, or count forward", "请写日数或小时数，或者不要倒着算"),
        )
    if ask.pauses:
        raise DeadlineError(
            Words("a limit that is counted back is not paused", "倒着算的时限没有中止"),
            hint=Words("move the day it is counted back from", "请改用推迟后的起算日"),
        )
    if ask.extensions:
        raise DeadlineError(
            Words("a limit that is counted back is not extended", "倒着算的时限不能延长"),
            hint=Words("give the whole limit, or move the day it is counted back from", "请写明整个时限，或者改用推迟后的起算日"),
        )


def last_counted(ask: Ask) -> date:
    """The latest day that was looked at: the start where it is counted, else the day before."""
    start = day_of(ask.start)
    looked_at = ask.first_day == "included" or ask.limit.unit in CLOCK_UNITS or ask.ends == "same_time"
    return start if looked_at else start - DAY


def before_closing(ask: Ask) -> When:
    """The start; one outside office hours moves to the closing before, where the limit ends at the same clock time."""
    if ask.ends != "same_time" or ask.hours is None or ask.limit.unit in CLOCK_UNITS or not isinstance(ask.start, datetime):
        return ask.start
    zone = ask.calendar.zone
    start = moment_of(ask.start, zone)
    last = local(start, zone).date()
    for day in _days_back(last):
        for stretch in reversed(opening_times(ask, day)):
            if stretch.start < start:
                return local(min(stretch.end, start), zone)
        if last - day > LONGEST_CLOSURE:
            break
    raise _never_open(last)


def running_back(ask: Ask, start: datetime) -> Iterator[Stretch]:
    """When the clock runs before `start`, the nearest first: always, or in office time where the ask has hours."""
    if ask.hours is None:
        yield Stretch(LONG_AGO if ask.calendar.zone else datetime.min, start)  # noqa: DTZ901
        return
    first = idle_since = local(start, ask.calendar.zone).date()
    for day in _days_back(first):
        if counts(ask, day):
            for stretch in reversed(opening_times(ask, day)):
                if stretch.start < start:
                    yield Stretch(stretch.start, min(stretch.end, start))
                    idle_since = day
        if idle_since - day > LONGEST_CLOSURE:
            raise _never_open(idle_since)


def _never_open(day: date) -> DeadlineError:
    return DeadlineError(
        Words(f"the office is never open on a working day before {day}", f"{day}之前的工作日没有办公时间"),
        hint=Words("look at hours=", "请检查 hours="),
    )


def used_back(stretches: Iterable[Stretch], amount: timedelta) -> tuple[Stretch, ...]:
    """The stretches down to where `amount` is used up, the earliest first; it begins there."""
    taken: list[Stretch] = []
    for start, end in stretches:
        if end - start >= amount:
            return (Stretch(end - amount, end), *reversed(taken))
        amount -= end - start
        taken.append(Stretch(start, end))
    raise OverflowError


def clock_back(ask: Ask, limit: TimeLimit, start: datetime) -> tuple[Stretch, ...]:
    """The clock time of a limit in hours or minutes before a moment."""
    return used_back(running_back(ask, moment_of(start, ask.calendar.zone)), length(limit))


def part_of_day_back(ask: Ask, start: datetime, on: date, part: Decimal) -> tuple[Stretch, ...]:
    """The part of a working day, in office time before the start's clock time on that day."""
    zone = ask.calendar.zone
    then = moment_of(datetime.combine(on, start.time(), zone), zone)
    stretches = running_back(ask, then)
    first = next(stretches)
    share = share_of_day(ask, local(first.start, zone).date(), part)
    return used_back(chain((first,), stretches), share)


def _days_back(day: date) -> Iterator[date]:
    while True:
        yield day
        day -= DAY


def left_between(ask: Ask, until: When, due: datetime) -> timedelta:
    """How much clock time is left between a moment and the due moment."""
    zone = ask.calendar.zone
    begin = moment_of(until if isinstance(until, datetime) else midnight(day_of(until) + DAY, zone), zone)
    left = timedelta(0)
    for stretch in running_back(ask, moment_of(due, zone)):
        if stretch.end <= begin:
            break
        left += stretch.end - max(stretch.start, begin)
    return left
