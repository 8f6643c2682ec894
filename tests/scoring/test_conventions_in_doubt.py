"""A convention that is not stated is asked for where the answer is sure to turn on it; while that is open, it is named with the rest."""

from __future__ import annotations

from typing import Any

import pytest

from govservice import Rulebook, grade, load_rulebook, score
from govservice.errors import ConventionError

TABLES = """
rulebook: unstated
tables:
  staff: {on_post: {type: boolean}, points: {type: decimal}}
  events: {seen: {type: boolean}}
  cases: {heard: {type: boolean}, marks: {type: decimal}}
events: {late: {label: 迟到}}
"""


def book(tmp_path: Any, text: str, conventions: str = "{}") -> Rulebook:
    path = tmp_path / "book.yaml"
    path.write_text(f"{TABLES}conventions: {conventions}\n{text}", encoding="utf-8")
    return load_rulebook(path)


def card(of: Rulebook, events: Any = (), cases: Any = (), now: str | None = None, **facts: object) -> Any:
    records = {"staff": [{"staff": "S1", **facts}], "events": list(events), "cases": list(cases)}
    return score(of, "month", records, period="2026-03", now=now)[0]


@pytest.mark.parametrize(
    ("scheme", "low", "high"),
    [
        ("when: on_post, total: points", 1.2, 1.3),
        ("total: points if on_post else 1", 1, 1.3),
        ("parts: {p: {when: on_post, start: 0, items: [{id: i, points: points}]}}", 0, 1.3),
    ],
)
def test_how_a_number_is_rounded_that_may_not_count(tmp_path: Any, scheme: str, low: float, high: float) -> None:
    of = book(tmp_path, f"schemes: {{month: {{scores: staff, period: month, {scheme}}}}}\n", "{rounding: {digits: 1}}")
    found = card(of, points="1.25")
    assert (found.total, float(found.low), float(found.high)) == (None, low, high)
    assert card(of, points="1.25", on_post=False).total in (None, 1, 0)
    with pytest.raises(ConventionError, match=r"rounding\.mode"):
        card(of, points="1.25", on_post=True)


def test_equals_of_whom_it_is_open_whether_they_are_ranked(tmp_path: Any) -> None:
    rank = "rank: {by: [total]}"
    rules = "decisions: {g: {about: month, when: on_post, hit: first, rules: [{when: rank <= 1, then: true}, {then: false}]}}\n"
    of = book(tmp_path, f"{rules}schemes: {{month: {{scores: staff, period: month, total: points, {rank}}}}}\n")

    def grades(**facts: object) -> list[Any]:
        people = [{"staff": id, "points": 1, **facts} for id in ("S1", "S2")]
        return grade(of, "g", {"staff": people}, period="2026-03")

    assert [(one.open, one.undecided) for one in grades()] == [(True, ("conventions.ties", "on_post"))] * 2
    assert [one.grade for one in grades(on_post=False)] == [None, None]
    with pytest.raises(ConventionError, match="ties"):
        grades(on_post=True)


def test_rows_that_may_be_of_one_occurrence(tmp_path: Any) -> None:
    of = book(tmp_path, "schemes: {month: {scores: staff, period: month, total: 'count(late, when=seen)'}}\n")
    rows = [{"kind": "late", "staff": "S1", "on": "2026-03-02", "occurrence": "X", "seen": True} for _ in range(2)]
    open_ = [rows[0], {name: value for name, value in rows[1].items() if name != "seen"}]
    found = card(of, open_)
    assert (found.total, found.low, found.high) == (None, 1, 2)
    assert card(of, [rows[0], rows[1] | {"seen": False}]).total == 1
    with pytest.raises(ConventionError, match="same_occurrence"):
        card(of, rows)


CLOCK = """
clocks:
  k: {about: cases, limit: 3 工作日, starts: received_on, stops: closed_on, when: heard, alarms: [{signal: red, at: 50%}]}
schemes: {month: {scores: staff, period: month, total: 10 - count(red)}}
"""


def test_what_a_clock_that_may_not_run_would_need(tmp_path: Any) -> None:
    of = book(tmp_path, CLOCK, "{first_day: excluded, ends: day}")
    case = {"case": "C1", "staff": "S1", "received_on": "2026-03-02"}
    found = card(of, cases=[case], now="2026-03-20")
    assert (found.total, found.low, found.high) == (None, 9, 10)
    assert card(of, cases=[case | {"heard": False}], now="2026-03-20").total == 10
    with pytest.raises(ConventionError, match="percent_alarms"):
        card(of, cases=[case | {"heard": True}], now="2026-03-20")


def test_a_signal_of_which_it_is_open_whether_it_was_cleared(tmp_path: Any) -> None:
    text = CLOCK.replace(", when: heard", "").replace("limit: 3 工作日", "limit: promised_limit").replace("at: 50%", "before: 1 工作日")
    of = book(tmp_path, text, "{first_day: excluded, ends: day}")
    case = {"case": "C1", "staff": "S1", "received_on": "2026-03-02", "promised_limit": "3个工作日", "closed_on": "2026-03-05"}
    with pytest.raises(ConventionError, match="cleared_signals"):
        card(of, cases=[case], now="2026-03-20")
    assert card(of, cases=[case | {"closed_on": "2026-03-12"}], now="2026-03-20").total == 9
