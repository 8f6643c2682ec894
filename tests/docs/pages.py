"""The pages of the documentation, cut into what can be tried: Python examples, rulebooks, tables, links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = tuple(sorted((*ROOT.glob("*.md"), *DOCS.rglob("*.md"))))
_FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,})(?P<info>[^`\n]*)\n(?P<body>.*?)^(?P=indent)(?P=mark) *$", re.MULTILINE | re.DOTALL)
_TITLE = re.compile(r'title="([^"]+)"')


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, its title, its text, and the line it begins in."""

    page: Path
    language: str
    title: str | None
    text: str
    line: int

    def __str__(self) -> str:
        return f"{name(self.page)}:{self.line}"


def name(page: Path) -> str:
    """A page by its path in the project."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        language, _, rest = found["info"].strip().partition(" ")
        title = _TITLE.search(rest)
        indent = len(found["indent"])
        body = "".join(line[indent:] for line in found["body"].splitlines(keepends=True))
        yield Block(page, language, title[1] if title else None, body, text.count("\n", 0, found.start()) + 2)


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def rows(page: Path, *columns: str) -> Iterator[dict[str, str]]:
    """The rows of every table of a page that has these columns, each cell without its backticks."""
    heads: list[str] = []
    for line in prose(page).splitlines():
        if not line.startswith("|"):
            heads = []
            continue
        cells = [cell.strip().replace("\\|", "|").strip("`") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
        if not heads:
            heads = cells
        elif not set(line) <= set("|-: ") and set(columns) <= set(heads):
            yield dict(zip(heads, cells, strict=True))
