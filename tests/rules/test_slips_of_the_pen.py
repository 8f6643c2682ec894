"""A slip of the pen never changes what a book means: the book says the same, or is refused in the line of the slip."""

from __future__ import annotations

import dataclasses
import random
import re
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.calendars import OfficeHours
from govservice.errors import RulebookError
from govservice.rules import Rulebook, shipped_books
from govservice.rules.book.files import read_files
from govservice.rules.language.spelling import folded

GOOD = Path(__file__).resolve().parents[1] / "books" / "good"
SHIPPED = Path(str(files("govservice"))) / "centres"
BOOKS = sorted([*GOOD.glob("*.yaml"), *(SHIPPED / f"{id}.yaml" for id in shipped_books() if id != "standard")])
TWINS = {
    ":": "：", ",": "，、", "{": "｛", "}": "｝", "[": "［【", "]": "］】", '"': "“”＂", "'": "‘＇", "#": "＃", "-": "－—", "&": "＆", "*": "＊",
    "|": "｜", ">": "＞", "<": "＜", "(": "（", ")": "）", "=": "＝", "%": "％", ".": "．。", "+": "＋", "/": "／", " ": "\u3000\u00a0",
    **{sign: chr(ord(sign) + 0xFEE0) for sign in "0123456789abcdxyzABC"},
}  # fmt: skip
PROSE = frozenset({"title", "label", "labels", "cite", "sources", "text", "when_text"})


def meaning(node: object, *, prose: bool = False) -> object:
    """What a book says apart from its prose and the spelling of its expressions, widths folded."""
    if prose and isinstance(node, (str, type(None))):
        return node is not None
    if isinstance(node, str):
        return folded(node)
    if dataclasses.is_dataclass(node) and not isinstance(node, type):
        return type(node).__name__, {
            one.name: OfficeHours(node.hours)
            if one.name == "hours" and node.hours
            else meaning(getattr(node, one.name), prose=one.name in PROSE)
            for one in dataclasses.fields(node)
            if one.name != "labels"
        }
    if isinstance(node, Mapping):
        return {key: meaning(value, prose=prose) for key, value in node.items()}
    return tuple(meaning(part, prose=prose) for part in node) if isinstance(node, (list, tuple)) else node


def keys(node: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from keys(child, (*path, str(key)))


@cache
def original(path: Path) -> tuple[object, frozenset[tuple[str, ...]]]:
    return meaning(load_rulebook(path).contents), frozenset(keys(read_files(path)[0]))


def places(text: str, prose: bool = False) -> list[tuple[int, str]]:
    """Every place of a sign that has a full-width twin, comments apart, and the twin."""
    comments = {at for found in re.finditer(r"(?m)(?:^|(?<=\s))#.*$", text) for at in range(found.start() + 1, found.end())}
    return [(at, twin) for at, sign in enumerate(text) if at not in comments for twin in TWINS.get(sign, "")]


def what_became(path: Path, text: str, folder: Path) -> RulebookError | Rulebook:
    (folder / path.name).write_text(text, encoding="utf-8")
    try:
        return load_rulebook(folder / path.name)
    except RulebookError as error:
        return error


def verdict(path: Path, at: int, twin: str, folder: Path) -> str | None:
    """What is wrong with how a slip is taken; None where the book says the same, or is refused where the slip stands."""
    text = path.read_text(encoding="utf-8")
    slipped = text[:at] + twin + text[at + 1 :]
    line = text.count("\n", 0, at) + 1
    became = what_became(path, slipped, folder)
    if isinstance(became, RulebookError):
        lines = [fault.line for fault in became.faults]
        chinese = became.text("zh")
        if re.search(r"\b(?:did not|found|expected|allowed|scanning|parsing)\b", re.sub(r"“.*?”|^[^\n]*\n *\^+", "", chinese)):
            return f"English in Chinese: {chinese}"
        return None if line in lines or same_entry(text, line, lines) else f"line {line}, told in {lines}: {chinese}"
    before, paths = original(path)
    if frozenset(keys(read_files(folder / path.name)[0])) != paths:
        return "other keys"
    return None if meaning(became.contents) == before else "another meaning"


def same_entry(text: str, line: int, told: list[int | None]) -> bool:
    """Whether a fault is told within the same text of several lines: at its first, the slip stands in a later one."""
    lines = text.split("\n")
    first = line - 1
    while first > 0 and not re.match(r"\s*(- |- *\{|[\w.\"'-]+:(\s|$))", lines[first]):
        first -= 1
    return any(one is not None and first + 1 <= one <= line for one in told)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in BOOKS:
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_full_width_twin_never_changes_what_a_book_means(path: Path, folder: Path) -> None:
    drawn = random.Random(path.stem).sample(places(path.read_text(encoding="utf-8")), 25)
    wrong = {(at, twin): said for at, twin in drawn if (said := verdict(path, at, twin, folder)) is not None}
    assert not wrong
