"""Good books spoilt by seeded slips and by malice: they load, or are refused by an error of the library's own, in bounded time."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from govservice import classify, clocks, load_rulebook
from govservice.errors import GovServiceError, RulebookError
from govservice.rules.book.marks import MOST_FAULTS

__all__ = ["broken_by", "spoilt"]

_HOME: Final = Path(__file__).resolve().parents[2]
_ODD: Final = (
    "\x00", "\x1b[31m", "\u202e", "\ufeff", "\t", "，", "：", "“", "”", "{", "}", "[", "]", "&a ", "*a", "<<: ", "!!python/object", "|", ">", "- ", "? ", "%", "@",
    "`", "'", '"', "#", "\n", "\n\n", " " * 50, "~", "null", "9" * 400, "1e999", "-1", "0", "2026-02-30", "9999-12-31", "0001-01-01", "24:00", "至" * 100, "x" * 5_000,
    "\ud800", "\U0001f600", "=", "=1/0", "=" + "-(" * 60 + "1" + ")" * 60, "otherwise", "true", "count(cases)", "sum(all, x)", "known(x)", "previous(x)",
    "1 if 1 else", "x in [", "not " * 80 + "true", "= 1 + " * 90, "10**10**10", "__import__('os')", "99999999个工作日", "5 天", "半个月",
)  # fmt: skip


@cache
def _books() -> tuple[str, ...]:
    good = [*(_HOME / "tests/books/good").glob("*.yaml"), *(_HOME / "govservice/centres").glob("*.yaml")]
    return tuple(path.read_text(encoding="utf-8") for path in sorted(good))


def _inserted(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(_ODD) + text[at:]


def _cut(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at + chance.choice((1, 1, 2, 10, 200)) :]


def _line(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[chance.randrange(len(lines))])
        case 2:
            lines[at] = chance.choice((" ", "  ", "    ")) + lines[at]
        case 3:
            lines[at] = lines[at][1:]
        case _:
            lines[at:at] = lines[at : at + 3] * chance.choice((1, 5, 50))
    return "\n".join(lines)


def _value(text: str, chance: random.Random) -> str:
    """What stands behind a key becomes something else."""
    lines = text.split("\n")
    keyed = [number for number, line in enumerate(lines) if ": " in line]
    if keyed:
        at = chance.choice(keyed)
        key, _, _ = lines[at].partition(": ")
        other = lines[chance.choice(keyed)].partition(": ")[2]
        lines[at] = f"{key}: {chance.choice((chance.choice(_ODD), other, '[]', '{}', ''))}"
    return "\n".join(lines)


def _word(text: str, chance: random.Random) -> str:
    """One word stands where another stood."""
    words = text.split(" ")
    words[chance.randrange(len(words))] = chance.choice(words)
    return " ".join(words)


def _chained(_: str, chance: random.Random) -> str:
    """Entries that build on each other, in either order, each nested."""
    shape = chance.choice(("{} + 1", "1 + ({})", "-({})", "max({}, 0)", "({} if 1 == 1 else 0)", "step({}, (1, 1))", "round({}, 2)"))
    entries = []
    levels, times = chance.choice((2, 7, 20, 49, 300)), chance.choice((0, 1, 5, 30, 90))
    for level in range(levels):
        text = f"d{level + 1}" if level + 1 < levels else "promised_days"
        for _time in range(times):
            if len(text) > 1_900:
                break
            text = shape.format(text)
        entries.append(f"  d{level}: {{about: cases, hit: first, rules: [{{then: '={text}'}}]}}\n")
    if chance.random() < 0.5:
        entries.reverse()
    return "rulebook: t\ntitle: t\ndecisions:\n" + "".join(entries)


def _aliased(text: str, chance: random.Random) -> str:
    """Mappings of unknown keys behind aliases."""
    keys = "".join(f"  key{number}: x\n" for number in range(chance.choice((1, 30, 300))))
    return f"rulebook: t\nx: &a\n{keys}decisions:\n" + "".join(f"  d{number}: *a\n" for number in range(chance.choice((3, 100, 1_000))))


def _misspelt(_: str, chance: random.Random) -> str:
    """A book full of facts that it does not declare."""
    rules = "".join(f"    - {{when: fact_{chance.randrange(10**6)} == 1, then: x}}\n" for _ in range(chance.choice((10, 300, 1_500))))
    return f"rulebook: t\ndecisions:\n  d:\n    about: cases\n    hit: first\n    rules:\n{rules}"


_SPOILERS: Final[tuple[tuple[Callable[[str, random.Random], str], int], ...]] = (
    (_inserted, 30), (_cut, 20), (_line, 30), (_value, 40), (_word, 30), (_chained, 2), (_aliased, 1), (_misspelt, 1),
)  # fmt: skip


def spoilt(chance: random.Random) -> str:
    """A good book after one to four slips."""
    text = chance.choice(_books())
    spoilers, weights = zip(*_SPOILERS, strict=True)
    for _ in range(chance.choice((1, 1, 2, 4))):
        text = chance.choices(spoilers, weights)[0](text, chance)
    return text


def broken_by(text: str, folder: Path) -> str | None:
    """What a book breaks: None where it loads and answers, or is refused in words."""
    file = folder / "book.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        book = load_rulebook(file)
    except GovServiceError as error:
        return _unlisted(error)
    case = {"case": "C1", "received_on": date(2026, 3, 2), "accepted_on": date(2026, 3, 2), "promised_days": 5}
    for ask in (lambda: classify(case, book, on=date(2026, 3, 2)).explain("zh"), lambda: clocks(case, book, now=date(2026, 3, 9))):
        try:
            ask()
        except GovServiceError as error:
            _unlisted(error)
    return None


def _unlisted(error: GovServiceError) -> str | None:
    """Faults say where they are, in words, and are not too many."""
    both = f"{error}{error.text('zh')}"
    faults = error.faults if isinstance(error, RulebookError) else ()
    if len(faults) > MOST_FAULTS + 1 or "\x1b" in both or "\u202e" in both:
        return "a message that shows too much"
    return next((f"no line: {fault.what.en}" for fault in faults if fault.file == "book.yaml" and fault.line is None), None)
