"""What happens to a case on the way: where it starts, its limit, pauses, extensions, the day it stops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.as_json import AsJson
from govservice.calendars import WorkCalendar
from govservice.deadlines import Deadline, deadline
from govservice.errors import CalendarError
from govservice.limits import TimeLimit, Unit
from govservice.strategies.days import days, moments, ready
from govservice.strategies.limits import WITHOUT_AMOUNT

__all__ = ["CaseHistory", "case_histories", "extensions", "pauses"]

When = date | datetime
Pauses = tuple[tuple[When, When], ...]
CLOCK_UNITS = ("hour", "minute")
LATEST_STOP = 60  # days after the deadline
USUAL: tuple[tuple[Unit, int], ...] = (("workday", 60), ("natural_day", 90), ("month", 15), ("year", 3))


@dataclass(frozen=True, slots=True)
class CaseHistory(AsJson):
    """One case's course: `limit`, `start`, `pauses` (first, last), `extensions`, and the day or moment it `stopped` (None: open).

    All are dates, or all naive moments, as `start` is. With `backward` the limit is counted back from `start`, and what it asks for was
    done when it `stopped`; then there are no pauses and no extensions. Change one thing with `dataclasses.replace`. JSON by `to_dict` and
    `from_dict`; its repr is text that makes it again.

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
    backward: bool = False

    @classmethod
    def _read(cls, written: Mapping[str, Any]) -> CaseHistory:
        # not always written; and a slotted dataclass is made twice, so that super() alone means the first
        return super(CaseHistory, cls)._read({"backward": False, **written})

    def deadline(self, calendar: WorkCalendar | None = None, **options: Any) -> Deadline:
        """`govservice.deadline` of the history; `options` are its options (`hours`, `first_day`, `roll`, `ends`, ...).

        >>> CaseHistory(TimeLimit(1, "month"), date(2026, 1, 31)).deadline(roll="none").due
        datetime.date(2026, 2, 28)
        """
        course: dict[str, Any] = {"pauses": self.pauses, "extensions": self.extensions, "backward": self.backward}
        return deadline(self.limit, self.start, calendar, **course, **options)


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
    offsets = st.lists(st.tuples(st.integers(-5, 40), st.integers(0, max_length)), max_size=max_size)

    @st.composite
    def around_the_start(draw: st.DrawFn) -> Pauses:
        ready()
        return tuple((start + unit * after, start + unit * (after + length)) for after, length in draw(offsets))

    return around_the_start()


def extensions(*, limits: st.SearchStrategy[TimeLimit] | None = None, max_size: int = 2) -> st.SearchStrategy[tuple[TimeLimit, ...]]:
    """Extensions in the order they are granted, each of more than nothing; of `limits`, unless said of whole days, months or years.

    >>> from hypothesis import find
    >>> all(limit.value > 0 for limit in find(extensions(), lambda drawn: len(drawn) == 2))
    True
    """
    if max_size < 0:
        raise InvalidArgument(f"max_size={max_size} is less than 0")
    amounts = (usual_limits() if limits is None else limits).filter(lambda limit: limit.value > 0)

    @st.composite
    def granted(draw: st.DrawFn) -> tuple[TimeLimit, ...]:
        ready()
        return tuple(draw(st.lists(amounts, max_size=max_size)))

    return granted()


def case_histories(
    *,
    calendar: WorkCalendar | None = None,
    limits: st.SearchStrategy[TimeLimit] | None = None,
    max_pauses: int = 3,
    max_extensions: int = 2,
    stopped: bool | None = None,
    backward: bool | None = False,
    min_date: date | None = None,
    max_date: date | None = None,
) -> st.SearchStrategy[CaseHistory]:
    """Courses of a case whose deadline the calendar can tell.

    `limits` are, unless said, whole ones as offices promise them: up to 60 working days, 90 natural days, 15 months or 3 years; extensions
    are drawn from the same. A limit in hours or minutes starts at a moment, others on a day. Starts are `days` of the calendar (boundaries
    often) from `min_date` to `max_date`. `stopped=True` are closed cases, False open ones, None either; a case stops on or after its
    start, about its deadline often. `backward=True` are limits counted back from the start (seven days before a hearing), without pauses
    and extensions and never a same-day one; what they ask for is done before the last day in time or after it, the start too. None
    is either direction. InvalidArgument for a negative number of pauses or extensions, or bounds with no day between.

    >>> from hypothesis import find
    >>> late = find(case_histories(max_pauses=0, max_extensions=0, stopped=True), lambda one: one.stopped > one.deadline().due)
    >>> late.start <= late.deadline().due < late.stopped
    True
    >>> find(case_histories(backward=True), lambda one: one.limit == TimeLimit(7, "workday")).deadline().due <= date(2008, 1, 1)
    True
    """
    amounts = usual_limits() if limits is None else limits
    extended = extensions(limits=amounts, max_size=max_extensions)
    on = days(calendar=calendar, min_date=min_date, max_date=max_date)
    at = moments(calendar=calendar, min_date=min_date, max_date=max_date)
    pauses(date.min, max_size=max_pauses)  # refuses a negative number here, not at the first draw

    @st.composite
    def courses(draw: st.DrawFn) -> CaseHistory:
        back = draw(st.booleans()) if backward is None else backward
        limit = draw(amounts.filter(lambda limit: limit.unit not in WITHOUT_AMOUNT) if back else amounts)
        start: When = draw(at if limit.unit in CLOCK_UNITS else on)
        course = CaseHistory(limit, start, backward=back)
        if not back:
            course = replace(course, pauses=draw(pauses(start, max_size=max_pauses)), extensions=draw(extended))
        due = _due(course, ready(calendar))
        if due is None or not (draw(st.booleans()) if stopped is None else stopped):
            assume(due is not None)
            return course
        assume(date.min.year < due.year < date.max.year)
        stop = due + draw(st.sampled_from((-1, 0, 1)) | st.integers(-LATEST_STOP, LATEST_STOP)) * _unit(start)
        return replace(course, stopped=stop if back else max(start, stop))

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


@st.composite
def usual_limits(draw: st.DrawFn) -> TimeLimit:
    """Whole limits as offices promise them."""
    unit, most = draw(st.sampled_from(USUAL))
    return TimeLimit(draw(st.integers(0, most)), unit)
