"""Who stands before whom: several keys, groups, four readings of a tie, and ranks that are not settled while marks are outstanding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from govservice.errors import ConventionError, Words
from govservice.rules.evaluation import evaluate, holds
from govservice.rules.expressions.values import NONE, Interval, Nothing, Unknown, Value
from govservice.rules.intervals import Bounded, compare, needs_of

if TYPE_CHECKING:
    from govservice.rules.entries import Scheme
    from govservice.scoring.assessing import Assessment
    from govservice.scoring.periods import Period
    from govservice.scoring.pricing import Score

__all__ = ["Standing", "ranks"]

TIE = "ties"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one stands: `rank` (between two while not settled, None where not ranked), among how many, tied with whom."""

    rank: int | Interval | None
    ranked: int
    tied: tuple[str, ...] = ()


def ranks(assessment: Assessment, scheme: str, period: Period) -> dict[str, Standing]:
    """The standing of every subject a scheme scores, each group for itself; the rank is put in sight of decisions about the scheme.

    Only the eligible are ranked; one whose eligibility is open takes part in what others may come to. Raises ConventionError where two
    tie and the book does not say how ties are read.
    """
    shape = assessment.contents.schemes[scheme]
    scores = [assessment.score(scheme, id, period) for id, _ in assessment.subjects(scheme, period)]
    groups: dict[object, list[Score]] = {}
    for score in scores:
        groups.setdefault(_group(shape, score), []).append(score)
    found: dict[str, Standing] = {}
    for group in groups.values():
        found |= _group_standings(assessment, shape, group)
    return found


def _group(shape: Scheme, score: Score) -> object:
    if shape.rank is None or shape.rank.within is None:
        return None
    from govservice.rules.expressions.shapes import Name

    column = score.scope.contents.column(shape.scores, shape.rank.within)
    if column is None:
        return None
    value = score.scope.value(Name(column.id, column.type, "column"))
    return None if isinstance(value, (Unknown, Nothing)) else value


def _group_standings(assessment: Assessment, shape: Scheme, group: list[Score]) -> dict[str, Standing]:
    taking_part = [one for one in group if one.eligible is not False and _ranked_when(shape, one)]
    keys = {one.subject: _keys(shape, one) for one in taking_part}
    sure = [one for one in taking_part if one.eligible]
    found: dict[str, Standing] = {}
    for score in group:
        if score.subject not in keys:
            found[score.subject] = Standing(None, len(sure))
            score.scope.extra |= {"rank": NONE, "ranked": len(sure)}
            continue
        standing = _standing(assessment, shape, score, taking_part, keys, len(sure))
        found[score.subject] = standing
        rank: Value = NONE if standing.rank is None else standing.rank
        score.scope.extra |= {"rank": rank if score.eligible else Unknown(frozenset({"eligible"})), "ranked": len(sure)}
    return found


def _ranked_when(shape: Scheme, score: Score) -> bool:
    return shape.rank is None or shape.rank.when is None or holds(evaluate(shape.rank.when, score.scope)) is True


def _keys(shape: Scheme, score: Score) -> tuple[Value, ...]:
    by = shape.rank.by if shape.rank is not None else ()
    return tuple(evaluate(one, score.scope) for one in by) or (score.scope.extra.get("total", NONE),)


def _standing(
    assessment: Assessment, shape: Scheme, score: Score, others: list[Score], keys: dict[str, tuple[Value, ...]], ranked: int
) -> Standing:
    """Best rank: those certainly before it; worst: those that may be before it, or level with it."""
    before = maybe = 0
    level: list[str] = []
    levels: set[Any] = set()
    needs: set[str] = set()
    for other in others:
        if other is score:
            continue
        answer = _before(keys[other.subject], keys[score.subject])
        if answer is None:
            level.append(other.subject)
        elif isinstance(answer, Unknown) or (answer and not other.eligible):
            maybe += 1
            needs |= answer.needs if isinstance(answer, Unknown) else {"eligible"}
        elif answer:
            before += 1
            levels.add(keys[other.subject])
    ties = _ties(assessment, shape) if level else "best"
    if ties == "dense" and not maybe:
        return Standing(len(levels) + 1, ranked, tuple(level))
    best, worst = before + 1, before + maybe + 1
    if ties == "worst":
        best, worst = best + len(level), worst + len(level)
    elif ties == "report" and level:
        worst += len(level)
        needs.add(TIE)
    if ties == "dense":
        best = len(levels) + 1
    return Standing(best if best == worst else Interval(best, worst, frozenset(needs)), ranked, tuple(level))


def _ties(assessment: Assessment, shape: Scheme) -> str:
    stated = (shape.rank.ties if shape.rank is not None else None) or {**assessment.contents.conventions, **shape.conventions}.get("ties")
    if stated is None:
        raise ConventionError(
            Words(
                f"two subjects of {shape.id} tie, and the book does not say how ties are read",
                f"{shape.id} 有并列，而规则册没有写明如何排名",
            ),
            hint=Words("conventions: {ties: best}", "在 conventions 里写明 ties"),
            id="conventions.ties",
        )
    return stated


def _before(one: tuple[Value, ...], other: tuple[Value, ...]) -> bool | Unknown | None:
    """Whether one stands before another, key by key, the greater first; None where they are level."""
    for a, b in zip(one, other, strict=True):
        if isinstance(a, (Unknown, Nothing)) or isinstance(b, (Unknown, Nothing)):
            needs = frozenset().union(*(key.needs for key in (a, b) if isinstance(key, Unknown)))
            if isinstance(a, Nothing) and isinstance(b, Nothing):
                continue
            if isinstance(a, Nothing) or isinstance(b, Nothing):
                return isinstance(b, Nothing)  # none stands behind everyone
            return Unknown(needs)
        if not isinstance(a, (int, Fraction, Interval)):
            if a == b:
                continue
            return bool(cast("Any", a) > cast("Any", b))
        greater, equal = compare(">", a, cast("Bounded", b)), compare("==", a, cast("Bounded", b))
        if greater is True:
            return True
        if equal is True:
            continue
        if greater is False and equal is False:
            return False
        return Unknown(needs_of(a, cast("Bounded", b)))
    return None
