"""A setting given another value is the book loaded with it: contents, hashes and places alike."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.errors import DecisionError, RecordError
from govservice.limits import TimeLimit

VALUES: dict[str, list[Any]] = {
    "integer": [3, "7", 0],
    "decimal": [Decimal("2.50"), 0.1, 4],
    "boolean": [True, "否"],
    "limit": ["3个工作日", TimeLimit.parse("5个自然日")],
    "date": [date(2026, 1, 2)],
    "text": ["08:30-17:00"],
}


@pytest.mark.parametrize("id", ["kunshan", "hongkou", "haimen", "chongqing"])
def test_a_setting_given_is_the_book_amended_there(id: str) -> None:
    book = load_rulebook(id)
    for name, setting in book.settings.items():
        for value in VALUES.get(setting.type.kind, []):
            given, amended = book.given({name: value}), book.amend({f"settings.{name}.value": value})
            assert given.contents == amended.contents
            assert (given.digest, given.fingerprints, given.as_file()) == (amended.digest, amended.fingerprints, amended.as_file())
            assert given == amended
            places = [f"settings.{name}.value", f"settings.{name}", "decisions.case_type"]
            assert [given.place(place) for place in places] == [amended.place(place) for place in places]


def test_a_bound_book_has_its_own_value_and_leaves_the_other_alone() -> None:
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    more = book.given({"few_attachments": 5})
    assert (book.settings["few_attachments"].value, more.settings["few_attachments"].value) == (2, 5)
    assert more.given({"few_attachments": 2}) == book


def test_what_is_no_value_of_a_setting_is_refused() -> None:
    book = load_rulebook("kunshan")
    with pytest.raises(RecordError):
        book.given({"few_attachments": "many"})
    with pytest.raises(DecisionError):
        book.given({"few_attachment": 1})
