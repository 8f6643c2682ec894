"""What was one period earlier: `previous(..)`, over however many periods that build on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govservice.errors import DecisionError, Words
from govservice.rules.expressions.shapes import Name
from govservice.rules.expressions.values import ANY, NONE, Value
from govservice.rules.names import SCORED_FACTS
from govservice.scoring.periods import MONTHS, Period, around

if TYPE_CHECKING:
    from govservice.scoring.assessing import Assessment
    from govservice.scoring.scopes import SubjectScope

__all__ = ["previous"]


def previous(assessment: Assessment, what: str, scope: SubjectScope) -> Value:
    """`previous(scheme)` is its total, `previous(outcome)` the outcome about it; none where nothing was scored so early."""
    scheme = _scheme_of(assessment, what, scope)
    shape = assessment.contents.schemes[scheme]
    if shape.scores != scope.scored:
        raise DecisionError(
            Words(
                f"previous({what}) is of a {shape.scores}, not of a {scope.scored}",
                f"previous({what}) 说的是 {shape.scores}，不是 {scope.scored}",
            ),
            id=what,
        )
    period = scope.period
    if shape.period in MONTHS and period.kind != "span":
        period = around(period.first, shape.period) if period.kind != "ever" else period
    if period.kind == "ever":
        return NONE
    waiting: list[Period] = []
    before = period.before()
    while _was_scored(assessment, scheme, scope.id, before):
        waiting.append(before)
        if scheme not in assessment.looking_back or assessment.is_worked_out(scheme, scope.id, before):
            break
        before = before.before()
    value: Value = NONE
    for one in reversed(waiting):  # the oldest first: however many build on each other, none waits for more than one
        value = _earlier(assessment, scheme, what, scope.id, one)
    return value


def _earlier(assessment: Assessment, scheme: str, what: str, id: str, period: Period) -> Value:
    score = assessment.score(scheme, id, period)
    if not score.applies:
        return NONE
    if what == scheme or what in SCORED_FACTS:
        name = "total" if what == scheme else what
        return score.scope.value(Name(name, SCORED_FACTS[name], "scheme"))
    return score.scope.value(Name(what, ANY, "outcome", assessment.contents.granting[scheme][what]))


def _scheme_of(assessment: Assessment, what: str, scope: SubjectScope) -> str:
    if what in assessment.contents.schemes:
        return what
    granting = [one for one in assessment.contents.schemes if what in assessment.contents.granting.get(one, {})]
    if scope.table in assessment.contents.schemes and (what in SCORED_FACTS or scope.table in granting):
        return scope.table
    if granting:
        return granting[0]
    raise DecisionError(Words(f"previous({what}) names no scheme or outcome of one", f"previous({what}) 不是计分方案或其结果"), id=what)


def _was_scored(assessment: Assessment, scheme: str, id: str, period: Period) -> bool:
    """Whether there is a score of a period: one was supplied, or records reach back to it and the subject served."""
    if assessment.supplied(scheme, id, period) is not None:
        return True
    earliest = assessment.ledger.earliest()
    return earliest is not None and period.last >= earliest and assessment.serves(scheme, id, period) is not False
