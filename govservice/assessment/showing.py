"""A number of a score as it is shown: rounded as the book says; where it does not, between all roundings."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from govservice.assessment.rounding import MODES, round_by
from govservice.assessment.scorecard import Points
from govservice.errors import ConventionError
from govservice.rules.language.intervals import Bounded, ends
from govservice.rules.language.values import Interval, Number, Unknown, exact, reported

if TYPE_CHECKING:
    from govservice.assessment.score import Score
    from govservice.rules.book.conventions import Conventions

__all__ = ["Showing", "Span", "showing"]


_NUMBERS: Final = frozenset((int, Fraction))


class Span(NamedTuple):
    """A number as reported: the point where there is one, else the bounds; all None where there is no bound."""

    point: Points | None
    low: Points | None
    high: Points | None


class Showing(NamedTuple):
    """How the numbers of a score are shown; `settled` is whether its scheme surely scores the subject."""

    digits: str | None
    mode: str | None
    scheme: str
    settled: bool

    @property
    def refuses(self) -> bool:
        """Whether a number may be refused: the book says that it is rounded, and not how."""
        return self.digits is not None and self.mode is None

    def span(self, value: Bounded | Unknown, *, sure: bool = True) -> Span:
        """A number as it is shown.

        Raises ConventionError where it is settled, it is `sure` that it counts, and the book does not say how it is rounded.
        """
        if type(value) in _NUMBERS and len(shown_as := self._roundings(cast("Number", value))) == 1:
            point = cast("Points", reported(shown_as.pop()))
            return Span(point, point, point)
        shown = self.between(value, sure=sure)
        if shown is None:
            return Span(None, None, None)
        least, most = map(reported, shown)
        return Span(least if least == most else None, least, most)  # type: ignore[arg-type]

    def between(self, value: Bounded | Unknown, *, sure: bool = True) -> tuple[Number, Number] | None:
        """The exact numbers between which a number is shown; None where nothing bounds it. Raises as `span`."""
        if isinstance(value, Unknown):
            return None
        low, high = (self._roundings(end) for end in ends(value))
        if not isinstance(value, Interval) and sure and self.settled and len(low) > 1:
            raise ConventionError.unstated("rounding.mode", self.scheme)
        return min(low), max(high)

    def _roundings(self, number: Number) -> set[Number]:
        """What a number may be shown as."""
        if self.digits is None:
            return {exact(number, number)}
        return {round_by(number, int(self.digits), each) for each in ((self.mode,) if self.mode is not None else MODES)}


def showing(score: Score) -> Showing:
    """How the numbers of a score are shown."""
    conventions: Conventions = score.scope.contents.stated_in[score.scheme.id]
    return Showing(conventions.get("rounding.digits"), conventions.get("rounding.mode"), score.scheme.id, score.applies is True)
