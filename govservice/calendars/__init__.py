"""Which days are worked: `china()`, `WorkCalendar`, office hours; one data file per State Council notice."""

from __future__ import annotations

from govservice.calendars.calendar import WorkCalendar
from govservice.calendars.days import Day, Kind
from govservice.calendars.hours import OfficeHours
from govservice.calendars.national import china
from govservice.calendars.notice import CalendarNotice

__all__ = ["CalendarNotice", "Day", "Kind", "OfficeHours", "WorkCalendar", "china"]
