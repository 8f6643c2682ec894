"""The notebooks run as they are, without a warning; the one for Jupyter has the same cells as its original, and runs too."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
IPYNB = ROOT / "notebooks" / "one_third_cut.ipynb"
AROUND = {**os.environ, "PYTHONPATH": str(ROOT)}


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("as_ipynb", ROOT / "tools" / "as_ipynb.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_notebooks_are_there() -> None:
    names = {file.stem for file in NOTEBOOKS}
    assert names == {"boston_deadlines", "first_tour", "one_third_cut", "testing_your_rules", "tuning_a_scheme"}


@pytest.mark.parametrize("file", NOTEBOOKS, ids=[file.stem for file in NOTEBOOKS])
def test_a_notebook_runs_as_a_script(file: Path, tmp_path: Path) -> None:
    pytest.importorskip("marimo")
    pytest.importorskip("altair")
    environment = {**AROUND, "PYTHONWARNINGS": "error::DeprecationWarning:govservice"}
    done = subprocess.run(
        [sys.executable, str(file)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_bostons_rule_gives_every_deadline_that_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("marimo")
    monkeypatch.delenv("BOSTON_311", raising=False)
    spec = importlib.util.spec_from_file_location("boston_deadlines", ROOT / "notebooks" / "boston_deadlines.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _, defined = module.app.run()
    again = defined["again"]
    assert again["worked out again"].to_list() == again["requests"].to_list()  # to the minute


def test_the_notebook_for_jupyter_is_made_of_its_original() -> None:
    nbformat = pytest.importorskip("nbformat")
    kept = nbformat.read(IPYNB, as_version=4)
    made = tool().notebook((ROOT / "notebooks" / "one_third_cut.py").read_text(encoding="utf-8"))
    assert [(cell.cell_type, cell.source) for cell in kept.cells] == [(cell.cell_type, cell.source) for cell in made.cells]
    assert [cell.get("outputs", []) for cell in kept.cells if cell.get("outputs")] == []  # none that may be stale


def test_the_notebook_for_jupyter_runs_and_shows_what_it_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    book = nbformat.read(IPYNB, as_version=4)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    shown = [output for cell in book.cells for output in cell.get("outputs", [])]
    assert not [output for output in shown if output.output_type == "error"]
    assert any("规则改动影响测算" in str(output.get("data", {}).get("text/html", "")) for output in shown)
