"""Slips of the keyboard in a rulebook's texts and keys: noted with what to write, before one changes what the book means."""

from __future__ import annotations

from typing import Final, NamedTuple

from govservice.errors import Words
from govservice.reading.behind_keys import COLON, BehindKey, behind_key
from govservice.reading.slips import Written, invisible, slip_in_place_of_keys, slip_in_text, slip_on_the_way
from govservice.rules.book.marks import Faults, Mark, Path, short

__all__ = ["Behind", "key_in", "note_slip", "odd_sign"]

_EXPRESSIONS: Final = frozenset(
    {"when", "points", "total", "eligible", "who", "limit", "due", "starts", "stops", "before", "after", "by", "states"}
)
_NAMES: Final = frozenset({"label", "cite"})
_OF_MAPPINGS: Final = frozenset({"tables", "events", "settings", "decisions", "schemes", "clocks", "notices"})
_MAPPINGS: Final = frozenset({*_OF_MAPPINGS, "sources", "conventions", "measures", "let", "parts"})


class Behind(NamedTuple):
    """A key that has something else behind it than a colon and a blank: its path, its line from 0, and what was meant."""

    path: Path
    line: int
    meant: BehindKey


def note_slip(faults: Faults, path: Path, text: str, written: Written, lines: list[str], mark: Mark) -> Behind | None:
    """Note what a scalar holds that was meant as a sign of the file; `lines` are those that it stands on.

    What stands behind a key is not noted but returned: with that mended, the file can be read on.
    """
    written = _placed(path, text, written)
    if len(lines) > 1 and written.plain and (swallowed := slip_on_the_way(lines, expression=written.expression)) is not None:
        line, hint = swallowed
        if hint is COLON and (behind := behind_key(lines[line])) is not None:
            return Behind((*path[:-1], behind.key), mark.line - 1 + line, behind)
        faults.add(path, odd_sign(lines[line].strip()), hint=hint, mark=mark._replace(line=mark.line + line))
        return None
    above = faults.marks.get(path)
    alone = written.plain and above is not None and above.line < mark.line
    meant = (slip_in_place_of_keys(text, written) if alone else None) or slip_in_text(text, written)
    of_keys = alone and (path[-1] in _MAPPINGS or (len(path) == 2 and path[0] in _OF_MAPPINGS))
    if (meant is COLON or of_keys) and (behind := key_in(text, lines)) is not None:
        return Behind((*path, behind.key), mark.line - 1, behind)
    if meant is not None:
        faults.add(path, odd_sign(text), hint=meant, mark=mark)
    return None


def key_in(text: str, lines: list[str]) -> BehindKey | None:
    """Of a text that begins as a key does, with another sign behind it: the key and its line as meant.

    >>> key_in("when：x", ["- {id: a, when：x}"]).mended, key_in("甲：乙", ["- 丙"])
    ('- {id: a, when: x}', None)
    """
    named = behind_key(text)
    return behind_key(lines[0], named.key) if named is not None and lines else None


def odd_sign(text: str) -> Words:
    """What is wrong with a text or a key that holds a sign of another kind than the one meant.

    >>> odd_sign("then：x").en, odd_sign("a\\u200b").zh
    ("'then：x' holds a sign that was meant as another", '“a\\u200b”里有看不见的字符 U+200B')
    """
    unseen = invisible(text)
    if unseen is not None:
        return Words(f"{short(text)!r} holds the invisible character {unseen}", f"“{short(text)}”里有看不见的字符 {unseen}")
    return Words(f"{short(text)!r} holds a sign that was meant as another", f"“{short(text)}”里的符号用错了")


def _placed(path: Path, text: str, written: Written) -> Written:
    """The same, by what stands at that place of a book: free prose, a name, an expression."""
    key = next((step for step in reversed(path) if not step.isdecimal()), "")
    prose = key == "title" or path[:1] == ("sources",)
    measured = path[:1] == ("measures",) and key not in _NAMES
    return written._replace(prose=prose, expression=key in _EXPRESSIONS or "let" in path or measured or text.startswith("="))
