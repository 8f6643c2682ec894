"""The corpus: hostile conditions and decisions over hostile rows, as data, and what the interpreter says of each row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from govservice import load_rulebook
from govservice.errors import ConflictError, RecordError, RulebookError
from govservice.rules import Outcome, Rulebook

CORPUS: Final = Path(__file__).parent / "corpus"
ON: Final = date(2026, 11, 20)
TABLE: Final = "thing"
READ: Final = {
    "boolean": bool, "integer": int, "long": int, "real": float, "decimal": Decimal, "text": str, "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
}  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What is said of one row: how the decision stands, by which rule, and its settled outcomes (None: none, or not settled)."""

    state: str
    rule: str | None
    values: tuple[object, ...]


@dataclass(frozen=True)
class Group:
    """Conditions over one table. `holds` says how each column is held: a decimal may be a float, a true decimal or a text."""

    name: str
    holds: dict[str, str]
    rows: tuple[dict[str, Any], ...]
    written: dict[str, str]  # what each decision asks, by its id
    book: Rulebook

    def outcomes(self, decision: str) -> tuple[str, ...]:
        """The columns that a decision gives."""
        return tuple(name for name, _ in self.book.contents.decisions[decision].outcomes)

    @cached_property
    def expected(self) -> dict[str, list[Answer]]:
        """The interpreter's answers, by decision, row by row."""
        return {decision: [said(self, decision, row) for row in self.rows] for decision in self.written}


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


def plain(value: object) -> object:
    """A value as every engine's is compared: numbers by their worth, whatever type holds them."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float, Decimal)):
        return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)
    if isinstance(value, (list, tuple)):
        return tuple(map(plain, value))
    return value


def groups() -> Iterator[Group]:
    """Every group of the corpus."""
    return (group(path.stem) for path in sorted(CORPUS.glob("*.yaml")))


@cache
def group(name: str) -> Group:
    """One group, read from its file."""
    tree = yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))
    facts: dict[str, dict[str, Any]] = tree["facts"]
    holds = {fact: declared.pop("holds") for fact, declared in facts.items()}
    rows = [{"id": number, **dict(zip(facts, cells, strict=True))} for number, cells in enumerate(tree["rows"])]
    typed = tuple({name: _typed(cell, holds.get(name, "integer")) for name, cell in row.items()} for row in rows)
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


def _typed(cell: Any, held: str) -> Any:
    return None if cell is None else READ[held](cell) if held in ("boolean", "long", "integer", "real") else READ[held](str(cell))


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
