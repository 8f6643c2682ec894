"""The legs of a deadline: the limit from the start, then each extension from where the leg before it ended."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from govservice.counting.asked import CLOCK_UNITS, DAY, INSTANT_UNITS, Ask, When, day_of, local, midnight, moment_of, paused_days
from govservice.counting.backward import before_closing, clock_back, part_of_day_back
from govservice.counting.clock_time import Stretch, closing, length, running, share_of_day, used
from govservice.counting.day_count import Runs, natural_days, nth_day, nth_workday, unpaused, worked
from govservice.decimals import EXACT
from govservice.errors import DeadlineError, Words
from govservice.limits import TimeLimit

NO_PART = Decimal(0)


class Leg(NamedTuple):
    """One amount of time and where it takes the deadline.

    `start` is where it is counted from: the ask's start, moved to the next opening where that is asked for, or the leg before.
    `due` is a date (24:00 of that day) or a moment on that day. `days` are counted up to `last`, then the end may roll.
    `part` is what is left of a working day to be spent in office time; `stretches` is clock time spent. Days from `looked_from` on
    were asked of the calendar.
    """

    limit: TimeLimit
    start: When
    due: When
    days: int = 0
    last: date | None = None
    included: bool = False
    part: Decimal = NO_PART
    looked_from: date | None = None
    stretches: tuple[Stretch, ...] = ()


def legs(ask: Ask) -> list[Leg]:
    """The limit counted from the start, then every extension; or counted back from it."""
    if ask.backward:
        return [_leg_back(ask, ask.limit, before_closing(ask), included=ask.first_day == "included")]
    done = [_leg(ask, ask.limit, after_opening(ask), included=ask.first_day == "included")]
    for extension in ask.extensions:
        begins = done[-1].due if ask.extension_from == "due" else _before_it_rolled(done[-1])
        done.append(_leg(ask, extension, begins, included=False))  # each starts where the last ended
    return done


def _before_it_rolled(leg: Leg) -> When:
    """Where a leg would have ended, had its last day not rolled."""
    if leg.last is None or leg.part or not leg.days or leg.last == day_of(leg.due):
        return leg.due
    return leg.last if not isinstance(leg.due, datetime) else leg.due + (leg.last - leg.due.date())


def _leg_back(ask: Ask, limit: TimeLimit, start: When, *, included: bool) -> Leg:
    zone, calendar = ask.calendar.zone, ask.calendar
    day = day_of(start)
    anchor = day + DAY if included else day
    if limit.unit in CLOCK_UNITS:
        assert isinstance(start, datetime)
        spent = clock_back(ask, limit, start)
        return Leg(limit, start, local(spent[0].start, zone), looked_from=None if ask.hours is None else day, stretches=spent)
    if limit.unit != "workday":
        count = natural_days(limit, day, included=included, backward=True)
        last = anchor - DAY * count if count else day
        rolled = calendar.previous_workday(last) if ask.roll == "backward" else last
        looked = last if ask.roll == "backward" or ask.ends == "close" else None
        return Leg(limit, start, _end_of(ask, start, rolled), count, last, included, looked_from=looked)
    count, part = _whole_and_part(ask, limit, start)
    last = calendar.add_workdays(anchor, -count) if count else day if part else calendar.previous_workday(day)
    if part:
        assert isinstance(start, datetime)
        spent = part_of_day_back(ask, start, last, part)
        return Leg(limit, start, local(spent[0].start, zone), count, last, included, part, day, spent)
    return Leg(limit, start, _end_of(ask, start, last), count, last, included, looked_from=day)


def _leg(ask: Ask, limit: TimeLimit, start: When, *, included: bool) -> Leg:
    if limit.unit in CLOCK_UNITS:
        return _clock_leg(ask, limit, start)
    pauses = paused_days(ask.pauses) if ask.pauses else ()
    if limit.unit == "workday":
        return _workday_leg(ask, limit, start, pauses, included=included)
    if limit.unit in INSTANT_UNITS:
        return _instant_leg(ask, limit, start, pauses)
    return _natural_leg(ask, limit, start, pauses, included=included)


def after_opening(ask: Ask) -> When:
    """The start; one outside office hours moves to the next opening, where the limit ends at the same clock time."""
    if ask.ends != "same_time" or ask.hours is None or ask.limit.unit in CLOCK_UNITS or not isinstance(ask.start, datetime):
        return ask.start
    return ask.start if ask.hours.is_open(ask.start, ask.calendar) else ask.hours.next_opening(ask.start, ask.calendar)


def _clock_leg(ask: Ask, limit: TimeLimit, start: When) -> Leg:
    zone = ask.calendar.zone
    # a limit in days that ended at 24:00 is extended by hours from that midnight
    moment = start if isinstance(start, datetime) else midnight(start + DAY, zone)
    spent = used(running(ask, moment_of(moment, zone)), length(limit))
    looked = None if ask.hours is None else moment.date()
    return Leg(limit, moment, local(spent[-1].end, zone), looked_from=looked, stretches=tuple(spent))


def _workday_leg(ask: Ask, limit: TimeLimit, start: When, pauses: Runs, *, included: bool) -> Leg:
    day = day_of(start)
    count, part = _whole_and_part(ask, limit, start)
    if count:
        last = nth_workday(day - DAY if included else day, count, ask.calendar, pauses)
    else:
        last = day if part else worked(day, ask.calendar, pauses)
    if part:
        spent = _part_of_day(ask, start, last, part)
        return Leg(limit, start, local(spent[-1].end, ask.calendar.zone), count, last, included, part, day, spent)
    return Leg(limit, start, _end_of(ask, start, last), count, last, included, looked_from=day)


def _whole_and_part(ask: Ask, limit: TimeLimit, start: When) -> tuple[int, Decimal]:
    """The whole working days of a limit, and the part of one that is left; a part counts as a whole day unless office time is counted."""
    count = int(limit.value)
    part = EXACT.subtract(limit.value, count)
    if part and not (ask.ends == "same_time" and ask.hours is not None and isinstance(start, datetime)):
        return count + 1, NO_PART
    return count, part


def _natural_leg(ask: Ask, limit: TimeLimit, start: When, pauses: Runs, *, included: bool) -> Leg:
    day = day_of(start)
    count = natural_days(limit, day, included=included) if limit.value else 0
    last = nth_day(day - DAY if included else day, count, pauses) if count else unpaused(day, pauses)
    if ask.roll == "none":
        looked = last if ask.ends == "close" else None  # when the office closes depends on what the day is
        return Leg(limit, start, _end_of(ask, start, last), count, last, included, looked_from=looked)
    return Leg(limit, start, _end_of(ask, start, worked(last, ask.calendar, pauses)), count, last, included, looked_from=last)


def _instant_leg(ask: Ask, limit: TimeLimit, start: When, pauses: Runs) -> Leg:
    """On the spot is the day itself, whatever day it is; the same day is too, but a rest day may move it to the next working day."""
    day, zone = day_of(start), ask.calendar.zone
    looked = limit.unit == "same_day"
    on = day
    if looked:
        on = worked(day, ask.calendar, pauses) if _moves_on(ask, day) else unpaused(day, pauses)
    # it ends with the day or with the office's day: the start's own clock time would leave no time at all
    closes = ask.office is not None and ask.ends != "day"
    close = closing(ask, on) if closes else None
    return Leg(limit, start, on if close is None else local(close, zone), last=on, looked_from=day if looked or closes else None)


def _moves_on(ask: Ask, day: date) -> bool:
    if ask.calendar.is_workday(day):
        return True  # to where a pause lets it
    if ask.rest_day_same_day is None:
        raise DeadlineError(
            Words(f"a same-day limit starts on {day}, a rest day", f"当天办结的时限始于休息日{day}"),
            why=Words("whether it ends that day or on the next working day is not said", "未注明当日届满还是顺延至下一工作日"),
            hint=Words('say rest_day_same_day="same" or "next"', '请注明 rest_day_same_day="same"（当日）或 "next"（下一工作日）'),
        )
    return ask.rest_day_same_day == "next"


def _end_of(ask: Ask, start: When, on: date) -> When:
    """How a limit in days ends on its last day: a date stands for its 24:00."""
    zone = ask.calendar.zone
    if ask.ends == "same_time" and isinstance(start, datetime):
        return local(moment_of(datetime.combine(on, start.time(), zone), zone), zone)
    close = closing(ask, on) if ask.ends == "close" else None
    return on if close is None else local(close, zone)


def _part_of_day(ask: Ask, start: When, on: date, part: Decimal) -> tuple[Stretch, ...]:
    """The part of a working day, spent in office time from the start's clock time on that day on."""
    zone = ask.calendar.zone
    assert isinstance(start, datetime)
    then = moment_of(datetime.combine(on, start.time(), zone), zone)
    day = local(next(running(ask, then)).start, zone).date()
    return tuple(used(running(ask, then), share_of_day(ask, day, part)))
