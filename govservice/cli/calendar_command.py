"""`govservice calendar`: a year or month to look at, as text, as a page, or as an iCalendar file."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from govservice.calendars import WorkCalendar
from govservice.cli.console import Console
from govservice.cli.places import calendar_of
from govservice.errors import RecordError, Words
from govservice.plain_files import system_says, write_plain

__all__ = ["calendar_command"]


def calendar_command(options: Namespace, console: Console) -> int:
    """Print the year or month, or write it to the files asked for."""
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
        console.picture(view.to_text(console.lang))
    return 0


def _span(options: Namespace, calendar: WorkCalendar) -> tuple[int | date, date | None]:
    if not options.month:
        return options.year, None
    days = [day.date for day in calendar.month(options.year, options.month).days]
    return days[0], days[-1]


def _write(path: Path, content: bytes, *, force: bool, console: Console) -> None:
    try:
        write_plain(path, content, over=force)
    except FileExistsError:
        raise RecordError(
            Words("the file is there already", "文件已存在"),
            hint=Words("add --force to overwrite it", "如要覆盖请加 --force"),
            file=str(path),
        ) from None
    except (OSError, ValueError) as error:
        raise RecordError(Words("the file cannot be written", "文件无法写入"), why=system_says(error), file=str(path)) from None
    console.note(Words(f"written: {path}", f"已写入：{path}"))
