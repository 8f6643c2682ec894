"""The command line as it is written: subcommands, options, dates; a slip is told with the usage, and ends with 2."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from govservice.cli.console import Console
from govservice.echo import shown
from govservice.errors import Lang, RecordError

__all__ = ["Asked", "language", "parse"]

Command = Callable[[argparse.Namespace, Console], int]


class Asked(NamedTuple):
    """One command line, read."""

    command: Command
    options: argparse.Namespace
    lang: Lang


def parse(given: Sequence[str]) -> Asked | int:
    """The command line, or the exit code where it only asked for help or cannot be read (2)."""
    parser = _parser()
    try:
        options = parser.parse_args(given)
        if options.command is None:
            parser.print_help()
            return 0
        return Asked(_command(options.command), options, options.lang or language(given))
    except SystemExit as stopped:  # argparse has said why
        return stopped.code if isinstance(stopped.code, int) else 2


def language(argv: Sequence[str]) -> Lang:
    """The language: as `--lang` says, else Chinese where the system's is, else English.

    >>> language(["run", "--lang", "zh"]), language(["--lang=en"])
    ('zh', 'en')
    """
    for argument, following in zip_longest(argv, argv[1:], fillvalue=""):
        named = following if argument == "--lang" else argument.removeprefix("--lang=") if argument.startswith("--lang=") else ""
        if named in ("en", "zh"):
            return "zh" if named == "zh" else "en"
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if system.lower().startswith("zh") else "en"


def _command(name: str) -> Command:
    """The command of that name; its module is loaded only now."""
    if name == "run":
        from govservice.cli.run_command import run_command

        return run_command
    if name == "check":
        from govservice.cli.check_command import check_command

        return check_command
    if name == "due":
        from govservice.cli.due_command import due_command

        return due_command
    from govservice.cli.calendar_command import calendar_command

    return calendar_command


def _parser() -> argparse.ArgumentParser:
    from govservice import __version__

    language_help = "language of what is printed (default: the system's)"
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=("en", "zh"), help=language_help)
    parser = argparse.ArgumentParser(
        prog="govservice", description="Rules as code for administrative service centres.", parents=[common], allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"govservice {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    # a common option given before the command must not be undone by the command's own default
    again = argparse.ArgumentParser(add_help=False)
    again.add_argument(
        "--lang", choices=("en", "zh"), default=argparse.SUPPRESS, help="language of what is printed (default: the system's)"
    )

    def add(name: str, about: str, **more: Any) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=about, description=about, parents=[again], allow_abbrev=False, **more)

    _run(add("run", "classify a folder of records and compute due dates; without arguments, on the shipped sample"))
    _check(add("check", "list every fault of rulebooks; of a sound one, what it holds and what it leaves open"))
    _due(add("due", "the day a time limit ends"))
    _calendar(add("calendar", "a year or month of working days, rest days and make-up workdays"))
    return parser


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rulebook", metavar="BOOK", help="a shipped id or a YAML file (default, for the sample: kunshan)")
    parser.add_argument(
        "--records", metavar="DIR", type=Path, help="folder of items.*, applications.*, cases.*, pauses.* .. (default: a sample)"
    )
    parser.add_argument("--mapping", metavar="FILE", type=Path, help="which column holds which fact (default: mapping.yaml in the folder)")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("govservice-out"), help="where results go (default: %(default)s)")
    parser.add_argument("--force", action="store_true", help="write into a folder that holds other things")
    parser.add_argument("--on", metavar="DATE", type=_day, help="the day that dated rules are held against (default: each case's receipt)")
    parser.add_argument("--now", metavar="WHEN", type=_when, help="the day or moment that counts as today: says what is overdue")
    parser.add_argument("--accepted-on", metavar="DATE", type=_day, help="when each item would be due if accepted that day")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", type=_setting, default=[], help="a number the rulebook leaves open")
    parser.add_argument("--strict", action="store_true", help="exit with 1 where any row was set aside")
    _place(parser)
    _calendar_options(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("books", metavar="BOOK", nargs="+", help="a shipped id or a YAML file")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", type=_setting, default=[], help="a number the rulebook leaves open")


def _due(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("start", metavar="START", help="a day (2026-02-13) or a moment (2026-02-13 09:30)")
    parser.add_argument("limit", metavar="LIMIT", help="5个工作日, 30个自然日, 24小时, 3个月, 当天")
    _place(parser)
    parser.add_argument("--day", choices=("workday", "natural_day"), help="which kind of day a bare 日 or 天 is")
    parser.add_argument("--explain", action="store_true", help="every day, counted or not, and why")
    parser.add_argument("--first-day", choices=("excluded", "included"), default="excluded", help="is the first day counted?")
    parser.add_argument("--roll", choices=("forward", "none"), default="forward", help="a limit that ends on a rest day")
    parser.add_argument("--hours", metavar="HOURS", help="office hours: 08:30-12:00 13:30-17:00")
    parser.add_argument("--ends", choices=("day", "close", "same_time"), default="day", help="when in the due day (default: %(default)s)")
    parser.add_argument("--rest-day-same-day", choices=("same", "next"), help="a same-day limit that starts on a rest day")
    _calendar_options(parser)


def _calendar(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("year", metavar="YEAR", type=_year, help="2004 to 2099")
    parser.add_argument("--month", metavar="MONTH", type=int, choices=range(1, 13), help="one month only, 1 to 12")
    _place(parser)
    parser.add_argument("--html", metavar="FILE", type=Path, help="write a page instead")
    parser.add_argument("--ics", metavar="FILE", type=Path, help="write an iCalendar file instead")
    parser.add_argument("--force", action="store_true", help="overwrite the file")
    _calendar_options(parser)


def _place(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--calendar", metavar="PLACE", default="CN", help="a country, or a country and its part: US/MA (default: CN)")
    parser.add_argument(
        "--tz", metavar="ZONE", help="time zone of another country's calendar: America/New_York (default: moments without one)"
    )


def _calendar_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--known-on", metavar="DATE", type=_day, help="the calendar as it was known that day")
    parser.add_argument("--notice", metavar="FILE", action="append", default=[], help="a holiday notice that is not shipped yet")


def _day(text: str) -> date:
    from govservice.reading import read_date

    try:
        return read_date(text)
    except RecordError as error:
        raise argparse.ArgumentTypeError(error.text()) from None


def _when(text: str) -> date:
    """A day, or a moment where a time is written."""
    from govservice.reading import read_moment

    if ":" not in text and "：" not in text:
        return _day(text)
    try:
        return read_moment(text, zone=None)
    except RecordError as error:
        raise argparse.ArgumentTypeError(error.text()) from None


def _year(text: str) -> int:
    from govservice.reading import read_integer

    try:
        return read_integer(text.removesuffix("年"))
    except RecordError as error:
        raise argparse.ArgumentTypeError(error.text()) from None


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise argparse.ArgumentTypeError(f"{shown(text)} is no setting; write few_attachments=2")
    return name.strip(), value.strip()
