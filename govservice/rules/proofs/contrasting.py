"""The smallest changes of facts that would give another outcome: fewest facts first, then the nearest values; each tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

from govservice.as_json import AsJson
from govservice.errors import GovServiceError, Lang, Words, known_lang
from govservice.frozen import Frozen, freeze
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import expressions
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.shapes import Expression, Name, walk
from govservice.rules.language.values import NONE, Interval, Nothing, Type, Unknown, Value, reported
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject
from govservice.rules.proofs.cells import MISSING, NumberCell, Variable, as_number, as_value, plain_number
from govservice.rules.proofs.closed import closure
from govservice.rules.proofs.findings import said_of, spelt_facts
from govservice.rules.proofs.formulas import Budget, Node, OutOfBudget
from govservice.rules.proofs.leaves import Linear, Plain, Slots
from govservice.rules.proofs.linear import Undecided
from govservice.rules.proofs.questions import Question

__all__ = ["Contrast", "Contrasts", "contrast"]

STEPS: Final = 400_000
MOST_FACTS: Final = 6
MOST_CHANGES: Final = 60
HUNDREDTH: Final = Fraction(1, 100)


@dataclass(frozen=True, slots=True, repr=False)
class Contrast(AsJson):
    """A change of `facts` after which the outcome is `outcome`; no smaller set of facts would do for that outcome."""

    facts: Mapping[str, object]
    outcome: object
    rule: str | None
    said: Words

    def __post_init__(self) -> None:
        freeze(self)

    def text(self, lang: Lang = "en") -> str:
        """The change as a line."""
        return self.said.text(known_lang(lang))


_Found: TypeAlias = tuple[tuple[int, Fraction], Contrast]
_UNNAMED: Final[_Found] = ((0, Fraction(0)), Contrast(Frozen(), None, None, Words("another text", "别的文字")))
"""A change there is, to a text for which no name is at hand."""


class Contrasts(tuple[Contrast, ...]):
    """Changes, the smallest first. `not_analysed` says of what nothing is proved: it was left as it is, or does not matter. `given_up` is
    True where the search was, and smaller changes may have been missed.
    """

    not_analysed: tuple[str, ...] = ()
    given_up: bool = False


def contrast(subject: Subject, decision: str, *, steps: int = STEPS) -> Contrasts:
    """What would have given another outcome of a decision for a subject.

    Facts that the record says, and facts that it does not say, may change; what clocks, scores, settings and other records say stays.
    For each other outcome the changes of the fewest facts are given, every set of so many, each with the nearest values.
    """
    return _Contrasting(subject, decision, steps).found()


class _Contrasting:
    def __init__(self, subject: Subject, decision: str, steps: int) -> None:
        self.subject, self.decision, self.budget = subject, decision, Budget(steps)
        self.contents: Contents = subject.contents
        self.entry = self.contents.decisions[decision]
        self.facts = subject.recorded
        self.said = {
            name: read_fact(name, raw, kind) for name, raw in self.facts.items() if (kind := self._type_of(name)) and not absent(raw)
        }
        columns = {name for table in self.contents.chains.get(subject.table, ()) for name in self.contents.tables[table].columns}
        derived = {name for entry in closure(self.contents, decision).values() for name, _ in entry.outcomes}
        self.stands = self._defaults(columns - self.said.keys()) | self.said
        recorded = frozenset(derived & self.said.keys())
        unsaid = frozenset((columns | _clock_facts(self.contents)) - self.said.keys())
        on = subject.surroundings.on
        self.question = Question([self.contents], decision, on, budget=self.budget, at=self.stands, unsaid=unsaid, recorded=recorded)
        self.space = self.question.space
        self.home = self._home()
        self.given_up = False

    def _type_of(self, name: str) -> Type | None:
        """The type of a fact that a record says; an outcome may be one."""
        column = self.contents.column(self.subject.table, name)
        if column is not None:
            return column.type
        granting = (self.contents.granting.get(table, {}).get(name) for table in self.contents.chains.get(self.subject.table, ()))
        return next((dict(self.contents.decisions[id].outcomes)[name] for id in granting if id is not None), None)

    def _defaults(self, names: Iterable[str]) -> dict[str, Value]:
        """What stands of facts of which a record says nothing, by their columns."""
        columns = ((name, self.contents.column(self.subject.table, name)) for name in names)
        return {name: column.default for name, column in columns if column is not None and column.default is not None}

    def _home(self) -> dict[int, int]:
        """The cell in which each fact of the record lies."""
        home: dict[int, int] = {}
        for dim, of in enumerate(self.space.variables):
            if dim in self.space.sums or of.origin in ("setting", "unread", "counted"):
                continue
            cell = self.space.cell_of(dim, self._value_of(of))
            if cell is not None:
                home[dim] = 1 << cell
            number = as_number(self._value_of(of))
            if number is not None:
                self.space.usual[dim] = number
        return home

    def _value_of(self, of: Variable) -> object:
        if of.origin == "element":
            listed, _, text = of.key.partition(" ∋ ")
            value = self.said.get(listed)
            return text in value if isinstance(value, tuple) else False
        return self.stands.get(of.key, MISSING)

    def _names(self, of: Expression) -> set[str]:
        """The facts that an expression reads, through what it names too."""
        read: set[str] = set()
        waiting: list[Expression] = [of]
        seen: set[str] = set()
        while waiting:
            for part in walk(waiting.pop()):
                if not isinstance(part, Name) or part.id in seen:
                    continue
                seen.add(part.id)
                read.add(part.id)
                if part.granted_by is not None and part.id not in self.said:
                    for entry in closure(self.contents, part.granted_by).values():
                        waiting.extend(expressions(entry))
                if part.home == "measure" and part.id in self.contents.measures:
                    waiting.append(self.contents.measures[part.id].value)
        return read

    def _as_it_is(self) -> list[Node]:
        """What is not analysed, held as it is: what it reads does not change."""
        held: list[Node] = []
        for key, of in self.question.closed[0].unread.items():
            for dim in (self.space.known(f"({key})"), self.space.known(key)):
                if dim is None:
                    continue
                try:
                    value = evaluate(of, self.subject)
                except GovServiceError:
                    continue
                open_ = isinstance(value, (Unknown, Interval))
                cell = self.space.cell_of(dim, MISSING if open_ else NONE if isinstance(value, Nothing) else value)
                if cell is not None:
                    held.append(self.space.formulas.literal(dim, 1 << cell))
        return held

    def found(self) -> Contrasts:
        """Every smallest change, for each other outcome: such as hold whatever is not analysed, and such as leave that as it is."""
        unread = self.question.closed[0].unread
        may = {dim for dim in self.home if self.space.variables[dim].origin in ("fact", "element")}
        changes = self._changes(may, [], self.question.dims("unread", "counted", "setting"))
        if unread:
            read = {name for of in unread.values() for name in self._names(of)}
            apart = {dim for dim in may if self.space.variables[dim].key.partition(" ∋ ")[0] not in read}
            changes += self._changes(apart, self._as_it_is(), self.question.dims("counted", "setting"))
        least = {change.outcome: min(len(other.facts) for _, other in changes if other.outcome == change.outcome) for _, change in changes}
        order = [of.key.partition(" ∋ ")[0] for of in self.space.variables]
        changes.sort(key=lambda pair: (*pair[0], [order.index(name) for name in pair[1].facts]))
        contrasts = Contrasts(_once(change for _, change in changes if len(change.facts) == least[change.outcome]))
        contrasts.not_analysed = tuple(unread)
        contrasts.given_up = self.given_up
        return contrasts

    def _changes(self, free: set[int], still: list[Node], fixed: frozenset[int]) -> list[_Found]:
        """The smallest changes of facts that may change, while others stay."""
        goals = [*still, *(self.space.formulas.literal(dim, mask) for dim, mask in self.home.items() if dim not in free)]
        home = {dim: self.home[dim] for dim in free}
        changes: list[_Found] = []
        for target in self._targets(self._current()):
            try:
                changes.extend(self._smallest([target, *goals], home, fixed))
            except (OutOfBudget, Undecided):
                self.given_up = True
        return changes

    def _current(self) -> Value:
        return self.subject.verdict(self.decision).values[self.entry.primary]

    def _targets(self, current: Value) -> Iterator[Node]:
        """The other outcomes that there may be, each with where it is."""
        closed = self.question.closed[0]
        make = self.space.formulas
        for where, leaf in closed.outcome(self.decision, self.entry.primary):
            match leaf:
                case Plain(value) if value != current or type(value) is not type(current):
                    yield where
                case Linear(form=()) if as_value(leaf.number, leaf.scale) != current:
                    yield where
                case Slots(dim):
                    for value in self._values(dim):
                        if value != current:
                            yield make.all_of((where, self.space.is_value(dim, value)))

    def _values(self, dim: int) -> list[Value]:
        return [slot for slot in self.space.cells[dim] if isinstance(slot, (str, bool))]

    def _smallest(self, goals: list[Node], home: Mapping[int, int], fixed: frozenset[int]) -> Iterator[_Found]:
        """Of every smallest set of facts of which a change reaches the goals, the nearest."""
        make = self.space.formulas
        blocked: list[Node] = []
        for most in range(1, MOST_FACTS + 1):
            any_ = False
            while len(blocked) < MOST_CHANGES:
                result = self.question.search([*goals, *blocked], fixed, self.budget, home=home, most=most)
                if result is None:
                    break
                moved = tuple(dim for dim, mask in home.items() if not result[0][dim] & mask)
                if not moved:
                    return
                change = self._within([*goals], home, moved, fixed)
                if change is None:  # no point of it is granted, though one of more facts may be
                    rest = [make.literal(dim, ~mask) for dim, mask in home.items() if dim not in moved]
                    blocked.append(make.any_of((*(make.literal(dim, home[dim]) for dim in moved), *rest)))
                    continue
                any_ = True
                yield from () if change is _UNNAMED else (change,)
                blocked.append(make.any_of(make.literal(dim, home[dim]) for dim in moved))
            if any_:
                return

    def _within(self, goals: list[Node], home: Mapping[int, int], moved: tuple[int, ...], fixed: frozenset[int]) -> _Found | None:
        """The change of these facts to the nearest values that reach the goals and that the interpreter grants: a decision that is used may
        contradict itself where the goals are reached. None where there is no such change.
        """
        make = self.space.formulas
        held = [*goals, *(make.literal(dim, mask) for dim, mask in home.items() if dim not in moved)]
        held += [make.literal(dim, ~home[dim]) for dim in moved]
        unnamed: _Found | None = None
        while (point := self._nearest(held, moved, fixed)) is not None:
            changed, distance, cells = point
            change = None if changed is None else self._tried(changed, distance)
            if change is not None:
                return change
            unnamed = _UNNAMED if changed is None else unnamed
            self.budget.spend(100)
            held.append(make.any_of(make.literal(dim, ~mask) for dim, mask in cells.items()))
        return unnamed

    def _nearest(
        self, goals: list[Node], moved: tuple[int, ...], fixed: frozenset[int]
    ) -> tuple[dict[str, object] | None, Fraction, dict[int, int]] | None:
        """The nearest values of these facts that reach the goals (None for a text that cannot be named), how far they are, and the cells in
        which they lie.
        """
        make = self.space.formulas
        held = [*goals]
        for dim in moved:
            for cell in self._by_distance(dim):
                if self.question.search([*held, make.literal(dim, 1 << cell)], fixed, self.budget) is not None:
                    held.append(make.literal(dim, 1 << cell))
                    break
        result = self.question.search(held, fixed, self.budget)
        if result is None:
            return None
        box, placed = result
        changed: dict[str, object] = {}
        numbers: dict[int, Fraction] = {}
        distance = Fraction(0)
        lists: dict[str, list[str]] = {}
        for dim in moved:
            of = self.space.variables[dim]
            slot = next(slot for at, slot in enumerate(self.space.cells[dim]) if box[dim] >> at & 1)
            if of.origin == "element":
                listed, _, text = of.key.partition(" ∋ ")
                said = self.said.get(listed)
                before = lists.setdefault(listed, [str(part) for part in said] if isinstance(said, tuple) else [])
                before.remove(text) if text in before else before.append(text)
                continue
            number = placed.numbers.get(dim)
            if isinstance(slot, NumberCell):
                at = self._home_number(of)
                value = number if isinstance(number, Fraction) else _near(slot, at, of, self._step_of(of))
                numbers[dim] = value
                distance += abs(value - at) if at is not None else 0
                changed[of.key] = _reported(as_value(value, of.scale or "number"))
            elif slot is NONE or isinstance(slot, (str, bool)):
                changed[of.key] = slot
            else:
                return None, distance, {dim: box[dim] for dim in moved}
        changed |= {name: tuple(texts) for name, texts in lists.items()}
        return changed, distance, {dim: box[dim] for dim in moved} | self._sums_at(numbers)

    def _sums_at(self, moved: Mapping[int, Fraction]) -> dict[int, int]:
        """The cells of sums in which some of the numbers have moved."""
        cells: dict[int, int] = {}
        for dim, form in self.space.sums.items():
            if not any(part in moved for part, _ in form):
                continue
            numbers = [moved.get(part, self._home_number(self.space.variables[part])) for part, _ in form]
            total = sum((factor * number for (_, factor), number in zip(form, numbers, strict=True) if number is not None), Fraction(0))
            cell = self.space.cell_of(dim, total) if None not in numbers else None
            if cell is not None:
                cells[dim] = 1 << cell
        return cells

    def _step_of(self, of: Variable) -> Fraction:
        """By how much a number goes beyond an end that is open: by its grain, its column's step, or a hundredth."""
        column = self.contents.column(self.subject.table, of.key)
        return of.grain or (Fraction(column.step) if column is not None and column.step is not None else HUNDREDTH)

    def _home_number(self, of: Variable) -> Fraction | None:
        return as_number(self.stands.get(of.key))

    def _by_distance(self, dim: int) -> list[int]:
        """The cells of a dimension, the nearest to the record's first."""
        own = self.home[dim].bit_length() - 1
        cells = [at for at, slot in enumerate(self.space.cells[dim]) if at != own and slot is not MISSING]
        plain = isinstance(self.space.cells[dim][own], NumberCell)
        return sorted(
            cells, key=lambda at: (not isinstance(self.space.cells[dim][at], NumberCell), abs(at - own), at) if plain else (False, at, 0)
        )

    def _tried(self, changed: dict[str, object], distance: Fraction) -> _Found | None:
        subject = Subject(self.contents, self.subject.table, {**self.facts, **changed}, self.subject.surroundings)
        try:
            verdict = subject.verdict(self.decision)
        except GovServiceError:
            return None
        value, current = verdict.values[self.entry.primary], self._current()
        if isinstance(value, (Unknown, Interval, Nothing)) or (value == current and type(value) is type(current)):
            return None
        outcome = reported(value)
        name = self.entry.primary
        words = {lang: spelt_facts(changed, self.contents, self.subject.table, lang) for lang in ("en", "zh")}
        said = Words(
            f"with {words['en']} it would be {said_of(outcome, name, self.contents, self.decision, 'en')}",
            f"{words['zh']}，即为{said_of(outcome, name, self.contents, self.decision, 'zh')}",
        )
        return (len(changed), distance), Contrast(changed, outcome, verdict.rule, said)


def _once(changes: Iterable[Contrast]) -> list[Contrast]:
    """Each set of facts once for an outcome, the nearest first."""
    kept: dict[tuple[frozenset[str], object], Contrast] = {}
    for change in changes:
        kept.setdefault((frozenset(change.facts), change.outcome), change)
    return list(kept.values())


def _near(cell: NumberCell, home: Fraction | None, of: Variable, step: Fraction) -> Fraction:
    """The number of a cell nearest to one outside it; beyond an end that is open by a step."""
    if home is None:
        return plain_number(cell, of)
    if cell.low is not None and home <= cell.low:
        number = cell.low if cell.low_in else cell.low + step
    elif cell.high is not None and home >= cell.high:
        number = cell.high if cell.high_in else cell.high - step
    else:
        return plain_number(cell, of)
    return number if cell.holds(number) else plain_number(cell, of)


def _reported(value: Value) -> object:
    exact = reported(value)
    return value if isinstance(value, Fraction) and Fraction(str(exact)) != value else exact


def _clock_facts(contents: Contents) -> set[str]:
    return {
        f"{clock}.{fact}"
        for clock in contents.clocks
        for fact in ("due", "used", "left", "overdue", "overdue_by", "started_on", "stopped_on")
    }
