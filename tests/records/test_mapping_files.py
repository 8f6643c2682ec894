"""A mapping file gives each fact its column and its values, and tells all its faults at once."""

from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import RecordError
from govservice.limits import TimeLimit
from govservice.records import Row, SetAside, read_records
from govservice.records.faults import MappingError
from govservice.records.mapping import read_mapping
from govservice.records.vocabulary import vocabulary

ITEMS = 'id,type,days,unit,ways,类别,note\nA1,即办件,1,G,窗口办理,01,x\nA2,承诺件,7,Z,"窗口办理,网上办理",,y\n'


def folder_of(tmp_path: Path, mapping: str, items: str = ITEMS, name: str = "export.csv") -> Path:
    (tmp_path / name).write_text(items, encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
    return tmp_path


GOOD = """\
items:
  file: export.csv
  columns:
    item: id
    办件类型: {column: type, values: {即办件: instant, 承诺件: promised}}
    promised_days: days
    promised_limit: {column: days, unit: workday}
    statutory_limit: {column: days, unit_column: unit}
    channels: {column: ways, split: ","}
    item_type: 类别
  skip: [note]
"""


def faults(folder: Path) -> list[str]:
    with pytest.raises(MappingError) as caught:
        read_records(folder)
    return str(caught.value).splitlines()


def test_each_fact_is_found_in_its_column_by_its_values(tmp_path: Path) -> None:
    first, second = read_records(folder_of(tmp_path, GOOD)).rows("items")
    assert isinstance(first, Row)
    assert isinstance(second, Row)
    assert first.facts["case_type"] == "instant"
    assert first.facts["item_type"] == "licence"
    assert second.facts["promised_limit"] == TimeLimit(7, "workday")
    assert second.facts["statutory_limit"] == TimeLimit(7, "natural_day")
    assert second.facts["channels"] == ("窗口办理", "网上办理")
    assert first.unread == {}


def test_a_mapping_may_stand_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "export.csv").write_text(ITEMS, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(GOOD, encoding="utf-8")
    assert len(list(read_records(elsewhere, mapping=tmp_path / "m.yaml").rows("items"))) == 2


def test_a_value_that_the_mapping_does_not_list_is_not_guessed_at(tmp_path: Path) -> None:
    mapping = "items: {columns: {item: id, case_type: {column: type, values: {1: promised, 9: ''}}}}\n"
    items = "id,type\nA1,1\nA2,2\nA3,9\n"  # nationally 2 is 承诺件: here nobody said so
    first, second, third = read_records(folder_of(tmp_path, mapping, items, "items.csv")).rows("items")
    assert isinstance(second, SetAside)
    assert second.reason.en == "'2' is not among the values of the mapping; it has: 1、9"
    assert first.facts["case_type"] == "promised"  # type: ignore[union-attr]
    assert "case_type" not in third.facts  # type: ignore[union-attr]


def test_an_amount_without_its_unit_is_set_aside(tmp_path: Path) -> None:
    mapping = "items: {columns: {item: id, promised_limit: {column: days, unit_column: unit, codes: {d: natural_day}}}}\n"
    found = list(read_records(folder_of(tmp_path, mapping, "id,days,unit\nA1,5,D\nA2,5,\nA3,5,G\n", "items.csv")).rows("items"))
    assert found[0].facts["promised_limit"] == TimeLimit(5, "natural_day")  # type: ignore[union-attr]
    assert [one.reason.en for one in found[1:] if isinstance(one, SetAside)] == [
        "'5' without a unit; fill in unit",
        "no unit has the code 'G'; known codes: D",
    ]


def test_all_faults_of_a_mapping_are_told_at_once_each_with_its_line(tmp_path: Path) -> None:
    mapping = """\
itms: {}
items:
  file: ../secrets.csv
  delimiter: "||"
  columns:
    promsed_days: days
    case_type: {column: type, values: {即办件: instnt}}
    item: {colum: id}
    promised_limit: {column: days, unit: werkday}
    item_name: {column: type, unit: workday}
"""
    assert faults(folder_of(tmp_path, mapping)) == [
        "mapping.yaml:1: itms: unknown key 'itms'; did you mean \"items\"?",
        "mapping.yaml:3: items.file: '../secrets.csv' leads out of the folder of records; write the name of a file in the folder",
        "mapping.yaml:4: items.delimiter: a delimiter is one character; tab for tabs",
        "mapping.yaml:6: items.columns.promsed_days: items have no fact 'promsed_days'; did you mean \"promised_days\"?",
        "mapping.yaml:7: items.columns.case_type.values.即办件: 'instnt' is not one of the values; one of instant, promised, joint, "
        "escalated, special, supplement, returned, urgent, other (or 即办件、承诺件、联办件、报批件、特办件、补办件、退回件、急办件、其他)",
        "mapping.yaml:8: items.columns.item: no column is named; column: ..",
        "mapping.yaml:8: items.columns.item.colum: unknown key 'colum'; did you mean \"column\"?",
        "mapping.yaml:9: items.columns.promised_limit.unit: no unit of time: 'werkday'; did you mean \"workday\"?",
        "mapping.yaml:10: items.columns.item_name.unit: item_name is no limit, and takes no unit",
    ]


def test_columns_that_the_file_does_not_have_are_told_at_once(tmp_path: Path) -> None:
    mapping = "items:\n  file: export.csv\n  columns:\n    item: idd\n    promised_days: nowhere\n  skip: [nte]\n"
    assert faults(folder_of(tmp_path, mapping)) == [
        "mapping.yaml:4: items.columns.item: export.csv has no column 'idd'; did you mean \"id\"?",
        "mapping.yaml:5: items.columns.promised_days: export.csv has no column 'nowhere'; it has: id, type, days, unit, ways, 类别, note",
        "mapping.yaml:6: items.skip: export.csv has no column 'nte'; did you mean \"note\"?",
    ]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("items: [", "mapping.yaml:2: this is no YAML"),
        ("items:\n  file: a.csv\n  file: b.csv\n", "mapping.yaml:3: items.file: the key 'file' is written twice"),
        ("", "mapping.yaml:1: an empty file"),
        ("a: &a [*a]\n", "mapping.yaml:1: "),
        ("- items\n", "mapping.yaml"),
        ("items: {file: nosuch.csv}\n", "nosuch.csv: the file cannot be read; No such file or directory"),
        ("items: {file: mapping.yaml}\n", "mapping.yaml: the name does not say what kind of file it is"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(tmp_path: Path, mapping: str, message: str) -> None:
    with pytest.raises(RecordError) as caught:
        read_records(folder_of(tmp_path, mapping))
    assert str(caught.value).startswith(message)


def test_other_delimiters_are_said_in_the_mapping(tmp_path: Path) -> None:
    (row,) = read_records(folder_of(tmp_path, "items: {delimiter: tab}\n", "事项编码\t办件类型\nA1\t即办件\n", "items.csv")).rows("items")
    assert row.facts == {"item": "A1", "case_type": "instant"}  # type: ignore[union-attr]


def test_the_mapping_that_the_documentation_shows_is_one(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "running.md").read_text(encoding="utf-8")
    shown = page.partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "export-2026.csv").write_text(
        "事项ID\ttype\tdays\tlegal\tlegal_unit\tways\tremark\nA1\t2\t1\t5\tZ\t窗口,网上\tx\n", encoding="utf-8"
    )
    (tmp_path / "mapping.yaml").write_text(shown.replace(".csv.gz", ".csv"), encoding="utf-8")
    (row,) = read_records(tmp_path).rows("items")
    assert isinstance(row, Row)
    assert (row.facts["case_type"], row.facts["statutory_limit"]) == ("instant", TimeLimit(5, "natural_day"))


@pytest.mark.parametrize("key", ["sheet: x", "header: 3", "merged: fill", "rows: {materials: {file: m.csv, id: a, column: b}}"])
def test_what_is_of_files_is_refused_by_name_for_a_database(tmp_path: Path, key: str) -> None:
    (tmp_path / "m.yaml").write_text(f"items: {{{key}}}\n", encoding="utf-8")
    words = vocabulary(load_rulebook("standard").contents)
    with pytest.raises(MappingError) as caught:
        read_mapping(tmp_path / "m.yaml", words, stored=True)
    assert str(caught.value) == f"m.yaml:1: items.{key.partition(':')[0]}: the records are in a database, and this is of a file"


def test_what_says_what_cells_mean_is_the_same_for_a_database(tmp_path: Path) -> None:
    mapping = """\
cases:
  query: SELECT * FROM steps
  time_zone: UTC
  steps: {case: c, activity: a, time: {column: t, format: epoch_s}}
items:
  columns: {promised_days: {column: n, format: "1234,56"}}
"""
    (tmp_path / "m.yaml").write_text(mapping, encoding="utf-8")
    read = read_mapping(tmp_path / "m.yaml", vocabulary(load_rulebook("standard").contents), stored=True)
    assert read["cases"].meanings == ("time_zone", "steps")
    assert read["items"].columns["promised_days"].format == "1234,56"
