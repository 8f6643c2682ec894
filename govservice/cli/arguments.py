"""The command line as it is written: subcommands, options, dates; a slip is told with the usage, and ends with 2."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import takewhile, zip_longest
from pathlib import Path
from typing import Final, NamedTuple

from govservice.cli.console import Console
from govservice.cli.parser import Parser
from govservice.cli.texts import HELP, PLACES, TITLES
from govservice.echo import shown
from govservice.errors import Lang, RecordError, Words

__all__ = ["Asked", "language", "options_of", "parse"]

Command = Callable[[argparse.Namespace, Console], int]


class Asked(NamedTuple):
    """One command line, read."""

    command: Command
    options: argparse.Namespace
    lang: Lang


def parse(given: Sequence[str]) -> Asked | int:
    """The command line, or the exit code where it only asked for help or cannot be read (2)."""
    lang = language(given)
    parser = _parser(lang)
    given = [f" {argument}" if _NEGATIVE.match(argument) else argument for argument in given]  # else it would be an option
    try:
        options = parser.parse_args(given)
        if options.command is None:
            parser.print_help()
            return 0
        if options.command == "calendar" and options.year is None and not options.notice:
            options.parser.error("the following arguments are required: YEAR")
        if options.command == "completions":
            options.whole = parser
        return Asked(_command(options.command), options, lang)
    except SystemExit as stopped:  # argparse has said why
        return stopped.code if isinstance(stopped.code, int) else 2


def options_of(options: argparse.Namespace) -> frozenset[str]:
    """The options with a value that the command has, by the name that the library's argument has.

    >>> sorted(options_of(argparse.Namespace(on=None, book="kunshan", command="classify")))
    ['on']
    """
    known = {key.rsplit(" ", 1)[-1] for key in HELP}
    return frozenset(name for name in vars(options) if f"--{name.replace('_', '-')}" in known)


_NEGATIVE: Final = re.compile(r"-\s*[\d〇一二两三四五六七八九十半]+(?![\d.]|-|$)")


def language(argv: Sequence[str]) -> Lang:
    """The language: as the last `--lang` says, else Chinese where the system's is, else English.

    >>> language(["run", "--lang", "zh"]), language(["--lang=zh", "run", "--lang=en"])
    ('zh', 'en')
    """
    options = list(takewhile(lambda argument: argument != "--", argv))
    for argument, following in zip_longest(reversed(options), [None, *reversed(options)], fillvalue=None):
        named = following if argument == "--lang" else argument.removeprefix("--lang=") if argument else None
        if named in ("en", "zh"):
            return "zh" if named == "zh" else "en"
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if system.lower().startswith("zh") else "en"


def _command(name: str) -> Command:
    """The command of that name; its module is loaded only now."""
    if name == "run":
        from govservice.cli.run_command import run_command

        return run_command
    if name in ("score", "grade", "assess"):
        from govservice.cli.assess_command import assess_command

        return assess_command
    if name == "classify":
        from govservice.cli.classify_command import classify_command

        return classify_command
    if name == "measure":
        from govservice.cli.measure_command import measure_command

        return measure_command
    if name == "tune":
        from govservice.cli.tune_command import tune_command

        return tune_command
    if name == "completions":
        from govservice.cli.completions import completions_command

        return completions_command
    if name == "whatif":
        from govservice.cli.whatif_command import whatif_command

        return whatif_command
    if name == "check":
        from govservice.cli.check_command import check_command

        return check_command
    if name == "test":
        from govservice.cli.trial_command import trial_command

        return trial_command
    if name == "diff":
        from govservice.cli.diff_command import diff_command

        return diff_command
    if name == "show":
        from govservice.cli.show_command import show_command

        return show_command
    if name == "due":
        from govservice.cli.due_command import due_command

        return due_command
    if name == "papers":
        from govservice.cli.papers_command import papers_command

        return papers_command
    if name == "sheets":
        from govservice.cli.sheets_command import sheets_command

        return sheets_command
    if name == "map":
        from govservice.cli.map_command import map_command

        return map_command
    if name == "try":
        from govservice.cli.try_command import try_command

        return try_command
    if name == "sql":
        from govservice.cli.sql_command import sql_command

        return sql_command
    if name == "verify":
        from govservice.cli.verify_command import verify_command

        return verify_command
    if name == "freeze":
        from govservice.cli.verify_command import freeze_command

        return freeze_command
    from govservice.cli.calendar_command import calendar_command

    return calendar_command


def _records(text: str) -> str | Path:
    """A folder, or the address of a database as it is written."""
    return text if "://" in text else Path(text)


def _parser(lang: Lang) -> Parser:
    from govservice import __version__

    parser = Parser(lang, prog="govservice", description=HELP["govservice"].text(lang))
    parser.say("--version", action="version", version=f"govservice {__version__}")
    parser.say("--lang", choices=("en", "zh"))
    commands = parser.add_subparsers(title=TITLES["commands"].text(lang), dest="command", metavar=PLACES["COMMAND"].text(lang))
    for name, arguments in _COMMANDS.items():
        about = HELP[name].text(lang)
        command = commands.add_parser(name, lang=lang, help=about, description=about)
        # given before the command, it must not be undone by the command's own default
        command.say("--lang", choices=("en", "zh"), default=argparse.SUPPRESS)
        arguments(command)
    return parser


def _round(parser: Parser, named: str | None = None) -> None:
    if named is not None:
        parser.say("names", about=named, metavar=named, nargs="*")
    parser.say("--rulebook", about="BOOK", metavar="BOOK", required=True)
    parser.say("--records", about="assess --records", metavar="DIR", type=_records, required=True)
    parser.say("--period", about="assess --period", metavar="PERIOD", required=True)
    parser.say("--subject", about="assess --subject", metavar="ID")
    parser.say("--now", about="assess --now", metavar="WHEN", type=partial(_when, lang=parser.lang))
    parser.say("--mapping", about="run --mapping", metavar="FILE", type=Path)
    parser.say("--out", about="assess --out", metavar="DIR", type=Path)
    parser.say("--into", about="run --into", metavar="URL")
    parser.say("--force", about="run --force", action="store_true")
    _form(parser)
    parser.say("--html", about="assess --html", action="store_true")
    parser.say("--keep", about="assess --keep", action="store_true")
    _answer(parser)
    _settings(parser)
    parser.say("--strict", about="run --strict", action="store_true")
    _place(parser)
    _known(parser)


def _classify(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("facts", about="FACTS", metavar="FACTS", nargs="+")
    parser.say("--on", about="run --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--now", about="classify --now", metavar="WHEN", type=partial(_when, lang=parser.lang))
    parser.say("--mapping", about="run --mapping", metavar="FILE", type=Path)
    parser.say("--explain", about="classify --explain", action="store_true")
    _form(parser)
    _answer(parser)
    parser.say("--force", about="calendar --force", action="store_true")
    _settings(parser)
    parser.say("--strict", about="classify --strict", action="store_true")
    _place(parser)
    _known(parser)


def _measure(parser: Parser) -> None:
    parser.say("names", about="MEASURE", metavar="MEASURE", nargs="*")
    parser.say("--rulebook", about="BOOK", metavar="BOOK", required=True)
    parser.say("--records", about="assess --records", metavar="DIR", type=_records, required=True)
    parser.say("--period", about="measure --period", metavar="PERIOD", required=True)
    parser.say("--subject", about="assess --subject", metavar="ID")
    parser.say("--about", about="measure --about", metavar="TABLE")
    parser.say("--now", about="assess --now", metavar="WHEN", type=partial(_when, lang=parser.lang))
    parser.say("--mapping", about="run --mapping", metavar="FILE", type=Path)
    _form(parser)
    _answer(parser)
    parser.say("--force", about="calendar --force", action="store_true")
    _settings(parser)
    parser.say("--strict", about="run --strict", action="store_true")
    _place(parser)
    _known(parser)


def _tune(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("path", about="tune PATH", metavar="PATH")
    parser.say("among", about="tune VALUES", metavar="VALUES")
    parser.say("--wish", about="tune --wish", metavar="WISH", required=True)
    parser.say("--records", about="assess --records", metavar="DIR", type=_records, required=True)
    parser.say("--period", about="whatif --period", metavar="PERIOD")
    parser.say("--on", about="run --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--now", about="whatif --now", metavar="WHEN", type=partial(_when, lang=parser.lang))
    _form(parser)
    _settings(parser)
    _place(parser)
    _known(parser)


def _completions(parser: Parser) -> None:
    parser.say("shell", about="completions SHELL", metavar="SHELL", choices=("bash", "zsh", "fish"))


def _run(parser: Parser) -> None:
    day = partial(_day, lang=parser.lang)
    parser.say("--rulebook", about="run --rulebook", metavar="BOOK")
    parser.say("--records", about="run --records", metavar="DIR", type=_records)
    parser.say("--mapping", about="run --mapping", metavar="FILE", type=Path)
    parser.say("--out", about="run --out", metavar="DIR", type=Path)
    parser.say("--into", about="run --into", metavar="URL")
    parser.say("--force", about="run --force", action="store_true")
    _form(parser)
    _answer(parser)
    parser.say("--on", about="run --on", metavar="DATE", type=day)
    parser.say("--now", about="run --now", metavar="WHEN", type=partial(_when, lang=parser.lang))
    parser.say("--accepted-on", about="run --accepted-on", metavar="DATE", type=day)
    parser.say("--stream", about="run --stream", choices=("parquet", "csv"))
    parser.say("--start", about="run --start", metavar="COLUMN")
    parser.say("--limit", about="run --limit", metavar="COLUMN")
    parser.say("--part-rows", about="run --part-rows", metavar="NUMBER", type=partial(_whole, lang=parser.lang), default=250_000)
    _settings(parser)
    parser.say("--strict", about="run --strict", action="store_true")
    _place(parser)
    _known(parser)


def _check(parser: Parser) -> None:
    parser.say("books", about="BOOK", metavar="BOOK", nargs="+")
    _settings(parser)
    parser.say("--notes", about="check --notes", action="store_true")
    parser.say("--inherited", about="check --inherited", action="store_true")
    _form(parser, "github")
    parser.say("--strict", about="check --strict", action="store_true")


def _test(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("files", about="test FILES", metavar="FILES", nargs="*", type=Path)
    _settings(parser)
    parser.say("--on", about="test --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--all", about="test --all", action="store_true")
    parser.say("--only-run", about="test --only-run", action="store_true")
    _form(parser)
    parser.say("--strict", about="test --strict", action="store_true")


def _diff(parser: Parser) -> None:
    day = partial(_day, lang=parser.lang)
    parser.say("old", about="OLD", metavar="OLD")
    parser.say("new", about="NEW", metavar="NEW")
    parser.say("--old-on", about="diff --old-on", metavar="DATE", type=day)
    parser.say("--new-on", about="diff --new-on", metavar="DATE", type=day)
    _form(parser)
    parser.say("--markdown", about="diff --markdown", action="store_true")
    _settings(parser)
    parser.say("--strict", about="diff --strict", action="store_true")


def _show(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("--out", about="show --out", metavar="FILE", type=Path)
    parser.say("--on", about="show --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--inherited", about="show --inherited", action="store_true")
    parser.say("--plain", about="show --plain", action="store_true")
    parser.say("--force", about="calendar --force", action="store_true")
    _settings(parser)


def _sql(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("decision", about="sql DECISION", metavar="DECISION")
    parser.say("--table", about="sql --table", metavar="TABLE", required=True)
    parser.say("--dialect", about="sql --dialect", metavar="NAME", default="duckdb")
    parser.say("--columns", about="sql --columns", metavar="NAMES")
    parser.say("--on", about="sql --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    _settings(parser)


def _sheets(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("--out", about="sheets --out", metavar="FILE", type=Path)
    parser.say("--read", about="sheets --read", metavar="FILE", type=Path)
    parser.say("--only", about="sheets --only", metavar="IDS")
    parser.say("--inherited", about="sheets --inherited", action="store_true")
    parser.say("--force", about="sheets --force", action="store_true")


def _map(parser: Parser) -> None:
    parser.say("folder", about="map DIR", metavar="DIR", type=Path)
    parser.say("--rulebook", about="map --rulebook", metavar="BOOK", default="standard")
    parser.say("--out", about="map --out", metavar="FILE", type=Path)
    parser.say("--rows", about="map --rows", metavar="NUMBER", type=partial(_whole, lang=parser.lang), default=2_000)
    parser.say("--force", about="calendar --force", action="store_true")
    _form(parser)


def _due(parser: Parser) -> None:
    parser.say("start", about="START", metavar="START")
    parser.say("limit", about="LIMIT", metavar="LIMIT")
    _place(parser)
    parser.say("--day", about="due --day", choices=("workday", "natural_day"))
    parser.say("--explain", about="due --explain", action="store_true")
    parser.say("--first-day", about="due --first-day", choices=("excluded", "included"), default="excluded")
    parser.say("--roll", about="due --roll", choices=("forward", "none"), default="forward")
    parser.say("--hours", about="due --hours", metavar="HOURS")
    parser.say("--ends", about="due --ends", choices=("day", "close", "same_time"), default="day")
    parser.say("--rest-day-same-day", about="due --rest-day-same-day", choices=("same", "next"))
    _form(parser)
    _answer(parser)
    parser.say("--force", about="calendar --force", action="store_true")
    _known(parser)


def _papers(parser: Parser) -> None:
    day = partial(_day, lang=parser.lang)
    parser.say("--rulebook", about="BOOK", metavar="BOOK", required=True)
    parser.say("--records", about="papers --records", metavar="DIR", type=_records, required=True)
    parser.say("--mapping", about="run --mapping", metavar="FILE", type=Path)
    parser.say("--out", about="papers --out", metavar="DIR", type=Path, default=Path("govservice-papers"))
    parser.say("--force", about="papers --force", action="store_true")
    parser.say("--kind", about="papers --kind", metavar="KIND", action="append", default=[])
    parser.say("--about", about="papers --about", metavar="ID", action="append", default=[])
    parser.say("--period", about="papers --period", metavar="PERIOD")
    parser.say("--now", about="run --now", metavar="WHEN", type=partial(_when, lang=parser.lang))
    parser.say("--issued-on", about="papers --issued-on", metavar="DATE", type=day)
    parser.say("--serial", about="papers --serial", metavar="NUMBER", type=partial(_whole, lang=parser.lang))
    parser.say("--blanks", about="papers --blanks", action="store_true")
    parser.say("--strict", about="papers --strict", action="store_true")
    parser.say("--pdf", about="papers --pdf", action="store_true")
    _form(parser)
    _answer(parser)
    _settings(parser)
    _place(parser)
    _known(parser)


def _whatif(parser: Parser) -> None:
    parser.say("--before", about="whatif --before", metavar="BOOK", required=True)
    parser.say("--after", about="whatif --after", metavar="BOOK", required=True)
    parser.say("--records", about="assess --records", metavar="DIR", type=_records, required=True)
    parser.say("--mapping", about="run --mapping", metavar="FILE", type=Path)
    parser.say("--period", about="whatif --period", metavar="PERIOD")
    parser.say("--on", about="run --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--now", about="whatif --now", metavar="WHEN", type=partial(_when, lang=parser.lang))
    parser.say("--out", about="whatif --out", metavar="FILE", type=Path)
    _form(parser)
    _answer(parser)
    parser.say("--force", about="calendar --force", action="store_true")
    _settings(parser)
    _place(parser)
    _known(parser)


def _try(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("--port", about="try --port", metavar="NUMBER", type=partial(_whole, lang=parser.lang))
    parser.say("--no-browser", about="try --no-browser", action="store_true")
    parser.say("--on", about="try --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    _settings(parser)


def _verify(parser: Parser) -> None:
    parser.say("files", about="verify FILES", metavar="FILES", nargs="+", type=Path)
    parser.say("--rulebook", about="verify --rulebook", metavar="BOOK")
    parser.say("--before", about="verify --before", metavar="BOOK")
    parser.say("--after", about="verify --after", metavar="BOOK")
    parser.say("--records", about="verify --records", metavar="DIR", type=_records)
    parser.say("--mapping", about="run --mapping", metavar="FILE", type=Path)
    _form(parser)
    _settings(parser)
    parser.say("--calendar", about="verify --calendar", metavar="PLACE")
    parser.say("--tz", metavar="ZONE")
    _known(parser)


def _freeze(parser: Parser) -> None:
    parser.say("book", about="BOOK", metavar="BOOK")
    parser.say("--out", about="freeze --out", metavar="FILE", type=Path)
    parser.say("--on", about="freeze --on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--force", about="calendar --force", action="store_true")
    _settings(parser)
    _place(parser)
    _known(parser)


def _calendar(parser: Parser) -> None:
    whole = partial(_whole, lang=parser.lang)
    parser.say("year", about="YEAR", metavar="YEAR", type=whole, nargs="?")
    parser.say("--month", about="calendar --month", metavar="MONTH", type=whole, choices=range(1, 13))
    _place(parser)
    parser.say("--html", about="calendar --html", metavar="FILE", type=Path)
    parser.say("--ics", about="calendar --ics", metavar="FILE", type=Path)
    _form(parser)
    parser.set_defaults(parser=parser)
    parser.say("--yaml", about="calendar --yaml", metavar="FILE", type=Path)
    parser.say("--force", about="calendar --force", action="store_true")
    parser.say("--issued-on", about="calendar --issued-on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--known-on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--notice", about="calendar --notice", metavar="FILE", action="append", default=[])


def _form(parser: Parser, *more: str) -> None:
    parser.say("--format", about="check --format" if more else None, choices=("text", "json", "csv", "md", *more), default="text")


def _answer(parser: Parser) -> None:
    parser.say("--answer", metavar="FILE", type=Path)


def _settings(parser: Parser) -> None:
    parser.say("--set", metavar="NAME=VALUE", action="append", type=partial(_setting, lang=parser.lang), default=[])


def _place(parser: Parser) -> None:
    parser.say("--calendar", metavar="PLACE", default="CN")
    parser.say("--tz", metavar="ZONE")


def _known(parser: Parser) -> None:
    parser.say("--known-on", metavar="DATE", type=partial(_day, lang=parser.lang))
    parser.say("--notice", metavar="FILE", action="append", default=[])


_COMMANDS: Final[Mapping[str, Callable[[Parser], None]]] = {
    "classify": _classify,
    "due": _due,
    "run": _run,
    "assess": _round,
    "score": partial(_round, named="SCHEME"),
    "grade": partial(_round, named="DECISION"),
    "measure": _measure,
    "whatif": _whatif,
    "tune": _tune,
    "try": _try,
    "check": _check,
    "test": _test,
    "diff": _diff,
    "show": _show,
    "papers": _papers,
    "sql": _sql,
    "sheets": _sheets,
    "map": _map,
    "verify": _verify,
    "freeze": _freeze,
    "calendar": _calendar,
    "completions": _completions,
}


def _day(text: str, lang: Lang) -> date:
    from govservice.reading import read_date

    try:
        return read_date(text)
    except RecordError as error:
        raise argparse.ArgumentTypeError(error.text(lang)) from None


def _when(text: str, lang: Lang) -> date:
    """A day, or a moment where a time is written."""
    from govservice.reading import read_moment

    if ":" not in text and "：" not in text:
        return _day(text, lang)
    try:
        return read_moment(text, zone=None)
    except RecordError as error:
        raise argparse.ArgumentTypeError(error.text(lang)) from None


def _whole(text: str, lang: Lang) -> int:
    """A year or a month."""
    from govservice.reading import read_integer

    try:
        return read_integer(text.removesuffix("年").removesuffix("月"))
    except RecordError as error:
        raise argparse.ArgumentTypeError(error.text(lang)) from None


def _setting(text: str, lang: Lang) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip() or not value.strip():
        said = Words(f"{shown(text)} is no setting; write few_attachments=2", f"{shown(text)}不是设定；请写成 few_attachments=2")
        raise argparse.ArgumentTypeError(said.text(lang))
    return name.strip(), value.strip()
