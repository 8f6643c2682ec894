"""An expression that is written out reads back as the same expression; in Chinese the values of choices go by their labels."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice.rules.book.declarations import Declarations
from govservice.rules.book.marks import Faults
from govservice.rules.book.sight import RowNames
from govservice.rules.book.yamltree import read_tree
from govservice.rules.language.parsing import parse
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import AllOf, AnyOf, Constant, Not
from govservice.rules.language.values import DECIMAL

LABELS = {"n": "件数", "d": "金额", "b": "正式", "c": "主件", "b3": "重大且复杂", "b4": "且末县", "received_on": "收件日"}


CALLS = [
    "abs({})", "floor({})", "round({}, 2)", "max({}, n)", "step({}, (1, n), (2, 3.5))", 'match(c, ("已带", {}), otherwise=n)',
    'match(c, ("present", 1), ("缺少", {}), ("not_brought", 2))', "workdays(received_on, add_days(closed_on, floor({})), both=true)",
    "hours(received_at, due_at(received_on, limit * ({})))",
]  # fmt: skip
DAYS = [
    "is_none(n)", "time(received_at) < 8:20", "08:20:30 <= time(received_at) < 24:00", 'limit * 2 / 3 < limit("5 个工作日")',
    "is_workday(add_months(received_on, -1))", 'due(received_on, limit("当天")) == month_end(received_on)', "is_none(received_on) or b",
]  # fmt: skip


def numbers(conditions: st.SearchStrategy[str], extra: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["n", "m", "d", "e", "0", "7", "2.50", "2.0", "0.000001", "12345678901234567890.123456789012345678901"]) | extra
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(lambda of: f"({of[0]}) {of[1]} ({of[2]})"),
            st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(" ".join),
            st.tuples(st.sampled_from(["-", "+", "--", "- -"]), inner).map(lambda of: f"{of[0]}({of[1]})"),
            inner.map("-{}".format),
            st.tuples(inner, conditions, inner).map(lambda of: f"({of[0]} if {of[1]} else {of[2]})"),
            st.tuples(st.sampled_from(CALLS), inner).map(lambda of: of[0].format(of[1])),
        ),
        max_leaves=4,
    )


TEXTS = st.sampled_from(['"已带"', '"not_brought"', '"缺少"', "c"])
CHOSEN = TEXTS | st.tuples(TEXTS, st.sampled_from(["b", "b2 and b"]), TEXTS).map(lambda of: f"({of[0]} if {of[1]} else {of[2]})")


def conditions(of_numbers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    leaf = st.one_of(
        st.sampled_from(["b", "b3", "b4", "true", "false", "known(n)", "known(b and b2)", 't == “他说"好"”', "contains(l, '甲')"]),
        st.tuples(of_numbers, st.sampled_from(["==", "!=", "<", ">="]), of_numbers).map(" ".join),
        st.tuples(of_numbers, of_numbers, of_numbers).map(lambda of: f"{of[0]} < {of[1]} <= {of[2]}"),
        st.sampled_from(DAYS),
        CHOSEN.map("c == {}".format),
        CHOSEN.map("{} != c".format),
        st.lists(CHOSEN, min_size=1, max_size=3).map(lambda of: f"c in [{', '.join(of)}]"),
        st.lists(CHOSEN, max_size=3).map(lambda of: f"c not in ([{', '.join(of)}] if b else ['present'])"),
        st.sampled_from(
            ['"已带" in [c, c]', "'有而未带' not in [c]", "n in []", "t in l", 'received_on > date("2026-03-02")', "limit < other_limit"]
        ),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(" and ".join),
            st.lists(inner, min_size=2, max_size=3).map(" or ".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda of: " and ".join(f"({one})" for one in of)),
            inner.map("not ({})".format),
            inner.map("not {}".format),
            st.tuples(inner, inner).map(lambda of: f"({of[0]}) == ({of[1]})"),
            st.tuples(inner, inner, inner).map(lambda of: f"({of[0]} if {of[1]} else {of[2]})"),
        ),
        max_leaves=4,
    )


PLAIN = numbers(st.sampled_from(["b", "not b2", "n > 1"]), st.nothing())
CONDITIONS = conditions(PLAIN)


@given(CONDITIONS | PLAIN)
def test_what_is_written_out_reads_back_as_the_same(things, text):
    expression = things.parse(text)
    for shown in (written(expression), written(expression, lang="zh"), written(expression, lang="zh", labels=LABELS)):
        assert things.parse(shown) == expression, shown


@pytest.mark.parametrize("quoted", ["“\"'‘”", "“\"'‘＂”", '"\'“‘＂"', "‘\"'“”＂’", "＂\"'“‘＂"])
def test_a_text_reads_back_whichever_quotes_stand_in_it(things, quoted):
    expression = things.parse(f"t == {quoted}")
    assert things.parse(written(expression)) == expression


def test_a_number_reads_back_with_as_many_digits_as_an_expression_may_have(things):
    expression = things.parse(f"0.{5**1998:01998d}")
    assert things.parse(written(expression)) == expression == Constant(Fraction(1, 2**1998), DECIMAL)


BOOK = """
rulebook: rows
tables:
  staff: {window: text, on: date}
  cases: {closed_on: date, charged: decimal}
events:
  leave: {label: 请假, has: {days: decimal, why: {type: choice, label: 缘由, values: {a: 事假, b: 病假}}, until: date}}
  late: {label: 迟到, has: {minutes: integer}}
schemes: {month: {scores: staff, period: month, parts: {p: {full: 10, items: []}}}}
"""
AGGREGATES = [
    'sum(leave, days, when=why == "a")',
    'count(leave, when=why == ("事假" if days > 1 else "病假"), over=year)',
    "mean([leave, late], 1 if nth > 1 else 2, by=on)",
    "count([leave, late], when=kind == 'late')",
    "percent(leave, why in ['事假'], when=days > 1 and not verified) / 100",
    "lowest(leave, days) - 1",
    "sum(month, over=quarter)",
    "sum(month, total * 2)",
    "-3 * count(迟到, when=minutes > -1)",
    "previous(month) - previous(month) * 2",
]


@pytest.fixture(scope="module")
def rows() -> RowNames:
    from govservice.rules.book.files import read_files

    tree, _ = read_files("standard")
    own, _ = read_tree(BOOK, "rows.yaml")
    for section in ("tables", "events", "schemes"):
        tree[section] = {
            **tree.get(section, {}),
            **{id: {**tree.get(section, {}).get(id, {}), **entry} for id, entry in own[section].items()},
        }
    return Declarations(tree, Faults({})).subject_names()


@pytest.mark.parametrize("text", AGGREGATES)
def test_a_total_over_rows_reads_back_as_the_same(rows, text):
    expression = parse(text, rows)
    for shown in (
        written(expression),
        written(expression, lang="zh"),
        written(expression, lang="zh", labels={"leave": "请假", "why": "缘由"}),
    ):
        assert parse(shown, rows) == expression, shown


def test_labels_stand_for_ids_in_chinese(rows):
    expression = parse('sum(leave, days, when=why == "a")', rows)
    assert written(expression) == 'sum(leave, days, when=why == "a")'
    assert written(expression, lang="zh") == 'sum(leave, days, when=why == "事假")'
    assert written(expression, lang="zh", labels={"leave": "请假", "why": "缘由"}) == 'sum(请假, days, when=缘由 == "事假")'


@pytest.mark.parametrize("join", [AllOf, AnyOf])
@pytest.mark.parametrize("text", ["b", "n > 2", "b or n > 2", "not b"])
def test_what_joins_one_part_alone_is_written_as_that_part(things, text, join):
    part = things.parse(text)
    assert written(join((part,))) == written(part) == text
    assert written(Not(join((part,)))) == written(Not(part))
