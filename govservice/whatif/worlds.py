"""All cases of a history under one rulebook, worked out once for all that are alike; and what two such worlds make of each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from govservice.classify import CASE_TYPE
from govservice.clockwork.main_clock import PROMISED
from govservice.rules.language.values import GAP
from govservice.rules.meaning.outcomes import settled_of
from govservice.rules.meaning.tables import is_open
from govservice.run.columns.alike import Coded, Interned
from govservice.run.columns.desks import CLOCK, DECISION, NOTICES, TYPE, ClockRead, Desk, Failed
from govservice.whatif.results import OutcomeChanged, Shifted, SignalChanged, TypeChanged

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.counting.asked import When
    from govservice.rules.book.dependencies import Place
    from govservice.rules.rulebook import Rulebook
    from govservice.run.columns.cases import CaseColumns
    from govservice.whatif.reach import Touched

__all__ = ["CaseChanges", "Unsaid", "World", "changes"]


class Unsaid(Exception):  # no error: the main job is asked instead
    """Columns do not say what the main job would."""


@dataclass
class World:
    """Every case under one book. `before` is another world over the same cases, of which `touched` says what may differ."""

    book: Rulebook
    cases: CaseColumns
    on: date | None
    now: When | None
    calendar: WorkCalendar | None
    before: World | None = None
    touched: Touched | None = None

    # -- rows

    @cached_property
    def days(self) -> Coded:
        """The day that dated rules are held against, of each row."""
        import numpy as np

        dated = self.cases.fact(self.book.contents.tables["cases"].dated_by or "")
        if self.on is not None or dated is None:
            return Coded(np.full(self.cases.size, 0 if self.on is None else 1, dtype=np.int32), [None, self.on])
        return dated.mapped(lambda day: day if isinstance(day, date) else None, Interned())

    @cached_property
    def rows(self) -> Any:
        """The rows that can be read, and that give a day where one is needed."""
        import numpy as np

        fit = ~self.cases.spoilt
        if self.book.dated:
            fit &= np.array([day is not None for day in self.days.values], dtype=bool)[self.days.codes]
        return np.flatnonzero(fit)

    # -- what is left out

    @cached_property
    def recorded(self) -> tuple[str, ...]:
        """The outcomes that some row has on record."""
        granting = self.book.contents.granting
        outcomes = {*granting.get("application", {}), *granting.get("cases", {})}
        return tuple(sorted(name for name in outcomes if self.cases.fact(name) is not None))

    @cached_property
    def bare(self) -> tuple[Desk, Desk] | None:
        """The rows that have outcomes on record, without them; None where none has."""
        import numpy as np

        if not self.recorded:
            return None
        some = np.zeros(self.cases.size, dtype=bool)
        for name in self.recorded:
            some |= self._fact(name).codes > 0
        rows = self.rows[some[self.rows]]
        return self._desks(rows, frozenset(self.recorded), {}, 0)

    def _fact(self, name: str) -> Coded:
        column = self.cases.fact(name)
        assert column is not None
        return column

    @cached_property
    def recomputed(self) -> dict[str, Any]:
        """By outcome on record, the rows in which it is decided by its facts, and so left out."""
        import numpy as np

        masks: dict[str, Any] = {}
        bare = self.bare
        for name in self.recorded if bare is not None else ():
            assert bare is not None
            of_application = name in self.book.contents.granting.get("application", {})
            table = "application" if of_application else "cases"
            desk = bare[0 if of_application else 1]
            column = desk.column(DECISION, self.book.contents.granting[table][name])
            decided = [False, *(_is_decided(one, name) for one in column.values[1:])]
            mask = np.array(decided, dtype=bool)[column.codes]
            if name == CASE_TYPE:
                typed = bare[0].column(*TYPE)
                mask |= np.array([False, *(not isinstance(one, Failed) and not one.open for one in typed.values[1:])], dtype=bool)[
                    typed.codes
                ]
            masks[name] = mask & (self._fact(name).codes > 0)
        return masks

    @cached_property
    def desks(self) -> tuple[Desk, Desk]:
        """The cases as applications, and as cases of which the application is decided."""
        return self._desks(self.rows, frozenset(), self.recomputed, 1)

    def _desks(self, rows: Any, bare: frozenset[str], without: Mapping[str, Any], stage: int) -> tuple[Desk, Desk]:
        granted = frozenset({CASE_TYPE}) if CASE_TYPE in self.book.contents.granting.get("application", {}) else frozenset[str]()
        first = Desk(
            self.book, self.cases, rows, self.days, self.now, self.calendar, bare=bare | granted, without=without,
            kept=partial(self._kept, stage, 0),
        )  # fmt: skip
        second = Desk(
            self.book, self.cases, rows, self.days, self.now, self.calendar, bare=bare, without=without, settled=first,
            kept=partial(self._kept, stage, 1),
        )  # fmt: skip
        return first, second

    def _kept(self, stage: int, place: int, entry: Place) -> Coded | None:
        """What the other world worked out, where it comes to the same in this one."""
        if self.before is None or self.touched is None or self.touched.all or not self._same_rows:
            return None
        section, id = entry
        if section == "notices":
            alike = not any(section == "notices" for section, _ in self.touched.places)
        elif entry == TYPE:
            return None
        else:
            alike = not self.touched.touches(section, id)
        if stage == 1 and alike and not self._same_facts:
            return None
        desks = self.before.bare if stage == 0 else self.before.desks
        return desks[place].column(*entry) if alike and desks is not None else None

    @cached_property
    def _same_rows(self) -> bool:
        import numpy as np

        assert self.before is not None
        return np.array_equal(self.rows, self.before.rows) and self.recorded == self.before.recorded

    @cached_property
    def _same_facts(self) -> bool:
        assert self.before is not None
        return self.leaves_out_as(self.before)

    def leaves_out_as(self, other: World) -> bool:
        """Whether both leave out the same outcomes on record."""
        import numpy as np

        if self is other:
            return True
        names = self.recomputed.keys() | other.recomputed.keys()
        return all(
            name in self.recomputed and name in other.recomputed and np.array_equal(self.recomputed[name], other.recomputed[name])
            for name in names
        )

    # -- what every case comes to

    @cached_property
    def parts(self) -> tuple[tuple[int, Place], ...]:
        """Everything that is worked out of a case: on which desk, and what."""
        contents = self.book.contents
        decisions = [
            ((0 if one.about == "application" else 1), (DECISION, id))
            for id, one in contents.decisions.items()
            if one.about in ("application", "cases")
        ]
        clocks = [(1, (CLOCK, id)) for id in self.clocks]
        return (*decisions, (0, TYPE), (0, NOTICES), *clocks)

    @cached_property
    def clocks(self) -> tuple[str, ...]:
        """The clocks on cases, in the book's order."""
        chain = self.book.contents.chains["cases"]
        return tuple(id for id, clock in self.book.contents.clocks.items() if clock.about in chain)

    @cached_property
    def judged(self) -> Any:
        """The rows of which everything could be worked out, as a mask."""
        import numpy as np

        fit = np.zeros(self.cases.size, dtype=bool)
        fit[self.rows] = True
        for place, entry in self.parts:
            fit &= ~_failed(self.desks[place].column(*entry))
        return fit & ~self._bare_failed

    @cached_property
    def _bare_failed(self) -> Any:
        """The rows of which nobody can say what their facts decide."""
        import numpy as np

        failed = np.zeros(self.cases.size, dtype=bool)
        if self.bare is not None:
            for place, entry in self.parts:
                if place == 0:
                    failed |= _failed(self.bare[0].column(*entry))
            for name in self.recorded:
                decision = self.book.contents.granting.get("cases", {}).get(name)
                if decision is not None:
                    failed |= _failed(self.bare[1].column(DECISION, decision)) & (self._fact(name).codes > 0)
        return failed

    @cached_property
    def left_out(self) -> dict[str, frozenset[str]]:
        """By case, the outcomes on record that are left out."""
        import numpy as np

        fit = np.zeros(self.cases.size, dtype=bool)
        fit[self.rows] = True
        fit &= ~self._bare_failed
        found: dict[int, list[str]] = {}
        for name, mask in self.recomputed.items():
            for row in np.flatnonzero(mask & fit).tolist():
                found.setdefault(row, []).append(name)
        return {self.cases.ids[row]: frozenset(names) for row, names in found.items()}

    def left_out_since(self, since: date | None, before: World) -> Mapping[str, frozenset[str]]:
        """As `left_out`; of the rows that are dated before a day, what the other world leaves out."""
        if since is None:
            return self.left_out
        early = _early(before, since)
        return {
            id: before.left_out.get(id, names) if early[row] else names
            for row, id in enumerate(self.cases.ids)
            if (names := self.left_out.get(id)) is not None
        }

    @cached_property
    def aside(self) -> frozenset[str | None]:
        """The ids of the rows that are set aside."""
        import numpy as np

        return frozenset((*self.cases.aside, *(self.cases.ids[row] for row in np.flatnonzero(~self.judged).tolist())))

    @cached_property
    def as_recorded(self) -> Counter[str]:
        """How often an outcome on record stands, since its facts do not decide it."""
        rows = self.judged
        return Counter({name: int(((self._fact(name).codes > 0) & ~self.recomputed[name] & rows).sum()) for name in self.recorded})

    def outcome(self, name: str) -> Coded | None:
        """What is settled of an outcome, as it is reported; None for one that is not decided of cases here."""
        for place, table in enumerate(("application", "cases")):
            decision = self.book.contents.granting.get(table, {}).get(name)
            if decision is not None:
                column = self.desks[place].column(DECISION, decision)
                return column.mapped(lambda one: None if isinstance(one, Failed) else settled_of(one).get(name), Interned())
        return None

    @property
    def outcome_names(self) -> tuple[str, ...]:
        """What is decided of applications, then of cases."""
        granting = self.book.contents.granting
        return (*granting.get("application", {}), *granting.get("cases", {}))

    @cached_property
    def _shown(self) -> dict[str, Any]:
        """By clock, the rows that report it: it runs and has begun or is due, or it is the one that says when the case is due."""
        import numpy as np

        desk, size = self.desks[1], self.cases.size
        closing = desk.closing
        first = np.full(size, -1, dtype=np.int16)
        for place, id in enumerate(closing):
            runs = _mask(desk.column(CLOCK, id), lambda one: one.applies is not False)
            first[runs & (first < 0)] = place
        known, none = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)  # whether any clock is known to end
        for id in self.clocks:
            known |= _mask(desk.column(CLOCK, id), lambda one: one.ends)
        promised = _mask(desk.column(CLOCK, PROMISED), lambda one: one.applies is not False) if PROMISED in self.clocks else none
        shown = {}
        for id in self.clocks:
            column = desk.column(CLOCK, id)
            whole = promised if id == PROMISED else first == closing.index(id) if id in closing else none
            main = promised if id == PROMISED else whole & ~promised & ~known
            shown[id] = _mask(column, lambda one: bool(one.applies) and _begun(one))
            shown[id] |= whole & _mask(column, lambda one: one.applies is None and _begun(one))
            shown[id] |= main & _mask(column, lambda one: one.applies is not False)
        return shown

    def due(self, clock: str) -> Coded | None:
        """What is reported of a clock: its due day, whether that is late, the signals; None for one that is not on cases here."""
        import numpy as np

        if clock not in self.clocks:
            return None
        column = (
            self.desks[1]
            .column(CLOCK, clock)
            .mapped(lambda one: None if isinstance(one, Failed) else (one.due, one.late, one.signals), Interned())
        )
        return Coded(np.where(self._shown[clock], column.codes, 0), column.values)

    def text(self, name: str, row: int) -> str | None:
        """A fact of a row, where it is a text."""
        column = self.desks[1].settled.fact(name) if self.desks[1].settled is not None else None
        value = None if column is None else column.at(row)
        return value if isinstance(value, str) else None


def _begun(one: ClockRead) -> bool:
    return one.begins or one.due is not None


def _mask(column: Coded, holds: Any) -> Any:
    import numpy as np

    return np.array([False, *(not isinstance(one, Failed) and holds(one) for one in column.values[1:])], dtype=bool)[column.codes]


def _failed(column: Coded) -> Any:
    import numpy as np

    return np.array([False, *(isinstance(one, Failed) for one in column.values[1:])], dtype=bool)[column.codes]


def _is_decided(verdict: Any, name: str) -> bool:
    if isinstance(verdict, Failed):
        return False
    value = verdict.values[name]
    return value != GAP and not is_open(value)


@dataclass
class CaseChanges:
    """What two worlds make of the cases that both could judge."""

    cases: int = 0
    moves: list[TypeChanged] = field(default_factory=list)
    outcomes: list[OutcomeChanged] = field(default_factory=list)
    shifts: list[Shifted] = field(default_factory=list)
    signals: list[SignalChanged] = field(default_factory=list)


def changes(before: World, after: World, since: date | None) -> CaseChanges:
    """What differs between two worlds, case by case in the order of the records. Raises Unsaid."""
    both = before.judged & after.judged
    done = CaseChanges(int(both.sum()))
    if before is after:
        return done
    asked = both
    if since is not None:
        asked = both & ~_early(before, since)
    done.moves = list(_moves(before, after, asked))
    done.outcomes = list(_outcomes(before, after, asked))
    _clocks(before, after, asked, done)
    return done


def _early(world: World, since: date) -> Any:
    import numpy as np

    return np.array([day is not None and day < since for day in world.days.values], dtype=bool)[world.days.codes]


def _differing(one: Coded | None, other: Coded | None, asked: Any) -> tuple[Any, Any, Any]:
    """The rows of which two columns say something else, and what each says, by number."""
    import numpy as np

    if one is other:
        return np.zeros(0, dtype=np.int64), one, other
    interned = Interned()
    size = len(asked)
    nothing = Coded(np.zeros(size, dtype=np.int32), [None])
    first, second = (column.mapped(lambda value: value, interned) if column is not None else nothing for column in (one, other))
    return np.flatnonzero(asked & (first.codes != second.codes)), first, second


def _moves(before: World, after: World, asked: Any) -> Iterator[TypeChanged]:
    rows, one, other = _differing(before.desks[0].column(*TYPE), after.desks[0].column(*TYPE), asked)
    for row in rows.tolist():
        was, now = one.at(row), other.at(row)
        if (was.case_type, was.open) != (now.case_type, now.open):
            item, department, window = (before.text(name, row) for name in ("item", "department", "window"))
            yield TypeChanged(
                before.cases.ids[row], item, department, window, was.case_type, now.case_type, was.rule, now.rule, was.open, now.open
            )


def _outcomes(before: World, after: World, asked: Any) -> Iterator[OutcomeChanged]:
    granted = {
        name: id
        for world in (before, after)
        for table in ("application", "cases")
        for name, id in world.book.contents.granting.get(table, {}).items()
    }
    names = tuple(dict.fromkeys((*before.outcome_names, *after.outcome_names)))
    made: list[tuple[int, int, OutcomeChanged]] = []
    for place, name in enumerate(names):
        rows, one, other = _differing(before.outcome(name), after.outcome(name), asked)
        for row in rows.tolist():
            was, now = one.at(row), other.at(row)
            if was != now:
                made.append((row, place, OutcomeChanged(before.cases.ids[row], granted.get(name, name), name, was, now)))
    made.sort(key=lambda each: each[:2])
    return (each for _, _, each in made)


def _clocks(before: World, after: World, asked: Any, done: CaseChanges) -> None:
    clocks = tuple(dict.fromkeys((*before.clocks, *after.clocks)))
    order = [{id: place for place, id in enumerate(world.clocks)} for world in (before, after)]
    shifts: list[tuple[int, bool, int, Shifted]] = []
    signals: list[tuple[int, bool, int, list[SignalChanged]]] = []
    for clock in clocks:
        rows, one, other = _differing(before.due(clock), after.due(clock), asked)
        for row in rows.tolist():
            was, now = one.at(row), other.at(row)
            id = before.cases.ids[row]
            at = (row, was is None, order[0 if was is not None else 1][clock])
            ends = [(None, None) if each is None else each[:2] for each in (was, now)]
            if ends[0] != ends[1]:
                shift = Shifted(id, clock, None, before.text("department", row), ends[0][0], ends[1][0], ends[0][1], ends[1][1])
                shifts.append((*at, shift))
            raised = [frozenset() if each is None else each[2] for each in (was, now)]
            turned: Sequence[str] = sorted(raised[0] ^ raised[1])
            if turned:
                signals.append((*at, [SignalChanged(id, clock, name, name in raised[1]) for name in turned]))
    shifts.sort(key=lambda each: each[:3])
    signals.sort(key=lambda each: each[:3])
    done.shifts = [each for *_, each in shifts]
    done.signals = [each for *_, some in signals for each in some]
