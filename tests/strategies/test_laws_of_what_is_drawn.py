"""Laws of our own on what is drawn: limits counted back, pauses that follow from facts, anchored periods, none."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from govservice import NONE, TimeLimit, china, clocks, deadline, score
from govservice.scoring import Period
from govservice.strategies import CaseHistory, case_histories, days, facts_for, periods, records_for

from .some_books import shown_book

CALENDAR = china()
BOOK = shown_book()
DAY = timedelta(days=1)
AFTER = date(2040, 1, 1)
few = settings(max_examples=60, deadline=None)
WORKDAYS = st.integers(1, 60).map(lambda value: TimeLimit(value, "workday"))
NATURAL_DAYS = st.integers(1, 90).map(lambda value: TimeLimit(value, "natural_day"))

# Limits counted back


@given(case_histories(limits=WORKDAYS, backward=True))
@few
def test_counting_on_from_the_last_day_in_time_undoes_counting_back(history: CaseHistory) -> None:
    last = history.deadline(CALENDAR).due
    assert deadline(history.limit, last, CALENDAR).due == CALENDAR.next_workday(history.start)


@given(case_histories(limits=NATURAL_DAYS, backward=True))
@few
def test_natural_days_counted_back_are_those_counted_on(history: CaseHistory) -> None:
    assert deadline(history.limit, history.deadline(CALENDAR).due, CALENDAR, roll="none").due == history.start


@given(case_histories(backward=True), st.integers(0, 60))
@few
def test_a_later_hearing_never_has_an_earlier_last_day(history: CaseHistory, later: int) -> None:
    moved = CaseHistory(history.limit, history.start + later * DAY, backward=True)
    assert history.deadline(CALENDAR).due <= moved.deadline(CALENDAR).due


@given(facts_for(BOOK, "notice", missing=0))
@few
def test_the_clock_says_of_a_drawn_case_what_the_deadline_says(case: dict[str, Any]) -> None:
    (reading,) = clocks(case, BOOK, now=AFTER, only=["notice"])
    assert reading.due_on == deadline("7个工作日", case["hearing_on"], CALENDAR, backward=True).due
    assert reading.overdue is (case["told_on"] > reading.due_on)


# Pauses that follow from facts


@given(facts_for(BOOK, "reply", missing=0.1))
@few
def test_a_pause_that_follows_from_facts_never_shortens(case: dict[str, Any]) -> None:
    (paused,) = clocks(case, BOOK, now=AFTER, only=["reply"])
    (unpaused,) = clocks({**case, "difficult": False, "pauses": []}, BOOK, now=AFTER, only=["reply"])
    assume(paused.due is not None and unpaused.due is not None)
    assert paused.due_on >= unpaused.due_on


@given(facts_for(BOOK, "reply", missing=0))
@few
def test_it_is_a_pause_like_any_other(case: dict[str, Any]) -> None:
    (reading,) = clocks({**case, "difficult": True, "pauses": [], "extensions": []}, BOOK, now=AFTER, only=["reply"])
    paused = [(case["asked_on"], case["answered_on"])]
    assert reading.due_on == deadline("8个工作日", case["received_on"], CALENDAR, pauses=paused).due


# Anchored periods


@given(periods())
@few
def test_periods_tile_the_time_without_a_hole_or_an_overlap(period: Period) -> None:
    before = period.before()
    assert before.first <= before.last == period.first - DAY
    assert before.kind == period.kind


@given(periods(kinds=[{"month_from": 26}, {"year_from": "12-01"}]))
@few
def test_an_anchored_period_begins_on_its_day_and_is_named_for_its_end(period: Period) -> None:
    assert period.first.day == (26 if period.kind.startswith("month") else 1)
    assert f"{period.last:%Y-%m}".startswith(str(period))
    assert 27 <= (period.last - period.first).days <= 365


@given(st.lists(days(min_date=date(2026, 1, 1), max_date=date(2026, 3, 31)), max_size=8))
@few
def test_every_row_is_counted_in_one_anchored_period(late: list[date]) -> None:
    rows = [{"kind": "late", "staff": "s", "on": on, "minutes": 5} for on in late]
    records = {"staff": [{"staff": "s"}], "events": rows}
    months = ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert sum(score(BOOK, "anchored_score", records, subject="s", period=month).total for month in months) == -len(late)


@given(periods(kinds=[BOOK.schemes["anchored_score"].period]))
@few
def test_a_drawn_period_is_taken_by_the_verbs_as_its_name_is(period: Period) -> None:
    records = {"staff": [{"staff": "s"}], "events": [{"kind": "late", "staff": "s", "on": period.last, "minutes": 5}]}
    card = score(BOOK, "anchored_score", records, subject="s", period=period)
    assert card.total == -1
    assert card == score(BOOK, "anchored_score", records, subject="s", period=str(period))


# None


@given(facts_for(BOOK, "paid", missing=0, none=1))
@few
def test_none_is_known_and_settles_what_missing_leaves_open(facts: dict[str, Any]) -> None:
    assert set(facts.values()) == {NONE}
    assert BOOK.decide("paid", facts).value("paid") == "free"
    assert BOOK.decide("paid", {}).open


@given(facts_for(BOOK, "deep", none=0.4))
@few
def test_forgetting_what_is_none_never_overturns(facts: dict[str, Any]) -> None:
    whole = BOOK.decide("deep", facts)
    asked = {"asked_on"}  # whether it is known is asked of it
    some = BOOK.decide("deep", {name: value for name, value in facts.items() if value is not NONE or name in asked})
    assert some.open or some.value("deep") == whole.value("deep")


@given(records_for(BOOK, tables=["cases"], max_size=2, missing=0, none=1))
@few
def test_rows_may_be_none_in_every_fact_but_their_number(records: dict[str, list[dict[str, Any]]]) -> None:
    for row in records["cases"]:
        assert {name: value for name, value in row.items() if value is not NONE} == {"case": row["case"]}
        assert BOOK.decide("paid", row).value("paid") == "free"


# Facts for which a rule fires


@pytest.mark.parametrize("rule", ["one", "two", "three", "four", "five"])
def test_a_rule_deep_in_a_table_fires(rule: str) -> None:
    @few
    @given(facts_for(BOOK, "deep", rule=rule))
    def fires(facts: dict[str, Any]) -> None:
        assert BOOK.decide("deep", facts).rule == rule

    fires()
