"""Gradings as a frame, one row each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from govservice.scoring import grade

if TYPE_CHECKING:
    import polars

    from govservice.assessment.grading import Grading
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["graded"]


def graded(
    frames: Mapping[str, Any], book: Rulebook, decision: str, period: object, now: date | str | None, calendar: WorkCalendar | None
) -> polars.DataFrame:
    """The gradings of a decision in their order. Raises what `grade` raises."""
    import polars as pl

    gradings = grade(book, decision, frames, period=period, now=now, calendar=calendar)
    schema = {
        "subject": pl.String,
        "grade": _kind([grading.grade for grading in gradings]),
        "open": pl.Boolean,
        "rank": pl.Int64,
        "rank_low": pl.Int64,
        "rank_high": pl.Int64,
        "rule": pl.String,
        "possible": pl.String,
        "reason": pl.String,
    }
    rows = [_row(grading) for grading in gradings]
    if schema["grade"] == pl.String:
        rows = [row | {"grade": None if row["grade"] is None else str(row["grade"])} for row in rows]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _kind(grades: list[object]) -> Any:
    """The type of the column of grades: that of all of them, else text."""
    import polars as pl

    kinds = {type(grade) for grade in grades if grade is not None}
    alike: dict[type, Any] = {bool: pl.Boolean, int: pl.Int64, date: pl.Date}
    return alike.get(next(iter(kinds)), pl.String) if len(kinds) == 1 else pl.String


def _row(of: Grading) -> dict[str, Any]:
    return {
        "subject": of.subject,
        "grade": of.grade,
        "open": of.open,
        "rank": of.rank,
        "rank_low": of.rank_low,
        "rank_high": of.rank_high,
        "rule": of.rule,
        "possible": "; ".join("-" if one is None else str(one) for one in of.possible) if of.open else None,
        "reason": "; ".join(of.undecided) if of.open else None,
    }
