"""Every word of the language stands in the schema, on a page, in a good book, and in a bad book with its whole message in both languages.

The words are read from the code's own tables, so that a new one fails here until it is everywhere. `python -m tests.rules.test_words`
prints the table.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from govservice.rules import schema
from govservice.rules.book.conventions import CONVENTIONS
from govservice.rules.book.sight import AMOUNT_UNITS, AMOUNTS, CLOCK_FACTS, SCORED_FACTS, SPANS
from govservice.rules.language.calls import _OPTIONS, EARLIER, PERIODS
from govservice.rules.language.functions import FUNCTIONS, NAMES

ROOT = Path(__file__).resolve().parents[2]
BOOKS = ROOT / "tests" / "books"
PLACES = ("page", "good", "bad, English", "bad, Chinese")
FLAGS = {function.flag for function in FUNCTIONS.values() if function.flag} | {"otherwise"}  # `otherwise=` is that of match
AMOUNTS_BY_UNIT = {f"{amount}_{unit}" for amount in AMOUNTS for unit in AMOUNT_UNITS}


class Word(NamedTuple):
    """A word, and how it looks in each place: on a page, in a book, in a message. None: it need not be there."""

    kind: str
    word: str
    page: str
    book: str
    message: str | None


@cache
def text(place: str) -> str:
    """All that is written in a place; comments of books left out."""
    match place:
        case "page":
            return "\n".join((ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8") for page in ("rulebook", "expressions", "scoring"))
        case "good":
            books = (path.read_text(encoding="utf-8") for path in (BOOKS / "good").glob("*.yaml"))
            return "\n".join(re.sub(r"(?m)(^|\s)#.*$", "", book) for book in books)
        case _:
            ending = "en" if place == "bad, English" else "zh"
            return "\n".join(path.read_text(encoding="utf-8") for path in (BOOKS / "bad").glob(f"*.{ending}.txt"))


def keys(shape: Any, found: dict[str, None]) -> dict[str, None]:
    """Every key that the format knows."""
    if isinstance(shape, dict):
        found |= dict.fromkeys(shape.get("properties", ()))
    for inner in shape.values() if isinstance(shape, dict) else shape if isinstance(shape, list) else ():
        keys(inner, found)
    return found


def choices(shape: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every key whose value is one of a list, with each of these."""
    if isinstance(shape, dict):
        for value in shape.get("enum", ()):
            yield key, str(value).lower() if isinstance(value, bool) else str(value)
        for name, inner in shape.items():
            if name == "properties":
                for own, value in inner.items():
                    yield from choices(value, own)
            elif name != "enum" and not name.startswith("convention."):
                yield from choices(inner, key)
    elif isinstance(shape, list):
        for inner in shape:
            yield from choices(inner, key)


def words() -> Iterator[Word]:
    for name in NAMES:
        yield Word("function", name, rf"\b{name}\(", rf"\b{name}\(", rf"\b{name}\(")
    for option in (*_OPTIONS, *FLAGS):
        yield Word("argument", option, rf"\b{option}=(?!=)", rf"\b{option}=(?!=)", rf"\b{option}=(?!=)")
    for period in (*PERIODS, *EARLIER):
        yield Word("period", period, rf"\b{period}\b", rf"(period: |over=){period}\b", rf"\b{period}\b")
    for key in keys(dict(schema()), {}):
        yield Word("key", key, rf"\b{key}\b", rf"(^|[{{,\s]){key}:", rf"[.\s'“]{key}\b")
    for convention in CONVENTIONS:
        for part, values in convention.parts or ((convention.name, convention.values),):
            for value in values:
                stated = rf"\b{part}: (\{{value: )?{value}\b"
                yield Word("value", f"{part}: {value}", rf"`{value}`", stated, rf"\bconventions\.(rounding\.)?{part}: ")
    for key, value in choices({name: shape for name, shape in schema()["$defs"].items() if not name.startswith("convention.")}):
        if key:
            yield Word("value", f"{key}: {value}", rf"\b{value}\b", rf"\b{key}: {value}\b", None)
    for fact in CLOCK_FACTS:
        page = rf"\.{fact}\b" if fact not in AMOUNTS_BY_UNIT else rf"`_?\.?(\w+_)?{fact.rsplit('_', 1)[1]}`"
        yield Word("fact of a clock", fact, page, rf"\.{fact}\b", None)
    for owner, fact in SPANS:
        yield Word("fact of a period", f"{owner}.{fact}", rf"\b{owner}\.{fact}\b", rf"\b{owner}\.{fact}\b", None)
    for fact in SCORED_FACTS:
        yield Word("fact of a score", fact, rf"`{fact}`", rf"\b{fact}\b", None)


def found(word: Word) -> dict[str, bool]:
    """In which places the word stands."""
    patterns = dict(zip(PLACES, (word.page, word.book, word.message, word.message), strict=True))
    return {place: pattern is None or bool(re.search(pattern, text(place), re.MULTILINE)) for place, pattern in patterns.items()}


@pytest.mark.parametrize("word", sorted(words()), ids=lambda word: f"{word.kind} {word.word}")
def test_a_word_stands_in_every_place(word: Word) -> None:
    assert [place for place, is_there in found(word).items() if not is_there] == []


def test_every_bad_book_has_its_message_in_both_languages() -> None:
    bad = sorted((BOOKS / "bad").glob("*.yaml"))
    assert [path.stem for path in bad if not all(path.with_suffix(f".{lang}.txt").exists() for lang in ("en", "zh"))] == []


if __name__ == "__main__":
    sys.stdout.write(f"| kind | word | {' | '.join(PLACES)} |\n|---|---|{'---|' * len(PLACES)}\n")
    for one in words():
        marks = ("yes" if is_there else "**no**" for is_there in found(one).values())
        sys.stdout.write(f"| {one.kind} | `{one.word}` | {' | '.join(marks)} |\n")
