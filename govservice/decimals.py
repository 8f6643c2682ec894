"""Numbers exactly: read, written, added and rounded alike, whatever precision, rounding or longest int the program around has set."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation
from fractions import Fraction
from typing import Final

__all__ = ["EXACT", "fraction_of", "half_even", "half_up", "in_digits", "shortest", "total", "whole_of", "without_zeros", "written"]

EXACT: Final = Context(
    MAX_PREC, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX, capitals=1, clamp=0, flags=[], traps=[InvalidOperation, DivisionByZero]
)
"""For sums and products of decimals, which end; a quotient need not, and is a Fraction's."""


def shortest(number: Decimal) -> str:
    """A number in digits, without zeros at the end of its decimals.

    >>> shortest(Decimal("12.50")), shortest(Decimal("1E+2")), shortest(Decimal("-0.00"))
    ('12.5', '100', '0')
    """
    text = f"{number:f}"
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short == "-0" else short


def written(number: Decimal | Fraction) -> str:
    """A number as Python writes it from the start: a Decimal with a capital E, a Fraction however long it is.

    >>> written(Decimal("1E-7")), written(Decimal("12.50")), written(Fraction(1, 3))
    ('1E-7', '12.50', '1/3')
    """
    if isinstance(number, Decimal):
        return EXACT.to_sci_string(number)
    whole = in_digits(number.numerator)
    return whole if number.denominator == 1 else f"{whole}/{in_digits(number.denominator)}"


def in_digits(number: int) -> str:
    """A whole number in digits, however many: Python's own `str` refuses more than it was told to (`sys.set_int_max_str_digits`).

    >>> in_digits(-12), len(in_digits(10**5_000))
    ('-12', 5001)
    """
    return f"{Decimal(number):f}"


def whole_of(digits: str) -> int:
    """The whole number that some digits are, however many.

    >>> whole_of("-012"), whole_of("1" + "0" * 5_000) == 10**5_000
    (-12, True)
    """
    return int(Decimal(digits))


def fraction_of(text: str) -> Fraction:
    """The number that a text of digits is, with a point or as a quotient, however many they are.

    >>> fraction_of("0.125"), fraction_of("-1/3")
    (Fraction(1, 8), Fraction(-1, 3))
    """
    above, bar, below = text.partition("/")
    return Fraction(Decimal(above)) / (Fraction(Decimal(below)) if bar else 1)


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
