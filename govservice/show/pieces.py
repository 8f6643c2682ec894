"""Pieces of HTML that every picture of a result is put together from: a framed block, a table of bounded size, a chip, pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from govservice.echo import visible
from govservice.errors import Lang, Words
from govservice.show.grid import INK, framed

__all__ = ["block", "cell", "chip", "heading", "lines", "listed", "pairs", "table"]

MOST_ROWS: Final = 20
LONGEST: Final = 400  # characters of one cell
TONES: Final = {
    "settled": ("#0b4a2b", "#dff3e6"),
    "open": ("#6b3d00", "#fdeecb"),
    "none": ("#4b515b", "#eef0f3"),
    "gap": ("#8f1313", "#fde7e7"),
}
"""Ink on ground at 7:1 or more, by what a chip says; the word says it too."""
_EDGE: Final = "1px solid #d8dee6"
_CELL: Final = f"text-align:left;vertical-align:top;padding:3px 12px 3px 0;border-bottom:{_EDGE};min-width:3.5em;overflow-wrap:break-word"
_SHORT: Final = 16  # characters: a day, a clause, an amount stand on one line
_KEPT: Final = ";white-space:nowrap"
_HEAD: Final = f"{_CELL};font-weight:600;border-bottom:2px solid #aab4c0"
_TABLE: Final = "border-collapse:collapse;margin:4px 0;font-size:1em"


def cell(text: str) -> str:
    """A text as it stands in HTML: on one line, bounded, with nothing that acts.

    >>> cell("<b>甲\\n乙"), len(cell("x" * 10_000)) < 500
    ('&lt;b&gt;甲\\\\n乙', True)
    """
    return escape(visible(text if len(text) <= LONGEST else f"{text[:LONGEST]}……"))


def block(inside: str, lang: Lang) -> str:
    """One result as a piece of HTML that needs no style but its own."""
    return framed(inside, lang, name="gs-result")


def heading(name: str, worth: str, beside: str = "") -> str:
    """What a result is of, in small, and what it comes to, in large; `beside` is HTML."""
    small = f'<div style="color:#4b515b">{cell(name)}</div>' if name else ""
    return (
        f'<div style="margin:0 0 8px">{small}'
        f'<span style="font-size:1.5em;font-weight:600;line-height:1.3;margin-right:10px">{cell(worth)}</span>{beside}</div>'
    )


def chip(text: str, tone: str) -> str:
    """A word on a coloured ground."""
    ink, ground = TONES[tone]
    style = f"display:inline-block;color:{ink};background:{ground};border-radius:4px;padding:1px 8px;font-size:.95em"
    return f'<span style="{style}">{cell(text)}</span>'


def lines(sentences: Iterable[str]) -> str:
    """Sentences below each other."""
    return "".join(f'<p style="margin:4px 0;color:{INK}">{cell(sentence)}</p>' for sentence in sentences)


def listed(head: str, entries: Iterable[str], lang: Lang) -> str:
    """A list under its heading, at most twenty entries; nothing where there are none."""
    entries = list(entries)
    if not entries:
        return ""
    items = "".join(f'<li style="margin:2px 0">{cell(entry)}</li>' for entry in entries[:MOST_ROWS])
    more = _more(len(entries) - MOST_ROWS, lang)
    name = f'<div style="font-weight:600;margin:10px 0 2px">{cell(head)}</div>'
    return f'{name}<ul style="margin:0;padding-left:1.3em;list-style:disc">{items}</ul>{more}'


def pairs(of: Iterable[tuple[str, str]]) -> str:
    """Names with their values, a row each."""
    name = f"{_CELL};color:#4b515b;white-space:nowrap;font-weight:400"
    rows = "".join(f'<tr><th scope="row" style="{name}">{cell(one)}</th><td style="{_CELL}">{cell(other)}</td></tr>' for one, other in of)
    return f'<table style="{_TABLE}">{rows}</table>' if rows else ""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], lang: Lang) -> str:
    """A table of at most twenty rows; of those left out it says how many."""
    head = "".join(f'<th scope="col" style="{_HEAD}">{cell(one)}</th>' for one in heads)
    body = "".join(map(_row, rows[:MOST_ROWS]))
    whole = f'<table style="{_TABLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div style="overflow-x:auto">{whole}</div>{_more(len(rows) - MOST_ROWS, lang)}'


def _row(of: Sequence[str]) -> str:
    cells = "".join(f'<td style="{_CELL}{_KEPT if len(one) <= _SHORT else ""}">{cell(one)}</td>' for one in of)
    return f"<tr>{cells}</tr>"


def _more(count: int, lang: Lang) -> str:
    if count <= 0:
        return ""
    said = Words(f"and {count:,} more", f"另有 {count:,} 项").text(lang)
    return f'<div style="color:#4b515b">{said}</div>'
