"""Cells that no column form reads: each distinct one is read once, as the interpreter reads a fact."""

from __future__ import annotations

import json
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from govservice.errors import DecisionError, RecordError
from govservice.limits import TimeLimit
from govservice.plain import decoded
from govservice.rules.language.facts import absent, read_fact
from govservice.rules.language.values import Nothing, TimeOfDay, Type

if TYPE_CHECKING:
    import polars as pl

__all__ = ["DIGITS", "ENCODED", "cell", "read_cells", "read_choices", "value_kind"]

DIGITS: Final = 6  # that a decimal which is not one of the engine's own is held with
ENCODED: Final = "\0"  # what a cell begins with that stands for a value of Python's, written out
_MOST: Final = 2**62


def cell(value: Any) -> Any:
    """A cell as the caller gave it.

    >>> cell("a"), cell('\\0{"decimal": "1.5"}')
    ('a', Decimal('1.5'))
    """
    return decoded(json.loads(value[1:])) if isinstance(value, str) and value.startswith(ENCODED) else value


def value_kind(kind: Type) -> str:
    """What a column of cells that were read holds."""
    return {"boolean": "boolean", "integer": "integer", "decimal": "integer", "date": "date"}.get(kind.kind, "text")


def read_cells(cells: pl.Series, kind: Type) -> pl.Series:
    """Cells -> their values, whether each is none, and whether it cannot be used, or has no place in a column."""
    import polars as pl

    distinct = cells.unique()
    values: list[Any] = []
    nones: list[bool] = []
    spoilt: list[bool] = []
    for raw in distinct.to_list():
        value, none, bad = _read(cell(raw), kind)
        values.append(value)
        nones.append(none)
        spoilt.append(bad)
    dtype = {"boolean": pl.Boolean, "integer": pl.Int64, "date": pl.Date, "text": pl.String}[value_kind(kind)]
    read = pl.DataFrame([pl.Series("value", values, dtype), pl.Series("none", nones, pl.Boolean), pl.Series("spoilt", spoilt, pl.Boolean)])
    if len(distinct) == len(cells) and distinct.equals(cells):
        return read.to_struct(cells.name)
    known = pl.DataFrame({"cell": distinct}).hstack(read)
    whole = pl.DataFrame({"cell": cells}).join(known, on="cell", how="left", nulls_equal=True, maintain_order="left")
    return whole.drop("cell").to_struct(cells.name)


def _read(raw: Any, kind: Type) -> tuple[Any, bool, bool]:
    if absent(raw):
        return None, False, False
    try:
        value = read_fact("", raw, kind)
    except (RecordError, DecisionError):
        return None, False, True
    if isinstance(value, Nothing):
        return None, True, False
    if kind.kind in ("integer", "decimal"):
        scaled = Fraction(value) * (10**DIGITS if kind.kind == "decimal" else 1)  # type: ignore[arg-type]
        fits = scaled.denominator == 1 and abs(scaled) < _MOST
        return (int(scaled), False, False) if fits else (None, False, True)
    if isinstance(value, (TimeLimit, TimeOfDay)):
        return str(value), False, False
    if isinstance(value, tuple):
        return "；".join(map(str, value)), False, False
    if kind.kind == "date" and isinstance(value, date) and not isinstance(value, datetime):
        return value, False, False
    fits = isinstance(value, {"boolean": bool}.get(kind.kind, str))
    return (value, False, False) if fits else (None, False, True)


def read_choices(cells: pl.Series, kind: Type, texts: tuple[str, ...]) -> pl.Series:
    """Texts -> the choice that each names; `texts` are the choices, a mark for none and one for what cannot be read, in this order."""
    import polars as pl

    closed = pl.Enum(list(texts))
    named = cells.cast(closed, strict=False)
    if named.null_count() == cells.null_count():
        return named
    distinct = cells.unique().drop_nulls()
    read: list[str | None] = []
    for raw in distinct.to_list():
        value, none, bad = _read(cell(raw), kind)
        read.append(texts[-2] if none else texts[-1] if bad else value)
    return cells.replace_strict(distinct, pl.Series(read, dtype=closed), default=None, return_dtype=closed)
