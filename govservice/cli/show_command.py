"""`govservice show`: a whole rulebook as a document to read, discuss, print and sign, as a page or as Markdown."""

from __future__ import annotations

from argparse import Namespace

from govservice.cli.console import Console
from govservice.cli.files import put_file
from govservice.errors import RecordError, Words
from govservice.rules import load_rulebook

__all__ = ["show_command"]


def show_command(options: Namespace, console: Console) -> int:
    """Write the book to the file asked for, by its ending a page or Markdown; without one, print the Markdown."""
    ending = ".md" if options.out is None else options.out.suffix.lower()
    if ending not in (".html", ".htm", ".md"):
        raise RecordError(
            Words("a rulebook is shown as a page or as Markdown", "规则册只能写成网页或 Markdown"),
            hint=Words("let the file end in .html or .md", "文件名请以 .html 或 .md 结尾"),
            file=str(options.out),
        )
    book = load_rulebook(options.book, settings=dict(options.set), lang=console.lang)
    if options.on is not None:
        book = book.on(options.on)
    draw = book.to_markdown if ending == ".md" else book.to_html
    text = draw(console.lang, findings=not options.plain, inherited=options.inherited)
    if options.out is None:
        console.picture(text.removesuffix("\n"))
        return 0
    put_file(options.out, text.encode(), force=options.force)
    console.note(Words(f"written: {options.out}", f"已写入：{options.out}"))
    return 0
