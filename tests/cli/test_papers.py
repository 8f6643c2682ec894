"""`govservice papers`: a folder of records becomes pages to print."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from govservice.cli import main

FILES = {
    "window.csv": "窗口编号,窗口名称\nW1,工商局\n",
    "applications.csv": "申请编号,申请人,正式申请,主件,承诺补齐\nA1,张三,是,缺少,否\nA2,李四,是,有而未带,\n",
    "cases.csv": "办件编号,申请,窗口,收件日\nC1,A1,W1,2026-02-13\nC2,A2,W1,2026-02-14\n",
}
ASKED = ["papers", "--rulebook", "kunshan", "--records", "records", "--out", "out", "--lang", "zh"]


@pytest.fixture(autouse=True)
def _records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "records").mkdir()
    for name, text in FILES.items():
        (tmp_path / "records" / name).write_text(text, encoding="utf-8")


def test_each_paper_is_a_page_with_the_windows_name_and_its_number(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code = main([*ASKED, "--kind", "returned_notice", "--issued-on", "2026-02-13", "--serial", "17", "--set", "paper_mark=昆审"])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    assert "退回件通知书" in out
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["returned_notice-C1.html"]
    page = (tmp_path / "out" / "returned_notice-C1.html").read_text(encoding="utf-8")
    assert "行政审批服务中心工商局窗口退回件通知书" in page
    assert "昆审〔2026〕W1-0017号" in page
    assert "张三" in page


def test_what_lacks_something_is_told_and_not_printed_unless_blanks_are_wanted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([*ASKED, "--kind", "supplement_notice"]) == 0
    out, err = capsys.readouterr()
    assert "未打印：办件 C2：补办件通知书缺少必须写明的内容：需补办事项" in out
    assert err == "缺必须写明的内容、没有打印的：1 份；加 --blanks 留空打印\n"
    assert main([*ASKED, "--kind", "supplement_notice", "--strict"]) == 1
    assert list((tmp_path / "out").iterdir()) == []
    assert main([*ASKED, "--kind", "supplement_notice", "--blanks", "--strict"]) == 0
    assert "待填：需补办事项" in (tmp_path / "out" / "supplement_notice-C2.html").read_text(encoding="utf-8")


def test_registers_are_of_a_period(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([*ASKED, "--kind", "returned_register"]) == 1
    assert "请给出期间" in capsys.readouterr().err
    assert main([*ASKED, "--kind", "returned_register", "--about", "W1", "--period", "2026-02"]) == 0
    assert "张三" in (tmp_path / "out" / "returned_register-W1.html").read_text(encoding="utf-8")


def test_a_page_that_is_there_is_not_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [*ASKED, "--kind", "returned_notice"]
    assert [main(asked), main(asked), main([*asked, "--force"])] == [0, 1, 0]
    assert "文件已存在" in capsys.readouterr().err


def test_rows_that_cannot_be_read_and_files_that_nobody_knows_are_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "records" / "windows.csv").write_text("窗口编号\nW1\n", encoding="utf-8")
    (tmp_path / "records" / "cases.csv").write_text("办件编号,申请,窗口,收件日\nC1,A1,W1,二月\n", encoding="utf-8")
    assert main([*ASKED, "--kind", "returned_notice"]) == 0
    err = capsys.readouterr().err
    assert "未读取的文件：windows.csv" in err
    assert "cases.csv:2: C1" in err
    assert main([*ASKED, "--kind", "returned_notice", "--strict"]) == 1


def test_ids_that_are_no_file_names_do_not_leave_the_folder(tmp_path: Path) -> None:
    (tmp_path / "records" / "cases.csv").write_text("办件编号,申请,窗口,收件日\n../../C1,A1,W1,2026-02-13\n", encoding="utf-8")
    assert main([*ASKED, "--kind", "returned_notice"]) == 0
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["returned_notice-.._.._C1.html"]


def test_a_pause_that_cannot_be_read_leaves_the_due_day_open(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "amends: kunshan\nclocks:\n  promised: {pauses: [hearing]}\nconventions: {pause_days: neither}\n", encoding="utf-8"
    )
    (tmp_path / "records" / "cases.csv").write_text(
        "办件编号,窗口,收件日,材料补齐日,办件类型,承诺时限\nC1,W1,2026-10-12,2026-10-12,承诺件,5个工作日\n", encoding="utf-8"
    )
    asked = ["papers", "--rulebook", "own.yaml", *ASKED[3:], "--kind", "promised_notice"]
    page = tmp_path / "out" / "promised_notice-C1.html"
    assert main(asked) == 0
    assert "2026年10月19日" in page.read_text(encoding="utf-8")
    page.unlink()
    capsys.readouterr()
    (tmp_path / "records" / "pauses.csv").write_text("case,kind,from\nC1,hearing,十月\n", encoding="utf-8")
    assert main(asked) == 0
    out, err = capsys.readouterr()
    assert "未打印：办件 C1：承诺件通知书缺少必须写明的内容" in out
    assert not page.exists()
    assert err.count("十月") == 1  # the row is told once
    assert "pauses.csv:2: C1" in err
    assert main([*asked, "--blanks"]) == 0
    assert "2026年10月19日" not in page.read_text(encoding="utf-8")


def test_columns_of_every_table_are_mapped_and_rows_go_by_their_lines(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "records" / "window.csv").write_text("号,名\nW1,工商局\n", encoding="utf-8")
    (tmp_path / "records" / "mapping.yaml").write_text("window:\n  columns: {window: 号, window_name: 名}\n", encoding="utf-8")
    (tmp_path / "records" / "cases.csv").write_text("办件编号,申请,窗口,收件日,不知\nC1,A1,W1,2026-02-13,\nC2,A2,W1,,x\n", encoding="utf-8")
    assert main([*ASKED, "--kind", "returned_notice", "--period", "2026-02"]) == 0
    assert "工商局窗口" in (tmp_path / "out" / "returned_notice-C1.html").read_text(encoding="utf-8")
    err = capsys.readouterr().err
    assert "办件（cases）第 3 行没有日期" in err
    assert "办件（cases）的“不知”不是事实，未采用（第 3 行）" in err


def test_ids_that_make_one_file_name_have_a_page_each(tmp_path: Path) -> None:
    rows = "A/1,A1,W1,2026-02-13\nA_1,A1,W1,2026-02-13\nA_1-2,A1,W1,2026-02-13\n"
    (tmp_path / "records" / "cases.csv").write_text(f"办件编号,申请,窗口,收件日\n{rows}", encoding="utf-8")
    names = ["returned_notice-A_1", "returned_notice-A_1-2", "returned_notice-A_1-2-2"]
    for asked in ([*ASKED, "--kind", "returned_notice"], [*ASKED, "--kind", "returned_notice", "--force"]):
        assert main(asked) == 0
        pages = {file.stem: file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir()}
        assert sorted(pages) == names
        assert [f">{id}<" in pages[name] for id, name in zip(("A/1", "A_1", "A_1-2"), names, strict=True)] == [True] * 3


def test_pages_are_pdfs_too_where_there_is_a_browser(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        assert os.environ.get("GOVSERVICE_BROWSER") != "all"
        pytest.skip("there is no Chromium")
    assert main([*ASKED, "--kind", "returned_notice", "--pdf"]) == 0, capsys.readouterr().err
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["returned_notice-C1.html", "returned_notice-C1.pdf"]
    assert (tmp_path / "out" / "returned_notice-C1.pdf").read_bytes().startswith(b"%PDF-")


def test_without_a_browser_it_says_so_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr("sys.platform", "linux")
    assert main([*ASKED, "--kind", "returned_notice", "--pdf"]) == 1
    said = "写成 PDF 要用 Chrome、Chromium 或 Edge，没有找到；请装一个；或者用任何浏览器打开网页，打印成 PDF\n"
    assert capsys.readouterr().err == said
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a script of POSIX")
def test_a_browser_that_prints_nothing_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "bin" / "chromium"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    assert main([*ASKED, "--kind", "returned_notice", "--pdf", "--lang", "en"]) == 1
    assert capsys.readouterr().err.startswith("out/returned_notice-C1.pdf: the browser printed no PDF; chromium: 3")


def test_that_no_paper_is_called_for_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "records" / "cases.csv").unlink()
    assert main([*ASKED, "--kind", "returned_notice"]) == 0
    assert capsys.readouterr().out == "这些记录没有应出的文书\n"
