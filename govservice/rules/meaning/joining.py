"""Rows that are one: joined by a fact that they share (`each=on`), or because their working days follow one another (`each=unbroken`).

Where it is open which rows are one, every way is taken as far as there are few; a total is what all ways agree in, else between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, TypeAlias, cast

from govservice.rules.language.day_functions import Days
from govservice.rules.language.intervals import Bounded, ends, hull, is_number, narrowed, needs_of
from govservice.rules.language.values import Interval, Nothing, Unknown, Value, added

__all__ = ["ALONE", "Covered", "Joint", "Key", "Unit", "between", "fewest_and_most", "held", "key_of", "summed", "ways", "worth_of"]

_MOST_WAYS: Final = 512
_DAY: Final = timedelta(days=1)


class Covered(NamedTuple):
    """The days that a row covers, and whose they are."""

    whose: Hashable
    first: date
    last: date


class _Alone:
    """The key of a row that has none: it is like no other."""


ALONE: Final = _Alone()
Key: TypeAlias = Hashable | Covered | Unknown | _Alone


class Joint(NamedTuple):
    """A row to be joined: what it is worth, whether it counts, and by what it is joined."""

    worth: Value
    asked: bool | Unknown
    key: Key


class Unit(NamedTuple):
    """Rows that are one: those that are sure to be among them, and those that may be."""

    sure: tuple[int, ...]
    maybe: tuple[int, ...] = ()


def key_of(value: Value) -> Key:
    """The value of a fact as a key: none is like no other, and a number that is not fixed yet is not known.

    >>> key_of(3), key_of(Interval(1, 2))
    (('int', 3), Unknown(needs=frozenset()))
    """
    if isinstance(value, Nothing):
        return ALONE
    if isinstance(value, Interval):
        return Unknown(value.needs)
    return value if isinstance(value, Unknown) else (type(value).__name__, value)


@dataclass(frozen=True, slots=True)
class _Way:
    """One way in which it may turn out: the key of every row, and which rows count."""

    keys: tuple[Key, ...]
    asked: tuple[bool | Unknown, ...]


def ways(rows: Sequence[Joint], days: Callable[[], Days], *, each_row: bool = False) -> list[list[Unit]] | None:
    """The units that rows come to, in each way that the open ones may turn out; None where there are too many ways.

    Rows that may count are left as such where that joins no others; with `each_row` only where they are joined with none themselves.
    """
    runs = any(isinstance(row.key, Covered) for row in rows)
    if runs and any(isinstance(row.key, Unknown) for row in rows):
        return None  # a row without a day may lie anywhere
    taken: list[_Way] = []
    for way in _every(rows, runs=runs, each_row=each_row):
        if len(taken) == _MOST_WAYS:
            return None
        taken.append(way)
    return [list(units(way.keys, way.asked, days)) for way in taken]


def fewest_and_most(rows: Sequence[Joint]) -> tuple[int, int]:
    """How many units rows may come to, however they are joined.

    >>> fewest_and_most([Joint(1, True, "a"), Joint(1, True, Unknown()), Joint(1, Unknown(), "b")])
    (1, 3)
    """
    certain = [row for row in rows if row.asked is True]
    if any(isinstance(row.key, Covered) for row in rows):
        return min(1, len(certain)), len(rows)
    sure, every = (
        len({row.key for row in some if not isinstance(row.key, (Unknown, _Alone))}) + sum(isinstance(row.key, _Alone) for row in some)
        for some in (certain, rows)
    )
    return max(sure, min(1, len(certain))), every + sum(isinstance(row.key, Unknown) for row in rows)


def _every(rows: Sequence[Joint], *, runs: bool, each_row: bool) -> Iterator[_Way]:
    keys: list[Key] = [row.key for row in rows]
    asked: list[bool | Unknown] = [row.asked for row in rows]
    open_ = [place for place, row in enumerate(rows) if isinstance(row.key, Unknown)]
    shared = Counter(key for key in keys if not isinstance(key, (Unknown, _Alone))) if each_row else Counter()
    apart = [runs or (each_row and (bool(open_) or shared[key] > 1)) for key in keys]
    doubted = [place for place, row in enumerate(rows) if isinstance(row.asked, Unknown) and apart[place]]
    yield from _turned(keys, asked, open_, doubted)


def _turned(keys: list[Key], asked: list[bool | Unknown], open_: list[int], doubted: list[int]) -> Iterator[_Way]:
    if doubted:
        for counts in (True, False):
            asked[doubted[0]] = counts
            yield from _turned(keys, asked, open_, doubted[1:])
        return
    if not open_:
        yield _Way(tuple(keys), tuple(asked))
        return
    place, *others = open_
    before = keys[place]
    seen = [key for key in dict.fromkeys(keys) if not isinstance(key, (Unknown, _Alone))]
    for key in (*seen, ("own", place)):
        keys[place] = key
        yield from _turned(keys, asked, others, [])
    keys[place] = before


def units(keys: Sequence[Key], asked: Sequence[bool | Unknown], days: Callable[[], Days]) -> Iterator[Unit]:
    """Rows whose keys are settled, joined."""
    groups: dict[object, list[int]] = {}
    runs: list[int] = []
    for place, key in enumerate(keys):
        if asked[place] is False:
            continue
        if isinstance(key, Covered):
            runs.append(place)
        else:
            groups.setdefault(place if isinstance(key, _Alone) else ("key", key), []).append(place)
    for group in (*groups.values(), *_unbroken([(place, cast("Covered", keys[place])) for place in runs], days)):
        yield Unit(tuple(place for place in group if asked[place] is True), tuple(place for place in group if asked[place] is not True))


def _unbroken(runs: Sequence[tuple[int, Covered]], days: Callable[[], Days]) -> list[list[int]]:
    """Rows whose working days follow one another, each group by the places given: no working day lies between them."""
    groups: list[list[int]] = []
    last: dict[Hashable, tuple[date, list[int]]] = {}
    for place, run in sorted(runs, key=lambda pair: (pair[1].first, pair[1].last)):
        before = last.get(run.whose)
        if before is not None and _follows(before[0], run.first, days):
            before[1].append(place)
            last[run.whose] = (max(before[0], run.last), before[1])
        else:
            group = [place]
            groups.append(group)
            last[run.whose] = (run.last, group)
    return groups


def _follows(last: date, first: date, days: Callable[[], Days]) -> bool:
    """Whether no working day lies between two days."""
    return first <= last + _DAY or days().workdays_between(last, first - _DAY) == 0


# -- what a unit is worth


def worth_of(unit: Unit, rows: Sequence[Joint], low: Value | None, high: Value | None) -> tuple[Value, bool | Unknown]:
    """The sum of a unit's rows, held between the bounds, and whether there is such a unit at all."""
    certain = [rows[place].worth for place in unit.sure]
    perhaps = [rows[place].worth for place in unit.maybe]
    doubt = frozenset().union(*(cast("Unknown", rows[place].asked).needs for place in unit.maybe))
    asked: bool | Unknown = True if certain else Unknown(doubt)
    return held(summed(certain, perhaps, doubt), low, high), asked


def summed(certain: list[Value], perhaps: list[Value], doubt: frozenset[str]) -> Value:
    """The sum of values, some of which may not count; where none is sure to, at least one of them does."""
    unknown = [value for value in (*certain, *perhaps) if isinstance(value, Unknown)]
    if unknown:
        return Unknown(doubt.union(*(value.needs for value in unknown)))
    bounds = [[ends(cast("Bounded", value)) for value in values] for values in (certain, perhaps)]
    needs = needs_of(*cast("list[Bounded]", [*certain, *perhaps])) | (doubt if perhaps else frozenset())
    lows, highs = ([pair[side] for pair in bounds[1]] for side in (0, 1))
    if certain:
        low = added([*(pair[0] for pair in bounds[0]), *(min(end, 0) for end in lows)])
        high = added([*(pair[1] for pair in bounds[0]), *(max(end, 0) for end in highs)])
    else:  # at least one of them, if it is a unit at all
        low = added([min(end, 0) for end in lows]) if min(lows) < 0 else min(lows)
        high = added([max(end, 0) for end in highs]) if max(highs) > 0 else max(highs)
    return narrowed(low, high, needs)


def held(worth: Value, low: Value | None, high: Value | None) -> Value:
    """A number held between bounds that may be open themselves."""
    bounds: list[Any] = [None if bound is None else ends(cast("Bounded", bound)) for bound in (low, high)]
    if isinstance(worth, Unknown):
        return worth if None in bounds else narrowed(bounds[0][0], max(bounds[0][0], bounds[1][1]), worth.needs)
    least, most = ends(cast("Bounded", worth))
    if bounds[1] is not None:
        least, most = min(least, bounds[1][0]), min(most, bounds[1][1])
    if bounds[0] is not None:
        least, most = max(least, bounds[0][0]), max(most, bounds[0][1])
    needs = needs_of(*(cast("Bounded", value) for value in (worth, low, high) if value is not None))
    return narrowed(least, most, needs)


def between(totals: Sequence[Value], needs: frozenset[str], *, bounds: bool) -> Value:
    """What all ways agree in; else a number between them where numbers may be that, else unknown.

    >>> between([2, 3], frozenset({"late:1.incident"}), bounds=True)
    Interval(low=2, high=3, needs=frozenset({'late:1.incident'}))
    """
    if all(total == totals[0] for total in totals):
        return totals[0]
    if bounds and all(is_number(total) for total in totals):
        return hull(cast("list[Bounded]", totals), needs)
    return Unknown(needs.union(*(total.needs for total in totals if isinstance(total, (Unknown, Interval)))))
