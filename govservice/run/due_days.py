"""The clocks of a case, cut down to what is reported: which of them are, and which says when the case is due."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from govservice.clockwork.main_clock import PROMISED, main_of
from govservice.deadlines import ClockReading
from govservice.errors import in_one
from govservice.frozen import of_unchanging
from govservice.run.results import Due, Signal

__all__ = ["Dues", "Spans", "due_of", "dues_of"]


class Dues(NamedTuple):
    """The clocks of one case: the one that says when it is due, all that are reported, and those of which it is open whether they run."""

    main: Due | None
    all: tuple[Due, ...]
    open: tuple[str, ...]


Spans = dict[Hashable, tuple[date | None, date | None]]


def dues_of(readings: Sequence[ClockReading], closing: tuple[str, ...], due: Callable[[ClockReading], Due]) -> Dues:
    """The clocks that run and are known to begin or to end, and the one that says when the case is due even while that is open.

    `due` is what is reported of one (`due_of`).
    """
    promised = next((reading for reading in readings if reading.clock == PROMISED and reading.applies is not False), None)
    whole = [reading for clock in closing for reading in readings if reading.clock == clock and reading.applies is not False]
    told = [
        each
        for each in readings
        if each is promised or each in whole[:1] or (each.applies and (each.started is not None or each.due is not None))
    ]
    due_by_reading = {id(reading): due(reading) for reading in told}
    main = main_of(tuple(due_by_reading.values()), closing)
    main = _told_by(main, due_by_reading, readings)
    dues = tuple(due for key, due in due_by_reading.items() if due is main or due.started is not None or due.due is not None)
    opened = tuple(reading.clock for reading in readings if reading.applies is None and due_by_reading.get(id(reading)) is not main)
    return Dues(main, dues, opened)


def _told_by(main: Due | None, due_by_reading: dict[int, Due], readings: Sequence[ClockReading]) -> Due | None:
    """The clock that counts; it, else the first, tells what happened on the way of clocks that are not reported: they may not run, or have
    not begun.
    """
    teller = next((key for key, due in due_by_reading.items() if main is None or due is main), None)
    unreported = (reading for reading in readings if reading.applies is not False and id(reading) not in due_by_reading)
    unheard = [note for reading in unreported for note in reading.notes]
    if teller is None or not unheard:
        return main
    due = due_by_reading[teller]
    due_by_reading[teller] = replace(due, notes=tuple(dict.fromkeys((*due.notes, *unheard))))
    return None if main is None else due_by_reading[teller]


def _span(reading: ClockReading, spans: Spans) -> tuple[date | None, date | None]:
    if reading.official is not False or reading.deadline is None:
        return reading.due_on, reading.due_on
    key = (reading.clock, reading.limit, reading.started, reading.extended, reading.paused)
    if key not in spans:
        spans[key] = reading.deadline.earliest, reading.deadline.latest
    return spans[key]


def due_of(reading: ClockReading, spans: Spans) -> Due:
    """A clock as it is reported.

    `spans` remembers between which days provisional deadlines of the run can fall: many cases share one, and each takes long.
    """
    warning = in_one(reading.warnings) if reading.warnings else None
    earliest, latest = _span(reading, spans)
    paused = tuple((pause.kind, pause.first, pause.last) for pause in reading.paused)
    signals = tuple(Signal(alarm.signal, alarm.at, alarm.cleared) for alarm in reading.signals)
    told = (
        reading.clock, reading.label, reading.applies, reading.due, reading.official, warning, reading.undecided, reading.overdue,
        reading.started, reading.limit, reading.extended, paused, earliest, latest, reading.stopped, reading.used, reading.left,
        reading.overdue_by, signals, reading.notes, reading.row, reading.cite,
    )  # fmt: skip
    return of_unchanging(Due, told)
