"""What is scored and graded in a period, in the order of what depends on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from govservice.assessment.periods import DAY, Period, around, named, of_kind, recurs
from govservice.errors import DecisionError, Words
from govservice.records.vocabulary import tables_of
from govservice.rules.book.contents import Contents
from govservice.rules.book.dependencies import Place

__all__ = ["PlanStep", "graded_decisions", "periods_in", "plan"]


class PlanStep(NamedTuple):
    """One scheme ("schemes") or decision ("decisions") of the book in one period."""

    section: str
    id: str
    period: Period


def plan(
    contents: Contents,
    period: Period,
    *,
    schemes: Iterable[str] | None = None,
    decisions: Iterable[str] | None = None,
    begun_by: date | None = None,
) -> tuple[PlanStep, ...]:
    """Every scheme for each period of its kind that lies in the one given, and every graded decision; what others build on comes first.

    `schemes` and `decisions` name those that are wanted (default: all; of decisions those of `graded_decisions`). A period that begins
    after `begun_by` is left out. Raises DecisionError where a period has no end, or where one that is named has none in it.

    >>> from govservice import load_rulebook
    >>> from govservice.assessment.periods import read_period
    >>> steps = plan(load_rulebook("kunshan").contents, read_period("2026-B1"), schemes=["window_month"], decisions=[])
    >>> [(step.id, str(step.period)) for step in steps]
    [('window_month', '2026-01'), ('window_month', '2026-02')]
    """
    if period.kind == "ever":
        raise DecisionError(Words("a round needs a period with an end", "考核要有起止的期间"), hint=_WRITE)
    asked = {("schemes", id) for id in (contents.schemes if schemes is None else schemes)}
    asked |= {("decisions", id) for id in (graded_decisions(contents) if decisions is None else decisions)}
    steps = []
    for section, id in _in_order(contents, asked):
        kind = _kind(contents, section, id)
        found = [period] if kind is None else list(periods_in(period, kind))
        if not found and (schemes if section == "schemes" else decisions) is not None and kind is not None:
            of_kind(period, kind, id)  # which says why
        steps += [PlanStep(section, id, one) for one in found if begun_by is None or one.first <= begun_by]
    return tuple(steps)


_WRITE = Words('such as "2026" or "2026-10"', "例如 2026、2026-10")


def graded_decisions(contents: Contents) -> tuple[str, ...]:
    """The decisions that a round works out: those about a scheme, about its subjects, or about a table that the main job does not read.

    >>> from govservice import load_rulebook
    >>> "staff_grade" in graded_decisions(load_rulebook("kunshan").contents)
    True
    """
    run = {names.table for names in tables_of(contents).values()}
    return tuple(id for id, decision in contents.decisions.items() if decision.about not in run)


def periods_in(given: Period, kind: str) -> Iterator[Period]:
    """The periods of a kind that lie in another, in order; of one that looks back, or runs ever on, the one that ends with it.

    >>> from govservice.assessment.periods import read_period
    >>> [str(one) for one in periods_in(read_period("2026-H1"), "quarter")], list(periods_in(read_period("2026-10"), "year"))
    (['2026-Q1', '2026-Q2'], [])
    """
    if not recurs(kind):
        yield around(given.last, kind)
        return
    anchored = " from " in kind
    if anchored and named(given, kind) != given:  # the months that it has go by their own names
        given = named(given, kind)
    period = around(given.first, kind)
    while period.first <= given.last:
        if period.last <= given.last and (anchored or period.first >= given.first):
            yield period
        period = around(period.last + DAY, kind)


def _kind(contents: Contents, section: str, id: str) -> str | None:
    """The kind of period that an entry goes by; None where it takes any."""
    if section == "schemes":
        return contents.schemes[id].period
    decision = contents.decisions[id]
    return contents.schemes[decision.about].period if decision.about in contents.schemes else decision.period


def _in_order(contents: Contents, asked: set[Place]) -> Iterator[Place]:
    """The entries asked for, each after those that it builds on; else as they stand in the book."""
    used = contents.used
    done: set[Place] = set()

    def after(place: Place) -> Iterator[Place]:
        if place not in done:
            done.add(place)
            for below in used.get(place, ()):
                yield from after(below)
            if place in asked:
                yield place

    for place in (*(("schemes", id) for id in contents.schemes), *(("decisions", id) for id in contents.decisions)):
        if place in asked:
            yield from after(place)
