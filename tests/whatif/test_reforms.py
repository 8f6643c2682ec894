"""A reform is a few places of a book and what shall stand there, from a day on; what it does not reach stays as it was."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from govservice import load_rulebook, what_if
from govservice.errors import DecisionError, RecordError, RulebookError
from govservice.sample import centre_year
from govservice.whatif import Reform, read_reform

BOOK = load_rulebook(Path(__file__).parent / "small.yaml")
YEAR = centre_year(cases=400, seed=4)
CUT = {"clocks.promised.limit": "promised_limit * 2 / 3"}


def test_a_mapping_is_a_reform_and_comes_to_what_the_amended_book_does() -> None:
    assert what_if(BOOK, CUT, YEAR, period="2025-05") == what_if(BOOK, BOOK.amend(CUT), YEAR, period="2025-05")


def test_a_setting_goes_by_its_name_and_its_value_is_checked() -> None:
    assert BOOK.reform({"settings.good_at": 90}) == BOOK.given({"good_at": 90})
    with pytest.raises(RecordError):
        BOOK.reform({"settings.few": "viele"})


@pytest.mark.parametrize(
    ("path", "closest"), [("settings.god_at", "good_at"), ("clocks.promisd.limit", "promised"), ("schemes.mnth.full", "month")]
)
def test_a_path_that_leads_nowhere_is_refused_with_the_closest(path: str, closest: str) -> None:
    with pytest.raises(DecisionError, match=closest):
        BOOK.reform({path: 5})


def test_a_reform_leaves_alone_what_is_dated_before_it_begins() -> None:
    always, later = what_if(BOOK, CUT, YEAR), what_if(BOOK, Reform(CUT, from_=date(2025, 7, 1)), YEAR)
    received = {case["case"]: case["received_on"] for case in YEAR["cases"]}
    assert {one.case for one in later.shifts} == {one.case for one in always.shifts if received[one.case] >= date(2025, 7, 1)}
    assert later.shifts
    assert later.shifts != always.shifts
    never = what_if(BOOK, Reform(CUT, from_=date(2026, 7, 1)), YEAR)
    assert (never.shifts, never.score_changes, never.grade_changes) == ((), (), ())


def test_a_reform_leaves_alone_the_scores_of_periods_that_begin_before_it() -> None:
    dearer = {"schemes.month.parts.order.items.late.points": "-2", "settings.good_at": 100}
    always, later = what_if(BOOK, dearer, YEAR), what_if(BOOK, Reform(dearer, from_=date(2025, 6, 15)), YEAR)
    kept = [one for one in always.score_changes if one.period >= "2025-07"]
    assert kept
    assert list(later.score_changes) == kept
    assert {one.period for one in later.grade_changes} == {one.period for one in always.grade_changes if one.period >= "2025-07"}
    assert later.all_scores.keys() == always.all_scores.keys()


def test_a_file_says_it_all(tmp_path: Path) -> None:
    file = tmp_path / "reform.yaml"
    file.write_text("reform: 时限缩短\nfrom: 2025-07-01\ncite: 示例〔2025〕1号\nchanges: {settings.good_at: 90}\n", encoding="utf-8")
    reform = read_reform(file)
    assert reform == Reform({"settings.good_at": "90"}, "时限缩短", date(2025, 7, 1), "示例〔2025〕1号")
    assert BOOK.reform(file) == BOOK.given({"good_at": 90})
    assert what_if(BOOK, file, YEAR, period="2025-08").after.title == "时限缩短"


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "reform.yaml"
    file.write_text("reform: 时限缩短\nfrmo: 2025-07-01\nfrom: soon\n", encoding="utf-8")
    with pytest.raises(RulebookError) as raised:
        read_reform(file)
    assert [(fault.line, fault.what.en) for fault in raised.value.faults][:2] == [
        (2, 'no key "frmo" in a reform'),
        (1, "a reform says under changes: what shall stand where"),
    ]
    assert len(raised.value.faults) == 3
    assert "from" in raised.value.faults[0].hint.en


@pytest.mark.parametrize("given", [3, ["clocks"], {1: 2}])
def test_what_is_no_reform_is_refused(given: object) -> None:
    with pytest.raises(DecisionError, match="reform"):
        BOOK.reform(given)  # type: ignore[arg-type]
