"""A measure is what it is written for: where a total may not stand, or needs a period, a measure that counts may not either."""

from __future__ import annotations

import pytest

from govservice.errors import RulebookError

BOOK = """
rulebook: counted
events: {{late: {{label: 迟到}}}}
measures: {{m: count(late), deeper: "1 + m", deepest: "deeper if deeper > 1 else 0", plain: 1 + 1}}
{more}
"""
PERIOD = "records are counted, and no period is named; period: month, quarter, year, ever, .."


def refusals(load, more: str) -> list[str]:
    try:
        load(BOOK.format(more=more))
    except RulebookError as error:
        return [fault.what.en for fault in error.faults]
    return []


@pytest.mark.parametrize("counted", ["count(late)", "m", "deeper", "deepest"])
@pytest.mark.parametrize(
    "decision",
    [
        "rules: [{{when: {0} > 1, then: a}}, {{then: b}}]",
        "when: {0} > 1, rules: [{{then: a}}]",
        "rules: [{{then: ={0}}}]",
        "outcomes: {{d: {{type: integer}}}}, rules: [{{when: 'false', then: 1}}], otherwise: ={0}",
        "let: {{x: '{0}'}}, rules: [{{when: x > 1, then: a}}, {{then: b}}]",
    ],
    ids=["rule", "when", "granted", "otherwise", "let"],
)
def test_a_decision_that_counts_names_its_period_however_it_counts(load, decision, counted):
    written = decision.format(counted)
    asked = PERIOD.partition(";")[0]
    assert refusals(load, f"decisions: {{d: {{about: staff, hit: first, {written}}}}}") == [asked]
    assert refusals(load, f"decisions: {{d: {{about: staff, period: month, hit: first, {written}}}}}") == []


def test_a_decision_that_counts_nothing_needs_no_period(load):
    assert refusals(load, "decisions: {d: {about: staff, hit: first, rules: [{when: plain > 1, then: a}, {then: b}]}}") == []


@pytest.mark.parametrize("counted", ["count(late)", "m", "deeper", "deepest"])
@pytest.mark.parametrize("rows", ["late", "staff", "[late, cases]"])
def test_rows_have_no_rows_of_their_own_to_count(load, rows, counted):
    assert refusals(load, f"schemes: {{s: {{scores: window, period: month, total: 'count({rows}, when={counted} > 1)'}}}}")
    assert not refusals(load, f"schemes: {{s: {{scores: window, period: month, total: 'count({rows}, when=plain > 1) + {counted}'}}}}")


@pytest.mark.parametrize("counted", ["m", "deeper", "deepest"])
def test_a_score_has_the_rows_that_its_subject_has(load, counted):
    of_staff = "{scores: staff, period: month, total: 1}"
    assert not refusals(load, f"schemes: {{s: {{scores: window, period: month, total: 'count(t, when={counted} > 1)'}}, t: {of_staff}}}")


def test_a_measure_may_name_parts_of_its_expression(load):
    events = "rulebook: named\nevents: {late: {label: 迟到}}\n"
    named = load(f"{events}measures: {{m: {{let: {{all: count(late), most: all + 1}}, value: all / most}}}}")
    plain = load(f"{events}measures: {{m: count(late) / (count(late) + 1)}}")
    assert named.contents.measures["m"].value == plain.contents.measures["m"].value


def test_what_is_wrong_with_a_name_of_a_measure_is_said_once_and_where_it_stands(load):
    with pytest.raises(RulebookError) as refused:
        load("rulebook: named\nmeasures: {m: {let: {part: missing_fact}, value: part + 1}}")
    assert [(fault.id, fault.what.en) for fault in refused.value.faults] == [("measures.m.let.part", 'unknown fact "missing_fact"')]
