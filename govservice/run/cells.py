"""A value as a cell of a table that is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from govservice.errors import Lang, Words
from govservice.limits import TimeLimit

__all__ = ["cell"]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object, lang: Lang = "en") -> str:
    """A value as a cell of a table; text that a spreadsheet would run as a formula gets an apostrophe in front.

    >>> cell(True), cell(True, "zh"), cell(None), cell(date(2026, 2, 13)), cell("=1+1"), cell(("a", "b")), cell("-5")
    ('true', '是', '', '2026-02-13', "'=1+1", 'a; b', '-5')
    """
    written = _AS_WRITTEN.get(type(value))
    if written is not None:
        return written(value)
    match value:
        case bool():
            return ("是" if value else "否") if lang == "zh" else str(value).lower()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case Words():  # a tuple too
            return _safe(value.text(lang))
        case tuple() | list():
            return _safe("; ".join("-" if part is None else cell(part, lang) for part in value))
        case TimeLimit() | int() | float():
            return str(value)
        case _:
            return _safe(str(value))


def _safe(text: str) -> str:
    if not text.startswith(_FORMULA) or text.replace(".", "", 1).lstrip("+-").isdecimal():
        return text
    return f"'{text}"


_AS_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    type(None): lambda _: "", str: _safe, date: date.isoformat, datetime: datetime.isoformat, int: str,
}  # fmt: skip
