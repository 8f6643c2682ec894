"""Where a file cannot be read as YAML: the line that is out of place is told, not the one at which the parser stumbles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import RulebookError
from tests.rules.test_slips_of_the_pen import BOOK

LINES = BOOK.split("\n")
SHIFTED = [
    number
    for number, line in enumerate(LINES, 1)
    if re.match(r" {2,}\w+: \S", line) and number not in (6, 7, 8)  # a lone line may stand anywhere
]


def broken(folder: Path, text: str) -> RulebookError | None:
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    try:
        load_rulebook(folder / "t.yaml")
    except RulebookError as error:
        return error
    return None


@pytest.mark.parametrize("shift", [-1, 1])
@pytest.mark.parametrize("number", SHIFTED)
def test_a_line_that_is_indented_otherwise_than_its_neighbours_is_told(tmp_path: Path, number: int, shift: int) -> None:
    line = LINES[number - 1]
    moved = line[1:] if shift < 0 else f" {line}"
    error = broken(tmp_path, "\n".join([*LINES[: number - 1], moved, *LINES[number:]]))
    assert error is not None
    first = error.faults[0]
    assert first.line == number
    if "YAML" in first.what.zh:
        blanks = len(line) - len(line.lstrip())
        assert first.hint.zh == f"这一行前面空了 {blanks + shift} 格，同级的各行空 {blanks} 格"
        assert first.hint.en == f"this line is indented by {blanks + shift} blanks, those beside it by {blanks}"


@pytest.mark.parametrize(
    ("right", "wrong", "line", "what", "hint"),
    [
        ("{id: large, when: 面积 > 200,", "{id: large, when:,", 15, "键“when”后面没有值", "写上值，或删去这个键"),
        ("then: on_paper}", "then:}", 16, "键“then”后面没有值", "写上值，或删去这个键"),
        ("{id: other, then: on_paper}", "{id: other, cite:, then: on_paper}", 16, "键“cite”后面没有值", "写上值，或删去这个键"),
        ("      - {id: large", "      {id: large", 15, "这一行少了开头的 -", "列表每一项以半角的 - 加空格开头"),
        ("      - {id: other", "      {id: other", 16, "这一行少了开头的 -", "列表每一项以半角的 - 加空格开头"),
        ("      - {id: other", "        {id: other", 16, "这一行少了开头的 -", "列表每一项以半角的 - 加空格开头"),
        ("title: 测试", "title: 测试: 一", 2, "冒号出现在不该有的地方", "含冒号的文字要加引号"),
    ],
)
def test_what_a_line_lacks_is_told_in_that_line(tmp_path: Path, right: str, wrong: str, line: int, what: str, hint: str) -> None:
    assert right in BOOK
    error = broken(tmp_path, BOOK.replace(right, wrong, 1))
    assert error is not None
    first = error.faults[0]
    assert (first.line, what in first.what.zh, hint in first.hint.zh) == (line, True, True), error.text("zh")


BLOCK = """      - id: large
        when: 面积 > 200
        then: on_site
      - id: other
        then: on_paper
"""


@pytest.mark.parametrize("entry", ["      - id: large", "      - id: other"])
@pytest.mark.parametrize("blanks", ["      ", "        "])
def test_an_entry_of_several_lines_without_its_dash_is_told(tmp_path: Path, entry: str, blanks: str) -> None:
    block = BLOCK.replace(entry, blanks + entry.lstrip(" -"))
    text = re.sub(r"(?m)^ +- \{id: large.*\n.*\n", block, BOOK)
    error = broken(tmp_path, text)
    assert error is not None
    first = error.faults[0]
    number = text.split("\n").index(blanks + entry.lstrip(" -")) + 1
    assert (first.line, "- 加空格" in first.hint.zh) == (number, True), error.text("zh")
