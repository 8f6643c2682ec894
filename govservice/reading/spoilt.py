"""Ids that are none: spoilt by a spreadsheet (rounded, with an exponent, marked as a text), or lines below a table (totals, remarks)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from govservice.errors import Words
from govservice.reading.common import half_width, shown

__all__ = ["is_long_number", "why_no_row", "why_spoilt"]

_EXPONENT: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
_POINT: Final = re.compile(r"[0-9]+\.0+")
_MARKED: Final = re.compile(r"['‘’`][0-9A-Za-z]+")
_FORMULA: Final = re.compile(r'="?[0-9A-Za-z-]+"?')
_LONG: Final = re.compile(r"[0-9]{16,}")
_BELOW: Final = re.compile(
    r".{0,8}(?:合计|总计|小计|共计|累计)(?:数|行|[0-9]+[件条行项笔个份宗次]|[:：].*)?"
    r"|共[0-9]+[件条行项笔个份宗].{0,4}"
    r"|(?:制表|制单|填表|填报|报表|统计|审核|复核|负责|打印|导出|截至|备注|说明|注)[^:：]{0,4}[:：].*"
)
_KEPT: Final = 15  # digits that a spreadsheet keeps of a number; those behind them become zeros
_SIGNS: Final = frozenset("=＝+.'‘’`＋．＇")
_HINT: Final = Words("export the column as text from where the id was given", "请从原系统把这一列按文本格式重新导出")


def why_spoilt(id: object, intact: Callable[[], bool] = lambda: False) -> tuple[Words, Words] | None:
    """What a spreadsheet made of an id, and what to do; None where nothing is seen. Two such ids may look alike and be different.

    A number of more than 15 digits with zeros behind the 15th may be whole: `intact` says whether others of its column have other
    digits there, which no spreadsheet leaves. It is asked only then.

    >>> why_spoilt("3.20583E+17")[0].zh, why_spoilt("320583199001010000")[0].en
    ("'3.20583E+17'是长编号被电子表格改成的写法", "'320583199001010000' has zeros behind its 15th digit, as a spreadsheet leaves them")
    >>> why_spoilt("320583199001010000", lambda: True), why_spoilt("C-1.0"), why_spoilt("20260213000000012")
    (None, None, None)
    """
    if not isinstance(id, str) or (len(id) <= _KEPT and _SIGNS.isdisjoint(id)):
        return None
    text, seen = half_width(id), shown(id)
    if _EXPONENT.fullmatch(text):
        return Words(f"{seen} is what a spreadsheet makes of a long number", f"{seen}是长编号被电子表格改成的写法"), _HINT
    if _POINT.fullmatch(text):
        return Words(f"{seen} is a number, and no id", f"{seen}是带小数的数，不是编号"), _HINT
    if _FORMULA.fullmatch(text):
        return Words(f"{seen} is a spreadsheet's formula, and no id", f"{seen}是电子表格的公式，不是编号"), _HINT
    if _MARKED.fullmatch(text):
        return Words(f"{seen} begins with a spreadsheet's mark of a text", f"{seen}前面带着电子表格的文本记号"), _HINT
    if _LONG.fullmatch(text) and not text[_KEPT:].strip("0") and not intact():
        what = Words(
            f"{seen} has zeros behind its 15th digit, as a spreadsheet leaves them", f"{seen}第15位以后全是零，像是被电子表格舍掉了"
        )
        return what, _HINT
    return None


def why_no_row(id: str) -> Words | None:
    """Why a text that stands where a row has its id names none: a line of totals, or a remark below the table.

    >>> why_no_row("合 计").en, why_no_row("制表人：张三") is None, why_no_row("C1")
    ("'合 计' is no id: a line of totals, or a remark below the table", False, None)
    """
    text = "" if id.isascii() else "".join(half_width(id[:40]).split())
    if _BELOW.fullmatch(text) is None:
        return None
    seen = shown(id)
    return Words(f"{seen} is no id: a line of totals, or a remark below the table", f"{seen}不是编号，是合计行或表下的说明")


def is_long_number(id: object) -> bool:
    """Whether an id is a number of more than 15 digits that kept what stands behind the 15th: no spreadsheet has been at it.

    >>> is_long_number("320583199001010017"), is_long_number("320583199001010000"), is_long_number("C1")
    (True, False, False)
    """
    text = half_width(id) if isinstance(id, (str, int)) else ""
    return _LONG.fullmatch(text) is not None and bool(text[_KEPT:].strip("0"))
