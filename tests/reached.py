"""Which entries of the shipped books the cases in `cases/` reach: what a case asks for and says,
not what is worked out on the way.

An entry is (section, name): `clocks`, `notices`, `measures`, `schemes` and `decisions` by id, a rule as `decision/rule`, a scored item as
`scheme/item`, a kind of event by id, and `hours`. A case is named as its file, below `cases/` and without its ending, and its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from govservice.deadlines import case_outcomes
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.rulebook import Rulebook, load_rulebook

from . import test_cases as decided
from . import test_clock_cases as timed
from . import test_paper_cases as printed
from . import test_scoring_cases as scored

BOOKS = decided.BOOKS
SECTIONS = ("decisions", "clocks", "notices", "measures", "schemes", "events")

Entry = tuple[str, str]
Named = tuple[str, str]


def own_entries(id: str) -> Iterator[Entry]:
    """Every entry that a shipped book adds to what it extends, or says anew."""
    held, base = load_rulebook(id).contents, decided.below(id).contents
    for section in SECTIONS:
        for name, one in getattr(held, section).items():
            if one != getattr(base, section).get(name):
                yield section, name
                if section == "decisions":
                    yield from (("rules", f"{name}/{rule.id}") for rule in one.rules)
                if section == "schemes":
                    items = [item for part in one.parts.values() for item in part.items]
                    yield from (("items", f"{name}/{item.id}") for item in (*items, *one.adjust))
    if held.hours is not None and held.hours != base.hours:
        yield "hours", "hours"


def of_outcome(name: str, outcome: Outcome) -> set[Entry]:
    return {("decisions", name), *(("rules", f"{name}/{step.id}") for step in outcome.steps if step.held)}


def of_events(book: Rulebook, records: Mapping[str, Any]) -> set[Entry]:
    """The kinds of the events in a case's records."""
    ids = {one.label: id for id, one in book.contents.events.items()} | {id: id for id in book.contents.events}
    written = [row.get("kind", row.get("事件种类")) for row in records.get("events", ())]
    return {("events", ids[one]) for one in written if one in ids}


def of_decided(case: decided.Case) -> set[Entry]:
    kind = {"事件种类", "kind"} & case.facts.keys()
    events = of_events(decided.book_with(case.book, ()), {"events": [case.facts]} if kind else case.records or {})
    if "conflict" in case.expect:
        return events | {("decisions", case.decision), *(("rules", f"{case.decision}/{rule}") for rule in case.expect["conflict"])}
    return events | of_outcome(case.decision, decided.decided(case))


def of_timed(case: timed.Case) -> set[Entry]:
    book = timed.book_of(case)
    outcomes = case_outcomes(case.facts, book, **timed.asked(case))
    found: set[Entry] = set()
    for name in case.expect:
        kind, id = timed.named(book, name)
        found |= {("clocks", id)} if kind == "clock" else of_outcome(id, outcomes[id])
    return found


def of_scored(case: scored.Case) -> set[Entry]:
    found = of_events(case.book, case.given["records"])
    if case.asks == "scheme":
        said = {line["item"] for line in case.expect.get("lines", ())}
        return found | {("schemes", case.what), *(("items", f"{case.what}/{item}") for item in said)}
    if case.asks == "decision":
        held = {one.rule for one in scored.graded(case) if one.subject in case.expect}
        about = case.book.decisions[case.what].about
        of_scheme: set[Entry] = {("schemes", about)} if about in case.book.contents.schemes else set()
        return found | of_scheme | {("decisions", case.what), *(("rules", f"{case.what}/{rule}") for rule in held)}
    return found | {(f"{case.asks}s", case.what)}


@cache
def reached() -> dict[tuple[str, Named], frozenset[Entry]]:
    """Of every case, by its book and its name, what it reaches."""
    found: dict[tuple[str, Named], set[Entry]] = {}
    for one in decided.CASES:
        found.setdefault((one.book, (one.file, one.name)), set()).update(of_decided(one))
    for clock in timed.CASES:
        if clock.book in BOOKS:
            found.setdefault((clock.book, (f"clocks/{clock.file}", clock.name)), set()).update(of_timed(clock))
    for card in scored.CASES:
        found.setdefault((card.given["book"], (f"scoring/{card.file}", card.name)), set()).update(of_scored(card))
    for paper in printed.CASES:
        kind = {("notices", paper.given["kind"])}
        found.setdefault((paper.given["book"], (f"papers/{paper.file}", paper.name)), set()).update(
            kind if "owed" not in paper.expect else ()
        )
    return {case: frozenset(entries) for case, entries in found.items()}


@cache
def reached_in(id: str) -> frozenset[Entry]:
    """What the cases of a book reach."""
    return frozenset(entry for (book, _), entries in reached().items() if book == id for entry in entries)
