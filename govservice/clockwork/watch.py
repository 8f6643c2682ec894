"""One case as of one moment: its facts, what happened to it, and its clocks read on each row that has them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from govservice.calendars import china
from govservice.case_facts import completed, dated
from govservice.clockwork.course import Course, read_history, unknown_name, without_rows
from govservice.clockwork.facts import facts_of_reading
from govservice.clockwork.history import History, fact_of_row, idle, unheard
from govservice.clockwork.reading import ClockReading
from govservice.clockwork.rows import rows_of_case
from govservice.clockwork.running import Waiting, watch_clock_of_kind
from govservice.clockwork.whose import CASES, homeless, known_rows, of_row
from govservice.counting.asked import When, day_of, read_when
from govservice.errors import Words
from govservice.reading import as_day
from govservice.reading.common import own_facts
from govservice.rules.meaning.lists import Lists, looked_into
from govservice.rules.meaning.outcomes import settled_of
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Clock
    from govservice.rules.language.values import Value
    from govservice.rules.meaning.kinds import Kinds
    from govservice.rules.meaning.outcomes import Outcome
    from govservice.rules.rulebook import Rulebook

__all__ = ["Tables", "Watch", "on_the_clock", "read_case", "reader_of_case", "watch"]

Tables: TypeAlias = Mapping[str, Iterable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Watch:
    """One case as of one moment."""

    book: Rulebook
    subject: Subject
    facts: Mapping[str, Any]
    history: History
    now: When | None

    def read(self, clock: Clock, subject: Subject, *, row: int | None = None) -> ClockReading:
        reading = cast("ClockReads", subject.surroundings.clocks).waiting(subject, clock.id).reading
        return reading if row is None else self._of_numbered_row(replace(reading, row=row), row)

    def _of_numbered_row(self, reading: ClockReading, row: int) -> ClockReading:
        """The reading with the facts of its row told from those of the case."""
        own = self.book.contents.tables[reading.about].columns

        def told(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(sorted(fact_of_row(reading.about, row, name) if name in own else name for name in names))

        alarms = tuple(replace(alarm, undecided=told(alarm.undecided)) for alarm in reading.alarms)
        return replace(reading, undecided=told(reading.undecided), alarms=alarms)

    def readings(self, only: Collection[str] | None = None) -> tuple[ClockReading, ...]:
        """Every clock that may run on the case or on one of its rows, or only some of them, in the book's order."""
        contents = self.book.contents
        readings: list[ClockReading] = []
        for clock in contents.clocks.values():
            if only is not None and clock.id not in only:
                continue
            if clock.about in contents.chains["cases"]:
                readings.append(self.read(clock, self.subject))
                continue
            rows = (self.history.rows or {}).get(clock.about, ())
            for number, row in enumerate(rows, 1):
                history = of_row(self.history, contents, clock.about, row, number, several=len(rows) > 1)
                readings.append(self.read(clock, self.of_row(clock.about, row, history), row=number))
        running = {name for reading in readings if reading.applies is not False for name in (reading.clock, reading.label)}
        silent = idle(self.history, contents, running)
        return tuple(replace(one, notes=(*one.notes, *silent)) if silent else one for one in readings)

    @property
    def _own_history(self) -> History:
        return of_row(self.history, self.book.contents, CASES, self.facts, 1, several=False)

    def outcomes(self) -> dict[str, Outcome]:
        """Every decision about the case."""
        moved = self.readings() if self.history.pauses or self.history.extensions else ()
        said = (*self.history.notes, *(note for reading in moved for note in reading.notes))
        notes = tuple(dict.fromkeys((*said, *unheard(self.history, self.book.contents))))  # with its row, where readings say the same
        outcomes = {id: self.book.outcome(id, self.subject) for id in self._decided()}
        return {id: replace(outcome, notes=(*outcome.notes, *notes)) for id, outcome in outcomes.items()} if notes else outcomes

    def settled(self) -> dict[str, object]:
        """What is settled by the decisions about the case, without what explains it."""
        return {name: value for id in self._decided() for name, value in settled_of(self.subject.verdict(id)).items()}

    def _decided(self) -> Iterator[str]:
        return (id for id, decision in self.book.contents.decisions.items() if decision.about == CASES)

    def of_row(self, table: str, row: Mapping[str, Any], history: History) -> Subject:
        """A row of a table of the case: its own clocks see what happened to it, those of the case what happened to the case."""
        seen, own = self.subject.surroundings, self._own_history
        clocks = ClockReads(lambda clock: history if self.book.contents.clocks[clock].about == table else own, self.now)
        return self.book.subject(
            table, {**self.facts, **row}, on=seen.on, as_of=seen.as_of, calendar=seen.calendar, clocks=clocks, lists=seen.lists
        )


def watch(
    case: Mapping[str, Any] | Any,
    book: Rulebook,
    on: date | str | None,
    now: When | str | None,
    calendar: WorkCalendar | None,
    records: Tables | None,
    kinds: Kinds | None = None,
) -> Watch:
    """A case as of a moment: its limits given as days are limits, its lists of rows are its history, keys that are no fact are noted."""
    facts, history, lists = read_case(own_facts(case), records, book.contents, None if calendar is None else calendar.zone)
    now = on_the_clock(now, calendar)
    day = as_day(on) if on is not None else day_of(now) if now is not None else None
    known, labels = book.contents.sight(CASES)
    notes = tuple(unknown_name("fact", "事实", str(key), known) for key in facts if key not in known and key not in labels)
    history = replace(history, notes=(*history.notes, *notes)) if notes else history
    reader = reader_of_case(facts, history, book.contents, now)
    as_of = day_of(now) if now is not None else None
    rows = partial(rows_of_case, history, facts)
    subject = book.subject("cases", facts, on=day, as_of=as_of, calendar=calendar, clocks=reader, rows=rows, lists=lists, kinds=kinds)
    return Watch(book, subject, facts, history, now)


def read_case(
    given: Mapping[str, Any], records: Tables | None, contents: Contents, zone: tzinfo | None = None
) -> tuple[Mapping[str, Any], History, Lists | None]:
    """The facts of a case, its limits given as days made limits, its lists of rows left out; what happened to it; the lists beside it."""
    records, lists = _lists_beside(records, contents)
    history = _whole_history(given, records, contents)
    labels = contents.sight(CASES)[1]
    facts = completed(dated(without_rows(given, contents), labels, zone), labels, contents.words_for_none(CASES))
    return facts, history, lists


def _lists_beside(records: Tables | None, contents: Contents) -> tuple[Tables | None, Lists | None]:
    """The tables of what happened to a case, and the lists beside them: read with them, or before, for many cases (`Course.lists`)."""
    if records is None or isinstance(records, Course):
        return records, None if records is None else records.lists
    if contents.list_tables.isdisjoint(contents.labels.get(name, name) for name in records):
        return records, None
    return looked_into(contents, records)


def _whole_history(case: Mapping[str, Any], records: Tables | None, contents: Contents) -> History:
    """What happened to a case; rows that name a row which is not there are noted."""
    history = read_history(case, records, contents)
    labels = contents.sight(CASES)[1]
    return homeless(history, contents, lambda: known_rows({labels.get(name, name): value for name, value in case.items()}, history))


class ClockReads:
    """The clocks of a row and what they give to its rules, each read once; `history` says what happened on the way of a clock."""

    def __init__(self, history: Callable[[str], History], now: When | None) -> None:
        self._history, self._now = history, now
        self._read: dict[tuple[int, str], tuple[Subject, Waiting]] = {}
        self._facts: dict[tuple[int, str], Mapping[str, Value]] = {}

    def waiting(self, subject: Subject, clock: str) -> Waiting:
        """A clock's reading, and what each of its facts waits for."""
        key = (id(subject), clock)
        if key not in self._read:  # the subject is kept, so that its id is its own
            shape = subject.contents.clocks[clock]
            self._read[key] = subject, watch_clock_of_kind(shape, subject, history=self._history(clock), now=self._now)
        return self._read[key][1]

    def __call__(self, subject: Subject, clock: str) -> Mapping[str, Value]:
        """The facts that a clock gives."""
        key = (id(subject), clock)
        if key not in self._facts:
            self._facts[key] = facts_of_reading(subject.contents.clocks[clock], self.waiting(subject, clock))
        return self._facts[key]


def reader_of_case(case: Mapping[str, Any], history: History, contents: Contents, now: When | None) -> ClockReads:
    """The clocks of a case, and what they give to its rules."""
    own = of_row(history, contents, CASES, case, 1, several=False)
    return ClockReads(lambda _: own, now)


def on_the_clock(now: When | str | None, calendar: WorkCalendar | None) -> When | None:
    """The day or moment that counts as today, on the calendar's clock."""
    zone = (calendar if calendar is not None else china()).zone
    return read_when(now, zone, Words("now", "当前时刻")) if now is not None else None
