"""What an open answer waits for is said in the language asked for, also where no fact would give it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from govservice import clocks, load_rulebook, measure, score
from govservice.records import read_records
from govservice.run import run

BOOK = """
rulebook: wanted
conventions: {first_day: excluded, roll: forward, part_floor: 0, part_overflow: capped}
measures: {share: 'percent(cases, closed)'}
tables: {cases: {asked_on: date}}
decisions:
  quick: {about: cases, hit: first, rules: [{when: departments / (departments - departments) > 1, then: true}, {then: false}]}
  far: {about: cases, hit: first, rules: [{when: 'is_workday(add_days(received_on, 400000))', then: true}, {then: false}]}
schemes:
  month: {scores: staff, period: month, max: none, parts: {p: {full: 10, items: [{id: share, points: share / 10}]}}}
clocks:
  promised:
    about: cases
    limit: 5 工作日
    starts: received_on if departments / (departments - departments) > 1 else asked_on
    stops: closed_on
"""
ENGLISH = re.compile(r"[a-z]+ [a-z]+ [a-z]+")


def test_an_answer_that_no_fact_would_give_says_why_in_chinese(tmp_path: Path) -> None:
    (tmp_path / "wanted.yaml").write_text(BOOK, encoding="utf-8")
    book = load_rulebook(tmp_path / "wanted.yaml")
    case = {"case": "C1", "departments": 2, "received_on": "2026-03-02", "asked_on": "2026-03-04"}
    records = {"staff": [{"staff": "A"}], "cases": []}
    reading = next(each for each in clocks(case, book, now=date(2026, 3, 10)) if each.clock == "promised")
    said = {
        "decide": book.decide("quick", case).explain("zh").replace("departments / (departments - departments) > 1", ""),
        "far": book.decide("far", case).explain("zh").replace("is_workday(add_days(received_on, 400000))", ""),
        "measure": measure(book, "share", records, subject="A", period="2026-03").explain("zh"),
        "score": score(book, "month", records, subject="A", period="2026-03").explain("zh"),
        "clock": reading.explain("zh"),
    }
    assert {name: text for name, text in said.items() if ENGLISH.search(text)} == {}
    assert {name for name, text in said.items() if "没有可以相除的数" in text} == set(said) - {"far"}
    assert "日历以内的日子" in said["far"]
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "cases.csv").write_text("办件编号,审批部门数,收件日,asked_on\nC1,2,2026-03-02,2026-03-04\n", encoding="utf-8")
    done = run(book, read_records(tmp_path / "r", book=book), now=date(2026, 3, 10))
    wanted = [fact for fact in done.summary("zh")["due"]["undated_by_fact"] if " " in fact["fact"]]
    assert [fact["label"] for fact in wanted] == ["没有可以相除的数"]
    assert [fact["label"] for fact in done.summary("en")["due"]["undated_by_fact"] if " " in fact["fact"]] == [None]
