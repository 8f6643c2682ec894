"""The shape of one clock's reading, and what it says in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, cast

from govservice.as_json import AsJson
from govservice.clockwork.alarms import AlarmReading
from govservice.counting.asked import When, day_of
from govservice.counting.result import Deadline
from govservice.errors import Lang, Words, known_lang
from govservice.frozen import Frozen
from govservice.limits import TimeLimit
from govservice.upward import machinery

__all__ = ["ClockReading", "PausedSpan"]


class PausedSpan(NamedTuple):
    """A pause that stopped the clock: its kind, first and last day or moment, both uncounted (last None: it has not ended)."""

    kind: str | None
    first: When
    last: When | None


@dataclass(frozen=True, slots=True, repr=False)
class ClockReading(AsJson):
    """One clock of one case.

    `applies` is False where the clock is not in force or does not run on this case, None where that is open. `started` is when it began,
    `limit` what was allowed, `extended` what was granted beyond, `paused` what stopped it on the way; `due` is the day (24:00) or moment
    it ends, None while that cannot be said (`undecided` names the facts and settings that would, a pause not ended among them);
    `official` whether published notices fix that day. `stopped` is the earliest of what stops it, as of the call's `now`.
    `used`, `left`, `overdue_by` are amounts in the limit's unit (months, years and same-day limits in natural days), as of the
    stop, else of `now`; `overdue` is None while nobody can know. `alarms` are its signals, raised or to come. `notes` lists rows that
    moved nothing, and why. `deadline` explains every day; it is None where the clock names its due date outright. `row` numbers the row
    of the table `about` from 1, where several rows have the clock. `labels` are those of what is waited for and of its signals.
    """

    clock: str
    label: str | None
    cite: str | None
    applies: bool | None
    about: str = "cases"
    row: int | None = None
    started: When | None = None
    limit: TimeLimit | None = None
    due: When | None = None
    official: bool | None = None
    warnings: tuple[Words, ...] = ()
    stopped: When | None = None
    used: Decimal | int | None = None
    left: Decimal | int | None = None
    overdue: bool | None = None
    overdue_by: Decimal | int | None = None
    alarms: tuple[AlarmReading, ...] = ()
    paused: tuple[PausedSpan, ...] = ()
    extended: tuple[TimeLimit, ...] = ()
    notes: tuple[Words, ...] = ()
    undecided: tuple[str, ...] = ()
    deadline: Deadline | None = None
    labels: Mapping[str, str] = field(default_factory=Frozen, compare=False)

    @property
    def due_on(self) -> date | None:
        """The day it is due."""
        return day_of(self.due) if self.due is not None else None

    @property
    def signals(self) -> tuple[AlarmReading, ...]:
        """The alarms raised by now."""
        return tuple(alarm for alarm in self.alarms if alarm.raised)

    def explain(self, lang: Lang = "en") -> str:
        """The reading in words: the days counted, what stopped or extended it, what is used and left, its signals.

        >>> from govservice import clocks, load_rulebook
        >>> case = {"case_type": "promised", "materials_completed_on": date(2026, 2, 12), "promised_limit": "1个工作日"}
        >>> (reading,) = [seen for seen in clocks(case, load_rulebook("kunshan"), on=date(2026, 2, 12)) if seen.clock == "promised"]
        >>> print(reading.explain("zh"))
        承诺时限〔KS-4〕
        1个工作日，自2026-02-12起：2026-02-13届满
        2026-02-12 周四  -  起始日不计入〔民法典 201〕
        2026-02-13 周五  +  第1个工作日（共1个）〔国办发明电〔2025〕7号〕
        """
        return cast("str", machinery("show.clock:explain")(self, known_lang(lang)))
