"""The reference interpreter: an expression and a scope -> a value, unknown with what it needs, or none. It defines the meaning."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from operator import add, eq, floordiv, ge, gt, le, lt, mod, mul, ne, sub
from typing import Any, Final, Protocol, cast
from zoneinfo import ZoneInfo

from govservice.errors import DecisionError, Words
from govservice.rules.language.intervals import Bounded, calculate, compare, ends, hull, monotone, narrowed, needs_of
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
    Step,
)
from govservice.rules.language.values import Interval, Nothing, Number, Unknown, Value, exact

__all__ = ["Days", "Scope", "day_of", "evaluate", "holds", "rounded"]

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {"+": add, "-": sub, "*": mul, "//": floordiv, "%": mod, "/": Fraction}


class Days(Protocol):
    """What the interpreter asks of a calendar."""

    def workdays_between(self, first: date, last: date, /) -> int:
        """The working days after `first` up to and including `last`."""
        ...


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
    answer = holds(evaluate(of.of, scope))
    return answer if isinstance(answer, Unknown) else not answer


def _compare(of: Compare, scope: Scope) -> Value:
    return _compared(of.op, evaluate(of.left, scope), evaluate(of.right, scope))


def _negate(of: Negate, scope: Scope) -> Value:
    number = evaluate(of.of, scope)
    if isinstance(number, Interval):
        return Interval(-number.high, -number.low, number.needs)
    return number if isinstance(number, (Unknown, Nothing)) else -cast("Number", number)


def _list(of: ListOf, scope: Scope) -> Value:
    found = [evaluate(one, scope) for one in of.of]
    missing = _missing(found)
    return tuple(found) if missing is None else missing


def _missing(values: Iterable[Value]) -> Unknown | Nothing | None:
    """Unknown where any value is, with all that they need; else none where any is none."""
    unknown: Unknown | None = None
    nothing: Nothing | None = None
    for value in values:
        if isinstance(value, Unknown):
            unknown = value if unknown is None else unknown | value
        elif isinstance(value, Nothing):
            nothing = value
    return unknown if unknown is not None else nothing


def _all(of: AllOf, scope: Scope) -> Value:
    unknown: Unknown | None = None
    for part in of.of:
        answer = evaluate(part, scope)
        if answer is True:
            continue
        if not isinstance(answer, Unknown):
            return False
        unknown = answer if unknown is None else unknown | answer
    return True if unknown is None else unknown


def _any(of: AnyOf, scope: Scope) -> Value:
    unknown: Unknown | None = None
    for part in of.of:
        answer = evaluate(part, scope)
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else unknown | answer
    return False if unknown is None else unknown


def day_of(moment: date) -> date:
    """The day of a date or moment; a moment with an offset is read in Asia/Shanghai.

    >>> from datetime import UTC
    >>> day_of(datetime(2026, 2, 13, 20, tzinfo=UTC))
    datetime.date(2026, 2, 14)
    """
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(SHANGHAI) if moment.tzinfo else moment).date()


def _compared(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, (Unknown, Nothing)) or isinstance(right, (Unknown, Nothing)):
        missing = _missing((left, right))
        return missing if isinstance(missing, Unknown) else op == "!="
    if isinstance(left, Interval) or isinstance(right, Interval):
        return compare(op, cast("Bounded", left), cast("Bounded", right))
    if isinstance(left, date) and type(left) is not type(right):
        left, right = day_of(left), day_of(cast("date", right))  # a date and a moment compare by the day
    elif isinstance(left, datetime) and (left.tzinfo is None) != (cast("datetime", right).tzinfo is None):
        left, right = _zoned(left), _zoned(cast("datetime", right))
    return _COMPARE[op](left, right)


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _member(item: Value, among: Expression, scope: Scope) -> Value:
    if isinstance(item, (Unknown, Nothing)):
        return item if isinstance(item, Unknown) else False
    if not isinstance(among, ListOf):
        held = evaluate(among, scope)
        return held if isinstance(held, Unknown) else not isinstance(held, Nothing) and item in cast("tuple[Value, ...]", held)
    unknown: Unknown | None = None
    for one in among.of:
        answer = _compared("==", item, evaluate(one, scope))
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            unknown = answer if unknown is None else unknown | answer
    return False if unknown is None else unknown


def _calculated(op: str, left: Value, right: Value) -> Value:
    missing = _missing((left, right))
    if missing is not None:
        return missing
    if isinstance(left, Interval) or isinstance(right, Interval):
        return calculate(op, cast("Bounded", left), cast("Bounded", right))
    if op in ("/", "//", "%") and right == 0:
        return Unknown()  # nothing to divide by is unknown, and no fact would change that
    return exact(_ARITHMETIC[op](left, right))


def _chosen(condition: bool | Unknown, yes: Expression, no: Expression, scope: Scope) -> Value:
    if not isinstance(condition, Unknown):
        return evaluate(yes if condition else no, scope)
    first, second = evaluate(yes, scope), evaluate(no, scope)
    if not isinstance(first, Unknown) and first == second:
        return first
    if scope.bounds and isinstance(first, (int, Fraction, Interval)) and isinstance(second, (int, Fraction, Interval)):
        return hull([first, second], condition.needs)
    return condition


def _stepped(of: Value, steps: tuple[tuple[Expression, Expression], ...], scope: Scope) -> Value:
    reached: list[tuple[Value, Value]] = [(evaluate(threshold, scope), evaluate(worth, scope)) for threshold, worth in steps]
    missing = _missing((of, *(value for pair in reached for value in pair)))
    if missing is not None:
        return missing
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


def rounded(number: Number, digits: int = 0) -> Number:
    """Half away from zero, exactly.

    >>> rounded(Fraction(5, 2)), rounded(Fraction(-5, 2)), rounded(Fraction(2675, 1000), 2)
    (3, -3, Fraction(67, 25))
    """
    scaled = abs(Fraction(number)) * 10**digits
    whole = math.floor(scaled + Fraction(1, 2))
    return exact(Fraction(whole if number >= 0 else -whole, 10**digits))


def _called(function: str, arguments: list[Value], scope: Scope) -> Value:
    missing = _missing(arguments)
    if missing is not None:
        return missing
    first: Any = arguments[0]
    if Interval in map(type, arguments):
        return _called_between(function, cast("list[Bounded]", arguments))
    match function:
        case "min":
            return cast("Value", min(cast("list[Any]", arguments), key=_order))
        case "max":
            return cast("Value", max(cast("list[Any]", arguments), key=_order))
        case "abs":
            return cast("Value", abs(first))
        case "floor":
            return math.floor(Fraction(first))
        case "ceil":
            return math.ceil(Fraction(first))
        case "round":
            return rounded(first, cast("int", arguments[1]) if len(arguments) > 1 else 0)
        case "contains":
            return arguments[1] in first
        case "starts_with":
            return bool(first.startswith(arguments[1]))
        case "days":
            return (day_of(cast("date", arguments[1])) - day_of(first)).days
        case "workdays":
            return scope.days().workdays_between(day_of(first), day_of(cast("date", arguments[1])))
    raise DecisionError(Words(f"no function {function!r}", f"没有“{function}”这个函数"))


def _called_between(function: str, arguments: list[Bounded]) -> Value:
    """A function of numbers that are not fixed yet."""
    first = arguments[0]
    needs = needs_of(*arguments)
    bounds = [ends(one) for one in arguments]
    match function:
        case "min" | "max":
            choose = cast("Callable[[Iterable[Any]], Any]", min if function == "min" else max)
            return narrowed(choose(low for low, _ in bounds), choose(high for _, high in bounds), needs)
        case "abs":
            low, high = bounds[0]
            sizes = sorted((max(low, -low), max(high, -high)))
            return narrowed(0 if low <= 0 <= high else sizes[0], sizes[1], needs)
        case "round":
            digits = cast("int", arguments[1]) if len(arguments) > 1 else 0
            return monotone(lambda number: rounded(number, digits), first)
        case _:
            return monotone(lambda number: (math.floor if function == "floor" else math.ceil)(Fraction(number)), first)


def _order(value: Any) -> Any:
    """What numbers, days and moments are ordered by; a day begins with its first moment."""
    if isinstance(value, datetime):
        return _zoned(value)
    return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI) if isinstance(value, date) else value


def _totalled(of: Aggregate, scope: Scope) -> Value:
    rows = scope.rows(of)
    if rows is None:
        return Unknown(frozenset(of.sources))
    unknown: Unknown | None = None
    counted = 0
    values: list[Any] = []
    for row in rows:
        asked = True if of.when is None else holds(evaluate(of.when, row))
        if asked is False:
            continue
        worth: Value = 1 if of.value is None else evaluate(of.value, row)
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
            return exact(Fraction(100 * sum(1 for one in values if one is True), counted))
        case _ if any(isinstance(one, Interval) for one in values):
            return _called_between("min" if total == "lowest" else "max", values)
        case "lowest":
            return cast("Value", min(values, key=_order))
        case _:
            return cast("Value", max(values, key=_order))


def _sum(values: list[Any]) -> Value:
    bounds = [ends(one) for one in values]
    return narrowed(sum(low for low, _ in bounds), sum(high for _, high in bounds), needs_of(*values))


_MEANING: Final[Mapping[type, Callable[[Any, Scope], Value]]] = {
    Name: lambda of, scope: scope.value(of),
    Constant: lambda of, _: of.value,
    Compare: _compare,
    AllOf: _all,
    AnyOf: _any,
    Not: _not,
    Membership: lambda of, scope: _member(evaluate(of.item, scope), of.among, scope),
    Arithmetic: lambda of, scope: _calculated(of.op, evaluate(of.left, scope), evaluate(of.right, scope)),
    Negate: _negate,
    IfElse: lambda of, scope: _chosen(holds(evaluate(of.condition, scope)), of.yes, of.no, scope),
    Known: lambda of, scope: not isinstance(evaluate(of.of, scope), (Unknown, Nothing, Interval)),
    Call: lambda of, scope: _called(of.function, [evaluate(one, scope) for one in of.of], scope),
    Step: lambda of, scope: _stepped(evaluate(of.of, scope), of.steps, scope),
    ListOf: _list,
    Aggregate: _totalled,
    Discretion: lambda of, scope: scope.marks(of),
    Previous: lambda of, scope: scope.previous(of),
}
