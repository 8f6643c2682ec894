"""Rows alike are worked out once: rows are told apart only by what was read of them while one like them was worked out."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeAlias

from govservice.run.columns.coded import Apart, Coded, Interned, Tellers, coded, renumbered

__all__ = ["Coded", "Interned", "coded", "worked_out"]

Key: TypeAlias = Hashable


class _Branch:
    """Rows that are alike in what was read so far: what is read next and what follows each value of it, or what they come to."""

    __slots__ = ("answer", "key", "next")

    def __init__(self) -> None:
        self.key: Key | None = None
        self.next: dict[int, _Branch] = {}
        self.answer = 0


def worked_out(
    asked: Coded | None, tellers: Tellers, one: Callable[[int], tuple[Any, Sequence[Key]]], codes_of: Callable[[Key], Coded]
) -> Coded:
    """What every row comes to; nothing for rows that are not asked about.

    `asked` is 1 for those that are (None: all). `one` works out a row, and says what it read, in order; rows are alike where what is read,
    as `codes_of` has it, is. What is read first is the same for all, and what is read next hangs on what was read before: so rows are told
    apart step by step, and each kind of rows is worked out once. No more columns than were read are told apart.
    """
    import numpy as np

    walk = _Walk(one, codes_of)
    columns: dict[Key, Coded] = {}
    marks = [] if asked is None or asked.same == 1 else [asked]
    if not tellers.size or (asked is not None and asked.same == 0):
        return Coded.over(tellers.nothing, np.zeros(1, dtype=np.int32), walk.answers)
    while True:
        told = tellers.by((*marks, *columns.values()))
        kinds = np.flatnonzero(told.first >= 0) if not marks else np.flatnonzero((told.first >= 0) & (told.numbers(marks[0]) > 0))
        found, more = walk.through(told, kinds)
        if not more:
            return Coded.over(told, found, walk.answers)
        columns |= more


class _Walk:
    """The branches as far as they were gone."""

    def __init__(self, one: Callable[[int], tuple[Any, Sequence[Key]]], codes_of: Callable[[Key], Coded]) -> None:
        self._one, self._codes_of = one, codes_of
        self._root = _Branch()
        self.answers: list[Any] = [None]

    def through(self, told: Apart, kinds: Any) -> tuple[Any, dict[Key, Coded]]:
        """What each kind of rows comes to; or the columns that are still to be told apart."""
        import numpy as np

        found = np.zeros(told.size, dtype=np.int32)
        branches, rows, group = [self._root], kinds, np.zeros(len(kinds), dtype=np.int32)
        while len(rows):
            done = np.zeros(len(branches), dtype=np.int32)
            steps: dict[Key, list[int]] = {}
            for number, rep in enumerate(_one_of_each(np, group, rows, len(branches)).tolist()):
                branch = branches[number]
                if branch.key is None and not branch.answer:
                    self._go(int(told.first[rep]))
                if branch.answer:
                    done[number] = branch.answer
                else:
                    steps.setdefault(branch.key, []).append(number)
            if done.any():
                ended = done[group]
                found[rows] = ended
                rows, group = rows[ended == 0], group[ended == 0]
            untold = {key: column for key in steps if not told.tells(column := self._codes_of(key))}
            if untold:
                return found, {**untold, **self._read_with(branches, steps)}
            branches, group = self._step(told, branches, steps, rows, group)
        return found, {}

    def _read_with(self, branches: list[_Branch], steps: dict[Key, list[int]]) -> dict[Key, Coded]:
        """Every column that is known to be read from here on, so that rows are told apart once for all of them."""
        keys: dict[Key, None] = {}
        waiting = [branches[number] for numbers in steps.values() for number in numbers]
        while waiting:
            branch = waiting.pop()
            if branch.key is not None:
                keys[branch.key] = None
                waiting += branch.next.values()
        return {key: self._codes_of(key) for key in keys}

    def _step(self, told: Apart, branches: list[_Branch], steps: dict[Key, list[int]], rows: Any, group: Any) -> tuple[list[_Branch], Any]:
        import numpy as np

        after: list[_Branch] = []
        numbered = np.empty(len(rows), dtype=np.int32)
        for key, numbers in steps.items():
            column = self._codes_of(key)
            inside = np.zeros(len(branches), dtype=bool)
            inside[numbers] = True
            part = inside[group] if len(numbers) < len(branches) else slice(None)
            pairs = group[part].astype(np.int64) * len(column.values) + told.numbers(column)[rows[part]]
            numbered_part, size = renumbered(pairs, len(branches) * len(column.values))
            distinct = np.empty(size, dtype=np.int64)
            distinct[numbered_part] = pairs
            numbered[part] = numbered_part + len(after)
            for number, code in zip(*(each.tolist() for each in np.divmod(distinct, len(column.values))), strict=True):
                after.append(branches[number].next.setdefault(code, _Branch()))
        return after, numbered

    def _go(self, row: int) -> None:
        """Work out one row, and keep the way to what it comes to."""
        result, read = self._one(row)
        branch = self._root
        for key in read:
            branch.key = key
            branch = branch.next.setdefault(self._codes_of(key).number_at(row), _Branch())
        self.answers.append(result)
        branch.answer = len(self.answers) - 1


def _one_of_each(np: Any, group: Any, rows: Any, groups: int) -> Any:
    """A row of each group."""
    reps = np.zeros(groups, dtype=np.int64)
    reps[group] = rows
    return reps
