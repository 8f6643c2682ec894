"""A limit and what happened on the way -> a Deadline that explains every day it counted or skipped; the clocks of a case."""

from __future__ import annotations

from govservice.deadlines.case_clocks import ClockReading, clocks
from govservice.deadlines.counting import deadline
from govservice.deadlines.result import Deadline, Step

__all__ = ["ClockReading", "Deadline", "Step", "clocks", "deadline"]
