"""Columns that a caller names and a table does not have."""

from __future__ import annotations

from collections.abc import Iterable

from govservice.echo import shown
from govservice.errors import DecisionError, Words, did_you_mean

__all__ = ["no_column"]


def no_column(name: str, columns: Iterable[str]) -> DecisionError:
    """The error that says which column is not there."""
    known = list(columns)
    listed = ", ".join(known[:20])
    return DecisionError(
        Words(f"the table has no column {shown(name)}", f"表里没有“{name}”这一列"),
        hint=did_you_mean(name, known, Words(f"it has: {listed}", f"它有：{listed}")),
        id=name,
    )
