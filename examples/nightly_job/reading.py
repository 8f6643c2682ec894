"""The clock of every case of a block: cases that are alike are read once, in columns; those that were paused one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl

from govservice import GovServiceError, Rulebook, WorkCalendar, clocks, clocks_frame

CLOCK: Final = "promised"
FACTS: Final = {
    "simple": pl.Boolean(), "departments": pl.Int64(), "accepted_on": pl.Date(), "promised_days": pl.Int64(),
}  # fmt: skip
"""The facts that the clock reads of a case, with their types: a SELECT that leaves one out would leave cases open."""


@dataclass(frozen=True, slots=True)
class Read:
    """What the clock says of one case as of the night: `due_on` and `left` are None where it does not run, or cannot be said."""

    due_on: date | None
    left: Decimal | None
    overdue: bool | None
    signals: tuple[str, ...]
    undecided: str | None


@dataclass(slots=True)
class Night:
    """One night's work: the book, the calendar and the day as of which clocks are read. `alike` keeps what each kind of case came to."""

    book: Rulebook
    calendar: WorkCalendar
    day: date
    alike: dict[tuple[Any, ...], Read] = field(default_factory=dict)

    @property
    def signals(self) -> tuple[str, ...]:
        """The signals that the clock raises."""
        return self.book.clocks[CLOCK].signals

    def read(self, cases: Sequence[tuple[Any, ...]], paused: Mapping[int, Sequence[Mapping[str, Any]]]) -> list[Read]:
        """The reading of each case of a block. A case is the values of `FACTS`; `paused` are the pauses of some, by place in the block."""
        new = [*dict.fromkeys(case for place, case in enumerate(cases) if place not in paused and case not in self.alike)]
        if new:
            self.alike.update(zip(new, self._in_columns(new), strict=True))
        return [self._alone(case, paused[place]) if place in paused else self.alike[case] for place, case in enumerate(cases)]

    def _in_columns(self, cases: Sequence[tuple[Any, ...]]) -> list[Read]:
        frame = pl.DataFrame(cases, schema=FACTS, orient="row")
        read = clocks_frame(frame, self.book, now=self.day, clock=CLOCK, calendar=self.calendar)
        names = [f"{CLOCK}_{what}" for what in ("due", "left", "overdue", "undecided", *self.signals)]
        return [
            Read(due_on, left, overdue, tuple(signal for signal, raised in zip(self.signals, signals, strict=True) if raised), undecided)
            for due_on, left, overdue, undecided, *signals in read.select(names).iter_rows()
        ]

    def _alone(self, case: tuple[Any, ...], pauses: Sequence[Mapping[str, Any]]) -> Read:
        """A case with its pauses, which have no columns."""
        facts = {name: value for name, value in zip(FACTS, case, strict=True) if value is not None}
        try:
            (reading,) = clocks({**facts, "pauses": [*pauses]}, self.book, now=self.day, calendar=self.calendar, only=[CLOCK])
        except GovServiceError as error:
            return Read(None, None, None, (), str(error))
        left = None if reading.left is None else Decimal(reading.left)
        raised = {alarm.signal for alarm in reading.signals} if reading.applies else set()
        undecided = ", ".join(reading.undecided) or None
        return Read(reading.due_on, left, reading.overdue, tuple(name for name in self.signals if name in raised), undecided)
