"""A pause or an extension that names the row that it is of, and no case, is whose that row is: it is counted for them."""

from __future__ import annotations

from typing import Any

import pytest

from govservice import load_rulebook, score
from govservice.rules import Rulebook

BOOK = """rulebook: paused
title: 中止
conventions: {first_day: excluded, roll: forward, pause_needs_notice: no, percent_alarms: day, part_floor: 0, part_overflow: capped}
tables:
  stages: {of: [cases], case: text, stage: text, begun_on: date, dated_by: begun_on}
clocks:
  handling:
    about: cases
    limit: 5 工作日
    starts: received_on
    stops: closed_on
    pauses: [hearing]
    extension: {limit: 3 工作日, times: 1}
    alarms: [{signal: red, after: 0}]
schemes:
  month:
    scores: staff
    period: month
    parts:
      a:
        full: 10
        items:
          - {id: late, for: handling.red, points: -1}
          - {id: happened, points: -0.5 * count(pauses) - 0.25 * count(extensions)}
"""
PAUSE = {"kind": "hearing", "from": "2026-10-13", "to": "2026-10-16"}
EXTENSION = {"clock": "handling", "asked_on": "2026-10-13", "granted": "是"}
OF_NOBODY = "没有写当事人、窗口或部门，不计入任何一方"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    path = tmp_path_factory.mktemp("book") / "paused.yaml"
    path.write_text(BOOK, encoding="utf-8")
    return load_rulebook(path)


def card(book: Rulebook, table: str, *rows: dict[str, Any], several: bool = False) -> tuple[str, list[str]]:
    """The total of S1 and the notes, with the moving tables before those whose rows they name."""
    cases = [{"case": case, "staff": staff, "received_on": "2026-10-12"} for case, staff in (("C1", "S1"), ("C2", "S2"))][: 1 + several]
    records = {
        "pauses": [],
        "extensions": [],
        table: list(rows),
        "events": [],
        "stages": [{"case": "C1", "stage": "审查", "begun_on": "2026-10-12"}],
    }
    records |= {"cases": cases, "staff": [{"staff": "S1"}, {"staff": "S2"}]}
    of = score(book, "month", records, subject="S1", period="2026-10", now="2026-10-23")
    return str(of.total), [note.zh for note in of.notes]


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("of", [{"case": "C1"}, {"table": "cases", "row": "C1"}, {"table": "办件", "row": "C1"}])
def test_it_is_whose_the_row_is(book: Rulebook, of: dict[str, str], several: bool) -> None:
    assert card(book, "pauses", PAUSE | of, several=several) == ("9.5", [])
    assert card(book, "extensions", EXTENSION | of, several=several) == ("8.75", [])  # red at the end of its last day


def test_the_only_row_of_a_table_needs_no_name(book: Rulebook) -> None:
    assert card(book, "pauses", PAUSE | {"table": "cases"}) == ("9.5", [])
    total, notes = card(book, "pauses", PAUSE | {"table": "cases"}, several=True)
    assert (total, [OF_NOBODY in note for note in notes]) == ("None", [True])


def test_one_of_a_stage_is_whose_the_case_of_the_stage_is(book: Rulebook) -> None:
    assert card(book, "pauses", PAUSE | {"table": "stages", "row": "审查"}) == ("8.5", [])  # the case itself goes on


@pytest.mark.parametrize("of", [{"table": "cases", "row": "C9"}, {"table": "nothing", "row": "C1"}, {"staff": "S1"}])
def test_one_that_names_no_row_that_is_there_is_still_of_nobody(book: Rulebook, of: dict[str, str]) -> None:
    assert any(OF_NOBODY in note for note in card(book, "pauses", PAUSE | of, several=True)[1])
