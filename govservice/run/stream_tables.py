"""The tables that a stream writes into a database: each part in one transaction, with a list of those that are done; a restart goes on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from govservice.errors import RecordError, Words
from govservice.records.servers import Server
from govservice.run.column_kinds import ColumnKind
from govservice.run.stored_tables import columns_of, kept_text, made
from govservice.run.stream_block import ASIDE, OUT, Worked
from govservice.run.stream_folder import MARK, differing

__all__ = ["PREFIX", "PartTables"]

PREFIX: Final = "stream_"
_CASES, _ASIDE, _PARTS, _WRITTEN = (f"{PREFIX}{name}" for name in ("cases", "set_aside", "parts", "written"))
_TEXT, _WHOLE = ColumnKind("text"), ColumnKind("integer")
_KINDS: Final[Mapping[str, Mapping[str, ColumnKind]]] = {
    _WRITTEN: {"made_by": _TEXT, "of": _TEXT, "finished": ColumnKind("boolean"), "told": _TEXT},
    _CASES: {"part": _WHOLE, **dict.fromkeys(OUT, _TEXT), "due_on": ColumnKind("date")},
    _ASIDE: {"part": _WHOLE, **dict.fromkeys(ASIDE, _TEXT), "line": _WHOLE},
    _PARTS: {"part": _WHOLE, "file": _TEXT, **dict.fromkeys(("first_row", "row_count", "out_count", "set_aside_count"), _WHOLE)},
}


class PartTables:
    """The parts of one stream in a database. `key` says what is streamed: the parts of another are never gone on with.

    Raises RecordError where a table of such a name is somebody else's, or holds other rows than the list of parts says.
    """

    def __init__(self, server: Server, key: Mapping[str, Any]) -> None:
        self.server, self.key = server, key
        there = {name.lower() for name in server.tables(None)}
        if _WRITTEN not in there:
            taken = [name for name in _KINDS if name in there]
            if taken:
                raise self._others(taken)
            self._begin()
        elif columns_of(server, _WRITTEN) != tuple(_KINDS[_WRITTEN]):
            raise self._others([_WRITTEN])
        told, _ = server.ask(f"SELECT {self._listed(_WRITTEN)} FROM {server.quote(_WRITTEN)}")
        if not told:
            self._begin()
        elif told[0][0] != MARK:
            raise self._others([_WRITTEN])
        elif other := differing(json.loads(told[0][1]), key):
            raise RecordError(
                Words(f"the tables hold the parts of another run: {other} differ", f"这些表里是另一次运行的部分结果：{other} 不同"),
                hint=Words(
                    "drop the tables stream_.., or name another database with --into", "请删除 stream_.. 各表，或用 --into 另选数据库"
                ),
                file=server.address.place,
            )
        for name in (_CASES, _ASIDE, _PARTS):
            made(server, name, _KINDS[name], more="IF NOT EXISTS ")
        server.commit()
        self.done = self._done()

    def _begin(self) -> None:
        """The table that says what is streamed comes first: whatever else is there by these names is then of this stream."""
        made(self.server, _WRITTEN, _KINDS[_WRITTEN], more="IF NOT EXISTS ")
        self.server.put(_WRITTEN, tuple(_KINDS[_WRITTEN]), [(MARK, json.dumps(self.key, ensure_ascii=False), False, None)])
        self.server.commit()

    def _done(self) -> list[dict[str, Any]]:
        server = self.server
        rows, _ = server.ask(f"SELECT {self._listed(_PARTS)} FROM {server.quote(_PARTS)} ORDER BY {server.quote('part')}")
        for table, place in ((_CASES, 4), (_ASIDE, 5)):
            part = server.quote("part")
            counted, _ = server.ask(f"SELECT {part}, count(*) FROM {server.quote(table)} GROUP BY {part}")
            if dict(counted) != {row[0]: row[place] for row in rows if row[place]}:
                raise RecordError(
                    Words(f"{table} holds other rows than were written", f"{table} 里的行与写入的不同"),
                    hint=Words("drop the tables stream_.. and stream anew", "请删除 stream_.. 各表，重新运行"),
                    file=server.address.place,
                )
        return [{"file": row[1], "first": row[2], "rows": row[3], "out": row[4], "set_aside": row[5]} for row in rows]

    def add(self, worked: Worked, source: str, first: int, rows: int) -> None:
        """Put one part into the tables, whole or not at all. Raises RecordError."""
        part = len(self.done) + 1
        told = {"file": source, "first": first, "rows": rows, "out": len(worked.out), "set_aside": len(worked.aside)}
        for name, table in ((_CASES, worked.out), (_ASIDE, worked.aside)):
            self.server.put(name, tuple(_KINDS[name]), ((part, *map(_cell, row)) for row in _rows(table)))
        self.server.put(_PARTS, tuple(_KINDS[_PARTS]), [(part, *told.values())])
        self.server.commit()
        self.done.append(told)

    def finish(self, more: Mapping[str, Any]) -> None:
        """Say that every row of the records is in the parts."""
        quote = self.server.quote
        self.server.do(f"UPDATE {quote(_WRITTEN)} SET {quote('finished')} = TRUE, {quote('told')} = %s", json.dumps(more))
        self.server.commit()

    def _listed(self, table: str) -> str:
        return ", ".join(map(self.server.quote, _KINDS[table]))

    def _others(self, taken: Iterable[str]) -> RecordError:
        listed = ", ".join(taken)
        return RecordError(
            Words(f"{listed} in the database is not of a stream of results", f"数据库里的 {listed} 不是流式运行的结果"),
            hint=Words("rename it, or name another database with --into", "请给它改名，或用 --into 另选数据库"),
            file=self.server.address.place,
        )


def _rows(table: Any) -> Iterable[tuple[Any, ...]]:
    """The rows of a frame, or of a list of them."""
    return table.iter_rows() if hasattr(table, "iter_rows") else table  # type: ignore[no-any-return]


def _cell(value: Any) -> Any:
    return kept_text(value) if isinstance(value, str) else value
