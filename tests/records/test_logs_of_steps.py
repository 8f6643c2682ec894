"""A log of steps is read as cases: the first and last of activities, pauses from pairs, and nothing dropped unsaid."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from govservice import WorkCalendar, load_rulebook
from govservice.clockwork.course import meant_table
from govservice.records import Row, SetAside, read_records
from govservice.records.faults import MappingError
from govservice.run import run

from ..beside import DATA

STEPS = """\
cases:
  file: log.csv
  steps:
    case: 流水号
    activity: 环节
    time: 时间
    facts:
      收件日: {first: 收件}
      accepted_at: {first: [受理, 重新受理]}
      closed_at: {last: 办结}
    pauses:
      - {kind: hearing, from: 中止, to: 恢复}
    ignore: [打印]
  columns: {item: 事项, 窗口: 窗口号}
"""
LOG = """\
流水号,环节,时间,事项,窗口号,人员
C1,收件,2026-03-02 09:00,I1,W1,甲
C1,受理,2026-03-02 10:00,I1,W1,乙
C1,打印,2026-03-02 10:05,I1,W1,乙
C2,收件,2026-03-03 09:00,I2,W1,甲
C1,中止,2026-03-04 09:00,I1,W1,乙
C1,恢复,2026-03-09 09:00,I1,W1,乙
C1,会审,2026-03-09 10:00,I1,W1,乙
C1,办结,2026-03-10 15:00,I1,W1,乙
C1,办结,2026-03-10 16:00,I1,,乙
"""


def folder(tmp_path: Path, log: str = LOG, mapping: str = STEPS) -> Path:
    (tmp_path / "log.csv").write_text(log, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return tmp_path


def test_the_first_and_the_last_of_an_activity_are_facts_of_the_case(tmp_path: Path) -> None:
    first, second = read_records(folder(tmp_path)).rows("cases")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.facts == {
        "case": "C1",
        "item": "I1",
        "window": "W1",
        "received_on": date(2026, 3, 2),
        "accepted_at": datetime(2026, 3, 2, 10),
        "closed_at": datetime(2026, 3, 10, 16),
        "accepted_on": date(2026, 3, 2),
        "closed_on": date(2026, 3, 10),
    }
    assert first.course["pauses"] == ({"kind": "hearing", "from": datetime(2026, 3, 4, 9), "to": datetime(2026, 3, 9, 9)},)
    assert dict(first.unread) == {"人员": "甲", "环节: 会审": 1}
    assert (second.line, second.facts) == (5, {"case": "C2", "item": "I2", "window": "W1", "received_on": date(2026, 3, 3)})


def test_what_was_not_used_is_said(tmp_path: Path) -> None:
    log = LOG + "C2,受理,2026-03-02 08:00,I2,W1,甲\nC2,受理,2026-03-02 08:00,I2,W1,甲\nC2,告知,2026-03-02 08:00,I2,W1,甲\n"
    records = read_records(folder(tmp_path, log))
    assert [note.en for note in records.notes] == [
        "a log of 12 rows: 2 cases",
        "activities that nothing is made of: 会审 1, 告知 1",
        "rows that stand there twice, counted once: 1",
        "rows out of the order of time, put in order: 1",
        "cases with two steps at one time: 1",
    ]
    unread = run("standard", records).summary()["unread"]
    assert unread == {"cases": {"人员": 2, "环节: 会审": 1, "环节: 告知": 1}}


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    head, *rows = LOG.splitlines()
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    straight = {row.id: row for row in read_records(folder(tmp_path / "a")).rows("cases")}
    turned = {row.id: row for row in read_records(folder(tmp_path / "b", "\n".join([head, *reversed(rows)]) + "\n")).rows("cases")}
    for id, row in straight.items():
        other = turned[id]
        assert isinstance(row, Row)
        assert isinstance(other, Row)
        assert (row.facts, row.course) == (other.facts, other.course)


def test_a_pause_without_its_end_or_its_begin_stays_open(tmp_path: Path) -> None:
    def pauses(steps: str) -> list[tuple[Any, Any]]:
        log = (
            LOG.splitlines()[0]
            + "\n"
            + "".join(f"C1,{step},2026-03-{day},I1,W1,\n" for step, _, day in (s.partition(" ") for s in steps.split("; ")))
        )
        (row,) = read_records(folder(tmp_path, log)).rows("cases")
        assert isinstance(row, Row)
        return [(pause.get("from"), pause.get("to")) for pause in row.course.get("pauses", ())]

    third, fourth, fifth = (date(2026, 3, day) for day in (3, 4, 5))
    assert pauses("中止 03; 恢复 04") == [(third, fourth)]
    assert pauses("中止 03; 收件 04") == [(third, None)]
    assert pauses("恢复 03; 收件 04") == [(None, third)]
    assert pauses("中止 03; 中止 04; 恢复 05") == [(third, None), (fourth, fifth)]
    assert pauses("恢复 04; 中止 04; 中止 03; 恢复 05") == [(third, fourth), (fourth, fifth)]  # at one time: what ends comes first
    assert pauses("恢复 04; 中止 04") == [(fourth, fourth)]


def test_an_activity_called_like_a_pause_leaves_the_clocks_open(tmp_path: Path) -> None:
    mapping = "cases: {file: log.csv, steps: {case: c, activity: a, time: t, facts: {收件日: {first: 收件}, 受理日: {first: 收件}}}}\n"
    steps = ("C1,收件,2026-03-02", "C2,收件,2026-03-02", "C2,中止,2026-03-03")
    log = "c,a,t,承诺时限\n" + "".join(f"{step},5个工作日\n" for step in steps)
    done = run("licensing-law", read_records(folder(tmp_path, log, mapping), book="licensing-law"))
    one, other = done.cases
    assert one.due.due_on == date(2026, 3, 9)
    assert other.due.due_on is None
    assert other.due.undecided == ("pauses",)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("C1,收件,十月,I1,W1,", "时间: '十月' is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日"),
        ("C1,收件,,I1,W1,", "时间: '收件' without its time"),
        ("C1,,2026-03-02,I1,W1,", "no 环节 is given"),
        (",收件,2026-03-02,I1,W1,", "it names no case"),
        ("C1,受理,2026-03-02,I1,W1,", "line 3: '受理' has no time of the day"),
        ("C1,打印,2026-03-02,I2,W1,", "事项: the rows of the case say 'I1' and 'I2'"),
        ("C1,收件", "2 cells, and 6 columns"),
    ],
)
def test_a_row_that_cannot_be_used_costs_its_case_and_no_other(tmp_path: Path, line: str, why: str) -> None:
    log = f"{LOG.splitlines()[0]}\nC1,收件,2026-03-02 09:00,I1,W1,\n{line}\nC2,收件,2026-03-02,I1,W1,\n"
    rows = list(read_records(folder(tmp_path, log)).rows("cases"))
    (aside,) = [row for row in rows if isinstance(row, SetAside)]
    assert aside.reason.en == why
    assert rows[-1].id == "C2"


def test_faults_of_steps_are_told_at_once(tmp_path: Path) -> None:
    mapping = """\
cases:
  file: log.csv
  steps:
    case: 流水号
    activity: 环
    time: {column: 时间, format: hh:mm}
    facts:
      收件: {first: 收件}
      closed_on: {once: 办结}
      accepted_on: {first: 受理, last: 受理}
    pauses:
      - {kind: hearing, from: 中止}
    ignore: [受理, 收件]
  columns: {case: 流水号}
items:
  steps: {case: a, activity: b, time: c}
"""
    with pytest.raises(MappingError) as caught:
        read_records(folder(tmp_path, LOG, mapping))
    assert [line.partition("; ")[0] for line in str(caught.value).splitlines()] == [
        "mapping.yaml:6: cases.steps.time.format: hh:mm is not the format of a day and a time",
        "mapping.yaml:8: cases.steps.facts.收件: 收件 is no day or moment of cases",
        "mapping.yaml:9: cases.steps.facts.closed_on: either the first or the last of an activity",
        "mapping.yaml:9: cases.steps.facts.closed_on.once: unknown key 'once'",
        "mapping.yaml:10: cases.steps.facts.accepted_on: either the first or the last of an activity",
        "mapping.yaml:12: cases.steps.pauses.1: a pause has no to",
        "mapping.yaml:14: cases.columns.case: the id of a case is the column case of its steps",
        "mapping.yaml:16: items.steps: steps are of cases alone",
    ]
    with pytest.raises(MappingError, match=r"log\.csv has no column '环'"):
        read_records(folder(tmp_path, LOG, "cases: {file: log.csv, steps: {case: 流水号, activity: 环, time: 时间}}\n"))


WABO = """\
cases:
  file: wabo_receipt_events.csv.gz
  steps:
    case: case_id
    activity: activity
    time: timestamp
    facts:
      received_at: {first: Confirmation of receipt}
      received_on: {first: Confirmation of receipt}
      accepted_on: {first: T05 Print and send confirmation of receipt}
      decided_on: {last: T10 Determine necessity to stop indication}
  columns: {due_on: case_deadline, closed_on: case_enddate, department: case_department}
"""


@pytest.mark.shared("data/wabo_receipt_events.csv.gz", "data/wabo_receipt.facts.json")
def test_a_citys_log_comes_to_the_figures_that_others_found(tmp_path: Path) -> None:
    facts = json.loads((DATA / "wabo_receipt.facts.json").read_text(encoding="utf-8"))
    (tmp_path / "wabo.yaml").write_text(WABO, encoding="utf-8")
    calendar = WorkCalendar.of("NL", tz="Europe/Amsterdam")
    records = read_records(DATA, mapping=tmp_path / "wabo.yaml", zone=calendar.tz)
    rows = [row for row in records.rows("cases") if isinstance(row, Row)]
    assert len(rows) == facts["cases"]
    assert records.notes[0].en == "a log of 8,577 rows: 1,434 cases"
    assert sum("closed_on" in row.facts for row in rows) == facts["cases_with_enddate"]
    closed = [row.facts for row in rows if "closed_on" in row.facts]
    assert sum(row["closed_on"] <= row["due_on"] for row in closed) == facts["closed_date_le_deadline_date"]  # type: ignore[operator]
    decided = [row.facts for row in rows if "decided_on" in row.facts]
    assert len(decided) == facts["receipt_to_T10"]["cases"]
    assert len([row for row in rows if "accepted_on" in row.facts]) == facts["receipt_to_T05"]["cases"]
    assert sum(row["decided_on"] < row["received_on"] for row in decided) == facts["receipt_to_T10"]["negative"]  # type: ignore[operator]
    done = run(load_rulebook("standard"), records, calendar=calendar)
    assert len(done.cases) + len(done.set_aside) == facts["cases"]


PAUSED = """\
cases:
  file: log.csv
  steps:
    case: 流水号
    activity: 环节
    time: 时间
    facts: {received_on: {first: 收件}, accepted_on: {first: 受理}}
    pauses: [{kind: hearing, from: 中止, to: 恢复}]
  columns: {promised_limit: 承诺}
"""


def due_days(folder: Path) -> dict[str, date | None]:
    done = run("licensing-law", read_records(folder, book="licensing-law"))
    return {case.id: case.due.due_on for case in done.cases}


@pytest.mark.parametrize(
    ("broken", "left"),
    [
        ("C1,中止,2026-03-03 09:00,5个工作日,多一格", ["C2"]),  # it names its case: that one is set aside
        ("C1,中止,2026-03-03", ["C2"]),
        ('"C1,中止,2026-03-03 09:00,5个工作日', ["C2"]),  # a line that cannot be taken apart, with the number in it
        ("C1,中止,2026-03-03 09:00\0,5个工作日", ["C2"]),
    ],
)
def test_a_broken_row_costs_the_case_that_it_names(tmp_path: Path, broken: str, left: list[str]) -> None:
    steps = (
        "C1,收件,2026-03-02,5个工作日",
        "C1,受理,2026-03-02,5个工作日",
        broken,
        "C2,收件,2026-03-02,5个工作日",
        "C2,受理,2026-03-02,5个工作日",
    )
    log = "流水号,环节,时间,承诺\n" + "".join(f"{step}\n" for step in steps)
    assert due_days(folder(tmp_path, log, PAUSED)) == dict.fromkeys(left, date(2026, 3, 9))
    rows = list(read_records(tmp_path, book="licensing-law").rows("cases"))
    assert [row.line for row in rows if isinstance(row, SetAside)] == [4]


@pytest.mark.parametrize(
    ("lost", "due"),
    [
        (",中止,2026-03-03 09:00,5个工作日", None),  # a pause of nobody may be anybody's
        ('"?,中止,2026-03-03 09:00,5个工作日', None),
        ("3.20583E+17,中止,2026-03-03 09:00,5个工作日", None),
        (",中止办理,2026-03-03 09:00,5个工作日", None),
        (",打印,2026-03-03 09:00,5个工作日", date(2026, 3, 9)),  # no pause, whoever's it is
        ('"?,打印,2026-03-03 09:00,5个工作日', date(2026, 3, 9)),
    ],
)
def test_a_pause_that_names_nobody_leaves_every_clock_open(tmp_path: Path, lost: str, due: date | None) -> None:
    log = f"流水号,环节,时间,承诺\nC1,收件,2026-03-02,5个工作日\nC1,受理,2026-03-02,5个工作日\n{lost}\nC2,受理,2026-03-02,5个工作日\n"
    assert due_days(folder(tmp_path, log, PAUSED)) == {"C1": due, "C2": due}


@pytest.mark.parametrize("activity", ["中止（听证）", "暂停计时", "挂起", "停止计时", "特别程序"])
def test_activities_that_speak_of_a_pause_in_other_words_leave_the_clocks_open(tmp_path: Path, activity: str) -> None:
    log = f"流水号,环节,时间,承诺\nC1,受理,2026-03-02,5个工作日\nC1,{activity},2026-03-03 09:00,5个工作日\nC2,受理,2026-03-02,5个工作日\n"
    assert due_days(folder(tmp_path, log, PAUSED)) == {"C1": None, "C2": date(2026, 3, 9)}


@pytest.mark.parametrize("activity", ["延期审批", "申请延长", "顺延"])
def test_activities_that_speak_of_an_extension_are_columns_that_may_be_meant_for_one(tmp_path: Path, activity: str) -> None:
    log = f"流水号,环节,时间,承诺\nC1,受理,2026-03-02,5个工作日\nC1,{activity},2026-03-03,5个工作日\n"
    (row,) = read_records(folder(tmp_path, log, PAUSED), book="licensing-law").rows("cases")
    assert isinstance(row, Row)
    assert dict(row.unread) == {activity: "2026-03-03"}
    assert meant_table(activity, load_rulebook("licensing-law").contents) == ("extensions", False)


def test_blanks_around_a_cell_are_no_difference_between_the_rows_of_a_case(tmp_path: Path) -> None:
    rows = list(read_records(folder(tmp_path, LOG.replace("办结,2026-03-10 15:00,I1,", "办结,2026-03-10 15:00,I1 ,"))).rows("cases"))
    assert [row.line for row in rows if isinstance(row, Row)] == [2, 5]
