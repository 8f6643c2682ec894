"""A number tuned to a wish: the values that fulfil it are those at which counting the outcomes says so."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import grade, load_rulebook
from govservice.errors import DecisionError, RecordError
from govservice.sample import centre_year
from govservice.whatif import Tuned, Wish, tune
from govservice.whatif.tuning import EACH
from govservice.whatif.working import Beside

BOOK = load_rulebook(Path(__file__).parent / "small.yaml")
YEAR = centre_year(cases=400, seed=4)
MONTH = "2025-05"
ROWS = {
    "cases": [
        {"case": f"C{n}", "received_on": "2025-05-06", "simple": False, "departments": 1, "needs_review": True, "nonmain_missing": n}
        for n in range(1, 9)
    ]
}


def test_a_threshold_of_a_grade_is_tuned_to_the_share_of_subjects_that_reach_it() -> None:
    book = BOOK.amend({"schemes.month.parts.order.items.late.points": "-3"})
    found = tune(book, "settings.good_at", range(90, 101), YEAR, wish="grade is good >= 90 %", period=MONTH)
    for one in found.tried:
        grades = [each.grade for each in grade(book.given({"good_at": one.value}), "grade", YEAR, period=MONTH)]
        assert (one.count, one.of) == (grades.count("good"), len(grades))
        assert one.fulfils == (100 * grades.count("good") >= 90 * len(grades))
    assert 0 < len(found.fulfilling) < len(found.tried)
    assert (found.value, found.exact) == (found.fulfilling[0], True)


@pytest.mark.parametrize("decision", ["case_type", "green", "closed", "on_time", "overdue_workdays", "due_on"])
@pytest.mark.parametrize("changes", [{"settings.few": 0}, {"clocks.promised.limit": "promised_limit / 2"}, {"settings.good_at": 90}])
def test_outcomes_are_counted_in_columns_as_one_by_one(decision: str, changes: dict[str, object]) -> None:
    pytest.importorskip("polars")
    pytest.importorskip("numpy")
    records = {"cases": list(YEAR["cases"])[:50], "item": list(YEAR["item"])}
    other = BOOK.reform(changes)
    alone = Beside(BOOK, records, period=MONTH)
    assert alone._in_columns is not None
    with patch.object(Beside, "_other_world", side_effect=AssertionError("one by one")):
        found = alone.tally(other, decision)
    assert found == Beside(BOOK, records, period=MONTH, whole=True).tally(other, decision)


def test_where_no_value_fulfils_the_wish_the_nearest_is_said() -> None:
    found = tune(BOOK, "settings.few", range(1, 6), ROWS, wish="case_type is promised >= 100 %", period=MONTH)
    assert (found.value, found.nearest, found.fulfilling) == (None, 5, ())
    assert "nearest: 5" in found.explain()
    assert "最接近的是 5" in found.explain("zh")
    assert [one.misses_by for one in found.tried] == [87.5, 75, 62.5, 50, 37.5]


def test_what_is_open_neither_fulfils_nor_breaks_a_wish() -> None:
    rows = {"cases": [{key: value for key, value in ROWS["cases"][0].items() if key != "needs_review"}, *ROWS["cases"][1:]]}
    (one,) = tune(BOOK, "settings.few", [2], rows, wish="办件分类 is promised <= 1", period=MONTH).tried
    assert (one.count, one.most, one.fulfils) == (1, 2, None)


def test_of_many_values_the_place_where_the_wish_turns_is_found() -> None:
    found = tune(BOOK, "settings.few", range(200), ROWS, wish="case_type is promised >= 3", period=MONTH)
    assert (found.value, found.exact) == (3, True)
    assert len(found.tried) < 20
    alike = tune(BOOK, "settings.few", range(10, 210), ROWS, wish="case_type is promised >= 3", period=MONTH)
    assert not alike.exact
    assert len(alike.tried) <= EACH


def test_a_wish_may_be_a_function_and_a_result_goes_through_json() -> None:
    found = tune(BOOK, "settings.few", [1, 4], ROWS, wish=lambda one: one.moved_cases >= 3, period=MONTH)
    assert found.fulfilling == (4,)
    assert Tuned.from_json(found.to_json()) == found


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.booleans(), st.booleans(), st.integers(0, 100))
def test_a_wish_surely_fulfilled_is_fulfilled_however_the_open_ones_fall(
    low: int, more: int, rest: int, at_most: bool, percent: bool, amount: int
) -> None:
    wish, of = Wish.read(f"red_flag {'<=' if at_most else '>='} {amount}{' %' if percent else ''}"), low + more + rest
    bound = amount * of / 100 if percent else amount
    ways = {count <= bound if at_most else count >= bound for count in range(low, low + more + 1)}
    assert wish.far(of, low, low + more)[0] == (next(iter(ways)) if len(ways) == 1 else None)


@pytest.mark.parametrize("wish", ["", "red_flag", "red_flag < 5", "red_flag <= many", "<= 5 %"])
def test_a_wish_that_cannot_be_read_is_refused(wish: str) -> None:
    with pytest.raises(RecordError, match="wish"):
        tune(BOOK, "settings.few", [1], ROWS, wish=wish)


def test_a_decision_that_the_book_does_not_have_is_refused_with_the_closest() -> None:
    with pytest.raises(DecisionError, match="grade"):
        tune(BOOK, "settings.few", [1], ROWS, wish="grad <= 5")
    with pytest.raises(RecordError):
        tune(BOOK, "settings.few", [], ROWS, wish="grade <= 5")
