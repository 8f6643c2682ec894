"""`govservice sheets`: decisions and items as tables to fill in, and what filled-in tables change as an amending file."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from govservice.cli.console import Console
from govservice.cli.files import put_file
from govservice.errors import RecordError, RulebookError, Words
from govservice.exchange.sheets import read_sheets, write_sheets
from govservice.rules import Rulebook, load_rulebook

__all__ = ["sheets_command"]


def sheets_command(options: Namespace, console: Console) -> int:
    """Write tables, or read them back."""
    book = load_rulebook(options.book, lang=console.lang)
    return _written(book, options, console) if options.read is None else _read(book, options, console)


def _written(book: Rulebook, options: Namespace, console: Console) -> int:
    if options.out is None:
        hint = Words("--out rules.xlsx, or --read a file that was filled in", "用 --out 规则.xlsx，或用 --read 读填好的表格")
        raise RecordError(Words("nothing says where to write", "没有说明写到哪里"), hint=hint)
    only = None if options.only is None else [id.strip() for id in options.only.replace("，", ",").split(",") if id.strip()]
    ids = write_sheets(book, options.out, only=only, inherited=options.inherited, over=options.force)
    named = book.contents.several_in_chinese(ids).strip()
    console.say(Words(f"{len(ids)} tables in {options.out}: {', '.join(ids)}", f"{options.out} 里有 {len(ids)} 张表：{named}"))
    return 0


def _read(book: Rulebook, options: Namespace, console: Console) -> int:
    try:
        sheets = read_sheets(options.read)
        for name in sheets.ignored:
            console.note(
                Words(f"the sheet {name} is not marked as a table of rules, and was not read", f"工作表“{name}”没有规则表的标记，不读")
            )
        if not (sheets.is_of(book) or options.force):
            what = Words("the tables were written from another state of the rulebook", "表格是从规则册的另一个样子写出的")
            why = Words("what was changed in it since would be taken back", "规则册后来的改动会被改回去")
            raise RecordError(
                what, why=why, hint=Words("write them again, or add --force", "请重新写出再填，或加 --force"), file=sheets.file
            )
        changes = sheets.changes(book)
        text = sheets.yaml(book, Path(options.book).name)
    except RulebookError as error:
        raise RulebookError(error.faults, lang=console.lang) from None
    if not changes:
        console.note(Words("the tables change nothing", "表格没有改动"))
        return 0
    console.note(Words(f"{len(changes)} places changed: {', '.join(changes)}", f"改了 {len(changes)} 处：{'、'.join(changes)}"))
    if options.out is None:
        console.picture(text.rstrip("\n"))
    else:
        put_file(options.out, text.encode(), force=options.force)
    return 0
