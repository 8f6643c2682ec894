"""Schemes that read schemes: month into year, people into windows, chief into window, past scores, what was one period earlier."""

from __future__ import annotations

from datetime import date

import pytest

from govservice import Rulebook, grade, score
from govservice.errors import ConventionError, DecisionError, RulebookError

from .centre import book, card, event, month, said, staff, total

BOTH = """
schemes:
  month:
    scores: staff
    period: month
    WHO
    parts:
      work:
        full: 100
        items:
          - {id: late, for: late, points: -10}
          - {id: rude, for: rude, points: "discretion(-5, -2)"}
  year: {scores: staff, period: year, total: mean(month)}
  window_month: {scores: window, period: month, total: 'mean(month, when=role != "back")'}
  window_year: {scores: window, period: year, total: mean(month)}
"""


def both(who: str = "", conventions: str = "unserved_periods: skip") -> Rulebook:
    return book(BOTH.replace("WHO", who), f"part_floor: 0, part_served: full, {conventions}")


def test_the_months_go_into_the_year() -> None:
    assert total(both(), event("late"), event("late", "2026-03-01"), scheme="year", period="2026") * 12 == 1180


def test_only_the_months_that_have_begun_count_as_of_a_day() -> None:
    assert total(both(), event("late", "2026-01-05"), scheme="year", period="2026", now=date(2026, 2, 10)) == 95


def test_marks_outstanding_go_through_to_the_year_which_names_them() -> None:
    found = card(both(), event("rude"), scheme="year", period="2026")
    assert found.total is None
    assert (found.low * 12, found.high * 12) == (1195, 1198)  # type: ignore[operator]
    assert [one.needs for one in found.open] == [("rude:1.assessed",)]


PEOPLE = [
    staff(window="W1", role="front"),
    staff("S2", window="W1", role="back"),
    staff("S3", window="W2", role="front"),
    staff("S4", window="W1", role="chief"),
]


def test_the_people_go_into_their_window() -> None:
    events = [event("late"), event("late", staff="S2"), event("late", staff="S3")]
    assert total(both(), *events, scheme="window_month", subject="W1", staff=PEOPLE) == 95


def test_the_chief_and_the_window_may_be_coupled_either_way() -> None:
    of = book(
        """
        schemes:
          own: {scores: staff, period: month, parts: {work: {full: 100, items: [{id: late, for: late, points: -10}]}}}
          window_month:
            scores: window
            period: month
            total: 0.5 * mean(own, when=role == "chief") + 0.5 * mean(own, when=role != "chief")
          month: {scores: staff, period: month, total: '0.6 * mean(own) + 0.4 * mean(window_month) if role == "chief" else mean(own)'}
        """
    )
    events = [event("late"), event("late"), event("late", staff="S4")]
    found = {one: total(of, *events, subject=one, staff=[*PEOPLE[:2], PEOPLE[3]]) for one in ("S1", "S4")}
    assert total(of, *events, scheme="window_month", subject="W1", staff=[*PEOPLE[:2], PEOPLE[3]]) == 90
    assert found == {"S1": 80, "S4": 90}


def test_each_month_goes_to_the_window_one_was_in() -> None:
    moved = [staff(window="W1", until="2026-06-30"), staff(window="W2", from_="2026-07-01")]
    late = [event("late", "2026-03-02"), event("late", "2026-08-03"), event("late", "2026-08-04")]
    windows = [{"window": "W1"}, {"window": "W2"}]
    found = [total(both(), *late, scheme="window_year", subject=one, period="2026", staff=moved, window=windows) for one in ("W1", "W2")]
    assert [one * 6 for one in found] == [590, 580]  # type: ignore[operator]


# -- periods not served, and not eligible

JOINED = {"staff": [staff(from_="2026-07-01")]}


@pytest.mark.parametrize(("reading", "low", "high", "notes"), [("skip", 100, 100, 0), ("zero", 50, 50, 0), ("report", 50, 100, 6)])
def test_months_not_served_are_read_as_the_book_says(reading: str, low: int, high: int, notes: int) -> None:
    found = card(both(conventions=f"unserved_periods: {reading}"), scheme="year", period="2026", **JOINED)
    assert (found.low, found.high) == (low, high)
    assert [one.needs for one in found.open] == ([("conventions.unserved_periods",)] if notes else [])
    assert said(found).count("was not served") == notes


def test_months_not_served_are_asked_about_only_where_there_are_any() -> None:
    assert total(both(conventions=""), scheme="year", period="2026") == 100
    with pytest.raises(ConventionError, match="month depends on the convention unserved_periods"):
        total(both(conventions=""), scheme="year", period="2026", **JOINED)


def test_a_period_is_unserved_where_who_does_not_hold() -> None:
    rows = [staff(role="front", period=f"2026-{month:02}") for month in range(1, 7)] + [
        staff(role="back", period=f"2026-{month:02}") for month in range(7, 13)
    ]
    assert total(both('who: role == "front"', "unserved_periods: zero"), scheme="year", period="2026", staff=rows) == 50


def test_whether_a_month_was_served_may_be_open_and_then_the_year_is() -> None:
    assert total(both('who: role == "front"'), scheme="year", period="2026") == (None, None)


@pytest.mark.parametrize(
    ("reading", "mean", "notes"), [("counted", (1190, 1190), 0), ("skip", (1100, 1100), 0), ("report", (1190, 1200), 1)]
)
def test_months_not_eligible_are_read_as_the_book_says(reading: str, mean: tuple[int, int], notes: int) -> None:
    found = card(
        both("eligible: count(late) == 0", f"unserved_periods: skip, ineligible_periods: {reading}"),
        event("late"),
        scheme="year",
        period="2026",
    )
    assert found.low is not None
    assert found.high is not None
    months = 11 if reading == "skip" else 12  # between 1190 / 12 and 1100 / 11 where it is left open
    assert (round(found.low * months), round(found.high * months)) == mean
    assert said(found).count("is not eligible") == notes


def test_months_not_eligible_are_asked_about_only_where_there_are_any() -> None:
    of = both("eligible: count(late) == 0")
    assert total(of, scheme="year", period="2026") == 100
    with pytest.raises(ConventionError, match="month depends on the convention ineligible_periods"):
        total(of, event("late"), scheme="year", period="2026")


@pytest.mark.parametrize(("stated", "asked"), [("", True), (", ineligible_periods: report", True), (", ineligible_periods: skip", False)])
def test_while_it_is_open_whether_a_month_is_eligible_the_convention_is_asked_for_where_it_is_not_stated(stated: str, asked: bool) -> None:
    of = both("eligible: count(late, when=minutes > 10) == 0", f"unserved_periods: skip{stated}")
    found = card(of, event("late", minutes=None), scheme="year", period="2026")
    needs = {need for item in found.open for need in item.needs}
    assert found.total is None
    assert "late:1.minutes" in needs
    assert ("conventions.ineligible_periods" in needs) is asked


@pytest.mark.parametrize(("reading", "low", "high"), [("full", 90, 90), ("days", 40, 40), ("workdays", 38, 38), ("report", 38, 90)])
def test_the_full_marks_of_one_who_served_part_of_a_period_shrink_as_the_book_says(reading: str, low: int, high: int) -> None:
    of = month("{id: late, for: late, points: -10}", conventions=f"part_floor: 0, part_overflow: capped, part_served: {reading}")
    found = card(of, event("late", "2026-11-05"), period="2026-11", staff=[staff(until="2026-11-15")])
    assert found.low is not None
    assert (round(found.low), found.high if high == 90 else round(found.high or 0)) == (low, high)  # 15 of 30 days, 10 of 21 workdays
    assert said(found) == "served 15 of 30 days, from 2026-11-01 to 2026-11-15"
    assert [one.needs for one in found.open] == ([("conventions.part_served",)] if reading == "report" else [])


def test_the_workdays_of_a_part_of_a_period_begin_with_its_first_day() -> None:
    of = month("{id: late, for: late, points: -1}", conventions="part_floor: 0, part_overflow: capped, part_served: workdays")
    assert total(of, period="2026-09", staff=[staff(until="2026-09-15")]) == 50  # 11 of 22: the first of the month is a Tuesday


def test_part_of_a_period_is_asked_about_only_where_it_was_served_and_a_full_mark_may_shrink() -> None:
    of = month("{id: late, for: late, points: -10}")
    assert total(of, staff=[staff(from_="2026-10-01", until="2026-10-31")]) == 100
    with pytest.raises(ConventionError, match="month depends on the convention part_served"):
        total(of, staff=[staff(from_="2026-10-14")])
    assert total(book("schemes: {month: {scores: staff, period: month, total: 100}}"), staff=[staff(from_="2026-10-14")]) == 100


def test_a_total_may_shrink_by_itself() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: 100 * served.days / period.days}}")
    assert total(of, staff=[staff(until="2026-11-15")], period="2026-11") == 50
    of = book("schemes: {month: {scores: staff, period: month, total: 100 * served.workdays / period.workdays}}")
    assert total(of, staff=[staff(from_="2026-10-01", until="2026-10-07")]) == 0  # a holiday


# -- past scores


def test_a_past_score_that_is_supplied_stands() -> None:
    past = [{"staff": "S1", "period": "2026-10", "total": 7}]
    found = card(both(), event("late"), month=past)
    assert (found.total, found.lines, found.unpriced) == (7, (), ())
    assert said(found) == "this score was supplied and stands"
    assert total(both(), month=[{**past[0], "total": 40}], scheme="year", period="2026") * 12 == 1140


def test_a_past_score_of_one_who_is_gone_still_goes_into_the_window_it_names() -> None:
    past = [{"staff": "S9", "window": "W1", "period": "2026-10", "total": 40}]
    assert total(both(), month=past, scheme="window_year", subject="W1", period="2026", staff=[], window=[{"window": "W1"}]) == 40


def test_a_past_score_of_all_time_goes_into_the_window_it_names() -> None:
    of = book(
        "schemes: {own: {scores: staff, period: ever, total: count(late)}, all: {scores: window, period: ever, total: sum(own)}}",
        "unserved_periods: skip",
    )
    past = [{"staff": "S9", "window": "W1", "period": "ever", "total": 40}]
    assert total(of, own=past, scheme="all", subject="W1", period="ever", staff=[], window=[{"window": "W1"}]) == 40


@pytest.mark.parametrize("missing", ["staff", "period", "total"])
def test_a_past_score_names_its_subject_period_and_total(missing: str) -> None:
    past = {"staff": "S1", "period": "2026-10", "total": 7}
    without = card(both(), month=[{key: value for key, value in past.items() if key != missing}])
    assert f"row 1 of month is set apart: a score of month is given without its {missing}" in said(without)
    assert "row 1 of month is set apart: 'October' is no period" in said(card(both(), month=[past | {"period": "October"}]))


GRADED = """
schemes:
  month:
    scores: staff
    period: month
    parts: {work: {full: 100, items: [{id: late, for: late, points: -10}]}}
    rank: {by: [total]}
  gain: {scores: staff, period: month, total: mean(month) - previous(month)}
  prize: {scores: staff, period: quarter, total: 'count(month, when=grade == "star")'}
decisions:
  grade: {about: month, hit: first, rules: [{when: rank <= 1, then: star}, {then: none_}]}
  streak:
    about: month
    hit: first
    rules:
      - {when: total < 100, then: =0}
      - {when: known(previous(streak)), then: =previous(streak) + 1}
      - {then: =1}
  again:
    about: month
    hit: first
    rules:
      - {when: previous(grade) == "star" and previous(rank) == 4 and previous(total) < 62, then: true}
      - {then: false}
"""


def test_previous_is_of_the_same_subject_one_period_earlier() -> None:
    of = book(GRADED)
    events = [event("late", "2026-09-10"), event("late", "2026-09-11"), event("late")]
    assert total(of, *events, scheme="gain") == 10


def test_previous_is_none_where_nothing_was_scored_so_early_and_then_there_is_no_total() -> None:
    of = book(GRADED)
    assert card(of, event("late"), scheme="gain").scored is False
    assert card(of, event("late", "2026-08-01"), scheme="gain", staff=[staff(from_="2026-10-01")]).scored is False


def test_previous_reads_a_past_score_that_was_supplied() -> None:
    of = book(GRADED)
    assert total(of, scheme="gain", month=[{"staff": "S1", "period": "2026-09", "total": 61.5}]) == 38.5
    past = [{"staff": "S1", "period": "2026-09", "total": 61.5, "grade": "star", "rank": 4}]
    [found] = grade(of, "again", {"events": [], "staff": [staff()], "month": past}, period="2026-10")
    assert found.grade is True


def test_a_long_run_of_periods_that_build_on_each_other_is_counted() -> None:
    of = book(GRADED)
    records = {"events": [event("late", "1996-10-31")], "staff": [staff()]}
    [found] = grade(of, "streak", records, period="2026-10")
    assert found.grade == 30 * 12


def test_a_long_run_of_scores_that_count_how_long_it_lasted_is_counted() -> None:
    of = book(
        """
        schemes:
          month:
            scores: staff
            period: month
            parts: {work: {full: 100, items: [{id: late, for: late, points: -10}]}}
            adjust: [{id: steady, points: streak(parts.work == 100)}]
        """
    )
    assert total(of, event("late", "2006-10-31")) == 100 + 20 * 12


PREVIOUS = """
schemes: {month: {scores: staff, period: month, who: role == "front", total: count(late)}}
decisions:
  before: {about: month, hit: first, outcomes: {before: decimal}, rules: [{then: =previous(month)}]}
  any: {about: month, hit: first, outcomes: {any: boolean}, rules: [{then: =known(previous(month))}]}
"""


@pytest.mark.parametrize(
    ("role", "before", "scored", "needs"), [("front", 1, True, ()), ("back", None, False, ()), (None, None, False, ("role",))]
)
def test_previous_is_open_while_it_is_open_whether_that_month_was_scored(
    role: str | None, before: object, scored: bool, needs: tuple[str, ...]
) -> None:
    records = {
        "staff": [staff(role=role, period="2026-09"), staff(role="front", period="2026-10")],
        "events": [event("late", "2026-09-09")],
    }
    (found,) = grade(book(PREVIOUS), "before", records, period="2026-10")
    assert (found.grade, found.undecided, found.open) == (before, needs, bool(needs))
    (known,) = grade(book(PREVIOUS), "any", records, period="2026-10")
    assert known.grade is scored


@pytest.mark.parametrize(("early", "found"), [([], (None, ())), ([event("early", "2026-09-09")], (None, ("role",)))])
def test_previous_is_none_where_that_month_was_not_scored_whoever_served(early: list[dict[str, object]], found: object) -> None:
    of = book(PREVIOUS.replace("period: month,", "period: month, when: count(early) > 0,"))
    people = [staff(role=None, period="2026-09"), staff(role="front", period="2026-10")]
    records = {"staff": people, "events": [*early, event("late", "2026-09-10"), event("early", 9)]}
    (said,) = grade(of, "before", records, period="2026-10")
    assert (said.grade, said.undecided) == found


@pytest.mark.parametrize(("day", "worth"), [("2026-09-09", 10), ("2026-08-09", 1)])
def test_previous_may_be_what_another_scheme_came_to(day: str, worth: int) -> None:
    of = book("""
    schemes:
      month: {scores: staff, period: month, total: count(late)}
      bonus: {scores: staff, period: month, total: 10 if previous(mark) == "bad" else 1}
    decisions:
      mark:
        about: month
        hit: first
        outcomes: {mark: {type: choice, values: [good, bad]}}
        rules: [{when: total > 0, then: bad}, {then: good}]
    """)
    assert total(of, event("late", day), scheme="bonus") == worth


def test_previous_of_a_larger_period_is_the_one_before_that() -> None:
    of = book(
        """
        schemes:
          quarter: {scores: staff, period: quarter, total: 100 - count(late)}
          month: {scores: staff, period: month, total: previous(quarter)}
          year: {scores: staff, period: year, total: previous(quarter)}
        """
    )
    late = [event("late", "2025-12-01"), *[event("late", "2026-08-01")] * 2, *[event("late", "2026-10-01")] * 3]
    assert [total(of, *late, period=one) for one in ("2026-11", "2026-10")] == [98, 98]
    assert total(of, *late, scheme="year", period="2026") == 99


def test_previous_of_somebody_else_is_refused() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: previous(other)}, other: {scores: window, period: month, total: 1}}")
    with pytest.raises(DecisionError, match=r"previous\(other\) is of a window, not of a staff"):
        total(of)


def test_grades_that_need_ranks_are_counted() -> None:
    of = book(GRADED)
    events = [event("late", "2026-10-05", "S2"), event("late", "2026-11-05", "S2"), event("late", "2026-12-05", "S1")]
    records = {"events": events, "staff": [staff(), staff("S2")]}
    found = {one.subject: one.total for one in score(of, "prize", records, period="2026-Q4")}
    assert found == {"S1": 2, "S2": 1}


def test_all_time_is_cut_into_the_months_that_records_reach() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: 1}, all: {scores: staff, period: ever, total: count(month)}}")
    assert total(of, event("late", "2026-08-05"), event("late"), scheme="all", period="ever") == 3


@pytest.mark.parametrize(
    "written",
    [
        "total: 1, eligible: rank < 3",
        "total: 1, rank: {by: [rank]}, eligible: rank < 3",
        "parts: {a: {items: [{id: round, for: month, points: total}]}}",
    ],
)
def test_what_waits_for_itself_is_refused_by_name(written: str) -> None:
    with pytest.raises((DecisionError, RulebookError), match=r"waits for itself|circle"):
        total(book(f"schemes: {{month: {{scores: staff, period: month, {written}}}}}", "ties: best"))
