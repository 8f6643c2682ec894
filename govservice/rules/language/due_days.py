"""When a limit ends, as a value: counted under the conventions stated, each way where one that matters is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import product
from typing import Any, Final, cast

from govservice.calendars import WorkCalendar
from govservice.counting.answer import counted
from govservice.counting.asked import CLOCK_UNITS, INSTANT_UNITS, When, day_of
from govservice.counting.result import Deadline
from govservice.errors import DeadlineError, DecisionError, OutsideCalendar, Words
from govservice.limits import TimeLimit
from govservice.rules.language.day_functions import Around
from govservice.rules.language.shapes import Call, Constant, Expression, IfElse, Match
from govservice.rules.language.values import OUTSIDE, Unknown, Value

__all__ = ["FROM_A_MOMENT", "due_at", "due_on", "hours_from_a_day"]

_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "first_day": ("excluded", "included"),
    "roll": ("forward", "none"),
    "ends": ("day", "close", "same_time"),
    "rest_day_same_day": ("same", "next"),
    "makeup_hours": ("weekday", "weekend", "none"),
}

ALL_DAY: Final = "全天"
FROM_A_MOMENT: Final = (
    Words("hours and minutes are counted from a moment, and this is a day", "小时、分钟要从某个时刻算起，而这里是日期"),
    Words("a moment such as accepted_at", "写时刻，如 accepted_at（受理时刻）"),
)


def hours_from_a_day(start: Expression, limit: Expression) -> bool:
    """Whether a limit is written, or one of several that it may be, in hours or minutes, and it is a day that starts it."""
    limits = (one.value for one in _ways_of(limit) if isinstance(one, Constant))
    by_the_clock = any(isinstance(value, TimeLimit) and value.unit in CLOCK_UNITS for value in limits)
    return by_the_clock and all(one.type.kind == "date" for one in _ways_of(start))


def _ways_of(of: Expression) -> Iterator[Expression]:
    """What an expression may come to, one of several."""
    match of:
        case IfElse():
            several: tuple[Expression, ...] = (of.yes, of.no)
        case Match():
            several = (*(worth for _, worth in of.worths), *((of.otherwise,) if of.otherwise is not None else ()))
        case Call("min" | "max"):
            several = of.of
        case _:
            yield of
            return
    for one in several:
        yield from _ways_of(one)


def due_on(of: list[Any], around: Around) -> Value:
    """The day on which a limit ends that is counted from a day or moment."""
    return _ending(of[0], of[1], around, lambda deadline: deadline.due_on)


def due_at(of: list[Any], around: Around) -> Value:
    """The moment at which it is over; the end of a day is the midnight that begins the next."""
    return _ending(of[0], of[1], around, lambda deadline: deadline.due_at)


def _ending(start: When, limit: TimeLimit, around: Around, read: Callable[[Deadline], Value]) -> Value:
    calendar, office = around.days(), around.hours()
    hours = ALL_DAY if isinstance(office, Unknown) else office
    if not isinstance(calendar, WorkCalendar):
        raise DecisionError(Words("due needs a WorkCalendar", "due 需要 WorkCalendar 日历"))
    try:
        stated = {name: around.convention(name) for name in _asked(limit, start, around, hours=hours is not None)}
        ways = {way: _counted(limit, start, calendar, hours, dict(way)) for way in _ways(stated, start, hours)}
        answers = {way: read(deadline) for way, deadline in ways.items()}
    except OutsideCalendar:
        return OUTSIDE
    except DeadlineError as error:
        raise DecisionError(error.what, why=error.why, hint=error.hint) from None
    waits = office if isinstance(office, Unknown) and any(map(_closes, ways)) else None
    if len(set(answers.values())) > 1:
        unstated = around.unstated(frozenset(_deciding(answers)), Words(f"due(.., {limit.text('en')})", f"due(.., {limit})"))
        return unstated if waits is None else unstated | waits
    if waits is not None:
        return waits
    for deadline in ways.values():
        for words in deadline.warnings:
            around.say(words)
    return next(iter(answers.values()))


def _asked(limit: TimeLimit, start: When, around: Around, *, hours: bool) -> Iterator[str]:
    """The conventions that may matter to a limit; one that is over at once closes with the office only where that is stated."""
    instant, ends = limit.unit in INSTANT_UNITS, around.convention("ends")
    if limit.unit == "same_day" and not around.days().is_workday(day_of(start)):
        yield "rest_day_same_day"
    if limit.unit in CLOCK_UNITS:
        return
    if not instant:
        yield "first_day"
    if limit.unit in ("natural_day", "month", "year"):
        yield "roll"
    if (hours and ends == "close") if instant else (hours or isinstance(start, datetime)):
        yield "ends"
        if hours and ends != "day":
            yield "makeup_hours"


Way = tuple[tuple[str, str], ...]


def _ways(stated: Mapping[str, str | None], start: When, hours: str | None) -> Iterator[Way]:
    """Every way to take the conventions that are not stated, but for those that contradict each other or have nothing to end by."""
    options = {name: (value,) if value is not None else _CHOICES[name] for name, value in stated.items()}
    for values in product(*options.values()):
        way = dict(zip(options, values, strict=True))
        ends, open_ = way.get("ends"), {name for name, value in stated.items() if value is None}
        if "ends" in open_ and ((ends == "close" and hours is None) or (ends == "same_time" and not isinstance(start, datetime))):
            continue
        if ends == "same_time" and way["first_day"] == "included" and open_ & {"ends", "first_day"}:
            continue
        yield tuple(way.items())


def _counted(limit: TimeLimit, start: When, calendar: WorkCalendar, hours: str | None, way: Mapping[str, str]) -> Deadline:
    count = partial(counted, limit, start, calendar, hours=None if limit.unit in CLOCK_UNITS else hours)
    return count(**cast("Any", way))


def _closes(way: Way) -> bool:
    """Whether a limit taken so ends with the office, or begins when it opens."""
    return dict(way).get("ends", "day") != "day"


def _deciding(answers: Mapping[Way, Value]) -> Iterator[str]:
    """The conventions on which the answer turns: with the others taken alike, it differs."""
    for name in dict(next(iter(answers))):
        taken: dict[Way, set[Value]] = {}
        for way, answer in answers.items():
            others = tuple(pair for pair in way if pair[0] != name)
            taken.setdefault(others, set()).add(answer)
        if any(len(found) > 1 for found in taken.values()):
            yield name
