"""What a deadline was asked for, as plain values that a file or a database keeps."""

from __future__ import annotations

from typing import Any

from govservice.counting.asked import Ask


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
        **({} if ask.closes is None else {"closes": str(ask.closes)}),
        "backward": ask.backward,
        "extension_from": ask.extension_from,
        "makeup_hours": None if ask.office is None else ask.office.makeup,
        "rest_day_hours": ask.rest_day_hours,
    }
