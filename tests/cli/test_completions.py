"""Scripts that complete the command line: what a shell offers, where there is one to ask."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from govservice.cli import main
from govservice.rules.book.files import shipped_books

ASK_BASH = """source ./govservice.bash
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); COMPREPLY=(); _govservice; printf '%s\\n' "${COMPREPLY[@]}"
"""


def script(shell: str, capsys: pytest.CaptureFixture[str], lang: str = "en") -> str:
    assert main(["completions", shell, "--lang", lang]) == 0
    return capsys.readouterr().out


def offered(shell: str, words: list[str], text: str, folder: Path) -> set[str]:
    (folder / f"govservice.{shell}").write_text(text, encoding="utf-8")
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"there is no {shell}")
    if shell == "bash":
        asked = [program, "--norc", "-c", ASK_BASH, "-", *words]
    else:
        asked = [program, "--no-config", "-c", f"source ./govservice.fish; complete -C '{' '.join(words)}'"]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=True)
    return {line.partition("\t")[0] for line in done.stdout.splitlines()} - {""}


OFFERED = [
    (["govservice", "cl"], {"classify"}),
    (["govservice", "--lang", "zh", "cla"], {"classify"}),
    (["govservice", "classify", "kun"], {"kunshan"}),
    (["govservice", "run", "--rulebook", "kun"], {"kunshan"}),
    (["govservice", "check", "--format", ""], {"text", "json", "csv", "md", "github"}),
    (["govservice", "due", "--first-day", ""], {"excluded", "included"}),
    (["govservice", "run", "--accep"], {"--accepted-on"}),
    (["govservice", "--lang", ""], {"en", "zh"}),
]


@pytest.mark.parametrize("shell", ["bash", "fish"])
@pytest.mark.parametrize(("words", "expected"), OFFERED, ids=lambda part: " ".join(part) if isinstance(part, list) else "")
def test_a_shell_offers_what_may_stand_there(
    shell: str, words: list[str], expected: set[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert offered(shell, words, script(shell, capsys), tmp_path) == expected


def test_files_are_offered_beside_the_books(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "kunshan-own.yaml").write_text("", encoding="utf-8")
    assert offered("bash", ["govservice", "show", "kunsh"], script("bash", capsys), tmp_path) == {"kunshan", "kunshan-own.yaml"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_script_names_every_book_and_is_sound(shell: str, lang: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = script(shell, capsys, lang)
    assert all(book in text for book in shipped_books())
    program = shutil.which(shell)
    if program is not None:
        (tmp_path / "script").write_text(text, encoding="utf-8")
        assert subprocess.run([program, "-n", str(tmp_path / "script")], capture_output=True, check=False).stderr == b""
