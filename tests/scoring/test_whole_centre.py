"""The whole centre is a subject: everything belongs to the one there is; where records name several, each has its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.errors import RecordError
from govservice.rules.rulebook import Rulebook
from govservice.scoring import grade, measure, read_ledger, score

WUXI = load_rulebook("wuxi")
DONE = {"received_on": "2009-06-08", "accepted_on": "2009-06-08", "due_on": "2009-06-15", "closed_on": "2009-06-10"}
OPEN = DONE | {"closed_on": None}


def book(tmp_path: Path, text: str) -> Rulebook:
    (tmp_path / "own.yaml").write_text(f"rulebook: own\n{text}", encoding="utf-8")
    return load_rulebook(tmp_path / "own.yaml")


def value(name: str, records: dict[str, Any], **more: Any) -> object:
    return measure(WUXI, name, records, **({"about": "centre", "period": "2009"} | more)).value


# -- where no row names a centre


def test_rows_that_name_nobody_are_the_centres() -> None:
    read = measure(WUXI, "completion_percent", {"cases": [DONE] * 3 + [OPEN]}, about="centre", period="2009")
    assert (read.value, read.subject, read.notes) == (75, "wuxi", ())


def test_rows_of_every_window_and_department_are_the_centres() -> None:
    cases = [DONE | {"window": "W1"}, DONE | {"window": "W2"}, OPEN | {"department": "D2"}, OPEN]
    assert value("completion_percent", {"cases": cases, "window": [{"window": "W1", "department": "D1"}]}) == 50


def test_it_goes_by_the_books_id_and_by_its_table() -> None:
    records = {"cases": [DONE]}
    assert value("completion_percent", records, about=None, subject="wuxi") == value("completion_percent", records, about="中心") == 100


def test_a_row_of_the_only_centre_says_what_it_is() -> None:
    records = {"cases": [DONE, OPEN], "centre": [{"centre": "hall", "centre_name": "市民中心"}]}
    read = measure(WUXI, "completion_percent", records, about="centre", period="2009")
    assert (read.subject, read.value) == ("hall", 50)


def test_a_window_sees_the_facts_of_the_only_centre(tmp_path: Path) -> None:
    own = book(tmp_path, "tables: {centre: {trial: boolean}}\nmeasures: {on_trial: count(late) if trial else -1}\nevents: {late: {}}\n")
    events = [{"kind": "late", "window": "W1", "on": "2026-10-09"}]
    records = {"events": events, "centre": [{"centre": "C", "trial": True}]}
    assert measure(own, "on_trial", records, subject="W1", period="2026-10").value == 1
    assert measure(own, "on_trial", {"events": events}, subject="W1", period="2026-10").undecided == ("trial",)


def test_what_was_not_supplied_is_unknown_and_what_is_empty_is_nought() -> None:
    own = load_rulebook("xinxing")
    assert measure(own, "items_on_list", {"cases": []}, about="centre", period="2011").undecided == ("item",)
    assert measure(own, "items_on_list", {"item": []}, about="centre", period="2011").value == 0


# -- where rows name several

TWO = {
    "department": [{"department": "D1", "centre": "north"}, {"department": "D2", "centre": "south"}, {"department": "D3"}],
    "window": [{"window": "W1", "department": "D1"}],
    "cases": [DONE | {"window": "W1"}, OPEN | {"department": "D1"}, DONE | {"department": "D2"}, DONE | {"department": "D3"}],
}


@pytest.mark.parametrize(("centre", "percent"), [("north", 50), ("south", 100), ("wuxi", 75)])
def test_each_centre_has_its_own_rows_and_all_together_go_by_the_books_id(centre: str, percent: int) -> None:
    assert value("completion_percent", TWO, subject=centre) == percent


def test_a_row_of_none_of_several_centres_is_told() -> None:
    told = [note.en for note in measure(WUXI, "completion_percent", TWO, subject="north", period="2009").notes]
    assert told == ["row 3 of department names none of the several centres: counted for none",
                    "row 4 of cases names none of the several centres: counted for none"]  # fmt: skip


def test_of_several_centres_one_is_named() -> None:
    with pytest.raises(RecordError) as raised:
        measure(WUXI, "completion_percent", TWO, about="centre", period="2009")
    assert (
        str(raised.value)
        == "subject: the table centre has 2 subjects; say which: subject='north' (there are: north, south, all together: wuxi)"
    )


def test_whose_figure_it_is_must_be_said() -> None:
    with pytest.raises(RecordError) as raised:
        measure(WUXI, "completion_percent", TWO, period="2009")
    assert str(raised.value) == 'subject: it is not said of whom; subject="W1", or about="centre"'


def test_a_case_may_name_its_centre_itself() -> None:
    cases = [DONE | {"centre": "north"}, OPEN | {"centre": "north"}, DONE | {"centre": "south"}]
    assert [value("completion_percent", {"cases": cases}, subject=one) for one in ("north", "south")] == [50, 100]


def test_all_together_see_every_centre_and_every_score(tmp_path: Path) -> None:
    own = book(
        tmp_path,
        "measures: {centres: count(centre), mean_of_centres: mean(centre_year)}\n"
        "schemes: {centre_year: {scores: centre, period: year, total: satisfaction_percent}}\n",
    )
    rated = [("north", "满意"), ("north", "不满意"), ("north", "满意"), ("north", "满意"), ("south", "满意")]
    records = {
        "centre": [{"centre": "north"}, {"centre": "south"}],
        "cases": [{"centre": centre, "received_on": "2026-10-09", "rating": rating} for centre, rating in rated],
    }
    read = {
        name: measure(own, name, records, subject="own", period="2026").value
        for name in ("centres", "mean_of_centres", "satisfaction_percent")
    }
    assert read == {"centres": 2, "mean_of_centres": 87.5, "satisfaction_percent": 80}


# -- schemes, decisions, aggregates

SCORED = """
conventions: {unserved_periods: skip}
events: {late: {}}
measures: {of_the_centre: "count(late, of=centre)", mean_of_windows: mean(window_month)}
schemes:
  window_month: {scores: window, period: month, total: -count(late)}
  centre_month: {scores: centre, period: month, total: mean(window_month), rank: {by: [total], ties: best}}
decisions:
  tidy:
    about: centre
    period: month
    hit: first
    rules: [{when: count(late) == 0, then: true}, {then: false}]
"""
LATE = [{"kind": "late", "window": window, "on": "2026-10-09"} for window in ("W1", "W1", "W2")]


def test_the_centre_is_scored_and_decided_about_like_any_subject(tmp_path: Path) -> None:
    own = book(tmp_path, SCORED)
    assert score(own, "centre_month", {"events": LATE}, subject="own", period="2026-10").total == -1.5
    assert [(one.subject, one.grade) for one in grade(own, "tidy", {"events": LATE}, period="2026-10")] == [("own", False)]


def test_a_window_may_count_what_is_the_centres(tmp_path: Path) -> None:
    own = book(tmp_path, SCORED)
    read = [measure(own, name, {"events": LATE}, subject="W2", period="2026-10").value for name in ("of_the_centre", "mean_of_windows")]
    assert read == [3, -1]


def test_a_window_may_read_what_the_only_centre_came_to(tmp_path: Path) -> None:
    own = book(tmp_path, SCORED.replace("measures: {", "measures: {whole: mean(centre_month), "))
    assert measure(own, "whole", {"events": LATE}, subject="W2", period="2026-10").value == -1.5


def test_centres_are_ranked_among_each_other(tmp_path: Path) -> None:
    own = book(tmp_path, SCORED)
    windows = [{"window": "W1", "department": "D1"}, {"window": "W2", "department": "D2"}]
    departments = [{"department": "D1", "centre": "north"}, {"department": "D2", "centre": "south"}]
    records = {"events": LATE, "window": windows, "department": departments}
    assert [card.total for card in score(own, "centre_month", records, period="2026-10")] == [-2, -1]


def test_one_ledger_serves_books_of_several_ids(tmp_path: Path) -> None:
    own = book(tmp_path, "")
    kept = read_ledger(own, {"cases": [DONE]})
    assert [
        measure(one, "completion_percent", kept, about="centre", period="2009").subject for one in (own, load_rulebook("standard"))
    ] == [
        "own",
        "standard",
    ]


# -- the same period a year before


@pytest.mark.parametrize(("period", "before"), [("2009", 2), ("2009-06", 1), ("2009-Q2", 1), (("2009-02-01", "2009-02-28"), 1)])
def test_a_year_before(tmp_path: Path, period: object, before: int) -> None:
    own = book(tmp_path, "measures: {now: count(cases), then: 'count(cases, over=year_before)'}\n")
    cases = [{"case": day, "received_on": day} for day in ("2008-02-29", "2008-06-30", "2009-02-28", "2009-06-08")]
    assert measure(own, "then", {"cases": cases}, about="centre", period=period).value == before


def test_before_the_first_record_nothing_is_known_of_a_year_earlier(tmp_path: Path) -> None:
    own = book(tmp_path, "measures: {then: 'count(cases, over=year_before)'}\n")
    cases = [{"case": "C1", "received_on": "2009-02-28"}]
    assert measure(own, "then", {"cases": cases}, about="centre", period="2009").undecided == ("cases",)
    assert measure(own, "then", {"cases": cases}, about="centre", period="ever").undecided == ("cases",)


# -- the standard measures


def test_a_book_that_calls_something_else_so_keeps_its_own(tmp_path: Path) -> None:
    own = book(
        tmp_path,
        "tables: {cases: {rating: {type: choice, label: 评价, values: {good: 好, bad: 差}}}}\n"
        "settings: {accuracy_percent: {type: integer, value: 7}}\n"
        "measures:\n  liked: {label: 满意率, value: 'percent(cases, rating == \"good\")'}\n  twice: 2 * 满意率 + accuracy_percent\n",
    )
    assert not {"satisfaction_percent", "accuracy_percent"} & set(own.contents.measures)
    assert measure(own, "twice", {"cases": [{"rating": "好", "received_on": "2026-10-09"}]}, about="centre", period="2026").value == 207


def test_every_standard_measure_stands_in_the_standard_book() -> None:
    assert set(load_rulebook("standard").contents.measures) == {
        *("placement_percent", "completion_percent", "on_time_percent", "instant_percent", "on_the_spot_percent"),
        *("speed_up_percent", "satisfaction_percent", "rated_percent", "accuracy_percent"),
    }


RATES = {
    "cases": [
        {"case_type": "instant", "received_on": "2026-10-09", "closed_on": "2026-10-09", "due_on": "2026-10-09", "rating": "满意"},
        {"case_type": "instant", "received_on": "2026-10-09", "closed_on": "2026-10-10", "due_on": "2026-10-09", "rating": "不满意"},
        {"case_type": "promised", "received_on": "2026-10-09", "closed_on": "2026-10-12", "due_on": "2026-10-20"},
        {"case_type": "promised", "received_on": "2026-10-09", "due_on": "2026-12-20"},
    ],
    "item": [{"kind": "approval", "placement": where} for where in ("centre", "centre", "branch")] + [{"kind": "public_service"}],
}


@pytest.mark.parametrize(
    ("name", "percent"),
    [
        ("placement_percent", "66.67"),
        ("completion_percent", "75.00"),
        ("on_time_percent", "66.67"),
        ("instant_percent", "50.00"),
        ("on_the_spot_percent", "50.00"),
        ("satisfaction_percent", "50.00"),
        ("rated_percent", "66.67"),
        ("accuracy_percent", "66.67"),
        ("speed_up_percent", "80.00"),
    ],
)
def test_the_rates_of_a_centre_name_what_they_are_of(name: str, percent: str) -> None:
    more = [{"result_wrong": wrong, "statutory_days": 5, "case": f"C{wrong}{n}"} for n, wrong in enumerate((False, True, False, False))]
    records = RATES | {"cases": [case | own for case, own in zip(RATES["cases"], more, strict=True)]}
    read = measure("standard", name, records, about="centre", period="2026-10")
    assert f"{read.value:.2f}" == percent


def test_a_kept_score_of_the_whole_is_no_centre_of_its_own(tmp_path: Path) -> None:
    written = book(tmp_path, "schemes: {c: {scores: centre, period: month, total: count(cases)}}\n")
    records = {
        "department": [{"department": "D1", "centre": "Z1"}, {"department": "D2", "centre": "Z2"}],
        "cases": [{"case": f"C{n}", "department": f"D{n}", "received_on": "2026-11-02"} for n in (1, 2)],
    }
    kept = {**records, "c": [{"centre": "own", "period": "2026-10", "total": 7}]}
    assert score(written, "c", kept, subject="own", period="2026-11").total == 2
    assert [(card.subject, card.total) for card in score(written, "c", kept, period="2026-11")] == [("Z1", 1), ("Z2", 1)]
    assert score(written, "c", kept, subject="own", period="2026-10").total == 7
