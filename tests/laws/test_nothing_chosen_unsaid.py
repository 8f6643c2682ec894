"""The third law: wherever the answer depends on a choice that the text leaves open, the book states it or the call says that it must."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .choosing import chosen, ordered, relevant
from .laws import Example, Violation, example
from .showing import QUICK, hold

ASKED = [(verb, name) for verb in ("score", "grade", "clocks") for name in relevant(verb)]


@pytest.mark.parametrize(("verb", "convention"), ASKED)
def test_no_convention_is_chosen_unsaid(verb: str, convention: str) -> None:
    for seed in range(14):
        one = example(Random(f"{verb} {convention} {seed}"), verb)

        def law(each: Example) -> Violation | None:
            return chosen(each, convention)

        hold(one, law)


@pytest.mark.parametrize("verb", ["score", "grade", "clocks", "outcomes"])
@QUICK
@given(random=st.randoms(use_true_random=True))
def test_the_order_of_rows_is_no_choice(verb: str, random: Random) -> None:
    one = example(random, verb)
    broken = ordered(one, random)
    if broken is not None:
        pytest.fail(f"{broken}\n\n{one}", pytrace=False)
