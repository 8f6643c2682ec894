"""Every entry of every shipped book is reached by a case that an officer can read."""

from __future__ import annotations

from datetime import date, time

import pytest

from govservice import OfficeHours, china, load_rulebook
from govservice.rules.language.shapes import Constant

from .reached import BOOKS, own_entries, reached_in

HOURS = {
    "kunshan": {date(2026, 3, 6): [(time(9), time(17))], date(2026, 3, 7): []},
    "wuxi": {date(2026, 3, 7): True},
}
"""The opening hours, which no case file asks for: a Friday and the Saturday after; of Wuxi that the Saturday is open."""


@pytest.mark.parametrize("id", BOOKS)
def test_every_entry_of_a_shipped_book_is_reached_by_a_case_that_an_officer_can_read(id: str) -> None:
    assert [entry for entry in own_entries(id) if entry not in reached_in(id) and entry[0] != "hours"] == []


def test_every_book_with_hours_has_them_held_to_a_day() -> None:
    assert {id for id in BOOKS for section, _ in own_entries(id) if section == "hours"} == HOURS.keys()


@pytest.mark.parametrize(("id", "day"), [(id, day) for id, days in HOURS.items() for day in days])
def test_a_centre_is_open_when_its_book_says(id: str, day: date) -> None:
    hours = load_rulebook(id).contents.hours
    assert isinstance(hours, Constant)
    spans, wanted = list(OfficeHours(str(hours.value)).spans(day, china())), HOURS[id][day]
    assert (bool(spans) if isinstance(wanted, bool) else spans) == wanted
