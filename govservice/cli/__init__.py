"""The `govservice` command: run, check, due, calendar. Exit codes: 0 done, 1 a fault, 2 a wrong command line, 130 interrupted."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from govservice.cli.arguments import language, parse
from govservice.cli.console import Console, utf8
from govservice.errors import GovServiceError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line (default: the process's own) and give its exit code; no error of ours leaves as a traceback.

    0: done (rows that were set aside are reported, and are an error only with `run --strict`). 1: a rulebook, file or value has faults.
    2: the command line itself is wrong. 130: interrupted. 141: whoever read the output has gone.

    >>> main(["due", "2026-02-13", "5个工作日", "--lang", "en"])
    2026-02-27
    0
    """
    utf8()
    given = [_decoded(argument) for argument in (sys.argv[1:] if argv is None else argv)]
    try:
        asked = parse(given)
        if isinstance(asked, int):
            return asked
        code = asked.command(asked.options, Console(asked.lang))
        sys.stdout.flush()
    except GovServiceError as error:
        Console(language(given)).fault(error)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter complains while closing
        return 141
    return code


def _decoded(argument: str) -> str:
    """An argument that the system's own encoding could not read, as UTF-8."""
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError:
        return argument
