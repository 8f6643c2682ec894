"""Workbooks and CSV files as rows of plain cells: what a spreadsheet does to values, and files that mean harm."""

import io
import sys
import time as clock
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest

pytest.importorskip("python_calamine")
xlsxwriter = pytest.importorskip("xlsxwriter")

from govservice.errors import MissingPackage, RecordError  # noqa: E402
from govservice.reading.workbook import Bounds, CellError, cell_name, read_csv_sheet, read_workbook  # noqa: E402


def workbook(folder: Path, fill) -> Path:
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        fill(book, book.add_worksheet("退件"))
    return path


def with_part(path: Path, part: str, content: bytes) -> Path:
    """The workbook with one of its parts exchanged."""
    with zipfile.ZipFile(path) as archive:
        parts = {entry: archive.read(entry) for entry in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, old in parts.items():
            archive.writestr(name, content if name == part else old)
    return path


SHEET = "xl/worksheets/sheet1.xml"
EMPTY = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'


def values(folder: Path, fill) -> tuple:
    return read_workbook(workbook(folder, fill))[0].rows[0]


def test_a_cell_is_what_the_spreadsheet_shows_of_it(tmp_path):
    def fill(book, sheet):
        day, clock_time = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
        sheet.write_row(0, 0, [3.0, 0.1 + 0.2, 46112, True, " 有 空格 ", "=SUM(A1)", "   "])
        sheet.write_datetime(0, 7, datetime(2026, 3, 2), day)
        sheet.write_datetime(0, 8, datetime(2026, 3, 2, 8, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        sheet.write_datetime(0, 9, time(8, 20), clock_time)
        sheet.write_number(0, 10, 1.5, book.add_format({"num_format": "[h]:mm"}))
        sheet.write_string(0, 11, "_x0041_")

    assert values(tmp_path, fill) == (
        3, Decimal("0.3"), 46112, True, " 有 空格 ", "=SUM(A1)", None,
        date(2026, 3, 2), datetime(2026, 3, 2, 8, 30), time(8, 20), "36:00:00", "_x0041_",
    )  # fmt: skip


def test_a_formula_is_its_value_and_one_without_a_value_is_none_at_all(tmp_path):
    def fill(_book, sheet):
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write_formula(0, 1, '="a"', None, "a")
        sheet.write_formula(0, 2, "=1/0", None, "#DIV/0!")

    path = workbook(tmp_path, fill)
    assert read_workbook(path)[0].rows == ((2, "a", CellError("#DIV/0!")),)
    with_part(path, SHEET, EMPTY % b'<row r="2"><c r="B2"><f>1+1</f></c></row>')
    assert read_workbook(path)[0].rows == ((None, None), (None, CellError("=")))


def test_rows_begin_at_the_first_cell_and_end_with_the_last_value(tmp_path):
    def fill(book, sheet):
        sheet.write(2, 1, "a")
        for row in range(3, 500):
            sheet.write_blank(row, 30, None, book.add_format({"bold": True}))

    assert read_workbook(workbook(tmp_path, fill))[0].rows == ((None, None), (None, None), (None, "a"))


def test_hidden_sheets_and_merged_areas_are_told(tmp_path):
    def fill(book, sheet):
        sheet.merge_range("B2:C3", "x")
        book.add_worksheet("藏").hide()
        book.add_worksheet("深藏").very_hidden()

    sheets = read_workbook(workbook(tmp_path, fill))
    assert [(sheet.name, sheet.hidden, sheet.merged) for sheet in sheets] == [
        ("退件", False, ("B2:C3",)), ("藏", True, ()), ("深藏", True, ()),
    ]  # fmt: skip


def test_an_empty_workbook_has_sheets_without_rows(tmp_path):
    assert read_workbook(workbook(tmp_path, lambda *_: None))[0].rows == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "这是旧的 .xls，或者设了密码，与文件名不符"),
        ("编号,主件\n1,已带\n".encode(), "这不是工作簿，与文件名不符"),
        (b"", "这不是工作簿，与文件名不符"),
        (b"PK\x03\x04 and nothing", "工作簿已损坏"),
    ],
    ids=["xls", "csv", "empty", "cut"],
)
def test_another_kind_of_file_under_the_name_is_refused(tmp_path, content, said):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    with pytest.raises(RecordError) as refused:
        read_workbook(path)
    assert refused.value.what.zh == said
    assert refused.value.hint.zh == "请用 WPS 或 Excel 打开，另存为 .xlsx"


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<office/>")
    with pytest.raises(RecordError, match=r"this is no \.xlsx workbook"):
        read_workbook(path)


def test_what_unpacks_without_end_is_not_unpacked(tmp_path):
    bomb = with_part(workbook(tmp_path, lambda *_: None), SHEET, EMPTY % (b" " * 300_000_000))
    begun = clock.monotonic()
    with pytest.raises(RecordError, match="it unpacks to more than 100,000,000 bytes"):
        read_workbook(bomb)
    assert clock.monotonic() - begun < 10


def test_a_size_that_the_archive_lies_about_is_refused(tmp_path):
    path = with_part(workbook(tmp_path, lambda *_: None), SHEET, EMPTY % (b" " * 5_000_000))
    content = path.read_bytes()
    true = len(EMPTY % b"") + 5_000_000
    assert content.count(true.to_bytes(4, "little")) == 2
    path.write_bytes(content.replace(true.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with pytest.raises(RecordError, match="the workbook is damaged"):
        read_workbook(path)


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path):
    def fill(_book, sheet):
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "b")

    with pytest.raises(RecordError) as refused:
        read_workbook(workbook(tmp_path, fill))
    assert refused.value.what.zh == "工作表“退件”的内容一直到 XFD1048576，超过 1,000,000 个单元格"


@pytest.mark.parametrize("place", ['r="A99999999"', 'r="ZZZ1"'])
def test_a_cell_that_no_sheet_has_is_refused(tmp_path, place):
    path = with_part(workbook(tmp_path, lambda *_: None), SHEET, EMPTY % (f'<row r="1"><c {place}><v>1</v></c></row>'.encode()))
    with pytest.raises(RecordError):
        read_workbook(path)


def test_entities_are_not_expanded(tmp_path):
    laughs = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + EMPTY % b"<row><c><v>&b;</v></c></row>"
    with pytest.raises(RecordError, match="a document type is not read"):
        read_workbook(with_part(workbook(tmp_path, lambda *_: None), SHEET, laughs))


def test_broken_parts_are_refused_and_never_a_crash(tmp_path):
    for part in ("xl/workbook.xml", SHEET, "xl/styles.xml", "xl/sharedStrings.xml", "[Content_Types].xml"):
        for content in (b"", b"<", b"\xff\xfe", b"<sst><si></sst>"):
            path = with_part(workbook(tmp_path, lambda _book, sheet: sheet.write(0, 0, "a")), part, content)
            with suppress(RecordError):
                assert read_workbook(path)[0].name == "退件"


def test_files_and_sheets_are_bounded(tmp_path):
    path = workbook(tmp_path, lambda book, _: [book.add_worksheet(f"{n}") for n in range(5)])
    with pytest.raises(RecordError, match="more than 5 sheets"):
        read_workbook(path, Bounds(sheets=5))
    with pytest.raises(RecordError, match="a file of more than 100 bytes"):
        read_workbook(path, Bounds(bytes=100))
    with pytest.raises(RecordError, match="the file cannot be read"):
        read_workbook(tmp_path / "none.xlsx")
    with pytest.raises(RecordError, match="the file cannot be read"):
        read_workbook(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv_is_read_in_the_encodings_that_spreadsheets_write(tmp_path, encoding, delimiter):
    path = tmp_path / "退件.csv"
    path.write_bytes(
        delimiter.join(["编号", "主件", " "]).encode(encoding) + f"\r\n{delimiter}已带\r\n\r\n".encode(encoding.removesuffix("-sig"))
    )
    sheet = read_csv_sheet(path)
    assert (sheet.name, sheet.rows) == ("退件", (("编号", "主件", None), (None, "已带", None)))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04", "这是电子表格，只是文件名写成了 .csv"),
        ("a,b".encode("utf-16"), "文字是 UTF-16 编码"),
        (b"a\0b", "含有空字节"),
        (b"\xff\xff\xff", "文字既不是 UTF-8 也不是 GB18030 编码"),
        (b'a,"b\nc', "这一行无法读取：unexpected end of data"),
        (b"," * 1_000_001, "超过 1,000,000 个单元格"),
    ],
    ids=["xlsx", "utf-16", "nul", "binary", "quote", "large"],
)
def test_csv_that_cannot_be_read_is_refused(tmp_path, content, said):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(RecordError) as refused:
        read_csv_sheet(path)
    assert refused.value.what.zh == said


def test_without_the_package_one_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingPackage) as missing:
        read_workbook(tmp_path / "t.xlsx")
    assert missing.value.text("zh").startswith("读工作簿需要 python-calamine；pip install")


def test_cells_are_named_as_spreadsheets_name_them():
    names = [cell_name(1, column) for column in (1, 26, 27, 702, 703, 16_384)]
    assert names == ["A1", "Z1", "AA1", "ZZ1", "AAA1", "XFD1"]


def test_an_archive_in_memory_is_not_changed_by_reading(tmp_path):
    path = workbook(tmp_path, lambda _book, sheet: sheet.write(0, 0, "a"))
    before = path.read_bytes()
    read_workbook(path)
    assert path.read_bytes() == before
    assert zipfile.is_zipfile(io.BytesIO(before))
