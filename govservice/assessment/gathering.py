"""Records as a call gathers them: the rows of each subject in a period with all that they see, and the signals that clocks raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from govservice.assessment.kept import Kept
from govservice.assessment.periods import Period
from govservice.assessment.register import Record, Register
from govservice.assessment.scopes import RecordScope
from govservice.clockwork.facts import facts_of_clock
from govservice.clockwork.history import CaseHistory, read_history
from govservice.clockwork.running import read_clock
from govservice.errors import ConventionError
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Clock
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.functions import shanghai_day
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import BOOLEAN, DATE, Unknown, Value
from govservice.rules.meaning.subjects import Surroundings
from govservice.rules.meaning.tables import Verdict

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["Gathering"]


_SCOPES: Final = 65_536  # of records, and as many of what they share


class Gathering:
    """The records of one call, as of a day."""

    def __init__(self, book: Rulebook, register: Register, *, now: date | None = None, calendar: WorkCalendar | None = None) -> None:
        self.book = book
        self.contents: Contents = book.contents
        self.register = register
        self.now = shanghai_day(now) if now is not None else None
        self.moment = now
        self.calendar = calendar
        self._scopes: Kept[tuple[int, Period, str | None], RecordScope] = Kept(_SCOPES)
        self._shared: Kept[tuple[int, Period], tuple[Mapping[str, Any], dict[str, Verdict]]] = Kept(_SCOPES)
        self._raised: Kept[tuple[str, str, str, Period], list[tuple[Record, date]]] = Kept(_SCOPES)
        self._histories: dict[str, CaseHistory] | None = None

    def today(self, period: Period) -> date:
        """The day that counts as today: `now`, else the period's last; of all time, the last that any record is dated."""
        if self.now is not None:
            return self.now
        return period.last if period.kind != "ever" else self.register.last_day or period.last

    def held_on(self, period: Period) -> date:
        """The day that dated rules are held against, for what has no day of its own: the period's last."""
        return period.last if period.kind != "ever" else self.today(period)

    # -- facts

    def facts_of(self, row: Record, period: Period) -> Mapping[str, Any]:
        """A row's own facts, then those of what it belongs to, the nearest first."""
        found: dict[str, Any] = {}
        for owner, id in reversed(list(row.owners.items())):  # the nearest last, so that it wins
            person = self.register.person(owner, id, row.on, period)
            if person is not None:
                found |= self._published(person) if owner == "item" else person
        return {**found, **row.facts} if found else row.facts

    def _published(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        """What an item publishes of itself is no fact of its cases where the book decides it."""
        decided = {*self.contents.granting.get("application", ()), *self.contents.granting.get("cases", ())}
        return {key: value for key, value in item.items() if key not in decided}

    def above(self, table: str, person: Mapping[str, Any], period: Period) -> dict[str, Any]:
        """The facts of what a subject belongs to."""
        found: dict[str, Any] = {}
        for owner in self.contents.chains.get(table, ())[1:]:
            id = person.get(owner, found.get(owner))
            if id is not None:
                found = dict(self.register.person(owner, str(id), None, period) or {}) | found
        return found

    def clock_facts(self, row: Record, period: Period) -> Callable[..., Mapping[str, Value]] | None:
        """What the clocks of a row give to the rules, its case's pauses and extensions among them."""
        if not self.contents.clocks:
            return None
        return partial(facts_of_clock, history=self._history(row), now=self.moment or self.today(period))

    def own_clock_facts(self, period: Period) -> Callable[..., Mapping[str, Value]] | None:
        """What the clocks of a subject itself give to the rules: it has no pauses or extensions."""
        return partial(facts_of_clock, history=CaseHistory(), now=self.moment or self.today(period)) if self.contents.clocks else None

    def _history(self, row: Record) -> CaseHistory:
        if self._histories is None:
            self._histories = {}
            grouped: dict[str, dict[str, list[Mapping[str, Any]]]] = {}
            for table in ("pauses", "extensions"):
                for one in self.register.rows.get(table, ()):
                    grouped.setdefault(str(one.facts.get("case")), {}).setdefault(table, []).append(one.facts)
            self._histories = {case: read_history({"case": case}, tables, self.contents) for case, tables in grouped.items()}
        return self._histories.get(str(row.facts.get("case")), CaseHistory())

    def shared(self, row: Record, period: Period) -> tuple[Mapping[str, Any], dict[str, Verdict]]:
        """What a record's scopes have in common: its facts, and the decisions about it, each taken once whatever the scheme."""
        key = (id(row), period)
        found = self._shared.get(key)
        if found is None:
            found = self._shared[key] = (self.facts_of(row, period), {})
        return found

    def scope(self, row: Record, period: Period, scheme: str | None = None) -> RecordScope:
        """A record as an expression sees it, worked out once a period."""
        key = (id(row), period, scheme)
        found = self._scopes.get(key)
        if found is None:
            facts, verdicts = self.shared(row, period)
            on = row.on or self.held_on(period)
            around = Surroundings(on, self.today(period), self.calendar, self.clock_facts(row, period))
            found = RecordScope(self.contents, row, facts, around, period=period, scheme=scheme, verdicts=verdicts)
            self._scopes[key] = found
        return found

    # -- rows of a subject

    def dated(self, row: Record, period: Period, by: str | None) -> date | Unknown | None:
        """The day that decides whether a row lies in a period: its own, or that of the column asked for; unknown where it is open."""
        if by is None:
            return row.on
        raw = row.facts.get(by)
        if raw is not None:
            return self.register.day(row.facts, by, f"{row.source}:{row.number}") if type(raw) is not date else raw
        granting = next(
            (seen[by] for one in self.contents.chains.get(row.source, ()) if by in (seen := self.contents.granting.get(one, {}))), None
        )
        if granting is None:
            return None
        value = self.scope(row, period).value(Name(by, DATE, "outcome", granting))
        return shanghai_day(value) if isinstance(value, date) else value if isinstance(value, Unknown) else None

    def is_dated(self, source: str, by: str | None) -> bool:
        """Whether rows of a source are placed in time at all; those that are not count whole in each period."""
        table = self.contents.tables.get("events" if source in self.contents.events else source)
        return by is not None or (table is not None and table.dated_by is not None)

    def records(
        self, source: str, owner: str, id: str, period: Period, *, by: str | None = None
    ) -> list[tuple[Record, date | Unknown | None]]:
        """The rows of a table or kind that belong to a subject and lie in a period, or may, each with its day; raised signals too."""
        found: list[tuple[Record, date | Unknown | None]] = []
        placed = self.is_dated(source, by)
        for row in self.register.belonging(source, owner, id):
            if not placed:
                if row.spell is None or row.spell.speaks_of(period):
                    found.append((row, None))
                continue
            on = self.dated(row, period, by)
            if isinstance(on, Unknown) or (on is not None and on in period):
                found.append((row, on))
        return [*found, *self.raised(source, owner, id, period)] if self._clocks_raising(source) else found

    def counts(self, row: Record) -> bool:
        """Whether a row is priced and counted: one of a kind marked `verified` only where it says so."""
        kind = self.contents.events.get(row.source)
        if kind is None or not kind.verified:
            return True
        raw = row.facts.get("verified")
        return not absent(raw) and read_fact("verified", raw, BOOLEAN) is True

    def lacking(self, sources: tuple[str, ...]) -> frozenset[str]:
        """The tables among those that these rows come from which were not supplied."""
        wanted: set[str] = set()
        for source in sources:
            if source in self.contents.events:
                wanted.add("events")
            elif source in self.contents.tables:
                wanted.add(source)
            if self._clocks_raising(source):
                wanted.add("cases")
        return frozenset(wanted) - self.register.supplied

    # -- signals

    def _clocks_raising(self, source: str) -> tuple[Clock, ...]:
        """The clocks of cases that raise a signal: `promised.red`, or `red` of any clock."""
        return self._raising.get(source, ())

    @cached_property
    def _raising(self) -> dict[str, tuple[Clock, ...]]:
        found: dict[str, tuple[Clock, ...]] = {}
        for clock in self.contents.clocks.values():
            if clock.about in self.contents.chains["cases"]:
                for signal in dict.fromkeys(alarm.signal for alarm in clock.alarms):
                    found[f"{clock.id}.{signal}"] = (clock,)
                    found[signal] = (*found.get(signal, ()), clock)
        return found

    def raised(self, source: str, owner: str, id: str, period: Period) -> list[tuple[Record, date]]:
        """The signals that the clocks of a subject's cases raised in a period, as events of the day raised; one that was given stands."""
        key = (source, owner, id, period)
        if key not in self._raised:
            self._raised[key] = list(self._signals(*key))
        return self._raised[key]

    def _signals(self, source: str, owner: str, id: str, period: Period) -> Iterator[tuple[Record, date]]:
        signal = source.rpartition(".")[2]
        given = {str(row.facts.get("case")) for row in self.register.rows.get(signal, ())}
        now = self.moment or self.today(period)
        for row in self.register.belonging("cases", owner, id):
            case = row.facts.get("case")
            if str(case) in given:
                continue
            for clock in self._clocks_raising(source):
                for alarm in read_clock(clock, self.scope(row, period), history=self._history(row), now=now).signals:
                    if alarm.signal != signal or alarm.at is None or shanghai_day(alarm.at) not in period:
                        continue
                    if alarm.cleared and not self._cleared_count(source):
                        continue
                    on = shanghai_day(alarm.at)
                    facts = {"kind": source, "on": on, "case": case, **row.owners}
                    yield Record(source, row.number, facts, on, row.owners), on

    def _cleared_count(self, source: str) -> bool:
        stated = self.contents.conventions.get("cleared_signals")
        if stated is None:
            raise ConventionError.unstated("cleared_signals", source)
        return stated == "counted"
