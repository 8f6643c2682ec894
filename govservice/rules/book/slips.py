"""Slips of the keyboard in a rulebook's texts and keys: noted with what to write, before one changes what the book means."""

from __future__ import annotations

from typing import Final

from govservice.errors import Words
from govservice.reading.slips import Written, invisible, slip_in_place_of_keys, slip_in_text, slip_on_the_way
from govservice.rules.book.marks import Faults, Mark, Path, short

__all__ = ["note_slip", "odd_sign"]

_EXPRESSIONS: Final = frozenset(
    {"when", "points", "total", "eligible", "who", "limit", "due", "starts", "stops", "before", "after", "by", "states"}
)
_NAMES: Final = frozenset({"label", "cite"})


def note_slip(faults: Faults, path: Path, text: str, written: Written, lines: list[str], mark: Mark) -> None:
    """Note what a scalar holds that was meant as a sign of the file; `lines` are those that it stands on."""
    written = _placed(path, text, written)
    if len(lines) > 1 and written.plain and (swallowed := slip_on_the_way(lines, expression=written.expression)) is not None:
        line, hint = swallowed
        faults.add(path, odd_sign(lines[line].strip()), hint=hint, mark=mark._replace(line=mark.line + line))
        return
    above = faults.marks.get(path)
    alone = written.plain and above is not None and above.line < mark.line
    meant = (slip_in_place_of_keys(text, written) if alone else None) or slip_in_text(text, written)
    if meant is not None:
        faults.add(path, odd_sign(text), hint=meant, mark=mark)


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
