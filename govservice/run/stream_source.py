"""The cases that a stream reads: their files or tables, how many rows each has, and those rows a block at a time, from any row on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import RecordError, Words
from govservice.plain_files import file_digest, system_says
from govservice.records import Row
from govservice.records.addresses import address_of
from govservice.records.files import FORMATS, Source, source_of
from govservice.records.folder import Records
from govservice.records.mapped import TableMapping
from govservice.records.rows import RawRow
from govservice.records.stored import StoredTable, stored_tables
from govservice.records.vocabulary import Vocabulary

if TYPE_CHECKING:
    import polars as pl

    from govservice.rules.book.contents import Contents

__all__ = ["Cases", "cases_in_database", "cases_of", "columns_of", "digest_of", "frame_blocks", "items_of", "raw_blocks", "rows_in"]

_TABLE: Final = "cases"


@dataclass(frozen=True)
class Cases:
    """The files of cases in order, or their table in a database, and the items."""

    sources: tuple[Source | StoredTable, ...]
    items: Source | StoredTable | None

    def contents(self, inside: Path | None) -> dict[str, str]:
        """What all of it holds, in short, by the path within a folder or the name in the database."""
        return dict(_content(source, inside) for source in (*self.sources, *((self.items,) if self.items is not None else ())))


def _content(source: Source | StoredTable, inside: Path | None) -> tuple[str, str]:
    if isinstance(source, StoredTable):
        return source.name, source.content[1]
    return source.file.relative_to(inside or source.file.parent).as_posix(), digest_of(source.file)


def cases_in_database(url: str, contents: Contents, words: Mapping[str, Vocabulary], mapping: str | Path | None) -> Cases:
    """The cases of a database and their items: what the mapping names and nothing else, or without one the tables of these names.

    Raises RecordError where there are none, where without a mapping other tables are there that might move a case's clock, or where a
    mapping says what columns mean: a query can.
    """
    tables, _ = stored_tables(url, contents, words, mapping, named_alone=True)
    at = address_of(url).place
    if others := [table for table in tables if table not in ("items", _TABLE)]:
        listed, zh = ", ".join(others), "、".join(others)
        raise RecordError(
            Words(f"a stream reads cases and items alone: {at} has {listed} too", f"流式运行只读办件和事项：{at} 里还有 {zh}"),
            hint=Words(
                "run without --stream, or name cases in a mapping: then nothing else is read",
                "请不加 --stream 运行，或在映射文件中写明 cases，其余的就不读",
            ),
        )
    if _TABLE not in tables:
        raise RecordError(
            Words(f"no records of cases are in {at}", f"{at} 里没有办件记录"),
            hint=Words("name cases in a mapping", "请在映射文件中写明 cases"),
        )
    for name, table in tables.items():
        if keys := table.mapping.meanings:
            listed, zh = " and no ".join(keys), "、".join(keys)
            raise RecordError(
                Words(f"a stream takes no {listed} in a mapping", f"流式运行的映射不能写 {zh}"),
                hint=Words('name the columns in a query: SELECT number AS "case" ..', '请在 query 中给列改名：SELECT number AS "case" ..'),
                id=name,
            )
    return Cases((tables[_TABLE],), tables.get("items"))


def cases_of(records: Path, words: Mapping[str, Vocabulary]) -> Cases:
    """The files of cases: a file; a folder with `cases.*` or with parts in `cases/`, and `items.*`; or a folder of parts of any name.

    Raises RecordError where there are none, where other tables lie beside them that might move a case's clock, or where a mapping does.
    """
    if records.is_file():
        return Cases((source_of(_TABLE, records, TableMapping()),), None)
    files = _files(records)
    named: dict[str, list[Path]] = {}
    for file in files:
        named.setdefault(file.name.lower().partition(".")[0], []).append(file)
    if "mapping" in named:
        raise _whole(records, Words("a mapping.yaml stands in the folder", "文件夹里有 mapping.yaml"))
    if others := [table for table in words if table not in ("items", _TABLE) and table in named]:
        listed, zh = ", ".join(others), "、".join(others)
        raise _whole(records, Words(f"it has {listed} too, which cases are joined with", f"里面还有 {zh}，要与办件对照"))
    if len(named.get(_TABLE, ())) > 1:
        raise RecordError(
            Words("several files of cases", "有几个办件文件"),
            hint=Words("put the parts into a folder cases", "请把各部分放进 cases 文件夹"),
            file=str(records),
        )
    items = [file for file in named.get("items", ()) if _is_table(file)]
    parts = named.get(_TABLE) or (_files(records / _TABLE) if (records / _TABLE).is_dir() else [f for f in files if f not in items])
    parts = [file for file in parts if _is_table(file)]
    if not parts:
        raise RecordError(
            Words("no records of cases are in the folder", "文件夹里没有办件记录"),
            hint=Words(
                "a file cases.parquet, a folder cases of parts, or the parts themselves", "请放 cases.parquet、cases 文件夹，或各部分文件"
            ),
            file=str(records),
        )
    sources = tuple(source_of(_TABLE, file, TableMapping()) for file in parts)
    return Cases(sources, source_of("items", items[0], TableMapping()) if items else None)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith((".", "_")))
    except OSError as error:
        raise RecordError(Words("the records cannot be read", "记录无法读取"), why=system_says(error), file=str(folder)) from None


def _is_table(file: Path) -> bool:
    return any(file.name.lower().endswith(f".{ending}") for ending in FORMATS)


def _whole(folder: Path, what: Words) -> RecordError:
    return RecordError(
        Words(f"a stream reads cases and items alone: {what.en}", f"流式运行只读办件和事项：{what.zh}"),
        hint=Words("run without --stream", "请不加 --stream 运行"),
        file=str(folder),
    )


def items_of(cases: Cases, words: Mapping[str, Vocabulary]) -> tuple[dict[str, Mapping[str, object]], int]:
    """The facts of every item by its id, and how many rows of items could not be used."""
    if cases.items is None:
        return {}, 0
    records = Records(None, {"items": cases.items}, words)
    rows = list(records.rows("items"))
    read = {row.id: row.facts for row in rows if isinstance(row, Row)}
    return read, len(rows) - len(read)


def rows_in(source: Source | StoredTable) -> int | None:
    """How many rows there are, where that can be said without reading them here."""
    if isinstance(source, StoredTable):
        return source.content[0]
    if source.format != "parquet":
        return None
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        return None
    try:
        with parquet.ParquetFile(source.file) as table:
            return int(table.metadata.num_rows)
    except (OSError, ArrowException) as error:
        raise RecordError(Words("the file cannot be read as Parquet", "文件不是可读的 Parquet"), why=str(error), file=source.name) from None


def columns_of(source: Source | StoredTable) -> tuple[str, ...] | None:
    """The columns of what names them in one place."""
    if isinstance(source, StoredTable) or source.format != "parquet":
        return source.header
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        import polars

        return tuple(polars.read_parquet_schema(source.file))
    try:
        with parquet.ParquetFile(source.file) as table:
            return tuple(table.schema_arrow.names)
    except (OSError, ArrowException) as error:
        raise RecordError(Words("the file cannot be read as Parquet", "文件不是可读的 Parquet"), why=str(error), file=source.name) from None


def raw_blocks(source: Source | StoredTable, first: int, rows: int) -> Iterator[list[RawRow]]:
    """The rows as they stand, so many at a time, from one on."""
    rest = source.raw(first) if isinstance(source, StoredTable) else islice(source.raw(), first, None)
    while block := list(islice(rest, rows)):
        yield block


def frame_blocks(source: Source, first: int, rows: int, columns: list[str]) -> Iterator[pl.DataFrame]:
    """Some columns of a Parquet file as frames of so many rows, from one row on; row groups before it are not read."""
    import polars as pl
    from pyarrow import ArrowException, Table, parquet

    try:
        with parquet.ParquetFile(source.file) as table:
            groups, skip = _from_row(table.metadata, first)
            held: list[Any] = []
            size = 0
            for batch in table.iter_batches(batch_size=min(rows, _BATCH), row_groups=groups, columns=columns):
                part = batch.slice(min(skip, batch.num_rows))
                skip -= batch.num_rows - part.num_rows
                while part.num_rows:
                    taken = part.slice(0, rows - size)
                    held.append(taken)
                    size += taken.num_rows
                    part = part.slice(taken.num_rows)
                    if size == rows:
                        yield pl.DataFrame(pl.from_arrow(Table.from_batches(held)))
                        held, size = [], 0
            if held:
                yield pl.DataFrame(pl.from_arrow(Table.from_batches(held)))
    except (OSError, ArrowException) as error:
        raise RecordError(Words("the file cannot be read as Parquet", "文件不是可读的 Parquet"), why=str(error), file=source.name) from None


_BATCH: Final = 65_536


def _from_row(metadata: Any, first: int) -> tuple[list[int], int]:
    """The row groups from the one that holds a row on, and how many rows of it come before."""
    before = 0
    for group in range(metadata.num_row_groups):
        size = metadata.row_group(group).num_rows
        if before + size > first:
            return list(range(group, metadata.num_row_groups)), first - before
        before += size
    return [], 0


def digest_of(file: Path) -> str:
    """SHA-256 of a file. Raises RecordError."""
    try:
        return file_digest(file)
    except OSError as error:
        raise RecordError(Words("the file cannot be read", "文件无法读取"), why=system_says(error), file=file.name) from None
