"""The facts of cases in columns: each case's own over those of its application, these over what its item publishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from govservice.case_facts import SPELT, completed, joined
from govservice.errors import GovServiceError
from govservice.run.columns.alike import Coded, Interned
from govservice.run.columns.coded import Tellers
from govservice.run.columns.tables import FactColumn

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["JoinedFacts", "Level"]


class Level:
    """Facts by name that rows have from one table: `of` is the place of each row's there, -1 where it has none (None: its own)."""

    def __init__(self, facts: Mapping[str, FactColumn], of: Any = None) -> None:
        self.facts, self.of = facts, of

    def column(self, name: str) -> Coded | None:
        """The column of a fact as the rows have it; None where nobody gives it."""
        import numpy as np

        own = self.facts.get(name)
        if own is None:
            return None
        coded = own.coded
        return coded if self.of is None else Coded(np.append(coded.codes, coded.codes.dtype.type(0))[self.of], coded.values)


class JoinedFacts:
    """Facts of `size` rows, the first of `levels` before those after it; `decided` are names that the last of several says nothing of.

    `spoilt` marks the rows whose days and limits contradict each other.
    """

    def __init__(self, contents: Contents, size: int, levels: Sequence[Level], decided: frozenset[str] = frozenset()) -> None:
        import numpy as np

        self.contents, self.size, self.levels, self.decided = contents, size, levels, decided
        self.tellers = Tellers(size)
        self.spoilt = np.zeros(size, dtype=bool)
        hidden = decided if len(levels) > 1 else frozenset[str]()
        self._named = [dict.fromkeys(level.facts) for level in levels[:-1]]
        self._named.append(dict.fromkeys(name for name in levels[-1].facts if name not in hidden))
        self._facts: dict[str, Coded | None] = {}
        self._spell()

    @property
    def names(self) -> tuple[str, ...]:
        """Every fact that some row may have."""
        return tuple(dict.fromkeys((*(name for names in self._named for name in names), *self._facts)))

    def fact(self, name: str) -> Coded | None:
        """The column of a fact; None where no row has it."""
        if name not in self._facts:
            self._facts[name] = self._over(self._columns(name))
        return self._facts[name]

    def _columns(self, name: str) -> list[Coded]:
        columns = (level.column(name) for level, names in zip(self.levels, self._named, strict=True) if name in names)
        return [column for column in columns if column is not None]

    def _over(self, columns: Sequence[Coded]) -> Coded | None:
        """What the first says, where it says nothing the next."""
        import numpy as np

        if len(columns) < 2:
            return columns[0] if columns else None
        interned = Interned()
        whole = np.zeros(self.size, dtype=np.int32)
        for column in columns:
            codes = column.mapped(lambda value: value, interned).codes
            whole = np.where(whole > 0, whole, codes)
        return Coded(whole, interned.values)

    def _spell(self) -> None:
        """Days and limits, which are two spellings of one thing: each combination as the main job joins and completes it."""
        import numpy as np

        nothing = Coded(np.zeros(self.size, dtype=np.int32), [None])
        columns = [
            (level.column(name) if name in names else None) or nothing
            for level, names in zip(self.levels, self._named, strict=True)
            for name in SPELT
        ]
        group = np.zeros(self.size, dtype=np.int64)
        for column in columns:
            if len(column.values) > 1:
                _, group = np.unique(group * len(column.values) + column.codes, return_inverse=True)
        _, first = np.unique(group, return_index=True)
        interned = {name: Interned() for name in SPELT}
        numbers = {name: np.zeros(len(first), dtype=np.int32) for name in SPELT}
        for number, row in enumerate(first.tolist()):
            given = [column.at(row) for column in columns]
            levels = [
                {name: value for name, value in zip(SPELT, given[at : at + 4], strict=True) if value is not None}
                for at in range(0, len(given), 4)
            ]
            try:
                whole = joined(*levels, self.decided) if len(levels) == 3 else completed(levels[0])  # type: ignore[call-arg, arg-type]
            except GovServiceError:
                self.spoilt |= group == number
                continue
            for name in SPELT:
                if name in whole:
                    numbers[name][number] = interned[name].number(whole[name])
        for name in SPELT:
            there = len(interned[name].values) > 1
            self._facts[name] = Coded(numbers[name][group], interned[name].values) if there else None
