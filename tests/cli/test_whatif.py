"""`govservice whatif`: what changes, in a few lines and as a page, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from govservice.cli import main
from govservice.sample import centre_year

SMALL = Path(__file__).parent.parent / "whatif" / "small.yaml"


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    after = tmp_path / "after.yaml"
    after.write_text(SMALL.read_text(encoding="utf-8").replace("limit: promised_limit", "limit: promised_limit * 2 / 3"), encoding="utf-8")
    centre_year(cases=200, seed=4).write(tmp_path / "records")
    return ["whatif", "--before", str(SMALL), "--after", str(after), "--records", str(tmp_path / "records"), "--period", "2025-05"]


def test_it_says_what_changes_and_writes_the_page(asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "report.html"
    assert main([*asked, "--out", str(page), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "变动的到期日" in out
    assert "应办结日" in out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main([*asked, "--out", str(page), "--lang", "zh"]) == 1
    assert "文件已存在" in capsys.readouterr().err
    assert main([*asked, "--out", str(page), "--force", "--lang", "en"]) == 0
    assert "due days moved" in capsys.readouterr().out


def test_a_book_with_faults_is_refused(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*asked[:4], "no-such-book", *asked[5:]]) == 1
    assert "no-such-book" in capsys.readouterr().err


def test_a_reform_is_a_small_file_beside_the_book(asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reform = tmp_path / "reform.yaml"
    reform.write_text("reform: 时限缩短三分之一\nchanges: {clocks.promised.limit: promised_limit * 2 / 3}\n", encoding="utf-8")
    assert main(asked) == 0
    written_out = capsys.readouterr().out
    assert main([*asked[:4], str(reform), *asked[5:]]) == 0
    assert capsys.readouterr().out == written_out


def test_a_reform_whose_path_leads_nowhere_is_refused(asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reform = tmp_path / "reform.yaml"
    reform.write_text("changes: {clocks.promisd.limit: 5 工作日}\n", encoding="utf-8")
    assert main([*asked[:4], str(reform), *asked[5:], "--lang", "en"]) == 1
    assert "promised" in capsys.readouterr().err
