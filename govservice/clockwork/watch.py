"""One case as of one moment: its facts, what happened to it, and its clocks read on each row that has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from govservice.calendars import china
from govservice.clockwork.facts import facts_of_clock
from govservice.clockwork.history import History, read_history
from govservice.clockwork.reading import ClockReading
from govservice.clockwork.running import watch_clock
from govservice.counting.asked import When, day_of, read_when
from govservice.errors import Words
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.entries import Clock
    from govservice.rules.rulebook import Rulebook

__all__ = ["Tables", "Watch", "watch"]

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
        return watch_clock(clock, subject, history=self.history, now=self.now, row=row).reading

    def of_row(self, table: str, row: Mapping[str, Any]) -> Subject:
        seen = self.subject.surroundings
        return self.book.subject(table, {**self.facts, **row}, on=seen.on, as_of=seen.as_of, calendar=seen.calendar, clocks=seen.clocks)


def watch(
    case: Mapping[str, Any] | Any, book: Rulebook, on: date | None, now: When | None, calendar: WorkCalendar | None, records: Tables | None
) -> Watch:
    facts = case.facts() if hasattr(case, "facts") else case
    history = read_history(facts, records, book.contents)
    zone = (calendar if calendar is not None else china()).zone
    now = read_when(now, zone, Words("now", "当前时刻")) if now is not None else None
    day = on if on is not None else day_of(now) if now is not None else None
    reader = partial(facts_of_clock, history=history, now=now)
    subject = book.subject("cases", facts, on=day, as_of=day_of(now) if now is not None else None, calendar=calendar, clocks=reader)
    return Watch(book, subject, facts, history, now)
