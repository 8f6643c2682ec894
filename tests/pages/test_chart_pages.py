"""A picture saved as a page: whole, silent, with its table beside it."""

from __future__ import annotations

from pathlib import Path

from govservice.show.charts import decision_diagram

from .conftest import PHONE, Visiting


def test_a_diagram_is_a_page_of_its_own(visit: Visiting, tmp_path: Path) -> None:
    file = tmp_path / "diagram.html"
    decision_diagram("kunshan", "case_type").save(file)
    seen = visit(file, width=PHONE)
    assert seen.asked == [file.as_uri()]
    assert seen.overhang == 0
    assert seen.page.title() == "怎样作出决定：办件分类"
    for said in ("联办件", "审批部门数", "中心认定急办", "KS-7"):
        assert said in seen.text
        assert said in seen.page.locator("svg").text_content()
    assert seen.page.locator("table tbody tr").count() == 11
