"""What the interpreter does lazily, as data: what one decision reads of a row of one table on one day, and where each value comes from.

A `let` is written out where it is used, as one and the same expression; settings stand as the values that the book has for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from govservice.frozen import Frozen
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Decision, expressions, in_force
from govservice.rules.language.shapes import Expression, Name, children
from govservice.rules.language.values import Type, Value
from govservice.rules.meaning.names import ORIGINS, Origin

__all__ = ["Plan", "Planned", "Read", "ValueFrom", "plan_of"]


@dataclass(frozen=True, slots=True)
class ValueFrom:
    """One place that may have a value for a name; `value` is that of a setting or default, `expression` of a measure, `decision` of an
    outcome.
    """

    origin: Origin
    value: Value | None = None
    expression: Expression | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A name that is read, and where its value comes from: the first of `sources` that has one, open or not; else it is unknown.

    `alone` is False where two things go by the name: the first that is read stands for both, and which one that is only the interpreter
    can say.
    """

    name: Name
    sources: tuple[ValueFrom, ...]
    alone: bool = True

    @property
    def type(self) -> Type:
        """The type that it is declared with; a value may be none all the same."""
        return self.name.type


@dataclass(frozen=True, slots=True)
class Planned:
    """One decision as of the day: its rules are those in force. `applies` is False where it is not in force itself: all of it is none."""

    decision: Decision
    applies: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a decision reads of a row of `table`, with what it uses.

    `steps` are decisions, each after those whose outcomes it reads, the one that was asked for last; `reads` are all names by id, those
    that others are made of first.
    """

    table: str
    on: date | None
    steps: tuple[Planned, ...]
    reads: Mapping[str, Read]

    @property
    def asked(self) -> Planned:
        """The decision that was asked for."""
        return self.steps[-1]


def plan_of(contents: Contents, table: str, decision: str, on: date | None, *, around: Iterable[str] = ()) -> Plan:
    """The plan of a decision for rows of a table on a day; `around` are the names of which the reading around a row may have a value.

    A chain that comes back to itself is refused when the book is loaded. Raises DateNeeded where something in it is dated and `on` is None.

    >>> from govservice import load_rulebook
    >>> plan = plan_of(load_rulebook("kunshan").contents, "cases", "case_type", date(2026, 11, 20))
    >>> [step.decision.id for step in plan.steps]
    ['materials_complete', 'case_type']
    >>> [source.origin for source in plan.reads["materials_complete"].sources]
    ['recorded', 'decided']
    """
    planning = _Planning(contents, table, on, frozenset(around))
    planning.decide(decision)
    return Plan(table, on, tuple(planning.steps.values()), Frozen(planning.reads))


class _Planning:
    """Names and decisions as they are met, each once."""

    def __init__(self, contents: Contents, table: str, on: date | None, around: frozenset[str]) -> None:
        self.contents = contents
        self.table = table
        self.on = on
        self.around = around
        self.recorded = contents.sight(table)[0]
        self.steps: dict[str, Planned] = {}
        self.reads: dict[str, Read] = {}

    def decide(self, id: str) -> None:
        if id in self.steps:
            return
        entry = self.contents.decisions[id]
        applies = in_force(entry.from_, entry.until, self.on, id)
        rules = tuple(rule for rule in entry.rules if rule.in_force(self.on)) if applies else ()
        entry = replace(entry, rules=rules, from_=None, until=None)
        if applies:
            for expression in expressions(entry):
                self.read(expression)
        self.steps[id] = Planned(entry, applies)

    def read(self, of: Expression) -> None:
        waiting = [of]
        while waiting:
            part = waiting.pop()
            if isinstance(part, Name):
                self.name(part)
            waiting.extend(reversed(children(part)))

    def name(self, name: Name) -> None:
        known = self.reads.get(name.id)
        if known is not None:
            if known.alone and known.name != name:
                self.reads[name.id] = replace(known, alone=False)
                self._sources(name)
            return
        sources = self._sources(name)
        self.reads.setdefault(name.id, Read(name, sources))

    def _sources(self, name: Name) -> tuple[ValueFrom, ...]:
        return tuple(source for origin in ORIGINS[name.home] if (source := self._source(origin, name)) is not None)

    def _source(self, origin: Origin, name: Name) -> ValueFrom | None:
        """That place, if it may have a value; what it is made of is read first."""
        match origin:
            case "recorded":
                return ValueFrom(origin) if name.id in self.recorded else None
            case "around":
                return ValueFrom(origin) if name.id in self.around else None
            case "decided" if name.granted_by is not None:
                self.decide(name.granted_by)
                return ValueFrom(origin, decision=name.granted_by)
            case "measured":
                expression = self.contents.measures[name.id].value
                self.read(expression)
                return ValueFrom(origin, expression=expression)
            case "setting":
                value = self.contents.settings[name.id].value
                return None if value is None else ValueFrom(origin, value)
            case "default":
                column = self.contents.column(self.table, name.id)
                return None if column is None or column.default is None else ValueFrom(origin, column.default)
            case "clock" | "today" | "ranked":
                return ValueFrom(origin)
            case _:
                return None
