"""Deadlines as an iCalendar file: one event each, with a reminder and the alarms of its clock; written by the `icalendar` package."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from govservice.calendars import WorkCalendar, china
from govservice.clockwork.reading import ClockReading
from govservice.counting.asked import DAY, When, day_of, moment_of
from govservice.counting.result import Deadline
from govservice.echo import shown, visible
from govservice.errors import DeadlineError, GovServiceError, Lang, Words
from govservice.show.calendar_ics import new_file, stamp, uid

if TYPE_CHECKING:
    from icalendar import Alarm, Event

__all__ = ["to_ics"]

Due = Deadline | ClockReading
WORKDAY = "workday"
_NINE = time(9)


def to_ics(
    deadlines: Iterable[Due | tuple[str, Due]],
    *,
    lang: Lang = "zh",
    reminder: timedelta | str | None = WORKDAY,
    name: str | None = None,
    calendar: WorkCalendar | None = None,
) -> bytes:
    """See `govservice.deadlines.deadlines_to_ics`."""
    file = new_file("deadlines", name or Words("Deadlines", "办理期限").text(lang), None)
    seen: Counter[str] = Counter()
    zoned = False
    for given in deadlines:
        label, deadline = _labelled(given, lang)
        if deadline.due is None or (isinstance(deadline, ClockReading) and deadline.stopped is not None):
            continue
        content = _content(label, deadline)
        seen[content] += 1
        ahead = _ahead(deadline.due, calendar) if isinstance(reminder, str) else reminder
        file.add_component(_event(label, deadline, f"{content} {seen[content]}", ahead, lang))
        zoned = zoned or (isinstance(deadline.due, datetime) and deadline.due.tzinfo is not None)
    if zoned:
        file.add_missing_timezones()
    return bytes(file.to_ical())


def _ahead(due: When, calendar: WorkCalendar | None) -> timedelta:
    """From nine o'clock of the last working day before a due day until it falls due; a day ahead where no calendar reaches."""
    try:
        workday = (calendar if calendar is not None else china()).add_workdays(day_of(due), -1)
    except GovServiceError:
        return DAY
    falls = due.replace(tzinfo=None) if isinstance(due, datetime) else datetime.combine(due, time())
    return falls - datetime.combine(workday, _NINE)


def _labelled(given: object, lang: Lang) -> tuple[str | None, Due]:
    label, deadline = given if isinstance(given, tuple) and len(given) == 2 else (None, given)
    if not isinstance(deadline, Deadline | ClockReading) or not isinstance(label, str | None):
        raise DeadlineError(
            Words(f"no deadline: {shown(given)}", f"不是期限：{shown(given)}"),
            hint=Words("give Deadlines, ClockReadings, or (label, one of these)", "请给出 Deadline、ClockReading，或者（名称，其中之一）"),
        )
    if label is None and isinstance(deadline, ClockReading):
        label = (deadline.label or deadline.clock) if lang == "zh" else deadline.clock
    return None if label is None else visible(label), deadline


def _content(label: str | None, deadline: Due) -> str:
    """What a deadline is known by: who it is for and what was asked at the start, not what came of it."""
    start = deadline.start if isinstance(deadline, Deadline) else deadline.started
    clock = [deadline.clock, deadline.row] if isinstance(deadline, ClockReading) else []
    limit = None if deadline.limit is None else [str(deadline.limit.value), deadline.limit.unit]
    return json.dumps([label, clock, limit, None if start is None else start.isoformat()], ensure_ascii=False)


def _event(label: str | None, deadline: Due, content: str, reminder: timedelta | None, lang: Lang) -> Event:
    from icalendar import Event

    assert deadline.due is not None
    start = deadline.start if isinstance(deadline, Deadline) else deadline.started
    known = day_of(start if start is not None else deadline.due)
    summary = _summary(label, deadline).text(lang)
    event = Event()
    event.add("uid", uid(known, content))
    event.add("dtstamp", stamp(known))
    event.add("dtstart", deadline.due)
    if not isinstance(deadline.due, datetime):
        event.add("dtend", deadline.due + DAY)  # the end of an all-day event is the day after
    event.add("summary", summary)
    event.add("description", deadline.explain(lang))
    event.add("status", "TENTATIVE" if deadline.official is False else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # something is due; nobody is busy
    if reminder is not None:
        event.add_component(_reminder(-reminder, summary))
    if isinstance(deadline, ClockReading):
        for alarm in deadline.alarms:
            if alarm.at is not None and not alarm.cleared:
                event.add_component(_reminder(_seen(alarm.at, deadline), f"{summary} {alarm.signal}"))
    return event


def _summary(label: str | None, deadline: Due) -> Words:
    summary = Words("due", "届满") if deadline.limit is None else Words(f"{deadline.limit.text('en')} due", f"{deadline.limit}届满")
    if label is not None:
        summary = Words(f"{label}: {summary.en}", f"{label}：{summary.zh}")
    return Words(f"{summary.en} (provisional)", f"{summary.zh}（暂定）") if deadline.official is False else summary


def _seen(at: When, reading: ClockReading) -> datetime:
    """When an alarm is seen, in UTC as the format wants it; a day's alarm when the day begins."""
    zone = reading.deadline.due_at.tzinfo if reading.deadline is not None else None
    zone = zone if isinstance(zone, ZoneInfo) else None
    return moment_of(at, zone).replace(tzinfo=UTC)


def _reminder(trigger: timedelta | datetime, text: str) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", trigger)
    alarm.add("description", text)
    return alarm
