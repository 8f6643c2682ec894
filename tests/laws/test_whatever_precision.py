"""Whatever precision, rounding and traps the program around has set for its own decimals, every answer is the same to the last figure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, localcontext
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import Rulebook
from govservice.errors import GovServiceError

from ..precision import CONTEXTS
from .answers import ask, loaded, loaded_anew
from .books import VERBS, Tree
from .laws import Example, example
from .records import Rows, without
from .showing import QUICK


def told(one: Example, rows: Rows, load: Callable[[Tree], Rulebook]) -> object:
    try:
        return ask(one.book, load(one.book.tree), rows, one.now)
    except GovServiceError as error:
        return type(error), str(error), error.what.zh


@pytest.mark.parametrize("verb", VERBS)
@QUICK
@given(random=st.randoms(use_true_random=True), context=CONTEXTS)
def test_an_answer_is_the_same_under_any_precision(verb: str, random: Random, context: Context) -> None:
    one = example(random, verb)
    for rows in (one.rows, without(one.rows, one.gone)):
        expected = told(one, rows, loaded)
        with localcontext(context):
            assert told(one, rows, loaded_anew) == expected
