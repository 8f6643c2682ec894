"""A whole year of Kunshan from records alone: swipes, slips, cases, ballots and complaints; months, flags, the year, grades.

Three windows of two departments, four people. Everybody swipes in time on every working day, and handles one case a month in time, but for
what `records` names; each figure below is worked out by hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import pytest

from govservice import china, grade, load_rulebook, score
from govservice.scoring import Ledger, read_ledger

YEAR_END: Final = date(2026, 12, 31)
KUNSHAN: Final = load_rulebook(
    "kunshan",
    settings={
        "afternoon_card_from": "12:00", "afternoon_begins": "13:00", "leaving_card_from": "16:00", "missed_swipe_points": 0.5,
        "proxy_half_days": 2, "complaint_window_points": 2, "complaint_staff_points": 1, "red_flags": 1, "outstanding_staff": 3,
        "excellent_at": 98, "competent_at": 90, "habitual_times": 10, "habitual_warnings": 2, "stand_in_points": 2,
    },
)  # fmt: skip
PEOPLE: Final = {"S1": "W1", "S2": "W1", "S3": "W2", "S4": "W3"}
DEPARTMENTS: Final = {"W1": "建设局", "W2": "建设局", "W3": "工商局"}
VIEWS: Final = {"W1": "好", "W2": "较好", "W3": "一般"}  # two, one and no points more in every month
LATE: Final = (date(2026, 5, 6), date(2026, 5, 7), date(2026, 5, 8))  # S2, in the morning
ABSENT: Final = date(2026, 8, 12)  # S3, without a slip
SICK: Final = (date(2026, 11, 2), date(2026, 11, 17))  # S4: sixteen days, all in November


def swipes() -> list[dict[str, Any]]:
    days = (date(2026, 1, 1) + timedelta(number) for number in range(365))
    return [
        {"staff": person, "at": f"{day} {'09:20' if at == '08:50' and person == 'S2' and day in LATE else at}"}
        for day in days
        if china().is_workday(day)
        for person in PEOPLE
        if not (person == "S3" and day == ABSENT) and not (person == "S4" and SICK[0] <= day <= SICK[1])
        for at in ("08:50", "12:50", "17:05")
    ]


def cases() -> list[dict[str, Any]]:
    return [
        {
            "case": f"{person}-{month}", "staff": person, "window": window, "result_wrong": False,
            "received_on": date(2026, month, 5), "due_on": date(2026, month, 20), "closed_on": date(2026, month, 15),
        }
        for person, window in PEOPLE.items()
        for month in range(1, 13)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def records() -> Ledger:
    untidy = [{"kind": "保洁不合格", "window": "W2", "on": date(2026, 10, day)} for day in range(12, 21)]  # nine times
    complaint = {
        "complaint": "T1", "window": "W1", "staff": "S1", "received_on": "2026-03-16", "settled_on": "2026-03-20", "upheld": True,
        "found_as": "不文明言行", "assessed": -1,
    }  # fmt: skip
    slip = {"leave": "J1", "staff": "S4", "leave_kind": "病假", "first_on": SICK[0], "last_on": SICK[1], "asked_on": date(2026, 10, 30),
            "approved_by": "中心领导", "papers": ["医院证明"], "short_handed": False}  # fmt: skip
    return read_ledger(
        KUNSHAN,
        {
            "staff": [{"staff": person, "window": window} for person, window in PEOPLE.items()],
            "window": [{"window": window, "department": department} for window, department in DEPARTMENTS.items()],
            "cases": cases(),
            "swipes": swipes(),
            "leaves": [slip],
            "events": untidy,
            "complaints": [complaint],
            "ballots": [{"window": w, "on": date(2026, month, 25), "view": view} for w, view in VIEWS.items() for month in range(1, 13)],
        },
    )


def total(records: Ledger, scheme: str, subject: str, period: str) -> object:
    card = score(KUNSHAN, scheme, records, subject=subject, period=period, now=YEAR_END)
    assert card.open == (), card.explain()
    return card.total


def grades(records: Ledger, decision: str, period: str) -> dict[str, object]:
    return {one.subject: one.grade for one in grade(KUNSHAN, decision, records, period=period, now=YEAR_END)}


def test_the_months_of_the_windows(records: Ledger) -> None:
    assert [total(records, "window_month", "W1", f"2026-{month:02}") for month in range(1, 13)] == [102, 102, 100, *[102] * 9]
    assert [total(records, "window_month", "W2", f"2026-{month:02}") for month in (9, 10, 11)] == [101, 92, 101]
    assert total(records, "window_month", "W3", "2026-10") == 100


def test_the_months_of_the_staff_follow_from_swipes_slips_and_the_complaint(records: Ledger) -> None:
    assert [total(records, "staff_month", "S1", f"2026-{month:02}") for month in (2, 3, 4)] == [100, 99, 100]
    assert [total(records, "staff_month", "S2", f"2026-{month:02}") for month in (4, 5)] == [100, 97]
    assert [total(records, "staff_month", "S3", f"2026-{month:02}") for month in (8, 9)] == [96, 100]
    assert total(records, "staff_month", "S4", "2026-11") == 100  # sick with a slip: no day without leave


def test_the_red_flag_goes_among_the_departments_every_two_months(records: Ledger) -> None:
    flagged = [
        next(department for department, flag in grades(records, "red_flag", f"2026-B{two}").items() if flag is True) for two in range(1, 7)
    ]
    assert flagged == ["建设局"] * 4 + ["工商局", "建设局"]  # in September and October (102 + 102 + 101 + 92) / 4 = 99.25 against 100


def test_who_is_named_outstanding(records: Ledger) -> None:
    assert grades(records, "outstanding", "2026-B3") == {"S1": True, "S2": False, "S3": True, "S4": True}  # S2: (97 + 100) / 2


def test_the_year_of_windows_and_departments(records: Ledger) -> None:
    assert str(total(records, "window_year", "W1", "2026")) == "101.83"  # (11 x 102 + 100) / 12
    assert str(total(records, "department_year", "建设局", "2026")) == "101.04"  # (1222 + 11 x 101 + 92) / 24
    assert total(records, "department_year", "工商局", "2026") == 100


def test_the_year_of_the_staff_their_grades_and_rewards(records: Ledger) -> None:
    assert [total(records, "staff_year", person, "2026") for person in PEOPLE] == [99, 97, 96, 98]  # S4: over fifteen days of leave
    assert grades(records, "staff_grade", "2026") == {"S1": "优秀", "S4": "优秀", "S2": "称职", "S3": "称职"}
    assert grades(records, "reward", "2026") == {"S1": "精神和物质奖励", "S4": "精神和物质奖励", "S2": "无", "S3": "无"}


def test_bonuses_consequences_and_results_to_publish(records: Ledger) -> None:
    assert grades(records, "month_bonus", "2026-08") == {"S1": "发放", "S2": "发放", "S3": "扣发", "S4": "发放"}
    assert grades(records, "month_bonus", "2026-11")["S4"] == "扣发"  # over seven days sick
    assert set(grades(records, "year_bonus", "2026").values()) == {"发放"}
    assert grades(records, "complaint_consequence", "ever") == {"S1": "通报", "S2": "无", "S3": "无", "S4": "无"}
    assert grades(records, "leave_faults", "2026") == {"J1": ()}
    assert set(grades(records, "staff_result", "2026").values()) == {"待评议小组讨论通过"}
