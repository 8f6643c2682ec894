"""Columns as numbers of their values, and rows told apart: a column is kept for each kind of rows, not for each row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final
from weakref import WeakKeyDictionary, WeakValueDictionary

from govservice.limits import TimeLimit

__all__ = [
    "Apart",
    "Coded",
    "Interned",
    "Tellers",
    "any_of",
    "coded",
    "coded_cells",
    "combined",
    "count_of",
    "distinct",
    "either",
    "mask_of",
    "renumbered",
    "together",
]

_SPELT: Final = frozenset((Decimal, TimeLimit))  # equal ones may be written differently
_DENSE: Final = 4  # a table may have so many places for each row; of more, numbers are told apart by sorting
_DENSE_OF_FEW: Final = 64  # of these, while the table has no more than so many
_LARGE: Final = 16_000_000
_SMALL: Final = 1_000_000  # places that a table may have however few the rows
_WIDEST: Final = 1 << 62
_HARDLY: Final = 4_096  # kinds that are few
_FEWER: Final = 2  # so many times fewer kinds are worth keeping


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
            number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.values)
            self.values.append(value)
        return number


class Apart:
    """Rows told apart by some columns, its `parts`, as kinds from 0 on.

    `of` is the kind of each row; or, `within` another telling apart, of each of its kinds, so that nothing is held for each row.
    """

    __slots__ = ("__weakref__", "_first", "_many", "_of", "_own", "_places", "_ways", "parts", "size", "within")

    def __init__(self, of: Any, size: int, parts: Sequence[Coded], within: Apart | None = None) -> None:
        self._of, self.size, self.parts, self.within = of, size, tuple(parts), within
        self._own: dict[int, Any] = dict.fromkeys(map(id, self.parts))  # the numbers of each, once they are asked for
        self._ways: WeakKeyDictionary[Apart, Any] = WeakKeyDictionary()
        self._first: Any = None
        self._places: Any = None
        self._many: Any = None

    @property
    def of_rows(self) -> Any:
        """The kind of each row."""
        return self._of if self.within is None else self._of[self.within.of_rows]

    def at(self, rows: Any) -> Any:
        """The kind of a row, or of each of some."""
        return self._of[rows if self.within is None else self.within.at(rows)]

    @property
    def first(self) -> Any:
        """A row of each kind; -1 where there is none."""
        import numpy as np

        if self._first is None:
            place = self._place
            self._first = place if self.within is None else np.where(place >= 0, self.within.first[place], -1)
        return self._first

    @property
    def _place(self) -> Any:
        """For each kind a row; or a kind of what it lies within. -1 where there is none."""
        import numpy as np

        if self._places is None:
            found = np.full(self.size, -1, dtype=np.int32)
            if self.within is None:
                found[self._of] = np.arange(len(self._of), dtype=np.int32)
            else:
                there = np.flatnonzero(self.within.first >= 0)
                found[self._of[there]] = there
            self._places = found
        return self._places

    @property
    def many(self) -> Any:
        """How many rows are of each kind."""
        import numpy as np

        if self._many is None:
            weights = None if self.within is None else self.within.many
            self._many = np.bincount(self._of, weights, self.size).astype(np.int64, copy=False)
        return self._many

    def numbers(self, column: Coded) -> Any:
        """The numbers of a column's values, kind by kind; None where rows of one kind may differ in it."""
        import numpy as np

        if column.told is self:
            return column.numbers
        if id(column) in self._own:
            own = self._own[id(column)]
            if own is None:
                own = self._own[id(column)] = (
                    column.numbers[self._kinds_of(column.told)] if column.is_told else column.numbers_at(self.first)
                )
            return own
        if column.same is not None:
            return np.full(self.size, column.same, dtype=np.int32)
        return column.numbers[self._way(column.told)] if self.tells_all_of(column.told) else None

    def tells_all_of(self, other: Apart) -> bool:
        """Whether rows of one kind are alike in all that another telling apart tells."""
        if other not in self._ways:
            self._ways[other] = other is self or all(
                id(part) in self._own or part.same is not None or (part.told is not other and self.tells(part)) for part in other.parts
            )
        return self._ways[other] is not False

    def _way(self, other: Apart) -> Any:
        """The kind of another telling apart, all of which is told here, for each kind of this one."""
        if self.tells_all_of(other) and self._ways[other] is True:
            self._ways[other] = self._kinds_of(other)
        return self._ways[other]

    def _kinds_of(self, other: Apart) -> Any:
        """The kind of another telling apart of a row of each kind."""
        within = self.within
        if within is None:
            return other.at(self.first)
        if within is other:
            return self._place
        if other.within is within:
            return other._of[self._place]
        return within._way(other)[self._place] if within.tells_all_of(other) else other.at(self.first)

    def hold(self) -> None:
        """Keep its parts by its kinds."""
        for part in self.parts:
            part.keep(self)

    def tells(self, column: Coded) -> bool:
        """Whether rows of one kind are alike in a column."""
        return column.told is self or id(column) in self._own or column.same is not None or self.tells_all_of(column.told)


class Coded:
    """A column as numbers of its values: `codes` a row, 0 where there is nothing; `values` by number.

    It is kept as `numbers`, one for each kind of rows that `told` tells apart.
    """

    __slots__ = ("__weakref__", "_codes", "_derived", "_numbers", "_same", "_told", "values")

    def __init__(self, codes: Any, values: Sequence[Any]) -> None:
        import numpy as np

        self.values = values
        self._codes: Any = codes.astype(np.min_scalar_type(max(len(values), 1)), copy=False)
        self._told: Apart | None = None
        self._numbers: Any = None
        self._same: int | bool | None = False  # not looked at yet
        self._derived: dict[object, Coded] = {}

    @classmethod
    def over(cls, told: Apart, numbers: Any, values: Sequence[Any]) -> Coded:
        """A column of which rows told apart so are alike."""
        made = object.__new__(cls)
        made.values, made._codes, made._told, made._numbers, made._same = values, None, told, numbers, False
        made._derived = {}
        return made

    @property
    def told(self) -> Apart:
        """What tells its rows apart."""
        if self._told is None:
            import numpy as np

            self._told = Apart(self._codes, len(self.values), (self,))
            self._numbers = np.arange(len(self.values), dtype=np.int32)
        return self._told

    @property
    def is_told(self) -> bool:
        """Whether it is held for kinds of rows only."""
        return self._codes is None

    def keep(self, told: Apart) -> None:
        """Keep it for the kinds that tell it apart, of which it is a part."""
        self._numbers, self._told = told.numbers(self), told

    @property
    def numbers(self) -> Any:
        """The number of its value, of each kind of rows."""
        return self.told and self._numbers

    @property
    def codes(self) -> Any:
        """The number of its value, of each row."""
        return self._codes if self._codes is not None else self._numbers[self.told.of_rows]

    @property
    def same(self) -> int | None:
        """The one number that all rows have; None where they differ."""
        if self._same is False:
            numbers = self._codes if self._codes is not None else self._numbers
            self._same = int(numbers[0]) if len(numbers) and (numbers[0] == numbers).all() else None
        return self._same

    def derived(self, key: object, work: Callable[[], Coded]) -> Coded:
        """A column that is worked out of this one alone, once."""
        if key not in self._derived:
            self._derived[key] = work()
        return self._derived[key]

    def at(self, row: int) -> Any:
        """The value of a row; None where there is nothing."""
        return self.values[self.number_at(row)]

    def number_at(self, row: int) -> int:
        """The number of the value of a row."""
        return int(self._codes[row] if self._codes is not None else self._numbers[self.told.at(row)])

    def numbers_at(self, rows: Any) -> Any:
        """The numbers of the values of some rows."""
        return self._codes[rows] if self._codes is not None else self._numbers[self.told.at(rows)]

    def mapped(self, work: Callable[[Any], Any], interned: Interned) -> Coded:
        """Another column: what each value comes to, by its number among those interned; nothing stays nothing."""
        import numpy as np

        table = np.array([0, *(interned.number(work(value)) for value in self.values[1:])], dtype=np.int32)
        return Coded.over(self.told, table[self.numbers], interned.values)

    def holds(self, work: Callable[[Any], bool]) -> Any:
        """Of each kind of rows, whether something holds of its value; it never does of nothing."""
        import numpy as np

        return np.array([False, *(work(value) for value in self.values[1:])], dtype=bool)[self.numbers]

    def where_number(self, marked: Sequence[bool]) -> Coded:
        """Whether the number of its value is marked, as a column of 1 and 0."""
        import numpy as np

        return Coded(np.array(marked, dtype=np.int8)[self.codes], (False, True))

    def where(self, work: Callable[[Any], bool]) -> Coded:
        """Whether something holds of its value, as a column of 1 and 0."""
        import numpy as np

        return Coded.over(self.told, self.holds(work).astype(np.int8), (False, True))


def coded(codes: Any, values: Sequence[Any]) -> Coded:
    """A column whose values may come twice, with each once."""
    import numpy as np

    interned = Interned()
    table = np.array([0, *(interned.number(value) for value in values[1:])], dtype=np.int32)
    return Coded(table[codes], interned.values)


def coded_cells(size: int, cells: Iterable[tuple[int, str, Any]]) -> dict[str, Coded]:
    """The cells of so many rows, each with its row's place and its name, as columns by name."""
    import numpy as np

    interned: dict[str, Interned] = {}
    codes: dict[str, Any] = {}
    for place, name, value in cells:
        if name not in interned:
            interned[name], codes[name] = Interned(), np.zeros(size, dtype=np.int32)
        codes[name][place] = interned[name].number(value)
    return {name: Coded(codes[name], interned[name].values) for name in interned}


class Tellers:
    """What tells the rows of one table apart, by columns: made once for the same columns, as long as anything is kept that rests on it."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._made: WeakValueDictionary[frozenset[int], Apart] = WeakValueDictionary()
        self._held: list[Apart] = []
        self._nothing: Apart | None = None

    @property
    def nothing(self) -> Apart:
        """All rows as one kind."""
        import numpy as np

        if self._nothing is None:
            self._nothing = Apart(np.zeros(self.size, dtype=np.int8), 1, ())
        return self._nothing

    def by(self, columns: Iterable[Coded]) -> Apart:
        """What tells rows apart wherever one of some columns does; it may tell more."""
        asked = list({id(column): column for column in columns if column.same is None}.values())
        if not asked:
            return self.nothing
        known = sorted({id(column.told): column.told for column in asked}.values(), key=lambda told: told.size)
        whole = next((told for told in known if all(map(told.tells, asked))), None)
        if whole is not None:
            return whole
        key = frozenset(map(id, asked))
        made = self._made.get(key)
        if made is None:
            there = [told for told in self._made.values() if told.size * 8 <= self.size and all(map(told.tells, asked))]
            made = min(there, key=lambda told: told.size, default=None)
        if made is None:
            made = self._made[key] = self._joined(asked, known)
        return made

    def just_by(self, columns: Sequence[Coded]) -> Apart:
        """What tells rows apart by some columns, and hardly more: for those who work a lot on each kind of rows."""
        told = self.by(columns)
        if told.size <= _HARDLY:
            return told
        asked = list({id(column): column for column in columns if column.same is None}.values())
        key = frozenset((-1, *map(id, asked)))
        made = self._made.get(key)
        if made is None:
            parts = [(told.numbers(column), len(column.values)) for column in asked]
            made = self._made[key] = Apart(*together(parts, told.size), asked, told)
        return made if made.size * _FEWER <= told.size else told

    def hold(self, columns: Iterable[Coded]) -> None:
        """Tell rows apart by columns that others will be worked out of, and keep that where the kinds are few.

        What those others tell apart is then found among these kinds, and no longer row by row.
        """
        asked = [column for column in columns if column.same is None]
        told = self.by(asked)
        if told.size * _FEWER > (self._held[0].size if self._held else self.size):
            return
        self._held.insert(0, told)
        for column in asked:
            if column.told is not told and not told.tells_all_of(column.told):
                column.keep(Apart(told.numbers(column), len(column.values), (column,), told))

    def _joined(self, columns: list[Coded], known: list[Apart]) -> Apart:
        held = next((held for held in self._held if all(map(held.tells, columns))), None)
        if held is not None:
            return Apart(*together([(held.numbers(column), len(column.values)) for column in columns], held.size), columns, held)
        rest, groups = list(columns), []
        while rest:
            best = max(known, key=lambda told: (sum(map(told.tells, rest)), -told.size))
            groups.append((best, [column for column in rest if best.tells(column)]))
            rest = [column for column in rest if not best.tells(column)]
        number: Any = None
        card = 1
        for told, some in groups:
            of_kinds, width = together([(told.numbers(column), len(column.values)) for column in some], told.size)
            number, card = _wider(number, card, of_kinds[told.of_rows], width)
        of_rows, size = renumbered(number, card)
        return Apart(of_rows, size, columns)

    def group(self, columns: Iterable[Coded]) -> None:
        """Keep columns that are given row by row for the kinds of rows that several of them tell apart, where these are few."""
        waiting = sorted((column for column in columns if column.same is None), key=lambda column: len(column.values))
        most = max(4096, self.size // 16)
        while waiting:
            number, card = waiting[0].codes, len(waiting[0].values)
            taken = 1
            for column in waiting[1:]:
                if card * len(column.values) > _SMALL:
                    number, card = renumbered(number, card)
                wider, width = _wider(number, card, column.codes, len(column.values))
                if width > _SMALL:
                    wider, width = renumbered(wider, width)
                    if width > most:
                        break
                number, card, taken = wider, width, taken + 1
            told = Apart(*renumbered(number, card), waiting[:taken])
            if told.size <= most:
                told.hold()
            waiting = waiting[taken:]


def combined(tellers: Tellers, columns: Sequence[Coded], values: Sequence[Any], work: Callable[..., Any]) -> Coded:
    """A column worked out of others: `work` is given their numbers kind by kind, and gives the number of a value for each kind."""
    told = tellers.by(columns)
    return Coded.over(told, work(*(told.numbers(column) for column in columns)), values)


def mask_of(tellers: Tellers, columns: Sequence[Coded], work: Callable[..., Any]) -> Coded:
    """A column of 1 and 0 worked out of others, as `combined`."""
    import numpy as np

    told = tellers.by(columns)
    holds = np.broadcast_to(work(*(told.numbers(column) for column in columns)), (told.size,))
    return Coded.over(told, holds.astype(np.int8), (False, True))


def either(tellers: Tellers, one: Coded, other: Coded) -> Coded:
    """What one column says, and where it says nothing what the other does."""
    import numpy as np

    values = [*other.values, *one.values[1:]]
    above = len(other.values) - 1
    return combined(tellers, (one, other), values, lambda first, second: np.where(first > 0, first + above, second))


def any_of(masks: Iterable[Any]) -> Any:
    """Where any of some masks holds; nowhere where there are none."""
    found: Any = False
    for mask in masks:
        found = found | mask
    return found


def count_of(mask: Coded) -> int:
    """How many rows a mask holds of."""
    return int(mask.told.many[mask.numbers > 0].sum())


def together(parts: Sequence[tuple[Any, int]], size: int) -> tuple[Any, int]:
    """Several numbers as one without gaps, and how many there are; each is given with what it lies below."""
    import numpy as np

    number, card = np.zeros(size, dtype=np.int32), 1
    for codes, width in parts:
        if card > 1 and card * width > _SMALL:
            number, card = renumbered(number, card)
        number, card = _wider(number, card, codes, width)
    return renumbered(number, card)


def _wider(number: Any, card: int, codes: Any, width: int) -> tuple[Any, int]:
    import numpy as np

    if number is None:
        return codes, width
    if card * width >= _WIDEST:
        number, card = renumbered(number, card)
    kind = np.int32 if card * width < 1 << 31 else np.int64
    return number.astype(kind, copy=False) * kind(width) + codes, card * width


def distinct(numbers: Any) -> tuple[Any, Any]:
    """Whole numbers, each once and in order, and the place of each that was given among them."""
    import numpy as np

    low = int(numbers.min()) if len(numbers) else 0
    place, size = renumbered(numbers - low, int(numbers.max()) - low + 1 if len(numbers) else 1)
    found = np.zeros(size, dtype=np.int64)
    found[place] = numbers
    return found, place


def renumbered(number: Any, card: int) -> tuple[Any, int]:
    """Numbers without gaps, and how many there are."""
    import numpy as np

    if card <= max(_SMALL, _DENSE * len(number), min(_LARGE, _DENSE_OF_FEW * len(number))):
        marked = np.zeros(card, dtype=bool)
        marked[number] = True
        there = np.flatnonzero(marked)
        place = np.empty(card, dtype=np.int32)
        place[there] = np.arange(len(there), dtype=np.int32)
        return place[number], len(there)
    each, numbered = np.unique(number, return_inverse=True)
    return numbered.astype(np.int32), len(each)
