"""A question about decisions: the space cut where their conditions turn, a search in it, and what is found tried by the interpreter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from govservice.errors import GovServiceError
from govservice.frozen import Frozen, freeze
from govservice.limits import TimeLimit
from govservice.rules.book.contents import Contents
from govservice.rules.language.day_functions import Days
from govservice.rules.language.facts import read_fact
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, Name, Previous, Streak
from govservice.rules.language.values import NONE, TimeOfDay, Type, Unknown, Value, reported
from govservice.rules.meaning.evaluation import Doubtful, Scope
from govservice.rules.meaning.subjects import Subject, Surroundings
from govservice.rules.proofs.cells import MISSING, OTHER, Space, Variable, as_number
from govservice.rules.proofs.closed import Closed
from govservice.rules.proofs.formulas import Box, Budget, Node, Placed, solve
from govservice.rules.proofs.linear import Undecided
from govservice.rules.proofs.rebuilding import changed_decision, rebuilt, with_entries

__all__ = ["Found", "Question", "Undecided", "Witness", "subject_of"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A complete record: of every fact that is read a value (facts of which nothing is said are left out), what free settings are given,
    and what must have been counted from other records.
    """

    facts: Mapping[str, object]
    settings: Mapping[str, object] = field(default_factory=Frozen)
    counted: Mapping[str, object] = field(default_factory=Frozen)

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def shown(self) -> Mapping[str, object]:
        """Everything that it says."""
        return Frozen({**self.facts, **self.settings, **self.counted})


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: a box and a point in it, as a record; `sure` where it does not hang on what is not analysed. `telling` are the
    facts that matter: the others may be anything.
    """

    witness: Witness
    box: Box
    sure: bool
    telling: tuple[str, ...] = ()


class CountedSubject(Subject):
    """A subject for which the counts are given, whatever the records are."""

    __slots__ = ("counts",)
    counts: Mapping[str, Value]

    def value(self, name: Name) -> Value:
        """A count, where the name stands for one."""
        counted = self.counts.get(name.id) if name.home == "scope" else None
        return super().value(name) if counted is None else counted

    def rows(self, of: Aggregate) -> Iterable[Scope | Doubtful] | Unknown:
        """Nothing else is counted."""
        return Unknown(frozenset(of.sources))


def subject_of(contents: Contents, table: str, witness: Witness, on: date | None, calendar: Days | None = None) -> Subject:
    """The subject that a witness describes, to be asked by the interpreter. Raises RecordError where a value cannot be used."""
    contents.sight(table)  # known once, it stays known in what is made of the book
    if witness.settings:
        given = {
            id: replace(setting, value=read_fact(id, witness.settings[id], setting.type)) if id in witness.settings else setting
            for id, setting in contents.settings.items()
        }
        contents = with_entries(contents, settings=given)
    as_of = witness.facts.get("as_of")
    facts = {name: value for name, value in witness.facts.items() if name != "as_of"}
    around = Surroundings(on, as_of if isinstance(as_of, date) else None, calendar)
    if not witness.counted:
        return Subject(contents, table, facts, around)
    counts: dict[str, Value] = {}

    def counted(part: Any) -> Expression | None:
        if isinstance(part, (Aggregate, Previous, Streak, Discretion)) and (key := written(part)) in witness.counted:
            counts[key] = read_fact(key, witness.counted[key], part.type)
            return Name(key, part.type, "scope")
        return None

    decisions = {id: changed_decision(decision, counted) for id, decision in contents.decisions.items()}
    measures = {id: replace(measure, value=rebuilt(measure.value, counted)) for id, measure in contents.measures.items()}
    subject = CountedSubject(with_entries(contents, decisions=decisions, measures=measures), table, facts, around)
    subject.counts = counts
    return subject


class Question:
    """Questions about one decision, of one or several books, on a day.

    `read` is asked twice for the conditions that matter: first to say where the space is to be cut, then for what they mean in it. The
    space is also cut at the values that a record has (`at`), of which some may be none; of the facts in `unsaid` nothing may be said, and
    outcomes in `recorded` are facts. Only the `conditions` of its rules may be asked about, not its outcomes.
    """

    def __init__(
        self,
        books: Sequence[Contents],
        decision: str,
        on: date | None,
        *,
        budget: Budget,
        read: Callable[[Sequence[Closed]], object] | None = None,
        calendar: Days | None = None,
        at: Mapping[str, Value] | None = None,
        unsaid: frozenset[str] | None = None,
        recorded: frozenset[str] = frozenset(),
        conditions: bool = False,
    ) -> None:
        self.books = tuple(books)
        self.decision = decision
        self.on = on
        self.budget = budget
        self.calendar = calendar
        self.space = Space()
        self.closed = [Closed.of(contents, decision, on, self.space) for contents in self.books]
        known = frozenset().union(*(one.asked_known for one in self.closed))
        none = frozenset(name for name, value in (at or {}).items() if value is NONE).union(*(one.asked_none for one in self.closed))
        for number, one in enumerate(self.closed):
            one.asked_known, one.asked_none, one.unsaid = known, none, unsaid
            one.apart = "′" * number
            one.recorded = recorded
        self.conditions = conditions
        self._read(read)
        for name, value in (at or {}).items():
            self._turn_at(name, value)
        self.space.cut()
        for one in self.closed:
            one.fresh()
        self._read(read)

    def _read(self, read: Callable[[Sequence[Closed]], object] | None) -> None:
        for closed in self.closed:
            decision = closed.contents.decisions[self.decision]
            closed.table_of(self.decision)
            for name, _ in () if self.conditions else decision.outcomes:
                closed.outcome(self.decision, name)
        if read is not None:
            read(self.closed)

    def _turn_at(self, name: str, value: Value) -> None:
        """Cut a fact at a value that a record has."""
        dim = self.space.known(name)
        number = as_number(value)
        if dim is None:
            return
        if number is not None and self.space.variables[dim].scale is not None:
            self.space.turn(dim, number)
        elif isinstance(value, str):
            self.space.name_text(dim, value)

    # -- asking

    def dims(self, *origins: str) -> frozenset[int]:
        """The dimensions of some origins; those of sums that rest on one of them among them."""
        plain = {dim for dim, each in enumerate(self.space.variables) if each.origin in origins and dim not in self.space.sums}
        return frozenset(plain | {dim for dim, form in self.space.sums.items() if any(part in plain for part, _ in form)})

    def find(self, goals: Sequence[Node], *, budget: Budget | None = None, **more: Any) -> Found | None:
        """A record for which all goals hold, the plainest first: one that hangs on no setting, no count and nothing that is not analysed.

        None is a proof that there is none. Raises OutOfBudget and Undecided.
        """
        ways = dict.fromkeys(self.dims(*kinds) for kinds in (("unread", "counted", "setting"), ("unread", "counted"), ("unread",), ()))
        for fixed in ways:
            found = self.search(goals, fixed, budget or self.budget, **more)
            if found is not None:
                box, placed = found
                return Found(self._witness(box, placed), box, fixed >= self.dims("unread"), self.telling(box))
        return None

    def search(self, goals: Sequence[Node], fixed: frozenset[int], budget: Budget, **more: Any) -> tuple[Box, Placed] | None:
        """A box in which all goals hold, with the dimensions in `fixed` left whole; see `formulas.solve`."""
        full = self.space.formulas.full or []
        place = self.space.place if self.space.sums else None
        if "home" in more:
            more["linked"] = [dim for dim in sorted({part for form in self.space.sums.values() for part, _ in form}) if dim in more["home"]]
        return solve(goals, full, budget, fixed=fixed, place=place, **more)

    def telling(self, box: Box) -> tuple[str, ...]:
        """The facts of which a box asks something."""
        full = self.space.formulas.full or []
        narrowed = {dim for dim, mask in enumerate(box) if mask != full[dim]}
        narrowed |= {part for dim in narrowed for part, _ in self.space.sums.get(dim, ())}
        keys = (self.space.variables[dim].key.partition(" ∋ ")[0] for dim in sorted(narrowed - self.space.sums.keys()))
        return tuple(dict.fromkeys(keys))

    def _witness(self, box: Box, placed: Placed) -> Witness:
        facts: dict[str, object] = {}
        settings: dict[str, object] = {}
        counted: dict[str, object] = {}
        lists: dict[str, list[str]] = {}
        for dim, value in self.space.chosen(box, placed).items():
            of = self.space.variables[dim]
            if of.origin == "element":
                listed, _, text = of.key.partition(" ∋ ")
                lists.setdefault(listed, [])
                if value is True:
                    lists[listed].append(text)
            elif of.origin == "setting":
                if value is not MISSING:
                    settings[of.key] = _shown(value, of, self.space)
            elif of.origin == "counted":
                if value is not MISSING:
                    counted[of.key] = _shown(value, of, self.space)
            elif of.origin != "unread" and value is not MISSING:
                facts[of.key] = _shown(value, of, self.space)
        facts |= {name: tuple(texts) for name, texts in lists.items()}
        return Witness(facts, settings, counted)

    # -- trying

    def verdicts(self, witness: Witness) -> list[Any]:
        """What the interpreter makes of a witness, for each book; the error where it refuses."""
        verdicts: list[Any] = []
        for contents in self.books:
            try:
                verdicts.append(self.subject(contents, witness).verdict(self.decision))
            except GovServiceError as error:
                verdicts.append(error)
        return verdicts

    def subject(self, contents: Contents, witness: Witness) -> Subject:
        """The subject of a witness under one of the books."""
        given = {name: value for name, value in witness.settings.items() if name in contents.settings}
        return subject_of(contents, contents.decisions[self.decision].about, replace(witness, settings=given), self.on, self.calendar)


def _shown(value: object, of: Variable, space: Space) -> object:
    """A value as a record gives it."""
    if value is NONE:
        return NONE
    if value is OTHER:
        return _any_value(of.type, space, of)
    if isinstance(value, TimeOfDay) and value.microseconds % 1_000_000:
        return value
    if isinstance(value, Fraction):
        exact = reported(value)
        return exact if Fraction(str(exact)) == value else value
    return reported(value)  # type: ignore[arg-type]


def _any_value(kind: Type, space: Space, of: Variable) -> object:
    match kind.kind:
        case "list":
            return ()
        case "limit":
            return TimeLimit.parse("5个工作日")
    named = {slot for slot in space.cells[space.known(of.key) or 0] if isinstance(slot, str)}
    return next(text for text in ("另一个", *(f"另一个{number}" for number in range(2, len(named) + 3))) if text not in named)
