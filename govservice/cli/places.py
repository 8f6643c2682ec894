"""The calendar, the place of the records and the ledger of them that the options of a command ask for."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from govservice.calendars import WorkCalendar, china
from govservice.cli.console import Console
from govservice.errors import CalendarError, Words
from govservice.records import Records, read_records
from govservice.records.ledgers import FolderRead, ledger_of_folder
from govservice.rules import Rulebook

__all__ = ["calendar_of", "folder_of", "read_ledger"]


def folder_of(records: str | Path) -> Path | None:
    """The folder of the records; None where they are in a database."""
    return records if isinstance(records, Path) else None


def read_ledger(options: Namespace, book: Rulebook, calendar: WorkCalendar, console: Console) -> tuple[Records, FolderRead]:
    """The records that scores, measures and papers are made of, as they are opened and as they are read."""
    with console.progress() as progress:
        read = read_records(options.records, book=book, mapping=options.mapping, progress=progress, assessed=True, zone=calendar.tz)
        return read, ledger_of_folder(read, book)


def calendar_of(options: Namespace) -> WorkCalendar:
    """China's calendar as known on a day, with further notices; or another place's (`US/MA`), in a time zone or for naive moments.

    Raises CalendarError.
    """
    country, _, part = (options.calendar or "CN").partition("/")
    if country.upper() == "CN" and not part:
        if options.tz is not None:
            raise CalendarError(
                Words("China's calendar has its own time zone", "中国日历自有时区"), hint=Words("leave out --tz", "请去掉 --tz")
            )
        return china(known_on=options.known_on, notices=options.notice)
    if options.known_on is not None or options.notice:
        raise CalendarError(
            Words("--known-on and --notice are about China's calendar", "--known-on 和 --notice 只用于中国日历"),
            hint=Words("leave out --calendar", "请去掉 --calendar"),
        )
    return WorkCalendar.of(country.upper(), subdiv=part.upper() or None, tz=options.tz)
