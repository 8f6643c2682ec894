"""A draft of a mapping: it loads as it is, a run with it works, and what it could not place it says."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from govservice import WorkCalendar
from govservice.cli import main
from govservice.errors import RecordError
from govservice.limits import TimeLimit
from govservice.records import Draft, Row, draft_mapping, read_records
from govservice.run import Run, run

from ..beside import DATA


def drafted(folder: Path, **files: str) -> str:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    draft = draft_mapping(folder)
    (folder / "mapping.yaml").write_text(draft.text, encoding="utf-8")
    read_records(folder)  # it loads as it is
    return draft.text


def body(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def test_a_clerks_exports_become_tables_with_their_formats(tmp_path: Path) -> None:
    text = drafted(
        tmp_path,
        事项="事项编码,事项名称,办件类型,承诺时限（工作日）,法定时限,法定时限单位\nA1,甲,1,5,20,G\nA2,乙,2,7,30,Z\n",
        办件="办件流水号\t事项编码\t收件时间\t办结时间\nC1\tA1\t20260213093000\t2026/2/14 9:08:42 AM\nC2\tA2\t20260213100000\t\n",
    )
    assert body(text) == [
        "items:",
        "file: 事项.csv",
        "columns:",
        "item: 事项编码",
        "item_name: 事项名称",
        "case_type: 办件类型",
        "promised_limit: {column: 承诺时限（工作日）, unit: workday}",
        "statutory_limit: {column: 法定时限, unit_column: 法定时限单位}",
        "# 办件类型: values in the sample: '1' 1, '2' 1",
        "cases:",
        "file: 办件.csv",
        "delimiter: tab",
        "columns:",
        "case: 办件流水号",
        "item: 事项编码",
        "received_at: {column: 收件时间, format: YYYYMMDDhhmmss}",
        "received_on: {column: 收件时间, format: YYYYMMDDhhmmss}",
        "closed_at: {column: 办结时间, format: 'YYYY/M/D h:mm:ss AM'}",
        "closed_on: {column: 办结时间, format: 'YYYY/M/D h:mm:ss AM'}",
    ]
    records = read_records(tmp_path)
    (item, _), (case, _) = records.rows("items"), records.rows("cases")
    assert isinstance(item, Row)
    assert isinstance(case, Row)
    assert (item.facts["promised_limit"], item.facts["statutory_limit"]) == (TimeLimit(5, "workday"), TimeLimit(20, "workday"))
    assert case.facts["received_at"] == datetime(2026, 2, 13, 9, 30)
    assert case.facts["closed_on"] == date(2026, 2, 14)
    assert run("standard", records).set_aside == ()


def test_what_is_ambiguous_is_not_placed_and_the_reason_is_said(tmp_path: Path) -> None:
    text = drafted(tmp_path, cases="case,办结日期,完工日期,rating,承诺时限\nC1,03/02/2026,x,好,5\nC2,04/05/2026,y,差,7\n")
    assert "columns:" in text
    assert [line for line in body(text) if line.startswith("#")] == [
        "# 完工日期: no fact is called so",
        "# 办结日期: may be closed_on: ambiguous, M/D/YYYY / D/M/YYYY: say which under format:",
        "# rating: may be rating: 2 of 2 cells cannot be read: '好' is not one of the values; one of very_satisfied, satisfied, "
        "basically_satisfied, dissatisfied, very_dissatisfied (or 非常满意、满意、基本满意、不满意、非常不满意); "
        "say values: what each means: '好' 1, '差' 1",
        "# 承诺时限: may be promised_limit: bare numbers: say unit: workday or natural_day",
    ]


def test_one_cell_can_settle_which_day_is_meant(tmp_path: Path) -> None:
    text = drafted(tmp_path, cases="case,办结日期\nC1,03/02/2026\nC2,14/05/2026\n")
    assert "closed_on: {column: 办结日期, format: D/M/YYYY}" in text


def test_two_columns_that_may_be_one_fact_are_both_left(tmp_path: Path) -> None:
    text = drafted(tmp_path, cases="case,受理人,经办人员\nC1,甲,乙\n")
    assert "# 受理人: may be staff, and so may 经办人员" in text
    assert "# 经办人员: may be staff, and so may 受理人" in text
    assert "staff:" not in text


@pytest.mark.parametrize("day", ["2026年3月5日", "2026/3/5", "20260305"])
def test_of_a_moment_and_its_day_in_two_columns_each_is_told_by_its_cells(tmp_path: Path, day: str) -> None:
    text = drafted(tmp_path, cases=f"case,受理日期,受理时间\nC1,{day},2026/3/5 16:45\n")
    assert "accepted_at: 受理时间" in text
    assert "受理日期" in text.partition("accepted_on: ")[2].splitlines()[0]
    both = drafted(tmp_path, cases="case,受理日期,受理时间\nC1,2026/3/5 9:00,2026/3/5 16:45\n")
    assert "# 受理日期: may be accepted_at, and so may 受理时间" in both
    assert "accepted_at:" not in both


def test_hearings_are_drafted_as_pauses_though_their_headings_are_everyday_words(tmp_path: Path) -> None:
    hearings = "办件号,原因,开始,结束,书面告知\nC1,听证,2026-01-24,2026-01-30,是\nC1,听证,2026-03-24,2026-03-30,是\n"
    text = drafted(tmp_path, cases="case,受理日\nC1,2026-02-13\n", hearings=hearings)
    assert text.partition("pauses:\n")[2].splitlines()[:7] == [
        "  file: hearings.csv",
        "  columns:",
        "    case: 办件号",
        "    kind: 原因",
        "    from: 开始",
        "    to: 结束",
        "    told: 书面告知",
    ]


def test_files_that_scores_read_by_their_names_are_told_as_such(tmp_path: Path) -> None:
    text = drafted(
        tmp_path, cases="case,受理日\nC1,2026-02-13\n", window="窗口编号,楼层号\nW1,2\n", events="事件种类,窗口,发生日\na,W1,2026-03-05\n"
    )
    read = "which `score`, `grade` and `assess` read without a mapping"
    assert [line for line in text.splitlines() if line.startswith("#")][1:] == [
        f"# events.csv: by its name the table events, {read}",
        f"# window.csv: by its name the table window, {read}; no fact of it is called 楼层号",
    ]


def test_two_files_of_one_table_and_files_of_none_are_said(tmp_path: Path) -> None:
    text = drafted(tmp_path, cases="case,受理日\nC1,2026-02-13\n", more="case,受理日\nC1,2026-02-13\n", notes="a,b\n1,2\n", empty="")
    assert [line for line in text.splitlines() if line.startswith("#")][1:] == [
        "# empty.csv: the file is empty",
        "# more.csv: cases are cases.csv already, and a table is one file",
        "# notes.csv: no table has these columns: a, b",
    ]


def test_a_file_that_would_be_read_by_its_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "pauses.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    (tmp_path / "cases.csv").write_text("case,受理日\nC1,2026-02-13\n", encoding="utf-8")
    left = [words.en for words in draft_mapping(tmp_path).left]
    assert left == [
        "pauses.csv: no table has these columns: 甲, 乙",
        "pauses.csv: it is named like pauses, and would be read as such: name it otherwise",
    ]


def test_a_log_becomes_steps(tmp_path: Path) -> None:
    log = "流水号,环节,操作时间,事项编码,处理人\n" + "".join(
        f"C{case},{step},2026-03-0{day} 09:00,A1,P{day}\n"
        for case in (1, 2)
        for day, step in ((1, "登记"), (2, "受理"), (3, "会审"), (4, "办结"))
    )
    text = drafted(tmp_path, log=log)
    assert body(text)[:12] == [
        "cases:",
        "file: log.csv",
        "steps:",
        "case: 流水号",
        "activity: 环节",
        "time: 操作时间",
        "facts:",
        "received_at: {first: 登记}",
        "accepted_at: {first: 受理}",
        "closed_at: {last: 办结}",
        "received_on: {first: 登记}",
        "accepted_on: {first: 受理}",
    ]
    assert "# 环节: 会审: 2 rows of the sample; not used" in text
    first, _ = read_records(tmp_path).rows("cases")
    assert isinstance(first, Row)
    assert first.facts["closed_at"] == datetime(2026, 3, 4, 9)


def test_sheets_and_headers_are_found(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(str(tmp_path / "导出.xlsx")) as book:
        for name, rows in {"说明": [["看这里"]], "办件": [["二月办件"], [], ["办件编号", "受理日期"], ["C1", "2026-02-13"]]}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    text = drafted(tmp_path)
    assert body(text) == ["cases:", "file: 导出.xlsx", "sheet: 办件", "header: 3", "columns:", "case: 办件编号", "accepted_on: 受理日期"]
    (row,) = read_records(tmp_path).rows("cases")
    assert isinstance(row, Row)
    assert row.facts["accepted_on"] == date(2026, 2, 13)


def test_the_command_prints_the_draft_or_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "导出.csv").write_text("办件编号,受理日期,谜\nC1,2026-02-13,x\n", encoding="utf-8")
    assert main(["map", str(tmp_path), "--lang", "zh"]) == 0
    out, err = capsys.readouterr()
    assert "    accepted_on: 受理日期\n    # 谜: 没有这样叫的事实\n" in out
    assert err.splitlines() == ["办件（cases）：导出.csv", "没有对应上的列 1 个，原因写在草稿里"]
    assert main(["map", str(tmp_path), "--format", "json", "--lang", "en"]) == 0
    draft = Draft.from_json(capsys.readouterr().out)
    assert draft == draft_mapping(tmp_path)
    assert (draft.tables, draft.unplaced) == ({"cases": "导出.csv"}, 1)
    assert main(["map", str(tmp_path), "--format", "csv", "--lang", "zh"]) == 0
    assert capsys.readouterr().out == "table,file\ncases,导出.csv\n"
    target = tmp_path / "mapping.yaml"
    assert main(["map", str(tmp_path), "--out", str(target), "--lang", "en"]) == 0
    assert main(["map", str(tmp_path), "--out", str(target), "--lang", "en"]) == 1
    assert len(list(read_records(tmp_path).rows("cases"))) == 1
    (tmp_path / "none").mkdir()
    with pytest.raises(RecordError, match="no file of a kind that is read"):
        draft_mapping(tmp_path / "none")


def real(folder: Path, *files: str, zone: str | None = None, country: str | None = None) -> Run:
    for name in files:
        shutil.copy(DATA / name, folder / name)
    drafted(folder)
    calendar = WorkCalendar.of(country, tz=zone) if country is not None else None
    return run("standard", read_records(folder, zone=zone), calendar=calendar)


@pytest.mark.shared("data/fangchenggang_items.csv.gz", "data/fangchenggang_materials.csv.gz", "data/fangchenggang_steps.csv.gz")
def test_a_portals_export_runs_by_its_draft(tmp_path: Path) -> None:
    done = real(tmp_path, *(f"fangchenggang_{name}.csv.gz" for name in ("items", "materials", "steps")))
    found = done.summary()
    assert (found["rows"][0]["in"], found["rows"][0]["set_aside"], done.not_read) == (781, 0, ())
    assert {each["case_type"]: each["count"] for each in found["items"]["case_types"]} == {"promised": 529, "instant": 241}
    speed = found["items"]["speed_up"]
    assert (speed["items"], speed["promised_days"], speed["statutory_days"]) == (770, 5217, 15950)


@pytest.mark.shared("data/wabo_receipt_events.csv.gz")
def test_a_citys_log_runs_by_its_draft(tmp_path: Path) -> None:
    done = real(tmp_path, "wabo_receipt_events.csv.gz", zone="Europe/Amsterdam", country="NL")
    assert (len(done.cases), done.set_aside) == (1434, ())
    assert sum(case.closed_on is not None for case in done.cases) == 1329


@pytest.mark.shared("data/boston311_2015h1.parquet")
def test_a_citys_requests_run_by_their_draft(tmp_path: Path) -> None:
    pl = pytest.importorskip("polars")
    pl.read_parquet(DATA / "boston311_2015h1.parquet").head(3000).write_parquet(tmp_path / "requests.parquet")
    done = real(tmp_path)
    assert (len(done.cases), done.set_aside) == (3000, ())
    assert sum(case.closed_on is not None for case in done.cases) == 2484


@pytest.mark.parametrize(
    ("written", "format"),
    [
        ("2026/2/13 下午3:05", "YYYY/M/D AMh:mm"),
        ("2026/2/13 下午3:05:09", "YYYY/M/D AMh:mm:ss"),
        ("2026/02/13 下午 03:05", "YYYY/M/D AM h:mm"),
        ("2026/02/13 下午 03:05:09", "YYYY/M/D AM h:mm:ss"),
        ("2026-02-13 下午3:05", "YYYY-M-D AMh:mm"),
        ("2026-02-13 下午 03:05:09", "YYYY-M-D AM h:mm:ss"),
        ("2026年2月13日 下午3:05", "YYYY年M月D日 AMh:mm"),
        ("2026年2月13日下午3:05", "YYYY年M月D日AMh:mm"),
    ],
)
def test_half_days_stand_before_the_hour_as_chinese_writes_them(tmp_path: Path, written: str, format: str) -> None:
    (tmp_path / "办件.csv").write_text(f"办件编号,收件时间\nC1,{written}\nC2,{written}\n", encoding="utf-8")
    text = draft_mapping(tmp_path).text
    assert f"    received_at: {{column: 收件时间, format: '{format}'}}\n" in text
    (tmp_path / "mapping.yaml").write_text(text, encoding="utf-8")
    row = next(read_records(tmp_path).rows("cases"))
    assert isinstance(row, Row)
    assert str(row.facts["received_at"]).startswith("2026-02-13 15:05")


def test_a_column_of_units_is_not_told_as_unknown_where_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "办件.csv").write_text("办件编号,收件日,承诺时限,承诺时限单位\nC1,2026-02-13,5,G\nC2,2026-02-13,5,Z\n", encoding="utf-8")
    draft = draft_mapping(tmp_path)
    assert "    promised_limit: {column: 承诺时限, unit_column: 承诺时限单位}\n" in draft.text
    assert ("# 承诺时限单位" in draft.text, draft.unplaced) == (False, 0)


def test_a_line_of_totals_keeps_no_column_from_its_place(tmp_path: Path) -> None:
    (tmp_path / "办件.csv").write_text(
        "办件编号,收件日,窗口\nC1,2026-02-13,W1\nC2,2026-02-13,W1\n合计,2,\n制表人：甲,x,\n", encoding="utf-8"
    )
    assert "    received_on: 收件日\n" in draft_mapping(tmp_path).text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("办件编号,收件日,窗口\n", "it has no rows, by which its columns could be told"),
        ("2026年2月办件统计表,,\n办件编号,收件日,窗口\nC1,2026-02-13,W1\n", "its header stands in row 2: delete the lines above it"),
        ("2026年2月办件统计表\n\n办件编号,收件日,窗口\nC1,2026-02-13,W1\n", "its header stands in row 3: delete the lines above it"),
    ],
)
def test_why_a_file_of_cases_is_not_drafted_is_said(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "办件.csv").write_text(text, encoding="utf-8")
    assert [left.en for left in draft_mapping(tmp_path).left] == [f"办件.csv: {why}"]


def test_what_to_do_stands_apart_from_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "办件.xlsx").write_bytes(b"no workbook")
    (left,) = draft_mapping(tmp_path).left
    assert left.en == "办件.xlsx: this is no workbook, whatever its name; open it in WPS or Excel and save it as .xlsx"
    assert left.zh == "办件.xlsx：这不是工作簿，与文件名不符；请用 WPS 或 Excel 打开，另存为 .xlsx"
