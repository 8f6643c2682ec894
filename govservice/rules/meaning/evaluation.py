"""The reference interpreter: an expression and a scope -> a value, unknown with what it needs, or none. It defines the meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub
from typing import Any, Final, Protocol, cast

from govservice.rules.language.functions import FUNCTIONS, Days, missing, moment_order, no_days, shanghai_day, zoned
from govservice.rules.language.intervals import Bounded, calculate, compare, ends, hull, narrowed, needs_of
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Discretion,
    Expression,
    IfElse,
    Known,
    ListOf,
    Membership,
    Name,
    Negate,
    Not,
    Previous,
    Tiers,
)
from govservice.rules.language.values import Interval, Nothing, Number, Unknown, Value, exact

__all__ = ["Scope", "evaluate", "holds"]

_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {"+": add, "-": sub, "*": mul, "//": floordiv, "%": mod, "/": Fraction}


class Scope(Protocol):
    """One subject: where the names of an expression get their values."""

    @property
    def bounds(self) -> bool:
        """Whether a choice that cannot be made yet is a number between its branches, rather than unknown."""
        ...

    def value(self, name: Name) -> Value:
        """The value of a fact, outcome, setting or measure."""
        ...

    def possible(self, name: Name) -> tuple[Value, ...]:
        """What an outcome that is open may still be; empty where nobody can say."""
        ...

    def rows(self, of: Aggregate) -> Iterable[Scope] | None:
        """The rows an aggregate runs over; None where the table was not supplied."""
        ...

    def marks(self, of: Discretion) -> Value:
        """The marks that the assessor gave."""
        ...

    def previous(self, of: Previous) -> Value:
        """The value one period earlier."""
        ...

    def days(self) -> Days:
        """The calendar that counts working days."""
        ...


def holds(answer: Value) -> bool | Unknown:
    """An answer as a condition: none does not hold."""
    return answer if isinstance(answer, (bool, Unknown)) else False


def evaluate(of: Expression, scope: Scope) -> Value:
    """The value of an expression in a scope.

    Unknown operands make the result unknown, by Kleene's tables where it is a condition; none (not applicable) does not hold, equals
    nothing, and makes arithmetic none. Numbers are exact.

    Raises DecisionError where limits of different units are compared, or a number grows beyond all use.
    """
    return _MEANING[type(of)](of, scope)


def _not(of: Not, scope: Scope) -> Value:
    answer = holds(_MEANING[type(of.of)](of.of, scope))
    return answer if isinstance(answer, Unknown) else not answer


def _compare(of: Compare, scope: Scope) -> Value:
    return _compared(of.op, _MEANING[type(of.left)](of.left, scope), _MEANING[type(of.right)](of.right, scope))


def _negate(of: Negate, scope: Scope) -> Value:
    number = _MEANING[type(of.of)](of.of, scope)
    if isinstance(number, Interval):
        return Interval(-number.high, -number.low, number.needs)
    return number if isinstance(number, (Unknown, Nothing)) else -cast("Number", number)


def _list(of: ListOf, scope: Scope) -> Value:
    values = [_MEANING[type(part)](part, scope) for part in of.of]
    lacking = missing(values)
    return tuple(values) if lacking is None else lacking


def _all(of: AllOf, scope: Scope) -> Value:
    unknown: Unknown | None = None
    for part in of.of:
        answer = _MEANING[type(part)](part, scope)
        if answer is True:
            continue
        if not isinstance(answer, Unknown):
            return False
        unknown = answer if unknown is None else unknown | answer
    return True if unknown is None else unknown


def _any(of: AnyOf, scope: Scope) -> Value:
    unknown: Unknown | None = None
    for part in of.of:
        answer = _MEANING[type(part)](part, scope)
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else unknown | answer
    return False if unknown is None else unknown


def _compared(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, (Unknown, Nothing)) or isinstance(right, (Unknown, Nothing)):
        lacking = missing((left, right))
        return lacking if isinstance(lacking, Unknown) else op == "!="
    if isinstance(left, Interval) or isinstance(right, Interval):
        return compare(op, cast("Bounded", left), cast("Bounded", right))
    if isinstance(left, date) and type(left) is not type(right):
        left, right = shanghai_day(left), shanghai_day(cast("date", right))  # a date and a moment compare by the day
    elif isinstance(left, datetime) and (left.tzinfo is None) != (cast("datetime", right).tzinfo is None):
        left, right = zoned(left), zoned(cast("datetime", right))
    return _COMPARE[op](left, right)


def _member(item: Value, among: Expression, scope: Scope) -> Value:
    if isinstance(item, (Unknown, Nothing)):
        return item if isinstance(item, Unknown) else False
    if not isinstance(among, ListOf):
        members = _MEANING[type(among)](among, scope)
        return members if isinstance(members, Unknown) else not isinstance(members, Nothing) and item in cast("tuple[Value, ...]", members)
    unknown: Unknown | None = None
    for option in among.of:
        answer = _compared("==", item, _MEANING[type(option)](option, scope))
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else unknown | answer
    return False if unknown is None else unknown


def _calculated(op: str, left: Value, right: Value) -> Value:
    lacking = missing((left, right))
    if lacking is not None:
        return lacking
    if isinstance(left, Interval) or isinstance(right, Interval):
        return calculate(op, cast("Bounded", left), cast("Bounded", right))
    if op in ("/", "//", "%") and right == 0:
        return Unknown()  # nothing to divide by is unknown, and no fact would change that
    return exact(_ARITHMETIC[op](left, right))


def _chosen(condition: bool | Unknown, yes: Expression, no: Expression, scope: Scope) -> Value:
    if not isinstance(condition, Unknown):
        return evaluate(yes if condition else no, scope)
    first, second = _MEANING[type(yes)](yes, scope), _MEANING[type(no)](no, scope)
    if not isinstance(first, Unknown) and first == second:
        return first
    if scope.bounds and isinstance(first, (int, Fraction, Interval)) and isinstance(second, (int, Fraction, Interval)):
        return hull([first, second], condition.needs)
    return condition


def _stepped(of: Value, steps: tuple[tuple[Expression, Expression], ...], scope: Scope) -> Value:
    reached: list[tuple[Value, Value]] = [
        (_MEANING[type(threshold)](threshold, scope), _MEANING[type(worth)](worth, scope)) for threshold, worth in steps
    ]
    lacking = missing((of, *(value for pair in reached for value in pair)))
    if lacking is not None:
        return lacking
    if any(isinstance(value, Interval) for value in (of, *(value for pair in reached for value in pair))):
        return _stepped_between(cast("Bounded", of), cast("list[tuple[Bounded, Bounded]]", reached))
    below = [(cast("Number", threshold), worth) for threshold, worth in reached if cast("Number", threshold) <= cast("Number", of)]
    return max(below, key=lambda pair: pair[0])[1] if below else 0


def _stepped_between(of: Bounded, reached: list[tuple[Bounded, Bounded]]) -> Value:
    """Every value that some of what the number may be would reach."""
    low, high = ends(of)
    sure = [pair for pair in reached if ends(pair[0])[1] <= low]
    base = max(sure, key=lambda pair: ends(pair[0])[0])[1] if sure else 0
    maybe = [worth for threshold, worth in reached if ends(threshold)[0] <= high and ends(threshold)[1] > low]
    return hull([base, *maybe], needs_of(of, *(threshold for threshold, _ in reached)))


def _totalled(of: Aggregate, scope: Scope) -> Value:
    rows = scope.rows(of)
    if rows is None:
        return Unknown(frozenset(of.sources))
    unknown: Unknown | None = None
    counted = 0
    values: list[Any] = []
    for row in rows:
        asked = True if of.when is None else holds(_MEANING[type(of.when)](of.when, row))
        if asked is False:
            continue
        worth: Value = 1 if of.value is None else _MEANING[type(of.value)](of.value, row)
        for answer in (asked, worth):
            if isinstance(answer, Unknown):
                unknown = answer if unknown is None else unknown | answer
        if isinstance(worth, Nothing) and of.total != "percent":
            continue  # not applicable to this row: neither a value nor a row to divide by
        counted += 1
        values.append(worth)
    return unknown if unknown is not None else _total(of.total, values, counted)


def _total(total: str, values: list[Any], counted: int) -> Value:
    match total:
        case "count":
            return counted
        case "sum":
            return _sum(values)
        case _ if counted == 0:
            return Unknown()
        case "mean":
            return calculate("/", cast("Bounded", _sum(values)), counted)
        case "percent":
            return exact(Fraction(100 * sum(1 for value in values if value is True), counted))
        case _ if any(isinstance(value, Interval) for value in values):
            return FUNCTIONS["min" if total == "lowest" else "max"].called(values, no_days)
        case "lowest":
            return cast("Value", min(values, key=moment_order))
        case _:
            return cast("Value", max(values, key=moment_order))


def _sum(values: list[Any]) -> Value:
    bounds = [ends(value) for value in values]
    return narrowed(sum(low for low, _ in bounds), sum(high for _, high in bounds), needs_of(*values))


_MEANING: Final[Mapping[type, Callable[[Any, Scope], Value]]] = {
    Name: lambda of, scope: scope.value(of),
    Constant: lambda of, _: of.value,
    Compare: _compare,
    AllOf: _all,
    AnyOf: _any,
    Not: _not,
    Membership: lambda of, scope: _member(_MEANING[type(of.item)](of.item, scope), of.among, scope),
    Arithmetic: lambda of, scope: _calculated(of.op, _MEANING[type(of.left)](of.left, scope), _MEANING[type(of.right)](of.right, scope)),
    Negate: _negate,
    IfElse: lambda of, scope: _chosen(holds(_MEANING[type(of.condition)](of.condition, scope)), of.yes, of.no, scope),
    Known: lambda of, scope: not isinstance(_MEANING[type(of.of)](of.of, scope), (Unknown, Nothing, Interval)),
    Call: lambda of, scope: FUNCTIONS[of.function].called([_MEANING[type(argument)](argument, scope) for argument in of.of], scope.days),
    Tiers: lambda of, scope: _stepped(_MEANING[type(of.of)](of.of, scope), of.steps, scope),
    ListOf: _list,
    Aggregate: _totalled,
    Discretion: lambda of, scope: scope.marks(of),
    Previous: lambda of, scope: scope.previous(of),
}
