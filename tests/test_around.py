"""What the program around has set for itself changes no answer, to the last byte: each setting is made in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_ASKED = Path(__file__).with_name("asked_around.py")

# by what is set: flags of Python, what is in its environment, and what the program does before it asks
AROUND: dict[str, tuple[tuple[str, ...], dict[str, str], str]] = {
    "another time zone": ((), {"TZ": "America/New_York"}, ""),
    "a time zone set later": ((), {}, "import time; os.environ['TZ'] = 'Pacific/Kiritimati'; time.tzset()"),
    "no locale": ((), {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, ""),
    "encodings said everywhere": (("-X", "warn_default_encoding", "-W", "error"), {"PYTHONUTF8": "0"}, ""),
    "bytes and texts apart": (("-bb", "-W", "error"), {}, ""),
    "one order of sets": ((), {"PYTHONHASHSEED": "1"}, ""),
    "another order of sets": ((), {"PYTHONHASHSEED": "4711"}, ""),
    "no docstrings": (("-OO",), {}, ""),
    "short ints": ((), {"PYTHONINTMAXSTRDIGITS": "640"}, ""),
    "ints of any length": ((), {}, "sys.set_int_max_str_digits(0)"),
    "short fields of CSV": ((), {}, "import csv; csv.field_size_limit(2)"),
    "another CSV": ((), {}, "import csv; csv.register_dialect('excel', delimiter=';', quotechar='1')"),
    "other decimals": ((), {}, "decimal.setcontext(decimal.Context(1, decimal.ROUND_UP, -1, 1, 0, 1, [], [decimal.Inexact]))"),
    "another default of decimals": ((), {}, "default = decimal.DefaultContext; default.capitals, default.prec, default.Emax = 0, 2, 3"),
    "no folder to stand in": ((), {}, "os.chdir(gone := tempfile.mkdtemp()); os.rmdir(gone)"),
    "no home": ((), {"HOME": "/nowhere"}, ""),
    "no output": ((), {}, "sys.stdout = sys.stderr = None"),
    "no collector": ((), {}, "import gc; gc.disable()"),
    "few levels": ((), {}, "sys.setrecursionlimit(400)"),
    "weeks from Sunday": ((), {}, "import calendar; calendar.setfirstweekday(6)"),
    "short forms": ((), {}, "import reprlib; reprlib.aRepr.maxstring = reprlib.aRepr.maxother = 5"),
    "files for oneself": ((), {}, "os.umask(0o077)"),
}  # fmt: skip


@cache
def answers(name: str = "") -> bytes:
    flags, environment, before = AROUND.get(name, ((), {}, ""))
    plain = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    asked = subprocess.run(
        [sys.executable, *flags, str(_ASKED), before],
        env=plain | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"} | environment,
        capture_output=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr.decode(errors="replace")
    return asked.stdout


@pytest.mark.parametrize("name", AROUND)
def test_answers_are_the_same_to_the_last_byte(name: str) -> None:
    assert answers(name).decode().splitlines() == answers().decode().splitlines()


DEEP = """
import decimal
from datetime import date
from pathlib import Path

from govservice import GovServiceError, classify, load_rulebook
from govservice.errors import DecisionError
from govservice.records.otherfiles import jsonl_rows

def within(levels, ask):
    return ask() if levels == 0 else within(levels - 1, ask)

def told(levels, ask):
    try:
        return within(levels, ask)
    except DecisionError as error:
        return str(error)
    except RecursionError:  # too little is left to say so
        return SAID

SAID = "too little is left of Python's stack; call it from fewer functions within one another"
book = load_rulebook("township")
questions = [
    lambda: load_rulebook("township", settings={}).digest,
    lambda: book.amend({"title": "x"}).digest,
    lambda: classify({}, "kunshan", on=date(2026, 11, 20)).to_json(),
    lambda: [row.fault for row in jsonl_rows(Path(sys.argv[2]), "utf-8")],
]
for ask in questions:
    expected = ask()
    found = [told(levels, ask) for levels in range(700, 990, 4)]
    assert set(map(str, found)) == {str(expected), SAID}, {str(one)[:200] for one in found}
"""


def test_a_caller_deep_within_itself_gets_the_answer_or_is_told_so(tmp_path: Path) -> None:
    rows = tmp_path / "cases.jsonl"
    rows.write_text('{"case": "C1", "materials": [["a"]]}\n', encoding="utf-8")
    asked = subprocess.run(
        [sys.executable, "-c", "import sys; exec(sys.argv[1])", DEEP, str(rows)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        text=True,
    )
    assert asked.returncode == 0, asked.stderr
