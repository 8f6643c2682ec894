"""The clocks of a case, cut down to what is reported: which of them are, and which says when the case is due."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, cast

from govservice.clockwork.history import MOVING
from govservice.deadlines import ClockReading
from govservice.errors import Words
from govservice.rules.language.shapes import Name
from govservice.run.results import Due, Signal

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["CLOSED", "PROMISED", "Dues", "Spans", "closing_clocks", "dues_of", "is_promised", "where_nothing_is_promised"]

PROMISED = "promised"
CLOSED = "closed_on"
CLOSING = (CLOSED, "closed_at")


class Dues(NamedTuple):
    """The clocks of one case: the one that says when it is due, all that are reported, and those of which it is open whether they run."""

    main: Due | None
    all: tuple[Due, ...]
    open: tuple[str, ...]


Spans = dict[Hashable, tuple[date | None, date | None]]


def dues_of(readings: Sequence[ClockReading], closing: tuple[str, ...], spans: Spans) -> Dues:
    """The clocks that run and are known to begin or to end, and the one that says when the case is due even while that is open.

    That one is the promised clock; where it does not run, it is of the others the first to end of those that run, else of those that have
    stopped, the ones that run until the case is closed first. One that runs, and waits for nothing but what is open of its pauses and
    extensions, may be that one: none stands in its place.
    `spans` remembers between which days provisional deadlines of the run can fall: many cases share one, and each takes long.
    """
    promised = next((reading for reading in readings if reading.clock == PROMISED and reading.applies is not False), None)
    whole = [reading for clock in closing for reading in readings if reading.clock == clock and reading.applies is not False]
    told = [
        each
        for each in readings
        if each is promised or each in whole[:1] or (each.applies and (each.started is not None or each.due is not None))
    ]
    due_by_reading = {id(reading): _due(reading, spans) for reading in told}
    main = due_by_reading[id(promised)] if promised is not None else _first_to_end(tuple(due_by_reading.values()), closing)
    if main is None and whole:
        main = due_by_reading[id(whole[0])]
    dues = tuple(due for key, due in due_by_reading.items() if due is main or due.started is not None or due.due is not None)
    opened = tuple(reading.clock for reading in readings if reading.applies is None and due_by_reading.get(id(reading)) is not main)
    return Dues(main, dues, opened)


def is_promised(due: Due) -> bool:
    """Whether a clock is the promised one, and something is promised."""
    return due.clock == PROMISED and (due.limit is not None or due.due is not None)


def where_nothing_is_promised(due: Due | None, dues: tuple[Due, ...], closing: tuple[str, ...]) -> Due | None:
    """The clock that says when a case is due in a centre that promises nothing: the first to end."""
    unpromised = due is not None and due.clock == PROMISED and due.applies is True
    return (_first_to_end(dues, closing) or due) if unpromised else due


def _first_to_end(dues: Sequence[Due], closing: tuple[str, ...]) -> Due | None:
    waiting = [due for due in dues if _waits_for_its_course(due) and (due.stopped is None or due.clock in closing)]
    if waiting:
        return min(waiting, key=lambda due: due.clock not in closing)
    others = [due for due in dues if due.applies and due.due_on is not None]

    def order(due: Due) -> tuple[bool, bool, date]:
        return due.stopped is not None, due.stopped is not None and due.clock not in closing, cast("date", due.due_on)

    return min(others, key=order, default=None)


def _waits_for_its_course(due: Due) -> bool:
    """Whether a clock runs and only what is open of its pauses and extensions keeps its day from being known."""
    tables = {name.partition(":")[0] for name in due.undecided}
    return due.applies is True and due.due is None and due.started is not None and bool(tables) and tables <= {*MOVING}


def _span(reading: ClockReading, spans: Spans) -> tuple[date | None, date | None]:
    if reading.official is not False or reading.deadline is None:
        return reading.due_on, reading.due_on
    key = (reading.clock, reading.limit, reading.started, reading.extended, reading.paused)
    if key not in spans:
        spans[key] = reading.deadline.earliest, reading.deadline.latest
    return spans[key]


def _due(reading: ClockReading, spans: Spans) -> Due:
    warning = (
        Words("; ".join(words.en for words in reading.warnings), "；".join(words.zh for words in reading.warnings))
        if reading.warnings
        else None
    )
    earliest, latest = _span(reading, spans)
    return Due(
        clock=reading.clock,
        label=reading.label,
        applies=reading.applies,
        due=reading.due,
        official=reading.official,
        warning=warning,
        undecided=reading.undecided,
        late=reading.overdue,
        started=reading.started,
        limit=reading.limit,
        extended=reading.extended,
        paused=tuple((pause.kind, pause.first, pause.last) for pause in reading.paused),
        earliest=earliest,
        latest=latest,
        stopped=reading.stopped,
        used=reading.used,
        left=reading.left,
        overdue_by=reading.overdue_by,
        signals=tuple(Signal(alarm.signal, alarm.at, alarm.cleared) for alarm in reading.signals),
        notes=reading.notes,
        row=reading.row,
        cite=reading.cite,
    )


def closing_clocks(contents: Contents) -> tuple[str, ...]:
    """The clocks that run until a case is closed, the promised one first: those that say when the case as a whole is due."""
    about = contents.chains["cases"]
    closing = [
        clock.id
        for clock in contents.clocks.values()
        if clock.about in about and any(isinstance(stop, Name) and stop.id in CLOSING for stop in clock.stops)
    ]
    return tuple(sorted(closing, key=lambda id: id != PROMISED))
