"""Tables and queries of a database as tables of records: found by name or as the mapping says, their rows in an order of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Final

from govservice.clockwork.course import meant_table
from govservice.clockwork.history import MOVING
from govservice.echo import shown
from govservice.errors import Fault, RecordError, Words, closest, did_you_mean
from govservice.records.addresses import Address, address_of
from govservice.records.faults import MappingError
from govservice.records.headers import check_headers, no_column
from govservice.records.mapped import TableMapping
from govservice.records.mapping import read_mapping
from govservice.records.rows import RawRow
from govservice.records.servers import Place, Server
from govservice.records.vocabulary import Vocabulary
from govservice.rules.book.contents import Contents

__all__ = ["StoredTable", "stored_tables"]

_EVERY: Final = 2**63 - 1  # rows


@dataclass(frozen=True)
class StoredTable:
    """One table of records in a database: its columns, and its rows in order, numbered from 1; `kind` is the database's.

    `select` gives every row. Rows are in the order of `order_by`, else of the primary key; where these leave any open, or there are none,
    rows of another content are in the order of that: it is the same for as long as the rows are.
    """

    table: str
    name: str
    kind: str
    header: tuple[str, ...]
    select: str
    source: str
    mapping: TableMapping
    server: Server = field(repr=False, compare=False)
    rows: None = None
    ended: bool = True
    header_line: None = None

    @property
    def encoding(self) -> str:
        """What stands where a file has its encoding."""
        return self.kind

    @property
    def format(self) -> str:
        """It is no file."""
        return "database"

    def raw(self, first: int = 0) -> Iterator[RawRow]:
        """The rows as they stand, from the first or a later one on."""
        statement = f"{self.select} LIMIT {_EVERY} OFFSET {first}" if first else self.select
        number = first
        for block in self.server.blocks(statement):
            for row in block:
                number += 1
                yield RawRow(number, dict(zip(self.header, row, strict=True)))

    @cached_property
    def content(self) -> tuple[int, str]:
        """How many rows there are, and a digest of them and their order: another one where anything is another. The database looks
        through all of them for it.
        """
        rows, total = self.server.count(self.source, self.header)
        return rows, hashlib.sha256(f"{self.select}\n{self.header}\n{rows}\n{total}".encode()).hexdigest()


def server_at(address: Address, *, writing: bool = False) -> Server:
    """The database at an address, connected: to be read, or with `writing` to take results. Raises RecordError, MissingPackage."""
    if address.dialect == "postgresql":
        from govservice.records.postgres import Postgres

        return Postgres(address, writing=writing)
    from govservice.records.mariadb import MariaDB

    return MariaDB(address, writing=writing)


def stored_tables(
    url: str, contents: Contents, words: Mapping[str, Vocabulary], mapping: str | Path | None, *, named_alone: bool = False
) -> tuple[dict[str, StoredTable], tuple[str, ...]]:
    """The tables of records in a database, and those that are not read and may be meant for one.

    `mapping` is a file that says where they stand; one that it does not mention is the table or view of its name, where there is one -
    with `named_alone` it is not read, where the mapping mentions any. Raises RecordError, MappingError, MissingPackage.
    """
    address = address_of(url)
    mapped = read_mapping(Path(mapping), words, stored=True) if mapping is not None else {}
    file = Path(mapping).name if mapping else ""
    server = server_at(address)
    try:
        finding = _Finding(server, contents, words, mapped, file, named_alone=named_alone and bool(mapped))
        tables, others = finding.tables()
        check_headers(tables, words, file)
    except BaseException:
        server.close()  # an error is kept longer than a database may be held
        raise
    return tables, others


class _Finding:
    def __init__(
        self, server: Server, contents: Contents, words: Mapping[str, Vocabulary], mapped: Mapping[str, TableMapping], file: str, *,
        named_alone: bool,
    ) -> None:  # fmt: skip
        self.server, self.contents, self.words, self.mapped, self.file = server, contents, words, mapped, file
        self.named_alone = named_alone
        self.faults: list[Fault] = []
        self.at_hand = server.tables(None)

    def tables(self) -> tuple[dict[str, StoredTable], tuple[str, ...]]:
        found = {table: self._table(table, self.mapped.get(table)) for table in self.words}
        if self.faults:
            raise MappingError(self.faults)
        read = {table: stored for table, stored in found.items() if stored is not None}
        if not read:
            raise self._nothing()
        return read, self._not_read(read)

    def _table(self, table: str, mapped: TableMapping | None) -> StoredTable | None:
        if mapped is None and self.named_alone:
            return None
        mapped = mapped or TableMapping()
        if mapped.stored.query is not None:
            return self._made(table, table, mapped.stored.query, mapped)
        place = self._place(table, mapped)
        return None if place is None else self._made(table, place.shown, place, mapped)

    def _place(self, table: str, mapped: TableMapping) -> Place | None:
        """Where a table stands: as the mapping says, else by its own name."""
        asked = mapped.stored.table
        if asked is None:
            fitting = [name for name in self.at_hand if name.lower() == table]
            if len(fitting) > 1 and table not in fitting:
                raise self._several(table, fitting)
            name = table if table in fitting else next(iter(fitting), None)
            return Place(None, name) if name is not None else None
        schema, dot, name = asked.partition(".")
        place = Place(schema, name) if dot and asked not in self.at_hand else Place(None, asked)
        known = self.at_hand if place.schema is None else self.server.tables(place.schema)
        if place.name in known:
            return place
        near = closest(place.name, known)
        listed = ", ".join(known[:_LISTED]) or "-"
        hint = did_you_mean(asked, [Place(place.schema, near).shown] if near else (), cutoff=0)
        at = self.server.address.place
        what = Words(f"{at} has no table {shown(asked)}", f"{at} 没有“{asked}”这个表")
        otherwise = Words(f"it has: {listed}", f"它有：{listed}")
        self.faults.append(Fault(what, hint=hint if near else otherwise, file=self.file, line=mapped.stored.line, id=f"{table}.table"))
        return None

    def _made(self, table: str, name: str, given: Place | str, mapped: TableMapping) -> StoredTable | None:
        source = self.server.source(given)
        header = self.server.columns(source)
        twice = dict.fromkeys(column for column in header if header.count(column) > 1)
        if twice:
            listed = ", ".join(twice)
            what = Words(f"columns that the query gives twice: {listed}", f"查询结果中重复的列：{listed}")
            self.faults.append(Fault(what, file=self.file, line=mapped.stored.line, id=f"{table}.query"))
            return None
        faults = [
            no_column(column, header, name, self.file, mapped.stored.order_line, f"{table}.order_by")
            for column in mapped.stored.order_by
            if column not in header
        ]
        self.faults += faults
        key = self.server.key(given) if isinstance(given, Place) else ()
        order = mapped.stored.order_by or key or self._ids(table, header, mapped)
        order = tuple(dict.fromkeys((*order, *key)))
        select = "" if faults else self.server.select(source, header, order, whole=bool(key))
        return StoredTable(table, name, self.server.address.dialect, header, select, source, mapped, self.server)

    def _ids(self, table: str, header: tuple[str, ...], mapped: TableMapping) -> tuple[str, ...]:
        """The column that names the rows."""
        words, columns = self.words[table], dict(mapped.columns)
        if words.id in columns:
            return tuple(column for column in (columns[words.id].column,) if column in header)
        return tuple(column for column in header if words.fact(column) == words.id)[:1]

    def _several(self, table: str, fitting: list[str]) -> RecordError:
        listed = ", ".join(fitting)
        return RecordError(
            Words(f"several tables of {table}: {listed}", f"{self.words[table].label.zh}有几个表：{listed}"),
            hint=Words("say table: in the mapping", "请在映射文件中写明 table"),
        )

    def _nothing(self) -> RecordError:
        at = self.server.address.place
        wanted = ", ".join(islice(self.words, 3))
        pair = next((f'"{name}" → "{near}"' for name in self.at_hand if (near := closest(name.lower(), self.words))), None)
        hint = Words(f"say in a mapping where {wanted} are", f"请在映射文件中写明 {wanted} 在哪里")
        if pair is not None:
            hint = Words(f"{hint.en}: {pair}?", f"{hint.zh}：是不是 {pair}？")
        return RecordError(Words(f"no records are in {at}", f"{at} 里没有记录"), hint=hint)

    def _not_read(self, read: Mapping[str, StoredTable]) -> tuple[str, ...]:
        """The tables whose names are like those of a table of records; a database has others that nobody means."""
        taken = {stored.name for stored in read.values()}
        return tuple(name for name in self.at_hand if name not in taken and self._may_be_meant(name))

    def _may_be_meant(self, name: str) -> bool:
        return name.lower() in self.words or meant_table(name, self.contents)[0] in MOVING or closest(name.lower(), self.words) is not None


_LISTED: Final = 10
