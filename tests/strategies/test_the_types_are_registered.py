"""`st.from_type` draws our types, wherever the package is installed: hypothesis finds the entry point by itself."""

import subprocess
import sys
from importlib.metadata import entry_points

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import OfficeHours, TimeLimit, WorkCalendar
from govservice._hypothesis import register, register_models
from govservice.models import Application, Case, Item

INSTALLED = any(entry.value.startswith("govservice.") for entry in entry_points(group="hypothesis"))
HEAVY = ("pydantic", "holidays", "yaml", "govservice.strategies", "govservice.rules", "numpy")


def in_a_new_python(code: str) -> str:
    return subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.skipif(not INSTALLED, reason="the package was installed without its hypothesis entry point")
def test_importing_hypothesis_is_enough() -> None:
    code = (
        "from hypothesis import find, strategies as st; from govservice import TimeLimit\n"
        "print(find(st.from_type(TimeLimit), lambda one: one.value == 5))"
    )
    assert in_a_new_python(code) == "5个工作日"


@pytest.mark.skipif(not INSTALLED, reason="the package was installed without its hypothesis entry point")
def test_the_hook_loads_nothing_heavy() -> None:
    assert in_a_new_python(f"import sys, hypothesis; print(*[name for name in {HEAVY!r} if name in sys.modules])") == ""


def test_the_hook_itself_loads_nothing_heavy() -> None:
    code = (
        f"import sys; from govservice._hypothesis import register; register(); print(*[name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert in_a_new_python(code) == ""


def test_models_are_registered_where_they_are_loaded_first() -> None:
    code = (
        "from govservice.models import Case; from govservice._hypothesis import register; register()\n"
        "from hypothesis import find, strategies as st; print(find(st.from_type(Case), lambda one: one.closed_on).case)"
    )
    assert in_a_new_python(code) == "case-1"


@pytest.mark.skipif(not INSTALLED, reason="the package was installed without its hypothesis entry point")
def test_models_are_registered_where_hypothesis_was_loaded_first() -> None:
    code = (
        "from hypothesis import find, strategies as st; from govservice.models import Case\n"
        "print(find(st.from_type(Case), lambda one: one.closed_on).case)"
    )
    assert in_a_new_python(code) == "case-1"


@given(st.data(), st.sampled_from([TimeLimit, WorkCalendar, OfficeHours, Application, Item, Case]))
def test_each_registered_type_is_drawn(data: st.DataObject, kind: type) -> None:
    register()
    register_models()
    assert isinstance(data.draw(st.from_type(kind)), kind)
