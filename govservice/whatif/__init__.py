"""What if the rules had been others: two rulebooks over one history, and one rulebook over many values of a number."""

from __future__ import annotations

from govservice.rules.book.reforms import Reform, read_reform
from govservice.whatif.results import Comparison
from govservice.whatif.sweeping import Sweep, Tipping, Weight, sweep, tipping_point, weights
from govservice.whatif.tuning import Tried, Tuned, Wish, tune
from govservice.whatif.working import what_if

__all__ = [
    "Comparison",
    "Reform",
    "Sweep",
    "Tipping",
    "Tried",
    "Tuned",
    "Weight",
    "Wish",
    "read_reform",
    "sweep",
    "tipping_point",
    "tune",
    "weights",
    "what_if",
]
