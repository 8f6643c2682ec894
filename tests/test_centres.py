"""What the shipped books promise, where a case file cannot say it: clocks of a dated book, opening hours, quotas of many, papers owed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from govservice import OfficeHours, china, clocks, due, grade, load_rulebook
from govservice.deadlines import ClockReading, case_outcomes
from govservice.notices import owed
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


OPEN_INFORMATION: dict[str, Any] = {"提出方式": "当面提交", "提交日": "2026-03-02", "内容明确": "是", "可当场答复": "否"}
PETITION = {"事项类别": "申诉求决", "应走的程序": "不属以上情形", "受理日": "2026-03-02"}
RECONSIDERATION = {"收件日": "2026-02-25", "受理日": "2026-03-02", "材料齐全表述清楚": "是", "适用简易程序": "否", "他法复议期限更短": "否"}
CALL = {"不予受理情形": "不属不予受理情形", "可即时答复": "否", "法定时限更长": "否", "派单时刻": "2026-03-02 09:20"}
WHOLE = {
    "open-information": (OPEN_INFORMATION, date(2026, 3, 30)),
    "petitions": (PETITION, date(2026, 5, 6)),
    "reconsideration": (RECONSIDERATION, date(2026, 5, 6)),
    "hotline": (CALL, date(2026, 3, 9)),
}


@pytest.mark.parametrize("id", WHOLE)
def test_a_request_a_petition_a_review_and_a_call_are_overdue_once_the_time_for_the_whole_is_over(id: str) -> None:
    facts, last = WHOLE[id]
    book = load_rulebook(id, settings={"handling_limit": "5个工作日"} if id == "hotline" else {})
    assert due(facts, book, now=last).due == last
    assert case_outcomes(facts, book, now=last)["overdue"].value("overdue") is False
    assert case_outcomes(facts, book, now=last + timedelta(days=1))["overdue"].value("overdue") is True


PAPERS = [
    ("open-information", "cases", {"内容明确": "否"}, "supplement_told", ["补正事项", "补正期限"]),
    ("open-information", "extensions", {"准予延长": "是"}, "answer_extended", ["延长时间"]),
    ("open-information", "cases", {"第三方收到征求意见书日": "2026-03-05", "third_party.overdue": False, "第三方提出意见日": "2026-03-16",
     "第三方同意公开": "否", "不公开对公共利益有重大影响": "是"}, "third_party_told", []),
    ("open-information", "cases", {"延迟答复告知日": "2026-03-20"}, "answer_delayed", ["延迟答复期限"]),
    ("petitions", "extensions", {"准予延长": "是"}, "settlement_extended", ["延长理由"]),
    ("reconsideration", "cases", {"材料齐全表述清楚": "否"}, "supplement_told", ["补正事项"]),
    ("reconsideration", "cases", {"材料齐全表述清楚": "是", "属本机关管辖": "否"}, "refused_in_writing", ["不符合的受理条件"]),
    ("reconsideration", "extensions", {"准予延长": "是", "所延时限": "复议决定期限"}, "decision_extended", ["延长理由"]),
    ("reconsideration", "pauses", {"中止事由": "mediation"}, "suspended_told", []),
    ("reconsideration", "cases", {"听证举行日": "2026-04-16"}, "hearing_told", []),
    ("rating", "ratings", {"评价等级": "不满意", "整改日": "2026-03-12"}, "answered", []),
    ("hotline", "cases", {"退单时刻": "2026-03-03 09:00"}, "returned", ["退单原因"]),
    ("hotline", "cases", {"不予受理情形": "已进入信访程序"}, "not_taken", []),
]  # fmt: skip


@pytest.mark.parametrize(("id", "table", "facts", "kind", "lacks"), PAPERS, ids=[f"{id}-{kind}" for id, _, _, kind, _ in PAPERS])
def test_what_must_be_told_is_owed_and_says_what_it_still_lacks(
    id: str, table: str, facts: dict[str, Any], kind: str, lacks: list[str]
) -> None:
    papers = {paper.kind: paper for paper in owed(load_rulebook(id).subject(table, facts))}
    assert list(papers[kind].lacks) == lacks


def test_every_paper_of_the_national_books_is_owed_somewhere() -> None:
    books = {id for id, *_ in PAPERS}
    assert {(id, kind) for id, _, _, kind, _ in PAPERS} == {(id, kind) for id in books for kind in load_rulebook(id).contents.notices}


@pytest.mark.parametrize("named", ["decision_limit", "许可决定时限"])
def test_the_letter_on_an_extension_is_owed_however_its_clock_is_named(named: str) -> None:
    facts = {"准予延长": "是", "所延时限": named}
    assert [paper.kind for paper in owed(load_rulebook("licensing-law").subject("extensions", facts))] == ["extension_told"]
