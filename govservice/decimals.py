"""Decimal numbers exactly: written out, added and rounded alike, whatever precision or rounding the program around has set for its own."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation
from fractions import Fraction
from typing import Final

__all__ = ["EXACT", "half_even", "half_up", "shortest", "total", "without_zeros"]

EXACT: Final = Context(MAX_PREC, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX, traps=[InvalidOperation, DivisionByZero])
"""For sums and products of decimals, which end; a quotient need not, and is a Fraction's."""


def shortest(number: Decimal) -> str:
    """A number in digits, without zeros at the end of its decimals.

    >>> shortest(Decimal("12.50")), shortest(Decimal("1E+2")), shortest(Decimal("-0.00"))
    ('12.5', '100', '0')
    """
    text = f"{number:f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short == "-0" else short


def without_zeros(number: Decimal) -> Decimal:
    """The same number, without zeros at the end of its decimals.

    >>> without_zeros(Decimal("12.50")), without_zeros(Decimal("1E+2"))
    (Decimal('12.5'), Decimal('100'))
    """
    return Decimal(shortest(number))


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum.

    >>> total([Decimal("0.1"), Decimal("1E+27"), Decimal("0.2")])
    Decimal('1000000000000000000000000000.3')
    """
    whole = Decimal(0)
    for number in numbers:
        whole = EXACT.add(whole, number)
    return whole


def half_up(number: Decimal | Fraction, digits: int) -> Decimal:
    """A number to so many digits behind the point, of two as near that farther from zero.

    >>> half_up(Decimal("0.125"), 2), half_up(Fraction(2, 3), 4), half_up(Decimal("1E+27"), 2)
    (Decimal('0.13'), Decimal('0.6667'), Decimal('1000000000000000000000000000.00'))
    """
    return _rounded(number, digits, ROUND_HALF_UP)


def half_even(number: Decimal | Fraction, digits: int) -> Decimal:
    """A number to so many digits behind the point, of two as near the even one.

    >>> half_even(Decimal("0.125"), 2), half_even(Fraction(3, 8), 2)
    (Decimal('0.12'), Decimal('0.38'))
    """
    return _rounded(number, digits, ROUND_HALF_EVEN)


def _rounded(number: Decimal | Fraction, digits: int, rounding: str) -> Decimal:
    scaled = Fraction(number) * 10**digits
    whole = round(scaled)
    if rounding == ROUND_HALF_UP and abs(scaled - whole) * 2 == 1 and abs(whole) < abs(scaled):
        whole += 1 if scaled > 0 else -1
    return EXACT.scaleb(Decimal(whole), -digits)
