"""How an expression writes what people write otherwise: a day, a time of the clock, a limit, that there is nothing."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from govservice.errors import LimitError, RecordError, Words
from govservice.limits import TimeLimit
from govservice.reading.days import read_date
from govservice.rules.language.values import TimeOfDay

__all__ = ["DAY", "KNOWN", "LIMIT_OF_DAYS", "TIME", "beside", "day_written", "limit_written", "nothing_written", "time_written"]

DAY: Final = re.compile(
    r"(?<![\w.])(?:(?:19|20)\d{2}\s*(?P<by>[-－—–/／.．])\s*\d{1,2}\s*(?P=by)\s*\d{1,2}(?![\d.])"
    r"|(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号])?|\d{1,2}\s*月\s*\d{1,2}\s*[日号])"
)
_HOUR: Final = r"(?:\d{1,2}|十[一二]?|[一二两三四五六七八九])"
_PART: Final = r"(?:凌晨|清早|早上|早晨|上午|中午|下午|午后|傍晚|晚上|夜里|[AaPp][Mm])"
TIME: Final = re.compile(
    rf"(?:(?P<part>{_PART})\s*)?(?<!\d)(?P<hour>{_HOUR})\s*"
    rf"(?:(?:点钟?|时(?![限长段间刻]))\s*(?P<minute>\d{{1,2}}(?=\s*分|\s|\W|$)|半|[一三]刻|整)?\s*分?|[:：](?P<digits>\d{{2}}))"
)
LIMIT_OF_DAYS: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?\s*个?\s*(?:工作日|自然日|日历日|天|日|小时|分钟|周|个月|月|年)(?!\w)")
_CHINESE_HOURS: Final = "〇一二三四五六七八九十"
_QUARTERS: Final = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, None: 0}
_AFTERNOON: Final = ("下午", "午后", "傍晚", "晚上", "夜里", "pm")
_A_DAY: Final = Words('write date("2026-01-31")', '写作 date("2026-01-31")')
_DAY_OR_DAYS: Final = Words(
    'a day is written date("2026-01-31"), the days between two workdays(a, b) or days(a, b)',
    '日期写作 date("2026-01-31")；两天之间的天数写作 workdays(甲, 乙) 或 days(甲, 乙)',
)
_A_TIME: Final = Words("a time of the clock is written 08:20", "钟点写作 08:20")
_A_LIMIT: Final = Words('a limit is written limit("10个工作日")', '时限写作 limit("10个工作日")')
_ENDS: Final = Words(
    "a limit is no number: compare the days, x <= due(start, limit)", "时限不是数：请比较日子，写作 甲 <= due(起算日, 时限)"
)
KNOWN: Final = Words("known(x) asks whether there is a value, not known(x) whether there is none", "有没有值写作 known(甲)、非 known(甲)")


def day_written(text: str) -> Words | None:
    """A day as an expression writes it; None for what is no day.

    >>> day_written("2026年3月5日").zh, day_written("3月5日").zh, day_written("5") is None
    ('写作 date("2026-03-05")', '写作 date("2026-01-31")', True)
    """
    try:
        day: date = read_date(re.sub(r"\s", "", text))
    except RecordError:
        return _A_DAY if DAY.fullmatch(text.strip()) else None
    return Words(f'write date("{day}")', f'写作 date("{day}")')


def time_written(text: str) -> Words | None:
    """A time of the clock as an expression writes it; None for what is none.

    >>> time_written("下午4点半").zh, time_written("16:30").zh, time_written("点钟")
    ('写作 16:30', '写作 16:30', None)
    """
    match = TIME.fullmatch(text.strip())
    if match is None:
        return None
    hour = _hour(match["hour"])
    minute = int(match["digits"] or 0) or (_QUARTERS[match["minute"]] if match["minute"] in _QUARTERS else int(match["minute"]))
    part = (match["part"] or "").lower()
    if hour < 12 and (part in _AFTERNOON or (part == "中午" and hour < 10)):
        hour += 12
    if hour == 12 and part in ("凌晨", "am"):
        hour = 0
    time = TimeOfDay.parse(f"{hour}:{minute:02d}")
    return Words(f"write {time}", f"写作 {time}") if time is not None else _A_TIME


def _hour(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return sum(_CHINESE_HOURS.index(sign) for sign in text.replace("两", "二"))


def limit_written(text: str) -> Words | None:
    """A limit as an expression writes it; None for what is none. Where 天 may be two kinds of day, both are shown.

    >>> limit_written("10个工作日").zh, limit_written("当天").zh, limit_written("十") is None
    ('写作 limit("10个工作日")', '写作 limit("当天")', True)
    """
    try:
        if TimeLimit.parse(text, day="workday") == TimeLimit.parse(text, day="natural_day"):
            return Words(f'write limit("{text.strip()}")', f'写作 limit("{text.strip()}")')
    except LimitError:
        return None
    number = text.strip().rstrip("日天个 ")
    kinds = [f'limit("{number}个{kind}")' for kind in ("工作日", "自然日")]
    return Words(f"write {kinds[0]} or {kinds[1]}", f"写作 {kinds[0]} 或 {kinds[1]}")


def nothing_written(name: str, *, something: bool = False) -> Words:
    """How one asks whether a fact has no value, or has one.

    >>> nothing_written("办结日").zh, nothing_written("办结日", something=True).en
    ('没有值写作 非 known(办结日)', 'write known(办结日) where it has a value')
    """
    if something:
        return Words(f"write known({name}) where it has a value", f"有值写作 known({name})")
    return Words(f"write not known({name}) where it has no value", f"没有值写作 非 known({name})")


def beside(kind: str, written: str, *, text: bool, number: bool) -> Words | None:
    """What stands beside a value of a kind and does not compare with it, as an expression would write it.

    `written` is what the author wrote, without its quotes where it is a `text`; `number` says whether it is a number.

    >>> beside("limit", "10", text=False, number=True).zh, beside("date", "5", text=False, number=True).zh[:24]
    ('写作 limit("10个工作日")', '日期写作 date("2026-01-31")；')
    """
    match kind:
        case "date" | "moment":
            return day_written(written) or (_A_DAY if text else _DAY_OR_DAYS if number else None)
        case "limit" if number:
            whole = written.isdecimal()
            return Words(f'write limit("{written}个工作日")', f'写作 limit("{written}个工作日")') if whole else _ENDS
        case "limit" if text:
            return limit_written(written) or _A_LIMIT
        case "time" if text or number:
            return time_written(written) or _A_TIME
    return None
