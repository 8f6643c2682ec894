"""One case as of one moment: its facts, what happened to it, and its clocks read on each row that has them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from govservice.calendars import china
from govservice.case_facts import completed
from govservice.clockwork.course import Course, read_history, unknown_name, without_rows
from govservice.clockwork.facts import facts_of_clock
from govservice.clockwork.history import History, fact_of_row, idle, unheard
from govservice.clockwork.reading import ClockReading
from govservice.clockwork.rows import rows_of_case
from govservice.clockwork.running import watch_clock
from govservice.clockwork.whose import CASES, homeless, known_rows, of_row
from govservice.counting.asked import When, day_of, read_when
from govservice.errors import Words
from govservice.reading import as_day
from govservice.reading.common import own_facts
from govservice.rules.meaning.lists import Lists, looked_into
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Clock
    from govservice.rules.language.values import Value
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

    def read(self, clock: Clock, subject: Subject, history: History, *, row: int | None = None) -> ClockReading:
        reading = watch_clock(clock, subject, history=history, now=self.now, row=row).reading
        return reading if row is None else self._of_numbered_row(reading, row)

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
                readings.append(self.read(clock, self.subject, self._own_history))
                continue
            rows = (self.history.rows or {}).get(clock.about, ())
            for number, row in enumerate(rows, 1):
                history = of_row(self.history, contents, clock.about, row, number, several=len(rows) > 1)
                readings.append(self.read(clock, self.of_row(clock.about, row, history), history, row=number))
        running = {name for reading in readings if reading.applies is not False for name in (reading.clock, reading.label)}
        silent = idle(self.history, contents, running)
        return tuple(replace(one, notes=(*one.notes, *silent)) if silent else one for one in readings)

    @property
    def _own_history(self) -> History:
        return of_row(self.history, self.book.contents, CASES, self.facts, 1, several=False)

    def outcomes(self) -> dict[str, Outcome]:
        """Every decision about the case."""
        decided = (id for id, decision in self.book.contents.decisions.items() if decision.about == "cases")
        moved = self.readings() if self.history.pauses or self.history.extensions else ()
        said = (*self.history.notes, *(note for reading in moved for note in reading.notes))
        notes = tuple(dict.fromkeys((*said, *unheard(self.history, self.book.contents))))  # with its row, where readings say the same
        outcomes = {id: self.book.outcome(id, self.subject) for id in decided}
        return {id: replace(outcome, notes=(*outcome.notes, *notes)) for id, outcome in outcomes.items()}

    def of_row(self, table: str, row: Mapping[str, Any], history: History) -> Subject:
        """A row of a table of the case: its own clocks see what happened to it, those of the case what happened to the case."""
        seen, own = self.subject.surroundings, self._own_history
        clocks = reader_of(lambda clock: history if self.book.contents.clocks[clock].about == table else own, self.now)
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
) -> Watch:
    """A case as of a moment: its limits given as days are limits, its lists of rows are its history, keys that are no fact are noted."""
    facts, history, lists = read_case(own_facts(case), records, book.contents)
    now = on_the_clock(now, calendar)
    day = as_day(on) if on is not None else day_of(now) if now is not None else None
    reader = reader_of_case(facts, history, book.contents, now)
    as_of = day_of(now) if now is not None else None
    rows = partial(rows_of_case, history, facts)
    subject = book.subject("cases", facts, on=day, as_of=as_of, calendar=calendar, clocks=reader, rows=rows, lists=lists)
    known = book.contents.sight("cases")[0]
    notes = tuple(unknown_name("fact", "事实", key, known) for key in subject.unused)
    return Watch(book, subject, facts, replace(history, notes=(*history.notes, *notes)), now)


def read_case(given: Mapping[str, Any], records: Tables | None, contents: Contents) -> tuple[Mapping[str, Any], History, Lists | None]:
    """The facts of a case, its limits given as days made limits, its lists of rows left out; what happened to it; the lists beside it."""
    records, lists = _lists_beside(records, contents)
    history = _whole_history(given, records, contents)
    facts = completed(without_rows(given, contents), contents.sight(CASES)[1], contents.words_for_none(CASES))
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


def reader_of(history: Callable[[str], History], now: When | None) -> Callable[[Subject, str], Mapping[str, Value]]:
    """What the clocks of a row give to its rules, each read once; `history` says what happened on the way of a clock."""
    read: dict[tuple[int, str], tuple[Subject, Mapping[str, Value]]] = {}

    def facts(subject: Subject, clock: str) -> Mapping[str, Value]:
        key = (id(subject), clock)
        if key not in read:  # the subject is kept, so that its id is its own
            read[key] = subject, facts_of_clock(subject, clock, history=history(clock), now=now)
        return read[key][1]

    return facts


def reader_of_case(
    case: Mapping[str, Any], history: History, contents: Contents, now: When | None
) -> Callable[[Subject, str], Mapping[str, Value]]:
    """What the clocks of a case give to its rules."""
    own = of_row(history, contents, CASES, case, 1, several=False)
    return reader_of(lambda _: own, now)


def on_the_clock(now: When | str | None, calendar: WorkCalendar | None) -> When | None:
    """The day or moment that counts as today, on the calendar's clock."""
    zone = (calendar if calendar is not None else china()).zone
    return read_when(now, zone, Words("now", "当前时刻")) if now is not None else None
