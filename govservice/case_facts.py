"""A case with its application and its item -> the facts in sight of it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import RecordError
from govservice.limits import TimeLimit
from govservice.nothing import NONE
from govservice.reading import read_decimal
from govservice.rules.language.facts import absent

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["beneath", "completed", "decided_names", "joined", "published", "workdays_of"]

NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})
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


def completed(facts: Mapping[str, object], labels: Mapping[str, str] = NO_LABELS) -> dict[str, object]:
    """The facts with each limit that they give as a number of working days: 承诺工作日数 5 is 承诺时限 5个工作日, none is none.

    `labels` gives the id of each label, where the facts may be named by either.
    """
    whole = dict(facts)
    for days, limit in _LIMITS.items():
        amount = _given(facts, days, labels)
        if amount is NONE and _given(facts, limit, labels) is None:
            whole[limit] = NONE
        number = _number(amount) if amount is not None and _given(facts, limit, labels) is None else None
        if number is not None:
            whole[limit] = TimeLimit(number, "workday")
    return whole


def _given(facts: Mapping[str, object], name: str, labels: Mapping[str, str]) -> object:
    """What the facts say under an id or its label; None where they say nothing."""
    if name in facts and not absent(facts[name]):
        return facts[name]
    return next((facts[label] for label, id in labels.items() if id == name and label in facts and not absent(facts[label])), None)


def _number(amount: object) -> Decimal | int | None:
    """A number of days; None where it is none, which is said when it is read as a fact."""
    if isinstance(amount, bool):
        return None
    try:
        number = amount if isinstance(amount, Decimal | int) else read_decimal(amount)
    except RecordError:
        return None
    return number if number >= 0 else None


def beneath(own: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """The facts of a row over those of what it belongs to; days and limit are two spellings of one thing, and the row's own stands.

    >>> beneath({"promised_days": 5}, {"promised_limit": TimeLimit(9, "workday")})
    {'promised_days': 5, 'promised_limit': TimeLimit(value=Decimal('5'), unit='workday')}
    """
    spelt = {name for pair in _LIMITS.items() if any(name in own for name in pair) for name in pair}
    return completed({**{name: value for name, value in above.items() if name not in spelt}, **own})


def workdays_of(facts: Mapping[str, object], days: str) -> Decimal | None:
    """The working days of a limit, given as days or as a limit in working days; None where unknown or in another unit.

    >>> workdays_of({"promised_limit": TimeLimit(5, "workday")}, "promised_days")
    Decimal('5')
    """
    amount, limit = facts.get(days), facts.get(_LIMITS[days])
    if isinstance(amount, Decimal | int):
        return Decimal(amount)
    return limit.value if isinstance(limit, TimeLimit) and limit.unit == "workday" else None
