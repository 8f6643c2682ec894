"""`govservice tune`: which value of one number in a rulebook fulfils a wish over a folder of records."""

from __future__ import annotations

from argparse import Namespace
from decimal import Decimal
from typing import Final

from govservice.cli.answering import Grid, tell
from govservice.cli.console import Console
from govservice.cli.places import calendar_of
from govservice.echo import shown
from govservice.errors import RecordError, Words
from govservice.reading import read_decimal
from govservice.rules import load_rulebook
from govservice.whatif import tune
from govservice.whatif.tuning import MOST

__all__ = ["tune_command", "values_of"]

_COLUMNS: Final = (
    ("value", Words("value", "取值")),
    ("fulfils", Words("fulfilled", "达到")),
    ("count", Words("how many", "数目")),
    ("most", Words("at most", "至多")),
    ("of", Words("of", "共")),
    ("misses_by", Words("missed by", "差")),
)
_FORM: Final = Words("write 0..5, 1,2,4 or 0..1/0.1", "请写 0..5、1,2,4 或 0..1/0.1")


def tune_command(options: Namespace, console: Console) -> int:
    """Try the values, and tell which fulfil the wish; 1 where none surely does."""
    book = load_rulebook(options.book, settings=dict(options.set), lang=console.lang)
    found = tune(
        book, options.path, values_of(options.among), options.records, wish=options.wish, on=options.on, now=options.now,
        period=options.period, calendar=calendar_of(options),
    )  # fmt: skip
    rows = [(one.value, one.fulfils, one.count, one.most, one.of, one.misses_by) for one in found.tried]
    tell(console, options.format, found.to_dict(), Grid(_COLUMNS, rows), lambda: console.picture(found.explain(console.lang)))
    return 0 if found.value is not None else 1


def values_of(text: str) -> list[int | Decimal]:
    """Values as they are written: a range with both its ends, by steps of 1 or as it says, or a list.

    >>> values_of("0..3"), values_of("0..1/0.5"), values_of("1, 4，2")
    ([0, 1, 2, 3], [Decimal('0.0'), Decimal('0.5'), Decimal('1.0')], [1, 4, 2])
    """
    try:
        if ".." not in text:
            return [_plain(read_decimal(part.strip())) for part in text.replace("，", ",").split(",")]
        first, _, rest = text.partition("..")
        last, _, step = rest.partition("/")
        low, high, by = (read_decimal(part.strip()) for part in (first, last, step or "1"))
    except RecordError:
        raise RecordError(Words(f"{shown(text)} are no values", f"{shown(text)}不是取值"), hint=_FORM, id="--among") from None
    if by <= 0 or high < low or (high - low) / by >= MOST:
        raise RecordError(Words(f"{shown(text)} has no values, or too many", f"{shown(text)}没有取值，或者太多"), hint=_FORM, id="--among")
    return [_plain(low + by * count) for count in range(int((high - low) / by) + 1)]


def _plain(value: int | Decimal) -> int | Decimal:
    return int(value) if value == int(value) and Decimal(value).as_tuple().exponent == 0 else value
