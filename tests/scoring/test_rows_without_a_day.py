"""A row without a day of its own is told where it counts nowhere; one that counts by another column's day is not."""

from __future__ import annotations

from typing import Any

import pytest

from govservice import score
from govservice.errors import RecordError

from .centre import book, staff

TOLD = "rows 1 of cases have no day and count in no period"
SCHEME = "  month: {{scores: staff, period: month, parts: {{work: {{full: 100, items: [{item}]}}}}}}\n"
BY_COLUMN = "{id: done, points: '-1 * count(cases, by=closed_on)'}"
ITEMS = {
    "a count": BY_COLUMN,
    "an item": "{id: done, for: cases, by: closed_on, points: -1}",
    "days that it lasts": "{id: done, for: cases, lasts: [due_on, closed_on], points: -1}",
    "a measure": "{id: done, points: -1 * closed_ones}",
}


def notes(item: str, case: dict[str, Any]) -> list[str]:
    of = book("measures: {closed_ones: 'count(cases, by=closed_on)'}\nschemes:\n" + SCHEME.format(item=item))
    records = {"staff": [staff()], "cases": [{"case": "C1", "staff": "S1", **case}]}
    return [note.en for note in score(of, "month", records, subject="S1", period="2026-10", now="2026-10-31").notes]


@pytest.mark.parametrize("shape", ITEMS)
@pytest.mark.parametrize("closed", ["2026-10-12", "2026-08-12"])
def test_one_that_counts_by_another_day_is_not_told(shape: str, closed: str) -> None:
    assert TOLD not in notes(ITEMS[shape], {"closed_on": closed, "due_on": "2026-08-10"})


@pytest.mark.parametrize("shape", sorted(ITEMS.keys() - {"days that it lasts"}))  # of which the first is open, and is asked for
def test_one_that_has_no_such_day_either_is(shape: str) -> None:
    assert TOLD in notes(ITEMS[shape], {})


def test_one_that_is_counted_by_its_own_day_alone_is() -> None:
    assert TOLD in notes("{id: got, points: -1 * count(cases)}", {"closed_on": "2026-10-12"})


@pytest.mark.parametrize("shape", ITEMS)
def test_one_whose_day_there_cannot_be_read_leaves_open_its_owner_alone_and_is_told(shape: str) -> None:
    of = book("measures: {closed_ones: 'count(cases, by=closed_on)'}\nschemes:\n" + SCHEME.format(item=ITEMS[shape]))
    done = {"received_on": "2026-10-10", "due_on": "2026-10-12", "closed_on": "2026-10-12"}
    cases = [{"case": "C1", "staff": "S1", **done, "closed_on": "soon"}, {"case": "C2", "staff": "S2", **done}]
    records = {"staff": [staff(), staff("S2")], "cases": cases}
    first, second = score(of, "month", records, period="2026-10", now="2026-10-31")
    assert (first.total, first.low, first.high) == (None, 99, 100)
    assert second.total == 99
    assert [note.en for note in first.notes if "cases:1.closed_on cannot be used" in note.en]
    assert not [note.en for note in second.notes if "cases:1" in note.en]
    mended = {**records, "cases": [{**cases[0], "closed_on": "2026-10-12"}, cases[1]]}
    assert first.low <= score(of, "month", mended, subject="S1", period="2026-10", now="2026-10-31").total <= first.high
    with pytest.raises(RecordError, match=r"cases:1\.closed_on|closed_on must be a date"):
        score(of, "month", records, subject="S1", period="2026-10", now="2026-10-31")


def listed(points: str, *extensions: dict[str, Any], **more: Any) -> tuple[object, list[tuple[str, str]]]:
    of = book("schemes:\n" + SCHEME.format(item=f"{{id: asked, points: '{points}'}}"))
    cases = [{"case": "C1", "staff": "S1"}, {"case": "C2", "staff": "S1", "extensions": list(extensions)}]
    cases = [{"received_on": "2026-10-12", **case} for case in cases]
    card = score(of, "month", {"staff": [staff()], "cases": cases, **more}, subject="S1", period="2026-10", now="2026-10-31")
    return card.total, [(note.en, note.zh) for note in card.notes]


LISTED = (
    "rows 1, 3 of extensions within row 2 of cases have no day and count in no period",
    "办件（cases）第 2 行所列延长（extensions）第 1, 3 行没有日期，不计入任何期间",
)


@pytest.mark.parametrize("more", [{}, {"extensions": []}])
def test_one_that_a_record_lists_within_itself_is_told_with_the_record(more: dict[str, Any]) -> None:
    granted = {"granted": True, "limit": "3个工作日"}
    extensions = (granted, granted | {"asked_on": "2026-10-14"}, granted | {"asked_on": ""})
    assert listed("-1 * count(extensions)", *extensions, **more) == (99, [LISTED])


def test_of_one_that_a_record_lists_and_that_has_its_day_nothing_is_said() -> None:
    assert listed("-1 * count(extensions)", {"asked_on": "2026-10-14"}, {"asked_on": "2026-08-14"}) == (99, [])
