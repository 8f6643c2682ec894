"""Every reader of a clock sees one history: what `clocks` says of a case, classify, notices, decisions, scores and the job say too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import GovServiceError, Rulebook, classify, clocks, load_rulebook, score
from govservice.deadlines import case_outcomes
from govservice.records import read_records
from govservice.run import run

BOOK = """\
rulebook: terms
conventions: {first_day: excluded, roll: forward, pause_needs_notice: yes, part_floor: 0, part_overflow: capped}
clocks:
  term:
    label: 期限
    about: cases
    limit: 10 工作日
    starts: accepted_on
    stops: closed_on
    pauses: [hearing]
    extension: {limit: 5 工作日, times: 1}
  other: {about: cases, limit: 20 工作日, starts: accepted_on, stops: closed_on}
notices:
  chase: {about: cases, title: 催办通知书, when: term.overdue, states: [term.due]}
decisions:
  standing:
    about: cases
    hit: first
    rules:
      - {id: over, when: term.overdue, then: {over: true}}
      - {id: not, then: {over: false}}
schemes:
  month:
    scores: window
    period: year
    parts: {work: {full: 100, items: [{id: over, for: cases, when: term.overdue, points: -10}]}}
"""
NOW = date(2026, 3, 18)  # two days after the term of C1 ends, if nothing moves it
CASE = {"case": "C1", "window": "W1", "received_on": "2026-03-02", "accepted_on": "2026-03-02"}
OTHER = {"case": "C2", "window": "W2", "received_on": "2026-03-02", "accepted_on": "2026-03-02"}
PAUSE = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-20", "told": True}
MORE = {"clock": "term", "asked_on": "2026-03-06", "granted": True}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path = tmp_path_factory.mktemp("books") / "terms.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


Told = tuple[date | None, bool | None]
"""When the term of C1 is due, and whether it is over."""


def by_clocks(book: Rulebook, case: Mapping[str, Any], beside: Mapping[str, Any]) -> Told:
    reading = next(reading for reading in clocks(case, book, now=NOW, records=beside) if reading.clock == "term")
    return reading.due_on, reading.overdue


def by_classify(book: Rulebook, case: Mapping[str, Any], beside: Mapping[str, Any]) -> Told:
    done = classify(case, book, as_of=NOW, records=beside)
    if done.undecided_notices == ("chase",):
        return None, None
    return (done.notices[0].fields[0].value if done.notices else None), bool(done.notices)


def by_outcomes(book: Rulebook, case: Mapping[str, Any], beside: Mapping[str, Any]) -> Told:
    return None, case_outcomes(case, book, now=NOW, records=beside)["standing"].values.get("over")  # type: ignore[return-value]


def by_score(book: Rulebook, case: Mapping[str, Any], beside: Mapping[str, Any]) -> Told:
    card = score(book, "month", {"cases": [case, OTHER], "window": [], **beside}, subject="W1", period="2026", now=NOW)
    return None, None if card.total is None else card.total == 90


def by_run(book: Rulebook, case: Mapping[str, Any], beside: Mapping[str, Any]) -> Told:
    with TemporaryDirectory() as folder:
        for table, rows in {"cases": [case, OTHER], **beside}.items():
            (Path(folder) / f"{table}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        done = run(book, read_records(folder, book=book), now=NOW)
    own = next((case for case in done.cases if case.id == "C1"), None)
    if own is None:
        return None, None  # set aside
    due = next(due for due in own.dues if due.clock == "term")
    over = dict(zip(done.case_outcome_names, own.outcomes, strict=True))["over"]
    assert over == due.late
    assert ("催办通知书" in own.what.notices) == (over is True)
    return due.due_on, due.late


READERS = [by_classify, by_outcomes, by_score, by_run]

DAYS = st.integers(0, 40).map(lambda days: (date(2026, 3, 2) + timedelta(days=days)).isoformat())
PAUSES = st.builds(
    lambda kind, first, last, told: {"kind": kind, "from": min(first, last), "to": max(first, last), "told": told},
    st.sampled_from(["hearing", "hearing", "survey"]), DAYS, DAYS, st.sampled_from([True, True, False, None]),
)  # fmt: skip
EXTENSIONS = st.builds(
    lambda asked, granted, clock: {"clock": clock, "asked_on": asked, "granted": granted},
    DAYS, st.sampled_from([True, True, False]), st.sampled_from(["term", "期限", "tern", "other", None]),
)  # fmt: skip


def plain(row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if value is not None}


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=25, deadline=None)
@given(pauses=st.lists(PAUSES, max_size=3), extensions=st.lists(EXTENSIONS, max_size=2), within=st.booleans(), closed=st.none() | DAYS)
def test_every_reader_sees_the_history_that_clocks_sees(book, reader, pauses, extensions, within, closed):
    course = {name: [plain(row) for row in rows] for name, rows in {"pauses": pauses, "extensions": extensions}.items() if rows}
    case = plain({**CASE, "closed_on": closed})
    beside = {} if within else {name: [{**row, "case": "C1"} for row in rows] for name, rows in course.items()}
    given_case = {**case, **course} if within else case
    due, over = by_clocks(book, given_case, beside)
    told_due, told = reader(book, given_case, beside)
    rows_aside = reader is by_run and any(row["clock"] == "tern" for row in extensions)  # the job sets them aside: all is open then
    assert told == over or (rows_aside and told is None)
    assert told_due in (due, None)


LOST = {
    "no list": {"pauses": PAUSE},
    "a text in the list": {"pauses": [PAUSE, "x"]},
    "nothing in the list": {"pauses": [None, PAUSE]},
    "a text": {"pauses": "3月5日至3月20日听证"},
    "a number": {"pauses": 1},
    "yes": {"pauses": True},
    "another case's": {"pauses": [{**PAUSE, "case": "C2"}]},
    "two last days": {"pauses": [{**PAUSE, "中止止日": "2026-03-10"}]},
    "no first day": {"pauses": [{"kind": "hearing", "told": True}]},
    "no day": {"pauses": [{**PAUSE, "from": "某日"}]},
    "a misspelt table": {"pause": [PAUSE]},
    "a misspelt label": {"中止情况": [PAUSE]},
    "a misspelt table, no list": {"paused": PAUSE},
    "a misspelt clock": {"extensions": [{**MORE, "clock": "tern"}]},
    "a misspelt limit": {"extensions": [{**MORE, "limt": "1个工作日"}]},
    "no list of extensions": {"extensions": MORE},
}


@pytest.mark.parametrize("reader", [by_clocks, *READERS])
@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_what_may_be_a_pause_of_a_case_leaves_its_day_open_or_is_refused(book, reader, lost):
    try:
        told = reader(book, {**CASE, **lost}, {})
    except GovServiceError:
        return
    assert told == (None, None)


ASTRAY = {
    "no case": {"pauses": [PAUSE]},
    "an empty case": {"pauses": [{**PAUSE, "case": " "}]},
    "a case destroyed by a spreadsheet": {"pauses": [{**PAUSE, "case": "3.2E+17"}]},
    "another spelling": {"pauses": [{**PAUSE, "case": "ｃ-01"}]},
    "no day": {"pauses": [{**PAUSE, "case": "C1", "to": "2026-13-01"}]},
    "no day and no case": {"pauses": [{**PAUSE, "to": "2026-13-01"}]},
    "of extensions": {"extensions": [MORE]},
}


@pytest.mark.parametrize("reader", [by_score, by_run])
@pytest.mark.parametrize("astray", ASTRAY.values(), ids=ASTRAY)
def test_a_row_that_names_no_case_may_be_of_any(book, reader, astray):
    assert reader(book, CASE, astray) == (None, None)


@pytest.mark.parametrize("reader", [by_score, by_run])
def test_a_row_of_another_case_is_of_no_other(book, reader):
    assert reader(book, CASE, {"pauses": [{**PAUSE, "case": "C2"}, {**PAUSE, "case": "C9"}]})[1] is True


def test_a_case_names_its_pauses_by_their_label_too(book):
    assert {reader(book, {**CASE, "中止": [PAUSE]}, {})[1] for reader in [by_clocks, *READERS]} == {False}


@pytest.mark.parametrize("none", [[], None, "", "无", "否", False, 0])
def test_to_say_that_there_is_none_is_no_pause(book, none):
    for reader in [by_clocks, *READERS]:
        assert reader(book, {**CASE, "pauses": none}, {})[1] is True


def test_a_row_within_and_beside_a_case_counts_once(book):
    twice = {"extensions": [{**MORE, "case": "C1"}]}
    assert by_clocks(book, {**CASE, "extensions": [MORE]}, twice) == by_clocks(book, {**CASE, "extensions": [MORE]}, {})
