"""A rulebook as a document, before it is drawn: chapters of blocks, each a table of rows that are read, discussed and signed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from govservice.errors import Lang

__all__ = ["Block", "Cell", "Chapter", "Document", "Remark", "Spoken", "TableRow", "cell"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a cell: in words, and small beneath it the exact text of the book, where that is another."""

    text: str
    exact: str = ""


Cell: TypeAlias = tuple[Spoken, ...]
"""What stands in one cell, a line each."""


def cell(*lines: Spoken | str | None) -> Cell:
    """A cell of its lines, without those that say nothing.

    >>> cell("a", None, "")
    (Spoken(text='a', exact=''),)
    """
    said = (line if isinstance(line, Spoken) else Spoken(line or "") for line in lines)
    return tuple(line for line in said if line.text)


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding of the check, in words: how grave it is, the name of that, its kind, and what is found."""

    gravity: str
    grave: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    """One entry, or a head over those that follow: its path in the book, its cells, the clause, whom it was taken over from, findings."""

    place: str
    cells: tuple[Cell, ...]
    cite: str = ""
    taken_from: str = ""
    head: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """An entry with all that stands in it: its path, label and id, the clause, whom it was taken over from, sentences, a table."""

    place: str
    title: str
    id: str
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    cite: str = ""
    lines: Cell = ()
    taken_from: str = ""
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """One section of the book."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The whole: title, what is said of the book itself, its chapters, findings of no row, what no proof covers."""

    lang: Lang
    title: str
    about: tuple[tuple[str, Cell], ...]
    chapters: tuple[Chapter, ...]
    remarks: tuple[Remark, ...]
    left: tuple[str, ...]

    def rows(self) -> Iterator[TableRow]:
        """Every row of every block."""
        for chapter in self.chapters:
            for block in chapter.blocks:
                yield from block.rows

    def all_remarks(self) -> Iterator[Remark]:
        """Every finding, wherever it stands."""
        yield from self.remarks
        for chapter in self.chapters:
            for block in chapter.blocks:
                yield from block.remarks
        for row in self.rows():
            yield from row.remarks
