"""One clock on one row: whether it runs, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from govservice.clockwork.agreeing import Waiting, together
from govservice.clockwork.alarms import AlarmReading
from govservice.clockwork.called import own_signals
from govservice.clockwork.forks import turns
from govservice.clockwork.history import NO_HISTORY, History, unheard
from govservice.clockwork.reading import ClockReading
from govservice.clockwork.terms import CONVENTION, is_convention
from govservice.clockwork.turn import Turn
from govservice.counting.asked import When, day_of
from govservice.errors import ConventionError, Words
from govservice.frozen import Frozen
from govservice.rules.book.contents import labelled
from govservice.rules.book.entries import in_force
from govservice.rules.language.values import Unknown
from govservice.rules.meaning.evaluation import evaluate, holds, in_doubt
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Clock

__all__ = ["Waiting", "begins_on", "rests_since", "strictly", "watch_clock", "watch_clock_of_kind"]


def strictly(waiting: Waiting, clock: Clock) -> Waiting:
    """A reading that does not wait for conventions alone. Raises ConventionError."""
    reading = waiting.reading
    for undecided in (reading.undecided, *(alarm.undecided for alarm in reading.alarms)):
        if undecided and all(map(is_convention, undecided)):
            raise ConventionError.unstated(
                undecided[0].removeprefix(CONVENTION), Words(f"the clock {clock.id}", f"时限{labelled(clock.id, clock.label)}".rstrip())
            )
    return waiting


def watch_clock(
    clock: Clock, subject: Subject, *, history: History = NO_HISTORY, now: When | None = None, row: int | None = None
) -> Waiting:
    """One clock on one subject, with what it waits for; a convention that is not stated is waited for like a fact."""
    blank = ClockReading(clock.id, clock.label, clock.cite, False, clock.about, row)
    if not in_force(clock.from_, clock.until, subject.surroundings.on, clock.id):
        return Waiting(blank)
    runs = True if clock.when is None else holds(evaluate(clock.when, subject))
    if runs is False:
        return Waiting(blank)
    if isinstance(runs, Unknown):
        waiting = _may_run(clock, subject, runs, replace(blank, notes=(*history.notes, *unheard(history, subject.contents))))
    else:
        waiting = together(turns(lambda fork: Turn(clock, subject, history, now, fork)), blank, history, now)
    return _with_labels(waiting, subject.contents)


def _with_labels(waiting: Waiting, contents: Contents) -> Waiting:
    """The same with what is waited for, and signals of names of the book's own, called by their labels."""
    reading = waiting.reading
    names = dict.fromkeys(name for waits in (reading.undecided, *(alarm.undecided for alarm in reading.alarms)) for name in waits)
    labels = contents.labels_of(names, reading.about) | own_signals((alarm.signal for alarm in reading.alarms), contents)
    return waiting if not labels else waiting._replace(reading=replace(reading, labels=Frozen(labels)))


def watch_clock_of_kind(clock: Clock, subject: Subject, *, history: History, now: When | None) -> Waiting:
    """As `watch_clock`; where subjects share what their kinds come to, and nothing happened on the way, worked out once for each kind."""
    kinds = subject.surroundings.kinds
    if kinds is None or not subject.as_recorded or any((history.pauses, history.extensions, history.notes, history.doubted)):
        return watch_clock(clock, subject, history=history, now=now)

    def blank() -> Waiting:
        return Waiting(ClockReading(clock.id, clock.label, clock.cite, False, clock.about))

    if not in_force(clock.from_, clock.until, subject.surroundings.on, clock.id):
        return kinds.of_values(("blank", clock.id), None, blank)
    what, when = ("clock", clock.id), clock.when
    if when is not None:
        runs = kinds.of_expression((*what, "when"), when, subject, lambda: holds(evaluate(when, subject)))
        if runs is False:
            return kinds.of_values(("blank", clock.id), None, blank)
    return kinds.of_entry(what, clock, subject, lambda: watch_clock(clock, subject, history=history, now=now), history.supplied)


def rests_since(waiting: Waiting, today: date) -> date | None:
    """The day since when a clock says what it says today, whatever later day is asked about; None where it may yet say something else.

    That is so of a clock that has stopped, of which nothing is open, whose rules read nothing but the row, and which nothing moves.
    """
    reading = waiting.reading
    if reading.applies is False:
        return date.min
    open_ = reading.undecided or any(alarm.undecided for alarm in reading.alarms)
    if open_ or reading.stopped is None or reading.started is None:
        return None
    since = max(day_of(reading.stopped), day_of(reading.started))
    return since if since <= today else None


def begins_on(clock: Clock, waiting: Waiting, subject: Subject, today: date) -> date | None:
    """The later day on which a clock begins, or is stopped, and before which it says what it says today; None where it may not.

    That is so of a clock that waits for nothing but its start, whose rules read nothing but the row, and which nothing moves.
    """
    reading = waiting.reading
    if reading.applies is not True or reading.started is None or reading.stopped is not None:
        return None
    if clock.backward or clock.alarms or clock.due is not None or waiting.started or waiting.stopped:
        return None
    stops = [value for value in (evaluate(of, subject) for of in clock.stops) if isinstance(value, date)]
    if any(isinstance(value, datetime) for value in stops):
        return None
    begins = min((day_of(reading.started), *stops))
    return begins if begins > today else None


def _may_run(clock: Clock, subject: Subject, runs: Unknown, blank: ClockReading) -> Waiting:
    """A clock of which it is open whether it runs: everything of it is open."""
    needs = set(runs.needs)
    for expression in (clock.starts, clock.limit, clock.due):
        value = in_doubt(expression, subject, runs) if expression is not None else None
        needs |= value.needs if isinstance(value, Unknown) else frozenset()
    undecided = tuple(sorted(needs))
    alarms = tuple(
        AlarmReading(alarm.signal, None, cite=alarm.cite, undecided=undecided)
        for alarm in clock.alarms
        if in_force(alarm.from_, alarm.until, subject.surroundings.on, alarm.signal)
    )
    reading = replace(blank, applies=None, undecided=undecided, alarms=alarms)
    waited = frozenset(needs)
    return Waiting(reading, waited, waited, waited, (None,) * len(alarms))
