"""Time limits of every unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import get_args

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.limits import TimeLimit, Unit
from govservice.strategies.days import LAST, ready

__all__ = ["limits"]

UNITS: tuple[Unit, ...] = get_args(Unit)
WITHOUT_AMOUNT = ("same_day", "on_the_spot")
MOST = {"month": 1_200, "year": 100, "same_day": 0, "on_the_spot": 0}  # what TimeLimit itself allows
MOST_OF_ANY = 100_000
WHOLE = (*MOST,)
DAYS_OF = {"month": 31, "year": 366}
Amounts = st.SearchStrategy[int | Decimal]


def limits(
    *, units: Iterable[Unit] | None = None, min_value: int = 0, max_value: int | None = None, parts: bool = True
) -> st.SearchStrategy[TimeLimit]:
    """Limits of the given units (all eight unless said), from `min_value` to `max_value`, both included.

    Unless said, as large as `TimeLimit` allows: 100 years, 1,200 months, 100,000 of the rest. "same_day" and "on_the_spot" have no
    amount, and are left out where `min_value` is above 0. With `parts` days, hours and minutes may be parts (hundredths); months and
    years never are. InvalidArgument for a unit that does not exist, no unit, or bounds that no unit can meet.

    >>> from hypothesis import find
    >>> find(limits(units=["workday", "month"], min_value=3, parts=False), lambda limit: limit.unit == "month").value >= 3
    True
    >>> limits(min_value=5, max_value=3)
    Traceback (most recent call last):
    hypothesis.errors.InvalidArgument: no limit is between min_value=5 and max_value=3
    """
    chosen = _units(units)
    for name, bound in (("min_value", min_value), ("max_value", max_value)):
        if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool)):
            raise InvalidArgument(f"{name}={bound!r} is not a whole number")
    low = max(min_value, 0)
    highest = {unit: _most(unit) if max_value is None else min(max_value, _most(unit)) for unit in chosen}
    possible = [unit for unit in chosen if low <= highest[unit]]
    if not possible:
        most = max(_most(unit) for unit in chosen) if max_value is None else max_value
        raise InvalidArgument(f"no limit is between min_value={min_value} and max_value={most}")
    amounts: list[tuple[Unit, Amounts]] = [(unit, st.integers(low, highest[unit])) for unit in possible]
    amounts += [(unit, st.decimals(low, highest[unit], places=2)) for unit in possible if parts and unit not in WHOLE]

    longest = max(highest[unit] * DAYS_OF.get(unit, 1) for unit in possible)
    reached = LAST + timedelta(days=2 * longest)  # two days are more than a working day and the rest days beside it

    @st.composite
    def of_a_unit(draw: st.DrawFn) -> TimeLimit:
        ready(through=reached)
        unit, amount = draw(st.sampled_from(amounts))
        return TimeLimit(draw(amount), unit)

    return of_a_unit()


def _units(units: Iterable[Unit] | None) -> tuple[Unit, ...]:
    if units is None:
        return UNITS
    if isinstance(units, str):
        raise InvalidArgument(f"units is a list, not {units!r}: write units=[{units!r}]")
    chosen = tuple(dict.fromkeys(units))
    if not chosen:
        raise InvalidArgument(f"units is empty: give some of {', '.join(UNITS)}")
    for unit in chosen:
        if unit not in UNITS:
            raise InvalidArgument(f"no unit of time: {unit!r}; one of {', '.join(UNITS)}")
    return chosen


def _most(unit: Unit) -> int:
    return MOST.get(unit, MOST_OF_ANY)
