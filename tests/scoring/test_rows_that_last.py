"""Rows that last: they belong to every period that they touch, with their days inside it; no day is lost or counted twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import Rulebook, Scorecard, china, grade, load_rulebook, measure, score

from .centre import book, event, month, staff

QUICK = settings(max_examples=40, deadline=None)
COUNTS = """
measures:
  days: "sum(absent, in_period.days)"
  workdays: "sum(absent, in_period.workdays)"
  days_of_year: "sum(absent, in_period.days, over=year)"
  rows: count(absent)
  late_days: "sum(cases, in_period.days, lasts=[add_days(due_on, 1), closed_on])"
  late_workdays: "sum(cases, in_period.workdays, lasts=[add_days(due_on, 1), closed_on])"
  closed_days: "sum(cases, in_period.days, by=closed_on)"
  unbroken: "count(absent, each=unbroken)"
"""
OF = book(COUNTS)
ANCHORED = book("schemes: {month: {scores: staff, period: {month_from: 26}, total: 'sum(absent, in_period.days)'}}")
COUNTED = book(COUNTS, "first_day: excluded, roll: forward")
MONTHS = [f"2026-{number:02}" for number in range(1, 13)]
FIRST = date(2026, 1, 1)


def absent(first: object, last: object = None, **more: object) -> dict[str, object]:
    return {"kind": "absent", "from": first, "until": last, "staff": "S1", **more}


def value(name: str, period: object, records: dict[str, Any], *, of: Rulebook = OF, subject: str = "S1", **more: Any) -> object:
    given_ = {"staff": [staff()], "window": [], "events": [], "cases": [], **records}
    found = measure(of, name, given_, subject=subject, period=period, about="window" if subject.startswith("W") else "staff", **more)
    return (found.low, found.high) if found.open else found.value


spells = st.lists(
    st.builds(
        lambda start, length, whole: (
            absent(FIRST + timedelta(start), FIRST + timedelta(min(start + length, 364)))
            if whole
            else {"kind": "absent", "on": FIRST + timedelta(start), "staff": "S1"}
        ),
        st.integers(0, 364),
        st.integers(0, 120),
        st.booleans(),
    ),
    max_size=5,
)


def length(row: dict[str, Any]) -> int:
    return 1 if "on" in row else (row["until"] - row["from"]).days + 1


def worked(row: dict[str, Any]) -> int:
    first, last = (row["on"],) * 2 if "on" in row else (row["from"], row["until"])
    return china().workdays_between(first - timedelta(1), last)


# -- laws


@QUICK
@given(spells)
def test_the_months_of_a_year_sum_up_to_the_whole(rows: list[dict[str, Any]]) -> None:
    records = {"events": rows}
    assert sum(value("days", one, records) for one in MONTHS) == value("days", "2026", records) == sum(map(length, rows))
    assert sum(value("workdays", one, records) for one in MONTHS) == value("workdays", "2026", records) == sum(map(worked, rows))
    assert value("days_of_year", "2026-03", records) == value("days", "2026", records)


@QUICK
@given(spells)
def test_months_that_begin_on_another_day_sum_up_too(rows: list[dict[str, Any]]) -> None:
    records = {"staff": [staff()], "events": rows}
    periods = [*MONTHS, "2027-01"]  # the last week of December ends in January
    totals = [score(ANCHORED, "month", records, subject="S1", period=one).total for one in periods]
    assert sum(total for total in totals if total is not None) == sum(map(length, rows))


@QUICK
@given(st.integers(0, 300), st.integers(-20, 60))
def test_every_late_workday_of_a_case_is_counted_in_one_month(due: int, late: int) -> None:
    due_on, closed_on = FIRST + timedelta(due), FIRST + timedelta(due + late)
    records = {"cases": [{"case": "C1", "staff": "S1", "due_on": due_on, "closed_on": closed_on}]}
    assert sum(value("late_days", one, records) for one in MONTHS) == max(late, 0)
    whole = china().workdays_between(due_on, closed_on) if late > 0 else 0
    assert sum(value("late_workdays", one, records) for one in MONTHS) == whole


@QUICK
@given(st.integers(0, 330), st.integers(0, 60), st.integers(0, 60))
def test_a_closed_month_says_the_same_however_late_it_is_asked(due: int, closed: int, later: int) -> None:
    """A row that has not ended counts until the month's end; what comes then lies in other months."""
    due_on = FIRST + timedelta(due)
    month_end = (due_on.replace(day=1) + timedelta(32)).replace(day=1) - timedelta(1)
    period = f"{due_on:%Y-%m}"
    open_ = {"cases": [{"case": "C1", "staff": "S1", "due_on": due_on, "closed_on": ""}]}
    published = value("late_days", period, open_)
    assert published == value("late_days", period, open_, now=month_end + timedelta(later))
    after = month_end + timedelta(1 + closed)
    closing = {"cases": [{"case": "C1", "staff": "S1", "due_on": due_on, "closed_on": after}]}
    assert published == value("late_days", period, closing, now=after + timedelta(later))


@QUICK
@given(st.integers(0, 60), st.integers(1, 20), st.integers(0, 40), st.sets(st.sampled_from(["promised_limit", "accepted_on", "due_on"])))
def test_what_is_forgotten_leaves_the_days_between_two_numbers(received: int, limit: int, took: int, forgotten: set[str]) -> None:
    received_on = FIRST + timedelta(received)
    case = {
        "case": "C1",
        "staff": "S1",
        "received_on": received_on,
        "accepted_on": received_on,
        "promised_limit": f"{limit}个工作日",
        "closed_on": received_on + timedelta(took),
    }
    less = {name: fact for name, fact in case.items() if name not in forgotten}
    for name in ("late_days", "late_workdays"):
        for period in ("2026-02", "2026-03"):
            full, found = value(name, period, {"cases": [case]}, of=COUNTED), value(name, period, {"cases": [less]}, of=COUNTED)
            low, high = found if isinstance(found, tuple) else (found, found)
            assert low <= full <= high  # type: ignore[operator]


# -- days


@pytest.mark.parametrize("value_", ["count(cases, lasts=[{}, closed_on])", "sum(cases, in_period.days, lasts=[{}, closed_on])"])
def test_rows_of_one_table_last_for_each_count_by_the_days_that_it_names(value_: str) -> None:
    of = book(f"measures: {{both: '1000 * {value_.format('due_on')} + {value_.format('received_on')}'}}")
    case = {"case": "C1", "staff": "S1", "received_on": "2026-10-12", "due_on": "2026-11-05", "closed_on": "2026-11-09"}
    assert value("both", "2026-10", {"cases": [case]}, of=of) == (1 if "count" in value_ else 20)
    assert value("both", "2026-11", {"cases": [case]}, of=of) == (1001 if "count" in value_ else 5009)


def test_a_row_of_one_day_has_one_day_and_perhaps_a_workday() -> None:
    on = [{"kind": "absent", "on": date(2026, 10, 9), "staff": "S1"}, {"kind": "absent", "on": date(2026, 10, 11), "staff": "S1"}]
    assert [value(name, "2026-10", {"events": on}) for name in ("days", "workdays")] == [2, 1]
    closed = {"cases": [{"case": "C1", "staff": "S1", "received_on": date(2026, 9, 1), "closed_on": date(2026, 10, 9)}]}
    assert [value("closed_days", one, closed) for one in ("2026-09", "2026-10")] == [0, 1]


def test_what_has_not_ended_lasts_through_today() -> None:
    records = {"events": [absent("2026-09-29")]}
    assert [value("days", one, records) for one in ("2026-08", "2026-09", "2026-10")] == [0, 2, 31]
    assert value("days", "2026-10", records, now="2026-10-08") == 8
    assert value("days", "2026-10", records, now="2026-12-08") == 31
    assert value("days", "2026-10", {"events": [absent("2026-10-09")]}, now="2026-10-08") == 0


def test_no_day_counts_that_has_not_come() -> None:
    assert value("days", "2026-10", {"events": [absent("2026-10-05", "2026-10-20")]}, now="2026-10-08") == 4


def test_to_is_as_good_as_until_and_a_day_of_its_own_goes_first() -> None:
    assert value("days", "2026-10", {"events": [{"kind": "absent", "from": "2026-10-05", "to": "2026-10-08", "staff": "S1"}]}) == 4
    assert value("days", "2026-10", {"events": [absent("2026-10-05", "2026-10-08", on="2026-10-05")]}) == 1


def test_a_day_beside_from_is_said() -> None:
    records = {"staff": [staff()], "events": [absent("2026-10-05", "2026-10-08", on="2026-10-05")]}
    card = score(month("{id: absent, for: absent, points: -1 * in_period.days}"), "month", records, subject="S1", period="2026-10")
    assert (card.total, [note.en for note in card.notes]) == (
        99,
        ["row 1 of events is given a day beside `from`: that day alone counts; leave `on` out"],
    )
    assert [note.zh for note in card.notes] == ["事件（events）第 1 行写了起日又写发生日，只算发生日那一天：请删去发生日"]


def test_a_last_day_that_cannot_be_read_leaves_it_open() -> None:
    records = {"staff": [staff()], "events": [absent("2026-10-30", "soon")]}
    assert value("days", "2026-10", records) == (1, 2)
    assert value("days", "2026-11", records) == (0, 30)
    found = measure(OF, "days", records, subject="S1", period="2026-11")
    assert found.undecided == ("events:1.until",)
    assert "events:1.until cannot be used" in found.explain("en")


@pytest.mark.parametrize(("day", "most"), [(5, 0), (12, 1)])  # a holiday, and a Monday
def test_a_row_that_may_not_count_has_the_day_it_is_dated_by(tmp_path: Path, day: int, most: int) -> None:
    of = alone(tmp_path, '\nevents: {gift: {verified: true}}\nmeasures: {n: "sum(gift, in_period.workdays)"}')
    gift = {"kind": "gift", "staff": "S1", "on": f"2026-10-{day:02}", "verified": "maybe"}
    assert value("n", "2026-10", {"events": [gift]}, of=of) == ((0, 1) if most else 0)


@pytest.mark.parametrize("told_on", ["2026-10-05", "2026-10-12", "2026-09-30"])  # a holiday, a Monday, another month
def test_of_a_row_whose_day_is_not_known_another_day_of_it_says_nothing(tmp_path: Path, told_on: str) -> None:
    seen = "tables: {seen: {of: staff, dated_by: told_on, told_on: date, found_on: date}}"
    of = alone(tmp_path, f'\n{seen}\nmeasures: {{n: "sum(seen, in_period.workdays, by=found_on)"}}')
    records = {"staff": [staff()], "seen": [{"staff": "S1", "told_on": told_on, "found_on": "soon"}]}
    found = measure(of, "n", records, subject="S1", period="2026-10")
    assert (found.low, found.high, found.undecided) == (0, 1, ("seen:1.found_on",))


def test_a_row_that_ends_before_it_begins_is_set_apart() -> None:
    records = {"staff": [staff()], "events": [absent("2026-10-09", "2026-10-08")]}
    card = score(month("{id: absent, for: absent, points: -1}"), "month", records, subject="S1", period="2026-10")
    assert card.total == 100
    assert [note.en for note in card.notes] == ["row 1 of events is set apart: events:1 ends on 2026-10-08, before it begins on 2026-10-09"]
    assert [note.zh for note in card.notes] == ["事件（events）第 1 行已搁置：events:1 的止日 2026-10-08 早于起日 2026-10-09"]


def test_what_has_not_begun_counts_nowhere() -> None:
    of = book("measures: {days: 'sum(cases, in_period.days, lasts=[decided_on, closed_on])'}")
    case = {"case": "C1", "staff": "S1", "received_on": "2026-10-01"}
    assert value("days", "2026-10", {"cases": [case]}, of=of) == 0
    assert value("days", "2026-10", {"cases": [case | {"decided_on": "2026-10-30"}]}, of=of) == 2


def test_all_time_knows_the_days_of_a_row_too() -> None:
    ever = book("measures: {days: 'sum(absent, in_period.days, over=ever)'}")
    assert value("days", "2026-10", {"events": [absent("2024-12-30", "2026-10-01")]}, of=ever) == 641


def test_workdays_outside_the_calendar_are_open() -> None:
    ever = book("measures: {days: 'sum(absent, in_period.workdays, over=ever)'}")
    found = measure(ever, "days", {"staff": [staff()], "events": [absent("1999-12-30", "2026-10-01")]}, subject="S1", period="2026-10")
    assert (found.open, found.undecided) == (True, ("a day within the calendar",))


# -- rows beside others


def test_rows_that_are_one_have_each_day_once() -> None:
    of = month("{id: absent, for: absent, each: unbroken, points: -1 * in_period.days}")
    rows = [absent("2026-10-05", "2026-10-09"), absent("2026-10-08", "2026-10-12"), absent("2026-10-20", "2026-10-20")]
    card = score(of, "month", {"staff": [staff()], "events": rows}, subject="S1", period="2026-10")
    assert [line.points for line in card.lines] == [-8, -1]


def test_unbroken_rows_that_last_into_the_month_are_one() -> None:
    rows = [absent("2026-09-28", "2026-10-16"), absent("2026-10-19"), absent("2026-10-29", "2026-10-30")]
    assert value("unbroken", "2026-10", {"events": rows}, now="2026-10-21") == 1
    assert value("unbroken", "2026-10", {"events": rows[::2]}) == 2


def test_a_row_is_numbered_by_its_first_day_in_the_period() -> None:
    of = month("{id: absent, for: absent, points: 0 if nth == 1 else -1 * in_period.days}")
    rows = [absent("2026-10-02", "2026-10-03"), absent("2026-09-30", "2026-10-04")]
    card = score(of, "month", {"staff": [staff()], "events": rows}, subject="S1", period="2026-10")
    assert [(line.on, line.points) for line in card.lines] == [(date(2026, 10, 1), 0), (date(2026, 10, 2), -2)]


def test_a_count_that_does_not_ask_for_the_days_says_that_the_row_counts_again() -> None:
    of = month("{id: absent, for: absent, points: -1}")
    records = {"staff": [staff()], "events": [absent("2026-09-30", "2026-10-02")]}
    for period in ("2026-09", "2026-10"):
        card = score(of, "month", records, subject="S1", period=period)
        assert card.total == 99
        assert [note.en for note in card.notes] == [
            "row 1 of absent lasts from 2026-09-30 to 2026-10-02 and counts in every period that it touches"
        ]
        assert [note.zh for note in card.notes] == ["旷工（absent）第 1 行自 2026-09-30 至 2026-10-02，所及的每个期间都计"]
    days = month("{id: absent, for: absent, points: -1 * in_period.days}")
    assert score(days, "month", records, subject="S1", period="2026-10").notes == ()


def test_an_event_that_nothing_prices_is_told_in_every_month_it_touches() -> None:
    of = month("{id: late, for: late, points: -1}")
    records = {"staff": [staff()], "events": [absent("2026-09-30", "2026-10-02")]}
    cards = [score(of, "month", records, subject="S1", period=one) for one in ("2026-09", "2026-10", "2026-11")]
    assert [len(card.unpriced) for card in cards] == [1, 1, 0]


def test_days_of_the_rows_within_a_longer_ordinal_are_those_of_their_own_period() -> None:
    of = month("{id: absent, for: absent, when: in_period.workdays > 0, points: 0 if nth(over=year) <= 1 else -1}")
    records = {"staff": [staff()], "events": [absent("2026-10-03", "2026-10-04"), absent("2026-06-01", "2026-06-02"), event("absent", 12)]}
    assert score(of, "month", records, subject="S1", period="2026-10").total == 99


# -- whose days they are


MOVED = [
    {"staff": "S1", "window": "W1", "until": "2026-10-14"},
    {"staff": "S1", "window": "W2", "from": "2026-10-15"},
]


def test_the_days_of_somebody_who_moved_belong_to_the_window_of_each_day() -> None:
    records = {"staff": MOVED, "window": [{"window": "W1"}, {"window": "W2"}], "events": [absent("2026-10-12", "2026-10-18")]}
    assert [value("days", "2026-10", records, subject=one) for one in ("S1", "W1", "W2")] == [7, 3, 4]
    assert [value("rows", "2026-10", records, subject=one) for one in ("S1", "W1", "W2")] == [1, 1, 1]
    assert sum(value("days", one, records, subject=window) for one in MONTHS for window in ("W1", "W2")) == 7


def test_what_befell_a_window_is_shared_on_the_days_of_belonging() -> None:
    shut = {"kind": "absent", "from": "2026-10-12", "until": "2026-10-18", "window": "W1"}
    records = {"staff": MOVED, "window": [{"window": "W1"}, {"window": "W2"}], "events": [shut]}
    of = month("{id: shut, for: absent, of: window, points: -1 * in_period.days}")
    assert score(of, "month", records, subject="S1", period="2026-10").total == 97
    assert score(of, "month", records, subject="S1", period="2026-10", now="2026-10-13").total == 98


# -- tables


POSTS = {
    "tables": {"posts": {"of": "staff", "lasts": ["sent_on", "back_on"], "post": "text", "sent_on": "date", "back_on": "date"}},
    "measures": {
        "sent_days": "sum(posts, in_period.days)",
        "posts_of_month": "count(posts)",
        "back": "sum(posts, in_period.days, by=back_on)",
    },
}


def test_the_rows_of_a_table_may_last() -> None:
    of = book("").amend(POSTS)
    records = {"posts": [{"staff": "S1", "sent_on": "2026-09-21", "back_on": "2026-10-05"}, {"staff": "S1", "sent_on": "", "back_on": ""}]}
    assert [value("sent_days", one, records, of=of) for one in ("2026-08", "2026-09", "2026-10")] == [0, 10, 5]
    assert [value("posts_of_month", one, records, of=of) for one in ("2026-08", "2026-09", "2026-10")] == [0, 1, 1]
    assert [value("back", one, records, of=of) for one in ("2026-09", "2026-10")] == [0, 1]


# -- what depends on more than the row


def test_a_due_day_that_is_worked_out_dates_the_lateness() -> None:
    case = {"case": "C1", "staff": "S1", "received_on": "2026-10-08", "accepted_on": "2026-10-08", "promised_limit": "3个工作日"}
    late = value("late_days", "2026-10", {"cases": [case | {"closed_on": "2026-10-20"}]}, of=COUNTED)
    assert late == 8  # due on the 12th: Saturday the 10th is worked


def test_without_what_would_say_when_it_was_due_it_lies_between() -> None:
    case = {"case": "C1", "staff": "S1", "received_on": "2026-10-08", "accepted_on": "2026-10-08", "closed_on": "2026-10-20"}
    assert value("late_days", "2026-10", {"cases": [case]}) == (0, 20)
    assert value("late_days", "2026-11", {"cases": [case]}) == 0


def test_a_bonus_goes_by_the_days_of_leave_in_its_month() -> None:
    leave = {"kind": "sick_leave", "staff": "S1", "from": "2026-06-29", "until": "2026-07-06"}
    records = {"staff": [{"staff": "S1"}], "events": [leave]}
    kunshan = load_rulebook("kunshan")
    assert [grade(kunshan, "month_bonus", records, period=one)[0].grade for one in ("2026-06", "2026-07")] == ["发放", "发放"]
    records["events"] = [leave | {"until": "2026-07-08"}]
    assert [grade(kunshan, "month_bonus", records, period=one)[0].grade for one in ("2026-06", "2026-07")] == ["发放", "扣发"]


def card_of(records: dict[str, Any], period: str, **more: Any) -> Scorecard:
    return score(load_rulebook("kunshan"), "window_month", records, subject="W1", period=period, **more)


@pytest.mark.parametrize("closed_on", ["2026-06-30", "2026-07-01", "2026-07-10", ""])
def test_two_months_charge_each_late_workday_once(closed_on: str) -> None:
    late = {"case": "C1", "window": "W1", "received_on": "2026-06-01", "due_on": "2026-06-29", "closed_on": closed_on}
    records = {"window": [{"window": "W1", "overall_rating": "average"}], "events": [], "cases": [late]}
    now = "2026-07-10"
    lines = [line.points for one in ("2026-06", "2026-07") for line in card_of(records, one, now=now).lines if line.item == "overdue"]
    last = date.fromisoformat(closed_on or now)
    assert sum(lines) == -2 * china().workdays_between(date(2026, 6, 29), last)


# -- whose days, where whom a row names left and came back

AWAY = """
tables: {trips: {of: staff, lasts: [sent_on, back_on], staff: text, sent_on: date, back_on: date}}
measures:
  own_days: "sum(trips, in_period.days)"
  named_days: "sum(trips, in_period.days, lasts=[sent_on, back_on])"
  trips_made: count(trips)
"""


def alone(folder: Path, text: str) -> Rulebook:
    (folder / "own.yaml").write_text(f"rulebook: own\nconventions: {{unserved_periods: skip}}{text}", encoding="utf-8")
    return load_rulebook(folder / "own.yaml")


@pytest.mark.parametrize(("window", "days"), [("W1", 10), ("W2", 10)])
def test_a_row_cut_by_transfers_is_one_row_with_the_days_of_each_window(tmp_path: Path, window: str, days: int) -> None:
    spells = [("W1", None, "2026-10-10"), ("W2", "2026-10-11", "2026-10-20"), ("W1", "2026-10-21", None)]
    there = [{"staff": "S1", "window": at, "from": first, "until": last} for at, first, last in spells]
    trips = [{"staff": "S1", "sent_on": "2026-10-06", "back_on": "2026-10-25"}]
    found = {
        name: measure(alone(tmp_path, AWAY), name, {"staff": there, "trips": trips}, subject=window, about="window", period="2026-10").value
        for name in ("own_days", "named_days", "trips_made")
    }
    assert found == {"own_days": days, "named_days": days, "trips_made": 1}


# -- rows of later days

SLIPS = """
tables: {slips: {of: staff, dated_by: filed_on, staff: text, filed_on: date, from_on: date, to_on: date, approved: boolean}}
decisions:
  slip_end:
    about: slips
    hit: first
    outcomes: {slip_end: date}
    rules: [{id: to, when: approved, then: =to_on}, {id: none, then: =from_on}]
measures:
  off_days: "sum(slips, in_period.days, lasts=[from_on, slip_end])"
"""


@pytest.mark.parametrize("now", [None, "2026-10-31", "2026-11-30"])
def test_what_is_unknown_of_a_row_filed_later_is_never_settled_by_its_day(tmp_path: Path, now: str | None) -> None:
    slip = {"staff": "S1", "filed_on": "2026-11-03", "from_on": "2026-10-28", "to_on": "2026-10-30"}
    read = [
        measure(alone(tmp_path, SLIPS), "off_days", {"staff": [staff()], "slips": [slip | known]}, subject="S1", period="2026-10", now=now)
        for known in ({"approved": True}, {"slip_end": "2026-10-30"}, {})
    ]
    assert [one.value for one in read] == [3, 3, None]
    assert "slips:1.approved" in read[2].undecided


def test_rows_of_all_last_as_each_total_says() -> None:
    late, whole = (f"sum(cases, in_period.days, of=all, lasts=[{first}, closed_on])" for first in ("add_days(due_on, 1)", "received_on"))
    of = book(f"schemes: {{month: {{scores: staff, period: month, total: '{late} + 100 * {whole}'}}}}")
    case = {"case": "C1", "staff": "S2", "received_on": "2026-10-01", "due_on": "2026-10-08", "closed_on": "2026-10-10"}
    found = score(of, "month", {"staff": [staff(), staff("S2")], "cases": [case]}, subject="S1", period="2026-10")
    assert found.total == 1002  # two days late of ten
