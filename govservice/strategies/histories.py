"""What happens to a case on the way: where it starts, its limit, pauses, extensions, the day it stops."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.as_json import AsJson
from govservice.calendars import WorkCalendar
from govservice.deadlines import Deadline, deadline
from govservice.errors import CalendarError
from govservice.limits import TimeLimit
from govservice.strategies.days import days, moments
from govservice.strategies.limits import limits as any_limits

__all__ = ["CaseHistory", "case_histories", "extensions", "pauses"]

When = date | datetime
Pauses = tuple[tuple[When, When], ...]
CLOCK_UNITS = ("hour", "minute")
LATEST_STOP = 60  # days after the deadline


@dataclass(frozen=True, slots=True, repr=False)
class CaseHistory(AsJson):
    """One case's course: `limit`, `start`, `pauses` (first, last), `extensions`, and the day or moment it `stopped` (None: open).

    All are dates, or all naive moments, as `start` is. Change one thing with `dataclasses.replace`. JSON by `to_dict` and `from_dict`.

    >>> from govservice import china
    >>> history = CaseHistory(TimeLimit(3, "workday"), date(2026, 2, 12), pauses=((date(2026, 2, 14), date(2026, 2, 14)),))
    >>> history.deadline(china()).due
    datetime.date(2026, 2, 25)
    """

    limit: TimeLimit
    start: When
    pauses: Pauses = ()
    extensions: tuple[TimeLimit, ...] = ()
    stopped: When | None = None

    def deadline(self, calendar: WorkCalendar | None = None, **options: Any) -> Deadline:
        """`govservice.deadline` of the history; `options` are its options (`hours`, `first_day`, `roll`, `ends`, ...).

        >>> CaseHistory(TimeLimit(1, "month"), date(2026, 1, 31)).deadline(roll="none").due
        datetime.date(2026, 2, 28)
        """
        return deadline(self.limit, self.start, calendar, pauses=self.pauses, extensions=self.extensions, **options)


def pauses(start: When, *, max_size: int = 4, max_length: int = 15) -> st.SearchStrategy[Pauses]:
    """Pauses around a start: some before it, some long after, in any order; they may overlap, touch or repeat.

    Of a date each is a pair of dates, at most `max_length` days apart; of a moment a pair of moments, at most so many hours apart.
    They begin from 5 days or hours before the start to 40 after. InvalidArgument for a negative size or length.

    >>> from hypothesis import find
    >>> ((first, last),) = find(pauses(date(2026, 3, 2)), lambda drawn: len(drawn) == 1)
    >>> date(2026, 2, 25) <= first <= last
    True
    """
    for name, size in (("max_size", max_size), ("max_length", max_length)):
        if size < 0:
            raise InvalidArgument(f"{name}={size} is less than 0")
    unit = timedelta(hours=1) if isinstance(start, datetime) else timedelta(days=1)
    offsets = st.tuples(st.integers(-5, 40), st.integers(0, max_length))
    return st.lists(offsets, max_size=max_size).map(
        lambda drawn: tuple((start + unit * after, start + unit * (after + length)) for after, length in drawn)
    )


def extensions(*, limits: st.SearchStrategy[TimeLimit] | None = None, max_size: int = 2) -> st.SearchStrategy[tuple[TimeLimit, ...]]:
    """Extensions in the order they are granted, each of more than nothing; of `limits`, unless said of whole days, months or years.

    >>> from hypothesis import find
    >>> all(limit.value > 0 for limit in find(extensions(), lambda drawn: len(drawn) == 2))
    True
    """
    if max_size < 0:
        raise InvalidArgument(f"max_size={max_size} is less than 0")
    amounts = (usual_limits() if limits is None else limits).filter(lambda limit: limit.value > 0)
    return st.lists(amounts, max_size=max_size).map(tuple)


def case_histories(
    *,
    calendar: WorkCalendar | None = None,
    limits: st.SearchStrategy[TimeLimit] | None = None,
    max_pauses: int = 3,
    max_extensions: int = 2,
    stopped: bool | None = None,
    min_date: date | None = None,
    max_date: date | None = None,
) -> st.SearchStrategy[CaseHistory]:
    """Courses of a case whose deadline the calendar can tell.

    `limits` are, unless said, whole ones as offices promise them: up to 60 working days, 90 natural days, 15 months or 3 years; extensions
    are drawn from the same. A limit in hours or minutes starts at a moment, others on a day. Starts are `days` of the calendar (boundaries
    often) from `min_date` to `max_date`. `stopped=True` are closed cases, False open ones, None either; a case stops on or after its
    start, about its deadline often. InvalidArgument for a negative number of pauses or extensions, or bounds with no day between.

    >>> from hypothesis import find
    >>> late = find(case_histories(max_pauses=0, max_extensions=0, stopped=True), lambda one: one.stopped > one.deadline().due)
    >>> late.start <= late.deadline().due < late.stopped
    True
    """
    amounts = usual_limits() if limits is None else limits
    extended = extensions(limits=amounts, max_size=max_extensions)
    on = days(calendar=calendar, min_date=min_date, max_date=max_date)
    at = moments(calendar=calendar, min_date=min_date, max_date=max_date)
    pauses(date.min, max_size=max_pauses)  # refuses a negative number here, not at the first draw

    @st.composite
    def courses(draw: st.DrawFn) -> CaseHistory:
        limit = draw(amounts)
        start: When = draw(at if limit.unit in CLOCK_UNITS else on)
        course = CaseHistory(limit, start, draw(pauses(start, max_size=max_pauses)), draw(extended))
        due = _due(course, calendar)
        if due is None or not (draw(st.booleans()) if stopped is None else stopped):
            assume(due is not None)
            return course
        assume(due.year < date.max.year)
        stop = max(start, due + draw(st.sampled_from((-1, 0, 1)) | st.integers(-LATEST_STOP, LATEST_STOP)) * _unit(start))
        return CaseHistory(limit, start, course.pauses, course.extensions, stop)

    return courses()


def _unit(start: When) -> timedelta:
    return timedelta(minutes=1) if isinstance(start, datetime) else timedelta(days=1)


def _due(course: CaseHistory, calendar: WorkCalendar | None) -> Any:
    """The due day of a case that starts on a day, the due moment (naive) of one that starts at a moment; None where there is none."""
    same_day: Literal["same"] | None = "same" if course.limit.unit == "same_day" else None
    try:
        answer = course.deadline(calendar, rest_day_same_day=same_day)
    except CalendarError:
        return None
    return answer.due_at.replace(tzinfo=None) if isinstance(course.start, datetime) else answer.due_on


def usual_limits() -> st.SearchStrategy[TimeLimit]:
    """Whole limits as offices promise them."""
    units: list[tuple[Literal["workday", "natural_day", "month", "year"], int]] = [
        ("workday", 60),
        ("natural_day", 90),
        ("month", 15),
        ("year", 3),
    ]
    return st.one_of([any_limits(units=[unit], max_value=most, parts=False) for unit, most in units])
