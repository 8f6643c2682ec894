"""Ids that a spreadsheet has spoilt are set aside with the reason: two may look alike and be different, so nothing joins on them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.models import Application, Case, Department, Window
from govservice.reading import why_spoilt
from govservice.records import Row, SetAside, read_records
from govservice.run import run
from govservice.scoring import read_ledger, score

SPOILT = [
    "3.20583E+17",
    "3.2e+17",
    "1.0",
    "320583199001010000.0",
    "'320583199001010017",
    "’001",
    "320583199001010000",
    "３.２Ｅ+17",
    '="000123"',
    "=12",
]
WHOLE = ["320583199001010017", "C-1.0", "1.10", "2026E3", "113205830141831234", "000000000000000", "A'1", "1", "20260213"]


@pytest.mark.parametrize("id", SPOILT)
def test_the_shape_is_known(id: str) -> None:
    assert why_spoilt(id) is not None


@pytest.mark.parametrize("id", WHOLE)
def test_an_id_that_no_spreadsheet_has_been_at_is_none_of_them(id: str) -> None:
    assert why_spoilt(id) is None


def rows(tmp_path: Path, text: str, table: str = "cases") -> list[Row | SetAside]:
    (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
    return list(read_records(tmp_path).rows(table))


@pytest.mark.parametrize("id", SPOILT)
@pytest.mark.parametrize("field", ["办件编号", "application", "事项", "窗口"])
def test_a_row_with_such_an_id_is_set_aside_wherever_it_names_something(tmp_path: Path, id: str, field: str) -> None:
    header = "办件编号,收件日" if field == "办件编号" else f"办件编号,收件日,{field}"
    line = f"{id},2026-03-02" if field == "办件编号" else f"C1,2026-03-02,{id}"
    (row,) = rows(tmp_path, f"{header}\n{line}\n")
    assert isinstance(row, SetAside)
    assert "spreadsheet" in row.reason.en or "no id" in row.reason.en
    assert "电子表格" in row.reason.zh or "不是编号" in row.reason.zh


def test_a_long_number_that_ends_in_zeros_is_whole_where_others_of_its_column_are(tmp_path: Path) -> None:
    whole = rows(tmp_path, "办件编号\n202602130000001000\n202602130000001001\n")
    assert all(isinstance(row, Row) for row in whole)
    spoilt = rows(tmp_path, "办件编号\n202602130000001000\n202602130000002000\nC1\n")
    assert [type(row) for row in spoilt] == [SetAside, SetAside, Row]


def test_two_cases_that_a_spreadsheet_made_one_application_get_no_result(tmp_path: Path) -> None:
    (tmp_path / "applications.csv").write_text("申请编号\n3.20583E+17\n", encoding="utf-8")
    (tmp_path / "cases.csv").write_text("办件编号,申请,收件日\nC1,3.20583E+17,2026-03-02\nC2,3.20583E+17,2026-03-02\n", encoding="utf-8")
    book = load_rulebook("kunshan")
    done = run(book, read_records(tmp_path, book=book))
    assert not done.cases
    assert not done.applications
    assert len(done.set_aside) == 3


def test_a_ledger_sets_such_rows_apart() -> None:
    book = load_rulebook("kunshan")
    rows = {"window": [{"window": "1"}], "events": [{"kind": "untidy", "window": "1.0", "on": date(2026, 10, 12)}], "cases": []}
    card = score(book, "window_month", read_ledger(book, rows), subject="1", period="2026-10")
    assert all(line.row is None for line in card.lines)
    assert any("'1.0' is a number, and no id" in note.en for note in card.notes)


def test_models_say_so_and_stand() -> None:
    assert [warning.field for warning in Case(case="3.2E+17", window="'01").warnings()] == ["case", "window"]
    assert [warning.field for warning in Window(window="1.0").warnings()] == ["window"]
    warned = Application(applicant_id_number="3.20583E+17").warnings()
    assert ["电子表格" in warning.what.zh for warning in warned] == [True]
    assert "spreadsheet" in Application(applicant_id_number="320583199001010000").warnings()[0].what.en
    assert Department(department_uscc="9.1110E+17").warnings()[0].field == "department_uscc"


def test_that_no_column_names_the_rows_is_said_once_with_the_likeliest(tmp_path: Path) -> None:
    from govservice.errors import RecordError

    (tmp_path / "cases.csv").write_text("办件号码,收件日\n" + "C1,2026-03-02\n" * 50, encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        read_records(tmp_path)
    assert str(caught.value) == (
        'cases.csv:1: cases: no column holds the ids of cases; is it "办件号码"? call it case or 办件编号, or map it in mapping.yaml'
    )
