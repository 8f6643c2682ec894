"""Decimals reckon exactly and say the same whatever the program around has set for its own."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import TimeLimit, deadline
from govservice.clockwork.reading import ClockReading
from govservice.decimals import half_even, half_up, shortest, total, without_zeros
from govservice.reading.formats import pattern_of, read_when_in
from govservice.run import run

from .precision import CONTEXTS, STRICTEST

SAMPLE = files("govservice") / "samples" / "kunshan"
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1E+40"), max_value=Decimal("1E+40"), places=9)


@given(number=NUMBERS, context=CONTEXTS)
def test_a_number_written_is_that_number_without_zeros_at_its_end(number: Decimal, context: Context) -> None:
    with localcontext(context):
        text = shortest(number)
        assert Fraction(text) == Fraction(number)
        assert without_zeros(number) == number
    assert not ("." in text and text.endswith(("0", ".")))
    assert "E" not in text


@given(numbers=st.lists(NUMBERS), context=CONTEXTS)
def test_a_total_is_exact(numbers: list[Decimal], context: Context) -> None:
    with localcontext(context):
        whole = total(numbers)
    assert Fraction(whole) == sum(map(Fraction, numbers), Fraction(0))


@given(number=NUMBERS, digits=st.integers(0, 8), context=CONTEXTS)
def test_a_number_is_rounded_to_the_nearest(number: Decimal, digits: int, context: Context) -> None:
    with localcontext(context):
        up, even = half_up(number, digits), half_even(number, digits)
    wide = Context(prec=80)
    assert even == wide.quantize(number, Decimal((0, (1,), -digits)))
    wide.rounding = ROUND_HALF_UP
    assert up == wide.quantize(number, Decimal((0, (1,), -digits)))


@pytest.mark.parametrize("hours", ["0.1", "2.75", "7.123456", "1234.5"])
def test_an_hour_limit_ends_at_the_same_moment(hours: str) -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    expected = deadline(TimeLimit(hours, "hour"), start).due
    with localcontext(STRICTEST):
        assert deadline(TimeLimit(hours, "hour"), start).due == expected


def test_one_and_a_half_years_are_eighteen_months() -> None:
    with localcontext(STRICTEST):
        assert TimeLimit.parse("十一年半") == TimeLimit(138, "month")


@pytest.mark.parametrize(("form", "cell"), [("epoch_ms", "1772413200123"), ("epoch_s", "1772413200.5"), ("excel", "46083.123456")])
def test_a_counted_moment_is_read_to_the_same_instant(form: str, cell: str) -> None:
    notation = pattern_of(form)
    expected = read_when_in(cell, notation)
    with localcontext(STRICTEST):
        assert read_when_in(cell, notation) == expected


def test_a_run_of_the_sample_says_the_same() -> None:
    expected = run("kunshan", Path(str(SAMPLE)), now="2026-03-02").summary()
    with localcontext(STRICTEST):
        assert run("kunshan", Path(str(SAMPLE)), now="2026-03-02").summary() == expected


@pytest.mark.parametrize("left", [10**26, Decimal("1E+40"), Decimal("1234567890123456789012345678.125")])
def test_a_long_number_is_shown_as_it_is(left: int | Decimal) -> None:
    reading = ClockReading("promised", None, "", applies=True, left=left)
    digits = shortest(half_even(Decimal(left), 2))
    for context in (Context(prec=28), STRICTEST):
        with localcontext(context):
            assert digits in reading._repr_html_()
