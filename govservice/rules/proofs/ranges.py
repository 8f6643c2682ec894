"""Between which numbers an expression must lie, whatever the records say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Item, Part, Scheme, parts_of
from govservice.rules.language.shapes import (
    Aggregate,
    Arithmetic,
    Call,
    Constant,
    Discretion,
    Expression,
    IfElse,
    Match,
    Name,
    Negate,
    Streak,
    Tiers,
)
from govservice.rules.language.values import Type

__all__ = ["Range", "bound_of", "bounded_score", "item_reach", "marks_shrink", "reach_of", "start_of", "total_reach", "worth_of"]


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the greatest number; None where there is no end."""

    low: Fraction | None = None
    high: Fraction | None = None

    def plus(self, other: Range) -> Range:
        """What two such numbers may come to together.

        >>> Range(Fraction(0), None).plus(Range(Fraction(1), Fraction(2)))
        Range(low=Fraction(1, 1), high=None)
        """
        return Range(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
        )

    def times(self, factor: Fraction) -> Range:
        """What such a number may be, times a factor."""
        ends = [None if end is None else end * factor for end in (self.low, self.high)]
        return Range(*(ends if factor >= 0 else ends[::-1])) if factor else Range(Fraction(0), Fraction(0))

    @staticmethod
    def hull(*several: Range) -> Range:
        """What may be any of these."""
        lows, highs = [one.low for one in several], [one.high for one in several]
        low = None if None in lows or not lows else min(end for end in lows if end is not None)
        return Range(low, None if None in highs or not highs else max(end for end in highs if end is not None))


ANYTHING: Final = Range()
NOTHING_AT_ALL: Final = Range(Fraction(0), Fraction(0))


def reach_of(of: Expression, contents: Contents) -> Range:
    """Between which numbers an expression lies; an end that cannot be said is None.

    >>> from govservice import load_rulebook
    >>> from govservice.rules.language.values import INTEGER
    >>> late = Aggregate("count", ("late",), None, None, None, None, INTEGER)
    >>> reach_of(Arithmetic("*", Constant(-2, INTEGER), late), load_rulebook("standard").contents)
    Range(low=None, high=Fraction(0, 1))
    """
    match of:
        case Constant(value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
            return Range(Fraction(value), Fraction(value))
        case Name(id, kind, home):
            if home == "measure" and id in contents.measures:
                return reach_of(contents.measures[id].value, contents)
            given = contents.settings[id].value if home == "setting" else None
            if isinstance(given, (int, Fraction)) and not isinstance(given, bool):
                return Range(Fraction(given), Fraction(given))
            return Range(*(None if end is None else Fraction(end) for end in (kind.low, kind.high)))
        case Negate(inner):
            return reach_of(inner, contents).times(Fraction(-1))
        case Arithmetic():
            return _calculated(of, contents)
        case IfElse(_, yes, no):
            return Range.hull(reach_of(yes, contents), reach_of(no, contents))
        case Tiers(_, steps):
            return Range.hull(Range(Fraction(0), Fraction(0)), *(reach_of(worth, contents) for _, worth in steps))
        case Match(_, worths, otherwise):
            last = () if otherwise is None else (reach_of(otherwise, contents),)
            return Range.hull(*(reach_of(worth, contents) for _, worth in worths), *last)
        case Discretion(low, high):
            return Range(reach_of(low, contents).low, reach_of(high, contents).high)
        case Aggregate(total="count") | Streak():
            return Range(Fraction(0), None)
        case Aggregate(total="percent"):
            return Range(Fraction(0), Fraction(100))
        case Call(function, parts):
            return _called(function, [reach_of(part, contents) for part in parts])
    return ANYTHING


def bounded_score(contents: Contents, scheme: str, name: Name) -> Type:
    """The type of a total, part or rank of a scheme, with the bounds that the scheme sets."""
    entry = contents.schemes.get(scheme)
    if entry is None or not name.type.is_number:
        return name.type
    if name.id in ("rank", "ranked"):
        return replace(name.type, low=1 if name.id == "rank" else 0)
    parts = {f"parts.{path}": part for path, part in parts_of(entry)}
    if name.id == "total":
        reach = total_reach(contents, entry)
        low, high = bound_of(entry.low), bound_of(entry.high) if entry.high is not None else entry.full
        low = max((end for end in (low, reach.low) if end is not None), default=None)
        high = min((end for end in (high, reach.high) if end is not None), default=None)
    elif name.id in parts:
        part = parts[name.id]
        stated = {**contents.conventions, **entry.conventions, **part.conventions}
        held = part.marks if stated.get("part_overflow") == "capped" else None
        floor = Fraction(0) if part.marks is not None and stated.get("part_floor") == "0" else None
        low, high = bound_of(part.low) if part.low is not None else floor, bound_of(part.high) if part.high is not None else held
    else:
        return name.type
    return replace(name.type, low=low, high=high)


def total_reach(contents: Contents, scheme: Scheme) -> Range:
    """Between which numbers the total of a scheme lies before it is held to its own bounds.

    >>> from govservice import load_rulebook
    >>> contents = load_rulebook("kunshan").contents
    >>> total_reach(contents, contents.schemes["window_month"]).high
    Fraction(102, 1)
    """
    if scheme.total is not None:
        return reach_of(scheme.total, contents)
    parts = (_part_reach(contents, scheme, part) for part in scheme.parts.values())
    return _together(*parts, *(item_reach(contents, item) for item in scheme.adjust))


def _part_reach(contents: Contents, scheme: Scheme, part: Part) -> Range:
    """Between which numbers a part lies, held to its bounds; one that need not apply may give nothing."""
    items = (item_reach(contents, item) for item in part.items)
    reach = _together(start_of(part, contents, scheme), *items, *(_part_reach(contents, scheme, inner) for inner in part.parts.values()))
    stated = {**contents.conventions, **scheme.conventions, **part.conventions}
    floor = Fraction(0) if part.marks is not None and stated.get("part_floor") == "0" else None
    ceiling = part.marks if stated.get("part_overflow") == "capped" else None
    low = bound_of(part.low) if part.low is not None else floor
    high = bound_of(part.high) if part.high is not None else ceiling
    lows, highs = ([end for end in ends if end is not None] for ends in ((low, reach.low), (high, reach.high)))
    held = Range(max(lows, default=None), min(highs, default=None))
    if part.when is None and part.from_ is None and part.until is None:
        return held
    return Range.hull(held, NOTHING_AT_ALL)


def _together(*several: Range) -> Range:
    whole = NOTHING_AT_ALL
    for each in several:
        whole = whole.plus(each)
    return whole


def item_reach(contents: Contents, item: Item) -> Range:
    """What an item may come to in all, held to its bounds."""
    worth = worth_of(contents, item)
    least, most = (None if bound is None else reach_of(bound, contents) for bound in (item.at_least, item.at_most))
    lows = [end for end in (worth.low, least.low if least is not None else None) if end is not None]
    highs = [end for end in (worth.high, most.high if most is not None else None) if end is not None]
    return Range(max(lows, default=None), min(highs, default=None))


def worth_of(contents: Contents, item: Item) -> Range:
    """What an item may come to by its points: once, or as often as there are rows; nothing where it does not apply."""
    points = reach_of(item.points, contents)
    low = Fraction(0) if points.low is not None and points.low >= 0 else None if item.for_ else points.low
    high = Fraction(0) if points.high is not None and points.high <= 0 else None if item.for_ else points.high
    return Range(low if low is None else min(low, Fraction(0)), high if high is None else max(high, Fraction(0)))


def start_of(part: Part, contents: Contents, scheme: Scheme) -> Range:
    """What a part starts from: what it says, else what its full mark leaves over those of the parts within; less, down to nothing, where
    that shrinks with the days served.
    """
    if part.start is not None:
        start = reach_of(part.start, contents)
    else:
        within = sum((inner.marks for inner in part.parts.values() if inner.marks is not None), Fraction(0))
        full = part.full - within if part.full is not None else Fraction(0)
        start = Range(full, full)
    return Range.hull(start, NOTHING_AT_ALL) if marks_shrink(contents, scheme) else start


def marks_shrink(contents: Contents, scheme: Scheme) -> bool:
    """Whether full marks may be less for a subject that served part of a period."""
    return {**contents.conventions, **scheme.conventions}.get("part_served", "full") != "full"


def bound_of(text: str | None) -> Fraction | None:
    """A bound as a scheme writes it; None where there is none.

    >>> bound_of("110"), bound_of("none")
    (Fraction(110, 1), None)
    """
    try:
        return None if text is None else Fraction(text)
    except ValueError:
        return None


def _calculated(of: Arithmetic, contents: Contents) -> Range:
    left, right = reach_of(of.left, contents), reach_of(of.right, contents)
    match of.op:
        case "+":
            return left.plus(right)
        case "-":
            return left.plus(right.times(Fraction(-1)))
        case "*" if right.low is not None and right.low == right.high:
            return left.times(right.low)
        case "*" if left.low is not None and left.low == left.high:
            return right.times(left.low)
        case "/" if right.low and right.low == right.high:
            return left.times(1 / right.low)
    return ANYTHING


def _called(function: str, parts: list[Range]) -> Range:
    match function:
        case "min":
            highs = [one.high for one in parts if one.high is not None]
            return Range(Range.hull(*parts).low, min(highs) if highs else None)
        case "max":
            lows = [one.low for one in parts if one.low is not None]
            return Range(max(lows) if lows else None, Range.hull(*parts).high)
        case "abs":
            return Range(Fraction(0), None)
    return ANYTHING
