"""Rows of one sheet of a workbook: a header, and below it typed cells; merged cells and errors are told by their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from govservice.errors import RecordError, Words, did_you_mean
from govservice.reading.workbook import Bounds, CellError, WorkbookSheet, cell_name, read_workbook
from govservice.records.mapped import TableMapping
from govservice.records.opening import plain_file
from govservice.records.rows import BadCell, RawRow

__all__ = ["SheetRows", "headings_at", "sheet_rows", "sheets_of"]

_BOUNDS: Final = Bounds(bytes=30_000_000, unpacked=400_000_000, cells=3_000_000)
_SMALLER: Final = Words("export it in parts, or as Parquet or text", "请分几个文件导出，或导出为 Parquet、文本")
_MOST_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class SheetRows:
    """One sheet: its name, the row that names its columns, their names in order, the letter of each, and the rows below."""

    name: str
    header_line: int
    header: tuple[str, ...]
    letters: Mapping[str, str]
    rows: tuple[RawRow, ...]


def sheets_of(file: Path) -> tuple[WorkbookSheet, ...]:
    """The sheets of a workbook. Raises RecordError, also for one that is too large; MissingPackage without the package that reads them."""
    plain_file(file)
    try:
        return read_workbook(file, _BOUNDS)
    except RecordError as error:
        too_large = "more than" in error.what.en
        raise RecordError(error.what, why=error.why, hint=_SMALLER if too_large else error.hint, file=file.name) from None


def sheet_rows(file: Path, mapping: TableMapping) -> SheetRows:
    """The rows of the sheet that the mapping names, or of the only one that holds anything and is not hidden.

    The header stands in the row that the mapping says, else in the first that is not empty. Rows without a value are none. Of merged cells
    the first has the value; the others hold none, and are filled where the mapping says so. Raises RecordError, MissingPackage.
    """
    return rows_of_sheet(file, _chosen(file, mapping), mapping)


def _chosen(file: Path, mapping: TableMapping) -> WorkbookSheet:
    sheets = sheets_of(file)
    if mapping.sheet is not None:
        named = next((sheet for sheet in sheets if sheet.name.strip() == mapping.sheet), None)
        if named is not None:
            return named
        names = [sheet.name for sheet in sheets]
        hint = did_you_mean(
            mapping.sheet, names, Words(f"it has: {', '.join(names[:_MOST_LISTED])}", f"它有：{'、'.join(names[:_MOST_LISTED])}")
        )
        what = Words(f"no sheet is called {mapping.sheet!r}", f"没有名为“{mapping.sheet}”的工作表")
        raise RecordError(what, hint=hint, file=file.name)
    filled = [sheet for sheet in sheets if sheet.rows and not sheet.hidden]
    if len(filled) == 1:
        return filled[0]
    if not filled:
        raise RecordError(Words("no sheet holds anything", "各工作表都是空的"), file=file.name)
    names = [sheet.name for sheet in filled]
    listed = Words(", ".join(names[:_MOST_LISTED]), "、".join(names[:_MOST_LISTED]))
    raise RecordError(
        Words(f"several sheets: {listed.en}", f"有几张工作表：{listed.zh}"),
        hint=Words("say sheet: in the mapping which one holds the rows", "请在映射文件中用 sheet 写明是哪一张"),
        file=file.name,
    )


def rows_of_sheet(file: Path, sheet: WorkbookSheet, mapping: TableMapping) -> SheetRows:
    """The header of a sheet and its rows. Raises RecordError for a header that is empty or names a column twice."""
    first = next((number for number, row in enumerate(sheet.rows, 1) if any(cell is not None for cell in row)), 1)
    at = mapping.header or first
    merged = _merged(sheet)
    cells = sheet.rows[at - 1] if at <= len(sheet.rows) else ()
    names = [_name(sheet, merged, at, column, cell) for column, cell in enumerate(cells, 1)]
    if not any(names):
        what = Words(
            f"row {at} of the sheet {sheet.name} is empty, and names no columns", f"工作表“{sheet.name}”第 {at} 行是空的，没有列名"
        )
        raise RecordError(
            what,
            hint=Words("say header: in the mapping which row names them", "请在映射文件中用 header 写明表头是第几行"),
            file=file.name,
            line=at,
        )
    used = [any(row[column] is not None for row in sheet.rows[at:]) for column in range(len(names))]
    header = [name or (f"({number})" if used[number - 1] else "") for number, name in enumerate(names, 1)]
    _check_twice(file, sheet, at, header)
    letters = {name: cell_name(1, number)[:-1] for number, name in enumerate(header, 1) if name}
    rows = tuple(_rows(sheet, at, header, merged, fill=mapping.merged))
    return SheetRows(sheet.name, at, tuple(name for name in header if name), letters, rows)


def headings_at(sheet: WorkbookSheet, last: int) -> list[list[str]]:
    """What the columns are called where the header is the first row, the second, and so on to the last that is asked for."""
    merged = _merged(sheet)
    rows = ([_name(sheet, merged, at, column, cell) for column, cell in enumerate(row, 1)] for at, row in enumerate(sheet.rows[:last], 1))
    return [[name for name in row if name] for row in rows]


def _name(sheet: WorkbookSheet, merged: Mapping[tuple[int, int], tuple[str, tuple[int, int]]], row: int, column: int, cell: object) -> str:
    """What a column is called; a name that is merged downwards ends in the header's row."""
    if (row, column) in merged and cell is None:
        _, (first_row, first_column) = merged[row, column]
        cell = sheet.rows[first_row - 1][first_column - 1] if first_column == column else None
    return "" if cell is None else (cell.text if isinstance(cell, CellError) else str(cell)).strip()


def _check_twice(file: Path, sheet: WorkbookSheet, at: int, header: list[str]) -> None:
    twice = {name: number for number, name in enumerate(header, 1) if name and header.index(name) < number - 1}
    if not twice:
        return
    places = ", ".join(f"{name} ({cell_name(at, number)})" for name, number in twice.items())
    raise RecordError(
        Words(
            f"columns that stand in the header of the sheet {sheet.name} twice: {places}", f"工作表“{sheet.name}”的表头中重复的列：{places}"
        ),
        hint=Words(
            "the header names each column once; say header: in the mapping where it is another row",
            "表头应逐列写明列名，不重复；表头在另一行的，用 header 写明",
        ),
        file=file.name,
        line=at,
    )


def _rows(
    sheet: WorkbookSheet, at: int, header: list[str], merged: Mapping[tuple[int, int], tuple[str, tuple[int, int]]], *, fill: bool
) -> Iterator[RawRow]:
    for number, row in enumerate(sheet.rows[at:], at + 1):
        if all(cell is None for cell in row) and not (fill and any((number, column) in merged for column in range(1, len(row) + 1))):
            continue
        values: dict[str, object] = {}
        for column, (name, cell) in enumerate(zip(header, row, strict=True), 1):
            if not name:
                continue
            value: object = sheet.formatted.get((number, column), cell)
            area = merged.get((number, column)) if cell is None else None
            if area is not None and fill:
                value = sheet.formatted.get(area[1], sheet.rows[area[1][0] - 1][area[1][1] - 1])
            elif area is not None:
                value = _part_of(area)
            values[name] = _without_value(value) if isinstance(value, CellError) else value
        yield RawRow(number, values)


def _without_value(cell: CellError) -> BadCell:
    if cell.text == "=":
        return BadCell("=", Words("the formula was never worked out: open the file and save it", "公式没有算出结果，请打开文件后再保存"))
    return BadCell(cell.text, Words(f"an error of the spreadsheet: {cell.text}", f"电子表格的错误值：{cell.text}"))


def _part_of(area: tuple[str, tuple[int, int]]) -> BadCell:
    first = cell_name(*area[1])
    why = Words(
        f"it is part of the merged cells {area[0]}, whose value stands in {first}; unmerge them, or say merged: fill in the mapping",
        f"它在合并的单元格 {area[0]} 里，值写在 {first}；请取消合并，或在映射文件中写 merged: fill",
    )
    return BadCell(f"({area[0]})", why)


_MOST_MERGED: Final = 1_000_000  # cells


def _merged(sheet: WorkbookSheet) -> Mapping[tuple[int, int], tuple[str, tuple[int, int]]]:
    """For every cell of a merged area but its first: the area and its first cell. What lies beyond the sheet's values is none."""
    found: dict[tuple[int, int], tuple[str, tuple[int, int]]] = {}
    width = len(sheet.rows[0]) if sheet.rows else 0
    for area in sheet.merged:
        corners = [_place(corner) for corner in area.split(":")]
        if len(corners) != 2 or None in corners:
            continue
        (top, left), (bottom, right) = corners  # type: ignore[misc]  # neither is None
        for row in range(top, min(bottom, len(sheet.rows)) + 1):
            for column in range(left, min(right, width) + 1):
                if (row, column) != (top, left) and len(found) < _MOST_MERGED:
                    found[row, column] = (area, (top, left))
    return found


def _place(corner: str) -> tuple[int, int] | None:
    letters = corner.rstrip("0123456789")
    digits = corner[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and digits and len(letters) <= 3):
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(digits), column
