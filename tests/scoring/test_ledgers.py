"""Records read once: the same scores as reading them anew, under every book that can read them, from many threads at once."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import grade, load_rulebook, score
from govservice.errors import DecisionError
from govservice.scoring import read_ledger

from .centre import book

KUNSHAN = load_rulebook("kunshan", settings={"red_flags": 1})
RECORDS = {
    "events": [{"kind": "untidy", "on": date(2026, month, 12), "window": f"W{month % 2}"} for month in (9, 10, 10)],
    "cases": [
        {
            "case": f"C{month}",
            "window": f"W{month % 2}",
            "received_on": date(2026, month, 2),
            "due_on": date(2026, month, 9),
            "closed_on": date(2026, month, 8),
        }
        for month in (9, 10)
    ],
    "window": [
        {"window": "W0", "department": "D0", "overall_rating": "good"},
        {"window": "W1", "department": "D1", "overall_rating": "average"},
    ],
}


def test_a_ledger_gives_the_scores_and_grades_that_its_records_give() -> None:
    kept = read_ledger(KUNSHAN, RECORDS)
    for _ in range(2):
        for month in ("2026-09", "2026-10"):
            assert score(KUNSHAN, "window_month", kept, period=month) == score(KUNSHAN, "window_month", RECORDS, period=month)
        assert grade(KUNSHAN, "red_flag", kept, period="2026-B5") == grade(KUNSHAN, "red_flag", RECORDS, period="2026-B5")
    later = date(2026, 10, 3)
    assert score(KUNSHAN, "window_month", kept, period="2026-10", now=later) == score(
        KUNSHAN, "window_month", RECORDS, period="2026-10", now=later
    )


def test_a_ledger_is_read_from_a_folder_too_and_the_cards_tell_what_could_not_be_read(tmp_path: Path) -> None:
    for table, rows in RECORDS.items():
        lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
        (tmp_path / f"{table}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    whole = [score(KUNSHAN, "window_month", records, period="2026-10") for records in (read_ledger(KUNSHAN, str(tmp_path)), RECORDS)]
    assert [card.total for card in whole[0]] == [card.total for card in whole[1]]
    with (tmp_path / "events.csv").open("a", encoding="utf-8") as events:
        events.write("untidy,十月,W1\n")
    notes = score(KUNSHAN, "window_month", read_ledger(KUNSHAN, tmp_path), subject="W1", period="2026-10").notes
    assert any(note.en.startswith("row 5 of events is set apart: on: '十月' is not a date") for note in notes)


def test_a_folder_that_is_no_ledger_yet_is_told_how_it_becomes_one(tmp_path: Path) -> None:
    with pytest.raises(DecisionError) as refused:
        score(KUNSHAN, "window_month", "records", period="2026-10")  # type: ignore[call-overload]
    what = "records= takes a mapping from tables to rows, or a ledger, not 'records'"
    assert str(refused.value) == f"{what}; read_ledger(book, folder) reads a folder"


def test_one_ledger_serves_a_book_and_what_is_made_of_it() -> None:
    dearer = KUNSHAN.amend({"schemes.window_month.parts.cleanliness.items.untidy.points": "-2"})
    kept = read_ledger(KUNSHAN, RECORDS)
    for rules in (KUNSHAN, dearer, KUNSHAN):
        assert score(rules, "window_month", kept, period="2026-10") == score(rules, "window_month", RECORDS, period="2026-10")
    assert kept.under(KUNSHAN.contents) is kept.under(dearer.contents)  # one reading of the rows


def test_a_ledger_is_read_again_under_a_book_with_other_words() -> None:
    relabelled = KUNSHAN.amend({"events.untidy.label": "窗口不整洁"})
    kept = read_ledger(KUNSHAN, RECORDS)
    assert kept.under(KUNSHAN.contents) is not kept.under(relabelled.contents)
    assert score(relabelled, "window_month", kept, period="2026-10") == score(relabelled, "window_month", RECORDS, period="2026-10")


def test_rows_of_a_ledger_that_a_book_has_no_word_for_are_set_apart_under_it() -> None:
    other = load_rulebook("licensing-law")
    remarks = read_ledger(KUNSHAN, RECORDS).under(other.contents).remarks.words
    assert any("set apart: no kind of event 'untidy'" in remark.en for remark in remarks)


def test_threads_share_a_ledger() -> None:
    kept = read_ledger(KUNSHAN, RECORDS)
    alone = score(KUNSHAN, "window_month", RECORDS, period="2026-10")
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(score, KUNSHAN, "window_month", kept, period="2026-10") for _ in range(24)]
        asked += [pool.submit(grade, KUNSHAN, "red_flag", kept, period="2026-B5") for _ in range(24)]  # type: ignore[misc]
    assert all(answer.result() == alone for answer in asked[:24])
    assert all(answer.result() == grade(KUNSHAN, "red_flag", RECORDS, period="2026-B5") for answer in asked[24:])


def test_a_ledger_goes_through_a_pickle() -> None:
    kept = pickle.loads(pickle.dumps(read_ledger(KUNSHAN, RECORDS)))
    assert score(KUNSHAN, "window_month", kept, period="2026-10") == score(KUNSHAN, "window_month", RECORDS, period="2026-10")


CLOCKS = """
clocks:
  answering:
    starts: received_on
    stops: [closed_on]
    about: cases
    limit: 10个工作日
    alarms:
      - {signal: half, at: 50%}
      - {signal: over, after: 0}
  waiting:
    when: workdays(received_on, as_of) > 20
    starts: received_on
    stops: [closed_on]
    about: cases
    limit: 10个工作日
    alarms: [{signal: beyond, after: 0}]
schemes:
"""
WATCHED = """
  {period}:
    scores: window
    period: {period}
    parts:
      p:
        start: 100
        items:
          - {{id: half, for: answering.half, points: -1}}
          - {{id: over, for: answering.over, points: -10}}
          - {{id: beyond, for: waiting.beyond, points: -20}}
          - {{id: used, for: cases, points: -answering.used / 1000}}
"""
PERIODIC = "".join(WATCHED.format(period=period) for period in ("month", "quarter", "half", "year"))
RAISING = "part_floor: none, part_overflow: allowed, roll: forward, first_day: excluded, percent_alarms: day, cleared_signals: counted"
WATCHING = book(CLOCKS + PERIODIC, RAISING)
DAYS = st.integers(0, 120).map(lambda number: date(2026, 1, 1) + timedelta(number))
PERIODS = [("month", f"2026-0{number}") for number in range(1, 6)] + [("quarter", "2026-Q1"), ("half", "2026-H1"), ("year", "2026")]


@given(st.lists(st.tuples(DAYS, st.none() | DAYS), min_size=1, max_size=4), st.permutations(PERIODS))
def test_what_was_read_for_one_period_changes_no_other(cases: list[tuple[date, date | None]], periods: list[tuple[str, str]]) -> None:
    rows = [
        {"case": f"C{number}", "window": "W", "received_on": received, **({"closed_on": closed} if closed else {})}
        for number, (received, closed) in enumerate(cases)
    ]
    records = {"cases": rows, "window": [{"window": "W"}]}
    kept = read_ledger(WATCHING, records)
    for scheme, period in periods:
        assert score(WATCHING, scheme, kept, period=period) == score(WATCHING, scheme, records, period=period)


LASTING = """
clocks:
  reply: {starts: accepted_on, stops: [closed_on], about: cases, limit: promised_limit}
  given: {starts: accepted_on, stops: [decided_on], about: cases, due: materials_completed_on}
  before: {starts: accepted_on, stops: [decided_on], about: cases, limit: 5个工作日, backward: true}
  again: {when: needs_survey, starts: closed_on, stops: [decided_on], about: cases, limit: 5个工作日}
  seen: {when: "workdays(received_on, as_of) > 20", starts: received_on, stops: [closed_on], about: cases, limit: 10个工作日}
decisions:
  ends_on: {about: cases, hit: first, outcomes: {ends_on: date}, rules: [{when: needs_survey, then: =again.due}, {then: =reply.due}]}
  looks_on:
    about: cases
    hit: first
    outcomes: {looks_on: date}
    rules:
      - {when: given.overdue, then: =decided_on}
      - {when: before.overdue, then: =received_on}
      - {when: reply.overdue, then: =materials_completed_on}
      - {then: =reply.due}
  used_on:
    about: cases
    hit: first
    outcomes: {used_on: date}
    rules: [{when: reply.used_workdays > 3, then: =closed_on}, {then: =received_on}]
  late_on: {about: cases, hit: first, outcomes: {late_on: date}, rules: [{when: seen.overdue, then: =closed_on}, {then: =reply.due}]}
  stopped_on:
    about: cases
    hit: first
    outcomes: {stopped_on: date}
    rules: [{when: reply.used_workdays > 3, then: =reply.started_on}, {then: =reply.stopped_on}]
  told_on: {about: cases, hit: first, outcomes: {told_on: date}, rules: [{when: needs_survey, then: =as_of}, {then: =accepted_on}]}
schemes:
"""
COUNTED = """
  {period}:
    scores: window
    period: {period}
    parts:
      p:
        start: 100
        items:
          - {{id: over, for: cases, lasts: ["add_days(ends_on, 1)", closed_on], points: -in_period.workdays}}
          - {{id: looked, for: cases, lasts: [accepted_on, looks_on], points: -in_period.days / 100}}
          - {{id: told, for: cases, lasts: [told_on, closed_on], points: -in_period.days / 1000}}
          - {{id: stopped, for: cases, lasts: [accepted_on, stopped_on], points: -in_period.days / 10000}}
          - {{id: late, for: cases, lasts: [accepted_on, late_on], points: -in_period.days / 100000}}
          - {{id: due, points: "-count(cases, by=ends_on) * 10 - count(cases, by=told_on) * 1000 - count(cases, by=looks_on) * 100000"}}
          - {{id: else, points: "-count(cases, by=stopped_on) * 10 - count(cases, by=used_on) * 1000"}}
"""
LASTING_BOOK = book(LASTING + "".join(COUNTED.format(period=period) for period in ("month", "quarter", "half", "year")), RAISING)
LIMITS = st.sampled_from(["1个工作日", "10个工作日", "20日", "2个月"])
TURNS = st.sampled_from([date(2026, month, 1) + timedelta(days) for month in (2, 3, 4) for days in (-20, -7, -2, -1, 0, 1)])
SAID = {"received_on": TURNS, "accepted_on": TURNS, "promised_limit": LIMITS, "needs_survey": st.booleans()}
ACTS = {"closed_on": TURNS, "decided_on": TURNS, "materials_completed_on": TURNS}
CASES = st.fixed_dictionaries({"case": st.just("C")}, optional={**SAID, **ACTS}) | st.fixed_dictionaries(SAID, optional=ACTS)


@given(st.lists(CASES, min_size=1, max_size=4), st.permutations(PERIODS), st.none() | st.none() | TURNS)
def test_days_that_are_decided_are_the_same_whatever_was_asked_before(
    cases: list[dict[str, object]], periods: list[tuple[str, str]], now: date | None
) -> None:
    records = {"cases": [{**case, "case": f"C{number}", "window": "W"} for number, case in enumerate(cases)], "window": [{"window": "W"}]}
    kept = read_ledger(LASTING_BOOK, records)
    for scheme, period in periods:
        asked = score(LASTING_BOOK, scheme, kept, period=period, now=now)
        assert asked == score(LASTING_BOOK, scheme, records, period=period, now=now)
