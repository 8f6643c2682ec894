"""The first law: with some facts forgotten an answer is the same, or open with the full one among what it may be; and it names what it
waits for.

What absence is given a meaning by is no information: `verified` has a default, an extension without its own limit has the book's, a past
score that does not say `eligible` is judged by the scheme, and a case that promises nothing is due by the clock of a centre that promises
nothing.

Books, records and what is forgotten are drawn by chance. A failing example is cut down before it is shown, so hypothesis need not shrink
it; `python tools/laws.py` runs the same on as many as one likes, and groups what it finds.
"""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .books import VERBS
from .laws import broken, example
from .naming import unnamed
from .showing import QUICK, hold


@pytest.mark.parametrize("verb", VERBS)
@QUICK
@given(random=st.randoms(use_true_random=True))
def test_information_never_overturns(verb: str, random: Random) -> None:
    hold(example(random, verb), broken)


@pytest.mark.parametrize("verb", ["score", "grade", "clocks"])
@QUICK
@given(random=st.randoms(use_true_random=True))
def test_what_is_waited_for_is_a_fact_with_its_row(verb: str, random: Random) -> None:
    hold(example(random, verb), unnamed)
