"""The page to try a rulebook, opened in a real Chromium: facts in, outcome and reasons beside, clocks drawn, a sheet decided."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from .conftest import PHONE, Visit, Visiting

SLOW = 60_000  # milliseconds until a page has to be there, on a machine that does other things too
ROOT = Path(__file__).resolve().parents[2]
BOOK = """
rulebook: ce
title: 测试 <b>册</b>
tables:
  application:
    proposal: {type: choice, label: 立项书, values: {present: 已带, lacking: 缺少}}
    short_of: {type: integer, label: 少几件}
    easy: {type: boolean, label: 好办}
decisions:
  case_type:
    about: application
    label: 办件分类
    hit: first
    rules:
      - {id: back, when: proposal == "lacking", then: returned, cite: 第三条}
      - {id: more, when: short_of > 0, then: supplement}
      - {id: now, when: easy, then: instant}
      - {id: later, then: promised}
"""


@contextmanager
def served(*arguments: str) -> Iterator[str]:
    """The address of a page while it is being served."""
    command = [sys.executable, "-m", "govservice", "try", *arguments, "--no-browser", "--on", "2026-11-20"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory, browser: Any) -> Path:
    folder = tmp_path_factory.mktemp("规则 册=真")
    (folder / "我们的 册.yaml").write_text(BOOK, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def own(books: Path) -> Iterator[str]:
    with served(str(books / "我们的 册.yaml")) as address:
        yield address


@pytest.fixture(scope="module")
def kunshan(browser: Any) -> Iterator[str]:
    with served("kunshan", "--set", "few_attachments=2") as address:
        yield address


def seen(visit: Visiting, address: str, says: str, **size: int) -> Visit:
    made = visit(address, **size)
    made.page.set_default_timeout(SLOW)
    shown(made, says)
    return made


def shown(made: Visit, text: str) -> None:
    made.page.get_by_text(text, exact=False).locator("visible=true").first.wait_for(timeout=SLOW)


CHOSEN = "element => element.tagName === 'SELECT' ? element.selectedOptions[0]?.label : element.value"


def answer(made: Visit, label: str, value: str) -> None:
    """Give one answer, as a person does who looks whether it stands there: while the page works it may draw the form anew."""
    for _ in range(5):
        field = made.page.get_by_label(label, exact=True).locator("visible=true").first
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
            field.press("Tab")
        made.page.wait_for_timeout(200)
        if field.evaluate(CHOSEN) == value:
            return
    raise AssertionError(f"{label} does not keep {value}")


def test_facts_are_answered_with_outcome_reason_and_contrast(visit: Visiting, own: str) -> None:
    made = seen(visit, own, "还需要知道")
    shown(made, "测试 <b>册</b>")  # as text
    answer(made, "立项书", "已带")
    answer(made, "少几件", "1")
    shown(made, "supplement")
    shown(made, "换一换，结果就不同")
    shown(made, "少几件 0")
    answer(made, "立项书", "缺少")
    shown(made, "第三条")
    shown(made, "returned")


def test_unknown_and_none_are_two_answers(visit: Visiting, own: str) -> None:
    made = seen(visit, own, "还需要知道")
    answer(made, "立项书", "已带")
    answer(made, "好办", "否")
    shown(made, "supplement 或 promised")
    made.page.get_by_label("无", exact=True).locator("visible=true").first.click()
    shown(made, "later")
    shown(made, "promised")


def test_a_sheet_is_decided_at_once_and_can_be_taken_away(visit: Visiting, own: str) -> None:
    made = seen(visit, own, "还需要知道")
    made.page.get_by_role("tab", name="一表").click()
    area = made.page.get_by_placeholder("从表格软件复制", exact=False)
    area.fill("立项书\t少几件\t好办\n缺少\t\t\n已带\t0\t是\n已带\t\t\n不详\t\t\n")
    area.press("Tab")
    shown(made, "已定 2，未定 1，不能用 1")
    with made.page.expect_download() as taken:
        made.page.get_by_text("下载结果", exact=False).locator("visible=true").first.click()
    text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    assert [line.split(",")[:4] for line in text.splitlines()] == [
        ["行号", "状态", "结果", "规则"],
        ["2", "已定", "returned", "back"],
        ["3", "已定", "instant", "now"],
        ["4", "未定", "supplement 或 instant 或 promised", ""],
        ["5", "不能用", "", ""],
    ]


def test_the_clocks_of_a_case_are_drawn(visit: Visiting, kunshan: str) -> None:
    made = seen(visit, kunshan, "昆山市行政审批服务中心")
    made.page.get_by_role("tab", name="时限").click()
    for label, value in (
        ("承诺时限", "5个工作日"), ("收件日", "2026-11-02"), ("主件", "已带"), ("非主体材料缺件数", "0"), ("附件缺件数", "0"),
        ("审批部门数", "1"), ("需审核", "是"), ("明显不符合政策", "否"), ("明显不符合总体规划", "否"), ("一般性事项", "否"),
        ("程序简便", "否"), ("可当天办结", "否"),
    ):  # fmt: skip
        answer(made, label, value)
    made.page.get_by_role("img", name="时限图", exact=False).locator("visible=true").first.wait_for(timeout=SLOW)
    shown(made, "2026-11-09")


def test_nobody_is_let_in_without_the_token_and_nobody_from_another_machine(own: str) -> None:
    bare = own.partition("?")[0]
    with urlopen(bare, timeout=20) as answered:  # sent on to where the token is asked for
        assert "access_token" in answered.url or "login" in answered.url
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?access_token=[\w-]{30,}", own)


def test_the_page_fits_a_phone_and_speaks_english(visit: Visiting, books: Path) -> None:
    with served(str(books / "我们的 册.yaml"), "--lang", "en") as address:
        made = seen(visit, address, "Would be settled by", width=PHONE, height=800)
        assert made.overhang == 0
        shown(made, "One case")
        made.page.goto("about:blank")  # before the server goes, whose absence it would call an error
