"""The facts that a clock gives to the rules of its row: `promised.due`, `promised.overdue`, `promised.yellow_on`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

from govservice.clockwork.history import NO_HISTORY, History
from govservice.clockwork.running import Waiting, watch_clock
from govservice.counting.asked import When, day_of, later
from govservice.rules.book.sight import AMOUNT_UNITS, AMOUNTS, CLOCK_FACTS
from govservice.rules.language.values import NONE, Nothing, Unknown, Value, exact
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.clockwork.reading import ClockReading
    from govservice.rules.book.entries import Clock

__all__ = ["clock_facts", "facts_of_clock", "facts_of_reading"]


def clock_facts(subject: Subject, clock: str) -> Mapping[str, Value]:
    """The facts a clock gives to the rules of a case of which nothing but its own facts is known."""
    return facts_of_clock(subject, clock, history=NO_HISTORY, now=subject.surroundings.as_of)


def facts_of_clock(subject: Subject, clock: str, *, history: History, now: When | None) -> Mapping[str, Value]:
    """`started_on due used left overdue overdue_by stopped_on`, the amounts with their unit, and `<signal>_on`.

    They are none where the clock does not run, else unknown while open. There is no `stopped_on` while nothing has stopped it, and no
    `<signal>_on` while none was raised: they are none. What is open says what it waits for, the day that counts as today (`as_of`) too.
    """
    shape = subject.contents.clocks[clock]
    return facts_of_reading(shape, watch_clock(shape, subject, history=history, now=now))


def facts_of_reading(shape: Clock, waiting: Waiting) -> Mapping[str, Value]:
    """What a clock that was read gives to the rules."""
    given = (*CLOCK_FACTS, *(f"{alarm.signal}_on" for alarm in shape.alarms))
    reading = waiting.reading
    if reading.applies is False:
        return dict.fromkeys(given, NONE)
    never = reading.applies is True and reading.started is None and not waiting.started  # nothing that starts it, nor will
    due_needs = frozenset(reading.undecided) or waiting.rest
    facts: dict[str, Value] = {
        "started_on": _or_open(reading.started, waiting.started),
        "due": NONE if never and reading.due is None and shape.due is None else _or_open(reading.due, due_needs),
        "used": NONE if shape.backward else _or_open(_exactly(reading.used), waiting.rest),
        "left": _or_open(_exactly(reading.left), waiting.rest),
        "overdue": _or_open(reading.overdue, waiting.rest),
        "overdue_by": _or_open(_exactly(reading.overdue_by), waiting.rest),
        "stopped_on": _or_open(reading.stopped, waiting.stopped),
    }
    facts |= _in_named_units(shape, reading, facts)
    if reading.official is not None:
        facts["official"] = reading.official  # read by nobody by name: what rests on it says so
    for signal in dict.fromkeys(alarm.signal for alarm in shape.alarms):
        facts[f"{signal}_on"] = _first_raised(signal, waiting)
    return facts


def _in_named_units(shape: Clock, reading: ClockReading, facts: Mapping[str, Value]) -> dict[str, Value]:
    """The amounts under the unit that they are in: there is none in another; in which they are is open while the limit is."""
    limit = reading.limit
    named = dict(_IN_NO_UNIT)
    for amount in AMOUNTS:
        value = facts[amount]
        if limit is None and not isinstance(value, (Unknown, Nothing)):  # 0 of what begins later
            value = Unknown(frozenset(reading.undecided)) if shape.limit is not None and reading.undecided else NONE
        for unit in AMOUNT_UNITS if limit is None else _UNITS_OF[limit.unit]:
            times = _TIMES.get((limit.unit, unit)) if limit is not None and not isinstance(value, (Unknown, Nothing)) else None
            named[f"{amount}_{unit}"] = value if times is None else exact(Fraction(cast("Fraction", value)) * times)
    return named


_IN_NO_UNIT: Final[Mapping[str, Value]] = dict.fromkeys((f"{amount}_{unit}" for amount in AMOUNTS for unit in AMOUNT_UNITS), NONE)
_UNITS_OF: Final = {
    of: [unit for unit, limits in AMOUNT_UNITS.items() if of in limits] for limits in AMOUNT_UNITS.values() for of in limits
}
_TIMES: Final[Mapping[tuple[str, str], Fraction]] = {("hour", "minutes"): Fraction(60), ("minute", "hours"): Fraction(1, 60)}


def _or_open(value: Value | None, needs: frozenset[str]) -> Value:
    """The value; where there is none, unknown if anything is waited for, else none."""
    if value is not None:
        return value
    return Unknown(needs) if needs else NONE


def _first_raised(signal: str, waiting: Waiting) -> Value:
    """The day or moment at which a signal was first raised: open while an alarm that may have been raised before it is."""
    alarms = waiting.reading.alarms
    may_be_seen = waiting.may_be_seen or (None,) * len(alarms)
    first: When | None = None
    for alarm in alarms:
        if alarm.signal == signal and alarm.raised and alarm.at is not None and (first is None or _sooner(alarm.at, first)):
            first = alarm.at
    needs: set[str] = set()
    open_ = False
    for alarm, seen in zip(alarms, may_be_seen, strict=True):
        settled = alarm.raised is False or (alarm.raised and alarm.at is not None)
        if alarm.signal == signal and not settled and not (first is not None and seen is not None and not _sooner(seen, first)):
            open_ = True
            needs |= set(alarm.undecided) or waiting.rest
    if open_:
        return Unknown(frozenset(needs) | (waiting.rest & {"as_of"}))
    return first if first is not None else NONE


def _sooner(one: When, other: When) -> bool:
    """Whether an alarm seen at one is seen before one that is seen at the other; one of a whole day is seen when the day begins."""
    if day_of(one) == day_of(other) and isinstance(one, datetime) != isinstance(other, datetime):
        return not isinstance(one, datetime)
    return later(other, one)


def _exactly(value: Decimal | int | None) -> Value | None:
    return None if value is None else exact(Fraction(value))
