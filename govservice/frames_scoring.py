"""Scoring on whole tables: `score` and `grade` of every subject, as frames of the kind that is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from govservice.assessment.assessing import assessment_of
from govservice.assessment.periods import of_kind, read_period
from govservice.doors import CALENDAR, MAPPING, TEXT, WHEN, optional, takes
from govservice.errors import DecisionError, Words, did_you_mean
from govservice.reading import as_when
from govservice.rules.rulebook import AnyBook, book_of
from govservice.score_frames.answers import frame_of, row_of
from govservice.score_frames.grades import graded
from govservice.score_frames.kinds import kind_of, leaving_as
from govservice.score_frames.working import on_columns

if TYPE_CHECKING:
    import polars

    from govservice.assessment.periods import Period
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.entries import Scheme
    from govservice.rules.rulebook import Rulebook

__all__ = ["grade_frame", "score_frame"]


@takes(frames=MAPPING, scheme=TEXT, now=optional(WHEN), calendar=optional(CALENDAR))
def score_frame(
    frames: Mapping[str, Any],
    book: AnyBook,
    scheme: str,
    *,
    period: object,
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> Any:
    """The scores of every subject that a scheme scores, one row a subject and period: those of `score`.

    `frames` maps tables ("cases", "events", "window", ..) to frames of Polars (eager or lazy), pandas, PyArrow or DuckDB, or to lists of
    rows; the answer is of the kind of the subjects' own table, else of the first frame. Frames of Spark and of databases are refused, for
    their rows would leave. `period` is one that `score` takes, or a list of
    them; `now` and `calendar` are those of `score`.

    `total`, `low`, `high` and a column a part (`parts.order`) are decimals with twelve digits behind the point. `total_exact`,
    `low_exact` and `high_exact` are the same as text, with nothing lost: "93.5", or "281/3" where the decimals have no end. An open score
    has no `total`; it lies from `low` to `high`, and `reason` names what it waits for. `state` is settled, open or not scored. `by` says
    how a row was worked out: on "columns" with many others, or by the interpreter on its own "rows", which defines the meaning.

    Raises what `score` raises.

    >>> import polars
    >>> from govservice import load_rulebook
    >>> event = {"kind": "fee_added", "on": date(2026, 10, 12), "window": "W1"}
    >>> frames = {"events": polars.DataFrame([event]), "cases": [], "complaints": [], "window": []}
    >>> score_frame(frames, load_rulebook("kunshan"), "window_month", period="2026-10").select("subject", "parts.fees", "state").rows()
    [('W1', Decimal('10.000000000000'), 'open')]
    """
    import polars

    book = book_of(book)
    shape = book.contents.schemes.get(scheme)
    if shape is None:
        listed = Words(*(", ".join(book.contents.schemes) or "-" for _ in range(2)))
        what = Words(f"{book.id} has no scheme {scheme!r}", f"{book.id} 没有“{scheme}”这个计分方案")
        raise DecisionError(what, hint=did_you_mean(scheme, book.contents.schemes, listed), id=scheme)
    given = period if isinstance(period, list) else [period]
    spans = [of_kind(read_period(one), shape.period, scheme) for one in given]
    kind = kind_of(frames, shape.scores)
    found = on_columns(frames, book, shape, spans, now=as_when(now), calendar=calendar)
    answer = _on_rows(frames, book, shape, spans, now, calendar) if found is None else found
    return leaving_as(answer if isinstance(answer, polars.DataFrame) else frame_of(shape, answer), kind)


def _on_rows(
    frames: Mapping[str, Any], book: Rulebook, scheme: Scheme, spans: list[Period], now: date | str | None, calendar: WorkCalendar | None
) -> polars.DataFrame:
    """Every subject by the interpreter."""
    assessment = assessment_of(book, frames, now=now, calendar=calendar)
    rows = [
        row_of(assessment, assessment.score(scheme.id, id, span), served)
        for span in spans
        for id, served in assessment.subjects(scheme.id, span)
    ]
    return frame_of(scheme, rows)


@takes(frames=MAPPING, decision=TEXT, now=optional(WHEN), calendar=optional(CALENDAR))
def grade_frame(
    frames: Mapping[str, Any],
    book: AnyBook,
    decision: str,
    *,
    period: object = "ever",
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> Any:
    """The outcome of a decision for everything that it is about, one row each, best rank first: those of `grade`.

    `frames`, `period`, `now` and `calendar` are those of `score_frame`; `period` is one. Columns: `subject`, `grade` (null while
    open), `open`, `rank` (with `rank_low` and `rank_high` while it is not settled), `rule`, `possible` and `reason`: what an open one may
    be and what it waits for. Ranks hang on all subjects alike, so each is worked out by the interpreter.

    Raises what `grade` raises.

    >>> import polars
    >>> from govservice import load_rulebook
    >>> day = date(2026, 10, 12)
    >>> events = [{"kind": "absent", "staff": "S1", "on": day, "half_days": 1}, {"kind": "late", "staff": "S2", "on": day}]
    >>> found = grade_frame({"events": polars.DataFrame(events)}, load_rulebook("kunshan"), "month_bonus", period="2026-10")
    >>> found.select("subject", "grade").rows()
    [('S1', '扣发'), ('S2', '发放')]
    """
    book = book_of(book)
    shape = book.contents.decisions.get(decision)
    about = shape.about if shape is not None else ""
    scheme = book.contents.schemes.get(about)
    kind = kind_of(frames, scheme.scores if scheme is not None else about)
    return leaving_as(graded(frames, book, decision, period, now, calendar), kind)
