"""The order in which rows are given decides no score, where they tell of one thing twice."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from govservice import score

from .centre import month

SCORED = {
    "a rating of a window": {"window": [{"window": "W1", "overall": "good"}, {"window": "W1", "overall": "poor"}]},
    "the same, for a month": {
        "window": [{"window": "W1", "overall": "good", "period": "2026-10"}, {"window": "W1", "overall": "poor", "period": "2026-10"}]
    },
    "a case": {"cases": [{"case": "C1", "window": "W1", "received_on": "2026-10-12", "weight": n} for n in (1, 2, 1)]},
    "a case alike": {"cases": [{"case": "C1", "window": "W1", "received_on": "2026-10-12", "weight": 2}] * 3},
    "a case of two limits": {
        "cases": [
            {"case": "C1", "window": "W1", "received_on": "2026-10-12", "weight": 2, "promised_days": 5, "promised_limit": "9个工作日"},
            {"case": "C2", "window": "W1", "received_on": "2026-10-12", "weight": 2},
        ]
    },
}


@pytest.mark.parametrize("given_rows", SCORED.values(), ids=SCORED)
def test_the_order_of_rows_decides_no_score(given_rows: dict[str, list[dict[str, Any]]]) -> None:
    items = "{id: poor, when: overall == 'poor', points: -10}\n{id: heavy, for: cases, points: -weight}"
    scheme = month(items, scores="window")
    cards = []
    (table,) = given_rows
    for order in permutations(given_rows[table]):
        records = {"cases": [], "window": [], "events": [], table: list(order)}
        card = score(scheme, "month", records, subject="W1", period="2026-10")
        cards.append((card.low, card.high, card.total))
    assert len(set(cards)) == 1
