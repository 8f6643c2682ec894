"""What the page to try a rulebook asks, and what it says: without a browser."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from govservice import NONE, load_rulebook
from govservice.cli import main
from govservice.errors import RecordError
from govservice.rules.book.files import shipped_books
from govservice.trying import answering, asking, sheet
from govservice.trying.settled import Trying, started_with

KUNSHAN = load_rulebook("kunshan", settings={"few_attachments": 2})
DAY = date(2026, 11, 20)
COMMAND = "import sys; from govservice.cli import main; sys.exit(main(['try', 'kunshan', '--no-browser', '--lang', 'en'"


@pytest.mark.parametrize("id", sorted(shipped_books()))
def test_every_decision_that_is_offered_can_be_answered_from_an_empty_form(id: str) -> None:
    book = load_rulebook(id)
    for decision in asking.decision_names(book, "zh").values():
        fields = asking.fields_of(book, decision, "zh")
        given = answering.given_by(fields, {}, {})
        assert not given.facts
        page = answering.decision_page(book, decision, given, DAY, DAY, "zh")
        assert 'role="alert"' not in page, decision
        assert "<div" in page


@pytest.mark.parametrize("id", sorted(shipped_books()))
def test_every_clock_can_be_drawn_from_an_empty_form(id: str) -> None:
    book = load_rulebook(id)
    for clock in asking.clock_names(book, "zh").values():
        page = answering.clocks_page(book, clock, answering.given_by((), {}, {}), [], DAY, DAY, "zh")
        assert 'role="alert"' not in page, clock


def test_a_field_that_cannot_be_read_is_told_and_left_out() -> None:
    fields = asking.fields_of(KUNSHAN, "case_type", "zh")
    given = answering.given_by(fields, {"nonmain_missing": "两个<b>", "departments": "２"}, {})
    assert dict(given.facts) == {"departments": "２"}
    assert list(given.faults) == ["非主体材料缺件数"]
    page = answering.decision_page(KUNSHAN, "case_type", given, DAY, DAY, "zh")
    assert 'role="alert"' in page
    assert "<b>" not in page


def test_none_is_given_where_it_is_ticked_and_missing_is_left_out() -> None:
    fields = asking.fields_of(KUNSHAN, "case_type", "zh")
    given = answering.given_by(fields, {"nonmain_missing": "", "main_document": NONE}, {"departments": True})
    assert dict(given.facts) == {"departments": NONE, "main_document": NONE}


def test_an_outcome_is_said_with_its_reason_and_what_would_change_it() -> None:
    given = answering.FormAnswers({"main_document": "not_brought", "formal": True}, {})
    page = answering.decision_page(KUNSHAN, "case_type", given, DAY, DAY, "zh")
    for says in ("补办件", "KS-4(1)", "主件 缺少，即为退回件", "应发文书", "补办件通知书"):
        assert says in page
    english = answering.decision_page(KUNSHAN, "case_type", given, DAY, DAY, "en")
    for says in ("supplement", "KS-4(1)", "What would change it", "Notices owed"):
        assert says in english


def test_a_pause_moves_the_due_day_that_is_drawn() -> None:
    book = load_rulebook("licensing-law")
    facts = {"received_on": "2026-11-02", "accepted_on": "2026-11-02", "handled_together": False, "limit_set_elsewhere": False}
    given = answering.FormAnswers(facts, {})
    kinds = asking.pause_kinds(book, "zh")
    pauses = answering.pauses_by([{"kind": next(iter(kinds.values())), "from": "2026-11-05", "to": "2026-11-06", "told": True}])
    plain = answering.clocks_page(book, "decision_limit", given, [], DAY, DAY, "zh")
    halted = answering.clocks_page(book, "decision_limit", given, pauses, DAY, DAY, "zh")
    assert "2026-11-30" in plain
    assert "2026-12-02" in halted
    assert "2026-12-02" not in plain


def test_a_sheet_is_decided_as_its_rows_are() -> None:
    rows = "主件,正式申请,审批部门数\n有而未带,是,\n,,2\n不详,,\n"
    made = sheet.decided_sheet(KUNSHAN, "case_type", rows, DAY, DAY, "zh")
    for row, facts in zip(made.rows[:2], ({"主件": "有而未带", "正式申请": "是"}, {"审批部门数": "2"}), strict=True):
        outcome = KUNSHAN.decide("case_type", facts, on=DAY)
        assert (row[1] == "未定") is outcome.open
        assert row[3] == (outcome.rule or "" if not outcome.open else "")
    assert made.rows[2][1] == "不能用"
    assert sum(made.counted.values()) == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_is_read_in_the_encodings_of_spreadsheets(encoding: str) -> None:
    made = sheet.decided_sheet(KUNSHAN, "complaint_answer", "投诉形式\r\n口头\r\n".encode(encoding), DAY, DAY, "zh")
    assert made.rows[0][:4] == ("2", "已定", "口头为主", "verbal")


def test_what_is_taken_away_runs_no_formula() -> None:
    made = sheet.decided_sheet(KUNSHAN, "complaint_answer", "编号,投诉形式\n=1+1,口头\n", DAY, DAY, "zh")
    assert "'=1+1" in sheet.as_csv(made).decode("utf-8-sig")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "没有内容"),
        ("甲,乙\n1,2\n", "表头没有一列"),
        ("投诉形式,投诉形式\n口头,口头\n", "表头中重复的列"),
        ("投诉形式\n" + "口头\n" * 5_001, "超过 5,000 行"),
    ],
)
def test_a_sheet_that_cannot_be_used_is_refused_as_a_whole(written: str, why: str) -> None:
    with pytest.raises(RecordError) as refused:
        sheet.decided_sheet(KUNSHAN, "complaint_answer", written, DAY, DAY, "zh")
    assert why in refused.value.text("zh")


def test_any_path_reaches_the_page() -> None:
    path = "/数据 册/a=b 'c' \"d\".yaml"
    assert json.loads(started_with(path, "zh", DAY, {"x": "1"})) == {"book": path, "lang": "zh", "on": "2026-11-20", "settings": {"x": "1"}}


def test_a_day_that_is_none_is_refused_on_the_page() -> None:
    trying = Trying(KUNSHAN, "zh", "")
    assert trying.day("2026年11月20日") == (DAY, None)
    assert trying.day("") == (None, None)
    day, refused = trying.day("昨天")
    assert day is None
    assert refused is not None


def test_faults_are_told_by_the_command_before_anything_is_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "b.yaml"
    file.write_text("rulebook: b\nnothing: 1\n", encoding="utf-8")
    assert main(["try", str(file), "--no-browser", "--lang", "zh"]) == 1
    assert "b.yaml:2" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", f"{COMMAND}, '--port', '{port}']))"], capture_output=True, text=True, check=False, timeout=120
        )
    assert done.returncode == 1
    assert f"port {port} cannot be used" in done.stderr


def test_without_marimo_the_command_says_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.modules['marimo'] = None; {COMMAND}]))"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert '"marimo>=0.20" (the extra notebooks)' in done.stderr
