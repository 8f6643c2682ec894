"""Rows handed over by a program, by table: lists, frames or iterators of mappings; read one by one, as those of a folder are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import isfinite
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import RecordError, Words, did_you_mean
from govservice.reading import shown
from govservice.reading.common import is_record, own_facts
from govservice.reading.frames import is_read_once, is_table, no_rows, rows_of
from govservice.records.folder import Records, read_records
from govservice.records.mapped import TableMapping
from govservice.records.reader import ZONE
from govservice.records.rows import RawRow
from govservice.records.sources import Progress, Sourced
from govservice.records.vocabulary import Vocabulary, vocabulary

if TYPE_CHECKING:
    from govservice.rules.rulebook import Rulebook

__all__ = ["GivenRecords", "GivenTable", "records_of"]

_DEEPEST: Final = 20  # lists within lists: no record nests so deep
_NO_MAPPING: Final = TableMapping(columns=MappingProxyType({}))


@dataclass(frozen=True)
class GivenTable:
    """One table as it was handed over: its name is also where its rows are said to stand.

    What can be read once only (an iterator, a stream) is kept as it is read, for ids are looked through before rows are used.
    """

    table: str
    given: Any
    encoding: None = None
    rows: None = None
    mapping: TableMapping = _NO_MAPPING
    ended: bool = True

    @property
    def name(self) -> str:
        """What stands for the name of a file."""
        return self.table

    def raw(self) -> Iterator[RawRow]:
        """The rows, numbered from 1."""
        return iter(self._kept) if is_read_once(self.given) else self._rows()

    @cached_property
    def _kept(self) -> tuple[RawRow, ...]:
        return tuple(self._rows())

    def _rows(self) -> Iterator[RawRow]:
        return (_raw(number, given) for number, given in enumerate(rows_of(self.given) or (), 1))


@dataclass(frozen=True)
class GivenRecords(Sourced):
    """Rows by table, not yet read: what `Records` is for a folder.

    `not_read` names the tables that the main job does not read, such as the events of an assessment.
    """

    sources: Mapping[str, GivenTable]
    words: Mapping[str, Vocabulary]
    progress: Progress | None = None
    not_read: tuple[str, ...] = ()
    zone: str = ZONE

    @property
    def folder(self) -> None:
        """They stand in none."""
        return None


def records_of(given: object, book: Rulebook, progress: Progress | None = None, *, zone: str | None = None) -> Records | GivenRecords:
    """Records as the main job reads them: of `read_records`, of a folder by its path, or rows by table.

    Tables go by the name of their file or of their table in the book, or by its label: items, applications, cases, pauses .. . Raises
    RecordError for anything else, a table that the book does not have, or one that is given twice.

    >>> from govservice import load_rulebook
    >>> rows = records_of({"办件": [{"办件编号": "C1"}]}, load_rulebook("kunshan")).rows("cases")
    >>> [row.facts for row in rows]
    [{'case': 'C1'}]
    """
    if isinstance(given, Records | GivenRecords):
        return given
    if isinstance(given, str | Path):
        return read_records(given, book=book, progress=progress, zone=zone)
    if not isinstance(given, Mapping):
        raise RecordError(
            Words(f"records are a folder, or rows by table, not {shown(given)}", f"记录应为文件夹或按表给出的各行，不能是{shown(given)}"),
            hint=Words('such as {"cases": [{"case": "C1"}]}', '例如 {"cases": [{"case": "C1"}]}'),
        )
    words = vocabulary(book.contents)
    read, others = _named(given, book, words)
    return GivenRecords({name: GivenTable(name, table) for name, table in read.items()}, words, progress, tuple(others), zone or ZONE)


def _named(given: Mapping[Any, Any], book: Rulebook, words: Mapping[str, Vocabulary]) -> tuple[dict[str, Any], list[str]]:
    """The tables that are read, by the name of their file, and the others that the book has."""
    contents = book.contents
    homes = {table: records for records, names in words.items() for table in (records, names.table, names.label.zh)}
    read: dict[str, Any] = {}
    others: list[str] = []
    for name, table in given.items():
        records = homes.get(name) or homes.get(contents.labels.get(name, ""))
        if records is None and not (contents.labels.get(name, name) in contents.tables or name in contents.schemes):
            hint = did_you_mean(str(name), [*homes, *contents.tables], Words(f"it has: {', '.join(words)}", f"它有：{'、'.join(words)}"))
            raise RecordError(Words(f'no table "{name}" in {book.id}', f"{book.id} 没有“{name}”这个表"), hint=hint, id=str(name))
        if records is None:
            others.append(str(name))
        elif records in read:
            raise RecordError(Words(f"{records} are given twice", f"{words[records].label.zh}给了两次"), id=str(name))
        else:
            _check_table(records, table)
            read[records] = table
    return {name: read[name] for name in words if name in read}, others


def _check_table(name: str, table: object) -> None:
    if not is_table(table):
        raise no_rows(name, table)


def _raw(number: int, given: Any) -> RawRow:
    """A row by its texts as names, as a file has it; one that is no mapping, or gives a name twice, with its fault."""
    row = given if isinstance(given, Mapping) else own_facts(given)
    if not isinstance(row, Mapping):
        return RawRow(number, {"": shown(row)}, Words("no mapping of names and values", "不是名称和值的对应"))
    values: dict[str, object] = {}
    twice = False
    for place, (key, value) in enumerate(row.items(), 1):
        name = (key if isinstance(key, str) else shown(key)).strip()
        twice |= name in values
        values[name if name not in values else f"{name} ({place})"] = _as_in_a_file(value)
    return RawRow(number, values, Words("a name is given twice", "同一个名称写了两次") if twice else None)


def _as_in_a_file(value: object, depth: int = 0) -> object:
    """A value as a JSON file gives it: exact decimals for floats, lists for tuples, mappings for models; what nests deeper as it is."""
    if isinstance(value, float) and isfinite(value):
        return Decimal(float.__repr__(value))
    if depth > _DEEPEST or isinstance(value, str | Words):
        return value
    if isinstance(value, list | tuple):
        return [_as_in_a_file(part, depth + 1) for part in value]
    if isinstance(value, Mapping):
        return {name: _as_in_a_file(part, depth + 1) for name, part in value.items()}
    return _as_in_a_file(own_facts(value), depth + 1) if is_record(value) else value
