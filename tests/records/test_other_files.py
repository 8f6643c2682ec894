"""JSON Lines, JSON lists and Parquet give the rows that CSV gives; what is wrong in one costs that row alone."""

import json
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from govservice.errors import MissingPackage, RecordError
from govservice.records import Row, SetAside, read_records

ROWS = [{"item": "A1", "promised_days": 5, "charged": True}, {"事项编码": "A2", "promised_days": 1.5, "办件类型": "即办件"}]
READ = [
    {"item": "A1", "promised_days": Decimal(5), "charged": True},
    {"item": "A2", "promised_days": Decimal("1.5"), "case_type": "instant"},
]


def found(folder: Path) -> list[Row | SetAside]:
    return list(read_records(folder).rows("items"))


def test_json_lines_and_a_json_list_give_the_same_rows(tmp_path: Path) -> None:
    (tmp_path / "items.jsonl").write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")
    lines = found(tmp_path)
    (tmp_path / "items.jsonl").unlink()
    (tmp_path / "items.json").write_text(json.dumps(ROWS, ensure_ascii=False, indent=1), encoding="gb18030")
    assert [row.facts for row in lines] == [row.facts for row in found(tmp_path)] == READ  # type: ignore[union-attr]


def test_parquet_gives_the_same_rows(tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    frame = {"item": ["A1", "A2"], "promised_days": [5.0, 1.5], "charged": [True, None], "办件类型": [None, "即办件"]}
    polars.DataFrame(frame).write_parquet(tmp_path / "items.parquet")
    assert [row.facts for row in found(tmp_path)] == READ  # type: ignore[union-attr]
    (tmp_path / "items.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(RecordError, match=r"items\.parquet: the Parquet file cannot be read"):
        found(tmp_path)


def test_parquet_without_a_reader_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "items.parquet").write_bytes(b"PAR1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "polars", None)
    monkeypatch.setattr("govservice.records.otherfiles.find_spec", lambda _: None)
    with pytest.raises(MissingPackage) as caught:
        read_records(tmp_path)
    install = 'pip install "polars>=2.0" "pyarrow>=18" "numpy>=2.0" (the extra frames)'
    assert str(caught.value) == f"items.parquet: a Parquet file needs pyarrow or polars; {install}"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"item": "A1", "promised_days": Infinity}', "inf is not a finite number"),
        ('{"item": "A1", "promised_days": 1e400}', "1E+400 is not a number of at most 30 digits"),
        ('{"item": "A1", "promised_days": true}', "True is not a number"),
        ('{"item": "A1", "promised_days": [1]}', "[1] is a list, not a number; write one value, without brackets"),
        ('{"item": "A1", "promised_days": ' + "9" * 5_000 + "}", "no JSON: a number of more than 4,300 digits"),
        ('{"item": "A1", "item": "A2"}', "no JSON: a name is given twice"),
        ('{"item": {"a": 1}}', "{'a': 1} is not text"),
        ('{"item": "A1", "charged": ' + "[" * 100_000, "no JSON: nested too deep"),
        ('{"item": "A1"', "no JSON: "),
        ("[1, 2]", "no object of names and values"),
        ("null", "no object of names and values"),
        ("{}", "no id is given"),
    ],
)
def test_a_line_that_cannot_be_read_is_set_aside(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / "items.jsonl").write_text(f'{{"item": "A0"}}\n\n{line}\n{{"item": "A9"}}\n', encoding="utf-8")
    before, bad, after = found(tmp_path)
    assert isinstance(bad, SetAside)
    assert bad.reason.en.startswith(reason)
    assert (before.line, bad.line, after.line) == (1, 3, 4)


def test_a_json_file_that_is_no_list_is_refused(tmp_path: Path) -> None:
    (tmp_path / "items.json").write_text('{"items": []}', encoding="utf-8")
    with pytest.raises(RecordError, match=r"items.json:1: no list of objects; write \[\{...\}, \{...\}\]"):
        found(tmp_path)
    (tmp_path / "items.json").write_text("[\n{},\n]", encoding="utf-8")
    with pytest.raises(RecordError, match=r"items.json:\d: no JSON"):
        found(tmp_path)
