"""A run as frames, and its figures by group."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.errors import MissingPackage, RecordError
from govservice.run import Run, run

BOOK = load_rulebook("kunshan")
DAY = date(2026, 3, 2)


def case(number: int, **more: Any) -> dict[str, Any]:
    own = {"case": f"C{number}", "received_on": DAY, "materials_completed_on": DAY, "case_type": "promised", "promised_limit": "3个工作日"}
    return own | more


DONE = run(
    BOOK,
    {
        "items": [{"item": "I1", "item_name": "排水许可", "department": "水务局", "promised_days": Decimal("2.5"), "statutory_days": 20}],
        "cases": [
            case(1, item="I1", window="W1"),
            case(2, item="I1", window="W2", closed_on=date(2026, 3, 4)),
            case(3, department="市监局", window="W1", closed_on=date(2026, 3, 10)),
            case(4, received_on=date(2026, 3, 19), materials_completed_on=None),
            {"case": "C5", "received_on": "x"},
        ],
    },
    now=date(2026, 3, 20),
)


def by(kind: str, done: Run = DONE) -> dict[str | None, tuple[int, ...]]:
    names = ("cases", "running", "overdue", "finished", "finished_late")
    return {group["id"]: tuple(group[name] for name in names) for group in done.summary()["by"][kind]["largest"]}


def test_the_summary_has_figures_by_group() -> None:
    assert by("department") == {"水务局": (2, 1, 1, 1, 0), "市监局": (1, 0, 0, 1, 1), None: (1, 1, 0, 0, 0)}
    assert by("window") == {"W1": (2, 1, 1, 1, 1), "W2": (1, 0, 0, 1, 0), None: (1, 1, 0, 0, 0)}
    assert by("item") == {"I1": (2, 1, 1, 1, 0), None: (2, 1, 0, 1, 1)}
    assert sum(figures[0] for figures in by("case_type").values()) == 4
    assert DONE.summary()["by"]["item"]["largest"][0]["label"] == "排水许可"


def test_without_a_day_that_counts_as_today_nothing_is_overdue() -> None:
    figures = run(BOOK, {"cases": [case(1)]}).summary()["by"]["window"]["largest"]
    assert [group["overdue"] for group in figures] == [None]


def test_the_groups_are_on_the_page() -> None:
    page = DONE._repr_html_()
    for words in ("按部门、窗口、事项统计的办件", "水务局", "排水许可", "未写明"):
        assert words in page


def test_the_page_says_how_the_rows_were_read() -> None:
    page = DONE._repr_html_()
    assert "直接传入" in page
    assert "PARQUET" not in page


@pytest.mark.parametrize("table", ["items", "applications", "cases", "clocks", "set_aside"])
def test_a_frame_has_the_columns_of_the_file_and_a_row_a_result(table: str, tmp_path: Any) -> None:
    frame = DONE.to_frame(table)
    DONE.write(tmp_path / "out")
    file = tmp_path / "out" / f"{table}.csv"
    if file.exists():
        lines = file.read_text(encoding="utf-8-sig").splitlines()
        assert ",".join(frame.columns) == lines[0]
        assert frame.height == len(lines) - 1
    assert run(BOOK, {"cases": []}).to_frame(table).height == 0


def test_values_keep_their_types() -> None:
    import polars as pl

    frame = DONE.to_frame()
    assert frame["due_on"].dtype == frame["on"].dtype == pl.Date
    assert frame["due_on"].to_list()[:3] == [date(2026, 3, 5)] * 3
    assert frame["due_late"].to_list()[:3] == [True, False, True]
    assert frame["undecided"].dtype == pl.List(pl.String)
    assert frame["window"].to_list() == ["W1", "W2", "W1", None]
    assert DONE.to_frame("items")["promised_days"].to_list() == [Decimal("2.5")]
    assert DONE.to_frame("set_aside", lang="zh")["reason"].to_list()[0] != DONE.to_frame("set_aside", lang="en")["reason"].to_list()[0]


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(RecordError, match='did you mean "cases"'):
        DONE.to_frame("case")


def test_without_polars_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingPackage, match=r'pip install "polars>=2\.0" "pyarrow>=18"'):
        DONE.to_frame()
