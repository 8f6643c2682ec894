"""What if the rules had been others: two rulebooks over one history, and one rulebook over many values of a number."""

from __future__ import annotations

from govservice.whatif.results import Comparison
from govservice.whatif.working import what_if

__all__ = ["Comparison", "what_if"]
