"""Days, moments, times and numbers in a notation that somebody named: nothing is read that is not written so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from govservice.decimals import EXACT
from govservice.errors import RecordError, Words
from govservice.reading.common import half_width, refused
from govservice.reading.days import in_reach
from govservice.reading.values import read_decimal

__all__ = ["COUNTS", "NUMBERS", "Notation", "pattern_of", "read_number_in", "read_when_in"]

NUMBERS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "1,234.56": (",", "."), "1.234,56": (".", ","), "1 234,56": (" ", ","), "1 234.56": (" ", "."), "1'234.56": ("'", "."),
    "1234.56": ("", "."), "1234,56": ("", ","),
})  # fmt: skip
"""Numbers by an example: what stands between thousands, and what before the part."""

COUNTS: Final = ("epoch_s", "epoch_ms", "excel", "excel_1904")
"""Moments as one number: seconds or milliseconds since 1970 in UTC, days of a spreadsheet since 1900 or since 1904."""

_SIGNS: Final = {"%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "hh", "%I": "hh", "%M": "mm", "%S": "ss", "%f": "f", "%p": "AM", "%z": "Z",
                 "%b": "MMM", "%T": "hh:mm:ss", "%F": "YYYY-MM-DD", "%%": "%"}  # fmt: skip
_PART: Final = re.compile(r"YYYY|MMM|MM|M|DD|D|hh|h|mm|ss|f|AM|Z")
_READS: Final = {
    "YYYY": r"(?P<year>[0-9]{4})", "MMM": r"(?P<name>[A-Za-z]{3})", "MM": r"(?P<month>[0-9]{2})", "M": r"(?P<month>[0-9]{1,2})",
    "DD": r"(?P<day>[0-9]{2})", "D": r"(?P<day>[0-9]{1,2})", "hh": r"(?P<hour>[0-9]{2})", "h": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})", "ss": r"(?P<second>[0-9]{2})", "f": r"(?P<part>[0-9]{1,6})",
    "AM": r"(?P<half>[AaPp]\.?[Mm]\.?|上午|下午)", "Z": r"(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})",
}  # fmt: skip
_SHOWS: Final = {
    "YYYY": "2026", "MMM": "Feb", "MM": "02", "M": "2", "DD": "13", "D": "13", "hh": "09", "h": "9", "mm": "08", "ss": "42", "f": "123",
    "AM": "AM", "Z": "+08:00",
}  # fmt: skip
_OPEN_ENDED: Final = frozenset(("M", "D", "h", "f"))
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY, _CLOCK = frozenset(("year", "month", "day")), frozenset(("hour", "minute"))


@dataclass(frozen=True, slots=True)
class Notation:
    """A notation of days, moments or times: `text` as it was named, an `example`, which parts it holds; `reads` takes a text apart."""

    text: str
    example: str
    parts: frozenset[str]
    reads: re.Pattern[str] | None = None

    @property
    def has_day(self) -> bool:
        """Whether it names a day."""
        return self.reads is None or self.parts >= _DAY

    @property
    def has_clock(self) -> bool:
        """Whether it names a time of the day."""
        return self.reads is None or self.parts >= _CLOCK


@lru_cache(maxsize=256)
def pattern_of(text: str) -> Notation:
    """A notation: `YYYY` `MM` or `M` `DD` or `D` `hh` or `h` `mm` `ss` `f` `AM` `Z` and `MMM` (Feb), the rest as it stands; `%Y %m %d %H`
    `%I %M %S %f %p %z %b` are the same. Or one of COUNTS.

    One digit or two is open for `M`, `D` and `h`: no other digits may touch them. Raises RecordError for a pattern that leaves anything
    open: two digits of a year, a part twice, a time without its minutes, hours up to 12 without AM.

    >>> pattern_of("YYYY年M月D日").example, pattern_of("%Y%m%d%H%M%S").example, pattern_of("h:mm:ss AM").example
    ('2026年2月13日', '20260213090842', '9:08:42 AM')
    """
    if text in COUNTS:
        return Notation(text, {"epoch_s": "1770944922", "epoch_ms": "1770944922000"}.get(text, "46066.38"), frozenset())
    if "%I" in text and "%p" not in text:
        raise _no_pattern(text, Words("hours up to 12 want AM or PM: %p", "十二小时制要写明上午下午：%p"))
    spelt = re.sub(r"%.", lambda sign: _SIGNS.get(sign[0], sign[0]), text)
    if re.search(r"(?<!Y)YY(?!Y)|%y", spelt) is not None:
        raise _no_pattern(text, Words("two digits of a year do not say which century", "两位数的年份看不出是哪个世纪"))
    if (unknown := re.search(r"%[A-Za-z]", spelt)) is not None:
        raise _no_pattern(text, Words(f"{unknown[0]} is none of its signs", f"没有 {unknown[0]} 这个写法"))
    expression, example, before = "", "", ""
    parts: list[str] = []
    at = 0
    for sign in _PART.finditer(spelt):
        between = spelt[at : sign.start()]
        if re.search(r"[A-Za-z]", between.replace("T", "")) is not None:
            raise _no_pattern(text, Words(f"{between!r} is no sign", f"看不懂“{between}”"))
        if not between and before and _has_digits(before) and _has_digits(sign[0]) and {before, sign[0]} & _OPEN_ENDED:
            open_ = Words(f"where {before} ends before {sign[0]} is open: write two digits", f"{before} 和 {sign[0]} 分不开，请写成两位")
            raise _no_pattern(text, open_)
        if between[:1].isdigit() or between[-1:].isdigit():
            raise _no_pattern(text, Words("digits of its own", "里面有数字"))
        expression += _as_written(between) + _READS[sign[0]]
        example += between + _SHOWS[sign[0]]
        parts += re.findall(r"\?P<(\w+)>", _READS[sign[0]])
        before, at = sign[0], sign.end()
    rest = spelt[at:]
    if re.search(r"[A-Za-z0-9]", rest) is not None:
        raise _no_pattern(text, Words(f"{rest!r} is no sign", f"看不懂“{rest}”"))
    held = ["month" if part == "name" else part for part in parts]
    _check(text, held)
    return Notation(text, example + rest, frozenset(held), re.compile(expression + _as_written(rest)))


def _has_digits(sign: str) -> bool:
    return sign not in ("MMM", "AM", "Z")


def _as_written(between: str) -> str:
    """What stands between the parts; blanks are as many as one likes."""
    return re.sub(r"(?:\\ |\s)+", r"\\s+", re.escape(between.translate(_HALF)))


_HALF: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def _check(text: str, parts: list[str]) -> None:
    twice = next((part for part in parts if parts.count(part) > 1), None)
    held = set(parts)
    if twice is not None:
        raise _no_pattern(text, Words(f"the {twice} stands in it twice", "同一部分写了两次"))
    if held & _DAY and not held >= _DAY:
        raise _no_pattern(text, Words("a day has a year, a month and a day", "日期要有年、月、日"))
    if held & {"hour", "minute", "second", "part", "half", "zone"} and not held >= _CLOCK:
        raise _no_pattern(text, Words("a time has hours and minutes", "时刻要有时和分"))
    if not held & (_DAY | _CLOCK):
        raise _no_pattern(text, Words("it names no day and no time", "既没有日期也没有时刻"))


def _no_pattern(text: str, why: Words) -> RecordError:
    listed = ", ".join(COUNTS)
    return RecordError(
        Words(f"no format of days: {text}", f"不能用作日期格式：{text}"),
        why=why,
        hint=Words(f"such as YYYY-MM-DD hh:mm:ss, YYYYMMDDhhmmss; or {listed}", f"例如 YYYY-MM-DD hh:mm:ss、YYYYMMDDhhmmss；或 {listed}"),
    )


def read_when_in(value: object, pattern: Notation) -> date | time:
    """A value in that notation: a day, a moment (with an offset where it has one; of an epoch in UTC) or a time. What is a day or moment
    already stays. Raises RecordError with the notation that was expected.

    >>> [read_when_in(*each).isoformat() for each in (("20260213093000", pattern_of("YYYYMMDDhhmmss")), (46066.5, pattern_of("excel")))]
    ['2026-02-13T09:30:00', '2026-02-13T12:00:00']
    >>> [read_when_in(*each).isoformat() for each in (("9:08:42 PM", pattern_of("h:mm:ss AM")), (1770944922, pattern_of("epoch_s")))]
    ['21:08:42', '2026-02-13T01:08:42+00:00']
    """
    if isinstance(value, date | time):
        return value
    if pattern.reads is None:
        return _counted(value, pattern)
    text = half_width(value) if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) else ""
    match = pattern.reads.fullmatch(text)
    if match is None:
        raise _expected(value, pattern)
    try:
        return _of_parts({name: part for name, part in match.groupdict().items() if part is not None}, pattern)
    except ValueError:
        raise refused(value, Words("a day or time that there is", "存在的日期或时刻"), _as(pattern)) from None


def _expected(value: object, pattern: Notation) -> RecordError:
    return refused(value, Words(f"written as {pattern.text}", f"“{pattern.text}”的写法"), _as(pattern))


def _as(pattern: Notation) -> Words:
    return Words(f"expected {pattern.text}, such as {pattern.example}", f"应写作 {pattern.text}，如 {pattern.example}")


def _of_parts(parts: Mapping[str, str], pattern: Notation) -> date | time:
    clock = _clock(parts) if pattern.has_clock else None
    if clock is not None and not pattern.has_day:
        return clock
    month = _MONTHS.index(parts["name"].lower()) + 1 if "name" in parts else int(parts["month"])
    day = date(int(parts["year"]), month, int(parts["day"]))
    if not in_reach(day):
        raise ValueError
    return day if clock is None else datetime.combine(day, clock)


def _clock(parts: Mapping[str, str]) -> time:
    hour = int(parts["hour"])
    half = parts.get("half")
    if half is not None:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half[0] in "Pp下" else 0)
    minute, second, part = int(parts["minute"]), int(parts.get("second", 0)), int(parts.get("part", "0").ljust(6, "0"))
    return time(hour, minute, second, part, tzinfo=_offset(parts.get("zone")))


def _offset(text: str | None) -> timezone | None:
    if text is None or text == "Z":
        return UTC if text else None
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


_LEAST, _MOST = Decimal(10**9), Decimal(4_102_444_800)  # seconds: 2001-09-09 and 2100; other counts, and days in digits, lie beyond
_LAST: Final = 2_958_465  # the last day that spreadsheets count: 9999-12-31


def _counted(value: object, pattern: Notation) -> datetime:
    try:
        number = read_decimal(value)
    except RecordError:
        raise _expected(value, pattern) from None
    if pattern.text in ("epoch_s", "epoch_ms"):
        seconds = EXACT.scaleb(number, -3) if pattern.text == "epoch_ms" else number
        if not _LEAST <= seconds < _MOST:
            other = "epoch_ms" if pattern.text == "epoch_s" else "epoch_s"
            hint = Words(f"{_as(pattern).en}; is it {other}?", f"{_as(pattern).zh}；是不是 {other}？")
            raise refused(value, Words("a moment between 2001 and 2100, counted so", "2001 至 2100 年间这样计数的时刻"), hint)
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(EXACT.scaleb(seconds, 6)))
    since_1900 = pattern.text == "excel"
    if not 1 <= number < _LAST + 1 or (since_1900 and 60 <= number < 61):  # 1900-02-29 is counted, and never was
        raise refused(value, Words("a day that spreadsheets count", "电子表格的日期序号"), _as(pattern))
    begin = datetime(1904, 1, 1) if not since_1900 else datetime(1899, 12, 31 if number < 60 else 30)  # noqa: DTZ001 - on no one's clock
    thousandths = round(Fraction(number) * 86_400_000)  # a part of a day is rounded by the spreadsheet itself
    try:
        return begin + timedelta(milliseconds=thousandths)
    except OverflowError:
        raise refused(value, Words("a day that spreadsheets count", "电子表格的日期序号"), _as(pattern)) from None


def read_number_in(value: object, sample: str) -> Decimal:
    """A number as the sample (one of NUMBERS) writes it; digits may be full-width. What is a number already stays.

    >>> read_number_in("1.234,5", "1.234,56"), read_number_in("１２３４", "1234.56")
    (Decimal('1234.5'), Decimal('1234'))
    """
    if not isinstance(value, str):
        return read_decimal(value)
    group, point = NUMBERS[sample]
    parted = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+|" if group else ""
    text = half_width(value)
    if re.fullmatch(rf"[+-]?(?:{parted}[0-9]+)(?:{re.escape(point)}[0-9]+)?", text) is None:
        hint = Words(f"expected as in {sample}", f"应写作 {sample} 的样子")
        raise refused(value, Words("a number written so", "这种写法的数字"), hint)
    return read_decimal((text.replace(group, "") if group else text).replace(point, "."))
