"""The days that a deadline in a provisional year can fall on: earliest and latest over the ways its holidays may be arranged."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from govservice.calendars.patterns import FORECAST, Arrangement
from govservice.calendars.rearranged import KeptYears, possible_arrangements, supposing
from govservice.counting.asked import Ask, day_of
from govservice.counting.legs import legs
from govservice.errors import GovServiceError

AHEAD = timedelta(days=31)  # no arrangement moves a deadline further
ROUNDS = 3


def range_of(ask: Ask, due_on: date) -> tuple[date, date]:
    """The earliest and the latest due day; the forecast's own is among them.

    Holiday by holiday the arrangement is taken that ends earliest (latest), until none does better: what one holiday adds to the
    count does not depend on how another is arranged, so that finds the end without trying every combination.
    """
    start = day_of(ask.start)
    holidays = possible_arrangements(ask.calendar, min(start, due_on - AHEAD) if ask.backward else start, max(start, due_on + AHEAD))
    if not holidays:
        return due_on, due_on
    kept = KeptYears()
    return _end(ask, holidays, due_on, operator.lt, kept), _end(ask, holidays, due_on, operator.gt, kept)


def _end(
    ask: Ask, holidays: Sequence[tuple[Arrangement, ...]], due_on: date, better: Callable[[date, date], bool], kept: KeptYears
) -> date:
    chosen: list[Arrangement] = [FORECAST] * len(holidays)
    best = _due(ask, chosen, kept) or due_on
    for _ in range(ROUNDS):
        before = best
        for place, ways in enumerate(holidays):
            for way in ways:
                if way == chosen[place]:
                    continue
                due = _due(ask, [*chosen[:place], way, *chosen[place + 1 :]], kept)
                if due is not None and better(due, best):
                    best, chosen[place] = due, way
        if best == before:
            break
    return due_on if better(due_on, best) else best


def _due(ask: Ask, chosen: Sequence[Arrangement], kept: KeptYears) -> date | None:
    """The due day under an arrangement; None where it leads out of the calendar, or to a question the ask leaves open."""
    try:
        return day_of(legs(ask._replace(calendar=supposing(ask.calendar, chosen, kept)))[-1].due)
    except (GovServiceError, OverflowError):
        return None
