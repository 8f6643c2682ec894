"""Frames of any package as Polars has them, and back as the kind that the caller holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import RecordError, Words
from govservice.packages import missing
from govservice.reading.frames import is_frame, no_rows, rows_of

if TYPE_CHECKING:
    import polars

__all__ = ["as_polars", "kind_of", "leaving_as"]

_FETCH: Final = ".toPandas(), .to_polars()"


def kind_of(frames: Mapping[str, Any], first: str) -> str:
    """The package of the frames: that of the table named, else of the first that is one; Polars where there are only lists of rows.

    Raises RecordError for a frame whose rows would leave a database.
    """
    for name, frame in frames.items():
        if type(frame).__module__.partition(".")[0] in ("pyspark", "ibis"):
            raise RecordError(
                Words(f"scores have no form in SQL: {name}", f"计分没有 SQL 写法：{name}"),
                hint=Words(f"fetch what is scored: {_FETCH}", f"请先取出要计分的数据：{_FETCH}"),
                id=name,
            )
    for frame in (frames.get(first), *frames.values()):
        if frame is None or not is_frame(frame):
            continue
        package = type(frame).__module__.partition(".")[0].lstrip("_")
        if package == "polars":
            return "lazy" if type(frame).__name__ == "LazyFrame" else "polars"
        return package if package in ("pandas", "pyarrow", "duckdb") else "polars"
    return "polars"


def as_polars(name: str, table: Any) -> polars.DataFrame | None:
    """A table as a Polars frame; None where its columns have no one type each. Raises RecordError for what is no table."""
    import polars as pl

    package = type(table).__module__.partition(".")[0].lstrip("_")
    if isinstance(table, pl.LazyFrame):
        return table.collect()
    if isinstance(table, pl.DataFrame):
        return table
    try:
        if package == "pandas":
            return pl.from_pandas(table)
        if package == "duckdb":
            table = table.to_arrow_table()
        if package in ("pyarrow", "duckdb"):
            found = pl.from_arrow(table)
            return found if isinstance(found, pl.DataFrame) else None
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        return None  # a column of this and that: its rows are read one by one
    if rows_of(table) is None:
        raise no_rows(name, table)
    return None


def leaving_as(frame: polars.DataFrame, kind: str) -> Any:
    """The answer as the kind of frame that was given."""
    match kind:
        case "lazy":
            return frame.lazy()
        case "pandas":
            return frame.to_pandas()
        case "pyarrow":
            return frame.to_arrow()
        case "duckdb":
            try:
                import duckdb
            except ImportError as error:
                what = Words("a DuckDB relation needs duckdb", "DuckDB 关系需要 duckdb")
                raise missing(what, "duckdb") from error
            return duckdb.from_arrow(frame.to_arrow())
    return frame
