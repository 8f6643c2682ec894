"""Decisions by arrays come to the verdicts that the interpreter gives row by row, over drawn records: the whole verdicts are equal."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice import load_rulebook
from govservice.rules import REMOVE
from govservice.rules.book.entries import expressions
from govservice.run.columns import desks
from govservice.run.columns.desks import DECISION, Failed
from govservice.whatif.working import Beside

pytest.importorskip("polars")
pytest.importorskip("numpy")

FIRST = date(2025, 4, 28)


def decision(*rules: tuple[str | None, str], hit: str = "first", **more: Any) -> dict[str, Any]:
    listed = [{"id": f"r{number}", **({"when": when} if when else {}), "then": then} for number, (when, then) in enumerate(rules)]
    return {"about": "cases", "hit": hit, "rules": listed, **more}


SHAPES: dict[str, dict[str, Any]] = {
    "either": decision(("(closed_on if known(closed_on) else accepted_on) <= received_on", "true"), (None, "false")),
    "both": decision(("needs_review and not needs_survey and closed_on > accepted_on", "true")),
    "any_of": decision(("needs_review or departments >= 2 or closed_on == accepted_on", "true"), (None, "false")),
    "of_none": decision(("is_none(promised.stopped_on)", "false"), ("not known(promised.due) or promised.overdue", "true")),
    "of_outcome": decision(("is_none(late_by)", "true"), ("known(late_by) and late_by > 2", "false")),
    "late_by": decision((None, "=max(0, workdays(promised.due, closed_on))"), when="known(closed_on)", outcome="integer"),
    "later": decision((None, "=closed_on if needs_review else accepted_on"), outcome="date"),
    "dated": decision((None, "=later"), outcome="date"),
    "spread": decision((None, "=workdays(received_on, closed_on, both=true) - days(accepted_on, closed_on)"), outcome="integer"),
    "in_law": decision(("due(accepted_on, promised_limit) <= due(accepted_on, statutory_limit)", "true"), (None, "false"), when="simple"),
    "ends_on": decision((None, "=due(accepted_on, promised_limit)"), outcome="date", when="not needs_review"),
    "third": decision(("promised_limit * 2 / 3 < statutory_limit", "true"), ("known(promised_limit)", "false")),
    "alone": decision(("needs_review", "true"), ("closed_on > accepted_on", "false"), ("simple", "false"), hit="unique"),
    "alike": decision(("needs_review", "true"), ("closed_on > accepted_on", "true"), ("departments > 2", "false"), hit="any"),
    "listed": decision(("needs_review", '"评审"'), ("closed_on > promised.due", '"超期"'), ("departments > 2", '"多部门"'), hit="collect",
                       otherwise='"无"'),
    "unlisted": decision(("closed_on > promised.due", '"超期"'), hit="collect", when="not needs_survey"),
    "ways": decision(("departments in [1, 2] and accepted_on in [received_on, closed_on]", "true"), (None, "false")),
    "stepped": decision((None, "=step(departments, (1, 1), (2, 4)) * days(received_on, accepted_on)"), outcome="decimal"),
    "case_of": decision(('match(case_type, ("promised", days(accepted_on, closed_on)), otherwise=0) > 3', "true"), (None, "false")),
    "today": decision(("as_of > promised.due", "true"), ("known(as_of) and weekday(received_on) <= 3", "false")),
    "of_open": decision(("alone or any_of", "true"), ("not of_none and later > received_on", "false")),
}  # fmt: skip


def entry(id: str) -> dict[str, Any]:
    shape = dict(SHAPES[id])
    kind = shape.pop("outcome", None)
    return shape if kind is None else {**shape, "outcomes": {id: {"type": kind}}}


BOOK = load_rulebook(Path(__file__).parent / "small.yaml").amend(
    {"clocks.promised.alarms": REMOVE, **{f"decisions.{id}": entry(id) for id in SHAPES}}
)


def days() -> st.SearchStrategy[Any]:
    return st.none() | st.integers(0, 20).map(lambda n: FIRST + timedelta(n))


FACTS: dict[str, st.SearchStrategy[Any]] = {
    "received_on": days(),
    "accepted_on": days() | st.just(date(2031, 3, 3)),
    "closed_on": days(),
    "materials_completed_on": days(),
    "simple": st.none() | st.booleans(),
    "departments": st.none() | st.integers(0, 3),
    "needs_review": st.none() | st.booleans(),
    "needs_survey": st.none() | st.booleans(),
    "nonmain_missing": st.none() | st.integers(0, 2),
    "promised_limit": st.none() | st.sampled_from(["5个工作日", "10个自然日", "2.5个工作日", "3个月"]),
    "statutory_days": st.none() | st.integers(3, 30),
    "case_type": st.none() | st.sampled_from(["promised", "instant"]),
    "due_on": days(),
    "late_by": st.none() | st.integers(0, 4),
    "any_of": st.none() | st.booleans(),
}


@st.composite
def cases(draw: st.DrawFn) -> list[dict[str, Any]]:
    names = draw(st.lists(st.sampled_from(sorted(FACTS)), unique=True, min_size=5))
    drawn = draw(st.lists(st.fixed_dictionaries({name: FACTS[name] for name in names}), min_size=1, max_size=6))
    rows = [*drawn, *drawn, *drawn]  # alike, so that kinds are fewer than rows
    return [{"case": f"C{number}", **{name: value for name, value in row.items() if value is not None}} for number, row in enumerate(rows)]


def verdicts(records: list[dict[str, Any]], now: date | None, few: int) -> dict[str, list[Any]]:
    """The verdict of every decision for every row; by arrays where names have more than `few` values."""
    with patch.object(desks, "_FEW", few):
        world = Beside(BOOK, {"cases": records}, now=now)._in_columns
        assert world is not None
        columns = {id: world.desks[1].column(DECISION, id) for id, entry in BOOK.contents.decisions.items() if entry.about == "cases"}
        rows = range(len(records))
        return {id: [_plainly(column.at(row)) for row in rows] for id, column in columns.items()}


def _plainly(verdict: Any) -> Any:
    return str(verdict.error) if isinstance(verdict, Failed) else verdict


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), st.none() | st.just(date(2025, 5, 12)))
def test_decisions_by_arrays_come_to_the_verdicts_of_the_interpreter(records: list[dict[str, Any]], now: date | None) -> None:
    found = verdicts(records, now, few=0)
    for id, told in verdicts(records, now, few=10**9).items():
        assert found[id] == told, id


def test_every_form_of_these_decisions_is_worked_out_by_arrays() -> None:
    fixed = {"received_on": FIRST, "closed_on": FIRST + timedelta(9), "departments": 2, "needs_review": True, "case_type": "promised"}
    limits = {"promised_limit": "5个工作日", "statutory_days": 20}
    records = [{"case": f"C{n}", "accepted_on": FIRST + timedelta(n), **fixed, **limits} for n in range(9)]
    with patch.object(desks, "_FEW", 0):
        world = Beside(BOOK, {"cases": records})._in_columns
        assert world is not None
        arrays = {id: world.desks[1]._by_arrays(expressions(BOOK.contents.decisions[id])) for id in SHAPES}
        left = {id for id, by in arrays.items() if by is None or by.verdicts(BOOK.contents.decisions[id])[1].same != 0}
    assert left == {"alone", "of_open"}  # whose rules contradict each other: the interpreter refuses them, row by row


@pytest.mark.parametrize("few", [0, 10**9])
def test_a_decision_whose_rules_contradict_each_other_for_some_rows_is_read_by_another(few: int) -> None:
    fixed = {"needs_review": True, "accepted_on": FIRST, "case_type": "promised", "promised_limit": "5个工作日", "received_on": FIRST}
    records = [{"case": f"C{n}", "closed_on": FIRST + timedelta(n), "simple": False, **fixed} for n in range(3)]
    found = verdicts(records, None, few)
    assert [isinstance(verdict, str) for verdict in found["alone"]] == [False, True, True]
    assert [isinstance(verdict, str) for verdict in found["of_open"]] == [False, True, True]
