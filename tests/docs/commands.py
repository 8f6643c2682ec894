"""What a page shows of a terminal, typed again: each command of ours, and whether it prints what the page says."""

from __future__ import annotations

import contextlib
import doctest
import io
import re
import shlex

from govservice.cli import main

from .pages import Block

__all__ = ["type_again"]


def type_again(block: Block, *, others: frozenset[str] = frozenset()) -> None:
    """Type the commands of a block here, and hold what they print against the block. `others` are programs that are left alone; beside
    them, a command under which the page shows nothing is only typed.
    """
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        typed, _, wanted = part.partition("\n")
        program, *arguments = shlex.split(typed, comments=True)
        program = program.removeprefix(".venv/bin/")
        if program in others:
            continue
        assert program == "govservice", block
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            assert main(arguments) in (0, 1), out.getvalue()
        said = "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())
        if others and not wanted.strip():
            continue
        assert doctest.OutputChecker().check_output(wanted, said, doctest.ELLIPSIS), said
