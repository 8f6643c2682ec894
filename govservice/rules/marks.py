"""The plain tree of a file, where each part of it stands, and the list of what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, Union

from govservice.errors import NOTHING, Fault, Words

__all__ = ["Faults", "Mark", "Marks", "Node", "Path"]

Node: TypeAlias = Union[str, "list[Node]", "dict[str, Node]"]
Path: TypeAlias = tuple[str, ...]


class Mark(NamedTuple):
    """Where something stands: file, line and column, both from 1."""

    file: str
    line: int
    column: int


Marks: TypeAlias = dict[Path, Mark]


@dataclass(slots=True)
class Faults:
    """Everything wrong with one rulebook, in the order of its files."""

    marks: Marks
    found: list[Fault] = field(default_factory=list)

    def add(self, path: Path, what: Words, *, why: Words = NOTHING, hint: Words = NOTHING, quote: str | None = None) -> None:
        """Note a fault at a path; the nearest marked place above it is named."""
        at = path
        while at and at not in self.marks:
            at = at[:-1]
        mark = self.marks.get(at)
        self.found.append(
            Fault(what, why, hint, mark.file if mark else None, mark.line if mark else None, None, ".".join(path) or None, quote)
        )

    def sorted(self) -> tuple[Fault, ...]:
        """The faults by file and line, each once."""
        unique = dict.fromkeys(self.found)
        return tuple(sorted(unique, key=lambda one: (one.file or "", one.line or 0)))
