"""Who stands before whom: several keys, groups, four readings of a tie, and ranks that are not settled while marks are outstanding."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from govservice.rules.evaluation import evaluate, holds
from govservice.rules.expressions.shapes import Name
from govservice.rules.expressions.values import ANY, NONE, Interval, Nothing, Unknown, Value
from govservice.rules.intervals import Bounded, compare, narrowed, needs_of

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

    Only the eligible are ranked; one whose eligibility is open takes part in what others may come to. Where two tie and the book does not
    say how ties are read, the rank is all that the readings would give, and needs `conventions.ties`.
    """
    shape = assessment.contents.schemes[scheme]
    scores = [assessment.score(scheme, id, period) for id, _ in assessment.subjects(scheme, period)]
    part = {one.subject: _takes_part(assessment, shape, one) for one in scores}
    groups: dict[object, list[Score]] = {}
    doubtful: list[Score] = []
    for score in scores:
        group = _group(shape, score)
        if isinstance(group, Unknown):
            doubtful.append(score)
            part[score.subject] = group if part[score.subject] is not False else False
        else:
            groups.setdefault(group, []).append(score)
    found: dict[str, Standing] = {}
    for members in groups.values():
        found |= _group_standings(assessment, shape, members, doubtful, part)
    return found | _group_standings(assessment, shape, doubtful, scores, part)


def _takes_part(assessment: Assessment, shape: Scheme, score: Score) -> bool | Unknown:
    """Whether one is ranked: it is scored, eligible, and the scheme ranks such as it."""
    if not score.applies:
        return False
    asked: list[Value] = [
        True if score.supplied else assessment.serves(shape.id, score.subject, score.period),
        score.scope.extra["eligible"],
        True if shape.rank is None or shape.rank.when is None else holds(evaluate(shape.rank.when, score.scope)),
    ]
    if False in asked:
        return False
    open_ = [one for one in asked if isinstance(one, Unknown)]
    return Unknown(frozenset().union(*(one.needs for one in open_))) if open_ else True


def _group(shape: Scheme, score: Score) -> Value:
    """The value that groups a subject with others; none where the scheme does not group."""
    if shape.rank is None or shape.rank.within is None:
        return NONE
    name, contents = shape.rank.within, score.scope.contents
    for table in contents.chains.get(shape.id, ()):
        granting = contents.granting.get(table, {}).get(name)
        if granting is not None:
            return score.scope.value(Name(name, ANY, "outcome", granting))
    column = contents.column(shape.id, name)
    return score.scope.value(Name(column.id, column.type, "column")) if column is not None else NONE


def _group_standings(
    assessment: Assessment, shape: Scheme, group: list[Score], others: list[Score], part: dict[str, bool | Unknown]
) -> dict[str, Standing]:
    """The standings of a group; `others` may belong to it too."""
    taking_part = [one for one in {id(one): one for one in (*group, *others)}.values() if part[one.subject] is not False]
    doubtful = {one.subject for one in taking_part if part[one.subject] is not True or one not in group}
    keys = {one.subject: _keys(shape, one) for one in taking_part}
    sure = len(taking_part) - len(doubtful)
    ranked: Value = narrowed(sure, len(taking_part), frozenset({"eligible"}))
    found: dict[str, Standing] = {}
    for score in group:
        extra = score.scope.extra
        asked = part[score.subject]
        if asked is False:
            found[score.subject] = Standing(None, sure)
            extra |= {"rank": NONE, "ranked": ranked}
            continue
        standing = _standing(assessment, shape, score, taking_part, keys, doubtful, sure)
        found[score.subject] = standing
        extra |= {"rank": asked if isinstance(asked, Unknown) else cast("Value", standing.rank), "ranked": ranked}
    return found


def _keys(shape: Scheme, score: Score) -> tuple[Value, ...]:
    by = shape.rank.by if shape.rank is not None else ()
    return tuple(evaluate(one, score.scope) for one in by) or (score.scope.extra.get("total", NONE),)


def _standing(
    assessment: Assessment,
    shape: Scheme,
    score: Score,
    others: list[Score],
    keys: dict[str, tuple[Value, ...]],
    doubtful: set[str],
    ranked: int,
) -> Standing:
    """Best rank: those certainly before it; worst: those that may be before it, or level with it."""
    before: list[tuple[Value, ...]] = []  # the keys of those that are sure to stand before it
    maybe = level_maybe = 0
    level: list[str] = []
    needs: set[str] = set()
    for other in others:
        if other is score:
            continue
        answer = _before(keys[other.subject], keys[score.subject])
        if answer is None:
            level.append(other.subject)
            level_maybe += other.subject in doubtful
        elif isinstance(answer, Unknown):
            maybe += 1
            needs |= answer.needs
        elif answer and other.subject in doubtful:
            maybe += 1
            needs.add("eligible")
        elif answer:
            before.append(keys[other.subject])
    best, worst = len(before) + 1, len(before) + maybe + 1
    # one mark a level: marks that are settled are as many levels as they differ, others may all be level with one of them
    fixed = {one for one in before if not any(isinstance(key, (Interval, Unknown)) for key in one)}
    loose = len(before) - sum(one in fixed for one in before)
    least = 1 + (len(fixed) or min(loose, 1))
    ties = _ties(assessment, shape)
    match ties:
        case "dense":
            best, worst = least, 1 + len(fixed) + loose + maybe
        case "worst":
            best, worst = best + len(level) - level_maybe, worst + len(level)
        case "report" if level:
            worst += len(level)
            needs.add(TIE)
        case None if level or len(fixed) + loose < len(before):
            best, worst = least, worst + len(level)
            needs.add(f"conventions.{TIE}")
    return Standing(best if best == worst else Interval(best, worst, frozenset(needs)), ranked, tuple(level))


def _ties(assessment: Assessment, shape: Scheme) -> str | None:
    return (shape.rank.ties if shape.rank is not None else None) or {**assessment.contents.conventions, **shape.conventions}.get(TIE)


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
