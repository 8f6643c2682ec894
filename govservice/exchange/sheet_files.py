"""Tables of rules as a workbook or a CSV file: drop-downs, help, formats, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from govservice import plain_csv
from govservice.errors import RecordError, Words
from govservice.exchange.sheet_tables import MARKER, SheetColumn, SheetTable
from govservice.packages import missing
from govservice.plain_files import distinct_names
from govservice.reading.workbook import CellValue, WorkbookSheet, cell_name

__all__ = ["as_csv", "as_xlsx", "from_csv"]

_RUN: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # what a spreadsheet may take for a formula
_LONGEST: Final = 32_000  # characters of a cell
_ODD: Final = re.compile(r"[\x00-\x08\x0b-\x1f]|_x[0-9A-Fa-f]{4}_")
_BAD_IN_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_MORE_ROWS: Final = 300  # below the last rule that are ready to be filled in
_MOST_FROZEN: Final = 12
_NUMBER: Final = {"integer", "decimal"}

_HELP: Final = {
    "boolean": "写“是”或“否”。空着：不论。",
    "integer": "写 3、≥ 3、＜ 5、≠ 3、3..5（含两端）、3、5、7（其中之一）或 ≥ 3 且 < 5。空着：不论。",
    "decimal": "写 0.5、≥ 0.5、1..2.5 或 ≥ 1 且 < 2.5。空着：不论。",
    "text": "写整个文字；不是它的写 ≠ 某某。空着：不论。",
    "choice": "从下拉里选；几个之一用顿号隔开；不是它的写 ≠ 某某。空着：不论。",
    "date": "写日期，或 ≥ 2026-03-01，或 2026-03-01..2026-06-30。空着：不论。",
    "moment": "写日期，或 ≥ 2026-03-01。空着：不论。",
    "time": "写 08:20、≥ 08:20 或 08:20..12:00。空着：不论。",
    "limit": "写 5个工作日，或 ≤ 5个工作日。空着：不论。",
}
_HELP_OF: Final = {
    "id": "规则的编号，不重复；可以空着。",
    "when": "别的格子写不下的条件，用规则册的表达式写，如 a or b。各格的条件要同时成立。",
    "cite": "哪份文件第几条。",
    "from": "从哪天起施行，当天算在内。空着：一直。",
    "until": "施行到哪天，当天算在内。空着：一直。",
    "note": "给自己看的，读回时不读。",
    "part": "属于考核的哪一部分；不属于任何部分的写 adjust。",
    "for": "哪种事件或哪张表的行；几种用顿号隔开。",
    "points": "每一次几分，扣分写负数；也可以写表达式。",
}
_GUIDE: Final = (
    "这是什么",
    "这本工作簿是规则册“{book}”里的决定和计分条目，一张工作表一项。改好以后，由程序读回规则册。",
    "怎么填",
    "一行是一条规则，从上到下。左边各列是条件：一行里的条件要同时成立，空着的不论。“结果”各列是这条规则给出的结论。",
    "条件可以写一个值，也可以写 ≥ 3、3..5、缺少、已带（几个之一）、≠ 缺少。鼠标停在列名上有说明。",
    "有下拉的，从下拉里选。写不进格子的条件，用表达式写在“条件”一列。结果要计算的，写 = 加表达式（如 =last_approver）。",
    "加规则：在最后一行下面接着写，或插入一行。删规则：删去整行。顺序有意义，不要排序。",
    "加一列条件：插入一列，在编号行写 if 加事实的名称（如 if departments），在下一行写类型（如 整数）。",
    "不要动的",
    "每张表第一行的标记，和列名下面的编号行、类型行。不要合并单元格，不要隐藏工作表。没有标记的工作表不会读。",
    "各表",
)


def as_xlsx(tables: Sequence[SheetTable], title: str) -> bytes:
    """The workbook. Raises MissingPackage without xlsxwriter, RecordError for a text that no cell can hold."""
    try:
        import xlsxwriter
    except ImportError:
        raise missing(Words("workbooks are written with xlsxwriter", "写工作簿需要 xlsxwriter"), "sheets") from None
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"created": datetime(1980, 1, 1)})  # noqa: DTZ001 - as its parts are dated; no clock of the machine
        _Workbook(workbook).all(tables, title)
    return content.getvalue()


class _Workbook:
    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        base = {"font_size": 11, "valign": "top"}
        self.quiet = workbook.add_format({**base, "font_color": "#777777", "font_size": 9})
        self.head = workbook.add_format({**base, "bg_color": "#F2F2F2", "quote_prefix": True, "num_format": "@"})
        self.strong = workbook.add_format({**base, "bold": True})
        self.names = {
            "if": workbook.add_format({**base, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#DCE6F1"}),
            "then": workbook.add_format({**base, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#E2EFDA"}),
            "": workbook.add_format({**base, "bold": True, "text_wrap": True, "border": 1, "bg_color": "#EDEDED"}),
        }
        self.ids = workbook.add_format({**base, "font_color": "#777777", "font_size": 9, "border": 1, "num_format": "@"})
        self.wrapped = workbook.add_format({**base, "text_wrap": True})
        self.cells = {
            "text": workbook.add_format({**base, "text_wrap": True, "num_format": "@"}),
            "quoted": workbook.add_format({**base, "text_wrap": True, "num_format": "@", "quote_prefix": True}),
            "number": workbook.add_format({**base, "num_format": "General"}),
            "date": workbook.add_format({**base, "num_format": "yyyy-mm-dd"}),
        }

    def all(self, tables: Sequence[SheetTable], title: str) -> None:
        names = list(distinct_names(["说明", "选项", *map(_sheet_name, tables)], separator="~"))
        self.opening(names[0], tables, names[2:], title)
        sheets = [self.workbook.add_worksheet(name) for name in names[2:]]
        ranges = self.choices(names[1], tables)
        for sheet, table in zip(sheets, tables, strict=True):
            self.table(sheet, table, ranges)
        self.workbook.define_name(f"{MARKER}_rulebook", f"='{names[0]}'!$A$1")

    def opening(self, name: str, tables: Sequence[SheetTable], names: Sequence[str], title: str) -> None:
        """The first sheet: what this is, and how it is filled in."""
        sheet = self.workbook.add_worksheet(name)
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, f"{MARKER}:rulebook 1", self.quiet)
        sheet.write_string(0, 1, title, self.strong)
        row = 2
        for text in _GUIDE:
            heading = len(text) <= 5
            sheet.write_string(row, 0 if heading else 1, text.format(book=title), self.strong if heading else self.wrapped)
            row += 0 if heading else 1
        for table, sheet_name in zip(tables, names, strict=True):
            what = "决定" if table.what == "decision" else "计分条目"
            sheet.write_url(row, 1, f"internal:'{sheet_name}'!A1", string=f"{sheet_name}：{what} {table.id}"[:255])
            row += 1

    def choices(self, name: str, tables: Sequence[SheetTable]) -> dict[tuple[str, ...], str]:
        """A sheet that the drop-downs choose from, a column for each list; where each list stands."""
        lists = dict.fromkeys(column.choices for table in tables for column in table.columns if column.choices)
        sheet = self.workbook.add_worksheet(name)
        sheet.write_string(0, 0, "下拉所用的取值，不要改动", self.quiet)
        ranges: dict[tuple[str, ...], str] = {}
        for at, listed in enumerate(lists):
            for number, value in enumerate(listed):
                sheet.write_string(number + 1, at, value, self.cells["quoted"])
            letters = cell_name(1, at + 1)[:-1]
            ranges[listed] = f"='{name}'!${letters}$2:${letters}${len(listed) + 1}"
        return ranges

    def table(self, sheet: Any, table: SheetTable, ranges: dict[tuple[str, ...], str]) -> None:
        grid = table.grid()
        above, rows = table.above, len(table.rows)
        for row, cells in enumerate(grid[: above - 3]):
            for at, value in enumerate(cells):
                self.put(sheet, row, at, value, self.quiet if row == 0 else self.head)
        for at, column in enumerate(table.columns):
            begin = column.id.partition(" ")[0]
            sheet.write_string(above - 3, at, column.label, self.names.get(begin, self.names[""]))
            for row in (above - 2, above - 1):
                self.put(sheet, row, at, grid[row][at], self.ids)
            sheet.set_column(at, at, _width(column, [row[at] for row in grid[above - 3 :]]), self.format_of(column))
            help = _help(column)
            if help:
                sheet.write_comment(above - 3, at, help, {"x_scale": 2, "y_scale": 1.2})
            if column.choices:
                sheet.data_validation(above, at, above + rows + _MORE_ROWS, at, _drop_down(column, ranges[column.choices]))
        for row, cells in enumerate(grid[above:], above):
            for at, value in enumerate(cells):
                self.put(sheet, row, at, value, None)
        if above <= _MOST_FROZEN:
            sheet.freeze_panes(above, 1)
        else:
            sheet.freeze_panes(0, 1)

    def format_of(self, column: SheetColumn) -> Any:
        return self.cells["date" if column.kind == "date" else "number" if column.kind in _NUMBER else "text"]

    def put(self, sheet: Any, row: int, at: int, value: CellValue, how: Any) -> None:
        match value:
            case None:
                return
            case int() | Decimal():
                sheet.write_number(row, at, value, how or self.cells["number"])
            case date():
                sheet.write_datetime(row, at, value, how or self.cells["date"])
            case _:
                text = _checked(str(value))
                sheet.write_string(row, at, text, how or self.cells["quoted" if text.startswith(_RUN) else "text"])


def _drop_down(column: SheetColumn, listed: str) -> dict[str, Any]:
    """A list to choose from; a condition may be more than one value, so that what is typed is only warned of."""
    options: dict[str, Any] = {"validate": "list", "source": listed}
    if column.id.startswith("then "):
        message = "请从下拉里选；要计算的写 = 加表达式。"
        return options | {"error_type": "warning", "error_title": "不在下拉里", "error_message": message}
    return options | {"show_error": False}


def _help(column: SheetColumn) -> str:
    if column.id.startswith("if "):
        return _HELP.get(column.kind, "")
    if column.id.startswith("then "):
        return "这条规则给出的结果。要计算的写 = 加表达式。" + ("从下拉里选。" if column.choices else "")
    return _HELP_OF.get(column.id, "")


def _width(column: SheetColumn, values: Iterable[CellValue]) -> int:
    longest = max((_columns(str(value)) for value in values if value is not None), default=8)
    return max(8, min(longest + 2, 60 if column.kind == "expression" else 36))


def _columns(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E80 else 1 for sign in text)


def _sheet_name(table: SheetTable) -> str:
    name = _BAD_IN_NAME.sub("", table.label or table.id)[:25].strip() or table.id[:25]
    return "历史" if name.casefold() == "history" else name


def _checked(text: str) -> str:
    if len(text) > _LONGEST or _ODD.search(text):
        what = Words("a text that no cell can hold", "单元格里放不下的文字")
        raise RecordError(what, hint=Words("shorten it, or take out its control characters", "请缩短，或去掉其中的控制字符"), id=text[:40])
    return text


def as_csv(table: SheetTable) -> bytes:
    """One table as CSV in UTF-8 with a mark, as spreadsheets open it; a text that they would run begins with an apostrophe."""
    content = io.StringIO(newline="")
    grid = table.grid()
    width = max(map(len, grid))
    writer = plain_csv.writer(content, lineterminator="\r\n")
    for row in grid:
        writer.writerow([_csv_cell(value) for value in (*row, *(None,) * (width - len(row)))])
    return content.getvalue().encode("utf-8-sig")


def _csv_cell(value: CellValue) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{_checked(text)}" if isinstance(value, str) and text.startswith((*_RUN, "'")) else text


def from_csv(sheet: WorkbookSheet) -> WorkbookSheet:
    """The sheet of a CSV file without the apostrophes that kept its texts from being run."""
    rows = tuple(tuple(cell[1:] if isinstance(cell, str) and cell.startswith("'") else cell for cell in row) for row in sheet.rows)
    return WorkbookSheet(sheet.name, rows)
