"""`govservice sql`: a decision of a rulebook as SQL."""

from __future__ import annotations

from argparse import Namespace

from govservice.cli.console import Console
from govservice.rules import load_rulebook

__all__ = ["sql_command"]


def sql_command(options: Namespace, console: Console) -> int:
    """Print the SELECT."""
    book = load_rulebook(options.book, settings=dict(options.set), lang=console.lang)
    columns = None if options.columns is None else [name.strip() for name in options.columns.replace("，", ",").split(",") if name.strip()]
    console.picture(book.to_sql(options.decision, dialect=options.dialect, table=options.table, columns=columns, on=options.on))
    return 0
