"""The engines of the corpus: how each holds a table, decides it, and gives its rows back. One class an engine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib.util import find_spec
from math import isfinite
from typing import Any, ClassVar, Final

from govservice.errors import GovServiceError

from .corpus import ON, TABLE, Asked, Group, said

Rows = list[dict[str, Any]]
NEEDED: Final = os.environ.get("GOVSERVICE_ENGINES") == "all"
"""Whether an engine that is not at hand is a failure: where everything was installed."""


class Refused(str):
    """Why an engine does not decide something."""

    __slots__ = ()


class Engine:
    """One engine. `needs` are the packages, `server` the environment variable that names its server; `together` is how many answers
    one frame carries, `asks` what kinds of questions it is asked.
    """

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]] = ()
    server: ClassVar[str | None] = None
    together: ClassVar[int] = 1
    asks: ClassVar[tuple[str, ...]] = ("decisions", "due days", "clocks", "scores")

    def absent(self) -> str | None:
        """What is lacking, if anything is."""
        lacking = [package for package in self.needs if find_spec(package) is None]
        if lacking:
            return f"{', '.join(lacking)} is not installed"
        return f"{self.server} names no server" if self.server is not None and self.server not in os.environ else None

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        """The rows as a table of the engine's."""
        raise NotImplementedError

    def rows(self, frame: Any) -> Rows:
        """The rows of the engine's table."""
        raise NotImplementedError

    def asked(self, frames: Mapping[str, Any], group: Asked, question: str) -> Any:
        """The answer to a question as a frame."""
        return group.asked(frames, question)

    def answers(self, group: Asked) -> dict[str, list[Any] | Refused]:
        """What the engine says to every question of a group, or why it does not."""
        frames = {name: self.table(table.rows, table.holds, name) for name, table in group.tables.items()}
        said: dict[str, list[Any] | Refused] = {}
        for few in _batched(group.written, self.together if group.beside else 1):
            said.update(self._few(frames, group, few))
        return said

    def _few(self, frames: Mapping[str, Any], group: Asked, questions: tuple[str, ...]) -> dict[str, list[Any] | Refused]:
        refused: dict[str, list[Any] | Refused] = {}
        asked = []
        whole: Any = None
        for question in questions:
            try:
                whole = self.asked(frames if whole is None else {TABLE: whole}, group, question)
            except GovServiceError as error:
                refused[question] = Refused(str(error).replace(question, "DECISION").replace("decisions.DECISION: ", ""))
            else:
                asked.append(question)
        if not asked:
            return refused
        rows = self.rows(whole)
        if group.beside:
            rows.sort(key=lambda row: int(row["id"]))
            assert [int(row["id"]) for row in rows] == [row["id"] for row in group.tables[TABLE].rows], "rows were lost"
        return refused | {question: group.read(question, rows) for question in asked}


def _batched(of: Iterable[str], size: int) -> Iterable[tuple[str, ...]]:
    listed = tuple(of)
    return (listed[first : first + size] for first in range(0, len(listed), size))


class Python(Engine):
    """One record after the other, by generated Python."""

    name = "python"
    asks = ("decisions",)

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        return [{name: row[name] for name in holds} for row in rows]

    def rows(self, frame: Any) -> Rows:
        return frame

    def asked(self, frames: Mapping[str, Any], group: Asked, question: str) -> Any:
        assert isinstance(group, Group)
        done = []
        for row in frames[TABLE]:
            given = said(group, question, row, by=lambda facts: group.book.decide(question, facts, on=ON))
            kept = {f"{question}_state": given.state, f"{question}_rule": given.rule}
            done.append({**row, **kept, **dict(zip(group.outcomes(question), given.values, strict=True))})
        return done


class Polars(Engine):
    """A Polars frame."""

    name = "polars"
    needs = ("polars",)

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        import polars as pl

        types = {
            "boolean": pl.Boolean(), "integer": pl.Int64(), "long": pl.Int128(), "real": pl.Float64(), "decimal": pl.Decimal(20, 6),
            "text": pl.String(), "date": pl.Date(), "moment": pl.Datetime("us"),
            "course": pl.List(pl.Struct({"kind": pl.String, "from": pl.Date, "to": pl.Date, "told": pl.Boolean})),
        }  # fmt: skip
        return pl.DataFrame([*rows], schema={name: types[held] for name, held in holds.items()})

    def rows(self, frame: Any) -> Rows:
        return frame.to_dicts()


class Lazy(Polars):
    """A lazy Polars frame, collected by the streaming engine."""

    name = "polars, streaming"

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        return super().table(rows, holds, name).lazy()

    def rows(self, frame: Any) -> Rows:
        return frame.collect(engine="streaming").to_dicts()


class Arrow(Engine):
    """A PyArrow table, of several chunks."""

    name = "pyarrow"
    needs = ("pyarrow", "polars")

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        import pyarrow as pa

        listed = [*rows]
        types = {
            "boolean": pa.bool_(), "integer": pa.int64(), "long": pa.decimal128(38, 0), "real": pa.float64(),
            "decimal": pa.decimal128(20, 6), "text": pa.string(), "date": pa.date32(), "moment": pa.timestamp("us"),
            "course": pa.list_(pa.struct({"kind": pa.string(), "from": pa.date32(), "to": pa.date32(), "told": pa.bool_()})),
        }  # fmt: skip
        schema = pa.schema([(name, types[held]) for name, held in holds.items()])
        middle = len(listed) // 2
        return pa.concat_tables([pa.Table.from_pylist(part, schema=schema) for part in (listed[:middle], listed[middle:])])

    def rows(self, frame: Any) -> Rows:
        return frame.to_pylist()


class Pandas(Engine):
    """A pandas frame of the types that may lack a value."""

    name = "pandas"
    needs = ("pandas", "polars")
    types: ClassVar[Mapping[str, str]] = {
        "boolean": "boolean", "integer": "Int64", "long": "object", "real": "Float64", "decimal": "object", "text": "string",
        "date": "object", "moment": "datetime64[us]", "course": "object",
    }  # fmt: skip

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        import pandas as pd

        listed = [*rows]
        return pd.DataFrame({name: self.column([row[name] for row in listed], held) for name, held in holds.items()})

    def column(self, cells: list[Any], held: str) -> Any:
        """One column."""
        import pandas as pd

        return pd.Series(cells, dtype=self.types[held])

    def rows(self, frame: Any) -> Rows:
        import pandas as pd

        def cell(value: Any) -> Any:
            if isinstance(value, (list, tuple)) or hasattr(value, "tolist"):
                return [*value] if not hasattr(value, "item") or getattr(value, "ndim", 0) else value.item()
            return None if pd.isna(value) else value

        return [{name: cell(value) for name, value in row.items()} for row in frame.astype(object).to_dict("records")]


class PandasOfNumpy(Pandas):
    """A pandas frame as it was before: what lacks a value is NaN, and makes whole numbers floats."""

    name = "pandas, NaN"

    def column(self, cells: list[Any], held: str) -> Any:
        import pandas as pd

        if held in ("text", "boolean"):
            return pd.Series(cells, dtype="object")
        if held == "integer" and any(cell is not None and abs(cell) > 2**53 for cell in cells):
            return super().column(cells, held)  # a float would be another number
        return super().column(cells, held) if held not in ("integer", "real") else pd.Series(cells, dtype="float64")


class DuckDB(Engine):
    """A DuckDB relation."""

    name = "duckdb"
    needs = ("duckdb", "pyarrow")

    @cached_property
    def connection(self) -> Any:
        """The connection that its tables live in."""
        import duckdb

        return duckdb.connect()

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        self.connection.execute(f'DROP TABLE IF EXISTS "{name}"')
        held = Arrow().table(rows, holds)
        self.connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM held')
        del held
        return self.connection.table(f'"{name}"')

    def rows(self, frame: Any) -> Rows:
        names = frame.columns
        return [dict(zip(names, row, strict=True)) for row in frame.fetchall()]


class Spark(Engine):
    """A Spark frame on two local workers."""

    name = "spark"
    needs = ("pyspark",)
    together = 12

    def absent(self) -> str | None:
        from shutil import which

        return super().absent() or (None if which("java") or os.environ.get("JAVA_HOME") else "there is no Java runtime")

    @cached_property
    def session(self) -> Any:
        """Spark itself: it takes a while to start."""
        from pyspark.sql import SparkSession

        settings = {
            "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2",
            "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.session.timeZone": "Asia/Shanghai", "spark.ui.showConsoleProgress": "false",
        }  # fmt: skip
        builder = SparkSession.builder.master("local[2]").appName("govservice")
        for key, value in settings.items():
            builder = builder.config(key, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        return session

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        from decimal import Decimal

        from pyspark.sql import types as kinds

        types = {
            "boolean": kinds.BooleanType(), "integer": kinds.LongType(), "long": kinds.DecimalType(38, 0), "real": kinds.DoubleType(),
            "decimal": kinds.DecimalType(20, 6), "text": kinds.StringType(), "date": kinds.DateType(), "moment": kinds.TimestampNTZType(),
            "course": kinds.StringType(),
        }  # fmt: skip
        schema = kinds.StructType([kinds.StructField(name, types[held]) for name, held in holds.items()])
        cells = [
            tuple(
                None
                if row[column] is None
                else Decimal(row[column])
                if held == "long"
                else str(row[column])
                if held == "course"
                else row[column]
                for column, held in holds.items()
            )
            for row in rows
        ]
        return self.session.createDataFrame(cells, schema)

    def rows(self, frame: Any) -> Rows:
        return [row.asDict(recursive=True) for row in frame.collect()]


class Database(Engine):
    """A table of a real server, through ibis."""

    needs = ("ibis",)
    types: ClassVar[Mapping[str, str]]

    @cached_property
    def connection(self) -> Any:
        """The connection by ibis."""
        from govservice.records.databases import connected

        assert self.server is not None
        backend = connected(os.environ[self.server])
        backend.con.prepare_threshold = None  # of PostgreSQL: tables of one name and other types come one after another
        return backend

    def run(self, statement: str, rows: list[tuple[Any, ...]] | None = None) -> Any:
        """One statement, for many rows or none; the cursor that ran it."""
        cursor = self.connection.con.cursor()
        if rows is None:
            cursor.execute(statement)
        else:
            cursor.executemany(statement, rows)
        return cursor

    def made(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str) -> None:
        """Make the table and fill it."""
        quote = self.quote
        self.run(f"DROP TABLE IF EXISTS {quote(name)}")
        self.run(f"CREATE TABLE {quote(name)} ({', '.join(f'{quote(column)} {self.types[held]}' for column, held in holds.items())})")
        cells = [tuple(self.cell(row[column]) for column in holds) for row in rows]
        self.run(f"INSERT INTO {quote(name)} VALUES ({', '.join(['%s'] * len(holds))})", cells)
        self.connection.con.commit()

    def cell(self, value: Any) -> Any:
        """A value as the driver takes it; what is no cell of a database is written out."""
        return json.dumps(value, default=str) if isinstance(value, list) else value

    def quote(self, name: str) -> str:
        """A name as the server takes it."""
        return f'"{name}"'

    def table(self, rows: Iterable[Mapping[str, Any]], holds: Mapping[str, str], name: str = TABLE) -> Any:
        self.made(rows, holds, name)
        return self.connection.table(name)

    def rows(self, frame: Any) -> Rows:
        return self.fetched(self.connection.compile(frame))

    def fetched(self, statement: str) -> Rows:
        """The rows of a query; whatever it raises leaves the connection usable."""
        try:
            cursor = self.run(statement)
            return [dict(zip((column[0] for column in cursor.description), row, strict=True)) for row in cursor.fetchall()]
        finally:
            self.connection.con.rollback()


class Postgres(Database):
    """PostgreSQL."""

    name = "postgres"
    needs = ("ibis", "psycopg")
    server = "GOVSERVICE_POSTGRES"
    types: ClassVar[Mapping[str, str]] = {
        "boolean": "boolean", "integer": "bigint", "long": "numeric(38, 0)", "real": "double precision", "decimal": "numeric(20, 6)",
        "text": "text", "date": "date", "moment": "timestamp", "course": "text",
    }  # fmt: skip


class MariaDB(Database):
    """MariaDB, with the collation that ignores case and blanks."""

    name = "mariadb"
    needs = ("ibis", "pymysql")
    server = "GOVSERVICE_MARIADB"
    types: ClassVar[Mapping[str, str]] = {
        "boolean": "boolean", "integer": "bigint", "long": "decimal(38, 0)", "real": "double", "decimal": "decimal(20, 6)", "text": "text",
        "date": "date", "moment": "datetime(6)", "course": "text",
    }  # fmt: skip

    def quote(self, name: str) -> str:
        return f"`{name}`"

    def cell(self, value: Any) -> Any:
        odd = isinstance(value, float) and not isfinite(value)  # MariaDB has no such number: the cell is empty
        return None if odd else super().cell(value)


class _Written(Engine):
    """The one SELECT that `to_sql` writes, run as it stands."""

    dialect: ClassVar[str]
    asks = ("decisions",)
    written: ClassVar[Mapping[str, str]] = {"long": "decimal(38,0)", "decimal": "decimal(20,6)"}

    def held(self, group: Group) -> dict[str, str]:
        """What each column of the table holds, as `to_sql` is told."""
        return {name: self.written.get(held, held) for name, held in group.holds.items()}

    def asked(self, frames: Mapping[str, Any], group: Asked, question: str) -> Any:
        assert isinstance(group, Group)
        return group.book.to_sql(question, dialect=self.dialect, table=TABLE, columns=self.held(group), on=ON)


class SqlOfDuckDB(_Written, DuckDB):
    """SQL for DuckDB."""

    name = "sql, duckdb"
    dialect = "duckdb"

    def rows(self, frame: Any) -> Rows:
        return super().rows(self.connection.sql(frame))


class SqlOfPostgres(_Written, Postgres):
    """SQL for PostgreSQL."""

    name = "sql, postgres"
    dialect = "postgres"

    def rows(self, frame: Any) -> Rows:
        return self.fetched(frame)


class SqlOfMariaDB(_Written, MariaDB):
    """SQL for MariaDB."""

    name = "sql, mariadb"
    dialect = "mariadb"

    def rows(self, frame: Any) -> Rows:
        return self.fetched(frame)


ENGINES: Final[Mapping[str, Engine]] = {
    engine.name: engine()
    for engine in (
        Python, Polars, Lazy, Pandas, PandasOfNumpy, Arrow, DuckDB, Spark, Postgres, MariaDB, SqlOfDuckDB, SqlOfPostgres, SqlOfMariaDB
    )
}  # fmt: skip
"""Every engine, by name."""
