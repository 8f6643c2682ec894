"""Which line of a YAML file is out of place where the parser stumbles over it or over a later one: by its indent, its dash, its value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from govservice.errors import Words
from govservice.reading.behind_keys import QUOTED

__all__ = ["ENTRY", "Broken", "broken_line", "value_lacking"]

ENTRY: Final = Words("an entry of a list begins with a half-width - and a blank", "列表每一项以半角的 - 加空格开头")
_VALUE: Final = Words("write its value, or leave the key out", "写上值，或删去这个键")
_NO_VALUE: Final = re.compile(r"(?:[{,]|^\s*-\s+\{)\s*([\w.-]+)\s*:\s*(?=[,}])")
_NO_LINE: Final = re.compile(r"\s*(?:#|$)")
_KEY_ALONE: Final = re.compile(r"\s*(?:- +)*[\"']?[\w./-]+[\"']?")


class Broken(NamedTuple):
    """The line, from 0, that is out of place, what is wrong with it, and what to do."""

    line: int
    what: Words
    hint: Words


def value_lacking(line: str) -> str | None:
    """The key within braces that has no value behind its colon.

    >>> value_lacking("- {id: a, when:, then: b}"), value_lacking("- {id: a, when: 'x:, y'}")
    ('when', None)
    """
    found = _NO_VALUE.search(QUOTED.sub("x", line))
    return found[1] if found is not None else None


def broken_line(lines: Sequence[str], problem: str, first: int, at: int, column: int) -> Broken | None:
    """What is out of place between the lines `first` and `at`, where the parser gave up; None where nobody can say."""
    if "expected ':'" in problem or "',' or" in problem:
        for number in range(at, max(first, 0) - 1, -1):
            if (key := value_lacking(lines[number])) is not None:
                what = Words(f"no value stands behind the key {key!r}", f"键“{key}”后面没有值")
                return Broken(number, what, _VALUE)
    if not any(part in problem for part in ("expected ':'", "expected key", "<block end>", "'-' indicator", "mapping values")):
        return None
    if "mapping values" in problem and _KEY_ALONE.fullmatch(lines[at][:column].rstrip()) is None:
        return None  # a colon within a text
    return _dash_lacking(lines, first, at) or _misplaced(lines, at)


def _dash_lacking(lines: Sequence[str], first: int, at: int) -> Broken | None:
    """An entry of a list that begins without its dash."""
    what = Words("this line lacks the - that an entry begins with", "这一行少了开头的 -")
    for number in range(min(at, len(lines) - 1), max(min(first, at - 1), 0) - 1, -1):
        near = [other for step in (-1, 1) if (other := _beside(lines, number, step)) is not None]
        if re.match(r"\s*\{", lines[number]) and any(re.match(r"\s*- ", lines[other]) for other in near):
            return Broken(number, what, ENTRY)
    if re.match(r"\s*- ", lines[at]):
        top = at
        while (above := _beside(lines, top, -1)) is not None and _indent(lines[above]) >= _indent(lines[at]):
            top = above
        if top != at and above is not None and lines[above].rstrip().endswith(":") and not re.match(r"\s*-", lines[top]):
            return Broken(top, what, ENTRY)
    elif (above := _beside(lines, at, -1)) is not None and _indent(lines[at]) < _indent(lines[above]):
        opened = next((line for line in reversed(lines[:at]) if _indent(line) == _indent(lines[at]) and not _NO_LINE.match(line)), "")
        return Broken(at, what, ENTRY) if re.match(r"\s*- ", opened) else None
    elif above is not None and _indent(lines[at]) == _indent(lines[above]) + 2:
        level = [lines[number] for number in _block(lines, at, _indent(lines[above])) if _indent(lines[number]) == _indent(lines[above])]
        return Broken(above, what, ENTRY) if any(re.match(r"\s*- ", line) for line in level) else None
    return None


def _misplaced(lines: Sequence[str], at: int) -> Broken | None:
    """Of two indents side by side, the line whose indent fewer of its neighbours share."""
    above = _beside(lines, at, -1)
    if above is None:
        return None
    own, other = _indent(lines[at]), _indent(lines[above])
    while own < other and (above := _beside(lines, above, -1)) is not None and own < _indent(lines[above]):
        other = min(other, _indent(lines[above]))
    if own == other:
        return None
    block = _block(lines, at, min(own, other))
    shared = {indent: [number for number in block if _indent(lines[number]) == indent] for indent in (own, other)}
    low, high = sorted((own, other))
    opened = False  # a key without a value: what is indented further below it is its own
    for number in block:
        if _indent(lines[number]) == low:
            opened = lines[number].rstrip().endswith(":")
        elif opened and number in shared[high]:
            shared[high].remove(number)
    odd, even = sorted((own, other), key=lambda indent: (len(shared[indent]), indent % 2 == 0, indent != own))
    line = at if odd == own else max((number for number in shared[odd] if number < at), default=at)
    hint = Words(f"this line is indented by {odd} blanks, those beside it by {even}", f"这一行前面空了 {odd} 格，同级的各行空 {even} 格")
    return Broken(line, Words("its indent is not that of the lines beside it", "缩进与同级的各行不一致"), hint)


def _block(lines: Sequence[str], at: int, low: int) -> list[int]:
    """The lines round one that are indented by no less than `low`."""
    block = [at]
    for step in (-1, 1):
        number = _beside(lines, at, step)
        while number is not None and _indent(lines[number]) >= low:
            block.append(number)
            number = _beside(lines, number, step)
    return sorted(block)


def _beside(lines: Sequence[str], number: int, step: int) -> int | None:
    """The next line, in either direction, that says something."""
    number += step
    while 0 <= number < len(lines) and _NO_LINE.match(lines[number]):
        number += step
    return number if 0 <= number < len(lines) else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
