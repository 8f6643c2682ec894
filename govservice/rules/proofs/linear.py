"""Whether numbers can stand to one another as several comparisons ask, and which: sums eliminated one variable after another, exactly."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeAlias

__all__ = ["Constraint", "Sum", "Undecided", "point_of"]

MOST_CONSTRAINTS: Final = 2_000
NOWHERE: Final[Mapping[int, Fraction]] = {}
_End: TypeAlias = tuple[Fraction, bool] | None  # a number, and whether it is itself left out


class Undecided(Exception):
    """It cannot be said whether there are such numbers: whole ones with odd factors, or too many comparisons."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of variables, each times a factor that is not 0."""

    parts: tuple[tuple[int, Fraction], ...]

    def times(self, factor: Fraction) -> Sum:
        """Every factor times a number."""
        return Sum(tuple((dim, own * factor) for dim, own in self.parts))

    def plus(self, other: Sum) -> Sum:
        """Two sums as one."""
        total = dict(self.parts)
        for dim, factor in other.parts:
            total[dim] = total.get(dim, Fraction(0)) + factor
        return Sum(tuple(sorted((dim, factor) for dim, factor in total.items() if factor)))


@dataclass(frozen=True, slots=True)
class Constraint:
    """That a sum is no more than a bound, or less than it (`strict`)."""

    line: Sum
    bound: Fraction
    strict: bool = False


def point_of(
    constraints: Iterable[Constraint], grains: Mapping[int, Fraction], usual: Mapping[int, Fraction] = NOWHERE
) -> dict[int, Fraction] | None:
    """A number for each variable (`grains` says of each the step between its numbers, 0 where there is none) that meets all constraints,
    as near as may be to its `usual` one (unless said, 0).

    None is a proof that there are none. Raises Undecided.

    >>> line = Sum(((0, Fraction(1)), (1, Fraction(-1))))
    >>> point_of([Constraint(line, Fraction(-1))], {0: Fraction(1), 1: Fraction(1)})
    {0: Fraction(0, 1), 1: Fraction(1, 1)}
    """
    levels: list[tuple[int, list[Constraint]]] = []
    left = _tight(constraints, grains)
    for dim in sorted(grains, key=lambda dim: (bool(grains[dim]), -dim)):  # whole numbers last: what is left of them is tightened
        if left is None:
            return None
        here = [one for one in left if any(part == dim for part, _ in one.line.parts)]
        levels.append((dim, here))
        uppers = [(one, _factor(one, dim)) for one in here if _factor(one, dim) > 0]
        lowers = [(one, _factor(one, dim)) for one in here if _factor(one, dim) < 0]
        joined = [
            Constraint(
                upper.line.times(1 / a).plus(lower.line.times(-1 / b)), upper.bound / a - lower.bound / b, upper.strict or lower.strict
            )
            for upper, a in uppers
            for lower, b in lowers
        ]
        left = _tight([*(one for one in left if one not in here), *joined], grains)
        if left is not None and len(left) > MOST_CONSTRAINTS:
            raise Undecided
    if left is None:
        return None
    return _numbers(levels, grains, usual)


def _numbers(
    levels: list[tuple[int, list[Constraint]]], grains: Mapping[int, Fraction], usual: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    numbers: dict[int, Fraction] = {}
    for dim, here in reversed(levels):
        low: _End = None
        high: _End = None
        for one in here:
            factor = _factor(one, dim)
            rest = sum((own * numbers[part] for part, own in one.line.parts if part != dim), Fraction(0))
            end = (one.bound - rest) / factor
            if factor > 0 and (high is None or (end, not one.strict) < (high[0], not high[1])):
                high = (end, one.strict)
            if factor < 0 and (low is None or (end, one.strict) > low):
                low = (end, one.strict)
        number = _between(low, high, grains[dim], usual.get(dim, Fraction(0)))
        if number is None:
            raise Undecided
        numbers[dim] = number
    return dict(sorted(numbers.items()))


def _factor(one: Constraint, dim: int) -> Fraction:
    return next((factor for part, factor in one.line.parts if part == dim), Fraction(0))


def _tight(constraints: Iterable[Constraint], grains: Mapping[int, Fraction]) -> list[Constraint] | None:
    """The constraints, each once and as tight as whole numbers make it; None where one of them cannot be met."""
    bounds: dict[Sum, tuple[Fraction, bool]] = {}
    for one in constraints:
        line, bound, strict = one.line, one.bound, one.strict
        if not line.parts:
            if bound < 0 or (strict and bound == 0):
                return None
            continue
        if all(grains.get(dim) == 1 and factor.denominator == 1 for dim, factor in line.parts):
            common = Fraction(math.gcd(*(int(factor) for _, factor in line.parts)))
            line, bound = line.times(1 / common), bound / common
            bound, strict = Fraction(math.ceil(bound) - 1 if strict else math.floor(bound)), False
        before = bounds.get(line)
        if before is None or (bound, not strict) < (before[0], not before[1]):
            bounds[line] = (bound, strict)
    return [Constraint(line, bound, strict) for line, (bound, strict) in bounds.items()]


def _between(low: _End, high: _End, grain: Fraction, usual: Fraction) -> Fraction | None:
    """The number between two ends, each in it or not, that is nearest to the usual one, and plain where it can be."""
    for step in (grain,) if grain else (Fraction(1), Fraction(1, 2), Fraction(1, 10), Fraction(1, 100)):
        number = usual
        if low is not None and (number < low[0] or (low[1] and number == low[0])):
            number = step * (math.floor(low[0] / step) + 1 if low[1] else math.ceil(low[0] / step))
        elif high is not None and (number > high[0] or (high[1] and number == high[0])):
            number = step * (math.ceil(high[0] / step) - 1 if high[1] else math.floor(high[0] / step))
        if _within(number, low, high):
            return number
    if grain or low is None or high is None or low[0] > high[0]:
        return None
    middle = (low[0] + high[0]) / 2
    return middle if _within(middle, low, high) else None


def _within(number: Fraction, low: _End, high: _End) -> bool:
    above = low is None or number > low[0] or (not low[1] and number == low[0])
    below = high is None or number < high[0] or (not high[1] and number == high[0])
    return above and below
