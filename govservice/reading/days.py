"""A day or a moment from text, in the notations of Chinese exports."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from govservice.errors import Words
from govservice.reading.common import half_width, refused

__all__ = ["as_day", "as_when", "in_reach", "read_date", "read_moment"]

_ZONE = "Asia/Shanghai"


def read_date(value: object) -> date:
    """A day: a date, `2026-02-13`, `2026年2月13日`, `2026/2/13`, `2026.2.13`, `20260213`; the time of a moment is left out (24:00 too).

    A moment with an offset other than China's names a day only where a place is known, and is refused.

    >>> read_date("２０２６年２月１３日"), read_date("2026/2/13 09:30")
    (datetime.date(2026, 2, 13), datetime.date(2026, 2, 13))
    """
    moment = _moment(value, _A_DATE)
    if moment.tzinfo is not None and moment.utcoffset() != moment.astimezone(ZoneInfo(_ZONE)).utcoffset():
        raise refused(value, Words("a day in China", "中国的日期"), Words("give the day alone: 2026-02-13", "请只写日期，如 2026-02-13"))
    return moment.date()


def read_moment(value: object, *, zone: str | None = _ZONE) -> datetime:
    """A day and a time: a datetime, or a day as `read_date` reads it followed by `09:30`, `T09:30:15`, with or without an offset.

    A moment without an offset is in Asia/Shanghai, or stays naive with `zone=None`; a day without a time is refused. An offset that is
    given is kept. 24:00 is the end of its day: the first moment of the next.

    >>> read_moment("2026年2月13日 09:30").isoformat()
    '2026-02-13T09:30:00+08:00'
    """
    bare_day = isinstance(value, date) and not isinstance(value, datetime)
    moment = None if bare_day else _moment(value, _A_MOMENT)
    if moment is None or (isinstance(value, str) and ":" not in half_width(value)):
        raise refused(value, _A_MOMENT, Words("add the time: 2026-02-13 09:30", "请写出时刻，如 2026-02-13 09:30"))
    return moment if moment.tzinfo is not None or zone is None else moment.replace(tzinfo=ZoneInfo(zone))


def in_reach(when: date) -> bool:
    """Whether a day or moment can be told in every time zone; what data frames put for a missing one cannot.

    >>> in_reach(date.max), in_reach(datetime.max), in_reach(datetime.max.replace(tzinfo=UTC)), in_reach(date.min)
    (True, True, False, False)
    """
    if when != when:  # noqa: PLR0124 - the missing moment of data frames is a datetime that differs from itself
        return False
    aware = isinstance(when, datetime) and when.tzinfo is not None
    return when.year > 1 and not (aware and when.year == date.max.year)


def as_when(value: Any) -> Any:
    """A day or a moment as a caller gives it: a text is read, anything else is as it is.

    >>> as_when("2026-02-13"), as_when("2026-02-13 09:30")
    (datetime.date(2026, 2, 13), datetime.datetime(2026, 2, 13, 9, 30))
    """
    if not isinstance(value, str):
        return value
    return read_moment(value, zone=None) if ":" in half_width(value) else read_date(value)


def as_day(value: Any) -> Any:
    """A day as a caller gives it: a text is read, anything else is as it is."""
    return read_date(value) if isinstance(value, str) else value


_BEYOND = Words("it is at the edge of the years that there are", "超出可用的年份")
_A_DATE = Words("a date", "日期")
_A_MOMENT = Words("a day and a time", "日期和时刻")
_DAY_HINT = Words("write 2026-02-13, 2026/2/13 or 2026年2月13日", "请写成 2026-02-13、2026/2/13 或 2026年2月13日")
_MOMENT_HINT = Words(
    "write 2026-02-13 16:45, 2026/2/13 16:45 or 2026年2月13日 16:45", "请写成 2026-02-13 16:45、2026/2/13 16:45 或 2026年2月13日 16:45"
)
_DAY = (
    r"(?:(?P<y>[0-9]{4})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})"
    r"|(?P<y2>[0-9]{4})年(?P<m2>[0-9]{1,2})月(?P<d2>[0-9]{1,2})[日号]"
    r"|(?P<y3>[0-9]{4})(?P<m3>[0-9]{2})(?P<d3>[0-9]{2}))"
)
_TIME = (
    r"(?:(?:\s*T\s*|\s+|(?<=[日号]))(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<part>[0-9]{1,6}))?)?"
    r"\s*(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_WHEN = re.compile(_DAY + _TIME)


def _moment(value: object, wanted: Words) -> datetime:
    """Midnight where no time is given."""
    if isinstance(value, date) and not in_reach(value):
        raise refused(value, wanted, _BEYOND)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a bare day; the caller says where
    match = _WHEN.fullmatch(half_width(value)) if isinstance(value, str) else None
    if match is None:
        raise refused(value, wanted, _MOMENT_HINT if wanted is _A_MOMENT else _DAY_HINT)
    year, month, day = (int(match[key] or match[f"{key}2"] or match[f"{key}3"]) for key in "ymd")
    hour, minute, second = (int(match[key] or 0) for key in ("hour", "minute", "second"))
    part = int((match["part"] or "").ljust(6, "0"))
    if hour == 24 and not (minute or second or part):  # the end of the day that is written, which as a moment is the next day's beginning
        midnight = _read_parts(value, wanted, (year, month, day), match["zone"])
        return midnight if wanted is _A_DATE else midnight + timedelta(1)
    return _read_parts(value, wanted, (year, month, day, hour, minute, second, part), match["zone"])


def _read_parts(value: object, wanted: Words, parts: tuple[int, ...], zone: str | None) -> datetime:
    try:
        moment = datetime(*parts, tzinfo=_offset(zone))  # type: ignore[arg-type, misc]  # the zone has a name of its own
    except ValueError:
        raise refused(value, wanted, Words("there is no such day or time", "没有这样的日期或时刻")) from None
    if not in_reach(moment):
        raise refused(value, wanted, _BEYOND)
    return moment


def _offset(text: str | None) -> timezone | None:
    if text is None or text == "Z":
        return UTC if text else None
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
