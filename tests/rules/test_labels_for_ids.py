"""A label where an id is wanted is told once with the id, and nothing that only follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice import grade, load_rulebook, score
from govservice.errors import DecisionError, RulebookError

BOOK = """rulebook: t
conventions: {first_day: excluded, roll: forward, ends: day, pause_needs_notice: yes, part_floor: 0, part_overflow: capped,
  part_served: full, ties: best, same_occurrence: each, cleared_signals: counted}
settings:
  least: {type: integer, label: 下限, value: 3}
tables:
  cases: {asked_on: {type: date, label: 问日}, weight: {type: integer, label: 权重}}
  staff: {post: {type: text, label: 岗位}}
  trips: {of: window, on: {type: date, label: 出行日}, dated_by: on, label: 出行}
events:
  praised: {label: 表扬}
measures:
  praises: {value: count(praised), label: 表扬数}
decisions:
  term:
    about: cases
    hit: first
    outcomes: {term: {type: limit, label: 期限}}
    rules:
      - {then: 5个工作日}
  grade:
    about: month
    hit: first
    rules:
      - {id: a, when: total >= 95, then: 优秀}
      - {id: b, then: 良好}
clocks:
  run:
    label: 办理时限
    about: cases
    limit: term
    starts: received_on
    stops: closed_on
    alarms: [{signal: red, after: 0}]
schemes:
  month:
    title: 月考
    scores: window
    period: month
    full: 100
    parts:
      speed: {full: 100, items: [{id: red, for: run.red, points: -4}, {id: praise, for: praised, points: -1}]}
"""


def faults(folder: Path, text: str) -> list[tuple[int | None, str]]:
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    try:
        load_rulebook(folder / "t.yaml")
    except RulebookError as error:
        return [(fault.line, fault.hint.zh) for fault in error.faults]
    return []


def test_the_book_reads_as_it_stands(tmp_path: Path) -> None:
    assert faults(tmp_path, BOOK) == []


@pytest.mark.parametrize(
    ("right", "wrong", "hint"),
    [
        ("scores: window", "scores: 窗口", "“窗口”是 window 的标签：写作 window"),
        ("scores: window", "scores: 柜台", "在 tables 里声明它"),
        ("of: window", "of: 窗口", "“窗口”是 window 的标签：写作 window"),
        ("of: window", "of: [窗口, staff]", "“窗口”是 window 的标签：写作 window"),
        ("dated_by: on", "dated_by: 出行日", "“出行日”是 on 的标签：写作 on"),
        ("term:\n    about: cases", "term:\n    about: 办件", "“办件”是 cases 的标签：写作 cases"),
        ("term:\n    about: cases", "term:\n    about: 事务", "在 tables 里声明它"),
        ("about: month", "about: 月考", "“月考”是 month 的标签：写作 month"),
        ("label: 办理时限\n    about: cases", "label: 办理时限\n    about: 办件", "“办件”是 cases 的标签：写作 cases"),
        ("  cases: {asked_on", "  办件: {asked_on", "写作 cases"),
        ("  staff: {post", "  工作人员: {post", "写作 staff"),
        ("for: run.red", "for: 办理时限.红色", "这个时钟发出：办理时限.red"),
        ("events:\n", "events:\n  表扬: {verified: true}\n", "写作 praised"),
        ("settings:\n", "settings:\n  下限: 4\n", "写作 least"),
        ("measures:\n", "measures:\n  表扬数: count(praised)\n", "写作 praises"),
        ("label: 权重", "label: 问日", "请另取一个标签；若说的就是 asked_on，不必另外声明，直接用它"),
        ("type: integer, label: 权重", "type: int, label: 权重", "写作 integer"),
        ("type: date, label: 问日", "type: datetime, label: 问日", "写作 moment"),
        ("type: date, label: 问日", "type: 日期, label: 问日", "写作 date"),
    ],
)
def test_a_label_for_an_id_is_told_once_and_nothing_else(tmp_path: Path, right: str, wrong: str, hint: str) -> None:
    text = BOOK.replace(right, wrong, 1)
    assert text != BOOK
    told = faults(tmp_path, text)
    assert [hint for _, hint in told] == [hint]


@pytest.mark.parametrize("by", ["asked_on", "问日"])
def test_an_item_is_placed_by_a_day_of_either_name(tmp_path: Path, by: str) -> None:
    (tmp_path / "t.yaml").write_text(BOOK.replace("for: run.red, points: -4", f"for: cases, by: {by}, points: -4"), encoding="utf-8")
    case = {"case": "C1", "window": "W1", "received_on": "2026-08-03", "asked_on": "2026-10-12"}
    records = {"window": [{"window": "W1"}], "cases": [case], "events": []}
    assert score(load_rulebook(tmp_path / "t.yaml"), "month", records, subject="W1", period="2026-10").total == 96


@pytest.mark.parametrize("within", ["post", "岗位"])
def test_a_rank_is_within_a_fact_of_either_name(tmp_path: Path, within: str) -> None:
    text = BOOK.replace("scores: window", f"scores: staff\n    rank: {{by: [total], within: {within}}}")
    (tmp_path / "t.yaml").write_text(text.replace("total >= 95", "rank == 1"), encoding="utf-8")
    staff = [{"staff": f"S{number}", "post": post} for number, post in enumerate("ABA", 1)]
    records = {"staff": staff, "events": [{"kind": "praised", "staff": "S3", "on": "2026-10-12"}], "cases": []}
    graded = grade(load_rulebook(tmp_path / "t.yaml"), "grade", records, period="2026-10")
    assert [(one.subject, one.grade) for one in graded] == [("S1", "优秀"), ("S2", "优秀"), ("S3", "良好")]


def test_a_call_that_names_an_entry_by_its_label_is_told_its_id(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(BOOK, encoding="utf-8")
    book = load_rulebook(tmp_path / "t.yaml")
    with pytest.raises(DecisionError, match="月考 is the label of month: write month"):
        score(book, "月考", {"window": [{"window": "W1"}]}, period="2026-10")
    with pytest.raises(DecisionError, match="下限 is the label of least: write least"):
        book.given({"下限": 4})


def test_an_id_may_be_of_chinese_letters(tmp_path: Path) -> None:
    text = BOOK.replace("  trips:", "  行程:").replace("  praised: {", "  点赞: {").replace("praised", "点赞")
    text = text.replace("{id: a, when", "{id: 优/第1档, when").replace("{id: red, for", "{id: 超期, for")
    assert faults(tmp_path, text) == []
