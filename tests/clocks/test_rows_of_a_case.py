"""The rows of a case as its decisions count them: stages and events, what each row lacks and what the case lacks, and whose they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from govservice import Rulebook, clocks, load_rulebook
from govservice.deadlines import case_outcomes

NOW = date(2026, 3, 12)
CASE = {"case": "C1", "received_on": "2026-03-02"}  # a Monday
BOOK = """\
rulebook: own
conventions: {first_day: excluded, roll: forward, pause_needs_notice: no}
tables:
  events: {of: [staff, cases]}
  cases: {large: boolean}
  stages: {of: cases, stage: text, begun_on: date, ended_on: date, major: boolean}
events:
  late: {label: 迟到}
  gift: {label: 收受礼品, verified: true}
decisions:
  heavy:
    about: cases
    hit: first
    outcomes: {heavy: integer}
    rules: [{then: {heavy: '=count(stages, when=major and large)'}}]
  told:
    about: cases
    hit: first
    outcomes: {told: integer}
    rules: [{then: {told: '=10 * count(late) + count(gift)'}}]
clocks:
  whole: {about: cases, limit: 5 工作日, starts: received_on, pauses: hearing}
  c: {about: stages, limit: 3 工作日, starts: begun_on, stops: ended_on, pauses: hearing, extension: {limit: 2 工作日, times: 1}}
"""
STAGES = [{"case": "C1", "stage": "受理", "begun_on": "2026-03-02"}, {"case": "C1", "stage": "审查", "begun_on": "2026-03-09"}]
HEARING = {"case": "C1", "kind": "hearing", "from": "2026-03-03", "to": "2026-03-04"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path = tmp_path_factory.mktemp("rows") / "own.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


def counted(book: Rulebook, name: str, case: dict[str, Any], **records: list[dict[str, Any]]) -> tuple[object, tuple[str, ...]]:
    """What a decision counts, and what it waits for."""
    found = case_outcomes({**CASE, **case}, book, now=NOW, records=records or None)[name]
    return None if found.open else found.value(name), found.undecided


@pytest.mark.parametrize(
    ("large", "found"),
    [
        (True, (None, ("stages:2.major",))),
        (False, (0, ())),
        (None, (None, ("large", "stages:2.major"))),
    ],
)
def test_what_a_row_lacks_is_named_with_it_and_what_the_case_lacks_without(book: Rulebook, large: bool | None, found: object) -> None:
    rows = [{"stage": "受理", "major": True}, {"stage": "审查"}, {"stage": "送达", "major": False}]
    assert counted(book, "heavy", {"large": large, "stages": rows}) == found


@pytest.mark.parametrize("within", [True, False])
def test_events_of_a_case_are_counted_by_kind_and_only_those_verified_where_that_is_asked(book: Rulebook, within: bool) -> None:
    rows: list[dict[str, Any]] = [
        {"case": "C1", "kind": "late"},
        {"case": "C1", "kind": "迟到"},
        {"case": "C1", "kind": "gift", "verified": True},
        {"case": "C1", "kind": "gift", "verified": False},
        {"case": "C1", "kind": "late"},
    ]
    assert (counted(book, "told", {"events": rows}) if within else counted(book, "told", {}, events=rows)) == (31, ())
    assert counted(book, "told", {}) == (None, ("events",))


def due_days(book: Rulebook, stages: list[dict[str, str]] = STAGES, **records: list[dict[str, Any]]) -> dict[str, tuple[object, object]]:
    """The due days of the case and of its stages, with what they wait for."""
    found = clocks(CASE, book, now=NOW, records={"stages": stages, **records})
    return {"C1" if one.row is None else stages[one.row - 1]["stage"]: (one.due, one.undecided) for one in found}


@pytest.mark.parametrize(
    ("named", "whole", "first"),
    [
        ({}, 11, 9),
        ({"table": "cases"}, 11, 5),
        ({"table": "cases", "row": "C1"}, 11, 5),
        ({"table": "stages"}, 9, 9),
        ({"table": "stages", "row": "受理"}, 9, 9),
        ({"row": "受理"}, 9, 9),
        ({"table": "stages", "row": "审查"}, 9, 5),
    ],
)
def test_a_pause_is_of_what_its_table_and_row_name(book: Rulebook, named: dict[str, str], whole: int, first: int) -> None:
    second = (date(2026, 3, 12), ())  # it began after the pause
    found = due_days(book, pauses=[HEARING | named])
    assert found == {"C1": (date(2026, 3, whole), ()), "受理": (date(2026, 3, first), ()), "审查": second}


@pytest.mark.parametrize("beside", [[], [HEARING | {"table": "stages", "row": "受理"}]])
def test_an_extension_that_names_no_row_is_of_the_only_one(book: Rulebook, beside: list[dict[str, str]]) -> None:
    asked = {"case": "C1", "clock": "c", "asked_on": "2026-03-04", "granted": True}
    found = due_days(book, STAGES[:1], extensions=[asked], pauses=beside)
    assert found["受理"] == (date(2026, 3, 11 if beside else 9), ())
