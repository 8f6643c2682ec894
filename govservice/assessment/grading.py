"""Grades and consequences: decisions about a scheme, or about its subjects in a period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from govservice.as_json import AsJson
from govservice.assessment.assessing import Assessment
from govservice.assessment.periods import Period, of_kind
from govservice.assessment.ranking import Standing
from govservice.assessment.reporting import Span, span_of
from govservice.assessment.scorecard import Points
from govservice.errors import ConventionError, Lang
from govservice.rules.language.intervals import ends
from govservice.rules.meaning.outcomes import Outcome
from govservice.upward import machinery

__all__ = ["Grading", "about_scheme", "about_subjects"]


@dataclass(frozen=True)
class Grading(AsJson):
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
        return cast("str", machinery("show.grading:explain")(self, lang))


def about_scheme(assessment: Assessment, decision: str, scheme: str, given: Period) -> list[Grading]:
    """A decision about a scheme, for every subject that it scores."""
    shape = assessment.contents.schemes[scheme]
    span = of_kind(given, shape.period, scheme)
    gradings = []
    for id, _ in assessment.subjects(scheme, span):
        score = assessment.score(scheme, id, span)
        outcome = assessment.book.outcome(decision, score.scope)
        if outcome.open and "conventions.ties" in outcome.undecided:
            raise ConventionError.unstated("ties", decision)
        standing = assessment.standings(scheme, span).get(id) if assessment.is_ranked(scheme, span) else None
        gradings.append(_grading(id, outcome, span_of(assessment, score, score.total), standing))
    return gradings


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


def about_subjects(assessment: Assessment, decision: str, table: str, kind: str | None, given: Period) -> list[Grading]:
    """A decision about the subjects of a table themselves, in a period of its own kind."""
    period = given if kind is None else of_kind(given, kind, decision)
    return [
        _grading(id, assessment.book.outcome(decision, assessment.subject(table, id, period)), None, None)
        for id in assessment.register.ids(table)
        if assessment.register.served(table, id, period) is not None
    ]
