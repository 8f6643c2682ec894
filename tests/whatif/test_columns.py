"""Cases in columns come to what they come to one by one, over drawn records and shipped books: whole comparisons are equal."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import load_rulebook
from govservice.limits import TimeLimit
from govservice.run.columns import desks
from govservice.sample import centre_year
from govservice.whatif import Reform
from govservice.whatif.working import Beside

polars = pytest.importorskip("polars")
pytest.importorskip("numpy")

BOOK = load_rulebook(Path(__file__).parent / "small.yaml")
FIRST = date(2025, 5, 1)
REFORMS: list[dict[str, object]] = [
    {},
    {"clocks.promised.limit": "promised_limit * 2 / 3"},
    {"clocks.promised.starts": "received_on"},
    {"clocks.promised.when": 'case_type in ["promised", "instant"]'},
    {"decisions.case_type.rules.promised.when": "needs_review and nonmain_missing <= few and not needs_survey"},
    {"decisions.green.rules.large.when": "needs_survey or departments >= 2"},
    {"settings.few": 0},
    {"conventions.first_day": "included"},
    {"clocks.promised.alarms": [{"signal": "red", "at": "50%"}]},
    {"decisions.case_type.rules.joint.then": "promised", "clocks.promised.when": 'case_type == "promised"'},
    {"decisions.case_type.hit": "unique"},
    {"tables.cases.dated_by": "accepted_on"},
]


def days(most: int = 40) -> st.SearchStrategy[Any]:
    return st.none() | st.integers(0, most).map(lambda n: FIRST + timedelta(n)) | st.sampled_from(["2025-05-06", "2025/5/7", "soon", ""])


FACTS: dict[str, st.SearchStrategy[Any]] = {
    "received_on": days(),
    "accepted_on": days(),
    "closed_on": days(),
    "materials_completed_on": days(),
    "simple": st.none() | st.booleans() | st.sampled_from(["是", "否", "maybe"]),
    "departments": st.none() | st.integers(-1, 3),
    "needs_review": st.none() | st.booleans(),
    "needs_survey": st.none() | st.booleans(),
    "nonmain_missing": st.none() | st.integers(0, 2),
    "main_document": st.none() | st.sampled_from(["present", "lacking", "主件齐"]),
    "attachments_missing": st.none() | st.just(0),
    "promised_days": st.none() | st.integers(0, 9) | st.just("5"),
    "promised_limit": st.none() | st.sampled_from(["5个工作日", "5 个工作日", "10天", TimeLimit.parse("3个自然日")]),
    "case_type": st.none() | st.sampled_from(["promised", "instant"]),
    "due_on": days(),
    "item": st.sampled_from(["I1", "I2", "I9", "1.2E+17"]) | st.none(),
    "project_kind": st.none() | st.sampled_from(["enterprise", "building"]),
    "capital_cny": st.none() | st.sampled_from([1, 60_000_000]),
    "department": st.none() | st.just("D1"),
}
ITEMS = [
    {"item": "I1", "promised_days": 7, "statutory_days": 20, "department": "D7", "case_type": "instant"},
    {"item": "I2", "promised_limit": "2个工作日", "needs_survey": True},
]


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(FACTS)), unique=True, min_size=3))
    rows = draw(st.lists(st.fixed_dictionaries({name: FACTS[name] for name in names}), min_size=1, max_size=8))
    cases = [{"case": f"C{number}", **{name: value for name, value in row.items() if value is not None}} for number, row in enumerate(rows)]
    return {"cases": cases, **({"item": ITEMS} if draw(st.booleans()) else {})}


BOOKS = [BOOK.reform(changes) for changes in REFORMS]


def beside(records: Any, reform: Reform, **more: Any) -> None:
    other = BOOKS[REFORMS.index(dict(reform.changes))]
    whole = Beside(BOOK, records, period="2025-05", whole=True, **more).what_if(other, since=reform.from_)
    for few in (0, 32):  # few rows have few values: arrays are used for them all the same
        with patch.object(desks, "_FEW", few):
            alone = Beside(BOOK, records, period="2025-05", **more)
            assert alone._in_columns is not None
            assert alone.what_if(other, since=reform.from_) == whole


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories(), st.sampled_from(REFORMS), st.none() | st.just(FIRST + timedelta(15)), st.none() | st.just(date(2025, 5, 20)))
def test_cases_in_columns_come_to_what_they_come_to_one_by_one(
    records: dict[str, Any], changes: dict[str, object], since: date | None, now: date | None
) -> None:
    beside(records, Reform(changes, from_=since), now=now)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("haimen", {"clocks.promised.limit": "promised_limit * 2 / 3"}),
        ("haimen", {"decisions.case_type.rules.joint.when": "departments >= 3"}),
        ("kunshan", {"settings.few_attachments": 2, "clocks.instant.limit": "2 工作日"}),
        ("jiangyong", {"clocks.promised.limit": "promised_limit / 2"}),
    ],
)
def test_shipped_books_in_columns_come_to_what_they_come_to_one_by_one(name: str, changes: dict[str, object]) -> None:
    book = load_rulebook(name)
    year = centre_year(cases=120, seed=3)
    rows = {"cases": list(year["cases"]), "item": list(year["item"])}
    frames = {table: frame for table, frame in year.frames().items() if table in rows}
    other = book.reform(changes)
    for records in (rows, frames):
        alone = Beside(book, records)
        assert alone._in_columns is not None
        assert alone.what_if(other) == Beside(book, records, whole=True).what_if(other)


@pytest.mark.parametrize(
    "more",
    [
        {"pauses": [{"case": "C1", "kind": "hearing", "from": "2025-05-02"}]},
        {"application": [{"application": "A1"}]},
        {"cases": [{"case": "C1"}, {"case": "C1"}]},
        {"cases": [{"case": "C1", "pauses": []}]},
        {"cases": [{"case": "C1"}, {"received_on": "2025-05-02"}]},
        {"cases": [{"case": "C1", "departments": 2.0}]},
    ],
    ids=lambda each: next(iter(each)),
)
def test_what_columns_do_not_say_is_worked_out_one_by_one(more: dict[str, Any]) -> None:
    records = {"cases": [{"case": "C1", "received_on": "2025-05-01"}], **more}
    book = BOOK if "pauses" not in more else BOOK.amend({"clocks.promised.pauses": [{"kind": "hearing"}]})
    alone = Beside(book, records, period="2025-05")
    assert alone._in_columns is None
    assert alone.what_if(book) == Beside(book, records, period="2025-05", whole=True).what_if(book)
