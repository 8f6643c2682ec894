"""Signals of clocks: a yellow or a red card that a case's clock raises is an event of the day it was raised."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govservice import Rulebook, load_rulebook
from govservice.errors import ConventionError
from govservice.show.scorecard import records

from .centre import among_all, card, case, event, month, total

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
        ("stages", [{"case": "C1", "begun_on": "2026-10-12"}, {"case": "C1", "begun_on": None}], 90),  # not begun by now
        ("application", [{"application": "A1", "begun_on": "2026-10-12"}], 90),
        ("application", [{"application": "A1", "begun_on": None}], 100),
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


# -- a case that begins after the day settles that nothing happened to it by then

TOLD = """
clocks:
  promised:
    about: cases
    limit: promised_limit
    starts: add_workdays(accepted_on, 1) if weight > 3 else accepted_on
    stops: closed_on
    alarms: [{signal: yellow, ALARM}, {signal: red, after: 0}]
"""
ASKED = """
{id: red, for: red, points: -10}
{id: yellow, for: promised.yellow, points: -3}
{id: counted, points: -1 * count(red)}
{id: overdue, for: cases, when: promised.overdue, points: -7}
{id: late, for: cases, when: overdue, points: -5}
{id: due, for: cases, by: due_on, points: -0.01}
{id: due_late, points: "-0.001 * count(cases, when=overdue, by=due_on)"}
"""
FACTS = {"promised_limit": "5个工作日", "weight": 1, "received_on": "2026-10-12"}


@pytest.mark.parametrize("alarm", ["at: 60%", "before: 200 小时"])
@pytest.mark.parametrize(
    "later",
    [
        {"accepted_on": "2026-12-07"},
        {"accepted_on": "2026-11-02"},
        {"accepted_on": "2026-11-02", "weight": None},
        {"accepted_on": "2026-11-02", "promised_limit": None},
        {"accepted_on": "2026-11-02", "received_on": None},
        {"accepted_on": "2026-11-02", "closed_on": "2026-11-20"},
        {"accepted_on": None},
        {"accepted_on": None, "received_on": None},
    ],
)
@pytest.mark.parametrize("now", [None, "2026-11-01"])
def test_a_case_that_begins_after_the_day_opens_no_score(alarm: str, later: dict[str, str | None], now: str | None) -> None:
    of = month(ASKED, conventions=f"{COUNTED}, ends: day, same_occurrence: each", rest=TOLD.replace("ALARM", alarm))
    early = case(1, **FACTS | {"accepted_on": "2026-10-12", "closed_on": "2026-10-21"})
    without = card(of, cases=[early], now=now)
    with_it = card(of, cases=[early, case(2, **FACTS | later)], now=now)
    of_nothing = card(of, cases=[case(2, **FACTS | later)], now=now)
    assert (with_it.total, with_it.open, of_nothing.total) == (without.total, (), 100)
    assert without.total is not None


def test_what_is_not_yet_counted_of_it_waits_for_a_later_day() -> None:
    of = month("{id: left, for: cases, points: -1 * promised.left}", conventions=COUNTED, rest=CLOCK.replace("received_on", "accepted_on"))
    found = card(of, cases=[case(1, accepted_on="2026-11-02")])
    assert [one.needs for one in found.open] == [("as_of",)]
    for lang, open_, why in (
        (
            "en", "would be settled by: a later day as today (--now)",
            "the clock promised of C1 begins after 2026-10-31, which counts as today: what it says is known from 2026-11-02 on (--now)",
        ),
        (
            "zh", "需要：更晚的截至日（--now）",
            "办件 C1：promised 在当作今天的 2026-10-31 之后才起算，截至日（--now）不早于 2026-11-02，才算得出",
        ),
    ):  # fmt: skip
        assert open_ in found.explain(lang)
        assert why in found.explain(lang)
    assert total(of, cases=[case(1, accepted_on="2026-11-02")], now="2026-11-02") == 95


def test_a_signal_of_an_open_day_is_seen_neither_before_its_clock_begins_nor_after_it_stopped() -> None:
    of = month(RED, conventions=COUNTED, rest=CLOCK.replace("5个工作日", "promised_limit"))
    unlimited = case(1, "2026-10-12", closed_on="2026-11-20")
    found = [total(of, cases=[unlimited], period=f"2026-{month}", now="2027-03-01") for month in ("09", "10", "11", "12")]
    assert found == [100, (90, 100), (90, 100), 100]


@pytest.mark.parametrize("given", ["2026-10-1O", "十月初九"])
def test_a_start_that_cannot_be_read_is_no_act_that_was_not_done(given: str) -> None:
    rest = CLOCK.replace("received_on", "accepted_on")
    for item in (RED, "{id: o, for: cases, when: promised.overdue, points: -1}", "{id: o, for: cases, when: overdue, points: -1}"):
        found = among_all(month(item, conventions=COUNTED, rest=rest), cases=[case(1), case(2, accepted_on=given)])
        assert {need for one in found.open for need in one.needs} == {"cases:2.accepted_on"}
        assert any("cannot be used" in note.en for note in found.notes)


def test_whether_a_fact_is_known_that_cannot_be_read_is_open() -> None:
    for asked in ("known(rating)", "not known(rating)"):
        found = among_all(month(f"{{id: k, for: cases, when: {asked}, points: -1}}"), cases=[case(1, rating="很棒")])
        assert (found.total, [one.needs for one in found.open]) == (None, [("cases:1.rating",)])


def test_a_clock_that_another_never_starts_raises_nothing() -> None:
    second = """
  second:
    about: cases
    limit: 3个工作日
    starts: promised.red_on
    stops: closed_on
    alarms: [{signal: blue, after: 0}]
"""
    of = month("{id: blue, for: second.blue, points: -10}", conventions=COUNTED, rest=CLOCK.rstrip() + second)
    assert total(of, cases=[IN_TIME, NEVER]) == 90
    assert total(of, cases=[IN_TIME, NEVER], now=date(2026, 10, 19)) == 100


def test_a_clock_without_a_limit_raises_nothing() -> None:
    rest = CLOCK.replace("5个工作日", "own_limit") + (
        "decisions: {own_limit: {about: cases, when: weight < 5, hit: first, outcomes: {own_limit: limit}, rules: [{then: 3个工作日}]}}"
    )
    of = month(RED, conventions=COUNTED, rest=rest)
    assert [total(of, cases=[case(1, weight=weight)]) for weight in (1, 9, None)] == [90, 100, (90, 100)]


# -- a line says on what it stands

STAGES = {
    "tables.stages": {
        "of": "cases", "label": "环节", "dated_by": "begun_on", "stage": "text", "begun_on": {"type": "date"}, "ended_on": {"type": "date"},
    },
    "clocks.step": {
        "about": "stages", "label": "环节时限", "limit": "2个工作日", "starts": "begun_on", "stops": "ended_on",
        "alarms": [{"signal": "red", "after": 0}],
    },
    "clocks.promised.label": "承诺时限",
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "numbered", "in_english", "in_chinese"),
    [
        ("promised.red", {}, ["2026-10-20 promised.red C1"], ["2026-10-20 承诺时限红牌 C1"]),
        (
            "red", {},
            ["2026-10-15 red step C1 stages:审查", "2026-10-20 red promised C1"],
            ["2026-10-15 红牌 环节时限 C1 环节（stages） 审查", "2026-10-20 红牌 承诺时限 C1"],
        ),
        ("promised.red", {"case": None}, ["2026-10-20 promised.red cases:1"], ["2026-10-20 承诺时限红牌 办件（cases）第 1 行"]),
    ],
)  # fmt: skip
def test_a_signals_line_names_its_day_its_clock_and_the_row_that_raised_it(
    source: str, numbered: dict[str, None], in_english: list[str], in_chinese: list[str]
) -> None:
    of = cards(f"{{id: red, for: {source}, points: -10}}").amend(STAGES)
    stage = {"stage": "审查", "case": "C1", "staff": "S1", "begun_on": "2026-10-12"}
    found = card(of, cases=[NEVER | numbered], stages=[stage])
    assert [records(found, line, "en") for line in found.lines] == in_english
    assert [records(found, line, "zh") for line in found.lines] == in_chinese
    for lang, said in (("en", in_english), ("zh", in_chinese)):
        assert all(one in found.explain(lang) and one in found.to_html(lang) for one in said)


def test_what_is_open_of_a_signal_names_the_case() -> None:
    found = card(cards(RED), cases=[case(1, received=None, closed_on="2026-10-20")])
    assert "open: red red promised C1 (-10 .. 0), would be settled by: cases:1.received_on" in found.explain()
    assert "未定：红牌 promised C1 (-10 .. 0)，需要：办件第 1 行的收件日" in found.explain("zh")


def test_what_is_open_alike_of_many_rows_is_said_once_with_how_many() -> None:
    rows = [case(number, received=None, closed_on="2026-10-20") for number in range(1, 61)]
    found = card(cards("{id: red, for: promised.red, points: -1}"), cases=rows)
    assert len(found.open) == len(found.lines) == 60
    [said] = [line.strip() for line in found.explain().splitlines() if "open: red" in line]
    assert said == (
        "open: red 60 rows (promised.red C1, promised.red C2, promised.red C3, promised.red C4, promised.red C5, ..) (-1 .. 0) each, "
        "would be settled by: cases:1.received_on, cases:2.received_on, cases:3.received_on, cases:4.received_on, cases:5.received_on "
        "and 55 more"
    )
    [said] = [line.strip() for line in found.explain("zh").splitlines() if "未定：" in line]
    assert (said[:27], said[-6:]) == ("未定：red 60 行（promised.red C1", "等 60 项")
