"""Rows of a CSV file, streamed; a row that cannot be taken apart is given with its fault."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from govservice import plain_csv
from govservice.errors import RecordError, Words
from govservice.reading.common import half_width
from govservice.records.opening import lines
from govservice.records.rows import RawRow, as_it_stands

__all__ = ["csv_header", "csv_rows", "fault_of"]

_MOST_LINES: Final = 200  # of one row: no cell of a table is a text that long
_SHORT_DAY: Final = re.compile(r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]")  # may be the beginning of another day


def csv_header(file: Path, encoding: str, delimiter: str) -> tuple[str, ...]:
    """The column names in the first line, without blanks; raises RecordError for a name used twice or one that holds a NUL byte."""
    with lines(file, encoding) as source:
        try:
            names = next((row for row in plain_csv.reader(source, delimiter=delimiter, strict=True) if row), [])
        except plain_csv.Error as error:
            raise _header(file, Words(f"the header cannot be read: {error}", f"表头无法读取：{error}")) from None
    header = tuple(name.strip() or f"({number})" for number, name in enumerate(names, 1))
    if any("\0" in name for name in header):
        raise _header(file, Words("the header holds a NUL byte", "表头含有空字节"))
    twice = dict.fromkeys(name for name in header if header.count(name) > 1) if len(set(header)) < len(header) else {}
    if twice:
        listed = ", ".join(twice)
        raise _header(file, Words(f"columns that stand in the header twice: {listed}", f"表头中重复的列：{listed}"))
    return header


def _header(file: Path, what: Words) -> RecordError:
    return RecordError(what, hint=Words("the first line names each column once", "首行应逐列写明列名，不重复"), file=file.name, line=1)


def csv_rows(file: Path, encoding: str, delimiter: str, header: tuple[str, ...]) -> Iterator[RawRow]:
    """Every row below the header; blank lines are none.

    A row with too many or too few cells, a NUL byte or a stray quote is given with its fault. A quote that is never closed, or is closed
    rows later, costs the line in which it opens: the lines after it are rows. A last line that breaks off within a day is no row.
    """
    with lines(file, encoding) as source:
        taken = _Taken(source)
        reader = plain_csv.reader(taken, delimiter=delimiter, strict=True)
        below = False  # the header
        while True:
            taken.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except plain_csv.Error as error:
                yield _unreadable(taken, error)
                continue
            if cells and below:
                yield _unclosed(taken) if _swallows(cells, taken.lines, header, delimiter) else _row(taken, cells, header)
            below = below or bool(cells)


class _Taken:
    """The lines of a file, those of the row being read at hand: a quote that swallows other rows gives them back."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.waiting: deque[str] = deque()
        self.lines: list[str] = []
        self.first = 1

    def __iter__(self) -> _Taken:
        return self

    def __next__(self) -> str:
        if len(self.lines) == _MOST_LINES:
            raise plain_csv.Error("unexpected end of data")
        self.lines.append(self.waiting.popleft() if self.waiting else next(self.source))
        return self.lines[-1]

    def begin(self) -> None:
        """The next row begins."""
        self.first += len(self.lines)
        self.lines = []

    def give_back(self) -> None:
        """Keep the first line alone."""
        self.waiting.extendleft(reversed(self.lines[1:]))
        del self.lines[1:]

    @property
    def unended(self) -> bool:
        """Whether the row is the file's last and its line has no end: the file may be cut off there."""
        return not self.lines[-1].endswith(("\n", "\r"))


def _unreadable(taken: _Taken, error: plain_csv.Error) -> RawRow:
    if len(taken.lines) > 1 or "unexpected end" in str(error):
        return _unclosed(taken)
    return as_it_stands(taken.first, taken.lines[0], Words(f"the row cannot be read: {error}", f"该行无法读取：{error}"))


def _unclosed(taken: _Taken) -> RawRow:
    """The line in which a quote opens, alone; those after it are given back."""
    last = taken.first + len(taken.lines) - 1
    taken.give_back()
    why = Words(
        f'a quote that opens here is not closed, and would swallow lines to {last}; a quote inside a field is written twice: ""',
        f'从这里开始的引号没有收尾，会吞掉直到第 {last} 行的内容；字段内的引号写两个：""',
    )
    return as_it_stands(taken.first, taken.lines[0], why)


def _swallows(cells: list[str], read: list[str], header: tuple[str, ...], delimiter: str) -> bool:
    """Whether a cell of several lines holds what looks like other rows: as many cells as columns, and a number like the row's own."""
    if len(read) == 1 or len(header) == 1:
        return False
    opens = next((place for place, cell in enumerate(cells) if "\n" in cell or "\r" in cell), 0)
    if opens > 0:
        return any(_is_like(line, cells[0], header, delimiter) for line in read[1:])
    parts = cells[0].splitlines()  # from the whole first row to the first cell of the last
    return len(parts) > 1 and _is_like(parts[0], parts[-1], header, delimiter)


def _is_like(line: str, name: str, header: tuple[str, ...], delimiter: str) -> bool:
    alone = line.split(delimiter)
    form = _form(alone[0])
    return len(alone) == len(header) and "9" in form and form == _form(name)


def _form(cell: str) -> str:
    """The letters and digits of a cell, each run of them as one.

    >>> _form("C-17"), _form("办件0093")
    ('a9', 'a9')
    """
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", re.sub(r"[\W_]+", "", cell)))


def _row(taken: _Taken, cells: list[str], header: tuple[str, ...]) -> RawRow:
    values: dict[str, object] = dict(zip(header, cells, strict=False))
    if len(cells) > len(header):
        values |= {f"({number})": cell for number, cell in enumerate(cells[len(header) :], len(header) + 1)}
    return RawRow(taken.first, values, fault_of(cells, header, unended=taken.unended))


def fault_of(cells: list[str], header: tuple[str, ...], *, unended: bool) -> Words | None:
    """Why a row of these cells cannot be used; a file that may be cut off is said to be."""
    if len(cells) != len(header):
        cut = Words("; the last line has no end: the file may be cut off", "；末行没有换行，文件可能不完整") if unended else Words("", "")
        en, zh = f"{len(cells)} cells, and {len(header)} columns", f"有 {len(cells)} 格，而表头有 {len(header)} 列"
        return Words(en + cut.en, zh + cut.zh)
    if any("\0" in cell for cell in cells):
        return Words("the row holds a NUL byte", "该行含有空字节")
    if unended and _SHORT_DAY.fullmatch(half_width(cells[-1])):
        return Words(
            f"the last line has no end, and {cells[-1].strip()!r} may be the beginning of another day; end the line, or write 2026-03-01",
            f"末行没有换行，“{cells[-1].strip()}”可能是另一日期的开头；请在行末换行，或写成 2026-03-01",
        )
    return None
