"""The shapes of an expression: a closed set of frozen trees, each knowing its type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from govservice.rules.language.values import BOOLEAN, DECIMAL, INTEGER, LIST, Type, Value

__all__ = [
    "Aggregate",
    "AllOf",
    "AnyOf",
    "Arithmetic",
    "Call",
    "Compare",
    "Constant",
    "Discretion",
    "Expression",
    "IfElse",
    "IsNone",
    "Known",
    "ListOf",
    "Match",
    "Membership",
    "Name",
    "Negate",
    "Not",
    "Previous",
    "Streak",
    "Tiers",
    "children",
    "depth",
    "names",
    "reads_days",
    "walk",
]

Home: TypeAlias = Literal["column", "outcome", "setting", "measure", "clock", "scheme", "builtin", "scope"]
Comparison: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]
Operator: TypeAlias = Literal["+", "-", "*", "/", "//", "%"]
Totals: TypeAlias = Literal["count", "sum", "mean", "median", "lowest", "highest", "percent"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written out."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, outcome, setting or measure. `home` says where its value comes from, `granted_by` which decision computes it."""

    id: str
    type: Type
    home: Home
    granted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`."""

    of: Expression
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class AllOf:
    """`a and b and ...`."""

    of: tuple[Expression, ...]
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`a or b or ...`."""

    of: tuple[Expression, ...]
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`; a chain is the conjunction of its links."""

    op: Comparison
    left: Expression
    right: Expression
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Membership:
    """`item in [..]`, or `item in some_list`."""

    item: Expression
    among: Expression
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b, ..]`."""

    of: tuple[Expression, ...]
    type: Type = LIST


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right` on numbers; a limit may be multiplied and divided by one."""

    op: Operator
    left: Expression
    right: Expression
    type: Type = DECIMAL


@dataclass(frozen=True, slots=True)
class Negate:
    """`-x`."""

    of: Expression
    type: Type = DECIMAL


@dataclass(frozen=True, slots=True)
class IfElse:
    """`yes if condition else no`."""

    condition: Expression
    yes: Expression
    no: Expression
    type: Type


@dataclass(frozen=True, slots=True)
class Known:
    """`known(x)`: the only one that sees unknown."""

    of: Expression
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class IsNone:
    """`is_none(x)`: the only one that asks for none."""

    of: Expression
    type: Type = BOOLEAN


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values, by its row in `functions.FUNCTIONS`; a flag that is set is one more argument."""

    function: str
    of: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Tiers:
    """`step(x, (threshold, value), ..)`: the value of the highest threshold reached, 0 below the first."""

    of: Expression
    steps: tuple[tuple[Expression, Expression], ...]
    type: Type = DECIMAL


@dataclass(frozen=True, slots=True)
class Match:
    """`match(x, (value, worth), .., otherwise=worth)`: the worth of the value that x has."""

    of: Expression
    worths: tuple[tuple[Constant, Expression], ...]
    otherwise: Expression | None
    type: Type


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A total over the rows of the subject in the period: `sum(cases, days, when=.., over=year, by=closed_on)`.

    `of` says whose rows (None: the subject's own), `each` which of them are one; `options` are the numbers that hold a joined row
    (`at_most`, `at_least`) or choose among the rows (`top`, `bottom`, `without_highest`, `without_lowest`): the subject's, not a row's.
    `lasts` are the first and the last day of each row, where they are not its own. Worked out as it is made: `reads_days` is whether it
    asks for the days of a row that lie in the period.
    """

    total: Totals
    sources: tuple[str, ...]
    value: Expression | None
    when: Expression | None
    over: str | None
    by: str | None
    type: Type
    of: str | None = None
    each: Name | None = None
    options: tuple[tuple[str, Expression], ...] = ()
    lasts: tuple[Expression, Expression] | None = None
    reads_days: bool = field(init=False, compare=False, repr=False, default=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reads_days", reads_days(self.value, self.when))

    @property
    def within(self) -> tuple[Expression, ...]:
        """What is read on each row."""
        return tuple(inner for inner in (self.value, self.when, self.each, *(self.lasts or ())) if inner is not None)


@dataclass(frozen=True, slots=True)
class Discretion:
    """`discretion(lo, hi)`: what the assessor gave, within bounds."""

    low: Expression
    high: Expression
    type: Type = DECIMAL


@dataclass(frozen=True, slots=True)
class Previous:
    """`previous(x)`: x of the same subject, one period earlier."""

    of: str
    type: Type


@dataclass(frozen=True, slots=True)
class Streak:
    """`streak(x)`: how many periods in a row, this one last, x held."""

    of: Expression
    type: Type = INTEGER


Expression: TypeAlias = (
    Constant
    | Name
    | Not
    | AllOf
    | AnyOf
    | Compare
    | Membership
    | ListOf
    | Arithmetic
    | Negate
    | IfElse
    | Known
    | IsNone
    | Call
    | Tiers
    | Match
    | Aggregate
    | Discretion
    | Previous
    | Streak
)


def children(of: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside, in reading order (what an aggregate reads on its rows, `within`, is not among them)."""
    match of:
        case Not(x) | Negate(x) | Known(x) | IsNone(x):
            return (x,)
        case AllOf(xs) | AnyOf(xs) | ListOf(xs) | Call(_, xs):
            return xs
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Membership(item, among):
            return (item, among)
        case IfElse(condition, yes, no):
            return (condition, yes, no)
        case Tiers(x, steps):
            return (x, *(part for step in steps for part in step))
        case Match(x, worths, otherwise):
            last = () if otherwise is None else (otherwise,)
            return (x, *(part for pair in worths for part in pair), *last)
        case Discretion(low, high):
            return (low, high)
        case Aggregate(options=options):
            return tuple(number for _, number in options)
        case Streak(x):
            return (x,)
        case _:
            return ()


def walk(of: Expression) -> Iterator[Expression]:
    """The expression and all below it, those of aggregates included."""
    waiting = [of]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(children(part)))
        if isinstance(part, Aggregate):
            waiting.extend(part.within)


def reads_days(*of: Expression | None) -> bool:
    """Whether expressions about a row ask for its days in the period: `in_period.days`.

    >>> from govservice.rules.language.values import INTEGER
    >>> reads_days(None, Negate(Name("in_period.days", INTEGER, "scope")))
    True
    """
    parts = (part for expression in of if expression is not None for part in walk(expression))
    return any(isinstance(part, Name) and part.id.startswith("in_period.") for part in parts)


def depth(of: Expression) -> int:
    """How many expressions stand within one another, those of aggregates included; a fact alone is none.

    >>> from govservice.rules.language.values import BOOLEAN
    >>> depth(Not(Not(Name("simple", BOOLEAN, "column"))))
    2
    """
    deepest, waiting = 0, [(of, 0)]
    while waiting:
        part, level = waiting.pop()
        deepest = max(deepest, level)
        inner = (*children(part), *part.within) if isinstance(part, Aggregate) else children(part)
        waiting.extend((child, level + 1) for child in inner)
    return deepest


def names(of: Expression) -> tuple[str, ...]:
    """The ids read by the expression itself, each once, in reading order.

    >>> from govservice.rules.language.values import BOOLEAN
    >>> names(Not(Name("simple", BOOLEAN, "column")))
    ('simple',)
    """
    waiting, ids = [of], dict[str, None]()
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Name):
            ids[part.id] = None
        waiting[:0] = children(part)
    return tuple(ids)
