"""Answers that can be cited: kept as small files with what they rest on, worked out again years later, and compared."""

from __future__ import annotations

from govservice.audit.answers import BookCited, CalendarCited, CitedAnswer, Recorded, recorded
from govservice.audit.reports import is_report, verify_report
from govservice.audit.verifying import AnswerChange, Verified, verify
from govservice.rules.freezing import Thawed, thaw

__all__ = [
    "AnswerChange",
    "BookCited",
    "CalendarCited",
    "CitedAnswer",
    "Recorded",
    "Thawed",
    "Verified",
    "is_report",
    "recorded",
    "thaw",
    "verify",
    "verify_report",
]
