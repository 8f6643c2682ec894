"""The cases of a history as columns of facts, each different cell read once as the main job reads it; with what their items publish."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from govservice.case_facts import DAYS_AND_LIMITS, completed, decided_names, joined
from govservice.errors import GovServiceError
from govservice.limits import TimeLimit
from govservice.reading import is_missing
from govservice.reading.frames import is_frame
from govservice.records.given import GivenRecords, GivenTable, records_of
from govservice.records.reader import RowReader
from govservice.records.rows import Row, SetAside
from govservice.rules.language.values import Nothing
from govservice.run.case_history import CaseHistories
from govservice.run.columns.alike import Coded, Interned, coded

if TYPE_CHECKING:
    from govservice.rules.rulebook import Rulebook

__all__ = ["CaseColumns", "cases_in_columns"]

SPELT: Final = tuple(name for pair in DAYS_AND_LIMITS.items() for name in pair)
_OWN_ID: Final = "case"
_QUICK: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}")  # ids that stand for themselves, and that no spreadsheet makes
_PLAIN: Final = (str, bool, int, date, Decimal, TimeLimit, Nothing)


class CaseColumns:
    """Facts by name, `size` rows of them; `spoilt` marks the rows that cannot be used, `aside` are ids of items set aside."""

    def __init__(self, book: Rulebook, ids: list[str], own: dict[str, Coded], items: Mapping[str, Mapping[str, object]]) -> None:
        import numpy as np

        self.contents = book.contents
        self.ids, self.size, self.own = ids, len(ids), own
        self.decided = decided_names(book.contents)
        self.spoilt = np.zeros(self.size, dtype=bool)
        self.aside: list[str | None] = []
        self._items = [{}, *items.values()]
        at = {id: place for place, id in enumerate(items, 1)}
        item = own.get("item")
        self._item = (
            None if item is None else np.array([at.get(value, 0) if isinstance(value, str) else 0 for value in item.values])[item.codes]
        )
        self._facts: dict[str, Coded] = {}
        published = {name for facts in self._items for name in facts} - self.decided
        self._facts[_OWN_ID] = Coded(np.arange(1, self.size + 1, dtype=np.int32), [None, *ids])
        self._spell(published)
        for name in dict.fromkeys((*own, *sorted(published))):
            if name not in SPELT:
                self._facts[name] = self._joined(name, published)

    @property
    def names(self) -> tuple[str, ...]:
        """Every fact that some row has."""
        return tuple(self._facts)

    def fact(self, name: str) -> Coded | None:
        """The column of a fact; None where no row has it."""
        return self._facts.get(name)

    def _of_item(self, name: str, published: set[str]) -> Any:
        """What the items publish under a name: a value for each, and which is whose."""
        import numpy as np

        if self._item is None or name not in published:
            return [None], np.zeros(self.size, dtype=np.int32)
        interned = Interned()
        of_item = np.array([interned.number(facts[name]) if name in facts else 0 for facts in self._items], dtype=np.int32)
        return interned.values, of_item[self._item]

    def _joined(self, name: str, published: set[str]) -> Coded:
        """The case's own facts over those of its item."""
        import numpy as np

        own = self.own.get(name)
        values, beneath = self._of_item(name, published)
        if own is None:
            return Coded(beneath, values)
        interned = Interned()
        of_own = np.array([0, *(interned.number(value) for value in own.values[1:])], dtype=np.int32)[own.codes]
        of_item = np.array([0, *(interned.number(value) for value in values[1:])], dtype=np.int32)[beneath]
        return Coded(np.where(of_own > 0, of_own, of_item), interned.values)

    def _spell(self, published: set[str]) -> None:
        """Days and limits, which are two spellings of one thing: each combination as the main job joins and completes it."""
        import numpy as np

        columns: list[tuple[Any, Any]] = []
        for name in SPELT:
            own = self.own.get(name)
            columns.append(([None], np.zeros(self.size, dtype=np.int32)) if own is None else (own.values, own.codes))
        columns += [self._of_item(name, published) for name in SPELT]
        group = np.zeros(self.size, dtype=np.int64)
        for values, codes in columns:
            if len(values) > 1:
                _, group = np.unique(group * len(values) + codes, return_inverse=True)
        _, first = np.unique(group, return_index=True)
        interned = {name: Interned() for name in SPELT}
        numbers = {name: np.zeros(len(first), dtype=np.int32) for name in SPELT}
        for number, row in enumerate(first.tolist()):
            given = [values[codes[row]] for values, codes in columns]
            own_facts, beneath = (
                {name: value for name, value in zip(SPELT, part, strict=True) if value is not None} for part in (given[:4], given[4:])
            )
            try:
                whole = joined(own_facts, {}, beneath, self.decided)
            except GovServiceError:
                self.spoilt |= group == number
                continue
            for name in SPELT:
                if name in whole:
                    numbers[name][number] = interned[name].number(whole[name])
        for name in SPELT:
            if len(interned[name].values) > 1:
                self._facts[name] = Coded(numbers[name][group], interned[name].values)


def cases_in_columns(tables: Mapping[str, Any], book: Rulebook) -> CaseColumns | None:
    """The cases in columns; None where they are no Polars frame or list, or something is beside them that columns do not say.

    That is: rows that happened to cases (pauses, extensions), applications, tables that rules look into, lists within a row, a column that
    no fact is known for and that may have been meant for such, two columns of one fact, a case without an id or that comes twice.
    """
    if find_spec("numpy") is None or find_spec("polars") is None:
        return None
    try:
        records = records_of(tables, book)
    except GovServiceError:
        return None  # what is wrong is said where they are read
    if not isinstance(records, GivenRecords) or "cases" not in records.sources or set(records.sources) - {"cases", "items"}:
        return None
    if book.contents.list_tables & {"item", "cases"}:
        return None
    columns = _columns(records.sources["cases"].given)
    return None if columns is None else _read(book, records, columns)


def _columns(table: Any) -> dict[str, Coded] | None:
    """The cells of a table as they stand, each different one once; None where they are no plain values."""
    import polars as pl

    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    if isinstance(table, pl.DataFrame):
        return {name: _of_series(pl, table[name]) for name in table.columns} if all(map(_is_plain, table.dtypes)) else None
    if is_frame(table) or not isinstance(table, Sequence):
        return None
    return _of_rows(table)


def _is_plain(kind: Any) -> bool:
    import polars as pl

    return bool(kind in (pl.String, pl.Boolean, pl.Date, pl.Null) or kind.is_integer())


def _of_series(pl: Any, series: Any) -> Coded:
    distinct = series.drop_nulls().unique(maintain_order=False)
    numbered = pl.DataFrame({"cell": distinct, "number": pl.int_range(1, len(distinct) + 1, dtype=pl.Int32, eager=True)})
    joined_ = series.alias("cell").to_frame().join(numbered, on="cell", how="left", maintain_order="left")
    return Coded(joined_["number"].fill_null(0).to_numpy(), [None, *distinct.to_list()])


def _of_rows(rows: Sequence[Any]) -> dict[str, Coded] | None:
    import numpy as np

    size = len(rows)
    interned: dict[str, Interned] = {}
    codes: dict[str, Any] = {}
    for place, row in enumerate(rows):
        if not isinstance(row, Mapping):
            return None
        for name, value in row.items():
            if value is None:
                continue
            if not isinstance(value, _PLAIN) or not isinstance(name, str):
                return None
            if name not in interned:
                interned[name], codes[name] = Interned(), np.zeros(size, dtype=np.int32)
            codes[name][place] = interned[name].number(value)
    return {name: Coded(codes[name], interned[name].values) for name in interned}


def _read(book: Rulebook, records: GivenRecords, columns: dict[str, Coded]) -> CaseColumns | None:
    import numpy as np

    words = records.words["cases"]
    source = records.sources["cases"]
    names = {name: words.fact(name) for name in columns}
    known = [name for name in names.values() if name is not None]
    unknown = {name: "x" for name, fact in names.items() if fact is None}
    if len(known) > len(set(known)) or _OWN_ID not in known or any(name.strip() != name for name in names):
        return None
    histories = CaseHistories(book.contents, (), records.sources, records.not_read)
    course = histories.of(Row("cases", source.name, 1, "x", {}, unknown))
    if any(course.values()) or course.doubted:
        return None

    def reader(name: str, value: object) -> Row | SetAside:
        raw = next(GivenTable("cases", [{_OWN_ID: "x", name: value} if names[name] != _OWN_ID else {name: value}]).raw())
        return RowReader(source.mapping, words, source.name, {}, tuple).read(raw)

    own: dict[str, Coded] = {}
    spoilt = np.zeros(len(next(iter(columns.values())).codes), dtype=bool)
    for name, column in columns.items():
        fact = names[name]
        if fact is None:
            continue
        read: list[Any] = [None]
        wrong = [False]
        for value in column.values[1:]:
            if isinstance(value, str) and words.types[fact].kind == "text" and not words.types[fact].none and _QUICK.fullmatch(value):
                read.append(value)
                wrong.append(False)
                continue
            row = reader(name, value)
            read.append(row.facts.get(fact) if isinstance(row, Row) else None)
            wrong.append(not isinstance(row, Row) and not is_missing(value))
        own[fact] = coded(column.codes, read) if fact != _OWN_ID else Coded(column.codes, read)
        if any(wrong):
            spoilt |= np.array(wrong)[column.codes]
    ids = own.pop(_OWN_ID)
    named = [ids.values[code] for code in ids.codes.tolist()]
    if None in named or len(set(named)) < len(named):
        return None
    items, aside = _items(records)
    cases = CaseColumns(book, named, own, items)
    cases.spoilt |= spoilt
    cases.aside = aside
    return cases


def _items(records: GivenRecords) -> tuple[dict[str, Mapping[str, object]], list[str | None]]:
    """The items as the main job reads them, and the ids of those set aside."""
    items: dict[str, Mapping[str, object]] = {}
    aside: list[str | None] = []
    for row in records.rows("items"):
        if isinstance(row, SetAside):
            aside.append(row.id)
            continue
        try:
            completed(row.facts)
        except GovServiceError:
            aside.append(row.id)
        else:
            items[row.id] = row.facts
    return items, aside
