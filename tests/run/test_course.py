"""What happened to a case on the way moves its deadline, or is told: no pause, extension or stage on record is passed over in silence."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import pytest

from govservice import WorkCalendar, china, clocks, load_rulebook
from govservice.errors import RecordError
from govservice.records import read_records
from govservice.run import Due, Run, run

BOOK = """\
rulebook: course
title: 中止与延长
conventions: {first_day: excluded, roll: forward, pause_needs_notice: yes, percent_alarms: day}
tables:
  stages:
    label: 环节
    of: cases
    dated_by: begun_on
    stage: {type: text, label: 环节名称}
    stage_limit: {type: limit, label: 环节时限}
    begun_on: {type: date, label: 环节开始日}
    finished_on: {type: date, label: 环节完成日}
clocks:
  promised:
    label: 承诺时限
    about: cases
    limit: promised_limit
    starts: accepted_on
    stops: closed_on
    pauses: [hearing, appraisal]
    extension: {limit: 5 工作日, times: 1}
    alarms: [{signal: yellow, at: 90%}, {signal: red, after: 0}]
  answer:
    label: 答复时限
    about: cases
    limit: 3 工作日
    starts: received_on
    stops: accepted_on
  stage_term:
    label: 环节时限
    about: stages
    limit: stage_limit
    starts: begun_on
    stops: finished_on
"""
CASES = "办件编号,收件日,受理日,办结日,承诺工作日数\n"
PAUSES = "办件,中止事由,中止起日,中止止日,已书面告知\n"
EXTENSIONS = "办件,所延时限,申请延长日,准予延长,延长时间\n"
C1 = "C1,2026-03-02,2026-03-02,,10\n"  # 2 March 2026 is a Monday: due on the 16th


def ran(tmp_path: Path, now: date = date(2026, 3, 12), calendar: WorkCalendar | None = None, **files: str) -> Run:
    (tmp_path / "book.yaml").write_text(BOOK, encoding="utf-8")
    records = tmp_path / "records"
    records.mkdir()
    for name, text in files.items():
        ending = "jsonl" if text.startswith("{") else "yaml" if name == "mapping" else "csv"
        (records / f"{name}.{ending}").write_text(text, encoding="utf-8")
    book = load_rulebook(tmp_path / "book.yaml")
    return run(book, read_records(records, book=book), now=now, calendar=calendar)


def due_of(done: Run, id: str = "C1") -> Due:
    found = next(one for one in done.cases if one.id == id).due
    assert found is not None
    return found


def aside(done: Run) -> list[str]:
    return [one.text() for one in done.set_aside]


def test_a_pause_on_record_moves_the_deadline_of_its_own_case_and_of_no_other(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=CASES + C1 + C1.replace("C1", "C2"), pauses=f"{PAUSES}C1,hearing,2026-03-05,2026-03-11,是\n")
    assert (due_of(done).due_on, due_of(done, "C2").due_on) == (date(2026, 3, 23), date(2026, 3, 16))
    assert due_of(done).paused == (("hearing", date(2026, 3, 5), date(2026, 3, 11)),)
    assert (due_of(done).used, due_of(done).left, due_of(done).late) == (3, 7, False)
    rows = {one["table"]: (one["in"], one["out"], one["set_aside"]) for one in done.summary()["rows"]}
    assert rows == {"cases": (2, 2, 0), "pauses": (1, 1, 0)}
    assert done.summary()["due"]["moved"] == {"paused": 1, "extended": 0}


@pytest.mark.parametrize("column", ["中止（天）", "暂停天数", "挂起时长", "停止计时", "特别程序", "延期天数", "是否顺延", "延长工作日"])
def test_a_column_that_may_tell_of_a_pause_or_an_extension_leaves_the_deadline_open_where_it_tells_of_any(
    tmp_path: Path, column: str
) -> None:
    done = ran(tmp_path, cases=f"{CASES.strip()},{column}\n{C1.strip()},3\n{C1.strip().replace('C1', 'C2')},0\n")
    assert due_of(done).due_on is None
    assert set(due_of(done).undecided) <= {"pauses", "extensions"}
    assert due_of(done, "C2").due_on == date(2026, 3, 16)


def test_a_granted_extension_counts_on_from_the_old_due_day(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=CASES + C1, extensions=f"{EXTENSIONS}C1,承诺时限,2026-03-10,是,3个工作日\n")
    assert due_of(done).due_on == date(2026, 3, 19)
    assert [str(one) for one in due_of(done).extended] == ["3个工作日"]


def test_rows_that_move_nothing_say_so_beside_the_deadline(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        cases=CASES + C1,
        pauses=f"{PAUSES}C1,hearing,2026-03-05,2026-03-11,否\nC1,现场踏勘,2026-03-04,2026-03-04,是\n",
        extensions=f"{EXTENSIONS}C1,,2026-03-10,否,\n",
    )
    assert due_of(done).due_on == date(2026, 3, 16)
    assert [one.en for one in due_of(done).notes] == [
        "the pause of 2026-03-04 (survey) does not stop this clock",
        "the pause of 2026-03-05 (hearing) was not told in writing and does not stop the clock",
        "the extension asked on 2026-03-10 moves nothing: it was not granted",
    ]
    assert done.summary()["course"]["unheard"] == {"现场踏勘": 1}  # a kind that no clock of the book knows


def test_a_pause_that_has_not_ended_leaves_the_deadline_open_and_the_summary_says_what_is_waited_for(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=CASES + C1, pauses=f"{PAUSES}C1,appraisal,2026-03-05,,是\n")
    assert (due_of(done).due, due_of(done).undecided) == (None, ("pauses:1.to",))
    assert done.summary()["due"]["undated_by_fact"] == [{"fact": "pauses.to", "label": "中止止日", "setting": False, "count": 1}]


def test_a_mapping_names_the_columns_of_pauses_and_what_their_kinds_are_called(tmp_path: Path) -> None:
    mapping = "pauses:\n  columns:\n    case: no\n    kind: {column: why, values: {听证: hearing}}\n    from: a\n    to: b\n    told: c\n"
    done = ran(
        tmp_path, cases=CASES + C1, pauses="no,why,a,b,c\nC1,听证,20260305,20260311,是\nC1,踏勘,20260304,20260304,是\n", mapping=mapping
    )
    assert aside(done) == [
        "pauses.csv:3: C1: why: '踏勘' is not among the values of the mapping; it has: 听证",
    ]
    assert (due_of(done).due, due_of(done).undecided) == (None, ("pauses",))  # what the set-aside row would move is not known


def test_rows_of_no_known_case_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        cases=f"{CASES}{C1}C2,x,,,\n",
        pauses=f"{PAUSES}C9,hearing,2026-03-05,2026-03-11,是\n,hearing,2026-03-05,,是\nC2,hearing,2026-03-05,,是\nC1,hearing,2026-03-05,2026-03-05,是\n",
    )
    assert {one for one in aside(done) if one.startswith("pauses")} == {
        "pauses.csv:2: C9: case: the records hold no case C9",
        "pauses.csv:3: 办件: it names no case",
        "pauses.csv:4: C2: case: its case is set aside",
    }
    assert (due_of(done).due, due_of(done).undecided) == (None, ("pauses",))  # whose the row of no case is nobody knows
    (rows,) = [one for one in done.summary()["rows"] if one["table"] == "pauses"]
    assert (rows["in"], rows["out"], rows["set_aside"]) == (4, 1, 3)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("C1,hearing,,2026-03-11,是", "pauses.csv:2: C1: from: a pause without its first day; give `from`"),
        ("C1,hearing,2026-03-11,2026-03-05,是", "pauses.csv:2: C1: to: a pause ends on 2026-03-05, before it begins on 2026-03-11"),
        ("C1,hearing,某日,2026-03-05,是", "pauses.csv:2: C1: 中止起日: '某日' is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日"),
    ],
)
def test_a_pause_that_cannot_be_read_takes_the_due_day_of_its_case_away(tmp_path: Path, row: str, said: str) -> None:
    done = ran(tmp_path, cases=CASES + C1 + C1.replace("C1", "C2"), pauses=f"{PAUSES}{row}\n")
    assert aside(done) == [said]
    assert (due_of(done).due, due_of(done).late, due_of(done).undecided) == (None, None, ("pauses",))
    assert [one.en for one in due_of(done).notes] == ["rows of pauses are set aside"]
    assert due_of(done, "C2").due_on == date(2026, 3, 16)
    answer = next(one for one in done.cases[0].dues if one.clock == "answer")
    assert answer.due_on == date(2026, 3, 5)  # no pause stops this one


def test_an_extension_of_a_clock_that_the_book_does_not_have_is_set_aside(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=CASES + C1, extensions=f"{EXTENSIONS}C1,承诺期限,2026-03-10,是,3个工作日\n")
    assert aside(done) == ["extensions.csv:2: C1: clock: the rulebook has no clock '承诺期限'; did you mean 承诺时限?"]
    assert (due_of(done).due, due_of(done).undecided) == (None, ("extensions",))


def test_an_extension_exported_twice_counts_once(tmp_path: Path) -> None:
    row = "C1,承诺时限,2026-03-10,是,3个工作日\n"
    done = ran(tmp_path, cases=CASES + C1, extensions=f"{EXTENSIONS}{row}{row}")
    assert aside(done) == ["extensions.csv:3: C1: the same row stands in line 2 already"]
    assert due_of(done).due_on == date(2026, 3, 19)


def test_stages_have_clocks_of_their_own_where_the_book_declares_them(tmp_path: Path) -> None:
    done = ran(
        tmp_path,
        cases=CASES + C1,
        stages="办件编号,环节名称,环节时限,环节开始日,环节完成日\nC1,受理,1个工作日,2026-03-02,2026-03-03\nC1,审查,2个工作日,2026-03-04,2026-03-09\n",
    )
    stages = [(one.row, one.due_on, one.late) for one in done.cases[0].dues if one.clock == "stage_term"]
    assert stages == [(1, date(2026, 3, 3), False), (2, date(2026, 3, 6), True)]
    assert due_of(done).clock == "promised"


def test_pauses_within_the_row_of_a_case_count_as_those_of_a_file(tmp_path: Path) -> None:
    row = {"case": "C1", "received_on": "2026-03-02", "accepted_on": "2026-03-02", "promised_days": 10}
    pause = {"kind": "hearing", "from": "2026-03-05", "to": "2026-03-11", "told": True}
    lines = [row | {"pauses": [pause]}, row | {"case": "C2", "pauses": [pause | {"to": "?"}]}, row | {"case": "C3", "pauses": []}]
    done = ran(tmp_path, cases="\n".join(json.dumps(one, ensure_ascii=False) for one in lines))
    assert (due_of(done).due_on, due_of(done, "C3").due_on) == (date(2026, 3, 23), date(2026, 3, 16))
    assert aside(done)[0].startswith("cases.jsonl:2: C2: pauses: row 1, to: '?' is not a date")


def test_a_pause_with_its_time_stops_a_clock_of_hours_at_that_time_and_midnight_is_a_day(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text(
        "rulebook: hours\nconventions: {pause_needs_notice: no}\nclocks:\n"
        "  promised: {about: cases, limit: 24 小时, starts: received_at, stops: closed_at, pauses: [hearing]}\n",
        encoding="utf-8",
    )
    (tmp_path / "cases.csv").write_text("办件编号,收件时刻\nC1,2026-03-02 09:00\nC2,2026-03-02 09:00\n", encoding="utf-8")
    (tmp_path / "pauses.csv").write_text(
        "办件,中止事由,中止起日,中止止日\nC1,hearing,2026-03-02 14:00,2026-03-02 16:30\nC2,hearing,2026-03-02 14:00,2026-03-03 00:00:00\n",
        encoding="utf-8",
    )
    book = load_rulebook(tmp_path / "book.yaml")
    done = run(book, read_records(tmp_path, book=book))
    first, second = (due_of(done, id).due for id in ("C1", "C2"))
    assert isinstance(first, datetime)
    assert isinstance(second, datetime)
    assert (first.isoformat(), second.isoformat()) == ("2026-03-03T11:30:00+08:00", "2026-03-04T19:00:00+08:00")


def test_the_tables_of_results_have_a_row_a_case_and_a_row_a_clock(tmp_path: Path) -> None:
    done = ran(
        tmp_path, cases=f"{CASES}{C1}C2,2026-02-09,2026-02-09,2026-03-03,5\n", pauses=f"{PAUSES}C1,hearing,2026-03-05,2026-03-06,是\n"
    )
    done.write(tmp_path / "out")
    cases, clocks_written = (table(tmp_path / "out" / name) for name in ("cases.csv", "clocks.csv"))
    assert [(one["id"], one["due_on"], one["used"], one["left"], one["overdue_by"]) for one in cases] == [
        ("C1", "2026-03-18", "6", "4", "0"),
        ("C2", "2026-02-14", "5", "0", "7"),
    ]
    assert [one["signals"] for one in cases] == ["", "yellow 2026-02-14; red 2026-02-15"]
    assert [(one["case"], one["clock"], one["due"], one["paused"], one["stopped"]) for one in clocks_written] == [
        ("C1", "promised", "2026-03-18", "hearing 2026-03-05/2026-03-06", ""),
        ("C1", "answer", "2026-03-05", "", "2026-03-02"),
        ("C2", "promised", "2026-02-14", "", "2026-03-03"),
        ("C2", "answer", "2026-02-12", "", "2026-02-09"),
    ]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_provisional_deadline_gives_the_days_it_can_fall_on(tmp_path: Path) -> None:
    known = china(known_on=date(2026, 6, 1))
    done = ran(tmp_path, cases=f"{CASES}C1,2026-12-21,2026-12-21,,33\n", now=date(2026, 12, 25), calendar=known)
    due = due_of(done)
    assert due.official is False
    assert due.earliest is not None
    assert due.latest is not None
    assert due.due_on is not None
    assert due.earliest <= due.due_on <= due.latest
    assert due.earliest < due.latest


def test_a_clock_that_begins_after_the_day_of_the_run_is_counted_as_not_begun(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=f"{CASES}{C1}C2,2026-03-11,2026-03-16,,5\nC3,2026-03-11,,,5\n")
    found = done.summary()["due"]
    assert (found["running"], found["dated"], found["undated"]) == (3, 1, 2)
    assert found["not_started"] == {"count": 1, "first": "2026-03-16"}
    assert [(one["fact"], one["count"]) for one in found["undated_by_fact"]] == [("accepted_on", 1)]
    done.write(tmp_path / "out")
    page = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert "1 have a clock that begins only after 2026-03-12, the first on 2026-03-16." in page


def test_files_that_no_table_is_named_after_are_told(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=CASES + C1, pause=f"{PAUSES}C1,hearing,2026-03-05,2026-03-11,是\n")
    assert (done.not_read, done.summary()["not_read"]) == (("pause.csv",), ["pause.csv"])


def test_a_run_says_what_clocks_says_of_each_case(tmp_path: Path) -> None:
    days = [f"C{n},2026-0{1 + n % 3}-{1 + n % 27:02},2026-0{1 + n % 3}-{2 + n % 26:02},,{1 + n % 20}\n" for n in range(60)]
    pauses = [f"C{n},{('hearing', 'x')[n % 2]},2026-03-{1 + n % 20:02},2026-03-{1 + n % 20 + n % 8:02},是\n" for n in range(0, 60, 3)]
    done = ran(tmp_path, cases=CASES + "".join(days), pauses=PAUSES + "".join(pauses))
    book = load_rulebook(tmp_path / "book.yaml")
    rows = {row.split(",")[0]: dict(zip(PAUSES.strip().split(","), row.strip().split(","), strict=True)) for row in pauses}
    for case, row in zip(done.cases, days, strict=True):
        facts = dict(zip(CASES.strip().split(","), row.strip().split(","), strict=True))
        facts["承诺时限"] = f"{facts['承诺工作日数']}个工作日"
        records = {"pauses": [rows[case.id]]} if case.id in rows else {}
        expected = [one for one in clocks(facts, book, now=date(2026, 3, 12), records=records) if one.started is not None]
        assert [said(one) for one in case.dues] == [(one.clock, one.due, one.used, one.overdue, one.notes) for one in expected]


def said(due: Due) -> tuple[object, ...]:
    return (due.clock, due.due, due.used, due.late, due.notes)


def test_a_mapping_of_a_table_that_the_book_does_not_have_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="unknown key 'stage'; did you mean"):
        ran(tmp_path, cases=CASES + C1, mapping="stage: {columns: {stage: a}}\n")


def test_a_case_is_due_by_its_promise_where_anything_is_promised(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=f"{CASES}{C1}C2,2026-03-10,,,\nC3,2026-03-10,,,5\n")
    assert [(case.id, case.due.clock, case.due.due_on) for case in done.cases if case.due] == [
        ("C1", "promised", date(2026, 3, 16)),
        ("C2", "promised", None),
        ("C3", "promised", None),
    ]
    assert [(one["clock"], one["count"]) for one in done.summary()["due"]["by_clock"]] == [("promised", 1)]


def test_where_nothing_is_promised_a_case_is_due_by_the_earliest_clock_that_runs_and_the_summary_says_which(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=f"{CASES}C2,2026-03-10,,,\n")
    assert [(case.id, case.due.clock, case.due.due_on) for case in done.cases if case.due] == [("C2", "answer", date(2026, 3, 13))]
    done.write(tmp_path / "out", lang="en")
    assert "They are due by these clocks: 答复时限 1." in (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")


def test_what_is_decided_about_a_case_stands_in_the_results(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=f"{CASES}{C1}C2,2026-02-02,2026-02-02,,5\n")
    found = dict(zip(done.case_outcome_names, zip(*(case.outcomes for case in done.cases), strict=True), strict=True))
    assert (found["overdue"], found["closed"], found["overdue_workdays"]) == ((False, True), (False, False), (0, 19))
    done.write(tmp_path / "out", lang="en")
    rows = table(tmp_path / "out" / "cases.csv")
    assert [(row["overdue"], row["due_on"], row["decided_due_on"]) for row in rows] == [
        ("false", "2026-03-16", "2026-03-16"),
        ("true", "2026-02-09", "2026-02-09"),
    ]


def test_stages_within_a_case_are_read_though_its_item_has_stages_too(tmp_path: Path) -> None:
    stage = {"环节名称": "审查", "环节时限": "2个工作日", "环节开始日": "2026-03-09"}
    case = {"办件编号": "C1", "收件日": "2026-03-02", "受理日": "2026-03-02", "承诺工作日数": 10, "stages": [stage]}
    done = ran(tmp_path, cases=json.dumps(case, ensure_ascii=False) + "\n")
    assert [(due.clock, due.due_on) for due in done.cases[0].dues if due.row] == [("stage_term", date(2026, 3, 11))]
    facts = {name: value for name, value in case.items() if name != "stages"} | {"stages": [stage]}
    found = clocks(facts, load_rulebook(tmp_path / "book.yaml"), now=date(2026, 3, 12))
    assert [(one.due_on, one.overdue) for one in found if one.clock == "stage_term"] == [(date(2026, 3, 11), True)]


def test_a_moment_may_count_as_today(tmp_path: Path) -> None:
    done = ran(tmp_path, cases=CASES + C1, now=datetime(2026, 3, 17, 9))
    assert (due_of(done).late, done.summary()["due"]["overdue"]["count"], done.summary()["due"]["ahead"]) == (True, 1, 0)
    assert done.ran.now is not None
    assert done.summary()["asked"]["now"].startswith("2026-03-17T09:00")
