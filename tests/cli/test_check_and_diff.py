"""`check` prints what it finds, as text and for programs; `diff` prints what changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from govservice.cli import main
from govservice.rules.proofs.findings import KINDS

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
    assert "  old.yaml:6: 警告: decisions.answer: 没有规则管到：天数 5〔没有规则管到（gap）〕\n" in capsys.readouterr().out
    assert main(["check", "old.yaml", "--strict"]) == 1
    assert main(["check", "new.yaml", "--strict"]) == 0
    capsys.readouterr()
    main(["check", "old.yaml", "--format", "github", "--lang", "en"])
    assert capsys.readouterr().out == "::warning file=old.yaml,line=6,title=gap::decisions.answer: no rule fits: days 5\n"
    main(["check", "old.yaml", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["findings"][0]["kind"] == "gap"


@pytest.mark.usefixtures("books")
def test_every_finding_names_its_kind_and_in_json_the_page_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "kunshan", "--notes", "--lang", "en"])
    lines = [line for line in capsys.readouterr().out.splitlines() if re.search(r": (error|warning|note): ", line)]
    assert len(lines) > 50
    assert [line for line in lines if not re.search(rf"\(({'|'.join(KINDS)})\)$", line)] == []
    main(["check", "kunshan", "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {finding["page"] for finding in findings} == {f"findings.md#{finding['kind']}" for finding in findings}
    assert [finding["gravity"] for finding in findings] == [KINDS[finding["kind"]][0] for finding in findings]


@pytest.mark.usefixtures("books")
def test_what_a_book_accepts_is_told_apart_and_fails_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("meant.yaml").write_text(f"{BOOK % 5}accepted: [{{kind: gap, entry: decisions.answer, because: 原文如此}}]\n", encoding="utf-8")
    assert main(["check", "meant.yaml", "--strict", "--lang", "zh"]) == 0
    assert "  册里已认可 1 条（--notes 列出）\n" in capsys.readouterr().out
    main(["check", "meant.yaml", "--notes", "--lang", "zh"])
    assert "没有规则管到：天数 5〔没有规则管到（gap）〕: 已认可: 原文如此\n" in capsys.readouterr().out
    main(["check", "meant.yaml", "--format", "json"])
    read = json.loads(capsys.readouterr().out)
    assert [finding["accepted"] for finding in read["accepted"]] == ["原文如此"]
    assert read["findings"] == []


@pytest.mark.usefixtures("books")
def test_an_acceptance_that_holds_of_nothing_is_a_finding_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    accepted = (
        "accepted:\n  - {kind: gap, entry: decisions.answer, because: 原文如此}\n  - {kind: gaap, entry: decisions.answer, because: 同上}\n"
    )
    Path("idle.yaml").write_text(f"{BOOK % 4}{accepted}", encoding="utf-8")
    assert main(["check", "idle.yaml", "--strict", "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "idle.yaml:8: warning: accepted.1: it accepts gap of decisions.answer, and nothing of that is found; take it out" in said
    assert (
        "idle.yaml:9: warning: accepted.2: it accepts gaap of decisions.answer, and nothing of that is found; the kinds are overlap, "
        in said
    )


@pytest.mark.usefixtures("books")
def test_what_is_accepted_holds_of_the_book_alone(capsys: pytest.CaptureFixture[str]) -> None:
    Path("below.yaml").write_text(f"{BOOK % 5}accepted: [{{kind: gap, entry: decisions.answer, because: 原文如此}}]\n", encoding="utf-8")
    Path("above.yaml").write_text(
        "rulebook: above\nextends: [below.yaml]\nconventions: {first_day: excluded, roll: forward}\n", encoding="utf-8"
    )
    main(["check", "above.yaml", "--inherited", "--lang", "zh"])
    assert "没有规则管到：天数 5〔没有规则管到（gap）〕\n" in capsys.readouterr().out


@pytest.mark.usefixtures("books")
def test_diff_prints_each_change_with_its_record(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "old.yaml", "new.yaml", "--lang", "zh"]) == 0
    assert "1. 有变 answer：无结果 改为 y：天数 5〔many〕\n" in capsys.readouterr().out
    assert main(["diff", "old.yaml", "new.yaml", "--markdown", "--strict", "--lang", "en"]) == 1
    assert "| answer | different | no outcome | y | answer: no outcome -> y: days 5 | many |\n" in capsys.readouterr().out
    assert main(["diff", "old.yaml", "old.yaml", "--strict", "--lang", "zh"]) == 0
    assert "已经证明" in capsys.readouterr().out
