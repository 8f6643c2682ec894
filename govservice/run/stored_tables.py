"""Results as tables of a database: all of them or nothing, in the place of those of an earlier run that nobody changed since."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Any, Final

from govservice.errors import Lang, RecordError, Words
from govservice.records.addresses import address_of
from govservice.records.servers import Place, Server
from govservice.records.stored import server_at
from govservice.run.column_kinds import ColumnKind, kind_of, text_of
from govservice.run.figures import figures
from govservice.run.results import Run
from govservice.run.writing import MARK, Table, tables_of

__all__ = ["columns_of", "kept_text", "made", "open_for_results", "put_tables", "write_into"]

_WRITTEN: Final = ("name", "made_by", "row_count", "content")
_TYPES: Final[Mapping[str, Mapping[str, str]]] = {
    "postgresql": {"boolean": "boolean", "date": "date", "integer": "bigint", "decimal": "numeric", "text": "text"},
    "mysql": {
        "boolean": "boolean", "date": "date", "integer": "bigint", "decimal": "decimal(65, {scale})",
        "text": "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
    },
}  # fmt: skip
_WHOLE, _BEHIND = 35, 30  # digits of a decimal(65, 30)


@contextmanager
def open_for_results(url: str, prefix: str) -> Iterator[Server]:
    """The database at an address, for the results of one command, whose tables begin alike. Raises RecordError where another run writes."""
    server = server_at(address_of(url), writing=True)
    try:
        if not server.hold(f"govservice {prefix}"):
            raise RecordError(Words("another run is writing there", "另一次运行正在写这个数据库"), file=server.address.place)
        yield server
    finally:
        server.close()


def write_into(run: Run, url: str, *, lang: Lang) -> tuple[str, ...]:
    """See `Run.write_into`."""
    return put_tables(url, tables_of(run, lang), figures(run, lang), prefix="run_", mark=MARK, lang=lang)


def put_tables(url: str, tables: Mapping[str, Table], summary: Mapping[str, Any], *, prefix: str, mark: str, lang: Lang) -> tuple[str, ...]:
    """Write tables and a summary into a database, under names that begin with `prefix`; gives the names.

    PostgreSQL keeps all of it or nothing; MariaDB and MySQL, which cannot take back a table, fill new ones and exchange them in one step.
    `<prefix>written` says what each table holds. Raises RecordError where a table of such a name is somebody else's or was changed since,
    and for whatever the database refuses.
    """
    with open_for_results(url, prefix) as server:
        names = {f"{prefix}{name.removesuffix('.csv')}": table for name, table in tables.items()}
        ours = _ours(server, prefix, mark)
        _refuse_others(server, (*names, f"{prefix}summary", f"{prefix}written"), ours)
        token = token_hex(8)
        told = []
        told_of = [(name, json.dumps(value, ensure_ascii=False, default=str)) for name, value in summary.items()]
        text = ColumnKind("text")
        for name, (ids, _, rows) in (*names.items(), (f"{prefix}summary", (("name", "value"), (), told_of))):
            new = f"{name}__{token}_new"
            _fill(server, new, ids, rows, lang)
            told.append((name, mark, *server.count(server.source(Place(None, new)), ids)))
        written = f"{prefix}written"
        made(server, f"{written}__{token}_new", {"name": text, "made_by": text, "row_count": ColumnKind("integer"), "content": text})
        server.put(f"{written}__{token}_new", _WRITTEN, told)
        _exchange(server, [*(row[0] for row in told), written], sorted(ours), token)
    return tuple(names)


def _fill(server: Server, name: str, ids: Sequence[str], rows: Iterable[Iterable[object]], lang: Lang) -> None:
    """Make a table of columns of their kinds and put the rows in."""
    held = [tuple(row) for row in rows]
    columns = [[row[place] for row in held] for place in range(len(ids))]
    kinds = [kind_of(id, values, whole=_WHOLE, behind=_BEHIND) for id, values in zip(ids, columns, strict=True)]
    made(server, name, dict(zip(ids, kinds, strict=True)))
    for place in (place for place, kind in enumerate(kinds) if kind.name == "text"):
        columns[place] = [None if value is None else kept_text(text_of(value, lang)) for value in columns[place]]
    server.put(name, ids, zip(*columns, strict=True) if held else ())


def made(server: Server, name: str, kinds: Mapping[str, ColumnKind], *, more: str = "") -> None:
    """Make a table; `more` stands before its name (`IF NOT EXISTS`)."""
    types = _TYPES[server.address.dialect]
    listed = ", ".join(f"{server.quote(id)} {types[kind.name].format(scale=kind.scale)}" for id, kind in kinds.items())
    engine = " ENGINE = InnoDB" if server.address.dialect == "mysql" else ""
    server.do(f"CREATE TABLE {more}{server.quote(name)} ({listed}){engine}")


def kept_text(text: str | None) -> str | None:
    """A text as a database takes it: half of a character, and NUL, are written out.

    >>> kept_text("a\\0b")
    'a\\\\x00b'
    """
    return None if text is None else text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")


def columns_of(server: Server, name: str) -> tuple[str, ...]:
    """The columns of a table."""
    return server.columns(server.source(Place(None, name)))


def _ours(server: Server, prefix: str, mark: str) -> frozenset[str]:
    """The tables of an earlier result as they were written, `written` among them; what a writer left that was killed is removed."""
    there = server.tables(None)
    for left in (name for name in there if re.fullmatch(rf"{re.escape(prefix)}[a-z_]+__[0-9a-f]{{16}}_(new|old)", name)):
        server.do(f"DROP TABLE {server.quote(left)}")
    written = f"{prefix}written"
    if written not in there or columns_of(server, written) != _WRITTEN:
        return frozenset()
    rows, _ = server.ask(f"SELECT name, row_count, content FROM {server.quote(written)} WHERE made_by = %s", mark)
    told = {str(name): (int(count), str(content)) for name, count, content in rows}
    unchanged = {
        name
        for name, content in told.items()
        if name in there and server.count(server.source(Place(None, name)), columns_of(server, name)) == content
    }
    return frozenset((written, *unchanged)) if told else frozenset()


def _refuse_others(server: Server, names: Iterable[str], ours: frozenset[str]) -> None:
    there = {name.lower(): name for name in server.tables(None)}
    taken = [there[name] for name in names if name in there and there[name] not in ours]
    if taken:
        listed = ", ".join(taken)
        raise RecordError(
            Words(
                f"{listed} in the database is not of an earlier result, or was changed since",
                f"数据库里的 {listed} 不是以前的结果，或已改动",
            ),
            hint=Words("rename it, or name another database with --into", "请给它改名，或用 --into 另选数据库"),
            file=server.address.place,
        )


def _exchange(server: Server, names: Sequence[str], ours: Sequence[str], token: str) -> None:
    """The new tables take the names; those of the earlier result go."""
    quote = server.quote
    if server.address.dialect == "postgresql":
        for name in ours:
            server.do(f"DROP TABLE {quote(name)}")
        for name in names:
            server.do(f"ALTER TABLE {quote(f'{name}__{token}_new')} RENAME TO {quote(name)}")
        server.commit()
        return
    server.commit()
    steps = [f"{quote(name)} TO {quote(f'{name}__{token}_old')}" for name in ours]
    steps += [f"{quote(f'{name}__{token}_new')} TO {quote(name)}" for name in names]
    server.do(f"RENAME TABLE {', '.join(steps)}")
    for name in ours:
        server.do(f"DROP TABLE {quote(f'{name}__{token}_old')}")
