"""Items: points once a row or once a subject, and the shapes that regulations give them."""

from __future__ import annotations

import pytest

from govservice.errors import DecisionError, RecordError

from .centre import among_all, book, card, case, event, month, said, staff, total


def lates(*minutes: int | None) -> list[dict[str, object]]:
    return [event("late", 5 + number, minutes=one) for number, one in enumerate(minutes)]


def test_an_item_with_rows_is_priced_once_a_row_and_without_once_a_subject() -> None:
    assert total(month("{id: late, for: late, points: -2}"), *lates(1, 1, 1)) == 94
    assert total(month("{id: late, when: count(late) > 0, points: -2}"), *lates(1, 1, 1)) == 98


def test_an_item_is_priced_only_where_its_condition_holds() -> None:
    of = month("{id: late, for: late, when: minutes > 10, points: -0.1 * minutes}")
    assert total(of, *lates(5, 10, 20, 30)) == 95


def test_an_item_may_be_for_several_kinds_and_know_which_it_prices() -> None:
    of = month('{id: away, for: [late, early, absent], points: -5 if kind == "absent" else -1}')
    assert total(of, event("late"), event("early"), event("absent")) == 93


def test_escalation_doubles_from_the_fifth_on() -> None:
    of = month("{id: late, for: late, points: -1 * (2 if nth >= 5 else 1)}")
    assert [total(of, *lates(*[1] * number)) for number in (4, 5, 6)] == [96, 94, 92]


def test_the_ordinal_is_by_date_whatever_the_order_given() -> None:
    of = month("{id: late, for: late, points: -1 * nth * minutes}")
    rows = lates(1, 2, 3)
    assert total(of, *rows) == total(of, *rows[::-1]) == 86
    assert [line.points for line in card(of, *rows[::-1]).lines] == [-1, -4, -9]


def test_rows_of_one_day_have_ordinals_that_the_order_given_does_not_decide() -> None:
    of = month("{id: late, for: late, points: -1 * nth * minutes}")
    rows = [event("late", 12, minutes=one) for one in (7, 1, 3)]
    assert len({total(of, *order) for order in (rows, rows[::-1], [rows[1], rows[2], rows[0]])}) == 1


def test_the_ordinal_counts_the_rows_that_the_item_matches() -> None:
    of = month("{id: late, for: late, when: minutes > 10, points: -1 * nth}")
    assert total(of, *lates(20, 5, 20, 5, 20)) == 94


def test_a_condition_may_ask_for_the_ordinal_itself() -> None:
    of = month("{id: late, for: late, when: nth > 3, points: -1}")
    assert total(of, *lates(1, 1, 1, 1, 1)) == 98


def test_an_ordinal_after_a_row_that_is_open_lies_between_two() -> None:
    of = month("{id: late, for: late, when: minutes > 10, points: -1 * nth}")
    found = card(of, *lates(20, None, 20))
    assert (found.low, found.high) == (94, 97)  # 1 and 2, or 1, 2 and 3; each bound of its own
    assert found.open[0].needs == ("late:2.minutes",)


def test_blocks_count_every_full_three() -> None:
    of = month("{id: block, points: -3 * (count(late) // 3)}")
    assert [total(of, *lates(*[1] * number)) for number in (2, 3, 5, 6)] == [100, 97, 97, 94]


def test_a_free_allowance_costs_nothing() -> None:
    of = month("{id: late, points: '-1 * max(0, count(late) - 3)'}")
    assert [total(of, *lates(*[1] * number)) for number in (2, 3, 5)] == [100, 100, 98]


def test_steps_give_the_value_of_the_highest_threshold_reached() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: 'step(mean(checks, mark), (60, 1), (80, 1.5), (95, 2))'}}")
    rows = [[{"staff": "S1", "checked_on": "2026-10-05", "mark": mark}] for mark in (59, 60, 79.99, 80, 95, 100)]
    assert [float(str(total(of, checks=one))) for one in rows] == [0, 1, 1, 1.5, 2, 2]


def test_tiers_price_each_slice_at_its_own_rate() -> None:
    of = month("{id: late, for: late, points: '-0.1 * min(minutes, 10) - 0.5 * max(0, minutes - 10)'}")
    assert total(of, *lates(30)) == 89


def test_all_or_nothing_loses_the_whole_part() -> None:
    of = month("{id: absent, when: count(absent) > 0, points: -100}")
    assert [total(of), total(of, event("absent"))] == [100, 0]


def test_an_exemption_is_an_item_of_no_points() -> None:
    of = month("{id: excused, for: late, when: excused, points: 0}\n{id: late, for: late, when: not excused, points: -1}")
    found = card(of, event("late", excused=True), event("late", 13))
    assert (found.total, found.unpriced) == (99, ())
    without = card(month("{id: late, for: late, when: not excused, points: -1}"), event("late", excused=True))
    assert [row["kind"] for row in without.unpriced] == ["late"]


def test_a_let_names_a_part_of_the_arithmetic() -> None:
    of = month("{id: late, let: {far: count(late) - 2}, when: far > 0, points: -2 * far}")
    assert total(of, *lates(1, 1, 1, 1)) == 96


def test_an_item_counts_from_its_first_day_in_force_to_its_last() -> None:
    of = month("{id: old, for: late, until: 2026-10-14, points: -1}\n{id: new, for: late, from: 2026-10-15, points: -10}")
    assert total(of, event("late", 14), event("late", 15)) == 89
    once = month("{id: old, until: 2026-10-14, points: -1}\n{id: new, from: 2026-10-15, points: -10}")
    assert total(once) == 90  # once a subject: the period's last day decides


def test_an_item_of_cases_sees_what_decisions_say_of_them() -> None:
    rest = "decisions: {hard: {about: cases, hit: first, rules: [{when: weight > 3, then: true}, {then: false}]}}"
    of = month("{id: hard, for: cases, when: hard, points: -1 * weight}", rest=rest)
    assert total(of, cases=[case(1, weight=2), case(2, weight=4)]) == 96


# -- marks that an assessor sets


RUDE = month('{id: rude, for: rude, points: "discretion(-5, -2)"}')


def test_marks_within_the_bounds_are_taken_both_ends_allowed() -> None:
    assert [total(RUDE, event("rude", assessed=mark)) for mark in (-5, -3.5, "-2")] == [95, 96.5, 98]


@pytest.mark.parametrize("mark", [-5.01, -1.99, 0, 3])
def test_marks_outside_the_bounds_are_told_and_leave_the_row_open(mark: float) -> None:
    with pytest.raises(RecordError, match=r"rude:2.assessed: .* points are given for rude, from -5 to -2 are allowed; mend `assessed`"):
        card(RUDE, event("late"), event("rude", assessed=mark))
    found = among_all(RUDE, event("late"), event("rude", assessed=mark))
    assert (found.total, found.low, found.high) == (None, 95, 98)
    assert found.open[0].needs == ("rude:2.assessed",)
    assert "points are given for rude, from -5 to -2 are allowed; mend `assessed` of that row" in said(found)


def test_marks_not_yet_set_leave_the_score_between_the_bounds() -> None:
    found = card(RUDE, event("rude"), event("rude", 13, assessed=-4))
    assert (found.total, found.low, found.high) == (None, 91, 94)
    assert [(one.item, one.needs, one.low, one.high) for one in found.open] == [("rude", ("rude:1.assessed",), -5, -2)]


def test_marks_may_be_set_a_scheme() -> None:
    of = book(
        """
        schemes:
          month: {scores: staff, period: month, parts: {work: {full: 100, items: [{id: rude, for: rude, points: "discretion(-5, -2)"}]}}}
          year: {scores: staff, period: year, parts: {work: {full: 100, items: [{id: rude, for: rude, points: "discretion(-9, -6)"}]}}}
        """
    )
    both = event("rude", assessed={"month": -3, "year": -7})
    assert (total(of, both), total(of, both, scheme="year", period="2026")) == (97, 93)
    assert total(of, event("rude", assessed={"month": -3}), scheme="year", period="2026") == (91, 94)
    astray = among_all(of, event("rude", assessed={"moth": -3}))
    assert (astray.low, astray.high) == (95, 98)
    assert """marks are given for 'moth', which is no scheme; did you mean "month"?""" in said(astray)


def test_one_mark_alone_may_be_allowed() -> None:
    of = month('{id: rude, for: rude, points: "discretion(-5, -5)"}')
    assert total(of, event("rude", assessed=-5)) == total(of, event("rude")) == 95


def test_bounds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(DecisionError, match="the lower number stands first"):
        card(month('{id: rude, for: rude, points: "discretion(minutes, -5)"}'), event("rude", minutes=0))


def test_the_bounds_of_marks_may_depend_on_the_ordinal() -> None:
    of = month('{id: rude, for: rude, when: minutes > 3, points: "discretion(-2 * nth, 0)"}')
    found = card(of, event("rude", 12), event("rude", 13, minutes=5))
    assert (found.low, found.high) == (94, 100)


# -- what is verified, priced, known


def test_what_is_not_yet_verified_costs_nothing_and_is_listed() -> None:
    of = month("{id: gift, for: gift, points: -10}")
    found = card(of, event("gift", verified=True), event("gift", 13, verified=False), event("gift", 14))
    assert (found.total, len(found.unverified), found.unpriced) == (90, 2, ())


def test_an_event_that_nothing_prices_is_listed_and_one_that_is_only_counted_is_not() -> None:
    of = month(
        "{id: late, for: late, when: minutes > 10, points: -1}",
        rest="decisions: {praised: {about: month, hit: first, rules: [{when: count(thanked) > 0, then: true}, {then: false}]}}",
    )
    events = [event("late", minutes=5), event("late", minutes=15), event("thanked"), event("joked"), event("joked", "2026-09-30")]
    assert [row["kind"] for row in card(of, *events).unpriced] == ["late", "joked"]


def test_a_condition_that_is_open_leaves_between_nothing_and_the_points() -> None:
    found = card(month("{id: late, for: late, when: minutes > 10, points: -3}"), event("late"))
    assert (found.low, found.high) == (97, 100)
    assert found.open[0].needs == ("late:1.minutes",)


def test_a_value_that_is_open_leaves_all_that_the_part_allows() -> None:
    of = month("{id: late, for: late, points: -1 * minutes}")
    assert total(of, event("late")) == (0, 100)
    bonus = book("schemes: {month: {scores: staff, period: month, parts: {extra: {items: [{id: late, for: late, points: minutes}]}}}}")
    assert total(bonus, event("late")) == (None, None)


def test_a_table_that_was_not_supplied_leaves_its_items_open() -> None:
    of = month("{id: each, for: cases, points: -1}")
    found = card(of)
    assert (found.low, found.high) == (0, 100)
    assert found.open[0].needs == ("cases",)
    assert total(of, cases=[]) == 100


def test_a_chain_of_ifs_keeps_tight_what_several_items_would_widen() -> None:
    chain = month("{id: late, for: late, points: -3 if minutes > 30 else -1}")
    apart = month("{id: long, for: late, when: minutes > 30, points: -3}\n{id: short, for: late, when: minutes <= 30, points: -1}")
    assert total(chain, event("late")) == (97, 99)
    assert total(apart, event("late")) == (96, 100)


def test_two_people_do_not_share_their_events() -> None:
    of = month("{id: late, for: late, points: -1}")
    assert total(of, event("late", staff="S2"), event("late", "2026-11-01"), staff=[staff(), staff("S2")]) == 100


def test_a_scheme_is_a_table_that_an_item_may_be_for() -> None:
    of = book(
        """
        schemes:
          month: {scores: staff, period: month, parts: {work: {full: 100, items: [{id: late, for: late, points: -1}]}}}
          year: {scores: staff, period: year, parts: {stars: {items: [{id: clean, for: month, when: total >= 100, points: nth}]}}}
        """,
        "part_floor: 0, part_overflow: capped, unserved_periods: skip",
    )
    assert total(of, event("late"), scheme="year", period="2026") == sum(range(1, 12))


def test_which_of_two_rows_of_one_day_is_first_stays_open_while_their_marks_are_to_come() -> None:
    of = month('{id: rude, for: rude, when: nth == 1, points: "discretion(-5, -2)"}')
    rude = card(of, event("rude", 6), event("rude", 6))
    assert [(line.low, line.high) for line in rude.lines] == [(-5, 0), (-5, 0)]
    assert all("conventions.same_day_order" in line.needs for line in rude.lines)
    marked = card(of, event("rude", 6, assessed=-2), event("rude", 6, assessed=-4))
    assert [(line.low, line.high) for line in marked.lines] == [(-2, 0), (-4, 0)]


def test_a_row_after_rows_of_one_day_has_its_own_ordinal_whichever_of_them_was_first() -> None:
    of = month("{id: late, for: late, points: -1 * nth * minutes}")
    late = [event("late", day, minutes=minutes) for day, minutes in ((9, 1), (12, 7), (12, 2), (13, 1))]
    before, *either, after = card(of, *late).lines
    assert [(line.low, line.high) for line in either] == [(-21, -14), (-6, -4)]
    assert [(line.points, line.needs) for line in (before, after)] == [(-1, ()), (-4, ())]


def test_what_holding_an_item_changes_stands_on_a_line_that_says_what_the_rows_came_to() -> None:
    of = month("{id: late, for: late, points: -2 * minutes, at_least: -3}")
    *_, held = card(of, *lates(1, 1)).lines
    assert (held.points, held.text, held.facts) == (1, "at_least: -3", {"sum of late": -4})
    of = month('{id: late, for: late, points: "-4 if minutes > 10 else -2", at_least: -3}')
    *_, open_ = card(of, *lates(1, None)).lines
    assert (open_.low, open_.high, open_.facts) == (1, 3, {})  # the rows come to nothing that is fixed
