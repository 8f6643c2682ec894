"""The public names: there on first use, and nothing heavy loaded before."""

import subprocess
import sys

import pytest

import govservice

HEAVY = ("holidays", "numpy", "polars", "pandas", "business_rules", "pydantic", "yaml", "icalendar", "hypothesis", "rich")


def in_a_new_python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_package_loads_nothing_heavy() -> None:
    loaded = in_a_new_python(f"import sys, govservice; print(*[name for name in {HEAVY!r} if name in sys.modules])")
    assert loaded == ""


@pytest.mark.parametrize("first", ["import govservice.classify", "from govservice.classify import classify", "import govservice.cli"])
def test_a_verb_is_a_verb_even_where_its_module_was_imported_first(first: str) -> None:
    assert in_a_new_python(f"{first}; from govservice import classify; print(callable(classify))") == "True"


def test_every_public_name_is_there_and_dir_lists_them() -> None:
    assert dir(govservice) == sorted(govservice.__all__)
    for name in govservice.__all__:
        assert getattr(govservice, name) is not None


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'klassify'"):
        _ = govservice.klassify
