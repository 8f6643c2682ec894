"""Rows of JSON Lines, of a JSON list and of Parquet, streamed where the format allows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from govservice.errors import MissingPackage, RecordError, Words
from govservice.records.opening import BYTE_ORDER, lines, opened, plain_file
from govservice.records.rows import RawRow, as_it_stands

__all__ = ["json_rows", "jsonl_rows", "parquet_packages", "parquet_rows"]

MOST_OF_A_LIST: Final = 50_000_000  # bytes: a JSON list is read whole


class _Twice(dict[str, Any]):
    """An object that gives a name twice, or one within it that does: the row is set aside, and no other for it."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping: dict[str, Any] = {}
    twice = False
    for number, (written, value) in enumerate(pairs, 1):
        name = written.strip()
        twice |= name in mapping or _holds_twice(value)
        mapping[name if name not in mapping else f"{name} ({number})"] = value
    return _Twice(mapping) if twice else mapping


def _holds_twice(value: object) -> bool:
    return isinstance(value, _Twice) or (isinstance(value, list) and any(map(_holds_twice, value)))


def _constant(text: str) -> float:
    return float(text)  # NaN and Infinity: refused with their field's name where the value is read


def _parsed(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_pairs, parse_float=Decimal, parse_constant=_constant)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return "a number of more than 4,300 digits" if "integer string conversion" in str(error) else str(error)


def jsonl_rows(file: Path, encoding: str) -> Iterator[RawRow]:
    """One object a line; blank lines are none. A line that is no object is given with its fault."""
    with lines(file, encoding) as source:
        for number, line in enumerate(source, 1):
            if not line.strip():
                continue
            try:
                row = _parsed(line)
            except (ValueError, RecursionError) as error:
                why = _why(error)
                yield as_it_stands(number, line, Words(f"no JSON: {why}", f"不是 JSON：{why}"))
                continue
            yield _object(number, row)


def json_rows(file: Path, encoding: str) -> Iterator[RawRow]:
    """The objects of one JSON list; `line` is the number of the object. Raises RecordError for anything else, or more than 50 MB."""
    with opened(file) as stream:
        text = stream.read(MOST_OF_A_LIST + 1)
    if len(text) > MOST_OF_A_LIST:
        raise RecordError(
            Words("a JSON list of more than 50 MB", "JSON 列表超过 50 MB"),
            hint=Words("write JSON Lines: one object a line, .jsonl", "请用 JSON Lines：每行一个对象，扩展名 .jsonl"),
            file=file.name,
        )
    try:
        rows = _parsed(text.decode(encoding).lstrip(BYTE_ORDER))
    except json.JSONDecodeError as error:
        raise RecordError(Words(f"no JSON: {error.msg}", f"不是 JSON：{error.msg}"), file=file.name, line=error.lineno) from None
    except (ValueError, RecursionError) as error:
        why = _why(error)
        raise RecordError(Words(f"no JSON: {why}", f"不是 JSON：{why}"), file=file.name) from None
    if not isinstance(rows, list):
        raise RecordError(
            Words("no list of objects", "不是对象的列表"), hint=Words("write [{...}, {...}]", "请写成 [{...}, {...}]"), file=file.name
        )
    for number, row in enumerate(rows, 1):
        yield _object(number, row)


def _object(number: int, row: object) -> RawRow:
    if isinstance(row, _Twice):
        return RawRow(number, dict(row), Words("no JSON: a name is given twice", "不是 JSON：同一个名称写了两次"))
    if isinstance(row, dict):
        return RawRow(number, row)
    return RawRow(number, {"": row}, Words("no object of names and values", "不是名称和值的对象"))


def parquet_packages(file: Path) -> None:
    """Raise MissingPackage where neither pyarrow nor polars is installed."""
    if not any(find_spec(name) for name in ("pyarrow", "polars")):
        raise MissingPackage(
            Words("a Parquet file needs pyarrow or polars", "读取 Parquet 需要 pyarrow 或 polars"),
            hint=Words('pip install "govservice[frames]"', 'pip install "govservice[frames]"'),
            file=file.name,
        )


def parquet_rows(file: Path) -> Iterator[RawRow]:
    """The rows of a Parquet file, by pyarrow or else polars; `line` is the number of the row. Raises RecordError."""
    plain_file(file)
    number = 0
    for batch in _batches(file):
        for row in batch:
            number += 1
            yield RawRow(number, row)


def _batches(file: Path) -> Iterator[list[dict[str, Any]]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        yield from _polars_batches(file)
        return
    try:
        with parquet.ParquetFile(file) as table:
            for batch in table.iter_batches(batch_size=4096):
                yield batch.to_pylist()
    except (OSError, ArrowException, ValueError) as error:
        raise _no_parquet(file, error) from None


def _polars_batches(file: Path) -> Iterator[list[dict[str, Any]]]:
    import polars

    try:
        frame = polars.read_parquet(file)
    except (OSError, polars.exceptions.PolarsError) as error:
        raise _no_parquet(file, error) from None
    for part in frame.iter_slices(4096):
        yield part.to_dicts()


def _no_parquet(file: Path, error: Exception) -> RecordError:
    why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return RecordError(Words("the Parquet file cannot be read", "Parquet 文件无法读取"), why=Words(why, why), file=file.name)
