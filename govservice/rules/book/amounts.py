"""Amounts of a clock beside numbers: in which unit they are must be plain, by a literal limit or by their name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from govservice.errors import LimitError, Words
from govservice.limits import TimeLimit
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.marks import Node, mapping, text_of
from govservice.rules.book.sight import AMOUNT_UNITS, AMOUNTS
from govservice.rules.language.forms import written_limit
from govservice.rules.language.shapes import Compare, Constant, Expression, Name, walk

__all__ = ["amount_faults", "literal_limit"]


def literal_limit(clock: Mapping[str, Node], conventions: Conventions) -> TimeLimit | None:
    """The limit that a clock writes out; None where it is an expression, or there is none."""
    text = text_of(clock, "limit")
    if text is None:
        return None
    bare = text_of(mapping(clock.get("bare_day")), "value") or text_of(clock, "bare_day") or conventions.get("bare_day")
    try:
        return written_limit(text, bare)
    except LimitError:
        return None


def amount_faults(read: Expression, clocks: Mapping[str, Node], conventions: Conventions) -> Iterator[tuple[Words, Words]]:
    """What is wrong with the amounts of clocks in an expression, and the remedy of each."""
    read_of_clocks = {part.id.partition(".")[0] for part in walk(read) if isinstance(part, Name) and part.home == "clock"}
    if not read_of_clocks:
        return
    limits = {id: literal_limit(mapping(clocks.get(id)), conventions) for id in read_of_clocks}
    for part in walk(read):
        if isinstance(part, Name) and part.home == "clock":
            yield from _of_another_unit(part, limits)
        elif isinstance(part, Compare):
            for side, other in ((part.left, part.right), (part.right, part.left)):
                yield from _not_plain(side, other, limits)


def _of_another_unit(name: Name, limits: Mapping[str, TimeLimit | None]) -> Iterator[tuple[Words, Words]]:
    clock, _, fact = name.id.partition(".")
    amount, _, unit = fact.rpartition("_")
    limit = limits.get(clock)
    if limit is not None and amount in AMOUNTS and limit.unit not in AMOUNT_UNITS[unit]:
        own = next(named for named, units in AMOUNT_UNITS.items() if limit.unit in units)
        yield (
            Words(f"{clock} has a limit of {limit.text('en')}: it has no {fact}", f"{clock} 的时限是{limit}，没有 {fact}"),
            Words(f"write {clock}.{amount}_{own}", f"写作 {clock}.{amount}_{own}"),
        )


def _not_plain(side: Expression, other: Expression, limits: Mapping[str, TimeLimit | None]) -> Iterator[tuple[Words, Words]]:
    """A plain amount beside a bare number: 0 is 0 in every unit, any other number is not."""
    names = [part for part in walk(side) if isinstance(part, Name)]
    if any(isinstance(part, Name) for part in walk(other)) or (isinstance(other, Constant) and other.value == 0):
        return
    for name in names:
        clock, _, fact = name.id.partition(".")
        if name.home == "clock" and fact in AMOUNTS and limits.get(clock) is None and _all_plain(names):
            yield (
                Words(f"it is not plain in which unit {name.id} is", f"看不出 {name.id} 以什么为单位"),
                Words(
                    f"name the unit: {clock}.{fact}_workdays, _days, _hours or _minutes",
                    f"写明单位：{clock}.{fact}_workdays（工作日）、_days（日）、_hours（小时）、_minutes（分钟）",
                ),
            )


def _all_plain(names: Iterable[Name]) -> bool:
    return all(name.home == "clock" and name.id.partition(".")[2] in AMOUNTS for name in names)
