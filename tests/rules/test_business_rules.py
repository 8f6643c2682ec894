"""Conditions of the business-rules package: the same answers as the package, but for the differences that are named here."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from business_rules.engine import check_conditions_recursively
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    select_multiple_rule_variable,
    select_rule_variable,
    string_rule_variable,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govservice.errors import ExpressionError, RulebookError
from govservice.rules.exchange.business_rules import from_tree, to_tree
from govservice.rules.language.values import Unknown
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject

MATERIALS = ("照片", "章程", "Plan", "验资报告")
DEPARTMENTS = ("规划局", "建设局", "Centre", "规划")


class Variables(BaseVariables):
    """The facts of a thing as the package wants them: one method a variable."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts

    @numeric_rule_variable
    def n(self):
        return self.facts["n"]

    @numeric_rule_variable
    def d(self):
        return self.facts["d"]

    @boolean_rule_variable
    def b(self):
        return self.facts["b"]

    @string_rule_variable
    def t(self):
        return self.facts["t"]

    @select_rule_variable(options=MATERIALS)
    def l(self):  # noqa: E743
        return self.facts["l"]

    @select_multiple_rule_variable(options=MATERIALS)
    def l_several(self):
        return self.facts["l"]


def theirs(tree: dict[str, Any], facts: dict[str, Any]) -> bool:
    """The package's answer; it keeps a list's operators in two types, ours is one."""
    return check_conditions_recursively(json.loads(json.dumps(tree), object_hook=_split_lists), Variables(facts))


def _split_lists(node):
    return node | {"name": "l_several"} if node.get("name") == "l" and node["operator"] not in ("contains", "does_not_contain") else node


@pytest.fixture(scope="session")
def ours(things):
    """Our answer for the same tree and facts."""

    def answer(tree, facts):
        return evaluate(from_tree(tree, things.names), Subject(things.book.contents, "thing", facts))

    return answer


def leaf(names, operators, values):
    return st.fixed_dictionaries({"name": st.sampled_from(names), "operator": st.sampled_from(operators), "value": values})


NUMBERS = st.integers(-5, 5) | st.sampled_from([-2.5, -0.1, 0.1, 0.25, 1.5, 2.75])
COMPARISONS = ("equal_to", "greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to")
SEVERAL = ("contains_all", "shares_at_least_one_element_with", "shares_exactly_one_element_with", "shares_no_elements_with")
LEAVES = st.one_of(
    leaf(("n", "d"), COMPARISONS, NUMBERS),
    leaf(("b",), ("is_true", "is_false"), st.just("")),
    leaf(("t",), ("equal_to", "starts_with", "contains"), st.sampled_from(DEPARTMENTS)),
    leaf(("t",), ("non_empty",), st.just("")),
    leaf(("l",), ("contains", "does_not_contain"), st.sampled_from(MATERIALS)),
    leaf(("l",), SEVERAL, st.lists(st.sampled_from(MATERIALS), min_size=1, max_size=3, unique=True)),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(st.sampled_from(["all", "any"]), st.lists(inner, min_size=1, max_size=3)).map(lambda of: {of[0]: of[1]}),
    max_leaves=8,
)
FACTS = st.fixed_dictionaries(
    {
        "n": st.integers(-5, 5),
        "d": st.sampled_from([-2.5, -0.1, 0.1, 0.25, 1.0, 1.5, 2.75]),
        "b": st.booleans(),
        "t": st.sampled_from(DEPARTMENTS),
        "l": st.lists(st.sampled_from(MATERIALS), max_size=4, unique=True),
    }
)
MANY = settings(deadline=timedelta(seconds=5), max_examples=200, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(TREES, FACTS)
def test_the_same_tree_gives_the_same_answer_as_the_package(ours, tree, facts):
    assert ours(tree, facts) is bool(theirs(tree, facts))


@MANY
@given(TREES, FACTS, st.sets(st.sampled_from(["n", "d", "b", "t", "l"])))
def test_what_is_settled_with_facts_missing_is_what_the_package_says_with_all_of_them(ours, tree, facts, hidden):
    answer = ours(tree, {name: value for name, value in facts.items() if name not in hidden})
    if not isinstance(answer, Unknown) and "non_empty" not in json.dumps(tree):
        assert answer is bool(theirs(tree, facts))


WRITABLE = TREES.filter(lambda tree: not any(one in json.dumps(tree) for one in ("shares_exactly", "shares_no")))


@MANY
@given(WRITABLE, FACTS)
def test_a_tree_read_and_written_again_means_the_same_to_both(things, ours, tree, facts):
    expression = from_tree(tree, things.names)
    again = to_tree(expression)
    assert from_tree(again, things.names) == expression
    assert json.loads(json.dumps(again)) == again
    assert bool(theirs(again, facts)) is bool(theirs(tree, facts))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        (
            "b and n > 2",
            {"all": [{"name": "b", "operator": "is_true", "value": ""}, {"name": "n", "operator": "greater_than", "value": 2}]},
        ),
        (
            "not b or n <= 2",
            {"any": [{"name": "b", "operator": "is_false", "value": ""}, {"name": "n", "operator": "less_than_or_equal_to", "value": 2}]},
        ),
        ('t == "规划局"', {"name": "t", "operator": "equal_to", "value": "规划局"}),
        ("known(t)", {"name": "t", "operator": "non_empty", "value": ""}),
        ('not contains(l, "照片")', {"name": "l", "operator": "does_not_contain", "value": "照片"}),
        ("d == 0.5", {"name": "d", "operator": "equal_to", "value": 0.5}),
        ("n in [1, 2]", {"any": [{"name": "n", "operator": "equal_to", "value": 1}, {"name": "n", "operator": "equal_to", "value": 2}]}),
    ],
)
def test_a_condition_is_written_as_the_package_would(things, text, tree):
    assert to_tree(things.parse(text)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "n + 1 > 2",
        "n > m",
        "2 < n",
        "n != 2",
        'c in ["present", "lacking"] or n > m',
        "count(thing) > 2",
        "not (b and b2)",
        "b if b2 else b3",
        "d == 1 / 3",
    ],
)
def test_what_a_tree_cannot_say_is_refused_or_said_otherwise_but_never_wrongly(things, text):
    expression = things.parse(text)
    try:
        tree = to_tree(expression)
    except ExpressionError:
        return
    for facts in ({"n": 1, "m": 2, "b": True, "b2": False, "c": "present"}, {"n": 3, "m": 2, "b": False, "b2": True, "c": "lacking"}):
        subject = Subject(things.book.contents, "thing", facts)
        assert evaluate(from_tree(tree, things.names), subject) == evaluate(expression, subject)


def test_a_number_a_tree_cannot_hold_exactly_is_refused_not_rounded(things):
    for text in ("d == 12345678901234567890.1", "d == 0.12345678901234567890123"):
        expression = things.parse(text)
        try:
            tree = to_tree(expression)
        except ExpressionError:
            continue
        assert from_tree(json.loads(json.dumps(tree)), things.names) == expression


# the differences we keep


def test_a_millionth_is_not_nothing(ours):
    tree, facts = {"name": "d", "operator": "equal_to", "value": 1.0000005}, {"d": 1.0}
    assert theirs(tree, facts) is True
    assert ours(tree, facts) is False
    more = {"name": "d", "operator": "greater_than", "value": 1}
    assert theirs(more, {"d": 1.0000005}) is False
    assert ours(more, {"d": 1.0000005}) is True


def test_a_list_is_searched_as_written_not_ignoring_case(ours):
    tree, facts = {"name": "l", "operator": "contains", "value": "plan"}, {"l": ["Plan"]}
    assert theirs(tree, facts) is True
    assert ours(tree, facts) is False


def test_an_empty_text_is_a_missing_one_and_a_missing_one_is_unknown(ours):
    tree = {"name": "t", "operator": "equal_to", "value": "规划局"}
    assert theirs(tree, {"t": None}) is False
    assert ours(tree, {"t": None}) == ours(tree, {"t": ""}) == ours(tree, {}) == Unknown(frozenset({"t"}))
    empty = {"name": "t", "operator": "non_empty", "value": ""}
    assert theirs(empty, {"t": ""}) is False
    assert ours(empty, {"t": ""}) is False
    with pytest.raises(AssertionError):
        theirs({"name": "n", "operator": "equal_to", "value": 1}, {"n": None})
    assert ours({"name": "n", "operator": "equal_to", "value": 1}, {"n": None}) == Unknown(frozenset({"n"}))


@pytest.mark.parametrize("name", ["__init__", "facts", "get_all_variables", "__class__", "n.real"])
def test_no_attribute_is_reached_by_its_name(things, name):
    with pytest.raises(ExpressionError) as caught:
        from_tree({"name": name, "operator": "equal_to", "value": 1}, things.names)
    assert str(caught.value) == f'unknown fact "{name}"; variables are declared facts'


def test_the_package_does_call_an_attribute_by_its_name():
    called = []

    class Open(Variables):
        def delete_everything(self):
            called.append(True)

    with pytest.raises(AttributeError):
        check_conditions_recursively({"name": "delete_everything", "operator": "equal_to", "value": 1}, Open({}))
    assert called


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"name": "n", "operator": "equal_to", "value": "many"}, "n must be"),
        ({"name": "n", "operator": "equal_to", "value": True}, "n must be"),
        ({"name": "n", "operator": "equal_to", "value": None}, ""),
        ({"name": "n", "operator": "is_true", "value": ""}, "the operator is_true does not fit n, which is integer"),
        ({"name": "n", "operator": "no_such", "value": 1}, "the operator no_such does not fit n, which is integer"),
        (
            {"name": "t", "operator": "matches_regex", "value": "(a+)+$"},
            "the operator matches_regex is not taken over; a pattern from a stranger may never end",
        ),
        ({"name": "c", "operator": "equal_to", "value": "nothing"}, "c must be a choice"),
        ({"name": "l", "operator": "contains_all", "value": []}, "does not fit the list l"),
        ({"all": []}, "`all` takes a list of conditions"),
        ({"all": [], "any": []}, "this is no business-rules condition"),
        ({"name": "n"}, "this is no business-rules condition"),
        ({"name": "n", "operator": "equal_to", "value": 1, "more": 2}, "this is no business-rules condition"),
        ({}, "this is no business-rules condition"),
    ],
)
def test_a_wrong_tree_is_a_fault_in_words_not_an_assertion(things, tree, said):
    with pytest.raises(ExpressionError) as caught:
        from_tree(tree, things.names)
    assert said in str(caught.value)
    assert caught.value.what.zh


@pytest.mark.parametrize(
    "tree",
    [
        None,
        [],
        "b",
        {"all": [None]},
        {"any": ["b"]},
        {"all": {"name": "b"}},
        {"name": ["n"], "operator": "equal_to", "value": 1},
        {"name": "n", "operator": "equal_to", "value": {"x": 1}},
    ],
    ids=repr,
)
def test_what_is_no_tree_at_all_is_a_fault_too(things, tree):
    with pytest.raises(ExpressionError):
        from_tree(tree, things.names)


def test_a_tree_nested_without_end_is_refused(things):
    tree: dict[str, Any] = {"name": "b", "operator": "is_true", "value": ""}
    for _ in range(3000):
        tree = {"all": [tree]}
    with pytest.raises(ExpressionError):
        from_tree(tree, things.names)


def test_in_a_rulebook_a_tree_stands_where_an_expression_does(decide):
    book = decide(
        "  way:\n    about: thing\n    hit: first\n    rules:\n"
        "      - {id: tree, when: {all: [{name: b, operator: is_true},\n"
        "          {any: [{name: n, operator: greater_than, value: 2}, {name: 主件, operator: equal_to, value: 已带}]}]}, then: x}\n"
        "      - {then: y}\n"
    )
    assert book.decide("way", {"b": True, "n": 1, "c": "present"}).value("way") == "x"
    assert book.decide("way", {"b": True, "n": 3}).value("way") == "x"
    assert book.decide("way", {"b": True, "n": 1}).undecided == ("c",)
    assert book.decide("way", {"b": False}).value("way") == "y"


def test_a_fault_in_a_tree_is_named_with_its_line(decide):
    with pytest.raises(RulebookError) as caught:
        decide(
            "  way:\n    about: thing\n    hit: first\n    rules:\n      - {id: a, when: {all: [{name: nn, operator: is_true}]}, then: x}\n"
        )
    assert caught.value.faults[0].line is not None
    assert 'decisions.way.rules.a.when: unknown fact "nn"; variables are declared facts' in str(caught.value)
