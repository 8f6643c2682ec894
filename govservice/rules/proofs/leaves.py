"""What a value may be in the closed form: a sum of variables, a plain value, what a variable is, none, open, or only a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Final, NamedTuple, TypeAlias, cast

from govservice.rules.book.entries import Rule
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import Nothing, Type, Unknown, Value
from govservice.rules.proofs.cells import Form, Scale, as_number, scale_of
from govservice.rules.proofs.formulas import Node

__all__ = [
    "NOTHING",
    "OPEN",
    "Case",
    "Leaf",
    "Linear",
    "Plain",
    "Slots",
    "State",
    "TableForm",
    "Truth",
    "Vague",
    "leaf_of",
    "plus",
    "times",
]


class Truth(NamedTuple):
    """Where a condition is true and where it is false; elsewhere it is open."""

    yes: Node
    no: Node


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of variables along a line, each times a factor, and a number."""

    form: Form
    number: Fraction
    scale: Scale


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that is no number: a choice, a text, true or false, a limit."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Slots:
    """Whatever a variable of cells is: a choice, a text, true or false."""

    dim: int


@dataclass(frozen=True, slots=True)
class Vague:
    """A value of which nothing is said but its name; unless it is `there`, it may be open or none too."""

    key: str
    there: bool = False


class State(NamedTuple):
    """What a value is that is none, or open."""

    name: str


NOTHING: Final = State("none")
OPEN: Final = State("open")
Leaf: TypeAlias = Linear | Plain | Slots | Vague | State
Case: TypeAlias = tuple[Node, Leaf]


class TableForm(NamedTuple):
    """The closed form of a table: where it applies, and of each rule in force where its condition holds."""

    applies: Truth
    rules: tuple[tuple[Rule, Truth], ...]


def leaf_of(value: Value | Unknown, kind: Type) -> Leaf:
    """What a value of a type is in the closed form.

    >>> from govservice.rules.language.values import INTEGER, NONE
    >>> leaf_of(3, INTEGER).number, leaf_of(NONE, INTEGER) == NOTHING
    (Fraction(3, 1), True)
    """
    if isinstance(value, Nothing):
        return NOTHING
    if isinstance(value, Unknown):
        return OPEN
    number = None if isinstance(value, datetime) else as_number(value)
    if number is None:
        return Plain(cast("Value", value), kind)
    return Linear((), number, scale_of(kind) or ("date" if isinstance(value, date) else "number"))


def times(leaf: Leaf, factor: Fraction, of: Expression) -> Leaf:
    """A leaf taken so many times; `of` names it where nothing more can be said."""
    if not isinstance(leaf, Linear):
        return leaf if leaf in (NOTHING, OPEN) else Vague(written(of))
    if not factor:
        return Linear((), Fraction(0), leaf.scale)
    return Linear(tuple((dim, own * factor) for dim, own in leaf.form), leaf.number * factor, leaf.scale)


def plus(one: Linear, other: Linear) -> Linear:
    """Two sums together."""
    total = dict(one.form)
    for dim, factor in other.form:
        total[dim] = total.get(dim, Fraction(0)) + factor
    form = tuple(sorted((dim, factor) for dim, factor in total.items() if factor))
    return Linear(form, one.number + other.number, one.scale)
