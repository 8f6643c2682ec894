"""All cases of a history under one rulebook, worked out once for all that are alike; and what two such worlds make of each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from govservice.classify import CASE_TYPE
from govservice.clockwork.main_clock import PROMISED
from govservice.frozen import frozen
from govservice.rules.book.entries import expressions
from govservice.rules.language.shapes import Name, walk
from govservice.rules.language.values import GAP
from govservice.rules.meaning.outcomes import may_still_be, settled_of
from govservice.rules.meaning.tables import is_open
from govservice.run.columns.coded import Apart, Coded, Interned, Tellers, any_of, combined, count_of, distinct, mask_of
from govservice.run.columns.desks import CLOCK, DECISION, NOTICES, TYPE, Desk, Failed
from govservice.whatif.reach import read_in
from govservice.whatif.results import OutcomeChanged, Shifted, ShiftsCounted, SignalChanged, TypeChanged

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.counting.asked import When
    from govservice.rules.book.dependencies import Place
    from govservice.rules.language.shapes import Expression
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
    _due: dict[str, Coded] = field(default_factory=dict)
    _asks_ends: set[str] = field(default_factory=set)  # clocks of which it matters whether any clock ends

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
    def fit(self) -> Coded:
        """The rows that can be read, and that give a day where one is needed, as a mask."""
        marks = [self.cases.spoilt.where(lambda spoilt: spoilt), *([self.days] if self.book.dated else [])]
        return self._mask(marks, lambda spoilt, *days: (spoilt == 0) & (days[0] > 0 if days else True))

    def _mask(self, columns: Sequence[Coded], work: Callable[..., Any]) -> Coded:
        return mask_of(self.cases.tellers, columns, work)

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
        if not self.recorded:
            return None
        marks = [self.fit, *map(self._fact, self.recorded)]
        some = self._mask(marks, lambda fit, *given: (fit > 0) & any_of(codes > 0 for codes in given))
        return self._desks(some, frozenset(self.recorded), {}, 0)

    def _fact(self, name: str) -> Coded:
        column = self.cases.fact(name)
        assert column is not None
        return column

    @cached_property
    def recomputed(self) -> dict[str, Coded]:
        """By outcome on record, the rows in which it is decided by its facts, and so left out, as a mask."""
        masks: dict[str, Coded] = {}
        bare = self.bare
        for name in self.recorded if bare is not None else ():
            assert bare is not None
            of_application = name in self.book.contents.granting.get("application", {})
            table = "application" if of_application else "cases"
            place, deciding = (0 if of_application else 1), self.book.contents.granting[table][name]
            if self.before is not None and name in self.before.recomputed and self._kept(0, place, (DECISION, deciding)) is not None:
                masks[name] = self.before.recomputed[name]
                continue
            column = bare[place].column(DECISION, deciding)
            marks = [self._fact(name), column.where(partial(_is_decided, name=name))]
            if name == CASE_TYPE:
                marks.append(bare[0].column(*TYPE).where(lambda one: not isinstance(one, Failed) and not one.open))
            masks[name] = self._mask(marks, lambda given, *decided: (given > 0) & any_of(codes > 0 for codes in decided))
        return masks

    @cached_property
    def desks(self) -> tuple[Desk, Desk]:
        """The cases as applications, and as cases of which the application is decided."""
        return self._desks(self.fit, frozenset(), self.recomputed, 1)

    def _desks(self, asked: Coded, bare: frozenset[str], without: Mapping[str, Coded], stage: int) -> tuple[Desk, Desk]:
        granted = frozenset({CASE_TYPE}) if CASE_TYPE in self.book.contents.granting.get("application", {}) else frozenset[str]()
        first = Desk(
            self.book, self.cases, asked, self.days, self.now, self.calendar, bare=bare | granted, without=without,
            kept=partial(self._kept, stage, 0), kept_value=partial(self._kept_value, stage, 0),
        )  # fmt: skip
        second = Desk(
            self.book, self.cases, asked, self.days, self.now, self.calendar, bare=bare, without=without, settled=first,
            kept=partial(self._kept, stage, 1), kept_value=partial(self._kept_value, stage, 1),
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
            deciding = [world.book.contents.granting.get("application", {}).get(CASE_TYPE) for world in (self, self.before)]
            alike = deciding[0] is not None and deciding[0] == deciding[1] and not self.touched.touches(DECISION, deciding[0])
        else:
            alike = not self.touched.touches(section, id)
        if stage == 1 and alike and not self._same_facts:
            return None
        desks = self.before.bare if stage == 0 else self.before.desks
        return desks[place].column(*entry) if alike and desks is not None else None

    def _kept_value(self, stage: int, place: int, of: Expression) -> Coded | None:
        """What an expression comes to in the other world, where it is the same in this one."""
        if self.before is None or self.touched is None or self.touched.all or not self._same_rows or (stage and not self._same_facts):
            return None
        desks = self.before.bare if stage == 0 else self.before.desks
        reached = any(self.touched.touches(*each) for each in read_in(of, self.book.contents))
        return None if desks is None or reached else desks[place].value(of)

    @cached_property
    def _same_rows(self) -> bool:
        assert self.before is not None
        return not _differ(self.cases.tellers, self.fit, self.before.fit) and self.recorded == self.before.recorded

    @cached_property
    def _same_facts(self) -> bool:
        assert self.before is not None
        return self.leaves_out_as(self.before)

    def hold(self, other: Rulebook, touched: Touched) -> None:
        """Tell rows apart by what a change can reach, and by all that this is worked out of and comes to the same; and keep that."""
        self.cases.tellers.hold([self.judged, self.fit, self._promised, self._leading, *self._around(other, touched)])

    def _around(self, other: Rulebook, touched: Touched) -> Iterator[Coded]:
        """What stands around the entries that a change can reach: what they come to here, and all that they read which it cannot reach."""
        for contents in (self.book.contents, other.contents):
            own = contents is self.book.contents
            for section, entry in touched.of_cases(contents):
                desk = self.desks[0 if entry.about == "application" else 1]
                if own:
                    yield desk.column(section, entry.id)
                    reported = self.due(entry.id) if section == CLOCK else None
                    yield from () if reported is None else (reported,)
                for of in expressions(entry):
                    read = sorted(read_in(of, contents))
                    if section == CLOCK and own and not any(touched.touches(*place) for place in read):
                        yield desk.value(of)
                        continue
                    facts = (desk.fact(part.id) for part in walk(of) if isinstance(part, Name))
                    yield from (column for column in facts if column is not None)
                    yield from (column for place in read if not touched.touches(*place) for column in self._known_of(place))

    def _known_of(self, place: Place) -> Iterator[Coded]:
        """What an entry comes to here: of a case's application both to itself and to the case, which reads it again."""
        section, id = place
        contents = self.book.contents
        entry = contents.decisions.get(id) if section == DECISION else contents.clocks.get(id) if section == CLOCK else None
        if entry is not None:
            yield from (desk.column(section, id) for desk in (self.desks if entry.about == "application" else self.desks[1:]))

    def forget(self) -> None:
        """Let go of all columns: none will be asked for any more."""
        for desk in (*self.desks, *(self.bare or ())):
            desk.forget()
        self._due.clear()

    def leaves_out_as(self, other: World) -> bool:
        """Whether both leave out the same outcomes on record."""
        if self is other:
            return True
        names = self.recomputed.keys() | other.recomputed.keys()
        return all(
            name in self.recomputed
            and name in other.recomputed
            and not _differ(self.cases.tellers, self.recomputed[name], other.recomputed[name])
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
    def judged(self) -> Coded:
        """The rows of which everything could be worked out, as a mask."""
        failed = [self.desks[place].failed(entry) for place, entry in self.parts]
        marks = [self.fit, self._bare_failed, *(column for column in failed if column.same != 0)]
        return self._mask(marks, lambda fit, *failed: (fit > 0) & ~any_of(codes > 0 for codes in failed))

    @cached_property
    def _bare_failed(self) -> Coded:
        """The rows of which nobody can say what their facts decide, as a mask."""
        marks: list[tuple[Coded, ...]] = []
        if self.bare is not None:
            marks += [(self.bare[0].failed(entry),) for place, entry in self.parts if place == 0]
            for name in self.recorded:
                decision = self.book.contents.granting.get("cases", {}).get(name)
                if decision is not None:
                    marks.append((self.bare[1].failed((DECISION, decision)), self._fact(name)))
        some = [each for each in marks if each[0].same != 0]
        if not some:
            return mask_of(self.cases.tellers, (), lambda: False)
        parts = [each[0] if len(each) == 1 else self._mask(each, lambda failed, given: (failed > 0) & (given > 0)) for each in some]
        return self._mask(parts, lambda *failed: any_of(codes > 0 for codes in failed))

    @cached_property
    def left_out(self) -> dict[str, frozenset[str]]:
        """By case, the outcomes on record that are left out."""
        import numpy as np

        found: dict[int, list[str]] = {}
        for name, mask in self.recomputed.items():
            rows = self._mask([mask, self.fit, self._bare_failed], lambda left, fit, failed: (left > 0) & (fit > 0) & (failed == 0))
            for row in np.flatnonzero(rows.codes).tolist():
                found.setdefault(row, []).append(name)
        return {self.cases.ids[row]: frozenset(names) for row, names in found.items()}

    def left_out_since(self, since: date | None, before: World) -> Mapping[str, frozenset[str]]:
        """As `left_out`; of the rows that are dated before a day, what the other world leaves out."""
        if since is None:
            return self.left_out
        early = _early(before, since).codes
        return {
            id: before.left_out.get(id, names) if early[row] else names
            for row, id in enumerate(self.cases.ids)
            if (names := self.left_out.get(id)) is not None
        }

    @cached_property
    def aside(self) -> frozenset[str | None]:
        """The ids of the rows that are set aside."""
        import numpy as np

        aside = [] if self.judged.same == 1 else np.flatnonzero(self.judged.codes == 0).tolist()
        return frozenset((*self.cases.aside, *(self.cases.ids[row] for row in aside)))

    @cached_property
    def as_recorded(self) -> Counter[str]:
        """How often an outcome on record stands, since its facts do not decide it."""
        found = Counter[str]()
        for name in self.recorded:
            marks = [self._fact(name), self.recomputed[name], self.judged]
            found[name] = count_of(self._mask(marks, lambda given, left, judged: (given > 0) & (left == 0) & (judged > 0)))
        return found

    def outcome(self, name: str) -> Coded | None:
        """What is settled of an outcome, as it is reported; None for one that is not decided of cases here."""
        for place, table in enumerate(("application", "cases")):
            decision = self.book.contents.granting.get(table, {}).get(name)
            if decision is not None:
                return self.desks[place].reported(decision, name)
        return None

    def tallied(self, decision: str) -> Iterator[tuple[object, bool, tuple[object, ...], int]]:
        """What a decision comes to of the cases that could be judged: its own outcome, whether that is open, what it may be, how many."""
        entry = self.book.contents.decisions[decision]
        name = entry.primary
        column = self.desks[0 if entry.about == "application" else 1].column(DECISION, decision)
        told = self.cases.tellers.by((column, self.judged))
        kinds = told.numbers(self.judged) > 0
        numbers, place = distinct(told.numbers(column)[kinds])
        many = [0] * len(numbers)
        for number, count in zip(place.tolist(), told.many[kinds].tolist(), strict=True):
            many[number] += count
        for number, count in zip(numbers.tolist(), many, strict=True):
            verdict = column.values[number]
            settled = settled_of(verdict)
            value = frozen(settled.get(name))
            of_type = name == CASE_TYPE
            yield value, value is None and (not of_type or name not in settled), may_still_be(verdict) if of_type else (), count

    def same_outcome(self, name: str, other: World) -> bool:
        """Whether an outcome was worked out once for both."""
        granting = self.book.contents.granting
        for place, table in enumerate(("application", "cases")):
            decision = granting.get(table, {}).get(name)
            if decision is not None and other.book.contents.granting.get(table, {}).get(name) == decision:
                return self.desks[place].column(DECISION, decision) is other.desks[place].column(DECISION, decision)
        return False

    @property
    def outcome_names(self) -> tuple[str, ...]:
        """What is decided of applications, then of cases."""
        granting = self.book.contents.granting
        return (*granting.get("application", {}), *granting.get("cases", {}))

    @cached_property
    def _leading(self) -> Coded:
        """Which of the closing clocks is the first to run, counted from 1."""
        import numpy as np

        closing = self.desks[1].closing
        if not closing:
            return mask_of(self.cases.tellers, (), lambda: False)
        if self._close_alike and self.before is not None:
            return self.before._leading

        def first(*running: Any) -> Any:
            found = np.zeros(len(running[0]), dtype=np.int16)
            for place, codes in enumerate(running, 1):
                found[(codes > 0) & (found == 0)] = place
            return found

        return combined(self.cases.tellers, [self.desks[1].runs(id) for id in closing], range(len(closing) + 1), first)

    @cached_property
    def _close_alike(self) -> bool:
        """Whether the same clocks close in the other world, and each of them runs on the same rows."""
        if self.before is None or self.before.desks[1].closing != self.desks[1].closing:
            return False
        return all(self.desks[1].runs(id) is self.before.desks[1].runs(id) for id in self.desks[1].closing)

    @cached_property
    def _promised(self) -> Coded:
        """Whether the promised clock runs, as a mask."""
        return self.desks[1].runs(PROMISED) if PROMISED in self.clocks else mask_of(self.cases.tellers, (), lambda: False)

    @cached_property
    def _ends(self) -> Coded:
        """Whether any clock is known to end, as a mask."""
        readings = [self.desks[1].reading(id) for id in self.clocks]
        marks = [reading.derived("ends", partial(reading.where, lambda one: one.ends)) for reading in readings]
        return mask_of(self.cases.tellers, marks, lambda *ends: any_of(codes > 0 for codes in ends))

    def due(self, clock: str) -> Coded | None:
        """What is reported of a clock: its due day, whether that is late, the signals; None for one that is not on cases here.

        It is reported where it runs and has begun or is due, or is the one that says when the case is due.
        """
        if clock not in self.clocks:
            return None
        if clock not in self._due:
            known = self._reported_before(clock)
            self._due[clock] = self._reported(clock) if known is None else known
        return self._due[clock]

    def _reported_before(self, clock: str) -> Coded | None:
        """What is reported of a clock in the other world, where it is the same in this one."""
        before = self.before
        if before is None or not self._close_alike or self._promised is not before._promised or clock not in before.clocks:
            return None
        if self.desks[1].column(CLOCK, clock) is not before.desks[1].column(CLOCK, clock):
            return None
        due = before.due(clock)
        return None if clock in before._asks_ends else due  # whether others end may be otherwise

    def _reported(self, clock: str) -> Coded:
        import numpy as np

        reading, closing, tellers = self.desks[1].reading(clock), self.desks[1].closing, self.cases.tellers
        place = closing.index(clock) + 1 if clock in closing else -1
        said = Interned()
        numbers = np.array([0, *(said.number(one[3:]) for one in reading.values[1:])], dtype=np.int32)
        always = np.array([False, *(bool(one.applies) and one.begun for one in reading.values[1:])])
        if place < 0 and clock != PROMISED:
            return Coded.over(reading.told, np.where(always, numbers, 0)[reading.numbers], said.values)
        perhaps = np.array([False, *(one.applies is None and one.begun for one in reading.values[1:])])
        running = np.array([False, *(one.applies is not False for one in reading.values[1:])])
        if clock == PROMISED:
            return combined(
                tellers, (reading, self._promised), said.values,
                lambda codes, whole: np.where(always[codes] | ((whole > 0) & (perhaps | running)[codes]), numbers[codes], 0),
            )  # fmt: skip

        def open_(codes: Any, leading: Any, promised: Any) -> Any:
            return (leading == place) & (promised == 0) & ~(always | perhaps)[codes] & running[codes]

        def shown(codes: Any, leading: Any, promised: Any, *ends: Any) -> Any:
            main = open_(codes, leading, promised) & (ends[0] == 0 if ends else False)
            return np.where(always[codes] | ((leading == place) & perhaps[codes]) | main, numbers[codes], 0)

        columns = (reading, self._leading, self._promised)
        waits = mask_of(tellers, columns, open_).same != 0
        self._asks_ends |= {clock} if waits else set()
        return combined(tellers, (*columns, *([self._ends] if waits else [])), said.values, shown)

    def text(self, name: str, row: int) -> str | None:
        """A fact of a row, where it is a text."""
        column = self.desks[1].settled.fact(name) if self.desks[1].settled is not None else None
        value = None if column is None else column.at(row)
        return value if isinstance(value, str) else None


def _is_decided(verdict: Any, name: str) -> bool:
    if isinstance(verdict, Failed):
        return False
    value = verdict.values[name]
    return value != GAP and not is_open(value)


@dataclass
class CaseChanges:
    """What two worlds make of the cases that both could judge."""

    cases: int
    moves: list[TypeChanged]
    outcomes: Callable[[], Sequence[OutcomeChanged]]
    clocks: Callable[[], tuple[Sequence[Shifted], Sequence[SignalChanged]]]
    shifted: ShiftsCounted


def changes(before: World, after: World, since: date | None) -> CaseChanges:
    """What differs between two worlds, case by case in the order of the records. Raises Unsaid."""
    tellers = before.cases.tellers
    both = mask_of(tellers, (before.judged, after.judged), lambda one, other: (one > 0) & (other > 0))
    if before is after:
        return CaseChanges(count_of(both), [], tuple, lambda: ((), ()), ShiftsCounted(0, 0, 0))
    asked = both
    if since is not None:
        asked = mask_of(tellers, (both, _early(before, since)), lambda both, early: (both > 0) & (early == 0))
    return CaseChanges(
        count_of(both), list(_moves(before, after, asked)), partial(_outcomes, before, after, asked),
        partial(_clocks, before, after, asked), _shifts_counted(before, after, asked),
    )  # fmt: skip


def _early(world: World, since: date) -> Coded:
    """The rows that are dated before a day, as a mask."""
    return world.days.where(lambda day: day is not None and day < since)


def _differ(tellers: Tellers, one: Coded, other: Coded) -> bool:
    """Whether two columns of the same values differ in any row."""
    if one is other:
        return False
    told = tellers.by((one, other))
    return bool(((told.numbers(one) != told.numbers(other)) & (told.first >= 0)).any())


def _differing(tellers: Tellers, one: Coded | None, other: Coded | None, asked: Coded) -> tuple[Any, Any, Any]:
    """The rows of which two columns say something else, and what each says, by number."""
    import numpy as np

    told, kinds, first, second = _differing_kinds(tellers, one, other, asked)
    return np.flatnonzero(kinds[told.of_rows]) if kinds.any() else np.zeros(0, dtype=np.int64), first, second


def _differing_kinds(tellers: Tellers, one: Coded | None, other: Coded | None, asked: Coded) -> tuple[Apart, Any, Coded, Coded]:
    """The kinds of rows of which two columns say something else, and both columns with their values numbered alike."""
    import numpy as np

    interned = Interned()
    nothing = Coded.over(tellers.nothing, np.zeros(1, dtype=np.int32), [None])
    if one is other:
        return tellers.nothing, np.zeros(1, dtype=bool), nothing, nothing
    first, second = (column.mapped(lambda value: value, interned) if column is not None else nothing for column in (one, other))
    told = tellers.by((first, second, asked))
    return told, (told.numbers(first) != told.numbers(second)) & (told.numbers(asked) > 0), first, second


def _shifts_counted(before: World, after: World, asked: Coded) -> ShiftsCounted:
    """How many due days move, and how many cases become late, or no longer are."""
    import numpy as np

    counted = [0, 0, 0]
    for clock in dict.fromkeys((*before.clocks, *after.clocks)):
        told, kinds, one, other = _differing_kinds(before.cases.tellers, before.due(clock), after.due(clock), asked)
        if not kinds.any():
            continue
        many = told.many[kinds]
        width = len(other.values) or 1
        pairs, place = distinct(told.numbers(one)[kinds].astype(np.int64) * width + told.numbers(other)[kinds])
        for pair, count in zip(pairs.tolist(), np.bincount(place, weights=many).tolist(), strict=True):
            was, now = (_ends_of(column.values[code]) for column, code in zip((one, other), divmod(pair, width), strict=True))
            if was != now:
                told_late = (was[1] is not True and now[1] is True, was[1] is True and now[1] is not True)
                for at, holds in enumerate((True, *told_late)):
                    counted[at] += int(count) if holds else 0
    return ShiftsCounted(*counted)


def _ends_of(said: Any) -> tuple[date | None, bool | None]:
    return (None, None) if said is None else said[:2]


def _moves(before: World, after: World, asked: Coded) -> Iterator[TypeChanged]:
    rows, one, other = _differing(before.cases.tellers, before.desks[0].column(*TYPE), after.desks[0].column(*TYPE), asked)
    for row in rows.tolist():
        was, now = one.at(row), other.at(row)
        if (was.case_type, was.open) != (now.case_type, now.open):
            item, department, window = (before.text(name, row) for name in ("item", "department", "window"))
            yield TypeChanged(
                before.cases.ids[row], item, department, window, was.case_type, now.case_type, was.rule, now.rule, was.open, now.open
            )


def _outcomes(before: World, after: World, asked: Coded) -> Sequence[OutcomeChanged]:
    import numpy as np

    granted = {
        name: id
        for world in (before, after)
        for table in ("application", "cases")
        for name, id in world.book.contents.granting.get(table, {}).items()
    }
    names = tuple(dict.fromkeys((*before.outcome_names, *after.outcome_names)))
    made: list[OutcomeChanged] = []
    order: list[Any] = []
    for name in names:
        if before.same_outcome(name, after):
            continue
        rows, one, other = _differing(before.cases.tellers, before.outcome(name), after.outcome(name), asked)
        if not len(rows):
            continue
        was, now = one.numbers_at(rows), other.numbers_at(rows)
        values = [[frozen(value) for value in column.values] for column in (one, other)]
        same = np.array([[was == now for now in values[1]] for was in values[0]]) if len(values[0]) * len(values[1]) <= 10_000 else None
        kept = ~same[was, now] if same is not None else np.array([values[0][a] != values[1][b] for a, b in zip(was, now, strict=True)])
        rows, was, now = rows[kept], was[kept].tolist(), now[kept].tolist()
        ids = map(before.cases.ids.__getitem__, rows.tolist())
        made += OutcomeChanged.of_many(granted.get(name, name), name, ids, map(values[0].__getitem__, was), map(values[1].__getitem__, now))
        order.append(rows)
    if not made:
        return made
    return [made[place] for place in np.argsort(np.concatenate(order), kind="stable").tolist()]


def _clocks(before: World, after: World, asked: Coded) -> tuple[Sequence[Shifted], Sequence[SignalChanged]]:
    clocks = tuple(dict.fromkeys((*before.clocks, *after.clocks)))
    order = [{id: place for place, id in enumerate(world.clocks)} for world in (before, after)]
    shifts: list[tuple[int, bool, int, Shifted]] = []
    signals: list[tuple[int, bool, int, list[SignalChanged]]] = []
    for clock in clocks:
        rows, one, other = _differing(before.cases.tellers, before.due(clock), after.due(clock), asked)
        for row in rows.tolist():
            was, now = one.at(row), other.at(row)
            id = before.cases.ids[row]
            at = (row, was is None, order[0 if was is not None else 1][clock])
            ends = [_ends_of(each) for each in (was, now)]
            if ends[0] != ends[1]:
                shift = Shifted(id, clock, None, before.text("department", row), ends[0][0], ends[1][0], ends[0][1], ends[1][1])
                shifts.append((*at, shift))
            raised = [frozenset() if each is None else each[2] for each in (was, now)]
            turned: Sequence[str] = sorted(raised[0] ^ raised[1])
            if turned:
                signals.append((*at, [SignalChanged(id, clock, name, name in raised[1]) for name in turned]))
    shifts.sort(key=lambda each: each[:3])
    signals.sort(key=lambda each: each[:3])
    return tuple(each for *_, each in shifts), tuple(each for *_, some in signals for each in some)
