"""Reading one value as real exports write it: numbers, 是/否, Chinese dates, moments, choices by label; refused with the reason.

Every `read_` function gives the value or raises RecordError; none knows a missing value (`is_missing` says what counts as one).
"""

from __future__ import annotations

from govservice.reading.common import is_missing, shown
from govservice.reading.days import as_day, as_when, in_reach, read_date, read_moment
from govservice.reading.spoilt import is_long_number, why_no_row, why_spoilt
from govservice.reading.values import CodedLabel, read_boolean, read_choice, read_decimal, read_integer, read_limit, read_list, read_text

__all__ = [
    "CodedLabel",
    "as_day",
    "as_when",
    "in_reach",
    "is_long_number",
    "is_missing",
    "read_boolean",
    "read_choice",
    "read_date",
    "read_decimal",
    "read_integer",
    "read_limit",
    "read_list",
    "read_moment",
    "read_text",
    "shown",
    "why_no_row",
    "why_spoilt",
]
