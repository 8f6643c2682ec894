"""Which engine a table lives in, and the answer as a table of the same kind: lazily where the engine is lazy, no row leaving a database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.framing.cells import ENCODED
from govservice.framing.sql_facts import Held
from govservice.framing.sql_plan import SqlPlan, sql_plan
from govservice.framing.sql_printer import SqlPrinter, dialect_of
from govservice.framing.wanted import Wanted
from govservice.packages import polars_for

if TYPE_CHECKING:
    import polars as pl

__all__ = ["added_by", "column_of", "decide_on", "engine_of", "parted", "polars", "queried", "select_of", "typed_columns", "typed_ibis"]

_ENGINES: Final = {
    ("polars", "DataFrame"): "polars",
    ("polars", "LazyFrame"): "lazy",
    ("pandas", "DataFrame"): "pandas",
    ("pyarrow", "Table"): "pyarrow",
    ("duckdb", "DuckDBPyRelation"): "duckdb",
    ("_duckdb", "DuckDBPyRelation"): "duckdb",
    ("pyspark", "DataFrame"): "spark",
    ("ibis", "Table"): "ibis",
}


def engine_of(frame: object) -> str:
    """The engine that a table lives in. Raises RecordError for one that is not listed."""
    for kind in type(frame).__mro__:
        engine = _ENGINES.get((kind.__module__.partition(".")[0], kind.__name__))
        if engine is not None:
            return engine
    name = f"{type(frame).__module__}.{type(frame).__name__}"
    raise RecordError(
        Words(f"no engine is known for {shown(name)}", f"不认识 {shown(name)} 这种表"),
        hint=Words(
            "give a Polars, pandas or Spark frame, a PyArrow table, a DuckDB relation or an ibis table",
            "请给出 Polars、pandas 或 Spark 数据框、PyArrow 表、DuckDB 关系或 ibis 表",
        ),
    )


def polars() -> Any:
    """Polars. Raises MissingPackage."""
    return polars_for(Words("whole tables need polars", "整表计算需要 polars"))


def decide_on(frame: Any, wanted: Wanted) -> Any:
    """A decision of every row, beside the columns of the table."""
    engine = engine_of(frame)
    if engine in ("polars", "lazy", "pandas", "pyarrow"):
        polars()
        from govservice.framing.polars_engine import decide_lazy

        return added_by(frame, engine, wanted.added, lambda lazy: decide_lazy(lazy, wanted))
    if engine == "ibis":
        return _on_ibis(frame, wanted)
    columns = typed_columns(frame, engine)
    plan = sql_plan(wanted, columns, dialect_of(engine), columns)
    return projected(frame, engine, columns, plan, wanted.added)


# -- tables in memory


def added_by(frame: Any, engine: str, added: tuple[str, ...], work: Callable[[pl.LazyFrame], pl.LazyFrame]) -> Any:
    """A table in memory with the columns that work on it adds; its own columns stay as they are."""
    if engine == "lazy":
        return work(frame)
    if engine == "polars":
        return work(frame.lazy()).collect()
    pl = polars()
    if engine == "pyarrow":
        answer = work(pl.from_arrow(frame).lazy()).select(added).collect()
        for name in added:
            column = _plain_arrow(answer[name])
            at = frame.column_names.index(name) if name in frame.column_names else None
            frame = frame.append_column(name, column) if at is None else frame.set_column(at, name, column)
        return frame
    answer = work(_from_pandas(pl, frame).lazy()).select(added).collect()
    columns = {name: _plain_pandas(answer[name]).set_axis(frame.index) for name in added}
    return frame.assign(**columns)


def _plain_pandas(column: pl.Series) -> Any:
    """A column for pandas: whole numbers stay whole where some are missing."""
    made = column.to_pandas()
    if not column.dtype.is_integer() or not column.null_count():
        return made
    import pandas

    return pandas.Series(pandas.arrays.IntegerArray(column.fill_null(0).to_numpy(writable=True), column.is_null().to_numpy(writable=True)))


def _plain_arrow(column: pl.Series) -> Any:
    pl = polars()
    return (column.cast(pl.String) if column.dtype == pl.Enum else column).to_arrow(compat_level=pl.CompatLevel.oldest())


def _from_pandas(pl: Any, frame: Any) -> Any:
    """A pandas frame, columns of values of several kinds written out."""
    return pl.DataFrame(
        [_pandas_column(pl, name, frame.iloc[:, place]) for place, name in enumerate(frame.columns) if isinstance(name, str)]
    )


def _pandas_column(pl: Any, name: str, column: Any) -> Any:
    if column.dtype != object:
        return pl.Series(name, pl.from_pandas(column.reset_index(drop=True)))
    return column_of(pl, name, column.tolist())


def column_of(pl: Any, name: str, values: list[Any]) -> Any:
    """A column of Python's values; where they are of several kinds, each is written out."""
    kinds = {type(value) for value in values if value is not None and value == value}  # noqa: PLR0124 - NaN
    if len(kinds) <= 1 and not kinds & {dict, set, frozenset} and not any(_holds_rows(value) for value in values):
        plain = [value if value is not None and value == value else None for value in values]  # noqa: PLR0124
        try:
            return pl.Series(name, plain, strict=True)
        except (TypeError, OverflowError, pl.exceptions.PolarsError):
            pass
    return pl.Series(name, [_written(value) for value in values], dtype=pl.String)


def _holds_rows(value: Any) -> bool:
    """Whether a cell is a list of rows, of which a column would take its fields from the first."""
    return isinstance(value, list | tuple) and any(isinstance(part, Mapping) for part in value)


def _written(value: Any) -> str | None:
    from govservice.plain import encoded
    from govservice.reading.common import is_missing

    return None if is_missing(value) else ENCODED + json.dumps(encoded(value))


# -- tables of databases


def typed_columns(frame: Any, engine: str) -> dict[str, Held]:
    """What each column of a table holds."""
    if engine == "duckdb":
        return {name: _duckdb_type(str(kind)) for name, kind in zip(frame.columns, frame.types, strict=True)}
    return {field.name: _spark_type(field.dataType.simpleString()) for field in frame.schema.fields}


def _decimal(text: str) -> Held:
    digits, scale = (int(part) for part in text[text.index("(") + 1 : text.index(")")].split(","))
    return Held("decimal", digits, scale)


def _duckdb_type(kind: str) -> Held:
    kind = kind.upper()
    if kind.startswith("DECIMAL"):
        return _decimal(kind)
    whole = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
    if kind in whole:
        return Held("integer")
    simple = {
        "BOOLEAN": "boolean",
        "DOUBLE": "real",
        "FLOAT": "real",
        "VARCHAR": "text",
        "DATE": "date",
        "TIMESTAMP": "moment",
        '"NULL"': "null",
    }
    return Held(simple.get(kind, "text" if kind.startswith("ENUM") else kind.lower()))


def _spark_type(kind: str) -> Held:
    if kind.startswith("decimal"):
        return _decimal(kind)
    simple = {
        "boolean": "boolean", "tinyint": "integer", "smallint": "integer", "int": "integer", "bigint": "integer", "double": "real",
        "float": "real", "string": "text", "date": "date", "timestamp_ntz": "moment", "void": "null",
    }  # fmt: skip
    return Held(simple.get(kind, kind))


def projected(frame: Any, engine: str, columns: Mapping[str, Held], plan: SqlPlan, added: tuple[str, ...]) -> Any:
    """A relation or a frame with the steps of a plan worked out, one projection after another."""
    name = plan.printer.name

    def select(part: Any, *listed: str) -> Any:
        return part.project(", ".join(listed)) if engine == "duckdb" else part.selectExpr(*listed)

    for step in plan.steps:
        frame = select(frame, "*", *(f"{sql} AS {name(alias)}" for alias, sql in step.items()))
    last = [f"{plan.answer[column]} AS {name(column)}" if column in plan.answer else name(column) for column in columns]
    return select(frame, *last, *(f"{plan.answer[column]} AS {name(column)}" for column in added if column not in columns))


def typed_ibis(frame: Any) -> tuple[Any, str, dict[str, Held]]:
    """The database of an ibis table, its dialect, and what each column holds. Raises RecordError for one that is not listed."""
    backend = frame._find_backend()
    dialect = {"postgres": "postgres", "duckdb": "duckdb", "mysql": "mysql", "pyspark": "spark"}.get(backend.name)
    if dialect is None:
        raise RecordError(
            Words(f"no database {shown(backend.name)} is known", f"不认识 {shown(backend.name)} 这种数据库"),
            hint=Words(
                "ibis tables of DuckDB, PostgreSQL, MariaDB or MySQL, or Spark",
                "ibis 表可在 DuckDB、PostgreSQL、MariaDB、MySQL 或 Spark 上",
            ),
        )
    return backend, dialect, {name: _ibis_type(kind) for name, kind in frame.schema().items()}


def _on_ibis(frame: Any, wanted: Wanted) -> Any:
    """An ibis table, as a query of its own database; nothing is fetched."""
    backend, dialect, columns = typed_ibis(frame)
    plan = sql_plan(wanted, columns, dialect_of(dialect), columns)
    source = f"({backend.compile(frame)}) AS {plan.printer.name('facts')}"
    kinds = dict(wanted.decision.outcomes)
    collected = wanted.decision.hit == "collect"
    shape = {column: "array<string>" if collected else _IBIS.get(kinds[name].kind, "string") for name, column in wanted.shown.items()}
    return queried(
        frame, backend, select_of(plan, source, columns, wanted.added), {name: shape.get(name, "string") for name in wanted.added}
    )


_IBIS: Final = {"boolean": "boolean", "integer": "int64", "decimal": "decimal", "date": "date"}


def queried(frame: Any, backend: Any, query: str, added: Mapping[str, str]) -> Any:
    """A query of every column of an ibis table and of some that it adds, as a table of the same database; what it holds is not asked."""
    import ibis

    own = {name: kind for name, kind in frame.schema().items() if name not in added}
    order = [*(name for name in frame.columns), *(name for name in added if name not in frame.columns)]
    return backend.sql(query, schema=ibis.schema({name: own.get(name, added.get(name)) for name in order}), dialect=backend.name)


def _ibis_type(kind: Any) -> Held:
    if kind.is_decimal():
        return Held("decimal", kind.precision or 38, kind.scale)
    for test, held in (
        ("is_boolean", "boolean"),
        ("is_integer", "integer"),
        ("is_floating", "real"),
        ("is_string", "text"),
        ("is_date", "date"),
        ("is_null", "null"),
    ):
        if getattr(kind, test)():
            return Held(held)
    return Held("moment" if kind.is_timestamp() and kind.timezone is None else str(kind))


def select_of(plan: SqlPlan, source: str, columns: Mapping[str, Held], added: tuple[str, ...]) -> str:
    """The plan as one SELECT of listed columns: each step a table of the next."""
    name = plan.printer.name
    for number, step in enumerate(plan.steps, 1):
        lines = ",\n    ".join(("*", *(f"{sql} AS {name(alias)}" for alias, sql in step.items())))
        source = f"(\n  SELECT\n    {lines}\n  FROM {source}\n) AS {name(f'step_{number}')}"
    last = [f"{plan.answer[column]} AS {name(column)}" if column in plan.answer else name(column) for column in columns]
    last += [f"{plan.answer[column]} AS {name(column)}" for column in added if column not in columns]
    listed = ",\n  ".join(last)
    return f"SELECT\n  {listed}\nFROM {source}"


def _parted_on_spark(answer: Any, state: str, aside: list[str], *, keep: bool) -> tuple[Any, ...]:
    """The parts of a Spark frame.

    Spark would write a condition on the state out down to the columns of the table, each step of the plan multiplying it. It stays above
    the steps where it reads a column that may not be worked out twice: the number of the row.
    """
    from pyspark.sql.functions import monotonically_increasing_id

    row = f"{state}_row"
    marked = answer.withColumn(row, monotonically_increasing_id())
    lost = marked[state].isin(aside)
    return tuple(marked.filter(part & (marked[row] >= 0)).drop(row, *(() if keep else (state,))) for part in (~lost, lost))


def parted(answer: Any, state: str, *, keep: bool) -> tuple[Any, ...]:
    """A table in two by the column of its state: the rows that were read, and those that were not."""
    aside = ["conflict", "unread"]
    engine = engine_of(answer)
    if engine == "pyarrow":
        import pyarrow as arrow
        import pyarrow.compute as pc

        lost = pc.is_in(answer[state], value_set=arrow.array(aside))
        parts = answer.filter(pc.invert(lost)), answer.filter(lost)
        return parts if keep else (parts[0].drop_columns([state]), parts[1].drop_columns([state]))
    if engine == "duckdb":
        printer = SqlPrinter(dialect_of("duckdb"))
        name, texts = printer.name(state), ", ".join(map(printer.text, aside))
        columns = ", ".join(printer.name(column) for column in answer.columns if keep or column != state)
        return answer.filter(f"{name} NOT IN ({texts})").project(columns), answer.filter(f"{name} IN ({texts})").project(columns)
    if engine == "pandas":
        lost = answer[state].isin(aside)
        return tuple(part if keep else part.drop(columns=state) for part in (answer[~lost], answer[lost]))
    if engine == "spark":
        return _parted_on_spark(answer, state, aside, keep=keep)
    lost = polars().col(state).is_in(aside) if engine in ("polars", "lazy") else answer[state].isin(aside)
    return tuple(part if keep else part.drop(state) for part in (answer.filter(~lost), answer.filter(lost)))
