"""A case with its application and its item -> the facts in sight of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from govservice.limits import TimeLimit

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["completed", "decided_names", "joined", "published", "workdays_of"]

_LIMITS = {"promised_days": "promised_limit", "statutory_days": "statutory_limit"}


def decided_names(contents: Contents) -> frozenset[str]:
    """What the book decides about an application or a case: an item's published value is then no fact of the case."""
    return frozenset(contents.granting.get("application", {})) | frozenset(contents.granting.get("cases", {}))


def published(item: Mapping[str, Any], decided: frozenset[str]) -> dict[str, Any]:
    """What an item publishes of itself, but for what the book decides about its cases: that is no fact of them.

    >>> published({"case_type": "promised", "promised_days": 5}, frozenset({"case_type"}))
    {'promised_days': 5}
    """
    return {name: value for name, value in item.items() if name not in decided}


def joined(
    case: Mapping[str, object], application: Mapping[str, object], item: Mapping[str, object], decided: frozenset[str]
) -> dict[str, object]:
    """The facts of a case; its own come before its application's, those before its item's.

    >>> joined({"case": "C1"}, {"departments": 2}, {"case_type": "promised", "promised_days": Decimal(5)}, frozenset({"case_type"}))
    {'promised_days': Decimal('5'), 'departments': 2, 'case': 'C1', 'promised_limit': TimeLimit(value=Decimal('5'), unit='workday')}
    """
    of_item = published(item, decided)
    # days and limit are two spellings of one thing: the item's must not stand beside the case's
    for days, limit in _LIMITS.items():
        if any(name in case or name in application for name in (days, limit)):
            of_item.pop(days, None)
            of_item.pop(limit, None)
    return completed(of_item | dict(application) | dict(case))


def completed(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts with each limit that they give as a number of working days: 承诺工作日数 5 is 承诺时限 5个工作日."""
    whole = dict(facts)
    for days, limit in _LIMITS.items():
        amount = whole.get(days)
        if limit not in whole and isinstance(amount, Decimal | int):
            whole[limit] = TimeLimit(amount, "workday")
    return whole


def workdays_of(facts: Mapping[str, object], days: str) -> Decimal | None:
    """The working days of a limit, given as days or as a limit in working days; None where unknown or in another unit.

    >>> workdays_of({"promised_limit": TimeLimit(5, "workday")}, "promised_days")
    Decimal('5')
    """
    amount, limit = facts.get(days), facts.get(_LIMITS[days])
    if isinstance(amount, Decimal | int):
        return Decimal(amount)
    return limit.value if isinstance(limit, TimeLimit) and limit.unit == "workday" else None
