"""`govservice papers`: notices, forms and registers of a folder of records, each as a page to print."""

from __future__ import annotations

import re
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from typing import Final

from govservice.cli.answering import Grid, answered, check_answer, tell
from govservice.cli.console import Console
from govservice.cli.files import put_file, unwritable
from govservice.cli.places import calendar_of, read_ledger
from govservice.cli.printing import browser, to_pdf
from govservice.errors import NoticeError, Words
from govservice.notices import NoticeOwed
from govservice.papers import Papers, papers
from govservice.plain_files import distinct_names
from govservice.records.ledgers import rows_of_folder
from govservice.rules import Rulebook, load_rulebook
from govservice.show.notice import missing

__all__ = ["papers_command"]

_SHOWN = 10


def papers_command(options: Namespace, console: Console) -> int:
    """Write a page for each paper that is owed, as PDF too where that is asked for; with --strict 1 where one lacks what it must state, or
    a row was set aside.
    """
    check_answer(options)
    program = browser() if options.pdf else None  # before the work, not after it
    book = load_rulebook(options.rulebook, settings=dict(options.set), lang=console.lang)
    calendar = calendar_of(options)
    read, folder = read_ledger(options, book, calendar, console)
    aside, not_read = folder.set_aside, read.not_read
    records = folder.ledger if options.answer is None else rows_of_folder(read)
    done = answered(
        options, console, papers, book, records, kinds=options.kind or None, about=options.about or None, period=options.period,
        now=options.now, calendar=calendar, issued_on=options.issued_on, serial=options.serial,
    )  # fmt: skip
    lacking = _write(done.owed, program, options, console)
    tell(
        console, options.format, done.to_dict(), Grid(_COLUMNS, list(_rows(done, lacking, book))),
        lambda: _account(done, lacking, book, console),
    )  # fmt: skip
    if lacking:
        count = len(lacking)
        console.note(
            Words(
                f"not printed for want of what must be stated: {count}; --blanks prints them with blanks",
                f"缺必须写明的内容、没有打印的：{count} 份；加 --blanks 留空打印",
            )
        )
    for note in read.notes:
        console.note(note)
    if not_read:
        listed = ", ".join(not_read[:_SHOWN])
        console.note(Words(f"files not read: {listed}", f"未读取的文件：{listed}"))
    for row in aside[:_SHOWN]:
        console.note(Words(f"set aside: {row.text('en')}", f"搁置：{row.text('zh')}"))
    if len(aside) > _SHOWN:
        console.note(Words(f"and {len(aside) - _SHOWN} more rows", f"另有 {len(aside) - _SHOWN} 行"))
    for note in done.notes:
        if note not in folder.told:
            console.note(note)
    return 1 if options.strict and (lacking or aside) else 0


_COLUMNS: Final = (
    ("kind", Words("kind", "种类")),
    ("title", Words("paper", "文书")),
    ("about", Words("about", "关于")),
    ("number", Words("number", "编号")),
    ("printed", Words("printed", "已打印")),
    ("blanks", Words("blanks", "留空")),
)


def _write(owed: tuple[NoticeOwed, ...], program: str | None, options: Namespace, console: Console) -> dict[str, NoticeError]:
    """The pages; those that cannot be printed come back, each with what it lacks."""
    lacking: dict[str, NoticeError] = {}
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise unwritable(options.out, error) from None
    for notice, name in zip(owed, distinct_names(map(_plain_name, owed), separator="-"), strict=True):
        path = options.out / f"{name}.html"
        try:
            page = notice.to_html(blanks=options.blanks, lang=console.lang)
        except NoticeError as error:
            lacking[f"{notice.kind} {notice.about}"] = error
            continue
        put_file(path, page.encode("utf-8", "replace"), force=options.force)
        if program is not None:
            to_pdf(page, path.with_name(f"{name}.pdf"), program, force=options.force)
    return lacking


def _plain_name(notice: NoticeOwed) -> str:
    """The name that a paper's page is to have, which no id can lead elsewhere."""
    return re.sub(r"[^\w.-]", "_", f"{notice.kind}-{(notice.about or '').partition(':')[2]}")[:120]


def _rows(done: Papers, lacking: dict[str, NoticeError], book: Rulebook) -> Iterator[tuple[object, ...]]:
    """A row a paper; what is left blank is in Chinese by its labels."""
    for one in done.owed:
        blank = Words("; ".join((*one.lacks, *one.unknown)), missing(one, "zh"))
        yield one.kind, one.title, _about(one.about, book), one.number, f"{one.kind} {one.about}" not in lacking, blank


def _about(about: str | None, book: Rulebook) -> Words | None:
    """The row that a paper is about: `cases:C1`, in Chinese 办件 C1."""
    table, _, id = (about or "").partition(":")
    tables, schemes = book.contents.tables, book.contents.schemes
    label = tables[table].label if table in tables else schemes[table].title if table in schemes else None
    return None if about is None else Words(about, f"{label} {id}" if label else about)


def _account(done: Papers, lacking: dict[str, NoticeError], book: Rulebook, console: Console) -> None:
    """How many of each kind, which could not be printed, of which it is open whether they are owed."""
    titles = {id: notice.title for id, notice in book.contents.notices.items()}
    owed, open_ = Counter(notice.kind for notice in done.owed), Counter(notice.kind for notice in done.open)
    blank, without = Counter(notice.kind for notice in done.owed if notice.unknown), Counter(name.partition(" ")[0] for name in lacking)
    rows = [(titles.get(kind, kind), owed[kind], blank[kind], without[kind], open_[kind]) for kind in dict.fromkeys((*owed, *open_))]
    if rows:
        console.table(_HEADS, rows)
    else:
        console.say(Words("these records call for no paper", "这些记录没有应出的文书"))
    for name, error in list(lacking.items())[:_SHOWN]:
        about = _about(name.partition(" ")[2], book)
        console.say(Words(f"not printed: {name}: {error.what.en}", f"未打印：{about.zh if about else ''}：{error.what.zh}"))
    if len(lacking) > _SHOWN:
        console.say("  ...")


_HEADS = (
    Words("paper", "文书"), Words("owed", "应出"), Words("with blanks", "有留空"), Words("not printed", "未打印"), Words("open", "未定"),
)  # fmt: skip
