"""Books upon books: what a book takes over from those it extends, and which of two that differ is the later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from govservice.rules.book.marks import Marks, Node, Path, mapping
from govservice.rules.book.merging import SECTIONS, replaced

__all__ = ["Book", "entries", "taken_over"]

SHARED: Final = (*SECTIONS, "sources")


@dataclass(frozen=True, slots=True)
class Book:
    """One file with all that lies below it; `wrote` names for each entry the books that wrote it or took it out, the latest last."""

    tree: dict[str, Node]
    marks: Marks
    wrote: Mapping[Path, tuple[str, ...]]


def entries(tree: Mapping[str, Node]) -> dict[Path, Node]:
    """What a book hands on, by path: every entry of its sections; of a table, every column."""
    by_path: dict[Path, Node] = {}
    for section in SHARED:
        for id, entry in mapping(tree.get(section)).items():
            if section == "tables" and isinstance(entry, dict) and entry:
                by_path |= {(section, id, key): value for key, value in entry.items()}
            else:
                by_path[section, id] = entry
    return by_path


def taken_over(below: Book, above: Book, clash: Callable[[Path, str, str], None] | None = None) -> Book:
    """`above` with what it extends below it: every entry of both, the later where both have it; `above`'s conventions alone.

    Where each was written by a book that the other does not follow, `clash` is told the entry and both books.
    """
    merged = entries(below.tree)
    wrote = dict(below.wrote)
    kept: set[Path] = set()
    changed: set[Path] = set()
    own_entries = entries(above.tree)
    for path, takers in above.wrote.items():
        if path not in own_entries and (path not in merged or _took_out(takers, below.wrote.get(path, ()))):
            merged.pop(path, None)
            wrote[path] = takers
    for path, entry in own_entries.items():
        worth, after, before = replaced(merged.get(path), entry, path), above.wrote[path], below.wrote.get(path, ())
        if path in merged and (worth == merged[path] or before[: len(after)] == after):
            kept.add(path)
            continue
        if path not in merged and _took_out(before, after):
            continue
        if after[: len(before)] != before and clash is not None:
            clash(path, before[-1], after[-1])
        merged[path], wrote[path] = worth, after
        changed.add(path)
    own: dict[str, Node] = {key: value for key, value in above.tree.items() if key not in SHARED}
    hours = {"hours": below.tree["hours"]} if "hours" in below.tree else {}
    marks = {path: mark for path, mark in below.marks.items() if path[:2] not in changed and path[:3] not in changed}
    marks |= {path: mark for path, mark in above.marks.items() if path[:2] not in kept and path[:3] not in kept}
    return Book({**hours, **own, **_sections(merged)}, marks, wrote)


def _took_out(later: tuple[str, ...], earlier: tuple[str, ...]) -> bool:
    """Whether the books that wrote an entry and took it out at last follow on those that have it."""
    return len(later) > len(earlier) > 0 and later[: len(earlier)] == earlier


def _sections(by_path: Mapping[Path, Node]) -> dict[str, Node]:
    """Entries by path as a tree."""
    sections: dict[str, dict[str, Node]] = {}
    for (section, id, *column), entry in by_path.items():
        section_entries = sections.setdefault(section, {})
        if not column:
            section_entries.setdefault(id, dict(entry) if isinstance(entry, dict) else entry)
            continue
        table = section_entries.get(id)
        if not isinstance(table, dict):
            table = section_entries[id] = {}
        table[column[0]] = entry
    return dict(sections)
