"""What a deadline was asked for, as plain values that a file or a database keeps, and asked again under another calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from govservice.calendars import WorkCalendar
from govservice.deadlines.asked import Ask, When
from govservice.deadlines.counting import deadline
from govservice.deadlines.result import Deadline
from govservice.errors import DeadlineError, Words
from govservice.limits import TimeLimit


def asked_values(ask: Ask) -> dict[str, Any]:
    """Hours, pauses, extensions and options as plain values; limit, start and calendar are told apart from them."""
    return {
        "hours": None if ask.hours is None else str(ask.hours),
        "pauses": [
            [pause.first.isoformat(), pause.last.isoformat(), None if pause.reason is None else pause.reason._asdict()]
            for pause in ask.pauses
        ],
        "extensions": [[str(extension.value), extension.unit] for extension in ask.extensions],
        "first_day": ask.first_day,
        "roll": ask.roll,
        "ends": ask.ends,
        "rest_day_same_day": ask.rest_day_same_day,
    }


def asked_again(before: Deadline, calendar: WorkCalendar) -> Deadline:
    """The same question under another calendar. DeadlineError where the deadline does not say what it was asked for."""
    if not before.asked:
        raise DeadlineError(
            Words(f"the deadline {before.due_on} does not say what it was asked for", f"期限{before.due_on}没有记录计算时的选项"),
            hint=Words("keep what deadline() gives, or its to_dict()", "请保存 deadline() 的结果或其 to_dict()"),
        )
    options = dict(before.asked)
    options["pauses"] = [
        (_when(first), _when(last)) if reason is None else (_when(first), _when(last), Words(**reason))
        for first, last, reason in options["pauses"]
    ]
    options["extensions"] = [TimeLimit(value, unit) for value, unit in options["extensions"]]
    return deadline(before.limit, before.start, calendar, **options)


def _when(text: str) -> When:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
