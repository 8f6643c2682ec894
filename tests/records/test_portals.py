"""What portals export: their codes and names of case types and units, and what the rows of further files add to an item."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import RecordError
from govservice.limits import PORTAL_CODES, TimeLimit
from govservice.records import Row, SetAside, read_records
from govservice.records.faults import MappingError
from govservice.records.portals import CALLED, UNIT_CODES, known_as
from govservice.run import run

from ..beside import DATA

BOOK = """\
rulebook: own
title: 本地
extends: [standard]
tables:
  item:
    special_days: {type: decimal, label: 特别程序日数}
    special_kinds: {type: list, label: 特别程序}
    material_count: {type: integer, label: 材料数}
"""


def items(folder: Path, text: str, mapping: str = "", **files: str) -> list[Row | SetAside]:
    (folder / "items.csv").write_text(text, encoding="utf-8")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    if mapping:
        (folder / "mapping.yaml").write_text(mapping, encoding="utf-8")
    (folder / "own.yaml").write_text(BOOK, encoding="utf-8")
    return list(read_records(folder, book=load_rulebook(folder / "own.yaml")).rows("items"))


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("1", "instant"), ("01", "instant"), ("2", "promised"), ("9", "other"), ("即办件", "instant"), ("即时办理件", "instant"),
        ("承诺办理件", "promised"), ("联合办理件", "joint"), ("批件", "escalated"), ("上报件", "escalated"),
    ],
)  # fmt: skip
def test_case_types_are_read_as_portals_and_centres_write_them(tmp_path: Path, written: str, means: str) -> None:
    (row,) = items(tmp_path, f"事项编码,办件类型\nA1,{written}\n")
    assert isinstance(row, Row)
    assert row.facts["case_type"] == means


def test_a_mapping_that_names_the_values_is_alone_heard(tmp_path: Path) -> None:
    first, second = items(
        tmp_path, "事项编码,t\nA1,2\nA2,即时办理件\n", "items: {columns: {case_type: {column: t, values: {2: instant}}}}\n"
    )
    assert isinstance(first, Row)
    assert first.facts["case_type"] == "instant"
    assert isinstance(second, SetAside)


@pytest.mark.parametrize("code", [*PORTAL_CODES, "工作日", "自然日", "小时", "分钟", "月"])
def test_units_are_read_by_code_and_by_name(tmp_path: Path, code: str) -> None:
    (row,) = items(tmp_path, f"事项编码,n,u\nA1,3,{code}\n", "items: {columns: {promised_limit: {column: n, unit_column: u}}}\n")
    assert isinstance(row, Row)
    assert row.facts["promised_limit"] == TimeLimit(3, UNIT_CODES[code])


def test_one_way_of_writing_means_one_thing_and_has_a_source() -> None:
    assert len({(each.written, each.means) for each in CALLED}) == len(CALLED)
    assert all(each.source for each in CALLED)
    case_types = {each.written for each in CALLED if each.means not in UNIT_CODES.values()}
    assert case_types.isdisjoint(UNIT_CODES)


def test_a_books_own_word_stands_before_what_others_mean_by_it(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text(
        "rulebook: b\ntables:\n  item:\n    item: {type: text}\n    t: {type: choice, values: {instant: 即办, other: 即时办理件}}\n",
        encoding="utf-8",
    )
    kind = load_rulebook(tmp_path / "b.yaml").contents.column("item", "t")
    assert kind is not None
    assert "即时办理件" not in known_as(kind.type)


ROWS = """\
items:
  rows:
    materials: {file: materials.csv, id: 事项, column: 材料, order_by: 序号}
    special_days: {file: special.csv, id: 事项, column: 天数}
    special_kinds: {file: special.csv, id: 事项, column: 程序}
    材料数: {file: materials.csv, id: 事项, as: count}
"""
MATERIALS = "事项,序号,材料\nA1,10,身份证（正、反面）\nA1,2,申请书\nA2,1,营业执照\nA9,1,多余\n"
SPECIAL = "事项,程序,天数\nA1,听证,20\nA1,专家评审,1.5\nA2,检验,三十\n"


def test_materials_and_days_of_special_procedures_come_from_rows_of_their_own(tmp_path: Path) -> None:
    first, second, third = items(tmp_path, "事项编码\nA1\nA2\nA3\n", ROWS, materials=MATERIALS, special=SPECIAL)
    assert isinstance(first, Row)
    assert first.facts["materials"] == ("申请书", "身份证（正、反面）")
    assert (first.facts["special_days"], first.facts["special_kinds"]) == (Decimal("21.5"), ("听证", "专家评审"))
    assert first.facts["material_count"] == 2
    assert isinstance(second, SetAside)
    assert second.reason.en == "special_days: special.csv:4: '三十' is not a number"
    assert isinstance(third, Row)
    assert third.facts == {"item": "A3"}  # nobody says that it needs none


def test_rows_that_add_to_nothing_are_told_with_their_lines(tmp_path: Path) -> None:
    long = "320583199001010000"
    materials = f"事项,序号,材料\nA1,1,申请书\nA9,1,无主\n,1,无名\n,1,坏行,x\nA2,1,\n{long},1,截断\na1,1,小写\n合计,6,6\n"
    rows = items(tmp_path, f"事项编码\nA1\nA2\n{long}\n320583199001010017\n", ROWS, materials=materials, special="事项,程序,天数\n")
    assert [dict(row.facts).get("materials") for row in rows if isinstance(row, Row)] == [("申请书",), None, None, None]
    notes = read_records(tmp_path, book=load_rulebook(tmp_path / "own.yaml")).notes
    assert [note.en for note in notes] == [
        "materials.csv: rows that name no item of the records, and add to none: 6 (lines 3, 4, 5, 7, 8, 9)",
        "materials.csv: rows that leave 材料 empty: 1 (lines 6)",
    ]
    assert notes[0].zh == "materials.csv：没有对应的事项、没有用上的行：6（第 3、4、5、7、8、9 行）"


def test_a_sum_of_long_numbers_is_exact(tmp_path: Path) -> None:
    special = "事项,程序,天数\nA1,听证,123456789012345678901234567890\nA1,专家评审,0.5\nA1,检验,0.25\n"
    (item,) = items(tmp_path, "事项编码\nA1\n", ROWS, materials=MATERIALS, special=special)
    assert isinstance(item, Row)
    assert item.facts["special_days"] == Decimal("123456789012345678901234567890.75")


def test_files_of_rows_are_read_and_not_listed_as_others(tmp_path: Path) -> None:
    items(tmp_path, "事项编码\nA1\n", ROWS, materials=MATERIALS, special="事项,程序,天数\n")
    assert read_records(tmp_path, book=load_rulebook(tmp_path / "own.yaml")).not_read == ("own.yaml",)
    (tmp_path / "mapping.yaml").write_text(ROWS.replace("column: 材料", "column: 材枓"), encoding="utf-8")
    with pytest.raises(RecordError, match=r"materials\.csv has no column .材枓.; it has: 事项, 序号, 材料"):
        read_records(tmp_path, book=load_rulebook(tmp_path / "own.yaml"))


def test_faults_of_rows_are_told_at_once(tmp_path: Path) -> None:
    mapping = """\
items:
  rows:
    materials: {file: ../m.csv, id: 事项}
    item_name: {file: m.csv, id: a, column: b}
    special_days: {file: m.csv, id: a, column: b, as: list}
"""
    with pytest.raises(MappingError) as caught:
        items(tmp_path, "事项编码\nA1\n", mapping)
    assert [line.partition("; ")[0] for line in str(caught.value).splitlines()] == [
        "mapping.yaml:3: items.rows.materials: it does not say which column",
        "mapping.yaml:3: items.rows.materials.file: '../m.csv' leads out of the folder of records",
        "mapping.yaml:4: items.rows.item_name: item_name is no list and no number of items",
        "mapping.yaml:5: items.rows.special_days.as: special_days is not gathered as list",
    ]


@pytest.mark.shared("data/fangchenggang_items.csv.gz", "data/fangchenggang_materials.csv.gz")
def test_a_portals_own_materials(tmp_path: Path) -> None:
    mapping = """\
items:
  file: fangchenggang_items.csv.gz
  columns: {item: item_id, promised_days: promise_days, statutory_days: legal_days, channels: {column: handle_form, split: ","}}
  rows:
    materials: {file: fangchenggang_materials.csv.gz, id: item_id, column: material_name, order_by: seq}
"""
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    rows = [row for row in read_records(DATA, mapping=tmp_path / "m.yaml").rows("items") if isinstance(row, Row)]
    assert len(rows) == 781
    assert sum("materials" in row.facts for row in rows) == 732
    named = next(row for row in rows if row.id == "44643c49-a644-499b-a582-442f190ccf9e")
    assert 1 < len(named.facts["materials"]) <= 20  # type: ignore[arg-type]
    done = run("standard", read_records(DATA, mapping=tmp_path / "m.yaml"))
    assert not done.set_aside
