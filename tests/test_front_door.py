"""The public names: there on first use, and nothing heavy loaded before."""

import subprocess
import sys
from datetime import date

import pytest

import govservice
from govservice.errors import DecisionError
from govservice.run import run

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


@pytest.mark.parametrize("day", ["2026-03-02", "２０２６年３月２日"])
def test_a_day_may_be_a_text_at_every_door(day: str) -> None:
    case = {"case": "C1", "window": "W1", "received_on": "2026-03-02", "accepted_on": "2026-03-02", "promised_limit": "5个工作日"}
    cases = {"cases": [case]}

    def asked(on: object) -> list[object]:
        return [
            govservice.load_rulebook("kunshan").decide("green_channel", {"key_project": True}, on=on, as_of=on),
            govservice.classify(case, "kunshan", on=on, as_of=on),
            govservice.clocks(case, "kunshan", on=on, now=on),
            govservice.due(case, "kunshan", now=on),
            govservice.deadline("5个工作日", on),
            govservice.score("kunshan", "window_month", cases, period="2026-03", now=on),
            govservice.measure("kunshan", "completion_percent", cases, subject="W1", period="2026-03", now=on),
            govservice.grade("kunshan", "month_bonus", {"events": []}, period=(on, on), now=on),
            run("kunshan", cases, on=on, now=on, accepted_on=on).cases,
        ]

    assert asked(day) == asked(date(2026, 3, 2))


def test_a_text_that_is_no_day_is_told_by_the_name_of_its_argument() -> None:
    with pytest.raises(DecisionError, match="on= takes a date, not 'soon'"):
        govservice.classify({}, "kunshan", on="soon")
    with pytest.raises(DecisionError, match="now= takes a date or a moment, not '9999-12-31 24:00'"):
        govservice.score("kunshan", "window_month", {}, period="2026-03", now="9999-12-31 24:00")
