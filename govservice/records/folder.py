"""A folder of records, or a database: what holds which table, what its columns mean, and its rows one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from govservice.doors import PATH, TOLD, optional, takes
from govservice.errors import RecordError, Words, closest
from govservice.plain_files import system_says
from govservice.records.addresses import RECORDS, as_address
from govservice.records.csvfile import csv_header, csv_rows
from govservice.records.headers import MAPPING, check_headers
from govservice.records.mapping import TableMapping, read_mapping
from govservice.records.opening import plain_file, survey, trouble
from govservice.records.otherfiles import json_rows, jsonl_rows, parquet_packages, parquet_rows
from govservice.records.rows import TABLES, RawRow
from govservice.records.sources import Progress, Sourced
from govservice.records.stored import StoredTable, stored_tables
from govservice.records.vocabulary import Vocabulary, vocabulary
from govservice.rules.rulebook import AnyBook, book_of

__all__ = ["FORMATS", "Records", "Source", "read_records", "source_of"]


FORMATS: Final = ("csv", "csv.gz", "jsonl", "jsonl.gz", "json", "json.gz", "parquet")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of records: its table, format and encoding (None for Parquet), the columns of a CSV file, about how many rows it has.

    `ended` is False for a CSV file whose last line has no end: it may be cut off.
    """

    table: str
    file: Path
    format: str
    encoding: str | None = None
    header: tuple[str, ...] | None = None
    rows: int | None = None
    mapping: TableMapping = field(default_factory=TableMapping)
    ended: bool = True

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.file.name

    @property
    def header_line(self) -> int:
        """Where its columns are named."""
        return 1

    def raw(self) -> Iterator[RawRow]:
        """The rows as they stand in the file."""
        match self.format:
            case "csv":
                return csv_rows(self.file, self.encoding or "", self.mapping.delimiter, self.header or ())
            case "jsonl":
                return jsonl_rows(self.file, self.encoding or "")
            case "json":
                return json_rows(self.file, self.encoding or "")
            case _:
                return parquet_rows(self.file)


@dataclass(frozen=True)
class Records(Sourced):
    """A folder of records or a database, looked through but not yet read: `sources` by table. Rows are read each time they are asked for.

    `folder` is None for a database. `not_read` names the other files in the folder, hidden ones apart, or the tables that are named like
    those of records: one that is misnamed would be missed without a word.
    """

    folder: Path | None
    sources: Mapping[str, Source | StoredTable]
    words: Mapping[str, Vocabulary] = field(repr=False, compare=False)
    progress: Progress | None = field(default=None, repr=False, compare=False)
    not_read: tuple[str, ...] = ()


@takes(RecordError, folder=RECORDS, mapping=optional(PATH), progress=optional(TOLD))
def read_records(
    folder: str | Path,
    *,
    book: AnyBook | None = None,
    mapping: str | Path | None = None,
    progress: Progress | None = None,
    assessed: bool = False,
) -> Records:
    """The records of a folder: `items.*`, `applications.*`, `cases.*`, as CSV, JSON Lines, a JSON list (each also .gz) or Parquet.

    What happened to cases on the way stands in `pauses.*`, `extensions.*` and, where the book has clocks that run on the rows of another
    table of its own, in that table's file (`stages.*`). With `assessed` the folder also has what scores and grades read: `staff.*`,
    `window.*`, `events.*`, any other table of the book, and by the name of its scheme what was published (`staff_year.*`).

    Columns are named by the facts that `book` declares (default: the standard ones), by id or Chinese label; a mapping file (`mapping`, or
    `mapping.yaml` in the folder) says so where they are named otherwise. Text is UTF-8 with or without BOM, or GB18030. Only plain files
    in the folder itself are read, no links. Values are read when the rows are; moments without an offset stay without.
    Instead of a folder it may be a database, `postgresql://user@host/name` or `mysql://..`: its tables by the same names, or the tables and
    queries that `mapping` names, read as they stand at this moment; rows are numbered by `order_by:` in the mapping, or the primary key.
    Raises RecordError where there is nothing to read, a file cannot be read, a header names a column twice or no fact at all;
    a MappingError (one of them) carries every fault of the mapping file; MissingPackage for Parquet without a reader.

    >>> import tempfile
    >>> from govservice.records import Row
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "items.csv").write_text("事项编码,办件类型\\nA1,即办件\\nA2,立等\\n", encoding="utf-8")
    ...     for row in read_records(folder).rows("items"):
    ...         print(row.facts if isinstance(row, Row) else row.text("zh"))
    {'item': 'A1', 'case_type': 'instant'}
    items.csv:3: A2: 办件类型: '立等'不是可用的取值；可用：即办件、承诺件、联办件、报批件、特办件、补办件、退回件、急办件、其他
    """
    book = book_of(book if book is not None else "standard")
    words = vocabulary(book.contents, assessed=assessed)
    address = as_address(folder)
    if address is not None:
        tables, others = stored_tables(address, book.contents, words, mapping)
        return Records(None, tables, words, progress, others)
    folder = Path(folder)
    names = _names(folder)
    mapped = _mapped(folder, names, mapping, words)
    files = {table: _file(folder, names, table, mapped.get(table), known.label) for table, known in words.items()}
    present = {table: file for table, file in files.items() if file is not None}
    if not present:
        raise _nothing(folder, names)
    sources = {}
    for table, file in present.items():
        if progress is not None:
            progress(file.name, 0, None)
        sources[table] = source_of(table, file, mapped.get(table, TableMapping()))
    check_headers(sources, words, Path(mapping).name if mapping else MAPPING)
    return Records(folder, sources, words, progress, _not_read(folder, names, sources, mapping))


def _not_read(folder: Path, names: list[str], sources: Mapping[str, Source], mapping: str | Path | None) -> tuple[str, ...]:
    read = {source.file.name for source in sources.values()} | {MAPPING if mapping is None else ""}
    given = Path(mapping).resolve() if mapping is not None else None
    others = (folder / name for name in names if name not in read and not name.startswith("."))
    return tuple(file.name for file in others if file.is_file() and file.resolve() != given)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in folder.iterdir())
    except OSError as error:
        raise RecordError(
            Words("the folder of records cannot be read", "记录文件夹无法读取"),
            why=system_says(error),
            file=str(folder),
        ) from None


def _mapped(folder: Path, names: list[str], given: str | Path | None, words: Mapping[str, Vocabulary]) -> Mapping[str, TableMapping]:
    if given is not None:
        return read_mapping(Path(given), words)
    return read_mapping(folder / MAPPING, words) if MAPPING in names else {}


def _file(folder: Path, names: list[str], table: str, mapped: TableMapping | None, label: Words) -> Path | None:
    """The file of a table: as the mapping says, else the one of its name."""
    if mapped is not None and mapped.file is not None:
        _format(folder / mapped.file)
        return folder / mapped.file
    fitting = [name for name in names if name.lower() in {f"{table}.{ending}" for ending in FORMATS}]
    if len(fitting) > 1:
        listed = ", ".join(fitting)
        raise RecordError(
            Words(f"several files of {table}: {listed}", f"{label.zh}有几个文件：{listed}"),
            hint=Words(f"keep one, or name it in {MAPPING}", f"请只留一个，或在 {MAPPING} 中写明"),
            file=str(folder),
        )
    return folder / fitting[0] if fitting else None


def _format(file: Path) -> str:
    for ending in FORMATS:
        if file.name.lower().endswith(f".{ending}"):
            return ending.removesuffix(".gz")
    listed = ", ".join(FORMATS)
    raise RecordError(
        Words("the name does not say what kind of file it is", "从文件名看不出文件类型"),
        hint=Words(f"it should end in one of: {listed}", f"扩展名应为：{listed}"),
        file=file.name,
    )


def _nothing(folder: Path, names: list[str]) -> RecordError:
    expected = [f"{table}.csv" for table in TABLES]
    close = next((f'"{name}" → "{hit}"' for name in names if (hit := closest(name, expected))), None)
    hint = Words(f"call a file {', '.join(expected)}", f"请把文件命名为 {'、'.join(expected)}")
    if close:
        hint = Words(f"rename {close}?", f"是否改名：{close}？")
    return RecordError(Words("no records are in the folder", "文件夹里没有记录"), hint=hint, file=str(folder))


def source_of(table: str, file: Path, mapping: TableMapping) -> Source:
    """A file of one table, looked through. Raises RecordError, MissingPackage."""
    kind = _format(file)
    plain_file(file)
    try:
        if kind == "parquet":
            parquet_packages(file)
            return Source(table, file, kind, mapping=mapping)
        seen = survey(file)
        header = csv_header(file, seen.encoding, mapping.delimiter) if kind == "csv" else None
    except OSError as error:
        raise trouble(file, error) from None
    rows = None if kind == "json" else max(seen.lines - (kind == "csv"), 0)
    return Source(table, file, kind, seen.encoding, header, rows, mapping, seen.ended or kind != "csv")
