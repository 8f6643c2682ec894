"""A limit and what happened on the way -> a Deadline that explains every day it counted or skipped; the clocks of a case."""

from __future__ import annotations

from govservice.deadlines.alarms import AlarmReading
from govservice.deadlines.case_clocks import case_outcomes, clocks
from govservice.deadlines.clock_reading import ClockReading, PausedSpan
from govservice.deadlines.counting import deadline
from govservice.deadlines.ics import deadlines_to_ics
from govservice.deadlines.recomputing import Moved, recompute
from govservice.deadlines.result import Deadline
from govservice.deadlines.step import Step

__all__ = [
    "AlarmReading",
    "ClockReading",
    "Deadline",
    "Moved",
    "PausedSpan",
    "Step",
    "case_outcomes",
    "clocks",
    "deadline",
    "deadlines_to_ics",
    "recompute",
]
