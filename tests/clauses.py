"""The rows of `docs/centres.md`: a clause of a source, the entries that say it, and the cases that show it, or why it is not carried."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from govservice.rules.book.contents import Contents

PAGE = Path(__file__).parents[1] / "docs" / "centres.md"
NOT_CARRIED = "*not carried*: "
_CODE = re.compile(r"(?:\b(rule|clock|decision|measure|notice|scheme|part|item|adjustment)s? )?`([^`]+)`")
_SECTION = {"part": "items", "item": "items", "adjustment": "items"}
_COUNTING = frozenset({"first_day", "roll", "ends", "bare_day", "extension_from"})

Entry = tuple[str, str]


@dataclass(frozen=True)
class Clause:
    """One row: `says` names entries in backticks, or gives the reason; `cases` are (file, name or its beginning and …)."""

    clause: str
    says: str
    cases: tuple[tuple[str, str], ...]

    @property
    def carried(self) -> bool:
        return not self.says.startswith(NOT_CARRIED)

    @property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """Each word in backticks, after the section that is named before it, or none."""
        return tuple((_SECTION.get(kind, f"{kind}s") if kind else "", code) for kind, code in _CODE.findall(self.says))

    def named(self, contents: Contents) -> list[tuple[str, frozenset[Entry] | None]]:
        """What each word in backticks stands for: of the section before it, and of the schemes that the row names, if any."""
        schemes = [code for _, code in self.codes if code in contents.schemes] or list(contents.schemes)
        return [(code, of_section(section, stands_for(code, contents, schemes))) for section, code in self.codes]


def chapter(id: str) -> str:
    """What the page says of a book."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition(f"\n## {id} ")
    return rest.partition("\n## ")[0]


def tables(text: str, heads: tuple[str, ...]) -> Iterator[list[str]]:
    """The rows of the tables with these heads, each as its cells."""
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if tuple(cells[-len(heads) :]) == heads:
            inside = True
        elif inside and not set(line) <= set("|-: "):
            yield cells


def clauses(id: str) -> list[Clause]:
    """The clauses of a book, in the page's order."""
    return [Clause(clause, says, tuple(cases(shown))) for clause, says, shown in tables(chapter(id), ("entries", "cases"))]


def cases(cell: str) -> Iterator[tuple[str, str]]:
    """The cases of a cell: `file`: name; name, and so on after ` · `."""
    for group in filter(None, cell.split(" · ")):
        file, names = group.split(": ", 1)
        yield from ((file.strip("`"), name) for name in names.split("; "))


def stands_for(code: str, contents: Contents, schemes: Iterable[str]) -> frozenset[Entry] | None:
    """The entries that a word in backticks stands for; none for one that is held and can be reached by no case (a table, a setting);
    None where the book holds nothing of that name."""
    name = code.partition(":")[0].partition("=")[0]
    found: set[Entry] = {
        (kind, name) for kind in ("decisions", "clocks", "notices", "measures", "schemes", "events") if name in getattr(contents, kind)
    }
    found |= {("rules", f"{id}/{rule.id}") for id, one in contents.decisions.items() for rule in one.rules if alike(rule.id, name)}
    found |= {("decisions", id) for id, one in contents.decisions.items() if name in dict(one.outcomes)}
    for id in schemes:
        scheme = contents.schemes[id]
        items = [(part, item.id) for part, held in scheme.parts.items() for item in held.items] + [("", item.id) for item in scheme.adjust]
        found |= {("items", f"{id}/{item}") for part, item in items if name == part or alike(item, name)}
    if name in contents.conventions:
        found |= {("clocks", id) for id in contents.clocks} if name in _COUNTING else {("schemes", id) for id in contents.schemes}
    if found:
        return frozenset(found)
    held = contents.settings.keys() | contents.tables.keys() | {column for table in contents.tables.values() for column in table.columns}
    return frozenset() if name in held | {"hours"} else None


def of_section(section: str, entries: frozenset[Entry] | None) -> frozenset[Entry] | None:
    """The entries of a section, all where none is named; None where it has none of them."""
    if not section or entries is None:
        return entries
    return frozenset(entry for entry in entries if entry[0] == section) or None


def alike(id: str, name: str) -> bool:
    """Whether an id is the one named, or begins as one named with `...` does."""
    return id.startswith(name.removesuffix("...")) if name.endswith("...") else id == name


def called(name: str, known: list[str]) -> list[str]:
    """The names of cases that a name on the page, or the beginning of one, may mean."""
    return [one for one in known if one.startswith(name.removesuffix("…"))] if name.endswith("…") else [one for one in known if one == name]
