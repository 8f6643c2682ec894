"""One expiry of an application's clock is one signal for each window, person and department, however many of its cases they have."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from govservice import load_rulebook, score
from govservice.rules import Rulebook

BOOK = """rulebook: answers
title: 答复
conventions:
  {first_day: excluded, roll: forward, percent_alarms: day, pause_needs_notice: no, cleared_signals: counted, part_floor: 0,
   part_overflow: capped, unserved_periods: skip}
tables: {application: {filed_on: date, answered_on: date}}
clocks:
  answer:
    about: application
    limit: 5个工作日
    starts: filed_on
    stops: answered_on
    pauses: [hearing]
    alarms: [{signal: yellow, at: 60%}, {signal: red, after: 0}]
schemes:
  by_window: {scores: window, period: month, parts: {a: {full: 10, items: [{id: red, for: answer.red, points: -1}]}}}
  by_department: {scores: department, period: month, parts: {a: {full: 10, items: [{id: red, points: -1 * count(answer.red)}]}}}
  by_staff: {scores: staff, period: month, parts: {a: {full: 10, items: [{id: red, for: red, points: -1}]}}}
"""
STAFF = [{"staff": id, "window": window, "department": "D1"} for id, window in (("S1", "W1"), ("S2", "W1"), ("S3", "W2"))]


@cache
def of() -> Rulebook:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.yaml"
        path.write_text(BOOK, encoding="utf-8")
        return load_rulebook(path)


def case(number: int, staff: str, application: str | None = "A1") -> dict[str, Any]:
    window = "W2" if staff == "S3" else "W1"
    own = {"application": application} if application is not None else {}
    dates = {"received_on": "2026-10-12", "filed_on": "2026-10-12"}
    return {"case": f"C{number}", "staff": staff, "window": window, "department": "D1", **own, **dates}


CASES = [case(1, "S1"), case(2, "S1"), case(3, "S2"), case(4, "S3")]


def totals(scheme: str, cases: list[dict[str, Any]], **more: Any) -> dict[str, str]:
    records = {"staff": STAFF, "cases": cases, "pauses": [], "events": [], **more}
    found = score(of(), scheme, records, period="2026-10", now="2026-10-23")
    return {card.subject: str(card.total) if card.total is not None else f"{card.low} to {card.high}" for card in found}


@pytest.mark.parametrize(
    ("scheme", "told"),
    [("by_window", {"W1": "9", "W2": "9"}), ("by_staff", {"S1": "9", "S2": "9", "S3": "9"}), ("by_department", {"D1": "9"})],
)
def test_it_counts_once_for_each(scheme: str, told: dict[str, str]) -> None:
    assert totals(scheme, CASES) == told
    assert totals(scheme, CASES[::-1]) == told


def test_each_application_has_its_own() -> None:
    assert totals("by_window", [case(1, "S1"), case(2, "S1", "A2"), case(3, "S2", "A2")])["W1"] == "8"


def test_cases_that_name_no_application_have_each_their_own() -> None:
    assert totals("by_window", [case(1, "S1", None), case(2, "S1", None)])["W1"] == "8"


def test_one_that_was_given_for_a_case_of_it_stands_for_the_others() -> None:
    given = {"kind": "red", "case": "C1", "staff": "S1", "on": "2026-10-20"}
    assert totals("by_staff", CASES, events=[given]) == {"S1": "9", "S2": "9", "S3": "9"}


def test_of_cases_of_which_one_was_paused_each_day_is_told() -> None:
    paused = {"kind": "hearing", "case": "C2", "from": "2026-10-13", "to": "2026-10-13"}
    assert totals("by_window", CASES[:2], pauses=[paused])["W1"] == "8"


def test_of_cases_of_which_one_is_open_at_least_one_counts() -> None:
    unsaid = {"case": "C2", "from": "2026-10-13", "to": "2026-10-23"}  # of a kind that stops the clock, or of another
    assert totals("by_window", CASES[:2], pauses=[unsaid])["W1"] == "8 to 9"
    assert totals("by_window", CASES[:2], pauses=[unsaid | {"kind": "missing"}])["W1"] == "9"
    assert totals("by_window", CASES[:2], pauses=[unsaid | {"kind": "hearing"}])["W1"] == "9"
