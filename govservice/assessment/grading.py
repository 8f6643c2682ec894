"""Grades and consequences: decisions about a scheme, or about its subjects in a period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from govservice.as_json import AsJson
from govservice.assessment.assessing import Assessment
from govservice.assessment.periods import Period, of_kind
from govservice.assessment.ranking import Standing, group_of, ranked_within
from govservice.assessment.reporting import faults_among, total_of
from govservice.assessment.rounding import judged_otherwise
from govservice.assessment.scorecard import Points
from govservice.assessment.showing import Span
from govservice.clockwork.terms import is_convention
from govservice.errors import ConflictError, ConventionError, Lang, Words, known_lang
from govservice.rules.book.contents import labelled
from govservice.rules.language.intervals import ends
from govservice.rules.language.values import Interval, Nothing, Unknown, Value, reported
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.outcomes import Outcome, open_outcome
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.assessment.scopes import RecordScope, SubjectScope

__all__ = ["Grading", "about_rows", "about_scheme", "about_subjects"]


@dataclass(frozen=True, repr=False)
class Grading(AsJson):
    """One subject's outcome of a decision about a scheme.

    `grade` is the outcome (None while it is `open`; `possible` is what it may still be, None among it where it may not be scored at all,
    `undecided` what would settle it; None too where the scheme does not score the subject). `rank` is None where the subject is not ranked
    or its rank is not settled: then it lies from `rank_low` to `rank_high`. `ranked` is how many were ranked (None while not settled),
    `tied` with whom it ties. `outcome` explains the decision; `notes` say what else must be said, of the records too.
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
    notes: tuple[Words, ...] = ()

    def explain(self, lang: Lang = "en") -> str:
        """Why: the decision with the facts it read, the rank and whom it ties with."""
        return cast("str", machinery("show.grading:explain")(self, known_lang(lang)))


def about_scheme(assessment: Assessment, decision: str, scheme: str, given: Period) -> list[Grading]:
    """A decision about a scheme, for every subject that it scores."""
    shape = assessment.contents.schemes[scheme]
    span = of_kind(given, shape.period, scheme)
    gradings = []
    for id, served in assessment.subjects(scheme, span):
        score = assessment.score(scheme, id, span)
        outcome, told = _decided(assessment, decision, score.scope)
        doubts = [doubt for doubt in (served, score.applies) if isinstance(doubt, Unknown)] if not score.supplied else []
        if score.applies is False:
            outcome = _not_graded(outcome)
            doubts = [served] if isinstance(served, Unknown) else []
        if doubts:
            outcome = _perhaps(outcome, doubts)
        elif outcome.open and "conventions.ties" in outcome.undecided and all(map(is_convention, outcome.undecided)):
            raise ConventionError.unstated("ties", decision)
        standing = assessment.standings(scheme, span).get(id) if scheme in assessment.ranking else None
        waiting = score.total.needs if isinstance(score.total, (Interval, Unknown)) else frozenset[str]()
        said = [*told, *score.said, *judged_otherwise(assessment, score), *faults_among(assessment, waiting)]
        gradings.append(_grading(assessment, score.scope, outcome, total_of(score), standing, said))
    return _said_of_places(assessment, decision, scheme, span, _said_of_equals(gradings))


def _said_of_places(assessment: Assessment, decision: str, scheme: str, period: Period, gradings: list[Grading]) -> list[Grading]:
    """Where a rule has more places than it fills, everybody is told: they are not passed on."""
    words: dict[str, list[Words]] = {}
    for rule in assessment.contents.decisions[decision].rules:
        if rule.quota is None:
            continue
        shape = ranked_within(assessment.contents.schemes[scheme], rule.quota.within)
        groups: dict[object, list[Grading]] = {}
        for grading in gradings:
            groups.setdefault(group_of(shape, assessment.score(scheme, grading.subject, period)), []).append(grading)
        for group, members in groups.items():
            places = evaluate(rule.quota.places, assessment.score(scheme, members[0].subject, period).scope)
            taken = sum(rule.id in grading.outcome.rules for grading in members)
            if isinstance(places, int) and places > taken and not any(grading.open for grading in members):
                among = "" if isinstance(group, Nothing) else f" ({reported(cast('Value', group))})"
                said = Words(
                    f"{rule.id}{among} has {places} places, {taken} are taken",
                    f"{labelled(rule.id, rule.label).strip()}{among} 有 {places} 个名额，用了 {taken} 个",
                )
                for grading in members:
                    words.setdefault(grading.subject, []).append(said)
    return [replace(one, notes=(*one.notes, *words.get(one.subject, ()))) if words else one for one in gradings]


def _decided(assessment: Assessment, decision: str, scope: SubjectScope | RecordScope) -> tuple[Outcome, list[Words]]:
    """The decision for one subject; where its rules contradict each other for it, open, with what is to be said: the others go on."""
    try:
        return assessment.book.outcome(decision, scope), []
    except ConflictError as error:
        return open_outcome(assessment.contents.decisions[decision], scope, assessment.book.digest), [error.what]


def _not_graded(outcome: Outcome) -> Outcome:
    """Of one that the scheme does not score: none."""
    none = dict.fromkeys((*outcome.values, *outcome.open_outcomes))
    return replace(
        outcome,
        values=none,
        open_outcomes=(),
        possible=(None,),
        undecided=(),
        rule=None,
        rules=(),
        cite=None,
        applies=False,
        gap=False,
        steps=(),
        facts={},
    )


def _perhaps(outcome: Outcome, doubts: list[Unknown]) -> Outcome:
    """Of one of which it is open whether the scheme scores it: what it would be, or none."""
    would_be = outcome.possible or (() if outcome.open else (outcome.values[outcome.primary],))
    return replace(
        outcome,
        values={},
        open_outcomes=(*outcome.values, *outcome.open_outcomes),
        possible=tuple(dict.fromkeys((*would_be, None))) if would_be else (),
        undecided=tuple(sorted({*outcome.undecided, *(need for doubt in doubts for need in doubt.needs)})),
        rule=None,
        applies=None,
    )


def _said_of_equals(gradings: list[Grading]) -> list[Grading]:
    """Where two are shown with one total and rank apart, both say so."""
    by_total: dict[object, list[Grading]] = {}
    for grading in gradings:
        if grading.total is not None and grading.rank is not None:
            by_total.setdefault(grading.total, []).append(grading)
    apart = {id(one): group for group in by_total.values() if len({one.rank for one in group}) > 1 for one in group}
    return [
        replace(grading, notes=(*grading.notes, _equals(grading, apart[id(grading)]))) if id(grading) in apart else grading
        for grading in gradings
    ]


def _equals(grading: Grading, group: list[Grading]) -> Words:
    others = [one.subject for one in group if one.rank != grading.rank]
    return Words(
        f"shown with {grading.total} as {', '.join(others)} are, and ranked apart: the rank goes by more than the total shown",
        f"与 {'、'.join(others)} 同样显示为 {grading.total} 分而名次不同：排名依据的不只是显示的分数",
    )


def _grading(
    assessment: Assessment,
    scope: SubjectScope | RecordScope,
    outcome: Outcome,
    total: Span | None,
    standing: Standing | None,
    notes: list[Words],
) -> Grading:
    rank = standing.rank if standing is not None else None
    low, high = ends(rank) if rank is not None else (None, None)
    needs = {*outcome.undecided, *(need for step in outcome.steps for need in step.needs)}
    remarks = assessment.register.remarks_for(scope.scored if isinstance(scope.scored, str) else "")
    outcome = replace(
        outcome,
        undecided=scope.of_its_own(outcome.undecided),
        steps=tuple(replace(step, needs=scope.of_its_own(step.needs)) for step in outcome.steps),
    )
    return Grading(
        subject=scope.id,
        grade=outcome.value(outcome.primary),
        total=total.point if total is not None else None,
        low=total.low if total is not None else None,
        high=total.high if total is not None else None,
        rank=rank if isinstance(rank, int) and standing is not None and standing.doubt is None else None,
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
        notes=tuple(dict.fromkeys((*notes, *outcome.notes, *scope.notes, *faults_among(assessment, needs), *remarks))),
    )


def about_subjects(assessment: Assessment, decision: str, table: str, kind: str | None, given: Period) -> list[Grading]:
    """A decision about the subjects of a table themselves, in a period of its own kind."""
    period = given if kind is None else of_kind(given, kind, decision)
    gradings = []
    for id in assessment.register.ids(table):
        if assessment.register.served(table, id, period) is not None:
            scope = assessment.subject(table, id, period)
            outcome, told = _decided(assessment, decision, scope)
            gradings.append(_grading(assessment, scope, outcome, None, None, told))
    return gradings


def about_rows(assessment: Assessment, decision: str, table: str, period: Period) -> list[Grading]:
    """A decision about the rows of any table that lie in a period; of one whose rows have no day, and of all time, about all."""
    gradings = []
    lost = assessment.register.lost_in(table, period)
    listed = ", ".join(map(str, lost))
    said = (
        [
            Words(
                f"rows {listed} of {table} have no day and lie in no period",
                f"{assessment.contents.rows_in_chinese(table, listed)}没有日期，不在任何期间",
            )
        ]
        if lost
        else []
    )
    for row in assessment.register.rows_in(table, period):
        scope = assessment.scope(row, period)
        outcome, told = _decided(assessment, decision, scope)
        gradings.append(_grading(assessment, scope, outcome, None, None, [*told, *said]))
    return gradings
