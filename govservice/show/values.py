"""A value as a reader writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from govservice.errors import Lang
from govservice.frozen import Frozen
from govservice.nothing import Nothing
from govservice.rules.book.remedies import SAID
from govservice.rules.language.values import NO_FACTS
from govservice.show.book_sentences import fact_of

__all__ = ["needed", "period_said", "shown"]

_NO_LABELS: Final[Mapping[str, str]] = Frozen({})
_OF_A_ROW: Final = re.compile(r"([^\W\d][\w-]*):(.*)\.([^.:]+)", re.DOTALL)


def needed(names: Iterable[str], lang: Lang, labels: Mapping[str, str] = _NO_LABELS) -> str:
    """What an open answer waits for, listed: names of facts, in Chinese by their `labels`, and what is no fact in words.

    >>> needed(("simple", "nothing to divide by"), "zh", {"simple": "程序简便"})
    '程序简便、没有可以相除的数'
    >>> needed(("cases:2.closed_on", "promised.due"), "zh", {"cases": "办件", "closed_on": "办结日", "promised": "承诺时限"})
    '办件第 2 行的办结日、承诺时限的到期日'
    >>> needed(("conventions.roll",), "zh")
    '没有写的约定 conventions.roll'
    """
    return "、".join(dict.fromkeys(_in_chinese(name, labels) for name in names)) if lang == "zh" else ", ".join(names)


def _in_chinese(name: str, labels: Mapping[str, str]) -> str:
    if name in labels or name in NO_FACTS:
        return labels.get(name) or NO_FACTS[name]
    if (row := _OF_A_ROW.fullmatch(name)) is not None and row[1] in labels:
        whose = f"第 {row[2]} 行" if row[2].isdecimal() else f"“{row[2]}”"
        fact = labels.get(f"{row[1]}.{row[3]}") or labels.get(row[3]) or SAID.get(row[3], row[3])
        return f"{labels[row[1]]}{whose}的{fact}"
    owner, dot, fact = name.partition(".")
    if dot and owner == "conventions":
        return f"没有写的约定 {name}"
    return fact_of(owner, fact, labels.get) if dot else SAID.get(name, name)


def period_said(period: str, lang: Lang) -> str:
    """A period that has no name of its own, as it is said; others as they are typed.

    >>> [period_said(period, "zh") for period in ("2026-10", "ever", "ever until 2026-10-31", "2026-10-01..2026-10-15")]
    ['2026-10', '历来', '截至 2026-10-31', '2026-10-01 至 2026-10-15']
    """
    if lang == "en":
        return period
    return "历来" if period == "ever" else period.replace("ever until ", "截至 ").replace("..", " 至 ")


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
