"""Slips of the pen in an expression: words, units and signs that people write, and what the language has in their place."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from govservice.errors import Words
from govservice.reading.slips import UNSEEN
from govservice.rules.language.notations import (
    DAY,
    KNOWN,
    LIMIT_OF_DAYS,
    TIME,
    day_written,
    limit_written,
    nothing_written,
    time_written,
)

__all__ = ["JOINED", "LIST", "PERCENT", "THOUSANDS", "Slip", "limits_out", "slip_at", "slip_in_name", "time_at"]


class Slip(NamedTuple):
    """A slip: where it stands in the author's text, and what to write instead."""

    start: int
    end: int
    hint: Words


def _write(words: str, wrote: str, also: str = "") -> tuple[re.Pattern[str], Words]:
    chinese = f"“{also}”或 {wrote}" if also else f" {wrote}"
    return re.compile(f"(?:{words})"), Words(f"write {wrote}" + (f" (or {also})" if also else ""), f"写作{chinese}")


_WORDS: Final = (
    _write("大于等于|大于或等于|大于或者等于|不小于|不少于|不低于|至少", ">=", "≥"),
    _write("小于等于|小于或等于|小于或者等于|不大于|不多于|不超过|不高于|至多", "<=", "≤"),
    _write("不等于|不是|不为", "!=", "≠"),
    _write("大于|超过|高于|多于|晚于", ">"),
    _write("小于|低于|少于|不足|不满|未满|早于", "<"),
    _write("等于|是|为", "=="),
    _write("介于|位于", "1 <= x and x <= 3"),
    _write("不属于", 'not in ["..", ".."]'),
    _write("属于|包含于", 'in ["..", ".."]'),
    _write("并且|而且|以及|和|与|及|同时|AND|And", "and", "且"),
    _write("或者|或是|OR|Or", "or", "或"),
    _write("并非|没有|不|NOT|Not", "not", "非"),
    _write("加上?", "+"),
    _write("减去?", "-"),
    _write("乘以?|x|X", "*", "×"),
    _write("除以", "/", "÷"),
    _write("如果|若", "a if condition else b"),
)
_SIGNS: Final = {
    "≧": ">=", "≦": "<=", "⩾": ">=", "⩽": "<=", "﹥": ">", "﹤": "<", "﹦": "==", "≡": "==", "≈": "==", "—": "-", "–": "-", "―": "-",
    "‐": "-", "‑": "-", "‒": "-", "﹣": "-", "➖": "-", "➕": "+", "﹢": "+", "·": "*", "✕": "*", "✖": "*", "∗": "*", "⁄": "/", "∕": "/",
    "‰": "/ 1000", "﹪": "/ 100", "【": "[", "】": "]", "〔": "[", "〕": "]", "｛": "[", "｝": "]",
    "「": '"', "」": '"', "『": '"', "』": '"',
    "〈": "<", "〉": ">", "《": '"', "》": '"', "＆": "and", "｜": "or", "∧": "and", "∨": "or", "¬": "not", "￢": "not", "∈": "in",
}  # fmt: skip
PERCENT: Final = Words("write 0.8 or 80 / 100: % is the rest of a division", "百分数写作 0.8 或 80 / 100；% 是求余数")
_UNIT: Final = Words("a number stands alone: its fact says in what", "数后面不写单位，单位由事实定：写 200，不写 200平方米")
_DAYS: Final = Words(
    'a number stands alone: workdays(a, b) > 5, days(a, b) > 5; a limit is written limit("5个工作日")',
    '数后面不写单位：比较天数写作 workdays(甲, 乙) > 5 或 days(甲, 乙) > 5；时限写作 limit("5个工作日")',
)
_LARGE: Final = Words("write the number out: 5万 is 50000", "请写出整个数：5万写作 50000")
THOUSANDS: Final = Words("write 1000, without a comma", "数里不用逗号：写 1000")
_TRUTH: Final = Words("write true or false", "是、有写作 true，否、无写作 false")
_DIGITS: Final = Words("write the number in digits: 200", "数用数字写：200")
_SINGLE: Final = Words('the equals sign of a comparison is ==; "at least" is >=, "at most" <=', "比较写作 >=、<=、==、!=")
LIST: Final = Words('lists are written ["a", "b"]', '列表写作 ["甲", "乙"]')
JOINED: Final = Words("join conditions with `and` (or 且), `or` (或)", "两个条件之间写“且”或 and，任一即可的写“或”或 or")
_STOP: Final = Words("nothing stands at the end", "末尾不用标点")
_UNSEEN: Final = Words("delete the invisible character", "请删去看不见的字符")
_POWER: Final = Words("write x * x", "平方写作 x * x")
_PATTERNS: Final = (
    (re.compile(r"\d[\d,，]*(?:\.\d+)?\s*(?:多|余|来)?[十百千万亿]+(?!\w*[天日])[^\W\d]*"), _LARGE),
    (re.compile(r"\d+(?:\.\d+)?\s*(?:个)?(?:工作日|自然日|日历日|天|日|小时|分钟|周|个月|月|年)(?:内|以内|以上|以下)?"), _DAYS),
    (re.compile(r"\d+(?:\.\d+)?\s*[%％‰]\s*(?=$|[)\]）］,，、<>=!≥≤≠+\-*/]|and\b|or\b|[且或]|if\b|else\b)"), PERCENT),
    (re.compile(r"(?<![\d.])\d{1,3}(?:[,，]\d{3})+(?!\d)(?![^(]*\))"), THOUSANDS),
    (re.compile(r"[²³]"), _POWER),
    (re.compile(r"\d+(?:\.\d+)?\s*(?!(?:and|or|not|in|if|else)\b|[且或非])[^\W\d_]+"), _UNIT),
    (re.compile(r"\d+(?:\.\d+)?\s*[㎡㎥㎏㎞℃￥¥$]|[￥¥$]\s*\d"), _UNIT),
    (re.compile(r"[=＝]\s*[<>＜＞]|<\s*>|＜\s*＞"), _SINGLE),
    (re.compile(r"[。．.；;，,、！!？?]\s*$"), _STOP),
)
_EMPTY: Final = re.compile(
    r"(?:(?P<not>不|并?非|未)?(?:为|是)?(?:空白?|空值)|(?:没有?|未)(?:填写?|写|提供|给出?)"
    r"|已(?:填写?|写|提供|给出)|(?:有|无)值)"
)
_NULL: Final = re.compile(r"(?:空白?|空值|null|NULL|Null|nil|None|NONE|NaN|nan|未知)")
_DIGITS_OF_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_YES: Final = re.compile(r"(?:是|否|有|无|真|假|对|错|TRUE|FALSE|True|False|yes|no|YES|NO|Y|N)")
_NUMERAL: Final = re.compile(r"[〇零一二两三四五六七八九十百千万亿]+")
_TEXT: Final = re.compile(r"\"[^\"]*\"|'[^']*'|“[^”]*”|‘[^’]*’")


def slip_at(source: str, at: int) -> Slip | None:
    """The slip that stands at, or nearest to, a place of an expression that cannot be read; None where none is seen.

    >>> slip_at("面积 大于等于 200", 3).hint.en
    'write >= (or ≥)'
    """
    bare = _TEXT.sub(lambda text: " " * len(text[0]), source).translate(_DIGITS_OF_WIDTH)
    if (unseen := UNSEEN.search(bare)) is not None:
        return Slip(*unseen.span(), _UNSEEN)
    if (sign := _SIGNS.get(bare[at : at + 1])) is not None:
        return Slip(at, at + 1, Words(f"write {sign}", f"写作 {sign}"))
    slips = [Slip(*found.span(), hint) for found in DAY.finditer(bare) if (hint := day_written(found[0])) is not None]
    slips += [Slip(*found.span(), hint) for found in TIME.finditer(bare) if (hint := _clock_time(bare, found)) is not None]
    slips += [_emptiness(bare, found) for found in _EMPTY.finditer(bare) if _alone(bare, found)]
    slips += [Slip(*found.span(), hint) for pattern, hint in _PATTERNS for found in pattern.finditer(bare)]
    slips += [Slip(*found.span(), hint) for pattern, hint in _WORDS for found in pattern.finditer(bare) if _alone(bare, found)]
    return min(slips, key=lambda slip: max(slip.start - at, at + 1 - slip.end, 0), default=None)


def time_at(source: str, at: int) -> Slip | None:
    """The time of the clock that a place of an expression belongs to, as one says it: 下午4:30."""
    found = next((found for found in TIME.finditer(source) if found.start() <= at < found.end() and found["part"]), None)
    hint = time_written(found[0]) if found is not None else None
    return Slip(*found.span(), hint) if found is not None and hint is not None else None


def _clock_time(text: str, found: re.Match[str]) -> Words | None:
    """A time as one says it: 16:30 is written so already, and 三时 within a word is none."""
    if (found["digits"] and not found["part"]) or not (found["hour"].isdecimal() or _alone(text, found)):
        return None
    return time_written(found[0])


def limits_out(source: str) -> str:
    """The expression with a limit in place of each amount of time that stands in it without quotes."""
    return LIMIT_OF_DAYS.sub('limit("1个工作日")', source)


def _emptiness(text: str, found: re.Match[str]) -> Slip:
    """收件日 为空."""
    name = re.search(r"(\w+)\s*$", text[: found.start()])
    return Slip(*found.span(), nothing_written(name[1], something=_says_something(found)) if name is not None else KNOWN)


def _says_something(found: re.Match[str]) -> bool:
    return found["not"] is not None or found[0].startswith(("已", "有"))


def _alone(text: str, found: re.Match[str]) -> bool:
    """Whether a word stands by itself, between blanks, numbers and signs."""
    return not re.match(r"[^\W\d]", text[: found.start()][-1:]) and not re.match(r"[^\W\d]", text[found.end() :])


def slip_in_name(name: str, known: Collection[str]) -> Words | None:
    """What a name that nobody knows was meant for: true or false, a number, two names with a word between them.

    >>> slip_in_name("面积大于等于", {"面积"}).en
    'write >= (or ≥), with the names apart'
    """
    if _YES.fullmatch(name):
        return _TRUTH
    if _NUMERAL.fullmatch(name):
        return _DIGITS
    if _NULL.fullmatch(name):
        return KNOWN
    if (written := time_written(name) or limit_written(name)) is not None:
        return written
    for found in _EMPTY.finditer(name):
        if found.end() == len(name) and name[: found.start()] in known:
            return nothing_written(name[: found.start()], something=_says_something(found))
    for pattern, hint in _WORDS:
        if pattern.fullmatch(name):
            return hint
        for found in pattern.finditer(name):
            left, right = name[: found.start()], name[found.end() :]
            if (left in known or not left) and (right in known or not right or right[0].isdigit()):
                return Words(f"{hint.en}, with the names apart", f"{hint.zh}，两边的名字分开写")
    return None
