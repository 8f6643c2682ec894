"""`govservice map`: a folder of exports -> the draft of its mapping file, printed or written."""

from __future__ import annotations

from argparse import Namespace
from typing import Final

from govservice.cli.answering import Grid, called, tell
from govservice.cli.console import Console
from govservice.cli.files import put_file
from govservice.errors import Words
from govservice.records import TABLES, draft_mapping
from govservice.rules import load_rulebook
from govservice.rules.book.contents import labelled

__all__ = ["map_command"]


def map_command(options: Namespace, console: Console) -> int:
    """Draft, and say what each file was taken for and what was left; 1 where no file was taken for anything."""
    book = load_rulebook(options.rulebook, lang=console.lang)
    draft = draft_mapping(options.folder, book=book, rows=options.rows, lang=console.lang)
    if options.out is not None:
        put_file(options.out, draft.text.encode(), force=options.force)
    text = draft.text if options.out is None else ""
    tables = book.contents.tables
    labels = {name: TABLES[name].label.zh if name in TABLES else (name in tables and tables[name].label) or None for name in draft.tables}
    rows = [(called(name, labelled(name, labels[name]).strip()), file) for name, file in draft.tables.items()]
    tell(console, options.format, draft.to_dict(), Grid(_COLUMNS, rows), lambda: _print(text, console))
    for table, file in draft.tables.items():
        console.note(Words(f"{table}: {file}", f"{labelled(table, labels[table]).strip()}：{file}"))
    for left in draft.left:
        console.note(left)
    if draft.unplaced:
        count = draft.unplaced
        console.note(Words(f"columns not placed, with the reason in the draft: {count}", f"没有对应上的列 {count} 个，原因写在草稿里"))
    return 0 if draft.tables else 1


_COLUMNS: Final = (("table", Words("table", "表")), ("file", Words("file", "文件")))


def _print(text: str, console: Console) -> None:
    if text:
        console.picture(text.rstrip("\n"))
