"""What the command prints: results on stdout, faults and progress on stderr, readable without colour and in any console."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Final

from rich.console import Console as RichConsole
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from govservice.echo import visible
from govservice.errors import GovServiceError, Lang, RulebookError, Words
from govservice.records import TABLES
from govservice.records import Progress as Told
from govservice.records.faults import MappingError

__all__ = ["Console", "utf8"]


def utf8() -> None:
    """Chinese on any console: UTF-8 out, and what cannot be shown is spelled rather than fatal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


class Console:
    """Sentences, tables and faults in one language."""

    def __init__(self, lang: Lang, options: frozenset[str] = frozenset()) -> None:
        self.lang: Lang = lang
        self.options = options

    def text(self, sentence: Words | str) -> str:
        """A sentence in the console's language."""
        return sentence if isinstance(sentence, str) else sentence.text(self.lang)

    def say(self, sentence: Words | str = "") -> None:
        """One line on stdout: never wrapped, coloured or read as markup, and what would steer the terminal is spelled out."""
        sys.stdout.write(f"{visible(self.text(sentence))}\n")

    def picture(self, lines: str) -> None:
        """A text of several lines on stdout, each as `say` writes it."""
        for line in lines.split("\n"):
            self.say(line)

    def note(self, sentence: Words | str) -> None:
        """A message on stderr, with the lines that it was given, each as `say` writes it."""
        sys.stdout.flush()
        for line in self.text(sentence).split("\n"):
            sys.stderr.write(f"{visible(line)}\n")

    def fault(self, error: GovServiceError) -> None:
        """An error on stderr, each fault on its own line, and how many there are."""
        self.note(as_typed(error.text(self.lang), self.options))
        if isinstance(error, RulebookError | MappingError) and len(error.faults) > 1:
            self.note(Words(f"{len(error.faults)} faults", f"共 {len(error.faults)} 处问题"))

    def table(self, heads: Sequence[Words | str], rows: Sequence[Sequence[object]]) -> None:
        """A table on stdout; whole numbers stand to the right."""
        shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for at, head in enumerate(heads):
            number = bool(rows) and all(isinstance(row[at], int) for row in rows)
            shown.add_column(Text(visible(self.text(head))), justify="right" if number else "left", overflow="fold")
        for row in rows:
            shown.add_row(*(Text(f"{cell:,}" if isinstance(cell, int) else visible(self._cell(cell))) for cell in row))
        _rich(sys.stdout).print(shown)

    def _cell(self, value: object) -> str:
        return self.text(value if isinstance(value, Words) else str(value))

    @contextmanager
    def progress(self) -> Iterator[Told]:
        """A bar on stderr while the block runs; on anything but a terminal nothing at all."""
        console = _rich(sys.stderr)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
            tasks: dict[str, object] = {}

            def told(what: str, done: int, total: int | None) -> None:
                if what and what not in tasks:
                    label = TABLES[what].label.text(self.lang) if what in TABLES else what  # a table, or a file by its name
                    tasks[what] = bar.add_task(visible(label), total=total)
                if what:
                    bar.update(tasks[what], completed=done, total=total)  # type: ignore[arg-type]

            yield told


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


def as_typed(text: str, options: frozenset[str]) -> str:
    """A message of the library, with the options of the command in place of the arguments of a call.

    >>> as_typed('say on which day: on=date(..)', frozenset({"on"})), as_typed('give one: period="2026-10"', frozenset({"period"}))
    ('say on which day: --on DATE', 'give one: --period 2026-10')
    """

    def typed(found: re.Match[str]) -> str:
        name = f"--{found['name'].replace('_', '-')}"
        if found["name"] not in options:
            return found[0]
        if found["beside"]:  # both are told
            return ""
        value = found["text"] or ("DATE" if found["value"] else "")
        return f"{name} {value}".rstrip()

    return _ARGUMENT.sub(typed, text)


_ARGUMENT: Final = re.compile(
    r"(?P<beside>\s?[(（](?=[a-z_]+=[)）]))?(?<![\w.{])(?P<name>[a-z_]+)=(?P<value>\"(?P<text>[^\"]*)\"|date\(\.\.\)|\.\.)?(?![=\w])(?(beside)[)）])"
)


def _rich(stream: IO[str]) -> RichConsole:
    """A rich console of that stream; as wide as the terminal, and wide where there is none, so that nothing is cut."""
    terminal = stream.isatty()  # rich would take FORCE_COLOR for a terminal, and a file is none
    return RichConsole(
        file=stream, highlight=False, emoji=False, markup=False, width=None if terminal else 160, force_terminal=None if terminal else False
    )
