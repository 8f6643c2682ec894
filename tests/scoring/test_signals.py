"""Signals of clocks: a yellow or a red card that a case's clock raises is an event of the day it was raised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govservice import Rulebook, load_rulebook
from govservice.errors import ConventionError

from .centre import card, case, event, month, total

CLOCK = """
clocks:
  promised:
    about: cases
    limit: 5个工作日
    starts: received_on
    stops: closed_on
    alarms: [{signal: yellow, at: 60%}, {signal: red, after: 0}]
"""
STATED = "part_floor: 0, part_overflow: capped, first_day: excluded, roll: forward, rest_day_same_day: next, percent_alarms: day"
COUNTED = f"{STATED}, cleared_signals: counted"
RED = "{id: red, for: red, points: -10}"
NEVER = case(1, "2026-10-12")  # due on the 19th, so red on the 20th; yellow on the 15th
IN_TIME = case(2, "2026-10-12", closed_on="2026-10-16")
LATE = case(3, "2026-10-12", closed_on="2026-10-22")


def cards(item: str, conventions: str = COUNTED) -> Rulebook:
    return month(item, conventions=conventions, rest=CLOCK)


def test_a_signal_is_priced_as_an_event_of_the_day_it_was_raised() -> None:
    found = card(cards(RED), cases=[NEVER])
    assert found.total == 90
    [line] = found.lines
    assert (line.on, line.row and line.row["case"]) == (date(2026, 10, 20), "C1")
    assert total(cards(RED), cases=[NEVER], period="2026-11") == 100


@pytest.mark.parametrize("written", ["red", "promised.red"])
def test_a_signal_is_counted_by_its_name_or_with_its_clock(written: str) -> None:
    assert total(cards(f"{{id: red, points: -10 * count({written})}}"), cases=[NEVER, IN_TIME, LATE]) == 80
    assert total(cards(f"{{id: red, for: {written}, points: -10}}"), cases=[NEVER, IN_TIME, LATE]) == 80


def test_what_an_event_of_that_kind_says_counts_too_and_one_given_for_the_case_stands() -> None:
    given = event("red", 14)
    assert total(cards(RED), given, cases=[NEVER]) == 80
    assert total(cards(RED), {**given, "case": "C1"}, cases=[NEVER]) == 90


def test_a_signal_is_not_yet_raised_as_of_a_day_before() -> None:
    assert total(cards(RED), cases=[NEVER], now=date(2026, 10, 19)) == 100
    assert total(cards(RED), cases=[NEVER], now=date(2026, 10, 20)) == 90


def test_a_signal_that_waits_for_a_reason_of_its_own_says_for_which() -> None:
    of = month(RED, conventions=COUNTED, rest=CLOCK.replace("after: 0", "after: 0, when: weight > 1"))
    assert [total(of, cases=[{**NEVER, "weight": weight}]) for weight in (2, 1)] == [90, 100]
    found = card(of, cases=[NEVER])
    assert [(one.item, one.needs, one.low, one.high) for one in found.open] == [("red", ("cases:1.weight",), -10, 0)]
    assert (found.low, found.high) == (90, 100)


def test_whether_a_cleared_signal_counts_is_the_books_to_say_and_asked_only_then() -> None:
    yellow = "{id: yellow, for: yellow, points: -1}"
    assert total(cards(yellow), cases=[IN_TIME]) == 99
    assert total(cards(yellow, f"{STATED}, cleared_signals: not"), cases=[IN_TIME]) == 100
    assert total(cards(yellow, f"{STATED}, cleared_signals: not"), cases=[LATE]) == 99
    assert total(cards(yellow, STATED), cases=[LATE]) == 99
    with pytest.raises(ConventionError, match="yellow depends on the convention cleared_signals"):
        total(cards(yellow, STATED), cases=[IN_TIME])


@pytest.mark.parametrize(
    ("about", "rows", "worth"),
    [
        ("stages", [{"case": "C1", "begun_on": "2026-10-12"}, {"case": "C1", "begun_on": "2026-10-13"}], 80),
        ("stages", [{"case": "C1", "begun_on": "2026-10-12"}, {"case": "C1", "begun_on": None}], (80, 90)),
        ("application", [{"application": "A1", "begun_on": "2026-10-12"}], 90),
        ("application", [{"application": "A1", "begun_on": None}], (90, 100)),
    ],
)
def test_rows_of_a_case_and_what_it_belongs_to_raise_signals_too(tmp_path: Path, about: str, rows: list[object], worth: object) -> None:
    path = tmp_path / "own.yaml"
    tables = "stages: {of: cases, stage: text, begun_on: date}, application: {begun_on: date}"
    clock = f"{{about: {about}, limit: 5个工作日, starts: begun_on, alarms: [{{signal: red, after: 0}}]}}"
    path.write_text(
        f"rulebook: own\nconventions: {{{COUNTED}}}\ntables: {{{tables}}}\nclocks: {{begun: {clock}}}\n"
        f"schemes: {{month: {{scores: staff, period: month, parts: {{work: {{full: 100, items: [{RED}]}}}}}}}}\n",
        encoding="utf-8",
    )
    assert total(load_rulebook(path), cases=[case(1, application="A1")], **{about: rows}) == worth


def test_without_the_cases_nobody_knows_what_was_raised() -> None:
    assert total(cards(RED)) == (0, 100)
    assert total(cards('{id: red, points: "-10 * count(red)"}'), event("red")) == (0, 100)


def test_an_overdue_case_is_judged_as_of_the_periods_last_day() -> None:
    of = cards("{id: overdue, for: cases, when: promised.overdue, points: -10}")
    assert total(of, cases=[NEVER]) == 90
    assert total(of, cases=[case(1, "2026-10-30")]) == 100
    assert total(of, cases=[NEVER], now=date(2026, 10, 13)) == 100


def test_a_pause_moves_the_signal() -> None:
    pauses = [{"case": "C1", "kind": "hearing", "from": "2026-10-13", "to": "2026-11-20", "told": True}]
    of = month(RED, conventions=f"{COUNTED}, pause_needs_notice: no", rest=CLOCK.replace("    alarms", "    pauses: [hearing]\n    alarms"))
    assert total(of, cases=[NEVER], pauses=pauses) == 100
    assert total(of, cases=[NEVER], pauses=[]) == 90


OF_CASE = {"case": "C1", "kind": "hearing", "from": "2026-10-13", "to": "2026-10-14", "told": True}
OF_ROW = {"table": "cases", "row": "C1", "kind": "hearing", "from": "2026-10-15", "to": "2026-10-16", "told": True}


@pytest.mark.parametrize(("pauses", "day"), [([], 20), ([OF_CASE], 22), ([OF_ROW], 22), ([OF_CASE, OF_ROW], 24)])
def test_pauses_that_name_the_case_and_those_that_name_its_row_both_move_the_signal(pauses: list[dict[str, object]], day: int) -> None:
    of = month(RED, conventions=f"{COUNTED}, pause_needs_notice: no", rest=CLOCK.replace("    alarms", "    pauses: [hearing]\n    alarms"))
    assert [line.on for line in card(of, cases=[NEVER], pauses=pauses).lines] == [date(2026, 10, day)]


def test_a_score_that_reads_a_clock_asks_for_a_convention_only_where_the_case_turns_on_it() -> None:
    of = month(
        "{id: slow, for: cases, when: promised.overdue, points: -1}",
        conventions="part_floor: 0, part_overflow: capped, roll: forward",
        rest=CLOCK,
    )
    assert total(of, cases=[case(1, closed_on="2026-10-16")]) == 100
    assert total(of, cases=[case(1, closed_on="2026-10-20")]) == 99
    with pytest.raises(ConventionError, match=r"promised\.overdue depends on the convention first_day"):
        total(of, cases=[case(1, closed_on="2026-10-19")])  # due on the 16th, or on the 19th
