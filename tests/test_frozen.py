"""Frozen means frozen: nothing that is handed out can be changed, and so a digest says what was in force."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

import pytest

from govservice import classify, clocks, deadline, grade, load_rulebook, score
from govservice.frozen import Frozen, frozen
from govservice.rules import shipped_books

DAY = date(2026, 10, 12)
BOOK = load_rulebook("kunshan", settings={"red_flags": 1})
RECORDS: dict[str, list[dict[str, Any]]] = {
    "events": [{"kind": "untidy", "on": DAY, "window": "W1"}, {"kind": "irresponsible", "on": DAY, "window": "W1", "assessed": -2}],
    "cases": [{"case": "C1", "window": "W1", "received_on": DAY}],
    "window": [{"window": "W1", "department": "D1", "overall_rating": "good"}],
}


def containers(value: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """Every mapping, list and set in a value, through the fields of dataclasses."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, (Mapping, list, set)):
        yield value
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple, set)) else ()
    if is_dataclass(value) and not isinstance(value, type):
        inner = [getattr(value, one.name) for one in fields(value) if not one.name.startswith("_")]
    for part in inner:
        yield from containers(part, seen)


def changeable(value: Any) -> list[Any]:
    return [found for found in containers(value) if not isinstance(found, Frozen)]


RESULTS = {
    "outcome": lambda: BOOK.decide("leave_approval", {"leave_days": "0.5"}, on=DAY),
    "classification": lambda: classify({"正式申请": True, "主件": "有而未带", "所缺材料": ["验资报告"]}, BOOK, on=DAY),
    "clocks": lambda: clocks(
        {"case_type": "promised", "materials_completed_on": DAY, "promised_limit": "5个工作日"}, BOOK, on=DAY, now=DAY
    ),
    "scorecard": lambda: score(BOOK, "window_month", RECORDS, subject="W1", period="2026-10"),
    "gradings": lambda: tuple(grade(BOOK, "red_flag", RECORDS, period="2026-B5")),
    "deadline": lambda: deadline("5个工作日", DAY),
}


@pytest.mark.parametrize("name", RESULTS)
def test_no_part_of_a_result_can_be_changed(name: str) -> None:
    assert changeable(RESULTS[name]()) == []


@pytest.mark.parametrize("id", shipped_books())
def test_no_entry_of_a_loaded_book_can_be_changed(id: str) -> None:
    assert changeable(load_rulebook(id).contents) == []


def test_a_convention_written_into_a_loaded_book_is_refused() -> None:
    with pytest.raises(TypeError, match="it is frozen"):
        BOOK.conventions["first_day"] = "included"  # type: ignore[index]


def test_a_scorecard_does_not_follow_the_callers_rows() -> None:
    rows = [{"kind": "untidy", "on": DAY, "window": "W1"}]
    card = score(BOOK, "window_month", {**RECORDS, "events": rows}, subject="W1", period="2026-10")
    rows[0]["window"] = "W2"
    assert [line.row["window"] for line in card.lines if line.row is not None and line.row.get("kind") == "untidy"] == ["W1"]


def test_frozen_mappings_are_copied_pickled_and_compared_as_dicts() -> None:
    made = frozen({"a": [1, {"b": 2}], "c": (3, [4])})
    assert made == {"a": (1, {"b": 2}), "c": (3, (4,))} or made["c"] == (3, [4])
    assert pickle.loads(pickle.dumps(made)) == made
    assert copy.deepcopy(made) == made
    assert type(frozen(made)["a"][1]) is Frozen
    for change in (lambda: made.update(a=1), lambda: made.pop("a"), lambda: made.__setitem__("a", 1), made.clear):
        with pytest.raises(TypeError):
            change()
