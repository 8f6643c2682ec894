"""One clock on every row of a table in memory, as the interpreter reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from govservice.calendars import WorkCalendar
from govservice.clockwork.reading import ClockReading
from govservice.counting.asked import When
from govservice.deadlines import clocks
from govservice.errors import DeadlineError, GovServiceError, Words
from govservice.framing.cells import cell
from govservice.framing.engines import added_by, engine_of, polars
from govservice.rules.rulebook import Rulebook

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ClocksAsked", "clocks_on"]


@dataclass(frozen=True)
class ClocksAsked:
    """A clock of a book, read on every row as of one moment."""

    book: Rulebook
    clock: str
    now: When | str
    on: date | str | None
    calendar: WorkCalendar | None

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that the clock raises."""
        entry = self.book.contents.clocks.get(self.clock)
        return () if entry is None else tuple(dict.fromkeys(alarm.signal for alarm in entry.alarms))

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that are added."""
        return tuple(f"{self.clock}_{what}" for what in ("due", "used", "left", "overdue", *self.signals, "undecided"))

    def read(self, facts: Mapping[str, Any]) -> tuple[object, ...]:
        """What the clock says of one row."""
        try:
            readings = clocks(facts, self.book, on=self.on, now=self.now, calendar=self.calendar, only=[self.clock])
        except GovServiceError as error:
            return (*(None for _ in self.added[:-1]), str(error))
        return self._cells(readings[0]) if readings else tuple(None for _ in self.added)

    def _cells(self, reading: ClockReading) -> tuple[object, ...]:
        raised = {alarm.signal for alarm in reading.signals}
        used, left = (None if value is None else Decimal(value) for value in (reading.used, reading.left))
        running = reading.applies is True
        signals = tuple(signal in raised if running else None for signal in self.signals)
        return (reading.due_on, used, left, reading.overdue, *signals, ", ".join(reading.undecided) or None)


def clocks_on(frame: Any, asked: ClocksAsked) -> Any:
    """A clock of every row, beside the columns of the table."""
    engine = engine_of(frame)
    if engine not in ("polars", "lazy", "pandas", "pyarrow"):
        raise DeadlineError(
            Words("a clock has no form in SQL", "时限没有 SQL 写法"),
            hint=Words("due_frame counts a limit there", "在数据库里可用 due_frame 计算期限"),
        )
    clocks({}, asked.book, on=asked.on, now=asked.now, calendar=asked.calendar, only=[asked.clock])  # refused before anything runs
    polars()
    return added_by(frame, engine, asked.added, partial(_lazily, asked=asked))


def _lazily(frame: pl.LazyFrame, *, asked: ClocksAsked) -> pl.LazyFrame:
    import polars as pl

    schema = frame.collect_schema()
    contents = asked.book.contents
    ids, labels = contents.sight("cases")
    read = [name for name in schema if name in ids or name in labels or name in contents.tables or name in contents.labels]
    amount = pl.Decimal(38, 10)
    kinds = (pl.Date, amount, amount, pl.Boolean, *(pl.Boolean for _ in asked.signals), pl.String)
    shape: dict[str, Any] = dict(zip(asked.added, kinds, strict=True))
    rows = pl.struct([pl.col(name) for name in read] or [pl.lit(None).alias("nothing")])
    answer = rows.map_batches(partial(_of_rows, asked=asked, shape=shape), return_dtype=pl.Struct(shape), is_elementwise=True)
    frame = frame.with_columns(answer.alias("\0clock"))
    return frame.with_columns(**{name: pl.col("\0clock").struct.field(name) for name in shape}).drop("\0clock")


def _of_rows(rows: pl.Series, *, asked: ClocksAsked, shape: Mapping[str, Any]) -> pl.Series:
    import polars as pl

    answers = []
    for row in rows.to_list():
        facts = {name: value for name, raw in (row or {}).items() if (value := cell(raw)) is not None}
        answers.append(dict(zip(shape, asked.read(facts), strict=True)))
    return pl.Series(rows.name, answers, dtype=pl.Struct(dict(shape)))
