"""What stands behind a key of a YAML file where a half-width colon and a blank belong, and the line as it was meant."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from govservice.errors import Words

__all__ = ["COLON", "ODD_BLANKS", "QUOTED", "BehindKey", "behind_key"]

COLON: Final = Words(
    "a half-width colon and a blank stand behind a key: key: value", "键的后面用半角冒号和一个空格，写作 键: 值；全角冒号“：”不行"
)
ODD_BLANKS: Final = "\u3000\u00a0\u1680\u2000-\u200a\u202f\u205f"
QUOTED: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_KEY: Final = r"[\"']?(?P<key><<|[^\W\d][\w.-]*)[\"']?"
_WIDE: Final = r"\s*[：﹕]\s*"
_SIGN: Final = rf"(?P<sign>{_WIDE}|\s*:[{ODD_BLANKS}]\s*|:(?=[^\s/]))"
_HEAD: Final = re.compile(rf"[ {ODD_BLANKS}]*(?:-\s+)*{_KEY}{_SIGN}")
_WITHIN: Final = re.compile(rf"[{{\[,，；、﹐]\s*{_KEY}(?P<sign>{_WIDE}|:(?=[{{\[]))")
_NAMED: Final = re.compile(rf"[{{\[,，；、﹐]\s*{_KEY}{_SIGN}")


class BehindKey(NamedTuple):
    """The key, what is wrong behind it, and the line with a colon and a blank there."""

    key: str
    what: Words
    mended: str


def behind_key(line: str, key: str | None = None) -> BehindKey | None:
    """The first key of a line, or the one named, that has something else behind it than a colon and a blank; None where there is none.

    >>> behind_key("    stops：[decided_on]").mended, behind_key("limit:8 工作日").what.en
    ('    stops: [decided_on]', "no blank stands behind the colon of the key 'limit'")
    >>> behind_key('- {id: a, when：x, cite: "b：c"}').mended, behind_key("limit: 8 工作日")
    ('- {id: a, when: x, cite: "b：c"}', None)
    """
    shown = QUOTED.sub(lambda text: f"{text[0][0]}{'x' * (len(text[0]) - 2)}{text[0][-1]}", line)
    head = _HEAD.match(shown)
    within = _WITHIN if key is None else _NAMED
    for found in (*((head,) if head is not None else ()), *within.finditer(shown)):
        named = line[found.start("key") : found.end("key")]
        if key in (None, named):
            mended = f"{line[: found.start('sign')]}: {line[found.end('sign') :]}".rstrip(" ")
            return BehindKey(named, _wrong(named, found["sign"]), mended)
    return None


def _wrong(key: str, sign: str) -> Words:
    if sign == ":":
        return Words(f"no blank stands behind the colon of the key {key!r}", f"键“{key}”的冒号后面没有空格")
    if ":" in sign:
        return Words(f"the blank behind the colon of the key {key!r} is not a plain one", f"键“{key}”的冒号后面不是半角空格")
    return Words(f"a full-width colon stands behind the key {key!r}", f"键“{key}”后面写的是全角冒号")
