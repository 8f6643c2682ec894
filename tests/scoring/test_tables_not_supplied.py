"""A table that a scheme reads only where it is known, and that was not supplied: what it would cost is not charged, and that is said."""

from __future__ import annotations

from typing import Any

import pytest

from govservice import Rulebook, Scorecard, score

from .centre import book, event, staff

ITEMS = {
    "an item": "{id: poor, for: checks, when: known(count(checks)) and mark < 60, points: -2}",
    "a count": "{id: poor, points: -2 * count(checks) if known(count(checks)) else 0}",
    "a measure": "{id: poor, points: -2 if known(poor_checks) and poor_checks > 0 else 0}",
    "a measure that guards": "{id: poor, points: -2 * guarded}",
}
REST = """
measures:
  poor_checks: {value: count(checks), label: 检查}
  guarded: {value: count(checks) if known(count(checks)) else 0, label: 检查}
"""
EN = "the table checks was not supplied: nothing is charged or counted of it, and what it would change is not known"
ZH = "没有提供 checks 表：凡依据它的，都没有计入，也不知道会改变多少"


def of(item: str) -> Rulebook:
    return book(
        REST
        + f"schemes:\n  month: {{scores: staff, period: month, parts: {{work: {{full: 100, items: [{item}]}}}}}}\n"
        + "  year: {scores: staff, period: year, total: mean(month)}\n",
        "part_floor: 0, part_overflow: capped, unserved_periods: skip",
    )


def card(item: str, scheme: str = "month", period: str = "2026-10", **records: Any) -> Scorecard:
    given = {"staff": [staff()], "events": [event("late")]} | records
    return score(of(item), scheme, given, subject="S1", period=period, now="2026-10-31")


@pytest.mark.parametrize("shape", ITEMS)
def test_it_is_named(shape: str) -> None:
    found = card(ITEMS[shape])
    assert found.total == 100
    assert [(note.en, note.zh) for note in found.notes] == [(EN, ZH)]
    assert EN in found.explain()
    assert ZH in found.explain("zh")
    assert ZH in found.to_html()


@pytest.mark.parametrize("shape", ITEMS)
def test_one_that_was_supplied_is_not_named_though_it_is_empty(shape: str) -> None:
    assert card(ITEMS[shape], checks=[]).notes == ()


def test_what_builds_on_such_a_score_says_so_too() -> None:
    assert EN in [note.en for note in card(ITEMS["an item"], "year", "2026").notes]


def test_a_published_score_was_worked_out_from_something_else() -> None:
    published = {"staff": "S1", "period": "2026-10", "total": 97}
    assert EN not in [note.en for note in card(ITEMS["an item"], month=[published]).notes]


def test_a_table_that_opens_the_score_is_named_by_what_is_open() -> None:
    found = card("{id: poor, for: checks, when: mark < 60, points: -2}")
    assert (found.total, found.notes, found.open[0].needs) == (None, (), ("checks",))
