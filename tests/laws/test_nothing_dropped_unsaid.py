"""The second law: every row, column, key and event given is used, or listed with the reason."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import GovServiceError

from .answers import Answer, ask, loaded
from .books import VERBS
from .dropping import FLAT, ON_THE_WAY, SCORED, Slip, slips, unsaid
from .laws import Chance, Example, Violation, example
from .showing import QUICK

WAYS = [
    (verb, name)
    for verb in VERBS
    for name in (SCORED if verb in ("score", "grade") else FLAT if verb in ("decide", "classify") else ON_THE_WAY)
]


@pytest.mark.parametrize(("verb", "slip"), WAYS, ids=[f"{verb}: {name}" for verb, name in WAYS])
def test_nothing_is_dropped_unsaid(verb: str, slip: str) -> None:
    """Eight drawn examples each: a slip that is listed is listed under every book."""
    tried = 0
    for seed in range(60):
        random = Random(f"{verb} {slip} {seed}")
        one = example(random, verb)
        found = next((each for each in slips(Chance(random), one) if each.name == slip), None)
        if found is None:
            continue
        tried += 1
        broken = unsaid(one, found)
        if broken is not None:
            pytest.fail(f"{broken}\n\n{one}", pytrace=False)
        if tried == 8:
            break


@pytest.mark.parametrize("verb", ["clocks", "outcomes"])
@QUICK
@given(random=st.randoms(use_true_random=True))
def test_rows_within_a_case_are_read_as_rows_beside_it(verb: str, random: Random) -> None:
    one = example(random, verb)
    broken = _apart(one)
    if broken is not None:
        pytest.fail(f"{broken}\n\n{one}", pytrace=False)


def _apart(one: Example) -> Violation | None:
    rules = loaded(one.book.tree)
    try:
        beside: Answer = ask(one.book, rules, one.rows, one.now)
    except GovServiceError:
        return None
    own = {
        table: [{name: value for name, value in row.items() if name != "case"} for row in rows]
        for table, rows in one.rows.items()
        if table != "cases"
    }
    within = {"cases": [{**one.rows["cases"][0], **own}]}
    other = ask(one.book, rules, within, one.now)
    differing = next((key for key in beside if beside[key] != other.get(key)), None)
    return None if differing is None else Violation("read apart", differing, f"beside {beside[differing]}, within {other.get(differing)}")


__all__ = ["Slip"]
