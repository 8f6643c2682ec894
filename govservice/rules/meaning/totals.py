"""Totals over rows: count, sum, mean, median, lowest, highest, percent; and all that they may come to where some rows are not settled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from math import inf, isinf
from typing import Any, Final, NamedTuple, cast

from govservice.rules.language.day_functions import moment_order
from govservice.rules.language.functions import FUNCTIONS, NOWHERE
from govservice.rules.language.intervals import Bounded, calculate, ends, is_number, narrowed, needs_of
from govservice.rules.language.values import BY_NOTHING, Interval, Number, Unknown, Value, added, exact

__all__ = ["EVERY", "Chosen", "bounded_total", "each_worth", "settled_total", "settled_total_of_kinds"]

_EXTREMES: Final = {"lowest": "min", "highest": "max"}
_MOST_DOUBTED: Final = 100  # rows that may be left out, of which every number is tried


class Chosen(NamedTuple):
    """Which of the rows a mean is taken of, by their values: so many of the highest or lowest, or all without so many of them."""

    top: int = 0
    bottom: int = 0
    without_highest: int = 0
    without_lowest: int = 0

    def of(self, values: Sequence[Any]) -> Sequence[Any]:
        """Those chosen of values in order; all there are where there are fewer."""
        if self.top or self.bottom:
            return values[-self.top :] if self.top else values[: self.bottom]
        return values[self.without_lowest : max(len(values) - self.without_highest, self.without_lowest)]


EVERY: Final = Chosen()


def settled_total(total: str, values: Sequence[Any], chosen: Chosen = EVERY) -> Value:
    """A total over values that are all known, or numbers between two; a mean of those `chosen`.

    >>> settled_total("count", [1, 1]), settled_total("percent", [True, False]), settled_total("mean", [])
    (2, 50, Unknown(needs=frozenset({'nothing to divide by'})))
    >>> settled_total("median", [60, 90, 80]), settled_total("mean", [60, 90, 80, 100], Chosen(without_highest=1, without_lowest=1))
    (80, 85)
    """
    if total == "count":
        return len(values)
    if total == "sum":
        return _sum(values)
    if not values:
        return BY_NOTHING
    if total == "median" or chosen != EVERY:
        middles = [_middle(total, sorted(ends(value)[side] for value in values), chosen) for side in (0, 1)]
        return BY_NOTHING if None in middles else narrowed(middles[0], middles[1], needs_of(*values))
    if total == "mean":
        return calculate("/", cast("Bounded", _sum(values)), len(values))
    if total == "percent":
        return _percent(sum(value is True for value in values), len(values))
    if any(isinstance(value, Interval) for value in values):
        return FUNCTIONS[_EXTREMES[total]].called(list(values), NOWHERE)
    return cast("Value", (min if total == "lowest" else max)(values, key=moment_order))


def settled_total_of_kinds(total: str, worths: Sequence[Any], often: Sequence[int]) -> Value:
    """The same over rows of which so many are worth as much, for each worth.

    >>> settled_total_of_kinds("sum", [3, 4], [2, 5]), settled_total_of_kinds("percent", [True, False], [1, 3])
    (26, 25)
    """
    if total == "count":
        return sum(often)
    if total == "percent" and worths:
        return _percent(sum(times for worth, times in zip(worths, often, strict=True) if worth is True), sum(often))
    if total in ("sum", "mean") and worths and all(type(worth) is int for worth in worths):
        whole = sum(worth * times for worth, times in zip(worths, often, strict=True))
        return whole if total == "sum" else calculate("/", whole, sum(often))
    return settled_total(total, each_worth(worths, often))


def each_worth(worths: Sequence[Any], often: Sequence[int] | None) -> list[Any]:
    """What each row is worth, where so many are worth as much, for each worth."""
    return [*worths] if often is None else [worth for worth, times in zip(worths, often, strict=True) for _ in range(times)]


def _middle(total: str, values: Sequence[Any], chosen: Chosen) -> Any:
    """The median of values in order, or the mean of those chosen; None where there are none. It never falls where a value rises."""
    if total == "median":
        half = len(values) // 2
        values = values[half : half + 1] if len(values) % 2 else values[max(half - 1, 0) : half + 1]
    else:
        values = chosen.of(values)
    if not values:
        return None
    infinite = {value for value in values if isinstance(value, float)}
    if infinite:
        return infinite.pop()
    whole = added(values)
    return exact(Fraction(whole) / len(values), whole)


def _bounded_middle(total: str, chosen: Chosen, sure: Sequence[Any], maybe: Sequence[Any], open_: Unknown) -> Value:
    """The least and the greatest middle; a value that is not known may be anything."""
    needs = open_.needs | needs_of(*(value for value in (*sure, *maybe) if is_number(value)))
    found = []
    for side, sign in ((0, 1), (1, -1)):
        certain, perhaps = ([_end(value, side) for value in values] for values in (sure, maybe))
        perhaps = sorted(perhaps, key=lambda end: sign * end)
        counts = range(len(perhaps) + 1) if len(perhaps) <= _MOST_DOUBTED else (0,)
        middles = [_middle(total, sorted([*certain, *perhaps[:count]]), chosen) for count in counts]
        if len(counts) <= len(perhaps) and middles[0] is not None:  # too many to try: no middle lies outside them all
            middles = [min((*certain, *perhaps), key=lambda end: sign * end)]
        if any(middle is None or isinf(middle) for middle in middles):
            return open_
        found.append(min(middles, key=lambda end: sign * end))
    return narrowed(found[0], found[1], needs)


def _end(value: Any, side: int) -> Any:
    return ends(value)[side] if is_number(value) else (-inf, inf)[side]


def bounded_total(total: str, sure: Sequence[Any], maybe: Sequence[Any], open_: Unknown, chosen: Chosen = EVERY) -> Value:
    """Between what a total may come to: `sure` are values of rows that count, `maybe` of rows that may; unknown where nothing bounds it.

    >>> bounded_total("count", [1], [1, 1], Unknown(frozenset({"x"})))
    Interval(low=1, high=3, needs=frozenset({'x'}))
    >>> bounded_total("mean", [10], [4], Unknown(frozenset({"x"})))
    Interval(low=7, high=10, needs=frozenset({'x'}))
    >>> bounded_total("median", [60, 90, Unknown()], [], Unknown(frozenset({"x"})))
    Interval(low=60, high=90, needs=frozenset({'x'}))
    """
    if total == "count":
        return narrowed(len(sure), len(sure) + len(maybe), open_.needs)
    if total == "percent":
        return _bounded_percent(sure, maybe, open_)
    if total == "median" or chosen != EVERY:
        return _bounded_middle(total, chosen, sure, maybe, open_)
    if not all(is_number(value) for value in (*sure, *maybe)):
        return open_
    needs = open_.needs | needs_of(*sure, *maybe)
    if total == "sum":
        low = added([*(ends(value)[0] for value in sure), *(min(ends(value)[0], 0) for value in maybe)])
        high = added([*(ends(value)[1] for value in sure), *(max(ends(value)[1], 0) for value in maybe)])
        return narrowed(low, high, needs)
    if not sure:
        return open_  # perhaps of nothing at all
    if total == "mean":
        low = _least_mean([ends(value)[0] for value in sure], [ends(value)[0] for value in maybe])
        high = -_least_mean([-ends(value)[1] for value in sure], [-ends(value)[1] for value in maybe])
        return narrowed(low, high, needs)
    choose = min if total == "lowest" else max
    whole = [choose(ends(value)[side] for value in (*sure, *maybe)) for side in (0, 1)]
    certain = [choose(ends(value)[side] for value in sure) for side in (0, 1)]
    return narrowed(min(whole[0], certain[0]), max(whole[1], certain[1]), needs)


def _sum(values: Sequence[Any]) -> Value:
    bounds = [ends(value) for value in values]
    low = added([low for low, _ in bounds])
    return narrowed(low, added([high for _, high in bounds]) if Interval in map(type, values) else low, needs_of(*values))


def _percent(yes: int, count: int) -> Number:
    return exact(Fraction(100 * yes, count))


def _bounded_percent(sure: Sequence[Any], maybe: Sequence[Any], open_: Unknown) -> Value:
    """A row whose answer is open may be either; one that may count counts where that is worse, or better."""
    if not sure:
        return open_
    yes = sum(value is True for value in sure)
    perhaps = sum(isinstance(value, Unknown) for value in sure)
    against = sum(value is not True for value in maybe)
    in_favour = sum(value is True or isinstance(value, Unknown) for value in maybe)
    return narrowed(_percent(yes, len(sure) + against), _percent(yes + perhaps + in_favour, len(sure) + in_favour), open_.needs)


def _least_mean(sure: Sequence[Number], maybe: Sequence[Number]) -> Number:
    """The least mean of some values together with any of others: those below it are taken in, the least first."""
    below = sorted(maybe)
    taken = bisect_left(range(len(below)), True, key=lambda number: below[number] * (len(sure) + number) >= added([*sure, *below[:number]]))
    total = added([*sure, *below[:taken]])
    return exact(Fraction(total) / (len(sure) + taken), total)
