"""A rulebook as Markdown: the document of `show/book.py`, tables with a column for remarks, findings beneath what they are of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govservice.errors import Lang, Words
from govservice.rules.rulebook import Rulebook
from govservice.show.book import document
from govservice.show.book_shapes import Block, Cell, Document, Remark, Spoken, TableRow
from govservice.show.markdown import escaped, row

if TYPE_CHECKING:
    from govservice.rules.proofs.findings import Checked

__all__ = ["markdown"]


def markdown(book: Rulebook, lang: Lang, checked: Checked | None) -> str:
    """See `Rulebook.to_markdown`."""
    return "\n".join(_lines(document(book, lang, checked))) + "\n"


def _lines(of: Document) -> Iterator[str]:
    yield f"# {escaped(of.title)}"
    yield ""
    for name, said in of.about:
        yield f"- {escaped(name)}{_colon(of)}{_cell(said)}"
    if of.remarks:
        yield ""
        yield from (f"- {_remark(remark)}" for remark in of.remarks)
    for chapter in of.chapters:
        yield ""
        yield f"## {escaped(chapter.title)}"
        for block in chapter.blocks:
            yield ""
            yield from _block(of, block)
    if of.left:
        yield ""
        yield f"## {Words('Not analysed', '没有分析的').text(of.lang)}"
        yield ""
        yield from (f"- {escaped(left)}" for left in of.left)
    yield ""
    yield Words(
        "Read and agreed: \\_\\_\\_\\_\\_\\_\\_\\_ Date: \\_\\_\\_\\_\\_\\_\\_\\_", "审阅人：＿＿＿＿＿＿　　日期：＿＿＿＿＿＿"
    ).text(of.lang)


def _colon(of: Document) -> str:
    return Words(": ", "：").text(of.lang)


def _block(of: Document, block: Block) -> Iterator[str]:
    if block.title:
        yield f"### {_said(Spoken(block.title, block.id if block.id != block.title else ''), ' ')}"
        yield ""
        if block.cite:
            yield f"- {Words('clause', '条款').text(of.lang)}{_colon(of)}{escaped(block.cite)}"
        if block.taken_from:
            yield f"- {Words('taken over from', '承自').text(of.lang)}{_colon(of)}{escaped(block.taken_from)}"
        yield from (f"- {_said(line, ' ')}" for line in block.lines)
    yield from (f"- {_remark(remark)}" for remark in block.remarks)
    if not block.rows:
        return
    heads = (*block.heads, Words("clause", "条款").text(of.lang), Words("remarks", "意见").text(of.lang))
    yield ""
    yield row(map(escaped, heads))
    yield row("---" for _ in heads)
    for entry in block.rows:
        yield row(_cells(of, entry))
        for remark in entry.remarks:
            first, *rest = [""] * len(block.heads)
            first = _remark(remark)
            yield row([first, *rest, "", ""])


def _cells(of: Document, entry: TableRow) -> Iterator[str]:
    for number, said in enumerate(entry.cells):
        text = _cell(said)
        yield f"**{text}**" if entry.head and number == 0 and text else text
    taken = f"{Words('from', '承自').text(of.lang)} {escaped(entry.taken_from)}" if entry.taken_from else ""
    yield "<br>".join(part for part in (escaped(entry.cite), taken) if part)
    yield ""


def _cell(of: Cell) -> str:
    return "<br>".join(_said(line, "<br>") for line in of)


def _said(line: Spoken, between: str) -> str:
    return escaped(line.text) + (f"{between}<code>{escaped(line.exact)}</code>" if line.exact else "")


def _remark(remark: Remark) -> str:
    return f"**{escaped(remark.grave)}** {escaped(remark.text)} <code>{escaped(remark.kind)}</code>"
