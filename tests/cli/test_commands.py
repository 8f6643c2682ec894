"""The commands as a new user types them: what they print, where, and how they end."""

import csv
import json
import os
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from govservice.cli import main


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)


def test_run_without_arguments_works_through_the_shipped_sample(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["run"]) == 0
    out, err = capsys.readouterr()
    assert err == "no --records: the shipped sample of kunshan\ncolumns of items not read: 备注\n"
    for label in ("即办件", "承诺件", "补办件", "联办件", "退回件", "急办件"):
        assert label in out
    assert "set aside: 1\n  applications.csv:62: SQ20260061: 附件缺件数: '若干' is not a number" in out
    assert "would settle the open ones: 少数附件上限 2" in out
    assert {one.name for one in (tmp_path / "govservice-out").iterdir()} == {
        "items.csv",
        "applications.csv",
        "cases.csv",
        "clocks.csv",
        "set_aside.csv",
        "summary.html",
        "summary.json",
    }
    assert main(["run"]) == 0  # over its own earlier result
    assert main(["run", "--strict"]) == 1  # a row was set aside


def test_run_lists_what_is_due_in_a_year_without_a_notice(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--known-on", "2026-06-01"]) == 0
    assert "provisional: BJ20260057 due 2027-01-08" in capsys.readouterr().out


def test_the_sample_shows_a_deadline_over_the_spring_festival_with_its_makeup_days(tmp_path: Path) -> None:
    assert main(["run", "--out", "out"]) == 0
    with (tmp_path / "out" / "items.csv").open(encoding="utf-8-sig", newline="") as file:
        promised = {row["id"]: int(row["promised_days"] or 0) for row in csv.DictReader(file)}
    with (tmp_path / "out" / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        over = [row for row in csv.DictReader(file) if row["on"] == "2026-02-13" and row["due_clock"] == "promised"]
    assert over
    for row in over:
        day, left = date(2026, 2, 13), promised[row["item"]]
        while left:
            day += timedelta(1)
            rest = date(2026, 2, 15) <= day <= date(2026, 2, 23) or (
                day.weekday() > 4 and day not in (date(2026, 2, 14), date(2026, 2, 28))
            )
            left -= not rest
        assert row["due_on"] == day.isoformat()


def test_settings_and_days_are_given_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    days = ["--now", "2026年12月31日", "--accepted-on", "2026-12-28", "--known-on", "2026-06-01"]
    assert main(["run", "--set", "few_attachments=2", *days, "--lang", "zh"]) == 0
    out, _ = capsys.readouterr()
    assert "已超期：1 件" in out
    assert "少数附件上限" not in out
    found = json.loads((tmp_path / "govservice-out" / "summary.json").read_text(encoding="utf-8"))
    assert found["rulebook"]["settings"] == {"few_attachments": "2"}
    assert found["items"]["due"]["provisional"] == 8
    assert found["applications"]["open"] == 3


def test_due_prints_the_day_and_explains_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "2026-02-13", "5个工作日"]) == 0
    assert capsys.readouterr().out == "2026-02-27\n"
    assert main(["due", "2026年2月13日", "五个工作日内", "--explain", "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "5个工作日，自2026-02-13起：2026-02-27届满"
    assert lines[2] == "2026-02-14 周六  +  第1个工作日（共5个），补班日〔国办发明电〔2025〕7号〕"


@pytest.mark.parametrize(
    ("options", "due"),
    [
        (["2026-02-13", "5日", "--day", "workday"], "2026-02-27"),
        (["2026-02-13", "5个工作日", "--first-day", "included"], "2026-02-26"),
        (["2026-02-12", "4个自然日"], "2026-02-24"),
        (["2026-02-12", "4个自然日", "--roll", "none"], "2026-02-16"),
        (["2015-04-17", "1个工作日", "--calendar", "US/MA"], "2015-04-21"),
        (["2020-01-23", "5个工作日"], "2020-02-07"),
        (["2020-01-23", "5个工作日", "--known-on", "2020-01-20"], "2020-02-05"),
        (["2026-02-13 16:00", "2小时", "--hours", "08:30-17:00"], "2026-02-14T09:30:00+08:00"),
        (["2015-03-07 16:00", "24小时", "--calendar", "US/MA"], "2015-03-08T16:00:00"),
        (["2015-03-07 16:00", "24小时", "--calendar", "US/MA", "--tz", "America/New_York"], "2015-03-08T17:00:00-04:00"),
    ],
)
def test_due_takes_every_option_of_a_deadline(capsys: pytest.CaptureFixture[str], options: list[str], due: str) -> None:
    assert main(["due", *options]) == 0
    assert capsys.readouterr().out == f"{due}\n"


def test_a_provisional_day_is_said_on_stderr_and_the_day_stays_alone_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "2026-12-30", "5个工作日", "--known-on", "2026-06-01"]) == 0
    out, err = capsys.readouterr()
    assert out == "2027-01-07\n"
    assert "no published notice" in err


def test_calendar_prints_a_year_or_a_month_and_writes_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["calendar", "2026", "--lang", "zh"]) == 0
    assert "2月15日至23日 休 春节" in capsys.readouterr().out
    assert main(["calendar", "2026", "--month", "2"]) == 0
    assert "2026-02-28 W 春节" in capsys.readouterr().out
    assert main(["calendar", "2026", "--html", "a.html", "--ics", "a.ics"]) == 0
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (tmp_path / "a.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    capsys.readouterr()
    assert main(["calendar", "2026", "--ics", "a.ics"]) == 1
    assert capsys.readouterr().err == "a.ics: the file is there already; add --force to overwrite it\n"


def test_check_says_what_a_sound_book_holds_and_lists_every_fault_of_another(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("rulebook: bad\ntitel: x\ndecisons: {}\n", encoding="utf-8")
    assert main(["check", "bad.yaml", "kunshan"]) == 1
    out, err = capsys.readouterr()
    assert re.match(r"kunshan: it can be read; found in it: \d+ errors?, \d+ warnings \(昆山市行政审批服务中心\)\n", out)
    assert "settings not given:" in out
    assert "few_attachments (少数附件上限)" in out
    assert err.splitlines()[0].startswith("bad.yaml:2: ")
    assert err.splitlines()[1].startswith("bad.yaml:3: ")
    assert err.splitlines()[2] == "2 faults"
    assert main(["check", "kunshan"]) == 0


def test_version_help_and_slips_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert main([]) == 0
    assert main(["run", "--help"]) == 0
    capsys.readouterr()
    for slip in (
        ["walk"],
        ["due"],
        ["run", "--now", "2026-13-01"],
        ["run", "--set", "x"],
        ["calendar", "二〇二六"],
        ["calendar", "9" * 40],
        ["run", "--rulebok", "x"],
    ):
        assert main(slip) == 2
        assert capsys.readouterr().err.startswith("usage: govservice")
    assert main(["run", "--records", "."]) == 2
    assert capsys.readouterr().err == "which rulebook? add --rulebook BOOK: a shipped id or a YAML file\n"


def test_the_language_is_the_systems_unless_it_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["due", "2026-02-30", "5个工作日"]) == 1
    assert capsys.readouterr().err.startswith("'2026-02-30'不是日期")
    assert main(["due", "2026-02-30", "5个工作日", "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("'2026-02-30' is not a date")


def test_the_module_runs_like_the_command_on_a_console_without_utf8(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "0", "HOME": str(tmp_path / "empty")}
    done = subprocess.run(
        [sys.executable, "-m", "govservice", "due", "2026-02-13", "当天", "--explain"], capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0
    assert "当天" in done.stdout.decode("utf-8")
    assert done.stderr == b""


def test_an_interruption_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("govservice.run.job.applied", interrupted)
    assert main(["run"]) == 130
    assert not (tmp_path / "govservice-out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close otherwise there")
def test_a_reader_that_leaves_ends_the_command_without_a_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "govservice", "calendar", "2026"], stdout=writing, stderr=subprocess.PIPE, check=False, cwd=tmp_path
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_run_counts_pauses_and_says_what_has_not_begun_and_what_was_not_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(
        "办件编号,收件日,受理日,统一联合或集中办理,他法另定时限,准予许可,承诺工作日数\nC1,2026-03-02,2026-03-02,否,否,否,9\nC2,2026-03-02,2026-03-20,否,否,否,9\n",
        encoding="utf-8",
    )
    (tmp_path / "pauses.csv").write_text(
        "办件,中止事由,中止起日,中止止日,已书面告知\nC1,hearing,2026-03-05,2026-03-11,是\nC1,踏勘,2026-03-12,2026-03-12,是\n",
        encoding="utf-8",
    )
    (tmp_path / "letters.csv").write_text("办件\nC1\n", encoding="utf-8")
    options = ["--rulebook", "licensing-law", "--records", str(tmp_path), "--out", "out", "--now", "2026-03-12", "--lang", "zh"]
    assert main(["run", *options]) == 0
    out, err = capsys.readouterr()
    assert "中止" in out.splitlines()[4]
    assert "事由不停止任何时限的中止：踏勘 1" in out
    assert "截至 2026-03-12 尚未起算：1 件，最早 2026-03-20 起算" in out
    assert err.endswith("未读取的文件：letters.csv\n")
    assert dues_written(tmp_path / "out") == {"C1": "2026-04-07", "C2": "2026-03-30"}
    (tmp_path / "extention.csv").write_text("办件\nC1\n", encoding="utf-8")
    assert main(["run", *options]) == 0
    assert dues_written(tmp_path / "out") == {"C1": "", "C2": ""}  # a file of extensions that was not read may move them


def dues_written(out: Path) -> dict[str, str]:
    ids = list(json.loads((out / "summary.json").read_text(encoding="utf-8"))["columns"]["clocks.csv"])
    with (out / "clocks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [dict(zip(ids, row, strict=True)) for row in list(csv.reader(file))[1:]]
    return {row["case"]: row["due"] for row in rows if row["clock"] == "decision_limit"}


def test_another_countrys_time_zone_is_asked_for_and_chinas_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "2026-02-13", "5个工作日", "--tz", "Asia/Tokyo"]) == 1
    assert capsys.readouterr().err == "China's calendar has its own time zone; leave out --tz\n"


@pytest.mark.parametrize(("now", "overdue"), [("2026-03-04 18:30", 1), ("2026-03-04 13：30", 0), ("2026-03-04", 0), ("2026-03-05", 1)])
def test_the_hour_at_which_a_run_looks_decides_what_is_overdue(tmp_path: Path, now: str, overdue: int) -> None:
    (tmp_path / "book.yaml").write_text(
        "rulebook: b\nclocks: {reply: {about: cases, limit: 4 小时, starts: received_at, hours: '09:00-12:00 13:00-18:00'}}\n",
        encoding="utf-8",
    )
    records = tmp_path / "records"
    records.mkdir()
    (records / "cases.csv").write_text("办件编号,收件日,收件时刻\nC1,2026-03-04,2026-03-04 09:00\n", encoding="utf-8")
    assert main(["run", "--rulebook", "book.yaml", "--records", "records", "--out", "out", "--now", now]) == 0
    found = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))["due"]
    assert (found["overdue"]["count"], [clock["clock"] for clock in found["by_clock"]]) == (overdue, ["reply"])


def test_a_moment_that_there_is_not_is_refused_with_the_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--now", "2026-03-04 25:00"]) == 2
    assert "there is no such day or time" in capsys.readouterr().err


def test_columns_that_are_not_read_are_named_with_the_fact_they_may_mean(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "cases.csv").write_text("办件编号,收件日,受理日其,备注\nC1,2026-03-02,2026-03-02,无\n", encoding="utf-8")
    assert main(["--lang", "zh", "run", "--rulebook", "kunshan", "--records", "records"]) == 0
    assert capsys.readouterr().err == "办件中未读取的列：受理日其（是不是“受理日”？）、备注\n"


def test_rows_set_aside_for_one_reason_are_told_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "cases.jsonl").write_text('{"收件日": "2026-03-02"}\n' * 40, encoding="utf-8")
    assert main(["run", "--rulebook", "kunshan", "--records", "records"]) == 0
    out = capsys.readouterr().out
    assert "set aside: 40\n  cases.jsonl:1: case: no id is given (and 39 more rows)\n" in out
