"""What one question read, another does not see: answers do not depend on what was asked before, and open values stay open everywhere."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from govservice import grade, load_rulebook, score
from govservice.scoring import read_ledger

from .centre import STATED, book, card, case, event, month, staff, total

TWO = """
schemes:
  month:
    scores: staff
    period: month
    parts: {work: {full: 100, items: [{id: a, for: late, points: -1 if minutes > 3 else -1 * half_days}]}}
  again: {scores: staff, period: month, parts: {work: {full: 100, items: [{id: b, for: late, points: -1 * half_days}]}}}
  third: {scores: staff, period: month, total: "count(late, when=minutes > 3) + count(late, when=half_days > 1)"}
decisions:
  g: {about: month, hit: first, rules: [{when: total >= 60, then: good}, {then: bad}]}
  top: {about: month, hit: first, rules: [{when: rank <= 1, then: top}, {then: rest}]}
"""


def test_cards_and_gradings_are_the_same_in_whatever_order_they_are_asked_for() -> None:
    of = book(TWO, "part_floor: 0, part_overflow: capped, ties: best")
    rows = [event("late", 12, minutes=5, half_days=7), event("late", 13, minutes=1, half_days=2), event("late", 13, staff="S2", minutes=9)]
    records = {"staff": [staff("S1"), staff("S2")], "events": rows}

    def ask(what: str, of_what: Any) -> list[str]:
        if what in ("g", "top"):
            return [f"{one.to_dict()}" for one in grade(of, what, of_what, period="2026-10")]
        return [f"{one.to_dict()}{one.explain()}" for one in score(of, what, of_what, period="2026-10")]

    asked = ("month", "again", "third", "g", "top")
    alone = {what: ask(what, records) for what in asked}
    for order in list(permutations(asked))[::7]:
        kept = read_ledger(of, records)
        assert {what: ask(what, kept) for what in order} == alone


def test_what_the_caller_does_to_its_rows_later_changes_nothing() -> None:
    of = month("{id: late, for: late, points: -1 * minutes}")
    rows = [event("late", minutes=3)]
    kept = read_ledger(of, {"events": rows, "staff": [staff()]})
    rows[0]["minutes"] = 50
    assert score(of, "month", kept, subject="S1", period="2026-10").total == 97


def test_an_open_total_that_may_come_to_anothers_is_not_surely_before_it() -> None:
    rest = """
    schemes:
      month:
        scores: staff
        period: month
        rank: {by: [total]}
        parts: {work: {full: 100, items: [{id: rude, for: rude, points: "discretion(-5, -2)"}, {id: late, for: late, points: -5}]}}
    decisions: {g: {about: month, hit: first, rules: [{when: rank <= 1, then: a}, {then: b}]}}
    """
    records = {"staff": [staff("S1"), staff("S2")], "events": [event("rude"), event("late", staff="S2")]}
    for ties, worst in (("best", 2), ("worst", 2), ("dense", 2)):
        found = {one.subject: one for one in grade(book(rest, f"part_floor: 0, ties: {ties}"), "g", records, period="2026-10")}
        assert (found["S1"].rank_low, found["S2"].rank_high, found["S1"].open) == (1, worst, found["S1"].rank is None)
        assert found["S2"].grade is None or found["S2"].rank_low == 2
    assert found["S2"].open


def test_an_open_part_is_open_in_a_total_of_its_own() -> None:
    of = book(
        """
        schemes:
          month:
            scores: staff
            period: month
            parts: {w: {start: 10, items: [{id: l, for: late, points: -1 * minutes}]}}
            total: parts.w + 1
        """
    )
    found = card(of, event("late"))
    assert (found.total, found.scored) == (None, True)  # the part applies: what it comes to is open, not whether there is one
    assert any("late:1.minutes" in one.needs for one in found.open)
    assert total(of, event("late", minutes=4)) == 7


def test_a_step_over_what_may_be_none_is_no_number() -> None:
    of = book(
        """
        schemes:
          month:
            scores: staff
            period: month
            parts: {w: {when: role == "front", start: 2, items: [{id: l, for: late, points: -1}]}}
            total: step(parts.w, (1, 1), (3, 2)) + 5
          year: {scores: staff, period: year, total: count(month)}
        """,
        f"{STATED}, unserved_periods: skip",
    )
    assert (card(of).scored, card(of).total) == (None, None)
    assert any("role" in note.en for note in card(of).notes)
    assert total(of, staff=[staff(role="front")]) == 6
    assert card(of, staff=[staff(role="back")]).scored is False
    year = card(of, scheme="year", period="2026")
    assert (year.total, year.low, year.high) == (None, 0, 12)


@pytest.mark.parametrize(("months", "found"), [(None, (2, 4)), (1, 4), (0, 2)])
def test_a_step_over_each_part_is_open_where_a_part_is_and_a_number_all_the_same(months: int | None, found: object) -> None:
    of = book(
        """
        schemes:
          month:
            scores: staff
            period: month
            parts: {w: {full: 10, items: [{id: l, for: late, points: -1}]}, v: {full: 20, start: 4 * months_served}}
            total: sum(parts, step(total, (1, 1), (3, 2)))
        """
    )
    assert total(of, event("late"), staff=[staff(months_served=months)]) == found


def test_the_total_of_a_part_may_be_open_and_is_never_none() -> None:
    more, stated = "total: count(parts, when=step(total, (1, 1), (3, 2)) >= 0)", "part_floor: none, part_overflow: allowed"
    of = month("{id: l, for: late, points: -1 * minutes}", more=more, conventions=stated)
    assert [total(of, event("late", minutes=minutes)) for minutes in (None, 5)] == [1, 1]


def test_what_a_rule_leaves_to_be_recorded_is_named_with_its_row() -> None:
    of = month(
        "{id: c, for: cases, when: worth > 1, points: -1}",
        rest="""
        decisions:
          kind_of: {about: cases, hit: first, outcomes: {worth: {type: decimal}}, rules: [{then: {kind_of: true}}]}
        """,
    )
    (open_,) = card(of, cases=[case(1)]).open
    assert open_.needs == ("cases:1.worth",)


def test_a_part_that_no_total_reads_says_what_it_waits_for() -> None:
    of = month("{id: l, for: late, points: -1 * minutes}", more="total: count(parts)", conventions="part_overflow: capped")
    found = card(of, event("late"))
    assert found.total == 1
    assert {need for one in found.open for need in one.needs} == {"late:1.minutes", "conventions.part_floor"}


def test_a_bound_that_is_not_stated_leaves_a_part_that_may_not_apply_between_both_readings() -> None:
    scheme = """
    schemes:
      month:
        scores: staff
        period: month
        parts: {w: {when: role == "front", start: 0, full: 100, items: [{id: l, for: late, points: -3}]}}
        total: 1
    """
    for stated, low in (("part_floor: 0, ", 0), ("part_floor: none, ", -3), ("", -3)):
        found = card(book(scheme, f"{stated}part_overflow: capped"), event("late")).parts["w"]
        assert (found.low, found.high) == (low, 0)
    found = card(book(scheme, "part_overflow: capped"), event("late"))
    assert "conventions.part_floor" in {need for one in found.open for need in one.needs}


@pytest.mark.parametrize(("served", "found"), [(8, 99), (3, 100), (None, (99, 100))])
def test_a_fact_that_is_called_as_the_days_served_are_is_itself(tmp_path: Path, served: int | None, found: object) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        f"rulebook: own\nconventions: {{{STATED}}}\ntables: {{staff: {{served: {{type: integer, label: 服务年数}}}}}}\nschemes:\n"
        "  month: {scores: staff, period: month, parts: {w: {full: 100, items: [{id: i, when: served > 5, points: -1}]}}}\n",
        encoding="utf-8",
    )
    assert total(load_rulebook(path), staff=[staff(served=served)]) == found


def test_a_signal_that_an_item_passes_over_is_no_event_that_nothing_prices() -> None:
    rest = """
    clocks:
      promised: {about: cases, limit: 1个工作日, starts: received_on, stops: closed_on, alarms: [{signal: red, after: 0 工作日}]}
    """
    stated = "part_floor: 0, part_overflow: capped, first_day: excluded, roll: forward, cleared_signals: counted"
    cases = [{"case": "C1", "staff": "S1", "received_on": "2026-10-09"}]
    every = card(month("{id: red, for: red, points: -1}", conventions=stated, rest=rest), cases=cases)
    none = card(month('{id: red, for: red, when: kind == "late", points: -1}', conventions=stated, rest=rest), cases=cases)
    assert (every.total, none.total, none.unpriced) == (99, 100, ())
