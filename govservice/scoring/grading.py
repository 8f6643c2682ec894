"""Grades and consequences: decisions about a scheme, or about its subjects in a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from govservice.errors import ConventionError, DecisionError, Lang, Words
from govservice.rules.intervals import ends
from govservice.rules.outcomes import Outcome, decoded, encoded
from govservice.scoring.card import Points
from govservice.scoring.periods import Period, of_kind, read_period

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook
    from govservice.scoring.assessing import Assessment
    from govservice.scoring.ledger import Ledger
    from govservice.scoring.ranking import Standing
    from govservice.scoring.reporting import Span

__all__ = ["Grading", "grade"]


@dataclass(frozen=True)
class Grading:
    """One subject's outcome of a decision about a scheme.

    `grade` is the outcome (None while it is `open`; `possible` is what it may still be, `undecided` what would settle it). `rank` is None
    where the subject is not ranked or its rank is not settled: then it lies from `rank_low` to `rank_high`. `ranked` is how many were
    ranked, `tied` with whom it ties. `outcome` explains the decision.
    """

    subject: str
    grade: object
    total: Points | None
    low: Points | None
    high: Points | None
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    ranked: int | None
    tied: tuple[str, ...]
    rule: str | None
    cite: str | None
    open: bool
    possible: tuple[object, ...]
    undecided: tuple[str, ...]
    outcome: Outcome

    def explain(self, lang: Lang = "en") -> str:
        """Why: the decision with the facts it read, the rank and whom it ties with."""
        rank = str(self.rank) if self.rank is not None else f"{self.rank_low} to {self.rank_high}" if self.rank_low is not None else "-"
        zh = str(self.rank) if self.rank is not None else f"{self.rank_low} 至 {self.rank_high}" if self.rank_low is not None else "-"
        head = Words(f"{self.subject}: rank {rank} of {self.ranked or '-'}", f"{self.subject}：第 {zh} 名，共 {self.ranked or '-'}").text(
            lang
        )
        tied = Words(f"; ties with {', '.join(self.tied)}", f"；与 {'、'.join(self.tied)} 并列").text(lang) if self.tied else ""
        return f"{head}{tied}\n{self.outcome.explain(lang)}"

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same grading back."""
        return {one.name: self.outcome.to_dict() if one.name == "outcome" else encoded(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Grading:
        """The grading that `to_dict` wrote."""
        given: dict[str, Any] = {name: Outcome.from_dict(value) if name == "outcome" else decoded(value) for name, value in found.items()}
        return cls(**given)


def grade(
    book: Rulebook,
    decision: str,
    records: Mapping[str, Any] | Ledger,
    *,
    period: object,
    now: date | None = None,
    calendar: WorkCalendar | None = None,
) -> list[Grading]:
    """Every subject's outcome of a decision about a scheme (a grade, a quota) or about the subjects themselves (a bonus), best rank first.

    `period` is of the scheme's kind, or (first, last); a decision with a rolling period looks back from its last day.
    Raises DecisionError, ConventionError, RecordError.

    >>> from govservice import load_rulebook
    >>> day = date(2026, 10, 12)
    >>> events = [{"kind": "absent", "staff": "S1", "on": day, "half_days": 1}, {"kind": "late", "staff": "S2", "on": day}]
    >>> [(one.subject, one.grade) for one in grade(load_rulebook("kunshan"), "month_bonus", {"events": events}, period="2026-10")]
    [('S1', '扣发'), ('S2', '发放')]
    """
    from govservice.scoring.assessing import assessment_of

    assessment = assessment_of(book, records, now=now, calendar=calendar)
    contents = assessment.contents
    shape = contents.decisions.get(decision)
    if shape is None or (shape.about not in contents.schemes and shape.about not in assessment.ledger.subjects()):
        listed = ", ".join(id for id, one in contents.decisions.items() if one.about in contents.schemes) or "-"
        what = Words(
            f"{book.id} has no decision {decision!r} about a scheme or its subjects", f"{book.id} 没有关于计分方案或其对象的“{decision}”"
        )
        raise DecisionError(what, hint=Words(f"about schemes: {listed}", f"关于计分方案的有：{listed}"), id=decision)
    span = read_period(period)
    if shape.about in contents.schemes:
        found = _about_scheme(assessment, decision, shape.about, span)
    else:
        found = _about_subjects(assessment, decision, shape.about, shape.period, span)
    return sorted(found, key=lambda one: (one.rank_low is None, one.rank_low or 0, one.subject))


def _about_scheme(assessment: Assessment, decision: str, scheme: str, given: Period) -> list[Grading]:
    from govservice.scoring.reporting import span_of

    shape = assessment.contents.schemes[scheme]
    span = of_kind(given, shape.period, scheme)
    found = []
    for id, _ in assessment.subjects(scheme, span):
        score = assessment.score(scheme, id, span)
        outcome = assessment.book.outcome(decision, score.scope)
        if outcome.open and "conventions.ties" in outcome.undecided:
            raise ConventionError.unstated("ties", decision)
        ranked = shape.rank is not None or "rank" in score.scope.extra
        standing = assessment.standings(scheme, span).get(id) if ranked else None
        found.append(_grading(id, outcome, span_of(assessment, score, score.total), standing))
    return found


def _grading(id: str, outcome: Outcome, total: Span | None, standing: Standing | None) -> Grading:
    rank = standing.rank if standing is not None else None
    low, high = ends(rank) if rank is not None else (None, None)
    return Grading(
        subject=id,
        grade=outcome.value(outcome.primary),
        total=total.point if total is not None else None,
        low=total.low if total is not None else None,
        high=total.high if total is not None else None,
        rank=rank if isinstance(rank, int) else None,
        rank_low=int(low) if low is not None else None,
        rank_high=int(high) if high is not None else None,
        ranked=standing.ranked if standing is not None else None,
        tied=standing.tied if standing is not None else (),
        rule=outcome.rule,
        cite=outcome.cite,
        open=outcome.open,
        possible=outcome.possible,
        undecided=outcome.undecided,
        outcome=outcome,
    )


def _about_subjects(assessment: Assessment, decision: str, table: str, kind: str | None, given: Period) -> list[Grading]:
    from govservice.scoring.scopes import SubjectScope

    period = given if kind is None else of_kind(given, kind, decision)
    return [
        _grading(id, assessment.book.outcome(decision, SubjectScope(assessment, table, id, period)), None, None)
        for id in assessment.ledger.ids(table)
        if assessment.ledger.served(table, id, period) is not None
    ]
