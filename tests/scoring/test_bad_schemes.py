"""Schemes that a book cannot mean: refused when the book is loaded, each with its place and a hint."""

from __future__ import annotations

import pytest

from govservice.errors import RulebookError

from .centre import book

ITEM = "scores: staff, period: month, parts: {a: {items: [%s]}}"
FAULTS = {
    "scores: clerk, period: month, total: 1": 'schemes.month.scores: no table "clerk"',
    "scores: staff, period: month": "schemes.month: a scheme has parts or a total",
    "scores: staff, period: fortnight, total: 1": "schemes.month.period",
    "scores: staff, period: month, parts: {a: {full: 10, min: 5, max: 1}}": "schemes.month.parts.a.max: max is below min",
    ITEM % "{id: x, for: latte, points: -1}": 'no event kind, table or scheme "latte"',
    ITEM % "{id: x, for: late}": "points",
    ITEM % "{id: x, for: late, points: kind}": "a number must stand here, this is text",
    ITEM % "{id: x, for: late, by: minutes, points: 1}": '"minutes" is no date column of these rows',
    ITEM % '{id: x, for: late, points: "discretion(-2, -1)"}': "late carries no assessed marks",
    ITEM % '{id: x, points: "discretion(-2, -1)"}': "discretion needs the rows of an event",
    ITEM % '{id: x, points: "sum(rude, discretion(-2, -1))"}': "discretion stands in the points of a scheme's item only",
    ITEM % "{id: x, points: nth}": 'unknown fact "nth"',
    "scores: staff, period: month, total: parts.b, parts: {a: {full: 1}}": "parts",
    "scores: staff, period: month, total: 1, eligible: months_served": "a condition, true or false must stand here",
    "scores: staff, period: month, total: 1, rank: {by: [total], within: floor_number}": 'unknown fact "floor_number"',
    "scores: staff, period: month, total: 1, rank: {by: [total], ties: toss}": "ties",
    "scores: staff, period: month, total: mean(month)": "month",
    "scores: staff, period: month, total: count(late, over=fortnight)": "over",
}


@pytest.mark.parametrize("written", FAULTS, ids=str)
def test_a_scheme_that_a_book_cannot_mean_is_refused(written: str) -> None:
    lines = (
        f"schemes:\n  month: {{{written}}}\n"
        if "over=" not in written
        else 'schemes: {month: {scores: staff, period: month, total: "count(late, over=fortnight)"}}'
    )
    with pytest.raises(RulebookError) as caught:
        book(lines)
    assert FAULTS[written] in str(caught.value)
    assert "centre.yaml:" in str(caught.value)


@pytest.mark.parametrize("points", ["step(minutes, (0, 1), (nope, 2), (3, 4))", "discretion(3, nope)", "1 + mean(late, minutes, top=nope)"])
def test_a_number_that_is_not_found_is_told_and_not_judged(points: str) -> None:
    item = "{id: x, for: rude, points: '%s'}" if "mean" not in points else "{id: x, points: '%s'}"
    with pytest.raises(RulebookError) as caught:
        book(f"schemes:\n  month: {{{ITEM % (item % points)}}}\n")
    assert [fault.what.en for fault in caught.value.faults] == ['unknown fact "nope"']
