"""Calendars with and without swaps, provisional years and local notices; office hours."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from govservice.calendars import OfficeHours, WorkCalendar, china
from govservice.calendars.notice import shipped_notices
from govservice.strategies.days import days, ready

__all__ = ["calendars", "office_hours"]

NOTHING_KNOWN = date(2003, 12, 31)  # before the first notice: every year is forecast, and a forecast has no swaps
ELSEWHERE = (("US", "MA", "America/New_York"), ("JP", None, "Asia/Tokyo"), ("DE", "BY", "Europe/Berlin"), ("AE", None, None))
DAY = timedelta(days=1)
Base = tuple[Any, ...]


def calendars(
    *, swaps: bool | None = None, provisional: bool | None = None, amended: bool | None = None
) -> st.SearchStrategy[WorkCalendar]:
    """Calendars of China as known on some day, and of other countries; True asks for a property, False for its absence.

    swaps        Make-up workdays, so that some weekends are worked.
    provisional  Days that no published notice fixes; where False, China's calendar is a strict one, which refuses those days.
    amended      A local notice laid over it: a few more rest days and make-up workdays (rest days alone where `swaps` is False).

    Unless said, either, and no strict ones. They answer for 2008 to 2030 at once, without a first slow call. The simplest is `china()`.

    >>> from hypothesis import find
    >>> plain = find(calendars(swaps=False), lambda calendar: True)
    >>> any(day.kind == "makeup_workday" for day in plain.days(date(2026, 1, 1), date(2026, 12, 31)))
    False
    >>> provisional = find(calendars(provisional=True), lambda calendar: True)
    >>> provisional.official_through < provisional.last
    True
    """
    strict = provisional is False
    families = [family for family, has in _families(strict=strict) if _fits(has, swaps, provisional)]

    @st.composite
    def some(draw: st.DrawFn) -> WorkCalendar:
        more = draw(st.booleans()) if amended is None else amended
        base = _base(*draw(st.one_of(families)), strict=strict)
        return draw(_amended(base, swaps=swaps)) if more else base

    return some()


def _families(*, strict: bool) -> list[tuple[st.SearchStrategy[Base], tuple[bool, bool]]]:
    """Each family of calendars, as what makes them, with whether it has swaps and provisional days."""
    once_known = st.deferred(lambda: st.sampled_from(_edges_of_notices()))
    return [
        *([(st.just((None,)), (True, False))] if strict else [(st.just((None,)), (True, True))]),
        (st.tuples(once_known), (True, True)),
        (st.just((NOTHING_KNOWN,)), (False, True)),
        (st.sampled_from(ELSEWHERE), (False, False)),
    ]


def _fits(has: tuple[bool, bool], *wanted: bool | None) -> bool:
    return all(want in (None, trait) for want, trait in zip(wanted, has, strict=True))


def _edges_of_notices() -> list[date]:
    """The day before and the day of each notice."""
    issued = sorted({notice.issued_on for notice in shipped_notices()}, reverse=True)
    return [day - DAY * before for day in issued for before in (0, 1)]


@lru_cache(maxsize=128)
def _base(*made_of: Any, strict: bool) -> WorkCalendar:
    """China's calendar as known on a day, or that of another place: the same value whenever it is drawn, its years read."""
    return ready(china(known_on=made_of[0], strict=strict) if len(made_of) == 1 else WorkCalendar.of(*made_of))


@st.composite
def _amended(draw: st.DrawFn, base: WorkCalendar, *, swaps: bool | None) -> WorkCalendar:
    any_day = days(calendar=base)
    rest = draw(st.sets(any_day, min_size=1, max_size=3))
    makeup = draw(st.sets(any_day, max_size=3)) - rest if swaps is not False else set()
    return ready(base.amend(rest_days=rest, makeup_workdays=makeup, source="a local notice"))


@st.composite
def office_hours(draw: st.DrawFn, *, lunch: bool | None = None, saturdays: bool | None = None) -> OfficeHours:
    """Office hours of the working days: one span, or two with a `lunch` break between; on `saturdays` too, or not. None is either.

    >>> from hypothesis import find
    >>> hours = find(office_hours(lunch=False, saturdays=True), lambda hours: True)
    >>> len(hours.opens(0)), len(hours.opens(5)), len(hours.opens(6))  # spans of a Monday, a Saturday, a Sunday
    (1, 1, 0)
    """
    ready()
    text = draw(_spans(2 if draw(st.booleans() if lunch is None else st.just(lunch)) else 1))
    if draw(st.booleans() if saturdays is None else st.just(saturdays)):
        text += f"; 周六 {draw(_spans(1))}"
    return OfficeHours(text)


@st.composite
def _spans(draw: st.DrawFn, count: int) -> str:
    at = sorted(draw(st.lists(st.integers(0, 24 * 60 - 1), min_size=2 * count, max_size=2 * count, unique=True)))
    return " ".join(f"{_clock(at[n])}-{_clock(at[n + 1])}" for n in range(0, len(at), 2))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
