"""Facts of a subject, as a decision reads them: values near what its conditions turn on, some of them missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.limits import TimeLimit
from govservice.nothing import NONE
from govservice.rules.language.values import Type, Value, reported
from govservice.rules.rulebook import AnyBook, book_of
from govservice.strategies.days import CLOCK_EDGES, days
from govservice.strategies.histories import usual_limits
from govservice.strategies.reading_rules import read_by

__all__ = ["Drawer", "check_missing", "facts_for"]

SMALL, LARGE = 20, 1_000
STEPS = (Decimal("-1"), Decimal("-0.01"), Decimal(0), Decimal("0.01"), Decimal(1))
TEXTS = st.text("甲乙丙丁戊己庚辛壬癸", min_size=1, max_size=4)
AWAY = 40  # days between the dates of one subject, so that one before another is as usual as after


def facts_for(book: AnyBook, decision: str, *, missing: float = 0.2) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings of the facts that a decision of a book reads, those read by the decisions it uses too.

    Choices are values of the choice; numbers lie at, just beside and away from what the conditions (and settings that are given)
    compare them with; texts are those that the conditions name, and others; the dates of one mapping lie near one another. Each fact
    is left out, which is unknown, with the probability `missing`: 0 gives all, 1 none; one whose column names words for it may be NONE.
    Outcomes are left to their decisions; records that are counted, and settings, are no facts. A decision that reads none gives empty
    mappings.
    InvalidArgument for a decision that the book does not have, or a probability outside 0 to 1.

    >>> from hypothesis import find
    >>> from govservice import load_rulebook
    >>> book = load_rulebook("kunshan")
    >>> list(find(facts_for(book, "leave_approval"), lambda facts: facts.get("leave_days", 0) > 1))  # all that it reads
    ['leave_days']
    >>> facts_for(book, "case_typ")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    hypothesis.errors.InvalidArgument: kunshan has no decision 'case_typ'; it has: materials_complete, ...
    """
    check_missing(missing)
    book = book_of(book)
    if decision not in book.contents.decisions:
        raise InvalidArgument(f"{book.id} has no decision {decision!r}; it has: {', '.join(book.contents.decisions)}")
    reading = read_by(book.contents, [decision])

    @st.composite
    def facts(draw: st.DrawFn) -> dict[str, Any]:
        drawer = Drawer(draw, missing)
        return {name: drawer.value(kind, reading.near.get(name, ())) for name, kind in reading.facts.items() if drawer.is_given()}

    return facts()


def check_missing(missing: float) -> None:
    """Refuses what is no probability."""
    if isinstance(missing, bool) or not isinstance(missing, int | float) or not 0 <= missing <= 1:
        raise InvalidArgument(f"missing={missing!r} is not a probability from 0 to 1")


@dataclass(slots=True)
class Drawer:
    """Draws the values of one subject: its dates lie about one day."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    missing: float
    _about: date | None = None

    def is_given(self) -> bool:
        """Is a fact given this time? The simplest subject is one of whom nothing is known."""
        return self.missing < 1 and (self.missing == 0 or self.draw(st.integers(0, 99)) >= 100 * self.missing)

    def about(self) -> date:
        """The day that the subject's dates lie about."""
        if self._about is None:
            self._about = self.draw(days(max_date=date(2030, 12, 31) - timedelta(days=2 * AWAY)))
        return self._about

    def value(self, kind: Type, near: Iterable[Value] = ()) -> Any:
        """A value of a type, often one of those it is compared with or one beside it; at times NONE, where the column has words for it."""
        if kind.none and self.draw(st.integers(0, 9)) == 9:
            return NONE
        match kind.kind:
            case "boolean":
                return self.draw(st.booleans())
            case "choice":
                return self.draw(st.sampled_from([choice.name for choice in kind.choices]))
            case "integer" | "decimal":
                return self.draw(_numbers(near, kind))
            case "date":
                return self.about() + timedelta(days=self.draw(st.integers(0, AWAY)))
            case "moment":
                day = self.about() + timedelta(days=self.draw(st.integers(0, AWAY)))
                return datetime.combine(day, self.draw(st.sampled_from(CLOCK_EDGES) | st.times()))
            case "limit":
                return self.draw(_among(near, TimeLimit, usual_limits()))
            case "list":
                return self.draw(st.lists(_among(near, str, TEXTS), max_size=4))
            case _:
                return self.draw(_among(near, str, TEXTS))


def _among(near: Iterable[Value], wanted: type, others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The values of the wanted type that a condition names, and others."""
    named = sorted((value for value in near if isinstance(value, wanted)), key=str)
    return st.sampled_from(named) | others if named else others


def _numbers(near: Iterable[Value], kind: Type) -> st.SearchStrategy[int | Decimal]:
    """Numbers at and beside the thresholds and the column's bounds, and small ones; none below 0 unless one of these is."""
    bounds = [bound for bound in (kind.low, kind.high) if bound is not None]
    numbers = _unbounded([*near, *bounds], whole=kind.kind == "integer")
    return numbers.map(lambda number: _within(number, kind)) if bounds else numbers


def _within(number: int | Decimal, kind: Type) -> int | Decimal:
    """The number, or the bound that it lies beyond."""
    bound = kind.low if kind.low is not None and number < kind.low else kind.high if kind.high is not None and number > kind.high else None
    return number if bound is None else bound if isinstance(bound, int) else Decimal(str(reported(bound)))


def _unbounded(near: Iterable[Value], *, whole: bool) -> st.SearchStrategy[int | Decimal]:
    thresholds = {Decimal(str(reported(value))) for value in near if isinstance(value, int | Fraction) and not isinstance(value, bool)}
    floor = min((*thresholds, Decimal(0)))
    beside = sorted({point for threshold in thresholds for step in STEPS if (point := threshold + step) >= floor})
    if whole:
        at = [int(point) for point in beside if point == int(point)]
        return st.integers(0, SMALL) | st.sampled_from(at) if at else st.integers(0, SMALL)
    highest = max((2 * abs(threshold) for threshold in thresholds), default=Decimal(LARGE))
    others = st.integers(0, SMALL).map(Decimal) | st.decimals(0, max(highest, Decimal(LARGE)), places=2)
    return st.sampled_from(beside) | others if beside else others
