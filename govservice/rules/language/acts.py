"""Acts of a case, each with its day and its moment: who gives the moment has said the day; who gives the day has said that it happened."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, tzinfo
from typing import Final

from govservice.errors import RecordError
from govservice.reading import read_date, read_moment
from govservice.reading.days import in_reach
from govservice.rules.language.day_functions import shanghai_day

__all__ = ["DAYS_OF_MOMENTS", "DAY_OF", "day_of_moment", "with_days"]

DAYS_OF_MOMENTS: Final = {"received_on": "received_at", "accepted_on": "accepted_at", "closed_on": "closed_at"}
"""The day of an act, and its moment."""
DAY_OF: Final = {moment: day for day, moment in DAYS_OF_MOMENTS.items()}


def day_of_moment(raw: object, zone: tzinfo | None = None) -> date | None:
    """The day of a moment as it is written: the end of a day is of that day. None for what names no day.

    One with an offset is of the day that it is in `zone`, else in China.

    >>> [str(day_of_moment(raw)) for raw in ("2026-02-13 24:00", "2026-02-13T20:00Z", "?")]
    ['2026-02-13', '2026-02-14', 'None']
    """
    with suppress(RecordError):
        when = read_moment(raw, zone=None)
        if when.tzinfo is not None and in_reach(when):
            return shanghai_day(when) if zone is None else when.astimezone(zone).date()
    try:
        return read_date(raw)
    except RecordError:
        return None


def with_days(names: Iterable[str]) -> set[str]:
    """Some names, with the day of each act whose moment is among them: it says that the act happened.

    >>> sorted(with_days({"closed_at", "rating"}))
    ['closed_at', 'closed_on', 'rating']
    """
    read = set(names)
    return read | {DAY_OF[name] for name in read & DAY_OF.keys()}
