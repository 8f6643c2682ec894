"""Parts and totals: what a part starts from and is held between, bonuses, adjustments, weights, other schemes, rounding."""

from __future__ import annotations

from decimal import Decimal

import pytest

from govservice import Rulebook, grade
from govservice.errors import ConventionError, DecisionError, RulebookError

from .centre import STATED, book, card, case, event, said, staff, total

LATE = "items: [{id: late, for: late, points: -10}]"


def parts(written: str, *, more: str = "", conventions: str = "") -> Rulebook:
    return book(f"schemes:\n  month:\n    scores: staff\n    period: month\n    {more}\n    parts: {{{written}}}\n", conventions)


# -- parts


def test_a_part_starts_full_unless_it_says_otherwise() -> None:
    assert total(parts("work: {full: 30}")) == 30
    assert total(parts("work: {full: 30, start: 0}")) == 0
    assert total(parts("work: {full: 30, start: 10}")) == 10


def test_earned_points_start_at_nought_and_stop_at_the_full_mark() -> None:
    earned = "work: {full: 35, start: 0, items: [{id: thanked, for: thanked, points: 10}]}"
    of = parts(earned, conventions="part_overflow: capped")
    assert [total(of, *[event("thanked")] * number) for number in (0, 3, 4)] == [0, 30, 35]


@pytest.mark.parametrize(
    ("bounds", "low", "high"),
    [
        ("min: 0, max: 20", 0, 20),
        ("min: -15, max: none", -15, 40),
        ("min: none, max: 25", -30, 25),
        ("min: none, max: none", -30, 40),
        ("min: 5, max: 5", 5, 5),
    ],
)
def test_a_part_is_held_between_its_own_bounds(bounds: str, low: int, high: int) -> None:
    of = parts(f"work: {{full: 20, {bounds}, items: [{{id: late, for: late, points: -10}}, {{id: thanked, for: thanked, points: 10}}]}}")
    assert total(of, *[event("late")] * 5) == low
    assert total(of, *[event("thanked")] * 2) == high


@pytest.mark.parametrize("path", ["parts.work.speed", "parts.work.parts.speed"])
def test_a_part_within_a_part_is_amended_by_the_name_that_expressions_give_it(path: str) -> None:
    of = parts("work: {full: 60, parts: {speed: {full: 40}, manner: {full: 20}}}")
    found = card(of.amend({f"schemes.month.{path}": {"full": 40, "items": [{"id": "late", "for": "late", "points": -3}]}}), event("late"))
    assert {name: part.total for name, part in found.parts.items()} == {"work": 57, "work.speed": 37, "work.manner": 20}


def test_a_bonus_within_a_part_takes_nothing_of_what_the_part_starts_from() -> None:
    within = "a: {full: 60}, extra: {items: [{id: thanked, for: thanked, points: 2}]}"
    found = card(parts(f"work: {{full: 60, parts: {{{within}}}}}", conventions="part_overflow: allowed"), event("thanked"))
    assert {path: (part.total, part.full) for path, part in found.parts.items()} == {
        "work": (62, 60),
        "work.a": (60, 60),
        "work.extra": (2, None),
    }


@pytest.mark.parametrize(
    ("bounds", "between"),
    [
        ("min: 0, max: 20", (0, 20)),
        ("min: 0, max: none", (None, None)),
        ("min: none, max: 20", (None, None)),
        ("min: none, max: none", (None, None)),
    ],
)
def test_an_item_that_nothing_bounds_is_held_between_a_floor_and_a_ceiling_or_not_at_all(bounds: str, between: object) -> None:
    unread = "items: [{id: late, for: late, points: -1 * minutes}]"
    held = card(parts(f"work: {{full: 20, {bounds}, {unread}}}"), event("late", minutes=None))
    assert ((held.parts["work"].low, held.parts["work"].high), (held.low, held.high)) == (between, between)
    assert (held.parts["work"].earned, held.parts["work"].held) == (None, False)
    whole = card(parts(f"extra: {{{unread}}}", more=bounds.replace(", ", "\n    ")), event("late", minutes=None))
    assert ((whole.parts["extra"].low, whole.parts["extra"].high), (whole.low, whole.high)) == ((None, None), between)


def test_a_bonus_part_starts_at_nought_and_is_not_held_unless_it_says_so() -> None:
    assert total(parts(f"extra: {{{LATE}}}"), *[event("late")] * 9) == -90
    assert total(parts(f"extra: {{min: -20, {LATE}}}"), *[event("late")] * 9) == -20


def test_the_floor_and_the_overflow_of_a_part_are_asked_only_where_the_answer_depends_on_them() -> None:
    of = parts("work: {full: 20, items: [{id: late, for: late, points: -10}, {id: thanked, for: thanked, points: 10}]}")
    assert [total(of, *[event("late")] * number) for number in (0, 2)] == [20, 0]
    with pytest.raises(ConventionError, match=r"month.parts.work depends on the convention part_floor"):
        total(of, *[event("late")] * 3)
    with pytest.raises(ConventionError, match=r"month.parts.work depends on the convention part_overflow"):
        total(of, event("thanked"))


@pytest.mark.parametrize(("most", "asked"), [(20, False), (21, True)])
def test_a_bound_that_what_is_open_may_reach_but_not_pass_is_not_asked_for(most: int, asked: bool) -> None:
    floor = parts(f"work: {{full: 20, items: [{{id: late, for: late, points: '-{most} if minutes > 10 else 0'}}]}}")
    overflow = parts(f"work: {{full: 20, start: 0, items: [{{id: thanked, for: thanked, points: '{most} if minutes > 10 else 0'}}]}}")
    for kind, of, convention in (("late", floor, "part_floor"), ("thanked", overflow, "part_overflow")):
        needs = {need for item in card(of, event(kind, minutes=None)).open for need in item.needs}
        assert (f"conventions.{convention}" in needs) is asked


@pytest.mark.parametrize(
    ("convention", "low", "high"), [("part_floor: 0, part_overflow: capped", 0, 20), ("part_floor: none, part_overflow: allowed", -10, 30)]
)
def test_the_conventions_hold_a_part_that_does_not_say(convention: str, low: int, high: int) -> None:
    written = "work: {full: 20, items: [{id: late, for: late, points: -10}, {id: thanked, for: thanked, points: 10}]}"
    of = parts(written, conventions=convention)
    assert (total(of, *[event("late")] * 3), total(of, event("thanked"))) == (low, high)


def test_a_part_and_a_scheme_override_a_convention_by_the_bare_key() -> None:
    of = parts(f"work: {{full: 20, part_floor: none, {LATE}}}, rest: {{full: 10, {LATE}}}", conventions="part_floor: 0")
    assert total(of, *[event("late")] * 3) == -10
    assert total(parts(f"work: {{full: 20, {LATE}}}", more="part_floor: none", conventions="part_floor: 0"), *[event("late")] * 3) == -10


def test_a_part_that_does_not_apply_adds_nothing_and_one_that_may_not_is_open() -> None:
    of = parts('counter: {full: 60, when: role == "front"}, work: {full: 40}')
    assert [total(of, staff=[staff(role=one)]) for one in ("front", "back")] == [100, 40]
    found = card(of)
    assert (found.low, found.high) == (40, 100)
    assert [(one.item, one.needs, one.low, one.high) for one in found.open] == [("counter", ("role",), 0, 60)]


def test_a_part_is_in_force_from_its_first_day_to_its_last() -> None:
    of = parts("old: {full: 60, until: 2026-09-30}, new: {full: 70, from: 2026-10-01}")
    assert [total(of, period=one) for one in ("2026-09", "2026-10")] == [60, 70]


def test_the_card_says_what_was_held() -> None:
    found = card(parts(f"work: {{full: 20, {LATE}}}", conventions=STATED), *[event("late")] * 3)
    part = found.parts["work"]
    assert (part.total, part.earned, part.held, part.full) == (0, -10, True, 20)


# -- totals


def test_adjustments_stand_outside_any_part() -> None:
    of = parts(f"work: {{full: 20, {LATE}}}", more="adjust: [{id: thanked, for: thanked, points: 1}]", conventions=STATED)
    found = card(of, *[event("late")] * 9, event("thanked"))
    assert (found.total, found.parts["work"].total) == (1, 0)
    assert [line.part for line in found.lines if line.item == "thanked"] == [None]


def test_a_total_of_its_own_reads_parts_their_sum_and_the_adjustments() -> None:
    written = "a: {full: 40, items: [{id: late, for: late, points: -10}]}, b: {full: 60}"
    weighted = parts(written, more="total: 0.8 * parts.a + 0.2 * parts.b")
    assert total(weighted, event("late")) == 36
    summed = parts(written, more='total: "2 * sum(parts) + adjust"\n    adjust: [{id: bonus, points: 3}]')
    assert total(summed, event("late")) == 183
    spoilt = parts(written, more='total: "100 - 30 * count(parts, when=total < full)"')
    assert total(spoilt, event("late")) == 70
    assert "parts.a = 30; parts.b = 60" in card(weighted, event("late")).explain()


def test_a_total_reads_facts_and_measures() -> None:
    of = book(
        """
        measures: {lateness: 100 - 5 * count(late)}
        schemes: {month: {scores: staff, period: month, total: 'lateness if role == "front" else 60'}}
        """
    )
    assert [total(of, event("late"), staff=[staff(role=one)]) for one in ("front", "back")] == [95, 60]


def test_a_part_left_out_is_none_in_a_total_and_the_subject_is_not_scored() -> None:
    of = parts('counter: {full: 60, when: role == "front"}, work: {full: 40}', more="total: parts.counter + parts.work")
    found = card(of, staff=[staff(role="back")])
    assert (found.total, found.scored, said(found)) == (None, False, "this scheme does not score it in this period")
    careful = parts(
        'counter: {full: 60, when: role == "front"}, work: {full: 40}',
        more="total: (parts.counter if known(parts.counter) else 50) + parts.work",
    )
    assert total(careful, staff=[staff(role="back")]) == 90


def test_a_total_that_passes_the_full_mark_needs_the_schemes_max() -> None:
    written = "work: {full: 100}, extra: {items: [{id: thanked, for: thanked, points: 4}]}"
    of = parts(written, more="full: 100")
    assert total(of) == 100
    with pytest.raises(DecisionError, match="month: S1 comes to 104 of 100, and no max is stated; write max: with a number or none"):
        total(of, event("thanked"))
    assert total(parts(written, more="full: 100\n    max: none"), event("thanked")) == 104
    held = card(parts(written, more="full: 100\n    max: 103"), event("thanked"))
    assert (held.total, said(held)) == (103, "the parts come to 104; the scheme holds it to 103")


def test_a_scheme_may_have_a_floor_of_its_own() -> None:
    assert total(parts(f"extra: {{{LATE}}}", more="min: -15"), *[event("late")] * 9) == -15


def test_parts_that_do_not_sum_to_the_promise_are_a_fault() -> None:
    with pytest.raises(RulebookError, match="the parts' full marks sum to 90, the scheme promises 100"):
        parts("a: {full: 40}, b: {full: 50}", more="full: 100")


def test_another_currency_is_said() -> None:
    of = book("schemes: {month: {title: 月奖, scores: staff, period: month, unit: CNY, total: 500 - 50 * count(late)}}")
    assert card(of, event("late")).explain().startswith("月奖 S1 2026-10: 450 CNY")


# -- a scheme that does not score


def test_a_scheme_outside_its_days_or_its_condition_does_not_score() -> None:
    dated = book("schemes: {month: {scores: staff, period: month, from: 2026-10-01, until: 2026-10-31, total: 1}}")
    assert [card(dated, period=one).scored for one in ("2026-09", "2026-10", "2026-11")] == [False, True, False]
    front = book('schemes: {month: {scores: staff, period: month, when: role == "front", total: 1}}')
    assert [card(front, staff=[staff(role=one)]).scored for one in ("front", "back")] == [True, False]


def test_whether_one_is_scored_at_all_may_be_open() -> None:
    of = book('schemes: {month: {scores: staff, period: month, who: role == "front", total: 1}}')
    assert said(card(of)) == "whether it is scored at all waits for role"


# -- rounding


def rounded(rounding: str) -> object:
    of = book(
        """
        schemes:
          month: {scores: staff, period: month, total: 10 / 3 + 0.5}
          year: {scores: staff, period: year, total: mean(month) * 3}
        """,
        f"unserved_periods: skip, rounding: {{{rounding}}}",
    )
    return total(of), total(of, scheme="year", period="2026")


def test_rounding_happens_once_at_the_end_unless_each_scheme_rounds() -> None:
    assert rounded("digits: 1, mode: half_up, at: end") == (Decimal("3.8"), Decimal("11.5"))
    assert rounded("digits: 1, mode: half_up, at: each_scheme") == (Decimal("3.8"), Decimal("11.4"))


@pytest.mark.parametrize(("mode", "worth"), [("half_up", (3, -3)), ("half_even", (2, -2)), ("down", (2, -2)), ("up", (3, -3))])
def test_a_half_goes_where_the_book_says(mode: str, worth: tuple[int, int]) -> None:
    found = [
        total(
            book(f"schemes: {{month: {{scores: staff, period: month, total: {half}}}}}", f"rounding: {{digits: 0, mode: {mode}, at: end}}")
        )
        for half in ("2.5", "-2.5")
    ]
    assert tuple(found) == worth


def test_a_grade_sees_the_exact_total_not_the_rounded_one() -> None:
    of = book(
        """
        schemes: {month: {scores: staff, period: month, total: 94.996}}
        decisions: {good: {about: month, hit: first, rules: [{when: total >= 95, then: true}, {then: false}]}}
        """,
        "rounding: {digits: 2, mode: half_up, at: end}",
    )
    [found] = grade(of, "good", {"staff": [staff()]}, period="2026-10")
    assert (found.total, found.grade) == (95, False)


@pytest.mark.parametrize(("weight", "found"), [(4, 4), (Decimal("4.5"), None)])
def test_to_how_many_digits_is_asked_for_only_where_a_total_is_no_whole_number(weight: object, found: object) -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: 'sum(cases, weight)'}}", "rounding: {at: each_scheme, mode: half_up}")
    rows = [case(1, weight=weight)]
    if found is not None:
        assert total(of, cases=rows) == found
        return
    with pytest.raises(ConventionError, match=r"month depends on the convention rounding\.digits"):
        total(of, cases=rows)
