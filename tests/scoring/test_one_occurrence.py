"""One occurrence in several rows: two assessors of one day, or rows that say they are one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govservice import Rulebook, load_rulebook, score
from govservice.errors import ConventionError

from .centre import STATED, among_all, book, card, event, month, said, staff, total

TWO = [event("rude", assessor="甲", assessed=-2), event("rude", assessor="乙", assessed=-5)]


def rude(reading: str | None, points: str = "discretion(-5, -2)") -> Rulebook:
    stated = "part_floor: 0, part_overflow: capped" + (f", same_occurrence: {reading}" if reading else "")
    return month(f'{{id: rude, for: rude, points: "{points}"}}', conventions=stated)


@pytest.mark.parametrize(("reading", "worth"), [("each", 93), ("report", (93, 98)), ("harshest", 95), ("mildest", 98)])
def test_two_assessors_of_one_day_are_read_as_the_book_says(reading: str, worth: object) -> None:
    found = card(rude(reading), *TWO)
    assert (total(rude(reading), *TWO), found.unpriced) == (worth, ())
    assert "rows 1, 2 of rude" in said(found)


def test_it_is_asked_about_only_where_there_are_two() -> None:
    assert total(rude(None), TWO[0], event("rude", 13, assessor="乙", assessed=-5)) == 93
    assert total(rude(None), TWO[0], {**TWO[1], "assessor": "甲"}) == 93
    assert total(rude(None), TWO[0], {**TWO[1], "assessor": None}) == 93
    with pytest.raises(ConventionError, match=r"month\.rude depends on the convention same_occurrence"):
        total(rude(None), *TWO)


def test_rows_of_two_people_or_that_no_item_lets_in_are_not_one() -> None:
    assert total(rude(None), TWO[0], {**TWO[1], "staff": "S2"}) == 98
    only = month("{id: rude, for: rude, when: minutes > 3, points: -1}")
    assert total(only, {**TWO[0], "minutes": 1}, {**TWO[1], "minutes": 5}) == 99


def test_rows_that_share_an_occurrence_are_one_on_whatever_days() -> None:
    rows = [
        event("rude", 5, occurrence="柜台争吵", assessed=-2),
        event("rude", 9, occurrence="柜台争吵", assessed=-5),
        event("rude", 9, assessed=-3),
    ]
    assert total(rude("harshest"), *rows) == 92


def test_the_harshest_and_the_mildest_of_marks_outstanding_lie_between_what_they_may_come_to() -> None:
    rows = [event("rude", assessor="甲"), event("rude", assessor="乙", assessed=-3)]
    assert total(rude("harshest"), *rows) == (95, 97)
    assert total(rude("mildest"), *rows) == (97, 98)


def test_one_occurrence_has_one_ordinal() -> None:
    rows = [event("rude", 5, assessor="甲"), event("rude", 5, assessor="乙"), event("rude", 6)]
    assert total(rude("harshest", "-1 * nth"), *rows) == 97
    assert total(rude("each", "-1 * nth"), *rows) == 94


def test_an_event_of_which_it_is_open_whether_it_counts_keeps_its_place_by_its_day() -> None:
    of = month("{id: gift, for: gift, points: -1 * nth}")
    found = among_all(of, event("gift", 5, verified=True), event("gift", 6, verified="maybe"), event("gift", 7, verified=True))
    assert (found.low, found.high) == (94, 97)
    assert [(line.on, line.low, line.high) for line in found.lines] == [
        (date(2026, 10, 5), -1, -1),
        (date(2026, 10, 6), -2, 0),
        (date(2026, 10, 7), -3, -2),
    ]
    assert {one.needs for one in found.open} == {("gift:2.verified",)}


def test_rows_of_one_occurrence_before_the_period_are_numbered_as_they_are_priced() -> None:
    def third(reading: str) -> object:
        of = month("{id: rude, for: rude, points: -1 * nth(over=year)}", conventions=f"{STATED}, same_occurrence: {reading}")
        return total(of, event("rude", "2026-01-05", occurrence="x"), event("rude", "2026-01-06", occurrence="x"), event("rude", 12))

    assert {reading: third(reading) for reading in ("each", "harshest", "mildest", "report")} == {
        "each": 97,
        "harshest": 98,
        "mildest": 98,
        "report": (97, 98),
    }


TWO_ITEMS = """
    {id: early, for: early, points: -1}
    {id: absent, for: absent, when: months_served > 3, points: -2}
"""


@pytest.mark.parametrize(("served", "found"), [(1, 99), (None, (97, 100)), (9, None)])
def test_how_several_items_price_one_occurrence_is_asked_for_where_they_are_sure_to(served: int | None, found: object) -> None:
    rows = [event("early", occurrence="x"), event("absent", occurrence="x")]
    people = [staff(months_served=served)]
    if found is not None:
        assert total(month(TWO_ITEMS), *rows, staff=people) == found
        return
    with pytest.raises(ConventionError) as refused:
        total(month(TWO_ITEMS), *rows, staff=people)
    assert str(refused.value).startswith("conventions.same_occurrence: month.early, month.absent depends on the convention")


IN_PARTS = """
schemes:
  month:
    scores: staff
    period: month
    parts:
      always: {items: [{id: ALWAYS, for: ALWAYS, points: -1 if kind == "early" else -2}]}
      longer: {when: months_served > 3, items: [{id: LONGER, for: LONGER, points: -1 if kind == "early" else -2}]}
"""
ONE = [event("early", occurrence="x"), event("absent", occurrence="x")]


def in_parts(always: str, longer: str, conventions: str) -> Rulebook:
    return book(IN_PARTS.replace("ALWAYS", always).replace("LONGER", longer), conventions)


@pytest.mark.parametrize("reading", ["harshest", "mildest", "each"])
@pytest.mark.parametrize(("always", "longer"), [("early", "absent"), ("absent", "early")])
def test_a_part_that_may_not_apply_overturns_no_choice_among_items_that_price_one_occurrence(
    reading: str, always: str, longer: str
) -> None:
    of = in_parts(always, longer, f"same_occurrence: {reading}")
    settled = [card(of, *ONE, staff=[staff(months_served=months)]).total for months in (1, 9)]
    found = card(of, *ONE, staff=[staff(months_served=None)])
    assert all(found.low <= worth <= found.high for worth in settled)  # type: ignore[operator]


def test_how_several_items_price_one_occurrence_is_not_asked_for_while_the_part_of_one_may_not_apply() -> None:
    of = in_parts("early", "absent", "rounding: {digits: 2}")
    assert total(of, *ONE, staff=[staff(months_served=1)]) == -1
    assert total(of, *ONE, staff=[staff(months_served=None)]) == (-3, 0)
    with pytest.raises(ConventionError, match=r"month\.early, month\.absent depends on the convention same_occurrence"):
        total(of, *ONE, staff=[staff(months_served=9)])


@pytest.mark.parametrize("reading", ["mildest", "harshest"])
@pytest.mark.parametrize("mark", [-5, -4, -3, -2])
def test_a_mark_still_open_overturns_no_choice_among_items_that_price_one_occurrence(tmp_path: Path, reading: str, mark: int) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        f"rulebook: own\nconventions: {{part_floor: none, part_overflow: allowed, unserved_periods: skip, same_occurrence: {reading}}}\n"
        "events: {rude: {label: 态度, assessed: true}}\nschemes:\n  m:\n    scores: staff\n    period: month\n    parts:\n      p:\n"
        "        start: 4\n        items:\n          - {id: marked, for: rude, points: 'discretion(-5, -2)'}\n"
        "          - {id: plain, for: rude, points: 1}\n",
        encoding="utf-8",
    )
    seen = [{"kind": "rude", "staff": "S1", "on": f"2026-10-{day:02}", "occurrence": "X", "assessed": -4} for day in (8, 23)]
    full = score(load_rulebook(path), "m", {"events": [seen[0], seen[1] | {"assessed": mark}]}, subject="S1", period="2026-10")
    less = score(load_rulebook(path), "m", {"events": [seen[0], seen[1] | {"assessed": None}]}, subject="S1", period="2026-10")
    assert full.total is not None
    assert less.low is not None
    assert less.high is not None
    assert less.low <= full.total <= less.high


@pytest.mark.parametrize(
    ("reading", "count", "minutes"),
    [("each", 2, 6), ("report", (1, 2), (3, 6)), ("harshest", 1, 3), ("mildest", 1, 3)],
)
def test_a_total_counts_an_occurrence_of_two_rows_as_the_book_says(reading: str, count: object, minutes: object) -> None:
    rows = [row | {"minutes": 3} for row in TWO]
    for expression, worth in (("count(rude)", count), ("sum(rude, minutes)", minutes), ("mean(rude, minutes)", 3)):
        of = book(f"schemes: {{month: {{scores: staff, period: month, total: '{expression}'}}}}\n", f"same_occurrence: {reading}")
        assert total(of, *rows) == worth, expression
        assert total(of, rows[0], rows[1] | {"on": "2026-10-13"}) == {"count(rude)": 2, "sum(rude, minutes)": 6}.get(expression, 3)
