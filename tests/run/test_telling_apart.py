"""Rows told apart by columns: kinds that were found among other kinds are those that are found row by row."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("numpy")

import numpy as np

from govservice.run.columns.coded import Coded, Interned, Tellers, combined, count_of

VALUES = (None, "a", "b", "c")


@st.composite
def columns(draw: st.DrawFn) -> list[Any]:
    size = draw(st.integers(0, 12))
    cells = st.lists(st.integers(0, 3), min_size=size, max_size=size)
    return draw(st.lists(cells, min_size=1, max_size=4))


def tell(given: list[Any], *, held: int) -> tuple[Tellers, list[Coded]]:
    """A table of these columns, the first of them held, and columns that are worked out of two of them each, again and again."""
    tellers = Tellers(len(given[0]))
    known = [Coded(np.array(cells, dtype=np.int32), VALUES) for cells in given]
    if held:
        tellers.hold(known[:held])
    made = list(known)
    for step in range(6):
        one, other = made[step % len(made)], made[-1 - step // 2 % len(made)]
        made.append(combined(tellers, (one, other), VALUES, lambda a, b, step=step: (a * (step + 1) + b) % len(VALUES)))
    return tellers, made


@given(columns(), st.integers(1, 4))
def test_kinds_among_kinds_are_those_of_the_rows(given: list[Any], held: int) -> None:
    _, plain = tell(given, held=0)
    tellers, made = tell(given, held=held)
    if len(given[0]) < 4:
        assert not tellers._held or tellers._held[0].size * 2 <= len(given[0])
    for one, other in zip(plain, made, strict=True):
        assert one.codes.tolist() == other.codes.tolist()
        mask, same = (column.where(lambda value: value in ("a", "c")) for column in (one, other))
        assert count_of(mask) == count_of(same) == sum(code in (1, 3) for code in one.codes.tolist())
    told = tellers.by(made)
    assert told.many.tolist() == np.bincount(told.of_rows, minlength=told.size).tolist()
    for column in made:
        assert told.numbers(column)[told.of_rows].tolist() == column.codes.tolist()
    there = told.first[told.first >= 0]
    assert told.at(there).tolist() == np.flatnonzero(told.first >= 0).tolist()
    assert sorted(set(told.of_rows.tolist())) == np.flatnonzero(told.first >= 0).tolist()


def test_what_is_worked_out_of_columns_that_are_held_is_not_told_apart_row_by_row() -> None:
    rows = [[n % 3 for n in range(60)], [n % 2 for n in range(60)], [n % 4 for n in range(60)]]
    tellers, made = tell(rows, held=2)
    held = tellers._held[0]
    assert held.size == 6
    of_both = [column.told for column in made[3:] if column.told.size > 1 and held.tells(column)]
    other = made[1].mapped(lambda value: (value,), Interned())
    assert all(told is held or told.within is held for told in (*of_both, tellers.by((made[0], other))))
    assert tellers.by((made[0], made[2])).within is None
    assert made[0].codes.tolist() == rows[0]
