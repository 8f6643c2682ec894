"""Rounding: the four ways, and what must be said where it would change what follows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from govservice.errors import GovServiceError, Words
from govservice.rules.language.functions import rounded
from govservice.rules.language.values import Interval, Number, Unknown, exact, reported
from govservice.rules.meaning.subjects import Subject
from govservice.rules.meaning.tables import is_open

if TYPE_CHECKING:
    from govservice.assessment.assessing import Assessment
    from govservice.assessment.score import Score

__all__ = ["MODES", "judged_otherwise", "round_by"]

MODES: Final = ("half_up", "half_even", "down", "up")


def round_by(number: Number, digits: int, mode: str) -> Number:
    """A number to so many digits: half_up (away from zero), half_even, down (towards zero) or up.

    >>> round_by(Fraction(5, 2), 0, "half_up"), round_by(Fraction(5, 2), 0, "half_even"), round_by(Fraction(-27, 10), 0, "down")
    (3, 2, -2)
    """
    if type(number) is int and digits >= 0:
        return number
    if mode == "half_up":
        return rounded(number, digits)
    scaled = Fraction(number) * 10**digits
    if mode == "half_even":
        return exact(Fraction(round(scaled), 10**digits))
    whole = abs(scaled).__floor__() if mode == "down" else abs(scaled).__ceil__()
    return exact(Fraction(whole if number >= 0 else -whole, 10**digits))


def judged_otherwise(assessment: Assessment, score: Score) -> Iterator[Words]:
    """What is judged of a total as it is, and would be otherwise as it is shown; nothing where rounding comes before what follows."""
    conventions = assessment.contents.stated_in[score.scheme.id]
    digits = conventions.get("rounding.digits")
    if digits is None or conventions.get("rounding.at") == "each_scheme" or isinstance(score.total, (Unknown, Interval)):
        return
    shown = round_by(score.total, int(digits), conventions.get("rounding.mode", "half_up"))
    if shown == score.total or score.applies is not True:
        return
    for id, decision in assessment.contents.decisions.items():
        if decision.about != score.scheme.id:
            continue
        judged = [_judged(score, id, {"total": total}) for total in (score.total, shown)]
        if None not in judged and judged[0] != judged[1]:
            exactly, by_sight = (value for value in judged if value is not None)
            as_is = reported(score.total)
            named = assessment.contents.in_chinese(id).lstrip()
            yield Words(
                f"{id} is judged on {as_is}, shown as {reported(shown)}: it is {exactly}, and by what is shown would be {by_sight}",
                f"{named}按 {as_is} 判定，显示为 {reported(shown)}：结果是{exactly}，按显示的分数则是{by_sight}",
            )


def _judged(score: Score, decision: str, around: dict[str, Number]) -> str | None:
    """What a decision about a scheme comes to with this total, apart from ranks and what came before; None where that is not settled."""
    scope = score.scope
    alone = Subject(scope.contents, scope.table, {}, replace(scope.surroundings, ranks=None, earlier=None, lasted=None, rows=None))
    alone.put({**scope.around, **around})
    alone._facts = scope._facts
    try:
        verdict = alone.verdict(decision)
    except GovServiceError:
        return None  # told where it is decided
    value = verdict.values[verdict.decision.primary]
    return None if is_open(value) else str(reported(value))
