"""What the sources of the shipped books leave open, clash over or put out of reach is found by `check`."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.proofs.findings import Checked, Finding

ON = date(2026, 11, 20)
BASE: dict[str, Any] = {
    "main_document": "present", "nonmain_missing": 0, "attachments_missing": 0, "missing_affects_approval": False,
    "applicant_promises": False, "formal": True, "ordinary": True, "simple": False, "same_day_possible": False, "needs_review": False,
    "needs_survey": False, "departments": 1, "plainly_against_policy": False, "plainly_against_plan": False, "meets_conditions": True,
    "recognised_urgent": False,
}  # fmt: skip


@cache
def checked(id: str) -> Checked:
    return load_rulebook(id).check()


def kunshan(differs: dict[str, Any]) -> Outcome:
    return load_rulebook("kunshan", settings={"few_attachments": 2}).decide("case_type", {**BASE, **differs}, on=ON)


def of(id: str, kind: str, entry: str) -> list[Finding]:
    return [finding for finding in checked(id).findings if finding.kind == kind and finding.entry == entry]


@pytest.mark.parametrize(
    ("differs", "rules"),
    [
        ({"main_document": "not_brought"}, ("supplement/main-not-brought", "returned/main-lacking")),
        (
            {"main_document": "lacking", "nonmain_missing": 1, "applicant_promises": True},
            ("returned/main-lacking", "supplement/promised"),
        ),
        ({"departments": 2, "simple": True, "same_day_possible": True}, ("joint", "instant")),
        ({"departments": 2, "needs_review": True}, ("joint", "promised")),
        ({"simple": True, "same_day_possible": True, "needs_review": True}, ("instant", "promised")),
        ({"recognised_urgent": True, "needs_review": True}, ("urgent", "promised")),
        ({"recognised_urgent": True, "departments": 2}, ("urgent", "joint")),
    ],
)
def test_two_clauses_of_kunshan_that_fit_one_case_are_told(differs: dict[str, Any], rules: tuple[str, str]) -> None:
    assert rules in [finding.rules for finding in of("kunshan", "order", "decisions.case_type")]
    assert kunshan(differs).rule == rules[0]


@pytest.mark.parametrize(
    ("differs", "why"),
    [
        ({}, {"main_document": "present", "nonmain_missing": 0, "attachments_missing": 0, "simple": False, "needs_review": False}),
        ({"needs_review": True, "nonmain_missing": 1}, {"nonmain_missing": 1, "applicant_promises": False}),
        ({"needs_review": True, "attachments_missing": 9}, {"nonmain_missing": 0, "attachments_missing": 3}),
    ],
    ids=["complete, neither simple nor in need of review", "something missing and not promised", "more attachments missing than a few"],
)
def test_each_gap_between_kunshans_clauses_is_told(differs: dict[str, Any], why: dict[str, Any]) -> None:
    """A gap is told by the facts that matter: with them no rule fits, whatever the other facts are."""
    assert kunshan(differs).gap
    settled = load_rulebook("kunshan", settings={"few_attachments": 2}).check().findings
    gaps = [finding for finding in settled if finding.kind == "gap" and finding.entry == "decisions.case_type"]
    told = [{name: gap.witness[name] for name in gap.telling} for gap in gaps if gap.witness is not None]
    assert all(kunshan({**differs, **facts}).gap for facts in told)
    assert any(why.items() <= facts.items() for facts in told), told


def test_leave_of_exactly_one_day_has_two_approvers() -> None:
    (finding,) = of("kunshan", "overlap", "decisions.leave_approval")
    assert finding.rules == ("up-to-one-day", "from-one-day")
    assert load_rulebook("kunshan").decide("leave_days", finding.witness, on=ON).value("leave_days") == 1


def test_the_printed_maximum_of_kunshans_windows_is_out_of_reach() -> None:
    (finding,) = of("kunshan", "cap", "schemes.window_month")
    assert finding.text("zh") == "schemes.window_month: 总分最多 102 分，够不到封顶的 110 分"
    assert finding.text("en") == "schemes.window_month: the total reaches 102 at most, its max is 110"


def test_sixty_points_have_two_grades_in_jiangyong() -> None:
    (finding,) = [one for one in of("jiangyong", "order", "decisions.unit_grade") if one.rules == ("basic", "not-competent")]
    assert finding.witness["total"] == 60
