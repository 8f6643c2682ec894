"""The rows of a run as its measures count them, in columns: rows that say the same to a measure are counted by one of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from govservice.assessment.assessing import Assessment
from govservice.assessment.register import Register
from govservice.case_facts import spelt
from govservice.rules.language.shapes import Aggregate, Expression, IsNone, Known, Name, walk
from govservice.rules.language.values import Nothing
from govservice.rules.meaning.kinds import eras, names_read
from govservice.run.columns.alike import Coded, Interned
from govservice.run.columns.grouping import grouped

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Measure
    from govservice.run.columns.results import CaseColumnsOfRun
    from govservice.run.columns.tables import TableColumns
    from govservice.run.results import Classified

__all__ = ["CountedColumns"]

_IDS: Final = frozenset(("case", "application", "item"))
_SPANS: Final = ("unbroken", "occurrence")


class CountedColumns:
    """The cases of a run and what they belong to, as the measures of a book count them.

    `needed` are the facts that some measure reads of a case, `owners` those by which it belongs to something. `of_application` and
    `of_item` say where what each case belongs to is, -1 where it names nothing that is there. `known` is what was worked out of an outcome,
    settled or not, where the measures would come to the same.
    """

    def __init__(
        self, contents: Contents, cases: CaseColumnsOfRun, table: TableColumns, applications: TableColumns,
        items: Sequence[Mapping[str, object]], belongs: tuple[Any, Any], needed: frozenset[str], owners: frozenset[str],
        outcomes: tuple[Sequence[str], Sequence[str]], known: Callable[[str], Coded | None],
    ) -> None:  # fmt: skip
        self.contents, self.cases, self.table, self.applications, self.items = contents, cases, table, applications, items
        self.of_application, self.of_item = (of[cases.places] for of in belongs)
        self.needed, self.owners, self.outcomes = needed, owners, outcomes
        self.known = known
        self._columns: dict[str, Coded | None] = {}

    # -- what cases say

    def column(self, name: str) -> Coded | None:
        """What the cases say under a name, and what is decided of it where they say nothing."""
        if name not in self._columns:
            self._columns[name] = self._made(name)
        return self._columns[name]

    def _made(self, name: str) -> Coded | None:
        import numpy as np

        own = self.table.facts.get(name)
        given = None if own is None else Coded(own.coded.codes[self.cases.places], own.coded.values)
        settled: Coded | None = None
        for names, columns in zip(self.outcomes, (None, self.cases.outcomes), strict=True):
            if name in names:
                place = list(names).index(name)
                filled = columns[place] if columns is not None else self.cases.what
                made = Coded(filled.codes, filled.values)
                settled = made if columns is not None else made.mapped(partial(_outcome, place), Interned())
        if given is None or settled is None:
            return settled if given is None else given
        interned = Interned()
        first, second = (column.mapped(lambda value: value, interned) for column in (given, settled))
        return Coded(np.where(first.codes > 0, first.codes, second.codes), interned.values)

    def _row(self, row: int) -> dict[str, object]:
        found = ((name, column.at(row)) for name in sorted(self.needed) if (column := self.column(name)) is not None)
        return {name: value for name, value in found if value is not None}

    def _stand_in(self, row: int) -> dict[str, object]:
        """A case that stands for those that say the same, under a number that says nothing."""
        facts = self._row(row) | {"case": f"C{row}"}
        if "application" in facts:
            facts["application"] = f"A{self._kinds_of_applications[0][of]}" if (of := int(self.of_application[row])) >= 0 else "none"
        return facts

    def last_day(self) -> date | None:
        """The last day that any case names among what measures read."""
        import numpy as np

        days: list[date] = []
        for name in self.needed - _IDS:
            column = self.column(name)
            if column is not None and any(isinstance(value, date) for value in column.values):
                there = (column.values[code] for code in np.unique(column.codes).tolist() if code)
                days += (value.date() if isinstance(value, datetime) else value for value in there if isinstance(value, date))
        return max(days, default=None)

    # -- which say the same

    def assessment(
        self, measures: Sequence[Measure], supplied: Sequence[str], make: Callable[[Register], Assessment], as_of: date | None
    ) -> Assessment:
        """The records as these measures see them: of cases that say the same to them one, which stands for all of them."""
        import numpy as np

        if self.reads_everything(measures):
            rows = np.arange(self.cases.size)
            return make(self.register(supplied, rows, rows, everything=True))
        return make(self.register(supplied, *self.kinds([measure.value for measure in measures], as_of, owned=True)))

    def kinds(self, read: Sequence[Expression], as_of: date | None, *, owned: bool, by: Collection[str] = frozenset()) -> tuple[Any, Any]:
        """The kind of each case by what these expressions read of it, where `owned` by whom it belongs to as well; the first of each.

        `by` are days beside the own one of a case by which some are counted.
        """
        import numpy as np

        return grouped([*(self._belonging if owned else ()), *self._direct(read, as_of, by)], np.arange(self.cases.size))

    def register(
        self, supplied: Sequence[str], groups: Any, firsts: Any, *, everything: bool = False, only_named: bool = False
    ) -> Register:
        """The records with one case for each of these groups, which stands for all of it; of items all, or `only_named` ones."""
        import numpy as np

        often = np.bincount(groups, minlength=len(firsts)).tolist()
        of_cases: list[Mapping[str, Any]] = [self._row(row) if everything else self._stand_in(row) for row in firsts.tolist()]
        if everything:
            every = list(range(self.applications.size))
            of_applications: list[Mapping[str, Any]] = [self.applications.facts_of(place) for place in every]
        else:
            kinds, places = self._kinds_of_applications
            there = self.of_application[firsts]
            every = sorted({*kinds[there[there >= 0]].tolist(), *self._applications_apart})
            of_applications = [self._stand_in_application(int(places[kind]), kind) for kind in every]
        named = [self.items[place] for place in np.unique(self.of_item[firsts]).tolist() if place >= 0] if only_named else self.items
        tables: dict[str, list[Mapping[str, Any]]] = {"cases": of_cases, "item": list(named), "application": of_applications}
        numbers = {"cases": [row + 1 for row in firsts.tolist()], "application": [place + 1 for place in every]}
        times = {"cases": {row + 1: count for row, count in zip(firsts.tolist(), often, strict=True) if count > 1}}
        return Register.of({table: tables[table] for table in supplied}, self.contents, numbers, times=times)

    def reads_everything(self, measures: Sequence[Measure]) -> bool:
        """Whether it matters which rows they are: other tables than that of cases are counted, or the days of rows asked for."""
        parts = [part for measure in measures for part in walk(measure.value)]
        totals = [part for part in parts if isinstance(part, Aggregate)]
        return any(isinstance(part, Name) and part.id in _IDS - {"item"} for part in parts) or any(
            "application" in total.sources or total.lasts or total.reads_days or (total.each is not None and total.each.id in _SPANS)
            for total in totals
        )

    @cached_property
    def _belonging(self) -> list[Coded]:
        """What says whom a case belongs to, of itself and of its application; and whether it names these, and they are there."""
        import numpy as np

        columns = []
        for of, name in ((self.of_application, "application"), (self.of_item, "item")):
            named = self.column(name)
            state = np.where(of >= 0, 2, 1 if named is None else np.where(named.codes > 0, 1, 0))
            columns.append(Coded(state if named is not None else np.zeros(len(of), dtype=np.int8), [None, "named", "there"]))
        return [*columns, *(column for name in sorted(self.owners - _IDS) for column in self._everywhere(name))]

    @cached_property
    def _kinds_of_applications(self) -> tuple[Any, Any]:
        """The kind of each application by what measures may read of it, and an application of each kind."""
        import numpy as np

        names = sorted((self.needed | self.owners) - {"application"})
        columns = [column.coded for name in names if (column := self.applications.facts.get(name)) is not None]
        return grouped(columns, np.arange(self.applications.size))

    def _stand_in_application(self, place: int, kind: int) -> dict[str, object]:
        """An application that stands for those of its kind."""
        read = self.needed | self.owners
        return {name: value for name, value in self.applications.facts_of(place).items() if name in read} | {"application": f"A{kind}"}

    @cached_property
    def _applications_apart(self) -> set[int]:
        """A kind of applications for each way of naming owners: they are there, though no case should say so."""
        import numpy as np

        columns = [column.coded for name in sorted(self.owners - _IDS) if (column := self.applications.facts.get(name)) is not None]
        if not columns:
            return set()
        firsts = grouped(columns, np.arange(self.applications.size))[1]
        return set(self._kinds_of_applications[0][firsts].tolist())

    def _everywhere(self, name: str) -> list[Coded]:
        """What a case says under a name, and what its application and item do."""
        import numpy as np

        columns = [column] if (column := self.column(name)) is not None else []
        above = self.applications.facts.get(name)
        if above is not None:
            codes = above.coded.codes
            columns.append(Coded(np.append(codes, codes.dtype.type(0))[self.of_application], above.coded.values))
        if any(name in item for item in self.items):
            interned = Interned()
            numbers = np.array([*(interned.number(item.get(name)) for item in self.items), 0], dtype=np.int32)
            columns.append(Coded(numbers[self.of_item], interned.values))
        return columns

    def _when(self, column: Coded | None, as_of: date | None) -> Coded:
        """Whether a day is past, to come, or not known; and which entries of the book are in force on it."""
        import numpy as np

        turns = eras(self.contents)

        def state(day: object) -> tuple[str, int]:
            if not isinstance(day, date):
                return "other", 0
            there = day.date() if isinstance(day, datetime) else day
            return "past" if as_of is None or there <= as_of else "to come", bisect_right(turns, there)

        nothing = Coded(np.zeros(self.cases.size, dtype=np.int8), [None])
        return nothing if column is None else column.mapped(state, Interned())

    def _direct(self, expressions: Sequence[Expression], as_of: date | None, by: Collection[str]) -> list[Coded]:
        """What is read of a case; where an outcome among it is not settled, what is known of it, or whatever it is read from."""
        import numpy as np

        parts = [part for of in expressions for part in walk(of)]
        names = spelt({part.id for part in parts if isinstance(part, Name)})
        days = {part.by for part in parts if isinstance(part, Aggregate) and part.by is not None}.union(by)
        dated = self.contents.tables["cases"].dated_by
        days |= {dated} if dated is not None else set()
        outcomes = {name for granting in self.contents.granting.values() for name in granting}
        there = _only_there(parts)
        columns = [
            column.mapped(_is_there, Interned()) if name in there else column for name in sorted(names) for column in self._everywhere(name)
        ]
        columns += [self._when(column, as_of) for name in sorted(days) for column in self._everywhere(name)]
        deep = np.full(self.cases.size, any(isinstance(part, Name) and part.home in ("clock", "scheme", "scope") for part in parts))
        for name in sorted((names | days) & outcomes):
            settled, known = self.column(name), self.known(name)
            open_ = settled.codes == 0 if settled is not None else np.ones(self.cases.size, dtype=bool)
            if known is not None:
                columns.append(Coded(np.where(open_, known.codes, 0), known.values))
                open_ &= known.codes == 0
            deep |= open_
        if deep.any():
            deciding = [("decisions", granting[day]) for granting in self.contents.granting.values() for day in days & granting.keys()]
            read = spelt(names_read(self.contents, deciding, expressions)) | days
            for name in sorted(read - (names - there)):
                columns += [Coded(np.where(deep, column.codes, 0), column.values) for column in self._everywhere(name)]
        return columns


def _only_there(parts: Sequence[object]) -> set[str]:
    """The names of which nothing is asked but whether they are known, or none."""
    every = Counter(part.id for part in parts if isinstance(part, Name))
    asked = Counter(part.of.id for part in parts if isinstance(part, (IsNone, Known)) and isinstance(part.of, Name))
    return {name for name, count in every.items() if asked[name] == count}


def _is_there(value: object) -> object:
    return value if isinstance(value, Nothing) else "there"


def _outcome(place: int, what: Classified) -> object:
    return what.outcomes[place]
