"""What the YAML parser says of a file that it cannot read, in the words of this package, English and Chinese."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from govservice.errors import NOTHING, Words
from govservice.reading.behind_keys import COLON, BehindKey, behind_key
from govservice.reading.broken_lines import broken_line
from govservice.reading.slips import slip_in_lines

__all__ = ["Unreadable", "unreadable"]


class Unreadable(NamedTuple):
    """What is wrong, what to do, and the line, from 1, where it is known; `behind` where it is what stands behind a key."""

    what: Words
    hint: Words
    line: int | None
    behind: BehindKey | None = None


_UNCLOSED: Final = Words("a bracket or a quote is not closed", "括号或引号没有收尾")
_OF_PROBLEMS: Final[tuple[tuple[str, str, Words], ...]] = (  # a part of what the parser says, the same in Chinese, what to do
    ("',' or", "花括号或方括号里少了逗号，或没有收尾", _UNCLOSED),
    ("mapping values", "冒号出现在不该有的地方", Words("a text with a colon must be quoted", "含冒号的文字要加引号")),
    ("expected ':'", "这一行少了冒号", Words("write key: value, with a blank after the colon", "写作 键: 值，冒号后留一个空格")),
    ("expected key", "这里应是“键: 值”", Words("compare its indent with the lines above", "请与上面各行的缩进对齐")),
    ("'-' indicator", "列表里有一行不是以 - 开头", Words("compare its indent with the lines above", "请与上面各行的缩进对齐")),
    ("<block end>", "缩进与上面各行不一致", Words("compare its indent with the lines above", "请与上面各行的缩进对齐")),
    ("tab character", "用了制表符缩进", Words("indent with spaces", "用空格缩进")),
    (
        "start any token",
        "不能以这个符号开头",
        Words("indent with spaces; quote a text that begins with a sign", "用空格缩进；以符号开头的文字要加引号"),
    ),
    ("end of stream", "引号没有收尾", _UNCLOSED),
    (
        "node content",
        "这里少了一个值，或多了一个符号",
        Words("close the bracket, or quote a text that begins with a sign", "请补上括号；以符号开头的文字要加引号"),
    ),
    ("alias", "以 * 开头的文字", Words("a text that begins with * must be quoted", "以 * 开头的文字要加引号")),
    (
        "alphabetic or numeric",
        "以 & 或 * 开头的文字",
        Words(
            "a text that begins with & or * must be quoted; the name of an anchor is of a-z and digits, &hours",
            "以 & 或 * 开头的文字要加引号；锚点的名字只能用英文字母和数字，如 &hours",
        ),
    ),
    ("tag", "以 ! 开头的文字", Words("a text that begins with ! must be quoted", "以 ! 开头的文字要加引号")),
    ("URI", "以 ! 开头的文字", Words("a text that begins with ! must be quoted", "以 ! 开头的文字要加引号")),
    (
        "escape character",
        "双引号里的反斜杠没有这种用法",
        Words("write a backslash twice, or use single quotes", "反斜杠写两个，或改用单引号"),
    ),
    ("comment or line break", "| 或 > 之后应换行", Words("quote a text that begins with | or >", "以 | 或 > 开头的文字要加引号")),
    ("chomping", "| 或 > 之后应换行", Words("quote a text that begins with | or >", "以 | 或 > 开头的文字要加引号")),
    ("directive", "以 % 开头的行", Words("a text that begins with % must be quoted", "以 % 开头的文字要加引号")),
    ("document start", "... 或 --- 之后还有内容", Words("one file holds one document", "一个文件只写一个文档")),
    ("characters are not allowed", "有不允许的控制字符", NOTHING),
    ("not allowed", "有不允许的字符", NOTHING),
)


def unreadable(error: Exception, text: str, since: int = 0) -> Unreadable:
    """The parser's error on a text in both languages; `since` is the line, from 0, up to which all was well.

    Where a full-width sign is the likeliest reason, the line and the hint are those of the sign: the parser stumbles a line later.
    """
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    begun: Any = getattr(error, "context_mark", None)
    mark: Any = getattr(error, "problem_mark", None) or begun
    zh, hint = next(((zh, hint) for part, zh, hint in _OF_PROBLEMS if part in problem), ("写法不合规则", NOTHING))
    what = Words(f"this is no YAML: {problem}", f"不是合法的 YAML：{zh}")
    if mark is None:
        return Unreadable(what, hint, None)
    lines = text.split("\n")
    first = _begun(error, begun, since)
    slip = slip_in_lines(lines, first, mark.line, weak=False)
    if slip is None and mark.line < len(lines):
        broken = broken_line(lines, problem, first, mark.line, mark.column)
        if broken is not None:
            said = Words(f"this is no YAML: {broken.what.en}", f"不是合法的 YAML：{broken.what.zh}")
            return Unreadable(said, broken.hint, broken.line + 1)
    slip = slip or slip_in_lines(lines, first, mark.line)
    if slip is not None:
        behind = behind_key(lines[slip[0]]) if slip[1] is COLON else None
        if behind is not None:
            what = Words(f"this is no YAML: {behind.what.en}", f"不是合法的 YAML：{behind.what.zh}")
        return Unreadable(what, slip[1], slip[0] + 1, behind)
    if _is_bracket(lines, mark) and "',' or" in problem:
        hint = Words("a bracket within {..} splits it: quote the expression", "花括号里又有括号：请给表达式加引号")
    at_begin = any(part in problem for part in ("expected ':'", "end of stream"))
    return Unreadable(what, hint, ((at_begin and begun) or mark).line + 1)


def _begun(error: Exception, begun: Any, since: int) -> int:
    """The first line that may hold the reason: where the bracket, quote or key began that never ended."""
    context = str(getattr(error, "context", ""))
    if begun is not None and any(part in context for part in ("flow", "quoted", "simple key")):
        return min(since, int(begun.line)) if "quoted" in context else int(begun.line)
    return since


def _is_bracket(lines: list[str], mark: Any) -> bool:
    return "".join(lines[mark.line : mark.line + 1])[mark.column : mark.column + 1] in ("[", "{")
