"""What the books of the centres promise, where a case file cannot say it: clocks of a dated book, opening hours, and quotas of many."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from govservice import OfficeHours, china, clocks, grade, load_rulebook
from govservice.deadlines import ClockReading, case_outcomes
from govservice.rules.language.shapes import Constant

HONGKOU = load_rulebook("hongkou")
REGISTRATION: dict[str, Any] = {"enterprise_registration": True, "in_legal_form": True}


def registration(now: date, **facts: Any) -> ClockReading:
    """Hongkou's clock of a registration."""
    (found,) = [one for one in clocks(REGISTRATION | facts, HONGKOU, now=now) if one.clock == "registration"]
    return found


@pytest.mark.parametrize(("closed_on", "overdue", "said"), [(date(2026, 3, 12), False, "未超时"), (date(2026, 3, 13), True, "超时")])
def test_hongkou_completes_a_registration_within_eight_working_days(closed_on: date, overdue: bool, said: str) -> None:
    case = REGISTRATION | {"materials_completed_on": date(2026, 3, 2), "closed_on": closed_on}
    reading = registration(date(2026, 3, 20), **case)
    assert (reading.due, reading.overdue) == (date(2026, 3, 12), overdue)
    assert case_outcomes(case, HONGKOU, now=date(2026, 3, 20))["registration_in_time"].value("registration_in_time") == said


def test_the_national_day_is_not_counted_and_the_make_up_saturday_is() -> None:
    reading = registration(date(2026, 10, 12), materials_completed_on=date(2026, 9, 28))
    assert (reading.used, reading.left, reading.due) == (6, 2, date(2026, 10, 14))


def test_the_eight_days_begin_when_the_materials_are_complete_not_when_they_come_in() -> None:
    assert registration(date(2026, 3, 3), received_on=date(2026, 2, 24)).started is None
    reading = registration(date(2026, 3, 3), received_on=date(2026, 2, 24), materials_completed_on=date(2026, 3, 2))
    assert (reading.started, reading.due) == (date(2026, 3, 2), date(2026, 3, 12))


def test_without_legal_form_the_eight_days_do_not_run() -> None:
    assert registration(date(2026, 3, 3), materials_completed_on=date(2026, 3, 2), in_legal_form=False).applies is False


def test_hongkou_promised_nothing_before_it_opened() -> None:
    assert registration(date(2010, 7, 16), materials_completed_on=date(2010, 7, 15)).applies is False
    assert registration(date(2010, 7, 20), materials_completed_on=date(2010, 7, 19)).applies is True


def test_wuxi_is_open_on_saturdays_though_a_saturday_is_no_working_day() -> None:
    hours = load_rulebook("wuxi").contents.hours
    assert isinstance(hours, Constant)
    text = str(hours.value)
    saturday = date(2026, 3, 7)
    assert OfficeHours(text).opens(saturday.weekday())
    assert not OfficeHours(text).opens(saturday.weekday() + 1)
    assert not china().is_workday(saturday)


WINDOWS = [{"window": f"W{number}", "period": "2026", "total": 100 - number} for number in range(1, 39)]


@pytest.mark.parametrize(("rounding", "chosen"), [("up", 10), ("half_up", 10), ("down", 9)])
def test_a_quarter_of_jiangyongs_38_windows_is_nine_and_a_half(rounding: str, chosen: int) -> None:
    book = load_rulebook("jiangyong", settings={"quota_rounding": rounding})
    grades = grade(book, "excellent_window", {"window_year": WINDOWS}, period="2026")
    assert [one.subject for one in grades if one.grade is True] == [f"W{number}" for number in range(1, chosen + 1)]


def test_only_the_tenth_of_the_38_windows_waits_for_how_the_half_is_rounded() -> None:
    grades = grade(load_rulebook("jiangyong"), "excellent_window", {"window_year": WINDOWS}, period="2026")
    assert [(one.subject, one.undecided) for one in grades if one.open] == [("W10", ("quota_rounding",))]
