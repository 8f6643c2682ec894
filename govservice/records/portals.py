"""What portals and centres call a case type or a unit of time, beside the words of the standard vocabulary: one table, with its sources."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from govservice.limits import PORTAL_CODES, Unit
from govservice.rules.language.values import Type

__all__ = ["CALLED", "UNIT_CODES", "Called", "known_as"]


class Called(NamedTuple):
    """One way to write something: what is written, what it means, and who writes so."""

    written: str
    means: str
    source: str


CALLED: Final = (
    # case types; the national codes 1, 2 and 9 stand with the choices of the vocabulary
    Called("即时办理件", "instant", "Jiangyong (JY-1)"),
    Called("承诺办理件", "promised", "Jiangyong (JY-1)"),
    Called("联合办理件", "joint", "Jiangyong (JY-1)"),
    Called("批件", "escalated", "Haimen (HM-7.4)"),
    Called("上报件", "escalated", "Xinxing (XX-1)"),
    # units of a limit; in letters they are those of PORTAL_CODES
    *(Called(code, unit, "GB/T 39046-2020" if code.isdecimal() else "portals") for code, unit in PORTAL_CODES.items()),
    Called("工作日", "workday", "GB/T 39046-2020"),
    Called("自然日", "natural_day", "GB/T 39046-2020"),
    Called("小时", "hour", "GB/T 39046-2020"),
    Called("分钟", "minute", "GB/T 39046-2020"),
    Called("月", "month", "GB/T 39046-2020"),
)
"""Every way of writing that is recognised without being named in a mapping."""

_UNITS: Final[Mapping[str, Unit]] = MappingProxyType(
    {
        "workday": "workday", "natural_day": "natural_day", "hour": "hour", "minute": "minute", "month": "month",
    }
)  # fmt: skip
UNIT_CODES: Final[Mapping[str, Unit]] = MappingProxyType({each.written: _UNITS[each.means] for each in CALLED if each.means in _UNITS})
"""What a column of units may hold where the mapping says nothing of its codes."""


def known_as(kind: Type) -> Mapping[str, str]:
    """What the values of a choice are called elsewhere, where the book itself calls none of its values so.

    >>> from govservice import load_rulebook
    >>> dict(known_as(load_rulebook("kunshan").contents.column("item", "case_type").type))["即时办理件"]
    'instant'
    """
    names = {choice.name for choice in kind.choices}
    taken = names | {choice.label for choice in kind.choices}
    return {each.written: each.means for each in CALLED if each.means in names and each.written not in taken}
