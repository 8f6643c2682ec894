"""Deadlines as an iCalendar file: one event each, with a reminder and the alarms of its clock; written by the `icalendar` package."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from govservice.clockwork.reading import ClockReading
from govservice.counting.asked import DAY, When, day_of, moment_of
from govservice.counting.result import Deadline
from govservice.errors import DeadlineError, Lang, Words
from govservice.show.calendar_ics import new_file, stamp, uid

if TYPE_CHECKING:
    from icalendar import Alarm, Event

__all__ = ["to_ics"]

Due = Deadline | ClockReading


def to_ics(
    deadlines: Iterable[Due | tuple[str, Due]], *, lang: Lang = "zh", reminder: timedelta | None = DAY, name: str | None = None
) -> bytes:
    """See `govservice.deadlines.deadlines_to_ics`."""
    file = new_file("deadlines", name or Words("Deadlines", "办理期限").text(lang), None)
    seen: Counter[str] = Counter()
    zoned = False
    for given in deadlines:
        label, one = _labelled(given, lang)
        if one.due is None or (isinstance(one, ClockReading) and one.stopped is not None):
            continue
        content = _content(label, one)
        seen[content] += 1
        file.add_component(_event(label, one, f"{content} {seen[content]}", reminder, lang))
        zoned = zoned or (isinstance(one.due, datetime) and one.due.tzinfo is not None)
    if zoned:
        file.add_missing_timezones()
    return bytes(file.to_ical())


def _labelled(given: object, lang: Lang) -> tuple[str | None, Due]:
    label, one = given if isinstance(given, tuple) and len(given) == 2 else (None, given)
    if not isinstance(one, Deadline | ClockReading) or not isinstance(label, str | None):
        raise DeadlineError(
            Words(f"no deadline: {given!r}", f"不是期限：{given!r}"),
            hint=Words("give Deadlines, ClockReadings, or (label, one of these)", "请给出 Deadline、ClockReading，或者（名称，其中之一）"),
        )
    if label is None and isinstance(one, ClockReading):
        label = (one.label or one.clock) if lang == "zh" else one.clock
    return label, one


def _content(label: str | None, one: Due) -> str:
    """What a deadline is known by: who it is for and what was asked at the start, not what came of it."""
    start = one.start if isinstance(one, Deadline) else one.started
    clock = [one.clock, one.row] if isinstance(one, ClockReading) else []
    limit = None if one.limit is None else [str(one.limit.value), one.limit.unit]
    return json.dumps([label, clock, limit, None if start is None else start.isoformat()], ensure_ascii=False)


def _event(label: str | None, one: Due, content: str, reminder: timedelta | None, lang: Lang) -> Event:
    from icalendar import Event

    assert one.due is not None
    start = one.start if isinstance(one, Deadline) else one.started
    known = day_of(start if start is not None else one.due)
    summary = _summary(label, one).text(lang)
    event = Event()
    event.add("uid", uid(known, content))
    event.add("dtstamp", stamp(known))
    event.add("dtstart", one.due)
    if not isinstance(one.due, datetime):
        event.add("dtend", one.due + DAY)  # the end of an all-day event is the day after
    event.add("summary", summary)
    event.add("description", one.explain(lang))
    event.add("status", "TENTATIVE" if one.official is False else "CONFIRMED")
    event.add("transp", "TRANSPARENT")  # something is due; nobody is busy
    if reminder is not None:
        event.add_component(_reminder(-reminder, summary))
    if isinstance(one, ClockReading):
        for alarm in one.alarms:
            if alarm.at is not None and not alarm.cleared:
                event.add_component(_reminder(_seen(alarm.at, one), f"{summary} {alarm.signal}"))
    return event


def _summary(label: str | None, one: Due) -> Words:
    said = Words("due", "届满") if one.limit is None else Words(f"{one.limit.text('en')} due", f"{one.limit}届满")
    if label is not None:
        said = Words(f"{label}: {said.en}", f"{label}：{said.zh}")
    return Words(f"{said.en} (provisional)", f"{said.zh}（暂定）") if one.official is False else said


def _seen(at: When, one: ClockReading) -> datetime:
    """When an alarm is seen, in UTC as the format wants it; a day's alarm when the day begins."""
    zone = one.deadline.due_at.tzinfo if one.deadline is not None else None
    zone = zone if isinstance(zone, ZoneInfo) else None
    return moment_of(at, zone).replace(tzinfo=UTC)


def _reminder(trigger: timedelta | datetime, text: str) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", trigger)
    alarm.add("description", text)
    return alarm
