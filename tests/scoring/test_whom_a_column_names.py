"""A row that is counted for whom a column of it names: one that names nobody there, or somebody unknown, is told."""

from __future__ import annotations

from typing import Any

import pytest

from govservice import score

from .centre import book, staff

ITEMS = {
    "an item": "{id: swapped, for: checks, of: holder, points: -2}",
    "a count": "{id: swapped, points: '-2 * count(checks, of=holder)'}",
    "a measure": "{id: swapped, points: -2 * swapped_times}",
}


def notes(item: str, *rows: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    of = book(
        "measures: {swapped_times: 'count(checks, of=holder)'}\n"
        f"schemes: {{month: {{scores: staff, period: month, parts: {{work: {{full: 100, items: [{item}]}}}}}}}}\n",
    )
    records = {"staff": [staff(), staff("S2")], "checks": [{"staff": "S2", "checked_on": "2026-10-12", **row} for row in rows]} | more
    card = score(of, "month", records, subject="S1", period="2026-10", now="2026-10-31")
    return [(note.en, note.zh) for note in card.notes]


@pytest.mark.parametrize("shape", ITEMS)
def test_it_is_told(shape: str) -> None:
    assert notes(ITEMS[shape], {"holder": "S1"}, {}, {"holder": "S9"}, {"holder": ""}) == [
        (
            "rows 2, 4 of checks name nobody in holder: counted for nobody by it",
            "checks 第 2, 4 行的卡主（holder）一栏没有写是谁，按它不计入任何一方",
        ),
        (
            "row 3 of checks names staff S9 in holder, which no row of staff is",
            "checks 第 3 行的卡主（holder）一栏写的工作人员（staff） S9 不在工作人员（staff）表里",
        ),
    ]


@pytest.mark.parametrize("shape", ITEMS)
def test_where_each_names_somebody_nothing_is(shape: str) -> None:
    assert notes(ITEMS[shape], {"holder": "S1"}, {"holder": "S2"}) == []


def test_rows_that_nothing_counts_by_that_column_are_not() -> None:
    assert notes("{id: swapped, points: -2 * count(checks)}", {}) == []
