"""Rows that say the same are worked out once, by the interpreter itself: what an item or a count makes of each kind of row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

from govservice.assessment.assessing import Assessment
from govservice.assessment.periods import Period
from govservice.assessment.register import LedgerRow
from govservice.assessment.scopes import RecordScope, SubjectScope
from govservice.assessment.worths import worth_of
from govservice.errors import GovServiceError
from govservice.rules.book.entries import Item
from govservice.rules.language.shapes import Aggregate
from govservice.rules.language.values import Interval, Nothing, Unknown
from govservice.rules.meaning.evaluation import evaluate, holds

if TYPE_CHECKING:
    import polars

__all__ = ["ASK", "IN", "KIND", "OUT", "RowKinds", "Worths", "coded", "in_units"]

KIND = "\0kind"
OUT, IN, ASK = 0, 1, 2
"""Whether a kind of row is let in; ASK: the interpreter works out whoever has such a row."""
_DENSE = 1 << 22  # codes for which a table of their own is kept
_FEW = 1 << 20


class Worths(NamedTuple):
    """By kind of row: whether it is let in, and what it is worth in units of one `scale`-th."""

    let_in: Sequence[int]
    worth: Sequence[int]
    scale: int


def coded(frame: polars.DataFrame, columns: Sequence[str]) -> tuple[polars.Series, polars.DataFrame]:
    """The kind of each row, numbered from 0, by what it says in these columns; and one row of each kind, in that order."""
    import polars as pl

    if not columns or not frame.height:
        return pl.zeros(frame.height, dtype=pl.UInt32, eager=True), frame.head(1)
    code, size = pl.zeros(frame.height, dtype=pl.Int64, eager=True), 1
    for column in columns:
        own, number = _numbered(frame[column])
        if size * number > 1 << 60:
            code, size = _dense(code)
        code, size = code * number + own.cast(pl.Int64), size * number
    if size > _DENSE:
        code, size = _dense(code)
    first = pl.DataFrame({"code": code}).with_row_index("row").group_by("code").agg(pl.col("row").first()).sort("row")
    places = pl.zeros(size, dtype=pl.UInt32, eager=True).scatter(first["code"], pl.int_range(first.height, dtype=pl.UInt32, eager=True))
    return places.gather(code), frame[first["row"]]


def _numbered(values: polars.Series) -> tuple[polars.Series, int]:
    """Values as numbers from 0, a missing one as the last, and how many numbers there are."""
    import polars as pl

    if values.dtype == pl.Boolean:
        return values.cast(pl.Int64).fill_null(2), 3
    if values.dtype.is_integer() or values.dtype == pl.Date:
        whole = values.to_physical().cast(pl.Int64)
        low, high = whole.min(), whole.max()
        if low is None:
            return pl.zeros(len(values), dtype=pl.Int64, eager=True), 1
        if high - low < _FEW:  # type: ignore[operator]
            return (whole - low).fill_null(high - low + 1), high - low + 2  # type: ignore[operator, return-value]
    if not values.dtype.is_numeric() and not values.dtype.is_temporal():
        values = values.cast(pl.String)
    if values.dtype == pl.String:
        named = values.cast(pl.Enum(values.drop_nulls().unique())).to_physical().cast(pl.Int64)
        most = named.max()
        return named.fill_null(0 if most is None else most + 1), (0 if most is None else most + 1) + 1  # type: ignore[operator, return-value]
    return _dense(values)


def _dense(values: polars.Series) -> tuple[polars.Series, int]:
    import polars as pl

    ranked = values.rank("dense").cast(pl.Int64)
    most = ranked.max()
    return ranked.fill_null(0), (0 if most is None else most) + 1  # type: ignore[operator, return-value]


class RowKinds:
    """The kinds of rows of one table, each with a row that the interpreter reads."""

    def __init__(self, assessment: Assessment, scope: SubjectScope, period: Period, rows: Sequence[LedgerRow]) -> None:
        self.assessment, self.scope, self.period, self.rows = assessment, scope, period, rows
        self._counts = [assessment.counts(row) for row in rows]

    def _scope_of(self, row: LedgerRow) -> RecordScope:
        return self.assessment.scope(row, self.period, self.scope.table, self.scope)

    def of_item(self, item: Item) -> Worths:
        """What an item that asks for no ordinal makes of each kind."""
        return self._each(item.for_, lambda row: self.let_in(item, row), lambda row: self.worth(item, row))

    def lets_in(self, item: Item) -> list[int]:
        """Whether each kind is numbered by an item that asks for the ordinals of its rows."""
        return list(self._each(item.for_, (lambda _: IN) if item.numbers_all else (lambda row: self.let_in(item, row)), lambda _: 0).let_in)

    def let_in(self, item: Item, row: LedgerRow, nth: int | None = None) -> int:
        """Whether an item lets in a row, the `nth` of its own where it asks for that."""
        if item.when is None:
            return IN
        answer = holds(evaluate(item.when, self._numbered(row, nth)))
        return ASK if isinstance(answer, Unknown) else IN if answer else OUT

    def worth(self, item: Item, row: LedgerRow, nth: int | None = None) -> int | Fraction | None:
        """What a row comes to; None where that is open."""
        worth, needs = worth_of(evaluate(item.points, self._numbered(row, nth)), True)
        return None if isinstance(worth, (Unknown, Interval)) or needs else worth

    def _numbered(self, row: LedgerRow, nth: int | None) -> RecordScope:
        scope = self._scope_of(row)
        if nth is not None:
            scope.memo.pop("nth", None)
            scope.put({"nth": nth})
        return scope

    def of_aggregate(self, of: Aggregate) -> Worths:
        """What a count makes of each kind."""

        def let_in(row: LedgerRow) -> int:
            answer = True if of.when is None else holds(evaluate(of.when, self.assessment.scope(row, self.period)))
            if answer is True and of.total != "percent" and isinstance(self._value(of, row), Nothing):
                return OUT  # not applicable to this row
            return ASK if isinstance(answer, Unknown) else IN if answer else OUT

        def worth(row: LedgerRow) -> int | Fraction | None:
            value = self._value(of, row)
            if of.total == "percent":
                return None if isinstance(value, (Unknown, Interval)) else int(value is True)
            return value if isinstance(value, (int, Fraction)) and not isinstance(value, bool) else None

        return self._each(of.sources, let_in, worth)

    def _value(self, of: Aggregate, row: LedgerRow) -> Any:
        return 1 if of.value is None else evaluate(of.value, self.assessment.scope(row, self.period))

    def _each(
        self, sources: tuple[str, ...], let_in: Callable[[LedgerRow], int], worth: Callable[[LedgerRow], int | Fraction | None]
    ) -> Worths:
        answers: list[int] = []
        worths: list[int | Fraction] = []
        for row, counts in zip(self.rows, self._counts, strict=True):
            answer, own = OUT, None
            if row.source in sources and counts is not False:
                try:
                    answer = let_in(row)
                    own = worth(row) if answer == IN else 0
                except GovServiceError:  # told where the interpreter works it out
                    answer = ASK
                if answer != OUT and (own is None or counts is not True):
                    answer = ASK
            answers.append(answer)
            worths.append(own if own is not None and answer == IN else 0)
        return Worths(answers, *in_units(worths))


def in_units(worths: Sequence[int | Fraction]) -> tuple[list[int], int]:
    """Numbers as whole multiples of one part, and how many of it make one.

    >>> in_units([1, Fraction(1, 2), Fraction(-1, 3)])
    ([6, 3, -2], 6)
    """
    scale = lcm(*(Fraction(worth).denominator for worth in set(worths)))
    return [int(worth * scale) for worth in worths], scale


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says."""
    return {name: value for name, value in row.items() if value is not None}
