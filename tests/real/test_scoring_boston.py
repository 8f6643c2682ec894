"""Boston's 311 requests scored by department and by queue; every figure checked against polars, and what is late against the city."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest

from govservice import grade, load_rulebook, measure, score
from govservice.rules import Rulebook
from govservice.scoring import Grading, Ledger, Scorecard, read_ledger

from ..beside import DATA

BOOK = Path(__file__).parent / "books" / "boston-scores.yaml"
pytestmark = pytest.mark.shared("data/boston311_2015h1.parquet", "data/boston311_2015h1.facts.json")

pl = pytest.importorskip("polars")

HALF, QUARTER = "2015-H1", "2015-Q2"
SEEN = date(2016, 1, 12)  # the last day that the city's file knows of; what was still open then was judged as of it
NAMES = {
    "case_id": "case",
    "department": "department",
    "queue": "window",
    "target_dt": "target_at",
    "closed_dt": "closed_at",
    "ontime_status": "status",
}


@cache
def requests() -> Any:
    """The city's own columns under the names of the book."""
    frame = pl.read_parquet(DATA / "boston311_2015h1.parquet")
    return frame.select(pl.col("open_dt").dt.date().alias("received_on"), *(pl.col(city).alias(ours) for city, ours in NAMES.items()))


@cache
def book() -> Rulebook:
    return load_rulebook(BOOK)


@cache
def ledger() -> Ledger:
    return read_ledger(book(), {"cases": requests()})


@cache
def queues() -> dict[str, Scorecard]:
    """Every queue's card of the second quarter."""
    return {one.subject: one for one in score(book(), "queue_quarter", ledger(), period=QUARTER, now=SEEN)}


@cache
def departments() -> dict[str, Grading]:
    """Every department's grade of the half."""
    return {one.subject: one for one in grade(book(), "department_grade", ledger(), period=HALF, now=SEEN)}


def figure(name: str, department: str) -> Any:
    """A measure of the half; None where there is nothing to divide by."""
    return measure(book(), name, ledger(), subject=department, about="department", period=HALF, now=SEEN).value


@cache
def counted(by: str) -> dict[str, dict[str, Any]]:
    """The same figures from the columns, by department or queue: whole numbers only, so that nothing is rounded."""
    closed, target, said = pl.col("closed_at"), pl.col("target_at"), pl.col("status").is_not_null()
    late = pl.when(closed.is_null()).then(target.dt.date() < SEEN).otherwise(closed > target).fill_null(value=False)
    days = (pl.coalesce(closed.dt.date(), pl.lit(SEEN)) - target.dt.date()).dt.total_days()
    frame = requests().with_columns(late=late, days=pl.when(late).then(days))
    if by == "window":
        frame = frame.filter(pl.col("received_on").is_between(date(2015, 4, 1), date(2015, 6, 30)))
    found = frame.group_by(by).agg(
        cases=pl.len(),
        targeted=target.is_not_null().sum(),
        said=said.sum(),
        stated=(pl.col("status") == "OVERDUE").sum(),
        late=pl.col("late").sum(),
        late_said=(pl.col("late") & said).sum(),
        days=pl.col("days").sum(),
        capped=pl.col("days").clip(upper_bound=30).sum(),
        most=pl.col("days").max(),
    )
    return {row[by]: row for row in found.iter_rows(named=True)}


def exact(number: object) -> Fraction:
    """A reported number; those without an end have 28 digits."""
    assert isinstance(number, (int, Decimal))
    return Fraction(number)


def on_time(one: dict[str, Any]) -> Fraction | None:
    """The percentage of requests with a deadline that are not late; None where there is nothing to divide by."""
    return Fraction(100 * (one["targeted"] - one["late"]), one["targeted"]) if one["targeted"] else None


def expected(one: dict[str, Any]) -> tuple[Fraction, Fraction]:
    """The least and the most that a subject's total may be."""
    each = max(Fraction(0), 40 - Fraction(one["capped"], 100))
    volume = 2 if one["cases"] >= 5_000 else 1 if one["cases"] >= 1_000 else 0
    percent = on_time(one)
    if percent is None:
        return each + volume, each + volume + 60
    rate = Fraction(60, 100) * percent
    return each + rate + volume, each + rate + volume


def close(one: object, other: Fraction) -> bool:
    return abs(exact(one) - other) < Fraction(1, 10**20)


def test_every_queue_and_department_is_scored() -> None:
    assert (len(queues()), len(departments())) == (140, 17)
    assert departments().keys() == counted("department").keys()
    assert counted("window").keys() < queues().keys()  # some had requests in the first quarter only


def test_every_total_is_what_the_columns_come_to() -> None:
    for by, found in (("window", queues()), ("department", departments())):
        for name, one in counted(by).items():
            low, high = expected(one)
            assert close(found[name].low, low)
            assert close(found[name].high, high)
        assert len({found[name].low for name in counted(by)}) > len(counted(by)) / 2  # not one figure for all


def test_without_deadlines_there_is_nothing_to_divide_by_and_the_marks_of_the_rate_stay_open() -> None:
    without = {name for name in queues() if counted("window").get(name, {"targeted": 0})["targeted"] == 0}
    assert {name for name, card in queues().items() if card.total is None} == without
    assert 0 < len(without) < len(queues())
    for name in without:
        assert [(one.item, one.low, one.high) for one in queues()[name].open] == [("on-time", None, None)]


def test_each_late_request_has_its_line_and_no_other_request_has() -> None:
    lines = {name: [line for line in card.lines if line.item == "late"] for name, card in queues().items()}
    for name, one in counted("window").items():
        assert len(lines[name]) == one["late"]
        assert sum(exact(line.points) for line in lines[name]) == -Fraction(one["capped"], 100)
        assert all(line.row is not None and line.row["window"] == name for line in lines[name])
    assert sum(map(len, lines.values())) == sum(one["late"] for one in counted("window").values()) > 1_000


def test_a_part_is_held_exactly_where_its_rows_would_take_more_than_it_has() -> None:
    held = {name for name, card in queues().items() if card.parts["each"].held}
    assert held == {name for name, one in counted("window").items() if one["capped"] > 4_000}
    assert 0 < len(held) < len(queues())


def test_what_the_city_calls_overdue_is_late_in_every_department() -> None:
    told = json.loads((DATA / "boston311_2015h1.facts.json").read_text(encoding="utf-8"))["overdue_by_department"]
    for row in told:
        assert (figure("said", row["department"]), figure("late_said", row["department"])) == (row["cases"], row["overdue"])
    assert len(told) == 6
    stated = {name: one["stated"] for name, one in counted("department").items()}
    assert {name: figure("late_said", name) for name in departments()} == stated
    assert sum(stated.values()) == 15_624


def test_the_city_says_nothing_of_102_requests_that_are_late() -> None:
    late = {name: figure("late_count", name) for name in departments()}
    assert late == {name: one["late"] for name, one in counted("department").items()}
    assert sum(late.values()) == 15_624 + 63 + 39  # closed after the deadline, and still open after it


def test_rates_means_and_extremes_are_those_of_the_columns() -> None:
    for name, one in counted("department").items():
        percent = on_time(one)
        found = figure("on_time_percent", name)
        assert (found is None) == (percent is None)
        assert percent is None or close(found, percent)
        found = figure("mean_days_late", name)
        assert (found is None) == (one["late"] == 0)
        assert one["late"] == 0 or close(found, Fraction(one["days"], one["late"]))
        assert figure("worst_days_late", name) == one["most"]


def eligible() -> dict[str, tuple[Fraction, Fraction]]:
    """The departments of a hundred requests, with the least and the most that each may come to."""
    return {name: expected(one) for name, one in counted("department").items() if one["cases"] >= 100}


def test_a_department_stands_behind_those_that_are_surely_better_and_perhaps_behind_those_that_may_be() -> None:
    for name, (low, high) in eligible().items():
        others = [one for other, one in eligible().items() if other != name]
        best = 1 + sum(least > high for least, _ in others)
        worst = 1 + sum(most > low for _, most in others)
        found = departments()[name]
        assert (found.rank_low, found.rank_high, found.rank) == (best, worst, best if best == worst else None)
        assert found.ranked == len(eligible())
    assert {found.rank is None for name, found in departments().items() if name in eligible()} == {True, False}


def test_departments_with_fewer_requests_are_not_ranked() -> None:
    small = departments().keys() - eligible().keys()
    assert small == {"No Q", "HS_D", "BPS_", "HS_V", "CHT_", "GEN_", "HS_Y"}
    assert all(departments()[name].rank_low is None for name in small)


def test_the_best_three_tenths_are_excellent_and_a_grade_is_open_where_rank_or_total_may_cross_its_bound() -> None:
    quota = ceil(Fraction(3, 10) * len(eligible()))
    for name, one in counted("department").items():
        found, (low, high) = departments()[name], expected(one)
        may = {"passed"} if low >= 50 else {"failed"} if high < 50 else {"passed", "failed"}
        if found.rank_low is not None and found.rank_high is not None and found.rank_low <= quota:
            may = {"excellent"} if found.rank_high <= quota else {"excellent", *may}
        assert set(found.possible) == may
        assert found.grade == (may.pop() if len(may) == 1 else None)
    assert {found.grade for found in departments().values()} == {"excellent", "passed", "failed", None}
