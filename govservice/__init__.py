"""Rules as code for administrative service centres: the public names, each loaded on first use."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govservice.calendars import OfficeHours, WorkCalendar, china
    from govservice.classify import Classification, classify
    from govservice.deadlines import Deadline, clocks, deadline, due
    from govservice.errors import GovServiceError
    from govservice.frames import classify_frame, clocks_frame, decide_frame, due_frame
    from govservice.frames_scoring import grade_frame, score_frame
    from govservice.limits import TimeLimit
    from govservice.nothing import NONE
    from govservice.rules import Rulebook, load_rulebook
    from govservice.scoring import Scorecard, grade, measure, score
    from govservice.whatif import what_if

__version__ = "0.1.0"

_HOMES = {
    "NONE": "nothing",
    "Classification": "classify",
    "Deadline": "deadlines",
    "GovServiceError": "errors",
    "OfficeHours": "calendars",
    "Rulebook": "rules",
    "TimeLimit": "limits",
    "WorkCalendar": "calendars",
    "china": "calendars",
    "classify": "classify",
    "classify_frame": "frames",
    "clocks_frame": "frames",
    "decide_frame": "frames",
    "due_frame": "frames",
    "clocks": "deadlines",
    "due": "deadlines",
    "measure": "scoring",
    "deadline": "deadlines",
    "Scorecard": "scoring",
    "grade": "scoring",
    "grade_frame": "frames_scoring",
    "load_rulebook": "rules",
    "score": "scoring",
    "score_frame": "frames_scoring",
    "what_if": "whatif",
}

__all__ = [
    "NONE",
    "Classification",
    "Deadline",
    "GovServiceError",
    "OfficeHours",
    "Rulebook",
    "Scorecard",
    "TimeLimit",
    "WorkCalendar",
    "__version__",
    "china",
    "classify",
    "classify_frame",
    "clocks",
    "clocks_frame",
    "deadline",
    "decide_frame",
    "due",
    "due_frame",
    "grade",
    "grade_frame",
    "load_rulebook",
    "measure",
    "score",
    "score_frame",
    "what_if",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _FrontDoor(ModuleType):
    """A verb and the module that defines it may share a name (`classify`): the front door shows the verb."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor
