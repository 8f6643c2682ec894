"""Numbers that are not fixed yet: what is worked out of one lies exactly around what each number that it may be gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice.rules.language.day_functions import Days
from govservice.rules.language.functions import FUNCTIONS, NOWHERE
from govservice.rules.language.intervals import ends
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import NONE, Interval, Number, Unknown, Value
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.joining import ALONE, Joint, Unit, key_of, ways, worth_of
from govservice.rules.meaning.subjects import Subject
from govservice.rules.meaning.totals import EVERY, Chosen, bounded_total, settled_total

from .conftest import Vocabulary

FEW = settings(max_examples=30, deadline=None)
SPANS = st.tuples(st.integers(-6, 6), st.integers(0, 6)).map(lambda span: Interval(span[0], span[0] + span[1], frozenset({"n"})))


def each(span: Interval) -> range:
    return range(int(span.low), int(span.high) + 1)


SMALL = [Interval(low, high, frozenset({"n"})) for low in range(-2, 3) for high in range(low, 3)]


@pytest.mark.parametrize("name", ["abs", "floor", "ceil", "round", "min", "max"])
def test_a_function_of_what_lies_between_lies_between_what_each_number_gives(name: str) -> None:
    function = FUNCTIONS[name]
    for asked in product(SMALL, repeat=function.least):
        given_each = [function.called(list(numbers), NOWHERE) for numbers in product(*map(each, asked))]
        assert ends(function.called(list(asked), NOWHERE)) == (min(given_each), max(given_each)), asked


class Numbers(Subject):
    """A subject whose numbers are given as they are, fixed or not."""

    def __init__(self, vocabulary: Vocabulary, **numbers: Value) -> None:
        super().__init__(vocabulary.book.contents, "thing", {})
        self.numbers = numbers

    def value(self, name: Name) -> Value:
        return self.numbers[name.id]


def worth(vocabulary: Vocabulary, text: str, **numbers: Value) -> Value:
    return evaluate(vocabulary.parse(text), Numbers(vocabulary, **numbers))


EXACT = [
    "step(n, (-2, 1), (0, 3), (4, 2))",
    "step(n, (0, 5), (1, -2))",
    "step(n, (m, 5))",
    "step(3, (m, 5), (7, 9))",
    "step(n, (-7, m), (1, 20))",
    "step(1, (m, 1), (2, 0))",
    "n + m",
    "n - m",
    "n * m",
    "n * 3 - 4",
    "n * -2",
    "-n",
    "n / 4",
    "n // 2",
    "min(n, 2) + max(m, -1)",
    "abs(n) - round(m / 4)",
]


@FEW
@given(n=SPANS, m=SPANS)
@pytest.mark.parametrize("text", EXACT)
def test_an_expression_lies_around_what_each_number_makes_it(things: Vocabulary, text: str, n: Interval, m: Interval) -> None:
    each_worth = [worth(things, text, n=one, m=other) for one, other in product(each(n), each(m))]
    assert ends(worth(things, text, n=n, m=m)) == (min(each_worth), max(each_worth))  # type: ignore[type-var, arg-type]


@FEW
@given(n=SPANS, m=SPANS)
@pytest.mark.parametrize("op", ["<", "<=", ">", ">=", "==", "!="])
def test_a_comparison_holds_where_it_holds_of_each_number(things: Vocabulary, op: str, n: Interval, m: Interval) -> None:
    each_worth = {worth(things, f"n {op} m", n=one, m=other) for one, other in product(each(n), each(m))}
    whole = worth(things, f"n {op} m", n=n, m=m)
    assert isinstance(whole, Unknown) if len(each_worth) == 2 else {whole} == each_worth


@FEW
@given(n=SPANS, m=SPANS)
@pytest.mark.parametrize("text", ["n % 4", "n % -4", "n % 20", "(n + 6) % 20", "n % (m + 7)"])
def test_a_remainder_of_what_lies_between_holds_what_each_number_leaves(things: Vocabulary, text: str, n: Interval, m: Interval) -> None:
    each_worth = [worth(things, text, n=one, m=other) for one, other in product(each(n), each(m))]
    low, high = ends(worth(things, text, n=n, m=m))  # type: ignore[arg-type]
    assert low <= min(each_worth) <= max(each_worth) <= high  # type: ignore[type-var, operator]


@pytest.mark.parametrize(("text", "low", "high"), [("n % 4", 1, 3), ("(n - 2) % 4", 0, 4), ("n % -4", -3, -1), ("(n - 2) % -4", -4, 0)])
def test_a_remainder_within_one_multiple_lies_as_close_as_the_number(things: Vocabulary, text: str, low: int, high: int) -> None:
    assert worth(things, text, n=Interval(5, 7, frozenset({"n"}))) == Interval(low, high, frozenset({"n"}))


# -- totals of rows that are not settled

WORTHS = [-2, 0, 3, Interval(-1, 4, frozenset({"a"})), Interval(1, 2, frozenset({"b"}))]
TOTALS = [
    ("count", EVERY), ("sum", EVERY), ("mean", EVERY), ("median", EVERY), ("lowest", EVERY), ("highest", EVERY),
    ("mean", Chosen(top=1)), ("mean", Chosen(bottom=2)), ("mean", Chosen(without_highest=1)), ("mean", Chosen(without_lowest=1)),
]  # fmt: skip


def turned(sure: Sequence[Value], maybe: Sequence[Value]) -> Iterator[list[Number]]:
    """Every way in which rows may turn out: those that may count do or do not, and each number is one of its ends."""
    for some in range(len(maybe) + 1):
        for counting in combinations(maybe, some):
            yield from (list(numbers) for numbers in product(*(set(ends(value)) for value in (*sure, *counting))))  # type: ignore[arg-type]


@pytest.mark.parametrize(("total", "chosen"), TOTALS, ids=str)
def test_a_total_lies_exactly_between_what_it_may_come_to(total: str, chosen: Chosen) -> None:
    for sure, maybe in product(combinations_with_replacement(WORTHS, 2), combinations_with_replacement(WORTHS, 2)):
        each_total = [settled_total(total, numbers, chosen) for numbers in turned(sure, maybe)]
        whole = bounded_total(total, sure, maybe, Unknown(frozenset({"n"})), chosen)
        assert ends(whole) == (min(each_total), max(each_total)), (sure, maybe)  # type: ignore[arg-type, type-var]


@pytest.mark.parametrize(("total", "chosen"), TOTALS, ids=str)
def test_a_total_of_rows_that_all_count_lies_exactly_between_what_their_numbers_give(total: str, chosen: Chosen) -> None:
    for sure in combinations_with_replacement(WORTHS, 3):
        each_total = [settled_total(total, numbers, chosen) for numbers in turned(sure, ())]
        assert ends(settled_total(total, sure, chosen)) == (min(each_total), max(each_total)), sure  # type: ignore[arg-type, type-var]


# -- rows that are one

OPEN = Unknown(frozenset({"asked"}))


@pytest.mark.parametrize("bounds", [(None, None), (0, None), (None, 2), (-1, 3)], ids=str)
def test_rows_that_are_one_are_worth_what_lies_between_their_sums(bounds: tuple[int | None, int | None]) -> None:
    low, high = bounds
    for sure, maybe in product(combinations_with_replacement(WORTHS, 1), combinations_with_replacement(WORTHS, 2)):
        for certain in (sure, ()):
            rows = [Joint(worth, True, "a") for worth in certain] + [Joint(worth, OPEN, "a") for worth in maybe]
            places = tuple(range(len(rows)))
            sums = [sum(numbers) for numbers in turned(certain, maybe) if numbers]
            held = [max(-inf if low is None else low, min(inf if high is None else high, one)) for one in sums]
            worth_there, there = worth_of(Unit(places[: len(certain)], places[len(certain) :]), rows, low, high)
            assert ends(worth_there) == (min(held), max(held)), (certain, maybe)  # type: ignore[arg-type]
            assert there == (True if certain else OPEN)


def test_rows_that_are_one_wait_for_what_would_settle_their_sum() -> None:
    span = Interval(1, 2, frozenset({"mark"}))
    rows = [Joint(span, True, "a"), Joint(3, OPEN, "a"), Joint(Unknown(frozenset({"minutes"})), True, "a")]
    assert worth_of(Unit((0,)), rows, None, None) == (Interval(1, 2, frozenset({"mark"})), True)
    assert worth_of(Unit((0,), (1,)), rows, None, None) == (Interval(1, 5, frozenset({"mark", "asked"})), True)
    assert worth_of(Unit((0, 2), (1,)), rows, None, None) == (Unknown(frozenset({"minutes", "asked"})), True)
    assert worth_of(Unit((0, 2), (1,)), rows, -1, 9) == (Interval(-1, 9, frozenset({"minutes", "asked"})), True)


def test_rows_that_have_none_to_be_joined_by_are_each_their_own() -> None:
    assert key_of(NONE) is ALONE
    rows = [Joint(1, True, key_of(NONE)), Joint(1, True, key_of(NONE)), Joint(1, True, key_of("甲")), Joint(1, True, key_of("甲"))]
    assert ways(rows, no_days) == [[Unit((0,)), Unit((1,)), Unit((2, 3))]]


def test_rows_that_may_count_are_no_more_ways_where_that_joins_no_others() -> None:
    rows = [Joint(1, OPEN, f"day {number // 2}") for number in range(20)]
    assert ways(rows, no_days) == [[Unit((), (number, number + 1)) for number in range(0, 20, 2)]]


def no_days() -> Days:
    raise AssertionError("nobody asked for a calendar")
