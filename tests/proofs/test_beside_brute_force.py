"""What is proved of small drawn books is what every record of their facts shows. `tools/proofs.py` draws as many as one likes."""

from __future__ import annotations

import pytest

from .by_force import check_seed, compare_seed, contrast_seed, unclear_share


@pytest.mark.parametrize("first", range(0, 2000, 250))
def test_gaps_overlaps_and_rules_that_fire_are_those_of_every_record(first: int) -> None:
    assert [wrong for seed in range(first, first + 250) if (wrong := check_seed(seed)) is not None] == []


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_two_books_are_equal_where_no_record_tells_them_apart_and_every_witness_does(first: int) -> None:
    assert [wrong for seed in range(first, first + 50) if (wrong := compare_seed(seed)) is not None] == []


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_the_smallest_changes_are_those_of_every_record(first: int) -> None:
    assert [wrong for seed in range(first, first + 100) if (wrong := contrast_seed(seed)) is not None] == []


@pytest.mark.parametrize("seed", [2485, 3273])
def test_a_change_after_which_a_decision_that_is_used_contradicts_itself_hides_none_of_more_facts(seed: int) -> None:
    assert contrast_seed(seed) is None


def test_little_is_left_unclear() -> None:
    assert unclear_share(range(200)) < 0.2
