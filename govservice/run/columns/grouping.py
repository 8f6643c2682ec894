"""Rows that say the same in several columns, as groups; and columns of results to which single rows are added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from govservice.run.columns.alike import Coded

__all__ = ["Filled", "grouped", "mapped_together"]

_MOST: Final = 1 << 62


def grouped(columns: Sequence[Coded], rows: Any) -> tuple[Any, Any]:
    """The group of each of these rows, numbered from 0 in the order in which groups come, and the first row of each group."""
    import numpy as np

    group, size = np.zeros(len(rows), dtype=np.int64), 1
    for column in columns:
        card = len(column.values)
        if card < 2:
            continue
        if size * card >= _MOST:
            _, group = np.unique(group, return_inverse=True)
            size = int(group.max(initial=0)) + 1
        group, size = group * card + column.codes[rows], size * card
    _, first, numbered = np.unique(group, return_index=True, return_inverse=True)
    order = np.argsort(first)
    places = np.empty(len(order), dtype=np.int64)
    places[order] = np.arange(len(order))
    return places[numbered], rows[first[order]]


class Filled:
    """A column of results: `codes` a row, 0 where there is nothing; `values` by number."""

    __slots__ = ("codes", "values")

    def __init__(self, size: int) -> None:
        import numpy as np

        self.codes = np.zeros(size, dtype=np.int32)
        self.values: list[Any] = [None]

    @classmethod
    def of(cls, column: Coded | None, size: int) -> Filled:
        """A column that may still be added to."""
        import numpy as np

        made = cls(size)
        if column is not None:
            made.codes, made.values = column.codes.astype(np.int32), list(column.values)
        return made

    def put(self, row: int, value: Any) -> None:
        """Say what one row comes to."""
        if value is None:
            self.codes[row] = 0
        else:
            self.codes[row] = len(self.values)
            self.values.append(value)

    def of_rows(self, rows: Any) -> Filled:
        """The column of some of the rows."""
        made = Filled(0)
        made.codes, made.values = self.codes[rows], self.values
        return made

    def at(self, row: int) -> Any:
        """The value of a row; None where there is nothing."""
        return self.values[self.codes[row]]

    def list(self) -> list[Any]:
        """The value of every row."""
        values = self.values
        return [values[code] for code in self.codes.tolist()]


def mapped_together(columns: Sequence[Coded], rows: Any, size: int, work: Callable[..., Any]) -> Filled:
    """What the values of several columns come to together, worked out once for each combination."""
    made = Filled(size)
    groups, firsts = grouped(columns, rows)
    begin = len(made.values)
    made.values += [work(*(column.at(row) for column in columns)) for row in firsts.tolist()]
    made.codes[rows] = groups + begin
    return made
