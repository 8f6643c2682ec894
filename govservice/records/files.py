"""One file of records of any format: looked through, its columns, and its rows as they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from govservice.errors import RecordError, Words
from govservice.records.csvfile import csv_header, csv_rows
from govservice.records.mapped import TableMapping
from govservice.records.opening import plain_file, survey, trouble
from govservice.records.otherfiles import json_rows, jsonl_rows, parquet_packages, parquet_rows
from govservice.records.rows import RawRow
from govservice.records.sheetfile import SheetRows, sheet_rows

__all__ = ["FORMATS", "Source", "format_of", "source_of"]

FORMATS: Final = ("csv", "csv.gz", "jsonl", "jsonl.gz", "json", "json.gz", "parquet", "xlsx")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of records: its table, format and encoding (None for Parquet), the columns of a CSV file, about how many rows it has.

    Of a workbook the `sheet` that is read, which is held whole. `ended` is False for a CSV file whose last line has no end: it may be cut
    off.
    """

    table: str
    file: Path
    format: str
    encoding: str | None = None
    header: tuple[str, ...] | None = None
    rows: int | None = None
    mapping: TableMapping = field(default_factory=TableMapping)
    ended: bool = True
    sheet: SheetRows | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The name of the file; of a workbook with its sheet."""
        return self.file.name if self.sheet is None else f"{self.file.name}[{self.sheet.name}]"

    @property
    def header_line(self) -> int:
        """Where its columns are named."""
        return 1 if self.sheet is None else self.sheet.header_line

    @property
    def letters(self) -> Mapping[str, str] | None:
        """What a spreadsheet calls its columns."""
        return None if self.sheet is None else self.sheet.letters

    def raw(self) -> Iterator[RawRow]:
        """The rows as they stand in the file."""
        match self.format:
            case "csv":
                return csv_rows(self.file, self.encoding or "", self.mapping.delimiter, self.header or ())
            case "jsonl":
                return jsonl_rows(self.file, self.encoding or "")
            case "json":
                return json_rows(self.file, self.encoding or "")
            case "xlsx":
                return iter(self.sheet.rows if self.sheet is not None else ())
            case _:
                return parquet_rows(self.file)


def format_of(file: Path) -> str:
    """What kind of file its name says that it is. Raises RecordError."""
    for ending in FORMATS:
        if file.name.lower().endswith(f".{ending}"):
            return ending.removesuffix(".gz")
    listed = ", ".join(FORMATS)
    raise RecordError(
        Words("the name does not say what kind of file it is", "从文件名看不出文件类型"),
        hint=Words(f"it should end in one of: {listed}", f"扩展名应为：{listed}"),
        file=file.name,
    )


def source_of(table: str, file: Path, mapping: TableMapping) -> Source:
    """A file of one table, looked through. Raises RecordError, MissingPackage."""
    kind = format_of(file)
    plain_file(file)
    if kind != "xlsx" and (mapping.sheet is not None or mapping.header is not None or mapping.merged):
        raise RecordError(
            Words("sheet, header and merged are of workbooks, and this is none", "sheet、header、merged 只用于工作簿，这个文件不是"),
            hint=Words("leave them out, or name an .xlsx file", "请去掉，或写 .xlsx 文件"),
            file=file.name,
            line=mapping.sheet_line,
        )
    try:
        if kind == "xlsx":
            sheet = sheet_rows(file, mapping)
            return Source(table, file, kind, None, sheet.header, len(sheet.rows), mapping, sheet=sheet)
        if kind == "parquet":
            parquet_packages(file)
            return Source(table, file, kind, mapping=mapping)
        seen = survey(file)
        header = csv_header(file, seen.encoding, mapping.delimiter) if kind == "csv" else None
    except OSError as error:
        raise trouble(file, error) from None
    rows = None if kind == "json" else max(seen.lines - (kind == "csv"), 0)
    return Source(table, file, kind, seen.encoding, header, rows, mapping, seen.ended or kind != "csv")
