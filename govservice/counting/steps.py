"""Why a deadline is when it is: the days walked one by one, slowly and plainly, by the same law that `legs` counts by.

A limit that is counted back is walked back, from its start to its last day in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from govservice.calendars import Day
from govservice.counting.asked import CLOCK_UNITS, DAY, Ask, Pause, day_of, local, moment_of
from govservice.counting.clock_time import Stretch, counts, opening_times
from govservice.counting.legs import Leg, legs
from govservice.counting.step import Step
from govservice.errors import Words

BEGINS, MATCHES, ROLLS = "民法典 201", "民法典 202", "民法典 203"

_FIRST = Words("the day it starts is not counted", "起始日不计入")
_LAST = Words("it ends on this day", "期限于此日届满")
_ROLLED = Words("the last day was a rest day: it ends on this day", "末日为休息日，顺延至此日届满")
_MOVED = Words("the start is outside office hours: it starts at the next opening", "起算时不在办公时间，自下次开始办公时起算")
_LAST_IN_TIME = Words("the last day in time", "最迟在此日")
_ROLLED_BACK = Words("the last day was a rest day: the day before it that is worked is the last in time", "末日为休息日，提前至此日")
_MOVED_BACK = Words("it is counted from outside office hours: from the closing before", "起算时不在办公时间，自上次结束办公时倒着算")


def steps_of(ask: Ask) -> tuple[Step, ...]:
    """Every day of every leg, in order."""
    walked: list[Step] = []
    all_legs = legs(ask)
    for number, leg in enumerate(all_legs):
        goes_on = number + 1 < len(all_legs) and ask.extension_from == "unrolled"  # from before it rolled: those days are walked again
        steps = list(_leg(ask, leg, first=number == 0, rolls=not goes_on))
        if number:
            granted = Words(f"extension {number} of {leg.limit.text('en')}: ", f"第{number}次延长{leg.limit}：")
            steps = [replace(step, reason=_joined(granted, step.reason)) for step in steps]
        walked += steps
    if ask.calendar.country != "CN" or ask.backward:  # the same counting, but not by force of that law
        walked = [replace(step, source=None) if step.source in (BEGINS, MATCHES, ROLLS) else step for step in walked]
    return tuple(walked)


def _joined(before: Words, after: Words) -> Words:
    return Words(before.en + after.en, before.zh + after.zh)


def _leg(ask: Ask, leg: Leg, *, first: bool, rolls: bool) -> Iterator[Step]:
    if leg.limit.unit in CLOCK_UNITS:
        yield from _clock(ask, leg)
        return
    if first:
        yield from _until_opened(ask, leg)
    yield from _counted(ask, leg, first=first)
    if rolls or leg.part or not leg.days:
        yield from _after(ask, leg)


def _onward(ask: Ask) -> timedelta:
    """From one day of the counting to the next."""
    return -DAY if ask.backward else DAY


def _until_opened(ask: Ask, leg: Leg) -> Iterator[Step]:
    """The days between a start outside office hours and the opening (counted back, the closing) it moved to."""
    day = day_of(ask.start)
    if ask.start != leg.start:
        yield Step(day, False, _MOVED_BACK if ask.backward else _MOVED)
        yield from _skipped_until(ask, day + _onward(ask) if day != day_of(leg.start) else day, day_of(leg.start))


def _skipped_until(ask: Ask, day: date, end: date) -> Iterator[Step]:
    while day != end:
        yield _skipped(ask, day)
        day += _onward(ask)


def _counted(ask: Ask, leg: Leg, *, first: bool) -> Iterator[Step]:
    """The start and the days up to the last that counts."""
    start, number = day_of(leg.start), 0
    workdays = leg.limit.unit == "workday"
    source = None if workdays else MATCHES if leg.limit.unit in ("month", "year") else BEGINS
    day = start if leg.included and leg.days else start + _onward(ask)
    if first and leg.days and not leg.included and (ask.start == leg.start or day_of(ask.start) != start):
        yield Step(start, False, _FIRST, BEGINS)
    while number < leg.days:
        if _pause(ask, day) or (workdays and not ask.calendar.is_workday(day)):
            yield _skipped(ask, day)
        else:
            number += 1
            what = ask.calendar.day(day) if workdays else None
            yield Step(day, True, _numbered(leg, number, what), source if what is None else what.source, **_known(what))
        day += _onward(ask)


def _known(what: Day | None) -> dict[str, Any]:
    """What a step keeps of the calendar's answer."""
    return {} if what is None else {"day_kind": what.kind, "official": what.official}


def _numbered(leg: Leg, number: int, what: Day | None) -> Words:
    if what is None:
        of = Words(f" ({leg.limit.text('en')})", f"（{leg.limit}）") if leg.limit.unit in ("month", "year") else Words("", "")
        return Words(f"day {number} of {leg.days}{of.en}", f"第{number}天（共{leg.days}天）{of.zh}")
    counted = Words(f"working day {number} of {leg.days}", f"第{number}个工作日（共{leg.days}个）")
    if what.kind == "makeup_workday":
        counted = Words(f"{counted.en}, {what.label('en')}", f"{counted.zh}，{what.label('zh')}")
    return counted if what.official else _joined(counted, _NOT_FIXED)


_NOT_FIXED = Words(" (not yet announced)", "（尚未公布）")


def _skipped(ask: Ask, day: date) -> Step:
    """A day that does not count: paused, or no working day."""
    pause = _pause(ask, day)
    if pause is not None:
        return Step(day, False, _paused(pause), paused=True)
    what = ask.calendar.day(day)
    if what.is_workday:
        return Step(day, False, Words("not yet open", "尚未开始办公"), **_known(what))
    reason = Words(what.label("en"), what.label("zh"))
    if what.name:
        reason = Words(f"{reason.en}, {what.name}", f"{reason.zh}，{what.name}")
    return Step(day, False, reason if what.official else _joined(reason, _NOT_FIXED), what.source, **_known(what))


def _pause(ask: Ask, day: date) -> Pause | None:
    return next((pause for pause in ask.pauses if day_of(pause.first) <= day <= day_of(pause.last)), None)


def _paused(pause: Pause) -> Words:
    return Words("paused", "中止") if pause.reason is None else Words(f"paused: {pause.reason.en}", f"中止：{pause.reason.zh}")


def _after(ask: Ask, leg: Leg) -> Iterator[Step]:
    """From the last day counted to the day it ends on: a limit of no days, a rolled end, or a part of a working day."""
    if leg.part:
        yield from _part(ask, leg)
        return
    due = day_of(leg.due)
    if leg.days and leg.last == due:
        return
    yield from _skipped_until(ask, day_of(leg.start) if not leg.days else (leg.last or due) + _onward(ask), due)
    what = None if leg.looked_from is None else ask.calendar.day(due)
    source = ROLLS if leg.days else None if what is None else what.source
    rolled, last = (_ROLLED_BACK, _LAST_IN_TIME) if ask.backward else (_ROLLED, _LAST)
    yield Step(due, False, rolled if leg.days else last, source, **_known(what))


def _part(ask: Ask, leg: Leg) -> Iterator[Step]:
    zone = ask.calendar.zone
    assert leg.last is not None
    assert isinstance(leg.start, datetime)
    begin = moment_of(datetime.combine(leg.last, leg.start.time(), zone), zone)
    yield from _spent(ask, begin, leg.stretches, Words(f"office time, {leg.part} of a working day", f"办公时间，{leg.part}个工作日"), None)


# Time by the clock ----------------------------------------------------------------------------------------------------------------


def _clock(ask: Ask, leg: Leg) -> Iterator[Step]:
    assert isinstance(leg.start, datetime)
    begin = moment_of(leg.start, ask.calendar.zone)
    if ask.hours is None:
        yield from _spent(ask, begin, leg.stretches, Words("the clock runs", "计时"), BEGINS)
    else:
        yield from _spent(ask, begin, leg.stretches, Words("office time", "办公时间"), None)


def _spent(ask: Ask, begin: datetime, stretches: tuple[Stretch, ...], reason: Words, source: str | None) -> Iterator[Step]:
    """Each stretch that runs, cut at midnights, and what stands between them."""
    if ask.backward:  # the same stretches, told from the last to the first
        told = list(_told(ask, stretches[0].start, stretches, reason, source))
        told += [step for day, start, end in _by_day(ask, Stretch(stretches[-1].end, begin)) for step in _still(ask, day, start, end)]
        yield from reversed(told)
    else:
        yield from _told(ask, begin, stretches, reason, source)


def _told(ask: Ask, begin: datetime, stretches: tuple[Stretch, ...], reason: Words, source: str | None) -> Iterator[Step]:
    zone = ask.calendar.zone
    for stretch in stretches:
        for day, start, end in _by_day(ask, Stretch(begin, stretch.start)):
            yield from _still(ask, day, start, end)
        for day, start, end in _by_day(ask, stretch):
            yield Step(day, True, reason, source, local(start, zone), local(end, zone))
        begin = stretch.end


def _by_day(ask: Ask, stretch: Stretch) -> Iterator[tuple[date, datetime, datetime]]:
    zone, start = ask.calendar.zone, stretch.start
    while start < stretch.end:
        day = local(start, zone).date()
        end = min(moment_of(day + DAY, zone), stretch.end)
        yield day, start, end
        start = end


def _still(ask: Ask, day: date, start: datetime, end: datetime) -> Iterator[Step]:
    """Why the clock stands still on a day: its pauses, else that it is a rest day; nights and lunch breaks are not told."""
    zone, paused = ask.calendar.zone, False
    for pause in ask.pauses:
        last = pause.last if isinstance(pause.last, datetime) else pause.last + DAY
        first, until = max(start, moment_of(pause.first, zone)), min(end, moment_of(last, zone))
        if first < until:
            paused = True
            yield Step(day, False, _paused(pause), None, local(first, zone), local(until, zone), paused=True)
    if not paused and ask.hours is not None and not ask.calendar.is_workday(day) and not (counts(ask, day) and opening_times(ask, day)):
        yield _skipped(ask, day)
