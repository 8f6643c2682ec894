"""A day, a limit, a time of the clock, "there is none", two conditions: where one is not written as an expression has it, how it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import RulebookError

BOOK = """rulebook: t
conventions: {first_day: excluded, roll: forward, ends: day}
tables:
  cases: {open_at: {type: time, label: 开门钟点}, rushed: {type: boolean, label: 加急}}
decisions:
  x:
    about: cases
    hit: first
    rules:
      - {id: a, when: '%s', then: "yes"}
      - {id: b, then: "no"}
"""
ROWS = [  # what was written, what the hint has instead, and the whole as it would be then
    ("收件日 >= 2026-03-05", 'date("2026-03-05")', '收件日 >= date("2026-03-05")'),
    ("收件日 >= 2026-12-15", 'date("2026-12-15")', '收件日 >= date("2026-12-15")'),
    ("收件日 >= 2026/3/5", 'date("2026-03-05")', '收件日 >= date("2026-03-05")'),
    ("2026.3.5 <= 收件日", 'date("2026-03-05")', 'date("2026-03-05") <= 收件日'),
    ("收件日 >= 20260305", 'date("2026-03-05")', '收件日 >= date("2026-03-05")'),
    ("收件日 >= 2026年3月5日", 'date("2026-03-05")', '收件日 >= date("2026-03-05")'),
    ("收件日 >= ２０２６年３月５日 且 加急", 'date("2026-03-05")', '收件日 >= date("2026-03-05") 且 加急'),
    ("收件日 >= “2026年3月5日”", 'date("2026-03-05")', '收件日 >= date("2026-03-05")'),
    ('收件日 >= "2026-03-05"', 'date("2026-03-05")', '收件日 >= date("2026-03-05")'),
    ('收件日 >= date("2026年3月5日")', 'date("2026-03-05")', '收件日 >= date("2026-03-05")'),
    ("收件日 >= date(2026-03-05)", '"2026-03-05"', '收件日 >= date("2026-03-05")'),
    ("收件日 >= date(2026-12-15)", 'date("2026-12-15")', '收件日 >= date("2026-12-15")'),
    ("收件日 >= 2026年3月", 'date("2026-01-31")', None),
    ("收件日 >= 3月5日", 'date("2026-01-31")', None),
    ("收件日 >= 2026-02-31", 'date("2026-01-31")', None),
    ("收件日 > 5", 'date("2026-01-31")', None),
    ("收件日 <= 今天", "as_of", "收件日 <= as_of"),
    ("承诺时限 > 10个工作日", 'limit("10个工作日")', '承诺时限 > limit("10个工作日")'),
    ('承诺时限 > "10个工作日"', 'limit("10个工作日")', '承诺时限 > limit("10个工作日")'),
    ("承诺时限 > 十个工作日", 'limit("十个工作日")', '承诺时限 > limit("十个工作日")'),
    ("承诺时限 == 当天", 'limit("当天")', '承诺时限 == limit("当天")'),
    ("承诺时限 > 10个工作日 且 法定时限 > 20 个工作日", 'limit("10个工作日")',
     '承诺时限 > limit("10个工作日") 且 法定时限 > limit("20 个工作日")'),
    ("承诺时限 > 10", 'limit("10个工作日")', '承诺时限 > limit("10个工作日")'),
    ("承诺时限 > 10天", 'limit("10个工作日")', '承诺时限 > limit("10个工作日")'),
    ("workdays(收件日, 办结日) > 5个工作日", "workdays(甲, 乙) > 5", "workdays(收件日, 办结日) > 5"),
    ("workdays(收件日, 办结日) > 承诺时限", "due(", "办结日 > due(收件日, 承诺时限)"),
    ("办结日 - 收件日 > 5", "workdays(收件日, 办结日)", "workdays(收件日, 办结日) > 5"),
    ("办结日 － 收件日 > 5", "days(收件日, 办结日)", "days(收件日, 办结日) > 5"),
    ("办结日 - 5 > 收件日", "add_workdays(办结日, -5)", "add_workdays(办结日, -5) > 收件日"),
    ("收件日 + 5 < 办结日", "add_days(收件日, 5)", "add_days(收件日, 5) < 办结日"),
    ("5 + 收件日 < 办结日", "add_days(收件日, 5)", "add_days(收件日, 5) < 办结日"),
    ("收件日 + 承诺时限 < 办结日", "due(收件日, 承诺时限)", "due(收件日, 承诺时限) < 办结日"),
    ("办结时刻 - 受理时刻 > 5", "hours(受理时刻, 办结时刻)", "hours(受理时刻, 办结时刻) > 5"),
    ("收件日 为空", "非 known(收件日)", "非 known(收件日)"),
    ("收件日为空", "非 known(收件日)", "非 known(收件日)"),
    ("加急 且 收件日 是空", "非 known(收件日)", "加急 且 非 known(收件日)"),
    ("收件日 未填", "非 known(收件日)", "非 known(收件日)"),
    ("收件日 不为空", " known(收件日)", "known(收件日)"),
    ("收件日非空", " known(收件日)", "known(收件日)"),
    ('收件日 == ""', "非 known(收件日)", "非 known(收件日)"),
    ('收件日 != ""', " known(收件日)", "known(收件日)"),
    ("收件日 == 空", "known(", "非 known(收件日)"),
    ("收件日 == null", "known(", "非 known(收件日)"),
    ("收件日 == None", "known(", "非 known(收件日)"),
    ("收件日 is None", "known(", "非 known(收件日)"),
    ("time(受理时刻) > 16点30分", "16:30", "time(受理时刻) > 16:30"),
    ("time(受理时刻) > 16点半", "16:30", "time(受理时刻) > 16:30"),
    ("time(受理时刻) > 16时30分", "16:30", "time(受理时刻) > 16:30"),
    ("time(受理时刻) > 16点", "16:00", "time(受理时刻) > 16:00"),
    ("time(受理时刻) > 9点一刻", "09:15", "time(受理时刻) > 09:15"),
    ("time(受理时刻) > 下午4点30", "16:30", "time(受理时刻) > 16:30"),
    ("time(受理时刻) > 下午4:30", "16:30", "time(受理时刻) > 16:30"),
    ("time(受理时刻) > 下午四点半", "16:30", "time(受理时刻) > 16:30"),
    ("time(受理时刻) > 四点半", "04:30", "time(受理时刻) > 04:30"),
    ('time(受理时刻) > "16:30"', "16:30", "time(受理时刻) > 16:30"),
    ("开门钟点 > “下午4点半”", "16:30", "开门钟点 > 16:30"),
    ("开门钟点 > 9", "08:20", None),
    ("加急，承诺时限 > limit(“5个工作日”)", "“且”", "加急 且 承诺时限 > limit(“5个工作日”)"),
    ("加急, 收件日 < 办结日", "“且”", "加急 且 收件日 < 办结日"),
    ("加急、收件日 < 办结日、非 known(办结日)", "“且”", "加急 且 收件日 < 办结日 且 非 known(办结日)"),
    ("加急；收件日 < 办结日", "“且”", "加急 且 收件日 < 办结日"),
    ("加急 或 （加急，收件日 < 办结日）", "“且”", "加急 或 （加急 且 收件日 < 办结日）"),
]  # fmt: skip


def book(folder: Path, condition: str) -> Path:
    (folder / "t.yaml").write_text(BOOK % condition.replace("'", "''"), encoding="utf-8")
    return folder / "t.yaml"


@pytest.mark.parametrize(("wrong", "piece", "right"), ROWS, ids=lambda value: str(value)[:40])
def test_what_is_written_otherwise_is_told_once_with_what_to_write(tmp_path: Path, wrong: str, piece: str, right: str | None) -> None:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(book(tmp_path, wrong))
    first = caught.value.faults[0]
    assert first.line == 10
    assert piece in f" {first.hint.zh}"
    assert len(caught.value.faults) == 1 or " 且 法定时限" in wrong


@pytest.mark.parametrize("right", sorted({right for *_, right in ROWS if right is not None}), ids=lambda value: value[:40])
def test_what_is_told_to_be_written_reads(tmp_path: Path, right: str) -> None:
    assert load_rulebook(book(tmp_path, right)).decisions["x"].rules[0].when is not None


SCORED = """rulebook: t
conventions: {part_floor: 0, part_overflow: capped, part_served: full, ties: best, same_occurrence: each}
schemes:
  m: {title: 月考, scores: window, period: month, full: 100, parts: {a: {full: 100}}}
decisions:
  grade:
    about: %s
    hit: first
    rules:
      - {id: a, when: '%s', then: 优秀}
      - {id: b, then: 良好}
"""


@pytest.mark.parametrize(
    ("wrong", "id"),
    [
        ("总分 >= 95", "total"),
        ("名次 <= 3", "rank"),
        ("参加排名数 > 3", "ranked"),
        ("参加排名 且 总分 > 3", "eligible"),
        ("得分 >= 95", "total"),
    ],
)
def test_what_a_score_is_called_where_a_book_is_shown_is_told_by_its_name(tmp_path: Path, wrong: str, id: str) -> None:
    (tmp_path / "t.yaml").write_text(SCORED % ("m", wrong), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(tmp_path / "t.yaml")
    first = caught.value.faults[0]
    assert (first.line, first.hint.zh, first.hint.en) == (10, f"写作 {id}", f"write {id}")


def test_a_total_where_no_score_is_in_sight_says_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(SCORED % ("window", "总分 >= 95"), encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(tmp_path / "t.yaml")
    assert caught.value.faults[0].hint.zh == "total（总分）是计分方案的事实：about 写计分方案，如 about: m"
