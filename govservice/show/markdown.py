"""Markdown that says what was meant: what strangers wrote is no mark-up in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

__all__ = ["escaped", "row"]

_MARKS: Final = re.compile(r"[\\`*\[\]|#~]|(?<!\w)_|_(?!\w)")


def escaped(text: str) -> str:
    """A text in one line, nothing of which is read as mark-up.

    >>> escaped("a*b* <i> c_d | [e](f)")
    'a\\\\*b\\\\* &lt;i> c_d \\\\| \\\\[e\\\\](f)'
    """
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;"))


def row(cells: Iterable[str]) -> str:
    """One row of a table, of cells that are escaped.

    >>> row(["a", "", "b"])
    '| a |  | b |'
    """
    return f"| {' | '.join(cells)} |"
