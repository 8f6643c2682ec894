"""`match`: a worth for each value of a choice, every value listed."""

from __future__ import annotations

import pytest

from govservice.errors import ExpressionError
from govservice.rules.language.values import Unknown

ALL = 'match(c, ("present", {}), ("有而未带", {}), ("lacking", {}))'


@pytest.mark.parametrize(
    ("worths", "given", "worth"),
    [
        (("10", "15", "20"), "有而未带", 15),
        (("n", "n * 2", "-1"), "not_brought", 6),
        (("true", "false", "b"), "present", True),
        (('"甲"', '"乙"', "t"), "lacking", "局"),
        (("c", '"缺少"', '"present"'), "lacking", "present"),
        (("received_on", 'date("2026-01-01")', "closed_on"), "not_brought", __import__("datetime").date(2026, 1, 1)),
    ],
)
def test_the_worth_of_the_value_is_given(things, worths, given, worth):
    assert things.worth(ALL.format(*worths), c=given, n=3, t="局") == worth


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        (
            'match(c, ("present", 1)) > 0',
            "no worth for not_brought, lacking; list it",
            "没有写 not_brought、lacking 的取值",
        ),
        ('match(t, ("甲", 1)) > 0', "a text may have other values", "文字可能有别的值"),
        ('match(c, ("present", 1), ("已带", 2), otherwise=3) > 0', '"present" stands here twice', "“present”写了两次"),
        ('match(c, ("presnt", 1), otherwise=3) > 0', '"presnt" is none of its values; did you mean "present"?', "“presnt”不在可选值之内"),
        ('match(c, ("present", 1), otherwise="x") > 0', "one worth is integer, another text", "取值的类型不同：整数与文字"),
        ("match(c, (t, 1), otherwise=2) > 0", "the values of match are written out", "match 的各个值要写出来"),
        ("match(t, (3, 1), otherwise=2) > 0", "the values of match are written out", "match 的各个值要写出来"),
        ("match(n, (1, 1), otherwise=2) > 0", "a text must stand here, this is integer", "这里要写文字"),
        ("match(c, 1, 2) > 0", "this is written match(x, (value, worth), .., otherwise=worth)", "写法是 match"),
        ("match(c) > 0", "this is written match(x, (value, worth), .., otherwise=worth)", "写法是 match"),
        ('match(c, ("present", 1), default=2) > 0', "match takes no `default=`", "match 没有 default= 这个参数"),
    ],
)
def test_what_is_wrong_with_a_match_is_said_at_load(things, text, english, chinese):
    with pytest.raises(ExpressionError) as caught:
        things.parse(text, wants="boolean")
    assert english in caught.value.text("en")
    assert chinese in caught.value.text("zh")


def test_other_values_are_worth_what_otherwise_says(things):
    text = 'match(c, ("present", 1), otherwise=n)'
    assert [things.worth(text, c=value, n=7) for value in ("present", "lacking", "not_brought")] == [1, 7, 7]
    assert things.worth('match(t, ("甲", 1), otherwise=2)', t="乙") == 2


def test_a_number_that_hangs_on_an_open_choice_is_unknown(things):
    assert things.worth('match(c, ("present", 1), otherwise=2)') == Unknown(frozenset({"c"}))
    assert things.worth('match(c, ("present", 1), otherwise=2) > 0') == Unknown(frozenset({"c"}))


def test_an_open_choice_may_be_worth_any_of_its_worths(decide):
    book = decide("""  out:
    {about: thing, hit: first, outcomes: {out: integer}, rules: [{then: '= match(c, ("present", 1), ("not_brought", 2), ("lacking", n))'}]}
  kind: {about: thing, hit: first, outcomes: {kind: {type: choice, values: {a: 甲, b: 乙, d: 丙}}}, rules: [{when: b, then: a}, {then: b}]}
  read: {about: thing, hit: first, outcomes: {read: integer}, rules: [{then: '= match(kind, ("a", 1), ("b", 2), ("丙", 3))'}]}
""")
    found = book.decide("out", {"n": 5})
    assert (found.possible, found.undecided) == ((1, 2, 5), ("c",))
    assert book.decide("out", {"n": 5, "c": "lacking"}).value("out") == 5
    read = book.decide("read", {})
    assert (read.possible, read.undecided) == ((1, 2), ("b",))  # the kind is never d


def test_where_all_worths_agree_the_choice_does_not_matter(things):
    assert things.worth(ALL.format("n", "4", "4"), n=4) == 4
    assert things.worth(ALL.format("n", "4", "4")) == Unknown(frozenset({"c", "n"}))


def test_an_open_choice_leaves_points_between_its_worths(load):
    from datetime import date

    from govservice import score

    book = load("""
rulebook: s
conventions: {part_floor: none, part_overflow: allowed, same_occurrence: each}
events: {late: {label: 迟到, has: {why: {type: choice, values: {bus: 公交, sick: 生病}}}}}
schemes:
  m: {scores: staff, period: month, parts: {p: {start: 10, items: [{id: l, for: late, points: 'match(why, ("bus", -1), ("生病", 0))'}]}}}
""")
    rows = [{"kind": "late", "staff": "A", "on": date(2026, 11, day)} for day in (2, 3)]
    card = score(book, "m", {"staff": [{"staff": "A"}], "events": [rows[0], {**rows[1], "why": "公交"}]}, subject="A", period="2026-11")
    assert (card.low, card.high, card.open[0].needs) == (8, 9, ("late:1.why",))
