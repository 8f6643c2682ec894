"""Records in a workbook: the same rows as in a text file, typed cells as they are meant, and every refusal by its place."""

from __future__ import annotations

import builtins
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.errors import MissingPackage, RecordError
from govservice.limits import TimeLimit
from govservice.records import Row, SetAside, draft_mapping, read_records
from govservice.run import run
from govservice.run.stream import stream

xlsxwriter = pytest.importorskip("xlsxwriter")
pytest.importorskip("python_calamine")

HEAD = ["办件编号", "事项", "收件日", "受理时刻", "承诺工作日数", "法定时限", "窗口", "结果有误", "备注"]


class Book:
    """A workbook being written, with the formats that the tests need."""

    def __init__(self, file: Path) -> None:
        self.book = xlsxwriter.Workbook(str(file))
        codes = {"day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "five": "00000", "clock": "h:mm:ss AM/PM"}
        self.formats = {name: self.book.add_format({"num_format": code}) for name, code in codes.items()}

    def sheet(self, name: str, rows: list[list[Any]], first: int = 0, *, hidden: bool = False) -> Any:
        sheet = self.book.add_worksheet(name)
        for number, row in enumerate(rows, first):
            for column, cell in enumerate(row):
                self._cell(sheet, number, column, cell)
        if hidden:
            sheet.hide()
        return sheet

    def _cell(self, sheet: Any, row: int, column: int, cell: Any) -> None:
        match cell:
            case None:
                return
            case datetime():
                sheet.write_datetime(row, column, cell, self.formats["moment"])
            case date():
                sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), self.formats["day"])
            case str():
                sheet.write_string(row, column, cell)
            case (int() as number, str() as code):
                sheet.write_number(row, column, number, self.formats[code])
            case bool():
                sheet.write_boolean(row, column, cell)
            case _:
                sheet.write_number(row, column, cell)


def workbook(folder: Path, fill: Callable[[Book], object], name: str = "cases.xlsx", mapping: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    book = Book(folder / name)
    fill(book)
    book.book.close()
    if mapping:
        (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return folder


def rows_of(folder: Path, table: str = "cases") -> list[Row | SetAside]:
    return list(read_records(folder, book="kunshan").rows(table))


def aside(folder: Path) -> list[str]:
    return [row.text() for row in rows_of(folder) if isinstance(row, SetAside)]


ROWS: list[list[Any]] = [
    HEAD,
    ["0017", "I1", date(2026, 2, 13), datetime(2026, 2, 13, 9, 30), 5, "10个工作日", 101, False, "x"],
    ["0018", "I1", "2026年2月14日", datetime(2026, 2, 14), 2.5, "24小时", "W1", True, None],
    [None] * 9,
    ["0019", "I1", datetime(2026, 2, 13, 16, 5), None, None, None, 102.5, "否", 7],
]
TEXT = """\
办件编号,事项,收件日,受理时刻,承诺工作日数,法定时限,窗口,结果有误,备注
0017,I1,2026-02-13,2026-02-13 09:30,5,10个工作日,101,0,x
0018,I1,2026年2月14日,2026-02-14 00:00,2.5,24小时,W1,1,

0019,I1,2026-02-13 16:05,,,,102.5,否,7
"""


def test_the_same_rows_as_text_and_as_a_sheet_come_to_the_same(tmp_path: Path) -> None:
    sheet = workbook(tmp_path / "sheet", lambda book: book.sheet("办件", [[*row] for row in ROWS[:-1]]))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "cases.csv").write_text("\n".join(TEXT.split("\n")[:3]) + "\n", encoding="utf-8")
    read, written = rows_of(sheet), rows_of(tmp_path / "text")
    assert [row.facts for row in read if isinstance(row, Row)] == [row.facts for row in written if isinstance(row, Row)]
    assert [row.line for row in read] == [row.line for row in written] == [2, 3]
    one, other = (run("kunshan", read_records(folder, book="kunshan")) for folder in (sheet, tmp_path / "text"))
    assert [case.to_dict() for case in one.cases] == [case.to_dict() for case in other.cases]
    streamed = [
        stream("kunshan", folder, tmp_path / f"out{at}", form="csv", on="2026-02-13")
        for at, folder in enumerate((sheet, tmp_path / "text"))
    ]
    assert len({(done.folder / "cases-000001.csv").read_bytes() for done in streamed}) == 1


def test_cells_are_what_they_are_meant_to_be(tmp_path: Path) -> None:
    first, second, third = rows_of(workbook(tmp_path, lambda book: book.sheet("办件", ROWS)))
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.facts["case"] == "0017"
    assert first.facts["received_on"] == date(2026, 2, 13)
    assert first.facts["accepted_at"] == datetime(2026, 2, 13, 9, 30)
    assert first.facts["window"] == "101"
    assert second.facts["accepted_at"] == datetime(2026, 2, 14)  # midnight: the cell shows its time
    assert second.facts["promised_days"] == Decimal("2.5")
    assert second.facts["statutory_limit"] == TimeLimit(24, "hour")
    assert second.facts["result_wrong"] is True
    assert isinstance(third, SetAside)  # a window is named by it: 102.5 names none
    assert third.text().startswith("cases.xlsx[办件]:5: 0019: 窗口: cell G5: ")


def test_a_number_that_is_shown_with_leading_zeros_has_them(tmp_path: Path) -> None:
    folder = workbook(tmp_path, lambda book: book.sheet("x", [["办件编号"], [(17, "five")], [(123456, "five")], ["00018"]]))
    assert [row.id for row in rows_of(folder)] == ["00017", "123456", "00018"]


def test_a_long_number_that_the_spreadsheet_cut_names_nothing(tmp_path: Path) -> None:
    folder = workbook(tmp_path, lambda book: book.sheet("x", [["办件编号"], [320583199001010017.0]]))
    assert "has zeros behind its 15th digit" in aside(folder)[0]


def test_errors_cost_the_rows_that_need_the_cell_and_no_other(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        sheet = book.sheet("办件", [["办件编号", "收件日", "旁注"], ["C1"], ["C2"]])
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    folder = workbook(tmp_path, fill)
    assert aside(folder) == ["cases.xlsx[办件]:2: C1: 收件日: cell B2: an error of the spreadsheet: #DIV/0!"]
    other = rows_of(folder)[1]
    assert isinstance(other, Row)
    assert dict(other.unread) == {"旁注": "#DIV/0!"}
    done = stream("kunshan", folder, tmp_path / "out", form="csv", on="2026-02-13")
    assert (done.out, done.set_aside) == (1, 1)


def test_merged_cells_hold_one_value_and_are_filled_where_the_mapping_says_so(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        sheet = book.sheet("办件", [["办件编号", "窗口"], ["C1"], ["C2"], ["C3", "W3"]])
        sheet.merge_range("B2:B3", "W1")

    folder = workbook(tmp_path, fill)
    assert aside(folder) == [
        "cases.xlsx[办件]:3: C2: 窗口: cell B3: it is part of the merged cells B2:B3, whose value stands in B2; unmerge them, or say "
        "merged: fill in the mapping"
    ]
    (folder / "mapping.yaml").write_text("cases: {merged: fill}\n", encoding="utf-8")
    assert [row.facts["window"] for row in rows_of(folder) if isinstance(row, Row)] == ["W1", "W1", "W3"]


def test_the_header_may_stand_below_a_title(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        sheet = book.sheet("办件", [["办件编号", None, "乱"], ["C1", "W1", "x"]], 2)
        sheet.merge_range("A1:C1", "二〇二六年办件一览")
        sheet.merge_range("B2:B3", "窗口")

    folder = workbook(tmp_path, fill)
    with pytest.raises(RecordError) as caught:
        rows_of(folder)
    assert "no column is known" in str(caught.value)
    (folder / "mapping.yaml").write_text("cases: {header: 3}\n", encoding="utf-8")
    (row,) = rows_of(folder)
    assert isinstance(row, Row)
    assert (row.line, row.facts["window"], dict(row.unread)) == (4, "W1", {"乱": "x"})


def test_several_sheets_are_listed_and_one_is_named(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        book.sheet("一月", [["办件编号"], ["C1"]])
        book.sheet("二月", [["办件编号"], ["C2"]])
        book.sheet("码表", [["x"], ["y"]], hidden=True)
        book.book.add_worksheet("空")

    folder = workbook(tmp_path, fill)
    with pytest.raises(RecordError) as caught:
        rows_of(folder)
    assert str(caught.value) == "cases.xlsx: several sheets: 一月, 二月; say sheet: in the mapping which one holds the rows"
    (folder / "mapping.yaml").write_text("cases: {sheet: 二月}\n", encoding="utf-8")
    assert [row.id for row in rows_of(folder)] == ["C2"]
    (folder / "mapping.yaml").write_text("cases: {sheet: 三月}\n", encoding="utf-8")
    with pytest.raises(RecordError, match="no sheet is called '三月'"):
        rows_of(folder)


def test_a_column_named_twice_is_told_by_its_cell(tmp_path: Path) -> None:
    folder = workbook(tmp_path, lambda book: book.sheet("x", [["办件编号", "窗口", "窗口"], ["C1", "W1", "W2"]]))
    with pytest.raises(RecordError, match=r"header of the sheet x twice: 窗口 \(C1\)"):
        rows_of(folder)


def test_without_the_package_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workbook(tmp_path, lambda book: book.sheet("x", [["办件编号"], ["C1"]]))
    known = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "python_calamine":
            raise ImportError(name)
        return known(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingPackage) as caught:
        rows_of(folder)
    assert "python-calamine>=0.4" in str(caught.value)
    assert "csv" not in str(caught.value).lower()


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases.xlsx").write_bytes(b"case\nC1\n")
    with pytest.raises(RecordError, match=r"cases\.xlsx: this is no workbook, whatever its name"):
        rows_of(tmp_path)


def test_a_mapped_workbook_and_keys_of_sheets_for_other_files(tmp_path: Path) -> None:
    mapping = "cases: {file: 导出.xlsx, columns: {case: 编号, promised_limit: {column: 时限, unit_column: 单位}}}\n"
    rows = [["编号", "时限", "单位"], [1001, 5, "工作日"], [1002, 30, "Z"]]
    folder = workbook(tmp_path, lambda book: book.sheet("x", rows), "导出.xlsx", mapping)
    assert [row.facts["promised_limit"] for row in rows_of(folder) if isinstance(row, Row)] == [
        TimeLimit(5, "workday"),
        TimeLimit(30, "natural_day"),
    ]
    (folder / "cases.csv").write_text("编号\n1\n", encoding="utf-8")
    (folder / "mapping.yaml").write_text("cases: {file: cases.csv, sheet: x, columns: {case: 编号}}\n", encoding="utf-8")
    with pytest.raises(RecordError, match="sheet, header and merged are of workbooks"):
        rows_of(folder)


def test_a_round_of_a_run_names_the_sheet(tmp_path: Path) -> None:
    folder = workbook(tmp_path, lambda book: book.sheet("办件", ROWS))
    done = run(load_rulebook("kunshan"), read_records(folder, book="kunshan"))
    (source,) = done.summary()["rows"]
    assert (source["file"], source["in"], source["out"], source["set_aside"]) == ("cases.xlsx[办件]", 3, 1, 2)
    assert [aside.reason.en.partition(";")[0] for aside in done.set_aside] == [
        "24 hours: the start is the day 2026-02-14, and a moment is needed",
        "cell G5: 102.5 is not text",
    ]


def rewritten(file: Path, change: Callable[[str], str]) -> None:
    """The first sheet's XML as other programs write it."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = change(parts[sheet].decode()).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("value", ["<v></v>", "<v/>", "<v> </v>", ""])
def test_a_formula_that_was_never_worked_out_has_no_value_however_that_is_written(tmp_path: Path, value: str) -> None:
    folder = workbook(tmp_path, lambda book: book.sheet("办件", [["办件编号", "收件日"], ["C1", 1], ["C2", date(2026, 3, 2)]]))
    rewritten(folder / "cases.xlsx", lambda xml: xml.replace('<c r="B2"><v>1</v></c>', f'<c r="B2"><f>TODAY()</f>{value}</c>'))
    assert aside(folder) == ["cases.xlsx[办件]:2: C1: 收件日: cell B2: the formula was never worked out: open the file and save it"]


def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    folder = workbook(tmp_path, lambda book: book.sheet("办件", [["办件编号", "收件日"], ["C1", 1], ["C2", date(2026, 3, 2)]]))
    rewritten(folder / "cases.xlsx", lambda xml: xml.replace('<c r="B2"><v>1</v></c>', '<c r="B2" t="str"><f>IF(1,"",2)</f><v></v></c>'))
    first, _ = rows_of(folder)
    assert isinstance(first, Row)
    assert "received_on" not in first.facts


def test_a_header_of_two_rows_is_told_by_its_lower_row(tmp_path: Path) -> None:
    def fill(book: Book) -> None:
        rows = [["办件编号", None, None, "窗口"], [None, "收件日", "办结日", None], ["C1", date(2026, 3, 2), date(2026, 3, 3), "W1"]]
        sheet = book.sheet("办件", rows)
        sheet.merge_range("A1:A2", "办件编号")
        sheet.merge_range("B1:C1", "时间")
        sheet.merge_range("D1:D2", "窗口")

    folder = workbook(tmp_path, fill)
    with pytest.raises(RecordError) as caught:
        rows_of(folder)
    assert "the header of cases.xlsx[办件] stands in row 2, and row 1 was taken for it; say header: 2" in str(caught.value)
    draft = draft_mapping(folder).text
    assert "  header: 2\n" in draft
    (folder / "mapping.yaml").write_text(draft, encoding="utf-8")
    (row,) = rows_of(folder)
    assert isinstance(row, Row)
    assert row.facts == {"case": "C1", "received_on": date(2026, 3, 2), "closed_on": date(2026, 3, 3), "window": "W1"}


def test_a_day_in_eight_digits_is_read_as_a_number_too(tmp_path: Path) -> None:
    rows = [["办件编号", "收件日"], ["C1", 20260213], ["C2", "20260213"], ["C3", 46066], ["C4", 20260230]]
    folder = workbook(tmp_path, lambda book: book.sheet("办件", rows))
    days = [row.facts["received_on"] for row in rows_of(folder) if isinstance(row, Row)]
    assert days == [date(2026, 2, 13), date(2026, 2, 13)]
    assert [line.rpartition("cell ")[2] for line in aside(folder)] == [
        "B4: 46066 is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日",
        "B5: '20260230' is not a date; there is no such day or time",
    ]
