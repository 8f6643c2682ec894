"""An error in what may not matter for a score is none yet: the card is open, and says what decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from govservice import Rulebook, grade, load_rulebook, score
from govservice.errors import ConventionError, DecisionError, GovServiceError

from .centre import Scorecard

TABLES = """
rulebook: doubts
tables:
  staff: {on_post: {type: boolean}, role: {type: boolean}}
  events: {minutes: {type: integer}, seen: {type: boolean}}
events: {late: {label: 迟到}, noted: {label: 记录}}
"""
# two rows of one occurrence that say different things: nobody can say what they come to once
ROWS = [{"kind": "late", "staff": "S1", "on": "2026-03-02", "occurrence": "X", "minutes": minutes} for minutes in (2, 5)]
COUNTED = "sum(late, minutes)"
PART = "parts: {p: {start: 0, items: [{id: i, points: 1}]}}"
DIFFER = "rows of one occurrence give different values"

WHEN = "when: on_post"
HELD = f"{{start: 0, items: [{{id: i, for: noted, points: 1, at_most: '{COUNTED}'}}]}}"

SCHEMES = {
    "who": f"who: on_post, total: '{COUNTED}'",
    "when": f"{WHEN}, total: '{COUNTED}'",
    "when, of eligible": f"{WHEN}, eligible: '{COUNTED} < 3', {PART}",
    "when of a part": f"parts: {{p: {{{WHEN}, start: 0, items: [{{id: i, points: '{COUNTED}'}}]}}}}",
    "when of a part, within": f"parts: {{p: {{{WHEN}, items: [{{id: i, points: 1}}], parts: {{q: {{start: '{COUNTED}'}}}}, start: 0}}}}",
    "when of an item": f"parts: {{p: {{start: 0, items: [{{id: i, {WHEN}, points: '{COUNTED}'}}]}}}}",
    "a conditional": f"total: '({COUNTED} if on_post else 0)'",
    "when, of an item on rows": f"{WHEN}, parts: {{p: {{start: 0, items: [{{id: i, for: noted, points: '{COUNTED}'}}]}}}}",
    "when, of whether a part applies": f"{WHEN}, parts: {{p: {{when: '{COUNTED} > 3', start: 0, items: [{{id: i, points: 1}}]}}}}",
    "when, of what a sum is held to": f"{WHEN}, parts: {{p: {HELD}}}",
    "when, of who is ranked": f"{WHEN}, {PART}, rank: {{by: [total], when: '{COUNTED} > 3'}}",
    "when, of a rank": f"{WHEN}, {PART}, rank: {{by: [total, '{COUNTED}']}}",
}


def book(tmp_path: Any, scheme: str, conventions: str = "same_occurrence: harshest, ties: best", rest: str = "") -> Rulebook:
    text = f"{TABLES}conventions: {{{conventions}}}\nschemes:\n  month: {{scores: staff, period: month, {scheme}}}\n{rest}"
    path = tmp_path / "book.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rulebook(path)


def cards(of: Rulebook, scheme: str = "month", rows: list[dict[str, Any]] = ROWS, **facts: object) -> Mapping[str, Scorecard]:
    noted = {"kind": "noted", "staff": "S1", "on": "2026-03-03"}
    records = {"staff": [{"staff": "S1", **facts}, {"staff": "S2", "on_post": True}], "events": [*rows, noted]}
    return {card.subject: card for card in score(of, scheme, records, period="2026-03")}


@pytest.mark.parametrize("where", SCHEMES)
def test_an_error_of_what_may_not_apply_leaves_open_and_the_others_are_scored(tmp_path: Any, where: str) -> None:
    rank = "decisions: {g: {about: month, hit: first, outcomes: {g: {type: integer}}, rules: [{then: =rank}]}}\n" if "rank" in where else ""
    of = book(tmp_path, SCHEMES[where], rest=rank)

    def asked(**facts: object) -> Any:
        if rank:
            people = [{"staff": "S1", **facts}, {"staff": "S2", "on_post": True}]
            return {one.subject: one for one in grade(of, "g", {"staff": people, "events": ROWS}, period="2026-03")}
        return cards(of, **facts)

    found = asked()
    assert set(found) == {"S1", "S2"}
    if rank:
        assert (found["S1"].open, "on_post" in str(found["S1"].undecided)) == (True, True)
    else:
        waits = {need for item in found["S1"].open for need in item.needs} | {str(note) for note in found["S1"].notes}
        assert any("on_post" in one for one in waits)
        assert found["S2"].total is not None
    assert "S2" in asked(on_post=False)
    with pytest.raises(DecisionError, match=DIFFER):
        asked(on_post=True)


def test_a_convention_that_may_be_asked_for_is_named(tmp_path: Any) -> None:
    of = book(tmp_path, f"when: on_post, total: '{COUNTED}'", "ties: best")
    found = cards(of)["S1"]
    assert {need for item in found.open for need in item.needs} >= {"conventions.same_occurrence", "on_post"}
    with pytest.raises(ConventionError, match="same_occurrence"):
        cards(of, on_post=True)


def test_an_error_of_an_earlier_period_that_may_not_have_counted(tmp_path: Any) -> None:
    of = book(
        tmp_path,
        f"when: on_post, total: '{COUNTED}'",
        rest="  after: {scores: staff, period: month, total: previous(month)}\n"
        "  lasting: {scores: staff, period: month, total: 'streak(" + COUNTED + " <= 3 and role)'}\n",
    )
    before = [row | {"on": "2026-02-02"} for row in ROWS]
    assert cards(of, "after", before)["S1"].total is None
    assert cards(of, "after", before, on_post=False)["S1"].scored is False
    with pytest.raises(DecisionError, match=DIFFER):
        cards(of, "after", before, on_post=True)
    assert cards(of, "lasting", before)["S1"].total is None
    assert cards(of, "lasting", before, role=False)["S1"].total == 0
    with pytest.raises(DecisionError, match=DIFFER):
        cards(of, "lasting", before, role=True)


def test_one_asked_about_alone_is_not_refused_for_rules_that_contradict_each_other_where_it_may_not_be_scored(tmp_path: Any) -> None:
    table = "about: staff, period: month, hit: unique, outcomes: {u: {type: integer}}"
    rest = f"decisions: {{u: {{{table}, rules: [{{id: a, when: role, then: 1}}, {{id: b, when: role, then: 2}}]}}}}\n"
    of = book(tmp_path, "when: on_post, total: u", rest=rest)

    def alone(**facts: object) -> Any:
        return score(of, "month", {"staff": [{"staff": "S1", "role": True, **facts}]}, subject="S1", period="2026-03")

    assert alone().scored is None
    assert alone(on_post=False).scored is False
    with pytest.raises(GovServiceError, match="both hold"):
        alone(on_post=True)


def test_a_total_that_is_what_rules_contradict_each_other_about_is_open_and_the_others_go_on(tmp_path: Any) -> None:
    table = "about: staff, period: month, hit: unique, outcomes: {u: {type: integer}}"
    rest = f"decisions: {{u: {{{table}, rules: [{{id: a, when: role, then: 1}}, {{id: b, when: on_post, then: 2}}]}}}}\n"
    found = cards(book(tmp_path, "total: u", rest=rest), on_post=True, role=True)
    assert (found["S1"].total, found["S2"].total) == (None, 2)
    assert "both hold" in str(found["S1"].notes)
