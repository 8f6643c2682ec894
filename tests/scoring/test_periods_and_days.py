"""Periods and days: which rows a period holds, by which date, and how a period is widened, cut, or looked back from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from govservice import china, grade, load_rulebook, score
from govservice.assessment.periods import around, of_kind, read_period
from govservice.errors import DecisionError
from govservice.scoring import read_ledger

from .centre import book, card, case, event, month, staff, total


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026-B6", date(2026, 11, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("0002-01", date(2, 1, 1), date(2, 1, 31)),
        ("0002-Q1", date(2, 1, 1), date(2, 3, 31)),
        ("0002", date(2, 1, 1), date(2, 12, 31)),
        ("9998-12", date(9998, 12, 1), date(9998, 12, 31)),
        ("9998", date(9998, 1, 1), date(9998, 12, 31)),
        ((date(2026, 1, 5), date(2026, 1, 5)), date(2026, 1, 5), date(2026, 1, 5)),
    ],
)
def test_a_period_is_its_days_both_ends_in(written: object, first: date, last: date) -> None:
    found = read_period(written)
    assert (found.first, found.last) == (first, last)
    assert first in found
    assert last in found
    if isinstance(written, str):
        assert str(found) == written
        assert str(found.before()) < written
        assert found.before().last.toordinal() + 1 == first.toordinal()


@pytest.mark.parametrize(
    "written",
    [
        *("2026-13", "2026-B7", "2026-Q5", "2026-H3", "26-10", "", None, 2026, (date(2026, 2, 1), date(2026, 1, 1))),
        *("0000", "0001-12", "0001", "9999-01", "9999"),
    ],
)
def test_what_is_no_period_is_refused(written: object) -> None:
    with pytest.raises(DecisionError, match="is no period"):
        read_period(written)


KINDS = {"month": "2026-10", "bimonth": "2026-B5", "quarter": "2026-Q4", "half": "2026-H2", "year": "2026", "ever": "ever"}
LATES = [event("late", f"{year}-{month:02}-15") for year in (2025, 2026) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("kind", "counted"),
    [
        ("month", 1),
        ("bimonth", 2),
        ("quarter", 3),
        ("half", 6),
        ("year", 12),
        ("ever", 24),
        ("rolling 3 months", 3),
        ("rolling 12 months", 12),
        ("rolling 30 days", 1),
    ],
)
def test_a_scheme_of_each_kind_counts_its_own_days(kind: str, counted: int) -> None:
    scheme = book(f"schemes: {{s: {{scores: staff, period: {kind}, total: count(late)}}}}")
    assert total(scheme, *LATES, scheme="s", period=KINDS.get(kind, "2026-10")) == counted


def test_any_two_days_are_a_period() -> None:
    scheme = book("schemes: {month: {scores: staff, period: month, total: count(late)}}")
    assert total(scheme, *LATES, period=(date(2026, 1, 15), date(2026, 3, 15))) == 3
    assert total(scheme, *LATES, period=(date(2026, 1, 16), date(2026, 3, 14))) == 1


def test_a_period_of_another_kind_is_refused() -> None:
    with pytest.raises(DecisionError, match="month goes by month, and 2026 is a year"):
        total(month("{id: late, for: late, points: -1}"), period="2026")


def test_a_rolling_period_looks_back_from_the_last_day() -> None:
    assert str(of_kind(read_period("2026-10"), "rolling 12 months", "x")) == "2025-11-01..2026-10-31"
    assert str(around(date(2026, 3, 30), "rolling 30 days")) == "2026-03-01..2026-03-30"
    assert str(around(date(2026, 3, 30), "rolling 2 years")) == "2024-03-31..2026-03-30"


@pytest.mark.parametrize(
    ("kind", "day", "said"),
    [("month from 26", date(2026, 3, 30), "month from 26"), ("year from 12-01", date(2026, 12, 1), "year from 12-01")],
)
def test_a_period_of_other_ends_says_in_its_kind_where_it_begins(kind: str, day: date, said: str) -> None:
    assert around(day, kind).kind == said


@pytest.mark.parametrize("points", ["-1", "-1 * nth"])
@pytest.mark.parametrize(("in_force", "days"), [("from: 2026-10-15", [15, 16]), ("until: 2026-10-14", [13, 14])])
def test_an_item_is_in_force_on_the_day_that_it_goes_by(points: str, in_force: str, days: list[int]) -> None:
    of = month(f"{{id: each, for: cases, by: closed_on, {in_force}, points: {points}}}")
    rows = [case(day, "2026-10-12", closed_on=f"2026-10-{day}") for day in (13, 14, 15, 16)]
    assert [line.on for line in card(of, cases=rows).lines] == [date(2026, 10, day) for day in days]


def test_over_widens_the_period_to_the_one_that_its_last_day_lies_in_and_of_all_time_until_it() -> None:
    found = {}
    for over in ("quarter", "half", "year", "ever"):
        of = book(f'schemes: {{month: {{scores: staff, period: month, total: "count(late, over={over})"}}}}')
        found[over] = total(of, *LATES, period="2026-06")
    assert found == {"quarter": 3, "half": 6, "year": 12, "ever": 18}


def test_events_are_dated_by_their_day_and_cases_by_the_day_they_were_received() -> None:
    of = month("{id: each, for: cases, points: -1}\n{id: late, for: late, points: -10}")
    cases = [case(1, closed_on="2026-11-02"), case(2, "2026-09-30", closed_on="2026-10-02")]
    assert total(of, event("late", "2026-09-30"), event("late", 1), event("late", 31), cases=cases) == 79


def test_an_item_and_an_aggregate_may_go_by_another_date() -> None:
    item = month("{id: each, for: cases, by: closed_on, points: -1}")
    counted = month('{id: each, points: "-1 * count(cases, by=closed_on)"}')
    cases = [case(1, "2026-09-12", closed_on="2026-10-02"), case(2, closed_on="2026-11-02"), case(3), case(4, closed_on="2026-10-31")]
    assert total(item, cases=cases) == total(counted, cases=cases) == 98


LIMITED = """
clocks: {promised: {about: cases, limit: 5个工作日, starts: received_on, stops: closed_on}}
"""
COUNTED = "part_floor: 0, part_overflow: capped, first_day: excluded, roll: forward, rest_day_same_day: next"


def test_a_date_that_is_worked_out_may_place_a_row() -> None:
    of = month("{id: each, for: cases, by: due_on, points: -1}", conventions=COUNTED, rest=LIMITED)
    assert total(of, cases=[case(1, "2026-09-21")]) == 100  # due on 28 September
    assert total(of, cases=[case(1, "2026-09-28")]) == 99  # due in October, after the holiday


def test_a_row_whose_date_is_not_settled_may_lie_in_the_period() -> None:
    open_limit = LIMITED.replace("limit: 5个工作日", "limit: promised_limit")
    of = month("{id: each, for: cases, by: due_on, points: -1}", conventions=COUNTED, rest=open_limit)
    counted = month('{id: each, points: "-1 * count(cases, by=due_on)"}', conventions=COUNTED, rest=open_limit)
    assert total(of, cases=[case(1, "2026-09-28")]) == (99, 100)
    assert total(counted, cases=[case(1, "2026-09-28")]) == (99, 100)


def test_a_table_with_neither_date_nor_period_counts_whole_in_each() -> None:
    of = month("{id: letters, for: letters, points: -1 * received}")
    rows = [{"staff": "S1", "received": 3}, {"staff": "S2", "received": 50}]
    assert [total(of, letters=rows, period=one) for one in ("2026-10", "2026-11")] == [97, 97]


def test_a_row_given_for_a_period_counts_in_it_and_in_what_holds_it() -> None:
    of = book(
        """
        schemes:
          month: {scores: staff, period: month, total: "sum(letters, received)"}
          year: {scores: staff, period: year, total: "sum(letters, received)"}
        """
    )
    rows = [
        {"staff": "S1", "received": 3, "period": "2026-10"},
        {"staff": "S1", "received": 4, "period": "2026-11"},
        {"staff": "S1", "received": 1},
    ]
    assert [total(of, letters=rows, period=one) for one in ("2026-09", "2026-10")] == [1, 4]
    assert total(of, letters=rows, scheme="year", period="2026") == 8


def test_a_past_score_may_be_of_any_two_days() -> None:
    of = book("schemes: {month: {scores: staff, period: month, total: count(late)}}")
    days = ("2026-10-05", "2026-10-16")
    assert total(of, event("late"), period=days) == 1
    assert total(of, event("late"), period=days, month=[{"staff": "S1", "period": days, "total": 7}]) == 7


def test_a_decision_about_people_goes_by_its_own_period() -> None:
    of = book(
        """
        decisions:
          dismissed: {about: staff, period: rolling 12 months, hit: first, rules: [{when: count(absent) >= 3, then: true}, {then: false}]}
          warned: {about: staff, period: month, hit: first, rules: [{when: count(absent) >= 1, then: true}, {then: false}]}
          ever_absent: {about: staff, period: ever, hit: first, rules: [{then: =count(absent)}]}
        """
    )
    absences = [event("absent", day) for day in ("2025-10-31", "2025-11-01", "2026-04-01", "2026-09-30")]
    records = {"events": absences, "staff": [staff()]}
    assert [grade(of, "dismissed", records, period=one)[0].grade for one in ("2026-09", "2026-10", "2026-11")] == [True, True, False]
    assert grade(of, "warned", records, period="2026-10")[0].grade is False
    assert grade(of, "ever_absent", records, period="2026-10")[0].grade == 4
    with pytest.raises(DecisionError, match="warned goes by month, and 2026 is a year"):
        grade(of, "warned", records, period="2026")


def test_what_was_served_is_in_sight_of_an_item_that_prices_rows(tmp_path):
    path = tmp_path / "served.yaml"
    path.write_text(
        """
rulebook: served
conventions: {part_floor: none, part_overflow: allowed, part_served: full}
events: {late: {label: 迟到}}
schemes:
  m: {scores: staff, period: month, parts: {p: {start: 10, items: [{id: l, for: late, points: -1 * served.workdays / period.workdays}]}}}
""",
        encoding="utf-8",
    )
    staff = [{"staff": "A", "from": date(2026, 11, 1), "until": date(2026, 11, 16)}, {"staff": "B"}]
    events = [{"kind": "late", "staff": who, "on": date(2026, 11, 2)} for who in "AB"]
    cards = score(load_rulebook(path), "m", {"staff": staff, "events": events}, period="2026-11")
    assert [round(card.total, 6) for card in cards] == [Decimal("9.476190"), 9]  # 11 of November's 21 working days


def test_a_score_that_rests_on_a_provisional_day_says_so(tmp_path):
    path = tmp_path / "provisional.yaml"
    path.write_text(
        """
rulebook: provisional
conventions: {part_floor: none, part_overflow: allowed, part_served: full, ties: best}
events: {late: {label: 迟到, has: {until: date}}}
schemes:
  m: {scores: staff, period: month, total: "sum(late, workdays(on, until))"}
  y: {scores: staff, period: year, total: mean(m)}
decisions: {g: {about: m, hit: first, rules: [{when: total > 1, then: late}, {then: fine}]}}
""",
        encoding="utf-8",
    )
    provisional = china().official_through.year + 1
    for year, notes in ((2026, 0), (provisional, 1)):
        rows = [{"kind": "late", "staff": "A", "on": date(year, month, 2), "until": date(year, month, 9)} for month in (3, 4)]
        kept = read_ledger(load_rulebook(path), {"staff": [{"staff": "A"}], "events": rows})
        for _ in range(2):  # worked out, and kept
            (month_card,) = score(load_rulebook(path), "m", kept, period=f"{year}-03")
            (year_card,) = score(load_rulebook(path), "y", kept, period=str(year))
            (graded,) = grade(load_rulebook(path), "g", kept, period=f"{year}-03")
            assert [len([note for note in of.notes if "尚未公布" in note.zh]) for of in (month_card, year_card, graded)] == [notes] * 3


@pytest.mark.parametrize("later", ["2026-11-02", "2026-11-30", "2027-06-01"])
@pytest.mark.parametrize(
    "count", ["count(cases, by=due_on)", "count(cases, when=overdue, by=due_on)", "percent(cases, on_time, by=due_on)"]
)
def test_a_case_that_is_still_to_come_opens_no_earlier_period(tmp_path, later: str, count: str) -> None:
    path = tmp_path / "later.yaml"
    path.write_text(
        f'rulebook: later\nextends: [licensing-law]\nschemes:\n  m: {{scores: staff, period: month, total: "{count}"}}\n'
        "conventions: {first_day: excluded, roll: forward, rest_day_same_day: next, unserved_periods: skip}\n",
        encoding="utf-8",
    )
    written = load_rulebook(path)
    now = {"case": "C1", "staff": "S1", "received_on": "2026-10-08", "accepted_on": "2026-10-08", "promised_limit": "5个工作日"}
    then = now | {"case": "C2", "received_on": later, "accepted_on": later}
    alone = score(written, "m", {"cases": [now | {"closed_on": "2026-10-12"}]}, subject="S1", period="2026-10")
    beside = score(written, "m", {"cases": [now | {"closed_on": "2026-10-12"}, then]}, subject="S1", period="2026-10")
    assert alone.total is not None
    assert (beside.total, beside.open) == (alone.total, ())
