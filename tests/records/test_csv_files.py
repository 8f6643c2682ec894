"""CSV as real exports write it: encodings, headers, quotes; a bad row is set aside where it stands, a bad file is told with its line."""

import gzip
import os
import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import load_rulebook
from govservice.errors import RecordError
from govservice.records import Row, SetAside, read_records
from govservice.records.csvfile import csv_header, csv_rows

HEADER = "事项编码,事项名称,办件类型,承诺工作日数,是否收费\n"


def folder_of(tmp_path: Path, content: str | bytes, name: str = "items.csv") -> Path:
    folder = tmp_path / "records"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def rows(folder: Path, table: str = "items") -> list[Row | SetAside]:
    return list(read_records(folder).rows(table))


def refusal(folder: Path) -> str:
    with pytest.raises(RecordError) as caught:
        list(read_records(folder).rows("items"))
    return str(caught.value)


@pytest.mark.parametrize(("encoding", "named"), [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030")])
@pytest.mark.parametrize("packed", [False, True])
def test_every_usual_encoding_gives_the_same_rows_and_is_named(tmp_path: Path, encoding: str, named: str, packed: bool) -> None:
    content = (HEADER + "A1,排水许可,承诺件,５,否\n").encode(encoding)
    folder = folder_of(tmp_path, gzip.compress(content) if packed else content, "items.csv.gz" if packed else "items.csv")
    records = read_records(folder)
    assert records.sources["items"].encoding == named
    (row,) = records.rows("items")
    assert isinstance(row, Row)
    assert row.facts == {"item": "A1", "item_name": "排水许可", "case_type": "promised", "promised_days": Decimal(5), "charged": False}
    assert pickle.loads(pickle.dumps(row)) == row


def test_values_are_read_in_the_notations_of_exports(tmp_path: Path) -> None:
    text = "办件编号,收件日,受理日,受理时刻,评价,法定时限\nC1,2026年2月13日,20260213,2026/2/13 9:30,1,20个工作日\n"
    (row,) = rows(folder_of(tmp_path, text, "cases.csv"), "cases")
    assert isinstance(row, Row)
    assert row.facts["received_on"] == row.facts["accepted_on"] == date(2026, 2, 13)
    assert row.facts["rating"] == "very_satisfied"
    assert str(row.facts["statutory_limit"]) == "20个工作日"


def test_a_row_with_a_wrong_value_is_set_aside_with_place_field_and_reason(tmp_path: Path) -> None:
    good, bad = rows(folder_of(tmp_path, HEADER + 'A1,"两行\n名称",承诺件,5,否\nA2,排水许可,承诺件,五天,否\n'))
    assert isinstance(good, Row)
    assert isinstance(bad, SetAside)
    assert (bad.file, bad.line, bad.id, bad.field) == ("items.csv", 4, "A2", "承诺工作日数")  # a name on two lines: the row is in line 4
    assert bad.text() == "items.csv:4: A2: 承诺工作日数: '五天' is not a number; write digits without units: 200"
    assert bad.row["事项名称"] == "排水许可"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A2,x,承诺件,5", "4 cells, and 5 columns"),
        ("A2,x,承诺件,5,否,更多", "6 cells, and 5 columns"),
        (",x,承诺件,5,否", "no id is given"),
        ("A1,x,即办件,1,否", "the id stands in line 2 already"),
        ("A2,x,承诺件,nan,否", "'nan' is not a number; write digits without units: 200"),
        ("A2,x,承诺件,-5,否", "承诺工作日数: -5 is less than 0; give 0 or more"),
        ("A2,x\0y,承诺件,5,否", "the row holds a NUL byte"),
        ('A2,"x"y,承诺件,5,否', "the row cannot be read: ',' expected after '\"'"),
        ("A2,x,承诺件,5,不详", "'不详' is not yes or no; write true or false, 是 or 否, 1 or 0"),
        ("A2,x,承诺件," + "9" * 5000 + ",否", "'999999999999999999999999999...9999999999999999999999999999' is not a number"),
    ],
)
def test_what_cannot_be_read_is_never_dropped_and_the_rows_around_it_stand(tmp_path: Path, row: str, reason: str) -> None:
    found = rows(folder_of(tmp_path, f"{HEADER}A1,x,即办件,1,否\n{row}\n\nA3,x,即办件,1,否\n"))
    assert [type(one) for one in found] == [Row, SetAside, Row]
    assert isinstance(found[1], SetAside)
    assert found[1].reason.en.startswith(reason)
    assert found[1].line == 3
    assert found[2].line == 5


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "items.csv:1: the file is empty"),
        (b"\xef\xbb\xbf \r\n", "items.csv:1: the file is empty"),
        ("事项编码,办件类型".encode("utf-16"), "items.csv:1: the text is UTF-16; save it as UTF-8"),
        (b"PK\x03\x04....", "items.csv:1: this is a spreadsheet, not a text file; name it .xlsx: its sheets are read as they are"),
        (
            b"item,case_type\nA1,\xff\xff\n",
            "items.csv:2: the text is neither UTF-8 nor GB18030; as GB18030 it breaks off in line 2; save it as UTF-8",
        ),
        (
            "A1,即办件\nA2,承诺件\n",
            "items.csv:1: no column is known: A1, 即办件; is the header missing? "
            "name the columns by their facts, or map them in mapping.yaml, of which govservice map makes a draft",
        ),
        (
            "item;case_type\nA1;即办件\n",
            "items.csv:1: no column is known: item;case_type; its columns are parted by ';': say delimiter: in mapping.yaml",
        ),
        ("item, item \nA1,A2\n", "items.csv:1: columns that stand in the header twice: item; the first line names each column once"),
        ("item\0,x\n", "items.csv:1: the header holds a NUL byte; the first line names each column once"),
    ],
    ids=["empty", "blank", "utf-16", "spreadsheet", "neither encoding", "no header", "other delimiter", "named twice", "nul"],
)
def test_a_file_that_is_no_table_is_refused_with_the_reason(tmp_path: Path, content: str | bytes, message: str) -> None:
    assert refusal(folder_of(tmp_path, content)) == message


@pytest.mark.parametrize("rest", ["", "x" * 300_000 + "\n"], ids=["plain", "with a huge field"])
def test_a_quote_never_closed_costs_its_own_line_and_swallows_none(tmp_path: Path, rest: str) -> None:
    text = HEADER + 'A1,x,承诺件,5,否\nA2,"x,承诺件,5,否\n' + "".join(f"A{n},x,承诺件,5,否\n" for n in (3, 4, 5)) + rest
    found = rows(folder_of(tmp_path, text))
    assert [(row.line, row.id) for row in found if isinstance(row, Row)] == [(2, "A1"), (4, "A3"), (5, "A4"), (6, "A5")]
    aside = next(row for row in found if isinstance(row, SetAside))
    assert (aside.line, dict(aside.row)) == (3, {"": 'A2,"x,承诺件,5,否'})
    assert aside.reason.en.startswith("a quote that opens here is not closed, and would swallow lines to")


@pytest.mark.parametrize("apart", [1, 2, 3, 4_998], ids=lambda apart: f"{apart} rows apart")
@pytest.mark.parametrize("place", [0, 1, 4])
@pytest.mark.parametrize("form", ["A{}", "办件-{}", "{}"])
def test_a_pair_of_stray_quotes_swallows_no_row(tmp_path: Path, apart: int, place: int, form: str) -> None:
    table = [[form.format(n), "x", "承诺件", "5", "否"] for n in range(1, apart + 4)]
    table[1][place] = f'"{table[1][place]}'
    table[1 + apart][place] += '"'
    found = rows(folder_of(tmp_path, HEADER + "".join(",".join(row) + "\n" for row in table)))
    assert len(found) == len(table)
    assert [row.line for row in found] == list(range(2, len(table) + 2))
    assert isinstance(found[1], SetAside)
    assert all(isinstance(row, Row) for row in [found[0], *found[2 : 1 + apart], *found[2 + apart :]])


def test_a_text_on_several_lines_is_one_cell(tmp_path: Path) -> None:
    told = "第一，\n第二, 第三\n（3）其余, 见附件, 共2份\n" + "x\n" * 100
    (row,) = rows(folder_of(tmp_path, f'{HEADER}A1,"{told}",承诺件,5,否\n'))
    assert isinstance(row, Row)
    assert row.facts["item_name"] == told.strip()


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (
            "C2,2026-03-1",
            "the last line has no end, and '2026-03-1' may be the beginning of another day; end the line, or write 2026-03-01",
        ),
        ("C2,2026/3/1", "the last line has no end, and '2026/3/1' may be the beginning of another day; end the line, or write 2026-03-01"),
        ("C2", "1 cells, and 2 columns; the last line has no end: the file may be cut off"),
        ("C2,2026-03", "'2026-03' is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日"),
        ("C2,2026-03-1\n", None),
        ("C2,2026-03-12", None),
    ],
)
def test_a_last_line_that_breaks_off_gives_no_day(tmp_path: Path, last: str, why: str | None) -> None:
    folder = folder_of(tmp_path, f"case,received_on\nC1,2026-03-1\n{last}", "cases.csv")
    first, second = rows(folder, "cases")
    assert isinstance(first, Row)
    assert why == (second.reason.en if isinstance(second, SetAside) else None)


@pytest.mark.parametrize(
    ("name", "bad"), [("items.csv", 'A2,"x"y,' + "z" * 50_000), ("items.jsonl", '{"item": "A2", "' + "z" * 50_000)], ids=["csv", "jsonl"]
)
def test_a_line_that_cannot_be_read_is_kept_whole(tmp_path: Path, name: str, bad: str) -> None:
    folder = folder_of(tmp_path, f"{HEADER}{bad}\n" if name.endswith("csv") else f"{bad}\n", name)
    (row,) = rows(folder)
    assert isinstance(row, SetAside)
    assert row.row == {"": bad}


def test_of_a_line_beyond_all_use_the_beginning_is_kept_and_that_is_said(tmp_path: Path) -> None:
    found = rows(folder_of(tmp_path, f"{HEADER}A1,{'x' * 2_000_000},即办件,1,否\nA2,x,即办件,1,否\n"))
    assert [type(one) for one in found] == [SetAside, Row]
    assert isinstance(found[0], SetAside)
    assert len(str(found[0].row[""])) == 1_000_000
    assert found[0].reason.en.endswith("; of its 2,000,011 characters the first 1,000,000 are kept here, the whole is line 2 of the file")


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, gzip.compress(HEADER.encode() + b"x" * 9_000_000), "items.csv.gz")
    assert refusal(folder) == "items.csv.gz:2: a line of more than 8,000,000 characters; a table has one row a line"


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govservice.records.opening._BOMB_BYTES", 3_000_000)
    packed = gzip.compress(b"item\n" + b"\n" * 5_000_000)
    assert refusal(folder_of(tmp_path, packed, "items.csv.gz")) == "items.csv.gz: the archive unpacks to more than 200 times its size"


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    packed = gzip.compress((HEADER + "A1,x,即办件,1,否\n" * 100).encode())
    assert refusal(folder_of(tmp_path, packed[:-20], "items.csv.gz")).startswith("items.csv.gz: the archive is damaged")
    assert refusal(folder_of(tmp_path, b"not packed at all", "items.csv.gz")).startswith("items.csv.gz: the archive is damaged")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_only_plain_files_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    file = folder / "items.csv"
    os.mkfifo(file)
    assert refusal(folder) == "items.csv: this is a pipe or a device, not a plain file; put the file itself into the folder"
    file.unlink()
    (tmp_path / "elsewhere.csv").write_text(HEADER, encoding="utf-8")
    file.symlink_to(tmp_path / "elsewhere.csv")
    assert refusal(folder) == "items.csv: this is a link, not a plain file; put the file itself into the folder"
    file.unlink()
    file.mkdir()
    assert refusal(folder) == "items.csv: this is a folder, not a plain file; put the file itself into the folder"


def test_a_file_that_vanishes_or_changes_meanwhile_is_told(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, HEADER + "A1,x,即办件,1,否\n")
    records = read_records(folder)
    (folder / "items.csv").write_bytes(HEADER.encode() + b"A1,\xff,\n")
    with pytest.raises(RecordError, match="the file changed while it was read"):
        list(records.rows("items"))
    (folder / "items.csv").unlink()
    with pytest.raises(RecordError, match=r"items\.csv: the file cannot be read; No such file or directory"):
        list(records.rows("items"))


def test_a_folder_without_records_says_what_to_call_them(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"{tmp_path}: no records are in the folder; call a file items.csv, applications.csv, cases.csv"
    (tmp_path / "item.csv").write_text(HEADER, encoding="utf-8")
    assert refusal(tmp_path) == f'{tmp_path}: no records are in the folder; rename "item.csv" → "items.csv"?'


def test_two_files_of_one_table_are_not_chosen_between(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, HEADER)
    folder_of(tmp_path, HEADER, "items.jsonl")
    assert refusal(folder) == f"{folder}: several files of items: items.csv, items.jsonl; keep one, or name it in mapping.yaml"


def test_columns_that_no_fact_is_known_for_stand_aside_and_are_kept(tmp_path: Path) -> None:
    (row,) = rows(folder_of(tmp_path, "item,备注,\nA1,急,x\n"))
    assert isinstance(row, Row)
    assert row.facts == {"item": "A1"}
    assert row.unread == {"备注": "急", "(3)": "x"}


def test_facts_of_the_centres_own_are_read_under_its_rulebook(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "申请编号,当天难以决定\nS1,是\n", "applications.csv")
    (own,) = read_records(folder, book=load_rulebook("kunshan")).rows("applications")
    (standard,) = read_records(folder).rows("applications")
    assert own.facts == {"application": "S1", "hard_to_decide": True}  # type: ignore[union-attr]
    assert standard.unread == {"当天难以决定": "是"}  # type: ignore[union-attr]


def test_rows_are_streamed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, HEADER + "".join(f"A{n},x,即办件,1,否\n" for n in range(5_000)))
    told: list[tuple[str, int, int | None]] = []
    records = read_records(folder, progress=lambda what, done, total: told.append((what, done, total)))
    stream = records.rows("items")
    assert next(stream).id == "A0"
    assert told == [("items.csv", 0, None)]  # nothing was read ahead
    assert sum(1 for _ in stream) == 4_999
    assert told[-1] == ("items.csv", 5_000, 5_000)


@given(st.lists(st.lists(st.text(alphabet='ab,"\n\r\0汉', max_size=6), min_size=1, max_size=4), max_size=8))
def test_rows_in_are_rows_read_and_rows_with_a_fault(tmp_path_factory: pytest.TempPathFactory, table: list[list[str]]) -> None:
    """Whatever stands in the cells, a well-written table loses nothing."""
    import csv
    import io

    text = io.StringIO(newline="")
    csv.writer(text).writerows([["item", "x"], *table])
    file = tmp_path_factory.mktemp("csv") / "items.csv"
    file.write_bytes(text.getvalue().encode())
    found = list(csv_rows(file, "utf-8", ",", csv_header(file, "utf-8", ",")))
    assert len(found) == len(table)
    for raw, cells in zip(found, table, strict=True):
        assert (raw.fault is None) == (len(cells) == 2 and "\0" not in "".join(cells))
        if raw.fault is None:
            assert list(raw.values.values()) == cells
