"""`govservice calendar`: a year or month to look at, as text, page or iCalendar file; or a notice's words as a notice file."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import Final

from govservice.calendars import CalendarNotice, WorkCalendar, china, read_notice_text
from govservice.calendars.days import LABELS
from govservice.calendars.months import YearView
from govservice.calendars.noticefile import MOST_BYTES
from govservice.cli.answering import Grid, called, tell
from govservice.cli.console import Console
from govservice.cli.files import put_file
from govservice.cli.given import stdin_text
from govservice.cli.places import calendar_of
from govservice.errors import RecordError, Words
from govservice.plain_files import read_plain, system_says

__all__ = ["calendar_command"]


def calendar_command(options: Namespace, console: Console) -> int:
    """Print the year or month, or write it to the files asked for; without a year, what the text of a notice says, as a notice file."""
    if options.year is None:
        return _notice_file(options, console)
    if options.yaml is not None or options.issued_on is not None:
        raise RecordError(
            Words("--yaml and --issued-on are about the text of a notice", "--yaml 和 --issued-on 只用于通知原文"),
            hint=Words("leave out the year", "请去掉年份"),
        )
    calendar = calendar_of(options)
    view = calendar.month(options.year, options.month) if options.month else calendar.year(options.year)
    if options.html is not None:
        body = view.to_html(console.lang)
        name = f"{options.year}-{options.month:02}" if options.month else str(options.year)
        language = "zh-CN" if console.lang == "zh" else "en"
        page = (
            f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{name}</title></head><body>{body}</body></html>\n'
        )
        _write(options.html, page.encode(), force=options.force, console=console)
    if options.ics is not None:
        _write(options.ics, calendar.to_ics(*_span(options, calendar)), force=options.force, console=console)
    if options.html is None and options.ics is None:
        months = view.months if isinstance(view, YearView) else (view,)
        rows = [
            (day.date, day.is_workday, called(day.kind, LABELS[day.kind].zh), day.name, day.source, day.official)
            for month in months
            for day in month.days
        ]
        tell(console, options.format, view.to_dict(), Grid(_COLUMNS, rows), lambda: console.picture(view.to_text(console.lang)))
    return 0


_COLUMNS: Final = (
    ("date", Words("day", "日期")),
    ("is_workday", Words("worked", "工作日")),
    ("kind", Words("kind", "种类")),
    ("name", Words("holiday", "节日")),
    ("source", Words("source", "依据")),
    ("official", Words("fixed by notices", "通知已定")),
)


def _notice_file(options: Namespace, console: Console) -> int:
    texts = [path for path in options.notice if Path(path).suffix.lower() not in (".yaml", ".yml")]
    if len(texts) != 1 or options.month or options.html is not None or options.ics is not None:
        raise RecordError(
            Words("write a year to look at, or --notice with the text of one notice", "请写要看的年份，或用 --notice 给出一份通知原文"),
            hint=Words("govservice calendar 2027; govservice calendar --notice notice.txt", "如 govservice calendar 2027"),
        )
    others = [notice for path in options.notice if path not in texts and (notice := CalendarNotice.read(path)) is not None]
    notice = read_notice_text(_text(Path(texts[0])), issued_on=options.issued_on, notices=others)
    china(notices=[*others, notice])  # it must stand beside the others
    if options.yaml is None:
        console.picture(notice.to_yaml().removesuffix("\n"))
    else:
        _write(options.yaml, notice.to_yaml().encode(), force=options.force, console=console)
    return 0


def _text(path: Path) -> str:
    if path == Path("-"):
        return stdin_text()
    try:
        return read_plain(path, MOST_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = system_says(error) if isinstance(error, OSError) else Words("it is not UTF-8 text", "不是 UTF-8 文本")
        raise RecordError(Words("the text of the notice cannot be read", "无法读取通知原文"), why=why, file=str(path)) from None


def _span(options: Namespace, calendar: WorkCalendar) -> tuple[int | date, date | None]:
    if not options.month:
        return options.year, None
    days = [day.date for day in calendar.month(options.year, options.month).days]
    return days[0], days[-1]


def _write(path: Path, content: bytes, *, force: bool, console: Console) -> None:
    put_file(path, content, force=force)
    console.note(Words(f"written: {path}", f"已写入：{path}"))
