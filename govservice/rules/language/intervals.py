"""Arithmetic on numbers that are not fixed yet: every result contains all that the numbers may come to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import TypeAlias

from govservice.rules.language.values import BY_NOTHING, Interval, Number, Unknown, exact

__all__ = ["Bounded", "calculate", "compare", "ends", "hull", "is_number", "may_be_none", "monotone", "narrowed", "needs_of", "or_none"]

Bounded: TypeAlias = Number | Interval


def ends(value: Bounded) -> tuple[Number, Number]:
    """The least and the greatest that a number may be.

    >>> ends(3), ends(Interval(1, 2))
    ((3, 3), (1, 2))
    """
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def needs_of(*values: Bounded) -> frozenset[str]:
    """What would fix these numbers."""
    return frozenset().union(*(value.needs for value in values if isinstance(value, Interval)))


def narrowed(low: Number, high: Number, needs: frozenset[str], of: Sequence[Number] | None = None) -> Bounded:
    """The number itself where only one is possible; `of` are the numbers that it was calculated from, where it was.

    >>> narrowed(2, 2, frozenset({"marks"}))
    2
    """
    parts = (low, high) if of is None else of
    return exact(low, *parts) if low == high else Interval(exact(low, *parts), exact(high, *parts), needs)


def may_be_none(*values: object) -> bool:
    """Whether any of these may turn out to be none."""
    return any(isinstance(value, Interval) and value.or_none for value in values)


def or_none(value: Bounded, *of: Bounded) -> Bounded:
    """What is worked out from numbers: where one of them may be none, it may be none itself.

    >>> or_none(5, Interval(1, 2, frozenset({"x"}), or_none=True))
    Interval(low=5, high=5, needs=frozenset({'x'}))
    """
    return Interval(*ends(value), needs_of(value, *of), or_none=True) if may_be_none(*of) else value


def is_number(value: object) -> bool:
    """Whether a value is a number, settled or between two.

    >>> is_number(Interval(1, 2)), is_number(True), is_number(3)
    (True, False, True)
    """
    return isinstance(value, (int, Fraction, Interval)) and not isinstance(value, bool)


def hull(values: Sequence[Bounded], needs: Iterable[str] = ()) -> Bounded:
    """What may be any of these.

    >>> hull([1, Interval(3, 4)])
    Interval(low=1, high=4, needs=frozenset())
    """
    bounds = [ends(value) for value in values]
    whole = narrowed(min(low for low, _ in bounds), max(high for _, high in bounds), needs_of(*values) | frozenset(needs))
    return or_none(whole, *values)


def monotone(function: Callable[[Number], Number], value: Bounded) -> Bounded:
    """A function that never falls, of a number not fixed yet."""
    low, high = ends(value)
    return narrowed(function(low), function(high), needs_of(value))


def calculate(op: str, left: Bounded, right: Bounded) -> Bounded | Unknown:
    """`left op right`; unknown where the divisor may be 0.

    >>> calculate("-", 100, Interval(2, 5))
    Interval(low=95, high=98, needs=frozenset())
    """
    worth = _calculated(op, left, right)
    if not may_be_none(left, right):
        return worth
    return Unknown(worth.needs | needs_of(left, right)) if isinstance(worth, Unknown) else or_none(worth, left, right)


def _calculated(op: str, left: Bounded, right: Bounded) -> Bounded | Unknown:
    (a, b), (c, d), needs = ends(left), ends(right), needs_of(left, right)
    of = (a, b, c, d)
    match op:
        case "+":
            return narrowed(a + c, b + d, needs, of)
        case "-":
            return narrowed(a - d, b - c, needs, of)
        case "*":
            products = [x * y for x in (a, b) for y in (c, d)]
            return narrowed(min(products), max(products), needs, of)
    if c == d == 0:
        return BY_NOTHING
    if c <= 0 <= d:
        return Unknown(needs)
    quotients = [Fraction(x) / y for x in (a, b) for y in (c, d)]
    low, high = min(quotients), max(quotients)
    if op == "/":
        return narrowed(low, high, needs, of)
    if op == "//":
        return narrowed(math.floor(low), math.floor(high), needs)
    if c == d and math.floor(low) == math.floor(high):
        return narrowed(min(a % c, b % c), max(a % c, b % c), needs)
    return narrowed(min(0, c), max(0, d), needs)


def compare(op: str, left: Bounded, right: Bounded) -> bool | Unknown:
    """`left op right`: true or false where it is so for all that they may be, else unknown.

    >>> compare(">=", Interval(95, 98), 95), compare(">", Interval(95, 98), 95)
    (True, Unknown(needs=frozenset()))
    """
    (a, b), (c, d) = ends(left), ends(right)
    always, never = {
        "<": (b < c, a >= d),
        "<=": (b <= c, a > d),
        ">": (a > d, b <= c),
        ">=": (a >= d, b < c),
        "==": (a == b == c == d, b < c or a > d),
        "!=": (b < c or a > d, a == b == c == d),
    }[op]
    answer = True if always else False if never else None
    if answer is None or (may_be_none(left, right) and answer is not (op == "!=")):  # none equals nothing
        return Unknown(needs_of(left, right))
    return answer
