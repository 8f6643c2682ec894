"""A round of assessment: the schemes and graded decisions of a book over a period, from a folder of records to tables and pages."""

from __future__ import annotations

from govservice.rounds.plan import PlanStep, plan
from govservice.rounds.publishing import publish
from govservice.rounds.results import Graded, Round
from govservice.rounds.working import assess

__all__ = ["Graded", "PlanStep", "Round", "assess", "plan", "publish"]
