"""Every file, column, cell and key of a folder of records is read, or named with the reason; no bad row stops the others."""

from __future__ import annotations

import codecs
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice.records import Row, SetAside, read_records

CASE = {"case": "C1", "received_on": "2026-03-02"}


def folder(tmp_path: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        (tmp_path / name.replace("__", ".")).write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def rows(place: Path, table: str = "cases") -> list[Row | SetAside]:
    return list(read_records(place).rows(table))


def accounted(row: Row | SetAside) -> str:
    """All that a row says of what was in it."""
    if isinstance(row, SetAside):
        return str(dict(row.row)) + row.text()
    return str(dict(row.facts)) + str(dict(row.unread)) + str(dict(row.course))


KEYS = st.sampled_from(["case", "received_on", "收件日期", "clozed", "matter", "pauses", "extensions", "x"])
WITHIN = st.dictionaries(
    st.sampled_from(["kind", "from", "to", "too", "原因", "case"]), st.sampled_from(["C1", "m1", "2026-03-04", "m2"]), max_size=3
)
VALUES = st.sampled_from(["2026-03-02", "m3", "C1", 5]) | st.lists(WITHIN | st.just("m4"), max_size=2) | WITHIN


@given(drawn=st.lists(st.dictionaries(KEYS, VALUES, max_size=4), min_size=1, max_size=3))
def test_every_value_of_a_row_is_found_again(tmp_path_factory, drawn):
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in drawn)
    read = rows(folder(tmp_path_factory.mktemp("records"), cases__jsonl=lines))
    assert len(read) == len(drawn)
    for row, given_row in zip(read, drawn, strict=True):
        said = accounted(row)
        for value in leaves(given_row):
            parts = value.split("-") if value.startswith("2026") else [value]
            assert all(part.lstrip("0") in said for part in parts), (value, said)


def leaves(value: object) -> list[str]:
    if isinstance(value, Mapping):
        return [leaf for part in value.values() for leaf in leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in leaves(part)]
    return [str(value)]


@pytest.mark.parametrize(
    ("within", "said"),
    [
        ({"pauses": [{"kind": "hearing", "from": "2026-03-03", "too": "2026-03-04"}]}, None),
        ({"pauses": {"kind": "hearing"}}, "cases.json:1: C1: pauses: no list of rows"),
        ({"pauses": [1]}, "cases.json:1: C1: pauses: no list of rows"),
        ({"pauses": [{"kind": "hearing", "case": "C2"}]}, "cases.json:1: C1: pauses: a row within it is of another, 'C2'"),
        ({"pauses": [{"from": "2026-03-03", "中止起始日": "2026-03-04"}]}, None),
    ],
    ids=["misspelt", "mapping", "number", "another's", "label"],
)
def test_rows_within_a_case_are_read_or_the_case_is_set_aside(tmp_path: Path, within: dict[str, Any], said: str | None):
    (row,) = rows(folder(tmp_path, cases__json=json.dumps([CASE | within], ensure_ascii=False)))
    if said is not None:
        assert row.text() == said
    else:
        assert isinstance(row, Row)
        assert [name for name in row.unread if name.startswith("pauses.")]


@pytest.mark.parametrize("repeated", ["case", " received_on"])
def test_a_name_given_twice_sets_its_row_aside_and_no_other(tmp_path: Path, repeated: str):
    bad = f'{{"case": "C1", "received_on": "2026-03-02", "{repeated}": "2026-03-09"}}'
    good = json.dumps({"case": "C2", "received_on": "2026-03-03"})
    for kind, text in (("json", f"[{bad}, {good}]"), ("jsonl", f"{bad}\n{good}")):
        place = tmp_path / kind
        place.mkdir()
        folder(place, **{f"cases__{kind}": text})
        first, second = rows(place)
        assert isinstance(first, SetAside)
        assert first.reason.en == "no JSON: a name is given twice"
        assert {"C1", "2026-03-02", "2026-03-09"} == set(first.row.values())
        assert isinstance(second, Row)


@pytest.mark.parametrize("marks", [codecs.BOM_UTF8, codecs.BOM_UTF8 * 2, "\ufeff".encode("gb18030")], ids=["once", "twice", "gb18030"])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "json"])
def test_marks_of_byte_order_are_no_part_of_the_first_name(tmp_path: Path, marks: bytes, kind: str):
    encoding = "gb18030" if marks[0] == 0x84 else "utf-8"
    text = {
        "csv": "办件编号,received_on\nC1,2026-03-02\n",
        "jsonl": '{"办件编号": "C1", "received_on": "2026-03-02"}\n',
        "json": '[{"办件编号": "C1", "received_on": "2026-03-02"}]',
    }[kind]
    (row,) = rows(folder(tmp_path, **{f"cases__{kind}": marks + text.encode(encoding)}))
    assert isinstance(row, Row)
    assert (row.id, dict(row.unread)) == ("C1", {})


def test_every_other_file_of_the_folder_is_named(tmp_path: Path):
    others = ["casess.csv", "mapping.yml", "pauses.tsv", "staff.csv", "cases 2.xlsx", "notes.txt"]
    place = folder(tmp_path, cases__csv="case,received_on\nC1,2026-03-02\n", **dict.fromkeys(others, "x"), **{".hidden": "x"})
    assert set(read_records(place).not_read) == set(others)
    (place / "mapping.yaml").write_text("cases: {columns: {case: case}}", encoding="utf-8")
    (place / "ours.yaml").write_text("cases: {columns: {case: case}}", encoding="utf-8")
    assert set(read_records(place).not_read) == {*others, "ours.yaml"}
    assert set(read_records(place, mapping=place / "ours.yaml").not_read) == {*others, "mapping.yaml"}
