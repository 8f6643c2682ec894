"""What a comparison says of scores and grades is what either book says alone, whatever an item's rows are and whatever the change."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import grade, load_rulebook, score, what_if
from govservice.errors import RulebookError
from govservice.rules import Rulebook
from govservice.whatif import sweep

MONTHS, BOTH = ("2026-03", "2026-04"), (date(2026, 3, 1), date(2026, 4, 30))
RECORDS: dict[str, list[dict[str, Any]]] = {
    "window": [{"window": "W1", "hall": "east"}, {"window": "W2", "hall": "west"}, {"window": "W3", "hall": "east"}],
    "staff": [{"staff": "S1", "window": "W1"}, {"staff": "S2", "window": "W2"}],
    "cases": [
        {"case": "A1", "window": "W1", "staff": "S1", "received_on": "2026-03-02", "closed_on": "2026-03-10", "fee": 3, "kind_of": "plain"},
        {"case": "A2", "window": "W1", "staff": "S1", "received_on": "2026-03-16", "closed_on": "2026-04-02", "fee": 7, "kind_of": "hard"},
        {"case": "A3", "window": "W2", "staff": "S2", "received_on": "2026-03-23", "closed_on": "2026-03-27", "fee": 1, "kind_of": "plain"},
        {"case": "A4", "window": "W2", "staff": "S2", "received_on": "2026-04-07", "closed_on": "2026-04-20", "fee": 9, "kind_of": "hard"},
    ],
    "pauses": [{"case": "A2", "kind": "hearing", "from": "2026-03-18", "to": "2026-03-25"}],
    "stages": [
        {"stage": "G1", "case": "A1", "window": "W1", "begun_on": "2026-03-03", "ended_on": "2026-03-09"},
        {"stage": "G2", "case": "A4", "window": "W2", "begun_on": "2026-04-08", "ended_on": "2026-04-17"},
    ],
    "visits": [
        {"visit": "V1", "window": "W1", "on": "2026-03-05", "people": 4},
        {"visit": "V2", "window": "W3", "on": "2026-04-05", "people": 6},
    ],
    "events": [
        {"kind": "late", "on": "2026-03-04", "window": "W2", "minutes": 12},
        {"kind": "late", "on": "2026-03-12", "window": "W1", "minutes": 40},
        {"kind": "praised", "on": "2026-04-09", "window": "W3"},
        {"kind": "amber", "on": "2026-04-10", "window": "W3"},
    ],
}  # fmt: skip
BOOK: dict[str, Any] = {
    "rulebook": "drawn",
    "conventions": {
        "first_day": "excluded", "roll": "none", "ends": "day", "cleared_signals": "counted", "part_floor": 0, "part_overflow": "capped",
        "part_served": "full", "same_occurrence": "each", "percent_alarms": "day", "pause_needs_notice": "no", "ties": "best",
        "unserved_periods": "skip", "ineligible_periods": "counted",
    },
    "settings": {"dear": {"type": "decimal", "value": 5}, "long": {"type": "integer", "value": 15}},
    "tables": {
        "window": {"hall": "text"},
        "cases": {"fee": "decimal", "kind_of": "text"},
        "stages": {
            "of": ["cases"],
            "dated_by": "begun_on", "stage": "text", "case": "text", "window": "text", "begun_on": "date", "ended_on": "date",
        },
        "visits": {"of": ["window"], "dated_by": "on", "visit": "text", "window": "text", "on": "date", "people": "integer"},
    },
    "events": {"late": {"has": {"minutes": "integer"}}, "praised": {}, "amber": {}},
    "decisions": {
        "costly": {"about": "cases", "hit": "first", "rules": [{"id": "a", "when": "fee >= dear", "then": True}], "otherwise": False},
        "counted_on": {
            "about": "cases", "hit": "first", "outcomes": {"counted_on": {"type": "date"}},
            "rules": [{"id": "a", "when": 'kind_of == "plain"', "then": "=received_on"}, {"id": "b", "then": "=closed_on"}],
        },
        "side": {
            "about": "window", "hit": "first", "outcomes": {"side": {"type": "choice", "values": ["one", "two"]}},
            "rules": [{"id": "a", "when": 'hall == "east"', "then": "one"}, {"id": "b", "then": "two"}],
        },
        "grade": {
            "about": "month", "hit": "first",
            "rules": [{"id": "best", "when": "total >= 95", "then": "good"}, {"id": "rest", "then": "poor"}],
        },
    },
    "measures": {"busy": {"value": "count(cases, when=costly)"}},
    "clocks": {
        "promised": {
            "about": "cases", "limit": "6 工作日", "starts": "received_on", "stops": "closed_on", "pauses": ["hearing"],
            "alarms": [{"signal": "amber", "at": "50%"}, {"signal": "red", "after": 0}],
        },
        "slow": {
            "about": "cases", "limit": "9 自然日", "starts": "received_on", "stops": "closed_on",
            "alarms": [{"signal": "red", "after": 0}],
        },
        "step": {
            "about": "stages", "limit": "3 工作日", "starts": "begun_on", "stops": "ended_on",
            "alarms": [{"signal": "violet", "after": 0}],
        },
    },
    "schemes": {
        "people": {"scores": "staff", "period": "month", "full": 10, "max": 10, "parts": {"p": {"full": 10, "items": [
            {"id": "dear", "for": "cases", "by": "closed_on", "when": "costly", "points": -2}]}}},
    },
}  # fmt: skip

ROWS = [
    "red",
    "promised.red",
    "slow.red",
    "amber",
    "promised.amber",
    "violet",
    "step.violet",
    "cases",
    "visits",
    "late",
    "stages",
    ["late", "red"],
    "people",
]
ITEMS: list[dict[str, Any]] = [
    *({"for": rows, "points": -4} for rows in ROWS),
    {"for": "red", "each": "case", "points": -2},
    {"for": "red", "points": "-nth"},
    {"for": "late", "points": -1, "when": "minutes > long"},
    {"for": "late", "points": -1, "at_least": "0 - dear"},
    {"for": "late", "let": {"much": "minutes > long"}, "points": "-3 if much else -1"},
    {"for": "cases", "by": "counted_on", "points": -1},
    {"for": "cases", "by": "closed_on", "when": "promised.overdue", "points": -3},
    {"for": "cases", "by": "closed_on", "when": "costly", "points": "-fee"},
    {"points": "-3 * count(promised.red)"},
    {"points": "-3 * count(red)"},
    {"points": "-count(amber, when=on > date(\"2026-03-20\"))"},
    {"points": "-count(cases, by=counted_on)"},
    {"points": "-busy"},
    {"points": "-sum(visits, people)"},
    {"points": "-count(step.violet)", "at_least": -5},
    {"points": "-lowest(people, total)"},
]  # fmt: skip
SCHEMES: list[dict[str, Any]] = [
    {},
    {"total": "100 - 4 * count(red)"},
    {"total": "50 + parts.p / 2"},
    {"who": "side == \"one\""},
    {"when": "count(promised.red) < 2"},
    {"eligible": "count(red) == 0"},
    {"rank": {"by": ["total"], "within": "side"}},
    {"rank": {"by": ["0 - count(red)", "total"]}},
    {"rank": {"by": ["total"], "when": "busy > 0"}},
]  # fmt: skip
PARTS: list[dict[str, Any]] = [{}, {"when": "count(red) < 1"}, {"start": "100 - count(slow.red)"}, {"start": "100 - busy"}, {"max": 90}]
HALF = {"share": "50%", "rounding": "up"}
GRADES: list[dict[str, Any]] = [
    {},
    {"rules": [{"id": "best", "quota": HALF, "then": "good"}, {"id": "rest", "then": "poor"}]},
    {"rules": [{"id": "best", "quota": {**HALF, "within": "side"}, "then": "good"}, {"id": "rest", "then": "poor"}]},
    {"rules": [{"id": "best", "when": "rank == 1 and count(red) < 2", "then": "good"}, {"id": "rest", "then": "poor"}]},
    {"rules": [{"id": "best", "when": "streak(total >= 95) >= 2", "then": "good"}, {"id": "rest", "then": "poor"}]},
]  # fmt: skip
QUARTERS: list[dict[str, Any]] = [
    {"total": "mean(month, total)"},
    {"total": "previous(season) if known(previous(season)) else 3 + count(red)"},
    {"parts": {"q": {"full": 100, "items": [{"id": "i", "for": "month", "when": 'grade == "good"', "points": -3}]}}},
    {"total": "100 - count(month, when=total < 100)"},
    {"total": "100 - count(promised.red) if is_none(previous(month)) else previous(month)"},
]  # fmt: skip
CHANGES: list[dict[str, object]] = [
    {"clocks.promised.limit": "4 工作日"},
    {"clocks.promised.starts": "closed_on"},
    {"clocks.promised.pauses": []},
    {"clocks.promised.alarms": [{"signal": "red", "after": "2 工作日"}]},
    {"clocks.promised.alarms": [{"signal": "amber", "at": "90%"}, {"signal": "red", "after": 0, "when": "fee > dear"}]},
    {"clocks.promised.when": "costly"},
    {"clocks.slow.limit": "4 自然日"},
    {"clocks.slow.alarms": [{"signal": "red", "before": "2 自然日"}, {"signal": "amber", "after": 0}]},
    {"clocks.step.limit": "6 工作日"},
    {"clocks.step.alarms": [{"signal": "violet", "before": "1 工作日"}, {"signal": "red", "after": 0}]},
    {"decisions.costly.rules.a.when": "fee >= 2"},
    {"decisions.counted_on.rules.a.when": 'kind_of == "hard"'},
    {"decisions.side.rules.a.when": 'hall == "west"'},
    {"measures.busy.value": "2 * count(cases) + count(slow.red)"},
    {"settings.dear.value": 1},
    {"settings.long.value": 50},
    {"schemes.people.parts.p.items.dear.points": -7},
    {"conventions.first_day": "included"},
    {"conventions.cleared_signals": "not"},
    {"events.late.verified": True},
    {"decisions.grade.rules": [{"id": "best", "when": "total >= 90", "then": "good"}, {"id": "rest", "then": "poor"}]},
]  # fmt: skip

ALL_CLOCKS: list[dict[str, object]] = [
    {"clocks.promised.limit": "4 工作日", "clocks.slow.limit": "4 自然日", "clocks.step.limit": "6 工作日"},
    {
        "clocks.promised.alarms": [{"signal": "amber", "at": "90%"}, {"signal": "red", "after": "2 工作日"}],
        "clocks.slow.alarms": [{"signal": "red", "before": "2 自然日"}, {"signal": "amber", "after": 0}],
        "clocks.step.alarms": [{"signal": "violet", "before": "1 工作日"}],
    },
]
LATE: dict[str, Any] = {"for": "late", "points": -1}
BY_NAME: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any], dict[str, Any], dict[str, object]]] = [
    ({"for": "cases", "by": "counted_on", "points": -1}, {}, {}, QUARTERS[0], CHANGES[11]),
    ({"points": "-count(cases, by=counted_on)"}, {}, {}, QUARTERS[0], CHANGES[11]),
    (LATE, {"rank": {"by": ["total"], "within": "side"}}, GRADES[3], QUARTERS[0], {"decisions.side.rules.a.when": "false"}),
    (LATE, {}, GRADES[2], QUARTERS[0], {"decisions.side.rules.a.when": "false"}),
    ({"for": "red", "points": -4}, {}, {}, QUARTERS[4], CHANGES[0]),
]  # fmt: skip


def book_of(tree: dict[str, Any], folder: Path) -> Rulebook:
    """The book of a tree."""
    path = folder / "drawn.yaml"
    path.write_text(yaml.dump(tree, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return load_rulebook(path)


def tree_of(
    items: list[dict[str, Any]], scheme: dict[str, Any], part: dict[str, Any], graded: dict[str, Any], season: dict[str, Any]
) -> dict[str, Any]:
    numbered = [{"id": f"i{number}", **item} for number, item in enumerate(items)]
    month = {
        "scores": "window",
        "period": "month",
        "full": 100,
        "max": 100,
        "parts": {"p": {"full": 100, **part, "items": numbered}},
        **scheme,
    }
    return {
        **BOOK,
        "decisions": {**BOOK["decisions"], "grade": {**BOOK["decisions"]["grade"], **graded}},
        "schemes": {**BOOK["schemes"], "month": month, "season": {"scores": "window", "period": "month", **season}},
    }  # fmt: skip


def alone(book: Rulebook) -> tuple[dict[tuple[str, str, str], Any], dict[tuple[str, str], Any]]:
    """What one book alone says of every score, and of every grade and rank, and whether it is open."""
    scores: dict[tuple[str, str, str], Any] = {}
    grades: dict[tuple[str, str], Any] = {}
    for month in MONTHS:
        for scheme in ("people", "month", "season"):
            scores |= {
                (scheme, card.subject, month): (card.total, card.low, card.high) for card in score(book, scheme, RECORDS, period=month)
            }
        grades |= {(one.subject, month): (one.grade, one.rank, one.open) for one in grade(book, "grade", RECORDS, period=month)}
    return scores, grades


def held(before: Rulebook, after: Rulebook) -> bool:
    """Hold the law to two books; whether anything changed."""
    found = what_if(before, after, RECORDS, period=BOTH)
    assert found.failed == ()
    (mine, grades), (theirs, graded) = alone(before), alone(after)
    rows = {(scheme, subject, period): (one, other) for scheme, of in found.all_scores.items() for subject, period, one, other in of}
    assert rows == {key: (mine[key][0], theirs[key][0]) for key in mine if key in theirs}
    told = {(one.scheme, one.subject, one.period) for one in found.score_changes}
    assert told == {key for key in mine if key in theirs and mine[key] != theirs[key]}
    changed = {
        (one.subject, one.period): ((one.before, one.rank_before), (one.after, one.rank_after))
        for one in found.grade_changes
        if one.decision == "grade"
    }
    other = {key for key in grades if key in graded and grades[key] != graded[key]}  # of None too: open is another than none
    assert changed == {key: (grades[key][:2], graded[key][:2]) for key in other}
    return bool(changed or told)


@pytest.mark.parametrize("rows", ROWS, ids=str)
def test_every_kind_of_rows_that_an_item_may_price(rows: Any, tmp_path: Path) -> None:
    before = book_of(tree_of([{"for": rows, "points": -4}], {}, {}, {}, QUARTERS[0]), tmp_path)
    moved = [held(before, before.amend(change)) for change in ALL_CLOCKS]
    assert any(moved) == (rows not in ("cases", "visits", "stages", "late", "people"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_drawn_books_and_changes(data: st.DataObject, tmp_path: Path) -> None:
    draw = data.draw
    items = draw(st.lists(st.sampled_from(ITEMS), min_size=1, max_size=3))
    before = book_of(tree_of(items, *(draw(st.sampled_from(some)) for some in (SCHEMES, PARTS, GRADES, QUARTERS))), tmp_path)
    with suppress(RulebookError):  # a signal that is read may be gone: no such book
        held(before, before.amend(draw(st.sampled_from(CHANGES))))


def test_what_is_read_by_its_name_alone(tmp_path: Path) -> None:
    for items, scheme, graded, season, change in BY_NAME:
        before = book_of(tree_of([items], scheme, {}, graded, season), tmp_path)
        assert held(before, before.amend(change)), (items, scheme, graded, season)


def test_a_sweep_of_a_limit_sees_the_signals_that_are_priced(tmp_path: Path) -> None:
    book = book_of(tree_of([{"for": "promised.red", "points": -4}], {}, {}, {}, QUARTERS[0]), tmp_path)
    found = sweep(book, {"clocks.promised.limit": ["4 工作日", "6 工作日"]}, RECORDS, period=MONTHS[0])
    assert [point.figures["changed_scores"] for point in found.points] == [2, 0]
