"""What stands below the rows of a table, its totals and remarks, is no row: it is set aside and told, and counted as nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice.reading import why_no_row
from govservice.records import Row, SetAside, read_records
from govservice.run import run

BELOW = [
    "合计", "合 计", "总计：", "小计", "本页小计", "本月合计：3件", "共计", "共 3 件", "共3条记录", "共计3件", "合计数",
    "制表人：张三", "填报单位: 某中心",
    "审核人：", "备注：含退件", "注：以上数据截至 3 月", "导出时间：2026-03-01 09:00", "说明:一",
    "备注：" + "长" * 90, "打印日期：2026年3月1日",
]  # fmt: skip
IDS = ["C1", "统计局", "审计-3", "合计1号窗口", "共和新路1号", "注1", "W:1", "totalled", "320583199001010017", "会计", "小计划", "备注"]


@pytest.mark.parametrize("text", BELOW)
def test_such_a_line_is_known(text: str) -> None:
    assert why_no_row(text) is not None


@pytest.mark.parametrize("id", IDS)
def test_an_id_is_none(id: str) -> None:
    assert why_no_row(id) is None


@pytest.mark.parametrize("size", [1, 1_500])
@pytest.mark.parametrize("text", ["合计", "制表人：张三", "办件编号"])
def test_a_line_below_the_rows_is_set_aside_and_counted_as_no_case(tmp_path: Path, text: str, size: int) -> None:
    lines = "".join(f"C{number},2026-03-02,5,W1\n" for number in range(size))
    below = "办件编号,,,窗口" if text == "办件编号" else f"{text},,{5 * size},"
    (tmp_path / "cases.csv").write_text(f"办件编号,受理日,承诺工作日数,窗口\n{lines}{below}\n", encoding="utf-8")
    done = run("licensing-law", read_records(tmp_path, book="licensing-law"))
    assert len(done.cases) == size
    (aside,) = done.set_aside
    assert (aside.line, aside.id, aside.field) == (size + 2, text, "办件编号")
    told = "the header again" if text == "办件编号" else "a line of totals, or a remark"
    assert told in aside.reason.en
    rows = {one["table"]: (one["in"], one["out"], one["set_aside"]) for one in done.summary()["rows"]}
    assert rows == {"cases": (size + 1, size, 1)}


def test_a_total_below_pauses_moves_nothing(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("办件编号,收件日,受理日,承诺工作日数\nC1,2026-03-02,2026-03-02,5\n", encoding="utf-8")
    (tmp_path / "pauses.csv").write_text("办件,中止事由,中止起日,中止止日\n合计,,,\n", encoding="utf-8")
    done = run("licensing-law", read_records(tmp_path, book="licensing-law"))
    assert [str(case.due.due_on) for case in done.cases] == ["2026-03-09"]
    assert [one.id for one in done.set_aside] == ["合计"]


def test_rows_of_a_log_too(tmp_path: Path) -> None:
    steps = "{case: 号, activity: 环节, time: 时间, facts: {received_on: {first: 收件}}}"
    (tmp_path / "mapping.yaml").write_text(f"cases: {{file: log.csv, steps: {steps}}}\n", encoding="utf-8")
    (tmp_path / "log.csv").write_text("号,环节,时间\nC1,收件,2026-03-02\n合计,1,\n", encoding="utf-8")
    first, second = read_records(tmp_path).rows("cases")
    assert isinstance(first, Row)
    assert isinstance(second, SetAside)
    assert (second.id, second.reason.en) == ("合计", "'合计' is no id: a line of totals, or a remark below the table")
    assert read_records(tmp_path).notes[0].en == "a log of 2 rows: 1 cases"
