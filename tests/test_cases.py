"""The cases in `cases/*.yaml`: sentences that an officer can read and check, each decided under a shipped rulebook.

A file names its book, and what all its cases share (`on`, `now`, `settings`, `decision`, `facts`); a case adds or replaces, and `without`
takes facts away again. Facts are given by label or id. `expect` names outcomes with their values (or the values' labels), and may name
`rule`, `cite`, `possible` (无: no rule), `undecided` (labels or ids), `gap`, `applies`, or `conflict` with the rules that clash.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml

from govservice.errors import ConflictError
from govservice.examples import failed_examples
from govservice.rules import shipped_books
from govservice.rules.book.entries import Clock, Item, Notice, Rule
from govservice.rules.language.shapes import Aggregate
from govservice.rules.meaning.evaluation import Scope
from govservice.rules.meaning.lists import looked_into
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.meaning.subjects import Subject
from govservice.rules.rulebook import Rulebook, load_rulebook

FOLDER = Path(__file__).parent / "cases"
BOOKS = tuple(id for id in shipped_books() if id != "standard")
ABOUT_THE_OUTCOME = frozenset({"rule", "cite", "possible", "undecided", "gap", "applies", "conflict"})


@dataclass(frozen=True)
class Case:
    """One case with what its file says for all."""

    file: str
    name: str
    book: str
    decision: str
    on: date | None
    now: date | None
    settings: dict[str, str]
    facts: dict[str, Any]
    records: dict[str, list[dict[str, str]]] | None
    expect: dict[str, Any]


def read_cases() -> list[Case]:
    """Every case of every file; all scalars are texts, as in a rulebook."""
    return [one for path in sorted(FOLDER.glob("*.yaml")) for one in read_file(path)]


def read_file(path: Path) -> Iterable[Case]:
    shared = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for one in shared["cases"]:
        own = shared | one
        dropped = one.get("without", [])
        facts = {name: value for name, value in shared.get("facts", {}).items() if name not in dropped} | one.get("facts", {})
        on, now = (date.fromisoformat(own[name]) if name in own else None for name in ("on", "now"))
        yield Case(
            path.stem, one["name"], own["book"], own["decision"], on, now, own.get("settings", {}), facts, one.get("records"), one["expect"]
        )  # fmt: skip


CASES = read_cases()


@cache
def book_with(id: str, settings: tuple[tuple[str, str], ...]) -> Rulebook:
    return load_rulebook(id, settings=dict(settings))


def book_of(case: Case) -> Rulebook:
    return book_with(case.book, tuple(case.settings.items()))


def decided(case: Case, book: Rulebook | None = None) -> Outcome:
    """What becomes of the case under its book, or under another one."""
    book = book_of(case) if book is None else book

    def rows(_subject: Subject, of: Aggregate) -> Iterable[Scope]:
        assert case.records is not None
        return [book.subject(kind, row, on=case.on, as_of=case.now) for kind in of.sources for row in case.records.get(kind, [])]

    about = book.decisions[case.decision].about
    lists = looked_into(book.contents, case.records)[1]
    subject = book.subject(about, case.facts, on=case.on, as_of=case.now, rows=rows if case.records is not None else None, lists=lists)
    assert subject.unused == [], "the case names facts that the book does not have"
    return book.outcome(case.decision, subject)


def as_written(value: object) -> Any:
    """A value as a case file writes it."""
    if isinstance(value, (list, tuple)):
        return [as_written(one) for one in value]
    if value is None:
        return "无"
    return ("是" if value else "否") if isinstance(value, bool) else str(value)


def named(value: object, outcome: Outcome, name: str, expected: Iterable[object]) -> Any:
    """The value by its label where the case uses the label."""
    label = outcome.labels.get(f"{name}={value}")
    return label if label in expected else as_written(value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.name}")
def test_the_officer_and_the_rulebook_agree(case: Case) -> None:
    if "conflict" in case.expect:
        with pytest.raises(ConflictError) as raised:
            decided(case)
        assert all(rule in raised.value.what.en for rule in case.expect["conflict"])
        return
    found, expected = told(case, decided(case))
    assert found == expected


def told(case: Case, outcome: Outcome) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the case names of an outcome, as it names it, beside what it expects."""
    found: dict[str, Any] = {}
    for name, expected in case.expect.items():
        match name:
            case "rule" | "cite":
                found[name] = getattr(outcome, name)
            case "gap" | "applies":
                found[name] = as_written(getattr(outcome, name))
            case "possible":
                found[name] = [named(one, outcome, outcome.primary, expected) for one in outcome.possible]
            case "undecided":
                labels = labels_of(case)
                found[name] = [labels[one] if labels.get(one) in expected else one for one in outcome.undecided]
            case _ if name in outcome.open_outcomes:
                found[name] = f"open: {outcome.undecided}"
            case _:
                found[name] = named(outcome.values[name], outcome, name, [expected])
    return in_order(found), in_order(case.expect)


def in_order(told: dict[str, Any]) -> dict[str, Any]:
    """What is said of an outcome, with lists that have no order sorted."""
    return {name: sorted(value) if name in ("possible", "undecided") else value for name, value in told.items()}


def labels_of(case: Case) -> dict[str, str]:
    """The labels of the facts in sight of the case's subject, and of the book's settings."""
    contents = book_with(case.book, ()).contents
    _, labels = contents.sight(contents.decisions[case.decision].about)
    return {id: label for label, id in labels.items()} | {id: one.label or id for id, one in contents.settings.items()}


def test_every_case_says_what_becomes_of_its_decision() -> None:
    for case in CASES:
        outcomes = case.expect.keys() - ABOUT_THE_OUTCOME
        assert outcomes or case.expect.keys() & {"gap", "applies", "conflict", "undecided"}, case.name


def judged_from_facts(book: Rulebook, decision: str) -> bool:
    """Whether a decision is about something that facts and records alone describe; one about a scheme's result needs the scheme."""
    return book.decisions[decision].about not in book.contents.schemes


@cache
def below(id: str) -> Rulebook:
    """What a shipped book extends; the law itself extends the standard vocabulary without saying so."""
    text = (files("govservice") / "centres" / f"{id}.yaml").read_text(encoding="utf-8")
    (base,) = yaml.load(text, Loader=yaml.BaseLoader).get("extends", ["standard"])
    return load_rulebook(base)


CENTRES = [id for id in BOOKS if id == "licensing-law" or below(id).id == "licensing-law"]
NATIONAL = [id for id in BOOKS if id not in CENTRES]


def test_the_national_rules_that_are_no_licence_stand_beside_the_licensing_law() -> None:
    assert NATIONAL == ["hotline", "open-information", "petitions", "rating", "reconsideration"]


def own_rules() -> list[tuple[str, str, str]]:
    """Every rule that a shipped book adds to what it extends."""
    found = []
    for id in BOOKS:
        book, base = load_rulebook(id), below(id)
        for name, decision in book.decisions.items():
            if decision != base.decisions.get(name) and judged_from_facts(book, name):
                found += [(id, name, rule.id) for rule in decision.rules]
    return found


@cache
def fired() -> frozenset[tuple[str, str, str]]:
    """Every rule that held in some case."""
    held: set[tuple[str, str, str]] = set()
    for case in CASES:
        if "conflict" not in case.expect:
            held |= {(case.book, case.decision, step.id) for step in decided(case).steps if step.held}
    return frozenset(held)


@pytest.mark.parametrize(("book", "decision", "rule"), own_rules(), ids=lambda one: one)
def test_every_rule_of_a_shipped_book_holds_in_some_case(book: str, decision: str, rule: str) -> None:
    assert (book, decision, rule) in fired()


@pytest.mark.parametrize("id", BOOKS)
def test_every_entry_of_a_shipped_book_names_its_clause(id: str) -> None:
    held, base = load_rulebook(id).contents, below(id).contents
    rules = [rule for name, one in held.decisions.items() if one != base.decisions.get(name) for rule in one.rules]
    clocks = [one for name, one in held.clocks.items() if one != base.clocks.get(name)]
    notices = [one for name, one in held.notices.items() if one != base.notices.get(name)]
    items = [item for scheme in held.schemes.values() for part in scheme.parts.values() for item in part.items]
    entries: list[Rule | Clock | Notice | Item] = [*rules, *clocks, *notices, *items]
    assert [one.id for one in entries if one.cite is None] == []


@pytest.mark.parametrize("id", CENTRES)
def test_a_centre_takes_over_the_clocks_of_the_law(id: str) -> None:
    law, held = load_rulebook("licensing-law").contents.clocks, load_rulebook(id).contents.clocks
    assert [name for name, clock in law.items() if name != "promised" and held.get(name) != clock] == []


@pytest.mark.parametrize("id", NATIONAL)
def test_a_national_book_has_examples_of_its_own_and_they_hold(id: str) -> None:
    book = load_rulebook(id)
    assert any(decision.examples for decision in book.decisions.values())
    assert failed_examples(book) == ()
