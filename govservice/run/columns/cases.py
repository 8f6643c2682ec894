"""The cases of a history as columns of facts, each different cell read once as the main job reads it; with what their items publish."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from govservice.case_facts import SPELT, completed, decided_names, joined
from govservice.errors import GovServiceError
from govservice.limits import TimeLimit
from govservice.reading import is_missing
from govservice.reading.frames import is_frame
from govservice.records.given import GivenRecords, GivenTable, records_of
from govservice.records.reader import RowReader
from govservice.records.rows import Row, SetAside
from govservice.rules.book.entries import Entry, expressions
from govservice.rules.language.acts import with_days
from govservice.rules.language.shapes import Name, walk
from govservice.rules.language.values import Nothing
from govservice.run.case_history import CaseHistories
from govservice.run.columns.acts import lacking, where_none
from govservice.run.columns.coded import Coded, Interned, Tellers, any_of, coded, coded_cells, combined, mask_of, together

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.language.values import Type
    from govservice.rules.rulebook import Rulebook

__all__ = ["CaseColumns", "cases_in_columns"]

_OWN_ID: Final = "case"
_QUICK: Final = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}")  # ids that stand for themselves, and that no spreadsheet makes
_NARROW: Final = 1_000_000  # numbers that lie so near each other are told apart by a table, however few the rows
_FAR: Final = 1 << 60  # numbers beyond are told apart one by one
_PLAIN: Final = (str, bool, int, date, Decimal, TimeLimit, Nothing)


class CaseColumns:
    """Facts by name, `size` rows of them; `spoilt` marks the rows that cannot be used, `aside` are ids of items set aside.

    `tellers` tells rows apart for whoever works with these columns.
    """

    def __init__(
        self, book: Rulebook, ids: Sequence[str], own: dict[str, Coded], items: Mapping[str, Mapping[str, object]],
        spoilt: Sequence[Coded] = (),
    ) -> None:  # fmt: skip
        import numpy as np

        self.contents = book.contents
        self.ids, self.size, self.own = ids, len(ids), own
        self.decided = decided_names(book.contents)
        self.aside: list[str | None] = []
        self.tellers = Tellers(self.size)
        read = _read_by(book.contents)
        self.tellers.group([*(column for name, column in own.items() if name in read), *spoilt])
        self._items = [{}, *items.values()]
        at = {id: place for place, id in enumerate(items, 1)}
        item = own.get("item")
        self._item = (
            None
            if item is None
            else Coded.over(
                item.told,
                np.array([at.get(value, 0) if isinstance(value, str) else 0 for value in item.values])[item.numbers],
                range(len(self._items)),
            )
        )
        self._facts: dict[str, Coded] = {}
        published = {name for facts in self._items for name in facts} - self.decided
        self._spell(published, spoilt)
        for name in dict.fromkeys((*own, *sorted(published))):
            if name not in SPELT:
                self._facts[name] = self._joined(name, published)
        asked = {*read, *self.decided, book.contents.tables["cases"].dated_by}
        self.tellers.hold([*(column for name, column in self._facts.items() if name in asked), self.spoilt])

    @property
    def names(self) -> tuple[str, ...]:
        """Every fact that some row has."""
        return (_OWN_ID, *self._facts)

    def fact(self, name: str) -> Coded | None:
        """The column of a fact; None where no row has it."""
        if name == _OWN_ID:
            return self._id
        return self._facts.get(name)

    @cached_property
    def _id(self) -> Coded:
        import numpy as np

        return Coded(np.arange(1, self.size + 1, dtype=np.int32), [None, *self.ids])

    def _of_item(self, name: str, published: set[str]) -> Coded | None:
        """What the items publish under a name; None for nothing."""
        import numpy as np

        if self._item is None or name not in published:
            return None
        interned = Interned()
        of_item = np.array([interned.number(facts[name]) if name in facts else 0 for facts in self._items], dtype=np.int32)
        return Coded.over(self._item.told, of_item[self._item.numbers], interned.values)

    def _joined(self, name: str, published: set[str]) -> Coded:
        """The case's own facts over those of its item."""
        import numpy as np

        own, beneath = self.own.get(name), self._of_item(name, published)
        if own is None or beneath is None:
            column = own if own is not None else beneath
            return Coded(np.zeros(self.size, dtype=np.int8), [None]) if column is None else column
        interned = Interned()
        above, below = (column.mapped(lambda value: value, interned) for column in (own, beneath))
        return combined(self.tellers, (above, below), interned.values, lambda one, other: np.where(one > 0, one, other))

    def _spell(self, published: set[str], spoilt: Sequence[Coded]) -> None:
        """Days and limits, which are two spellings of one thing: each combination as the main job joins and completes it."""
        import numpy as np

        given = [self.own.get(name) for name in SPELT] + [self._of_item(name, published) for name in SPELT]
        columns = [column for column in given if column is not None]
        told = self.tellers.by(columns)
        number, ways = together([(told.numbers(column), len(column.values)) for column in columns], told.size)
        kinds = np.zeros(ways, dtype=np.int64)
        kinds[number] = np.arange(told.size)
        interned = {name: Interned() for name in SPELT}
        numbers = {name: np.zeros(ways, dtype=np.int32) for name in SPELT}
        wrong = np.zeros(ways, dtype=bool)
        for way, kind in enumerate(kinds.tolist()):
            values = [None if column is None else column.values[told.numbers(column)[kind]] for column in given]
            own_facts, beneath = (
                {name: value for name, value in zip(SPELT, part, strict=True) if value is not None} for part in (values[:4], values[4:])
            )
            try:
                whole = joined(own_facts, {}, beneath, self.decided)
            except GovServiceError:
                wrong[way] = True
                continue
            for name in SPELT:
                if name in whole:
                    numbers[name][way] = interned[name].number(whole[name])
        for name in SPELT:
            if len(interned[name].values) > 1:
                self._facts[name] = Coded.over(told, numbers[name][number], interned[name].values)
        mistold = Coded.over(told, wrong[number].astype(np.int8), (False, True))
        self.spoilt = mask_of(self.tellers, [mistold, *spoilt], lambda *wrong: any_of(codes > 0 for codes in wrong))


def _read_by(contents: Contents) -> set[str]:
    """The names that something in a book reads."""
    sections: tuple[Mapping[str, Entry], ...] = (contents.decisions, contents.clocks)
    entries: list[Entry] = [entry for section in sections for entry in section.values()]
    return with_days(part.id for entry in entries for of in expressions(entry) for part in walk(of) if isinstance(part, Name))


def cases_in_columns(tables: Mapping[str, Any], book: Rulebook, zone: str | None = None) -> CaseColumns | None:
    """The cases in columns; None where they are no Polars frame or list, or something is beside them that columns do not say.

    Moments are put to the clock of `zone`. What columns do not say: rows that happened to cases (pauses, extensions), applications, tables
    that rules look into, lists within a row, a column that no fact is known for and that may have been meant for such, two columns of one
    fact, a case without an id or that comes twice.
    """
    if find_spec("numpy") is None or find_spec("polars") is None:
        return None
    try:
        records = records_of(tables, book, zone=zone)
    except GovServiceError:
        return None  # what is wrong is said where they are read
    if not isinstance(records, GivenRecords) or "cases" not in records.sources or set(records.sources) - {"cases", "items"}:
        return None
    if book.contents.list_tables & {"item", "cases"}:
        return None
    words = records.words["cases"]
    columns = _columns(records.sources["cases"].given, lambda name: words.fact(name) == _OWN_ID)
    return None if columns is None else _read(book, records, columns)


class _Ids:
    """A column of ids as it stands, each of them its own."""

    def __init__(self, series: Any) -> None:
        self.series = series

    def read(self) -> list[str] | None:
        """The ids where each stands for itself, no spreadsheet has made it, and none comes twice; None where that is not sure."""
        series = self.series
        if series.null_count() or not series.str.contains(f"^(?:{_QUICK.pattern})$").all() or series.hash().n_unique() < len(series):
            return None
        ids: list[str] = series.to_list()
        return ids

    def coded(self) -> Coded:
        """Cell by cell."""
        return _of_series(self.series)


def _columns(table: Any, are_ids: Callable[[str], bool]) -> dict[str, Coded | _Ids] | None:
    """The cells of a table as they stand, each different one once; None where they are no plain values."""
    import polars as pl

    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    if isinstance(table, pl.DataFrame):
        if not all(map(_is_plain, table.dtypes)):
            return None
        texts = {name for name, kind in table.schema.items() if kind == pl.String and are_ids(name)}
        return {name: _Ids(table[name]) if name in texts else _of_series(table[name]) for name in table.columns}
    if is_frame(table) or not isinstance(table, Sequence):
        return None
    return _of_rows(table)


def _is_plain(kind: Any) -> bool:
    import polars as pl

    return bool(kind in (pl.String, pl.Boolean, pl.Date, pl.Null) or kind.is_integer())


def _of_series(series: Any) -> Coded:
    """A column by the numbers of its cells, 0 where there is none."""
    import numpy as np
    import polars as pl

    size = len(series)
    if series.dtype == pl.Null or not size or series.null_count() == size:
        return Coded(np.zeros(size, dtype=np.int8), [None])
    if series.dtype == pl.Boolean:
        codes, there = _without_gaps((series.cast(pl.UInt8) + 1).fill_null(0).to_numpy(), 3)
        return Coded(codes, [None, *(place == 2 for place in there.tolist())])
    number = series.cast(pl.Categorical).to_physical() if series.dtype == pl.String else series.to_physical()
    low, high = int(number.min()), int(number.max())
    if low < -_FAR or high > _FAR or high - low > max(size, _NARROW):
        distinct = series.drop_nulls().unique()
        numbered = pl.DataFrame({"cell": distinct, "number": pl.int_range(1, len(distinct) + 1, dtype=pl.Int32, eager=True)})
        whole = series.alias("cell").to_frame().join(numbered, on="cell", how="left", maintain_order="left")
        return Coded(whole["number"].fill_null(0).to_numpy(), [None, *distinct.to_list()])
    if number.null_count():
        number = number.cast(pl.Int64).fill_null(low - 1)
    wide = number.to_numpy().astype(np.int64, copy=False) - (low - 1)
    codes, there = _without_gaps(wide.astype(np.min_scalar_type(high - low + 1), copy=False), high - low + 2)
    if series.dtype != pl.String:
        return Coded(codes, [None, *pl.Series(there + (low - 1)).cast(number.dtype).cast(series.dtype).to_list()])
    first = np.zeros(len(there) + 1, dtype=np.int64)
    first[codes] = np.arange(size)
    return Coded(codes, [None, *series.gather(first[1:]).to_list()])


def _without_gaps(codes: Any, card: int) -> tuple[Any, Any]:
    """Numbers below so many, those that none has left out but for 0; and those from 1 on that are there."""
    import numpy as np

    marked = np.zeros(card, dtype=bool)
    marked[codes] = True
    marked[0] = True
    there = np.flatnonzero(marked)
    if len(there) == card:
        return codes, there[1:]
    place = np.zeros(card, dtype=np.min_scalar_type(len(there)))
    place[there] = np.arange(len(there))
    return place[codes], there[1:]


def _of_rows(rows: Sequence[Any]) -> dict[str, Coded | _Ids] | None:
    def plain(name: object, value: object) -> bool:
        return value is None or (isinstance(value, _PLAIN) and isinstance(name, str))

    if not all(isinstance(row, Mapping) and all(plain(*cell) for cell in row.items()) for row in rows):
        return None
    cells = ((place, name, value) for place, row in enumerate(rows) for name, value in row.items() if value is not None)
    return {**coded_cells(len(rows), cells)}


def _read(book: Rulebook, records: GivenRecords, columns: dict[str, Coded | _Ids]) -> CaseColumns | None:
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

    whole_rows = RowReader(source.mapping, words, source.name, {}, tuple, zone=records.zone)

    def reader(name: str, value: object) -> Row | SetAside:
        raw = next(GivenTable("cases", [{_OWN_ID: "x", name: value} if names[name] != _OWN_ID else {name: value}]).raw())
        return whole_rows.read(raw)

    own: dict[str, Coded] = {}
    moments: dict[str, tuple[str, Coded]] = {}
    spoilt: list[Coded] = []
    ids: list[str] | None = None
    for name, column in columns.items():
        fact = names[name]
        if fact is None:
            continue
        kind = words.types[fact]
        if isinstance(column, _Ids):
            ids = column.read() if kind.kind == "text" and not kind.none else None
            if ids is not None:
                continue
        cells = column.coded() if isinstance(column, _Ids) else column
        read, wrong = _read_cells(cells, kind, partial(reader, name), fact)
        own[fact] = read
        spoilt += [cells.where_number(wrong)] if any(wrong) else []
        moments[fact] = name, cells
    for day, moment in whole_rows.acts:
        if moment in own and lacking(own.get(day), own[moment]).any():
            name, cells = moments[moment]
            own[day] = where_none(own.get(day), _read_cells(cells, words.types[day], partial(reader, name), day)[0])
    if ids is None:
        given = own.pop(_OWN_ID)
        ids = [given.values[code] for code in given.codes.tolist()]
        if None in ids or len(set(ids)) < len(ids):
            return None
    items, aside = _items(records)
    cases = CaseColumns(book, ids, own, items, spoilt)
    cases.aside = aside
    return cases


def _read_cells(column: Coded, kind: Type, reader: Callable[[object], Row | SetAside], fact: str) -> tuple[Coded, list[bool]]:
    """A column as the main job reads each of its values, and which of them cannot be read."""
    read: list[Any] = [None]
    wrong = [False]
    plain = kind.kind == "text" and not kind.none
    for value in column.values[1:]:
        if plain and isinstance(value, str) and _QUICK.fullmatch(value):
            read.append(value)
            wrong.append(False)
            continue
        row = reader(value)
        read.append(row.facts.get(fact) if isinstance(row, Row) else None)
        wrong.append(not isinstance(row, Row) and not is_missing(value))
    return coded(column.codes, read) if fact != _OWN_ID else Coded(column.codes, read), wrong


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
