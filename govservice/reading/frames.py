"""The rows of a table as callers hold it: a list, an iterator, or a frame of any package; none of these packages is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from types import NoneType
from typing import Any, Final

from govservice.echo import shown
from govservice.errors import RecordError, Words

__all__ = ["is_frame", "is_read_once", "is_table", "no_mapping", "no_rows", "rows_of"]

_AT_ONCE: Final = 4096  # rows of a frame turned into mappings, so that a large one is never there twice


def rows_of(table: Any) -> Iterator[Any] | None:
    """The rows one by one; None for what is no table: a text, one mapping, a number.

    A Polars frame (lazy too), a pandas, PyArrow or Spark one, a narwhals wrapper of any, or whatever gives an Arrow stream (a DuckDB
    relation) where pyarrow or polars is installed; else an iterable, of which the rows are as they come. A missing cell of a pandas frame
    is None.

    >>> rows_of("rows"), list(rows_of({"case": "C1"} for _ in range(1)))
    (None, [{'case': 'C1'}])
    """
    if not is_table(table):
        return None
    return _rows_of_frame(table) if is_frame(table) else iter(table)


def no_rows(name: str, table: object) -> RecordError:
    """What stands under the name of a table is none."""
    return RecordError(
        Words(f"{name} must be a list of rows, not {shown(table)}", f"{name} 应为记录的列表，不能是 {shown(table)}"), id=name
    )


def no_mapping(name: str, number: int, row: object) -> RecordError:
    """A row of a table is none."""
    what = Words(f"row {number} of {name} is no mapping: {shown(row)}", f"{name} 第 {number} 行不是键值：{shown(row)}")
    return RecordError(what, id=f"{name}:{number}")


def is_table(table: object) -> bool:
    """Whether something can hold rows, without beginning to read it: an iterator and a stream are read once.

    >>> is_table([]), is_table("rows"), is_table({"case": "C1"}), is_table(3)
    (True, False, False, False)
    """
    return not isinstance(table, str | bytes | Mapping) and (is_frame(table) or isinstance(table, Iterable))


def is_read_once(table: object) -> bool:
    """Whether the rows can be read a first time only: an iterator, a stream.

    >>> is_read_once([]), is_read_once(iter([]))
    (False, True)
    """
    return isinstance(table, Iterator) or (is_frame(table) and not any(_has(table, *ways) for ways in _WAYS[:-1]))


def is_frame(table: object) -> bool:
    """Whether something is a frame of a package that is known, by what it can do."""
    return type(table) not in _PLAIN and not isinstance(table, type) and any(_has(table, *ways) for ways in _WAYS)


_PLAIN: Final = frozenset((str, int, float, bool, NoneType, date, datetime, Decimal, list, tuple, dict))  # what a record mostly holds
_WAYS: Final = (
    ("to_native", "implementation"), ("collect", "collect_schema"), ("iter_slices", "to_dicts"), ("to_batches",), ("to_pylist",),
    ("toLocalIterator",), ("to_dict", "iloc", "columns"), ("__arrow_c_stream__",),
)  # fmt: skip


def _has(table: object, *names: str) -> bool:
    return all(hasattr(table, name) for name in names)


def _rows_of_frame(table: Any) -> Iterator[Any]:
    if _has(table, "to_native", "implementation"):  # narwhals
        return _rows_of_frame(table.to_native())
    if _has(table, "collect", "collect_schema"):  # polars, lazy
        return _rows_of_frame(table.collect())
    if _has(table, "iter_slices", "to_dicts"):  # polars
        return (row for part in table.iter_slices(_AT_ONCE) for row in part.to_dicts())
    if _has(table, "toLocalIterator"):  # Spark
        return (row.asDict(recursive=True) for row in table.toLocalIterator())
    if _has(table, "to_batches"):  # pyarrow: a table, a data set
        return (row for batch in table.to_batches() for row in _of_batch(batch))
    if _has(table, "to_pylist"):  # pyarrow: one batch
        return iter(_of_batch(table))
    if _has(table, "iloc", "columns"):
        return _rows_of_pandas(table)
    return _rows_of_stream(table)


def _of_batch(batch: Any) -> Iterator[Any]:
    return (row for first in range(0, batch.num_rows, _AT_ONCE) for row in batch.slice(first, _AT_ONCE).to_pylist())


def _rows_of_pandas(table: Any) -> Iterator[Any]:
    for first in range(0, len(table), _AT_ONCE):
        part = table.iloc[first : first + _AT_ONCE]
        yield from part.astype(object).where(part.notna(), None).to_dict("records")


def _rows_of_stream(table: Any) -> Iterator[Any]:
    """An Arrow stream, read by the package that is there."""
    if find_spec("pyarrow") is not None:
        import pyarrow as arrow

        return (row for batch in arrow.RecordBatchReader.from_stream(table) for row in _of_batch(batch))
    import polars

    return _rows_of_frame(polars.DataFrame(table))
