"""A case with its application and its item -> the facts in sight of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import tzinfo
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import GovServiceError, RecordError, Words
from govservice.limits import TimeLimit
from govservice.nothing import NONE
from govservice.reading import read_decimal, read_limit
from govservice.rules.language.acts import DAYS_OF_MOMENTS, day_of_moment
from govservice.rules.language.facts import absent, read_fact, says_none
from govservice.rules.language.values import BOOLEAN, DECIMAL, Type

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = [
    "DAYS_AND_LIMITS", "SPELT", "agreeing", "beneath", "completed", "dated", "decided_names", "joined", "published", "spelt", "workdays_of",
]  # fmt: skip

NO_LABELS: Final[Mapping[str, str]] = MappingProxyType({})
NO_WORDS: Final[Mapping[str, Type]] = MappingProxyType({})
DAYS_AND_LIMITS: Final = {"promised_days": "promised_limit", "statutory_days": "statutory_limit"}
SPELT: Final = tuple(name for pair in DAYS_AND_LIMITS.items() for name in pair)
"""The names under which one thing, a limit, is said in two ways."""


def spelt(names: Collection[str]) -> frozenset[str]:
    """Some names, with those under which the same is said in another way.

    >>> sorted(spelt({"promised_days", "rating"}))
    ['promised_days', 'promised_limit', 'rating']
    """
    return frozenset(names).union(*(pair for pair in DAYS_AND_LIMITS.items() if not frozenset(pair).isdisjoint(names)))


def dated(facts: Mapping[str, Any], labels: Mapping[str, str] = NO_LABELS, zone: tzinfo | None = None) -> dict[str, Any]:
    """The facts of a case with the day of each act of which they give the moment alone: who came at 16:40 came that day.

    `labels` is as in `completed`; a moment with an offset is of the day that it is in `zone`, else in China. What is no moment is told
    where it is read.

    >>> dated({"received_at": "2026-02-13 16:40"})["received_on"], dated({"closed_at": "?"})
    (datetime.date(2026, 2, 13), {'closed_at': '?'})
    """
    days = {}
    for day, moment in DAYS_OF_MOMENTS.items():
        raw = _given(facts, moment, labels)
        if raw is not None and _given(facts, day, labels) is None and (found := day_of_moment(raw, zone)) is not None:
            days[day] = found
    return {**facts, **days}


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
    return completed(_over(_over(published(item, decided), application), case))


def _over(above: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Facts over those above; days and limit are two spellings of one thing: of what one level gives, nothing stands beside it."""
    if own.keys().isdisjoint(SPELT):
        return {**above, **own}
    said = spelt({name for name in SPELT if not absent(own.get(name))})
    return {**{name: value for name, value in above.items() if name not in said}, **own}


def completed(
    facts: Mapping[str, object], labels: Mapping[str, str] = NO_LABELS, words: Mapping[str, Type] = NO_WORDS
) -> dict[str, object]:
    """The facts with each limit that they give as a number of working days: 承诺工作日数 5 is 承诺时限 5个工作日, none is none.

    `labels` gives the id of each label, where the facts may be named by either; `words` the columns that name words for none. Raises
    RecordError where days and limit contradict each other.
    """
    if labels.keys().isdisjoint(facts):
        labels = NO_LABELS
    agreeing(facts, labels)
    return _completed(facts, labels, words)


def _completed(
    facts: Mapping[str, object], labels: Mapping[str, str] = NO_LABELS, words: Mapping[str, Type] = NO_WORDS
) -> dict[str, object]:
    whole = dict(facts)
    for days, limit in DAYS_AND_LIMITS.items():
        amount = _given(facts, days, labels)
        if amount is None or _given(facts, limit, labels) is not None:
            continue
        if says_none(amount, words.get(days, DECIMAL)):
            whole[limit] = NONE
        elif (number := _number(amount)) is not None:
            whole[limit] = TimeLimit(number, "workday")
    return whole


def agreeing(facts: Mapping[str, object], labels: Mapping[str, str] = NO_LABELS) -> None:
    """Raise RecordError where a number of working days and the limit beside it are two values for one thing.

    >>> agreeing({"promised_days": 5, "promised_limit": "5个工作日"})
    >>> agreeing({"promised_days": 5, "promised_limit": "10个工作日"})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    govservice.errors.RecordError: promised_days: promised_days is 5 and promised_limit 10 workdays: two values for one limit; ...
    """
    for days, limit in DAYS_AND_LIMITS.items():
        amount, written = _given(facts, days, labels), _given(facts, limit, labels)
        if amount is None or written is None:
            continue
        number, known = _number(amount), _limit(written)
        if number is None or known is None or (known.value, known.unit) == (number, "workday") or (not number and not known.value):
            continue
        en, zh = f"{days} is {number} and {limit} {known.text('en')}", f"{days} 为 {number}，而 {limit} 为 {known}"
        raise RecordError(
            Words(f"{en}: two values for one limit", f"{zh}：一个时限两个值"), hint=Words("give one of them", "请只给一个"), id=days
        )


def _limit(written: object) -> TimeLimit | None:
    """A limit; None where it is none, which is said when it is read as a fact."""
    try:
        return written if isinstance(written, TimeLimit) else read_limit(written)
    except GovServiceError:
        return None


def _given(facts: Mapping[str, object], name: str, labels: Mapping[str, str]) -> object:
    """What the facts say under an id or its label; None where they say nothing."""
    if not absent(own := facts.get(name)):
        return own
    if not labels:
        return None
    return next((facts[label] for label, id in labels.items() if id == name and label in facts and not absent(facts[label])), None)


def _number(amount: object) -> Decimal | int | None:
    """A number of days; None where it is none, which is said when it is read as a fact."""
    if isinstance(amount, bool):
        return None
    try:
        number = read_decimal(amount)
    except RecordError:
        return None
    return number if number >= 0 else None


def is_verified(facts: Mapping[str, object]) -> bool:
    """Whether an event is said to be verified. Raises RecordError where that cannot be read.

    >>> is_verified({"verified": "是"}), is_verified({})
    (True, False)
    """
    raw = facts.get("verified")
    return not absent(raw) and read_fact("verified", raw, BOOLEAN) is True


def beneath(own: Mapping[str, object], above: Mapping[str, object]) -> dict[str, object]:
    """The facts of a row over those of what it belongs to; days and limit are two spellings of one thing, and the row's own stands.

    >>> beneath({"promised_days": 5}, {"promised_limit": TimeLimit(9, "workday")})
    {'promised_days': 5, 'promised_limit': TimeLimit(value=Decimal('5'), unit='workday')}
    """
    return _completed(_over(above, own))


def workdays_of(facts: Mapping[str, object], days: str) -> Decimal | None:
    """The working days of a limit, given as days or as a limit in working days; None where unknown or in another unit.

    >>> workdays_of({"promised_limit": TimeLimit(5, "workday")}, "promised_days")
    Decimal('5')
    """
    amount, limit = facts.get(days), facts.get(DAYS_AND_LIMITS[days])
    if isinstance(amount, Decimal | int):
        return Decimal(amount)
    return limit.value if isinstance(limit, TimeLimit) and limit.unit == "workday" else None
