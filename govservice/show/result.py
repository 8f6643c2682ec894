"""Any result as one piece of HTML for a notebook: what it says of itself, and no style but its own elements'."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from govservice.show.grid import FONT, INK

__all__ = ["html"]

MOST: Final = 20_000  # characters: a page of a notebook, not a report


def html(result: Any) -> str:
    """The explanation in Chinese where the result has one, else its text, else what `repr` shows.

    >>> from govservice import china
    >>> from datetime import date
    >>> "<style" in html(china().day(date(2026, 2, 14)))
    False
    """
    text = _said(result)
    if len(text) > MOST:
        text = f"{text[:MOST]}……"
    style = f"{FONT};font-size:14px;line-height:1.5;background:#ffffff;color:{INK};padding:8px 12px;white-space:pre-wrap"
    return f'<div lang="zh-CN" style="{style}">{escape(text)}</div>'


def _said(result: Any) -> str:
    for name in ("explain", "text"):
        if callable(say := getattr(result, name, None)):
            return str(say("zh"))
    return repr(result)
