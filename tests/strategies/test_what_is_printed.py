"""A failing example prints as text that can be pasted back, under the imports that docs/testing.md names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from govservice import OfficeHours, TimeLimit, WorkCalendar, china, load_rulebook, strategies
from govservice.models import Application, Case, Item

from .some_books import shown_book

PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"
IMPORTS = """
import datetime, zoneinfo
from decimal import Decimal
from govservice import NONE, OfficeHours, TimeLimit, WorkCalendar, china
from govservice.models import *
from govservice.scoring import Period
from govservice.strategies import CaseHistory
"""
NEW_YORK = WorkCalendar.of("US", subdiv="MA", tz="America/New_York")
KUNSHAN = load_rulebook("kunshan")

DRAWN: dict[str, Callable[[], st.SearchStrategy[Any]]] = {
    "limits": strategies.limits,
    "limits of one unit": lambda: strategies.limits(units=["hour"]),
    "days": strategies.days,
    "workdays": strategies.workdays,
    "boundary_days": strategies.boundary_days,
    "moments": strategies.moments,
    "moments of a zone": lambda: strategies.moments(calendar=NEW_YORK, aware=True, min_date=date(2026, 11, 1), max_date=date(2026, 11, 1)),
    "calendars": strategies.calendars,
    "amended calendars": lambda: strategies.calendars(amended=True),
    "strict calendars": lambda: strategies.calendars(provisional=False),
    "office_hours": strategies.office_hours,
    "pauses": lambda: strategies.pauses(date(2026, 3, 2)),
    "pauses by the hour": lambda: strategies.pauses(datetime(2026, 3, 2, 9)),
    "extensions": strategies.extensions,
    "case_histories": lambda: strategies.case_histories(backward=None),
    "case_histories by the hour": lambda: strategies.case_histories(limits=strategies.limits(units=["hour", "minute"], max_value=90)),
    "periods": strategies.periods,
    "facts_for a decision": lambda: strategies.facts_for(shown_book(), "paid", none=0.3),
    "facts_for a rule": lambda: strategies.facts_for(shown_book(), "deep", rule="three"),
    "facts_for a clock": lambda: strategies.facts_for(shown_book(), "reply", none=0.1),
    "records_for": lambda: strategies.records_for(shown_book(), tables=["cases", "pauses", "extensions", "events", "staff"], none=0.1),
    "records_for what is shipped": lambda: strategies.records_for(KUNSHAN, max_size=2),
    "applications": strategies.applications,
    "cases": strategies.cases,
    "items": strategies.items,
    "a limit by its type": lambda: st.from_type(TimeLimit),
    "a calendar by its type": lambda: st.from_type(WorkCalendar),
    "hours by their type": lambda: st.from_type(OfficeHours),
    "a case by its type": lambda: st.from_type(Case),
    "lists of them": lambda: st.lists(st.tuples(strategies.limits(), strategies.calendars(), strategies.days()), min_size=1, max_size=2),
}


def pasted(text: str) -> Any:
    """What a text comes to under the documented imports."""
    names: dict[str, Any] = {}
    exec(IMPORTS, names)
    return eval(text, names)


def same(one: Any, other: Any) -> bool:
    """Whether two values are equal, their types and the second of two like hours too."""
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other and getattr(one, "fold", 0) == getattr(other, "fold", 0)


def printed(strategy: st.SearchStrategy[Any], number: int) -> tuple[Any, str]:
    """The value that a test fails on, the n-th that it is given, and what hypothesis says of it."""
    seen: list[Any] = []

    @settings(database=None, derandomize=True, max_examples=60, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(strategy)
    def fails(value: Any) -> None:
        seen.append(value)
        assert len(seen) < number

    with pytest.raises(AssertionError) as failed:
        fails()
    (text,) = (note for note in failed.value.__notes__ if "fails(" in note)
    return seen[-1], text.partition("fails(\n    value=")[2].rpartition(",\n)")[0]


@pytest.mark.parametrize("number", [1, 4, 12, 25])
@pytest.mark.parametrize("make", DRAWN.values(), ids=DRAWN)
def test_a_failing_example_can_be_pasted_back(make: Callable[[], st.SearchStrategy[Any]], number: int) -> None:
    value, text = printed(make(), number)
    assert same(pasted(text), value), text


@pytest.mark.parametrize("make", DRAWN.values(), ids=DRAWN)
def test_the_repr_of_what_is_drawn_makes_it_again(make: Callable[[], st.SearchStrategy[Any]]) -> None:
    @settings(max_examples=30, suppress_health_check=list(HealthCheck))
    @given(make())
    def is_made_again(value: Any) -> None:
        assert same(pasted(repr(value)), value)

    is_made_again()


def test_every_strategy_is_among_them() -> None:
    named = {name.split()[0] for name in DRAWN}
    assert set(strategies.__all__) - {"CaseHistory"} <= named


def test_the_page_names_these_imports() -> None:
    page = PAGE.read_text(encoding="utf-8").replace(">>> ", "")
    assert IMPORTS.strip() in page


def test_a_record_prints_what_is_known_of_it() -> None:
    assert repr(Application(departments=2, local={"hard": True})) == "Application(local=(('hard', True),), departments=2)"
    assert repr(Item()) == "Item()"
    item = Item(materials=[{"material": "M1"}])
    assert pasted(repr(item)) == item


def test_a_calendar_of_a_day_prints_short() -> None:
    assert repr(china(known_on=date(2020, 1, 20))) == "china(known_on=datetime.date(2020, 1, 20))"
