"""The main job reports the book's measures for the whole centre, each department and window: what `measure` says of the same rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook, measure
from govservice.as_json import AsJson
from govservice.run import Run, run

BOOK = load_rulebook("wuxi", settings={"warning_before": "1个工作日"})
DAY = {"received_on": "2026-06-08", "accepted_on": "2026-06-08", "promised_days": 5, "statutory_days": 20}


def case(number: int, **more: Any) -> dict[str, Any]:
    return {"case": f"C{number}", "window": "W1", "department": "D1", "case_type": "promised", "closed_on": "2026-06-10"} | DAY | more


CASES = [
    case(1, rating="满意"),
    case(2, rating="不满意", closed_on="2026-06-30"),
    case(3, window="W2", case_type="instant", closed_on="2026-06-08"),
    case(4, window="W3", department="D2", closed_on=None),
]
ITEMS = [{"item": f"I{n}", "kind": "approval", "placement": where} for n, where in enumerate(("centre", "centre", "branch"))]


def rates(done: Run, about: str) -> dict[str, dict[str, Any]]:
    return {one.id: {rate.measure: rate.value for rate in one.rates} for one in done.rates if one.about == about}


DONE = run(BOOK, {"cases": CASES, "items": ITEMS}, now="2026-07-01")


def test_the_whole_centre_goes_by_the_books_id() -> None:
    told = {name: value if value is None else f"{value:.2f}" for name, value in rates(DONE, "centre")["wuxi"].items()}
    assert {name: value for name, value in told.items() if name.endswith("_percent")} == {
        "placement_percent": "66.67",
        "completion_percent": "75.00",
        "on_time_percent": "66.67",
        "instant_percent": "25.00",
        "on_the_spot_percent": "100.00",
        "speed_up_percent": "71.67",
        "satisfaction_percent": "50.00",
        "rated_percent": "66.67",
        "accuracy_percent": None,
        "promise_cut_percent": None,
    }


@pytest.mark.parametrize(
    ("about", "id"), [("centre", "wuxi"), ("department", "D1"), ("department", "D2"), ("window", "W1"), ("window", "W3")]
)
def test_every_rate_is_what_measure_says_of_the_same_rows(about: str, id: str) -> None:
    records = {"cases": CASES, "item": ITEMS}
    for name, value in rates(DONE, about)[id].items():
        assert value == measure(BOOK, name, records, about=about, subject=id, period="2026", now="2026-07-01").value, name


def test_those_with_most_cases_come_first() -> None:
    assert [(one.id, one.cases) for one in DONE.rates if one.about != "centre"] == [("D1", 3), ("D2", 1), ("W1", 2), ("W2", 1), ("W3", 1)]


def test_what_is_open_is_bounded_and_says_what_it_waits_for() -> None:
    (accuracy,) = [one for one in DONE.rates[0].rates if one.measure == "accuracy_percent"]
    assert (accuracy.value, accuracy.low, accuracy.high, accuracy.undecided) == (None, 0, 100, ("result_wrong",))


def test_a_measure_whose_table_is_not_among_the_records_is_not_reported() -> None:
    done = run(BOOK, {"cases": CASES}, now="2026-07-01")
    assert "placement_percent" not in rates(done, "centre")["wuxi"]


def test_a_measure_that_looks_at_a_period_is_not_reported() -> None:
    book = BOOK.amend({"measures": {"a_day": "count(cases) / period.workdays", "grown": "count(cases) - count(cases, over=year_before)"}})
    assert not {"a_day", "grown"} & rates(run(book, {"cases": CASES}), "centre")["wuxi"].keys()


def test_without_a_day_it_is_as_of_the_last_one_on_record() -> None:
    done = run(BOOK, {"cases": CASES})
    assert (str(done.rates_as_of), rates(done, "centre")["wuxi"]["completion_percent"]) == ("2026-06-30", 75)


def test_a_case_received_later_is_not_counted() -> None:
    done = run(BOOK, {"cases": [*CASES, case(5, received_on="2026-09-01", accepted_on="2026-09-01", closed_on=None)]}, now="2026-07-01")
    assert (done.rates[0].cases, rates(done, "centre")["wuxi"]["completion_percent"]) == (4, 75)


def test_cases_that_name_several_centres_are_reported_apart() -> None:
    done = run(BOOK, {"cases": [case(1, centre="north"), case(2, centre="south", closed_on=None)]}, now="2026-07-01")
    assert {id: figures["completion_percent"] for id, figures in rates(done, "centre").items()} == {"wuxi": 50, "north": 100, "south": 0}


def test_a_run_goes_through_json_with_its_rates() -> None:
    back: AsJson = Run.from_json(DONE.to_json())
    assert back == DONE


def test_the_summary_has_them_in_json_and_on_the_page(tmp_path: Path) -> None:
    figures = DONE.summary()["rates"]
    told = {rate["measure"]: rate["value"] for rate in figures["centre"][0]["rates"]}
    assert (figures["as_of"], told["placement_percent"], told["completion_percent"]) == ("2026-07-01", "66.666667", 75)
    DONE.write(tmp_path / "en", lang="en")
    DONE.write(tmp_path / "zh", lang="zh")
    pages = {lang: (tmp_path / lang / "summary.html").read_text(encoding="utf-8") for lang in ("en", "zh")}
    assert "<td>placement_percent</td><td>66.67%</td>" in pages["en"]
    assert [text for text in ("进驻率", "66.67%", "0% 至 100%") if text not in pages["zh"]] == []


def columns(page: str, kind: str) -> dict[str, list[str]]:
    """The table of departments or windows on a page: each column's cells by its head, as text."""
    [table] = [one for one in re.findall(r"<table class=rates>.*?</table>", page, re.DOTALL) if f"<th>{kind}</th>" in one]
    rows = [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in table.split("</tr>") if row]
    return {cells[0]: list(cells[1:]) for cells in zip(*(row for row in rows if row), strict=True)}


def test_a_rate_that_is_open_for_every_department_stands_there_with_what_it_waits_for(tmp_path: Path) -> None:
    cases = [{name: value for name, value in one.items() if name != "case_type"} for one in CASES]
    run(BOOK, {"cases": cases, "items": ITEMS}, now="2026-07-01").write(tmp_path, lang="zh")
    shown = columns((tmp_path / "summary.html").read_text(encoding="utf-8"), "部门")
    assert (shown["即办率"], shown["当场办结率"]) == (["0% 至 100%"] * 2, ["未定，尚缺：办件类型"] * 2)
    assert shown["办结率"] == ["100%", "0%"]


def test_a_rate_with_nothing_to_divide_by_for_any_department_has_no_column(tmp_path: Path) -> None:
    run(BOOK, {"cases": [CASES[3]], "items": ITEMS}, now="2026-07-01").write(tmp_path, lang="zh")
    shown = columns((tmp_path / "summary.html").read_text(encoding="utf-8"), "部门")
    assert "满意率" not in shown
    assert shown["办结率"] == ["0%"]
