"""A header that stands below a title is told in one sentence; a column of limits may mix bare numbers and limits with their units."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice.errors import GovServiceError
from govservice.records import read_records

MAPPING = """cases:
  file: 办件.csv
  columns: {case: 流水号, received_on: 收到, closed_on: 办完, window: 柜台}
"""
ROWS = "流水号,收到,办完,柜台\nC1,2026-03-02,2026-03-03,W1\n"


def test_a_header_below_a_title_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "办件.csv").write_text(f"三月办件,,,\n制表：某某,,,\n{ROWS}", encoding="utf-8")
    with pytest.raises(GovServiceError) as caught:
        read_records(tmp_path)
    assert caught.value.text("zh") == "办件.csv:3: cases: 办件.csv 的表头在第 3 行，而读的是第 1 行；请删去表头上面的各行"


def test_without_a_mapping_too(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("三月办件,,\ncase,received_on,closed_on\nC1,2026-03-02,2026-03-03\n", encoding="utf-8")
    with pytest.raises(GovServiceError, match=r"the header of cases\.csv stands in row 2, and row 1 was taken for it"):
        read_records(tmp_path)


def test_in_a_workbook_the_mapping_says_which_row_it_is(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    with xlsxwriter.Workbook(str(tmp_path / "办件.xlsx")) as workbook:
        sheet = workbook.add_worksheet("三月")
        sheet.write(0, 0, "三月办件")
        for row, line in enumerate(ROWS.splitlines(), 2):
            for column, cell in enumerate(line.split(",")):
                sheet.write(row, column, cell)
    mapping = MAPPING.replace("办件.csv", "办件.xlsx")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    with pytest.raises(GovServiceError) as caught:
        read_records(tmp_path)
    assert [fault.hint.zh for fault in caught.value.faults] == ["请在 mapping.yaml 的 cases 下写 header: 3"]
    (tmp_path / "mapping.yaml").write_text(mapping.replace("  columns", "  header: 3\n  columns"), encoding="utf-8")
    assert [row.id for row in read_records(tmp_path).rows("cases")] == ["C1"]


def test_a_misspelt_column_is_no_header_below(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(MAPPING.replace("柜台}", "柜抬}"), encoding="utf-8")
    (tmp_path / "办件.csv").write_text(ROWS, encoding="utf-8")
    with pytest.raises(GovServiceError) as caught:
        read_records(tmp_path)
    assert [fault.hint.zh for fault in caught.value.faults] == ["它有：流水号、收到、办完、柜台"]


def test_beside_a_unit_a_limit_may_carry_its_own(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text("cases:\n  columns: {promised_limit: {column: 承诺, unit: workday}}\n", encoding="utf-8")
    cells = ("15", "当天", "5个自然日", "3天", "24小时", "若干")
    (tmp_path / "cases.csv").write_text("case,承诺\n" + "".join(f"C{at},{cell}\n" for at, cell in enumerate(cells)), encoding="utf-8")
    rows = list(read_records(tmp_path).rows("cases"))
    assert [str(row.facts["promised_limit"]) for row in rows[:5]] == ["15个工作日", "当天", "5个自然日", "3个工作日", "24小时"]
    assert "写了 unit 的列，格里写数，或带单位的时限：15、5个工作日、当天" in rows[5].text("zh")
