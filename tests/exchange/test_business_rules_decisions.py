"""Whole decisions in the business-rules package: it grants what the book grants, wherever the book fits; what does not fit is named."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from business_rules.engine import run_all

from govservice import load_rulebook
from govservice.errors import DecisionError, RulebookError
from govservice.exchange.business_rules import BusinessRules, from_business_rules, to_business_rules
from govservice.reading import is_missing
from govservice.rules import Rulebook, shipped_books

DAY = "2026-11-20"


def exported() -> list[tuple[str, str]]:
    fits = []
    for id in shipped_books():
        book = load_rulebook(id).on(DAY)
        for decision in book.decisions:
            try:
                to_business_rules(book, decision)
            except DecisionError:
                continue
            fits.append((id, decision))
    return fits


def values_in(tree: Any, name: str) -> list[Any]:
    if isinstance(tree, dict) and tree.get("name") == name and "operator" in tree:
        return [tree["value"]]
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return [value for part in parts for value in values_in(part, name)]


def drawn(given: BusinessRules, rules: Any, chance: random.Random) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, kind in given.reads.items():
        mentioned = values_in(rules, name)
        if kind.kind == "boolean":
            record[name] = chance.random() < 0.5
        elif kind.is_number:
            record[name] = chance.choice([int(value) + step for value in (mentioned or [0]) for step in (-1, 0, 1)])
            record[name] = max(record[name], 0)
        elif kind.kind == "choice":
            record[name] = chance.choice([choice.name for choice in kind.choices])
        elif kind.kind == "list":
            record[name] = [value for value in mentioned if chance.random() < 0.5]
        else:
            record[name] = chance.choice([*map(str, mentioned), "其他"])
    return record


@pytest.mark.parametrize(("id", "decision"), exported())
def test_the_package_grants_what_the_book_grants(id: str, decision: str) -> None:
    book = load_rulebook(id).on(DAY)
    given = to_business_rules(book, decision)
    rules = json.loads(json.dumps(given.to_json()))
    chance = random.Random(decision)
    for _ in range(60):
        record = drawn(given, rules, chance)
        actions = given.actions()
        run_all(rules, given.variables(record), actions, stop_on_first_trigger=True)
        outcome = book.decide(decision, record)
        ours = {name: value for name, value in outcome.values.items() if not is_missing(value)}
        assert {name: plain(value) for name, value in ours.items()} == actions.granted, record


def plain(value: Any) -> Any:
    return value if isinstance(value, (bool, str)) else float(value)


def test_many_shipped_decisions_fit() -> None:
    assert len(exported()) >= 60


BOOK = """
rulebook: b
tables: {items: {simple: boolean, days: integer, kind: {type: choice, values: [plain, joint]}, weight: decimal}}
settings: {few: {type: integer}}
decisions:
  fits:
    about: items
    hit: first
    rules: [{id: a, when: simple and days <= 3, then: quick}, {id: b, when: kind == "joint", then: joint}]
    otherwise: slow
  reads: {about: items, hit: first, rules: [{id: a, when: fits == "quick", then: x}]}
  setting: {about: items, hit: first, rules: [{id: a, when: days <= few, then: x}]}
  equal: {about: items, hit: first, rules: [{id: a, when: weight == 0.5, then: x}]}
  worked: {about: items, hit: first, rules: [{id: a, when: simple, then: =days + 1}]}
  many: {about: items, hit: collect, rules: [{id: a, when: simple, then: x}]}
"""


def book(tmp_path: Path) -> Rulebook:
    (tmp_path / "b.yaml").write_text(BOOK, encoding="utf-8")
    return load_rulebook(tmp_path / "b.yaml")


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ("reads", "reads.a: business-rules cannot say this: it reads fits, which is no fact of the record"),
        ("setting", "setting.a: business-rules cannot say this: it reads few, which is no fact of the record"),
        ("equal", "equal.a: business-rules cannot say this: it asks whether a decimal is equal, less than a millionth apart or not"),
        ("worked", "worked.a: business-rules cannot say this: it grants worked, which is worked out or no plain value"),
        ("many", "many: business-rules cannot say this: it collects outcomes"),
        ("none", "b has no decision 'none'"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(tmp_path: Path, decision: str, said: str) -> None:
    with pytest.raises(DecisionError) as refused:
        to_business_rules(book(tmp_path), decision)
    assert refused.value.text() == said


def test_there_and_back_decides_alike(tmp_path: Path) -> None:
    first = book(tmp_path)
    given = to_business_rules(first, "fits")
    second = first.amend({"decisions.fits": from_business_rules(json.loads(json.dumps(given.to_json())), about="items")})
    for simple in (True, False):
        for days in range(6):
            for kind in ("plain", "joint"):
                record = {"simple": simple, "days": days, "kind": kind}
                assert first.decide("fits", record).value("fits") == second.decide("fits", record).value("fits")


def test_the_packages_own_editor_data_names_variables_and_actions(tmp_path: Path) -> None:
    data = to_business_rules(book(tmp_path), "fits").data()
    assert {(one["name"], one["field_type"]) for one in data["variables"]} == {
        ("simple", "boolean"),
        ("days", "numeric"),
        ("kind", "string"),
    }
    assert [one["name"] for one in data["actions"]] == ["grant_fits"]


@pytest.mark.parametrize(
    "rules",
    [
        [],
        {},
        [1],
        [{"conditions": {}}],
        [{"conditions": {}, "actions": []}],
        [{"conditions": {}, "actions": [{"name": "delete_all", "params": {"value": 1}}]}],
        [{"conditions": {}, "actions": [{"name": "grant_x", "params": {}}]}],
        [{"conditions": {}, "actions": [{"name": "grant_x", "params": {"value": 1}}] * 2}],
    ],
)
def test_rules_of_another_shape_are_refused(rules: Any) -> None:
    with pytest.raises(DecisionError):
        from_business_rules(rules, about="items")


def test_conditions_of_strangers_are_read_as_the_books_are(tmp_path: Path) -> None:
    rules = [
        {
            "conditions": {"all": [{"name": "kind", "operator": "matches_regex", "value": "(a+)+"}]},
            "actions": [{"name": "grant_x", "params": {"value": "y"}}],
        }
    ]
    with pytest.raises(RulebookError, match="matches_regex is not taken over"):
        book(tmp_path).amend({"decisions.x": from_business_rules(rules, about="items")})
