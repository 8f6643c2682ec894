"""A score that was published stands; asked for as of a day, the card says what it would be now and what changed since."""

from __future__ import annotations

import json
import pickle
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import Rulebook, Scorecard, score
from govservice.scoring import Rescored

from .centre import book, event, staff

TEXT = """
schemes:
  month:
    title: 月度考核
    scores: staff
    period: month
    parts:
      hours: {label: 考勤, full: 40, items: [{id: late, label: 迟到, for: late, points: -1 * minutes}]}
      manners: {full: 60, items: [{id: rude, for: rude, points: "discretion(-8, -2)"}]}
  year: {scores: staff, period: year, total: mean(month)}
"""
STATED = "part_floor: 0, part_overflow: capped, unserved_periods: skip"
OF = book(TEXT, STATED)
LATES = [event("late", 12, minutes=3), event("late", 13, minutes=4)]
NOW = "2026-12-01"
QUICK = settings(max_examples=25, deadline=None)


def card(
    events: list[Any], *published: Any, of: Rulebook = OF, period: str = "2026-10", scheme: str = "month", now: str | None = NOW
) -> Scorecard:
    records = {"staff": [staff()], "events": events} | ({"month": list(published)} if published else {})
    return score(of, scheme, records, subject="S1", period=period, now=now)


def rescored(found: Scorecard) -> Rescored:
    assert found.rescored is not None
    return found.rescored


def told(found: Scorecard, lang: Any = "en") -> list[str]:
    lines = [line.strip() for line in found.explain(lang).splitlines()[1:-1]]
    words = ("worked out", "now ", "only the total", "重算", "现为", "只存", "rulebook is", "规则册已")
    return [line for line in lines if any(word in line for word in words)]


# -- laws


minutes = st.lists(st.integers(1, 9), max_size=4)


@QUICK
@given(minutes, minutes)
def test_the_published_total_stands_and_its_changes_add_up(before: list[int], after: list[int]) -> None:
    old, new = ([event("late", 12 + n, minutes=each) for n, each in enumerate(some)] for some in (before, after))
    published, plain = card(old, now=None), card(new)
    found = card(new, published)
    now = rescored(found)
    assert (found.total, now.total) == (published.total, plain.total)
    whole = [change for change in now.changes if change.part is None and change.item is None]
    parts = [change for change in now.changes if change.part is not None and change.item is None]
    lines = [change for change in now.changes if change.item is not None]
    for some in (whole, parts, lines):
        assert sum((change.points or 0) - (change.was or 0) for change in some) == (plain.total or 0) - (published.total or 0)
    assert (now.changes == ()) == (before == after)


@QUICK
@given(minutes, minutes)
def test_it_goes_through_json_and_pickle(before: list[int], after: list[int]) -> None:
    old, new = ([event("late", 12 + n, minutes=each) for n, each in enumerate(some)] for some in (before, after))
    found = card(new, card(old, now=None))
    assert Scorecard.from_json(found.to_json()) == found
    assert pickle.loads(pickle.dumps(found)) == found


# -- what was kept says how much can be told


def test_of_a_total_alone_the_total_is_told() -> None:
    found = card(LATES, {"staff": "S1", "period": "2026-10", "total": 97})
    now = rescored(found)
    assert (found.total, now.total, now.told, now.rules_changed) == (97, 93, "total", None)
    assert [(one.part, one.item, one.was, one.points) for one in now.changes] == [(None, None, 97, 93)]
    assert told(found) == ["worked out as of 2026-12-01 it would be 93", "only the total was kept: what changed cannot be said"]
    assert told(found, "zh") == ["截至 2026-12-01 重算为 93", "只存了总分：哪里变了无从说起"]


def test_of_parts_they_are_told_too() -> None:
    found = card(LATES, {"staff": "S1", "period": "2026-10", "total": 97, "parts": {"hours": 37, "manners": 60}})
    assert [(one.part, one.was, one.points) for one in rescored(found).changes] == [(None, 97, 93), ("hours", 37, 33)]
    assert told(found) == ["worked out as of 2026-12-01 it would be 93", "hours: 37, now 33"]


def test_a_part_that_there_is_no_more_is_told_as_nothing_now() -> None:
    found = card(LATES, {"staff": "S1", "period": "2026-10", "total": 98, "parts": {"hours": 33, "manners": 60, "dress": 5}})
    changes = [(one.part, one.was, one.points, one.low, one.high) for one in rescored(found).changes]
    assert changes == [(None, 98, 93, 93, 93), ("dress", 5, 0, 0, 0)]
    assert told(found) == ["worked out as of 2026-12-01 it would be 93", "dress: 5, now 0"]


KEPT = {
    "the card": lambda kept: kept,
    "its mapping": lambda kept: kept.to_dict(),
    "its text": lambda kept: kept.to_json(),
    "its text, read": lambda kept: json.loads(kept.to_json()),
}


@pytest.mark.parametrize("shape", KEPT)
def test_of_a_whole_card_every_line_is_told(shape: str) -> None:
    published = card(LATES[:1], now=None)
    found = card([LATES[0] | {"minutes": 5}, LATES[1]], KEPT[shape](published))
    assert (found.total, found.lines, found.parts) == (97, published.lines, published.parts)
    now = rescored(found)
    assert (now.total, now.told, now.rules_changed) == (91, "lines", False)
    lines = [(one.part, one.item, one.on, one.was, one.points) for one in now.changes if one.item is not None]
    assert lines == [("hours", "late", date(2026, 10, 12), -3, -5), ("hours", "late", date(2026, 10, 13), 0, -4)]
    assert told(found) == [
        "worked out as of 2026-12-01 it would be 91",
        "考勤: 37, now 31",
        "考勤 迟到 2026-10-12 late: -3, now -5",
        "考勤 迟到 2026-10-13 late: 0, now -4",
    ]
    assert told(found, "zh")[2:] == ["考勤 迟到 2026-10-12 迟到：原为 -3，现为 -5", "考勤 迟到 2026-10-13 迟到：原为 0，现为 -4"]
    assert "考勤 迟到 2026-10-13 迟到：原为 0，现为 -4" in found.to_html()


def test_a_score_that_would_be_the_same_says_so() -> None:
    found = card(LATES, card(LATES, now=None))
    assert told(found) == ["worked out as of 2026-12-01 it would be the same"]
    assert told(found, "zh") == ["截至 2026-12-01 重算，分数不变"]


def test_other_rules_are_told_where_the_card_was_kept() -> None:
    harder = OF.amend({"schemes.month.parts.hours.items.late.points": "-2 * minutes"})
    found = card(LATES, card(LATES, now=None), of=harder)
    assert (rescored(found).rules_changed, found.total, rescored(found).total) == (True, 93, 86)
    assert told(found)[-1] == "the rulebook is not the one that it was published by"
    assert told(found, "zh")[-1] == "规则册已不是公布时的那一册"


def test_what_is_open_now_lies_between() -> None:
    found = card([event("rude", 12)], {"staff": "S1", "period": "2026-10", "total": 100})
    now = rescored(found)
    assert (found.total, now.total, now.low, now.high, now.needs) == (100, None, 92, 98, ("rude:1.assessed",))
    assert told(found)[0] == "worked out as of 2026-12-01 it would be 92 to 98"


def test_a_line_that_is_open_now_is_told_as_open_and_never_as_nothing() -> None:
    published = card([event("rude", 12, assessed=-4)], now=None)
    found = card([event("rude", 12)], published)
    line = next(one for one in rescored(found).changes if one.item == "rude")
    assert (line.was, line.points, line.low, line.high) == (-4, None, -8, -2)
    assert "manners rude 2026-10-12 rude: -4, now -8 to -2" in told(found)


def test_a_line_that_may_be_there_now_is_told_as_open() -> None:
    of = book(TEXT.replace("points: -1 * minutes", "when: not excused, points: -3"), STATED)
    excuse = {"excused": True}
    old = card([event("late", 12, **excuse)], of=of, now=None)
    late = event("late", 12, excused="?")
    found = card([late], old, of=of)
    line = next(one for one in rescored(found).changes if one.item == "late")
    assert (line.was, line.points, line.low, line.high) == (0, None, -3, 0)


def test_a_line_of_a_table_that_is_not_supplied_now_is_open() -> None:
    text = TEXT.replace("for: late, points: -1 * minutes", "for: checks, points: -1 * mark")
    of = book(text, STATED)
    checks = {"checks": [{"staff": "S1", "checked_on": "2026-10-12", "mark": 3}]}
    base = {"staff": [staff()], "events": []}
    old = score(of, "month", base | checks, subject="S1", period="2026-10")
    found = score(of, "month", base | {"month": [old]}, subject="S1", period="2026-10", now=NOW)
    lines = [(one.was, one.points, one.low, one.high) for one in rescored(found).changes if one.item == "late"]
    assert lines == [(-3, None, None, None)]


def test_what_cannot_be_worked_out_says_why() -> None:
    bare = book(TEXT.replace("full: 40,", "full: 40, part_floor: 0,"), "part_overflow: capped")
    rude = [event("rude", day, assessed=-8) for day in range(1, 10)]
    found = card(rude, {"staff": "S1", "period": "2026-10", "total": 100}, of=bare)
    assert found.total == 100
    fault = "month.parts.manners depends on the convention part_floor, and the book does not state it"
    assert f"  as of 2026-12-01 it cannot be worked out: {fault}" in found.explain("en").splitlines()
    kept = card(LATES, of=bare, now=None)
    assert [rescored(one).told for one in (found, card(rude, kept, of=bare))] == ["total", "lines"]
    assert "截至 2026-12-01 无法重算：" in found.explain("zh")


def test_without_a_day_to_work_it_out_as_of_it_stands_alone() -> None:
    assert card(LATES, {"staff": "S1", "period": "2026-10", "total": 97}, now=None).rescored is None
    assert card(LATES).rescored is None


def test_what_builds_on_it_takes_the_published_total() -> None:
    published = card(LATES[:1], now=None)
    year = card(LATES, published, scheme="year", period="2026", now="2026-10-31")
    assert year.total == Decimal("99.7")


# -- cards that cannot be taken


def test_a_card_of_another_scheme_is_set_apart() -> None:
    year = card(LATES, scheme="year", period="2026", now="2026-10-31")
    found = card(LATES, year)
    assert (found.total, found.rescored) == (93, None)
    assert found.notes[-1].en == "row 1 of month is set apart: it is a card of year, not of month; give it under year"
    assert found.notes[-1].zh == "月度考核（month）第 1 行已搁置：这是 year 的计分表，不是月度考核（month）的；请放在 year 之下"


def test_a_card_of_nobody_is_set_apart() -> None:
    nobody = book(TEXT.replace("period: month", "period: month\n    when: false"), STATED)
    unscored = card([], of=nobody, now=None)
    assert "row 1 of month is set apart: it says that nothing was scored; leave it out" in [note.en for note in card(LATES, unscored).notes]


def broken(card_: Scorecard) -> dict[str, Any]:
    written = card_.to_dict()
    return {
        "cut off": card_.to_json()[:-9],
        "of an older form": written | {"format": "Scorecard/0"},
        "of an older form, as text": json.dumps(written | {"format": "Scorecard/0"}),
        "edited": {name: value for name, value in written.items() if name != "lines"},
        "edited in its numbers": written | {"total": "ninety"},
    }


OF_WHOM = {"cut off": "of nobody can say whom"}


@pytest.mark.parametrize("how", broken(card(LATES, now=None)))
def test_a_card_that_cannot_be_read_is_set_aside_and_the_rest_go_on(how: str) -> None:
    november = card([event("late", "2026-11-12", minutes=1)], period="2026-11", now=None)
    records = {"staff": [staff()], "events": LATES, "month": [broken(card(LATES[:1], now=None))[how], november]}
    found = score(OF, "month", records, subject="S1", period="2026-10", now=NOW)
    assert (found.total, found.rescored) == (93, None)
    (note,) = [one for one in found.notes if "set apart" in one.en]
    assert note.en.startswith("row 1 of month is set apart: ")
    whose = OF_WHOM.get(how, "of S1 2026-10")
    assert note.en.endswith(f"; the published score {whose} could not be read, and is worked out anew")
    assert note.zh.startswith("月度考核（month）第 1 行已搁置：")
    assert note.zh.endswith("分数无法读取，此处为重算所得")
    assert note.en in found.explain()
    assert escape(note.zh) in found.to_html()
    later = score(OF, "month", records, subject="S1", period="2026-11", now=NOW)
    assert (later.total, rescored(later).total) == (99, 100)


# -- a closed month that was not published


def test_a_later_day_says_what_the_month_came_to_at_its_end() -> None:
    late = "{id: open, for: cases, when: overdue_workdays > 0, points: -1 * overdue_workdays}"
    of = book(f"schemes: {{month: {{scores: staff, period: month, parts: {{work: {{full: 100, items: [{late}]}}}}}}}}", STATED)
    case = {"case": "C1", "staff": "S1", "received_on": "2026-10-20", "due_on": "2026-10-29"}
    records = {"staff": [staff()], "cases": [case]}
    found = score(of, "month", records, subject="S1", period="2026-10", now="2026-11-03")
    assert found.total == 97
    assert [note.en for note in found.notes] == ["as of 2026-10-31, the last day of the period, it came to 99"]
    assert [note.zh for note in found.notes] == ["截至期末 2026-10-31 为 99"]
    assert score(of, "month", records, subject="S1", period="2026-10", now="2026-10-31").notes == ()


def test_two_published_rows_of_one_period_written_in_two_ways_are_one_period() -> None:
    from .centre import book as written

    of = written("schemes: {m: {scores: staff, period: month, total: count(late)}}")
    rows = [{"staff": "S1", "period": "2026-10", "total": 80}, {"staff": "S1", "period": ("2026-10-01", "2026-10-31"), "total": 70}]
    alike = [rows[0], rows[1] | {"period": "2026-10"}]
    read = [
        score(of, "m", {"staff": [{"staff": "S1"}], "events": [], "m": one}, subject="S1", period="2026-10")
        for one in (alike, rows, rows[::-1])
    ]
    assert {card.total for card in read} == {read[0].total}
    assert read[0].total not in (80, 70)
    for card in read:
        assert any("differ in" in note.en and "total" in note.en for note in card.notes)
