"""What something is worth under an item, what that waits for, and the facts that were read for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from govservice.rules.language.intervals import Bounded, hull, needs_of
from govservice.rules.language.values import Interval, Nothing, Unknown, Value, reported
from govservice.rules.meaning.totals import settled_total

if TYPE_CHECKING:
    from govservice.rules.book.entries import Item

__all__ = ["needs_of_value", "read_by", "summed_worth", "worth_of"]


def needs_of_value(value: Value) -> frozenset[str]:
    return value.needs if isinstance(value, (Unknown, Interval)) else frozenset()


def summed_worth(worths: list[Bounded | Unknown]) -> Bounded | Unknown:
    open_ = [worth for worth in worths if isinstance(worth, Unknown)]
    return Unknown(frozenset().union(*map(needs_of_value, worths))) if open_ else cast("Bounded", settled_total("sum", worths))


def worth_of(value: Value, asked: bool | Unknown) -> tuple[Bounded | Unknown, tuple[str, ...]]:
    """What an item comes to: between nothing and its points while its condition is open."""
    needs = set(asked.needs) if isinstance(asked, Unknown) else set()
    if isinstance(value, Nothing):
        return 0, tuple(sorted(needs))
    if isinstance(value, Unknown):
        needs |= value.needs
        return Unknown(frozenset(needs)), tuple(sorted(needs))
    worth = cast("Bounded", value)
    if isinstance(worth, Interval) and worth.or_none:  # none adds nothing
        worth = hull([0, replace(worth, or_none=False)])
    if isinstance(asked, Unknown):
        worth = hull([0, worth], asked.needs)
    needs |= needs_of(worth)
    return worth, tuple(sorted(needs))


def read_by(item: Item, scope: Any) -> dict[str, object]:
    """The facts that an item's condition and points read, with what they were worth."""
    memo = scope.memo
    return {name: reported(memo[name]) for name in item.reads if name in memo and not isinstance(memo[name], (Unknown, Nothing, Interval))}
