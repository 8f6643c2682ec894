"""Due days of whole columns: working days by the calendar's table, other limits once for each start that there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from govservice.calendars import WorkCalendar
from govservice.counting.answer import counted
from govservice.counting.asked import day_of
from govservice.errors import GovServiceError
from govservice.framing.cells import cell
from govservice.limits import TimeLimit
from govservice.reading import is_missing, read_date, read_decimal, read_limit

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DueDays", "Workdays", "due_lazy"]

_EPOCH: Final = date(1970, 1, 1).toordinal()
_MOST: Final = 100_000
_CHUNK: Final = 1 << 16


class Workdays:
    """The working days of a calendar as arrays: `days` in order, and how many lie `before` each day from `first` on; days since 1970."""

    def __init__(self, calendar: WorkCalendar) -> None:
        import numpy as np

        last = calendar.official_through if calendar.strict else calendar.last
        self.first = calendar.first.toordinal() - _EPOCH
        worked = calendar.workdays(calendar.first, last)
        self.days = np.array([day.toordinal() - _EPOCH for day in worked], dtype=np.int32)
        flags = np.zeros(last.toordinal() - _EPOCH - self.first + 2, dtype=np.int32)
        flags[self.days - self.first + 1] = 1
        self.before = np.cumsum(flags, dtype=np.int32)

    def due(self, start: Any, days: Any, known: Any | None) -> tuple[Any, Any | None]:
        """The days that working days after some days end on, and which of them there are (None: all); `known` says which of both are."""
        import numpy as np

        due = np.empty(len(start), dtype=np.int32)
        found: Any = None
        most, last = len(self.before) - 2, len(self.days) - 1
        for low in range(0, len(start), _CHUNK):
            part = slice(low, low + _CHUNK)
            after = start[part] - self.first
            count = days[part] if isinstance(days, np.ndarray) else np.full(len(after), days, dtype=np.int32)
            counts = count > 0
            inside = None
            if known is not None or after.min() < 0 or after.max() > most:
                inside = (after >= 0) & (after <= most)
                if known is not None:
                    inside &= known[part]
                after = np.where(inside, after, 0)
                count = np.where(inside, count, 0)
            place = self.before[after + counts] + count - counts
            if place.min() < 0 or place.max() > last:
                fits = (place >= 0) & (place <= last)
                inside = fits if inside is None else inside & fits
                place = np.clip(place, 0, last)
            due[part] = self.days[place]
            if inside is not None:
                if found is None:
                    found = np.ones(len(start), dtype=bool)
                found[part] = inside
        return due, found


@dataclass(frozen=True)
class DueDays:
    """What due days are asked of a table: the column of starts, and the limit: one for all, a column of working days or limits, or two
    columns, of amounts and units; under which names due days and reasons stand; whether it is counted back.
    """

    start: str
    limit: TimeLimit | str | tuple[str, str]
    calendar: WorkCalendar
    into: str
    reason: str | None = None
    backward: bool = False

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that are read."""
        named = () if isinstance(self.limit, TimeLimit) else (self.limit,) if isinstance(self.limit, str) else self.limit
        return (self.start, *named)

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that are added."""
        return (self.into,) if self.reason is None else (self.into, self.reason)

    @cached_property
    def workdays(self) -> Workdays:
        """The calendar's table."""
        return _table_of(self.calendar)

    def one(self, start: Any, limit: Any) -> tuple[date | None, str | None]:
        """One due day, or why there is none."""
        try:
            if is_missing(start):
                return None, self.start
            if is_missing(limit):
                return None, ", ".join(self.reads[1:])
            began = start if isinstance(start, str | date) else read_date(start)
            return day_of(counted(self._as_limit(limit), began, self.calendar, backward=self.backward).due), None
        except GovServiceError as error:
            return None, str(error)

    def _as_limit(self, limit: Any) -> TimeLimit:
        if isinstance(limit, TimeLimit):
            return limit
        if isinstance(limit, tuple):
            amount, unit = limit
            known: Any = None if is_missing(unit) else str(unit).strip()
            from govservice.limits import PORTAL_CODES

            return TimeLimit(read_decimal(amount), PORTAL_CODES.get(known, known))
        if isinstance(limit, str) and not limit.strip().replace(".", "", 1).isdigit():
            return read_limit(limit)
        return TimeLimit(Decimal(read_decimal(limit)), "workday")


_TABLES: dict[str, Workdays] = {}


def _table_of(calendar: WorkCalendar) -> Workdays:
    """The arrays of a calendar: worked out once for all that have the same days."""
    key = f"{calendar.digest}{calendar.strict}"
    if key not in _TABLES:
        _TABLES.clear()
        _TABLES[key] = Workdays(calendar)
    return _TABLES[key]


def due_lazy(frame: pl.LazyFrame, asked: DueDays) -> pl.LazyFrame:
    """The frame with its due days, lazily."""
    import polars as pl

    schema = frame.collect_schema()
    start, limit = schema[asked.start], asked.limit
    whole = isinstance(limit, TimeLimit) and limit.unit == "workday" and limit.value == int(limit.value)
    number = isinstance(limit, str) and schema[limit].is_integer()
    quick = start in (pl.Date,) and (whole or number) and asked.reason is None and not asked.backward
    shape: dict[str, Any] = {asked.into: pl.Date} | ({} if asked.reason is None else {asked.reason: pl.String})
    if quick:
        days = pl.lit(None) if not isinstance(limit, str) else pl.col(limit).cast(pl.Int32, strict=False)
        struct = pl.struct(pl.col(asked.start).to_physical().alias("start"), *([days.alias("days")] if isinstance(limit, str) else []))
        fixed = int(limit.value) if isinstance(limit, TimeLimit) else None
        work: Callable[[pl.Series], pl.Series] = partial(_by_table, asked=asked, fixed=fixed)
        return frame.with_columns(struct.map_batches(work, return_dtype=pl.Date, is_elementwise=True).alias(asked.into))
    struct = pl.struct([pl.col(name) for name in dict.fromkeys(asked.reads)])
    answer = struct.map_batches(partial(_by_pairs, asked=asked, shape=shape), return_dtype=pl.Struct(shape), is_elementwise=True)
    frame = frame.with_columns(answer.alias("\0due"))
    return frame.with_columns(**{name: pl.col("\0due").struct.field(name) for name in shape}).drop("\0due")


def _by_table(rows: pl.Series, *, asked: DueDays, fixed: int | None) -> pl.Series:
    import polars as pl

    start = rows.struct.field("start")
    days = rows.struct.field("days") if fixed is None else None
    known: Any = None
    if start.null_count() or (days is not None and days.null_count()):
        known = start.is_not_null() if days is None else start.is_not_null() & days.is_not_null()
        known = known.to_numpy()
        start, days = start.fill_null(0), None if days is None else days.fill_null(0)
    if days is not None and len(days) and not (days.min() >= 0 and days.max() <= _MOST):  # type: ignore[operator]
        fits = ((days >= 0) & (days <= _MOST)).to_numpy()
        known = fits if known is None else known & fits
        days = days.clip(0, _MOST)
    if not len(rows):
        return pl.Series(rows.name, [], dtype=pl.Date)
    due, found = asked.workdays.due(start.to_numpy(), days.to_numpy() if days is not None else fixed, known)
    answer = pl.Series(rows.name, due).cast(pl.Date)
    return answer if found is None else answer.set(pl.Series(~found), None)


def _by_pairs(rows: pl.Series, *, asked: DueDays, shape: dict[str, Any]) -> pl.Series:
    """Each start and limit that there is, once."""
    import polars as pl

    given = rows.struct.unnest()
    distinct = given.unique()
    answers = []
    for row in distinct.iter_rows(named=True):
        start = cell(row[asked.start])
        if isinstance(asked.limit, TimeLimit):
            limit: Any = asked.limit
        elif isinstance(asked.limit, str):
            limit = cell(row[asked.limit])
        else:
            amount, unit = (cell(row[name]) for name in asked.limit)
            limit = None if is_missing(amount) or is_missing(unit) else (amount, unit)
        answers.append(dict(zip(shape, asked.one(start, limit), strict=False)))
    known = distinct.with_columns(pl.Series("\0answer", answers, dtype=pl.Struct(shape)))
    whole = given.join(known, on=given.columns, how="left", nulls_equal=True, maintain_order="left")
    return whole["\0answer"].alias(rows.name)
