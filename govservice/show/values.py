"""A value as a reader writes it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from govservice.errors import Lang
from govservice.nothing import Nothing

__all__ = ["shown"]


def shown(value: object, lang: Lang) -> str:
    """A value as a reader writes it.

    >>> shown(True, "zh"), shown(("a", "b"), "en"), shown(date(2026, 2, 13), "zh")
    ('是', 'a, b', '2026-02-13')
    """
    match value:
        case bool():
            return ("是" if value else "否") if lang == "zh" else str(value).lower()
        case Nothing():
            return "无" if lang == "zh" else "none"
        case tuple() | list():
            return ("、" if lang == "zh" else ", ").join(shown(part, lang) for part in value)
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case _:
            return str(value)
