"""Scoring: records under a scheme -> scorecards, ranks and grades, every point explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, overload

from govservice.assessment.assessing import assessment_of
from govservice.assessment.grading import Grading, about_rows, about_scheme, about_subjects
from govservice.assessment.ledger import Ledger
from govservice.assessment.measuring import Measured, measured, subject_asked
from govservice.assessment.periods import Period, of_kind, read_period
from govservice.assessment.reporting import card_of
from govservice.assessment.scorecard import Change, Line, OpenItem, PartScore, Rescored, Scorecard
from govservice.doors import CALENDAR, ROWS, TABLES, TEXT, WHEN, optional, takes
from govservice.echo import shown
from govservice.errors import DecisionError, Words, did_you_mean
from govservice.rules.book.remedies import it_has, label_meant, labels_of
from govservice.rules.rulebook import AnyBook, book_of
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar

__all__ = [
    "Change",
    "Grading",
    "Ledger",
    "Line",
    "Measured",
    "OpenItem",
    "PartScore",
    "Period",
    "Rescored",
    "Scorecard",
    "grade",
    "measure",
    "read_ledger",
    "score",
]


@overload
def score(
    book: AnyBook,
    scheme: str,
    records: Mapping[str, Any] | Ledger,
    *,
    subject: str,
    period: object,
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> Scorecard: ...
@overload
def score(
    book: AnyBook,
    scheme: str,
    records: Mapping[str, Any] | Ledger,
    *,
    subject: None = None,
    period: object,
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> list[Scorecard]: ...
@takes(scheme=TEXT, records=TABLES, subject=optional(TEXT), now=optional(WHEN), calendar=optional(CALENDAR))
def score(
    book: AnyBook,
    scheme: str,
    records: Mapping[str, Any] | Ledger,
    *,
    subject: str | None = None,
    period: object,
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> Scorecard | list[Scorecard]:
    """The scorecard of one subject under a scheme in a period; of every subject that it scores, where none is named.

    `records` maps tables ("cases", "events", "window", ..) to rows (mappings or models) or frames, or is a ledger of them (`read_ledger`).
    `period` is "2026-10", "2026-B5" (two months), "2026-Q4", "2026-H2", "2026" or (first, last), of its kind unless two days;
    a rolling one looks back from it. What is still open is judged as of `now`, else of the period's last day. `calendar` counts working
    days (China's unless given).
    A row that cannot be read is set apart, and the cards say so; a fact that cannot be used (marks out of range) leaves open what reads it,
    and is refused where its subject alone is asked about.
    Raises DecisionError (no such scheme; a total beyond its full mark without `max:`), ConventionError, RecordError (a subject that no
    record names).

    >>> from govservice import load_rulebook
    >>> event = {"kind": "fee_added", "on": date(2026, 10, 12), "window": "W1"}
    >>> records = {"events": [event], "cases": [], "complaints": [], "window": []}
    >>> card = score(load_rulebook("kunshan"), "window_month", records, subject="W1", period="2026-10")
    >>> card.parts["fees"].total, [(line.item, line.points, line.cite) for line in card.lines if line.points]
    (10, [('added', -5, 'KS-22')])
    """
    book = book_of(book)
    assessment = assessment_of(book, records, now=now, calendar=calendar)
    shape = assessment.contents.schemes.get(scheme)
    if shape is None:
        raise DecisionError(
            Words(f"{book.id} has no scheme {shown(scheme)}", f"{book.id} 没有“{scheme}”这个计分方案"),
            hint=label_meant(scheme, labels_of(assessment.contents.schemes)) or it_has(assessment.contents.schemes),
            id=scheme,
        )
    span = of_kind(read_period(period), shape.period, scheme)
    with assessment.lock:
        assessment.said.clear()
        if subject is not None:
            assessment.check_subject(subject, shape.scores)
            return card_of(assessment, assessment.score(scheme, subject, span), alone=True)
        return [card_of(assessment, assessment.score(scheme, id, span)) for id, _ in assessment.subjects(scheme, span)]


@takes(decision=TEXT, records=TABLES, now=optional(WHEN), calendar=optional(CALENDAR))
def grade(
    book: AnyBook,
    decision: str,
    records: Mapping[str, Any] | Ledger,
    *,
    period: object = "ever",
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> list[Grading]:
    """The outcome of a decision for everything that it is about, best rank first.

    That is every subject of a scheme (a grade, a quota), the subjects themselves (a bonus), or every row of any other table (cases, a table
    of the centre's own) that lies in the period. Each sees its own facts, the rows that belong to it, and its clocks.
    `period` is of the scheme's kind, or (first, last); a decision with a rolling period looks back from its last day.
    Raises DecisionError, ConventionError, RecordError.

    >>> from govservice import load_rulebook
    >>> day = date(2026, 10, 12)
    >>> events = [{"kind": "absent", "staff": "S1", "on": day, "half_days": 1}, {"kind": "late", "staff": "S2", "on": day}]
    >>> [(row.subject, row.grade) for row in grade(load_rulebook("kunshan"), "month_bonus", {"events": events}, period="2026-10")]
    [('S1', '扣发'), ('S2', '发放')]
    """
    book = book_of(book)
    assessment = assessment_of(book, records, now=now, calendar=calendar)
    contents = assessment.contents
    shape = contents.decisions.get(decision)
    if shape is None:
        what = Words(f"{book.id} has no decision {shown(decision)}", f"{book.id} 没有“{decision}”这个决定")
        hint = label_meant(decision, labels_of(contents.decisions)) or it_has(contents.decisions)
        raise DecisionError(what, hint=hint, id=decision)
    span = read_period(period)
    with assessment.lock:
        assessment.said.clear()
        if shape.about in contents.schemes:
            gradings = about_scheme(assessment, decision, shape.about, span)
        elif shape.about in assessment.register.subjects() and assessment.register.dated_by(shape.about) is None:
            gradings = about_subjects(assessment, decision, shape.about, shape.period, span)
        else:
            gradings = about_rows(assessment, decision, shape.about, span)
    return sorted(gradings, key=lambda grading: (grading.rank_low is None, grading.rank_low or 0, grading.subject))


@takes(name=TEXT, records=TABLES, subject=optional(TEXT), about=optional(TEXT), now=optional(WHEN), calendar=optional(CALENDAR))
def measure(
    book: AnyBook,
    name: str,
    records: Mapping[str, Any] | Ledger,
    *,
    subject: str | None = None,
    period: object,
    about: str | None = None,
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
) -> Measured:
    """What one measure of the book comes to for one subject in a period, with what it was counted from.

    `records`, `period`, `now` and `calendar` are those of `score`. `about` is the table of the subject (window, staff, department ..),
    needed where its id is in two of them, and enough where it has one subject alone: `about="centre"` is the whole centre. Where the
    records name no centre there is one, that goes by the book's id, and everything is its.
    The value is exact; while facts are missing it is open, and says what would settle it.
    Raises DecisionError (no such measure), ConventionError, RecordError (a subject that no record names, or that several tables do).

    >>> from govservice import load_rulebook
    >>> book = load_rulebook("kunshan").amend({"measures.late_days": {"value": "count(late)"}})
    >>> events = [{"kind": "late", "staff": "S1", "on": date(2026, 10, day)} for day in (12, 12, 13)]
    >>> measure(book, "late_days", {"events": events}, subject="S1", period="2026-10").value
    3
    >>> cases = [{"case": "C1", "received_on": "2026-10-12", "closed_on": "2026-10-12"}, {"case": "C2", "received_on": "2026-10-13"}]
    >>> measure("wuxi", "completion_percent", {"cases": cases}, about="centre", period="2026-10").value
    50
    """
    book = book_of(book)
    assessment = assessment_of(book, records, now=now, calendar=calendar)
    shape = assessment.contents.measures.get(name)
    if shape is None:
        measures = assessment.contents.measures
        raise DecisionError(
            Words(f"{book.id} has no measure {shown(name)}", f"{book.id} 没有“{name}”这个指标"),
            hint=label_meant(name, labels_of(measures)) or did_you_mean(name, measures, it_has(measures)),
            id=name,
        )
    with assessment.lock:
        table, id = subject_asked(assessment, subject, about)
        return measured(assessment, shape, table, id, read_period(period))


@takes(records=ROWS)
def read_ledger(book: AnyBook, records: Mapping[str, Any] | str | Path) -> Ledger:
    """Records read once, for several calls of `score` and `grade`, under this book or others; the next call keeps what one worked out.

    They are rows by table, or a folder or a database as `govservice score` reads it, by its `mapping.yaml` where it has one; what cannot be
    read of it is told on the scorecards.

    Books that differ in rules alone share one reading of the rows. Threads may share a ledger; what it keeps is bounded.

    Raises RecordError for a table the book does not have, an unknown kind of event, a day that is none, a folder that cannot be read.

    >>> from govservice import load_rulebook
    >>> book = load_rulebook("kunshan")
    >>> kept = read_ledger(book, {"events": [{"kind": "untidy", "on": date(2026, 10, 12), "window": "W1"}], "cases": [], "window": []})
    >>> [score(book, "window_month", kept, subject="W1", period=f"2026-{month}").parts["cleanliness"].total for month in ("09", "10")]
    [10, 9]
    """
    book = book_of(book)
    if isinstance(records, str | Path):
        return cast("Ledger", machinery("records.ledgers:ledger_at")(records, book))
    return Ledger.of(records, book.contents)
