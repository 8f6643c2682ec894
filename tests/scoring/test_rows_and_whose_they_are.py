"""Whose rows are counted, which of them are one, and how many of them matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govservice import NONE, Rulebook, grade, load_rulebook, measure, score
from govservice.errors import DecisionError, RecordError, RulebookError, Words

BOOK = """
rulebook: rows
conventions: {{part_floor: none, part_overflow: allowed, same_day_order: as_given, ties: best, {conventions}}}
settings: {{best: {{type: integer, label: 取前几名}}}}
tables: {{staff: {{window: text, speed: decimal}}}}
events:
  late: {{label: 迟到, has: {{minutes: integer, incident: text, grave: boolean}}}}
  leave: {{label: 请假}}
  uncivil: {{label: 态度, assessed: true}}
schemes:
  m: {{scores: {scores}, period: {period}, {scheme}}}
{more}
"""
STAFF = [{"staff": "A", "window": "W1"}, {"staff": "B", "window": "W1"}, {"staff": "C", "window": "W2"}]
Load = Callable[..., Rulebook]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def made(scheme: str, more: str = "", *, scores: str = "staff", period: str = "month", states: str = "", **settings: Any) -> Rulebook:
        path = tmp_path / "rows.yaml"
        conventions = states or "same_occurrence: each"
        path.write_text(BOOK.format(scheme=scheme, more=more, scores=scores, period=period, conventions=conventions), encoding="utf-8")
        return load_rulebook(path, settings=settings or None)

    return made


def late(day: int | str, staff: str | None = "A", kind: str = "late", **more: Any) -> dict[str, Any]:
    on = date(2026, 11, day) if isinstance(day, int) else day
    return {"kind": kind, "on": on, **({"staff": staff} if staff else {}), **more}


def came_to(book: Rulebook, *events: dict[str, Any], subject: str = "A", period: str = "2026-11", staff: Any = STAFF) -> Any:
    card = score(book, "m", {"staff": staff, "events": list(events)}, subject=subject, period=period)
    return card.total if card.total is not None else (card.low, card.high)


def total(expression: str) -> str:
    return f"total: '{expression}'"


# -- each


def test_a_key_that_is_none_stands_alone(load: Load) -> None:
    rows = [late(2, occurrence="x"), late(3, occurrence="x"), late(4), late(5)]
    assert came_to(load(total("count(late, each=occurrence)")), *rows) == 3


def test_an_unknown_key_leaves_it_open_between_all_ways(load: Load) -> None:
    rows = [late(2, incident="i"), late(3, incident="j"), late(4), late(5)]
    assert came_to(load(total("count(late, each=incident)")), *rows) == (2, 4)
    assert came_to(load(total("count(late, each=incident)")), late(2), late(3)) == (1, 2)


def test_a_sum_without_bounds_is_the_same_however_its_rows_are_joined(load: Load) -> None:
    rows = [late(2, incident="i", minutes=3), late(3, minutes=4)]
    assert came_to(load(total("sum(late, minutes, each=incident)")), *rows) == 7
    assert came_to(load(total("sum(late, minutes, each=incident, at_most=5)")), *rows) == (5, 7)


def test_rows_are_filtered_before_they_are_joined(load: Load) -> None:
    rows = [late(2, minutes=20), late(2, minutes=4), late(3, minutes=4)]
    assert came_to(load(total("sum(late, minutes, each=on, when=minutes < 10)")), *rows) == 8
    assert came_to(load(total("count(late, each=on, when=minutes >= 10)")), *rows) == 1


def test_working_days_that_follow_one_another_are_one_leave(load: Load) -> None:
    of = load(total("count(leave, each=unbroken)"))
    assert came_to(of, late(6, kind="leave"), late(9, kind="leave"), late(11, kind="leave")) == 2  # Friday and Monday; Wednesday
    assert came_to(of, late(6, kind="leave", until="2026-11-10"), late(11, kind="leave")) == 1
    assert came_to(of, late(2, kind="leave"), late(3, "B", kind="leave"), late(4, kind="leave")) == 2  # of one's own


def test_leave_of_two_people_is_not_one(load: Load) -> None:
    of = load(total("count(leave, each=unbroken, of=window)"))
    assert came_to(of, late(2, kind="leave"), late(3, "B", kind="leave"), late(4, "B", kind="leave")) == 2


def test_an_item_prices_rows_that_are_one_once(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: l, for: late, each: on, points: -1}]}}")
    card = score(of, "m", {"staff": STAFF, "events": [late(2), late(2), late(3)]}, subject="A", period="2026-11")
    assert card.total == -2
    assert [len(line.rows) for line in card.lines] == [2, 0]
    assert "2026-11-02 late; 2026-11-02 late: -1" in card.explain()


def test_the_numbers_of_a_joined_row_are_the_sums_of_its_rows(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: l, for: late, each: on, points: '-1 if minutes >= 30 else -0.5'}]}}")
    assert float(came_to(of, late(2, minutes=20), late(2, minutes=20), late(3, minutes=20))) == -1.5


ONCE = "parts: {{p: {{start: 0, items: [{{id: l, for: late, each: on, points: '{}'}}]}}}}"


def test_what_a_row_only_sees_is_not_summed_where_rows_are_one(load: Load) -> None:
    assert came_to(load(ONCE.format("-1 * speed")), late(2), late(2), staff=[{"staff": "A", "speed": 3}]) == -3


def test_a_number_of_every_event_is_summed_where_events_are_one(tmp_path: Path) -> None:
    path = tmp_path / "costs.yaml"
    path.write_text(
        "rulebook: costs\nconventions: {part_floor: none, part_overflow: allowed}\ntables: {events: {cost: integer}}\n"
        f"events: {{late: {{label: 迟到}}}}\nschemes: {{m: {{scores: staff, period: month, {ONCE.format('-1 * cost')}}}}}\n",
        encoding="utf-8",
    )
    assert came_to(load_rulebook(path), late(2, cost=3), late(2, cost=4), late(3, cost=1)) == -8


@pytest.mark.parametrize(("minutes", "worth"), [((NONE, NONE), -3), ((NONE, 4), -1), ((3, 4), -1)])
def test_rows_that_are_one_have_a_number_where_one_of_them_has(load: Load, minutes: tuple[object, ...], worth: int) -> None:
    of = load(ONCE.format("-1 if known(minutes) else -3"))
    assert came_to(of, *(late(2, minutes=each) for each in minutes)) == worth


@pytest.mark.parametrize(("rows", "shared", "low"), [(3, True, -1), (12, True, -1), (4, False, -2), (12, False, -6)])
def test_rows_that_are_one_and_may_not_count_are_one_however_many_they_are(load: Load, rows: int, shared: bool, low: int) -> None:
    of = load("parts: {p: {start: 0, items: [{id: l, for: late, each: incident, when: grave, points: -1}]}}")
    assert came_to(of, *(late(day + 1, incident="i" if shared else f"i{day // 2}") for day in range(rows))) == (low, 0)


def test_what_joined_rows_differ_in_is_told(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: l, for: late, each: on, points: '-1 if grave else -0.5'}]}}")
    with pytest.raises(RecordError, match="rows 1, 2 of late are priced as one and differ in grave; read it in `when:`"):
        came_to(of, late(2, grave=True), late(2, grave=False))


def test_an_item_with_open_keys_is_worth_what_every_way_gives(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: l, for: late, each: incident, points: -1}]}}")
    assert came_to(of, late(2, incident="i"), late(3), late(4)) == (-3, -1)


def test_how_items_price_one_occurrence_is_not_asked_for_while_it_is_open_which_rows_are_one(load: Load) -> None:
    items = "{id: l, for: late, each: incident, points: -1}, {id: a, for: leave, points: -2}"
    of = load(f"parts: {{p: {{start: 0, items: [{items}]}}}}", states="rounding: {digits: 2}")
    assert came_to(of, late(2, incident="i"), late(3, occurrence="x"), late(4, kind="leave", occurrence="x")) == (-4, -1)


def test_each_takes_the_place_of_the_convention(load: Load) -> None:
    of = load(total("count(late, each=occurrence)"), states="rounding: {digits: 2}")
    assert came_to(of, late(2, occurrence="x"), late(3, occurrence="x")) == 1


# -- median, and means of some


def test_a_middle_is_bounded_by_what_is_known(load: Load) -> None:
    assert came_to(load(total("median(late, minutes)")), late(2, minutes=3), late(3), late(4, minutes=9)) == (3, 9)
    dropped = load(total("mean(late, minutes, without_highest=1, without_lowest=1)"))
    assert came_to(dropped, late(2, minutes=60), late(3, minutes=80), late(4, minutes=90), late(5)) == (70, 85)
    assert came_to(dropped, late(2, minutes=60)) == (None, None)


def test_a_mean_of_the_top_is_of_those_there_are(load: Load) -> None:
    assert came_to(load(total("mean(late, minutes, top=5)")), late(2, minutes=60), late(3, minutes=80)) == 70
    assert came_to(load(total("mean(late, minutes, bottom=1)")), late(2, minutes=60), late(3, minutes=80)) == 60


def test_how_many_may_be_a_setting(load: Load) -> None:
    rows = [late(2, minutes=60), late(3, minutes=80)]
    of = load(total("mean(late, minutes, top=best)"))
    card = score(of, "m", {"staff": STAFF, "events": rows}, subject="A", period="2026-11")
    assert (card.total, card.open[0].needs) == (None, ("best",))
    assert came_to(load(total("mean(late, minutes, top=best)"), best=1), *rows) == 80


# -- of


def test_rows_go_with_the_window_of_the_day(load: Load) -> None:
    moved = [{"staff": "A", "window": "W1", "until": "2026-11-10"}, {"staff": "A", "window": "W2", "from": "2026-11-11"}, *STAFF[1:]]
    rows = [late(2, "B"), late(20, "B"), late(21, "C"), late(22, None, window="W2")]
    assert came_to(load(total("count(late, of=window)")), *rows, staff=moved) == 3


def test_nobody_knows_whose_rows_where_no_window_is_given(load: Load) -> None:
    card = score(load(total("count(late, of=window)")), "m", {"staff": [{"staff": "A"}], "events": []}, subject="A", period="2026-11")
    assert (card.total, card.open[0].needs) == (None, ("window",))


def test_all_are_those_whom_the_scheme_scores(load: Load) -> None:
    rows = [late(2), late(3, "B"), late(4, "C"), late(5, None, window="W1")]
    assert came_to(load(total("count(late, of=all)")), *rows) == 3
    assert came_to(load('who: window == "W1", ' + total("count(late, of=all)")), *rows) == 2


def test_a_result_is_compared_with_that_of_all(load: Load) -> None:
    year = "  y: {scores: staff, period: month, total: 'mean(m) - mean(m, of=all)'}"
    of = load(total("10 - count(late)"), year)
    card = score(of, "y", {"staff": STAFF, "events": [late(2), late(3), late(4)]}, subject="A", period="2026-11")
    assert card.total == -2


def test_an_aggregate_in_an_item_counts_for_the_subject_that_is_scored(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: s, for: late, of: window, points: '-1 * count(late)'}]}}")
    rows = [late(2), late(3), late(4, "B")]
    assert came_to(of, *rows) == -6
    assert came_to(of, *rows, subject="B") == -3


# -- nth, streak


def test_rows_are_numbered_over_a_longer_period(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: l, for: late, points: '-1 if nth(over=year) <= 2 else -2'}]}}")
    assert came_to(of, late("2026-01-05"), late("2026-02-05"), late(2), late(3)) == -4
    assert came_to(of, late("2025-12-05"), late(2), late(3)) == -2


def test_rows_before_the_period_that_may_be_one_are_numbered_between_one_and_all(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: l, for: late, each: incident, points: '-1 * nth(over=year)'}]}}")
    few, many = ([late(f"2026-01-{day:02}") for day in range(1, rows + 1)] for rows in (3, 14))
    assert came_to(of, *few, late(2, incident="z")) == (-4, -2)
    assert came_to(of, *many, late(2, incident="z")) == (-15, -2)


def test_a_streak_of_what_is_counted_ends_where_nobody_served(load: Load) -> None:
    of = load(total("1"), "measures: {calm: 'streak(count(late) == 0)'}")
    records = {"staff": [{"staff": "A", "from": "2026-10-01"}], "events": [late("2026-08-03", "B")]}
    assert measure(of, "calm", records, subject="A", period="2026-11").value == 2
    records["staff"][0]["from"] = "2026-01-01"
    assert measure(of, "calm", records, subject="A", period="2026-11").value == 4  # since the earliest record


@pytest.mark.parametrize(("speed", "found"), [({"speed": 2}, 2), ({"speed": 0}, 1), ({}, None)])
def test_a_streak_is_open_while_it_is_open_whether_an_earlier_month_is_scored(load: Load, speed: dict[str, int], found: object) -> None:
    held = "decisions:\n  d: {about: m, hit: first, outcomes: {d: integer}, rules: [{then: '=streak(total < 5 or count(late) >= 0)'}]}"
    of = load(f"when: speed > 1, {total('count(late)')}", held)
    staff = [{"staff": "A", "period": "2026-11", "speed": 2}, {"staff": "A", "period": "2026-10", **speed}]
    (said,) = grade(of, "d", {"staff": staff, "events": [late("2026-10-02")]}, period="2026-11")
    assert (said.grade, said.undecided) == (found, () if speed else ("speed",))


def test_a_streak_ends_where_nobody_served_and_before_the_earliest_record(load: Load) -> None:
    held = "decisions:\n  d: {about: m, hit: first, outcomes: {d: integer}, rules: [{then: '=streak(total == 0)'}]}"
    of = load(total("count(late)"), held)

    def streak(staff: list[dict[str, Any]], *rows: dict[str, Any]) -> object:
        return grade(of, "d", {"staff": staff, "events": list(rows)}, period="2026-11")[0].grade

    assert streak([{"staff": "A"}], late("2026-08-03")) == 3
    assert streak([{"staff": "A", "from": "2026-10-01"}], late("2026-08-03", "B")) == 2
    assert streak([{"staff": "A"}], late("2026-08-03", "B")) == 4
    assert streak([{"staff": "A", "from": "2026-09-01"}]) == 3  # nothing is dated: since it served


def test_a_streak_is_between_two_numbers_while_a_period_is_open(load: Load) -> None:
    held = "decisions:\n  d: {about: m, hit: first, rules: [{when: 'streak(total < 5) >= 2', then: true}, {then: false}]}"
    of = load(total("sum(late, minutes)"), held)
    rows = [late("2026-08-03", minutes=9), late("2026-09-03", minutes=1), late("2026-10-05"), late(2, minutes=1)]
    (found,) = grade(of, "d", {"staff": STAFF[:1], "events": rows}, period="2026-11")
    assert found.open
    assert found.undecided == ("late:3.minutes",)
    (early,) = grade(of, "d", {"staff": STAFF[:1], "events": rows}, period="2026-09")
    assert early.grade is False


# -- items held, parts within parts


def test_what_holds_an_item_is_a_line_of_its_own(load: Load) -> None:
    of = load("parts: {p: {start: 10, items: [{id: l, for: late, points: -2, at_least: -5}]}}")
    card = score(of, "m", {"staff": STAFF, "events": [late(day) for day in (2, 3, 4, 5)]}, subject="A", period="2026-11")
    assert [line.points for line in card.lines] == [-2, -2, -2, -2, 3]
    assert sum(line.points for line in card.lines) + 10 == card.total == 5  # type: ignore[misc]
    assert card.lines[-1].text == "at_least: -5"


def test_marks_outstanding_are_held_together(load: Load) -> None:
    of = load("parts: {p: {start: 10, items: [{id: u, for: uncivil, points: 'discretion(-5, -2)', at_least: -6}]}}")
    assert came_to(of, late(2, kind="uncivil"), late(3, kind="uncivil")) == (4, 6)


TREE = "parts: {a: {full: 10, label: 一级, parts: {x: {full: 4, label: 二级, items: [{id: l, for: late, points: -3}]}, y: {full: 6}}}}"


def test_a_part_holds_the_parts_within_it_and_the_card_shows_the_tree(load: Load) -> None:
    card = score(load(TREE), "m", {"staff": STAFF, "events": [late(2), late(3)]}, subject="A", period="2026-11")
    assert {path: part.total for path, part in card.parts.items()} == {"a": 4, "a.x": -2, "a.y": 6}
    assert [part.level for part in card.parts.values()] == [0, 1, 1]
    assert "\n  一级: 4 / 10\n    二级: -2 / 4\n" in card.explain()
    assert 'style="padding-left:2em">二级' in card.to_html()


def test_a_part_within_is_read_and_amended_by_its_path(load: Load) -> None:
    of = load(TREE + ", " + total("parts.a.x + 100"))
    assert came_to(of, late(2)) == 101
    assert came_to(of.amend({"schemes.m.parts.a.x.items.l.points": "-1"}), late(2)) == 103
    assert came_to(of.amend({"schemes.m.parts.a.parts.x.items.l.points": "-1"}), late(2)) == 103


def test_what_a_part_starts_from_may_be_worked_out(load: Load) -> None:
    of = load("parts: {p: {start: 'speed / 10', items: []}}")
    assert came_to(of, staff=[{"staff": "A", "speed": 80}]) == 8
    assert score(of, "m", {"staff": [{"staff": "A"}], "events": []}, subject="A", period="2026-11").open[0].needs == ("speed",)


# -- what did not fire


def test_the_items_that_did_not_fire_are_shown_with_their_figures_on_request(load: Load) -> None:
    of = load("parts: {p: {start: 0, items: [{id: q, label: 提速, when: speed >= 80, points: 3}, {id: l, for: late, points: -1}]}}")
    card = score(of, "m", {"staff": [{"staff": "A", "speed": "79.5"}], "events": []}, subject="A", period="2026-11")
    assert "提速" not in card.explain("zh")
    assert "0  提速: speed ≥ 80：3  (speed = 79.5)" in card.explain("zh", unfired=True)
    assert "提速" in card.to_html(unfired=True)


# -- quotas


def test_places_are_a_share_of_those_ranked_and_are_not_passed_on(load: Load) -> None:
    star = "{when: total >= 9, quota: {share: 34%, of: ranked, rounding: up}, id: star, then: 星}"
    of = load(total("10 - count(late)"), f"decisions:\n  d: {{about: m, hit: first, rules: [{star}, {{then: 无}}]}}")
    records = {"staff": STAFF, "events": [late(2), late(3, "B"), late(4, "B")]}
    found = {one.subject: one for one in grade(of, "d", records, period="2026-11")}
    assert {subject: one.grade for subject, one in found.items()} == {"A": "星", "B": "无", "C": "星"}
    records["events"].append(late(5))
    found = {one.subject: one for one in grade(of, "d", records, period="2026-11")}
    assert {subject: one.grade for subject, one in found.items()} == {"A": "无", "B": "无", "C": "星"}
    assert found["B"].notes[0].zh == "star 有 2 个名额，用了 1 个"


def test_each_group_has_its_own_places(load: Load) -> None:
    star = "{id: star, quota: {share: 50%, rounding: up, within: window}, then: 星}"
    of = load(total("10 - count(late)"), f"decisions:\n  d: {{about: m, hit: first, rules: [{star}, {{then: 无}}]}}")
    found = grade(of, "d", {"staff": STAFF, "events": [late(2), late(3, "C")]}, period="2026-11")
    assert {one.subject: one.grade for one in found} == {"A": "无", "B": "星", "C": "星"}


# -- periods


def test_an_anchored_period_is_named_for_where_it_ends(load: Load) -> None:
    of = load(total("count(late)"), period="{month_from: 26}")
    rows = [late("2026-10-25"), late("2026-10-26"), late(25), late(26)]
    assert came_to(of, *rows) == 2
    assert came_to(of, *rows, period="2026-12") == 1
    of = load(total("count(late)"), period="{year_from: 12-01}")
    assert came_to(of, late("2025-12-01"), late(30), late("2026-12-01"), period="2026") == 2


def test_an_anchored_month_lies_in_the_year_in_which_it_ends(load: Load) -> None:
    of = load(total("count(late, over=year)"), "  y: {scores: staff, period: year, total: sum(m)}", period="{month_from: 26}")
    rows = [late("2025-12-25"), late("2025-12-26"), late("2026-12-25"), late("2026-12-26")]
    assert came_to(of, *rows, period="2026-01") == 2
    card = score(of, "y", {"staff": STAFF, "events": rows}, subject="A", period="2026")
    assert card.total == 24  # each month sees the year


def test_past_scores_whose_periods_overlap_are_told(load: Load) -> None:
    of = load(total("count(late)"), "  y: {scores: staff, period: year, total: sum(m)}")
    past = [{"staff": "A", "period": "2026-10", "total": 3}, {"staff": "A", "period": ("2026-10-20", "2026-11-19"), "total": 4}]
    card = score(of, "y", {"staff": STAFF, "events": [late(2)], "m": past}, subject="A", period="2026", now="2026-11-30")
    assert card.total == 4
    assert card.notes[0].en.startswith("row 2 of m is set apart: the periods 2026-10 and ")


def test_days_may_be_given_as_texts(load: Load) -> None:
    of = load(total("count(late)"))
    assert came_to(of, late(2), late(20), period=("2026-11-01", "2026-11-15")) == 1  # type: ignore[arg-type]


# -- a measure, and decisions about any table


def test_a_measure_is_read_for_one_subject(load: Load) -> None:
    of = load(total("1"), "measures: {late_days: {value: 'count(late, each=on)', label: 迟到天数, cite: 第3条}}")
    found = measure(of, "late_days", {"staff": STAFF, "events": [late(2), late(2), late(3)]}, subject="A", period="2026-11")
    assert (found.value, found.low, found.high, found.open) == (2, 2, 2, False)
    assert found.explain("zh").startswith("迟到天数〔第3条〕 A 2026-11：2\n  count(迟到, each=发生日)\n  其中 count(迟到, each=发生日) = 2")
    unsure = measure(of, "late_days", {"staff": STAFF}, subject="A", period="2026-11")
    assert (unsure.value, unsure.open, unsure.undecided) == (None, True, ("events",))
    assert type(unsure).from_dict(unsure.to_dict()) == unsure


def test_a_measure_of_nobody_named_lists_whose_it_may_be(load: Load) -> None:
    of = load(total("1"), "measures: {n: count(late)}")
    with pytest.raises(RecordError) as refused:
        measure(of, "n", {"staff": [{"staff": f"S{n}"} for n in range(1, 11)], "events": []}, about="staff", period="2026-11")
    hint = "say which: subject='S1' (there are: S1, S2, S3, S4, S5, S6, S7, S8)"
    assert str(refused.value) == f"subject: the table staff has 10 subjects; {hint}"
    assert refused.value.text("zh").endswith("请写明是哪一个：subject='S1'（有：S1, S2, S3, S4, S5, S6, S7, S8）")


def test_a_subject_that_no_table_has_is_told_with_those_of_each_table(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text("rulebook: two\ntables: {staff: {window: text}, window: {hall: text}}\nmeasures: {n: count(staff)}\n", encoding="utf-8")
    records = {"staff": [{"staff": "A", "window": "W1"}, {"staff": "B", "window": "W2"}], "window": [{"window": "W1"}, {"window": "W2"}]}
    with pytest.raises(RecordError) as refused:
        measure(load_rulebook(path), "n", records, subject="Z9", period="2026-11")
    assert str(refused.value) == "Z9: no subject 'Z9' in the records; there are: window: W1, W2; staff: A, B"
    assert refused.value.text("zh") == "Z9: 记录里没有对象“Z9”；有：窗口（window）：W1, W2；工作人员（staff）：A, B"


def test_a_measure_of_somebody_who_is_not_there_lists_who_is(load: Load) -> None:
    of = load(total("1"), "measures: {n: count(late)}")
    with pytest.raises(RecordError) as refused:
        measure(of, "n", {"staff": [{"staff": id} for id in "ABC"], "events": []}, subject="Z", period="2026-11")
    assert str(refused.value) == "Z: no staff 'Z' in the records; there are: A, B, C"


def test_an_id_in_two_tables_must_be_told_apart(load: Load) -> None:
    of = load(total("1"), "measures: {n: count(late)}")
    records = {"staff": [{"staff": "1"}], "window": [{"window": "1"}], "events": []}
    with pytest.raises(RecordError, match="'1' is in several tables: window, staff; say which: about="):
        measure(of, "n", records, subject="1", period="2026-11")
    assert measure(of, "n", records, subject="1", period="2026-11", about="窗口").about == "window"
    with pytest.raises(DecisionError, match="rows has no measure 'm'"):
        measure(of, "m", records, subject="1", period="2026-11")


ANY_TABLE = """
rulebook: any
conventions: {first_day: excluded, roll: forward, ends: day, pause_needs_notice: no}
tables:
  project: {project: text, town: text}
  visits: {of: project, dated_by: seen_on, seen_on: date, project: text, fine: boolean}
  reports: {of: department, dated_by: told_on, told_on: date, department: text, claimed: integer}
clocks:
  reply: {about: cases, limit: 5 工作日, starts: received_on, stops: closed_on, extension: {limit: 1 工作日, times: 9}}
decisions:
  seen: {about: project, hit: first, rules: [{when: 'count(visits, when=fine) >= 1', then: true}, {then: false}]}
  claim: {about: reports, hit: first, rules: [{when: claimed > 5, then: big}, {then: small}]}
  often: {about: cases, hit: first, rules: [{when: count(extensions) >= 2, then: true}, {then: false}]}
  late: {about: cases, hit: first, rules: [{when: reply.overdue, then: true}, {then: false}]}
measures: {asked: count(extensions)}
schemes:
  handling: {scores: cases, period: month, total: 10 - count(extensions) - (1 if reply.overdue else 0)}
"""
RECORDS = {
    "project": [{"project": "P1"}, {"project": "P2"}],
    "visits": [{"project": "P1", "seen_on": "2026-03-01", "fine": True}],
    "reports": [{"department": "D", "told_on": "2026-03-02", "claimed": 9}],
    "cases": [
        {"case": "1", "staff": "A", "received_on": "2026-03-02"},
        {"case": "2", "received_on": "2026-04-01", "closed_on": "2026-04-02"},
    ],
    "extensions": [{"case": "1", "clock": "reply", "asked_on": f"2026-03-0{day}", "granted": True} for day in (4, 5)],
}


@pytest.fixture
def any_table(tmp_path: Path) -> Rulebook:
    path = tmp_path / "any.yaml"
    path.write_text(ANY_TABLE, encoding="utf-8")
    return load_rulebook(path)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        ("seen", {"P1": True, "P2": False}),
        ("claim", {"reports:1": "big"}),
        ("often", {"1": True, "2": False}),
        ("late", {"1": True, "2": False}),
    ],
)
def test_a_decision_about_any_table_is_asked_by_one_verb(any_table: Rulebook, decision: str, expected: dict[str, object]) -> None:
    assert {one.subject: one.grade for one in grade(any_table, decision, RECORDS, now="2026-03-20")} == expected


@pytest.mark.parametrize(("now", "worth"), [("2026-03-11", 8), ("2026-03-12", 7)])  # due on the 9th, on the 11th as extended
def test_a_scheme_may_score_cases(any_table: Rulebook, now: str, worth: int) -> None:
    cards = score(any_table, "handling", RECORDS, period="2026-03", now=now)
    assert [(card.subject, card.total) for card in cards] == [("1", worth)]


def test_what_belongs_to_a_case_belongs_to_whom_the_case_belongs_to(any_table: Rulebook) -> None:
    assert measure(any_table, "asked", RECORDS, subject="A", period="2026-03").value == 2


def test_rows_that_a_case_lists_itself_are_counted_too(any_table: Rulebook) -> None:
    (case, other), rows = RECORDS["cases"], RECORDS["extensions"]
    within = {**RECORDS, "cases": [{**case, "extensions": [{k: v for k, v in row.items() if k != "case"} for row in rows]}, other]}
    del within["extensions"]
    assert measure(any_table, "asked", within, subject="A", period="2026-03").value == 2
    assert {one.subject: one.grade for one in grade(any_table, "often", within)} == {"1": True, "2": False}


def test_what_a_case_lists_that_is_no_row_leaves_open_how_many_there_are(any_table: Rulebook) -> None:
    (case, other), rows = RECORDS["cases"], RECORDS["extensions"]
    within = {**RECORDS, "cases": [{**case, "extensions": ["soon", *rows]}, other]}
    del within["extensions"]
    found = {one.subject: (one.grade, one.undecided) for one in grade(any_table, "often", within)}
    assert found == {"1": (None, ("extensions",)), "2": (False, ())}


@pytest.mark.parametrize(
    ("cell", "worth", "en", "zh"),
    [
        ("soon", 0, "extensions must be a list of rows, not 'soon'", "extensions 应为记录的列表，不能是 'soon'"),
        (["soon", *RECORDS["extensions"]], 2, "row 1 of extensions is no mapping: 'soon'", "extensions 第 1 行不是键值：'soon'"),
    ],
)
def test_what_a_case_lists_that_is_no_row_is_told_to_who_counts_for_its_owner(
    any_table: Rulebook, cell: object, worth: int, en: str, zh: str
) -> None:
    (case, other), records = RECORDS["cases"], {name: rows for name, rows in RECORDS.items() if name != "extensions"}
    found = measure(any_table, "asked", {**records, "cases": [{**case, "extensions": cell}, other]}, subject="A", period="2026-03")
    assert (found.value, found.notes) == (worth, (Words(f"row 1 of cases is set apart: {en}", f"办件（cases）第 1 行已搁置：{zh}"),))


def test_an_extension_given_again_is_counted_once_whoever_counts_it(any_table: Rulebook) -> None:
    again = {**RECORDS, "extensions": [*RECORDS["extensions"], RECORDS["extensions"][0]]}
    found = measure(any_table, "asked", again, subject="A", period="2026-03")
    assert (found.value, [note.en for note in found.notes]) == (2, ["row 3 of extensions is given again: counted once"])
    assert {one.subject: one.grade for one in grade(any_table, "often", again)} == {"1": True, "2": False}


@pytest.mark.parametrize("spoilt", [{"case": "1", "asked_on": "soon"}, {"asked_on": "2026-03-04"}])
def test_an_extension_that_cannot_be_used_leaves_open_how_many_a_case_has(any_table: Rulebook, spoilt: dict[str, object]) -> None:
    records = {**RECORDS, "extensions": [*RECORDS["extensions"][:1], spoilt]}
    one = next(one for one in grade(any_table, "often", records) if one.subject == "1")
    assert (one.open, one.undecided) == (True, ("extensions",))


def test_nobody_can_say_what_belongs_to_a_row_without_an_id(load: Load) -> None:
    of = load(
        total("1"), "decisions:\n  often: {about: cases, hit: first, rules: [{when: count(extensions) > 0, then: true}, {then: false}]}"
    )
    records = {"cases": [{"case": "1", "staff": "A"}, {"staff": "A"}], "extensions": []}
    assert [(one.grade, one.undecided) for one in grade(of, "often", records)] == [(False, ()), (None, ("case",))]


def test_the_certain_members_of_a_collection_are_listed_while_it_is_open(load: Load) -> None:
    rules = "[{when: total >= 9, then: x}, {when: speed > 1, then: y}]"
    of = load(total("10 - count(late)"), f"decisions:\n  d: {{about: m, hit: collect, rules: {rules}}}")
    (found,) = grade(of, "d", {"staff": STAFF[:1], "events": []}, period="2026-11")
    assert (found.open, found.outcome.certain) == (True, ("x",))
    assert "certain among them: x" in found.explain()


# -- what is refused when the book is loaded


@pytest.mark.parametrize(
    ("scheme", "said"),
    [
        (
            total("count(late, of=town)"),
            "whose rows are counted, and this is none; of= takes one of: all, staff, window, department",
        ),
        (total("count(late, each=incidnt)"), 'each= takes a fact of the rows, or unbroken; did you mean "incident"?'),
        (total("percent(late, grave, each=on)"), "each= joins counts and numbers, not what percent takes here"),
        (total("sum(late, minutes, at_most=50)"), "at_most= and at_least= hold rows that each= joins; to hold the whole: min(sum(..), 50)"),
        (total("count(late, top=5)"), "count takes no `top=`; mean takes it"),
        (total("mean(late, minutes, top=0)"), "top= is a number of rows"),
        (total("mean(late, minutes, top=2, bottom=1)"), "top= and bottom= exclude each other"),
        (
            total("count(window)"),
            "belong to no staff; say that they do: tables: {window: {of: [department, staff], staff: text}}",
        ),
        (total("nth(over=year)"), "nth stands in an item with `for:` only"),
        ("adjust: [{id: l, for: late, points: nth(over=month)}]", "month is no longer than the scheme's own period; nth alone counts"),
        ("adjust: [{id: l, for: late, each: on, when: nth > 1, points: 1}]", "when: is asked before rows are joined"),
        ("adjust: [{id: l, for: uncivil, each: on, points: 'discretion(-2, -1)'}]", "marks are given to a row, and each: joins rows"),
        ("adjust: [{id: l, for: late, of: town, points: 1}]", "of: says whose rows are priced, and this is none"),
        ("parts: {a: {full: 5, parts: {x: {full: 4}}}}", "the parts' full marks sum to 4, a promises 5"),
        ("parts: {a: {parts: {x.y: {}}}}", "the name 'x.y' holds a dot; paths are cut at dots"),
    ],
)
def test_what_cannot_be_counted_says_what_to_write(load: Load, scheme: str, said: str) -> None:
    with pytest.raises(RulebookError) as refused:
        load(scheme)
    assert said in str(refused.value)


def test_what_is_scored_has_a_column_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "towns.yaml"
    path.write_text("rulebook: t\ntables: {towns: {n: integer}}\nschemes: {m: {scores: towns, period: year, total: n}}\n", encoding="utf-8")
    with pytest.raises(RulebookError, match="no column names a row of towns; give it one: towns: "):
        load_rulebook(path)


def test_rows_of_events_belong_to_no_case_unless_the_book_says_so(load: Load) -> None:
    with pytest.raises(RulebookError, match="rows of late belong to no cases; say that they do"):
        load(total("count(late)"), scores="cases")


STAGED = """
rulebook: staged
tables: {steps: {of: cases, days_taken: {type: integer}}}
decisions:
  long: {about: cases, hit: first, rules: [{when: count(steps) >= 2, then: true}, {then: false}]}
"""


def graded(cell: Any, folder: Path) -> Any:
    (folder / "staged.yaml").write_text(STAGED, encoding="utf-8")
    case = {"case": "C1", "received_on": date(2026, 3, 2), "window": "W1", "steps": cell}
    [found] = grade(load_rulebook(folder / "staged.yaml"), "long", {"cases": [case], "window": [{"window": "W1"}]}, period="2026")
    return found


@pytest.mark.parametrize("cell", ["x", ["x"], ["x", {"days_taken": 1}], {"days_taken": 1}, 3])
def test_what_is_no_list_of_rows_is_not_counted_as_none(cell: Any, tmp_path: Path) -> None:
    found = graded(cell, tmp_path)
    assert (found.grade, found.open, found.undecided) == (None, True, ("steps",))
    en = "row 1 of cases names steps that are no list of rows: that is taken as not known"
    assert found.notes == (Words(en, "办件（cases）第 1 行写的 steps 不是由各行组成的列表，视为未知"),)


@pytest.mark.parametrize(("cell", "long"), [([], False), ([{"days_taken": 1}, {"days_taken": 1}], True)])
def test_a_list_of_rows_is_counted(cell: Any, long: bool, tmp_path: Path) -> None:
    found = graded(cell, tmp_path)
    assert (found.grade, found.open, found.notes) == (long, False, ())
