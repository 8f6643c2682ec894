"""The facts that a clock gives to the rules of its row: `promised.due`, `promised.overdue`, `promised.yellow_on`."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from govservice.clockwork.history import NO_HISTORY, History
from govservice.clockwork.running import read_clock
from govservice.counting.asked import When
from govservice.errors import ConventionError
from govservice.rules.book.sight import CLOCK_FACTS
from govservice.rules.language.values import NONE, Unknown, Value, exact
from govservice.rules.meaning.subjects import Subject

__all__ = ["clock_facts", "facts_of_clock"]


def clock_facts(subject: Subject, clock: str) -> Mapping[str, Value]:
    """The facts a clock gives to the rules of a case of which nothing but its own facts is known."""
    return facts_of_clock(subject, clock, history=NO_HISTORY, now=subject.surroundings.as_of)


def facts_of_clock(subject: Subject, clock: str, *, history: History, now: When | None) -> Mapping[str, Value]:
    """`started_on due used left overdue overdue_by stopped_on` and `<signal>_on`; none where the clock does not run, else unknown."""
    shape = subject.contents.clocks[clock]
    given = (*CLOCK_FACTS, *(f"{alarm.signal}_on" for alarm in shape.alarms))
    try:
        reading = read_clock(shape, subject, history=history, now=now)
    except ConventionError as error:
        return dict.fromkeys(given, Unknown(frozenset((error.id or "conventions",))))
    if reading.applies is False:
        return dict.fromkeys(given, NONE)
    open_ = Unknown(frozenset(reading.undecided))
    facts: dict[str, Value | None] = {
        "started_on": reading.started,
        "due": reading.due,
        "used": _exactly(reading.used),
        "left": _exactly(reading.left),
        "overdue": reading.overdue,
        "overdue_by": _exactly(reading.overdue_by),
        "stopped_on": reading.stopped,
    }
    for alarm in reading.alarms:
        if alarm.raised and alarm.at is not None and facts.get(f"{alarm.signal}_on") is None:
            facts[f"{alarm.signal}_on"] = alarm.at
        elif alarm.raised is False:
            facts.setdefault(f"{alarm.signal}_on", NONE)  # not raised: there is no such day
    return {name: open_ if (value := facts.get(name)) is None else value for name in given}


def _exactly(value: Decimal | int | None) -> Value | None:
    return None if value is None else exact(Fraction(value))
