"""What the columns of a run's tables hold: by their names, where these say so, else by their values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from govservice.errors import Lang
from govservice.run.writing import cell

__all__ = ["LISTS", "ColumnKind", "kind_of", "text_of"]

_FLAGS: Final = frozenset(
    ("open", "due_official", "due_late", "applies", "official", "late", "eligible", "scored", "tied")
)  # fmt: skip
_DAYS: Final = frozenset(("on", "due_on", "due_earliest", "due_latest", "earliest", "latest", "closed_on"))
_NUMBERS: Final = frozenset(("promised_days", "statutory_days", "used", "left", "overdue_by", "total", "low", "high", "full", "points"))
_WHOLE: Final = frozenset(("national_code", "row", "line", "rank", "rank_low", "rank_high", "ranked"))
LISTS: Final = frozenset(
    ("possible", "undecided", "notices", "lacks", "due_undecided", "signals", "missing", "paused", "extended")
)  # fmt: skip
"""The columns of several texts each."""


class ColumnKind(NamedTuple):
    """What a column holds: "boolean", "date", "integer", "decimal" with so many digits behind the point, or "text"."""

    name: str
    scale: int = 0


def kind_of(name: str, values: Sequence[object], *, whole: int = 28, behind: int = 10) -> ColumnKind:
    """The kind of a column. Where its values are of several kinds, or a number has no place in `whole` and `behind` digits, it is text.

    A column that every run has is of its own kind also where it is empty; what else goes by its name (an outcome of the book) is not.

    >>> kind_of("due_on", []), kind_of("fee", [Decimal("1.50"), 2]), kind_of("fee", [2, "free"])
    (ColumnKind(name='date', scale=0), ColumnKind(name='decimal', scale=2), ColumnKind(name='text', scale=0))
    """
    kinds = {type(value) for value in values if value is not None}
    fits = all(_fits(value, whole, behind) for value in values)
    for names, of, made in ((_FLAGS, {bool}, "boolean"), (_DAYS, {date}, "date"), (_WHOLE, {int}, "integer")):
        if name in names and kinds <= of and fits:
            return ColumnKind(made)
    if name in _NUMBERS and kinds <= {int, Decimal} and fits:
        return ColumnKind("decimal", _scale(values))
    for of, made in (({bool}, "boolean"), ({date}, "date")):
        if kinds == of:
            return ColumnKind(made)
    if kinds == {int} and all(value is None or (isinstance(value, int) and -(2**63) <= value < 2**63) for value in values):
        return ColumnKind("integer")
    return ColumnKind("decimal", _scale(values)) if kinds and kinds <= {int, Decimal} and fits else ColumnKind("text")


def _fits(value: object, whole: int, behind: int) -> bool:
    if isinstance(value, int):
        return bool(abs(value) < 10**whole)
    return not isinstance(value, Decimal) or (value.is_finite() and bool(abs(value) < 10**whole) and _digits(value) <= behind)


def _scale(values: Iterable[object]) -> int:
    return max((_digits(value) for value in values), default=0)


def _digits(value: object) -> int:
    return max(-int(value.as_tuple().exponent), 0) if isinstance(value, Decimal) else 0


def text_of(value: object, lang: Lang) -> str | None:
    """A value as text, as its cell in a file has it, but for the apostrophe that keeps a spreadsheet from running it.

    >>> text_of(date(2026, 2, 13), "en"), text_of(("a", None), "en"), text_of("=1+1", "en")
    ('2026-02-13', 'a; -', '=1+1')
    """
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else cell(value, lang).removeprefix("'")
