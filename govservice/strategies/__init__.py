"""Hypothesis strategies for whoever tests deadline rules and rulebooks by properties: limits, calendars, days, histories, facts, records.

Options are keyword-only and every default is valid. What no value could satisfy is refused with hypothesis's InvalidArgument: at the
call where the arguments alone say so, at the first draw where a calendar or a book has to be read.

>>> from hypothesis import find
>>> find(limits(units=["workday"]), lambda limit: limit.value >= 5).unit
'workday'
"""

from __future__ import annotations

from govservice.strategies.calendars import calendars, office_hours
from govservice.strategies.days import boundary_days, days, moments, workdays
from govservice.strategies.facts import facts_for
from govservice.strategies.histories import CaseHistory, case_histories, extensions, pauses
from govservice.strategies.limits import limits
from govservice.strategies.periods import periods
from govservice.strategies.records import applications, cases, items, records_for

__all__ = [
    "CaseHistory",
    "applications",
    "boundary_days",
    "calendars",
    "case_histories",
    "cases",
    "days",
    "extensions",
    "facts_for",
    "items",
    "limits",
    "moments",
    "office_hours",
    "pauses",
    "periods",
    "records_for",
    "workdays",
]
