"""Periods of assessment: months, quarters and years, those from the 26th, and any two days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.assessment.periods import MONTHS, Period, around
from govservice.rules.book.marks import period_kind
from govservice.strategies.days import days

__all__ = ["periods"]

SPAN = "span"
ANCHOR = st.integers(1, 28)  # a day that every month has, as a book may name
LONGEST = 400  # days of a span
Kind = str | Mapping[str, object]
_DAY = r"(0?[1-9]|1\d|2[0-8])"
_ANCHORED = re.compile(rf"month from {_DAY}|year from (0[1-9]|1[0-2])-{_DAY}")


def periods(
    *, kinds: Iterable[Kind] | None = None, min_date: date | None = None, max_date: date | None = None
) -> st.SearchStrategy[Period]:
    """Periods for which scores, grades and measures may be asked, with `first`, `last` and `before()`; `str()` is their name.

    `kinds` are written as a rulebook does: "day", "month", "bimonth", "quarter", "half", "year", `{"month_from": 26}`,
    `{"year_from": "12-01"}` (or `book.schemes[..].period`), and "span" for any two days up to 400 apart. Unless said they are all of
    these, anchored ones from any day. Every period holds a day from `min_date` to `max_date` (of `days`, so that its bounds lie near month
    ends and holidays often). An anchored one is named for the month or year in which it ends. InvalidArgument for no kind, one that has no
    periods of its own (`rolling`, `ever`), and bounds with no day between.

    >>> from hypothesis import find
    >>> anchored = periods(kinds=[{"month_from": 26}], min_date=date(2026, 10, 26), max_date=date(2026, 10, 31))
    >>> found = find(anchored, lambda period: True)
    >>> print(found, found.first, found.last)
    2026-11 2026-10-26 2026-11-25
    """
    chosen = ("day", *MONTHS, SPAN, "month from", "year from") if kinds is None else _kinds(kinds)
    on = days(min_date=min_date, max_date=max_date)

    @st.composite
    def of_a_kind(draw: st.DrawFn) -> Period:
        kind, day = draw(st.sampled_from(chosen)), draw(on)
        if kind == SPAN:
            before = draw(st.integers(0, LONGEST))
            return Period(day - timedelta(before), day + timedelta(draw(st.integers(0, LONGEST - before))), SPAN)
        if kind == "month from":
            kind = f"{kind} {draw(ANCHOR)}"
        elif kind == "year from":
            kind = f"{kind} {draw(st.integers(1, 12)):02}-{draw(ANCHOR):02}"
        return around(day, kind)

    return of_a_kind()


def _kinds(kinds: Iterable[Kind]) -> tuple[str, ...]:
    if isinstance(kinds, str | Mapping):
        raise InvalidArgument(f"kinds is a list, not {kinds!r}: write kinds=[{kinds!r}]")
    chosen = tuple(dict.fromkeys(_kind(kind) for kind in kinds))
    if not chosen:
        raise InvalidArgument(f"kinds is empty: give some of {', '.join(MONTHS)}, {SPAN}")
    return chosen


def _kind(given: Kind) -> str:
    written: Any = {name: str(value) for name, value in given.items()} if isinstance(given, Mapping) else given
    read = period_kind(written) if isinstance(written, str | dict) else None
    if read not in ("day", *MONTHS, SPAN) and not (read and _ANCHORED.fullmatch(read)):
        raise InvalidArgument(f"no kind of period: {given!r}; one of {', '.join(MONTHS)}, {SPAN}, {{'month_from': 26}}")
    return read
