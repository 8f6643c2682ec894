"""Two rulebooks over one history: what changes is what each book says alone, and nothing is worked out twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook, score, what_if
from govservice.errors import RecordError, RulebookError
from govservice.run import run
from govservice.sample import centre_year
from govservice.whatif import working
from govservice.whatif.reach import reach
from govservice.whatif.working import Beside

BEFORE = load_rulebook(Path(__file__).parent / "small.yaml")
CUT = {"clocks.promised.limit": "promised_limit * 2 / 3"}
DEARER = {"schemes.month.parts.limits.items.overdue.points": "-4 * overdue_workdays"}
WIDER = {"decisions.green.rules.large.when": 'project_kind == "enterprise" and capital_cny >= 1000000'}
RETYPED = {"decisions.case_type.rules.promised.when": "needs_review and nonmain_missing <= few and not needs_survey"}
YEAR = centre_year(cases=600, seed=4)
MONTH = "2025-05"


def test_nothing_changes_when_nothing_changes() -> None:
    done = what_if(BEFORE, BEFORE, YEAR, period=MONTH)
    assert (done.moved_cases, done.changed_scores, done.shifts, done.signals, done.grade_changes, done.entries) == (0, 0, (), (), (), ())
    assert not any(done.changed_outcomes.values())
    assert done.counted["cases"] == 600
    assert done.counted["scores"] > 0


@pytest.mark.parametrize("changes", [CUT, DEARER, WIDER, RETYPED, {"settings.few.value": "0"}], ids=lambda each: next(iter(each)))
def test_what_the_change_cannot_reach_is_what_a_full_working_gives(changes: dict[str, str]) -> None:
    after = BEFORE.amend(changes)
    assert Beside(BEFORE, YEAR, period=MONTH).what_if(after) == Beside(BEFORE, YEAR, period=MONTH, whole=True).what_if(after)


def test_a_change_of_points_works_no_case_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[object] = []
    plain = working.run_afresh
    monkeypatch.setattr(working, "cases_in_columns", lambda *_: None)
    monkeypatch.setattr(working, "run_afresh", lambda book, *given, **named: (runs.append(book), plain(book, *given, **named))[1])
    what_if(BEFORE, BEFORE.amend(DEARER), YEAR, period=MONTH)
    assert len(runs) == 1


def test_nor_does_it_in_columns() -> None:
    pytest.importorskip("polars")
    pytest.importorskip("numpy")
    beside = Beside(BEFORE, {"cases": list(YEAR["cases"])}, period=MONTH)
    first = beside._in_columns
    assert first is not None
    other = BEFORE.amend(DEARER)
    assert beside._other_in_columns(first, other, reach(BEFORE.contents, other.contents)) is first


@pytest.mark.parametrize("changes", [CUT, WIDER, RETYPED], ids=lambda each: next(iter(each)))
def test_cases_differ_as_two_runs_differ(changes: dict[str, str]) -> None:
    after, now = BEFORE.amend(changes), date(2025, 12, 31)
    done = what_if(BEFORE, after, YEAR, now=now, period=MONTH)
    one, other = ({case.id: case for case in run(book, YEAR, now=now).cases} for book in (BEFORE, after))
    assert {each.case for each in done.moves} == {
        id for id in one if (one[id].what.case_type, one[id].what.open) != (other[id].what.case_type, other[id].what.open)
    }
    assert {each.case for each in done.outcomes} >= {each.case for each in done.moves}
    dues = [{(id, due.clock): due.due for id, case in cases.items() for due in case.dues} for cases in (one, other)]
    moved = {key for key in dues[0].keys() | dues[1].keys() if dues[0].get(key) != dues[1].get(key)}
    assert {(each.case, each.clock) for each in done.shifts if each.before != each.after} == moved


def test_scores_are_those_of_the_scorecards() -> None:
    after = BEFORE.amend(DEARER)
    done = what_if(BEFORE, after, YEAR, period=MONTH)
    for book, place in ((BEFORE, 2), (after, 3)):
        cards = {card.subject: card.total for card in score(book, "month", YEAR, period=MONTH)}
        assert {row[0]: row[place] for row in done.all_scores["month"]} == cards


def test_every_promise_cut_by_a_third_is_one_line_and_moves_no_due_day_later() -> None:
    done = what_if(BEFORE, BEFORE.amend(CUT), YEAR, period=MONTH)
    days = [each.days for each in done.shifts if each.days is not None]
    assert days
    assert max(days) < 0
    assert not any(each.late_before and not each.late_after for each in done.shifts)


def case(**facts: Any) -> dict[str, Any]:
    given = {"case": "C1", "received_on": date(2025, 5, 6), "accepted_on": date(2025, 5, 6), "promised_days": 5, "formal": True}
    materials = {"main_document": "present", "nonmain_missing": 0, "attachments_missing": 0, "departments": 1, "needs_review": True}
    judged = {"plainly_against_policy": False, "plainly_against_plan": False, "recognised_urgent": False, "needs_survey": False}
    return given | materials | judged | {"simple": False, "ordinary": True, "meets_conditions": True, "same_day_possible": False} | facts


def test_what_was_recorded_is_decided_again_where_its_facts_are_given() -> None:
    row = case(case_type="instant", due_on=date(2025, 5, 8))
    done = what_if(BEFORE, BEFORE.amend(RETYPED), {"cases": [row | {"needs_survey": True}]}, period=MONTH)
    assert [(each.before, each.after) for each in done.moves] == [("promised", None)]
    assert done.as_recorded == {"due_on": 1}  # without a type nobody can say whether a promise runs: the recorded day stands


def test_a_recorded_type_without_its_facts_stands_in_both_and_is_counted() -> None:
    row = {
        "case": "C1",
        "received_on": date(2025, 5, 6),
        "case_type": "promised",
        "promised_days": 5,
        "materials_completed_on": date(2025, 5, 6),
    }
    done = what_if(BEFORE, BEFORE.amend(RETYPED), {"cases": [row]}, period=MONTH)
    assert done.moved_cases == 0
    assert done.as_recorded["case_type"] == 1


def test_an_open_type_that_is_settled_by_the_other_book_has_moved() -> None:
    row = case()
    del row["needs_review"]
    settled = BEFORE.amend({"decisions.case_type.rules.promised.when": "nonmain_missing <= few"})
    (moved,) = what_if(BEFORE, settled, {"cases": [row]}, period=MONTH).moves
    assert (moved.before, moved.open_before, moved.after, moved.open_after) == (None, True, "promised", False)


def test_the_reach_of_a_setting_is_what_reads_it() -> None:
    after = BEFORE.given({"good_at": 90})
    found = reach(BEFORE.contents, after.contents)
    assert found.touches("decisions", "grade")
    assert not found.touches("schemes", "month")
    assert not found.touches_cases(after.contents)


def test_other_words_reach_everything() -> None:
    found = reach(BEFORE.contents, BEFORE.amend({"tables.cases.colour": "text"}).contents)
    assert found.all
    assert found.touches("schemes", "month")


def test_it_shows_itself_in_both_languages_and_needs_nothing_from_outside() -> None:
    done = what_if(BEFORE, BEFORE.amend({**CUT, **DEARER, **WIDER}), YEAR, period=MONTH)
    for lang, words in (("zh", "规则改动影响测算"), ("en", "What if the rules had been others")):
        page = done.to_html(lang=lang)  # type: ignore[arg-type]
        assert page.lower().startswith("<!doctype html>")
        assert words in page
        assert "绿色通道" in page
        assert "http" not in page.replace("http-equiv", "")
    assert done._repr_html_().startswith("<main")


def test_it_goes_through_json() -> None:
    done = what_if(BEFORE, BEFORE.amend({**CUT, **WIDER}), centre_year(cases=120), period="2025-01")
    assert type(done).from_json(done.to_json()) == done


def test_frames_have_what_the_result_lists() -> None:
    pytest.importorskip("polars")
    done = what_if(BEFORE, BEFORE.amend({**CUT, **RETYPED}), YEAR, period=MONTH)
    assert (done.cases.height, done.deadlines.height, done.grades.height) == (len(done.moves), len(done.shifts), len(done.grade_changes))
    assert done.cases.columns[:6] == ["case", "item", "department", "window", "before", "after"]
    with pytest.raises(RecordError) as raised:
        done.scores("mont")
    assert "month" in str(raised.value)


def test_a_path_that_leads_nowhere_is_refused_with_the_closest() -> None:
    with pytest.raises(Exception, match="promised"):
        BEFORE.amend({"clocks.promisd.limit": "5 工作日"})
    with pytest.raises(RulebookError):
        BEFORE.amend({"clocks.promised.limit": "promised_limt * 2 / 3"})


def test_the_days_of_the_records_are_those_by_which_the_book_dates_its_cases() -> None:
    book = BEFORE.amend({"tables.cases.dated_by": "accepted_on"})
    rows = [{"case": "C1", "accepted_on": "2025-05-06"}, {"case": "C2", "受理日": "2025-06-03", "received_on": "2024-01-02"}]
    done = what_if(book, book, {"办件": rows})
    assert done.now == date(2025, 6, 3)
