"""A rulebook as one page to print on A4: the document of `show/book.py`, with contents, a column for remarks, and places to sign."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from govservice.errors import Lang, Words
from govservice.rules.rulebook import Rulebook
from govservice.show.book import document
from govservice.show.book_shapes import Block, Cell, Document, Remark, Spoken, TableRow

if TYPE_CHECKING:
    from govservice.rules.proofs.findings import Checked

__all__ = ["page"]

_MARKS: Final = {"error": "✕", "warning": "△", "note": "○"}  # told apart by their form, in grey print too
_LONG: Final = 1_500  # characters of a cell from which a row may go over several sheets
_CLAUSE, _REMARKS = Words("clause", "条款"), Words("remarks", "意见")
_SIGNED: Final = (Words("read by", "审阅人"), Words("department", "单位"), Words("date", "日期"))


def page(book: Rulebook, lang: Lang, checked: Checked | None) -> str:
    """See `Rulebook.to_html`."""
    of = document(book, lang, checked)
    language = "zh-CN" if of.lang == "zh" else "en"
    style = files("govservice.show").joinpath("book.css").read_text(encoding="utf-8")
    running = _css_text(f"{of.title} · {book.digest[:12]}")
    body = "".join((_opening(of), _contents(of), *(_chapter(of, at) for at in range(len(of.chapters))), _left(of), _closing(of)))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(of.title)}</title>'
        f"<style>{style.replace('RUNNING', running)}</style></head>\n<body><main>{body}</main></body></html>\n"
    )


def _css_text(text: str) -> str:
    """A text within a style sheet, every character by its number: whatever a title holds, it stays a text."""
    return "".join(f"\\{ord(character):06x}" for character in text)


def _opening(of: Document) -> str:
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{_cell(said)}</td></tr>" for name, said in of.about)
    return f'<h1>{escape(of.title)}</h1><table class="about"><tbody>{rows}</tbody></table>{_remarks(of.remarks)}'


def _contents(of: Document) -> str:
    """What is in it: every chapter, and the entries of those that have several."""
    items = []
    for chapter in of.chapters:
        named = [block for block in chapter.blocks if block.title]
        inner = "".join(f'<li><a href="#{escape(block.place)}">{escape(block.title)}</a>{_badge(block)}</li>' for block in named)
        head = f'<a href="#chapter-{escape(chapter.id)}">{escape(chapter.title)}</a>'
        items.append(f"<section><h3>{head}</h3>{f'<ul>{inner}</ul>' if inner else ''}</section>")
    title = Words("Contents", "目录").text(of.lang)
    return f'<nav><h2>{title}</h2><div class="toc">{"".join(items)}</div></nav>'


def _badge(block: Block) -> str:
    """The marks of what is found in an entry, and how often."""
    found = [remark.gravity for remark in (*block.remarks, *(remark for row in block.rows for remark in row.remarks))]
    return "".join(f' <b class="{grave}">{mark}{found.count(grave)}</b>' for grave, mark in _MARKS.items() if grave in found)


def _chapter(of: Document, at: int) -> str:
    chapter = of.chapters[at]
    blocks = "".join(_block(of, block) for block in chapter.blocks)
    return f'<section class="chapter"><h2 id="chapter-{escape(chapter.id)}">{escape(chapter.title)}</h2>{blocks}</section>'


def _block(of: Document, block: Block) -> str:
    parts = [f'<section class="entry" id="{escape(block.place)}">']
    if block.title:
        parts.append(f"<h3>{_said(Spoken(block.title, block.id if block.id != block.title else ''))}</h3>")
        aside = [(_CLAUSE.text(of.lang), block.cite), (Words("taken over from", "承自").text(of.lang), block.taken_from)]
        listed = "".join(f"<span>{escape(name)} <b>{escape(said)}</b></span>" for name, said in aside if said)
        parts.append(f'<p class="aside">{listed}</p>' if listed else "")
        parts.append(f"<ul>{''.join(f'<li>{_said(line)}</li>' for line in block.lines)}</ul>" if block.lines else "")
    parts.append(_remarks(block.remarks))
    if block.rows:
        parts.append(_table(of, block))
    parts.append("</section>")
    return "".join(parts)


def _table(of: Document, block: Block) -> str:
    heads = (*block.heads, _CLAUSE.text(of.lang), _REMARKS.text(of.lang))
    kinds = {1: ("",), 2: ("first", "")}.get(len(block.heads), ("first", "wide", ""))
    columns = "".join(f'<col class="{kind}">' for kind in (*kinds, "clause", "hand"))
    cells = "".join(f"<th>{escape(head)}</th>" for head in heads)
    body = "".join(text for row in block.rows for text in _rows(of, row, heads))
    pairs = "" if block.rows[0].place else ' class="pairs"'  # what is said of one entry, line by line
    return f"<table{pairs}><colgroup>{columns}</colgroup><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _rows(of: Document, row: TableRow, heads: tuple[str, ...]) -> Iterator[str]:
    """A row, and beneath it what is found of it."""
    taken = "" if not row.taken_from else f"<small>{Words('from', '承自').text(of.lang)} {escape(row.taken_from)}</small>"
    pieces = [*map(_cell, row.cells), f"{escape(row.cite)}{taken}"]
    cells = "".join(_data(piece, head) for piece, head in zip(pieces, heads, strict=False))
    anchor = f' id="{escape(row.place)}"' if row.place else ""
    kinds = " ".join(
        kind for kind, holds in (("head", row.head), ("kept", bool(row.remarks)), ("long", max(map(len, pieces)) > _LONG)) if holds
    )
    marked = f' class="{kinds}"' if kinds else ""
    yield f'<tr{anchor}{marked}>{cells}<td class="hand"></td></tr>'
    if row.remarks:
        yield f'<tr class="found"><td colspan="{len(heads)}">{_remarks(row.remarks)}</td></tr>'


def _data(piece: str, head: str) -> str:
    """One cell, with its head for screens too narrow for a table."""
    empty = "" if piece else ' class="none"'
    return f'<td data-h="{escape(head)}"{empty}>{piece}</td>'


def _remarks(remarks: tuple[Remark, ...]) -> str:
    return "".join(
        f'<p class="remark {remark.gravity}"><b>{_MARKS[remark.gravity]} {escape(remark.grave)}</b> {escape(remark.text)} '
        f"<code>{escape(remark.kind)}</code></p>"
        for remark in remarks
    )


def _cell(of: Cell) -> str:
    return "".join(f"<div>{_said(line)}</div>" for line in of)


def _said(line: Spoken) -> str:
    return escape(line.text) + (f" <code>{escape(line.exact)}</code>" if line.exact else "")


def _left(of: Document) -> str:
    if not of.left:
        return ""
    listed = "".join(f"<li>{escape(left)}</li>" for left in of.left)
    title = Words("Not analysed by the check", "检查没有分析的").text(of.lang)
    return f'<section class="chapter"><h2>{title}</h2><ul>{listed}</ul></section>'


def _closing(of: Document) -> str:
    blanks = "".join(f"<span>{word.text(of.lang)}<i></i></span>" for word in _SIGNED)
    opinion = Words("Opinion", "总的意见").text(of.lang)
    return f'<div class="closing"><p>{opinion}</p><i></i><i></i><div class="signed">{blanks}</div></div>'
