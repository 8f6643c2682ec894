"""The main job: a rulebook and a folder of records -> what every item, application and case comes to, and when it is due."""

from __future__ import annotations

from govservice.run.job import run
from govservice.run.results import ApplicationResult, CaseResult, Due, ItemResult, Run

__all__ = ["ApplicationResult", "CaseResult", "Due", "ItemResult", "Run", "run"]
