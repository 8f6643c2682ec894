"""Decimal contexts that a program around may have set for its own reckoning."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    DivisionByZero,
    FloatOperation,
    Inexact,
    InvalidOperation,
    Rounded,
)

from hypothesis import strategies as st

ROUNDINGS = (ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP)
TRAPS = ([InvalidOperation, DivisionByZero], [], [Inexact, Rounded, FloatOperation, InvalidOperation])
CONTEXTS = st.builds(Context, prec=st.integers(1, 6), rounding=st.sampled_from(ROUNDINGS), traps=st.sampled_from(TRAPS))
STRICTEST = Context(prec=1, rounding=ROUND_UP, traps=TRAPS[-1])
