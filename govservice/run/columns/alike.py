"""Rows alike are worked out once: rows are told apart only by what was read of them while one like them was worked out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from govservice.limits import TimeLimit

__all__ = ["Coded", "Interned", "coded", "worked_out"]

_SPELT: Final = frozenset((Decimal, TimeLimit))  # equal ones may be written differently
_DENSE: Final = 30_000_000  # pairs of a group and a code that are numbered by a table; of more, by sorting
Key: TypeAlias = Hashable


class Interned:
    """Values by number, each once; two are one where type, value and how it is written are the same. Number 0 is nothing."""

    def __init__(self) -> None:
        self.values: list[Any] = [None]
        self._numbers: dict[Any, int] = {}

    def number(self, value: Any) -> int:
        """The number of a value, 0 of None; one that cannot be hashed is alike to itself alone."""
        if value is None:
            return 0
        kind = type(value)
        key: Any = (kind, value, repr(value) if kind in _SPELT else value.utcoffset() if hasattr(value, "utcoffset") else None)
        try:
            number = self._numbers.get(key)
        except TypeError:
            key, number = ("", id(value)), None  # kept in `values`, so that its id is its own
        if number is None:
            number = self._numbers[key] = len(self.values)
            self.values.append(value)
        return number


class Coded:
    """A column as numbers of its values: `codes` a row, 0 where there is nothing; `values` by number."""

    __slots__ = ("codes", "values")

    def __init__(self, codes: Any, values: Sequence[Any]) -> None:
        import numpy as np

        self.values = values
        self.codes = codes.astype(np.min_scalar_type(max(len(values), 1)), copy=False)

    def at(self, row: int) -> Any:
        """The value of a row; None where there is nothing."""
        return self.values[self.codes[row]]

    def mapped(self, work: Callable[[Any], Any], interned: Interned) -> Coded:
        """Another column: what each value comes to, by its number among those interned; nothing stays nothing."""
        import numpy as np

        table = np.array([0, *(interned.number(work(value)) for value in self.values[1:])], dtype=np.int32)
        return Coded(table[self.codes], interned.values)


def coded(codes: Any, values: Sequence[Any]) -> Coded:
    """A column whose values may come twice, with each once."""
    import numpy as np

    interned = Interned()
    table = np.array([0, *(interned.number(value) for value in values[1:])], dtype=np.int32)
    return Coded(table[codes], interned.values)


def worked_out(
    rows: Any, size: int, one: Callable[[int], tuple[Any, Sequence[Key]]], codes_of: Callable[[Key], Coded]
) -> tuple[Any, list[Any]]:
    """What every row comes to, as numbers of the results (0 for rows that are not asked about), and the results.

    `rows` are the numbers of those asked about, of `size`. `one` works out a row, and says what it read, in order; rows are alike where
    what is read, as `codes_of` has it, is. What is read first is the same for all, and what is read next hangs on what was read before: so
    rows are told apart step by step, and each kind of rows is worked out once.
    """
    import numpy as np

    answers: list[Any] = [None]
    found = np.zeros(size, dtype=np.int32)
    if not len(rows):
        return found, answers
    where = np.zeros(size, dtype=np.int32)
    group = np.zeros(len(rows), dtype=np.int32)
    first = int(rows[0])
    groups: list[tuple[int, Any, Sequence[Key]]] = [(first, *one(first))]
    depth = 0
    while len(rows):
        done = np.zeros(len(groups), dtype=np.int32)
        steps: dict[Key, list[int]] = {}
        for number, (_, result, read) in enumerate(groups):
            if len(read) == depth:
                answers.append(result)
                done[number] = len(answers) - 1
            else:
                steps.setdefault(read[depth], []).append(number)
        if done.any():
            ended = done[group]
            found[rows] = ended
            kept = ended == 0
            rows, group = rows[kept], group[kept]
        pending: list[tuple[int, Any, Sequence[Key]]] = []
        after = np.empty(len(rows), dtype=np.int32)
        for key, numbers in steps.items():
            column = codes_of(key)
            inside = np.zeros(len(groups), dtype=bool)
            inside[numbers] = True
            part = inside[group] if len(steps) > 1 or len(numbers) < len(groups) else slice(None)
            asked = rows[part]
            numbered, reps = _renumbered(np, group[part], column.codes[asked], len(groups), len(column.values), asked)
            after[part] = numbered + len(pending)
            where[asked] = numbered
            known = {int(where[groups[number][0]]): groups[number] for number in numbers}
            pending += [known[number] if number in known else (rep, *one(rep)) for number, rep in enumerate(reps.tolist())]
        groups, group = pending, after
        depth += 1
    return found, answers


def _renumbered(np: Any, group: Any, codes: Any, groups: int, card: int, rows: Any) -> tuple[Any, Any]:
    """Groups told apart by a code, numbered from 0, and a row of each."""
    if groups * card <= _DENSE:
        pairs = group.astype(np.int64) * card + codes
        there = np.zeros(groups * card, dtype=bool)
        there[pairs] = True
        number = np.cumsum(there, dtype=np.int32) - 1
        numbered = number[pairs]
        reps = np.empty(int(number[-1]) + 1, dtype=np.int64)
        reps[numbered] = rows
        return numbered, reps
    pairs = group.astype(np.int64) * card + codes
    _, at, numbered = np.unique(pairs, return_index=True, return_inverse=True)
    return numbered.astype(np.int32), rows[at]
