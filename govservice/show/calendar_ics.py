"""A calendar's rest days and make-up workdays as an iCalendar file, written by the `icalendar` package."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from govservice.calendars.days import as_day, as_year
from govservice.calendars.runs import DayRun, runs
from govservice.echo import shown, visible
from govservice.errors import CalendarError, Words
from govservice.packages import missing

if TYPE_CHECKING:
    from icalendar import Calendar, Event

    from govservice.calendars.calendar import WorkCalendar

BUSY = {"makeup_workdays": "makeup_workday", "rest_days": "holiday"}  # which days block the time of whoever has the calendar
MARKS = {"holiday": "休", "makeup_workday": "班"}


def to_ics(calendar: WorkCalendar, first: int | date, last: int | date | None = None, *, busy: str = "makeup_workdays") -> bytes:
    """The runs of named days of years or between two days, one event each; the same calendar always gives the same bytes."""
    if not isinstance(busy, str) or busy not in BUSY:
        raise CalendarError(
            Words(f"busy={shown(busy)} is not known", f"busy={shown(busy)} 不是可选的值"),
            hint=Words(f"one of {', '.join(BUSY)}", f"可选：{'、'.join(BUSY)}"),
        )
    first, last = span(first, last, calendar.zone)
    file = new_file("calendars", calendar.name, calendar.tz)
    for run in runs(calendar.days(first, last)):
        file.add_component(_event(run, calendar.name, BUSY[busy]))
    return bytes(file.to_ical())


def new_file(subject: str, name: str, tz: str | None) -> Calendar:
    """An empty iCalendar file; MissingPackage where the package that writes it is not installed."""
    try:
        from icalendar import Calendar
    except ImportError:
        raise missing(Words("iCalendar export needs the icalendar package", "导出 iCalendar 需要 icalendar"), "exchange") from None
    file = Calendar()
    file.add("prodid", f"-//govservice//{subject}//ZH")
    file.add("version", "2.0")
    file.add("x-wr-calname", visible(name))
    if tz:
        file.add("x-wr-timezone", tz)
    return file


def uid(day: date, content: str) -> str:
    """What an event is known by: the same in every file that tells the same."""
    return f"{day.isoformat()}-{sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}@govservice"


def stamp(day: date) -> datetime:
    """The format wants a stamp and this package reads no clock: the day that the event is about."""
    return datetime.combine(day, time(), UTC)


def _content(run: DayRun) -> str:
    """The run spelled out for its uid. This spelling must stay: under another, calendars that have the event would show it twice."""
    days = f"first={run.first!r}, last={run.last!r}, kind={run.kind!r}"
    return f"Run({days}, name={run.name!r}, source={run.source!r}, official={run.official!r})"


def _event(run: DayRun, calendar: str, busy: str) -> Event:
    from icalendar import Event

    event = Event()
    named = f"{run.name} {MARKS[run.kind]}" if run.name else MARKS[run.kind]
    event.add("uid", uid(run.first, f"{calendar} {_content(run)}"))
    event.add("dtstamp", stamp(run.first))
    event.add("dtstart", run.first)
    event.add("dtend", run.last + timedelta(1))  # the end of an all-day event is the day after
    event.add("summary", visible(named if run.official else f"{named}（暂定）"))
    event.add("description", visible(run.source))
    event.add("categories", [run.kind] if run.official else [run.kind, "provisional"])
    event.add("status", "CONFIRMED" if run.official else "TENTATIVE")
    event.add("transp", "OPAQUE" if run.kind == busy else "TRANSPARENT")
    return event


def calendar_year(year: object) -> tuple[date, date]:
    """The first and the last day of a year."""
    number = as_year(year)
    if not date.min.year <= number <= date.max.year:
        raise CalendarError(Words(f"a year is 1 to 9999, not {shown(number)}", f"年份为 1 至 9999，不是 {shown(number)}"))
    return date(number, 1, 1), date(number, 12, 31)


def span(first: object, last: object, zone: ZoneInfo | None) -> tuple[date, date]:
    """From a year or day to a year or day; a year alone is that year."""
    start = as_day(first, zone) if isinstance(first, date) else calendar_year(first)[0]
    if last is None and isinstance(first, date):
        raise CalendarError(Words("a first day needs a last day", "有起始日还需要截止日"))
    end = as_day(last, zone) if isinstance(last, date) else calendar_year(first if last is None else last)[1]
    if end < start:
        raise CalendarError(Words(f"{end} is before {start}", f"{end} 早于 {start}"))
    return start, end
