"""`govservice diff`: what changes from one rulebook to another, each change with a record that the two decide differently."""

from __future__ import annotations

from argparse import Namespace
from datetime import date

from govservice.cli.console import Console
from govservice.rules import Rulebook, load_rulebook
from govservice.show.changes import as_markdown, as_text

__all__ = ["diff_command"]


def diff_command(options: Namespace, console: Console) -> int:
    """Compare two books, or two days of one: 0 where they decide alike, 1 where they do not or it cannot be said (only with --strict)."""
    before = _loaded(options.old, options.old_on, options, console)
    after = _loaded(options.new, options.new_on, options, console)
    found = before.compare(after)
    draw = as_markdown if options.markdown else as_text
    console.picture(draw(before, after, found, console.lang).rstrip("\n"))
    return 1 if options.strict and (found.changes or found.changes.not_analysed) else 0


def _loaded(source: str, on: date | None, options: Namespace, console: Console) -> Rulebook:
    known = load_rulebook(source, lang=console.lang)
    given = {name: value for name, value in options.set if name in known.settings}
    book = known.given(given) if given else known
    return book if on is None else book.on(on)
