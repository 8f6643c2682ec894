"""Expressions over columns: on every row what the interpreter says of it, in polars and in SQL, or refused by name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from govservice import Rulebook, decide_frame, load_rulebook
from govservice.errors import DecisionError, Words

pl = pytest.importorskip("polars")
duckdb = pytest.importorskip("duckdb")

VOCABULARY = """
rulebook: columns
settings:
  opened_on: {type: date, value: 2026-03-02}
  word: {type: text, value: mid}
  rate: {type: decimal, value: -2.5}
tables:
  application:
    n: integer
    m: {type: integer, default: 4}
    x: decimal
    y: decimal
    t: text
    c: {type: choice, values: {present: 已带, lacking: 缺少}}
    other: {type: choice, values: {present: 已带, lacking: 缺少}}
    yes: boolean
    nobody: {type: text, none: [无], default: 无}
decisions:
"""
ROWS = [
    {"n": n, "m": m, "x": x, "t": t, "c": c, "other": other, "yes": yes}
    for (n, x), (m, t), (c, other, yes) in product(
        zip([-3, 0, 1, 4, 5, 20, 60, None], [0.3, 0.1 + 0.2, 0.3 - 2**-54, -0.3, 1e14, 0.0, None, 2.5], strict=True),
        [(5, "mid"), (None, "a"), (-2, None)],
        [("present", "present", True), ("lacking", "present", False), ("present", None, None), (None, "lacking", True)],
    )
]
HELD = {"n": "Int64", "m": "Int64", "x": "Float64", "t": "String", "c": "String", "other": "String", "yes": "Boolean"}
SIGNS = ["<", "<=", ">", ">=", "==", "!="]


@pytest.fixture
def book(tmp_path: Any) -> Callable[..., Rulebook]:
    def made(*expressions: str, kind: str = "boolean", more: str = "") -> Rulebook:
        lines = [
            f"  d{number}: {{about: application, hit: first, outcomes: {{d{number}: {kind}}}, rules: [{{then: '= {text}'}}]}}\n"
            for number, text in enumerate(expressions)
        ]
        path = tmp_path / "columns.yaml"
        path.write_text(VOCABULARY + "".join(lines) + more, encoding="utf-8")
        return load_rulebook(path)

    return made


def settled(value: Any) -> Any:
    return Decimal(str(value)).normalize() if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else value


def agree(book: Rulebook) -> None:
    frame = pl.DataFrame(ROWS, schema={name: getattr(pl, kind) for name, kind in HELD.items()}).with_row_index("row")
    for decision in (one for one in book.contents.decisions if one.startswith("d") and one[1:].isdecimal()):
        told = [book.decide(decision, {name: value for name, value in row.items() if value is not None}) for row in ROWS]
        expected = [None if one.open else settled(one.values[decision]) for one in told]
        in_polars = decide_frame(frame, book, decision).sort("row")[decision].to_list()
        in_sql = pl.from_arrow(decide_frame(duckdb.from_arrow(frame.to_arrow()), book, decision).to_arrow_table()).sort("row")
        assert [settled(value) for value in in_polars] == expected, decision
        assert [settled(value) for value in in_sql[decision].to_list()] == expected, decision


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_written_out_on_both_sides_is_compared(book: Callable[..., Rulebook], sign: str) -> None:
    days = [f'opened_on {sign} date("2026-03-0{day}")' for day in (1, 2, 3)]
    texts = [f'word {sign} "{text}"' for text in ("mid", "other") if sign in ("==", "!=")]
    agree(book(*days, *texts, *(f"rate {sign} {number}" for number in ("-3", "-2.5", "-2"))))


@pytest.mark.parametrize("sign", SIGNS)
def test_a_number_is_compared_with_one_that_no_engine_holds(book: Callable[..., Rulebook], sign: str) -> None:
    large = "1" + "0" * 30
    agree(book(*(f"n / 1{'0' * 20} {sign} {number}" for number in (large, f"-{large}", "0.00000000000000000004"))))


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("bound", ["0.3", "0.30000000000000001", "0.29999999999999999", "0.30000000000000004", "-0.30000000000000001"])
def test_a_float_is_compared_as_it_prints(book: Callable[..., Rulebook], sign: str, bound: str) -> None:
    agree(book(f"x {sign} {bound}", f"{bound} {sign} x"))


def test_numbers_written_out_are_reckoned_with(book: Callable[..., Rulebook]) -> None:
    agree(book("-rate", "n / rate", "rate / -2 + n", "-rate * n - -3", "n / -4 + m", "0 / -2 + m", "(m - rate) / -2.5", kind="decimal"))


def test_of_several_numbers_one_is_the_least_and_one_the_greatest(book: Callable[..., Rulebook]) -> None:
    agree(book("min(n, m)", "max(n, m, 3)", "max(min(n, 4), rate)", "min(n / 4, m, -rate)", kind="decimal"))


def test_a_step_is_the_highest_that_is_reached_and_nought_below_all(book: Callable[..., Rulebook]) -> None:
    steps = ["(1, 10), (5, 20)", "(4, 2)", "(-5, 1.5), (0.5, 2.25), (20, -1), (60, 7)", "(0, 0), (1, 0)"]
    agree(book(*(f"step({of}, {written})" for written in steps for of in ("n", "n + m")), kind="decimal"))


def test_a_fact_is_looked_for_among_others(book: Callable[..., Rulebook]) -> None:
    agree(
        book(
            't in [word, "a"]', 't in [nobody, "a"]', 't not in [nobody]', 't in ["a"]', "n in [m, 4, 0]",
            'c in ["present", other]', 'c not in ["缺少"]', "other in [c]", 't in [word if yes else "a"]', "word in [t]", "n in []",
        )
    )  # fmt: skip


@pytest.mark.parametrize("sign", ["==", "!="])
def test_what_is_none_equals_nothing(book: Callable[..., Rulebook], sign: str) -> None:
    agree(book(f"t {sign} nobody", f"nobody {sign} word", f"nobody {sign} nobody"))


def test_what_a_match_is_worth_otherwise_is_not_asked_where_a_value_is_met(book: Callable[..., Rulebook]) -> None:
    agree(book('match(c, ("lacking", true), ("present", false), otherwise=c == "present")'))


def test_a_choice_is_compared_with_what_a_condition_chooses(book: Callable[..., Rulebook]) -> None:
    agree(book('c == ("已带" if yes else "缺少")', 'c != ("缺少" if n > 3 else other)', '("已带" if n > 3 else "缺少") == other'))


# -- what only the interpreter can say

OPEN = "  first: {about: application, hit: first, rules: [{when: n > 3, then: high}]}\n"
ALWAYS = "  first: {about: application, hit: first, rules: [{then: high}]}\n"


def test_whether_an_outcome_that_may_be_open_is_none_has_no_form_in_sql(book: Callable[..., Rulebook]) -> None:
    with pytest.raises(DecisionError) as caught:
        book("is_none(first)", more=OPEN).to_sql("d0", table="applications")
    assert caught.value.what == Words(
        "d0 has no form in SQL: is_none(first): whether an outcome that is open may be none",
        "d0 没有 SQL 写法：is_none(first)：未定的结果是否可能为无",
    )
    agree(book("is_none(first)", more=ALWAYS))


def test_what_a_match_may_come_to_that_is_open_has_no_form_in_sql(book: Callable[..., Rulebook]) -> None:
    with pytest.raises(DecisionError) as caught:
        book('match(c, ("present", n), ("lacking", m))', kind="integer").to_sql("d0", table="applications")
    assert caught.value.what == Words(
        'd0 has no form in SQL: match(c, ("present", n), ("lacking", m)): what a match that is open may come to',
        'd0 没有 SQL 写法：match(c, ("present", n), ("lacking", m))：未定的 match 可能的取值',
    )
    agree(book('match(c, ("present", 1), ("lacking", 2))', kind="integer"))


def test_a_float_beside_a_decimal_number_has_no_form_in_sql(book: Callable[..., Rulebook]) -> None:
    own = book("x < y")
    with pytest.raises(DecisionError) as caught:
        own.to_sql("d0", table="applications", columns={"x": "real", "y": "decimal"})
    assert caught.value.what == Words("d0 has no form in SQL: x < y: it calculates with floats", "d0 没有 SQL 写法：x < y：要用浮点数计算")
    for held in ("real", "decimal"):
        assert '"x' in own.to_sql("d0", table="applications", columns={"x": held, "y": held})


# -- numbers as long as a column holds


def in_a_frame(book: Rulebook, n: int) -> list[Any]:
    return decide_frame(pl.DataFrame({"n": [n]}), book, "d0")["d0"].to_list()


@pytest.mark.parametrize("n", [60, -99_999_999, 10**8 - 1])
def test_a_number_of_28_digits_stands_in_a_column_as_the_interpreter_says_it(book: Callable[..., Rulebook], n: int) -> None:
    own = book(f"n * 1{'0' * 20} + 0.5", kind="decimal")
    assert in_a_frame(own, n) == [n * 10**20 + Decimal("0.5")] == [own.decide("d0", {"n": n}).value("d0")]


@pytest.mark.parametrize(("kind", "n", "shown"), [("decimal", 10**8, f"1{'0' * 28}"), ("integer", 1, f"1{'0' * 20}")])
def test_a_row_of_which_no_column_holds_the_number_is_not_read(book: Callable[..., Rulebook], kind: str, n: int, shown: str) -> None:
    own = book(f"floor(n * 1{'0' * 20})", kind=kind)
    told = decide_frame(pl.DataFrame({"n": [n, 0]}), own, "d0", reason="why").rows(named=True)
    assert [(row["d0"], row["d0_state"]) for row in told] == [(None, "unread"), (0, "settled")]
    assert told[0]["why"] == (
        f"d0: d0 is longer than a column of numbers holds: {shown}; "
        "numbers hold 28 digits before the point, whole ones 18: decide such a row by itself"
    )
