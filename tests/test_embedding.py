"""What a program that embeds the library relies on: books by id, one due clock, single measures, lists of a book, pages that stay apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govservice import (
    GovServiceError,
    china,
    classify,
    clocks,
    deadline,
    due,
    grade,
    load_rulebook,
    measure,
    score,
)
from govservice.as_json import AsJson
from govservice.deadlines import case_outcomes
from govservice.errors import DecisionError, RecordError, RulebookError
from govservice.records import read_records
from govservice.run import Run, run
from govservice.scoring import read_ledger
from govservice.strategies import facts_for, records_for

DAY = date(2026, 3, 2)
KUNSHAN = load_rulebook("kunshan")
EVENTS: dict[str, Any] = {"events": [{"kind": "untidy", "on": date(2026, 10, 12), "window": "W1"}], "cases": [], "window": []}
CASE = {"case": "C1", "case_type": "promised", "received_on": DAY, "materials_completed_on": DAY, "promised_limit": "5个工作日"}


# -- a book by its id or path


def calls(book: Any) -> Iterator[Any]:
    yield classify({"正式申请": True, "主件": "有而未带"}, book, on=DAY)
    yield clocks(CASE, book, on=DAY)
    yield due(CASE, book, on=DAY)
    yield case_outcomes(CASE, book, on=DAY)
    yield score(book, "window_month", EVENTS, subject="W1", period="2026-10")
    yield grade(book, "month_bonus", {"events": []}, period="2026-10")
    yield score(book, "window_month", read_ledger(book, EVENTS), subject="W1", period="2026-10")
    yield measure(book, "accuracy_percent", {"cases": [{"case": "C1", "window": "W1", "received_on": DAY}]}, subject="W1", period="2026-03")
    yield run(book, {"cases": [CASE]})


def test_every_verb_takes_a_shipped_id_or_a_path_for_a_book(tmp_path: Path) -> None:
    import govservice

    copy = tmp_path / "kunshan.yaml"
    copy.write_text((Path(govservice.__file__).parent / "centres" / "kunshan.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    expected = list(calls(KUNSHAN))
    for book in ("kunshan", copy, str(copy)):
        assert list(calls(book)) == expected
    (tmp_path / "cases.csv").write_text("办件编号\nC1\n", encoding="utf-8")
    assert read_records(tmp_path, book="kunshan").sources.keys() == {"cases"}
    assert facts_for("kunshan", "case_type") is not None
    assert records_for("kunshan") is not None


@pytest.mark.parametrize("book", ["kunshn", "", "no/such.yaml", 3, None, {}, Path("no-such.yaml")])
def test_what_names_no_book_is_refused_in_our_words(book: Any) -> None:
    with pytest.raises(RulebookError):
        next(calls(book))


# -- the due day of a case


@pytest.mark.parametrize("book", ["kunshan", "licensing-law", "standard", "hailing"])
def test_the_due_clock_is_the_one_that_the_main_job_takes(book: str) -> None:
    loaded = load_rulebook(book)
    cases: list[dict[str, Any]] = [
        {"case": "C1", "received_on": DAY},
        {"case": "C2", "received_on": DAY, "accepted_on": DAY, "promised_limit": "5个工作日", "materials_completed_on": DAY},
        {"case": "C3", "received_on": DAY, "accepted_on": DAY, "statutory_limit": "20个工作日"},
        {"case": "C4", "received_on": DAY, "accepted_on": DAY, "promised_days": 3, "closed_on": date(2026, 3, 9)},
    ]
    for case in cases:
        on_its_own = {"case_type": "promised"} | case
        (result,) = run(loaded, {"cases": [on_its_own]}, now=date(2026, 3, 20)).cases
        reading = due(on_its_own, loaded, on=DAY, now=date(2026, 3, 20))
        assert (reading is None) == (result.due is None)
        if reading is not None and result.due is not None:
            told = (reading.clock, reading.due, reading.official, reading.undecided, reading.overdue)
            assert told == (result.due.clock, result.due.due, result.due.official, result.due.undecided, result.due.late)


def test_a_promise_whose_day_is_open_is_not_due_by_another_clock() -> None:
    reading = due({"case_type": "promised", "received_on": DAY, "promised_limit": "5个工作日"}, "kunshan", on=DAY)
    assert reading is not None
    assert (reading.clock, reading.due) == ("promised", None)
    assert reading.undecided == ("attachments_missing", "main_document", "nonmain_missing")


def test_where_nothing_is_promised_the_reading_says_so() -> None:
    case = {"received_on": DAY, "accepted_on": DAY, "handled_together": False, "limit_set_elsewhere": False}
    reading = due(case, "licensing-law", on=DAY, now=date(2026, 3, 20))
    assert reading is not None
    assert (reading.clock, reading.due_on) == ("decision_limit", date(2026, 3, 30))
    assert "没有记录承诺时限" in reading.explain("zh")


def test_where_no_clock_runs_there_is_none() -> None:
    book = load_rulebook("standard").amend({"clocks.promised.when": 'case_type == "promised"'})
    assert due({"case_type": "instant"}, book, on=DAY) is None


# -- one measure

MEASURED = """
rulebook: m
measures:
  late_minutes: {value: "sum(late, minutes)", label: 迟到分钟数, cite: 办法-3}
  share: percent(late, minutes > 5)
events: {late: {label: 迟到, has: {minutes: {type: integer, label: 分钟数}}}}
"""


@pytest.fixture
def measured(tmp_path: Path) -> Path:
    path = tmp_path / "m.yaml"
    path.write_text(MEASURED, encoding="utf-8")
    return path


def late(minutes: int | None, **more: Any) -> dict[str, Any]:
    return {"kind": "late", "on": date(2026, 11, 2), "staff": "A", **({} if minutes is None else {"minutes": minutes}), **more}


def test_a_measure_is_read_with_what_it_counted(measured: Path) -> None:
    made = measure(measured, "late_minutes", {"events": [late(3), late(7)]}, subject="A", period="2026-11")
    assert (made.value, made.low, made.high, made.open, made.about) == (10, 10, 10, False, "staff")
    assert made.explain("zh").splitlines()[:3] == [
        "迟到分钟数〔办法-3〕 A 2026-11：10", "  sum(迟到, 分钟数)", "  其中 sum(迟到, 分钟数) = 10",
    ]  # fmt: skip
    assert "where sum(late, minutes) = 10" in made.explain()


def test_an_open_measure_says_what_would_settle_it(measured: Path) -> None:
    made = measure(measured, "late_minutes", {"events": [late(3), late(None)]}, subject="A", period="2026-11")
    assert (made.value, made.open, made.undecided) == (None, True, ("late:2.minutes",))
    assert "late:2.minutes" in made.explain()
    assert "迟到第 2 行的分钟数" in made.explain("zh")


def test_a_measure_of_nothing_divides_by_nothing_and_is_no_number(measured: Path) -> None:
    made = measure(measured, "share", {"events": [], "staff": [{"staff": "A"}]}, subject="A", period="2026-11")
    assert (made.value, made.open) == (None, True)


@pytest.mark.parametrize(
    ("name", "more", "error", "message"),
    [
        ("late_minute", {}, DecisionError, 'no measure .*did you mean "late_minutes"'),
        ("late_minutes", {"subject": "B"}, RecordError, "in the records"),
        ("late_minutes", {"about": "windows"}, RecordError, "is no table of subjects"),
        ("late_minutes", {"subject": "X"}, RecordError, "several tables: window, staff; say which: about='window'"),
        ("late_minutes", {"period": "2026-13"}, GovServiceError, "2026-13"),
    ],
)
def test_a_measure_that_cannot_be_read_says_why(measured: Path, name: str, more: dict[str, Any], error: type, message: str) -> None:
    records = {"events": [late(3), late(4, staff="X", window="X")]}
    with pytest.raises(error, match=message):
        measure(measured, name, records, **({"subject": "A", "period": "2026-11"} | more))


def test_about_says_which_table_an_id_is_of(measured: Path) -> None:
    records = {"events": [late(3, staff="X"), late(4, window="X")]}
    for about, minutes in (("staff", 3), ("window", 4)):
        assert measure(measured, "late_minutes", records, subject="X", period="2026-11", about=about).value == minutes


# -- what a book holds


def test_a_book_lists_its_facts_clocks_notices_and_schemes() -> None:
    assert KUNSHAN.facts["cases.rating"].choices["satisfied"] == "满意"
    assert KUNSHAN.facts["application.departments"].type == "integer"
    assert KUNSHAN.clocks["promised"].about == "cases"
    assert KUNSHAN.notices["supplement_notice"].title == "补办件通知书"
    assert KUNSHAN.schemes["window_month"].full == 100
    for listed in (KUNSHAN.facts, KUNSHAN.clocks, KUNSHAN.notices, KUNSHAN.schemes):
        assert all(isinstance(entry, AsJson) and type(entry).from_json(entry.to_json()) == entry for entry in listed.values())
        with pytest.raises(TypeError):
            listed["x"] = None  # type: ignore[index]


# -- pages within pages


def shown() -> dict[str, Any]:
    done = run(KUNSHAN, {"cases": [CASE, {"case": ""}]}, now=date(2026, 3, 20))
    reading = clocks(CASE, KUNSHAN, on=DAY)[0]
    results = [
        score(KUNSHAN, "window_month", EVENTS, subject="W1", period="2026-10"), done,
        done.cases[0], done.set_aside[0], reading, classify({}, KUNSHAN, on=DAY), deadline("5个工作日", DAY), china().month(2026, 3),
        china().year(2026), china().day(DAY), KUNSHAN.clocks["promised"],
        *grade(KUNSHAN, "month_bonus", {"events": [{"kind": "late", "staff": "S2", "on": date(2026, 10, 12)}]}, period="2026-10"),
    ]  # fmt: skip
    return {type(result).__name__: result for result in results if isinstance(result, AsJson)}


SHOWN = shown()


@pytest.mark.parametrize("name", SHOWN)
def test_a_result_in_a_notebook_leaves_the_page_around_it_alone(name: str) -> None:
    html = SHOWN[name]._repr_html_()
    assert not re.search(r"<(!doctype|html|head|body|title|script|link|meta)\b", html, re.I)
    assert "@page" not in html
    assert html.count("<style") == html.count("</style>")
    for style in re.findall(r"<style[^>]*>(.*?)</style>", html, re.S):
        rules = re.sub(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\s*\}", r"\1", style)
        for selectors in re.findall(r"([^{}]+)\{[^{}]*\}", rules):
            for selector in selectors.split(","):
                assert re.match(r"\s*\.gs-[a-z]+\b", selector), selector
    assert len(SHOWN[name].__repr__()) <= 200


def test_what_stands_in_a_result_is_text_in_a_notebook() -> None:
    done = run(KUNSHAN, {"cases": [CASE | {"case": "<script>alert(1)</script>", "window": "<b>"}]}, on=DAY, now=date(2026, 3, 20))
    for result in (done, done.cases[0], done.cases[0].due):
        assert result is not None
        assert "<script>" not in result._repr_html_()
        assert "<b>W" not in result._repr_html_()


def test_only_the_pages_that_are_printed_say_how() -> None:
    assert "@page gs-year" in china().year(2026).to_html()
    assert "@page" in SHOWN["Scorecard"].to_html()


def test_a_run_of_many_cases_is_one_line_in_a_console() -> None:
    done = run(KUNSHAN, {"cases": (CASE | {"case": f"C{number}"} for number in range(300))}, on=DAY)
    assert isinstance(done, Run)
    assert "cases=<300>" in repr(done)
    assert len(repr(done)) <= 200
