"""Whom a record belongs to, and when: people, windows, departments, and transfers inside a period."""

from __future__ import annotations

import pytest

from .centre import book, card, event, month, said, staff, total

STAFF = month("{id: late, for: late, points: -1}")
WINDOW = month("{id: late, for: late, points: -1}", scores="window")
DEPARTMENT = month("{id: late, for: late, points: -1}", scores="department")
PLACED = {"staff": [staff(window="W1"), staff("S2", window="W2")], "window": [{"window": "W1", "department": "D1"}, {"window": "W2"}]}


def test_an_event_belongs_to_its_person_that_ones_window_and_its_department() -> None:
    found = {name: total(of, event("late"), subject=name, **PLACED) for name, of in {"S1": STAFF, "W1": WINDOW, "D1": DEPARTMENT}.items()}
    assert found == {"S1": 99, "W1": 99, "D1": 99}
    assert total(STAFF, event("late"), subject="S2", **PLACED) == total(WINDOW, event("late"), subject="W2", **PLACED) == 100


def test_an_event_that_names_only_a_window_belongs_to_no_person() -> None:
    late = event("late", 12, None, window="W1")
    assert total(WINDOW, late, subject="W1", **PLACED) == 99
    assert total(DEPARTMENT, late, subject="D1", **PLACED) == 99
    assert total(STAFF, late, subject="S1", **PLACED) == 100


def test_an_event_that_names_only_a_department_is_of_no_window() -> None:
    late = event("late", 12, None, department="D1")
    assert total(DEPARTMENT, late, subject="D1", **PLACED) == 99
    assert total(WINDOW, late, subject="W1", **PLACED) == 100


def test_a_window_that_the_event_names_goes_before_the_persons_own() -> None:
    late = event("late", window="W2")
    assert total(WINDOW, late, subject="W2", **PLACED) == 99
    assert total(WINDOW, late, subject="W1", **PLACED) == 100


def test_a_case_belongs_to_its_handler_window_and_department() -> None:
    cases = month("{id: each, for: cases, points: -1}", scores="department")
    row = {"case": "C1", "staff": "S1", "received_on": "2026-10-12"}
    assert total(cases, subject="D1", cases=[row], **PLACED) == 99


BY_DAYS = [staff(window="W1", until="2026-10-14"), staff(window="W2", from_="2026-10-15")]
ONLY_FROM = [staff(window="W1", from_="2026-01-01"), staff(window="W2", from_="2026-10-15")]
WITH_BASE = [staff(window="W1"), staff(window="W2", from_="2026-10-15")]


@pytest.mark.parametrize("rows", [BY_DAYS, ONLY_FROM, WITH_BASE, ONLY_FROM[::-1], WITH_BASE[::-1]])
@pytest.mark.parametrize(("day", "where"), [(14, "W1"), (15, "W2")])
def test_on_a_transfer_an_event_goes_with_the_window_of_its_day(rows: list[dict[str, object]], day: int, where: str) -> None:
    windows = [{"window": "W1"}, {"window": "W2"}]
    found = {one: total(WINDOW, event("late", day), subject=one, staff=rows, window=windows) for one in ("W1", "W2")}
    assert found == {"W1": 100, "W2": 100} | {where: 99}


def test_facts_given_for_a_period_hold_on_its_days() -> None:
    rows = [staff(window="W1", period="2026-09"), staff(window="W2", period="2026-10")]
    assert total(WINDOW, event("late"), subject="W2", staff=rows, window=[{"window": "W2"}]) == 99


def test_facts_given_for_a_period_are_those_of_that_period_alone() -> None:
    front = book('schemes: {month: {scores: staff, period: month, total: 1 if role == "front" else 2}}')
    rows = [staff(role="back"), staff(role="front", period="2026-10"), staff(role="chief", period="2026")]
    assert [total(front, staff=rows, period=one) for one in ("2026-09", "2026-10")] == [2, 1]


def test_one_who_left_inside_the_period_keeps_the_facts_of_the_last_day() -> None:
    front = month("{id: late, for: late, points: -1}", more='who: role == "front"', conventions="part_floor: 0, part_served: full")
    rows = [staff(role="front", until="2026-10-20"), staff("S2", role="front", until="2026-09-20"), staff("S3", role="back")]
    assert [total(front, staff=rows, subject=one) for one in ("S1", "S2", "S3")] == [100, (None, None), (None, None)]


def test_rows_of_a_subject_table_count_while_they_hold() -> None:
    heads = book("schemes: {month: {scores: window, period: month, total: count(staff)}}")
    assert [total(heads, staff=BY_DAYS, subject="W1", period=one) for one in ("2026-09", "2026-10", "2026-11")] == [1, 1, 0]


def test_days_that_two_rows_name_are_served_once_and_gaps_not_at_all() -> None:
    shrunk = month("{id: late, for: late, points: -1}", conventions="part_floor: 0, part_served: days")
    found = card(
        shrunk,
        staff=[staff(from_="2026-10-01", until="2026-10-10"), staff(from_="2026-10-06", until="2026-10-12"), staff(from_="2026-10-31")],
    )
    assert found.total is not None
    assert round(found.total * 31) == 1300
    assert said(found) == "served 13 of 31 days, from 2026-10-01 to 2026-10-31"


def test_a_case_of_an_earlier_month_sees_the_facts_of_that_month_or_none() -> None:
    dated = month("""{id: c, for: cases, by: closed_on, points: '-1 if role == "back" else -5'}""")
    case = {"case": "C1", "staff": "S1", "received_on": "2026-09-28", "closed_on": "2026-10-12"}
    october = staff(period="2026-10", role="front")
    known = card(dated, staff=[october, staff(period="2026-09", role="back")], cases=[case])
    assert [line.points for line in known.lines] == [-1]
    less = card(dated, staff=[october, staff(period="2026-09")], cases=[case])
    assert less.total is None
