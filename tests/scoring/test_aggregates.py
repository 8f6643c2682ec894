"""Aggregates: what is counted over a subject's rows, and what cannot be said of them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from .centre import book, card, case, event, staff, total

CASES = [case(1, weight=2, rating="满意"), case(2, weight=4, rating="不满意"), case(3, weight=4), case(4, "2026-09-12", weight=100)]


def worth(expression: str, *events: dict[str, object], **more: object) -> object:
    return total(book(f"schemes:\n  month:\n    scores: staff\n    period: month\n    total: '{expression}'\n"), *events, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("count(cases)", 3),
        ("count(cases, when=weight > 3)", 2),
        ("sum(cases, weight)", 10),
        ("sum(cases, weight * 2, when=weight > 3)", 16),
        ("highest(cases, weight) - lowest(cases, weight)", 2),
        ("mean(cases, weight) * 3", 10),
        ("percent(cases, weight > 3) * 3", 200),
        ('percent(cases, rating == "satisfied", when=known(rating))', 50),
        ("count(cases, over=quarter)", 3),
        ("count(cases, over=year)", 4),
        ("sum(cases, weight, over=ever)", 110),
    ],
)
def test_a_total_over_the_rows_of_the_subject_in_the_period(expression: str, value: object) -> None:
    assert worth(expression, cases=CASES) == value


def test_several_kinds_are_counted_together() -> None:
    events = [event("late"), event("early"), event("absent"), event("late", staff="S2")]
    assert worth("count([late, early])", *events) == 2
    assert worth("sum([late, early], minutes)", *(one | {"minutes": 5} for one in events)) == 10


def test_a_rate_is_exact_never_rounded_over_a_threshold() -> None:
    cases = [case(number, weight=1 if number else 0) for number in range(3000)]
    assert worth("1 if percent(cases, weight > 0) >= 100 else 0", cases=cases) == 0
    assert worth("percent(cases, weight > 0) * 3000", cases=cases) == Fraction(100 * 2999 * 3000, 3000)


def test_a_pooled_rate_and_a_mean_of_rates_are_two_things() -> None:
    cases = [case(1, weight=1, promised_days=1), case(2, weight=1, promised_days=9)]
    assert worth("10 * sum(cases, weight) / sum(cases, promised_days)", cases=cases) == 2
    assert worth("9 * mean(cases, weight / promised_days)", cases=cases) == 5


def test_a_table_that_was_supplied_and_has_no_rows_counts_nought() -> None:
    assert worth("count(cases)", cases=[]) == 0
    assert worth("sum(cases, weight)", cases=[]) == 0
    assert worth("count(late)") == 0


def test_a_table_that_was_not_supplied_is_unknown() -> None:
    assert worth("count(cases)") == (None, None)
    assert worth("count(late)", events=None) == (None, None)


def test_nothing_to_divide_by_is_unknown_and_says_so() -> None:
    for one in ("percent(cases, weight > 3)", "mean(cases, weight)", "lowest(cases, weight)", "highest(cases, weight)", "1 / count(cases)"):
        found = card(book(f"schemes: {{month: {{scores: staff, period: month, total: '{one}'}}}}"), cases=[])
        assert (found.total, found.low, found.high) == (None, None, None)
        assert "there is nothing to divide by" in found.explain()
        assert "没有可以相除的数" in found.explain("zh")


def test_a_row_whose_value_or_condition_is_unknown_leaves_the_result_open_unless_it_is_filtered() -> None:
    cases = [case(1, weight=2), case(2)]
    assert worth("sum(cases, weight)", cases=cases) == (None, None)
    assert worth("count(cases, when=weight > 1)", cases=cases) == (1, 2)
    assert worth("sum(cases, weight, when=known(weight))", cases=cases) == 2


def test_a_row_sees_the_facts_of_what_it_belongs_to() -> None:
    people = [staff(role="front")]
    assert worth('count(cases, when=role == "front")', cases=CASES, staff=people) == 3


def test_a_dated_table_of_the_centres_own_is_counted_in_its_period() -> None:
    checks = [
        {"staff": "S1", "checked_on": "2026-10-05", "mark": 90},
        {"staff": "S1", "checked_on": "2026-10-25", "mark": 80},
        {"staff": "S1", "checked_on": "2026-11-05", "mark": 0},
    ]
    assert worth("mean(checks, mark)", checks=checks) == 85


def test_what_is_marked_verified_is_counted_only_where_the_row_says_so() -> None:
    gifts = [event("gift", verified=said) for said in (True, "是", 1, False, "否", None)]
    assert worth("count(gift)", *gifts) == 3


def test_the_card_shows_what_was_counted_and_of_how_many() -> None:
    of = book(
        """
        measures: {satisfied_percent: {value: 'percent(cases, rating == "satisfied", when=known(rating))', label: 满意率}}
        schemes:
          month:
            scores: staff
            period: month
            parts:
              work:
                full: 100
                items:
                  - {id: content, points: -0.1 * (100 - satisfied_percent)}
                  - {id: late, points: -2 * count(late)}
        """
    )
    content, late = card(of, event("late"), cases=CASES).lines
    assert content.points == -5
    assert content.facts == {
        "satisfied_percent": 50,
        'percent(cases, rating == "satisfied", when=known(rating))': 50,
        "count(cases, when=known(rating))": 2,
    }
    assert late.facts == {"count(late)": 1}
