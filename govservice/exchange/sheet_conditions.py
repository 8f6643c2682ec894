"""Conditions of rules spread over the cells of a row, and put together again: the same condition, whatever the order of its parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from govservice.exchange.sheet_cells import condition_cell, condition_of
from govservice.reading.workbook import CellValue
from govservice.rules.book.loading import reader_of
from govservice.rules.book.marks import Faults, Node, mapping, text_of
from govservice.rules.book.sight import WithLets
from govservice.rules.language.conjuncts import Conjunct, conjuncts
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import AllOf, Compare, Constant, Expression, Name
from govservice.rules.language.values import Type

__all__ = ["Conditions", "Spread", "joined", "rules_of", "same_meaning"]

_MIRRORED: Final = {">": "<", ">=": "<="}
_LOOSE: Final = re.compile(r"\b(?:or|if)\b|或")


class Spread(NamedTuple):
    """A condition over cells: by fact its type and cell, and what no cell says."""

    cells: Mapping[str, tuple[Type, CellValue]]
    rest: str


def joined(parts: Iterable[str], rest: str) -> str:
    """One condition that says all of these.

    >>> joined(["simple", "departments == 1"], "a or b")
    'simple and departments == 1 and (a or b)'
    """
    tests = [part for part in parts if part]
    if not rest:
        return " and ".join(tests)
    return " and ".join((*tests, f"({rest})" if tests and _LOOSE.search(_outside(rest)) else rest))


def _outside(text: str) -> str:
    """What of an expression stands in no brackets."""
    depth, found = 0, []
    for sign in text:
        depth += (sign in "([（［") - (sign in ")]）］")
        found.append(sign if depth == 0 else "")
    return "".join(found)


def same_meaning(one: Expression | None, other: Expression | None) -> bool:
    """Whether two conditions hold of the same records by their shape: the same parts in any order, each comparison either way round."""
    if one is None or other is None:
        return one is other
    first, second = _parts(one), _parts(other)
    return len(first) == len(second) and all(first.count(part) == second.count(part) for part in first)


def _parts(of: Expression) -> list[Expression]:
    if isinstance(of, AllOf):
        return [inner for part in of.of for inner in _parts(part)]
    if isinstance(of, Compare) and of.op in _MIRRORED:
        return [Compare(_MIRRORED[of.op], of.right, of.left)]  # type: ignore[arg-type]
    if isinstance(of, Compare) and of.op in ("==", "!=") and isinstance(of.left, Constant):
        return [Compare(of.op, of.right, of.left)]
    return [of]


class Conditions:
    """The conditions of a book's rules, read in sight of what it declares."""

    def __init__(self, tree: dict[str, Node]) -> None:
        self.reader = reader_of(tree)

    def sight(self, decision: Mapping[str, Node], rule: Mapping[str, Node]) -> WithLets:
        """The names that a rule may use."""
        own = self.reader.lets(decision, self.reader.declared.row_names(text_of(decision, "about") or ""), ())
        return self.reader.lets(rule, own, ())

    def typed(self, text: Node, sight: WithLets, *, wants: str | None = None) -> tuple[Expression, Faults]:
        """An expression with what is wrong with it."""
        self.reader.faults = Faults({})
        return self.reader.expression(text, sight, (), wants=wants), self.reader.faults

    def spread(self, when: Node, sight: WithLets) -> Spread:
        """A condition as cells, and the rest as an expression: what is put together from them means the same."""
        whole, _ = self.typed(when, sight)
        text = when if isinstance(when, str) else written(whole)
        tested: dict[str, tuple[Type, list[Conjunct], CellValue]] = {}
        rest: list[str] = []
        for part in conjuncts(text, sight.spellings()):
            if not self._taken(part, sight, tested):
                rest.append(part.text)
        spread = Spread({name: (kind, cell) for name, (kind, _, cell) in tested.items()}, " and ".join(rest))
        again = joined((condition_of(kind.kind, name, cell) for name, (kind, cell) in spread.cells.items()), spread.rest)
        return spread if tested and same_meaning(self.typed(again, sight)[0], whole) else Spread({}, text)

    def _taken(self, part: Conjunct, sight: WithLets, tested: dict[str, tuple[Type, list[Conjunct], CellValue]]) -> bool:
        if part.name is None:
            return False
        base, faults = self.typed(part.name, sight)
        if faults.noted:
            return False
        name = base.id if isinstance(base, Name) and self.typed(base.id, sight)[0] == base else part.name
        parts = [*(tested[name][1] if name in tested else ()), part]
        cell = condition_cell(base.type, self._tests(parts, sight))
        if cell is None:
            return False
        says = self.typed(condition_of(base.type.kind, name, cell), sight)[0]
        if not same_meaning(says, AllOf(tuple(self.typed(each.text, sight)[0] for each in parts))):
            return False
        tested[name] = (base.type, parts, cell)
        return True

    def _tests(self, parts: Sequence[Conjunct], sight: WithLets) -> list[tuple[str, list[tuple[str, Expression]]]]:
        tests = (test for part in parts for test in part.tests)
        return [(test.op, [(operand, self.typed(operand, sight)[0]) for operand in test.operands]) for test in tests]


def rules_of(decision: Mapping[str, Node]) -> dict[str, dict[str, Node]]:
    """The rules of a decision by id.

    >>> rules_of({"rules": {"1": {"then": "x"}}})
    {'1': {'then': 'x'}}
    """
    return {id: mapping(rule) for id, rule in mapping(decision.get("rules")).items()}
