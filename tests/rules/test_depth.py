"""However deep a book is nested, it is refused as it is loaded, with the place, or it answers; Python's own limit is never met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import Rulebook, clocks, score
from govservice.deadlines import case_outcomes
from govservice.errors import ExpressionError, GovServiceError, RulebookError
from govservice.rules.book.sight import RowNames
from govservice.rules.exchange.business_rules import from_tree
from govservice.rules.language.parsing import parse

SERVED = {"staff": [{"staff": "A"}], "events": []}
NUMBERS = ("({} + 0)", "(0 + {})", "-(-({}))", "max({}, 0)", "abs({})", "round({}, 2)", "({} if 1 == 1 else 0)", "(0 if 1 > 1 else {})")
CONDITIONS = (
    "not not ({})",
    "(({}) and true)",
    "(true and (({}) or false))",
    "(({}) == true)",
    "(({}) in [true])",
    "(({}) if true else false)",
)


def nested(leaf: str, shape: str, times: int) -> str:
    for _ in range(times):
        if len(shape.format(leaf)) > 1900:
            break
        leaf = shape.format(leaf)
    return leaf


def book_of(kind: str, shape: str, times: int, levels: int, *, backwards: bool) -> str:
    """A book of that many entries, each built on the one before."""
    condition = shape in CONDITIONS
    entries = []
    for level in range(levels):
        below = f"{kind[0]}{level - 1}"
        match kind:
            case "measures":
                text = nested(f"{below} + 1" if level else "1", shape, times)
                entries.append(f'  m{level}: "{text}"')
            case "schemes":
                text = nested(f"sum({below}) + 1" if level else "1", shape, times)
                entries.append(f'  s{level}: {{scores: staff, period: month, total: "{text}"}}')
            case "decisions" if condition:
                text = nested(below if level else "x", shape, times)
                entries.append(f'  d{level}: {{about: thing, hit: first, rules: [{{when: "{text}", then: true}}, {{then: false}}]}}')
            case "decisions":
                text = nested(f"{below} + 1" if level else "n", shape, times)
                entries.append(f'  d{level}: {{about: thing, hit: first, rules: [{{then: "={text}"}}]}}')
            case "clocks":
                text = nested(f"c{level - 1}.used" if level else "1", shape, times)
                starts = f"received_on if {text} < 1000 else closed_on"
                entries.append(f'  c{level}: {{about: cases, limit: 1 工作日, starts: "{starts}", stops: closed_on}}')
    more = "" if kind != "measures" else f"schemes: {{last: {{scores: staff, period: month, total: m{levels - 1}}}}}\n"
    conventions = "conventions: {first_day: excluded, roll: forward, unserved_periods: skip, ineligible_periods: skip}\n"
    table = "tables: {thing: {x: boolean, n: integer}}\n"
    return f"rulebook: deep\n{conventions}{table}{more}{kind}:\n" + "\n".join(reversed(entries) if backwards else entries) + "\n"


def answer(book: Rulebook, kind: str, levels: int) -> Any:
    last = levels - 1
    match kind:
        case "measures":
            return score(book, "last", SERVED, subject="A", period="2026-03").total
        case "schemes":
            return score(book, f"s{last}", SERVED, subject="A", period="2026-03").total
        case "decisions":
            return book.decide(f"d{last}", {"x": True, "n": 1}).value(f"d{last}")
        case _:
            read = clocks({"received_on": "2026-03-02", "closed_on": "2026-03-04"}, book, now=date(2026, 3, 12))
            case_outcomes({"received_on": "2026-03-02", "closed_on": "2026-03-04"}, book, now=date(2026, 3, 12))
            return levels if len({one.due for one in read if one.clock != "promised"}) == 1 else read


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(["measures", "schemes", "decisions", "clocks"]),
    numeric=st.sampled_from(NUMBERS),
    conditional=st.sampled_from(CONDITIONS),
    of_conditions=st.booleans(),
    times=st.integers(0, 12) | st.integers(0, 98),
    levels=st.integers(1, 60) | st.just(300),
    backwards=st.booleans(),
)
def test_a_chain_of_entries_answers_or_is_refused_as_it_is_loaded(
    load: Callable[..., Rulebook], kind, numeric, conditional, of_conditions, times, levels, backwards
):
    conditions = of_conditions and kind == "decisions"
    shape = conditional if conditions else numeric
    text = book_of(kind, shape, times, levels, backwards=backwards)
    try:
        book = load(text)
    except RulebookError as error:
        faults = error.faults
    else:
        faults = ()
    assert all(fault.line and fault.id and fault.hint.en for fault in faults)
    assert faults or answer(book, kind, levels) == (True if conditions else levels)


@pytest.mark.parametrize("kind", ["measures", "schemes", "decisions", "clocks"])
@pytest.mark.parametrize("shape", ["({} + 0)", "max({}, 0)"])
def test_the_deepest_books_that_load_answer(load, kind, shape):
    """At the edge: the longest chain that is not refused."""
    for times in (0, 5):
        for levels in range(51, 0, -2):
            try:
                book = load(book_of(kind, shape, times, levels, backwards=True))
            except RulebookError:
                continue
            assert answer(book, kind, levels) == levels
            break


def test_what_is_too_deep_says_where_and_what_to_do(load):
    with pytest.raises(RulebookError) as caught:
        load(book_of("measures", "({} + 0)", 20, 45, backwards=False))
    assert str(caught.value).startswith("book.yaml:")
    assert caught.value.faults[0].id == "measures.m9"
    assert (
        caught.value.faults[0]
        .text("en")
        .endswith(
            "m9 builds on others too deep; 50 levels of plain expressions are the limit, fewer where they are nested; "
            "let entries build on fewer others, or nest their expressions less"
        )
    )


def deep(times: int, shape: Callable[[Any], Any], leaf: Any = "x") -> Any:
    for _ in range(times):
        leaf = shape(leaf)
    return leaf


@pytest.mark.parametrize("path", ["tables", "decisions.d.rules", "decisions.d.rules.1.when", "settings", "elsewhere"])
@pytest.mark.parametrize("shape", [lambda inner: [inner], lambda inner: {"all": [inner]}, lambda inner: {"x": inner}])
def test_a_value_nested_without_end_is_no_amendment(load, path, shape):
    book = load("rulebook: t\ntables: {thing: {x: boolean}}\ndecisions: {d: {about: thing, hit: first, rules: [{when: x, then: 1}]}}\n")
    with pytest.raises(GovServiceError, match="nested more than 100 deep"):
        book.amend({path: deep(5000, shape)})


def test_a_condition_tree_nested_without_end_is_refused(things):
    tree = deep(5000, lambda inner: {"all": [inner]}, {"name": "b", "operator": "is_true"})
    with pytest.raises(ExpressionError, match="nested more than 100 deep"):
        from_tree(tree, things.names)


class Endless:
    """A sight in which every name builds on too much for Python's own stack."""

    def __init__(self, sight: RowNames) -> None:
        self.sight = sight

    def __getattr__(self, name: str) -> Any:
        return getattr(self.sight, name)

    def find(self, name: str) -> Any:
        raise RecursionError(name)


def test_a_name_that_builds_on_too_much_is_a_fault_of_the_expression_that_reads_it(things):
    with pytest.raises(ExpressionError) as caught:
        parse("n > 2 and b", Endless(things.names))  # type: ignore[arg-type]
    why = "every bracket is a level, and every sign of a sum; name its parts with `let:` or a measure"
    assert caught.value.text("en") == f"1: nested more than 100 deep; {why}\nn > 2 and b\n^"
    why = "每对括号算一层，连加的每个加号也算一层；用 let 或 measures 给各部分起名"
    assert caught.value.text("zh") == f"1: 嵌套超过 100 层；{why}\nn > 2 and b\n^"
