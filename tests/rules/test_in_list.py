"""`in_list`: a text is looked up in a list of the book, or in a table of the records, alike in every verb."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govservice import Rulebook, classify, clocks, grade, load_rulebook, measure, score
from govservice.deadlines import case_outcomes
from govservice.errors import RecordError
from govservice.records import read_records
from govservice.rules.language.printing import written
from govservice.run import run

BOOK = """
rulebook: own
lists:
  exempt: {label: 免检行业, values: [书店, 花店]}
  kinds: {values: {tea: 茶叶, food: 餐饮}}
tables:
  negative_list:
    label: 负面清单
    negative_list: {type: text, label: 投资措施}
    negative_class: {type: choice, label: 清单类别, values: {prohibited: 禁止类, restricted: 限制类}}
  application: {trade: {type: text, label: 行业}, kind_of_shop: {type: choice, label: 店铺, values: {tea: 茶叶, other: 其他}}}
  item: {trade: {type: text, label: 事项行业}}
measures:
  barred_items: count(item, when=in_list(negative_list, trade))
decisions:
  entry:
    about: application
    hit: first
    rules:
      - {id: prohibited, when: 'in_list(负面清单, 行业, when=清单类别 == "禁止类")', then: 禁止}
      - {id: restricted, when: 'in_list(negative_list, trade)', then: 限制}
      - {id: free, then: 可为}
  unchecked:
    about: application
    hit: first
    rules: [{when: 'in_list(免检行业, trade)', then: true}, {then: false}]
  known_kind:
    about: application
    hit: first
    rules: [{when: 'in_list(kinds, kind_of_shop)', then: true}, {then: false}]
  case_entry:
    about: cases
    hit: first
    rules: [{when: 'in_list(negative_list, trade)', then: true}, {then: false}]
  item_entry:
    about: item
    hit: first
    rules: [{when: 'in_list(negative_list, trade)', then: true}, {then: false}]
clocks:
  barred: {about: cases, when: 'in_list(negative_list, trade)', limit: 5 工作日, starts: received_on, stops: closed_on}
conventions: {first_day: excluded, roll: forward}
"""
ROWS = [{"投资措施": " 造纸 ", "清单类别": "禁止类"}, {"negative_list": "煤矿", "negative_class": "restricted"}, {"negative_list": "酒精"}]
LIST = {"negative_list": ROWS}


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    (tmp_path / "own.yaml").write_text(BOOK, encoding="utf-8")
    return load_rulebook(tmp_path / "own.yaml")


def entry(book: Rulebook, trade: str | None, rows: Any = LIST) -> Any:
    return book.decide("entry", {"trade": trade}, records=rows)


# -- what stands in a list


@pytest.mark.parametrize(("trade", "grade"), [("造纸", "禁止"), ("煤矿", "限制"), ("书店", "可为"), (" 煤矿", "限制"), ("煤", "可为")])
def test_a_text_is_in_a_list_where_a_row_goes_by_it_exactly(book: Rulebook, trade: str, grade: str) -> None:
    assert entry(book, trade).value("entry") == grade


def test_a_condition_of_a_row_that_is_not_known_leaves_it_open(book: Rulebook) -> None:
    outcome = entry(book, "酒精")
    assert (outcome.possible, outcome.undecided) == (("禁止", "限制"), ("negative_list:3.negative_class",))


def test_a_list_that_was_not_supplied_is_unknown_and_an_empty_one_holds_nothing(book: Rulebook) -> None:
    assert entry(book, "造纸", None).undecided == ("negative_list",)
    assert entry(book, "造纸", {"negative_list": []}).value("entry") == "可为"


def test_an_unknown_text_is_unknown(book: Rulebook) -> None:
    assert entry(book, None).undecided == ("trade",)


def test_a_row_that_names_nothing_leaves_open_whether_others_stand_there(book: Rulebook) -> None:
    rows = {"negative_list": [*ROWS, {"negative_class": "restricted"}]}
    assert (entry(book, "造纸", rows).value("entry"), entry(book, "书店", rows).undecided) == ("禁止", ("negative_list:4.negative_list",))


@pytest.mark.parametrize("rows", [[{"negative_list": "3.20583E+17"}], ROWS])
def test_what_a_spreadsheet_has_spoilt_is_refused(book: Rulebook, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(RecordError) as raised:
        entry(book, "3.20583E+17", {"negative_list": rows})
    assert "is what a spreadsheet makes of a long number" in str(raised.value)


def test_a_table_that_nothing_looks_into_is_refused(book: Rulebook) -> None:
    with pytest.raises(RecordError) as raised:
        entry(book, "造纸", {"events": []})
    assert (
        str(raised.value) == "events: no decision of own looks into events; in_list looks into a table; grade and case_outcomes count rows"
    )


# -- lists of the book


@pytest.mark.parametrize(("trade", "free"), [("书店", True), (" 花店 ", True), ("茶馆", False)])
def test_a_list_of_the_book(book: Rulebook, trade: str, free: bool) -> None:
    assert book.decide("unchecked", {"行业": trade}).value("unchecked") is free


@pytest.mark.parametrize(("kind", "known"), [("tea", True), ("茶叶", True), ("other", False)])
def test_a_choice_is_looked_up_by_its_name_and_by_its_label(book: Rulebook, kind: str, known: bool) -> None:
    assert book.decide("known_kind", {"kind_of_shop": kind}).value("known_kind") is known


def test_a_list_is_amended_like_any_entry(book: Rulebook) -> None:
    amended = book.amend({"lists.exempt.values": ["茶馆"]})
    assert [amended.decide("unchecked", {"trade": one}).value("unchecked") for one in ("茶馆", "书店")] == [True, False]


def test_what_is_written_out_reads_back_as_the_same(book: Rulebook) -> None:
    rules = book.contents.decisions["entry"].rules
    assert [written(rule.when) for rule in rules if rule.when is not None] == [
        'in_list(negative_list, trade, when=negative_class == "prohibited")',
        "in_list(negative_list, trade)",
    ]


# -- alike in every verb


def test_classify_and_the_decisions_and_clocks_of_a_case_see_it(book: Rulebook) -> None:
    case = {"trade": "造纸", "received_on": "2026-10-09"}
    assert classify(case, book, records=LIST).outcomes["entry"] == "禁止"
    assert case_outcomes(case, book, records=LIST)["case_entry"].value("case_entry") is True
    assert [one.applies for one in clocks(case, book, records=LIST, only=["barred"])] == [True]
    assert [one.applies for one in clocks(case, book, only=["barred"])] == [None]


def test_measures_and_grades_see_it(book: Rulebook) -> None:
    records = LIST | {"item": [{"item": "I1", "trade": "造纸"}, {"item": "I2", "trade": "书店"}, {"item": "I3", "trade": "煤矿"}]}
    assert measure(book, "barred_items", records, about="centre", period="2026").value == 2
    assert [one.grade for one in grade(book, "item_entry", records)] == [True, False, True]
    assert measure(book, "barred_items", {"item": records["item"]}, about="centre", period="2026").undecided == ("negative_list",)


def test_a_row_set_apart_leaves_open_what_it_may_have_named(book: Rulebook) -> None:
    records = {
        "item": [{"item": "I1", "trade": "造纸"}, {"item": "I2", "trade": "书店"}],
        "negative_list": [*ROWS, {"negative_list": "1.0"}],
    }
    assert [(one.grade, one.undecided) for one in grade(book, "item_entry", records)] == [(True, ()), (None, ("negative_list",))]


def test_the_main_job_reads_the_list_from_the_folder(book: Rulebook, tmp_path: Path) -> None:
    (tmp_path / "negative_list.csv").write_text("投资措施,清单类别\n造纸,禁止类\n煤矿,限制类\n酒精,乱写\n", encoding="utf-8")
    (tmp_path / "applications.csv").write_text("申请编号,行业\nA1,造纸\nA2,煤矿\nA3,书店\nA4,酒精\n", encoding="utf-8")
    done = run(book, read_records(tmp_path, book=book))
    place = done.outcome_names.index("entry")
    assert [one.what.outcomes[place] for one in done.applications] == ["禁止", "限制", "可为", None]
    assert [(row.table, row.id) for row in done.set_aside] == [("negative_list", "酒精")]


def test_the_main_job_takes_the_list_as_rows(book: Rulebook) -> None:
    done = run(book, LIST | {"cases": [{"case": "C1", "trade": "煤矿", "received_on": "2026-10-09"}]})
    assert done.cases[0].outcomes[done.case_outcome_names.index("case_entry")] is True
    assert "barred" in [due.clock for due in done.cases[0].dues]


def test_one_spoilt_value_leaves_its_own_subject_open_and_stops_nobody(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "rulebook: own\nconventions: {unserved_periods: skip}\ntables:\n  cases: {firm: text}\n  black: {black: text}\n"
        "schemes: {m: {scores: staff, period: month, total: '100 - count(cases, when=in_list(black, firm))'}}\n",
        encoding="utf-8",
    )
    case = {"received_on": "2026-10-12"}
    records = {
        "staff": [{"staff": "S1"}, {"staff": "S2"}],
        "cases": [case | {"case": "C1", "staff": "S1", "firm": "甲"}, case | {"case": "C2", "staff": "S2", "firm": "3.20583E+17"}],
        "black": [{"black": "甲"}],
    }
    first, second = score(load_rulebook(path), "m", records, period="2026-10")
    assert first.total == 99
    assert (second.total, second.open[0].needs) == (None, ("cases:2.firm",))
    assert any("cases:2.firm cannot be used" in note.en for note in second.notes)
