"""Rows of JSON Lines, of a JSON list and of Parquet, streamed where the format allows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from govservice.decimals import whole_of
from govservice.errors import RecordError, Words
from govservice.packages import missing
from govservice.records.opening import BYTE_ORDER, lines, opened, plain_file, unpacked_at_most, unpacks_without_end
from govservice.records.rows import RawRow, as_it_stands
from govservice.stack import raise_where_little_is_left

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


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("a number beyond all use") from None


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("a number of more than 4,300 digits")
    return whole_of(text)


def _constant(text: str) -> float:
    return float(text)  # NaN and Infinity: refused with their field's name where the value is read


_MOST_DIGITS: Final = 4_300  # as Python has it from the start
_DECODER: Final = json.JSONDecoder(object_pairs_hook=_pairs, parse_float=_number, parse_int=_whole, parse_constant=_constant)
_BLANKS: Final = re.compile(r"[ \t\n\r]*")


def _parsed(text: str) -> Any:
    return _DECODER.decode(text)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deep"
    return str(error)


def jsonl_rows(file: Path, encoding: str) -> Iterator[RawRow]:
    """One object a line; blank lines are none. A line that is no object is given with its fault."""
    with lines(file, encoding) as source:
        for number, line in enumerate(source, 1):
            if not line.strip():
                continue
            try:
                row = _parsed(line)
            except (ValueError, RecursionError) as error:
                raise_where_little_is_left(error)
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
        for number, row in enumerate(_elements(text.decode(encoding).lstrip(BYTE_ORDER)), 1):
            yield _object(number, row)
    except json.JSONDecodeError as error:
        raise RecordError(Words(f"no JSON: {error.msg}", f"不是 JSON：{error.msg}"), file=file.name, line=error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise_where_little_is_left(error)
        why = _why(error)
        raise RecordError(Words(f"no JSON: {why}", f"不是 JSON：{why}"), file=file.name, line=1) from None
    except _NoList:
        raise RecordError(
            Words("no list of objects", "不是对象的列表"),
            hint=Words("write [{...}, {...}]", "请写成 [{...}, {...}]"),
            file=file.name,
            line=1,
        ) from None


class _NoList(Exception):
    """The file holds JSON, and no list."""


def _elements(text: str) -> Iterator[Any]:
    """The elements of a list, one after the other: a list of millions is never held whole. Raises ValueError, _NoList."""
    at = _past_blanks(text, 0)
    if text[at : at + 1] != "[":
        _parsed(text)
        raise _NoList
    at = _past_blanks(text, at + 1)
    while text[at : at + 1] != "]":
        element, at = _DECODER.raw_decode(text, at)
        yield element
        at = _past_blanks(text, at)
        if text[at : at + 1] == ",":
            at = _past_blanks(text, at + 1)
            if text[at : at + 1] == "]":
                raise json.JSONDecodeError("Expecting value", text, at)
        elif text[at : at + 1] != "]":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    if (rest := _past_blanks(text, at + 1)) < len(text):
        raise json.JSONDecodeError("Extra data", text, rest)


def _past_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks is not None else at


def _object(number: int, row: object) -> RawRow:
    if isinstance(row, _Twice):
        return RawRow(number, dict(row), Words("no JSON: a name is given twice", "不是 JSON：同一个名称写了两次"))
    if isinstance(row, dict):
        return RawRow(number, row)
    return RawRow(number, {"": row}, Words("no object of names and values", "不是名称和值的对象"))


def parquet_packages(file: Path) -> None:
    """Raise MissingPackage where neither pyarrow nor polars is installed."""
    if not any(find_spec(name) for name in ("pyarrow", "polars")):
        raise missing(Words("a Parquet file needs pyarrow or polars", "读取 Parquet 需要 pyarrow 或 polars"), "frames", file=file.name)


def parquet_rows(file: Path) -> Iterator[RawRow]:
    """The rows of a Parquet file, by pyarrow or else polars; `line` is the number of the row. Raises RecordError.

    A row with a value that Python has no room for (a day after the year 9999, text that is no UTF-8) is given with its fault.
    """
    plain_file(file)
    number = 0
    for batch in _batches(file):
        for row in batch:
            number += 1
            yield row._replace(line=number)


def _batches(file: Path) -> Iterator[Iterable[RawRow]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        yield from _polars_batches(file)
        return
    most, seen = unpacked_at_most(file), 0
    try:
        with parquet.ParquetFile(file) as plain:
            texts = [column.path for column in map(plain.schema.column, range(len(plain.schema))) if column.physical_type == "BYTE_ARRAY"]
        with parquet.ParquetFile(file, read_dictionary=texts) as table:  # a text is held once, however many rows refer to it
            for batch in table.iter_batches(batch_size=_BATCH):
                weight = sum(map(_weight, batch.columns))
                seen += weight
                if seen > most:
                    raise unpacks_without_end(file)
                rows = max(1, batch.num_rows * _MOST_AT_ONCE // max(weight, 1))
                for first in range(0, batch.num_rows, rows):
                    yield _of_arrow(batch.slice(first, rows))
    except (OSError, ArrowException, ValueError, OverflowError, MemoryError) as error:
        raise _no_parquet(file, error) from None


_BATCH: Final = 4096  # rows
_MOST_AT_ONCE: Final = 64_000_000  # bytes of text


def _weight(column: Any) -> int:
    """How many bytes the texts of a column come to, each as often as it is referred to."""
    from pyarrow import compute, types

    if types.is_dictionary(column.type):
        lengths = compute.binary_length(column.dictionary)
        return compute.sum(compute.take(lengths, column.indices)).as_py() or 0
    if types.is_struct(column.type):
        return sum(map(_weight, column.flatten()))
    if types.is_list(column.type) or types.is_large_list(column.type) or types.is_map(column.type):
        return _weight(column.values) if types.is_map(column.type) else _weight(column.flatten())
    return int(column.nbytes)


def _of_arrow(batch: Any) -> Iterable[RawRow]:
    try:
        return [RawRow(0, row) for row in batch.to_pylist()]
    except (ValueError, OverflowError):
        columns = dict(zip(batch.schema.names, batch.columns, strict=True))
        return [_cell_by_cell({name: partial(_python, column, row) for name, column in columns.items()}) for row in range(batch.num_rows)]


def _python(column: Any, row: int) -> object:
    return column[row].as_py()


def _cell_by_cell(cells: Mapping[str, Callable[[], object]]) -> RawRow:
    """A row whose cells are read one by one; those that cannot be are named in its fault."""
    values: dict[str, object] = {}
    lost = []
    for name, read in cells.items():
        try:
            values[name] = read()
        except (ValueError, OverflowError):
            lost.append(name)
    if not lost:
        return RawRow(0, values)
    what = Words(
        f"{', '.join(lost)}: a value that cannot be read, such as a day after the year 9999",
        f"{'、'.join(lost)}：无法读取的值，例如公元 9999 年以后的日期",
    )
    return RawRow(0, values, what)


def _polars_batches(file: Path) -> Iterator[Iterable[RawRow]]:
    import polars

    most = unpacked_at_most(file)
    try:
        frame = polars.read_parquet(file)
        if sum(frame.select(polars.col(polars.String).str.len_bytes().sum()).row(0), 0) > most:
            raise unpacks_without_end(file)
    except (OSError, polars.exceptions.PolarsError, MemoryError) as error:
        raise _no_parquet(file, error) from None
    rows = max(1, min(_BATCH, frame.height * _MOST_AT_ONCE // max(int(frame.estimated_size()), 1)))
    for part in frame.iter_slices(rows):
        try:
            yield [RawRow(0, row) for row in part.to_dicts()]
        except (ValueError, OverflowError, polars.exceptions.PanicException):
            yield [_cell_by_cell({name: partial(part.item, row, name) for name in part.columns}) for row in range(part.height)]


def _no_parquet(file: Path, error: Exception) -> RecordError:
    why = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return RecordError(
        Words("the Parquet file cannot be read", "Parquet 文件无法读取"), why=Words(why, f"读取程序的原话是 {why}"), file=file.name
    )
