"""Any result as one piece of HTML for a notebook: a picture where it has one, else what it says of itself, else its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from html import escape
from typing import Any, Final

from govservice.as_json import AsJson, declared
from govservice.brief import brief
from govservice.errors import Lang, Words
from govservice.limits import TimeLimit
from govservice.nothing import Nothing
from govservice.show.grid import FONT, INK
from govservice.show.pieces import block, heading, pairs, table
from govservice.show.values import shown

__all__ = ["html"]

MOST: Final = 20_000  # characters: a page of a notebook, not a report
LANG: Final[Lang] = "zh"


def html(result: Any) -> str:
    """The picture of a result in Chinese; else its explanation or text; else its fields.

    >>> from govservice import china
    >>> from datetime import date
    >>> "<style" in html(china().day(date(2026, 2, 14)))
    False
    """
    own = next((draw for kind, draw in _pictures().items() if isinstance(result, kind)), None)
    if own is not None:
        return own(result, LANG)
    said = _said(result)
    return _fields(result) if said is None else _text(said)


@cache
def _pictures() -> Mapping[type, Callable[[Any, Lang], str]]:
    """The results that are drawn, each with what draws it: these stand beside this module or above what it must know."""
    from govservice.classify import Classification
    from govservice.clockwork.reading import ClockReading
    from govservice.rules.meaning.outcomes import Outcome
    from govservice.rules.proofs.comparing import BooksCompared, Changes
    from govservice.rules.proofs.covering import Coverage
    from govservice.rules.proofs.findings import Checked
    from govservice.show.book_shown import changes_html, checked_html, compared_html, coverage_html
    from govservice.show.clocks_page import clock_html
    from govservice.show.outcome_page import classification_html, outcome_html

    return {
        Classification: classification_html,
        ClockReading: clock_html,
        Outcome: outcome_html,
        BooksCompared: compared_html,
        Changes: changes_html,
        Coverage: coverage_html,
        Checked: checked_html,
    }


def _text(text: str) -> str:
    if len(text) > MOST:
        text = f"{text[:MOST]}……"
    style = f"{FONT};font-size:14px;line-height:1.5;background:#ffffff;color:{INK};padding:8px 12px;white-space:pre-wrap"
    return f'<div lang="zh-CN" style="{style}">{escape(text)}</div>'


def _said(result: Any) -> str | None:
    for name in ("explain", "text"):
        if callable(say := getattr(result, name, None)):
            return str(say(LANG))
    return None


def _fields(result: Any) -> str:
    """A row a field; of a list of results a table of them."""
    named = [name for name, _ in declared(type(result))]
    rows = [(name, _worth(getattr(result, name))) for name in named if getattr(result, name) not in (None, (), "")]
    tables = "".join(_rows(name, getattr(result, name)) for name in named)
    return block(heading("", type(result).__name__) + pairs(rows) + tables, LANG)


def _worth(value: object) -> str:
    """A value of a field on one line: lists are counted, results are short."""
    match value:
        case None | bool() | str() | int() | Decimal() | Nothing() | date():
            return "—" if value is None else shown(value, LANG)
        case Words():
            return value.text(LANG)
        case TimeLimit():
            return value.text(LANG)
        case Mapping():
            inside = "；".join(f"{key}：{_worth(one)}" for key, one in list(value.items())[:MOST_OF_A_FIELD])
            return f"{inside}……共 {len(value)} 项" if len(value) > MOST_OF_A_FIELD else inside
        case tuple() | list():
            if any(isinstance(one, AsJson) for one in value):
                return f"{len(value)} 项"
            inside = "、".join(_worth(one) for one in list(value)[:MOST_OF_A_FIELD])
            return f"{inside}……共 {len(value)} 项" if len(value) > MOST_OF_A_FIELD else inside
        case AsJson():
            return brief(value)
        case _:
            return repr(value)


MOST_OF_A_FIELD: Final = 8


def _rows(name: str, value: object) -> str:
    """A list of results of one kind as a table: of each the fields that are plain."""
    if not isinstance(value, Sequence) or isinstance(value, str) or not value or not all(isinstance(one, AsJson) for one in value):
        return ""
    kind = type(value[0])
    columns = [field for field, _ in declared(kind)][:MOST_OF_A_FIELD]
    rows = [[_worth(getattr(one, field, None)) for field in columns] for one in value]
    return heading(name, Words(f"{len(value)} in all", f"共 {len(value)} 项").text(LANG)) + table(columns, rows, LANG)
