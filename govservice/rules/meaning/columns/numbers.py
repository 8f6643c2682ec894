"""Numbers in columns, exact: whole numbers times a factor that is known beforehand, so that nothing is ever divided."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final

from govservice.errors import Words
from govservice.rules.language.values import Number
from govservice.rules.meaning.columns.nodes import Lit, Node, Op, case, compare, is_null, not_null, null, or_
from govservice.rules.meaning.columns.sheet import NoColumns, Worth, hard_of

__all__ = ["MOST_BITS", "calculated", "compared", "exactly", "negated", "number", "same_scale", "wide"]

MOST_BITS: Final = 120  # that every engine's widest whole number holds
_SHORT: Final = 63
_TESTS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


def number(of: Number) -> Worth:
    """A number written out."""
    fraction = Fraction(of)
    bits = fraction.numerator.bit_length() + 1
    if bits > MOST_BITS:
        raise _too_long()
    return Worth(Lit(fraction.numerator, "integer" if bits <= _SHORT else "wide"), factor=Fraction(1, fraction.denominator), bits=bits)


def wide(of: Node) -> Node:
    """A whole number in the widest form of the engine."""
    if isinstance(of, Lit):
        return Lit(of.value, "wide")
    return of if of.kind == "wide" else Op("wide", (of,), "wide")


def exactly(of: Worth) -> Worth:
    """A number that may be calculated with. Raises NoColumns for a float that nothing exact stands for."""
    if not of.real:
        return of
    if of.exact is None:
        raise NoColumns(Words("it calculates with floats", "要用浮点数计算"))
    return of.exact


def _times(of: Worth, by: int) -> Worth:
    bits = of.bits + (by.bit_length() if by != 1 else 0)
    if by == 1:
        return of
    if bits > MOST_BITS:
        raise _too_long()
    if isinstance(of.value, Lit):
        value: Node = Lit(None if of.value.value is None else int(of.value.value) * by, "wide" if bits > _SHORT else "integer")  # type: ignore[arg-type]
    else:
        value = Op("*", (wide(of.value), Lit(by, "wide")), "wide")
    return Worth(value, of.none, of.spoilt, of.torn, of.factor / by, bits)


def same_scale(*of: Worth) -> tuple[Worth, ...]:
    """Numbers as whole multiples of one factor."""
    of = tuple(map(exactly, of))
    denominator = math.lcm(*(one.factor.denominator for one in of))
    numerator = math.gcd(*(one.factor.numerator for one in of))
    factor = Fraction(numerator, denominator)
    return tuple(_times(one, int(one.factor / factor)) for one in of)


def calculated(op: str, left: Worth, right: Worth) -> Worth:
    """`left op right`; none where either is none, null where either is unknown. Only what is written out divides."""
    left, right = exactly(left), exactly(right)
    spoilt, torn = hard_of(left, right)
    none = or_(left.none, right.none)
    if op == "/" and isinstance(right.value, Lit) and right.value.value:
        by = _written(right)
        if by < 0:
            left, by = Worth(_negative(left.value), left.none, left.spoilt, left.torn, left.factor, left.bits), -by
        return Worth(_unless_none(left.value, none), none, spoilt, torn, left.factor / by, left.bits)
    if op not in ("+", "-", "*"):
        raise NoColumns(Words("it divides", "要做除法"))
    if op != "*":
        left, right = same_scale(left, right)
    bits = left.bits + right.bits if op == "*" else max(left.bits, right.bits) + 1
    if bits > MOST_BITS:
        raise _too_long()
    factor = left.factor * right.factor if op == "*" else left.factor
    value = Op(op, (wide(left.value), wide(right.value)), "wide")
    return Worth(_unless_none(value, none), none, spoilt, torn, factor, bits)


def _written(of: Worth) -> Fraction:
    """A number that is written out."""
    value: Any = of.value.value if isinstance(of.value, Lit) else None
    return Fraction(int(value)) * of.factor


def _unless_none(value: Node, none: Node) -> Node:
    return case([(none, null(value.kind))], value)


def _negative(of: Node) -> Node:
    if isinstance(of, Lit):
        return Lit(None if of.value is None else -int(of.value), of.kind)  # type: ignore[arg-type]
    return Op("neg", (wide(of),), "wide")


def negated(of: Worth) -> Worth:
    """`-x`."""
    of = exactly(of)
    return Worth(_negative(of.value), of.none, of.spoilt, of.torn, of.factor, of.bits + 1)


def compared(op: str, left: Worth, right: Worth) -> Node:
    """`left op right` of two numbers, null where either has no value."""
    if isinstance(left.value, Lit) and not isinstance(right.value, Lit):
        left, right, op = right, left, _MIRRORED[op]
    if isinstance(right.value, Lit):
        if right.value.value is None:
            return null("boolean")
        bound = _written(right)
        if left.real:
            return _real_against(op, left.value, bound)
        return _whole_against(op, left.value, bound / left.factor)
    if left.real and right.real and left.value.kind == right.value.kind:
        return compare(op, left.value, right.value)  # the greater float prints as the greater number
    left, right = same_scale(left, right)
    return compare(op, left.value, right.value)


def _whole_against(op: str, value: Node, bound: Fraction) -> Node:
    """A column of whole numbers against a number."""
    if isinstance(value, Lit):
        if value.value is None:
            return null("boolean")
        return Lit(bool(_TESTS[op](value.value, bound)), "boolean")
    if bound.denominator != 1:
        if op in ("==", "!="):
            return case([(is_null(value), null("boolean"))], Lit(op == "!=", "boolean"))
        below = op in ("<", "<=")
        op, bound = "<=" if below else ">=", Fraction(math.floor(bound) if below else math.ceil(bound))
    whole = int(bound)
    if abs(whole) >= 2**_SHORT:
        if whole.bit_length() > MOST_BITS:
            above = whole > 0
            holds = op == "!=" or ((op in ("<", "<=")) is above and op not in ("==",))
            return case([(is_null(value), null("boolean"))], Lit(holds, "boolean"))
        return compare(op, wide(value), Lit(whole, "wide"))
    return compare(op, value, Lit(whole, "integer"))


def _real_against(op: str, value: Node, bound: Fraction) -> Node:
    """A column of floats, each read as it prints, against a number: what prints on the other side of it lies there."""
    try:
        nearest = float(bound)
    except OverflowError:
        raise _too_long() from None
    printed = Fraction(repr(nearest))
    if printed == bound:
        return compare(op, value, Lit(nearest, "real"))
    if op in ("==", "!="):
        return case([(not_null(value), Lit(op == "!=", "boolean"))], null("boolean"))
    below = printed < bound  # the float nearest to the bound prints below it
    turned = {"<": "<=" if below else "<", "<=": "<=" if below else "<", ">": ">" if below else ">=", ">=": ">" if below else ">="}[op]
    return compare(turned, value, Lit(nearest, "real"))


def _too_long() -> NoColumns:
    return NoColumns(Words("its numbers may grow too long", "数字可能过长"))
