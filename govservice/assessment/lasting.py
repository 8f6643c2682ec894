"""How long something has held: `streak(x)`, counted back from the period asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Final

from govservice.assessment.periods import Period, around, recurs
from govservice.assessment.previous_period import Scores
from govservice.assessment.scopes import SubjectScope
from govservice.errors import DecisionError, Words
from govservice.rules.language.intervals import narrowed
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Expression, Name, Streak, walk
from govservice.rules.language.values import Unknown, Value
from govservice.rules.meaning.evaluation import behind, evaluate, holds, in_doubt

__all__ = ["lasted"]

MOST: Final = 600  # periods looked at; of more it is known only that there are as many


def lasted(scores: Scores, of: Streak, scope: SubjectScope) -> Value:
    """How many periods in a row, this one last, a condition held: between two numbers while it is open in some.

    It ends at the first period in which the condition does not hold, that was not served, or that lies before the earliest record.
    """
    if scope.period.kind == "ever":
        raise DecisionError(
            Words(f"{written(of)} counts periods, and all time is one", f"{written(of)} 数的是期间，而全部时间只有一个"),
            hint=Words("say period: month, quarter, year", "写上 period: month、quarter、year"),
            id=scope.table,
        )
    sure = many = 0
    needs: set[str] = set()
    for asked in _asked(scores, of.of, scope):
        answer = _answer(asked, Unknown(frozenset(needs)) if needs else None)
        if answer is False or many == MOST:
            break
        many += 1
        if isinstance(answer, Unknown):
            needs |= answer.needs
        sure += not needs and not isinstance(answer, Unknown)
        if isinstance(answer, Unknown) and not answer.needs:
            needs.add(written(of.of))
    return narrowed(sure, many, frozenset(needs))


def _answer(asked: Callable[[], bool | Unknown], doubt: Unknown | None) -> bool | Unknown:
    """Whether it held in one period; `doubt` is what a later one waits for, so that this one may not matter."""
    try:
        return asked()
    except DecisionError as error:
        return behind(error, doubt)


def _asked(scores: Scores, of: Expression, scope: SubjectScope) -> Iterator[Callable[[], bool | Unknown]]:
    """Whether it held, from this period back; each to be asked for."""
    yield lambda: holds(evaluate(of, scope))
    scheme = scope.table if scope.table in scores.contents.schemes else None
    period = scope.period
    kind = scores.contents.schemes[scheme].period if scheme is not None else period.kind
    if recurs(kind) and period.kind != "span":
        period = around(period.first, kind)
    of_scores = scheme is not None and any(_of_a_score(part) for part in walk(of))
    if scheme is not None and of_scores and scheme in scores.looking_back:
        _work_out(scores, scheme, scope, period)
    for before in _earlier(scores, scope, scheme, period):
        yield partial(_held_in, scores, of, scope, scheme, before, of_scores=of_scores)


def _earlier(scores: Scores, scope: SubjectScope, scheme: str | None, period: Period) -> Iterator[Period]:
    """The periods before one, back to the earliest record; where none is dated, to the first day of which something is said."""
    earliest = scores.register.earliest(scope.scored, scope.id, scheme)
    for _ in range(MOST):
        if earliest is None or period.first <= earliest:
            return
        period = period.before()
        yield period


def _of_a_score(part: Expression) -> bool:
    """Whether it is worked out with a score: its total, parts and rank, or what is decided about it."""
    return isinstance(part, Name) and (part.home == "scheme" or part.granted_by is not None)


def _work_out(scores: Scores, scheme: str, scope: SubjectScope, period: Period) -> None:
    """Scores that build on each other, the oldest first: then none waits for more than one."""
    waiting, id = [], scope.id
    for before in _earlier(scores, scope, scheme, period):
        if scores.is_worked_out(scheme, id, before):
            break
        waiting.append(before)
    for before in reversed(waiting):
        with suppress(DecisionError):  # raised where it is read
            if scores.serves(scheme, id, before) is not False:
                scores.score(scheme, id, before)


def _held_in(scores: Scores, of: Expression, scope: SubjectScope, scheme: str | None, period: Period, *, of_scores: bool) -> bool | Unknown:
    served: bool | Unknown
    if scheme is None or not of_scores:
        served = (
            scores.serves(scheme, scope.id, period)
            if scheme is not None
            else scores.register.served(scope.scored, scope.id, period) is not None
        )
        if served is False:
            return False
        answer = holds(in_doubt(of, scores.subject(scope.scored, scope.id, period, about=scheme), _open(served)))
    else:
        served = True if scores.supplied(scheme, scope.id, period) is not None else scores.serves(scheme, scope.id, period)
        if served is False:
            return False
        score = scores.score(scheme, scope.id, period)
        if score.applies is False:
            return False
        served = score.applies if served is True else served
        answer = holds(in_doubt(of, score.scope, _open(served)))
    if answer is False or served is True:
        return answer
    return served | answer if isinstance(answer, Unknown) and isinstance(served, Unknown) else served


def _open(served: bool | Unknown) -> Unknown | None:
    return served if isinstance(served, Unknown) else None
