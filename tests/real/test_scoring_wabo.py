"""The permits of a Dutch municipality scored: groups as windows, resources as staff; every figure checked against polars."""

from __future__ import annotations

import gzip
import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

import pytest

from govservice import WorkCalendar, grade, load_rulebook, measure, score
from govservice.rules import Rulebook
from govservice.scoring import Grading, Scorecard

from ..beside import DATA

BOOK = Path(__file__).parent / "books" / "wabo-scores.yaml"
pytestmark = pytest.mark.shared("data/wabo_receipt_events.csv.gz", "data/wabo_receipt.facts.json")

pl = pytest.importorskip("polars")

QUARTERS = {
    "2010-Q4": (2010, 4),
    "2011-Q1": (2011, 1),
    "2011-Q2": (2011, 2),
    "2011-Q3": (2011, 3),
    "2011-Q4": (2011, 4),
    "2012-Q1": (2012, 1),
}
YEARS = ("2010", "2011", "2012")
STEPS = ("received", "printed", "examined")  # the others are another matter
KINDS = {
    "Confirmation of receipt": "received",
    "T03 Adjust confirmation of receipt": "adjusted",
    "T05 Print and send confirmation of receipt": "printed",
    "T10 Determine necessity to stop indication": "examined",
}


def day(column: str) -> Any:
    """The municipality's own day of a moment."""
    moment = pl.col(column).str.to_datetime("%Y-%m-%d %H:%M:%S%.f%:z", time_unit="us")
    return moment.dt.convert_time_zone("Europe/Amsterdam").dt.date()


@cache
def log() -> Any:
    with gzip.open(DATA / "wabo_receipt_events.csv.gz", "rt", encoding="utf-8", newline="") as file:
        frame = pl.read_csv(file.read().encode(), infer_schema_length=0)
    came = day("timestamp").filter(pl.col("activity") == "Confirmation of receipt").min().over("case_id")
    return frame.with_columns(
        on=day("timestamp"),
        case_came_on=came,
        kind=pl.col("activity").replace_strict(KINDS, default="other_step"),
        weekdays=pl.business_day_count(came + timedelta(1), day("timestamp") + timedelta(1)),
    )


@cache
def permits() -> Any:
    """One row a case; the days it was late in weeks begun."""
    days = {"received_on": "case_startdate", "deadline_on": "case_deadline", "closed_on": "case_enddate"}
    frame = log().unique("case_id", keep="first", maintain_order=True)
    return frame.select("case_id", "case_responsible", **{ours: day(theirs) for ours, theirs in days.items()})


@cache
def records() -> dict[str, Any]:
    events = log().select(
        "on",
        "kind",
        case="case_id",
        staff="resource",
        window="group",
        department=pl.lit("municipality"),
        case_came_on=pl.when(pl.col("kind") == "printed").then("case_came_on"),
    )
    return {"events": events, "cases": permits().rename({"case_id": "case", "case_responsible": "staff"})}


@cache
def book() -> Rulebook:
    return load_rulebook(BOOK)


@cache
def weekdays() -> WorkCalendar:
    """Monday to Friday, holidays or not: the day counting of the figures that these are compared with."""
    dutch = WorkCalendar.of("NL")
    every = [date(2010, 1, 1) + timedelta(n) for n in range(3 * 366)]
    worked = [one for one in every if one.weekday() < 5 and not dutch.is_workday(one)]
    return dutch.amend(makeup_workdays=worked, source="the figures count no holidays")


@cache
def groups() -> dict[tuple[str, str], Scorecard]:
    """Every group's card of every quarter."""
    cards = {one: score(book(), "group_quarter", records(), period=one) for one in QUARTERS}
    return {(card.subject, card.period): card for found in cards.values() for card in found}


@cache
def staff() -> dict[tuple[str, str], Grading]:
    """Every resource's grade of every year."""
    found = {one: grade(book(), "staff_grade", records(), period=one, calendar=weekdays()) for one in YEARS}
    return {(one.subject, year): one for year, gradings in found.items() for one in gradings}


def exact(number: object) -> Fraction:
    assert isinstance(number, (int, Decimal))
    return Fraction(number)


def rows(frame: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = frame.rows(named=True)
    return found


@cache
def counted_groups() -> dict[tuple[str, str], dict[str, int]]:
    """Steps of each kind by group and quarter."""
    frame = log().group_by("group", pl.col("on").dt.year().alias("year"), pl.col("on").dt.quarter().alias("quarter"), "kind").len()
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows(frame):
        (period,) = (name for name, at in QUARTERS.items() if at == (row["year"], row["quarter"]))
        found.setdefault((row["group"], period), {})[row["kind"]] = row["len"]
    return found


def test_every_group_of_every_quarter_is_scored_and_no_step_is_lost() -> None:
    assert groups().keys() == {(group, period) for group in log()["group"].unique() for period in QUARTERS}
    assert sum(sum(one.values()) for one in counted_groups().values()) == 8_577
    lines = [line for card in groups().values() for line in card.lines if line.item == "step"]
    assert len(lines) == log()["kind"].is_in(STEPS).sum() == 1_434 + 1_300 + 1_283


def test_every_step_earns_its_points_and_ten_others_earn_one() -> None:
    for at, card in groups().items():
        kinds = counted_groups().get(at, {})
        expected = 2 * kinds.get("received", 0) + kinds.get("printed", 0) + kinds.get("examined", 0) + kinds.get("other_step", 0) // 10
        assert card.parts["work"].total == expected


def test_from_the_fourth_on_an_adjustment_costs_double() -> None:
    adjusted = {at: one.get("adjusted", 0) for at, one in counted_groups().items()}
    assert max(adjusted.values()) > 4
    for at, card in groups().items():
        count = adjusted.get(at, 0)
        assert card.parts["rework"].total == 20 - count - max(0, count - 3)
        assert [line.points for line in card.lines if line.item == "adjusted"] == [-1] * min(count, 3) + [-2] * max(0, count - 3)


def test_what_nothing_prices_is_nothing_here() -> None:
    assert all(not card.unpriced and not card.open for card in groups().values())  # other steps are counted


@cache
def counted_staff() -> dict[tuple[str, str], dict[str, int]]:
    """What each resource did in a year: steps, prints and prompt ones among them, weeks that its cases were late."""
    year = pl.col("on").dt.year().cast(pl.String)
    printed = pl.col("kind") == "printed"
    did = log().group_by(pl.col("resource").alias("staff"), year.alias("year")).agg(
        steps=pl.len(), printed=printed.sum(), prompt=(printed & (pl.col("weekdays") <= 1)).sum()
    )  # fmt: skip
    late = (pl.col("closed_on") - pl.col("deadline_on")).dt.total_days()
    weeks = permits().filter(late > 0).group_by(
        pl.col("case_responsible").alias("staff"), pl.col("closed_on").dt.year().cast(pl.String).alias("year")
    ).agg(late=pl.len(), weeks=((late + 6) // 7).sum())  # fmt: skip
    whole = did.join(weeks, on=["staff", "year"], how="full", coalesce=True).fill_null(0)
    return {(row["staff"], row["year"]): row for row in rows(whole)}


def total(one: dict[str, Any]) -> Fraction:
    prompt = Fraction(one["prompt"], one["printed"]) if one["printed"] else Fraction(1)
    return 50 - one["weeks"] + 50 * prompt


NOTHING = {"steps": 0, "printed": 0, "prompt": 0, "late": 0, "weeks": 0}


def test_every_resource_is_scored_by_its_promptness_and_the_weeks_its_cases_were_late() -> None:
    named = {*log()["resource"], *log()["case_responsible"]}
    assert {name for name, _ in staff()} == named
    for at, found in staff().items():
        assert abs(exact(found.total) - total(counted_staff().get(at, NOTHING))) < Fraction(1, 10**20)
    assert len({found.total for found in staff().values()}) > 20


def ranked(year: str) -> dict[str, tuple[Fraction, int]]:
    """By what the resources of twenty steps and more are ranked: the total, then the steps."""
    return {name: (total(one), one["steps"]) for (name, when), one in counted_staff().items() if when == year and one["steps"] >= 20}


@pytest.mark.parametrize("year", YEARS)
def test_ranks_and_quotas_are_those_of_the_sorted_columns(year: str) -> None:
    keys = ranked(year)
    assert len(keys) > 5
    for (name, when), found in staff().items():
        if when != year:
            continue
        if name not in keys:
            assert (found.rank, found.rank_low, found.grade, found.ranked) == (None, None, "not ranked", len(keys))
            continue
        before = sum(one > keys[name] for one in keys.values())
        level = sum(one == keys[name] for one in keys.values())
        assert (found.rank_low, found.rank_high) == (before + 1, before + level)
        assert found.ranked == len(keys)
        if level == 1:
            best, good = floor(len(keys) * 0.2), floor(len(keys) * 0.5)
            assert found.grade == ("excellent" if before < best else "good" if before < good else "ordinary")


def test_promptness_of_all_permits_is_the_known_figure() -> None:
    told = json.loads((DATA / "wabo_receipt.facts.json").read_text(encoding="utf-8"))["receipt_to_T05"]
    for name, figure in (("prompt_percent", "share_le_1"), ("within_five_percent", "share_le_5")):
        found = measure(book(), name, records(), subject="municipality", period="ever", calendar=weekdays())
        assert float(exact(found.value)) / 100 == pytest.approx(told[figure], abs=1e-6)


def test_a_group_is_scored_the_same_without_the_others() -> None:
    own = {name: frame.filter(pl.col("window") == "Group 4") for name, frame in records().items() if "window" in frame.columns}
    (card,) = score(book(), "group_quarter", own, period="2011-Q2")
    whole = groups()["Group 4", "2011-Q2"]
    assert (card.total, card.parts) == (whole.total, whole.parts)
    assert [line.points for line in card.lines] == [line.points for line in whole.lines]
