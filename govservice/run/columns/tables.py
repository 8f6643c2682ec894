"""A table of records in columns of facts: each different cell is read once, and rows in which something is wrong one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import LimitError, RecordError
from govservice.reading import is_missing, why_no_row, why_spoilt
from govservice.records.files import Source
from govservice.records.reader import RowReader, unread_value
from govservice.records.rows import RawRow, Row, SetAside
from govservice.records.sources import Sourced
from govservice.records.twice import ids_of
from govservice.run.columns.acts import lacking, where_none
from govservice.run.columns.coded import Coded, Interned, coded, coded_cells
from govservice.run.columns.csv_texts import CsvTexts, csv_texts

if TYPE_CHECKING:
    import polars as pl

    from govservice.records.vocabulary import Vocabulary

__all__ = ["FactColumn", "TableColumns", "fact_columns", "table_columns"]

_QUICK: Final = r"^[A-Za-z][A-Za-z0-9]{0,14}$"  # texts that stand for themselves, and that no spreadsheet makes


class FactColumn:
    """What the rows of a table say under one name: texts that stand for themselves, or the number of each value."""

    def __init__(self, texts: pl.Series | None = None, coded: Coded | None = None) -> None:
        self.texts, self._coded = texts, coded

    @cached_property
    def coded(self) -> Coded:
        """The values by number."""
        return self._coded if self._coded is not None else of_texts(self.texts)

    def at(self, row: int) -> Any:
        """The value of a row; None where there is none."""
        return self.texts[row] if self.texts is not None else self.coded.at(row)

    def list(self) -> list[Any]:
        """The value of every row."""
        if self.texts is not None:
            return self.texts.to_list()
        values = self.coded.values
        return [values[code] for code in self.coded.codes.tolist()]

    def taken(self, rows: Any) -> FactColumn:
        """The column of some of the rows."""
        if self.texts is not None:
            return FactColumn(self.texts.gather(rows))
        return FactColumn(coded=Coded(self.coded.codes[rows], self.coded.values))


def of_texts(texts: Any) -> Coded:
    """The different texts of a column, each once, and which row has which."""
    import polars as pl

    different = texts.drop_nulls().unique()
    codes = texts.cast(pl.Enum(different)).to_physical().cast(pl.Int64) + 1
    return Coded(codes.fill_null(0).to_numpy(), [None, *different.to_list()])


@dataclass
class TableColumns:
    """The rows of a table that could be read: `ids` and `lines` of each, its place `at` among all rows, and its facts by name.

    `aside` are those that could not, each with its place; `unread` counts by name the cells that no fact is known for. `unknown` are the
    columns of these: `unread_of` gives them for a row, `course_of` the rows of other tables that stand within it.
    """

    table: str
    file: str
    ids: list[str]
    lines: Any
    at: Any
    facts: dict[str, FactColumn]
    aside: list[tuple[int, SetAside]]
    unread: dict[str, int]
    known: frozenset[str]
    count: int
    unknown: dict[str, Callable[[int], object]] = field(default_factory=dict)
    courses: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    orders: list[tuple[str, ...]] = field(default_factory=list)  # of the facts of each row, where rows differ in it

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.ids)

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each row is, by its id."""
        return {id: place for place, id in enumerate(self.ids)}

    @cached_property
    def by_id(self) -> Mapping[str, Row]:
        """The rows by id, each made when it is asked for."""
        return _ById(self)

    def unread_of(self, row: int) -> dict[str, object]:
        """What no fact is known for in a row."""
        return {name: value for name, of in self.unknown.items() if (value := of(row)) is not None}

    def facts_of(self, row: int) -> dict[str, object]:
        """The facts of a row."""
        names: Iterable[str] = self.orders[row] if self.orders else self.facts
        return {name: value for name in names if (value := self.facts[name].at(row)) is not None}

    def row(self, row: int) -> Row:
        """A row as it is read by itself."""
        return Row(
            self.table, self.file, int(self.lines[row]), self.ids[row], self.facts_of(row), self.unread_of(row) or (),  # type: ignore[arg-type]
            self.courses.get(row, ()),  # type: ignore[arg-type]
        )  # fmt: skip


class _ById(Mapping[str, Row]):
    """The rows of a table by id, without what no fact is known for."""

    def __init__(self, table: TableColumns) -> None:
        self._table = table

    def __getitem__(self, id: str) -> Row:
        return replace(self._table.row(self._table.place[id]), unread={})

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.ids)

    def __len__(self) -> int:
        return self._table.size


def table_columns(records: Sourced, table: str) -> TableColumns:
    """A table of the records in columns; what it sets aside, and what it comes to, is what `records.rows` gives."""
    source = records.sources[table]
    texts = csv_texts(source) if isinstance(source, Source) and not source.mapping.meanings else None
    made = _of_csv(records, table, source, texts) if texts is not None and isinstance(source, Source) else None
    return made if made is not None else _of_rows(records, table)


# -- cells of a file


def _of_csv(records: Sourced, table: str, source: Source, texts: CsvTexts) -> TableColumns | None:
    """None where two columns say one fact."""
    import numpy as np

    words = records.words[table]
    named = {name: words.fact(name) for name in texts.columns}
    known = [fact for fact in named.values() if fact is not None]
    if len(set(known)) < len(known) or words.id not in known:
        return None
    size = len(texts.lines)
    suspect = np.zeros(size, dtype=bool)
    facts: dict[str, FactColumn] = {}
    for name, fact in named.items():
        if fact is not None:
            facts[fact], wrong = _read(texts.columns[name], fact, words, records.reader(table))
            if wrong is not None:
                suspect |= wrong
    reader = records.reader(table)
    column_of = {fact: name for name, fact in named.items()}
    for day, moment in reader.acts:
        if moment in facts:
            column = column_of[moment]
            facts[day] = _dated(facts.get(day), facts[moment], texts.columns[column], partial(_day, reader, column, day, moment))
    ids = facts[words.id].list()
    suspect |= _not_named(facts[words.id])
    cells = _Cells(texts)
    if words.once:
        doubled = _doubled(facts[words.id])
        if doubled is not None:
            suspect |= doubled
            raws = [cells.raw(row) for row in np.flatnonzero(doubled).tolist()]
            reader.twice = ids_of(lambda: iter(raws), records.reader(table)).twice
    aside = [(raw.line, _aside(reader.read(raw))) for raw in texts.broken]
    lost = np.zeros(size, dtype=bool)
    for row in np.flatnonzero(suspect).tolist():
        read = reader.read(cells.raw(row))
        if isinstance(read, SetAside):
            aside.append((int(texts.lines[row]), read))
            lost[row] = True
    rows = np.flatnonzero(~lost)
    named_ids = frozenset(id for id in ids if isinstance(id, str))
    if lost.any():
        facts = {name: column.taken(rows) for name, column in facts.items()}
        ids = [ids[row] for row in rows.tolist()]
    unknown = {name: texts.columns[name].gather(rows) for name, fact in named.items() if fact is None}
    unread = _unread(unknown)
    return TableColumns(
        words.records, source.name, ids, texts.lines[rows], texts.lines[rows], facts, sorted(aside, key=lambda each: each[0]), unread,
        named_ids, size + len(texts.broken), {name: _of_unknown(column) for name, column in unknown.items()},
    )  # fmt: skip


def _aside(read: Row | SetAside) -> SetAside:
    assert isinstance(read, SetAside)
    return read


class _Cells:
    """The cells of a file row by row."""

    def __init__(self, texts: CsvTexts) -> None:
        self.texts = texts

    def raw(self, row: int) -> RawRow:
        """A row as it stands."""
        return RawRow(int(self.texts.lines[row]), {name: column[row] or "" for name, column in self.texts.columns.items()})


def _read(texts: pl.Series, fact: str, words: Vocabulary, reader: RowReader) -> tuple[FactColumn, Any]:
    """The column of a fact, and the rows of which something must be said (None: none)."""
    import numpy as np

    kind = words.types[fact]
    quick = kind.kind == "text" and not kind.none and bool(texts.str.contains(_QUICK).all())
    if quick and not (fact == words.id and bool((texts == words.id).any())):  # the header again
        return FactColumn(texts), None
    cells = of_texts(texts)
    interned = Interned()
    numbers: list[int] = [0]
    wrong = [False]
    for cell in cells.values[1:]:
        if is_missing(cell):
            numbers.append(0)
            wrong.append(False)
            continue
        try:
            value = reader.cell(fact, cell)
        except (RecordError, LimitError):
            numbers.append(0)
            wrong.append(True)
            continue
        numbers.append(interned.number(value))
        wrong.append(_is_doubtful(value, fact, words))
    column = FactColumn(coded=Coded(np.array(numbers, dtype=np.int32)[cells.codes], interned.values))
    return column, np.array(wrong)[cells.codes] if any(wrong) else None


def _dated(days: FactColumn | None, moments: FactColumn, texts: pl.Series, day_of: Callable[[str], object]) -> FactColumn:
    """The days of an act; that of its moment, whose cells are `texts`, where a row gives none."""
    import polars as pl

    own = days.coded if days is not None else None
    rows = lacking(own, moments.coded)
    if days is not None and not rows.any():
        return days
    cells = of_texts(texts.set(pl.Series(~rows), None))
    return FactColumn(coded=where_none(own, coded(cells.codes, [None, *map(day_of, cells.values[1:])])))


def _day(reader: RowReader, column: str, day: str, moment: str, cell: str) -> object:
    facts = {moment: reader.cell(moment, cell)}
    reader.date(facts, RawRow(0, {column: cell}))
    return facts.get(day)


def _is_doubtful(value: Any, fact: str, words: Vocabulary) -> bool:
    """Whether a row with this value must be looked at: an id that may be spoilt, an amount below nothing."""
    if fact in words.keys and why_spoilt(value, lambda: False) is not None:
        return True
    if fact == words.id and isinstance(value, str) and (words.fact(value) == fact or why_no_row(value) is not None):
        return True
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value < 0


def _not_named(ids: FactColumn) -> Any:
    if ids.texts is not None:
        return ids.texts.is_null().to_numpy()
    import numpy as np

    return np.array([not isinstance(value, str) for value in ids.coded.values])[ids.coded.codes]


def _doubled(ids: FactColumn) -> Any:
    """The rows whose id another row has too; None where there are none."""
    import numpy as np

    if ids.texts is not None:
        twice = (ids.texts.is_duplicated() & ids.texts.is_not_null()).to_numpy()
    else:
        often = np.bincount(ids.coded.codes, minlength=len(ids.coded.values)) > 1
        often[0] = False
        twice = often[ids.coded.codes]
    return twice if twice.any() else None


def _unread(unknown: Mapping[str, pl.Series]) -> dict[str, int]:
    """How many cells of each column that no fact is known for say something, in the order in which they first do."""
    import numpy as np

    first: list[tuple[int, int, str, int]] = []
    for place, (name, column) in enumerate(unknown.items()):
        cells = of_texts(column)
        said = np.array([not is_missing(cell) for cell in cells.values])[cells.codes]
        count = int(said.sum())
        if count:
            first.append((int(np.argmax(said)), place, name, count))
    return {name: count for _, _, name, count in sorted(first)}


def _of_unknown(column: pl.Series) -> Callable[[int], object]:
    def value(row: int) -> object:
        cell = column[row]
        return None if is_missing(cell) else unread_value(cell)

    return value


# -- rows


def fact_columns(rows: Sequence[Mapping[str, object]]) -> dict[str, FactColumn]:
    """Rows of facts in columns."""
    cells = ((place, name, value) for place, row in enumerate(rows) for name, value in row.items())
    return {name: FactColumn(coded=column) for name, column in coded_cells(len(rows), cells).items()}


def _of_rows(records: Sourced, table: str) -> TableColumns:
    """A table as its rows are read one by one."""
    import numpy as np

    source = records.sources[table]
    rows: list[Row] = []
    places: list[int] = []
    aside: list[tuple[int, SetAside]] = []
    unread: Counter[str] = Counter()
    place = 0
    for place, row in enumerate(records.rows(table), 1):
        if isinstance(row, SetAside):
            aside.append((place, row))
        else:
            rows.append(row)
            places.append(place)
            unread.update(dict(row.unread).keys())
    facts = fact_columns([row.facts for row in rows])
    orders = dict[tuple[str, ...], tuple[str, ...]]()
    strange = {number: dict(row.unread) for number, row in enumerate(rows) if row.unread}
    courses = {number: row.course for number, row in enumerate(rows) if row.course}
    made = TableColumns(
        records.words[table].records, source.name, [row.id for row in rows], np.array([row.line for row in rows], dtype=np.int64),
        np.array(places, dtype=np.int64), facts, aside, dict(unread), records.ids(table), place, {}, courses,
        [orders.setdefault(order, order) for order in (tuple(row.facts) for row in rows)],
    )  # fmt: skip
    made.unknown = {name: _of_strange(strange, name) for name in unread}
    return made


def _of_strange(strange: Mapping[int, Mapping[str, object]], name: str) -> Callable[[int], object]:
    return lambda row: strange.get(row, {}).get(name)
