"""A book may call a standard fact by its own name: the standard label still means it, in books, facts and records alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice import classify, load_rulebook
from govservice.records import Row, read_records
from govservice.rules.book.files import standard_labels

BOOK = """
rulebook: own
tables:
  application:
    missing_materials: {type: list, label: 需补办事项}
    departments: {type: integer, label: 联办部门数}
decisions:
  way:
    about: application
    hit: first
    rules:
      - {id: by-standard-label, when: count_of > 2, then: joint, let: {count_of: 审批部门数}}
      - {id: by-own-label, when: 联办部门数 == 2, then: both}
      - {id: by-id, when: "\\"章程\\" in 所缺材料", then: supplement}
      - {id: other, then: own}
"""


@pytest.fixture
def book(tmp_path: Path):
    (tmp_path / "own.yaml").write_text(BOOK, encoding="utf-8")
    return load_rulebook(tmp_path / "own.yaml")


@pytest.mark.parametrize("name", ["departments", "联办部门数", "审批部门数"])
def test_a_fact_is_given_by_its_id_the_books_label_or_the_standard_one(book, name):
    assert [book.decide("way", {name: number, "所缺材料": []}).value("way") for number in (2, 3)] == ["both", "joint"]


def test_nothing_that_is_given_by_its_standard_label_is_unused():
    for id in ("kunshan", "haimen", "jiangyong", "hongkou"):
        book = load_rulebook(id)
        for table, chain in (("cases", ("cases", "application", "item")), ("window", ("window",)), ("staff", ("staff",))):
            ids, labels = book.contents.sight(table)
            for of in chain:
                for fact, label in standard_labels()[of].items():
                    assert label in labels or fact not in ids, (id, of, label)


def test_the_sample_of_the_readme_loses_no_fact():
    from datetime import date

    done = classify({"正式申请": "是", "主件": "有而未带", "所缺材料": ["验资报告"]}, load_rulebook("kunshan"), on=date(2026, 11, 20))
    assert done.unused == ()


def test_a_recorded_case_type_is_decided_afresh_by_whatever_name_it_goes(tmp_path: Path):
    from datetime import date

    facts = {"正式申请": "是", "主件": "有而未带", "所缺材料": ["验资报告"]}
    plain = classify(facts, load_rulebook("kunshan"), on=date(2026, 11, 20))
    for name in ("case_type", "办件类型"):
        assert classify({**facts, name: "即办件"}, load_rulebook("kunshan"), on=date(2026, 11, 20)).rule == plain.rule


def test_one_fact_under_both_labels_is_given_twice(book):
    from govservice.errors import RecordError

    with pytest.raises(RecordError, match="departments is given twice"):
        book.decide("way", {"联办部门数": 2, "审批部门数": 3})


def test_records_and_mappings_know_the_standard_label_too(book, tmp_path: Path):
    (tmp_path / "applications.csv").write_text("申请编号,审批部门数,缺\nA1,3,章程\n", encoding="utf-8")
    (tmp_path / "mapping.yaml").write_text("applications: {columns: {所缺材料: 缺}}\n", encoding="utf-8")
    (row,) = read_records(tmp_path, book=book).rows("applications")
    assert isinstance(row, Row)
    assert (row.facts["departments"], row.facts["missing_materials"], row.unread) == (3, ("章程",), {})


def test_what_a_book_itself_calls_by_a_standard_label_comes_first(tmp_path: Path):
    text = BOOK.replace("label: 联办部门数}", "label: 联办部门数}\n    own_count: {type: integer, label: 审批部门数}")
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    book = load_rulebook(tmp_path / "own.yaml")
    assert book.decide("way", {"own_count": 3}).value("way") == "joint"
    assert book.contents.sight("application")[1]["审批部门数"] == "own_count"
