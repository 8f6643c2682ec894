"""`check` prints what it finds, as text and for programs; `diff` prints what changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govservice.cli import main

BOOK = """
rulebook: b
conventions: {first_day: excluded, roll: forward}
tables: {application: {days: {type: integer, label: 天数, min: 0}}}
decisions:
  answer: {about: application, hit: first, rules: [{id: few, when: days < 5, then: x}, {id: many, when: days > %d, then: y}]}
"""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, limit in (("old", 5), ("new", 4)):
        Path(f"{name}.yaml").write_text(BOOK % limit, encoding="utf-8")


@pytest.mark.usefixtures("books")
def test_findings_have_their_place_and_strict_ends_with_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "old.yaml", "--lang", "zh"]) == 0
    assert "  old.yaml:6: 警告: decisions.answer: 没有规则管到：天数 5 (gap)\n" in capsys.readouterr().out
    assert main(["check", "old.yaml", "--strict"]) == 1
    assert main(["check", "new.yaml", "--strict"]) == 0
    capsys.readouterr()
    main(["check", "old.yaml", "--format", "github", "--lang", "en"])
    assert capsys.readouterr().out == "::warning file=old.yaml,line=6,title=gap::decisions.answer: no rule fits: days 5\n"
    main(["check", "old.yaml", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["findings"][0]["kind"] == "gap"


@pytest.mark.usefixtures("books")
def test_diff_prints_each_change_with_its_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "old.yaml", "new.yaml", "--lang", "zh"]) == 0
    assert "1. 有变 answer：无结果 改为 y：天数 5〔many〕\n" in capsys.readouterr().out
    assert main(["diff", "old.yaml", "new.yaml", "--markdown", "--strict", "--lang", "en"]) == 1
    assert "| answer | different | no outcome | y | answer: no outcome -> y: days 5 | many |\n" in capsys.readouterr().out
    assert main(["diff", "old.yaml", "old.yaml", "--strict", "--lang", "zh"]) == 0
    assert "已经证明" in capsys.readouterr().out
