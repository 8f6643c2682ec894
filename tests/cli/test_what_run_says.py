"""What `govservice run` says of cases whose day, or rate, is not settled: nothing is left out of the account on the terminal."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from govservice.cli import main

BOOK = """
rulebook: seldom
title: 小站
conventions: {first_day: excluded, roll: forward, rest_day_same_day: next}
tables: {cases: {sort: {type: choice, label: 种类, values: {card: 办卡, shop: 开店}}, free: {type: boolean, default: false}}}
decisions:
  term:
    about: cases
    hit: first
    outcomes: {term: {type: limit, label: 承诺期限}}
    rules: [{when: sort == "card", then: 3个工作日}, {then: 10个工作日}]
clocks:
  promised: {about: cases, when: not free, limit: term, starts: accepted_on, stops: closed_on}
"""
CASES = """case,sort,received_on,accepted_on,closed_on,free
A1,card,2026-03-02,2026-03-02,2026-03-04,
A2,,2026-03-02,2026-03-02,2026-03-30,
A3,,2026-03-02,2026-03-02,,
A4,,2026-03-25,2026-03-26,,
A5,card,2026-03-02,,,
A6,card,2026-03-02,2026-04-07,,
A7,shop,2026-03-30,2026-03-30,,
A8,shop,2026-03-30,2026-03-30,,yes
"""


@pytest.fixture
def ran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.chdir(tmp_path)
    Path("book.yaml").write_text(BOOK, encoding="utf-8")
    Path("records").mkdir()
    Path("records/cases.csv").write_text(CASES, encoding="utf-8")
    return ["run", "--rulebook", "book.yaml", "--records", "records", "--now", "2026-04-01", "--out", "out"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "en",
            [
                "running: 6, with a due day: 1",
                "without a due day: 5 (3 wait for sort 2, accepted_on 1, 1 have not begun, no clock runs on 1)",
            ],
        ),
        ("zh", ["在办 6 件，期限可算出 1 件", "期限算不出：5 件（3 件还缺：种类 2 件、受理日 1 件，1 件尚未起算，1 件没有适用的时限）"]),
    ],
)  # fmt: skip
def test_how_many_cases_have_no_due_day_is_said_with_the_commonest_reasons(
    ran: list[str], capsys: pytest.CaptureFixture[str], lang: str, said: list[str]
) -> None:
    assert main([*ran, "--lang", lang]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line in said] == said


@pytest.mark.parametrize(("lang", "rate", "open_"), [("en", "speed_up_percent", "open: "), ("zh", "提速率", "未定，尚缺：")])
def test_a_rate_that_is_open_stands_in_the_table_as_open(
    ran: list[str], capsys: pytest.CaptureFixture[str], lang: str, rate: str, open_: str
) -> None:
    assert main([*ran, "--lang", lang]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith(rate)]
    assert open_ in line
    assert line.removeprefix(rate).strip() in Path("out/summary.html").read_text(encoding="utf-8")


def test_a_case_is_late_by_its_clock_and_by_the_standard_decision_alike(ran: list[str]) -> None:
    assert main([*ran, "--lang", "en"]) == 0
    with Path("out/cases.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {id: (row["due_late"], row["overdue"]) for id, row in rows.items()} == {
        "A1": ("false", "false"), "A2": ("true", "true"), "A3": ("true", "true"), "A4": ("", ""), "A5": ("false", "false"),
        "A6": ("false", "false"), "A7": ("false", "false"), "A8": ("", "false"),
    }  # fmt: skip
    assert {id: row["on_time"] for id, row in rows.items()} == {"A1": "true", "A2": "false"} | dict.fromkeys(
        ("A3", "A4", "A5", "A6", "A7", "A8"), ""
    )
