"""`govservice diff`: what changes from one rulebook to another, each change with a record that the two decide differently."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from typing import TYPE_CHECKING, Final

from govservice.cli.answering import Grid, tell
from govservice.cli.console import Console
from govservice.errors import Words
from govservice.rules import Rulebook, load_rulebook
from govservice.show.changes import as_markdown, as_text

if TYPE_CHECKING:
    from govservice.rules.proofs.comparing import BooksCompared

__all__ = ["diff_command"]


def diff_command(options: Namespace, console: Console) -> int:
    """Compare two books, or two days of one: 0 where they decide alike, 1 where they do not or it cannot be said (only with --strict)."""
    before = _loaded(options.old, options.old_on, options, console)
    after = _loaded(options.new, options.new_on, options, console)
    found = before.compare(after)
    form = "md" if options.markdown else options.format
    if form == "md":
        console.picture(as_markdown(before, after, found, console.lang).rstrip("\n"))
    else:
        rows = [
            (one.decision, one.outcome, one.kind, one.rules, one.before, one.after, one.said.text(console.lang)) for one in found.changes
        ]
        tell(console, form, found.to_dict(), Grid(_COLUMNS, rows), lambda: console.picture(_text(before, after, found, console)))
    return 1 if options.strict and (found.changes or found.changes.not_analysed) else 0


_COLUMNS: Final = (
    ("decision", Words("decision", "决定")),
    ("outcome", Words("outcome", "结论")),
    ("kind", Words("kind", "种类")),
    ("rules", Words("rules", "规则")),
    ("before", Words("before", "原为")),
    ("after", Words("after", "现为")),
    ("text", Words("shown by", "举例")),
)


def _text(before: Rulebook, after: Rulebook, found: BooksCompared, console: Console) -> str:
    return as_text(before, after, found, console.lang).rstrip("\n")


def _loaded(source: str, on: date | None, options: Namespace, console: Console) -> Rulebook:
    known = load_rulebook(source, lang=console.lang)
    given = {name: value for name, value in options.set if name in known.settings}
    book = known.given(given) if given else known
    return book if on is None else book.on(on)
