"""Which days are worked: `china()`, `WorkCalendar`, office hours; one data file per State Council notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govservice.calendars.calendar import WorkCalendar
from govservice.calendars.days import Day, Kind
from govservice.calendars.hours import OfficeHours
from govservice.calendars.national import china
from govservice.calendars.notice import CalendarNotice

if TYPE_CHECKING:
    from govservice.calendars.notice_text import read_notice_text

__all__ = ["CalendarNotice", "Day", "Kind", "OfficeHours", "WorkCalendar", "china", "read_notice_text"]


def __getattr__(name: str) -> Any:
    """What few programs need is loaded on first use."""
    if name != "read_notice_text":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from govservice.calendars.notice_text import read_notice_text

    return read_notice_text


def __dir__() -> list[str]:
    return sorted(__all__)
