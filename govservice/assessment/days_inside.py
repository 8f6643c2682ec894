"""The days of a row that lasts: from which to which, and which of them lie in a period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias, cast

from govservice.assessment.periods import Period
from govservice.errors import RecordError
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import Unknown

__all__ = ["Extent", "Inside", "Lasting", "Lasts", "On", "Spans", "any_day", "clipped", "days_in", "inside", "joined", "one_day"]

Spans: TypeAlias = tuple[tuple[date, date], ...]
Lasts: TypeAlias = tuple[Expression, Expression]  # the first and the last day of a row, where an item or a count names them
On: TypeAlias = "date | Unknown | Inside | None"  # the day that places a row, what would say whether it counts, or its days in the period
DAY = timedelta(days=1)


class Lasting(NamedTuple):
    """The days that a row says of itself: `last` is None while it has not ended; `fault` is why its last day cannot be read."""

    first: date
    last: date | None = None
    fault: RecordError | None = None


class Extent(NamedTuple):
    """From which day to which a row lasts: either may be open, and `last` is None while it has not ended.

    `begun` says whether it is sure to have its first day, though nobody can say its last.
    """

    first: date | Unknown
    last: date | Unknown | None
    begun: bool = False


class Inside(NamedTuple):
    """The days of a row that lie in a period: those that are sure to (`sure`), those that may (`most`), and what would settle it.

    `on` is the first of them; `whole` the days of the row in all, until today while it has not ended, None where nobody can say;
    `at_most` how many days there can be.
    """

    on: date
    sure: Spans
    most: Spans
    needs: frozenset[str] = frozenset()
    whole: tuple[date, date] | None = None
    at_most: int | None = None

    @property
    def doubt(self) -> Unknown | None:
        """What would say whether the row has any day in the period."""
        return None if self.sure else Unknown(self.needs)

    def reaches_beyond(self, period: Period) -> bool:
        """Whether the row lasts into another period too."""
        return self.whole is not None and not (period.first <= self.whole[0] and self.whole[1] <= period.last)


def one_day(on: date) -> Inside:
    """A row of one day.

    >>> days_in(one_day(date(2026, 10, 9)).sure)
    1
    """
    return Inside(on, ((on, on),), ((on, on),))


def any_day(period: Period, needs: frozenset[str]) -> Inside:
    """A row of one day in a period that nobody can say: at most that many days."""
    return Inside(period.last, (), ((period.first, period.last),), needs, at_most=1)


def inside(reading: Extent, period: Period, today: date) -> Inside | None:
    """The days of a row in a period, none after today; None where it has none. What has not ended lasts through today.

    >>> october = Period(date(2026, 10, 1), date(2026, 10, 31), "month")
    >>> inside(Extent(date(2026, 9, 29), None), october, date(2026, 10, 8)).sure
    ((datetime.date(2026, 10, 1), datetime.date(2026, 10, 8)),)
    """
    begins = period.first if isinstance(reading.first, Unknown) else max(reading.first, period.first)
    ends = today if reading.last is None or isinstance(reading.last, Unknown) else min(reading.last, today)
    most = _span(begins, min(ends, period.last))
    if not most:
        return None
    open_ = [day for day in reading[:2] if isinstance(day, Unknown)]
    if not open_:
        return Inside(begins, most, most, whole=(cast("date", reading.first), cast("date", reading.last or today)))
    needs = frozenset[str]().union(*(day.needs for day in open_))
    first = reading.first if reading.begun and isinstance(reading.first, date) else None
    return Inside(begins, ((first, first),) if first is not None and first == begins else (), most, needs)


def clipped(found: Inside, spans: Spans) -> Inside | None:
    """What of these days lies within some spans; None where nothing does."""
    most = _common(found.most, spans)
    return found._replace(on=most[0][0], sure=_common(found.sure, spans), most=most) if most else None


def joined(sure: Iterable[Inside], maybe: Iterable[Inside], doubt: frozenset[str]) -> Inside:
    """The days of several rows that are one: a day that two of them name is one day."""
    certain, perhaps = list(sure), list(maybe)
    every = [*certain, *perhaps]
    needs = doubt.union(*(one.needs for one in every))
    return Inside(
        min(one.on for one in every), _union(one.sure for one in certain), _union(one.most for one in every), needs, whole=every[0].whole
    )


def days_in(spans: Spans) -> int:
    """How many days these are."""
    return sum((last - first).days + 1 for first, last in spans)


def _span(first: date, last: date) -> Spans:
    return ((first, last),) if first <= last else ()


def _common(some: Spans, others: Spans) -> Spans:
    return tuple(span for one in some for other in others for span in _span(max(one[0], other[0]), min(one[1], other[1])))


def _union(several: Iterable[Spans]) -> Spans:
    whole: list[tuple[date, date]] = []
    for first, last in sorted(span for spans in several for span in spans):
        if whole and first <= whole[-1][1] + DAY:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return tuple(whole)
