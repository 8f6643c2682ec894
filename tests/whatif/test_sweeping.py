"""One number over many values: each point is what the two books come to, and a threshold is found where it lies."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from govservice import load_rulebook, what_if
from govservice.errors import DecisionError, RecordError
from govservice.sample import centre_year
from govservice.whatif import sweep, tipping_point, weights

BOOK = load_rulebook(Path(__file__).parent / "small.yaml")
YEAR = centre_year(cases=400, seed=4)
MONTH = "2025-05"


def test_each_point_is_what_the_two_books_come_to() -> None:
    path = "schemes.month.parts.limits.items.overdue.points"
    found = sweep(BOOK, {path: ["-2 * overdue_workdays", "-4 * overdue_workdays"], "settings.good_at": [98, 100]}, YEAR, period=MONTH)
    assert len(found.points) == 4
    for point in found.points:
        alone = what_if(
            BOOK, BOOK.amend({path: point.values[path]}).given({"good_at": point.values["settings.good_at"]}), YEAR, period=MONTH
        )
        assert point.figures["changed_scores"] == alone.changed_scores
        assert point.figures["changed_grades"] == len(alone.grade_changes)


def test_a_cut_of_every_promise_makes_more_cases_overdue_the_deeper_it_is() -> None:
    cuts = [f"promised_limit * {n} / 10" for n in (10, 8, 6, 4)]
    found = sweep(BOOK, {"clocks.promised.limit": cuts}, YEAR, period=MONTH)
    overdue = [point.figures["newly_overdue"] for point in found.points]
    assert overdue == sorted(overdue)  # type: ignore[type-var]
    assert overdue[0] == 0
    assert type(found).from_json(found.to_json()) == found


def test_a_threshold_is_found_where_it_lies() -> None:
    rows = {"cases": [{"case": f"C{n}", "received_on": "2025-05-06", "simple": False, "departments": 1, "needs_review": True,
                       "nonmain_missing": n} for n in range(1, 9)]}  # fmt: skip
    found = tipping_point(BOOK, "settings.few", rows, lambda one: one.moved_cases >= 3, among=range(1, 9), period=MONTH)
    assert found is not None
    assert (found.last, found.first, found.before, found.after, found.exact) == (3, 4, False, True, True)
    assert tipping_point(BOOK, "settings.few", rows, lambda one: one.moved_cases >= 30, among=range(1, 9), period=MONTH) is None


def test_the_numbers_that_matter_come_first() -> None:
    found = weights(BOOK, centre_year(cases=200, seed=4), period=MONTH)
    changed = [one.lower + one.higher for one in found]  # type: ignore[operator]
    assert changed == sorted(changed, reverse=True)
    assert changed[0] > 0


def test_a_sweep_as_a_frame() -> None:
    polars = pytest.importorskip("polars")
    frame = sweep(BOOK, {"settings.good_at": [90, Decimal("92.5")]}, centre_year(cases=50), period=MONTH).to_frame()
    assert frame["settings.good_at"].to_list() == [90.0, 92.5]
    assert frame.schema["moved_cases"] == polars.Int64


@pytest.mark.parametrize("values", [{}, {"settings.few": []}, {"settings.few": range(10_001)}])
def test_nothing_to_try_and_too_much_are_refused(values: dict[str, object]) -> None:
    with pytest.raises(RecordError):
        sweep(BOOK, values, YEAR)  # type: ignore[arg-type]


def test_an_unknown_path_is_refused_with_the_closest() -> None:
    with pytest.raises(DecisionError, match="good_at"):
        sweep(BOOK, {"settings.god_at": [1]}, YEAR)
