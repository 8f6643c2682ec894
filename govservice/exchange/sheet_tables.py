"""A decision or the items of a scheme as one table of plain cells: a head, three header rows, a row a rule; both ways."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from govservice.errors import NOTHING, Fault, GovServiceError, RecordError, Words, did_you_mean
from govservice.exchange.sheet_cells import KINDS, condition_of, granted_cell, granted_of, kind_named, text_of_cell
from govservice.exchange.sheet_conditions import Conditions, joined, rules_of
from govservice.reading import shown
from govservice.reading.days import read_date
from govservice.reading.workbook import CellValue, WorkbookSheet, cell_name
from govservice.rules import Rulebook
from govservice.rules.book.conventions import CONVENTIONS
from govservice.rules.book.marks import Node, mapping, parts_within, text_of
from govservice.rules.language.values import Type

__all__ = ["MARKER", "ReadTable", "SheetColumn", "SheetTable", "decision_table", "items_table", "read_table"]

MARKER: Final = "govservice"
_VERSION: Final = 1
_MARKED: Final = re.compile(rf"{MARKER}:(decision|items) ([0-9]{{1,4}})")
_EXPRESSION: Final = Type("any")
_DATE: Final = Type("date")
_TEXT: Final = Type("text")

# the columns that every table may have: what they are called, and what they hold
_COMMON: Final = {"id": ("编号", "text"), "label": ("名称", "text"), "cite": ("依据", "text"), "from": ("起日", "date"),
                  "until": ("止日", "date"), "note": ("备注", "text"), "when": ("条件", "expression")}  # fmt: skip
_OF_ITEMS: Final = {"part": ("部分", "text"), "for": ("计分的事", "text"), "points": ("分值", "expression"),
                    "at_most": ("至多", "expression"),
                    "at_least": ("至少", "expression"), "by": ("按哪天计", "text"), "of": ("谁的", "text"), "each": ("算作一次的", "text"),
                    "lasts.1": ("首日", "expression"), "lasts.2": ("末日", "expression")}  # fmt: skip
_OF_CONVENTIONS: Final = {convention.name: (convention.name, "text") for convention in CONVENTIONS if not convention.parts}
_QUOTA: Final = {"share": "expression", "of": "expression", "rounding": "text", "within": "text"}
_HEADS: Final = {"has": "属性", "when": "适用条件", "let": "名称", "otherwise": "其余"}
_HAS: Final = ("about", "hit", "period", "cite", "from", "until", *_OF_CONVENTIONS)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its id in the table (`if simple`, `then reason`, `cite`), its Chinese name, what it holds, and its choices."""

    id: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One table to write: `what` it is (`decision`, `items`), of what entry, its head, its columns and its rows."""

    what: str
    id: str
    label: str
    book: str
    digest: str
    heads: tuple[tuple[str, ...], ...]
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[CellValue, ...], ...]

    @property
    def above(self) -> int:
        """How many rows stand above the first rule."""
        return 1 + len(self.heads) + 3

    def grid(self) -> tuple[tuple[CellValue, ...], ...]:
        """The whole sheet, row by row."""
        labels, ids, kinds = (tuple(getattr(column, name) for column in self.columns) for name in ("label", "id", "kind"))
        marked = (f"{MARKER}:{self.what} {_VERSION}", self.id, self.label or None, self.book, self.digest)
        return (marked, *self.heads, labels, ids, tuple(KINDS[kind] for kind in kinds), *self.rows)


# -- writing


def decision_table(book: Rulebook, id: str, node: Mapping[str, Node], conditions: Conditions) -> SheetTable:
    """A decision, as its rulebook's tree has it, as a table."""
    entry = book.decisions[id]
    types = dict(entry.outcomes)
    labels = {**book.contents.called, **dict(entry.labels)}
    tested: dict[str, Type] = {}
    rows: list[dict[str, CellValue]] = []
    for rule in rules_of(node).values():
        row: dict[str, CellValue] = _plain(rule)
        if "when" in rule:
            spread = conditions.spread(rule["when"], conditions.sight(node, rule))
            tested |= {name: kind for name, (kind, _) in spread.cells.items()}
            row |= {f"if {name}": cell for name, (_, cell) in spread.cells.items()} | {"when": spread.rest or None}
        then = rule.get("then", "")
        granted = then if isinstance(then, dict) else {id: then}
        row |= {f"then {name}": granted_cell(types.get(name, _TEXT), worth) for name, worth in granted.items()}
        row |= {f"{key}.{name}": _expression(worth) for key in ("let", "quota") for name, worth in mapping(rule.get(key)).items()}
        rows.append(row)
    columns = [_column("id"), _column("label")]
    columns += [_fact_column(f"if {name}", labels.get(name) or name, kind) for name, kind in tested.items()]
    columns += [_column("when")]
    columns += [_fact_column(f"then {name}", f"结果：{labels.get(name) or name}", kind) for name, kind in types.items()]
    columns += [SheetColumn(key, key, _kind_of(key) or "expression") for key in _used(rows, ("let.", "quota."))]
    columns += [_column(key) for key in ("cite", "from", "until", "note")]
    return SheetTable("decision", id, text_of(node, "label") or "", book.id, book.digest[:12], _heads(node, id), *_squared(columns, rows))


def items_table(book: Rulebook, id: str, node: Mapping[str, Node]) -> SheetTable:
    """The items of a scheme, those of every part and those outside any, as a table."""
    rows: list[dict[str, CellValue]] = []
    for part, items in _lists_of(node):
        for item in items.values():
            entry = mapping(item)
            row = _plain(entry) | {"part": part, "points": _expression(entry.get("points")), "for": _several(entry.get("for"))}
            row |= {key: _expression(entry[key]) for key in ("when", "at_most", "at_least", "by", "of", "each") if key in entry}
            row |= {key: value for key, value in entry.items() if key in _OF_CONVENTIONS and isinstance(value, str)}
            lasts = entry.get("lasts")
            row |= {f"lasts.{at}": str(value) for at, value in enumerate(lasts if isinstance(lasts, list) else (), 1)}
            row |= {f"let.{name}": _expression(worth) for name, worth in mapping(entry.get("let")).items()}
            rows.append(row)
    used = [key for key in _OF_ITEMS if key not in ("part", "for", "points") and any(row.get(key) is not None for row in rows)]
    columns = [_column("id"), replace(_column("part"), choices=tuple(part for part, _ in _lists_of(node))), _column("label")]
    columns += [_column(key) for key in ("for", "when", "points", *used)]
    columns += [SheetColumn(key, key, "expression") for key in _used(rows, ("let.",))]
    columns += [_column(key) for key in _OF_CONVENTIONS if any(key in row for row in rows)]
    columns += [_column(key) for key in ("cite", "from", "until", "note")]
    label = text_of(node, "title") or text_of(node, "label") or ""
    return SheetTable("items", id, label, book.id, book.digest[:12], (), *_squared(columns, rows))


def _lists_of(scheme: Mapping[str, Node]) -> list[tuple[str, dict[str, Node]]]:
    """The lists of items of a scheme by the path of their part; `adjust` are those outside any part."""
    found = [(path, mapping(_part(scheme, path).get("items"))) for path in parts_within(scheme)]
    return [*found, ("adjust", mapping(scheme.get("adjust")))]


def _part(scheme: Mapping[str, Node], path: str) -> dict[str, Node]:
    part: Mapping[str, Node] = scheme
    for step in path.split("."):
        part = mapping(mapping(part.get("parts")).get(step))
    return dict(part)


def _plain(entry: Mapping[str, Node]) -> dict[str, CellValue]:
    row: dict[str, CellValue] = {key: text_of(entry, key) for key in ("id", "label", "cite")}
    return row | {key: _day(text_of(entry, key)) for key in ("from", "until")}


def _day(text: str | None) -> CellValue:
    try:
        day = read_date(text) if text else None
    except RecordError:
        return text
    return day if day is not None and day.isoformat() == text and day.year >= 1900 else text


def _expression(node: Node | None) -> CellValue:
    """An expression as a cell: a bare number is one."""
    if not isinstance(node, str):
        return None
    number = Decimal(node) if re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]{1,3})?", node) else None
    plain = None if number is None else int(number) if number == number.to_integral_value() else number
    return plain if plain is not None and str(plain) == node else node


def _several(node: Node | None) -> CellValue:
    return "、".join(str(part) for part in node) if isinstance(node, list) else node if isinstance(node, str) else None


def _heads(node: Mapping[str, Node], id: str) -> tuple[tuple[str, ...], ...]:
    has = [f"{key} = {worth}" for key in _HAS if (worth := text_of(node, key)) is not None]
    otherwise = node.get("otherwise")
    granted = otherwise if isinstance(otherwise, dict) else {} if otherwise is None else {id: otherwise}
    when = text_of(node, "when")
    rows = {
        "has": has,
        "when": [] if when is None else [when],
        "let": [f"{name} = {worth}" for name, worth in mapping(node.get("let")).items()],
        "otherwise": [f"{name} = {worth}" for name, worth in granted.items()],
    }
    return tuple((f"{_HEADS[key]} {key}", *values) for key, values in rows.items() if values)


def _column(key: str) -> SheetColumn:
    label, kind = {**_COMMON, **_OF_ITEMS, **_OF_CONVENTIONS}[key]
    return SheetColumn(key, label, kind)


def _fact_column(id: str, label: str, kind: Type) -> SheetColumn:
    plain = "text" if kind.kind == "any" else kind.kind
    choices = ("是", "否") if plain == "boolean" else tuple(choice.label for choice in kind.choices)
    return SheetColumn(id, label, plain, choices)


def _used(rows: Sequence[Mapping[str, CellValue]], begins: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row if key.startswith(begins)))


def _squared(
    columns: Sequence[SheetColumn], rows: Sequence[Mapping[str, CellValue]]
) -> tuple[tuple[SheetColumn, ...], tuple[tuple[CellValue, ...], ...]]:
    return tuple(columns), tuple(tuple(row.get(column.id) for column in columns) for row in rows)


# -- reading


@dataclass(slots=True)
class ReadTable:
    """One table as it was read: the entry's tree, where each place of it stands, the cells of each condition, and what is wrong."""

    what: str
    id: str
    book: str
    digest: str
    node: dict[str, Node] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    tests: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # by rule: the cell and the condition that it says
    faults: list[Fault] = field(default_factory=list)


def read_table(sheet: WorkbookSheet, file: str) -> ReadTable | None:
    """What a sheet says; None where it is not marked as a table of rules."""
    first = sheet.rows[0] if sheet.rows else ()
    marked = _MARKED.fullmatch(first[0].strip()) if first and isinstance(first[0], str) else None
    return None if marked is None else _Reading(sheet, file, marked[1], int(marked[2])).table()


class _Reading:
    def __init__(self, sheet: WorkbookSheet, file: str, what: str, version: int) -> None:
        self.sheet = sheet
        self.file = file
        self.version = version
        first = (*sheet.rows[0], *(None,) * 5)
        self.read = ReadTable(what, "", "", "")
        self.read.id, self.read.book, self.read.digest = (self.text(1, at, first[at - 1]) for at in (2, 4, 5))
        self.label = self.text(1, 3, first[2])

    def place(self, row: int, column: int) -> str:
        return f"{self.sheet.name}!{cell_name(row, column)}"

    def fault(self, row: int, column: int, what: Words, hint: Words = NOTHING, why: Words = NOTHING) -> None:
        self.read.faults.append(Fault(what, why, hint, file=self.file, id=self.place(row, column)))

    def text(self, row: int, column: int, value: CellValue, kind: str = "text") -> str:
        try:
            return text_of_cell(value, kind)
        except GovServiceError as error:
            self.fault(row, column, error.what, error.hint, error.why)
            return ""

    def table(self) -> ReadTable:
        if self.version > _VERSION:
            what = Words(
                f"a table of version {self.version}, and {_VERSION} is known", f"这是第 {self.version} 版的表，只认到第 {_VERSION} 版"
            )
            self.fault(1, 1, what, Words("a newer govservice reads it", "请用更新的 govservice 来读"))
        elif self.sheet.hidden:
            self.fault(
                1, 1, Words("rules on a hidden sheet", "规则在隐藏的工作表里"), Words("show the sheet, or delete it", "请取消隐藏，或删去")
            )
        elif not self.read.id:
            self.fault(1, 2, Words("the id of what the table is of is missing", "缺少这张表的编号"))
        else:
            self._below()
        return self.read

    def _below(self) -> None:
        at = next((row for row, cells in enumerate(self.sheet.rows, 1) if cells[0] is not None and str(cells[0]).strip() == "id"), None)
        if at is None or at < 3:
            hint = Words("a row of ids (id, ..) stands beneath the names of the columns", "各列名称下面要有一行列的编号（第一格是 id）")
            self.fault(1, 1, Words("the row of ids is gone", "列的编号那一行不见了"), hint)
            return
        if at == len(self.sheet.rows):
            self.fault(at, 1, Words("the row of kinds is gone", "各列类型那一行不见了"))
            return
        for area in self.sheet.merged:
            begin, _, end = area.partition(":")
            if int(re.sub(r"\D", "", end or begin) or 0) >= at - 1:
                what = Words(f"{area} is merged: of merged cells only the first holds a value", f"{area} 是合并的单元格：只有第一格有值")
                hint = Words("split them, and write the value into each", "请取消合并，每格各写各的")
                self.read.faults.append(Fault(what, hint=hint, file=self.file, id=f"{self.sheet.name}!{begin}"))
        if self.read.what == "decision":
            self._head(at - 1)
        columns = self._columns(at)
        entries = [entry for row in range(at + 2, len(self.sheet.rows) + 1) if (entry := self._row(row, columns)) is not None]
        if self.read.what == "decision":
            self._rules(entries, at)
        else:
            self._items(entries)

    # -- the head

    def _head(self, until: int) -> None:
        node = self.read.node
        path = f"decisions.{self.read.id}"
        self.read.places[path] = self.place(1, 2)
        if self.label:
            node["label"] = self.label
        for row in range(2, until):
            cells = self.sheet.rows[row - 1]
            values = [(at, value) for at, value in enumerate(cells[1:], 2) if value is not None]
            if not values and cells[0] is None:
                continue
            key = self.text(row, 1, cells[0]).rpartition(" ")[2]
            if key not in _HEADS:
                self.fault(row, 1, Words(f"unknown row {shown(key)}", f"没有 {shown(key)} 这样的行"), did_you_mean(key, _HEADS))
            elif key == "when":
                for at, value in values[:1]:
                    node["when"] = self.text(row, at, value, "expression")
                    self.read.places[f"{path}.when"] = self.place(row, at)
            else:
                self._pairs(key, [(row, at, value) for at, value in values], path)

    def _pairs(self, key: str, values: Sequence[tuple[int, int, CellValue]], path: str) -> None:
        node = self.read.node
        pairs: dict[str, Node] = {}
        for row, at, value in values:
            name, sign, worth = self.text(row, at, value).partition(" = ")
            name, worth = name.strip(), worth.strip()
            if not sign or not name or not worth:
                self.fault(row, at, Words("a name, = and a value", "这里要写：名称 = 值"), Words("hit = first", "如 hit = first"))
            elif key == "has" and name not in _HAS:
                self.fault(row, at, Words(f"unknown key {shown(name)}", f"没有“{name}”这个键"), did_you_mean(name, _HAS))
            elif name in pairs:
                self.fault(row, at, Words(f"{shown(name)} stands twice", f"“{name}”写了两次"))
            else:
                pairs[name] = worth
                self.read.places[f"{path}.{name}" if key == "has" else f"{path}.{key}.{name}"] = self.place(row, at)
        if key == "has":
            node.update(pairs)
        elif pairs:
            alone = key == "otherwise" and list(pairs) == [self.read.id]
            node[key] = pairs[self.read.id] if alone else pairs

    # -- the header

    def _columns(self, at: int) -> list[tuple[int, SheetColumn]]:
        ids, kinds = self.sheet.rows[at - 1], self.sheet.rows[at]
        known = _COMMON | (_OF_ITEMS | _OF_CONVENTIONS if self.read.what == "items" else {})
        columns: list[tuple[int, SheetColumn]] = []
        seen: dict[str, int] = {}
        for number, value in enumerate(ids, 1):
            id = " ".join(self.text(at, number, value).split())
            if not id:
                self._nameless(at, number)
                continue
            if id in seen:
                first = cell_name(at, seen[id])
                self.fault(at, number, Words(f"{shown(id)} stands in {first} already", f"“{id}”在 {first} 已经有了"))
                continue
            seen[id] = number
            column = self._known_column(id, known, self.text(at + 1, number, kinds[number - 1]), (at, number))
            if column is not None:
                columns.append((number, column))
        return columns

    def _nameless(self, at: int, number: int) -> None:
        below = next((row for row in range(at - 1, len(self.sheet.rows) + 1) if self.sheet.rows[row - 1][number - 1] is not None), None)
        if below is not None:
            hint = Words(
                "write `if` and a fact, or `then` and an outcome, into the row of ids", "请在编号行写 if 和事实的名称，或 then 和结果的名称"
            )
            self.fault(at, number, Words("a column without an id", "这一列没有编号"), hint)

    def _known_column(self, id: str, known: Mapping[str, tuple[str, str]], kind: str, at: tuple[int, int]) -> SheetColumn | None:
        if id in known:
            return SheetColumn(id, *known[id])
        begin, _, name = id.partition(" ")
        if self.read.what == "decision" and begin in ("if", "then") and name:
            named = kind_named(kind)
            if named is None or named == "expression":
                listed = "、".join(word for word in KINDS.values() if word != "表达式")
                what = Words(f"{shown(kind)} is no kind of column", f"“{kind}”不是列的类型")
                self.fault(at[0] + 1, at[1], what, Words(f"one of: {', '.join(KINDS)}", f"可写：{listed}"))
                return None
            return SheetColumn(id, "", named)
        own = _kind_of(id)
        if own is not None and (self.read.what == "decision" or id.startswith("let.")):
            return SheetColumn(id, "", own)
        self.fault(*at, Words(f"unknown column {shown(id)}", f"没有“{id}”这样的列"), did_you_mean(id, known))
        return None

    # -- the rows

    def _row(self, row: int, columns: Sequence[tuple[int, SheetColumn]]) -> tuple[int, dict[str, Node], dict[str, tuple[int, str]]] | None:
        cells = self.sheet.rows[row - 1]
        if all(value is None for value in cells):
            return None
        given: dict[str, Node] = {}
        at: dict[str, tuple[int, str]] = {}
        for number, column in columns:
            if cells[number - 1] is None or column.id == "note":
                continue
            try:
                worth = _read_cell(column, cells[number - 1])
            except GovServiceError as error:
                self.fault(row, number, error.what, error.hint, error.why)
                worth = ""
            if worth is not None:
                given[column.id] = worth
                at[column.id] = (number, self.place(row, number))
        return (row, given, at) if at else None

    def _rules(self, entries: Sequence[tuple[int, dict[str, Node], dict[str, tuple[int, str]]]], header: int) -> None:
        rules: dict[str, Node] = {}
        rows: dict[str, int] = {}
        for position, (row, given, at) in enumerate(entries, 1):
            id = str(given.get("id") or position)
            if id in rules:
                self.fault(row, 1, Words(f"the id {shown(id)} stands in row {rows[id]} already", f"编号“{id}”在第 {rows[id]} 行已经有了"))
                continue
            rows[id] = row
            path = f"decisions.{self.read.id}.rules.{id}"
            then = {name.removeprefix("then "): worth for name, worth in given.items() if name.startswith("then ")}
            if not then:
                self.fault(
                    row, 1, Words("the rule grants nothing", "这条规则没有结果"), Words("fill in a column `then ..`", "请填一列“结果”")
                )
                continue
            rule: dict[str, Node] = {key: given[key] for key in ("id", "label") if given.get(key)}
            tests = [(at[name][1], str(worth)) for name, worth in given.items() if name.startswith("if ")]
            when = joined((text for _, text in tests), str(given.get("when", "")))
            if when:
                rule["when"] = when
            if "when" in at:
                tests.append((at["when"][1], str(given["when"])))
            rule["then"] = then[self.read.id] if list(then) == [self.read.id] else then
            rule |= _nested(given, ("let", "quota"))
            rule |= {key: given[key] for key in ("cite", "from", "until") if given.get(key)}
            rules[id] = rule
            self.read.tests[id] = tests
            self.read.places[path] = self.place(row, 1)
            self.read.places |= {f"{path}.{_path_of(name)}": place for name, (_, place) in at.items() if not name.startswith("if ")}
            if list(then) == [self.read.id]:
                self.read.places[f"{path}.then"] = at[f"then {self.read.id}"][1]
        if not entries:
            self.fault(header, 1, Words("no rule stands below the header", "表头下面一条规则也没有"))
        self.read.node["rules"] = rules

    def _items(self, entries: Sequence[tuple[int, dict[str, Node], dict[str, tuple[int, str]]]]) -> None:
        lists: dict[str, Node] = {}
        rows: dict[tuple[str, str], int] = {}
        for row, given, at in entries:
            part = str(given.get("part") or "")
            if not part:
                self.fault(
                    row,
                    2,
                    Words("the part of the score is missing", "没有写属于哪一部分"),
                    Words("adjust: of none", "不属于任何部分的写 adjust"),
                )
                continue
            items = mapping(lists.setdefault(part, {}))
            id = str(given.get("id") or len(items) + 1)
            if id in items:
                earlier = rows[part, id]
                self.fault(row, 1, Words(f"the id {shown(id)} stands in row {earlier} already", f"编号“{id}”在第 {earlier} 行已经有了"))
                continue
            rows[part, id] = row
            lasts = [given[key] for key in ("lasts.1", "lasts.2") if given.get(key)]
            item = {key: worth for key, worth in given.items() if worth and "." not in key and key != "part"} | _nested(given, ("let",))
            items[id] = item | ({"lasts": lasts} if lasts else {})
            where = "adjust" if part == "adjust" else f"parts.{part.replace('.', '.parts.')}.items"
            path = f"schemes.{self.read.id}.{where}.{id}"
            self.read.places[path] = self.place(row, 1)
            self.read.places |= {f"{path}.{_path_of(name)}": place for name, (_, place) in at.items()}
        self.read.node = lists


def _kind_of(id: str) -> str | None:
    """What a column of a rule's own names or quota holds."""
    begin, _, name = id.partition(".")
    return "expression" if begin == "let" and name else _QUOTA.get(name) if begin == "quota" else None


def _path_of(column: str) -> str:
    return column.replace(" ", ".") if column.startswith("then ") else column


def _nested(given: Mapping[str, Node], keys: Sequence[str]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key in keys:
        within = {name.partition(".")[2]: worth for name, worth in given.items() if name.startswith(f"{key}.") and worth}
        if within:
            found[key] = within
    return found


def _read_cell(column: SheetColumn, value: CellValue) -> Node | None:
    if column.id.startswith("if "):
        return condition_of(column.kind, column.id[3:], value)
    if column.id.startswith("then "):
        return granted_of(column.kind, value)
    if column.kind == "date":
        return granted_of("date", value)
    text = text_of_cell(value, column.kind)
    if column.id == "for" and "、" in text:
        return [part.strip() for part in text.split("、")]
    return text or None
