"""All cases of a history under one rulebook: each decision, clock and notice worked out once for all rows that are alike in what it reads.

The interpreter works out one row of each kind, as it does in the main job; what it reads on the way is noted, name by name, and says which
rows are alike. Nothing here decides anything.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias, cast

from govservice.calendars import china
from govservice.calendars.day_arrays import workdays_of
from govservice.classify import CASE_TYPE, in_brief
from govservice.clockwork.facts import facts_of_reading
from govservice.clockwork.forks import may_be
from govservice.clockwork.history import NO_HISTORY, History
from govservice.clockwork.main_clock import closing_clocks, first_to_end
from govservice.clockwork.reading import ClockReading
from govservice.clockwork.rows import rows_of_case
from govservice.clockwork.turn import stopped_before_it_began
from govservice.clockwork.watch import ClockReads, on_the_clock
from govservice.counting.asked import day_of
from govservice.errors import GovServiceError
from govservice.frozen import Frozen, of_unchanging
from govservice.notices import notices_owed
from govservice.rules.book.entries import expressions
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.values import NONE, Interval, Nothing, Unknown
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.kinds import eras
from govservice.rules.meaning.names import ORIGINS
from govservice.rules.meaning.outcomes import settled_of
from govservice.rules.meaning.subjects import Subject, Surroundings
from govservice.rules.meaning.tables import decide
from govservice.run.columns.alike import worked_out
from govservice.run.columns.by_arrays import ASK, ByArrays, names_in
from govservice.run.columns.coded import Coded, Interned, Tellers, any_of, combined, either, mask_of
from govservice.run.columns.pairs import NO_PAIR, DayPairs, pair_name, paired, sides
from govservice.run.columns.plain_clocks import PlainClock, PlainDays, PlainReads, is_plain, is_undated

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.calendars.day_arrays import Workdays
    from govservice.counting.asked import When
    from govservice.rules.book.dependencies import Place
    from govservice.rules.book.entries import Clock, Decision
    from govservice.rules.language.shapes import Expression, Name
    from govservice.rules.meaning.names import Origin
    from govservice.rules.meaning.tables import Verdict
    from govservice.rules.rulebook import Rulebook

__all__ = ["CLOCK", "DECISION", "NOTICES", "TYPE", "ClockRead", "Desk", "Failed", "Typed"]

Key: TypeAlias = tuple[Hashable, ...]
DECISION: Final = "decisions"
CLOCK: Final = "clocks"
TYPE: Final = ("type", CASE_TYPE)
NOTICES: Final = ("notices", "")
NOWHERE: Final = ("", "")  # of an expression that is no entry's
_NO_LABELS: Final[Mapping[str, str]] = Frozen({})
_FEW: Final = 32  # values of which a name must have more, for arrays to be quicker than asking the interpreter once for each kind
_SETTLED: Final = (str, bool, int, Decimal, date)


class Failed(NamedTuple):
    """What a row comes to that cannot be judged: it is set aside."""

    error: GovServiceError


class Typed(NamedTuple):
    """What a case is: its type, the rule that settled it, and whether that is open."""

    case_type: str | None
    rule: str | None
    open: bool


class ClockRead(NamedTuple):
    """A clock that was read: whether it runs, begins, is known to end; when it is due, whether it is late, the signals raised; what rules
    see of it; and, where that is asked for, the reading itself.
    """

    applies: bool | None
    begins: bool
    ends: bool
    due: date | None
    late: bool | None
    signals: frozenset[str]
    facts: Mapping[str, Any]
    reading: ClockReading | None = None


class Columns(Protocol):
    """Facts by name, as many rows of each as `size` says, and what tells the rows apart."""

    @property
    def size(self) -> int: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def tellers(self) -> Tellers: ...
    def fact(self, name: str) -> Coded | None: ...


class Reported(NamedTuple):
    """What is reported of a clock that was read, without what rules see of it."""

    applies: bool | None
    begins: bool
    ends: bool
    due: date | None
    late: bool | None
    signals: frozenset[str]

    @property
    def begun(self) -> bool:
        """Whether it has begun, or is due all the same."""
        return self.begins or self.due is not None


class Desk:
    """The cases as subjects of one kind under one book: facts over which decisions are taken and clocks read, each once.

    `bare` are recorded outcomes that are left out of all rows, `without` those that are left out of some (1 where it is, by name),
    `settled` says where an outcome comes from that was settled before (None: nothing was). `kept` takes what another desk, of another book
    that says the same of an entry, has worked out, and `kept_value` what an expression comes to there. `asked` marks the rows that are
    asked about, `history` is what happened to all of them alike. With `whole` the readings of clocks are kept.
    """

    def __init__(
        self, book: Rulebook, cases: Columns, asked: Coded, on: Coded, now: When | None, calendar: WorkCalendar | None, *,
        bare: frozenset[str] = frozenset(), without: Mapping[str, Coded] | None = None, settled: Desk | None = None,
        kept: Callable[[Place], Coded | None] = lambda _: None, kept_value: Callable[[Expression], Coded | None] = lambda _: None,
        history: History = NO_HISTORY, whole: bool = False,
    ) -> None:  # fmt: skip
        self.book, self.contents, self.cases, self.asked = book, book.contents, cases, asked
        self.calendar, self.now = calendar, on_the_clock(now, calendar)
        self.bare, self.without, self.settled, self.kept = bare, without or {}, settled, kept
        self.kept_value = kept_value
        self.history, self.whole = history, whole
        self._as_of = day_of(self.now) if self.now is not None else None
        self._turns = eras(book.contents)
        self.closing = closing_clocks(book.contents)
        self._days = on
        self._fact: dict[str, Coded | None] = {}
        self._worked: dict[tuple[str, str], Coded] = {}
        self._part: dict[Key, Coded] = {}
        self._values: dict[Expression, Coded] = {}
        self._named: dict[Name, Coded | None] = {}
        self._busy: set[Place] = set()
        self.pairs = DayPairs()

    def forget(self) -> None:
        """Let go of all columns: they hold each other, and what they were worked out of."""
        for kept in (self._fact, self._worked, self._part, self._values, self._named):
            kept.clear()

    # -- facts

    def fact(self, name: str) -> Coded | None:
        """The column of a fact, as these subjects have it."""
        if name not in self._fact:
            self._fact[name] = self._overlaid(name)
        return self._fact[name]

    def _overlaid(self, name: str) -> Coded | None:
        import numpy as np

        own = None if name in self.bare else self.cases.fact(name)
        if own is not None and name in self.without:
            without, kept = self.without[name], own
            own = combined(self.cases.tellers, (without, kept), kept.values, lambda left_out, codes: np.where(left_out > 0, 0, codes))
        granting = self.contents.granting.get("application", {}).get(name)
        if self.settled is None or granting is None:
            return own
        made = self.settled.outcome(granting, name)
        typed = self.fact(CASE_TYPE) if name != CASE_TYPE else own
        interned = Interned()
        first, second = (None if column is None else column.mapped(lambda value: value, interned) for column in (own, made))
        columns = [column for column in (second, first, typed) if column is not None]

        def over(codes: Any, *more: Any) -> Any:
            if typed is not None:  # the clocks go by the type on record
                codes = np.where(more[-1] > 0, 0, codes)
            return codes if first is None else np.where(more[0] > 0, more[0], codes)

        return combined(self.cases.tellers, columns, interned.values, over)

    def outcome(self, decision: str, name: str) -> Coded:
        """What is settled of an outcome, as it is put among the facts of the case; nothing where it is not."""

        def given(result: Any) -> Any:
            value = None if isinstance(result, Failed) else settled_of(result).get(name)
            return value if isinstance(value, _SETTLED) else None

        return self.column(DECISION, decision).mapped(given, Interned())

    def reported(self, decision: str, name: str) -> Coded:
        """What is settled of an outcome, as it is reported."""
        column = self.column(DECISION, decision)

        def said(one: Any) -> Any:
            return None if isinstance(one, Failed) else settled_of(one).get(name)

        return column.derived(("reported", name), lambda: column.mapped(said, Interned()))

    def reading(self, clock: str) -> Coded:
        """What is reported of a clock; nothing where it cannot be judged."""
        column = self.column(CLOCK, clock)

        def brief(one: Any) -> Any:
            return None if isinstance(one, Failed) else Reported(*one[:6])

        def whole() -> Coded:
            if isinstance(column, PlainReads):
                return column.brief(lambda due, late: Reported(True, True, due is not None, due, late, frozenset()), brief)
            return column.mapped(brief, Interned())

        return column.derived("reading", whole)

    def runs(self, clock: str) -> Coded:
        """The rows on which a clock runs or may run, as a mask."""
        entry = self.contents.clocks[clock]
        if entry.when is not None and is_undated(entry) and self.failed((CLOCK, clock)).same == 0 and self.asked.same == 1:
            when = self.value(entry.when)
            return when.derived("runs", lambda: when.where(lambda value: value is True or isinstance(value, Unknown)))
        reading = self.reading(clock)
        return reading.derived("runs", lambda: reading.where(lambda one: one.applies is not False))

    def failed(self, entry: Place) -> Coded:
        """The rows of which an entry cannot be worked out, as a mask."""
        column = self.column(*entry)
        judged = column.others if isinstance(column, PlainReads) else column
        return column.derived("failed", lambda: judged.where(lambda one: isinstance(one, Failed)))

    # -- what is worked out

    def column(self, section: str, id: str) -> Coded:
        """What an entry comes to for every row."""
        place = (section, id)
        if place not in self._worked:
            column = self.kept(place)
            deciding = self.contents.granting.get("application", {}).get(CASE_TYPE)
            if column is None and place == TYPE and deciding is not None:
                column = self.column(DECISION, deciding).mapped(_typed, Interned())
            if column is None:
                self._busy.add(place)
                column = (
                    self._clock(id)
                    if section == CLOCK
                    else self._decided(id)
                    if section == DECISION
                    else self._all(partial(self._one, place))
                )
                self._busy.discard(place)
            self._worked[place] = column
        return self._worked[place]

    def _all(self, one: Callable[[int], tuple[Any, list[Key]]], asked: Coded | None = None) -> Coded:
        """What all rows come to that are asked about."""
        return worked_out(self.asked if asked is None else asked, self.cases.tellers, one, self.part_of)

    def _decided(self, id: str) -> Coded:
        """A decision: by arrays where all that it reads is plain, else as ever."""
        decision, one = self.contents.decisions[id], partial(self._one, (DECISION, id))
        arrays = self._by_arrays(expressions(decision))
        return self._all(one) if arrays is None else self._with_the_rest(*arrays.verdicts(decision), one)

    def _with_the_rest(self, found: Coded, left: Coded, one: Callable[[int], tuple[Any, list[Key]]]) -> Coded:
        """What was found by arrays, and of the rows that are left what the interpreter says."""
        return found if left.same == 0 else either(self.cases.tellers, found, self._all(one, left))

    def _by_arrays(self, of: Iterable[Expression]) -> ByArrays | None:
        """Expressions over all rows at once; None where that has no form, or saves nothing."""
        names = None if self._turns else names_in(of)
        columns = None if names is None else {id: self._name(name) for id, name in names.items()}
        if columns is None or all(column is None or len(column.values) <= _FEW for column in columns.values()):
            return None
        known = {id: column for id, column in columns.items() if column is not None}
        if len(known) < len(columns):
            return None
        subject = Subject(self.contents, "cases", {}, Surroundings(None, self._as_of, self.calendar))
        return ByArrays(known, self.asked, self.cases.tellers, subject, lambda: self._workdays)

    def _name(self, name: Name) -> Coded | None:
        """The values of a name as `ByArrays` has them: of each row by the first place that has one; None where nobody can say that here."""
        if name not in self._named:
            columns: list[Coded] = []
            self._named[name] = None
            for origin in ORIGINS[name.home]:
                column = self._from(origin, name)
                if column is None:
                    return None
                columns += column
                if column and not (column[-1].numbers == 0).any():
                    break
            found = columns[0] if columns else Coded.over(self.cases.tellers.nothing, _number(0), (None,))
            for column_ in columns[1:]:
                found = either(self.cases.tellers, found, column_)
            self._named[name] = found
        return self._named[name]

    def _from(self, origin: Origin, name: Name) -> list[Coded] | None:
        """One place where the value of a name may come from, as a column; nothing where it is no place here; None where nobody can say."""
        match origin:
            case "around":
                return []
            case "recorded":
                own = self.fact(name.id)
                return [] if own is None else [own.mapped(partial(_recorded, name), Interned())]
            case "decided" if name.granted_by is not None and (DECISION, name.granted_by) not in self._busy:
                return [self.part_of(("of", DECISION, name.granted_by, name.id)).mapped(partial(_as_said, name.id), Interned())]
            case "decided" if name.granted_by is None:
                return []
            case "clock":
                return self._from_clock(name, *name.id.partition(".")[::2])
            case "setting":
                return self._the_same(name, self.contents.settings[name.id].value)
            case "today":
                return self._the_same(name, self._as_of)
            case "default":
                column = self.contents.column("cases", name.id)
                return self._the_same(name, None if column is None else column.default)
            case _:
                return None

    def _from_clock(self, name: Name, clock: str, fact: str) -> list[Coded] | None:
        if clock not in self.contents.clocks:
            return self._the_same(name, NONE)  # a clock that is not in force
        if (CLOCK, clock) in self._busy:
            return None
        column = self.column(CLOCK, clock)
        if isinstance(column, PlainReads) and fact not in PlainReads.AT_ONCE:
            return None
        return [self.part_of(("of", CLOCK, clock, fact)).mapped(partial(_as_said, name.id), Interned())]

    def _the_same(self, name: Name, value: Any) -> list[Coded]:
        """A value that all rows have."""
        return [] if value is None else [Coded.over(self.cases.tellers.nothing, _number(1), (None, _as_said(name.id, value)))]

    def _clock(self, id: str) -> Coded:
        """A clock: by what is waited for where it is open whether it runs, by arrays of days where it counts working days, else as ever."""
        clock, tellers, place = self.contents.clocks[id], self.cases.tellers, (CLOCK, id)
        history = self.history
        if any((history.pauses, history.extensions, history.notes, history.doubted)):  # the ways below know of nothing that happened
            return self._all(partial(self._one, place))
        open_ = self._open(clock) if is_undated(clock) else None
        waiting = None if open_ is None else self._all(partial(self._one_that_waits, place), open_)
        plain = self._plain(clock) if is_plain(clock, self.contents) and type(self.now) in (type(None), date) else None
        done = [mask for mask in (open_, None if plain is None else plain.mask) if mask is not None]
        rest = (
            mask_of(tellers, (self.asked, *done), lambda asked, *done: (asked > 0) & ~any_of(codes > 0 for codes in done)) if done else None
        )
        others = self._all(partial(self._one, place), rest)
        others = others if waiting is None else either(tellers, waiting, others)
        if plain is None:
            return others

        def made(due: date | None, late: bool | None, facts: Mapping[str, Any], days: PlainDays | None) -> ClockRead:
            reading = None if days is None or due is None or late is None else _reading(clock, due, late, days)
            return ClockRead(True, True, due is not None, due, late, frozenset(), facts, reading)

        def facts(row: int) -> Mapping[str, Any]:
            return cast("Mapping[str, Any]", self._one(place, row)[0].facts)

        return PlainReads.of(plain, others, tellers, made, facts, whole=self.whole)

    def _open(self, clock: Clock) -> Coded | None:
        """The rows of which it is open whether a clock runs, as a mask; None where there are none."""
        if clock.when is None:
            return None
        columns = [self.value(of) for of in (clock.when, clock.starts, clock.limit, clock.due) if of is not None]
        waits = columns[0].where(lambda value: isinstance(value, Unknown))
        if waits.same == 0:
            return None
        fails = [column.where(lambda value: isinstance(value, Failed)) for column in columns[1:]]
        marks = (self.asked, waits, *(mask for mask in fails if mask.same != 0))
        return mask_of(self.cases.tellers, marks, lambda asked, waits, *fails: (asked > 0) & (waits > 0) & ~_any(fails, waits))

    def _one_that_waits(self, place: Place, row: int) -> tuple[Any, list[Key]]:
        """A clock of which it is open whether it runs: it says nothing but what it waits for."""
        clock = self.contents.clocks[place[1]]
        read = [of for of in (clock.when, clock.starts, clock.limit, clock.due) if of is not None]
        return self._one(place, row)[0], [("waits", of) for of in read]

    def _plain(self, clock: Clock) -> PlainClock | None:
        """The rows of which a clock counts working days from a plain day; None where there are none."""
        read = (clock.starts, clock.limit, *clock.stops, *(() if clock.when is None else (clock.when,)))
        columns = [self.value(of) for of in read if of is not None]
        subject = Subject(self.contents, "cases", {})
        waits = not self.whole and clock.limit is not None and any(isinstance(value, Unknown) for value in self.value(clock.limit).values)
        alone = self._all(partial(self._is_alone, clock.limit)).where(bool) if waits and clock.limit is not None else None
        plain = PlainClock(
            clock, subject, self.asked, columns, self.cases.tellers, self._as_of, self._workdays, alone=alone, whole=self.whole
        )
        return plain if plain.plain.any() else None

    def _is_alone(self, of: Expression, row: int) -> tuple[Any, list[Key]]:
        """Whether an expression is unknown, and nobody can list what it may be."""
        subject = _Traced(self, row, NOWHERE)
        try:
            values, _ = may_be(of, subject)
        except GovServiceError:
            return False, list(subject.trace)
        return len(values) == 1 and isinstance(values[0], Unknown), list(subject.trace)

    @property
    def _workdays(self) -> Workdays:
        return workdays_of(self.calendar if self.calendar is not None else china())

    def value(self, of: Expression) -> Coded:
        """What an expression comes to for every row."""
        if of not in self._values:
            column = self.kept_value(of)
            if column is None:
                one, arrays = partial(self._evaluated, of), self._by_arrays((of,))
                whole = self._all(one) if arrays is None else self._with_the_rest(*arrays.value(of), one)
                column = whole.mapped(lambda value: value, Interned())
            self._values[of] = column
        return self._values[of]

    def _evaluated(self, of: Expression, row: int) -> tuple[Any, list[Key]]:
        subject = _Traced(self, row, NOWHERE)
        try:
            result: Any = evaluate(of, subject)
        except GovServiceError as error:
            result = Failed(error)
        return result, list(subject.trace)

    def _one(self, place: Place, row: int) -> tuple[Any, list[Key]]:
        """One row, and what was read of it in order."""
        subject = _Traced(self, row, place)
        trace = subject.trace
        if self._turns:
            trace[("era",)] = None
        try:
            result = self._worked_for(place, subject)
        except GovServiceError as error:
            result = Failed(error)
        return result, list(trace)

    def _worked_for(self, place: Place, subject: _Traced) -> Any:
        section, id = place
        if section == DECISION:
            return subject.verdict(id)
        if section == CLOCK:
            return _cut(subject, id)
        if place == NOTICES:
            return tuple(notice.id for notice in notices_owed(subject))
        done = in_brief(subject)  # a book that does not decide it: as recorded
        return Typed(done.case_type, done.rule, done.open)

    def part_of(self, key: Any) -> Coded:
        """The column that a row was read in."""
        if key[0] == "fact":
            column = self.fact(str(key[1]))
            assert column is not None
            return column
        if key not in self._part:
            self._part[key] = self._made(key)
        return self._part[key]

    def _made(self, key: Key) -> Coded:
        if key[0] == "era":
            return self._days.mapped(lambda day: bisect_right(self._turns, day), Interned())
        if key[0] == "waits":
            return self.value(cast("Expression", key[1])).mapped(lambda value: value if isinstance(value, Unknown) else True, Interned())
        if key[0] == "failed":
            return self.failed(cast("Place", key[1]))
        if key[0] == "pair":
            pair = self.pairs.of[cast("int", key[1])]
            one, other = map(self.value, sides(pair))
            return paired(pair, one, other, self.cases.tellers, lambda: self._workdays)
        _, section, id, part = key
        column = self.column(str(section), str(id))
        if part is None:
            return column
        if isinstance(column, PlainReads):
            quick = column.fact(str(part), partial(_piece, part))
            if quick is not None:
                return quick
        return column.mapped(partial(_piece, part), Interned())

    @property
    def every_name(self) -> tuple[str, ...]:
        """Every fact that some row has."""
        granted = self.contents.granting.get("application", {}) if self.settled is not None else {}
        return tuple(dict.fromkeys((*self.cases.names, *granted)))

    def surroundings(self, row: int, clocks: Callable[[Subject, str], Mapping[str, Any]], subject: Any) -> Surroundings:
        """What stands around a row."""
        on = self._days.at(row)
        if self.settled is not None and on is None:
            on = self._as_of
        return Surroundings(on, self._as_of, self.calendar, clocks=clocks, rows=partial(rows_of_case, self.history, subject))


def _any(masks: Sequence[Any], beside: Any) -> Any:
    """Where any of some masks holds, as many as there are beside."""
    return any_of(codes > 0 for codes in masks) | (beside < 0)


def _number(number: int) -> Any:
    import numpy as np

    return np.array([number], dtype=np.int32)


def _recorded(name: Name, raw: Any) -> Any:
    """A fact on record as a name has it; None where it says nothing."""
    if absent(raw):
        return None
    try:
        return _as_said(name.id, read_fact(name.id, raw, name.type))
    except GovServiceError:
        return ASK


def _as_said(name: str, value: Any) -> Any:
    """The value of a name as `ByArrays` has it: where no rule fits, it is to be recorded."""
    if isinstance(value, Nothing) and value.gap:
        return Unknown(frozenset((name,)))
    return ASK if isinstance(value, (Interval, Failed)) else value


def _piece(part: Any, result: Any) -> Any:
    """A part of what an entry came to: an outcome of a verdict, a fact of a clock."""
    if isinstance(result, Failed):
        return result
    return result.facts.get(part) if isinstance(result, ClockRead) else result.values.get(part)


class _Facts(Mapping[str, Any]):
    """The facts of one row; each that is asked for is noted."""

    __slots__ = ("_desk", "_row", "_trace")

    def __init__(self, desk: Desk, row: int, trace: dict[Key, None]) -> None:
        self._desk, self._row, self._trace = desk, row, trace

    def get(self, name: str, default: Any = None) -> Any:
        column = self._desk.fact(name)
        if column is None:
            return default
        self._trace[("fact", name)] = None
        code = column.number_at(self._row)
        return column.values[code] if code else default

    def __getitem__(self, name: str) -> Any:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __contains__(self, name: object) -> bool:
        return self.get(str(name)) is not None

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._desk.every_name if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Noted(Mapping[str, Any]):
    """What another entry says by name: an outcome, a fact of a clock; each that is asked for is noted."""

    __slots__ = ("_of", "_place", "_trace")

    def __init__(self, of: Mapping[str, Any], place: Place, trace: dict[Key, None]) -> None:
        self._of, self._place, self._trace = of, place, trace

    def __getitem__(self, name: str) -> Any:
        self._trace[("of", *self._place, name)] = None
        return self._of[name]

    def __iter__(self) -> Iterator[str]:
        self._trace[("of", *self._place, None)] = None
        return iter(self._of)

    def __len__(self) -> int:
        self._trace[("of", *self._place, None)] = None
        return len(self._of)


class _View:
    """A verdict that was taken: its outcomes one by one, whatever else is asked of it as a whole."""

    __slots__ = ("_of", "_place", "_trace", "values")

    def __init__(self, of: Verdict, place: Place, trace: dict[Key, None]) -> None:
        self._of, self._place, self._trace = of, place, trace
        self.values = _Noted(of.values, place, trace)

    def __getattr__(self, name: str) -> Any:
        self._trace[("of", *self._place, None)] = None
        return getattr(self._of, name)


class _NoPlainPair(Exception):  # no error: the rule is read as it stands
    """One of two days is no plain day."""


class _PairsOf(Mapping[str, Any]):
    """What pairs of days come to for a row, by the names that stand for them; each that is asked for is noted."""

    __slots__ = ("_subject",)

    def __init__(self, subject: _Traced) -> None:
        self._subject = subject

    def get(self, name: str, default: Any = None) -> Any:
        number = pair_name(name)
        return default if number is None else self._of(number)

    def _of(self, number: int) -> Any:
        key = ("pair", number)
        self._subject.trace[key] = None
        value = self._subject.desk.part_of(key).at(self._subject.row)
        if value is NO_PAIR:
            raise _NoPlainPair
        return value

    def __getitem__(self, name: str) -> Any:
        number = pair_name(name)
        if number is None:
            raise KeyError(name)
        return self._of(number)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Traced(Subject):
    """One row as a subject that notes what is read of it; entries other than its own are looked up."""

    __slots__ = ("desk", "own", "reads", "row", "trace")

    def __init__(self, desk: Desk, row: int, own: Place) -> None:
        self.unused = []
        self.desk, self.row, self.own = desk, row, own
        self.trace: dict[Key, None] = {}
        self.reads = ClockReads(lambda _: desk.history, desk.now)
        facts = _Facts(desk, row, self.trace)
        self._begin(desk.contents, "cases", desk.surroundings(row, self._clock_read, facts), {}, {})
        self._facts = facts

    def verdict(self, decision: str) -> Verdict:
        """As of any subject; of another entry than its own as it was taken for rows like this one."""
        place = (DECISION, decision)
        if self._seen is not None or place == self.own:
            return super().verdict(decision)
        return cast("Verdict", _View(self._looked(place), place, self.trace))

    def _decide(self, decision: Decision) -> Verdict:
        """As of any subject; where it compares days, by what their pairs come to."""
        instead = self.desk.pairs.instead(decision) if (DECISION, decision.id) == self.own and self._seen is None else None
        if instead is not None:
            self.around = _PairsOf(self)
            try:
                return decide(instead, self, self.surroundings.on)._replace(decision=decision)
            except _NoPlainPair:
                self.memo.clear()
            finally:
                self.around = {}
        return super()._decide(decision)

    def _clock_read(self, subject: Subject, clock: str) -> Mapping[str, Any]:
        place = (CLOCK, clock)
        if subject is not self or place == self.own:
            return self.reads(subject, clock)
        return _Noted(self._looked(place).facts, place, self.trace)

    def _looked(self, place: Place) -> Any:
        result = self.desk.column(*place).at(self.row)
        if self.desk.failed(place).same != 0:
            self.trace[("failed", place)] = None  # read first by all, so that what is read next hangs on it
        if isinstance(result, Failed):
            self.trace[("of", *place, None)] = None
            raise result.error
        return result


def _cut(subject: _Traced, clock: str) -> ClockRead:
    waiting = subject.reads.waiting(subject, clock)
    reading = waiting.reading
    signals = frozenset(alarm.signal for alarm in reading.signals)
    facts = facts_of_reading(subject.contents.clocks[clock], waiting)
    return ClockRead(
        reading.applies, reading.started is not None, _ends(reading, subject.desk.closing), reading.due, reading.overdue, signals, facts,
        reading if subject.desk.whole else None,
    )  # fmt: skip


def _reading(clock: Clock, due: date, late: bool, days: PlainDays) -> ClockReading:
    """What a clock says that counts working days from a plain day; of the days of its deadline nobody asks again."""
    limit, started, stopped, used, left, over = days
    notes = () if stopped is None or started <= stopped else (stopped_before_it_began(started, stopped),)
    told = (
        clock.id, clock.label, clock.cite, True, clock.about, None, started, limit, due, True, (), stopped, used, left, late, over, (), (),
        (), notes, (), None, _NO_LABELS,
    )  # fmt: skip
    return of_unchanging(ClockReading, told)


def _ends(reading: ClockReading, closing: tuple[str, ...]) -> bool:
    """Whether it may be the first to end of the clocks of a case."""
    if not reading.applies or (reading.started is None and reading.due is None):
        return False
    spans: Any = tuple((pause.kind, pause.first, pause.last) for pause in reading.paused)
    return reading.due is not None or first_to_end((cast("Any", replace(reading, paused=spans)),), closing) is not None


def _typed(verdict: Any) -> Any:
    """What a case is, by the verdict that says so."""
    if isinstance(verdict, Failed):
        return verdict
    settled = settled_of(verdict)
    case_type = settled.get(CASE_TYPE)
    return Typed(case_type if isinstance(case_type, str) else None, verdict.rule, verdict.decision.primary not in settled)
