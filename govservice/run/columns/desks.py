"""All cases of a history under one rulebook: each decision, clock and notice worked out once for all rows that are alike in what it reads.

The interpreter works out one row of each kind, as it does in the main job; what it reads on the way is noted, name by name, and says which
rows are alike. Nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeAlias, cast

from govservice.classify import CASE_TYPE, in_brief
from govservice.clockwork.facts import facts_of_reading
from govservice.clockwork.history import NO_HISTORY, History
from govservice.clockwork.main_clock import closing_clocks, first_to_end
from govservice.clockwork.rows import rows_of_case
from govservice.clockwork.watch import ClockReads, on_the_clock
from govservice.counting.asked import day_of
from govservice.errors import GovServiceError
from govservice.notices import notices_owed
from govservice.rules.meaning.kinds import eras
from govservice.rules.meaning.outcomes import settled_of
from govservice.rules.meaning.subjects import Subject, Surroundings
from govservice.run.columns.alike import Coded, Interned, worked_out

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.clockwork.reading import ClockReading
    from govservice.counting.asked import When
    from govservice.rules.book.dependencies import Place
    from govservice.rules.meaning.tables import Verdict
    from govservice.rules.rulebook import Rulebook

__all__ = ["CLOCK", "DECISION", "NOTICES", "TYPE", "ClockRead", "Desk", "Failed", "Typed"]

Key: TypeAlias = tuple[Hashable, ...]
DECISION: Final = "decisions"
CLOCK: Final = "clocks"
TYPE: Final = ("type", CASE_TYPE)
NOTICES: Final = ("notices", "")
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
    """Facts by name, as many rows of each as `size` says."""

    @property
    def size(self) -> int: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    def fact(self, name: str) -> Coded | None: ...


class Desk:
    """The cases as subjects of one kind under one book: facts over which decisions are taken and clocks read, each once.

    `bare` are recorded outcomes that are left out of all rows, `without` those that are left out of some (a mask by name), `settled` says
    where an outcome comes from that was settled before (None: nothing was). `kept` takes what another desk, of another book that says the
    same of an entry, has worked out. `rows` are those that are asked about, `history` is what happened to all of them alike. With `whole`
    the readings of clocks are kept.
    """

    def __init__(
        self, book: Rulebook, cases: Columns, rows: Any, on: Any, now: When | None, calendar: WorkCalendar | None, *,
        bare: frozenset[str] = frozenset(), without: Mapping[str, Any] | None = None, settled: Desk | None = None,
        kept: Callable[[Place], Coded | None] = lambda _: None, history: History = NO_HISTORY, whole: bool = False,
    ) -> None:  # fmt: skip
        self.book, self.contents, self.cases, self.rows = book, book.contents, cases, rows
        self.calendar, self.now = calendar, on_the_clock(now, calendar)
        self.bare, self.without, self.settled, self.kept = bare, without or {}, settled, kept
        self.history, self.whole = history, whole
        self._as_of = day_of(self.now) if self.now is not None else None
        self._turns = eras(book.contents)
        self.closing = closing_clocks(book.contents)
        self._days = on
        self._fact: dict[str, Coded | None] = {}
        self._worked: dict[tuple[str, str], Coded] = {}
        self._part: dict[Key, Coded] = {}

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
            own = Coded(np.where(self.without[name], 0, own.codes), own.values)
        granting = self.contents.granting.get("application", {}).get(name)
        if self.settled is None or granting is None:
            return own
        made = self.settled.outcome(granting, name)
        typed = self.fact(CASE_TYPE) if name != CASE_TYPE else own
        apart = np.zeros(self.cases.size, dtype=bool) if typed is None else typed.codes > 0  # the clocks go by the type on record
        if own is None:
            return Coded(np.where(apart, 0, made.codes), made.values)
        interned = Interned()
        first, second = (column.mapped(lambda value: value, interned) for column in (own, made))
        return Coded(np.where(first.codes > 0, first.codes, np.where(apart, 0, second.codes)), interned.values)

    def outcome(self, decision: str, name: str) -> Coded:
        """What is settled of an outcome, as it is put among the facts of the case; nothing where it is not."""
        import numpy as np

        def given(result: Any) -> Any:
            value = None if isinstance(result, Failed) else settled_of(result).get(name)
            return value if isinstance(value, _SETTLED) else None

        column = self.column(DECISION, decision)
        interned = Interned()
        table = np.array(
            [0, *(0 if (value := given(one)) is None else interned.number(value) for one in column.values[1:])], dtype=np.int32
        )
        return Coded(table[column.codes], interned.values)

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
                codes, answers = worked_out(self.rows, self.cases.size, partial(self._one, place), self._part_of)
                column = Coded(codes, answers)
            self._worked[place] = column
        return self._worked[place]

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

    def _part_of(self, key: Any) -> Coded:
        """The column that a row was read in."""
        if key[0] == "fact":
            column = self.fact(str(key[1]))
            assert column is not None
            return column
        if key not in self._part:
            self._part[key] = self._made(key)
        return self._part[key]

    def _made(self, key: Key) -> Coded:
        import numpy as np

        if key[0] == "era":
            from bisect import bisect_right

            turns = np.array([0, *(bisect_right(self._turns, day) + 1 for day in self._days.values[1:])], dtype=np.int32)
            return Coded(turns[self._days.codes], range(len(self._turns) + 2))
        _, section, id, part = key
        column = self.column(str(section), str(id))
        if part is None:
            return column
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
        code = column.codes[self._row]
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

    def _clock_read(self, subject: Subject, clock: str) -> Mapping[str, Any]:
        place = (CLOCK, clock)
        if subject is not self or place == self.own:
            return self.reads(subject, clock)
        return _Noted(self._looked(place).facts, place, self.trace)

    def _looked(self, place: Place) -> Any:
        result = self.desk.column(*place).at(self.row)
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
