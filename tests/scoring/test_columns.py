"""The rows of a source as columns: which of them say the same under some names."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from govservice.assessment.columns import NO_KIND, RowColumns
from govservice.assessment.register import LedgerRow

DAY = date(2026, 10, 9)


def rows(*said: dict[str, Any]) -> list[LedgerRow]:
    return [LedgerRow("late", number, facts, None, {}) for number, facts in enumerate(said, 1)]


def kinds(given: list[LedgerRow], *names: str, marked: bool = False) -> list[int]:
    columns = RowColumns(given)
    by_place = columns.kinds(names, marked=marked)
    return [by_place[place] for place in columns.places(given)]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"days": 1}, {"days": 1}, True),
        ({"days": 1}, {"days": True}, False),
        ({"days": 0}, {"days": False}, False),
        ({"days": 1}, {"days": 2}, False),
        ({"days": None}, {}, False),
        ({"days": Decimal("1.0")}, {"days": Decimal(1)}, False),
        ({"days": Decimal("1.0")}, {"days": Decimal("1.0")}, True),
        ({"days": DAY}, {"days": date(2026, 10, 9)}, True),
        ({"days": DAY}, {"days": datetime(2026, 10, 9)}, False),
        ({"days": 1, "post": "a"}, {"post": "b", "days": 1}, True),
    ],
)
def test_rows_are_of_one_kind_where_they_say_the_same(one: dict[str, Any], other: dict[str, Any], *, same: bool) -> None:
    first, second = kinds(rows(one, other), "days", "elsewhere")
    assert (first == second) is same
    assert NO_KIND not in (first, second)


def test_what_cannot_be_told_apart_is_of_no_kind() -> None:
    listed = {"days": ["x"], "post": "a"}
    assert kinds(rows({"days": 1, "post": "a"}, listed, {"days": 1, "post": "a"}, listed), "days", "post") == [0, NO_KIND, 0, NO_KIND]
    assert kinds(rows(listed, {"days": 1, "post": "a"}), "post") == [0, 0]


def test_marks_are_told_apart_for_each_scheme() -> None:
    given = rows({"assessed": {"month": -1}}, {"assessed": {"month": -1}}, {"assessed": {"year": -1}}, {"assessed": -1}, {"assessed": [-1]})
    assert kinds(given, marked=True) == [0, 0, 2, 3, NO_KIND]
    assert kinds(given) == [0] * 5


def test_a_share_of_a_row_has_the_place_of_the_row_and_any_other_none() -> None:
    given = rows({"days": 1}, {"days": 2, "post": "a"})
    columns = RowColumns(given)
    assert columns.places([replace(given[1]), given[0], *rows({"days": 2})]) == [1, 0, NO_KIND]


def test_days_are_a_column_where_nothing_else_stands_there() -> None:
    assert RowColumns(rows({"on": DAY}, {"on": None}, {})).days("on") == [DAY, None, None]
    assert RowColumns(rows({"on": DAY}, {"on": "2026-10-09"})).days("on") is None
    assert RowColumns(rows({"on": DAY})).all_dated("on")
    assert not RowColumns(rows({"on": DAY}, {})).all_dated("on")
