"""Office hours: when a centre is open on a working day, and on a weekday that the text names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, get_args
from zoneinfo import ZoneInfo

from govservice.calendars.days import as_day
from govservice.calendars.seasons import SEASONS, Season, seasons_of
from govservice.doors import CALENDAR, DATE, takes
from govservice.echo import shown
from govservice.errors import CalendarError, Words
from govservice.reading import as_day as read_day

if TYPE_CHECKING:
    from govservice.calendars.calendar import WorkCalendar

__all__ = ["OfficeHours"]

Span = tuple[time, time]
Spans = tuple[Span, ...]
MakeupHours = Literal["weekday", "weekend", "none"]

MIDNIGHT = time()
"""As a closing time: 24:00."""

WORKING_WEEK = range(5)
NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FARTHEST = 60  # days looked ahead for an opening; the longest closure of the calendar is far shorter

_DAY = r"(?:(?:周|星期|礼拜)[一二三四五六日天末]|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*|weekends?)"
_TO = r"\s*(?:-|至|到|to)\s*"
_DAYS = re.compile(rf"{_DAY}(?:{_TO}{_DAY})?(?:\s*[,、和及]\s*{_DAY}(?:{_TO}{_DAY})?)*", re.ASCII)
_RANGE = re.compile(rf"({_DAY})(?:{_TO}({_DAY}))?", re.ASCII)
_WORKING = re.compile(r"工作日|workdays?|working days?")
_HALF = re.compile(r"上午|下午|中午|晚上|早上")
_TIMES = re.compile(rf"(上午|下午|中午|晚上|早上)?[:,、\s]*(\d{{1,2}}):(\d{{2}}){_TO}(\d{{1,2}}):(\d{{2}})", re.ASCII)
_NOISE = re.compile(
    r"\(?除?法定(?:节\s*假\s*日|假节日|假日)(?:除外|外)?\)?"  # the calendar knows those days
    r"|(?:上班|办公|工作|办理)时间\s*:?"
    r"|(?:法定)?工作日[\s:,]*(?=(?:周|星期)一\s*[-至到]\s*(?:周|星期)五)"  # the weekdays that follow say it again
)
_WHOLE_DAY = re.compile(r"全天(?:候)?")
_FILLER = re.compile(r"[\s,、.。:]*")
# What NFKC leaves of full-width punctuation, and the many dashes that a range is written with.
_ALIKE = str.maketrans(
    {"∶": ":", "—": "-", "–": "-", "－": "-", "~": "-", "～": "-", "〜": "-", "−": "-", "‐": "-", "‑": "-", "。": " ", "；": ";"}
)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When a centre is open, read from a text such as "09:00-12:00 13:00-17:00; 周六 09:00-12:00".

    They may change with the season: "05-01..09-30 08:30-12:00 15:00-18:00 | otherwise 08:30-12:00 14:00-17:30", or a list of mappings
    from the days of the year to the hours then; the seasons may not overlap, and leave no day out. 全天 is 00:00-24:00.

    A section is one or more spans; `;` parts sections. A section without weekdays, or with 工作日, is for every working day of the
    calendar, a make-up workday on a Saturday or Sunday too. A section that names weekdays (周一至周五, 周六、周日, 周末, Mon-Fri) is
    for those. A weekday named beside the general hours has its own hours; a named Saturday or Sunday is open for receipt although it
    is no working day, but not on a rest day that a notice names; as a make-up workday it keeps the general hours (`makeup` "weekday"),
    has those named for it ("weekend"), or is closed ("none"). Where Monday to Friday are all named with one set of hours, and none is
    general, those are the hours of every working day.

    The opening moment is inside, the closing moment outside; a closing time of 24:00 is 00:00. Full-width digits, Chinese dashes,
    上午, 下午 and （法定节假日除外） are read. `text` and `str()` give one spelling, which reads back as the same value; equal hours are
    equal. CalendarError where a span ends before it begins, spans overlap, or the text cannot be read.

    >>> hours = OfficeHours("工作日：上午9：00—12：00，下午13：30—16：30（法定节假日除外）; 周六 09:00-12:00")
    >>> str(hours)
    '09:00-12:00 13:30-16:30; 周六 09:00-12:00'
    >>> from govservice import china
    >>> hours.next_opening(datetime(2026, 2, 13, 16, 30), china())      # the Saturday is a make-up workday
    datetime.datetime(2026, 2, 14, 9, 0)
    """

    text: str
    makeup: MakeupHours = "weekday"
    """What holds on a make-up workday."""
    seasons: tuple[tuple[Season, OfficeHours], ...] = field(init=False, compare=False, repr=False, default=())
    """The hours of each season; () where they do not change."""
    general: Spans = field(init=False, compare=False, repr=False)
    """The spans of a working day; () where the text gives none."""
    named: tuple[tuple[int, Spans], ...] = field(init=False, compare=False, repr=False)
    """The weekdays that have hours of their own (0 is Monday), in order."""

    def __post_init__(self) -> None:
        _check_makeup(self.makeup)
        seasons = seasons_of(self.text)
        if seasons is not None:
            kept = tuple((season, OfficeHours(text, makeup=self.makeup)) for season, text in seasons)
            values = {"seasons": kept, "general": (), "named": (), "text": SEASONS.join(f"{season} {hours}" for season, hours in kept)}
            for name, value in values.items():
                object.__setattr__(self, name, value)
            return
        general, named = _read(self.text)
        week = [named.get(weekday) for weekday in WORKING_WEEK]
        if not general and week[0] is not None and all(spans == week[0] for spans in week):
            general = week[0]
        named = {weekday: spans for weekday, spans in named.items() if weekday not in WORKING_WEEK or spans != general}
        object.__setattr__(self, "general", general)
        object.__setattr__(self, "named", tuple(sorted(named.items())))
        object.__setattr__(self, "text", _spelled(general, self.named))

    def __str__(self) -> str:
        return self.text

    def opens(self, weekday: int) -> Spans:
        """The spans of an ordinary weekday (0 is Monday, 6 Sunday), each opening and closing time; () where it is closed.

        >>> OfficeHours("09:00-12:00 13:00-17:00").opens(0)
        ((datetime.time(9, 0), datetime.time(12, 0)), (datetime.time(13, 0), datetime.time(17, 0)))
        >>> OfficeHours("09:00-12:00").opens(5)
        ()
        """
        self._not_of_a_season()
        if type(weekday) is not int or weekday not in range(7):
            raise CalendarError(
                Words(
                    f"a weekday is 0 (Monday) to 6 (Sunday), not {shown(weekday)}", f"星期应为 0（周一）至 6（周日），不是 {shown(weekday)}"
                )
            )
        return dict(self.named).get(weekday, self.general if weekday in WORKING_WEEK else ())

    def names(self, weekday: int) -> bool:
        """Does the text give this weekday hours of its own? A Saturday that it names is open although no working day.

        >>> OfficeHours("09:00-17:00; 周六 09:00-12:00").names(5)
        True
        """
        self._not_of_a_season()
        return isinstance(weekday, int) and weekday in dict(self.named)

    def _not_of_a_season(self) -> None:
        if self.seasons:
            raise CalendarError(
                Words("the hours change with the season", "办公时间随季节变化"),
                hint=Words("ask for a day: in_season(day)", "请指明日期：in_season(day)"),
            )

    @takes(CalendarError, day=DATE)
    def in_season(self, day: date | str) -> OfficeHours:
        """The hours of the season that a day lies in; these hours themselves where they do not change.

        >>> summer = OfficeHours("05-01..09-30 08:30-12:00 15:00-18:00 | otherwise 08:30-12:00 14:00-17:30")
        >>> str(summer.in_season(date(2026, 7, 1)))
        '08:30-12:00 15:00-18:00'
        """
        asked_day: date = read_day(day)
        return next((hours for season, hours in self.seasons if season.holds(asked_day)), self)

    @takes(CalendarError, calendar=CALENDAR)
    def spans(self, day: date, calendar: WorkCalendar) -> Spans:
        """The spans of one day of a calendar: () where the centre is closed.

        >>> from govservice import china
        >>> OfficeHours("09:00-17:00").spans(date(2026, 2, 15), china())
        ()
        """
        what = calendar.day(day)
        if self.seasons:
            return self.in_season(what.date).spans(day, calendar)
        weekday = what.date.weekday()
        if what.kind == "holiday":
            return ()
        if what.kind == "makeup_workday" and self.makeup != "weekday":
            return dict(self.named).get(weekday, ()) if self.makeup == "weekend" else ()
        if what.kind == "makeup_workday" and self.general:
            return self.general
        if not what.is_workday and not self.names(weekday):
            return ()
        return dict(self.named).get(weekday, self.general if what.is_workday else ())

    @takes(CalendarError, calendar=CALENDAR)
    def closing(self, day: date, calendar: WorkCalendar) -> time | None:
        """When the centre closes for the day (00:00 stands for 24:00); None where it does not open.

        >>> from govservice import china
        >>> OfficeHours("09:00-12:00 13:00-17:00").closing(date(2026, 2, 13), china())
        datetime.time(17, 0)
        """
        spans = self.spans(day, calendar)
        return spans[-1][1] if spans else None

    @takes(CalendarError, calendar=CALENDAR)
    def minutes(self, day: date, calendar: WorkCalendar) -> int:
        """How many minutes the centre is open on a day.

        >>> from govservice import china
        >>> OfficeHours("09:00-12:00 13:00-17:00").minutes(date(2026, 2, 13), china())
        420
        """
        return sum(_last_minute(closes) - _minute(opens) for opens, closes in self.spans(day, calendar))

    @takes(CalendarError, calendar=CALENDAR)
    def is_open(self, moment: datetime, calendar: WorkCalendar) -> bool:
        """Is the centre open at a moment? The opening moment is inside, the closing moment outside.

        >>> from govservice import china
        >>> hours = OfficeHours("08:30-17:00")
        >>> hours.is_open(datetime(2026, 2, 13, 8, 30), china()), hours.is_open(datetime(2026, 2, 13, 17, 0), china())
        (True, False)
        """
        local = _local(moment, calendar)
        clock = local.time()
        return any(opens <= clock and (clock < closes or closes == MIDNIGHT) for opens, closes in self.spans(local.date(), calendar))

    @takes(CalendarError, calendar=CALENDAR)
    def next_opening(self, moment: datetime, calendar: WorkCalendar) -> datetime:
        """The moment itself where the centre is open, else when it opens next.

        An aware moment is answered in the calendar's time zone, a naive one naively.

        >>> from govservice import china
        >>> OfficeHours("08:30-17:00").next_opening(datetime(2026, 2, 14, 17, 0), china())
        datetime.datetime(2026, 2, 24, 8, 30)
        """
        local = _local(moment, calendar)
        if self.is_open(local, calendar):
            return local
        for ahead in range(FARTHEST):
            day = local.date() + timedelta(ahead)
            for opens, _closes in self.spans(day, calendar):
                opening = datetime.combine(day, opens, local.tzinfo)
                if opening > local:
                    return opening
        raise CalendarError(
            Words(f"no opening within {FARTHEST} days of {moment.isoformat()}", f"{moment.isoformat()} 后 {FARTHEST} 日内没有开门时间")
        )


def _local(moment: datetime, calendar: WorkCalendar) -> datetime:
    """The moment on the calendar's clock."""
    if not isinstance(moment, datetime):
        raise CalendarError(
            Words(f"a moment is needed, not {shown(moment)}", f"需要时刻，得到的是 {shown(moment)}"),
            hint=Words("give a datetime", "请给出 datetime"),
        )
    as_day(moment, calendar.zone)  # refuses a missing moment, and an aware one where the calendar has no zone
    return moment if moment.tzinfo is None else moment.astimezone(calendar.zone)


def _check_makeup(makeup: object) -> None:
    if not isinstance(makeup, str) or makeup not in get_args(MakeupHours):
        raise CalendarError(
            Words(f"no hours of a make-up workday: {shown(makeup)}", f"补班日的办公时间不能写 {shown(makeup)}"),
            hint=Words(f"one of: {', '.join(get_args(MakeupHours))}", f"可选：{'、'.join(get_args(MakeupHours))}"),
        )


def _read(text: object) -> tuple[Spans, dict[int, Spans]]:
    """The general spans and those of named weekdays."""
    if not isinstance(text, str):
        raise CalendarError(
            Words(f"office hours are a text, not {type(text).__name__}", f"办公时间应为文字，而不是 {type(text).__name__}"), hint=_HINT
        )
    general: list[Span] = []
    named: dict[int, list[Span]] = {}
    weekdays: list[int] | None = None
    for section in _sections(text):
        days, rest = _weekdays(section)
        # "周六 9:00-12:00；下午 1:00-3:00": an afternoon that names no day goes on with the day before
        if days is not None or not rest.lstrip(" ,、:").startswith("下午"):
            weekdays = days
        spans = list(_spans(rest, text))
        for spanned in [general] if not weekdays else [named.setdefault(weekday, []) for weekday in weekdays]:
            spanned.extend(spans)
    if not general and not named:
        raise CalendarError(Words(f"no hours in {shown(text)}", f"“{text}”中没有时间"), hint=_HINT)
    return _ordered(general, text), {weekday: _ordered(spans, text) for weekday, spans in named.items()}


_HINT = Words("write them as 09:00-12:00 13:00-17:00; 周六 09:00-12:00", "请写作 09:00-12:00 13:00-17:00; 周六 09:00-12:00")


def _sections(text: str) -> Iterator[str]:
    """The parts between semicolons, in plain characters; a weekday in the middle of a part begins another."""
    plain = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE).lower()
    plain = _WHOLE_DAY.sub(" 00:00-24:00 ", re.sub(r"-{2,}", "-", _NOISE.sub(" ", plain)))
    for part in plain.split(";"):
        starts = [match.start() for match in _DAYS.finditer(part)]
        cuts = [0, *(start for start in starts if part[:start].strip()), len(part)]
        yield from (part[a:b] for a, b in pairwise(cuts) if _FILLER.fullmatch(part[a:b]) is None)


def _weekdays(section: str) -> tuple[list[int] | None, str]:
    """The weekdays a section begins with ([] for every working day, None where it names none), and the rest of it."""
    rest = section.lstrip(" ,、:")
    if working := _WORKING.match(rest):
        return [], rest[working.end() :]
    match = _DAYS.match(rest)
    if not match:
        return None, rest
    weekdays: list[int] = []
    for first, last in _RANGE.findall(match[0]):
        start = _numbers(first)
        end = _numbers(last) if last else start
        length = (end[-1] - start[0]) % 7
        weekdays += [(start[0] + n) % 7 for n in range(length + 1)]
    return sorted(set(weekdays)), rest[match.end() :]


def _numbers(name: str) -> list[int]:
    if name.endswith("末") or name.startswith("weekend"):
        return [5, 6]
    if name[:3] in ENGLISH:
        return [ENGLISH.index(name[:3])]
    return ["一二三四五六日".index(name[-1].replace("天", "日"))]


def _spans(rest: str, text: str) -> Iterator[Span]:
    """The spans of a section; anything else in it is refused."""
    at, half = 0, ""
    for match in _TIMES.finditer(rest):
        _only_filler(rest[at : match.start()], text)
        half = match[1] or half
        opens, closes = _time(match[2], match[3], half, text), _time(match[4], match[5], half, text, last=True)
        if _minute(opens) >= _last_minute(closes):
            raise CalendarError(
                Words(f"{_span((opens, closes))} ends before it begins", f"{_span((opens, closes))} 的结束早于开始"),
                hint=Words("write afternoon hours as 13:00-17:00", "下午请写作 13:00-17:00"),
            )
        yield opens, closes
        at = match.end()
    if at == 0:
        raise CalendarError(Words(f"no hours in {shown(rest.strip() or text)}", f"“{rest.strip() or text}”中没有时间"), hint=_HINT)
    _only_filler(rest[at:], text)


def _only_filler(between: str, text: str) -> None:
    left = _HALF.sub("", between)
    if _FILLER.fullmatch(left) is None:
        raise CalendarError(
            Words(f"{shown(left.strip())} in {shown(text)} cannot be read", f"“{text}”中的“{left.strip()}”无法读取"), hint=_HINT
        )


def _time(hour: str, minute: str, half: str, text: str, *, last: bool = False) -> time:
    hours = int(hour)
    if (hours, int(minute)) == (24, 0) and last:
        return MIDNIGHT
    if half in {"下午", "晚上"} and hours < 12:
        hours += 12
    try:
        return time(hours, int(minute))
    except ValueError:
        raise CalendarError(
            Words(f"{hour}:{minute} in {shown(text)} is no time of day", f"“{text}”中的 {hour}:{minute} 不是时刻"),
            hint=Words("hours are 00:00 to 24:00", "时刻为 00:00 至 24:00"),
        ) from None


def _ordered(spans: list[Span], text: str) -> Spans:
    ordered = sorted(spans)
    for (first, ends), (begins, last) in pairwise(ordered):
        if _minute(begins) < _last_minute(ends):
            raise CalendarError(
                Words(
                    f"{_span((first, ends))} and {_span((begins, last))} overlap in {shown(text)}",
                    f"“{text}”中 {_span((first, ends))} 与 {_span((begins, last))} 重叠",
                )
            )
    return tuple(ordered)


def _spelled(general: Spans, named: tuple[tuple[int, Spans], ...]) -> str:
    sections = [_written(general)] if general else []
    alike: dict[Spans, list[str]] = {}
    for weekday, spans in named:
        alike.setdefault(spans, []).append(NAMES[weekday])
    sections += [f"{'、'.join(names)} {_written(spans)}" for spans, names in alike.items()]
    return "; ".join(sections)


def _written(spans: Spans) -> str:
    return " ".join(map(_span, spans))


def _span(span: Span) -> str:
    opens, closes = span
    return f"{opens:%H:%M}-{'24:00' if closes == MIDNIGHT else f'{closes:%H:%M}'}"


def closing_moment(day: date, closes: time, zone: ZoneInfo | None) -> datetime:
    """The moment at which a span of a day closes; at 24:00 it is the next day's beginning.

    >>> closing_moment(date(2026, 2, 13), time(0, 0), None).isoformat()
    '2026-02-14T00:00:00'
    """
    return datetime.combine(day + timedelta(closes == MIDNIGHT), closes, zone)


def _last_minute(closes: time) -> int:
    return _minute(closes) or 24 * 60


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
