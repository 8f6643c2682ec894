"""Odd texts and odd values, drawn: what slips, spreadsheets, other programs and malice make of a good one."""

from __future__ import annotations

import random
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from govservice import NONE, TimeLimit, china, load_rulebook

__all__ = ["ODD", "SIGNS", "TWINS", "book", "moved", "text", "value"]


class Spiteful:
    """Refuses to be shown."""

    def _no(self, *_: object) -> Any:
        raise RuntimeError("no")

    __repr__ = __str__ = _no


class Unequal:
    """Refuses to be compared and asked, as frames do."""

    def _no(self, *_: object) -> Any:
        raise ValueError("the truth value is ambiguous")

    __eq__ = __bool__ = __lt__ = _no
    __hash__ = None  # type: ignore[assignment]


class NaTType(datetime):
    """As data frames have it: a moment that differs from itself, and has no day."""

    def __eq__(self, other: object) -> bool:
        return False

    def __ne__(self, other: object) -> bool:
        return True

    __hash__ = datetime.__hash__

    def _no(self, *_: object, **__: object) -> Any:
        raise ValueError("NaTType does not support this")

    date = timetz = time = astimezone = utcoffset = replace = toordinal = _no  # type: ignore[assignment]

    def isoformat(self, *_: object) -> str:  # type: ignore[override]
        return "NaT"


class Text(str):
    """A text of another class."""


class Number(int):
    """A number of another class."""


class Colour(StrEnum):
    """A text that is a member of something."""

    RED = "promised"


def _circle() -> list[Any]:
    circle: list[Any] = []
    circle.append(circle)
    return circle


def _circular_mapping() -> dict[str, Any]:
    circle: dict[str, Any] = {}
    circle["x"] = circle
    return circle


@cache
def _deep() -> Any:
    value: Any = "x"
    for _ in range(5_000):
        value = [value]
    return value


@cache
def book(id: str = "kunshan") -> Any:
    """A shipped book, loaded once."""
    return load_rulebook(id)


_DAY: Final = date(2026, 3, 2)
_HUGE: Final = 10**5_000
_FIXED: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1, 5, 10**30, 2**70, _HUGE, 1.5, -0.0, 5e-324, 1e308, float("nan"), float("inf"), 1j, "", " ", "x", "\ud800", "\x1b[2J\n", "2026-03-02",
    "x" * 100_000, "至" * 60_000, "24小时", b"x", (), (1, 2, 3), frozenset(), range(3), range(10**5), object(), Spiteful(), Unequal(), NaTType(2026, 3, 2), type,
    NotImplemented, ..., date.min, date.max, _DAY, datetime.min, datetime.max, datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=timezone(timedelta(hours=-23))), datetime.min.replace(tzinfo=timezone(timedelta(hours=23))), datetime(2026, 3, 2, 9, 30),
    datetime(2026, 3, 2, 9, 30, tzinfo=UTC), datetime(2026, 3, 2, 9, 30, fold=1), time(9), time(9, tzinfo=UTC), timedelta.max, timedelta(1), timedelta(-1), Decimal("NaN"),
    Decimal("sNaN"), Decimal("Infinity"), Decimal("1e999999"), Decimal("1e-999999"), Decimal(5), Decimal("-0"), Fraction(1, 3), Fraction(_HUGE, 3), Path("."), Path("\0"),
    Path("/dev/zero"), TimeLimit(5, "workday"), ValueError("x"), "2026-10", "C1", NONE, Text("C1"), Number(5), Colour.RED, UUID(int=5), MappingProxyType({}),
    "promised", "kunshan", "5个工作日", "hearing", "08:30-12:00", "是",
)  # fmt: skip
_MADE: Final[tuple[Callable[[], Any], ...]] = (  # anew: some are used up by use
    list, dict, set, lambda: [None], lambda: [[]], lambda: {1: 2}, lambda: {"x": None}, lambda: {"x": {"y": [1]}}, lambda: {1}, lambda: iter([1]),
    lambda: (i for i in (1, None)), lambda: print, lambda: bytearray(b"x"), lambda: memoryview(b"x"), _circle, _circular_mapping, _deep, china, book,
    lambda: [("a", 1)], lambda: [{"kind": "late"}], lambda: {"events": None}, lambda: {"cases": [None]}, lambda: {"pauses": "x"}, lambda: deque([1]),
    lambda: OrderedDict(x=1), lambda: {None: None}, lambda: {"": ""}, lambda: {("a", "b"): 1}, lambda: [_DAY], lambda: [_DAY, _DAY],
    lambda: {"cases": [{"case": "C1"}, {"case": "C1"}]}, lambda: {"cases": [{"case": "C1", "received_on": date.max}]}, lambda: {"cases": Unequal()},
    lambda: {Text("case"): "C1"}, lambda: [{"case": Spiteful()}], lambda: {"value": "1"},
)  # fmt: skip
ODD: Final[tuple[Callable[[], Any], ...]] = (*((lambda fixed=fixed: fixed) for fixed in _FIXED), *_MADE)
"""Makers of values of every kind that nobody should give."""

TWINS: Final = {
    ":": "：", ",": "，、", "{": "｛", "}": "｝", "[": "［【", "]": "］】", '"': "“”＂", "'": "‘＇", "#": "＃", "-": "－—−",
    "&": "＆", "*": "＊×", "|": "｜", ">": "＞≥", "<": "＜≤", "(": "（", ")": "）", "=": "＝", "%": "％", ".": "．。", "+": "＋",
    "/": "／÷", " ": "\u3000\u00a0\t", "T": " t", "Z": "z",
    **{sign: chr(ord(sign) + 0xFEE0) for sign in "0123456789abcdxyzABC"},
}  # fmt: skip
SIGNS: Final = (
    "\x00", "\x1b[31m", "\u202e", "\ufeff", "\u200b", "\t", "\n", "\r", "，", "：", "“", "”", "、", "。", "；", "(", ")", "（", "）", "[", "]", "{", "}", "'", '"', "\\", "/",
    "-", "--", "+", "*", "%", "=", "<", ">", "!", "?", "#", "&", "@", "~", "^", "|", "_", ".", "..", "0", "1", "9", "00", "9" * 30, "9" * 5_000, "e9", "e999", "０", "Ⅻ", "½", "٣",
    "二", "十", "两", "半", "零", "〇", "廿", "至", "年", "月", "日", "号", "天", "时", "分", "周", "个", "工作日", "自然日", "小时", "上午", "当天", "无", "是", "否", "不", "且", "或", "非",
    "x", "至" * 100, "x" * 3_000, "\ud800", "\U0001f600", "e\u0301", "İ", "ß", "ǆ", " " * 40, "T", "Z", "+08:00", "-23:59", "24:00", "23:59:60", "2026", "9999", "0000", "-0", "NaN", "null",
)  # fmt: skip
"""What a slip or malice puts into a text."""


def moved(good: str, chance: random.Random, signs: Sequence[str] = SIGNS) -> str:
    """A text after one slip: a sign put in, left out, twice, exchanged, or written in its full-width twin."""
    at = chance.randrange(len(good) + 1)
    match chance.randrange(7):
        case 0 | 1:
            return good[:at] + chance.choice(signs) + good[at:]
        case 2:
            return good[:at] + good[at + chance.choice((1, 1, 2, 5)) :]
        case 3:
            return good[:at] + chance.choice(signs) + good[at + 1 :]
        case 4:
            return good[:at] + good[at : at + 3] * chance.choice((2, 2, 30)) + good[at + 3 :]
        case 5:
            return good[at:] + good[:at]
        case _:
            places = [place for place, sign in enumerate(good) if sign in TWINS]
            if not places:
                return good[::-1]
            at = chance.choice(places)
            return good[:at] + chance.choice(TWINS[good[at]]) + good[at + 1 :]


_GOOD: Final = (
    "2026-03-02", "2026-03-02 09:30", "2026-03-02T09:30:00+08:00", "2026年3月2日", "二〇二六年三月二日", "20260302", "2026/3/2", "2026.3.2", "24:00", "08:30-12:00 13:30-17:00",
    "05-01..09-30 08:30-12:00 | otherwise 09:00-12:00", "5个工作日", "30 自然日", "24小时", "3个月", "当天", "当场", "半个月", "一个半小时", "十五日", "5-7个工作日", "自受理之日起20个工作日内", "1年",
    "3.5", "-1", "1,000", "1e5", "80%", "12345678901234567890.5", "是", "否", "有", "Y", "true", "1.0", "甲；乙；丙", "a,b", '["a", "b"]', "C1", "即办件", "promised", "hearing",
    "320583199001011234", "91320583MA1MABCD1X", "3.20583E+17", "2026-10", "2026-Q4", "2026-H2", "2026年第四季度", "2026年度", "ever", "rolling 12 months", "周一至周五 09:00-17:00", "周六 09:00-12:00",
    "kunshan", "a.b", "", "无", "NaN", "2026-02-30", "9999-12-31", "0001-01-01",
)  # fmt: skip


def text(chance: random.Random) -> str:
    """What people write for days, limits, hours, numbers, yes and no, lists, codes and periods, after up to three slips."""
    drawn = chance.choice(_GOOD)
    for _ in range(chance.choice((0, 1, 1, 1, 2, 3))):
        drawn = moved(drawn, chance)
    return drawn


def value(chance: random.Random) -> Any:
    """A value for a fact: mostly a text or a plain value, at times one that nobody should give."""
    match chance.randrange(10):
        case 0 | 1 | 2 | 3:
            return text(chance)
        case 4 | 5:
            return chance.choice((True, False, None, 0, 1, 5, 30, Decimal("0.5"), 1.5, -3, 10**9))
        case 6 | 7:
            return _moment(chance)
        case 8:
            return [value(chance) for _ in range(chance.randrange(3))]
        case _:
            return chance.choice(ODD)()


def _moment(chance: random.Random) -> date:
    year = chance.choice((2026, 2026, 2026, 2025, 2003, 2004, 2099, 2100, 1, 9999))
    day = date(year, chance.randint(1, 12), chance.randint(1, 28))
    if chance.random() < 0.6:
        return day
    zone = chance.choice((None, None, UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-12)), timezone(timedelta(minutes=1))))
    return datetime(day.year, day.month, day.day, chance.randrange(24), chance.randrange(60), tzinfo=zone)
