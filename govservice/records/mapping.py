"""The mapping file: which column of a real export holds which fact, and what its values mean; all its faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast, get_args

from govservice.echo import shown
from govservice.errors import NOTHING, RecordError, RulebookError, Words, did_you_mean, few_hints
from govservice.limits import PORTAL_CODES, Unit
from govservice.records.faults import MappingError
from govservice.records.opening import opened
from govservice.records.vocabulary import Vocabulary, read_value
from govservice.rules.book.marks import Faults, Marks, Node
from govservice.rules.book.marks import Path as Place
from govservice.rules.book.yamltree import MOST_BYTES, read_tree

__all__ = ["ColumnMapping", "StoredMapping", "TableMapping", "read_mapping"]

_OF_A_FILE: Final = ("file", "delimiter")
_OF_A_DATABASE: Final = ("table", "query", "order_by")
_TABLE_KEYS: Final = (*_OF_A_FILE, *_OF_A_DATABASE, "columns", "skip")
_COLUMN_KEYS: Final = ("column", "values", "none", "unit", "unit_column", "codes", "split")
_UNITS: Final = get_args(Unit)
_SELECT: Final = re.compile(r"(\s|--[^\n]*(\n|$)|/\*.*?\*/)*(select|with)\b", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where a fact is found: its `column`; `values` says what each value means (then no other is read), `none` which words say that there
    is none; `split` parts a list; `unit`, or `unit_column` with `codes`, makes a limit of an amount. `line` is where the file says so.

    >>> ColumnMapping("days", unit="workday").column
    'days'
    """

    column: str
    values: Mapping[str, str] | None = None
    unit: str | None = None
    unit_column: str | None = None
    codes: Mapping[str, Unit] | None = None
    split: str | None = None
    line: int | None = None
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredMapping:
    """Where a table of records stands in a database: in a `table` of it (default: of the same name), or what a `query` gives; and by which
    columns its rows are in order. `line` is where the file names the one or the other, `order_line` where it names the order.

    >>> StoredMapping(table="hall.cases").order_by
    ()
    """

    table: str | None = None
    query: str | None = None
    order_by: tuple[str, ...] = ()
    line: int | None = None
    order_line: int | None = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one table of records is read: its file (default: found by name) or its place in a database, the columns of its facts, columns to
    leave out.

    >>> TableMapping(columns={"item": ColumnMapping("id")}).delimiter
    ','
    """

    file: str | None = None
    delimiter: str = ","
    columns: Mapping[str, ColumnMapping] = ()  # type: ignore[assignment]  # most tables need none
    skip: tuple[str, ...] = ()
    skip_line: int | None = None
    stored: StoredMapping = StoredMapping()


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


class _Reader:
    def __init__(self, marks: Marks, words: Mapping[str, Vocabulary], *, stored: bool) -> None:
        self.marks = marks
        self.words = words
        self.stored = stored
        self.faults = Faults(marks)

    def read(self, tree: Node) -> Mapping[str, TableMapping]:
        tables = {table: self._table(table, node) for table, node in self._mapping((), tree, tuple(self.words)).items()}
        if self.faults.noted:
            raise MappingError(self.faults.sorted())
        return tables

    def _table(self, table: str, node: Node) -> TableMapping:
        entry = self._mapping((table,), node, _TABLE_KEYS)
        self._of_the_other_kind(table, entry)
        words = self.words[table]
        columns: dict[str, ColumnMapping] = {}
        for name, mapped in self._mapping((table, "columns"), entry.get("columns", {})).items():
            at = (table, "columns", name)
            fact = words.fact(name)
            if fact is None:
                self._unknown(at, name, words)
            elif fact in columns:
                self.faults.add(at, Words(f"{fact} is mapped twice", f"“{fact}”映射了两次"))
            elif (column := self._column(at, mapped, fact, words)) is not None:
                columns[fact] = column
        return TableMapping(
            self._file(table, entry), self._delimiter(table, entry), columns, self._skip(table, entry), self._line((table, "skip")),
            self._stored(table, entry),
        )  # fmt: skip

    def _of_the_other_kind(self, table: str, entry: Mapping[str, Node]) -> None:
        """What is said of a file where records are in a database, or of a database where they are files."""
        what = Words("the records are files, and this is of a database", "记录是文件，而这里写的是数据库")
        if self.stored:
            what = Words("the records are in a database, and this is of a file", "记录在数据库里，而这里写的是文件")
        for key in _OF_A_FILE if self.stored else _OF_A_DATABASE:
            if key in entry:
                self.faults.add((table, key), what)

    def _stored(self, table: str, entry: Mapping[str, Node]) -> StoredMapping:
        name, query = self._text((table, "table"), entry), self._text((table, "query"), entry)
        if name is not None and query is not None:
            self.faults.add((table, "query"), Words("a table and a query", "table 和 query 只能写一个"))
        query = None if query is None else query.rstrip("; \t\r\n")
        if query is not None and not _SELECT.match(query):
            what = Words("the query is no SELECT", "query 不是 SELECT 语句")
            self.faults.add((table, "query"), what, hint=Words("write one SELECT, or WITH .. SELECT", "请写一条 SELECT（可用 WITH 开头）"))
        line = self._line((table, "table" if name is not None else "query"))
        return StoredMapping(name, query, self._order(table, entry), line, self._line((table, "order_by")))

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
            return ColumnMapping(node.strip(), line=self._line(at))
        entry = self._mapping(at, node, _COLUMN_KEYS)
        column = self._text((*at, "column"), entry)
        if column is None:
            if isinstance(node, dict):
                self.faults.add(at, Words("no column is named", "没有写列名"), hint=Words("column: ..", "写 column: 列名"))
            return None
        kind = words.types[fact]
        limits = [key for key in ("unit", "unit_column", "codes") if key in entry]
        if limits and kind.kind != "limit":
            self.faults.add((*at, limits[0]), Words(f"{fact} is no limit, and takes no unit", f"“{fact}”不是时限，没有单位"))
        return ColumnMapping(
            column,
            self._values(at, entry, fact, words),
            self._unit(at, entry),
            self._text((*at, "unit_column"), entry),
            self._codes(at, entry),
            self._split(at, entry, kind.kind),
            self._line(at),
            self._none(at, entry),
        )

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
        for raw, meant in self._mapping((*at, "values"), entry["values"]).items():
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
        unit = self._text((*at, "unit"), entry)
        if unit is not None and unit not in _UNITS:
            self.faults.add(
                (*at, "unit"), Words(f"no unit of time: {shown(unit)}", f"没有“{unit}”这种时间单位"), hint=_one_of(unit, _UNITS)
            )
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
            return PORTAL_CODES
        codes: dict[str, Unit] = {}
        for code, unit in self._mapping((*at, "codes"), entry["codes"]).items():
            if isinstance(unit, str) and unit in _UNITS:
                codes[code.strip().upper()] = cast("Unit", unit)
            else:
                self.faults.add((*at, "codes", code), Words("no unit of time", "没有这种时间单位"), hint=_one_of(str(unit), _UNITS))
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

    def _file(self, table: str, entry: Mapping[str, Node]) -> str | None:
        name = self._text((table, "file"), entry)
        if name is not None and (Path(name).name != name or "\\" in name or "\0" in name):
            self.faults.add(
                (table, "file"),
                Words(f"{shown(name)} leads out of the folder of records", f"“{name}”不在记录文件夹内"),
                hint=Words("write the name of a file in the folder", "请写文件夹内的文件名"),
            )
        return name

    def _delimiter(self, table: str, entry: Mapping[str, Node]) -> str:
        given = entry.get("delimiter", ",")
        named = {"tab": "\t", "\\t": "\t"}.get(given, given) if isinstance(given, str) else ""
        if not isinstance(named, str) or len(named) != 1 or named in '"\r\n\0':
            self.faults.add(
                (table, "delimiter"), Words("a delimiter is one character", "分隔符为一个字符"), hint=Words("tab for tabs", "制表符写 tab")
            )
            return ","
        return named

    def _skip(self, table: str, entry: Mapping[str, Node]) -> tuple[str, ...]:
        columns = entry.get("skip", [])
        if isinstance(columns, list) and all(isinstance(column, str) for column in columns):
            return tuple(str(column).strip() for column in columns)
        self.faults.add((table, "skip"), Words("skip takes a list of columns", "skip 写列名的列表"))
        return ()

    def _text(self, at: Place, entry: Mapping[str, Node]) -> str | None:
        if at[-1] not in entry:
            return None
        text = entry[at[-1]]
        if isinstance(text, str) and text.strip():
            return text.strip()
        self.faults.add(at, Words(f"{at[-1]} takes a text", f"{at[-1]} 应为文字"))
        return None

    def _mapping(self, at: Place, node: Node, keys: tuple[str, ...] | None = None) -> dict[str, Node]:
        if not isinstance(node, dict):
            listed = ", ".join(keys or ()) or ".."
            self.faults.add(
                at, Words("names and values are wanted here", "这里要写名称和值"), hint=Words(f"write {listed}", f"可写：{listed}")
            )
            return {}
        for key in node if keys is not None else ():
            if key not in (keys or ()):
                self.faults.add((*at, key), Words(f"unknown key {shown(key)}", f"没有“{key}”这个键"), hint=_one_of(key, keys or ()))
        return {key: value for key, value in node.items() if keys is None or key in keys}

    def _line(self, at: Place) -> int | None:
        mark = self.marks.get(at)
        return mark.line if mark else None


def _one_of(name: str, known: tuple[str, ...]) -> Words:
    return did_you_mean(name, known, Words(f"one of: {', '.join(known)}", f"可用：{'、'.join(known)}"))
