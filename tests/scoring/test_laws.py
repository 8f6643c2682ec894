"""Laws that every score obeys, whatever the records: tried on many drawn by chance."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import Rulebook, Scorecard, grade, score

from .centre import book, staff

OF = book(
    """
    schemes:
      month:
        scores: staff
        period: month
        max: 120
        parts:
          hours:
            full: 30
            items:
              - {id: late, for: late, points: -1 * (2 if nth >= 3 else 1)}
              - {id: absent, for: absent, points: -5}
          manners:
            full: 40
            min: -10
            items:
              - {id: rude, for: rude, points: "discretion(-8, -2)"}
              - {id: gift, for: gift, points: -20}
          praise:
            max: 15
            items:
              - {id: thanked, for: thanked, points: 2}
        adjust:
          - {id: long, for: late, when: minutes > 20, points: -0.5}
        rank: {by: [total]}
      quarter: {scores: staff, period: quarter, total: mean(month)}
      window_month: {scores: window, period: month, total: 0.7 * mean(month) + 0.3 * lowest(month)}
    decisions:
      prize: {about: month, hit: first, rules: [{when: rank <= 2 or total >= 75, then: prize}, {then: nothing}]}
    """,
    "part_floor: 0, part_overflow: capped, ties: report, unserved_periods: skip, rounding: {digits: 6, mode: half_up, at: end}",
)
PEOPLE = [staff(window="W1"), staff("S2", window="W1"), staff("S3", window="W2")]
QUICK = settings(max_examples=40, deadline=None)

events = st.builds(
    lambda kind, day, person, minutes, mark, sure: {
        "kind": kind, "on": date(2026, 9, 25) + timedelta(days=day), "staff": person, "minutes": minutes,
        "assessed": mark if kind == "rude" else None, "verified": sure,
    },
    st.sampled_from(["late", "absent", "rude", "gift", "thanked"]),
    st.integers(0, 45),
    st.sampled_from(["S1", "S2"]),
    st.none() | st.integers(1, 40),
    st.none() | st.integers(-8, -2),
    st.booleans(),
)  # fmt: skip
histories = st.lists(events, max_size=12)


def scored(
    history: list[dict[str, Any]], scheme: str = "month", subject: str = "S1", period: str = "2026-10", of: Rulebook = OF, **more: Any
) -> Scorecard:
    return score(of, scheme, {"events": history, "staff": PEOPLE, **more}, subject=subject, period=period)


def span(card: Scorecard) -> tuple[Any, Any]:
    return card.low, card.high


def plain(history: list[dict[str, Any]], subject: str = "S1") -> Fraction:
    """What the month comes to, worked out without the library; every mark and minute must be known."""
    own = [row for row in history if row["staff"] == subject and row["on"].month == 10]
    lates = [row for row in own if row["kind"] == "late"]
    number = {kind: sum(row["kind"] == kind for row in own) for kind in ("absent", "thanked")}
    hours = max(0, 30 - sum(2 if place >= 3 else 1 for place in range(1, len(lates) + 1)) - 5 * number["absent"])
    gifts = sum(row["kind"] == "gift" and row["verified"] for row in own)
    manners = max(-10, 40 + sum(row["assessed"] for row in own if row["kind"] == "rude") - 20 * gifts)
    adjust = -Fraction(1, 2) * sum(row["minutes"] > 20 for row in lates)
    return min(Fraction(120), hours + min(40, manners) + min(15, 2 * number["thanked"]) + adjust)


def settled(history: list[dict[str, Any]], draw: Any) -> list[dict[str, Any]]:
    """The same history with everything that is open drawn."""
    found = []
    for row in history:
        mark = draw(st.integers(-8, -2)) if row["kind"] == "rude" and row["assessed"] is None else row["assessed"]
        found.append(row | {"assessed": mark, "minutes": draw(st.integers(1, 40)) if row["minutes"] is None else row["minutes"]})
    return found


@QUICK
@given(histories, st.data())
def test_a_score_is_what_plain_arithmetic_gives(history: list[dict[str, Any]], data: st.DataObject) -> None:
    known = settled(history, data.draw)
    for subject in ("S1", "S2"):
        assert scored(known, subject=subject).total == plain(known, subject)


@QUICK
@given(histories, st.randoms(use_true_random=False))
def test_the_order_of_events_never_matters(history: list[dict[str, Any]], chance: Any) -> None:
    shuffled = chance.sample(history, len(history))
    one, other = scored(history), scored(shuffled)
    assert span(one) == span(other)
    assert {id: (part.low, part.high) for id, part in one.parts.items()} == {id: (part.low, part.high) for id, part in other.parts.items()}
    assert sorted(str(row) for row in one.unpriced + one.unverified) == sorted(str(row) for row in other.unpriced + other.unverified)


@QUICK
@given(histories, events.filter(lambda row: row["kind"] != "thanked"))
def test_a_further_deduction_never_raises_a_total(history: list[dict[str, Any]], more: dict[str, Any]) -> None:
    before, after = scored(history), scored([*history, more])
    assert after.low <= before.low  # type: ignore[operator]
    assert after.high <= before.high  # type: ignore[operator]


@QUICK
@given(histories)
def test_a_part_never_leaves_its_bounds(history: list[dict[str, Any]]) -> None:
    parts = scored(history).parts
    bounds = {"hours": (0, 30), "manners": (-10, 40), "praise": (-1000, 15)}
    for id, (low, high) in bounds.items():
        assert low <= parts[id].low <= parts[id].high <= high  # type: ignore[operator]


@QUICK
@given(histories, st.data())
def test_the_bounds_contain_every_choice_of_what_is_open(history: list[dict[str, Any]], data: st.DataObject) -> None:
    known = settled(history, data.draw)
    for scheme, subject, period in (("month", "S1", "2026-10"), ("quarter", "S2", "2026-Q4"), ("window_month", "W1", "2026-10")):
        open_, fixed = scored(history, scheme, subject, period), scored(known, scheme, subject, period)
        assert fixed.total is not None
        assert open_.low <= fixed.total <= open_.high  # type: ignore[operator]


@QUICK
@given(histories)
def test_both_bounds_are_reached_where_items_are_independent(history: list[dict[str, Any]]) -> None:
    open_ = scored(history)
    for mark, minutes, bound in ((-8, 40, open_.low), (-2, 1, open_.high)):
        chosen = [
            row | {"assessed": row["assessed"] or (mark if row["kind"] == "rude" else None), "minutes": row["minutes"] or minutes}
            for row in history
        ]
        assert scored(chosen).total == bound


@QUICK
@given(histories, st.data())
def test_ranks_and_grades_contain_every_choice_of_what_is_open(history: list[dict[str, Any]], data: st.DataObject) -> None:
    def graded(rows: list[dict[str, Any]]) -> dict[str, Any]:
        return {one.subject: one for one in grade(OF, "prize", {"events": rows, "staff": PEOPLE}, period="2026-10")}

    open_, fixed = graded(history), graded(settled(history, data.draw))
    for subject, one in fixed.items():
        before = open_[subject]
        assert before.rank_low <= one.rank_low
        assert one.rank_high <= before.rank_high
        assert set(one.possible) <= set(before.possible)


@QUICK
@given(histories, histories)
def test_adding_somebody_never_changes_anothers_score(history: list[dict[str, Any]], others: list[dict[str, Any]]) -> None:
    more = [row | {"staff": "S9"} for row in others]
    people = [*PEOPLE, staff("S9", window="W9")]
    for subject in ("S1", "S2", "S3"):
        assert span(scored(history, subject=subject)) == span(scored(history + more, subject=subject, staff=people))
    assert span(scored(history, "window_month", "W1")) == span(scored(history + more, "window_month", "W1", staff=people))


@QUICK
@given(histories)
def test_a_card_is_the_same_from_json_and_from_a_pickle(history: list[dict[str, Any]]) -> None:
    import json
    import pickle

    card = scored(history)
    assert Scorecard.from_dict(json.loads(json.dumps(card.to_dict()))) == card
    assert pickle.loads(pickle.dumps(card)) == card
    assert card.explain()
    assert card.explain("zh")


@QUICK
@given(histories)
def test_every_point_of_a_part_stands_in_some_line(history: list[dict[str, Any]]) -> None:
    card = scored(history)
    starts = {"hours": 30, "manners": 40, "praise": 0}
    bounds = {"hours": (0, 30), "manners": (-10, 40), "praise": (-1000, 15)}
    for id, start in starts.items():
        low = start + sum(line.low for line in card.lines if line.part == id)  # type: ignore[misc]
        high = start + sum(line.high for line in card.lines if line.part == id)  # type: ignore[misc]
        part = card.parts[id]
        least, most = bounds[id]
        assert (part.low, part.high) == (min(max(low, least), most), min(max(high, least), most))
        assert part.held or (low, high) == (part.low, part.high)
