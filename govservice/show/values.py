"""A value as a reader writes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from govservice.errors import Lang
from govservice.nothing import Nothing
from govservice.rules.language.values import NO_FACTS

__all__ = ["needed", "shown"]


def needed(names: Iterable[str], lang: Lang) -> str:
    """What an open answer waits for, listed: names of facts, and what is no fact in words.

    >>> needed(("simple", "nothing to divide by"), "zh")
    'simple、没有可以相除的数'
    """
    return "、".join(NO_FACTS.get(name, name) for name in names) if lang == "zh" else ", ".join(names)


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
