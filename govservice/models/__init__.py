"""What a service centre keeps records of, as frozen pydantic models: every fact labelled in Chinese and unknown unless given."""

from __future__ import annotations

import sys

from govservice.limits import TimeLimit
from govservice.models.application import Application
from govservice.models.case import Case
from govservice.models.choices import (
    CASE_TYPES,
    ITEM_TYPES,
    LIMIT_UNITS,
    RATINGS,
    CaseType,
    ItemType,
    LimitUnit,
    Rating,
)
from govservice.models.event import Event
from govservice.models.item import Item, Material, Stage
from govservice.models.notice import Notice
from govservice.models.people import Centre, Department, Staff, Window
from govservice.models.record import Record, RecordWarning, faults_of

__all__ = [
    "CASE_TYPES",
    "ITEM_TYPES",
    "LIMIT_UNITS",
    "RATINGS",
    "Application",
    "Case",
    "CaseType",
    "Centre",
    "Department",
    "Event",
    "Item",
    "ItemType",
    "LimitUnit",
    "Material",
    "Notice",
    "Rating",
    "Record",
    "RecordWarning",
    "Staff",
    "Stage",
    "TimeLimit",
    "Window",
    "faults_of",
]

_hook = sys.modules.get("govservice._hypothesis")
if _hook is not None:  # hypothesis was imported first: these models were not there yet when its entry point ran
    _hook.register_models()
