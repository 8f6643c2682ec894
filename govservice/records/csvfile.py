"""Rows of a CSV file, streamed; a row that cannot be taken apart is given with its fault."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from govservice.errors import RecordError, Words
from govservice.records.opening import lines
from govservice.records.rows import RawRow

__all__ = ["csv_header", "csv_rows"]

_KEPT = 2_000  # characters of a row that could not be taken apart


def csv_header(file: Path, encoding: str, delimiter: str) -> tuple[str, ...]:
    """The column names in the first line, without blanks; raises RecordError for a name used twice or one that holds a NUL byte."""
    with lines(file, encoding) as source:
        try:
            names = next((row for row in csv.reader(source, delimiter=delimiter, strict=True) if row), [])
        except csv.Error as error:
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

    A row with too many or too few cells, a NUL byte or a stray quote is given with its fault. A quote that is never closed would
    swallow the rows after it, and raises RecordError with the line where it opens.
    """
    with lines(file, encoding) as source:
        kept = _Kept(source)
        reader = csv.reader(kept, delimiter=delimiter, strict=True)
        first = True
        while True:
            start = reader.line_num + 1
            kept.text = ""
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if reader.line_num > start or "unexpected end" in str(error):
                    raise _unclosed(file, start) from None
                yield RawRow(start, {"": kept.text[:_KEPT]}, Words(f"the row cannot be read: {error}", f"该行无法读取：{error}"))
                continue
            if not cells:
                continue
            if first:
                first = False
                continue
            yield _row(start, cells, header)


class _Kept:
    """Lines that remember the text of the row being read."""

    def __init__(self, source: Iterator[str]) -> None:
        self.source = source
        self.text = ""

    def __iter__(self) -> _Kept:
        return self

    def __next__(self) -> str:
        line = next(self.source)
        if len(self.text) < _KEPT:
            self.text += line[:_KEPT]
        return line


def _row(line: int, cells: list[str], header: tuple[str, ...]) -> RawRow:
    values: dict[str, object] = dict(zip(header, cells, strict=False))
    if len(cells) > len(header):
        values |= {f"({number})": cell for number, cell in enumerate(cells[len(header) :], len(header) + 1)}
    fault = None
    if len(cells) != len(header):
        fault = Words(f"{len(cells)} cells, and {len(header)} columns", f"有 {len(cells)} 格，而表头有 {len(header)} 列")
    elif any("\0" in cell for cell in cells):
        fault = Words("the row holds a NUL byte", "该行含有空字节")
    return RawRow(line, values, fault)


def _unclosed(file: Path, line: int) -> RecordError:
    return RecordError(
        Words(
            "a quote that opens here is not closed, or a field is longer than 131,072 characters",
            "从这里开始的引号没有收尾，或者字段超过 131,072 个字符",
        ),
        why=Words("the rows after it would be lost", "其后的各行会因此丢失"),
        hint=Words('close the quote; a quote inside a field is written twice: ""', '请补上引号；字段内的引号写两个：""'),
        file=file.name,
        line=line,
    )  # fmt: skip
