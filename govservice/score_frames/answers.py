"""One row a subject and period: what a score comes to, exact, with what is open; and one row a grading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from govservice.assessment.reporting import shown_between
from govservice.assessment.score import Score
from govservice.rules.book.entries import Scheme, parts_of
from govservice.rules.language.intervals import Bounded
from govservice.rules.language.values import Interval, Unknown

if TYPE_CHECKING:
    import polars

__all__ = ["DIGITS", "decimal_of", "exact_text", "frame_of", "part_columns", "row_of", "schema_of"]

DIGITS: Final = 12
"""Behind the point of the decimal columns; beside them stands the exact number as text."""


def part_columns(scheme: Scheme) -> tuple[str, ...]:
    """The columns of a scheme's parts, by their paths."""
    return tuple(f"parts.{path}" for path, _ in parts_of(scheme))


def schema_of(scheme: Scheme) -> dict[str, Any]:
    """The columns of the answer, whatever the records."""
    import polars as pl

    number = pl.Decimal(38, DIGITS)
    return {
        "subject": pl.String,
        "period": pl.String,
        "total": number,
        "low": number,
        "high": number,
        "total_exact": pl.String,
        "low_exact": pl.String,
        "high_exact": pl.String,
        **dict.fromkeys(part_columns(scheme), number),
        "eligible": pl.Boolean,
        "state": pl.String,
        "reason": pl.String,
        "by": pl.String,
    }


def decimal_of(number: int | Fraction) -> Decimal:
    """A number with twelve digits behind the point, half to even.

    >>> decimal_of(Fraction(1, 8)), decimal_of(Fraction(2, 3))
    (Decimal('0.125000000000'), Decimal('0.666666666667'))
    """
    with localcontext() as context:
        context.prec = 60
        if type(number) is int:
            return Decimal(number).scaleb(0)
        scaled = round(Fraction(number) * 10**DIGITS)
        return Decimal(scaled).scaleb(-DIGITS)


def exact_text(number: int | Fraction) -> str:
    """The exact number: `93`, `93.5`, or the fraction where its decimals have no end.

    >>> exact_text(93), exact_text(Fraction(187, 2)), exact_text(Fraction(281, 3))
    ('93', '93.5', '281/3')
    """
    whole = Fraction(number)
    rest, digits = whole.denominator, 0
    for factor in (2, 5):
        times = 0
        while rest % factor == 0:
            rest //= factor
            times += 1
        digits = max(digits, times)
    if rest != 1:
        return f"{whole.numerator}/{whole.denominator}"
    if digits == 0:
        return str(whole.numerator)
    scaled = abs(whole.numerator) * 10**digits // whole.denominator
    sign = "-" if whole < 0 else ""
    return f"{sign}{scaled // 10**digits}.{scaled % 10**digits:0{digits}}"


def row_of(score: Score, served: bool | Unknown) -> dict[str, Any]:
    """A score that the interpreter worked out, as a row."""
    ends = shown_between(score, score.total)
    low, high = ends if ends is not None else (None, None)
    settled = score.applies is True and low is not None and low == high
    needs = set[str]()
    for value in (score.total, score.applies, served):
        needs |= value.needs if isinstance(value, (Unknown, Interval)) else frozenset()
    state = "not scored" if score.applies is False else "settled" if settled else "open"
    return {
        "subject": score.subject,
        "period": str(score.period),
        "total": decimal_of(low) if settled and low is not None else None,
        "low": None if low is None else decimal_of(low),
        "high": None if high is None else decimal_of(high),
        "total_exact": exact_text(low) if settled and low is not None else None,
        "low_exact": None if low is None else exact_text(low),
        "high_exact": None if high is None else exact_text(high),
        **{f"parts.{path}": _point(score, part.total) for path, part in score.parts.items()},
        "eligible": score.eligible,
        "state": state,
        "reason": "; ".join(score.scope.of_its_own(needs)) if state == "open" else None,
        "by": "rows",
    }


def _point(score: Score, total: Bounded | Unknown) -> Decimal | None:
    ends = shown_between(score, total)
    return decimal_of(ends[0]) if ends is not None and ends[0] == ends[1] else None


def frame_of(scheme: Scheme, rows: Iterable[dict[str, Any]] | Sequence[dict[str, Any]]) -> polars.DataFrame:
    """The rows as a frame of the columns that every answer of the scheme has."""
    import polars as pl

    schema = schema_of(scheme)
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema, orient="row")
