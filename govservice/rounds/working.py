"""A round worked through: the folder is read once, and each step builds on what those before it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from govservice.assessment.periods import read_period
from govservice.counting.asked import When
from govservice.doors import CALENDAR, PATH, TEXT, optional, takes
from govservice.echo import shown
from govservice.errors import ConventionError, DecisionError, GovServiceError, RecordError, Words, did_you_mean, in_one
from govservice.reading import as_when
from govservice.records import Progress, Records, read_records
from govservice.records.ledgers import ledger_of_folder
from govservice.rounds.plan import PlanStep, plan
from govservice.rounds.results import Graded, Round
from govservice.rules.book.remedies import it_has
from govservice.rules.rulebook import AnyBook, book_of
from govservice.run.provenance import described
from govservice.run.results import SourceRead
from govservice.scoring import Grading, Ledger, Scorecard, grade, score

if TYPE_CHECKING:
    from pathlib import Path

    from govservice.calendars import WorkCalendar
    from govservice.rules.book.contents import Contents
    from govservice.rules.rulebook import Rulebook

__all__ = ["assess"]


@takes(subject=optional(TEXT), calendar=optional(CALENDAR), mapping=optional(PATH))
def assess(
    book: AnyBook,
    records: Records | str | Path,
    *,
    period: object,
    schemes: Iterable[str] | None = None,
    decisions: Iterable[str] | None = None,
    subject: str | None = None,
    now: When | str | None = None,
    mapping: str | Path | None = None,
    calendar: WorkCalendar | None = None,
    progress: Progress | None = None,
) -> Round:
    """Score and grade a folder of records over a period, by every scheme and graded decision of the book, or by those named.

    Each scheme is worked out for every period of its kind that lies in the one given, what others build on first: months, two months, the
    year, grades. `subject` keeps the results of one subject; ranks are those among all. `now` is what `score` takes: left out, each
    period is judged as of its own last day; given, periods that begin after it are left out.
    A step that the book or the records do not allow (a convention that is not stated) is among `failed`, and the others go on; where it was
    asked for by name the error is raised. Raises RecordError, DecisionError.
    """
    book = book_of(book)
    contents = book.contents
    _check_names(contents, schemes, decisions)
    span = read_period(period)
    today: date | None = as_when(now)
    day = today.date() if isinstance(today, datetime) else today
    steps = plan(contents, span, schemes=schemes, decisions=decisions, begun_by=day)
    read = records if isinstance(records, Records) else read_records(records, book=book, mapping=mapping, assessed=True, progress=progress)
    folder = ledger_of_folder(read, book)
    work = _Round(book, folder.ledger, subject, today, calendar, by_name=schemes is not None or decisions is not None)
    for count, step in enumerate(steps, 1):
        work.step(step)
        if progress is not None:
            progress(f"{step.id} {step.period}", count, len(steps))
    if subject is not None and not work.cards and not work.gradings:
        raise RecordError(Words(f"nothing is scored or graded of {shown(subject)}", f"没有一项考核涉及“{subject}”"), id=subject)
    aside = Counter(row.file for row in folder.set_aside)
    sources = tuple(
        SourceRead(name, source.name, source.encoding, len(folder.lines[read.words[name].table]) + aside[source.name], source.ended)
        for name, source in read.sources.items()
    )
    titles = {id: scheme.title or id for id, scheme in contents.schemes.items()}
    titles |= {id: decision.label or id for id, decision in contents.decisions.items()}
    titles |= {id: table.label or id for id, table in contents.tables.items() if id not in titles}
    return Round(
        described(book, read, calendar, None, None, today), str(span), steps, tuple(work.cards), tuple(work.gradings), sources,
        folder.set_aside, folder.notes, tuple(work.failed), read.not_read, titles, read.folder,
    )  # fmt: skip


def _check_names(contents: Contents, schemes: Iterable[str] | None, decisions: Iterable[str] | None) -> None:
    sections = (
        (schemes or (), contents.schemes, Words("scheme", "计分方案")),
        (decisions or (), contents.decisions, Words("decision", "决定")),
    )
    for asked, known, what in sections:
        for id in asked:
            if id not in known:
                raise DecisionError(
                    Words(f"{contents.id} has no {what.en} {shown(id)}", f"{contents.id} 没有“{id}”这个{what.zh}"),
                    hint=did_you_mean(id, known, it_has(known)),
                    id=id,
                )


class _Round:
    def __init__(
        self, book: Rulebook, ledger: Ledger, subject: str | None, now: date | None, calendar: WorkCalendar | None, *, by_name: bool
    ) -> None:
        self.book, self.ledger, self.subject, self.now, self.calendar, self.by_name = book, ledger, subject, now, calendar, by_name
        self.cards: list[Scorecard] = []
        self.gradings: list[Graded] = []
        self.failed: list[tuple[PlanStep, Words]] = []

    def step(self, step: PlanStep) -> None:
        """Work one step out."""
        try:
            self._score(step) if step.section == "schemes" else self._grade(step)
        except (ConventionError, DecisionError) as error:
            if self.by_name:
                raise
            self.failed.append((step, _reason(error)))

    def _score(self, step: PlanStep) -> None:
        if self.subject is not None and self.by_name:
            self.cards.append(
                score(self.book, step.id, self.ledger, subject=self.subject, period=step.period, now=self.now, calendar=self.calendar)
            )
            return
        cards = score(self.book, step.id, self.ledger, period=step.period, now=self.now, calendar=self.calendar)
        self.cards += [card for card in cards if self.subject in (None, card.subject)]

    def _grade(self, step: PlanStep) -> None:
        gradings = grade(self.book, step.id, self.ledger, period=step.period, now=self.now, calendar=self.calendar)
        decision = self.book.contents.decisions[step.id]
        self.gradings += [
            Graded(step.id, decision.label or step.id, decision.about, str(step.period), grading, _said(grading))
            for grading in gradings
            if self.subject in (None, grading.subject)
        ]


def _said(grading: Grading) -> object:
    """The grade by its label, where it has one."""
    return grading.outcome.labels.get(f"{grading.outcome.primary}={grading.grade}", grading.grade)


def _reason(error: GovServiceError) -> Words:
    return in_one(part for part in (error.what, error.why, error.hint) if part.en)
