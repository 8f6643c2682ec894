"""The what-if report in a real browser: one page that asks nobody for anything, in Chinese, on a screen, a phone and paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice import load_rulebook, what_if
from govservice.sample import centre_year
from govservice.show import whatif_page
from govservice.whatif import Comparison

from .conftest import PHONE, Visiting

CHANGES = {
    "clocks.promised.limit": "promised_limit * 2 / 3",
    "decisions.case_type.rules.joint.when": "departments >= 3",
    "schemes.window_month.parts.limits.items.overdue.points": "-4 * overdue_workdays",
}


@pytest.fixture(scope="module")
def compared() -> Comparison:
    before = load_rulebook("kunshan")
    return what_if(before, before.amend(CHANGES), centre_year(cases=300, seed=1), period="2025-05")


@pytest.fixture(params=[True, False], ids=["pictures", "tables alone"])
def report(request: pytest.FixtureRequest, compared: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param:
        pytest.importorskip("vl_convert")
    else:
        monkeypatch.setattr(whatif_page, "can_draw", lambda: False)
    page = tmp_path / "report.html"
    page.write_text(compared.to_html(), encoding="utf-8")
    assert ("<svg" in page.read_text(encoding="utf-8").partition('class="wide chart"')[2]) is request.param
    return page


def test_it_says_what_changes_and_asks_for_nothing(report: Path, compared: Comparison, visit: Visiting) -> None:
    seen = visit(report)
    assert seen.asked == [report.as_uri()]
    assert seen.page.title() == "规则改动影响测算"
    for said in (
        "由哪类变为哪类",
        "联办件",
        "承诺件",
        "到期日提前或推后的天数",
        f"{len(compared.shifts):,}",
        "窗口成员单位月度考核",
        "测算依据",
    ):
        assert said in seen.text
    assert seen.page.evaluate("document.documentElement.lang") == "zh-CN"


def test_every_picture_is_named_has_its_table_and_shares_no_id(report: Path, visit: Visiting) -> None:
    page = visit(report).page
    assert page.locator(".chart svg:not([role=img][aria-label])").count() == 0
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(each => each.id)")
    assert len(set(ids)) == len(ids)
    bare = "[...document.querySelectorAll('.chart')].filter(each => !each.closest('section').querySelector('table')).length"
    assert page.evaluate(bare) == 0


def test_a_phone_does_not_scroll_sideways(report: Path, visit: Visiting) -> None:
    assert visit(report, width=PHONE).overhang == 0
    assert visit(report, width=1280).overhang == 0


def test_on_paper_it_is_a4_and_chinese(report: Path, visit: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    said = visit(report).printed(file)
    assert b"/MediaBox [0 0 594" in file.read_bytes() or b"/MediaBox [0 0 595" in file.read_bytes()
    if said:
        pages = said.split("\f")[:-1]
        assert 2 <= len(pages) <= 20
        assert all(page.strip() for page in pages)
        assert "规则改动影响测算" in pages[0]
        assert "测算依据" in pages[-1]
