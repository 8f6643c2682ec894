"""Periods of assessment: read, widened, cut into smaller ones, and the one before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from govservice.as_json import AsJson
from govservice.echo import shown
from govservice.errors import DecisionError, RecordError, Words
from govservice.reading import read_date
from govservice.rules.language.day_functions import shanghai_day

__all__ = ["EVER", "YEAR_BEFORE", "Period", "around", "kind_said", "named", "of_kind", "read_period", "recurs"]

DAY: Final = timedelta(days=1)
MONTHS: Final = {"month": 1, "bimonth": 2, "quarter": 3, "half": 6, "year": 12}
YEAR_BEFORE: Final = "year_before"
_MARKS: Final = {"bimonth": "B", "quarter": "Q", "half": "H"}
_WRITTEN: Final = re.compile(r"(\d{4})(?:-(?:(\d{2})|B([1-6])|Q([1-4])|H([12])))?")
_A_DAY: Final = re.compile(r"\d{4}(-\d{2}-\d{2}|年\d{1,2}月\d{1,2}日)")
_ROLLING: Final = re.compile(r"rolling (\d{1,3}) (months|days|years)")
_SAID: Final = {
    "day": "日", "month": "月", "bimonth": "两个月", "quarter": "季度", "half": "半年", "year": "年", "ever": "历来", "span": "一段日子",
}  # fmt: skip
_SPANS_SAID: Final = {"days": "天", "months": "个月", "years": "年"}
_ANCHORED: Final = re.compile(r"(month|year) from (?:(\d\d)-)?(\d{1,2})")  # a month from its 26th, a year from 12-01


@dataclass(frozen=True, slots=True, repr=False)
class Period(AsJson):
    """A span of days, both ends in; `kind` is day, month, bimonth, quarter, half, year, ever, span, or anchored: `month from 26`.

    An anchored period is named for the month or year in which it ends.
    """

    first: date
    last: date
    kind: str

    def __str__(self) -> str:
        kind = self.kind.partition(" from ")[0]
        if kind == "year":
            return f"{self.last.year:04}"
        if kind == "month":
            return f"{self.last.year:04}-{self.last.month:02}"
        if self.kind in _MARKS:
            return f"{self.first.year:04}-{_MARKS[self.kind]}{(self.first.month - 1) // MONTHS[self.kind] + 1}"
        if kind == "day":
            return f"{self.first}"
        if self.kind == "ever":
            return "ever" if self.last == date.max else f"ever until {self.last}"
        return f"{self.first}..{self.last}"

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def before(self) -> Period:
        """The period of the same kind just before."""
        if recurs(self.kind):
            return around(self.first - DAY, self.kind)
        length = self.last - self.first
        return Period(self.first - DAY - length, self.first - DAY, self.kind)

    def within(self, kind: str) -> Iterator[Period]:
        """The periods of a smaller kind in it, in order; the one that its last day lies in where the kind is larger, or rolling.

        An anchored period lies in that in which it ends.
        """
        if kind == self.kind:
            yield self
            return
        if not recurs(kind) or _months(self.kind) <= _months(kind):
            yield around(self.last, kind)
            return
        anchored, period = "from" in kind, around(self.first, kind)
        while period.first <= self.last:
            if not anchored or period.last <= self.last:
                yield period
            period = around(period.last + DAY, kind)

    def widened(self, kind: str) -> Period:
        """The period of a larger kind that its last day lies in; of an anchored one, all that lie in that with it; the same a year before.

        >>> str(read_period("2026-Q1").widened("year")), str(read_period("2026-Q1").widened("year_before"))
        ('2026', '2025-Q1')
        """
        if kind == YEAR_BEFORE:
            return self._a_year_before()
        wider = around(self.last, kind)
        if " from " not in self.kind or kind == "ever":
            return wider
        inside = list(wider.within(self.kind))
        return Period(min(inside[0].first, self.first), max(inside[-1].last, self.last), "span")

    def _a_year_before(self) -> Period:
        """The period of the same name a year earlier; of any two days, these a year earlier, and a month's last day stays one."""
        if self.kind == "ever":
            return self
        first = _month_on(self.first.replace(day=1), -12)
        if self.kind in MONTHS:
            return around(first, self.kind)
        last = _month_on(self.last.replace(day=1), -12)
        end = _month_on(last, 1) - DAY
        whole = (self.last + DAY).month != self.last.month
        return Period(_on(first, self.first.day), end if whole else _on(last, self.last.day), self.kind)


EVER: Final = Period(date.min, date.max, "ever")


def kind_said(kind: str) -> str:
    """A kind of period in Chinese.

    >>> kind_said("bimonth"), kind_said("rolling 12 months"), kind_said("month from 26")
    ('两个月', '前推 12 个月', '月（自 26 起）')
    """
    if (rolling := _ROLLING.fullmatch(kind)) is not None:
        return f"前推 {rolling[1]} {_SPANS_SAID[rolling[2]]}"
    plain, of, anchor = kind.partition(" from ")
    return f"{_SAID.get(plain, plain)}（自 {anchor} 起）" if of else _SAID.get(plain, plain)


def around(day: date, kind: str) -> Period:
    """The period of a kind that a day lies in; `rolling 12 months` looks back from the day, and `ever` runs until it.

    >>> str(around(date(2026, 10, 12), "bimonth")), str(around(date(2026, 10, 12), "quarter"))
    ('2026-B5', '2026-Q4')
    >>> str(around(date(2026, 10, 15), "rolling 12 months")), str(around(date(2026, 10, 15), "ever"))
    ('2025-10-16..2026-10-15', 'ever until 2026-10-15')
    """
    if kind == "ever":
        return Period(date.min, day, "ever")
    if kind == "day":
        return Period(day, day, kind)
    if rolling := _ROLLING.fullmatch(kind):
        return _rolling(day, int(rolling[1]), rolling[2])
    if anchored := _ANCHORED.fullmatch(kind):
        return _anchored(day, anchored[1], int(anchored[2] or 0), int(anchored[3]))
    months = MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(first, _month_on(first, months) - DAY, kind)


def recurs(kind: str) -> bool:
    """Whether periods of a kind follow one another without end.

    >>> recurs("day"), recurs("quarter"), recurs("month from 26"), recurs("rolling 3 months"), recurs("ever")
    (True, True, True, False, False)
    """
    return kind == "day" or kind in MONTHS or _ANCHORED.fullmatch(kind) is not None


def _months(kind: str) -> int:
    return 0 if kind == "day" else MONTHS.get(kind.partition(" from ")[0], 99)


def _anchored(day: date, kind: str, month: int, from_: int) -> Period:
    """The month or year that begins on a given day of each and that a day lies in.

    >>> str(around(date(2026, 10, 26), "month from 26")), around(date(2026, 11, 25), "month from 26").first
    ('2026-11', datetime.date(2026, 10, 26))
    >>> str(around(date(2026, 12, 1), "year from 12-01")), around(date(2026, 11, 30), "year from 12-01").first
    ('2027', datetime.date(2025, 12, 1))
    """
    months = 12 if kind == "year" else 1
    first = date(day.year, month or day.month, 1)
    if first.replace(day=from_) > day:
        first = _month_on(first, -months)
    last = _month_on(first, months).replace(day=from_) - DAY
    return Period(first.replace(day=from_), last, f"{kind} from {f'{month:02}-{from_:02}' if month else from_}")


def _rolling(day: date, count: int, unit: str) -> Period:
    if unit == "days":
        return Period(day - timedelta(days=count - 1), day, "span")
    month = _month_on(date(day.year, day.month, 1), -count * (12 if unit == "years" else 1))
    last = _month_on(month, 1) - DAY
    return Period(min(month + timedelta(days=day.day - 1), last) + DAY, day, "span")


def _on(first: date, day: int) -> date:
    """The day of a month, its last where it has none of that number."""
    return min(first + timedelta(days=day - 1), _month_on(first, 1) - DAY)


def _month_on(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def read_period(given: object) -> Period:
    """A period as a caller writes it: "2026-10-09", "2026-10", "2026-B5" (two months), "2026-Q4", "2026-H2", "2026", "ever".

    Or (first, last). Also as clerks write it: `2026年10月9日`, `2026年10月`, `2026年第4季度`, `2026年下半年`, `2026年`.
    Raises DecisionError.

    >>> read_period("2026-B5").first, read_period("2026-H2").last
    (datetime.date(2026, 9, 1), datetime.date(2026, 12, 31))
    """
    if isinstance(given, Period):
        return given
    if isinstance(given, (tuple, list)) and len(given) == 2 and all(isinstance(day, (date, str)) for day in given):
        first, last = (_day(day) for day in given)
        if first is not None and last is not None and first <= last:
            return Period(first, last, "span")
    if isinstance(given, str) and given == "ever":
        return EVER
    if isinstance(given, str) and len(given) <= _LONGEST and _A_DAY.fullmatch(given) and (day := _day(given)) is not None:
        return around(day, "day")
    written = _WRITTEN.fullmatch(_plain(given)) if isinstance(given, str) and len(given) <= _LONGEST else None
    if written is not None:
        year = int(written[1])
        for kind, text in zip(("month", "bimonth", "quarter", "half"), written.groups()[1:], strict=True):
            if text is not None and 1 <= int(text) <= 12 // MONTHS[kind] and 1 < year < 9999:
                return around(date(year, (int(text) - 1) * MONTHS[kind] + 1, 1), kind)
        if "-" not in written[0] and 1 < year < 9999:
            return around(date(year, 1, 1), "year")
    raise DecisionError(
        Words(f"{shown(given)} is no period", f"{shown(given)} 不是期间"),
        hint=Words(
            'write "2026-10-09", "2026-10", "2026-B5", "2026-Q4", "2026-H2", "2026", or (first, last)',
            "写作 2026-10-09、2026-10、2026-B5、2026-Q4、2026-H2、2026 或 (首日, 末日)",
        ),
    )


_LONGEST: Final = 20  # characters of a period
_CHINESE: Final = re.compile(r"(\d{4})年(?:(\d{1,2})月份?|第?([1-4一二三四])季度?|(上|下)半年)?度?")


def _plain(text: str) -> str:
    """`2026年10月`, `2026年第4季度`, `2026年下半年` and `2026年` as they are written in short."""
    text = unicodedata.normalize("NFKC", text).strip()
    chinese = _CHINESE.fullmatch(text.replace(" ", ""))
    if chinese is None:
        return text
    year, month, quarter, half = chinese.groups()
    if month is not None:
        return f"{year}-{int(month):02}"
    if quarter is not None:
        return f"{year}-Q{quarter if quarter.isdecimal() else '一二三四'.index(quarter) + 1}"
    return year if half is None else f"{year}-H{'上下'.index(half) + 1}"


def _day(given: date | str) -> date | None:
    try:
        return shanghai_day(given) if isinstance(given, date) else read_date(given)
    except RecordError:
        return None


def named(given: Period, kind: str) -> Period:
    """The period of a kind with the name of the one given: of months from the 26th, 2026-11 ends on 25 November.

    >>> named(read_period("2026-11"), "month from 26").last
    datetime.date(2026, 11, 25)
    """
    if not _ANCHORED.fullmatch(kind) or given.kind != kind.partition(" from ")[0]:
        return given
    period = around(given.first, kind)  # which ends in the month given, unless it began before it and does
    return period if str(period) == str(given) else around(period.last + DAY, kind)


def of_kind(given: Period, kind: str, id: str) -> Period:
    """The period of a kind that a caller means: one of that kind, or any two days; a rolling one looks back from the last day given.

    Raises DecisionError.

    >>> str(of_kind(read_period("2026-10"), "rolling 3 months", "x"))
    '2026-08-01..2026-10-31'
    """
    if given.kind in (kind, "span") and not kind.startswith("rolling"):
        return given
    if _ANCHORED.fullmatch(kind) and given.kind == kind.partition(" from ")[0]:
        return named(given, kind)
    if kind == "ever" or kind.startswith("rolling"):
        return around(given.last, kind)
    raise DecisionError(
        Words(f"{id} goes by {kind}, and {given} is a {given.kind}", f"{id} 按{kind_said(kind)}进行，而 {given} 是{kind_said(given.kind)}"),
        hint=Words("give a period of that kind, or (first, last)", "请给出这种期间，或 (首日, 末日)"),
        id=id,
    )
