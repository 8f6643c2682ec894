"""The rows of one source as columns: which of them say the same is told apart once, for all that asks."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Final

from govservice.rules.meaning.kinds import told_apart

if TYPE_CHECKING:
    from govservice.assessment.register import LedgerRow

__all__ = ["NO_KIND", "RowColumns"]

NO_KIND: Final = -1
"""Of rows that cannot be told apart; as a place it is that behind the last row."""
_ABSENT: Final = object()
_UNTOLD: Final = object()
_PLAIN: Final = frozenset((type(None), str, bool, int, date, object))  # of which equal ones are one value; True alone equals 1
_DAYS: Final = frozenset((type(None), date, object))
_MARKS: Final = "assessed"


class RowColumns:
    """What the rows of a source say, name by name. A row goes by its place: those that say something under the same names lie together, and
    each is looked at once. A kind of rows goes by the place of the first of it.

    Rows are of one kind under some names where each of these is said alike by both, or by neither.
    """

    def __init__(self, rows: Iterable[LedgerRow]) -> None:
        self._forms: dict[tuple[str, ...], list[LedgerRow]] = {}
        for row in rows:
            self._forms.setdefault(tuple(row.facts), []).append(row)
        self.names: frozenset[str] = frozenset().union(*self._forms)
        self.rows: list[LedgerRow] = list(chain.from_iterable(self._forms.values()))
        self._columns: dict[str, tuple[list[Any], frozenset[type]]] = {}
        self._days: dict[str, list[date | None] | None] = {}
        self._alike: dict[str, list[int]] = {}  # by name, the place of the first row that says the same; empty where all do
        self._kinds: dict[tuple[tuple[str, ...], bool], list[int]] = {}

    # -- places

    def places(self, rows: Sequence[LedgerRow]) -> list[int]:
        """The places of some rows, or of shares of them; `NO_KIND` of any other."""
        places = list(map(self._places.get, map(id, rows)))
        if None not in places:
            return places  # type: ignore[return-value]
        return [self._by_facts.get(id(row.facts), NO_KIND) for row in rows]

    @cached_property
    def _places(self) -> dict[int, int]:
        return dict(zip(map(id, self.rows), count(), strict=False))

    @cached_property
    def _by_facts(self) -> dict[int, int]:
        return {id(row.facts): place for place, row in enumerate(self.rows)}

    @cached_property
    def whose(self) -> list[int]:
        """Whom the row at each place belongs to: the identity of its owners, which rows that belong alike share."""
        return [id(row.owners) for row in self.rows]

    # -- what is said

    def kinds(self, names: Collection[str], *, marked: bool = False) -> Sequence[int]:
        """The kind of the row at each place under these names, and under its marks where it is `marked`; behind the last `NO_KIND`."""
        said = tuple(name for name in names if name in self.names)
        marked = marked and _MARKS in self.names
        kinds = self._kinds.get((said, marked))
        if kinds is None:
            columns = [self._numbers(name) for name in said]
            columns += [_numbered(map(_marks, self._said(_MARKS)[0]))] if marked else []
            kinds = self._kinds[said, marked] = [*_together([alike for alike in columns if alike], len(self.rows)), NO_KIND]
        return kinds

    def days(self, name: str) -> list[date | None] | None:
        """The day at each place under a name; None where something else stands there."""
        if name not in self._days:
            said, types = self._said(name)
            self._days[name] = [None if day is _ABSENT else day for day in said] if types <= _DAYS else None
        return self._days[name]

    def all_dated(self, name: str) -> bool:
        """Whether every row says a day under a name."""
        return bool(self.rows) and self._said(name)[1] == {date}

    def says(self, name: str) -> bool:
        """Whether any row says something under a name."""
        return name in self.names and not self._said(name)[1] <= {type(None), object}

    def hold(self, *types: type) -> bool:
        """Whether any row says something of these types."""
        return any(issubclass(kind, types) for name in self.names for kind in self._said(name)[1])

    def _said(self, name: str) -> tuple[list[Any], frozenset[type]]:
        """What is said at each place under a name, and of which types that is."""
        if name not in self._columns:
            said: list[Any] = []
            for form, rows in self._forms.items():
                said += [row.facts[name] for row in rows] if name in form else [_ABSENT] * len(rows)
            self._columns[name] = said, frozenset(map(type, said))
        return self._columns[name]

    def _numbers(self, name: str) -> list[int]:
        if name not in self._alike:
            said, types = self._said(name)
            numbers = _numbered(said if types <= _PLAIN and not types >= {bool, int} else map(_told, said))
            self._alike[name] = numbers if any(numbers) else []
        return self._alike[name]


def _told(value: object) -> object:
    """A value so that it is equal to what says the same alone."""
    return value if value is _ABSENT else told_apart((value,)) or _UNTOLD


def _marks(raw: object) -> object:
    """The marks of a row, for one scheme or for several."""
    if not isinstance(raw, Mapping):
        return _told(raw)
    told = told_apart((*raw, *raw.values()))
    return _UNTOLD if told is None else (len(raw), told)


def _numbered(keys: Iterable[Any]) -> list[int]:
    """The place of the first key that equals each; `NO_KIND` of what cannot be told apart."""
    first: dict[Hashable, int] = {}
    numbers = list(map(first.setdefault, keys, count()))
    untold = first.get(_UNTOLD)
    return numbers if untold is None else [NO_KIND if number == untold else number for number in numbers]


def _together(columns: list[list[int]], rows: int) -> list[int]:
    """The kinds of rows by several columns; none of all that are alike."""
    if len(columns) < 2:
        return columns[0] if columns else [0] * rows
    numbers = _numbered(zip(*columns, strict=True))
    if any(NO_KIND in column for column in columns):
        return [NO_KIND if NO_KIND in of else number for *of, number in zip(*columns, numbers, strict=True)]
    return numbers
