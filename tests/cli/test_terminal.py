"""The command between a terminal and the rest of the world: what strangers wrote steers nothing, and an output that fails is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from govservice.cli import main

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices of POSIX")


def command(*arguments: str, cwd: Path, **more: object) -> subprocess.CompletedProcess[str]:
    settings = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path)} | dict(more.pop("env", {}))  # type: ignore[call-overload]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.run([sys.executable, "-m", "govservice", *arguments], cwd=cwd, env=settings, text=True, check=False, **streams)  # type: ignore[call-overload, no-any-return]


def test_a_title_cannot_paint_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text('rulebook: t\ntitle: "a\\e[31m\\nforged: no faults\\u202e"\n', encoding="utf-8")
    assert main(["check", str(tmp_path / "t.yaml"), "--lang", "en"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == r"t: no faults (a\x1b[31m\nforged: no faults\u202e)"


def test_ids_of_rows_set_aside_are_shown_on_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "cases.csv").write_text('case,received_on\n"C\x1b[2J\nforged",x\n', encoding="utf-8")
    main(["run", "--rulebook", "licensing-law", "--records", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--lang", "en"])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert r"C\x1b[2J\nforged: received_on: 'x' is not a date" in out


@POSIX
def test_a_full_disk_is_told_and_ends_with_1(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no full device here")
    with Path("/dev/full").open("w") as full:
        done = command("calendar", "2026", "--lang", "en", cwd=tmp_path, stdout=full)
    assert (done.returncode, done.stderr) == (1, "the output cannot be written: No space left on device\n")


@POSIX
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-"])
def test_a_closed_stream_is_one_that_nobody_reads(tmp_path: Path, closed: str) -> None:
    line = f"{sys.executable} -m govservice due 2026-02-13 5个工作日 {closed}"
    done = subprocess.run(["sh", "-c", line], cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, check=False)
    assert done.returncode == 0


@POSIX
def test_a_reader_that_goes_away_ends_it_without_a_word(tmp_path: Path) -> None:
    for _ in range(4):
        line = f"{sys.executable} -m govservice calendar 2026; echo $? >&2"
        done = subprocess.run(
            ["sh", "-c", f"({line}) | head -1"], cwd=tmp_path, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert done.stderr in ("0\n", "141\n")


def test_bars_are_for_terminals_whatever_the_environment_says(tmp_path: Path) -> None:
    done = command("run", "--lang", "en", cwd=tmp_path, env={"FORCE_COLOR": "1"})
    assert done.stderr == "no --records: the shipped sample of kunshan\ncolumns of items not read: 备注\n"
    assert "\x1b" not in done.stdout


@POSIX
def test_ctrl_c_ends_it_with_130_and_without_a_word(tmp_path: Path) -> None:
    """While it waits for facts on stdin."""
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    asked = [sys.executable, "-u", "-m", "govservice", "classify", "kunshan", "-"]
    running = subprocess.Popen(asked, cwd=tmp_path, env=settings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    waiting = Path(f"/proc/{running.pid}/wchan")
    if not waiting.exists():
        running.kill()
        pytest.skip("nothing here says what a process waits for")
    until = time.monotonic() + 60
    while running.poll() is None and "pipe" not in waiting.read_text():
        time.sleep(0.05)
        if time.monotonic() > until:
            running.kill()
            pytest.skip("nothing here says what a process waits for")
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out, err) == (130, b"", b"")


def test_there_is_no_colour_in_a_pipe_and_none_where_none_is_wanted(tmp_path: Path) -> None:
    for env in ({"FORCE_COLOR": "1"}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color", "CLICOLOR_FORCE": "1"}):
        for asked in (["classify", "kunshan", "主件=缺少", "--on", "2026-02-13"], ["measure", "--help"], ["run", "--rulebook"]):
            done = command(*asked, cwd=tmp_path, env=env)
            assert "\x1b" not in done.stdout + done.stderr


@POSIX
def test_no_colour_on_a_terminal_where_none_is_wanted(tmp_path: Path) -> None:
    """On a terminal of its own; there is none that shows colours but the bar, which is not drawn in any."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    done = command("measure", "--help", cwd=tmp_path, stdout=follower, stderr=follower, env={"NO_COLOR": "1", "TERM": "xterm-256color"})
    os.close(follower)
    said = os.read(leader, 1_000_000)
    os.close(leader)
    assert done.returncode == 0
    assert said
    assert b"\x1b" not in said


@POSIX
def test_a_pipe_is_no_place_for_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "page.html")
    assert main(["calendar", "2026", "--html", str(tmp_path / "page.html"), "--force", "--lang", "en"]) == 1
    assert capsys.readouterr().err.endswith("the file cannot be written; not a plain file\n")


def test_a_limit_beyond_the_years_there_are_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "9999-12-31 23:59", "24小时", "--lang", "en"]) == 1
    assert "9999" in capsys.readouterr().err
