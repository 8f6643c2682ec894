"""How a law is asserted: a failing example is cut down, and shown so that it can be pasted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings

from .laws import Example, Violation
from .reducing import smaller

Law = Callable[[Example], Violation | None]
QUICK = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,  # the suite says the same each time; tools/laws.py looks further
    database=None,
    report_multiple_bugs=False,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
_SHOWN: dict[str, str] = {}


def hold(one: Example, law: Law) -> None:
    """Fail where the example breaks the law."""
    found = law(one)
    if found is not None:
        key = f"{one}{found.law}"  # hypothesis asks again
        if key not in _SHOWN:
            least, still = smaller(one, found, tries=120, law=law)
            _SHOWN[key] = f"{still}\n\n{least}"
        pytest.fail(_SHOWN[key], pytrace=False)
