"""What must be said of the records themselves: rows set apart, given twice, of nobody or of somebody absent, columns that are no fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from govservice.echo import shown
from govservice.errors import GovServiceError, Words, did_you_mean

__all__ = ["Remarks", "agreed", "spans"]


def spans(numbers: Iterable[int]) -> str:
    """Row numbers, those in a row joined.

    >>> spans([1, 2, 3, 7, 9, 10])
    '1-3, 7, 9, 10'
    """
    parts: list[str] = []
    for _, group in groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in group]
        parts += [f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run)
    return ", ".join(parts)


def agreed(
    rows: Iterable[Mapping[str, Any]], alike: Callable[[str, Any, Any], bool] = lambda _, one, other: bool(one == other)
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What several rows about one thing say together, and the facts in which they differ: these are left out.

    `alike` says of a fact's two values whether they are one.

    >>> agreed([{"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}])
    ({'a': 1, 'c': 4}, ('b',))
    """
    facts: dict[str, Any] = {}
    apart: dict[str, None] = {}
    for row in rows:
        for name, value in row.items():
            if not alike(name, facts.setdefault(name, value), value):
                apart[name] = None
    return {name: value for name, value in facts.items() if name not in apart}, tuple(apart)


@dataclass
class Remarks:
    """Remarks of one reading of the records, alike ones gathered; in the order in which they were first made.

    `in_chinese` is the name of a table within a Chinese sentence, as `Contents.in_chinese` gives it.
    """

    in_chinese: Callable[[str], str]
    _rows: dict[tuple[str, str, Words], list[int]] = field(default_factory=dict)
    _single: dict[Words, None] = field(default_factory=dict)
    _said: dict[tuple[Words, ...], tuple[Words, ...]] = field(default_factory=dict)  # what was asked for since the last remark
    made: int = 0  # how many remarks were made so far

    def rows(self, table: str, number: int, why: Words) -> None:
        """A row, and what is to be said of it, as of several: `are ..`, `name ..`."""
        self._rows.setdefault(("rows", table, why), []).append(number)
        self.made += 1
        self._said.clear()

    def aside(self, table: str, number: int, error: GovServiceError) -> None:
        """A row that cannot be used, and why."""
        en, zh = error.fault.what, error.fault.hint
        why = Words(f"are set apart: {en.en}" + (f"; {zh.en}" if zh.en else ""), f"已搁置：{en.zh}" + (f"；{zh.zh}" if zh.zh else ""))
        self.rows(table, number, why)

    def unknown_keys(self, table: str, keys: Mapping[str, list[int]], known: Iterable[str]) -> None:
        """Columns of a table that are no fact."""
        for key, numbers in keys.items():
            hint = did_you_mean(key, known)
            rows = spans(numbers)
            self.say(
                Words(
                    f"{shown(key)} of {table} is no fact and is not used (rows {rows})" + (f"; {hint.en}" if hint.en else ""),
                    f"{self.in_chinese(table).lstrip()}的“{key}”不是事实，未采用（第 {rows} 行）" + (f"；{hint.zh}" if hint.zh else ""),
                )
            )

    def say(self, words: Words) -> None:
        """Something else."""
        self._single[words] = None
        self.made += 1
        self._said.clear()

    @property
    def words(self) -> tuple[Words, ...]:
        """Every remark."""
        return self.without()

    def without(self, *reasons: Words) -> tuple[Words, ...]:
        """Every remark but those made of rows for these reasons."""
        if reasons not in self._said:
            rows = (self._words(table, numbers, why) for (_, table, why), numbers in self._rows.items() if why not in reasons)
            self._said[reasons] = (*rows, *self._single)
        return self._said[reasons]

    def numbers(self, table: str) -> frozenset[int]:
        """The rows of a table of which something is said."""
        return frozenset(number for (_, named, _), numbers in self._rows.items() if named == table for number in numbers)

    def of(self, id: str, whose: Mapping[tuple[str, int], str]) -> tuple[Words, ...]:
        """Every remark but those made of rows that are somebody else's; `whose` they are, by table and number of the row."""
        rows = []
        for (_, table, why), numbers in self._rows.items():
            kept = [number for number in numbers if whose.get((table, number), id) == id]
            rows += [self._words(table, kept, why)] if kept else []
        return (*rows, *self._single)

    def _words(self, table: str, numbers: list[int], why: Words) -> Words:
        return Words(_of_rows(table, numbers, why.en), f"{self.in_chinese(table).lstrip()}第 {spans(numbers)} 行{why.zh}")


_OF_ONE: Final = {"are": "is", "name": "names"}


def _of_rows(table: str, numbers: list[int], why: str) -> str:
    """What is said of one row or of several, its verb with it."""
    verb, blank, rest = why.partition(" ")
    one = len(set(numbers)) == 1
    return f"row{'' if one else 's'} {spans(numbers)} of {table} {_OF_ONE[verb] if one else verb}{blank}{rest}"
