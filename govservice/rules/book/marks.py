"""The plain tree of a file, where each part of it stands, and the list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias, Union

from govservice.errors import NOTHING, Fault, Words

__all__ = ["MOST_FAULTS", "Faults", "Mark", "Marks", "Node", "Path", "mapping", "parts_within", "period_kind", "short", "text_of"]

Node: TypeAlias = Union[str, "list[Node]", "dict[str, Node]"]
Path: TypeAlias = tuple[str, ...]  # through a list by number, from 1
_LONGEST: Final = 60
MOST_FAULTS: Final = 1_000  # listed; of more it is said how many


class Mark(NamedTuple):
    """Where something stands: file, line and column, both from 1. `of` is the path of what an alias stands for."""

    file: str
    line: int
    column: int
    of: tuple[str, ...] = ()


Marks: TypeAlias = dict[Path, Mark]
_NOWHERE: Final = Mark("", 0, 0)


def mapping(node: Node | None) -> dict[str, Node]:
    """The mapping that stands there, or an empty one: where nothing stands, or what stands has the wrong shape."""
    return node if isinstance(node, dict) else {}


def text_of(entry: Mapping[str, Node], key: str) -> str | None:
    """The text under a key, None where there is none."""
    text = entry.get(key)
    return text if isinstance(text, str) else None


def parts_within(entry: Mapping[str, Node]) -> Iterator[str]:
    """The parts of a scheme, and those that they hold, by their paths.

    >>> list(parts_within({"parts": {"a": {"parts": {"b": {}}}, "c": {}}}))
    ['a', 'a.b', 'c']
    """
    for id, part in mapping(entry.get("parts")).items():
        yield id
        yield from (f"{id}.{path}" for path in parts_within(mapping(part)))


def period_kind(node: Node | None) -> str | None:
    """A period as a file writes it, in one text.

    >>> period_kind("quarter"), period_kind({"month_from": "26"}), period_kind({"year_from": "12-01"})
    ('quarter', 'month from 26', 'year from 12-01')
    """
    if isinstance(node, dict):
        kind, start = next(((key, value) for key, value in node.items() if isinstance(value, str)), ("", ""))
        return f"{kind.removesuffix('_from')} from {start}" if kind else None
    return node if isinstance(node, str) else None


def short(name: str) -> str:
    """A name as a message shows it: no more than 60 characters.

    >>> short("case_type"), len(short("x" * 50_000))
    ('case_type', 60)
    """
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."


def too_many(most: int, of: Words) -> Words:
    """That there are more of something than may be.

    >>> too_many(2_000, Words("values of a choice", "可选值")).en
    'more than 2,000 values of a choice'
    """
    return Words(f"more than {most:,} {of.en}", f"{of.zh}超过 {most:,} 个")


class Noted(NamedTuple):
    """A fault at a path; its place is the mark, or else that of the nearest marked part above."""

    path: Path
    fault: Fault
    mark: Mark | None


@dataclass(slots=True)
class Faults:
    """Everything wrong with one rulebook, by path; the places are looked up when the list is asked for.

    The first thousand are kept; `more` counts the others.
    """

    marks: Marks
    noted: list[Noted] = field(default_factory=list)
    more: int = 0

    def add(
        self, path: Path, what: Words, *, why: Words = NOTHING, hint: Words = NOTHING, quote: str | None = None, mark: Mark | None = None
    ) -> None:
        """Note a fault at a path."""
        self._note([Noted(path, Fault(what, why, hint, quote=quote), mark)])

    def _note(self, noted: Iterable[Noted], more: int = 0) -> None:
        given = list(noted)
        free = max(MOST_FAULTS - len(self.noted), 0)
        self.noted.extend(given[:free])
        self.more += more + len(given[free:])

    def rename(self, names: Mapping[Path, str]) -> None:
        """Give the parts of a list their ids, in every path noted and every mark."""
        lengths = {len(path) for path in names}

        def named(path: Path) -> Path:
            for length in lengths:
                name = names.get(path[:length])
                if name is not None:
                    path = (*path[: length - 1], name, *path[length:])
            return path

        self.noted = [noted._replace(path=named(noted.path)) for noted in self.noted]
        self.marks = {named(path): mark._replace(of=named(mark.of)) if mark.of else mark for path, mark in self.marks.items()}

    def include(self, others: Faults) -> None:
        """Take over the faults of another file, with their places."""
        self._note((noted._replace(mark=others.place(noted)) for noted in others.noted), others.more)

    def follow(self, later: Faults) -> None:
        """Take over what a later reading found, but for lines that are faulty already: there it may be a mere consequence."""
        taken = {mark[:2] for noted in self.noted if (mark := self.place(noted)) is not None}
        self._note((noted for noted in later.noted if (mark := later.place(noted)) is None or mark[:2] not in taken), later.more)

    def place(self, noted: Noted) -> Mark | None:
        """Where a fault stands."""
        at = noted.path
        while noted.mark is None and at and at not in self.marks:
            at = at[:-1]
        return noted.mark or self.marks.get(at)

    def _stood_for(self, path: Path) -> Path | None:
        """Of a path within what an alias stands for: where that is written out."""
        at = path
        while at and at not in self.marks:
            at = at[:-1]
        mark = self.marks.get(at)
        return (*mark.of, *path[len(at) :]) if mark is not None and mark.of else None

    def sorted(self) -> tuple[Fault, ...]:
        """The faults by file, line and column, each once; where there are too many to list, the last says how many more.

        What is wrong with that for which an alias stands is told where it is written out.
        """
        told = {(noted.path, noted.fault) for noted in self.noted}
        once = [noted for noted in self.noted if (self._stood_for(noted.path), noted.fault) not in told]
        placed = sorted(((self.place(noted), noted) for noted in once), key=lambda pair: pair[0] or _NOWHERE)
        faults = dict.fromkeys(_placed(noted, mark) for mark, noted in placed)
        if self.more:
            what = Words(f"and {self.more:,} more faults", f"另有 {self.more:,} 处问题")
            last = next((mark for mark, _ in reversed(placed) if mark is not None), None)
            hint = Words("mend those listed first", "请先改正列出的各处")
            faults[Fault(what, hint=hint, file=last.file if last else None, line=last.line if last else None)] = None
        return tuple(faults)


def _placed(noted: Noted, mark: Mark | None) -> Fault:
    id = ".".join(map(short, noted.path)) or None
    return replace(noted.fault, file=mark.file if mark else None, line=mark.line if mark else None, id=id)
