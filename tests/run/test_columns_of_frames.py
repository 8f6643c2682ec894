"""A column of a frame by numbers says what the frame says, each value once; and rows are told apart by columns, no more and no less."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pl = pytest.importorskip("polars")
np = pytest.importorskip("numpy")

from govservice.run.columns import coded as coding  # noqa: E402
from govservice.run.columns.cases import _of_series  # noqa: E402
from govservice.run.columns.coded import Coded, Tellers, renumbered, together  # noqa: E402

CELLS: dict[Any, st.SearchStrategy[Any]] = {
    pl.Boolean: st.booleans(),
    pl.Int8: st.integers(-128, 127),
    pl.UInt8: st.integers(0, 255),
    pl.Int64: st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3) | st.integers(10**6, 10**6 + 3),
    pl.UInt64: st.integers(0, 2**64 - 1) | st.integers(0, 3),
    pl.Date: st.dates() | st.dates(date(2025, 1, 1), date(2025, 1, 9)),
    pl.String: st.text(max_size=2),
    pl.Null: st.none(),
}


@st.composite
def series(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(list(CELLS)))
    return pl.Series(draw(st.lists(st.none() | CELLS[kind], max_size=12)), dtype=kind)


@given(series())
def test_a_column_by_numbers_says_what_the_frame_says(given: Any) -> None:
    column = _of_series(given)
    said = [column.values[code] for code in column.codes.tolist()]
    assert said == given.to_list()
    assert [type(value) for value in said] == [type(value) for value in given.to_list()]
    there = [value for value in column.values if value is not None]
    assert column.values[0] is None
    assert len(set(there)) == len(there)
    assert set(there) == {value for value in given.to_list() if value is not None}


NUMBERS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 900), st.integers(0, 1)), min_size=1, max_size=30)


@given(NUMBERS, st.sampled_from([1, 8, 10**6]), st.booleans())
def test_rows_of_one_kind_are_those_that_are_alike_in_every_column(rows: list[tuple[int, ...]], small: int, held: bool) -> None:
    before = coding._SMALL, coding._LARGE, coding._HARDLY
    coding._SMALL, coding._LARGE, coding._HARDLY = small, 4 * small, 0
    try:
        columns = [Coded(np.array(part), range(1 + max(part))) for part in zip(*rows, strict=True)]
        tellers = Tellers(len(rows))
        if held:
            tellers.hold(columns)
        for told in (tellers.by(columns), tellers.just_by(columns)):
            apart = told.of_rows.tolist()
            assert all((apart[one] == apart[other]) == (rows[one] == rows[other]) for one in range(len(rows)) for other in range(one))
        alone = tellers.just_by(columns[:1]).of_rows.tolist()
        assert all(alone[one] != alone[other] or rows[one][0] == rows[other][0] for one in range(len(rows)) for other in range(one))
        number, many = together([(np.array(part), 1 + max(part)) for part in zip(*rows, strict=True)], len(rows))
        assert many == len(set(rows)) == len(set(number.tolist()))
        assert number.max() == many - 1
    finally:
        coding._SMALL, coding._LARGE, coding._HARDLY = before


@given(st.lists(st.integers(0, 40), min_size=1), st.sampled_from([0, 10**6]))
def test_numbers_without_gaps_keep_their_order(numbers: list[int], small: int) -> None:
    before = coding._SMALL, coding._DENSE, coding._LARGE
    coding._SMALL, coding._DENSE, coding._LARGE = small, 0, 0
    try:
        found, many = renumbered(np.array(numbers), 41)
    finally:
        coding._SMALL, coding._DENSE, coding._LARGE = before
    assert many == len(set(numbers))
    assert found.tolist() == [sorted(set(numbers)).index(number) for number in numbers]
