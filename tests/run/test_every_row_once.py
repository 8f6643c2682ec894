"""Rows in are rows used and rows set aside with the reason, and their order decides nothing: torn, quoted and repeated ones among them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import Rulebook, load_rulebook
from govservice.records import read_records
from govservice.run import Run, run

from .test_course import BOOK

DATED = BOOK.replace(
    "clocks:",
    """decisions:
  fast:
    about: application
    hit: first
    rules:
      - {id: new, from: 2026-03-05, then: {fast: true}}
      - {id: old, until: 2026-03-04, then: {fast: false}}
clocks:""",
)
NOW = date(2026, 3, 12)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path = tmp_path_factory.mktemp("books") / "book.yaml"
    path.write_text(DATED, encoding="utf-8")
    return load_rulebook(path)


def ran(place: Path, book: Rulebook, **files: str) -> Run:
    for name, text in files.items():
        (place / name.replace("__", ".")).write_bytes(text.encode())
    return run(book, read_records(place, book=book), now=NOW)


def accounted(done: Run, lines: dict[str, int]) -> None:
    """Each line of each file is used, or set aside with a reason, and never both."""
    for source in done.summary()["rows"]:
        assert source["in"] == source["out"] + source["set_aside"] == lines[source["table"]], source
    aside = [(row.table, row.line) for row in done.set_aside]
    assert len(set(aside)) == len(aside)
    assert all(row.reason.en and row.reason.zh for row in done.set_aside)


CASES = "case,application,received_on,accepted_on,promised_days\n"
IDS = st.sampled_from(["C1", "C2", "C3", "", " C1", "c-1"])
DAYS = st.sampled_from(["2026-03-02", "2026/3/2", "2026-03-06", "2026-03-1", "", "某日"])
CELLS = st.builds(lambda *cells: list(cells), IDS, st.sampled_from(["A1", "A2", ""]), DAYS, DAYS, st.sampled_from(["5", "9", "-1", ""]))
SPOILT = st.sampled_from(
    ['C7,"A1,2026-03-02,2026-03-02,5', 'C8,A1",2026-03-02,2026-03-02,5', "C1,A1", 'C9,"x"y,,,', "C1,A1,,,,,", "C\0,,,,"]
)
PAUSED = st.builds(
    lambda case, first, told: [case, "hearing", first, "2026-03-06", told], IDS, DAYS, st.sampled_from(["是", "否", "", "?"])
)


def line(cells: list[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


@settings(max_examples=150, deadline=None)
@given(
    cases=st.lists(CELLS.map(line) | SPOILT, min_size=1, max_size=6),
    pauses=st.lists(PAUSED.map(line) | SPOILT, max_size=4),
    ended=st.booleans(),
)
def test_rows_in_are_rows_used_and_rows_set_aside(tmp_path_factory, book, cases, pauses, ended):
    place = tmp_path_factory.mktemp("records")
    head = "case,kind,from,to,told\n"
    files = {"cases__csv": CASES + "\n".join(cases), "pauses__csv": head + "\n".join(pauses)}
    done = ran(place, book, **{name: text + "\n" * ended for name, text in files.items()})
    accounted(done, {"cases": len(cases), "pauses": len(pauses)})


@settings(max_examples=100, deadline=None)
@given(rows=st.lists(CELLS, min_size=2, max_size=5), pauses=st.lists(PAUSED, max_size=2), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(tmp_path_factory, book, rows, pauses, random):
    """What each row comes to is the same in any order; of rows that say one thing any may be the one that is used."""
    other, moved = random.sample(rows, len(rows)), random.sample(pauses, len(pauses))
    applications = "application\nA1\nA2\n"
    told = []
    for given_rows, course in ((rows, pauses), (other, moved)):
        text = CASES + "".join(line(row) + "\n" for row in given_rows)
        moving = "case,kind,from,to,told\n" + "".join(line(row) + "\n" for row in course)
        done = ran(tmp_path_factory.mktemp("records"), book, cases__csv=text, applications__csv=applications, pauses__csv=moving)
        dues = {
            case.id: (case.on, case.what, case.outcomes, [(due.clock, due.due, due.official, due.late) for due in case.dues])
            for case in done.cases
        }
        applied = {one.id: (one.on, one.what) for one in done.applications}
        told.append((dues, applied, sorted(str(row.id) for row in done.set_aside)))
    assert told[0] == told[1]


def test_a_case_given_three_ways_is_used_in_none(tmp_path: Path, book: Rulebook) -> None:
    rows = [f"C1,A1,2026-03-02,2026-03-02,{days}\n" for days in (5, 9, 5)]
    done = ran(tmp_path, book, cases__csv=CASES + "".join(rows) + "C2,A1,2026-03-02,2026-03-02,5\n")
    assert [case.id for case in done.cases] == ["C2"]
    assert {row.text() for row in done.set_aside} == {
        f"cases.csv:{n}: C1: case: the id stands in lines 2, 3, 4, which differ in promised_days: none is used" for n in (2, 3, 4)
    }


def test_a_case_of_which_one_row_cannot_be_read_is_not_used_by_the_others(tmp_path: Path, book: Rulebook) -> None:
    done = ran(tmp_path, book, cases__csv=f"{CASES}C1,A1,2026-03-02,2026-03-02,5\nC1,A1,2026-03-02,某日,5\n")
    assert done.cases == ()
    assert done.set_aside[0].reason.en == "the id stands in lines 2, 3, of which line 3 cannot be read: none is used"


@pytest.mark.parametrize(("days", "settled"), [(("2026-03-02", "2026-03-04"), True), (("2026-03-02", "2026-03-06"), False)])
def test_an_application_whose_cases_differ_in_their_day_is_judged_where_no_rule_changes_between(
    tmp_path: Path, book: Rulebook, days: tuple[str, str], settled: bool
) -> None:
    for order in permutations(enumerate(days)):
        (tmp_path / str(order[0][0])).mkdir()
        rows = "".join(f"C{n},A1,{day},{day},5\n" for n, day in order)
        done = ran(tmp_path / str(order[0][0]), book, cases__csv=CASES + rows, applications__csv="application\nA1\n")
        assert [one.on for one in done.applications] == ([date(2026, 3, 2)] if settled else [])
        why = "the cases of this application give several days, and rules change between them: 2026-03-02, 2026-03-06"
        assert [row.reason.en.partition("; ")[0] for row in done.set_aside] == ([] if settled else [why])


TWO_VALUES = [
    {"promised_days": 5, "promised_limit": "10个工作日"},
    {"承诺工作日数": "5", "承诺时限": "5个自然日"},
    {"promised_days": 5, "承诺工作日数": 10},
    {"statutory_days": 20, "法定时限": "30个工作日"},
]


@pytest.mark.parametrize("table", ["items", "cases"])
@pytest.mark.parametrize("two", TWO_VALUES, ids=" ".join)
def test_two_values_for_one_limit_set_the_row_aside(tmp_path: Path, book: Rulebook, table: str, two: dict[str, Any]) -> None:
    row = {table.removesuffix("s"): "X1", "received_on": "2026-03-02", **two}
    done = ran(tmp_path, book, **{f"{table}__jsonl": json.dumps(row, ensure_ascii=False)})
    assert (done.items, done.cases) == ((), ())
    assert "two values" in done.set_aside[0].reason.en


def test_days_and_limit_that_say_one_thing_are_no_two_values(tmp_path: Path, book: Rulebook) -> None:
    rows = [{"item": "I1", "promised_days": 5, "promised_limit": "5个工作日"}, {"item": "I2", "promised_days": 0, "promised_limit": "当场"}]
    done = ran(tmp_path, book, items__jsonl="\n".join(json.dumps(row, ensure_ascii=False) for row in rows))
    assert [item.id for item in done.items] == ["I1", "I2"]


def test_an_extension_of_a_clock_that_has_not_begun_is_said_on_the_case(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("rulebook: own\nclocks:\n  k: {about: cases, limit: 3 工作日, starts: decided_on}\n", encoding="utf-8")
    case = {"case": "C1", "accepted_on": "2026-03-11", "promised_limit": "2个工作日"}
    rows = [{"case": "C1", "clock": "k", "asked_on": "2026-02-24", "granted": True}]
    (found,) = run(load_rulebook(path), {"cases": [case], "extensions": rows}, now=NOW).cases
    assert found.due is not None
    assert [note.en for note in found.due.notes] == ["row 1 of extensions: no clock 'k' is extended by the rulebook"]
