"""Clocks that count working days, and rules that compare days, come to the same for whole columns as case by case."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from govservice import china, load_rulebook
from govservice.rules import REMOVE
from govservice.run.columns import desks
from govservice.run.columns.plain_clocks import PlainReads
from govservice.whatif.working import Beside

polars = pytest.importorskip("polars")
pytest.importorskip("numpy")

FIRST = date(2025, 4, 20)
BOOK = load_rulebook(Path(__file__).parent / "small.yaml").amend(
    {
        "clocks.promised.alarms": REMOVE,
        "clocks.promised.stops": ["closed_on", "delivered_on"],
        "clocks.other": {"about": "cases", "limit": "5 工作日", "starts": "received_on", "stops": ["accepted_on", "closed_on"]},
        "decisions.quick": {
            "about": "cases",
            "hit": "first",
            "rules": [
                {"id": "soon", "when": "workdays(received_on, closed_on) <= 3", "then": "true"},
                {"id": "before", "when": "closed_on < promised.due and other.stopped_on >= received_on", "then": "true"},
                {"id": "left", "when": "promised.left_workdays > 2 or promised.due == other.due", "then": "false"},
            ],
        },
    }
)
REFORMS: list[dict[str, object]] = [
    {"clocks.promised.limit": "promised_limit / 2"},
    {"clocks.promised.limit": "promised_limit if needs_review else statutory_limit"},
    {"clocks.promised.starts": "received_on"},
    {"clocks.promised.stops": "closed_on"},
    {"clocks.promised.first_day": "included"},
    {"clocks.promised.when": "needs_survey"},
    {"clocks.other.limit": "5 自然日"},
    {"clocks.other.starts": "add_workdays(received_on, 2)"},
    {"conventions.first_day": "included"},
    {"settings.few": 0},
    {"decisions.quick.rules.soon.when": "workdays(received_on, closed_on) <= 5"},
    {"decisions.quick.rules.before.when": "closed_on <= promised.due"},
]
BOOKS = [BOOK.reform(changes) for changes in REFORMS]
CALENDARS = [
    None,
    china(known_on=date(2024, 12, 1)),
    china().amend(rest_days=[date(2025, 5, 13)], makeup_workdays=[date(2025, 5, 17)], source="local"),
]


def days() -> st.SearchStrategy[Any]:
    return st.none() | st.integers(0, 45).map(lambda n: FIRST + timedelta(n))


FACTS: dict[str, st.SearchStrategy[Any]] = {
    "received_on": days(),
    "accepted_on": days() | st.just(date(2026, 12, 28)) | st.just(date(2031, 3, 3)),
    "closed_on": days(),
    "delivered_on": days(),
    "materials_completed_on": days(),
    "simple": st.none() | st.booleans(),
    "departments": st.none() | st.integers(0, 3),
    "needs_review": st.none() | st.booleans(),
    "needs_survey": st.none() | st.booleans(),
    "nonmain_missing": st.none() | st.integers(0, 2),
    "promised_days": st.none() | st.integers(0, 9),
    "promised_limit": st.none() | st.sampled_from(["5个工作日", "10个自然日", "2.5个工作日", "3个月"]),
    "statutory_days": st.none() | st.integers(10, 30),
    "case_type": st.none() | st.sampled_from(["promised", "instant"]),
    "due_on": days(),
}


@st.composite
def frames(draw: st.DrawFn) -> Any:
    rows = draw(st.lists(st.fixed_dictionaries(FACTS), min_size=1, max_size=8)) * 2
    kept = draw(st.lists(st.sampled_from(sorted(FACTS)), unique=True, min_size=4))
    schema: dict[str, Any] = {"case": polars.String}
    for name in kept:
        schema[name] = polars.Date if name.endswith("_on") else polars.String if name in ("promised_limit", "case_type") else None
        if schema[name] is None:
            schema[name] = polars.Boolean if name.startswith(("simple", "needs")) else polars.Int64
    cases = [{"case": f"C{number}", **{name: row[name] for name in kept}} for number, row in enumerate(rows)]
    return {"cases": polars.DataFrame(cases, schema=schema)}


NOWS = [None, date(2025, 5, 20), date(2025, 4, 25), datetime(2025, 5, 20, 9, tzinfo=ZoneInfo("Asia/Shanghai"))]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(frames(), st.sampled_from(BOOKS), st.sampled_from(NOWS), st.sampled_from(CALENDARS), st.sampled_from([0, 32]))
def test_columns_of_days_come_to_what_they_come_to_one_by_one(
    records: dict[str, Any], other: Any, now: Any, calendar: Any, few: int
) -> None:
    with patch.object(desks, "_FEW", few):  # few rows have few values: arrays are used for them all the same
        alone = Beside(BOOK, records, period="2025-05", now=now, calendar=calendar)
        assert alone._in_columns is not None
        found = alone.what_if(other)
        again = alone.what_if(other)
        whole = Beside(BOOK, records, period="2025-05", now=now, calendar=calendar, whole=True).what_if(other)
        assert found == whole
        assert again == whole


PLAINER = BOOK.amend({"clocks.promised.limit": "statutory_limit if departments >= 2 else promised_limit", "clocks.promised.when": REMOVE})
DATES: dict[str, st.SearchStrategy[Any]] = {
    "received_on": days(),
    "accepted_on": days() | st.just(date(2031, 3, 3)),
    "closed_on": days(),
    "delivered_on": days(),
    "departments": st.none() | st.integers(1, 2),
    "promised_days": st.none() | st.just(5),
    "statutory_days": st.none() | st.just(20),
}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@example([{"accepted_on": FIRST, "departments": 1}, {"accepted_on": FIRST + timedelta(1), "departments": 2}], None)  # no day is today
@given(st.lists(st.fixed_dictionaries(DATES), min_size=1, max_size=8), st.sampled_from(NOWS[:3]))
def test_a_clock_whose_limit_is_unknown_is_read_by_arrays_as_one_by_one(rows: list[dict[str, Any]], now: Any) -> None:
    cases = [{"case": f"C{n}", **{name: value for name, value in row.items() if value is not None}} for n, row in enumerate(rows)]
    found: dict[bool, list[Any]] = {True: [], False: []}
    for plainly in (True, False):
        with nullcontext() if plainly else patch.object(desks, "is_plain", lambda *_: False):
            world = Beside(PLAINER, {"cases": cases}, now=now)._in_columns
            assert world is not None
            column = world.desks[1].column("clocks", "promised")
            parts = {name: world.desks[1].part_of(("of", "clocks", "promised", name)) for name in PlainReads.AT_ONCE}
            for row in range(len(cases)):
                read = column.at(row)
                facts = {name: read.facts.get(name) for name in parts}
                assert facts == {name: part.at(row) for name, part in parts.items()}
                found[plainly].append((*read[:6], facts))
    assert found[True] == found[False]


def test_a_clock_that_counts_working_days_is_read_by_arrays_where_nothing_else_matters() -> None:
    rows = [{"case": f"C{n}", "received_on": FIRST + timedelta(n), "accepted_on": FIRST + timedelta(n + 3)} for n in range(5)]
    world = Beside(BOOK, {"cases": rows}, now=date(2025, 5, 20))._in_columns
    assert world is not None
    column = world.desks[1].column("clocks", "other")
    assert isinstance(column, PlainReads)
    assert column.plain.all()


def test_figures_are_counted_without_lists_as_with_them() -> None:
    from govservice.sample import centre_year
    from govservice.whatif.sweeping import FIGURES

    year = {name: frame for name, frame in centre_year(cases=400, seed=5).frames().items() if name in ("cases", "item")}
    for other in BOOKS[:4]:
        found = Beside(BOOK, year).what_if(other)
        counted = {name: figure(found) for name, figure in FIGURES.items()}
        made = type(found).from_json(found.to_json())
        assert made == found
        assert {name: figure(made) for name, figure in FIGURES.items()} == counted
