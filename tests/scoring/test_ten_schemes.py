"""Ten schemes as unlike each other as regulations are, each with a case that an officer can work out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govservice import Rulebook, grade, load_rulebook, score

BOOKS = {path.stem: path for path in sorted((Path(__file__).parent / "schemes").glob("*.yaml"))}
Records = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def book() -> Callable[[str], Rulebook]:
    return lambda name: load_rulebook(BOOKS[name])


def event(kind: str, on: str, **more: object) -> dict[str, Any]:
    return {"kind": kind, "on": on, "staff": "S1", **more}


def of(book: Rulebook, scheme: str, records: Records, period: object, subject: str = "S1") -> object:
    card = score(book, scheme, records, subject=subject, period=period)
    return card.total if card.total is not None else (card.low, card.high)


def grades(book: Rulebook, decision: str, records: Records, period: object) -> dict[str, object]:
    return {one.subject: one.grade for one in grade(book, decision, records, period=period)}


def test_there_are_ten() -> None:
    assert len(BOOKS) == 10


def test_stars(book: Callable[[str], Rulebook]) -> None:
    rows = [
        event("dissatisfied", "2026-03-05", staff=None, window="W1"),
        event("praised", "2026-04-05", staff=None, window="W1"),
        event("breach", "2026-05-05", staff=None, window="W1", verified=True),
        event("dissatisfied", "2026-06-05", staff=None, window="W1"),
        event("breach", "2026-06-06", staff=None, window="W1"),
    ]
    records: Records = {"events": rows, "window": [{"window": "W1"}, {"window": "W2"}]}
    stars = [of(book("stars"), "stars", records, f"2026-B{number}", "W1") for number in range(1, 7)]
    assert stars == [5, 5, 2, 5, 5, 5]
    assert of(book("stars"), "star_year", records, "2026", "W1") == 5
    assert [grades(book("stars"), "plaque", records, f"2026-B{number}")["W1"] for number in range(2, 6)] == ["不变", "摘牌", "不变", "挂牌"]


def test_ten_points_a_month(book: Callable[[str], Rulebook]) -> None:
    rows = [event("minor", f"2026-03-0{day}") for day in range(1, 5)] + [
        event("grave", "2026-04-01"),
        event("grave", "2026-05-01", assessed=-6),
    ]
    records: Records = {"events": rows, "staff": [{"staff": "S1"}]}
    found = [of(book("ten-points"), "ten", records, f"2026-0{month}") for month in (3, 4, 5, 6)]
    assert found == [4, (4, 7), 4, 10]
    assert of(book("ten-points"), "year", records, "2026") == (15, 18)
    assert grades(book("ten-points"), "consequence", records, "2026") == {"S1": "约谈"}


def test_doubling_after_the_fifth_lateness(book: Callable[[str], Rulebook]) -> None:
    rows = [event("late", f"2026-10-{day:02}", minutes=5) for day in (1, 2, 3)] + [event("early", f"2026-10-{day:02}") for day in (4, 5, 6)]
    rows += [event("late", "2026-10-07", minutes=51), event("late", "2026-10-08", minutes=99, excused=True)]
    # 1+1+1+1 then 2+2+2; 51 minutes is 21 over, three tens begun; three early leavings are one block
    assert of(book("doubling"), "attendance", {"events": rows}, "2026-10") == 100 - 10 - 3 - 3


def test_money(book: Callable[[str], Rulebook]) -> None:
    people = [
        {"staff": "S1", "post_rank": "lead"},
        {"staff": "S2", "post_rank": "clerk", "from": "2026-11-16"},
        {"staff": "S3", "post_rank": "clerk"},
    ]
    rows = [event("error", "2026-11-03", loss=200), event("error", "2026-11-04", loss=55.5), event("absent", "2026-11-05", staff="S3")]
    records: Records = {"events": rows, "staff": people}
    # 92 points: rate 1; 1,200 x 1.3 - 25.55; half of November at rate 1.2; nothing for the absent
    found = [of(book("money"), "bonus", records, "2026-11", one) for one in ("S1", "S2", "S3")]
    assert [str(one) for one in found] == ["1534.45", "720", "0"]


def test_chief_and_window_coupled(book: Callable[[str], Rulebook]) -> None:
    people = [{"staff": "S1", "window": "W1", "chief": True}, {"staff": "S2", "window": "W1"}]
    rows = [
        event("mistake", "2026-10-08", staff="S2"),
        event("mistake", "2026-10-09", staff="S2"),
        event("window_mistake", "2026-10-10", staff=None, window="W1"),
    ]
    records: Records = {"events": rows, "staff": people}
    assert of(book("coupled"), "window_month", records, "2026-10", "W1") == 92  # 0.6 x 90 + 0.4 x 95
    assert [of(book("coupled"), "staff_month", records, "2026-10", one) for one in ("S1", "S2")] == [96, Decimal("90.2")]


def test_eighty_twenty_with_a_coefficient(book: Callable[[str], Rulebook]) -> None:
    reviews = [{"department": "D1", "reviewed_on": f"2026-0{quarter}-15", "marks": marks} for quarter, marks in ((3, 90), (6, 85), (9, 92))]
    rows = [event("fault", "2026-05-01", staff=None, department="D1", grave=grave) for grave in (True, False)]
    records: Records = {"events": rows, "reviews": reviews, "department": [{"department": "D1", "coefficient": 1.05}]}
    # (80 - 5 + 0.2 x 89) x 1.05 = 97.44
    assert str(of(book("eighty-twenty"), "year", records, "2026", "D1")) == "97.4"


def test_a_quota_with_tie_breaks(book: Callable[[str], Rulebook]) -> None:
    windows = [{"window": f"W{number}", "group": "大" if number < 6 else "小", "months_open": 12} for number in range(1, 8)]
    windows[1]["months_open"] = 5
    cases = [
        {"case": f"{window['window']}-{number}", "window": window["window"], "received_on": "2026-03-02", "rating": "满意"}
        for window in windows
        for number in (1, 2)
    ]
    cases[4] |= {"rating": "不满意"}  # one of W3's
    rows = [event(kind, "2026-04-01", staff=None, window=window) for kind, window in (("complaint", "W1"), ("one_vote_veto", "W7"))]
    rows += [event("fault", "2026-04-01", staff=None, window="W5")] * 7
    records: Records = {"events": rows, "cases": cases, "window": windows}
    assert grades(book("quota"), "grade", records, "2026") == {
        "W4": "优秀", "W1": "合格", "W3": "合格", "W5": "末位约谈", "W2": "合格", "W6": None, "W7": "不合格",
    }  # fmt: skip


def test_three_strikes_in_twelve_months(book: Callable[[str], Rulebook]) -> None:
    strikes = ["2025-11-30", "2026-03-01", "2026-10-31"]
    records: Records = {"events": [event("strike", day, verified=True) for day in strikes] + [event("strike", "2026-09-01")]}
    found = {
        period: grades(book("three-strikes"), "ladder", records, period)["S1"]
        for period in ("2025-10", "2025-11", "2026-03", "2026-10", "2026-11", "2027-10")
    }
    assert found == {"2025-10": "无", "2025-11": "谈话", "2026-03": "通报", "2026-10": "退回派出单位", "2026-11": "通报", "2027-10": "无"}
    assert grades(book("three-strikes"), "barred", records, "2026-10") == {"S1": False}


def test_improvement_over_the_previous_quarter(book: Callable[[str], Rulebook]) -> None:
    def quarter(first: str, on_time: int, late: int) -> list[dict[str, Any]]:
        closed = ["2026-01-01"] * on_time + ["2026-12-31"] * late
        return [
            {"case": f"{first}-{number}", "department": "D1", "received_on": first, "due_on": "2026-06-30", "closed_on": day}
            for number, day in enumerate(closed)
        ]

    records: Records = {"cases": [*quarter("2026-01-05", 8, 2), *quarter("2026-04-05", 9, 1), *quarter("2026-07-05", 17, 3)]}
    now = date(2027, 1, 1)
    found = [score(book("improvement"), "progress", records, subject="D1", period=f"2026-Q{number}", now=now).total for number in (1, 2, 3)]
    assert found == [74, 82, 58]  # 64 + 10; 72 + 10; 68 - 2 x 5


def test_peers_against_the_average(book: Callable[[str], Rulebook]) -> None:
    votes = [{"window": "W1", "cast_on": "2026-06-20", "vote": vote} for vote in (60, 90, 92, 94, 100)]
    votes += [{"window": "W2", "cast_on": "2026-06-20", "vote": vote} for vote in (80, 84)]
    records: Records = {"votes": votes, "window": [{"window": "W1"}, {"window": "W2"}]}
    assert [of(book("peers"), "trimmed", records, "2026-H1", one) for one in ("W1", "W2")] == [92, 82]  # the whole centre's mean is 87
    assert [of(book("peers"), "above", records, "2026-H1", one) for one in ("W1", "W2")] == [110, 95]
