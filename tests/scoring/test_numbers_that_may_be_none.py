"""A number that is open and may turn out to be none: whatever reads it leaves room for that."""

from __future__ import annotations

from typing import Any

import pytest

from govservice import NONE, Rulebook, grade, load_rulebook, score

WORTH = 'match(level, ("a", 3), ("b", 4))'
BOOK = f"""
rulebook: nothing
conventions: {{ties: best}}
tables:
  staff:
    level: {{type: choice, values: {{a: 甲, b: 乙}}, none: [无]}}
    low: {{type: integer, none: [无]}}
    first: {{type: boolean}}
events: {{rude: {{label: 粗暴, assessed: true}}}}
decisions:
  place: {{about: ranked, hit: first, outcomes: {{place: {{type: integer}}}}, rules: [{{then: =rank}}]}}
  both:
    about: staff
    period: month
    hit: any
    outcomes: {{both: {{type: integer}}}}
    rules: [{{then: '={WORTH}'}}]
schemes:
  started: {{scores: staff, period: month, parts: {{p: {{start: '{WORTH}', items: [{{id: i, points: 1}}]}}}}}}
  marked: {{scores: staff, period: month, parts: {{p: {{start: 0, items: [{{id: i, for: rude, points: 'discretion({WORTH}, 5)'}}]}}}}}}
  outside:
    scores: staff
    period: month
    adjust: [{{id: i, for: rude, points: 'discretion({WORTH}, 5)'}}]
    total: adjust + count(adjust, when=total >= 0) - 1
  bounded: {{scores: staff, period: month, parts: {{p: {{start: 0, items: [{{id: i, for: rude, points: 'discretion(-low, -1)'}}]}}}}}}
  agreed: {{scores: staff, period: month, total: both}}
  ranked: {{scores: staff, period: month, total: 1, rank: {{by: ['{WORTH} if first else -1']}}}}
"""


@pytest.fixture
def book(tmp_path: Any) -> Rulebook:
    path = tmp_path / "book.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


def came_to(book: Rulebook, scheme: str, assessed: int | None = 4, **facts: object) -> tuple[object, ...]:
    rows = [{"kind": "rude", "staff": "S1", "on": "2026-03-03", "assessed": assessed}]
    card = score(book, scheme, {"staff": [{"staff": "S1", **facts}], "events": rows}, period="2026-03")[0]
    return (card.total,) if card.total is not None else (card.scored, card.low, card.high)


def test_a_part_may_start_from_none(book: Rulebook) -> None:
    assert came_to(book, "started", level="a") == (4,)
    assert came_to(book, "started", level=NONE) == (1,)
    assert came_to(book, "started") == (True, 1, 5)


@pytest.mark.parametrize("scheme", ["marked", "outside"])
@pytest.mark.parametrize(("assessed", "high"), [(4, 4), (None, 5)])
def test_marks_whose_bound_may_be_none_may_be_none_and_then_add_nothing(
    book: Rulebook, scheme: str, assessed: int | None, high: int
) -> None:
    assert came_to(book, scheme, assessed, level=NONE) == (0,)
    assert came_to(book, scheme, assessed) == (True, 0, high)


def test_marks_that_a_bound_may_yet_forbid_are_not_settled(book: Rulebook) -> None:
    lower = "match(level, ('a', 2), ('b', 4))"
    own = book.amend({"schemes.marked.parts.p.items": [{"id": "i", "for": "rude", "points": f"discretion(-{lower}, -1)"}]})
    assert came_to(own, "marked", -1, level="a") == (-1,)
    assert came_to(own, "marked", -3, level="b") == (-3,)
    assert came_to(own, "marked", -3, level="a") == (True, -2, -1)  # beyond what is allowed
    assert came_to(own, "marked", -3) == (True, -4, 0)
    assert came_to(own, "marked", -9) == (True, -4, 0)


def test_a_key_that_may_be_none_may_stand_behind_everyone(book: Rulebook) -> None:
    def places(**facts: object) -> list[tuple[str, int | None, int | None]]:
        people = [{"staff": "S1", "first": True, **facts}, {"staff": "S2", "first": False}]
        return [(one.subject, one.rank_low, one.rank_high) for one in grade(book, "place", {"staff": people}, period="2026-03")]

    assert places(level="a") == [("S1", 1, 1), ("S2", 2, 2)]
    assert places(level=NONE) == [("S2", 1, 1), ("S1", 2, 2)]
    assert places() == [("S1", 1, 2), ("S2", 1, 2)]


def test_what_rules_agree_in_may_be_none(book: Rulebook) -> None:
    assert came_to(book, "agreed", level="a") == (3,)
    assert came_to(book, "agreed", level=NONE) == (False, None, None)
    assert came_to(book, "agreed")[0] is None
