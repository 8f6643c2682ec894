"""`govservice verify` and `govservice freeze`, as one types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from govservice import classify, deadline, load_rulebook, what_if
from govservice.audit import recorded
from govservice.cli import main
from govservice.sample import centre_year


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return recorded(classify, {"recognised_urgent": True}, "kunshan", on="2026-11-20").answer.write(tmp_path / "a.json")


def test_answers_that_are_the_same_end_with_0(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = recorded(deadline, "5个工作日", "2026-04-29").answer.write(tmp_path / "b.json")
    assert main(["verify", str(kept), str(other), "--lang", "en"]) == 0
    assert capsys.readouterr().out == f"{kept}: classify: the same answer\n{other}: deadline: the same answer\n2 of 2 the same\n"


def test_another_answer_is_told_with_its_reason_and_ends_with_1(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("amends: kunshan\ndecisions: {case_type: {rules: [{id: urgent, when: 'false', then: urgent}]}}\n", encoding="utf-8")
    assert main(["verify", str(kept), "--rulebook", str(file), "--lang", "zh"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{kept}: 办件分类：现在的答复不同"
    assert said[1] == "  case_type: 原为 'urgent'，现为 None"
    assert said[-1].endswith("有变化的条目：decisions.case_type")


def test_one_that_cannot_be_looked_at_does_not_stop_the_others(kept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path / "nowhere.json"), str(kept), "--format", "json", "--lang", "en"]) == 1
    first, second = json.loads(capsys.readouterr().out)
    assert "no such file" in first["fault"].lower()
    assert (second["same"], second["intact"]) == (True, True)


def test_a_file_that_was_changed_ends_with_1_even_where_the_answer_is_the_same(kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept.write_text(kept.read_text(encoding="utf-8").replace('"version": "', '"version": "9.'), encoding="utf-8")
    assert main(["verify", str(kept), "--lang", "en"]) == 1
    assert "the file is not as it was sealed" in capsys.readouterr().out


def test_a_book_is_frozen_with_its_settings_and_asked_years_later(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "k.frozen.json"
    assert main(["freeze", "kunshan", "--set", "few_attachments=2", "--out", str(file), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith(f"{file}: kunshan, digest {load_rulebook(file).digest}")
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    answer = recorded(book.decide, "case_type", {"attachments_missing": 1}, on="2026-11-20").answer.write(tmp_path / "a.json")
    assert main(["verify", str(answer), "--rulebook", str(file)]) == 0
    assert main(["freeze", "kunshan", "--out", str(file), "--lang", "zh"]) == 1
    assert "文件已存在" in capsys.readouterr().err


def test_a_comparison_is_verified_with_both_its_books(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = load_rulebook("kunshan")
    after = book.amend({"decisions.green_channel.rules.domestic.when": 'project_kind == "enterprise" and capital_cny >= 1000000'})
    kept = recorded(what_if, book, after, centre_year(cases=300), period="2025-01").answer.write(tmp_path / "w.json")
    frozen = after.freeze(tmp_path / "after.frozen.json")
    assert main(["verify", str(kept), "--after", str(frozen)]) == 0
    assert main(["verify", str(kept), "--lang", "en"]) == 1
    assert "entries that differ: decisions.green_channel" in capsys.readouterr().out
