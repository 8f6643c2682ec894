"""Chinese spelling of an expression -> the ASCII one, with the origin of every character kept for messages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from keyword import iskeyword
from typing import Final

from govservice.echo import shown
from govservice.errors import ExpressionError, Words
from govservice.rules.language.slips import JOINED, slip_at, time_at
from govservice.stack import raise_where_little_is_left

__all__ = ["LANGUAGE", "MOST_CHARACTERS", "RESERVED", "Spelled", "folded", "quoted", "spell"]

MOST_CHARACTERS: Final = 2000
_SIGNS: Final = {
    "≥": ">=", "≤": "<=", "≠": "!=", "＝": "=", "＞": ">", "＜": "<", "！": "!", "＋": "+", "－": "-", "−": "-", "×": "*", "＊": "*",
    "÷": "/", "／": "/", "％": "%", "（": "(", "）": ")", "［": "[", "］": "]", "，": ",", "、": ",", "．": ".",
    "\u3000": " ", "\n": " ", "\t": " ", "\r": " ", "\u00a0": " ",
}  # fmt: skip
_PLAIN: Final = frozenset("()[]<>=!+-*/%,. ")
_OPERATORS: Final = {"且": "and", "或": "or", "非": "not"}
_CLOSING: Final = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "’": "’", "＂": "＂"}
RESERVED: Final = "\u02cd"  # marks a fact whose name is a word of Python (from, class), so that it can be read as a name
TIME_LITERAL: Final = "time"  # a time of the clock is read as this function of its text
LANGUAGE: Final = frozenset({"and", "or", "not", "in", "if", "else", "is", "true", "false", "True", "False", "None"})
_NUMBER: Final = re.compile(r"\d+(?:[.．]\d+)?")
_TIME: Final = re.compile(r"\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?![\d:：])")
_WORD: Final = re.compile(r"[^\W\d]\w*")
_HINTS: Final = {
    "&": Words("write `and` (or 且)", "写作 and 或“且”"),
    "|": Words("write `or` (or 或)", "写作 or 或“或”"),
    ";": JOINED,
    "；": JOINED,
    "{": Words("lists are written with [ ]", "列表用 [ ] 书写"),
    ":": Words("write `a if condition else b`", "写作 a if 条件 else b"),
    "：": Words("a time is written 08:20; a choice `a if condition else b`", "钟点写作 08:20（半角冒号）；取舍写作 a if 条件 else b"),
    "\\": Words("a text holds no backslash", "文字里不能有反斜杠"),
}


@dataclass(frozen=True, slots=True)
class Spelled:
    """An expression in ASCII spelling; `origins[i]` is where its i-th character stands in the author's text."""

    text: str
    origins: tuple[int, ...]
    source: str

    def origin(self, index: int) -> int:
        """Where a character of the spelled text stands in the source."""
        return self.origins[index] if index < len(self.origins) else len(self.source)


def quoted(source: str, start: int, end: int) -> str:
    """The source with carets under a part of it; Chinese characters are two columns wide.

    >>> print(quoted("主件 == 3", 3, 5))
    主件 == 3
         ^^
    """
    source = "".join(" " if unicodedata.category(character) == "Cc" else character for character in source)
    return f"{source}\n{' ' * _columns(source[:start])}{'^' * max(1, _columns(source[start:end]))}"


def folded(name: str) -> str:
    """A name as Python folds it (full-width letters become plain), so that labels compare with what is written.

    >>> folded("等级Ａ")
    '等级A'
    """
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def _columns(text: str) -> int:
    return sum(0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class Spellings(frozenset[str]):
    """Names and labels in sight; how long they are is found once."""

    @cached_property
    def lengths(self) -> frozenset[int]:
        """The lengths that there are among them."""
        return frozenset(map(len, self))


class MoreSpellings(Collection[str]):
    """A few names before those in sight, which are not gone through for them."""

    def __init__(self, names: Collection[str], below: Collection[str]) -> None:
        self.names, self.below = names, below

    def __contains__(self, name: object) -> bool:
        return name in self.names or name in self.below

    def __iter__(self) -> Iterator[str]:
        yield from self.names
        yield from (name for name in self.below if name not in self.names)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def lengths(self) -> frozenset[int]:
        """The lengths that there are among them."""
        return _lengths(self.names) | _lengths(self.below)


def _lengths(spellings: Collection[str]) -> frozenset[int]:
    return spellings.lengths if isinstance(spellings, Spellings | MoreSpellings) else frozenset(map(len, spellings))


def spell(source: str, spellings: Collection[str]) -> Spelled:
    """Read 且 或 非 ≥ ≤ ≠, Chinese quotes and full-width signs; `spellings` are the names and labels that may stand in it.

    A label may itself hold an operator's character: the longest known label wins.

    >>> spell("正式申请且非主体材料缺件数≥２", {"正式申请", "非主体材料缺件数"}).text
    '正式申请 and 非主体材料缺件数>=2'
    """
    if len(source) > MOST_CHARACTERS:
        raise ExpressionError(
            Words(f"an expression of {len(source):,} characters", f"表达式有 {len(source):,} 个字符"),
            why=Words(f"{MOST_CHARACTERS:,} is the limit", f"上限是 {MOST_CHARACTERS:,}"),
            hint=Words("name its parts with `let:` or a measure", "用 let 或 measures 给各部分起名"),
        )
    out: list[str] = []
    origins: list[int] = []

    def emit(text: str, at: int, *, verbatim: bool = False) -> None:
        out.append(text)
        origins.extend(range(at, at + len(text)) if verbatim else [at] * len(text))

    at = 0
    beside = False  # a text or a name has just ended
    while at < len(source):
        character = source[at]
        after, beside = beside, False
        if character in _CLOSING:
            if after:
                raise _text_beside(source, at)
            at = _spell_text(source, at, emit)
            beside = True
        elif time := _TIME.match(source, at):  # 08:20
            emit(f'{TIME_LITERAL}("{unicodedata.normalize("NFKC", time[0])}")', at)
            at = time.end()
        elif number := _NUMBER.match(source, at):
            emit(unicodedata.normalize("NFKC", number[0]), at, verbatim=len(unicodedata.normalize("NFKC", number[0])) == len(number[0]))
            at = number.end()
            if at < len(source) and (source[at] == "." or _WORD.match(source, at)):
                emit(" ", at)  # else Python warns of a literal that it would not take
        elif word := _WORD.match(source, at):
            for part in _names_and_operators(word[0], spellings):
                operator = _OPERATORS.get(part)
                emit(f" {operator} " if operator else part, at, verbatim=not operator)
                at += len(part)
                if part in spellings and part not in LANGUAGE and iskeyword(part):
                    emit(RESERVED, at - 1)
                beside = not operator and part not in LANGUAGE
        elif character in _PLAIN or character in _SIGNS:
            emit(_SIGNS.get(character, character), at)
            at += 1
            beside = after and _SIGNS.get(character, character) == " "
        else:
            raise _unreadable(source, at)
    return Spelled("".join(out), tuple(origins), source)


def _spell_text(source: str, at: int, emit: Callable[[str, int], None]) -> int:
    end = source.find(_CLOSING[source[at]], at + 1)
    if end < 0:
        raise ExpressionError(Words("a text that is not closed", "文字没有收尾的引号"), column=at + 1, quote=quoted(source, at, at + 1))
    body = source[at + 1 : end]
    if "\\" in body:
        raise _unreadable(source, source.index("\\", at))
    written = repr(body)
    emit(written[:-1], at)
    emit(written[-1], end)
    return end + 1


def _text_beside(source: str, at: int) -> ExpressionError:
    end = source.find(_CLOSING[source[at]], at + 1) + 1
    return ExpressionError(
        Words("a text stands right behind a text or a name", "文字紧跟在另一段文字或名字之后"),
        hint=Words("a comma or a sign is missing", "中间少了逗号或运算符"),
        column=at + 1,
        quote=quoted(source, at, max(end, at + 1)),
    )


def _unreadable(source: str, at: int) -> ExpressionError:
    character = source[at]
    slip = slip_at(source, at) if character not in _HINTS else time_at(source, at)
    return ExpressionError(
        Words(f"{shown(character)} has no meaning here", f"这里不能写 {shown(character)}"),
        hint=slip.hint if slip is not None else _HINTS.get(character, Words("", "")),
        column=at + 1,
        quote=quoted(source, at, at + 1),
    )


def _names_and_operators(word: str, spellings: Collection[str]) -> list[str]:
    """Cut a run of letters into known names and operators; left whole where that cannot be done. A number behind an operator is no part."""
    if word.isascii() or word in spellings or not any(sign in word for sign in _OPERATORS):
        return [word]
    lengths = sorted({length for length in _lengths(spellings) if length <= len(word)} | {1}, reverse=True)
    dead: set[int] = set()

    def cut(start: int) -> list[str] | None:
        if start == len(word):
            return []
        if start in dead:
            return None
        if start and word[start - 1] in _OPERATORS and word[start:].isdecimal():  # 且2: the number is read by itself
            return []
        for length in lengths:
            part = word[start : start + length]
            if len(part) == length and (part in spellings or part in _OPERATORS) and (rest := cut(start + length)) is not None:
                return [part, *rest]
        dead.add(start)
        return None

    try:
        return cut(0) or [word]
    except RecursionError as error:  # a run of hundreds of operators: the parser refuses it as too deep or unknown
        raise_where_little_is_left(error)
        return [word]
