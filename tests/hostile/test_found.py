"""What the campaigns found, kind by kind: values that compare badly, names that are no texts, notes that steer, spans of decades."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from govservice import OfficeHours, TimeLimit, china, classify, clocks, deadline, grade, load_rulebook, score
from govservice.deadlines import case_outcomes, deadlines_to_ics
from govservice.errors import GovServiceError, RulebookError
from govservice.notices import owed
from govservice.records import read_records
from govservice.run import Run, run
from govservice.scoring import measure

from .odd import NaTType, Spiteful, Unequal
from .spoken import STEERING, broken_result

CASE = {"case": "C1", "received_on": date(2026, 3, 2), "accepted_on": date(2026, 3, 2), "promised_days": 5}
BOOK = load_rulebook("kunshan")


@pytest.mark.parametrize("name", [None, 1, ("a",), date(2026, 3, 2)])
@pytest.mark.parametrize("ask", [score, grade, measure], ids=lambda ask: ask.__name__)
def test_a_name_that_is_no_text_is_a_column_that_is_no_fact(name: object, ask: Callable[..., Any]) -> None:
    book = BOOK.amend({"measures.late_days": {"value": "count(late)"}})
    entry = {score: "window_month", grade: "month_bonus", measure: "late_days"}[ask]
    records = {"events": [{"kind": "late", "staff": "S1", "on": "2026-10-12", name: 1}], "cases": [], "window": [{"window": "W1"}]}
    made = ask(book, entry, records, period="2026-10", **({"subject": "S1"} if ask is measure else {}))
    assert any("is no fact and is not used" in note.en for one in (made if isinstance(made, list) else [made]) for note in one.notes)


def test_a_misspelt_stage_leaves_the_clocks_of_the_case_alone() -> None:
    book = load_rulebook(Path(__file__).parents[1] / "books" / "good" / "supervision.yaml")
    readings = clocks({**CASE, "city": "a", "stages": "x"}, book, now=date(2026, 3, 9))
    assert next(reading for reading in readings if reading.clock == "ninety_percent").due_on == date(2026, 3, 9)


ODDITIES = {
    "nan": float("nan"), "signalling": Decimal("sNaN"), "decimal nan": Decimal("NaN"), "endless": 10**5_000, "unequal": Unequal(), "spiteful": Spiteful(),
    "book": BOOK, "nan within": {"x": [float("nan")]}, "type": type,
}  # fmt: skip


@pytest.mark.parametrize("value", ODDITIES.values(), ids=ODDITIES)
def test_a_row_set_aside_goes_through_json_whatever_it_held(value: object) -> None:
    done = run(BOOK, {"cases": [CASE | {"case": "3.20583E+17", "note": value, "department": value}]}, now=date(2026, 4, 1))
    assert len(done.set_aside) == 1
    assert Run.from_json(done.to_json()) == done


@pytest.mark.parametrize("id", [10**5_000, Spiteful()], ids=["endless", "spiteful"])
def test_an_id_that_cannot_be_written_out_is_shown(id: object) -> None:
    done = run(BOOK, {"cases": [{"case": id, "received_on": "x"}]})
    assert [len(row.id or "") < 200 for row in done.set_aside] == [True]


STEERS = "a\x1b[31m\u202e\nforged\ud800"


def told() -> list[Any]:
    book = load_rulebook(Path(__file__).parents[1] / "books" / "good" / "rows.yaml")
    records = {"staff": [{"staff": "S1", STEERS: 1}], "events": [{"kind": "late", "staff": "S1", "on": "2026-10-12", "incident": STEERS}]}
    course = {"extensions": [{"clock": STEERS, "case": STEERS}], "pauses": [{"kind": STEERS, "from": "2026-03-05", "to": "2026-03-06"}]}
    return [
        *clocks(CASE | course, "licensing-law", now=date(2026, 3, 9)), *case_outcomes(CASE | course, "licensing-law").values(),
        classify({"main_document": "lacking", "department": STEERS}, BOOK, on=date(2026, 11, 20)),
        measure(book, "late_days", records, subject="S1", period="2026-10"), *score(book, "month", records, period="2026-10"),
        *grade(book, "star", records, period="2026-10"),
    ]  # fmt: skip


def test_no_explanation_steers_a_terminal_or_forges_a_line() -> None:
    for result in told():
        assert broken_result(result) is None
        for text in (result.explain("en"), result.explain("zh")):
            assert not STEERING.search(text.replace("\n", " "))
            assert "\nforged" not in text


def test_a_row_set_aside_is_told_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(json.dumps({"case": STEERS, "received_on": "x"}), encoding="utf-8")
    (aside,) = run(BOOK, read_records(tmp_path, book=BOOK)).set_aside
    assert not STEERING.search(aside.text())
    assert "\n" not in aside.text()


def test_values_that_cannot_be_compared_are_two() -> None:
    for ask in (
        lambda: classify({"departments": Unequal(), "审批部门数": Unequal()}, BOOK, on=date(2026, 11, 20)),
        lambda: BOOK.on(Unequal()),
    ):
        with pytest.raises(GovServiceError):
            ask()
    with pytest.raises(GovServiceError, match="no language"):
        deadline("5个工作日", date(2026, 3, 2)).explain(Unequal())  # type: ignore[arg-type]


def test_a_number_beyond_all_use_sets_its_line_aside(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(
        '{"case": "A", "promised_days": 1e9999999999999999999}\n{"case": "B", "received_on": "2026-03-02"}\n', encoding="utf-8"
    )
    done = run(BOOK, read_records(tmp_path, book=BOOK))
    assert ([row.reason.en for row in done.set_aside], [case.id for case in done.cases]) == (["no JSON: a number beyond all use"], ["B"])


def test_notices_given_are_looked_at_one_by_one() -> None:
    with pytest.raises(GovServiceError, match="a notice already given"):
        owed(BOOK.subject("cases", {}, on=date(2026, 11, 20)), issued=range(10**12))  # type: ignore[arg-type]


def test_hours_in_season_take_a_day_as_text() -> None:
    hours = OfficeHours("05-01..09-30 08:30-12:00 | otherwise 09:00-12:00")
    assert str(hours.in_season("2026-07-01")) == "08:30-12:00"


def test_half_a_character_has_a_digest() -> None:
    assert len(BOOK.amend({"decisions.case_type.label": "\ud800"}).digest) == 64


def test_a_book_without_subjects_may_still_measure() -> None:
    book = load_rulebook(Path(__file__).parents[1] / "books" / "good" / "plain.yaml")
    changes: dict[str, object] = {"measures.late": {"value": "count(cases)"}}
    changes |= {f"tables.{table}.stands_for": "events" for table in ("window", "staff", "department")}
    with pytest.raises(GovServiceError):
        measure(book.amend(changes), "late", {"cases": []}, subject="S1", period="2026-10")


def test_the_range_of_a_deadline_in_twenty_years_is_found_soon() -> None:
    begun = perf_counter()
    due = deadline("5000个工作日", date(2026, 2, 13))
    assert due.earliest <= due.due_on <= due.latest
    assert perf_counter() - begun < 20


def test_a_season_without_hours_is_refused() -> None:
    with pytest.raises(GovServiceError, match="None is no text"):
        OfficeHours([{"05-01..09-30": None}, {"otherwise": "09:00-12:00"}])


@pytest.mark.parametrize(
    "ask",
    [
        lambda: TimeLimit.parse("5日", day=Unequal()),
        lambda: TimeLimit(5, Unequal()),
        lambda: score(BOOK, "window_month", {"cases": []}, period=Unequal()),
        lambda: deadline("5个工作日", date(2026, 3, 2), makeup_hours=Unequal()),
        lambda: TimeLimit.from_codes(5, "x", table={None: "workday", ("a",): "hour"}),
        lambda: BOOK.on(NaTType(2026, 3, 2)),
        lambda: TimeLimit.parse("9" * 30 + "年"),
    ],
    ids=["day", "unit", "period", "makeup_hours", "table", "NaT", "a number beyond all use"],
)
def test_what_is_no_choice_is_refused_whatever_it_is(ask: Callable[[], object]) -> None:
    with pytest.raises(GovServiceError):
        ask()


def test_rows_of_one_subject_that_differ_in_what_has_no_name_are_told() -> None:
    window = [{"window": "W1", ("a", "b"): 1}, {"window": "W1", ("a", "b"): 2}]
    (card,) = score(BOOK, "window_month", {"events": [], "cases": [], "window": window}, period="2026-10")
    assert any("differ in ('a', 'b')" in note.en for note in card.notes)


def test_half_a_character_and_a_foreign_value_do_no_harm_to_calendars_and_deadlines() -> None:
    pytest.importorskip("icalendar")
    local = china().amend(rest_days=[date(2026, 3, 9)], source="\ud800", name="\ud800")
    due = deadline("5个工作日", date(2026, 3, 2), local)
    assert b"\\ud800" in local.to_ics(2026)
    assert b"\\ud800" in deadlines_to_ics([("A", due)], name="\ud800")
    assert len(local.digest) == 64
    for ask in (
        lambda: local.to_ics(2026, busy=[]),
        lambda: deadline("5个工作日", date(2026, 3, 2), extensions=Unequal(), pauses=Unequal()),
    ):
        with pytest.raises(GovServiceError):
            ask()


@pytest.mark.parametrize("text", ["1.if simple else 2", "0.5.and simple", "1.or simple", "1.5if simple else 2", "0xif simple else 1"])
def test_python_warns_of_no_expression(text: str) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with suppress(GovServiceError):
            BOOK.amend({"decisions.case_type.rules": [{"when": text, "then": "instant"}]})
    assert warned == []


@pytest.mark.parametrize(("days", "line"), [("05-01。.09-30", 4), ("otherwise ", None), ("05-01..13-40", 4)])
def test_a_season_that_cannot_be_read_is_told_in_its_own_line(tmp_path: Path, days: str, line: int | None) -> None:
    text = f'rulebook: t\nhours:\n  - {{otherwise: "09:00-12:00"}}\n  - {{"{days}": "08:30-12:00"}}\n'
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_rulebook(tmp_path / "t.yaml")
    assert caught.value.faults[0].line == (line or 2)


def test_an_act_that_names_a_case_beyond_all_numbers_is_told() -> None:
    records = {
        "events": [{"kind": "late", "on": "2026-10-12", "window": "W1", "case": Fraction(10**5_000, 3)}],
        "cases": [{"case": "C1"}],
        "window": [{"window": "W1"}],
    }
    (card,) = score(BOOK, "window_month", records, period="2026-10")
    assert any("which no row of cases is" in note.en for note in card.notes)


@pytest.mark.parametrize("owner", [10**5_000, Fraction(10**5_000, 3)], ids=["whole", "fraction"])
def test_a_row_within_that_names_an_owner_beyond_all_numbers_sets_its_row_aside(owner: object) -> None:
    records = {"cases": [{"case": "C1", "received_on": "2026-10-12", "pauses": [{"case": owner, "kind": "hearing"}]}]}
    (aside,) = run(BOOK, records, on=date(2026, 11, 20)).set_aside
    assert aside.id == "C1"
