"""Facts of a subject, as a decision reads them: values near what its conditions turn on, some of them missing."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.rules.book.entries import in_force
from govservice.rules.book.reading_rules import read_by
from govservice.rules.rulebook import AnyBook, Rulebook, book_of
from govservice.strategies.clock_cases import case_on_the_clock
from govservice.strategies.days import ready
from govservice.strategies.drawing import Drawer, check_probability
from govservice.strategies.reaching import Goal

__all__ = ["facts_for"]


def facts_for(
    book: AnyBook,
    decision: str,
    *,
    missing: float = 0.2,
    none: float | None = None,
    rule: str | None = None,
    on: date | None = None,
) -> st.SearchStrategy[dict[str, Any]]:
    """Mappings of the facts that a decision or a clock of a book reads, those read by the decisions it uses too.

    Choices are values of the choice; numbers lie at, just beside and away from what the conditions (and settings that are given)
    compare them with; texts are those that the conditions name, and others; the dates of one mapping lie near one another. Each fact
    is left out, which is unknown, with the probability `missing`: 0 gives all, 1 none. One that is given is NONE with the probability
    `none`: unless said one in ten of those whose columns have words for it. Outcomes are left to their decisions; records that are
    counted, and settings, are no facts. A decision that reads none gives empty mappings.

    For a clock they are cases as `clocks` takes them: its dates follow one another (the start, what pauses it from when until when, other
    acts, what stops it), with lists of `pauses` and `extensions` where the clock has such; the rows of a table of its own are a list too.

    With `rule`, only facts for which that rule of the decision fires (under `collect` and `any`: holds), however deep in its table; `on`
    is then the day that dated rules are held against. Where nothing drawn makes it fire (it counts records, or waits for a setting)
    hypothesis says Unsatisfiable.
    InvalidArgument for a decision or rule that the book does not have, a rule that is not in force, or a probability outside 0 to 1.

    >>> from hypothesis import find
    >>> from govservice import load_rulebook
    >>> book = load_rulebook("kunshan")
    >>> list(find(facts_for(book, "complaint_answer"), lambda facts: "complaint_form" in facts))  # all that it reads
    ['complaint_form']
    >>> facts_for(book, "case_typ")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    hypothesis.errors.InvalidArgument: kunshan has no decision 'case_typ'; it has: materials_complete, ...
    """
    check_probability("missing", missing)
    if none is not None:
        check_probability("none", none)
    book = book_of(book)
    contents = book.contents
    if decision not in contents.decisions and decision not in contents.clocks:
        raise InvalidArgument(f"{book.id} has no decision {decision!r}; it has: {', '.join((*contents.decisions, *contents.clocks))}")
    reading = read_by(contents, [decision])
    goal = None if rule is None else _goal(book, decision, rule, on)
    clock = contents.clocks.get(decision)

    @st.composite
    def facts(draw: st.DrawFn) -> dict[str, Any]:
        ready()
        drawer = Drawer(draw, missing, none)
        if clock is not None:
            return case_on_the_clock(drawer, contents, clock, reading)
        drawn = {name: drawer.value(kind, reading.near.get(name, ())) for name, kind in reading.facts.items() if drawer.is_given()}
        return drawn if goal is None else goal.reached(drawer, drawn, reading.near)

    return facts()


def _goal(book: Rulebook, decision: str, rule: str, on: date | None) -> Goal:
    """The rule that is to fire, once it is sure that there is such a rule on the day."""
    entry = book.contents.decisions.get(decision)
    if entry is None:
        raise InvalidArgument(f"{decision} is a clock: it has no rules")
    listed = {one.id: one for one in entry.rules}
    if rule not in listed:
        raise InvalidArgument(f"{decision} has no rule {rule!r}; it has: {', '.join(listed)}")
    day = book.day(on)
    if not (listed[rule].in_force(day) and in_force(entry.from_, entry.until, day, decision)):
        raise InvalidArgument(f"{decision}.{rule} is not in force on {day}")
    return Goal(book, entry, listed[rule], day)
