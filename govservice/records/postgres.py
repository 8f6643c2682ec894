"""PostgreSQL as records are read from it: one transaction that only reads, a cursor on the server for each SELECT; and as it is written."""

from __future__ import annotations

import json
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from govservice.records.addresses import Address
from govservice.records.servers import PATIENCE, Place, Server, no_driver, unreached, unread, unwritten

__all__ = ["Postgres"]

_BLOCK: Final = 2_000  # rows
_SAID: Final = (
    "SET TimeZone = 'Asia/Shanghai'",
    "SET DateStyle = 'ISO'",
    "SET IntervalStyle = 'iso_8601'",
    "SET bytea_output = 'hex'",
    "SET extra_float_digits = 1",
    "SET cursor_tuple_fraction = 1",  # every row is read, not the first few
    "SET idle_in_transaction_session_timeout = 0",  # between two blocks they are worked through
)
_WRITING: Final = ("SET lock_timeout = '20s'",)  # a table that somebody reads is not waited for without end
_CALENDAR: Final = ("date", "timestamp", "timestamptz", "time", "timetz", "interval")
_PLAIN: Final = (str, bool, int, Decimal, date, time, type(None))


class Postgres(Server):
    """A PostgreSQL database. Moments with a time zone are put to Asia/Shanghai; a day that Python does not have stays a text."""

    denied: ClassVar[tuple[object, ...]] = ("42501",)

    def __init__(self, address: Address, *, writing: bool = False) -> None:
        super().__init__(address, writing=writing)
        try:
            import psycopg
        except ImportError:
            raise no_driver("PostgreSQL", "psycopg") from None
        given: dict[str, Any] = {
            "host": address.host, "port": address.port, "user": address.user, "password": address.password, "dbname": address.database,
            "connect_timeout": PATIENCE, **address.options,
        }  # fmt: skip
        self._error = psycopg.Error
        self._cursors = 0
        with self.told(psycopg.Error, unreached):
            self.connection: Any = psycopg.connect(**{name: value for name, value in given.items() if value is not None})
        weakref.finalize(self, self.connection.close)
        with self.told(psycopg.Error, unread):
            if not writing:
                self.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
                self.connection.read_only = True
            self.connection.prepare_threshold = None
            _read_as_written(self.connection)
            for statement in (*_SAID, *(_WRITING if writing else ())):
                self.connection.execute(statement)

    def quote(self, name: str) -> str:
        return '"{}"'.format(name.replace('"', '""'))

    def digest(self, columns: Sequence[str]) -> str:  # noqa: ARG002 - a row has a text of its own
        return "md5((r.*)::text)"

    def number(self, digits: str) -> str:
        return f"('x' || {digits})::bit(60)::bigint"

    def tables(self, schema: str | None) -> tuple[str, ...]:
        seen = "pg_table_is_visible(c.oid) AND n.nspname <> 'pg_catalog'" if schema is None else "n.nspname = %s"
        listed, _ = self.ask(
            f"SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            f"WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND {seen} ORDER BY c.relname",
            *(() if schema is None else (schema,)),
        )
        return tuple(row[0] for row in listed)

    def key(self, place: Place) -> tuple[str, ...]:
        listed, _ = self.ask(
            "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) "
            "WHERE i.indisprimary AND i.indrelid = to_regclass(%s) ORDER BY array_position(i.indkey::int2[], a.attnum)",
            ".".join(self.quote(part) for part in place if part is not None),
        )
        return tuple(row[0] for row in listed)

    def ask(self, statement: str, *values: object) -> tuple[list[tuple[Any, ...]], tuple[str, ...]]:
        with self.told(self._error, unread), self.connection.cursor() as cursor:
            cursor.execute(statement.encode(), values or None)
            return cursor.fetchall(), tuple(column.name for column in cursor.description or ())

    def blocks(self, statement: str) -> Iterator[Sequence[tuple[object, ...]]]:
        self._cursors += 1
        cursor = self.connection.cursor(name=f"records_{self._cursors}", scrollable=False)
        try:
            with self.told(self._error, unread):
                cursor.execute(statement.encode())
                while block := cursor.fetchmany(_BLOCK):
                    yield [tuple(map(_cell, row)) for row in block]
        finally:
            with suppress(self._error):  # what went wrong is told already
                cursor.close()

    def do(self, statement: str, *values: object) -> None:
        with self.told(self._error, unwritten):
            self.connection.execute(statement.encode(), values or None)

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        listed = ", ".join(map(self.quote, columns))
        with (
            self.told(self._error, unwritten), self.connection.cursor() as cursor,
            cursor.copy(f"COPY {self.quote(table)} ({listed}) FROM STDIN".encode()) as copy,
        ):  # fmt: skip
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        with self.told(self._error, unwritten):
            self.connection.commit()

    def hold(self, name: str) -> bool:
        rows, _ = self.ask("SELECT pg_try_advisory_lock(hashtext(current_schema()), hashtext(%s))", name)
        return bool(rows[0][0])

    def close(self) -> None:
        self.connection.close()

    def refused(self, error: Any) -> object:
        return error.sqlstate


def _cell(value: Any) -> object:
    """A value as a JSON file gives it: exact decimals for floats, a text for what no file has."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(ZoneInfo("Asia/Shanghai"))
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, float):
        return Decimal(float.__repr__(value))
    if isinstance(value, list):
        return [_cell(part) for part in value]
    return value if isinstance(value, dict) else str(value)


def _read_as_written(connection: Any) -> None:
    """Days and moments that Python does not have (infinity, a year BC) are given as their text, JSON with its decimals as they are."""
    from psycopg.types.json import set_json_loads

    for name in _CALENDAR:
        known = connection.adapters.types[name]
        connection.adapters.register_loader(known.oid, _or_text(name, connection.adapters.get_loader(known.oid, 0)))
    set_json_loads(lambda text: json.loads(text, parse_float=Decimal), connection)


def _or_text(name: str, known: Any) -> Any:
    """A loader that gives what the known one cannot read as the text that the server sent."""
    from psycopg.adapt import Loader

    def begin(self: Any, oid: int, context: Any = None) -> None:
        Loader.__init__(self, oid, context)
        self.known = known(oid, context)

    def load(self: Any, data: Any) -> object:
        try:
            return self.known.load(data)
        except Exception:  # the driver has no one error for it
            return bytes(data).decode("utf-8", "replace")

    return type(f"Any{name}", (Loader,), {"__init__": begin, "load": load})
