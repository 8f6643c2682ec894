"""The corpus: hostile questions over hostile rows, as data, and what the interpreter says of each row; here conditions and decisions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any, ClassVar, Final, NamedTuple

import yaml

from govservice import decide_frame, load_rulebook
from govservice.errors import ConflictError, RecordError, RulebookError
from govservice.rules import Outcome, Rulebook

CORPUS: Final = Path(__file__).parent / "corpus"
ON: Final = date(2026, 11, 20)
TABLE: Final = "thing"
READ: Final = {
    "boolean": bool, "integer": int, "long": int, "real": float, "decimal": Decimal, "text": str, "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
}  # fmt: skip


class Table(NamedTuple):
    """What a table holds: the type of each column (a decimal may be a float, a true decimal or a text), and its rows."""

    holds: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]


class Asked(ABC):
    """Questions of one kind over the same tables. `written` is what each asks, by its id.

    `beside` is whether an answer stands beside the columns of the one table, a row each; else it is a table of its own.
    """

    kind: ClassVar[str]
    beside: ClassVar[bool] = True
    name: str
    written: Mapping[str, str]

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, Table]:
        """The tables that are asked about."""

    @property
    @abstractmethod
    def expected(self) -> Mapping[str, list[Any]]:
        """The interpreter's answers, by question."""

    @abstractmethod
    def asked(self, frames: Mapping[str, Any], question: str) -> Any:
        """The answer as a frame of the engine's."""

    @abstractmethod
    def read(self, question: str, rows: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The answers that stand in the rows of that frame."""


@dataclass(frozen=True)
class Answer:
    """What is said of one row: how the decision stands, by which rule, and its settled outcomes (None: none, or not settled)."""

    state: str
    rule: str | None
    values: tuple[object, ...]


@dataclass(frozen=True)
class Group(Asked):
    """Conditions and decisions over one table."""

    kind: ClassVar[str] = "decisions"
    name: str
    holds: dict[str, str]
    rows: tuple[dict[str, Any], ...]
    written: dict[str, str]  # what each decision asks, by its id
    book: Rulebook

    def outcomes(self, decision: str) -> tuple[str, ...]:
        """The columns that a decision gives."""
        return tuple(name for name, _ in self.book.contents.decisions[decision].outcomes)

    @property
    def tables(self) -> Mapping[str, Table]:
        return {TABLE: Table(self.holds, self.rows)}

    @cached_property
    def expected(self) -> Mapping[str, list[Answer]]:
        return {decision: [said(self, decision, row) for row in self.rows] for decision in self.written}

    def asked(self, frames: Mapping[str, Any], question: str) -> Any:
        return decide_frame(frames[TABLE], self.book, question, on=ON)

    def read(self, question: str, rows: Sequence[Mapping[str, Any]]) -> list[Answer]:
        return [self._answer(question, row) for row in rows]

    def _answer(self, decision: str, row: Mapping[str, Any]) -> Answer:
        kinds = dict(self.book.contents.decisions[decision].outcomes)
        values = tuple(_value(row[name], kinds[name].kind) for name in self.outcomes(decision))
        state = row.get(f"{decision}_state", "unsaid")
        return Answer(state, row.get(f"{decision}_rule") if state == "settled" else None, values)


def said(group: Group, decision: str, row: Mapping[str, Any], by: Callable[[dict[str, Any]], Outcome] | None = None) -> Answer:
    """The answer for one row, by the interpreter or as told; a cell that is empty is not given."""
    names = group.outcomes(decision)
    facts = {name: cell for name, cell in row.items() if name in group.holds and name != "id" and cell is not None}
    try:
        outcome = by(facts) if by is not None else group.book.outcome(decision, group.book.subject(TABLE, facts, on=ON))
    except ConflictError:
        return Answer("conflict", None, (None,) * len(names))
    except RecordError:
        return Answer("unread", None, (None,) * len(names))
    state = "open" if outcome.open else "none" if outcome.applies is False else "gap" if outcome.gap else "settled"
    return Answer(state, outcome.rule if state == "settled" else None, tuple(plain(outcome.value(name)) for name in names))


def _value(value: Any, kind: str) -> object:
    if kind == "boolean" and isinstance(value, int):
        return bool(value)
    return plain(as_day(value) if kind == "date" else value)


def as_day(value: Any) -> Any:
    """A day as such: pandas and DuckDB have days as moments."""
    with suppress(AttributeError):
        return value.date()
    return value


def rounded(number: Any, digits: int) -> Fraction | None:
    """A number as a decimal column of so many digits behind the point has it."""
    return None if number is None else Fraction(round(Fraction(number) * 10**digits), 10**digits)


def plain(value: object) -> object:
    """A value as every engine's is compared: numbers by their worth, whatever type holds them."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    if isinstance(value, (list, tuple)):
        return tuple(map(plain, value))
    return value


def decisions() -> Iterator[Group]:
    """Every group of conditions and decisions."""
    return (group(path.stem) for path in sorted(CORPUS.glob("*.yaml")))


@cache
def group(name: str) -> Group:
    """One group, read from its file."""
    tree = yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))
    facts: dict[str, dict[str, Any]] = tree["facts"]
    holds = {fact: declared.pop("holds") for fact, declared in facts.items()}
    rows = [{"id": number, **dict(zip(facts, cells, strict=True))} for number, cells in enumerate(tree["rows"])]
    typed = tuple({name: typed_cell(cell, holds.get(name, "integer")) for name, cell in row.items()} for row in rows)
    decisions, written = dict[str, Any](), dict[str, str]()
    for number, condition in enumerate(tree["conditions"]):
        id = f"c{number:03d}"
        decisions[id] = {"about": TABLE, "hit": "first", "rules": [{"id": "holds", "when": condition, "then": True}, {"then": False}]}
        written[id] = condition
    for id, decision in tree.get("decisions", {}).items():
        decisions[id], written[id] = decision, f"decisions.{id}"
    book = {
        "rulebook": f"conformance_{name}",
        "conventions": {"first_day": "excluded", "roll": "forward", "ends": "day"},
        "tables": {TABLE: facts},
        "decisions": decisions,
    }
    return Group(name, {"id": "integer", **holds}, typed, written, loaded(book))


def typed_cell(cell: Any, held: str) -> Any:
    """A cell of a corpus file as what its column holds."""
    if cell is None:
        return None
    if held == "course":
        return [{name: _day(part) if name in ("from", "to") else part for name, part in entry.items()} for entry in cell]
    return READ[held](cell) if held in ("boolean", "long", "integer", "real") else READ[held](str(cell))


def _day(part: str | None) -> date | None:
    return None if part is None else date.fromisoformat(part)


def loaded(book: dict[str, Any]) -> Rulebook:
    """A book from its tree."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{book['rulebook']}.yaml"
        path.write_text(yaml.safe_dump(book, allow_unicode=True, sort_keys=False), encoding="utf-8")
        try:
            return load_rulebook(path)
        except RulebookError as error:
            raise AssertionError(str(error)) from None
