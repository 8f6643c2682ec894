"""What commands answer: one record or many, as text, JSON, CSV or Markdown, and kept as a file that `verify` works out again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from govservice import classify, load_rulebook
from govservice.classify import Classification
from govservice.cli import main
from govservice.scoring import Measured, Scorecard

FILES = {
    "window.csv": "窗口编号,窗口名称\nW1,工商局\n",
    "applications.csv": "申请编号,申请人,正式申请,主件\nA1,张三,是,缺少\nA2,李四,是,有而未带\n",
    "cases.csv": "办件编号,申请,窗口,收件日\nC1,A1,W1,2026-02-13\nC2,A2,W1,2026-02-14\n",
    "events.csv": "事件种类,窗口,发生日\nuntidy,W1,2026-02-12\n",
}
FACTS = ["正式申请=是", "主件=缺少", "--on", "2026-02-13"]
OF_RECORDS = ["--rulebook", "kunshan", "--records", "records", "--period", "2026-02"]


@pytest.fixture(autouse=True)
def _records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "records").mkdir()
    for name, text in FILES.items():
        (tmp_path / "records" / name).write_text(text, encoding="utf-8")


def piped(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="ascii"))


# classify


def test_one_application_is_told_in_a_few_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "kunshan", *FACTS]) == 0
    assert capsys.readouterr().out == "退回件 (returned), by returned/main-lacking [KS-6(1)]\nnotices: 退回件通知书\n"
    assert main(["classify", "kunshan", *FACTS, "--lang", "zh"]) == 0
    assert capsys.readouterr().out == "退回件（returned），依规则 returned/main-lacking〔KS-6(1)〕\n文书：退回件通知书\n"


def test_what_is_open_says_what_would_settle_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "kunshan", "主件=缺少", "--on", "2026-02-13"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("open, may be ")
    assert "formal 正式申请" in out
    assert main(["classify", "kunshan", "主件=缺少", "--on", "2026-02-13", "--strict"]) == 1


def test_in_chinese_what_it_may_be_and_what_is_lacking_goes_by_labels(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "kunshan", "主件=已带", "--on", "2026-02-13", "--lang", "zh"]) == 0
    may, lacks = capsys.readouterr().out.splitlines()[:2]
    assert may == "未定，可能是 补办件、退回件、联办件、即办件、承诺件、无"
    assert lacks.startswith("还缺：承诺补齐、附件缺件数、审批部门数、少数附件上限、")
    assert not any(sign.isascii() and sign.isalpha() for sign in may + lacks)
    assert main(["classify", "kunshan", "主件=有点缺", "--on", "2026-02-13", "--lang", "zh"]) == 1
    assert capsys.readouterr().err.startswith("主件: “主件”应为选项：")


def test_its_json_is_the_answer_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "kunshan", *FACTS, "--format", "json"]) == 0
    read = Classification.from_json(capsys.readouterr().out)
    assert read == classify({"正式申请": "是", "主件": "缺少"}, load_rulebook("kunshan"), on="2026-02-13")


@pytest.mark.parametrize("form", ["a file", "stdin"])
def test_facts_come_from_a_json_file_or_stdin(form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    text = '{"正式申请": true, "主件": "缺少", "收件日": "2026-02-13"}'  # the day of receipt says which rules are in force
    Path("one.json").write_text(text, encoding="utf-8")
    piped(monkeypatch, text)
    assert main(["classify", "kunshan", "one.json" if form == "a file" else "-"]) == 0
    assert capsys.readouterr().out.startswith("退回件 (returned)")


@pytest.mark.parametrize("given", ["records", "records/applications.csv"])
def test_each_of_a_folder_or_file_is_a_row(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "kunshan", given, "--on", "2026-02-13", "--format", "csv", "--lang", "zh"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["id"], row["case_type"], row["open"]) for row in rows] == [("A1", "returned", "false"), ("A2", "supplement", "false")]


ROWS = "申请编号,主件,正式申请,收件日\nA1,缺少,是,2026-02-13\nA2,也许,是,\nA3,缺少,是,\nA3,有而未带,是,\nA1,缺少,是,2026-02-13\n合计,,,\n"


@pytest.mark.parametrize("given", ["rows", "rows/applications.csv"])
def test_a_file_comes_to_what_a_folder_that_holds_it_does(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("rows").mkdir()
    Path("rows/applications.csv").write_text(ROWS, encoding="utf-8")
    assert main(["classify", "kunshan", given, "--on", "2026-02-13", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in found["classifications"]] == ["A1"]
    assert [one["id"] for one in found["set_aside"]] == ["A2", "A3", "A3", "A1", "合计"]
    whys = [one["why"]["en"].partition(": ")[2] for one in found["set_aside"]]
    assert "lines 4, 5, which differ in main_document: none is used" in whys[1]
    assert "the id stands in line 2 already" in whys[3]


def test_a_file_may_hold_the_day_of_receipt_beside_the_facts_of_an_application(capsys: pytest.CaptureFixture[str]) -> None:
    Path("rows.csv").write_text(ROWS.partition("A2")[0], encoding="utf-8")
    assert main(["classify", "kunshan", "rows.csv", "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["classifications"]
    assert (one["id"], one["classification"]["case_type"], one["classification"]["on"]) == ("A1", "returned", "2026-02-13")


def test_rows_that_nothing_names_go_by_their_lines(capsys: pytest.CaptureFixture[str]) -> None:
    Path("rows.csv").write_text("主件,正式申请\n缺少,是\n有而未带,是\n", encoding="utf-8")
    assert main(["classify", "kunshan", "rows.csv", "--on", "2026-02-13", "--format", "csv"]) == 0
    assert [line.split(",")[:2] for line in capsys.readouterr().out.splitlines()[1:]] == [["2", "returned"], ["3", "supplement"]]


def test_a_mapping_is_heard_for_a_file_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("导出.csv").write_text("号,主要材料\nA1,无\n", encoding="utf-8")
    Path("m.yaml").write_text(
        "applications: {columns: {application: 号, 主件: {column: 主要材料, values: {无: lacking}}}}\n", encoding="utf-8"
    )
    asked = ["classify", "kunshan", "导出.csv", "--mapping", "m.yaml", "--on", "2026-02-13", "--format", "csv"]
    assert main(asked) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("A1,")
    Path("m.yaml").write_text("applications: {columns: {application: 编号}}\n", encoding="utf-8")
    assert main(asked) == 1
    assert "导出.csv has no column '编号'" in capsys.readouterr().err


def test_a_fact_that_json_gives_twice_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    twice = '{"id": "A1", "formal": true, "formal": false}'
    piped(monkeypatch, twice)
    assert main(["classify", "kunshan", "-", "--on", "2026-02-13"]) == 1
    assert "stdin: 'formal' is given twice" in capsys.readouterr().err
    piped(monkeypatch, f'{twice}\n{{"id": "A2", "formal": true, "main_document": "lacking"}}\n')
    assert main(["classify", "kunshan", "-", "--on", "2026-02-13", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["id"] for one in found["classifications"]] == ["A2"]
    assert [(one["id"], one["why"]["en"]) for one in found["set_aside"]] == [("A1", "'formal' is given twice")]


def test_an_empty_file_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    Path("one.json").write_text(" \n", encoding="utf-8")
    assert main(["classify", "kunshan", "one.json", "--on", "2026-02-13"]) == 1
    assert "one.json: the file is empty" in capsys.readouterr().err


def test_a_row_that_cannot_be_read_is_told_and_the_others_are_classified(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = '{"id": "A1", "formal": true, "main_document": "lacking"}\n{"id": "A2", "main_document": "somewhere"}\n'
    piped(monkeypatch, lines)
    assert main(["classify", "kunshan", "-", "--on", "2026-02-13", "--format", "json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert [(one["id"], one["classification"]["case_type"]) for one in found["classifications"]] == [("A1", "returned")]
    assert [one["id"] for one in found["set_aside"]] == ["A2"]
    assert err.startswith("set aside: A2: main_document")
    piped(monkeypatch, lines)
    assert main(["classify", "kunshan", "-", "--on", "2026-02-13", "--strict"]) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["somewhere"], "somewhere"),
        (["a=1", "b"], "'b' is no fact; write main_document=lacking"),
        (["a=1", "a=2"], "'a' is given twice"),
        (["none.json"], "the file cannot be read"),
    ],
)
def test_what_is_no_record_is_refused(given: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "kunshan", *given, "--on", "2026-02-13"]) == 1
    assert said in capsys.readouterr().err


def test_nothing_on_stdin_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    piped(monkeypatch, "")
    assert main(["classify", "kunshan", "-", "--lang", "zh"]) == 1
    assert capsys.readouterr().err.startswith("标准输入是空的；请写 主件=缺少")


def test_json_says_the_same_where_a_value_would_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["classify", "kunshan", "odd\u202e=x\x7f", *FACTS, "--format", "json"]) == 0
    out, _ = capsys.readouterr()
    assert "\u202e" not in out
    assert json.loads(out)["unused"] == ["odd\u202e"]


# measure, score, grade


def test_a_measure_is_taken_of_the_centre_of_each_of_a_table_and_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["measure", "instant_percent", *OF_RECORDS]
    assert main([*asked, "--format", "json"]) == 0
    whole = Measured.from_json(capsys.readouterr().out)
    assert (whole.about, whole.value) == ("centre", 0)
    assert main([*asked, "--about", "window", "--format", "md", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[2].startswith("| instant_percent | 即办率 | 窗口 | W1 | 2026-02 | 0 |")
    assert main([*asked, "--subject", "W1"]) == 0
    assert capsys.readouterr().out.startswith("即办率 W1 2026-02: 0")


def test_an_unknown_measure_is_refused_with_the_closest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["measure", "instant_percents", *OF_RECORDS]) == 1
    assert "did you mean" in capsys.readouterr().err


def test_one_subjects_scorecard_is_printed_and_nothing_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["score", "window_month", *OF_RECORDS, "--subject", "W1", "--format", "json"]) == 0
    (card,) = json.loads(capsys.readouterr().out)["cards"]
    assert Scorecard.from_dict(card).parts["cleanliness"].total == 9
    assert sorted(file.name for file in tmp_path.iterdir()) == ["records"]
    assert main(["score", "window_month", *OF_RECORDS, "--subject", "W1", "--format", "csv", "--out", "scores"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("window_month,2026-02,W1,")
    assert (tmp_path / "scores" / "scores.csv").is_file()


# every command that answers has the forms

ANSWERING = {
    "due": ["due", "2026-02-13", "5个工作日"],
    "run": ["run", "--rulebook", "kunshan", "--records", "records"],
    "assess": ["assess", *OF_RECORDS],
    "grade": ["grade", "green_channel_form_due", *OF_RECORDS],
    "whatif": ["whatif", "--before", "licensing-law", "--after", "licensing-law", "--records", "records"],
    "tune": [
        "tune",
        "kunshan",
        "settings.few_attachments",
        "0..0",
        "--records",
        "records",
        "--period",
        "2026-02",
        "--wish",
        "case_type is 补办件 >= 1",
    ],
    "check": ["check", "licensing-law"],
    "diff": ["diff", "licensing-law", "licensing-law"],
    "test": ["test", "rating", "--only-run"],
    "papers": ["papers", "--rulebook", "kunshan", "--records", "records", "--kind", "returned_notice", "--force"],
    "calendar": ["calendar", "2026", "--month", "2"],
}


@pytest.mark.parametrize("asked", ANSWERING.values(), ids=ANSWERING)
def test_every_form_is_well_formed(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    codes = set()
    for form in ("json", "csv", "md"):
        codes.add(main([*asked, "--format", form, "--lang", "zh"]))
        out = capsys.readouterr().out
        if form == "json":
            assert json.loads(out)
        elif form == "csv":
            rows = list(csv.reader(io.StringIO(out)))
            assert len({len(row) for row in rows}) == 1
            assert all(cell.isascii() for cell in rows[0])
        elif asked[0] != "diff":  # a document
            lines = out.splitlines()
            assert lines[1].startswith("|---")
            assert all(line.startswith("| ") and line.endswith(" |") for line in (lines[0], *lines[2:]))
    assert len(codes) == 1


# answers that are kept

KEPT = {
    "classify": ["classify", "kunshan", *FACTS],
    "due": ["due", "2026-02-13 09:30", "24小时", "--hours", "09:00-17:00"],
    "measure": ["measure", "instant_percent", *OF_RECORDS],
    "score": ["score", "window_month", *OF_RECORDS, "--subject", "W1"],
    "grade": ["grade", "green_channel_form_due", *OF_RECORDS],
    "papers": ["papers", "--rulebook", "kunshan", "--records", "records", "--kind", "returned_notice"],
    "run": ["run", "--rulebook", "kunshan", "--records", "records"],
    "whatif": ["whatif", "--before", "licensing-law", "--after", "licensing-law", "--records", "records"],
}


@pytest.mark.parametrize("asked", KEPT.values(), ids=KEPT)
def test_an_answer_is_kept_and_verified(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked, "--answer", "kept.json"]) == 0
    printed, told = capsys.readouterr()
    assert "kept: kept.json" in told
    assert main([*asked, "--answer", "kept.json"]) == 1
    assert "the file is there already; add --force to overwrite it" in capsys.readouterr().err
    with_records = ["--records", "records"] if asked[0] in ("run", "whatif") else []
    assert main(["verify", "kept.json", *with_records]) == 0
    assert capsys.readouterr().out.endswith("the same answer\n")
    assert printed


def test_an_answer_comes_from_stdin(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    main([*KEPT["classify"], "--answer", "kept.json"])
    capsys.readouterr()
    piped(monkeypatch, Path("kept.json").read_text(encoding="utf-8"))
    assert main(["verify", "-"]) == 0
    assert capsys.readouterr().out == "stdin: classify: the same answer\n"


def test_no_answer_is_kept_while_a_row_is_set_aside(capsys: pytest.CaptureFixture[str]) -> None:
    Path("records/events.csv").write_text("事件种类,窗口,发生日\nuntidy,W1,二月\n", encoding="utf-8")
    assert main([*KEPT["score"], "--answer", "kept.json"]) == 1
    assert capsys.readouterr().err.startswith("an answer cannot be kept while a row is set aside: events.csv:2")
    assert not Path("kept.json").exists()


@pytest.mark.parametrize(
    "asked", [["score", *OF_RECORDS], ["assess", *OF_RECORDS], ["measure", *OF_RECORDS], ["classify", "kunshan", "records"]]
)
def test_an_answer_is_of_one_thing(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked, "--answer", "kept.json", "--force"]) == 1
    assert "an answer that is kept is of one " in capsys.readouterr().err
    assert not Path("kept.json").exists()


# tune, whatif, check


def test_a_number_is_tuned_to_a_wish(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["tune", "kunshan", "settings.few_attachments", "0..1", "--records", "records", "--period", "2026-02"]
    assert main([*asked, "--wish", "case_type is 补办件 >= 1"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "fulfilled at 0"
    assert main([*asked, "--wish", "case_type is 补办件 >= 2"]) == 1
    assert main([*asked[:3], "2..0", *asked[4:], "--wish", "case_type is 补办件 >= 2", "--lang", "zh"]) == 1
    assert "没有取值，或者太多；请写 0..5" in capsys.readouterr().err


def test_a_comparison_reads_by_a_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    Path("records/cases.csv").write_text("办件编号,件,窗口,收件日\nC1,A1,W1,2026-02-13\nC2,A2,W1,x\n", encoding="utf-8")
    Path("records/events.csv").unlink()
    Path("map.yaml").write_text("cases:\n  columns: {application: 件}\n", encoding="utf-8")
    assert main([*KEPT["whatif"], "--mapping", "map.yaml", "--format", "csv"]) == 0
    out, err = capsys.readouterr()
    assert "moved_cases,cases of another type,0,1" in out
    assert "set aside: 1" in err


def test_github_is_told_the_file_with_its_folder(capsys: pytest.CaptureFixture[str]) -> None:
    Path("books").mkdir()
    Path("books/own.yaml").write_text(
        "rulebook: own\ntables: {application: {n: {type: integer}}}\ndecisions:\n  big:\n    about: application\n    hit: first\n"
        "    outcomes: {big: {type: boolean}}\n    rules:\n"
        "      - {id: a, when: n > 3, then: true}\n      - {id: b, when: n > 5, then: true}\n",
        encoding="utf-8",
    )
    Path("books/bad.yaml").write_text("rulebook: bad\ndecisions:\n  x: {about: nothing}\n", encoding="utf-8")
    assert main(["check", "books/own.yaml", "books/bad.yaml", "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("::warning file=books/own.yaml,line=10,title=unreachable::") for line in lines)
    assert "::error file=books/bad.yaml,line=3,title=fault::decisions.x: the key 'hit' is missing" in lines
