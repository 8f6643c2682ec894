"""Records as a call gathers them: the rows of each subject in a period with all that they see, and the signals that clocks raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

from govservice.assessment.alike import Alike, AlikeRecords, ClockOfRecord, reading_of
from govservice.assessment.alike_rows import AlikeRows, KindAnswer
from govservice.assessment.courses import Courses
from govservice.assessment.days_inside import Extent, Inside, Lasting, Lasts, On, Spans, clipped, inside, joined
from govservice.assessment.kept import Kept
from govservice.assessment.periods import EVER, Period
from govservice.assessment.register import WHOLE, LedgerRow, PlacedRows, Register
from govservice.assessment.scopes import RecordScope, SubjectScope
from govservice.calendars import china
from govservice.case_facts import beneath, decided_names, is_verified, published
from govservice.clockwork.alarms import AlarmReading
from govservice.clockwork.facts import facts_of_clock
from govservice.clockwork.history import MOVING, NO_HISTORY
from govservice.clockwork.running import Waiting, rests_since, strictly, watch_clock
from govservice.clockwork.whose import id_of_row
from govservice.errors import ConventionError, GovServiceError, RecordError, Words
from govservice.reading import is_long_number
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Clock
from govservice.rules.language.day_functions import shanghai_day
from govservice.rules.language.facts import unsaid, with_none, written
from govservice.rules.language.shapes import Aggregate, AllOf, Expression, Known, Name, walk
from govservice.rules.language.values import DATE, Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import Doubtful, Scope, evaluate
from govservice.rules.meaning.lists import Listing
from govservice.rules.meaning.subjects import Subject, Surroundings

if TYPE_CHECKING:
    from govservice.assessment.reach import Placing
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["Gathering"]

_T = TypeVar("_T")

identity: Final = id  # which the ids of subjects hide
_TIME_ALONE: Final = frozenset(("as_of",))
_DATED: Final = frozenset(("date", "moment"))
_LISTINGS: Final = 64
_SCOPES: Final = 65_536  # of records, and as many of what they share


class _ReadOnce(NamedTuple):
    """How long rows last whose own facts say it; the rows that are read in each period; and, by number, the days of an owner of a part."""

    settled: list[tuple[LedgerRow, Extent, date, date | None]]  # with the day before which none lies, and that after which
    others: list[LedgerRow]
    owned: dict[int, Spans]


def _each_once(found: list[tuple[LedgerRow, Inside]]) -> list[tuple[LedgerRow, Inside]]:
    """Rows that last, each once: one whose owner left it and came back to it is one row, on the days of both shares."""
    if len({row.number for row, _ in found}) == len(found):
        return found
    shares: dict[int, list[tuple[LedgerRow, Inside]]] = {}
    for row, days in found:
        shares.setdefault(row.number, []).append((row, days))
    return [(own[0][0], joined([days for _, days in own], (), frozenset()) if len(own) > 1 else own[0][1]) for own in shares.values()]


class Gathering:
    """The records of one call, as of a day."""

    def __init__(self, book: Rulebook, register: Register, *, now: date | None = None, calendar: WorkCalendar | None = None) -> None:
        self.book = book
        self.contents: Contents = book.contents
        self.register = register
        self.now = shanghai_day(now) if now is not None else None
        self.moment = now
        self.calendar = calendar if calendar is not None else china()
        self._scopes: Kept[tuple[int, Period, str | None, str | None], RecordScope] = Kept(_SCOPES)
        self._alike: Kept[tuple[str, Period], Mapping[str, Value]] = Kept(_SCOPES)
        self._around: Kept[tuple[date, Period], Surroundings] = Kept(_SCOPES)
        self._owned: Kept[tuple[int, date | None, Period], dict[str, Any]] = Kept(_SCOPES)
        self._raised: Kept[tuple[str, str, str, Period], list[tuple[LedgerRow, date | Unknown]]] = Kept(_SCOPES)
        self._lasting: Kept[tuple[str, str, str, int], _ReadOnce] = Kept(_SCOPES)
        self._clocks_read: Kept[tuple[int, str, date | None, date | None], ClockOfRecord] = Kept(_SCOPES)
        self._at_rest: Kept[tuple[int, str, date | None], ClockOfRecord] = Kept(_SCOPES)
        self._steady: Kept[tuple[int, int], tuple[LedgerRow, tuple[tuple[Alike, Any], ...]]] = Kept(_SCOPES)
        self._days_granted: dict[tuple[str, str], tuple[Name]] = {}
        self._courses = Courses(register)
        self.alike_records = AlikeRecords(self.contents, now, self._courses)
        self.alike_rows = AlikeRows(self.alike_records, self)
        self._listings: Kept[tuple[str, Period], Listing] = Kept(_LISTINGS)
        self._within: dict[tuple[int, str], list[LedgerRow]] = {}
        self._by_day_alone: dict[tuple[str, str | None], bool] = {}
        self._lacking: dict[tuple[str, ...], frozenset[str]] = {}
        self.said: list[Words] = []  # what must be said of whatever is being worked out
        self.faults: dict[str, GovServiceError] = {}  # facts of rows that could not be read or decided, by row and fact

    def today(self, period: Period) -> date:
        """The day that counts as today: `now`, else the period's last; of all time, the last that any record is dated."""
        if self.now is not None:
            return self.now
        return period.last if period.last < date.max else self.register.last_day or period.last

    def held_on(self, period: Period) -> date:
        """The day that dated rules are held against, for what has no day of its own: the period's last."""
        return period.last if period.last < date.max else self.today(period)

    # -- facts

    def facts_of(self, row: LedgerRow, period: Period) -> Mapping[str, Any]:
        """A row's own facts, then those of what it belongs to, the nearest first."""
        above = self.facts_above(row, period)
        return beneath(row.facts, above)

    def facts_above(self, row: LedgerRow, period: Period) -> Mapping[str, Any]:
        """The facts of what a row belongs to; shared by the rows that belong alike, where these facts hold always."""
        owners = row.owners
        key = (id(owners), None if self.register.steady.issuperset(owners) else row.on, period)
        facts = self._owned.get(key)
        if facts is None:
            facts = {}
            for owner, id_ in reversed(tuple(owners.items())):  # the nearest last, so that it wins
                parent = self.register.by_id.get((owner, id_))
                person = parent.facts if parent is not None else self.register.person(owner, id_, row.on, period)
                if person is not None:
                    facts |= published(person, self._decided) if owner == "item" else person
            self._owned[key] = facts
        return facts

    @cached_property
    def _decided(self) -> frozenset[str]:
        return decided_names(self.contents)

    def above(self, table: str, person: Mapping[str, Any], period: Period) -> dict[str, Any]:
        """The facts of what a subject belongs to."""
        facts: dict[str, Any] = {}
        for owner in self.contents.chains.get(table, ())[1:]:
            id = person.get(owner, facts.get(owner))
            if id is None and owner == WHOLE and self.register.centres_named:
                id = self.register.whole
            if id is not None:
                facts = dict(self.register.person(owner, written(id), None, period) or {}) | facts
        return facts

    def _clock_facts(self, subject: Subject, clock: str) -> Mapping[str, Value]:
        """What a clock of a record gives to the rules, its case's pauses and extensions among what it knows."""
        record = cast("RecordScope", subject)
        return self._read_clock(record.row, clock, record).facts

    def _read_clock(self, row: LedgerRow, clock: str, subject: RecordScope) -> ClockOfRecord:
        """A clock of a record and the facts it gives, read once a day that counts as today: every scheme and period sees the same.

        One that has come to rest says on every later day what it said when it stopped.
        """
        on, today = subject.surroundings.on, self.today(subject.period)
        resting = self._at_rest.get((id(row), clock, on))
        if resting is not None and cast("date", resting.since) <= today:
            return resting
        key = (id(row), clock, on, today)
        read = self._clocks_read.get(key)
        if read is None:
            shape = self.contents.clocks[clock]
            read = self._clocks_read[key] = self.alike_records.reading(shape, subject) or self._watched(shape, row, subject, today)
            if read.since is not None and self.register.steady.issuperset(row.owners):
                self._at_rest[id(row), clock, on] = read
        return read

    def begins_later(self, row: LedgerRow, clock: str, period: Period) -> date | None:
        """The day after today on which a clock of a row begins; None where it has begun, or that is not known."""
        try:
            started = self._read_clock(row, clock, self.scope(row, period)).waiting.reading.started
        except GovServiceError:
            return None
        return shanghai_day(started) if started is not None and shanghai_day(started) > self.today(period) else None

    def _watched(self, clock: Clock, row: LedgerRow, subject: RecordScope, today: date) -> ClockOfRecord:
        history = self._courses.of(row, clock.about)
        waiting = watch_clock(clock, subject, history=history, now=self.moment or today)
        rests = clock.id in self.contents.steady_clocks and history is NO_HISTORY
        return reading_of(clock, waiting, rests_since(waiting, today) if rests else None)

    def own_clock_facts(self, table: str, id: str, period: Period) -> Callable[..., Mapping[str, Value]] | None:
        """What the clocks of a subject itself give to the rules; its pauses and extensions name it, or the case that it is."""
        if not self.contents.clocks:
            return None
        row = next(iter(self.register.belonging(table, table, id)), None)
        history = self._courses.of(row, table) if row is not None and "case" in row.facts else self._courses.of_subject(table, id)
        return partial(facts_of_clock, history=history, now=self.moment or self.today(period))

    def scope(
        self,
        row: LedgerRow,
        period: Period,
        scheme: str | None = None,
        scored: SubjectScope | None = None,
        days: Inside | None = None,
    ) -> RecordScope:
        """A record as an expression sees it, worked out once a period. One for a scheme has its own marks, ordinals and what it read, and
        counts for the subject that is `scored`; what was decided of the record is shared. One with its `days` in the period is made anew.
        """
        if days is not None:
            return self.scope(row, period).marked_for(scheme, scored, days)
        key = (id(row), period, scheme, None if scored is None else scored.id)
        scope = self._scopes.get(key)
        if scope is None or scope.scored is not scored:
            if scheme is not None and scored is not None:
                scope = self.scope(row, period).marked_for(scheme, scored)
            else:
                scope = self.scope_once(row, period)
            self._scopes[key] = scope
        return scope

    def scope_once(self, row: LedgerRow, period: Period) -> RecordScope:
        """A record as an expression sees it, for whoever asks once."""
        surroundings = self._surroundings(row.on or self.held_on(period), period)
        around = self._facts_around(row.source, period)
        return RecordScope(self.contents, row, self.facts_of(row, period), surroundings, around, period=period, faults=self.faults)

    def _facts_around(self, source: str, period: Period) -> Mapping[str, Value]:
        """The facts that the reading around a record gives it; alike for records of one source."""
        key = (source, period)
        facts = self._alike.get(key)
        if facts is None:
            facts = self._alike[key] = {"kind": source}
        return facts

    def _surroundings(self, on: date, period: Period) -> Surroundings:
        """What records of a day have around them, made once a day and period."""
        key = (on, period)
        surroundings = self._around.get(key)
        if surroundings is None:
            clocks = self._clock_facts if self.contents.clocks else None
            surroundings = self._around[key] = Surroundings(
                on, self.today(period), self.calendar, clocks, self._rows_of_record, lists=partial(self._listing, period), said=self.said,
                alike=self.alike_records.verdict,
            )  # fmt: skip
        return surroundings

    def _listing(self, period: Period, _subject: Subject, table: str) -> Listing | Unknown:
        """A table of the records as a list: every row of it, whoever it belongs to."""
        if table not in self.register.supplied:
            return Unknown(frozenset((table,)))
        key = (table, period)
        if key not in self._listings:
            named: dict[str, tuple[Scope, ...]] = {}
            column = self.register.id_column(table) or table
            doubt = {table} if table in self.register.lost else set()
            for row in self.register.rows.get(table, ()):
                if unsaid(row.facts.get(column)):
                    doubt.add(f"{table}:{row.number}.{column}")
                else:
                    id = written(row.facts[column]).strip()
                    named[id] = (*named.get(id, ()), self.scope(row, period))
            intact = partial(any, tuple(map(is_long_number, named)))
            self._listings[key] = Listing(named, frozenset(doubt), intact=intact)
        return self._listings[key]

    # -- rows of a record

    def _rows_of_record(self, subject: Subject, of: Aggregate) -> list[Scope | Doubtful] | Unknown:
        """The rows that belong to a record: all of them, of whatever day; those that it lists itself too."""
        record = cast("RecordScope", subject)
        table = record.row.source
        id_column = self.register.id_column(table)
        id = record.row.facts.get(id_column) if id_column is not None else None
        lacking = self.lacking(of.sources) - {source for source in of.sources if source in record.row.facts}
        if "case" in record.row.facts:  # a row that may be the case's could not be used
            lacking |= self._courses.of(record.row, table).doubted.intersection(of.sources)
        if lacking or unsaid(id):
            return Unknown(lacking or frozenset((f"{table}:{record.row.number}.{id_column or table}",)))
        scopes: list[Scope | Doubtful] = []
        for source in of.sources:
            belonging = [row for row in self.register.belonging(source, table, written(id)) if row is not record.row]
            for row in (*belonging, *self._listed(record.row, source)):
                counts = self.counts(row)
                if counts is not False:
                    scope = self.scope(row, record.period)
                    scopes.append(Doubtful(scope, counts) if isinstance(counts, Unknown) else scope)
        return scopes

    def _listed(self, row: LedgerRow, source: str) -> list[LedgerRow]:
        """The rows of a table that a record lists within itself."""
        listed = row.facts.get(source)
        if source in MOVING and not unsaid(listed):
            self._courses.of(row, row.source)  # which tells what of it cannot be read
        if source not in self.contents.tables or not isinstance(listed, (list, tuple)):
            return []
        key = (id(row), source)
        if key not in self._within:
            labels = self.contents.sight(source)[1]
            words = self.contents.words_for_none(source)
            named = ({labels.get(name, name): value for name, value in one.items()} for one in listed if isinstance(one, Mapping))
            rows = [with_none(one, words) for one in named]
            self._within[key] = [
                LedgerRow(source, number, facts, self._day_of(facts, source), row.owners, None, self._days_of(facts, source))
                for number, facts in enumerate(rows, 1)
            ]
        return self._within[key]

    def _day_of(self, facts: Mapping[str, Any], source: str) -> date | None:
        column = self.register.dated_by(source)
        try:
            return self.register.day(facts, column, source) if column is not None else None
        except RecordError:
            return None

    def _days_of(self, facts: Mapping[str, Any], source: str) -> Lasting | None:
        try:
            return self.register.lasting(source, facts, source)
        except RecordError:
            return None

    def _listed_for(self, source: str, owner: str, id: str, period: Period, by: str | None) -> list[tuple[LedgerRow, On]]:
        """The rows of a table that records of a subject list within themselves, in a period."""
        rows: list[tuple[LedgerRow, On]] = []
        for parent in sorted(table for table, held in self.register.listed if held == source):
            for record in self.register.belonging(parent, owner, id):
                for row in self._listed(record, source):
                    if by is None and row.lasting is not None:
                        rows += self.lasting_in([row], period)
                        continue
                    on = row.on if by is None else self.register.day_by(row, by) or self._unreadable_day(row, by)
                    if isinstance(on, Unknown) or (on is not None and on in period):
                        rows.append((row, on))
        return rows

    def undated_within(self, source: str, owner: str, id: str) -> Iterator[tuple[LedgerRow, LedgerRow]]:
        """The rows of a table without a day of their own that records of a subject list within themselves, each behind its record."""
        for parent in sorted(table for table, held in self.register.listed if held == source):
            for record in self.register.belonging(parent, owner, id):
                for row in self._listed(record, source):
                    if row.on is None and row.lasting is None:
                        yield record, row

    # -- rows of a subject

    def _decided_day(self, row: LedgerRow, period: Period, by: str | None) -> date | Unknown | None:
        """The day that a decision gives a row which does not say; unknown where it is open, or the row says one that cannot be read, none
        where only time is waited for.
        """
        if by is None:
            return None
        granting, unreadable = self._granting(row.source, by), self._unreadable_day(row, by)
        if unreadable is not None or granting is None:
            return unreadable
        named = self._days_granted.setdefault((by, granting), (Name(by, DATE, "outcome", granting),))
        value = self._of_row(named, row, period, lambda record: record.value(named[0]))
        if isinstance(value, Unknown):
            to_come = self._is_to_come(row, period, value) or self._is_due_after(row, period, named[0])
            return None if to_come else value
        return shanghai_day(value) if isinstance(value, date) else None

    def _granting(self, source: str, by: str) -> str | None:
        """The decision that gives a day to rows which do not say it."""
        granting = self.contents.granting
        return next((seen[by] for table in self.contents.chains.get(source, ()) if by in (seen := granting.get(table, {}))), None)

    def _unreadable_day(self, row: LedgerRow, by: str) -> Unknown | None:
        """What a row waits for whose day was given and cannot be read, which is told with the row."""
        fault = self.register.unreadable(row, by)
        if fault is None:
            return None
        where = f"{row.source}:{row.number}.{by}"
        self.faults[where] = fault
        return Unknown(frozenset((where,)))

    def _is_to_come(self, row: LedgerRow, period: Period, day: object) -> bool:
        """Whether a row is of a day after the one that counts as today, and a day of it waits for nothing but time: it opens no earlier
        period, for what begins later does not end within it.
        """
        return row.on is not None and row.on > self.today(period) and isinstance(day, Unknown) and day.needs == _TIME_ALONE

    def _is_due_after(self, row: LedgerRow, period: Period, day: Name) -> bool:
        """Whether the day that a decision gives a row is the due day of a clock that begins after the period, and so lies after it too."""
        clock, today = self._due_given(day), self.today(period)
        if clock is None or today < period.last or isinstance(self.moment, datetime):
            return False
        return self._read_clock(row, clock, self.scope(row, period)).waiting.unbegun

    def _due_given(self, day: Name) -> str | None:
        """The clock of which a decision gives the due day, whatever rule of it holds."""
        decision = self.contents.decisions[cast("str", day.granted_by)]
        given = [dict(rule.then).get(day.id) for rule in decision.rules]
        if decision.otherwise is not None:
            given.append(dict(decision.otherwise).get(day.id))
        clocks = {of.id.removesuffix(".due") if isinstance(of, Name) and of.home == "clock" else None for of in given}
        clock = clocks.pop() if len(clocks) == 1 else None
        return clock if clock in self.contents.clocks else None

    def is_placed(self, row: LedgerRow, days: Placing, period: Period) -> bool:
        """Whether a row has a day, or days, by which it counts in some period, or may."""
        if days.lasts is not None:
            return self._read_days(days.lasts, self.scope(row, period)) is not None
        on = row.on if days.by is None else self.register.day_by(row, days.by)
        return (on if on is not None else self._decided_day(row, period, days.by)) is not None

    def is_dated(self, source: str, by: str | None) -> bool:
        """Whether rows of a source are placed in time at all; those that are not count whole in each period."""
        table = self.contents.tables.get(self.contents.table_of(source))
        return by is not None or (table is not None and table.dated_by is not None)

    def records(
        self, source: str, owner: str, id: str, period: Period, *, by: str | None = None, lasts: Lasts | None = None
    ) -> list[tuple[LedgerRow, On]]:
        """The rows of a table or kind that belong to a subject, lie in a period and count, or may: each with its day, or its days there
        where it lasts; unknown where it is open whether it counts there; signals that clocks raised, or may have, too.
        """
        if lasts is None and self._stand_by_day(source, by):
            placed = self.register.placed(source, owner, id, period, by)
            if not placed.rows and not placed.unsaid and not placed.lasting:
                return []
        rows: list[tuple[LedgerRow, On]] = []
        if lasts is not None:
            rows = list(self._lasting_by(lasts, source, owner, id, period))
        elif not self.is_dated(source, by):
            belonging = self.register.belonging(source, owner, id)
            rows = [(row, None) for row in belonging if row.spell is None or row.spell.speaks_of(period)]
        else:
            placed = self.register.placed(source, owner, id, period, by)
            rows = list(zip(placed.rows, placed.days, strict=True))
            for row in placed.unsaid:
                on = self._decided_day(row, period, by)
                if isinstance(on, Unknown) or (on is not None and on in period):
                    rows.append((row, on))
            rows += self.lasting_in(placed.lasting, period)
        if lasts is None:
            rows += self._listed_for(source, owner, id, period, by)
        kind = self.contents.events.get(source)
        if kind is not None and kind.verified and rows:
            counted = [(row, on, self.counts(row)) for row, on in rows]
            rows = [(row, _with_doubt(on, counts)) for row, on, counts in counted if counts is not False]
        return [*rows, *self.raised(source, owner, id, period)] if self._clocks_raising(source) else rows

    def placed_alone(self, source: str, owner: str, id: str, period: Period, by: str | None) -> PlacedRows | None:
        """The rows of `records` where all of them are placed by plain days, and surely count; None where more is to be looked at."""
        if not self._stand_by_day(source, by):
            return None
        kind = self.contents.events.get(source)
        verified = kind is not None and kind.verified
        dated = self.register.dated(source, owner, id, by, verified=verified)
        if dated is None or dated.lasting or dated.unreadable:
            return None
        if dated.unsaid and by is not None and self._granting(source, by) is not None:
            return None
        return PlacedRows(dated, *dated.within(period), whole=not verified and by is None)

    def _stand_by_day(self, source: str, by: str | None) -> bool:
        """Whether rows of a source are placed by their days, and come from nowhere but its table."""
        key = (source, by)
        if key not in self._by_day_alone:
            listed = any(held == source for _, held in self.register.listed)
            self._by_day_alone[key] = self.is_dated(source, by) and not listed and not self._clocks_raising(source)
        return self._by_day_alone[key]

    # -- rows that last

    def lasting_in(self, rows: Sequence[LedgerRow], period: Period) -> Sequence[tuple[LedgerRow, On]]:
        """Of rows that say how long they last, those with a day in a period; a last day that cannot be read is told, and open."""
        found: list[tuple[LedgerRow, Inside]] = []
        for row in rows:
            if row.lasting is not None:
                days = inside(self._said_days(row), period, self.today(period))
                found += [(row, days)] if days is not None else []
        return _each_once(found)

    def _said_days(self, row: LedgerRow) -> Extent:
        first, last, fault = cast("Lasting", row.lasting)
        if fault is None:
            return Extent(first, last)
        where = str(fault.fault.id)
        self.faults[where] = fault
        return Extent(first, Unknown(frozenset((where,))), begun=True)

    def _lasting_by(self, lasts: Lasts, source: str, owner: str, id: str, period: Period) -> Iterator[tuple[LedgerRow, Inside]]:
        """The rows of a source that belong to a subject and last into a period, by the days that an item or a count names."""
        key = (source, owner, id, identity(lasts))
        if key not in self._lasting:
            self._lasting[key] = self._read_once(lasts, self._belonging(source, owner, id))
        settled, others, owned = self._lasting[key]
        here = [known for known in settled if known[2] <= period.last and (known[3] is None or known[3] >= period.first)]
        anew = ((row, self._of_row(lasts, row, period, partial(self._read_days, lasts))) for row in others)
        for row, reading in chain(((row, reading) for row, reading, _, _ in here), anew):
            if reading is None or self._is_to_come(row, period, reading.first):
                continue
            days = inside(reading, period, self.today(period))
            if days is not None and row.number in owned:
                days = clipped(days, owned[row.number])
            if days is not None:
                yield row, days

    def _days_of_owner(self, shares: list[LedgerRow]) -> Spans | None:
        """The days on which a row that is cut where its owner changes is the owner's; None where it is his throughout."""
        first = shares[0]
        table = self.contents.table_of(first.source)
        whole = self.register.lasting(table, first.facts, f"{table}:{first.number}")
        if whole is None or first.lasting == whole:
            return None
        spans = (cast("Lasting", share.lasting) for share in shares)
        return tuple(
            (date.min if span.first == whole.first else span.first, date.max if span.last is None or span.last == whole.last else span.last)
            for span in spans
        )

    def _belonging(self, source: str, owner: str, id: str) -> list[LedgerRow]:
        """The rows of a source that belong to a subject, those that records of its list within themselves too."""
        parents = sorted(table for table, held in self.register.listed if held == source)
        records = (record for parent in parents for record in self.register.belonging(parent, owner, id))
        return [*self.register.belonging(source, owner, id), *(row for record in records for row in self._listed(record, source))]

    def _read_once(self, lasts: Lasts, belonging: list[LedgerRow]) -> _ReadOnce:
        """What is alike in every period of the rows that a subject has, a row that is cut into shares once."""
        shares: dict[int, list[LedgerRow]] = {}
        for row in belonging:
            if row.lasting is not None:
                shares.setdefault(row.number, []).append(row)
        rows = [row for row in belonging if row.lasting is None or shares[row.number][0] is row]
        owned = {number: days for number, own in shares.items() if (days := self._days_of_owner(own)) is not None}
        names = [part for day in lasts for part in walk(day)]
        alone = all(not isinstance(part, (Aggregate, Name)) or self._is_of_a_row(part) for part in names)
        read = [part for part in names if isinstance(part, Name) and part.home != "setting"]
        asked_of = {source: self._perhaps_unsaid(source, read) for source in {row.source for row in rows}}
        saying = [row for row in rows if all(self._is_said(row, name) for name in asked_of[row.source])] if alone else []
        others = [row for row in rows if row not in set(saying)] if len(saying) < len(rows) else []
        asked = self.alike_rows.of_days(lasts, partial(self._days_of_kind, lasts)) if saying else None
        answers = [None] * len(saying) if asked is None else self.alike_rows.answers(asked, saying, EVER, self._saying_alone)
        readings = (
            (row, self._read_days(lasts, self._saying_alone(row)) if answer is None else answer.worth)
            for row, answer in zip(saying, answers, strict=True)
        )
        settled = [(row, reading, *_bounds(reading)) for row, reading in readings if reading is not None]
        return _ReadOnce(settled, others, owned)

    def _of_row(self, of: tuple[Expression, ...], row: LedgerRow, period: Period, read: Callable[[RecordScope], _T]) -> _T:
        """What is read of some expressions on a row as of a period; it is not read again as of days on which it comes to the same.

        `of` must be the same object for the same expressions.
        """
        key, today = (id(of), id(row)), self.today(period)
        _, steady = self._steady.get(key, (row, ()))
        for alike, value in steady:
            if alike.first <= today <= alike.last:
                return cast("_T", value)
        if row.on is not None and self.register.steady.issuperset(row.owners):
            found = self.alike_records.steady(of, row, partial(self.scope_once, row, period), partial(_closed, read))
            if found is not None:
                self._steady[key] = row, (*steady, (found[0], found[1][0]))  # the row is kept, so that no other takes its identity
                return found[1][0]
        return read(self.scope(row, period))

    def _saying_alone(self, row: LedgerRow) -> RecordScope:
        """A row that says all that is asked of it, on whatever day."""
        around = self._surroundings(row.on or date.max, EVER)
        return RecordScope(self.contents, row, row.facts, around, {}, period=EVER, faults=self.faults)

    def _days_of_kind(self, lasts: Lasts, record: RecordScope, *, days: Inside | None) -> KindAnswer | None:  # noqa: ARG002
        """How long rows last that say the same; None where a day of theirs is open."""
        reading = self._read_days(lasts, record)
        if reading is not None and (isinstance(reading.first, Unknown) or isinstance(reading.last, Unknown)):
            return None
        return KindAnswer(counts=reading is not None, worth=reading)

    def _is_of_a_row(self, part: Expression) -> bool:
        return isinstance(part, Name) and part.home in ("column", "outcome", "setting")

    def _is_said(self, row: LedgerRow, name: Name) -> bool:
        """Whether a row says a fact itself, or it is the day of an act of its own that it leaves empty."""
        return not unsaid(row.facts.get(name.id)) or self._is_own_act(row.source, name)

    def _perhaps_unsaid(self, source: str, names: list[Name]) -> list[Name]:
        """The names that a row of a source may leave unsaid."""
        listed = any(held == source for _, held in self.register.listed)
        columns = self.register.columns(source)
        return [name for name in names if not self._is_own_act(source, name) and (listed or not columns.all_dated(name.id))]

    def _is_own_act(self, source: str, name: Name) -> bool:
        """Whether a name is the day of an act of the rows themselves: one that is empty was not done."""
        return name.home == "column" and name.type.kind in _DATED and self.contents.home_of(source, name.id) == source

    def _read_days(self, lasts: Lasts, scope: RecordScope) -> Extent | None:
        """How long a row lasts; None where it has not begun, or ends before it would. An empty day is that of an act not done yet."""
        first, last = (self._read_day(day, scope) for day in lasts)
        if first is None or (isinstance(first, date) and isinstance(last, date) and last < first):
            return None
        return Extent(first, last)

    def _read_day(self, of: Expression, scope: RecordScope) -> date | Unknown | None:
        value = evaluate(of, scope)
        if isinstance(value, Unknown):
            columns = (part for part in walk(of) if isinstance(part, Name) and part.home == "column")
            acts = {scope.called(column) for column in columns if column.type.kind in _DATED}
            not_done = value.needs and value.needs <= acts - self.faults.keys()
            return None if not_done else value
        return None if isinstance(value, Nothing) else shanghai_day(cast("date", value))

    def counts(self, row: LedgerRow) -> bool | Unknown:
        """Whether a row is priced and counted: one of a kind marked `verified` only where it says so."""
        kind = self.contents.events.get(row.source)
        if kind is None or not kind.verified:
            return True
        raw = row.facts.get("verified")
        if raw is True or raw is False:
            return raw
        try:
            return is_verified(row.facts)
        except RecordError as error:
            where = f"{row.source}:{row.number}.verified"
            self.faults[where] = error
            return Unknown(frozenset((where,)))

    def workdays(self, first: date, last: date) -> int:
        """The working days from one day to another, both counted."""
        return self.calendar.workdays_between(first - timedelta(days=1), last)

    def lacking(self, sources: tuple[str, ...]) -> frozenset[str]:
        """The tables among those that these rows come from which were not supplied."""
        known = self._lacking.get(sources)
        if known is None:
            known = self._lacking[sources] = self._not_supplied(sources)
        return known

    def _not_supplied(self, sources: tuple[str, ...]) -> frozenset[str]:
        wanted: set[str] = set()
        for source in sources:
            if source in self.contents.events:
                wanted.add("events")
            elif source in self.contents.tables:
                wanted.add(source)
            wanted.update(self._ticking(clock) for clock in self._clocks_raising(source))
        return frozenset(wanted) - self.register.supplied - {held for _, held in self.register.listed}

    def is_never(self, condition: Expression | None) -> bool:
        """Whether a condition holds of nothing, whatever else is known: it asks whether a count is known of rows that nobody supplied."""
        return any(
            isinstance(part, Known) and isinstance(part.of, Aggregate) and bool(self.lacking(part.of.sources))
            for part in (condition.of if isinstance(condition, AllOf) else (condition,))
        )

    # -- signals

    def _clocks_raising(self, source: str) -> tuple[Clock, ...]:
        """The clocks of cases, and of rows of theirs, that raise a signal: `promised.red`, or `red` of any clock."""
        return self._raising.get(source, ())

    @cached_property
    def _raising(self) -> dict[str, tuple[Clock, ...]]:
        clocks: dict[str, tuple[Clock, ...]] = {}
        for clock in self.contents.clocks.values():
            if clock.about in self.contents.chains["cases"] or "cases" in self.contents.chains.get(clock.about, ()):
                for signal in dict.fromkeys(alarm.signal for alarm in clock.alarms):
                    clocks[f"{clock.id}.{signal}"] = (clock,)
                    clocks[signal] = (*clocks.get(signal, ()), clock)
        return clocks

    def raises(self, source: str) -> bool:
        """Whether clocks raise rows of a source, beside those that are given."""
        return bool(self._clocks_raising(source))

    def _ticking(self, clock: Clock) -> str:
        """The table of whose rows a clock is read: cases, or one of theirs (stages)."""
        return "cases" if clock.about in self.contents.chains["cases"] else clock.about

    def raised(self, source: str, owner: str, id: str, period: Period) -> list[tuple[LedgerRow, date | Unknown]]:
        """The signals that clocks of a subject's cases raised in a period, or may have, as events of the day; one that was given stands."""
        key = (source, owner, id, period)
        if key not in self._raised:
            self._raised[key] = list(self._signals(*key))
        return self._raised[key]

    def _signals(self, source: str, owner: str, id: str, period: Period) -> Iterator[tuple[LedgerRow, date | Unknown]]:
        """A clock of what cases belong to (an application) is read of each of them: what it raised of several on one day is one signal."""
        signal = source.rpartition(".")[2]
        given = {str(row.facts.get("case")) for row in self.register.rows.get(signal, ())}
        for clock in self._clocks_raising(source):
            rows = self.register.belonging(self._ticking(clock), owner, id)
            told = {row.owners[clock.about] for row in rows if clock.about in row.owners and str(row.facts.get("case")) in given}
            once: set[tuple[str, int, date]] = set()
            for row in rows:
                case, whose = row.facts.get("case"), row.owners.get(clock.about) if clock.about != row.source else None
                if str(case) in given or whose in told:
                    continue
                waiting = strictly(self._read_clock(row, clock.id, self.scope(row, period)).waiting, clock)
                for number, alarm in enumerate(waiting.reading.alarms):
                    on = self._raised_on(alarm, waiting, source) if alarm.signal == signal else None
                    if whose is not None and isinstance(on, date):
                        if (whose, number, on) in once:
                            continue
                        once.add((whose, number, on))
                    if isinstance(on, Unknown) and self._may_be_seen(alarm, waiting, clock, period):
                        yield LedgerRow(source, row.number, {"kind": source, **self._ticked(source, row, clock)}, None, row.owners), on
                    elif isinstance(on, date) and on in period:
                        yield (
                            LedgerRow(source, row.number, {"kind": source, "on": on, **self._ticked(source, row, clock)}, on, row.owners),
                            on,
                        )

    def _may_be_seen(self, alarm: AlarmReading, waiting: Waiting, clock: Clock, period: Period) -> bool:
        """Whether an alarm may be of a day in a period: none is seen before the clock begins, nor after the day on which it stopped."""
        if alarm.at is not None:
            return shanghai_day(alarm.at) in period
        started, stopped = waiting.reading.started, waiting.reading.stopped
        begins_later = started is not None and not clock.backward and clock.due is None and shanghai_day(started) > period.last
        return not begins_later and (stopped is None or shanghai_day(stopped) >= period.first)

    def _ticked(self, source: str, row: LedgerRow, clock: Clock) -> dict[str, object]:
        """What a signal says of the row whose clock raised it: its case, which clock where the `source` is a signal of any, and which
        `row` where its case alone does not say it.
        """
        said: dict[str, object] = {"case": row.facts.get("case"), **row.owners}
        if source != f"{clock.id}.{source.rpartition('.')[2]}":
            said["clock"] = clock.id
        if row.source != "cases" or unsaid(row.facts.get("case")):
            said["row"] = f"{row.source}:{id_of_row(row.source, row.facts, row.number)}"
        return said

    def _raised_on(self, alarm: AlarmReading, waiting: Waiting, source: str) -> date | Unknown | None:
        """The day that an alarm was raised on; unknown where it may have been, or may have been cleared."""
        needs = frozenset(alarm.undecided) or waiting.rest
        if alarm.raised is None:
            return Unknown(needs)
        if not alarm.raised:
            return None
        if alarm.cleared and not self._cleared_count(source):
            return None
        if waiting.reading.overdue is None and not alarm.cleared:
            stated = self.contents.conventions.get("cleared_signals")
            unstated = frozenset(("conventions.cleared_signals",)) if stated is None else frozenset[str]()
            if stated != "counted":
                return Unknown((waiting.rest or needs) | unstated)
        return shanghai_day(alarm.at) if alarm.at is not None else Unknown(needs)

    def _cleared_count(self, source: str) -> bool:
        stated = self.contents.conventions.get("cleared_signals")
        if stated is None:
            raise ConventionError.unstated("cleared_signals", source)
        return stated == "counted"


def _closed(read: Callable[[RecordScope], _T], record: RecordScope) -> tuple[_T] | None:
    """What is read of a record, where nothing of it is open but what time alone will tell."""
    found = read(record)
    parts = (found.first, found.last) if isinstance(found, Extent) else (found,)
    return (found,) if all(part.needs == _TIME_ALONE for part in parts if isinstance(part, Unknown)) else None


def _bounds(reading: Extent) -> tuple[date, date | None]:
    """The day before which nothing of an extent lies, and that after which; None where it may last for ever."""
    first, last = reading.first, reading.last
    return date.min if isinstance(first, Unknown) else first, None if isinstance(last, Unknown) else last


def _with_doubt(on: On, counts: bool | Unknown) -> On:
    """The day or days of a row, with what would say whether it counts at all."""
    if not isinstance(counts, Unknown):
        return on
    return on._replace(sure=(), needs=on.needs | counts.needs) if isinstance(on, Inside) else counts
