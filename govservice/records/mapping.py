"""The mapping file: which column of a real export holds which fact, and what its values mean; all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast, get_args

from govservice.echo import shown
from govservice.errors import NOTHING, RecordError, RulebookError, Words, few_hints
from govservice.limits import Unit
from govservice.reading.formats import COUNTS, NUMBERS, pattern_of
from govservice.reading.zones import zone_of
from govservice.records.faults import MappingError
from govservice.records.mapped import ColumnMapping, GatheredFact, StepsMapping, StoredMapping, TableMapping
from govservice.records.mapping_steps import GatheringReader, StepsReader
from govservice.records.mapping_tree import TreeReader, one_of
from govservice.records.opening import opened
from govservice.records.portals import UNIT_CODES
from govservice.records.vocabulary import Vocabulary, read_value
from govservice.rules.book.marks import Marks, Node
from govservice.rules.book.marks import Path as Place
from govservice.rules.book.yamltree import MOST_BYTES, read_tree

__all__ = ["ColumnMapping", "StoredMapping", "TableMapping", "read_mapping"]

_OF_A_FILE: Final = ("file", "delimiter", "sheet", "header", "merged", "rows")
_OF_A_DATABASE: Final = ("table", "query", "order_by")
_TABLE_KEYS: Final = (*_OF_A_FILE, *_OF_A_DATABASE, "columns", "skip", "time_zone", "steps")
_COLUMN_KEYS: Final = ("column", "values", "none", "unit", "unit_column", "codes", "split", "format", "time_zone")
_WHEN: Final = ("date", "moment", "time")
_NUMBERS: Final = ("integer", "decimal")
_WANTED: Final = {"date": Words("a day", "日期"), "moment": Words("a day and a time", "日期和时刻"), "time": Words("a time alone", "时刻")}
_UNITS: Final = get_args(Unit)
_SELECT: Final = re.compile(r"(\s|--[^\n]*(\n|$)|/\*.*?\*/)*(select|with)\b", re.IGNORECASE | re.DOTALL)


@few_hints()
def read_mapping(path: Path, words: Mapping[str, Vocabulary], *, stored: bool = False) -> Mapping[str, TableMapping]:
    """The mapping of a file, by table; with `stored` of records in a database.

    Raises MappingError, a RecordError with every fault in `faults`, each with its line.
    """
    with opened(path) as stream:
        raw = stream.read(MOST_BYTES + 1)
    try:
        tree, marks = read_tree(raw.decode("utf-8-sig").lstrip("\ufeff"), path.name)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RecordError(Words("the text is not UTF-8", "文字不是 UTF-8 编码"), file=path.name, line=line) from None
    except RulebookError as error:
        raise MappingError(error.faults) from None
    return _Reader(marks, words, stored=stored).read(tree)


class _Reader(TreeReader):
    def __init__(self, marks: Marks, words: Mapping[str, Vocabulary], *, stored: bool) -> None:
        super().__init__(marks)
        self.words = words
        self.stored = stored

    def read(self, tree: Node) -> Mapping[str, TableMapping]:
        tables = {table: self._table(table, node) for table, node in self.mapping((), tree, tuple(self.words)).items()}
        if self.faults.noted:
            raise MappingError(self.faults.sorted())
        return tables

    def _table(self, table: str, node: Node) -> TableMapping:
        entry = self.mapping((table,), node, _TABLE_KEYS)
        self._of_the_other_kind(table, entry)
        words = self.words[table]
        columns: dict[str, ColumnMapping] = {}
        for name, mapped in self.mapping((table, "columns"), entry.get("columns", {})).items():
            at = (table, "columns", name)
            fact = words.fact(name)
            if fact is None:
                self._unknown(at, name, words)
            elif fact in columns:
                self.faults.add(at, Words(f"{fact} is mapped twice", f"“{fact}”映射了两次"))
            elif (column := self._column(at, mapped, fact, words)) is not None:
                columns[fact] = column
        return TableMapping(
            self.file((table, "file"), entry), self.delimiter((table, "delimiter"), entry), columns, self._skip(table, entry),
            self.line((table, "skip")), self._stored(table, entry), self.text((table, "sheet"), entry), self._header(table, entry),
            self._merged(table, entry), self.line((table, "sheet")), self._zone((table, "time_zone"), entry),
            self._steps(table, entry, columns), self._gathered(table, entry, columns),
        )  # fmt: skip

    def _steps(self, table: str, entry: Mapping[str, Node], columns: Mapping[str, ColumnMapping]) -> StepsMapping | None:
        if "steps" not in entry:
            return None
        if self.words[table].table != "cases":
            what = Words("steps are of cases alone", "只有办件可以写 steps")
            self.faults.add((table, "steps"), what)
            return None

        def column(at: Place, node: Node) -> ColumnMapping | None:
            return self._when_column(at, node)

        return StepsReader(self, (table, "steps"), self.words, columns, column).read(entry["steps"])

    def _gathered(self, table: str, entry: Mapping[str, Node], columns: Mapping[str, ColumnMapping]) -> tuple[GatheredFact, ...]:
        if "rows" not in entry:
            return ()
        return GatheringReader(self, (table, "rows"), self.words[table], columns).read(entry["rows"])

    def _when_column(self, at: Place, node: Node) -> ColumnMapping | None:
        """The column that says when: its name, or with a format and a time zone."""
        if isinstance(node, str) and node.strip():
            return ColumnMapping(node.strip(), line=self.line(at))
        entry = self.mapping(at, node, ("column", "format", "time_zone"))
        column = self.text((*at, "column"), entry)
        if column is None:
            return None
        return ColumnMapping(
            column, line=self.line(at), format=self._format(at, entry, "moment"), time_zone=self._zone((*at, "time_zone"), entry)
        )

    def _header(self, table: str, entry: Mapping[str, Node]) -> int | None:
        given = entry.get("header")
        if given is None:
            return None
        if isinstance(given, str) and given.isascii() and given.isdecimal() and 1 <= int(given[:8]) <= 1_000:
            return int(given)
        self.faults.add((table, "header"), Words("header takes the number of a row, from 1", "header 写表头是第几行，从 1 起"))
        return None

    def _merged(self, table: str, entry: Mapping[str, Node]) -> bool:
        if entry.get("merged", "fill") != "fill":
            what = Words("merged: fill is all that can be said of merged cells", "合并的单元格只能写 merged: fill")
            self.faults.add((table, "merged"), what, hint=Words("or leave it out", "或者不写"))
        return "merged" in entry

    def _zone(self, at: Place, entry: Mapping[str, Node]) -> str | None:
        name = self.text(at, entry)
        if name is None:
            return None
        try:
            zone_of(name)
        except RecordError as error:
            self.faults.add(at, error.what, hint=error.hint)
        return name

    def _format(self, at: Place, entry: Mapping[str, Node], kind: str) -> str | None:
        """The notation of a column, which must hold what its fact is."""
        name = self.text((*at, "format"), entry)
        if name is None:
            return None
        at = (*at, "format")
        if kind in _NUMBERS:
            if name not in NUMBERS:
                listed = ", ".join(NUMBERS)
                what = Words(f"no format of numbers: {shown(name)}", f"不能用作数字格式：{name}")
                self.faults.add(at, what, hint=Words(f"one of: {listed}", f"可用：{listed}"))
            return name
        if kind not in _WHEN:
            self.faults.add(at, Words("a format is of days, times and numbers", "format 只用于日期、时刻和数字"))
            return None
        try:
            pattern = pattern_of(name)
        except RecordError as error:
            self.faults.add(at, error.what, why=error.why, hint=error.hint)
            return None
        lacks_day, lacks_clock = kind != "time" and not pattern.has_day, kind != "date" and not pattern.has_clock
        if lacks_day or lacks_clock or (kind == "time" and (pattern.has_day or name in COUNTS)):
            wanted = _WANTED[kind]
            self.faults.add(at, Words(f"{name} is not the format of {wanted.en}", f"{name} 不是{wanted.zh}的格式"))
        return name

    def _of_the_other_kind(self, table: str, entry: Mapping[str, Node]) -> None:
        """What is said of a file where records are in a database, or of a database where they are files."""
        what = Words("the records are files, and this is of a database", "记录是文件，而这里写的是数据库")
        if self.stored:
            what = Words("the records are in a database, and this is of a file", "记录在数据库里，而这里写的是文件")
        for key in _OF_A_FILE if self.stored else _OF_A_DATABASE:
            if key in entry:
                self.faults.add((table, key), what)

    def _stored(self, table: str, entry: Mapping[str, Node]) -> StoredMapping:
        name, query = self.text((table, "table"), entry), self.text((table, "query"), entry)
        if name is not None and query is not None:
            self.faults.add((table, "query"), Words("a table and a query", "table 和 query 只能写一个"))
        query = None if query is None else query.rstrip("; \t\r\n")
        if query is not None and not _SELECT.match(query):
            what = Words("the query is no SELECT", "query 不是 SELECT 语句")
            self.faults.add((table, "query"), what, hint=Words("write one SELECT, or WITH .. SELECT", "请写一条 SELECT（可用 WITH 开头）"))
        line = self.line((table, "table" if name is not None else "query"))
        return StoredMapping(name, query, self._order(table, entry), line, self.line((table, "order_by")))

    def _order(self, table: str, entry: Mapping[str, Node]) -> tuple[str, ...]:
        given = entry.get("order_by", [])
        columns = given if isinstance(given, list) else [given]
        if not all(isinstance(column, str) and column.strip() for column in columns):
            self.faults.add(
                (table, "order_by"), Words("order_by takes columns", "order_by 写列名"), hint=Words("order_by: [..]", "order_by: [..]")
            )
            return ()
        return tuple(str(column).strip() for column in columns)

    def _unknown(self, at: Place, name: str, words: Vocabulary) -> None:
        close = words.close_to(name)
        hint = Words(f'did you mean "{close}"?', f"是不是“{close}”？") if close else NOTHING
        what = Words(f"{words.label.en} have no fact {shown(name)}", f"{words.label.zh}没有“{name}”这项事实")
        self.faults.add(at, what, hint=hint)

    def _column(self, at: Place, node: Node, fact: str, words: Vocabulary) -> ColumnMapping | None:
        if isinstance(node, str) and node.strip():
            return ColumnMapping(node.strip(), line=self.line(at))
        entry = self.mapping(at, node, _COLUMN_KEYS)
        column = self.text((*at, "column"), entry)
        if column is None:
            if isinstance(node, dict):
                self.faults.add(at, Words("no column is named", "没有写列名"), hint=Words("column: ..", "写 column: 列名"))
            return None
        kind = words.types[fact]
        if "format" in entry and "values" in entry:
            what = Words("values and a format: the one names every value, the other how they are written", "values 和 format 只能写一个")
            self.faults.add((*at, "format"), what)
        limits = [key for key in ("unit", "unit_column", "codes") if key in entry]
        if limits and kind.kind != "limit":
            self.faults.add((*at, limits[0]), Words(f"{fact} is no limit, and takes no unit", f"“{fact}”不是时限，没有单位"))
        return ColumnMapping(
            column,
            self._values(at, entry, fact, words),
            self._unit(at, entry),
            self.text((*at, "unit_column"), entry),
            self._codes(at, entry),
            self._split(at, entry, kind.kind),
            self.line(at),
            self._none(at, entry),
            self._format(at, entry, kind.kind),
            self._column_zone(at, entry, fact, kind.kind),
        )

    def _column_zone(self, at: Place, entry: Mapping[str, Node], fact: str, kind: str) -> str | None:
        zone = self._zone((*at, "time_zone"), entry)
        if zone is not None and kind not in ("date", "moment"):
            self.faults.add((*at, "time_zone"), Words(f"{fact} is no day and no moment", f"“{fact}”不是日期或时刻"))
        return zone

    def _none(self, at: Place, entry: Mapping[str, Node]) -> tuple[str, ...]:
        """The words that say that there is none: one, or a list."""
        given = entry.get("none", [])
        words = given if isinstance(given, list) else [given]
        if not all(isinstance(word, str) and word.strip() for word in words):
            self.faults.add((*at, "none"), Words("none takes words", "none 要写词语"), hint=Words("write none: [无]", "写作 none: [无]"))
            return ()
        texts = tuple(str(word).strip() for word in words)
        values = entry.get("values")
        for word in texts:
            if isinstance(values, dict) and word in values:
                self.faults.add((*at, "none"), Words(f"{word!r} stands among the values too", f"“{word}”也写在 values 里"))
        return texts

    def _values(self, at: Place, entry: Mapping[str, Node], fact: str, words: Vocabulary) -> Mapping[str, str] | None:
        if "values" not in entry:
            return None
        meanings = {}
        for raw, meant in self.mapping((*at, "values"), entry["values"]).items():
            value_at = (*at, "values", raw)
            if not isinstance(meant, str):
                self.faults.add(value_at, Words("a value must be a text", "取值应为文字"))
                continue
            try:
                read_value(meant, words.types[fact])
            except RecordError as error:
                if meant.strip():  # a value that means unknown is left empty
                    self.faults.add(value_at, error.what, hint=error.hint)
            meanings[raw.strip()] = meant
        return meanings

    def _unit(self, at: Place, entry: Mapping[str, Node]) -> str | None:
        unit = self.text((*at, "unit"), entry)
        if unit is not None and unit not in _UNITS:
            self.faults.add((*at, "unit"), Words(f"no unit of time: {shown(unit)}", f"没有“{unit}”这种时间单位"), hint=one_of(unit, _UNITS))
        if unit is not None and "unit_column" in entry:
            self.faults.add((*at, "unit_column"), Words("a unit and a column of units", "单位和单位列只能写一个"))
        return unit

    def _codes(self, at: Place, entry: Mapping[str, Node]) -> Mapping[str, Unit] | None:
        if "unit_column" not in entry:
            if "codes" in entry:
                self.faults.add(
                    (*at, "codes"), Words("codes of which column?", "编码属于哪一列？"), hint=Words("unit_column: ..", "写 unit_column")
                )
            return None
        if "codes" not in entry:
            return UNIT_CODES
        codes: dict[str, Unit] = {}
        for code, unit in self.mapping((*at, "codes"), entry["codes"]).items():
            if isinstance(unit, str) and unit in _UNITS:
                codes[code.strip().upper()] = cast("Unit", unit)
            else:
                self.faults.add((*at, "codes", code), Words("no unit of time", "没有这种时间单位"), hint=one_of(str(unit), _UNITS))
        return codes

    def _split(self, at: Place, entry: Mapping[str, Node], kind: str) -> str | None:
        split = entry.get("split")
        if split is None:
            return None
        if kind != "list":
            self.faults.add((*at, "split"), Words("only a list is split", "只有列表才拆分"))
        if not isinstance(split, str) or not split:
            self.faults.add((*at, "split"), Words("split takes the text between two parts", "split 写两项之间的分隔符"))
            return None
        return split

    def _skip(self, table: str, entry: Mapping[str, Node]) -> tuple[str, ...]:
        columns = entry.get("skip", [])
        if isinstance(columns, list) and all(isinstance(column, str) for column in columns):
            return tuple(str(column).strip() for column in columns)
        self.faults.add((table, "skip"), Words("skip takes a list of columns", "skip 写列名的列表"))
        return ()
