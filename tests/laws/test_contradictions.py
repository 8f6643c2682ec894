"""What the first law lets a broken promise of a table do, and no more."""

from __future__ import annotations

from typing import Any

from .answers import ask, loaded
from .books import Book, Column
from .contradictions import recorded
from .laws import Example, broken, overturned
from .records import Rows, without


def book(**decision: Any) -> Book:
    """People whose month is worth what a table says that promises to agree."""
    table = {"about": "staff", "period": "month", "hit": "unique", "outcomes": {"sd": {"type": "integer"}}, **decision}
    tree = {
        "rulebook": "drawn",
        "conventions": {"unserved_periods": "skip"},
        "tables": {"staff": {"st_b1": {"type": "boolean"}, "st_b2": {"type": "boolean"}}},
        "decisions": {"sd": table},
        "schemes": {"month": {"scores": "staff", "period": "month", "total": "sd + 1"}},
    }
    columns = {"staff": [Column("st_b1", "boolean"), Column("st_b2", "boolean")]}
    return Book(tree, "score", "month", columns=columns)


BOTH = [{"id": "one", "when": "st_b1", "then": 1}, {"id": "two", "when": "st_b2", "then": 2}]
ROWS: Rows = {
    "staff": [{"staff": "A", "window": "W", "st_b1": True, "st_b2": True}, {"staff": "B", "window": "W", "st_b1": True, "st_b2": False}]
}
GONE = [("staff", 0, "st_b2"), ("staff", 1, "st_b2")]


def test_a_rule_that_holds_settles_what_another_would_contradict_and_whatever_reads_it() -> None:
    drawn = book(rules=BOTH)
    rules = loaded(drawn.tree)
    full, less = ask(drawn, rules, ROWS, None), ask(drawn, rules, without(ROWS, GONE), None)
    assert [violation.what for violation in overturned(full, less)] == ["A scored"]
    assert broken(Example(drawn, ROWS, GONE, None)) is None


def test_only_what_is_contradicted_is_taken_from_fewer_facts() -> None:
    drawn = book(rules=BOTH)
    rules = loaded(drawn.tree)
    found = recorded(drawn, rules, rules, ROWS, without(ROWS, GONE), None)
    assert found is not None
    assert [row for row in found["staff"] if "sd" in row] == [
        {"staff": "A", "period": month, "sd": 1} for month in ("2026-01", "2026-02", "2026-03")
    ]
    agreed = {"staff": [row | {"st_b2": False} for row in ROWS["staff"]]}
    assert recorded(drawn, rules, rules, agreed, without(agreed, GONE), None) is None
    first = book(rules=BOTH, hit="first")
    assert recorded(first, loaded(first.tree), loaded(first.tree), ROWS, without(ROWS, GONE), None) is None


def test_another_answer_than_the_rule_that_holds_gives_is_a_violation() -> None:
    drawn = book(rules=BOTH)
    rules = loaded(drawn.tree)
    found = recorded(drawn, rules, rules, ROWS, without(ROWS, GONE), None)
    assert found is not None
    other = ask(drawn, rules, without({"staff": [row | {"st_b1": False, "st_b2": True} for row in ROWS["staff"]]}, ()), None)
    assert "A total" in [violation.what for violation in overturned(ask(drawn, rules, found, None), other)]
