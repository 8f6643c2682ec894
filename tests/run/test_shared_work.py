"""Rows that agree in every fact that matters are classified once, and that changes no answer."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import classify, clocks, load_rulebook
from govservice.records import read_records
from govservice.rules import Rulebook
from govservice.run import run
from govservice.run.dependencies import Deciding
from govservice.run.results import Classified
from govservice.strategies import facts_for

SAMPLE = Path(__file__).resolve().parents[2] / "govservice" / "samples" / "kunshan"
BOOKS = [load_rulebook(id) for id in ("kunshan", "haimen", "jiangyong", "licensing-law")]
DAYS = st.dates(date(2007, 1, 1), date(2027, 12, 31))


def what(facts: dict[str, object], book: Rulebook, on: date) -> tuple[object, ...]:
    done = classify(facts, book, on=on)
    return (
        done.case_type, done.rule, done.cite, done.open, done.possible, done.undecided, done.outcomes, [one.title for one in done.notices],
    )  # fmt: skip


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.id)
@given(data=st.data())
@settings(max_examples=40)
def test_what_is_not_in_the_key_changes_no_classification(book: Rulebook, data: st.DataObject) -> None:
    deciding = Deciding(book.contents)
    decision = data.draw(st.sampled_from([id for id, one in book.decisions.items() if one.about == "application"]))
    facts, on = data.draw(facts_for(book, decision)), data.draw(DAYS)
    kept = {name: value for name, value in facts.items() if name in deciding.facts}
    other = max((day for day in deciding.turns if day <= on), default=on)  # the first day of the same era
    assert deciding.key(facts, on) == deciding.key(kept, other)
    noise = {"received_on": on, "applicant_name": "甲", "closed_on": on + timedelta(3), "window": "W1", "staff": "S1"}
    noise = {name: value for name, value in noise.items() if name not in deciding.facts}
    assert what(facts, book, on) == what(kept | noise, book, other)


def test_a_rule_that_comes_into_force_begins_another_key() -> None:
    deciding = Deciding(load_rulebook("kunshan").contents)
    assert date(2008, 5, 1) in deciding.turns
    assert deciding.key({}, date(2008, 4, 30)) != deciding.key({}, date(2008, 5, 1))


def test_every_row_of_the_sample_comes_to_what_classify_and_clocks_say_alone() -> None:
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    records = read_records(SAMPLE, book=book)
    done = run(book, records, now=date(2026, 11, 20))
    rows = {one.id: one.facts for one in records.rows("applications") if hasattr(one, "facts")}
    assert len(done.applications) > 50
    for one in done.applications:
        alone = classify(rows[one.id], book, on=one.on, as_of=date(2026, 11, 20))
        assert (one.what.case_type, one.what.rule, one.what.undecided) == (alone.case_type, alone.rule, alone.undecided)
        assert one.what.outcomes == tuple(alone.outcomes.get(name) for name in done.outcome_names)
        assert isinstance(one.what, Classified)
    cases = {one.id: one.facts for one in records.rows("cases") if hasattr(one, "facts")}
    items = {one.id: one.facts for one in records.rows("items") if hasattr(one, "facts")}
    for case in done.cases:
        item = {name: value for name, value in items.get(case.item or "", {}).items() if name != "case_type"}
        facts = {**item, **rows.get(case.application or "", {}), **cases[case.id]}
        alone_due = {one.clock: (one.due, one.overdue) for one in clocks(facts, book, on=case.on, now=date(2026, 11, 20))}
        assert [(one.due, one.late) for one in case.dues] == [alone_due[one.clock] for one in case.dues]
