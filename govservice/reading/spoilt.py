"""Ids that a spreadsheet has spoilt: long numbers rounded or written with an exponent, texts marked with an apostrophe."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from govservice.errors import Words
from govservice.reading.common import half_width, shown

__all__ = ["is_long_number", "why_spoilt"]

_EXPONENT: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]+")
_POINT: Final = re.compile(r"[0-9]+\.0+")
_MARKED: Final = re.compile(r"['‘’`][0-9A-Za-z]+")
_LONG: Final = re.compile(r"[0-9]{16,}")
_KEPT: Final = 15  # digits that a spreadsheet keeps of a number; those behind them become zeros
_SIGNS: Final = frozenset("+.'‘’`＋．＇")
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
    if _MARKED.fullmatch(text):
        return Words(f"{seen} begins with a spreadsheet's mark of a text", f"{seen}前面带着电子表格的文本记号"), _HINT
    if _LONG.fullmatch(text) and not text[_KEPT:].strip("0") and not intact():
        what = Words(
            f"{seen} has zeros behind its 15th digit, as a spreadsheet leaves them", f"{seen}第15位以后全是零，像是被电子表格舍掉了"
        )
        return what, _HINT
    return None


def is_long_number(id: object) -> bool:
    """Whether an id is a number of more than 15 digits that kept what stands behind the 15th: no spreadsheet has been at it.

    >>> is_long_number("320583199001010017"), is_long_number("320583199001010000"), is_long_number("C1")
    (True, False, False)
    """
    text = half_width(id) if isinstance(id, (str, int)) else ""
    return _LONG.fullmatch(text) is not None and bool(text[_KEPT:].strip("0"))
