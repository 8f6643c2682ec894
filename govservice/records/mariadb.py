"""MariaDB and MySQL as records are read from them, in a transaction that only reads, rows as they are asked for; and as written."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from govservice.records.addresses import Address
from govservice.records.servers import PATIENCE, Place, Server, no_driver, unreached, unread, unwritten

__all__ = ["MariaDB"]

_BLOCK: Final = 2_000  # rows
_SAID: Final = (
    "SET SESSION time_zone = '+00:00'",
    "SET SESSION net_write_timeout = 86400",  # between two blocks they are worked through
)
_READING: Final = (
    "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
)
_WRITING: Final = (
    "SET SESSION sql_mode = 'TRADITIONAL'",  # what has no place in a column is refused, not cut
    "SET SESSION wait_timeout = 86400",
    "SET SESSION lock_wait_timeout = 20",  # a table that somebody reads is not waited for without end
    "SET autocommit = 0",
)
_PLAIN: Final = (str, bool, int, Decimal, date, time, type(None))
_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class MariaDB(Server):
    """A MariaDB or MySQL database. A TIMESTAMP is a moment, put to Asia/Shanghai; a DATETIME is on the clock of the place.

    A connection hands over one SELECT at a time: a second one, asked for before the first is at its end, has a connection of its own.
    """

    denied: ClassVar[tuple[object, ...]] = (1044, 1142, 1143, 1227)

    def __init__(self, address: Address, *, writing: bool = False) -> None:
        super().__init__(address, writing=writing)
        try:
            import pymysql
        except ImportError:
            raise no_driver("MariaDB", "pymysql") from None
        self._driver: Any = pymysql
        self._free: list[Any] = []
        weakref.finalize(self, _close, self._free)
        self._free.append(self._opened())

    def _opened(self) -> Any:
        at, options = self.address, dict(self.address.options)
        patience = int(options.pop("connect_timeout", PATIENCE))
        with self.told(Exception, unreached):  # a wrong certificate is no error of the driver's own
            connection = self._driver.connect(
                host=at.host, port=at.port or 0, user=at.user, password=at.password or "", database=at.database, charset="utf8mb4",
                connect_timeout=patience, **options,
            )  # fmt: skip
        with self.told(self._driver.Error, unread), connection.cursor() as cursor:
            for statement in (*_SAID, *(_WRITING if self.writing else _READING)):
                cursor.execute(statement)
        return connection

    def quote(self, name: str) -> str:
        return "`{}`".format(name.replace("`", "``"))

    def digest(self, columns: Sequence[str]) -> str:
        cells = (f"coalesce(hex(cast(r.{self.quote(name)} AS binary)), '-')" for name in columns)
        return f"md5(concat_ws(',', {', '.join(cells)}))"

    def number(self, digits: str) -> str:
        return f"cast(conv({digits}, 16, 10) AS unsigned)"

    def tables(self, schema: str | None) -> tuple[str, ...]:
        listed, _ = self.ask(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = coalesce(%s, database()) ORDER BY table_name", schema
        )
        return tuple(row[0] for row in listed)

    def key(self, place: Place) -> tuple[str, ...]:
        listed, _ = self.ask(
            "SELECT column_name FROM information_schema.statistics WHERE index_name = 'PRIMARY' "
            "AND table_schema = coalesce(%s, database()) AND table_name = %s ORDER BY seq_in_index",
            *place,
        )
        return tuple(row[0] for row in listed)

    def ask(self, statement: str, *values: object) -> tuple[list[tuple[Any, ...]], tuple[str, ...]]:
        connection = self._taken()
        try:
            with self.told(self._driver.Error, unread), connection.cursor() as cursor:
                cursor.execute(statement, values or None)
                return list(cursor.fetchall()), tuple(column[0] for column in cursor.description or ())
        finally:
            self._free.append(connection)

    def blocks(self, statement: str) -> Iterator[Sequence[tuple[object, ...]]]:
        connection = self._taken()
        ended = False
        cursor = connection.cursor(self._driver.cursors.SSCursor)
        try:
            with self.told(self._driver.Error, unread):
                cursor.execute(statement)
                kinds = [column[1] for column in cursor.description]
                while block := cursor.fetchmany(_BLOCK):
                    yield [tuple(map(_cell, row, kinds)) for row in block]
                cursor.close()
            ended = True
        finally:
            if ended:
                self._free.append(connection)
            else:  # the rest would have to be read first, however much it is
                _abandon(cursor, connection)

    def do(self, statement: str, *values: object) -> None:
        with self._writer() as cursor:
            cursor.execute(statement, values or None)

    def put(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        listed, places = ", ".join(map(self.quote, columns)), ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO {self.quote(table)} ({listed}) VALUES ({places})"
        rest = iter(rows)
        with self._writer() as cursor:
            while block := list(islice(rest, _BLOCK)):
                cursor.executemany(statement, block)

    def commit(self) -> None:
        with self.told(self._driver.Error, unwritten):
            self._free[0].commit()

    def hold(self, name: str) -> bool:
        rows, _ = self.ask("SELECT get_lock(left(concat(%s, ' ', database()), 64), 0)", name)
        return bool(rows[0][0])

    @contextmanager
    def _writer(self) -> Iterator[Any]:
        """A cursor of the one connection that writes."""
        with self.told(self._driver.Error, unwritten), self._free[0].cursor() as cursor:
            yield cursor

    def _taken(self) -> Any:
        return self._free.pop() if self._free else self._opened()

    def close(self) -> None:
        _close(self._free)
        self._free.clear()

    def refused(self, error: Any) -> object:
        return error.args[0] if error.args else None


def _close(connections: list[Any]) -> None:
    for connection in connections:
        with suppress(Exception):  # it may be gone
            connection.close()


def _abandon(cursor: Any, connection: Any) -> None:
    """Leave a connection with rows that nobody reads."""
    result = cursor._result
    if result is not None:
        result.unbuffered_active = False
    cursor.connection = None
    _close([connection])


_TIMESTAMP, _TIME, _BIT = 7, 11, 16  # the server's numbers of its types


def _cell(value: Any, kind: int) -> object:
    """A value as a JSON file gives it: exact decimals for floats, a time of the clock for what lies within a day."""
    if kind == _TIMESTAMP and isinstance(value, datetime):
        return value.replace(tzinfo=UTC).astimezone(_SHANGHAI)
    if kind == _TIME and isinstance(value, timedelta) and timedelta() <= value < timedelta(1):
        return (datetime(1, 1, 1) + value).time()  # noqa: DTZ001 - a time of the clock alone
    if kind == _BIT and isinstance(value, bytes):
        return int.from_bytes(value)
    if isinstance(value, float):
        return Decimal(float.__repr__(value))
    return value if isinstance(value, _PLAIN) else str(value)
