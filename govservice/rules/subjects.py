"""One subject under a rulebook: facts as given, outcomes and measures computed when asked, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from govservice.errors import DecisionError, RecordError, Words
from govservice.reading import shown
from govservice.rules.contents import Contents
from govservice.rules.evaluation import Days, Scope, evaluate
from govservice.rules.expressions.shapes import Aggregate, Discretion, Name, Previous
from govservice.rules.expressions.values import NONE, Unknown, Value
from govservice.rules.facts import absent, read_fact
from govservice.rules.tables import Verdict, decide

__all__ = ["Subject", "Surroundings"]

_T = TypeVar("_T")
ClockFacts = Callable[["Subject", str], Mapping[str, Value]]
Rows = Callable[["Subject", Aggregate], "Iterable[Scope] | None"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a call gives beside the facts: the day that dated rules are held against, the day that is today, a calendar, records, clocks."""

    on: date | None = None
    as_of: date | None = None
    calendar: Days | None = None
    clocks: ClockFacts | None = None
    rows: Rows | None = None


NOWHERE = Surroundings()


class Subject:
    """A row of a table with everything in sight of it; a `Scope` of the interpreter.

    A recorded value stands; what is not recorded is computed; what cannot be is the declared default, else unknown.
    """

    bounds = False
    __slots__ = ("_busy", "_facts", "_verdicts", "contents", "memo", "surroundings", "table", "unused")

    def __init__(self, contents: Contents, table: str, facts: Mapping[str, Any], surroundings: Surroundings = NOWHERE) -> None:
        self.contents = contents
        self.table = table
        self.surroundings = surroundings
        self.memo: dict[str, Value] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._busy: set[str] = set()
        self.unused: list[str] = []
        self._facts = self._named(facts)

    def _named(self, facts: object) -> dict[str, Any]:
        """The facts by id; a key may be a label. Keys that are no declared fact are ignored and listed in `unused`."""
        if not isinstance(facts, Mapping):
            seen = shown(facts)
            raise RecordError(Words(f"facts are a mapping from names to values, not {seen}", f"事实要写成名称与值的对应，不能是 {seen}"))
        found: dict[str, Any] = {}
        ids, labels = self.contents.sight(self.table)
        for key, raw in facts.items():
            id = key if key in ids else labels.get(key)
            if id is None:
                self.unused.append(str(key))
            elif id in found and not absent(raw) and not absent(found[id]) and found[id] != raw:
                raise RecordError(
                    Words(f"{id} is given twice, as {found[id]!r} and {raw!r}", f"“{id}”给了两个值：{found[id]!r} 和 {raw!r}"), id=id
                )
            elif id not in found or absent(found[id]):
                found[id] = raw
        return found

    def value(self, name: Name) -> Value:
        """The value of a name; see the class."""
        found = self.memo.get(name.id)
        if found is None:
            found = self.memo[name.id] = self._found(name)
        return found

    def _found(self, name: Name) -> Value:
        raw = self._facts.get(name.id)
        if not absent(raw):
            return read_fact(name.id, raw, name.type)
        match name.home:
            case "setting":
                given = self.contents.settings[name.id].value
                return Unknown(frozenset((name.id,))) if given is None else given
            case "measure":
                return self._guarded(name.id, lambda: evaluate(self.contents.measures[name.id].value, self))
            case "builtin":
                return self.surroundings.as_of or Unknown(frozenset((name.id,)))
            case "clock" if name.id.partition(".")[0] not in self.contents.clocks:
                return NONE  # a clock that is not in force
            case "clock" if self.surroundings.clocks is not None:
                clock, _, fact = name.id.partition(".")
                return self._guarded(
                    name.id, lambda: cast("ClockFacts", self.surroundings.clocks)(self, clock).get(fact, Unknown(frozenset((name.id,))))
                )
            case "outcome" if name.granted_by is not None:
                found = self.verdict(name.granted_by).values[name.id]
                return self._default(name, found)
        return self._default(name, Unknown(frozenset((name.id,))))

    def _default(self, name: Name, found: Value) -> Value:
        if isinstance(found, Unknown):
            column = self.contents.column(self.table, name.id)
            if column is not None and column.default is not None:
                return column.default
        return found

    def _guarded(self, id: str, compute: Callable[[], _T]) -> _T:
        if id in self._busy:
            raise DecisionError(Words(f"{id} waits for itself", f"“{id}”在等自己的结果"), id=id)
        self._busy.add(id)
        try:
            return compute()
        finally:
            self._busy.discard(id)

    def verdict(self, decision: str) -> Verdict:
        """The reading of one decision's table for this subject, taken once."""
        found = self._verdicts.get(decision)
        if found is None:
            found = self._guarded(decision, lambda: decide(self.contents.decisions[decision], self, self.surroundings.on))
            self._verdicts[decision] = found
        return found

    def possible(self, name: Name) -> tuple[Value, ...]:
        """What an outcome that is open may still be, by the table that grants it."""
        return self.verdict(name.granted_by).possible[name.id] if name.granted_by is not None else ()

    def rows(self, of: Aggregate) -> Iterable[Scope] | None:
        """The records an aggregate runs over; None where none were supplied."""
        return self.surroundings.rows(self, of) if self.surroundings.rows is not None else None

    def marks(self, of: Discretion) -> Value:  # noqa: ARG002
        """No marks stand outside a score's items."""
        return Unknown()

    def previous(self, of: Previous) -> Value:
        """What was one period earlier: given as a fact, `previous(x)`, else unknown."""
        return Unknown(frozenset((f"previous({of.of})",)))

    def days(self) -> Days:
        """The calendar given to the call, else China's."""
        if self.surroundings.calendar is not None:
            return self.surroundings.calendar
        from govservice.calendars import china

        return china()
