"""Ids that a file gives more than once: whether their rows say one thing, so that the order of rows decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from govservice.errors import Words
from govservice.records.reader import RowReader
from govservice.records.rows import RawRow, Row, SetAside, Twice

__all__ = ["Ids", "ids_of"]

_LISTED = 10  # lines named in a reason


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids of a file, and those of them that several rows give."""

    known: frozenset[str]
    twice: Mapping[str, Twice] = field(default_factory=dict)


def ids_of(raw: Callable[[], Iterator[RawRow]], reader: RowReader) -> Ids:
    """Look through the rows of a file once; a second time, where an id stands there twice, at the rows of these ids."""
    known: set[str] = set()
    again: set[str] = set()
    for row in raw():
        id = reader.id_of(row)
        if id is not None:
            (again if id in known else known).add(id)
    if not again:
        return Ids(frozenset(known))
    groups: dict[str, _Group] = {}
    for row in raw():
        id = reader.id_of(row)
        if id is not None and id in again:
            groups.setdefault(id, _Group()).take(reader.read(row))
    return Ids(frozenset(known), {id: group.told(reader.words.label_of) for id, group in groups.items()})


class _Group:
    """The rows of one id."""

    def __init__(self) -> None:
        self.first: Row | None = None
        self.lines: list[int] = []
        self.apart: dict[str, None] = {}
        self.unread: int | None = None

    def take(self, row: Row | SetAside) -> None:
        self.lines.append(row.line)
        if isinstance(row, SetAside):
            self.unread = self.unread if self.unread is not None else row.line
        elif self.first is None:
            self.first = row
        else:
            self.apart |= dict.fromkeys(_apart(_told(self.first), _told(row)))

    def told(self, label_of: Callable[[str], str]) -> Twice:
        named = ", ".join(map(str, self.lines[:_LISTED])) + (", .." if len(self.lines) > _LISTED else "")
        if self.apart:
            facts, called = ", ".join(self.apart), "、".join(map(label_of, self.apart))
            why = Words(
                f"the id stands in lines {named}, which differ in {facts}: none is used", f"第 {named} 行编号相同而{called}不同：均不采用"
            )
        elif self.unread is not None:
            line = self.unread
            why = Words(
                f"the id stands in lines {named}, of which line {line} cannot be read: none is used",
                f"第 {named} 行编号相同，其中第 {line} 行无法读取：均不采用",
            )
        else:
            return Twice(self.lines[0])
        return Twice(self.lines[0], why)


def _told(row: Row) -> dict[str, object]:
    return {**row.facts, **dict(row.course)}


def _apart(one: Mapping[str, object], other: Mapping[str, object]) -> list[str]:
    """The facts in which two rows differ; one that only one of them gives is among them."""
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]
