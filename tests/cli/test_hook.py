"""The hook that other repositories run before a commit: what it is called on, and what it says of a good book and a bad one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
BOOK = """
rulebook: {id}
conventions: {{first_day: excluded, roll: forward}}
tables: {{application: {{days: {{type: integer, label: 天数, min: 0}}}}}}
decisions:
  answer: {{about: application, hit: first, rules: [{{id: few, when: days < 5, then: x}}, {{id: many, when: days {more}, then: y}}]}}
"""


def run(folder: Path, *files: str) -> subprocess.CompletedProcess[str]:
    """The hook's own command as it is called, by the interpreter of these tests."""
    command, *given = shlex.split(HOOK["entry"])
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert command in scripts
    words = [sys.executable, "-m", "govservice", *given, *HOOK["args"], *files]
    where = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    return subprocess.run(words, cwd=folder, env=where, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rulebooks").mkdir()
    for id, more in (("good", ">= 5"), ("gap", "> 5"), ("broken", "> fve")):
        (tmp_path / "rulebooks" / f"{id}.yaml").write_text(BOOK.format(id=id, more=more), encoding="utf-8")
    return tmp_path


def test_a_good_book_passes(folder: Path) -> None:
    done = run(folder, "rulebooks/good.yaml")
    assert done.returncode == 0, done.stderr
    assert "good: no faults" in done.stdout


def test_a_book_with_a_gap_or_a_fault_fails_with_its_line(folder: Path) -> None:
    done = run(folder, "rulebooks/good.yaml", "rulebooks/gap.yaml")
    assert done.returncode == 1
    assert "gap.yaml:6: warning: decisions.answer: no rule fits: days 5 (gap)" in done.stdout
    broken = run(folder, "rulebooks/broken.yaml")
    assert broken.returncode == 1
    assert "broken.yaml:6: " in broken.stderr
    assert "fve" in broken.stderr


def test_it_is_called_on_rulebooks_alone() -> None:
    called = re.compile(HOOK["files"])
    assert all(called.search(path) for path in ("rulebooks/kunshan.yaml", "centre/rulebooks/a.yml"))
    assert not any(
        called.search(path) for path in ("mkdocs.yml", ".pre-commit-config.yaml", "rulebooks/tests/fees.yaml", "rulebooks/a.yaml.bak")
    )


def test_it_is_what_the_pages_say() -> None:
    for page in ("checking.md", "zh/findings.md"):
        assert f"id: {HOOK['id']}" in (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert (HOOK["language"], HOOK["types"]) == ("python", ["yaml"])
