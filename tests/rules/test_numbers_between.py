"""Numbers that are not fixed yet: what is worked out of one lies exactly around what each number that it may be gives."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice.rules.language.functions import FUNCTIONS, NOWHERE
from govservice.rules.language.intervals import ends
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import Interval, Unknown, Value
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject

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
