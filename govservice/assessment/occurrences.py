"""The rows that an item prices: in order, with their ordinals, several of one occurrence as one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, cast

from govservice.assessment.register import LedgerRow
from govservice.assessment.scopes import RecordScope, SubjectScope
from govservice.errors import Words
from govservice.rules.book.entries import Item
from govservice.rules.language.intervals import Bounded, ends, narrowed
from govservice.rules.language.values import Interval, Unknown

__all__ = ["Counter", "Entry", "Priced", "as_given", "harshest", "in_order", "note_on_occurrence", "occurrences"]


class Priced(NamedTuple):
    """One item on one row, or on the subject: its worth, what it read, and what is still wanted to settle it."""

    part: str | None
    item: Item
    worth: Bounded | Unknown
    facts: Mapping[str, object]
    row: LedgerRow | None = None
    on: date | None = None
    needs: tuple[str, ...] = ()


class Entry(NamedTuple):
    """A row that an item may price, as an expression sees it; `on` is unknown where it may lie outside the period."""

    row: LedgerRow
    on: date | Unknown | None
    scope: RecordScope | SubjectScope

    @property
    def day(self) -> date | None:
        """The day, where it is settled."""
        return None if isinstance(self.on, Unknown) else self.on


class Counter:
    """The ordinals of the rows that an item is for: between two while earlier rows are open.

    Where the condition itself asks for `nth`, every row is counted, let in or not.
    """

    def __init__(self, item: Item, reads: bool, before: bool, first: int = 0, last: int = 0) -> None:
        self.item, self.reads, self.before, self.first, self.last = item, reads, before, first, last

    def peek(self) -> Counter:
        """A counter of its own that goes on from here."""
        return Counter(self.item, self.reads, self.before, self.first, self.last)

    def count(self, asked: bool | Unknown) -> None:
        """Count a row, by what became of its condition."""
        self.last += 1 if self.before or asked is not False else 0
        self.first += 1 if self.before or asked is True else 0

    def number(self, scope: RecordScope | SubjectScope, first: int, last: int) -> None:
        """Set the ordinal of a row. What was worked out with another is forgotten."""
        scope.put({"nth": narrowed(first, last, frozenset({f"{self.item.id}.nth"}))})
        scope.memo.pop("nth", None)


def in_order(entry: Entry) -> tuple[object, ...]:
    """By date; rows of one day by what they say, so that the order in which they were given decides nothing."""
    facts = sorted((key, str(value)) for key, value in entry.row.facts.items())
    return entry.day or date.min, entry.row.source, facts, entry.row.number


def as_given(entry: Entry) -> tuple[object, ...]:
    """By date, then as they were given."""
    return entry.day or date.min, entry.row.source, entry.row.number


def occurrences(entries: list[Entry], scored: str) -> list[list[Entry]]:
    """Rows of one kind, subject and day that name different assessors, or share an `occurrence`, are one occurrence."""
    groups: dict[object, list[Entry]] = {}
    for entry in entries:
        row, facts = entry.row, entry.row.facts
        key: object = id(row)
        if facts.get("occurrence") is not None:
            key = ("shared", row.source, facts["occurrence"])
        elif facts.get("assessor") is not None:
            key = ("day", row.source, row.owners.get("staff") or row.owners.get(scored), entry.day)
        groups.setdefault(key, []).append(entry)
    happenings: list[list[Entry]] = []
    for group in groups.values():
        assessors = {entry.row.facts.get("assessor") for entry in group}
        together = len(assessors) > 1 or group[0].row.facts.get("occurrence") is not None
        happenings += [group] if together else [[entry] for entry in group]
    return happenings


def note_on_occurrence(group: list[Entry], reading: str) -> Words:
    """What a card says of several rows of one occurrence."""
    numbers = ", ".join(str(entry.row.number) for entry in group)
    source = group[0].row.source
    match reading:
        case "harshest" | "mildest":
            chosen = {"harshest": "最重", "mildest": "最轻"}[reading]
            return Words(
                f"rows {numbers} of {source} are one occurrence: the {reading} is priced",
                f"{source} 第 {numbers} 行是同一件事，按{chosen}的一行计分",
            )
        case "each":
            return Words(f"rows {numbers} of {source} are one occurrence: each is priced", f"{source} 第 {numbers} 行是同一件事，逐行计分")
    return Words(f"rows {numbers} of {source} may be one occurrence", f"{source} 第 {numbers} 行可能是同一件事")


def harshest(priced: list[Priced], *, mildest: bool, sure: bool) -> Priced:
    """One of several rows, with the worth that the harshest (or mildest) may come to once all are settled."""
    choose = max if mildest else min
    worths = [row.worth for row in priced]
    open_ = [worth for worth in worths if isinstance(worth, Unknown)]
    needs = tuple(sorted({need for row in priced for need in row.needs}))
    if open_:
        return priced[0]._replace(worth=Unknown(frozenset(needs)), needs=needs)
    bounds = [ends(cast("Bounded", worth)) for worth in worths]
    chosen = bounds.index(choose(bounds))
    low, high = choose(low for low, _ in bounds), choose(high for _, high in bounds)
    if not sure:  # a row that may not be let in leaves the choice among the others
        low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    worth = narrowed(low, high, frozenset(needs))
    return priced[chosen]._replace(worth=worth, needs=needs if isinstance(worth, Interval) else ())
