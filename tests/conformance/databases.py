"""Databases of the tests' own, on the real servers that are at hand."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from govservice.records.addresses import address_of

SAMPLE = Path(str(files("govservice") / "samples" / "kunshan"))
SERVERS = {"postgres": ("GOVSERVICE_POSTGRES", "psycopg"), "mariadb": ("GOVSERVICE_MARIADB", "pymysql")}


class Filled:
    """A database of the tests' own, and the hands to fill it."""

    def __init__(self, name: str, url: str) -> None:
        self.name, self.url = name, url
        self.secret = address_of(url).password or ""
        self.made: list[str] = []
        at = address_of(url)
        if name == "postgres":
            import psycopg

            self.connection: Any = psycopg.connect(url, autocommit=True)
        else:
            import pymysql

            self.connection = pymysql.connect(
                host=at.host,
                port=at.port or 0,
                user=at.user,
                password=self.secret,
                database=at.database,
                charset="utf8mb4",
                autocommit=True,
            )

        self.run("SET lock_timeout = '20s'" if name == "postgres" else "SET lock_wait_timeout = 20")

    def quote(self, name: str) -> str:
        return f'"{name}"' if self.name == "postgres" else f"`{name}`"

    def run(self, statement: str, rows: Sequence[Sequence[Any]] | None = None) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(statement) if rows is None else cursor.executemany(statement, rows)

    def table(self, name: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]], key: str | None = None) -> None:
        """Make a table and fill it, the last row first: nothing but an order asked for gives the rows in theirs."""
        self.run(f"DROP TABLE IF EXISTS {self.quote(name)}")
        self.made.append(name)
        written = [f"{self.quote(column)} {kind}" for column, kind in columns.items()]
        written += [f"PRIMARY KEY ({self.quote(key)})"] if key else []
        self.run(f"CREATE TABLE {self.quote(name)} ({', '.join(written)})")
        if rows:
            self.run(f"INSERT INTO {self.quote(name)} VALUES ({', '.join(['%s'] * len(columns))})", [*map(tuple, rows)][::-1])

    def of_csv(self, file: Path, name: str | None = None) -> None:
        """A CSV file as a table of texts, with the number of each row as its key."""
        with file.open(encoding="utf-8-sig", newline="") as opened:
            head, *rows = csv.reader(opened)
        columns = {"row_number_": "integer", **dict.fromkeys(head, "text")}
        numbered = [(number, *(cell or None for cell in row)) for number, row in enumerate(rows, 1)]
        self.table(name or file.name.removesuffix(".csv"), columns, numbered, "row_number_")

    def tables(self) -> list[str]:
        """The names of all tables that are there."""
        which = "current_schema()" if self.name == "postgres" else "database()"
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT table_name FROM information_schema.tables WHERE table_schema = {which} AND table_type = 'BASE TABLE'")
            return [name for (name,) in cursor.fetchall()]

    def empty(self) -> None:
        """Drop what others left."""
        for name in self.tables():
            self.run(f"DROP TABLE {self.quote(name)}")

    def clear(self) -> None:
        for name in self.made:
            self.run(f"DROP VIEW IF EXISTS {self.quote(name)}" if name.startswith("view_") else f"DROP TABLE IF EXISTS {self.quote(name)}")
        self.made.clear()
