"""A condition cut into its parts, and the names and values in it that a reader wants by their labels."""

from __future__ import annotations

import pytest

from govservice.rules import Outcome
from govservice.rules.language.conjuncts import Conjunct, FactTest, conjuncts
from govservice.rules.language.labelled import in_labels, named_in

NAMES = {"n", "b", "c", "正式", "件数"}


@pytest.mark.parametrize("before", ["", "  ", "\u3000", "\n"])
@pytest.mark.parametrize("between", [" and ", "且 ", " 且\u3000"])
def test_each_part_stands_as_it_was_written(before: str, between: str) -> None:
    parts = [
        Conjunct("正式", "正式", (FactTest("is"),)),
        Conjunct("件数≥２", "件数", (FactTest(">=", ("２",)),)),
        Conjunct("c in [“已带”, '缺少']", "c", (FactTest("in", ("“已带”", "'缺少'")),)),
        Conjunct("2 <= n < 5", "n", (FactTest(">=", ("2",)), FactTest("<", ("5",)))),
        Conjunct("n + 件数 > 3"),
    ]
    assert conjuncts(before + between.join(part.text for part in parts), NAMES) == tuple(parts)


@pytest.mark.parametrize("source", ["n >", "n > 2 且 (", "“正式", "n = 2", "", "(" * 900 + "n" + ")" * 900])
def test_a_condition_that_cannot_be_read_is_one_part(source: str) -> None:
    assert conjuncts(source, NAMES) == (Conjunct(source),)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("formal and not present", {"formal", "present"}),
        ('c == "present"', {"c", "c=present"}),
        ("c not in ['present', “已带”]", {"c", "c=present", "c=已带"}),
        ("n >= 2 or t == '' or promised.overdue", {"n", "n=", "t", "t=", "promised.overdue", "promised.overdue="}),
        ("n + 12345 > 678", {"n"}),
        ("true and known(n)", {"n"}),
    ],
)
def test_the_labels_that_a_text_needs_are_those_of_its_names_and_of_its_values_behind_each(text: str, named: set[str]) -> None:
    assert named_in(text) == named


def test_a_text_is_said_by_the_labels_that_there_are() -> None:
    labels = {"c": "主件", "c=present": "已带", "d": "副本", "d=present": "已收", "n": "件数"}
    assert in_labels('n > 2 and "present" in [c] or d != "present"', labels) == "件数 > 2 且 “已带” 属于 [主件] 或 副本 ≠ “已收”"
    assert in_labels('n > 2 and t in ["present", "other"]', labels) == '件数 > 2 且 t 属于 ["present", "other"]'


KEPT = """
rulebook: kept
tables:
  thing:
    c: {type: choice, label: 主件, values: {present: 已带, not_brought: 有而未带, lacking: 缺少}}
    n: {type: integer, label: 件数}
    unread: {type: integer, label: 没人读的}
    other: {type: choice, label: 其他, values: {present: 来了}}
decisions:
  way:
    about: thing
    hit: first
    label: 方式
    outcomes: {way: {type: choice, label: 办法, values: {at_once: 即办, promised: 承诺}}}
    rules:
      - {id: gone, when: 'n > 5 and other == "present"', then: promised}
      - {id: brought, when: 'c in ["present", "not_brought"]', then: at_once}
      - {then: promised}
"""


def test_a_kept_outcome_has_the_labels_that_its_explanation_needs_and_no_others(load) -> None:
    outcome = load(KEPT).decide("way", {"c": "present", "n": 3})
    kept = Outcome.from_dict(outcome.to_dict())
    assert "主件 属于 [“已带”, “有而未带”]" in kept.explain("zh")
    assert kept.explain("zh") == outcome.explain("zh")
    assert kept.labels == {
        "c": "主件", "c=present": "已带", "c=not_brought": "有而未带", "n": "件数", "way": "办法", "way=at_once": "即办",
    }  # fmt: skip
