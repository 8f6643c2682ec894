"""The cells of a CSV file as columns of texts, where every line of it is one row; other files are read row by row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from govservice import plain_csv
from govservice.records.csvfile import fault_of
from govservice.records.opening import BYTE_ORDER, opened
from govservice.records.rows import RawRow

if TYPE_CHECKING:
    import polars as pl

    from govservice.records.files import Source

__all__ = ["CsvTexts", "csv_texts"]

_LONGEST: Final = 100_000  # bytes of a line: below what csv takes for one cell
_MARK: Final = BYTE_ORDER.encode()


class CsvTexts(NamedTuple):
    """The cells of the rows by column (an empty one is null) and the line of each; `broken` are the rows that cannot be taken apart."""

    columns: dict[str, pl.Series]
    lines: Any
    broken: list[RawRow]


def csv_texts(source: Source) -> CsvTexts | None:
    """A file's cells; None where a row may have several lines, or something else is there that only a reader of rows understands."""
    header = source.header or ()
    if source.format != "csv" or len(header) < 2 or len(source.mapping.delimiter) != 1 or not source.mapping.delimiter.isascii():
        return None
    with opened(source.file) as stream:
        data = stream.read()
    try:
        if source.encoding == "gb18030":
            data = data.decode("gb18030").encode()
        else:
            data.decode()
    except UnicodeError:
        return None  # it changed since it was looked at
    data = data.removeprefix(_MARK)
    returns = data.count(b"\r")
    if _MARK in data or b"\0" in data or returns != data.count(b"\r\n"):
        return None
    if returns:
        data = data.replace(b"\r\n", b"\n")
    return _quoted(data, source, header) if b'"' in data else _plain(data, source, header)


def _plain(data: bytes, source: Source, header: Sequence[str]) -> CsvTexts | None:
    """A file without quotes: a line is a row, and a delimiter ends a cell."""
    import numpy as np
    import polars as pl

    delimiter = source.mapping.delimiter
    cells = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(cells == ord("\n"))
    if not data.endswith(b"\n"):
        ends = np.append(ends, len(data))
    begins = np.concatenate(([0], ends[:-1] + 1))
    if len(ends) < 1 or int((ends - begins).max()) > _LONGEST:
        return None
    before = np.searchsorted(np.flatnonzero(cells == ord(delimiter)), ends)
    count = np.diff(before, prepend=0) + 1
    there = ends > begins
    first = int(np.argmax(there))
    if count[first] != len(header):
        return None
    there[: first + 1] = False
    whole = there & (count == len(header))
    broken = [_broken(data[begins[at] : ends[at]], at, len(ends), source, header) for at in np.flatnonzero(there & ~whole).tolist()]
    if not source.ended and whole[-1] and _broken(data[begins[-1] : ends[-1]], len(ends) - 1, len(ends), source, header).fault is not None:
        return None
    rows = np.flatnonzero(whole)
    kept = data[begins[rows[0]] :] if len(rows) == len(ends) - int(rows[0] if len(rows) else 0) and len(rows) else None
    if kept is None:
        kept = b"\n".join([data[begins[at] : ends[at]] for at in rows.tolist()])
    if not len(rows):
        return CsvTexts({name: pl.Series(name, [], pl.String) for name in header}, rows + 1, broken)
    frame = pl.read_csv(io.BytesIO(kept), has_header=False, separator=delimiter, quote_char=None, infer_schema=False)
    if frame.height != len(rows) or frame.width != len(header):
        return None
    return CsvTexts(dict(zip(header, frame.get_columns(), strict=True)), rows + 1, broken)


def _broken(line: bytes, at: int, lines: int, source: Source, header: Sequence[str]) -> RawRow:
    """A row of another number of cells, as the reader of rows gives it."""
    cells = line.decode().split(source.mapping.delimiter)
    values: dict[str, object] = dict(zip(header, cells, strict=False))
    values |= {f"({number})": cell for number, cell in enumerate(cells[len(header) :], len(header) + 1)}
    return RawRow(at + 1, values, fault_of(cells, tuple(header), unended=at == lines - 1 and not source.ended))


def _quoted(data: bytes, source: Source, header: Sequence[str]) -> CsvTexts | None:
    """A file with quotes, each row of it within one line."""
    import numpy as np
    import polars as pl

    reader = plain_csv.reader(io.StringIO(data.decode(), newline=""), delimiter=source.mapping.delimiter, strict=True)
    try:
        rows = list(reader)
    except plain_csv.Error:
        return None
    if reader.line_num != len(rows) or not source.ended:
        return None
    lines = [number for number, row in enumerate(rows, 1) if row]
    if any(len(rows[line - 1]) != len(header) for line in lines):
        return None
    columns = zip(*(rows[line - 1] for line in lines[1:]), strict=True)
    made = {name: pl.Series(name, cells, pl.String) for name, cells in zip(header, columns, strict=False)}
    if not made:
        made = {name: pl.Series(name, [], pl.String) for name in header}
    return CsvTexts(made, np.array(lines[1:], dtype=np.int64), [])
