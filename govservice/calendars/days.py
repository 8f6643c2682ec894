"""One day of a calendar, and how dates, moments and counts given by a caller are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast
from zoneinfo import ZoneInfo

from govservice.as_json import AsJson
from govservice.echo import is_huge, shown
from govservice.errors import CalendarError, Words
from govservice.reading import in_reach

__all__ = ["Day", "Kind"]

Kind = Literal["workday", "weekend", "holiday", "makeup_workday"]
"""What a day is: worked, a plain Saturday or Sunday, a rest day that has a name, or a Saturday or Sunday that is worked."""

# The last bit says whether the day is worked; `Year.kinds` holds one code a day.
WEEKEND, WORKDAY, HOLIDAY, MAKEUP = 0, 1, 2, 3
KINDS: tuple[Kind, ...] = ("weekend", "workday", "holiday", "makeup_workday")
LABELS = {
    "workday": Words("working day", "工作日"),
    "weekend": Words("weekend", "周末"),
    "holiday": Words("rest day", "休息日"),
    "makeup_workday": Words("make-up workday", "补班日"),
}


@dataclass(frozen=True, slots=True, repr=False)
class Day(AsJson):
    """What one day is, and who said so.

    `kind` is "workday" or "weekend" (an ordinary day of the week), "holiday" (a rest day that a notice or a statute names) or
    "makeup_workday" (a day that would be off and is worked). `name` is the holiday the day belongs to, None for an ordinary day.
    `source` names the notices, statute or package that the answer rests on; of an ordinary day too, for silence is also an answer.
    `official` is False where no published notice fixes the day yet.

    >>> from govservice import china
    >>> china().day(date(2026, 2, 14))
    Day(date=datetime.date(2026, 2, 14), is_workday=True, kind='makeup_workday', name='春节', source='国办发明电〔2025〕7号', official=True)
    """

    date: date
    is_workday: bool
    kind: Kind
    name: str | None
    source: str
    official: bool

    def label(self, lang: Literal["en", "zh"] = "zh") -> str:
        """What the day is, in words.

        >>> from govservice import china
        >>> china().day(date(2026, 2, 14)).label(), china().day(date(2026, 2, 14)).label("en")
        ('补班日', 'make-up workday')
        """
        return LABELS[self.kind].text(lang)


def as_day(value: object, zone: ZoneInfo | None) -> date:
    """The plain date of a date or a moment: a naive moment's own date, an aware one's date in `zone`."""
    if isinstance(value, datetime):
        return _date_of_moment(value, zone)
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    raise CalendarError(
        Words(f"a date is needed, not {type(value).__name__} {shown(value)}", f"需要日期，得到的是 {type(value).__name__} {shown(value)}"),
        hint=Words("give a datetime.date, such as date(2026, 2, 13)", "请给出 datetime.date，如 date(2026, 2, 13)"),
    )


def _date_of_moment(moment: datetime, zone: ZoneInfo | None) -> date:
    if moment != moment:  # noqa: PLR0124 - the missing moment of data frames is a datetime that differs from itself
        raise CalendarError(Words("a date is needed, and this moment is missing", "需要日期，此时刻缺失"))
    if not in_reach(moment):
        raise CalendarError(Words(f"no calendar reaches to {shown(moment)}", f"没有日历包含 {shown(moment)}"))
    if moment.tzinfo is None:
        return moment.date()
    if zone is None:
        raise CalendarError(
            Words(f"{moment.isoformat()} has a time zone and the calendar has none", f"{moment.isoformat()} 带时区，而日历没有时区"),
            hint=Words("name it: WorkCalendar.of(..., tz=...)", "请写明：WorkCalendar.of(..., tz=...)"),
        )
    return moment.astimezone(zone).date()


def as_days(values: Iterable[object], what: str) -> tuple[date, ...]:
    """Every day of a list, sorted and without repeats; a lone date or a text is not a list."""
    if isinstance(values, str | bytes | date | Mapping) or not isinstance(values, Iterable):
        raise CalendarError(
            Words(f"{what} is a list of dates, not {type(values).__name__}", f"{what} 应为日期列表，而不是 {type(values).__name__}")
        )
    return tuple(sorted({as_day(value, None) for value in values}))


def as_count(n: object) -> int:
    """A whole number of days; True, 2.0 and "2" are not one."""
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise CalendarError(
            Words(f"a whole number of working days is needed, not {shown(n)}", f"工作日数应为整数，得到的是 {shown(n)}"),
            hint=Words("a limit with a part of a day is counted by deadline()", "不足一日的时限由 deadline() 计算"),
        )
    return cast("int", n.__index__())


def as_year(year: object) -> int:
    """A year as a plain int."""
    if isinstance(year, int) and not isinstance(year, bool) and not is_huge(year):
        return year
    raise CalendarError(Words(f"a year is needed, not {shown(year)}", f"需要年份，得到的是 {shown(year)}"))


def zone_of(tz: str | None) -> ZoneInfo | None:
    """The time zone of a key."""
    if tz is None:
        return None
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError, TypeError):
        raise CalendarError(
            Words(f"no time zone {shown(tz)}", f"没有时区“{tz}”"), hint=Words("such as Asia/Shanghai", "例如 Asia/Shanghai")
        ) from None
