"""The working sheet of a plan: values as columns that know missing from none, and the steps that work them out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from govservice.errors import Words
from govservice.rules.meaning.columns.nodes import FALSE, Col, Lit, Node, Op, and_, is_null, not_, or_

__all__ = ["NO_FACTOR", "NoColumns", "Sheet", "Worth", "condition", "hard_of", "unknown"]

NO_FACTOR: Final = Fraction(1)


class NoColumns(Exception):
    """An expression has no form in columns."""

    def __init__(self, what: Words) -> None:
        super().__init__(what.en)
        self.what = what


@dataclass(frozen=True, slots=True)
class Worth:
    """A value as columns. `value` is null where there is none, or nobody knows; `none` tells the two apart and is never null.

    `spoilt` rows hold a cell that cannot be used, or need what has no form in columns; in `torn` rows rules contradict each other: neither
    is ever null. A number is `value` times `factor`, `bits` long at most; a
    `real` one is a float, which may only be compared, `exact` what stands for it in a sum.
    """

    value: Node
    none: Node = FALSE
    spoilt: Node = FALSE
    torn: Node = FALSE
    factor: Fraction = NO_FACTOR
    bits: int = 64
    real: bool = False
    exact: Worth | None = None


def condition(of: Worth) -> Worth:
    """A value as a condition: none does not hold."""
    return of if of.none == FALSE else Worth(and_(not_(of.none), of.value), FALSE, of.spoilt, of.torn)


def unknown(of: Worth) -> Node:
    """Whether a value is neither known nor none."""
    return and_(is_null(of.value), not_(of.none))


def hard_of(*of: Worth) -> tuple[Node, Node]:
    """What spoils and tears a row in which all of these are read."""
    return or_(*(part.spoilt for part in of)), or_(*(part.torn for part in of))


@dataclass
class Sheet:
    """The steps of a plan: each adds columns worked out from those of the table and of earlier steps."""

    taken: Collection[str]
    steps: list[dict[str, Node]] = field(default_factory=list)
    _levels: dict[str, int] = field(default_factory=dict)
    _known: dict[Node, Col] = field(default_factory=dict)

    def bind(self, hint: str, node: Node, values: tuple[str, ...] = ()) -> Node:
        """Work a column out once, in the earliest step that can: its name then stands for it."""
        if isinstance(node, (Lit, Col)):
            return node
        known = self._known.get(node)
        if known is not None:
            return known
        alias = self._fresh(hint)
        level = self._level(node)
        while len(self.steps) <= level:
            self.steps.append({})
        self.steps[level][alias] = node
        self._levels[alias] = level + 1
        bound = self._known[node] = Col(alias, node.kind, values)
        return bound

    def told(self, hint: str, of: Worth) -> Worth:
        """A value with all its columns worked out once."""
        return Worth(
            self.bind(hint, of.value), self.bind(f"{hint}_none", of.none), self.bind(f"{hint}_spoilt", of.spoilt),
            self.bind(f"{hint}_torn", of.torn), of.factor, of.bits, of.real, of.exact,
        )  # fmt: skip

    def _fresh(self, hint: str) -> str:
        name, number = hint, 1
        lowered = {taken.lower() for taken in self.taken}
        while name.lower() in lowered or name in self._levels:
            number += 1
            name = f"{hint}_{number}"
        return name

    def _level(self, node: Node) -> int:
        return max((self._levels.get(column.name, 0) for column in columns_of(node)), default=0)


def columns_of(node: Node) -> Iterator[Col]:
    """The columns that an expression reads."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Col):
            yield part
        elif isinstance(part, Op):
            waiting.extend(part.of)
