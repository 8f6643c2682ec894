"""The files of a folder as bounded samples: how each is parted, its columns, some of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from govservice.errors import GovServiceError, Words, in_one
from govservice.plain_files import system_says
from govservice.reading import is_missing, why_no_row
from govservice.records.files import FORMATS, source_of
from govservice.records.headers import MAPPING
from govservice.records.headings import ACTIVITIES, TIMES, facts_called, plain
from govservice.records.mapped import TableMapping
from govservice.records.rows import BadCell, RawRow
from govservice.records.sheetfile import headings_at, sheets_of
from govservice.records.vocabulary import Vocabulary

__all__ = ["Sample", "cells", "samples_of"]

_DELIMITERS: Final = ("\t", ";", "|")
_HEADER_WITHIN: Final = 20  # rows


@dataclass(frozen=True, slots=True)
class Sample:
    """Some rows of a file, and what a mapping must say so that they are read; `why` is given where they cannot be."""

    file: str
    mapping: TableMapping
    columns: tuple[str, ...] = ()
    rows: tuple[RawRow, ...] = ()
    why: Words | None = None

    @property
    def name(self) -> str:
        """The file, and its sheet where it has several."""
        return self.file if self.mapping.sheet is None else f"{self.file}[{self.mapping.sheet}]"


def samples_of(folder: Path, words: dict[str, Vocabulary], rows: int) -> list[Sample]:
    """A sample of every file of a known kind, of a workbook one of every sheet that holds anything. Raises OSError."""
    names = sorted(entry.name for entry in folder.iterdir() if not entry.name.startswith((".", "~$")) and entry.name != MAPPING)
    files = [name for name in names if any(name.lower().endswith(f".{ending}") for ending in FORMATS)]
    return [sample for name in files for sample in _samples(folder / name, words, rows)]


def _samples(file: Path, words: dict[str, Vocabulary], rows: int) -> list[Sample]:
    try:
        if file.name.lower().endswith(".xlsx"):
            filled = [sheet for sheet in sheets_of(file) if sheet.rows and not sheet.hidden]
            one = len(filled) == 1
            found = []
            for sheet in filled:
                heads = headings_at(sheet, _HEADER_WITHIN)
                at = max(range(len(heads)), key=lambda number: (_known(heads[number], words), -number)) + 1
                first = next((number for number, row in enumerate(sheet.rows, 1) if any(cell is not None for cell in row)), 1)
                mapping = TableMapping(sheet=None if one else sheet.name.strip(), header=None if at == first else at)
                found.append(_sample(file, mapping, rows))
            return found
        return [_parted(file, rows, words)]
    except GovServiceError as error:
        return [Sample(file.name, TableMapping(), why=_why(error))]
    except OSError as error:
        return [Sample(file.name, TableMapping(), why=system_says(error))]


def _why(error: GovServiceError) -> Words:
    return in_one(part for part in (error.what, error.hint) if part.en)


def _known(headings: Sequence[str], words: dict[str, Vocabulary]) -> int:
    """How many of some texts are headings of a table, or of a log."""
    log = sum(plain(heading) in ACTIVITIES | TIMES for heading in headings)
    return max(sum(bool(facts_called(heading, table)) for heading in headings) for table in words.values()) + log


def _parted(file: Path, rows: int, words: dict[str, Vocabulary]) -> Sample:
    below = _header_below(file, words)
    if below is not None:
        why = Words(f"its header stands in row {below}: delete the lines above it", f"表头在第 {below} 行，请删去上面的各行")
        return Sample(file.name, TableMapping(), why=why)
    sample = _sample(file, TableMapping(), rows)
    if len(sample.columns) == 1:
        mark = next((mark for mark in _DELIMITERS if mark in sample.columns[0]), None)
        if mark is not None:
            return _sample(file, replace(sample.mapping, delimiter=mark), rows)
    return sample


def _header_below(file: Path, words: dict[str, Vocabulary]) -> int | None:
    """The row of a text file that names more columns than the one taken for its header: under a title, a day. None where there is none."""
    source = source_of("", file, TableMapping())
    if source.header is None or source.sheet is not None:
        return None
    named = [(row.line, _known([str(value) for value in row.values.values()], words)) for row in islice(source.raw(), _HEADER_WITHIN)]
    line, most = max(named, key=lambda each: (each[1], -each[0]), default=(0, 0))
    return line if most > max(1, _known(source.header, words)) else None


def _sample(file: Path, mapping: TableMapping, rows: int) -> Sample:
    source = source_of("", file, mapping)
    taken = [row for row in islice(source.raw(), rows) if row.fault is None and not _is_below(row)]
    columns = source.header or tuple(dict.fromkeys(name for row in taken for name in row.values))
    return Sample(file.name, mapping, tuple(columns), tuple(taken))


def _is_below(row: RawRow) -> bool:
    """Whether it is a line of totals or a remark below the table."""
    first = next((value for value in row.values.values() if not is_missing(value)), None)
    return isinstance(first, str) and why_no_row(first) is not None


def cells(sample: Sample, column: str) -> list[object]:
    """The cells of a column that hold anything."""
    return [value for row in sample.rows if not is_missing(value := row.values.get(column)) and not isinstance(value, BadCell)]
