"""What was one period earlier: `previous(..)`, over however many periods that build on each other."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from govservice.assessment.periods import Period, around, recurs
from govservice.assessment.register import LedgerRow, Register
from govservice.assessment.scopes import SubjectScope
from govservice.assessment.score import Score
from govservice.errors import DecisionError, Words
from govservice.rules.book.contents import Contents
from govservice.rules.book.sight import SCORED_FACTS
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import ANY, NONE, Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import behind

__all__ = ["Scores", "previous"]


class Scores(Protocol):
    """What looking back asks of an assessment."""

    @property
    def contents(self) -> Contents: ...
    @property
    def register(self) -> Register: ...
    @property
    def looking_back(self) -> frozenset[str]:
        """The schemes of which something asks for what was one period earlier."""
        ...

    def score(self, scheme: str, id: str, period: Period) -> Score: ...
    def subject(self, table: str, id: str, period: Period, *, about: str | None = None) -> SubjectScope: ...
    def is_worked_out(self, scheme: str, id: str, period: Period) -> bool: ...
    def supplied(self, scheme: str, id: str, period: Period) -> LedgerRow | None: ...
    def serves(self, scheme: str, id: str, period: Period) -> bool | Unknown: ...


def previous(scores: Scores, what: str, scope: SubjectScope) -> Value:
    """`previous(scheme)` is its total, `previous(outcome)` the outcome about it; none where nothing was scored so early."""
    scheme = _scheme_of(scores.contents, what, scope)
    shape = scores.contents.schemes[scheme]
    if shape.scores != scope.scored:
        raise DecisionError(
            Words(
                f"previous({what}) is of a {shape.scores}, not of a {scope.scored}",
                f"previous({what}) 说的是 {shape.scores}，不是 {scope.scored}",
            ),
            id=what,
        )
    period = scope.period
    if recurs(shape.period) and period.kind != "span":
        period = around(period.first, shape.period) if period.kind != "ever" else period
    if period.kind == "ever":
        return NONE
    waiting: list[tuple[Period, bool | Unknown]] = []
    before = period.before()
    while (scored := _was_scored(scores, scheme, scope.id, before)) is not False:
        waiting.append((before, scored))
        if scheme not in scores.looking_back or scores.is_worked_out(scheme, scope.id, before):
            break
        before = before.before()
    if not waiting:
        return NONE
    for earlier, _ in reversed(waiting[1:]):  # the oldest first: however many build on each other, none waits for more than one
        with suppress(DecisionError):  # raised where it is read
            _earlier(scores, scheme, what, scope.id, earlier)
    earlier, scored = waiting[0]
    if not isinstance(scored, Unknown):
        return _earlier(scores, scheme, what, scope.id, earlier)
    try:
        value = _earlier(scores, scheme, what, scope.id, earlier)
    except DecisionError as error:
        return behind(error, scored)
    return value if isinstance(value, Nothing) else scored | value if isinstance(value, Unknown) else scored


def _earlier(scores: Scores, scheme: str, what: str, id: str, period: Period) -> Value:
    score = scores.score(scheme, id, period)
    if score.applies is False:
        return NONE
    if what == scheme or what in SCORED_FACTS:
        name = "total" if what == scheme else what
        return score.scope.value(Name(name, SCORED_FACTS[name], "scheme"))
    value = score.scope.value(Name(what, ANY, "outcome", scores.contents.granting[scheme][what]))
    return score.applies if isinstance(score.applies, Unknown) and not isinstance(value, Unknown) else value


def _scheme_of(contents: Contents, what: str, scope: SubjectScope) -> str:
    if what in contents.schemes:
        return what
    granting = [scheme for scheme in contents.schemes if what in contents.granting.get(scheme, {})]
    if scope.table in contents.schemes and (what in SCORED_FACTS or scope.table in granting):
        return scope.table
    if granting:
        return granting[0]
    raise DecisionError(Words(f"previous({what}) names no scheme or outcome of one", f"previous({what}) 不是计分方案或其结果"), id=what)


def _was_scored(scores: Scores, scheme: str, id: str, period: Period) -> bool | Unknown:
    """Whether there is a score of a period: one was supplied, or records reach back to it and the subject served."""
    if scores.supplied(scheme, id, period) is not None:
        return True
    earliest = scores.register.first_day
    return scores.serves(scheme, id, period) if earliest is not None and period.last >= earliest else False
