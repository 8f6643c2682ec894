"""Papers in a real browser: A4 with the margins of official documents, a copy a sheet, long lists and registers over several pages."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.notices import NoticeOwed
from govservice.papers import papers

from .conftest import PHONE, Visiting

DAY = date(2026, 2, 13)
CASE: dict[str, Any] = {
    "case": "C1", "window": "W1", "formal": True, "received_on": DAY, "item_name": "企业设立登记", "main_document": "lacking",
    "applicant_name": "中华人民共和国江苏省苏州市昆山经济技术开发区" + "某某" * 20 + "有限责任公司",
}  # fmt: skip
MILLIMETRES = 72 / 25.4


def paper(kind: str, *cases: dict[str, Any], **more: Any) -> NoticeOwed:
    book = load_rulebook("kunshan", settings={"paper_mark": "昆审"})
    records = {"cases": [CASE | case for case in cases], "window": [{"window": "W1", "window_name": "工商行政管理局企业注册"}]}
    return papers(book, records, kinds=kind, issued_on=DAY, serial=17, **more).owed[0]


def put(notice: NoticeOwed, folder: Path) -> Path:
    page = folder / "paper.html"
    page.write_text(notice.to_html(blanks=True), encoding="utf-8")
    return page


def pages(text: str) -> list[str]:
    return [re.sub(r"\s", "", page) for page in text.split("\f") if page.strip()]


def test_each_copy_is_a_page_that_says_below_which_it_is(visit: Visiting, tmp_path: Path) -> None:
    seen = visit(put(paper("returned_notice", {}), tmp_path))
    text = seen.printed(tmp_path / "paper.pdf")
    if not text:
        pytest.skip("no pdftotext")
    found = pages(text)
    assert [page[-len("第一联") :] for page in found] == ["第一联", "第二联", "第三联"]
    assert all("昆审〔2026〕W1-0017号第" in page and "依据：《审批服务操作规程》" in page for page in found)


def test_a_list_of_many_things_begins_on_the_first_page_and_the_signatures_do_not_stand_alone(visit: Visiting, tmp_path: Path) -> None:
    listed = {
        "main_document": "not_brought",
        "missing_materials": [f"第{number}项：环境影响评价文件及其审批意见" for number in range(1, 61)],
    }
    text = visit(put(paper("supplement_notice", listed), tmp_path)).printed(tmp_path / "paper.pdf")
    if not text:
        pytest.skip("no pdftotext")
    of_one_copy = [page for page in pages(text) if page.endswith("第一联")]
    assert "第1项" in of_one_copy[0]
    assert "第60项" in "".join(of_one_copy)
    last = of_one_copy[-1]
    assert last.index("依据") < last.index("窗口经办人") < last.rindex("2026年2月13日")


def test_a_long_register_repeats_its_heads_and_numbers_its_pages(visit: Visiting, tmp_path: Path) -> None:
    rows = [{"case": f"R{number:03}", "received_on": DAY} for number in range(60)]
    text = visit(put(paper("returned_register", *rows, about="W1", period="2026-02"), tmp_path)).printed(tmp_path / "paper.pdf")
    if not text:
        pytest.skip("no pdftotext")
    found = pages(text)
    assert len(found) > 3
    assert all("序号" in page for page in found[:-1])
    assert [f"—{number}—" in page for number, page in enumerate(found, 1)] == [True] * len(found)


def test_the_sheet_is_that_of_official_documents(visit: Visiting, tmp_path: Path) -> None:
    """156 mm between the margins hold 28 characters of 仿宋 3 号, 225 mm hold 22 lines."""
    seen = visit(put(paper("returned_notice", {}), tmp_path))
    seen.page.emulate_media(media="print")
    style = "getComputedStyle(document.querySelector('.gs-notice p'))"
    face = [seen.page.evaluate(f"{style}.{name}") for name in ("fontSize", "lineHeight", "letterSpacing")]
    size, line, spacing = (float(text.removesuffix("px")) * 0.75 for text in face)
    assert (round(size), round(line)) == (16, 29)
    assert 28 * (size + spacing) <= 156 * MILLIMETRES < 29 * (size + spacing)
    assert 22 * line <= 225 * MILLIMETRES + 1 < 23 * line
    assert "margin:37mm 26mm 35mm 28mm" in seen.page.content()


def test_on_a_phone_nothing_hangs_over(visit: Visiting, tmp_path: Path) -> None:
    assert visit(put(paper("returned_notice", {}), tmp_path), width=PHONE).overhang == 0
