"""A parser of command lines that speaks one language: argparse, its headings, its refusals and its lines as wide as the terminal."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterable
from functools import partial
from typing import Any, Final, NoReturn

from rich.cells import cell_len

from govservice.cli.texts import HELP, PLACES, SLIPS, TITLES
from govservice.echo import visible
from govservice.errors import Lang

__all__ = ["Parser"]

_PLACE: Final = re.compile(r"%(?:\(\w+\))?[sr]")
_WIDE: Final = "\u2e80-\uffef"
_PIECE: Final = re.compile(rf" *(?:[（“〔、，]*[{_WIDE}][，。；：、？！）”〕]*|[^\s{_WIDE}]+[，。；：、？！）”〕]*)")


class Parser(argparse.ArgumentParser):
    """One command's own parser; those of its subcommands are made by `subcommand`."""

    def __init__(self, lang: Lang = "en", **more: Any) -> None:
        super().__init__(add_help=False, allow_abbrev=False, formatter_class=partial(_Help, lang=lang), **more)
        self.lang: Lang = lang
        self.color = False  # newer argparse colours help by itself, and then lines are as wide as their colours too
        self._groups = {name: self.add_argument_group(TITLES[name].text(lang)) for name in ("arguments", "options")}
        self.say("--help", "-h", action="help")

    def say(self, name: str, *also: str, about: str | None = None, **more: Any) -> None:
        """An argument or option; `about` is its row of the table of texts, where that is not its name."""
        text = HELP[about or name].text(self.lang)
        if "metavar" in more:
            more["metavar"] = PLACES[more["metavar"]].text(self.lang)
        self._groups["options" if name.startswith("-") else "arguments"].add_argument(*also, name, help=text, **more)

    def error(self, message: str) -> NoReturn:
        """The usage and what is wrong, on stderr; ends with 2."""
        sentence = message if self.lang == "en" else _in_chinese(message)
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {TITLES['error'].text(self.lang)}{visible(sentence)}\n")


def _in_chinese(message: str) -> str:
    """What argparse says, in Chinese; what is no sentence of its own (a value that cannot be read) is in Chinese already.

    >>> _in_chinese("argument --month: expected one argument")
    '--month：后面要跟一个值'
    """
    of_one = re.fullmatch(r"argument (.+?): (.+)", message, re.DOTALL)
    if of_one is not None:
        return f"{of_one[1]}：{_in_chinese(of_one[2])}"
    for pattern, chinese in _SENTENCES:
        found = pattern.fullmatch(message)
        if found is not None:
            return chinese.format(*found.groups())
    return message


def _pattern(sentence: str) -> re.Pattern[str]:
    return re.compile("(.*?)".join(map(re.escape, _PLACE.split(sentence))), re.DOTALL)


_SENTENCES: Final = tuple((_pattern(english), chinese) for english, chinese in SLIPS.items())


class _Help(argparse.HelpFormatter):
    """Help whose lines are broken where they reach the width that is seen, a Chinese character being two columns."""

    def __init__(self, prog: str, lang: Lang = "en", **more: Any) -> None:
        self._usage = TITLES["usage"].text(lang)
        unseen = cell_len(self._usage) - len(self._usage)  # argparse counts characters, not columns
        super().__init__(prog, width=shutil.get_terminal_size().columns - 2 - unseen, **more)

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, self._usage if prefix is None else prefix)

    def _format_usage(self, *about: Any) -> str:
        """The usage in lines as wide as is seen: argparse counts a Chinese character as one column."""
        widest, seen = self._width, shutil.get_terminal_size().columns
        for narrower in range(0, max(widest - 30, 1), 4):
            self._width = widest - narrower
            usage = super()._format_usage(*about)
            if all(cell_len(line) <= seen for line in usage.splitlines()):
                break
        self._width = widest
        return usage

    def _format_action(self, action: argparse.Action) -> str:
        """One argument with its help beside it; beneath it, where it is seen to reach over."""
        text = super()._format_action(action)
        first, _, rest = text.partition("\n")
        named = " " * self._current_indent + self._format_action_invocation(action)
        unseen, said = cell_len(named) - len(named), first[len(named) :].strip()
        if not unseen or not said:
            return text
        at = min(self._action_max_length + 2, self._max_help_position)
        gap = at - cell_len(named)
        beside = f"{named}{' ' * gap}{said}" if gap >= 2 else f"{named}\n{' ' * at}{said}"
        return f"{beside}\n{rest}"

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in _wrapped(text, width - len(indent)))


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most so many columns.

    >>> _wrapped("给出规则册没有定的一个数", 10)
    ['给出规则册', '没有定的一', '个数']
    """
    lines = [""]
    for piece in _PIECE.findall(" ".join(text.split())):
        if lines[-1] and cell_len(lines[-1] + piece) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return lines
