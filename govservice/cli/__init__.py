"""The `govservice` command. Exit codes: 0 done, 1 a fault, 2 a wrong command line, 130 interrupted, 141 nobody reads."""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from govservice.cli.arguments import Asked, language, options_of, parse
from govservice.cli.console import Console, utf8
from govservice.errors import GovServiceError, Words
from govservice.plain_files import system_says
from govservice.records.faults import MappingError
from govservice.records.headers import MAPPING

__all__ = ["main"]

_SELDOM: Final = (50_000, 20, 50)  # records live as long as the command: to look through all of them for rubbish takes a fifth of its time


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own) and give its exit code; no error of ours leaves as a traceback.

    0: done (rows that were set aside are reported, and are an error only with `run --strict`). 1: a rulebook, file or value has faults,
    or the output cannot be written.
    2: the command line itself is wrong. 130: interrupted. 141: whoever read the output has gone.

    >>> main(["due", "2026-02-13", "5个工作日", "--lang", "en"])
    2026-02-27
    0
    """
    _open_streams()
    utf8()
    if argv is None:  # the process is our own
        gc.set_threshold(*_SELDOM)
    given = [_decoded(argument) for argument in (sys.argv[1:] if argv is None else argv)]
    try:
        asked = parse(given)
        if isinstance(asked, int):
            return asked
        code = _done(asked)
        sys.stdout.flush()
        sys.stderr.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _close_quietly()
        return 141
    except OSError as error:  # a full disk; files of ours are read and written with errors of our own
        why = system_says(error)
        _close_quietly()
        _last_word(Words(f"the output cannot be written: {why.en}", f"无法写出结果：{why.zh}").text(language(given)))
        return 1
    return code


def _done(asked: Asked) -> int:
    try:
        return asked.command(asked.options, Console(asked.lang, options_of(asked.options)))
    except GovServiceError as error:
        Console(asked.lang, options_of(asked.options)).fault(_placed(error, asked.options))
        return 1


def _placed(error: GovServiceError, options: Namespace) -> GovServiceError:
    """The faults of a mapping with its file as the command line leads to it: of which folder it is one of several."""
    folder, named = getattr(options, "records", None), getattr(options, "mapping", None)
    file = Path(named) if named is not None else Path(str(folder)) / MAPPING if folder is not None else None
    if not isinstance(error, MappingError) or file is None:
        return error
    return MappingError([replace(fault, file=str(file)) if fault.file == file.name else fault for fault in error.faults])


def _close_quietly() -> None:
    """Whatever is still to be written goes nowhere: else the interpreter complains while closing."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.__stdout__):
        with suppress(AttributeError, OSError, ValueError):
            os.dup2(nowhere, stream.fileno())  # type: ignore[union-attr]


def _last_word(sentence: str) -> None:
    with suppress(AttributeError, OSError, ValueError):
        sys.stderr.write(f"{sentence}\n")
        sys.stderr.flush()


def _open_streams() -> None:
    """A stream that was closed for us is one that nobody reads."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it lasts as long as the process


def _decoded(argument: str) -> str:
    """An argument that the system's own encoding could not read, as UTF-8."""
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError:
        return argument
