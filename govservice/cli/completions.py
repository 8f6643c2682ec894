"""`govservice completions`: a script for bash, zsh or fish that completes commands, options, values and ids of rulebooks."""

from __future__ import annotations

import argparse
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple

from govservice.cli.console import Console
from govservice.cli.texts import PLACES
from govservice.rules.book.files import shipped_books

__all__ = ["completions_command", "script"]

_PATHS: Final = ("FILE", "FILES", "DIR", "FACTS", "BOOK", "OLD", "NEW")
_PLACES: Final = {text: id for id, words in PLACES.items() for text in (words.en, words.zh)}  # as the help of either language has it
_BOOKS: Final = ("BOOK", "OLD", "NEW")


class Slot(NamedTuple):
    """An option or argument: its names (none: it stands by its place), what it is for, the words that may follow, whether a path may,
    whether it takes a value at all, whether many.
    """

    names: tuple[str, ...]
    about: str
    words: tuple[str, ...]
    path: bool
    takes: bool
    many: bool


class OneCommand(NamedTuple):
    """A command with what it takes."""

    name: str
    about: str
    wanted: tuple[Slot, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """The names of its options."""
        return tuple(name for one in self.wanted for name in one.names)

    @property
    def words(self) -> tuple[str, ...]:
        """What may stand without an option before it."""
        return tuple(dict.fromkeys(word for one in self.wanted if not one.names for word in one.words))


def completions_command(options: Namespace, _console: Console) -> int:
    """Print the script; how it is used stands at its head."""
    sys.stdout.write(script(options.shell, options.whole))
    return 0


def script(shell: str, parser: argparse.ArgumentParser) -> str:
    """The script for a shell, with what things are for in the parser's language, where the shell shows that."""
    commands = list(_commands(parser))
    return {"bash": _bash, "zsh": _zsh, "fish": _fish}[shell](commands)


def _commands(parser: argparse.ArgumentParser) -> Iterator[OneCommand]:
    (named,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    about = {action.dest: action.help or "" for action in named._choices_actions}
    for name, command in named.choices.items():
        yield OneCommand(name, about[name], tuple(_wanted(action) for action in command._actions))


def _wanted(action: argparse.Action) -> Slot:
    metavar = _PLACES.get(action.metavar, "") if isinstance(action.metavar, str) else ""
    words = tuple(map(str, action.choices)) if action.choices is not None else tuple(shipped_books()) if metavar in _BOOKS else ()
    about = (action.help or "").replace("%(default)s", str(action.default)).replace("%%", "%")
    return Slot(tuple(action.option_strings), about, words, metavar in _PATHS, action.nargs != 0, action.nargs in ("*", "+"))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _listed(words: Sequence[str]) -> str:
    return _quoted(" ".join(words))


def _bash(commands: Sequence[OneCommand]) -> str:
    """Which words may follow a command, and an option of it; where a path may stand, files do."""
    cases, plain = [], []
    for command in commands:
        for one in command.wanted:
            if one.names and one.takes:
                places = "|".join(f"{command.name}:{name}" for name in one.names)
                cases.append(f"    {places}) words={_listed(one.words)}; paths={int(one.path)};;")
        paths = int(any(one.path for one in command.wanted if not one.names))
        plain.append(f"    {command.name}) words={_listed((*command.options, *command.words))}; paths={paths};;")
    return _BASH.format(commands=_listed([*(one.name for one in commands), *_TOP]), cases="\n".join(cases), plain="\n".join(plain))


_TOP: Final = ("--help", "--version", "--lang")
_BASH: Final = """# govservice in bash: put into ~/.bashrc   source <(govservice completions bash)
_govservice() {{
  local cur prev command="" words="" paths=0 at skip=0
  cur="${{COMP_WORDS[COMP_CWORD]}}"
  prev="${{COMP_WORDS[COMP_CWORD-1]}}"
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    if ((skip)); then skip=0; continue; fi
    case "${{COMP_WORDS[at]}}" in
      --lang) skip=1;;
      -*) ;;
      *) command="${{COMP_WORDS[at]}}"; break;;
    esac
  done
  if [[ $prev == --lang ]]; then
    COMPREPLY=($(compgen -W 'en zh' -- "$cur")); return
  fi
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W {commands} -- "$cur")); return
  fi
  case "$command:$prev" in
{cases}
    *) case "$command" in
{plain}
    esac;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
  if ((paths)) && [[ $cur != -* ]]; then
    local IFS=$'\\n'
    COMPREPLY+=($(compgen -f -- "$cur"))
    compopt -o filenames 2>/dev/null
  fi
}}
complete -F _govservice govservice
"""


def _zsh(commands: Sequence[OneCommand]) -> str:
    """A specification of each command, as `_arguments` reads it."""
    named = "\n".join(f"    {_quoted(f'{_bare(one.name)}:{_bare(one.about)}')}" for one in commands)
    each = "\n".join(f"    {command.name})\n      _arguments \\\n{_specified(command)};;" for command in commands)
    return _ZSH.format(named=named, each=each, books=" ".join(shipped_books()), own=_ZSH_BOOKS)


def _bare(text: str) -> str:
    return text.replace("\\", "\\\\").replace(":", "\\:")


def _specified(command: OneCommand) -> str:
    places = count(1)
    lines = [_spec(one, "*" if one.many or one.names else str(next(places))) for one in command.wanted]
    return " \\\n".join(f"        {line}" for line in lines)


def _spec(one: Slot, place: str) -> str:
    about = _bare(one.about).replace("[", "\\[").replace("]", "\\]")
    what = "words" if one.words else "value"
    listed = f"({' '.join(one.words)})" if one.words else ""
    action = _ZSH_BOOKS if one.words and one.path else listed or ("_files" if one.path else " ")
    if not one.names:
        return _quoted(f"{place}:{what}:{action}")
    ending = f":{what}:{action}" if one.takes else ""
    return " ".join(_quoted(f"*{name}[{about}]{ending}") for name in one.names)


_ZSH_BOOKS: Final = "_govservice_books"
_ZSH: Final = """#compdef govservice
# govservice in zsh: put into ~/.zshrc, behind compinit   source <(govservice completions zsh)
{own}() {{
  _alternative 'books:rulebook:({books})' 'files:file:_files'
}}
_govservice() {{
  local context state state_descr line
  local -a commands
  typeset -A opt_args
  commands=(
{named}
  )
  _arguments -C '--lang[en, zh]:language:(en zh)' '--help[help]' '--version[version]' '1:command:->command' '*::argument:->argument'
  case $state in
  command) _describe command commands;;
  argument)
    case $line[1] in
{each}
    esac;;
  esac
}}
compdef _govservice govservice
"""


def _fish(commands: Sequence[OneCommand]) -> str:
    """A line for each command, option and word."""
    lines = ["# govservice in fish: govservice completions fish > ~/.config/fish/completions/govservice.fish"]
    lines.append("complete -c govservice -f")
    lines.append("complete -c govservice -l lang -x -a 'en zh'")
    none_yet = f"not __fish_seen_subcommand_from {' '.join(one.name for one in commands)}"
    lines += [f"complete -c govservice -n '{none_yet}' -a {one.name} -d {_in_fish(one.about)}" for one in commands]
    for command in commands:
        seen = f"complete -c govservice -n '__fish_seen_subcommand_from {command.name}'"
        for one in command.wanted:
            words = f" -a {_in_fish(' '.join(one.words))}" if one.words else ""
            if not one.names:
                lines.append(f"{seen}{' -F' if one.path else ''}{words}") if words or one.path else None
                continue
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in one.names)
            asked = (" -r" if one.path else " -x") if one.takes else ""
            lines.append(f"{seen} {names}{asked}{' -F' if one.path else ''}{words} -d {_in_fish(one.about)}")
    return "\n".join(lines) + "\n"


def _in_fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
