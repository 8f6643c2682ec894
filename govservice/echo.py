"""What callers and strangers wrote, as a message shows it: short, on one line, with nothing that steers a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from decimal import Context, Decimal
from math import log10
from reprlib import Repr
from typing import Final

__all__ = ["bounded", "in_lines", "is_huge", "shown", "visible"]

_LONGEST: Final = 80  # of a value
_OF_A_TEXT: Final = 60
_OF_A_SENTENCE: Final = 2_000
_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)


class _Short(Repr):
    """Python's own short form; a whole number of thousands of digits has one too."""

    def repr_int(self, value: int, level: int) -> str:
        return _digits(value) if is_huge(value) else super().repr_int(value, level)

    def repr_Decimal(self, value: object, level: int) -> str:  # noqa: N802 - what Repr looks for
        """A number as people write it."""
        if not isinstance(value, Decimal):  # a class of somebody's own that is only called so
            return self.repr_instance(value, level)
        text = _PLAIN.to_sci_string(value)
        half = (self.maxother - 3) // 2
        return text if len(text) <= self.maxother else f"{text[:half]}...{text[half + 3 - self.maxother :]}"

    def repr_date(self, value: object, level: int) -> str:
        """A day, moment or time as people write it."""
        return str(value) if isinstance(value, (date, time)) else self.repr_instance(value, level)

    repr_datetime = repr_time = repr_date


_PLAIN: Final = Context(capitals=1)  # how a program around writes an exponent is its own affair
_SHORT = _Short()
_SHORT.maxstring = _SHORT.maxother = _OF_A_TEXT
_SHORT.maxlevel = 2


def shown(value: object) -> str:
    """The value for a message: never longer than 80 characters, however long or deep it is, and whatever its own `repr` does.

    >>> shown("二"), len(shown("x" * 10_000)) < 80, shown(10**5_000), shown([10**5_000])
    ("'二'", True, 'a whole number of 5001 digits', '[a whole number of 5001 digits]')
    """
    text = visible(_SHORT.repr(value))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def is_huge(value: int) -> bool:
    """More digits than any amount has; turning such a number into decimal digits is slow, and Python refuses it.

    >>> is_huge(10**12), is_huge(10**5_000)
    (False, True)
    """
    return value.bit_length() > 128


def _digits(value: int) -> str:
    return f"a whole number of {int(value.bit_length() * log10(2)) + 1} digits"


def visible(text: str) -> str:
    """The text on one line, as it is: what would move the cursor, colour the screen or turn the writing round is spelled out.

    >>> print(visible("甲\\x1b[2J乙\\n\\u202e丙"))
    甲\\x1b[2J乙\\n\\u202e丙
    """
    return _STEERING.sub(_spelled, text)


def visible_json(text: str) -> str:
    """JSON text with the same spelled as JSON does, so that it still says the same; line ends stay.

    >>> print(visible_json('{"a": "\u202e\x7f"}'))
    {"a": "\\u202e\\u007f"}
    """
    return _STEERING.sub(lambda match: match.group() if match.group() == "\n" else _in_json(match.group()), text)


def _in_json(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _spelled(match: re.Match[str]) -> str:
    return match.group().encode("unicode_escape").decode("ascii")


def in_lines(lines: Iterable[str]) -> str:
    """Sentences below each other, for a terminal: only a line that continues one, set in by two blanks, is a line of its own within one.

    >>> print(in_lines(["甲\\x1b[2J", "乙\\n丙", "丁\\n  戊"]))
    甲\\x1b[2J
    乙\\n丙
    丁
      戊
    """
    return "\n".join("\n  ".join(map(visible, line.split("\n  "))) for line in lines)


def bounded(sentence: str) -> str:
    """A sentence of a message: its middle left out where it is longer than 2,000 characters; lines that it continues on stay indented.

    >>> len(bounded("x" * 1_000_000))
    2000
    """
    if len(sentence) > _OF_A_SENTENCE:
        half = _OF_A_SENTENCE // 2
        sentence = f"{sentence[: half - 5]} ... {sentence[-half:]}"
    return in_lines([sentence])
