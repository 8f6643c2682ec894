"""A folder of records, or a database: what holds which table, what its columns mean, and its rows one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from govservice.doors import PATH, TEXT, TOLD, optional, takes
from govservice.errors import RecordError, Words, closest
from govservice.plain_files import system_says
from govservice.reading.zones import zone_of
from govservice.records.addresses import RECORDS, as_address
from govservice.records.files import FORMATS, Source, format_of, source_of
from govservice.records.gathered import rows_added
from govservice.records.headers import MAPPING, check_headers
from govservice.records.mapped import TableMapping
from govservice.records.mapping import read_mapping
from govservice.records.reader import ZONE
from govservice.records.rows import TABLES
from govservice.records.sources import Progress, Sourced
from govservice.records.stored import StoredTable, stored_tables
from govservice.records.vocabulary import Vocabulary, vocabulary
from govservice.rules.rulebook import AnyBook, book_of

__all__ = ["Records", "read_records"]


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
    zone: str = ZONE


@takes(RecordError, folder=RECORDS, mapping=optional(PATH), progress=optional(TOLD), zone=optional(TEXT))
def read_records(
    folder: str | Path,
    *,
    book: AnyBook | None = None,
    mapping: str | Path | None = None,
    progress: Progress | None = None,
    assessed: bool = False,
    zone: str | None = None,
) -> Records:
    """The records of a folder: `items.*`, `applications.*`, `cases.*`, as CSV, JSON Lines, a JSON list (each also .gz), Parquet or .xlsx.

    What happened to cases on the way stands in `pauses.*`, `extensions.*` and, where the book has clocks that run on the rows of another
    table of its own, in that table's file (`stages.*`). With `assessed` the folder also has what scores and grades read: `staff.*`,
    `window.*`, `events.*`, any other table of the book, and by the name of its scheme what was published (`staff_year.*`).

    Columns are named by the facts that `book` declares (default: the standard ones), by id or Chinese label; a mapping file (`mapping`, or
    `mapping.yaml` in the folder) says so where they are named otherwise. Text is UTF-8 with or without BOM, or GB18030. Only plain files
    in the folder itself are read, no links. Values are read when the rows are; moments without an offset stay without, save where the
    mapping says on which clock they are: then they are put to that of `zone` (default: Asia/Shanghai; give it that of your calendar).
    Instead of a folder it may be a database, `postgresql://user@host/name` or `mysql://..`: its tables by the same names, or the tables and
    queries that `mapping` names, read as they stand at this moment; rows are numbered by `order_by:` in the mapping, or the primary key.
    Raises RecordError where there is nothing to read, a file cannot be read, a header names a column twice or no fact at all;
    a MappingError (one of them) carries every fault of the mapping file; MissingPackage for Parquet or .xlsx without a reader.

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
    zone = ZONE if zone is None else zone_of(zone).key
    if address is not None:
        tables, others = stored_tables(address, book.contents, words, mapping)
        return Records(None, tables, words, progress, others, zone)
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
    for gathering in (gathering for source in sources.values() for gathering in source.mapping.gathered):
        rows_added(gathering, folder)
    return Records(folder, sources, words, progress, _not_read(folder, names, sources, mapping), zone)


def _not_read(folder: Path, names: list[str], sources: Mapping[str, Source], mapping: str | Path | None) -> tuple[str, ...]:
    read = {source.file.name for source in sources.values()} | {MAPPING if mapping is None else ""}
    read |= {gathering.file for source in sources.values() for gathering in source.mapping.gathered}
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
        format_of(folder / mapped.file)
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


def _nothing(folder: Path, names: list[str]) -> RecordError:
    expected = [f"{table}.csv" for table in TABLES]
    close = next((f'"{name}" → "{hit}"' for name in names if (hit := closest(name, expected))), None)
    hint = Words(f"call a file {', '.join(expected)}", f"请把文件命名为 {'、'.join(expected)}")
    if close:
        hint = Words(f"rename {close}?", f"是否改名：{close}？")
    return RecordError(Words("no records are in the folder", "文件夹里没有记录"), hint=hint, file=str(folder))
