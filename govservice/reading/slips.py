"""Slips of a Chinese keyboard in a YAML file: full-width signs, odd blanks and invisible characters where YAML's own signs belong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from govservice.errors import Words
from govservice.reading.behind_keys import COLON, ODD_BLANKS, QUOTED
from govservice.reading.broken_lines import ENTRY

__all__ = ["UNSEEN", "Written", "invisible", "slip_in_key", "slip_in_lines", "slip_in_place_of_keys", "slip_in_text", "slip_on_the_way"]

_COMMA: Final = Words(
    "commas and colons between keys are half-width: {key: value, key: value}; a text that holds full-width ones is quoted",
    "键与键之间用半角逗号和冒号：{键: 值, 键: 值}；文字里本来就有全角标点的，请加半角引号",
)
_LISTED: Final = Words(
    "the values of a list are parted by half-width commas: [a, b]", "列表各项用半角逗号分开：[甲, 乙]；一项里的标点请加引号"
)
_BRACES: Final = Words("braces are half-width: { }", "花括号用半角 { }")
_BRACKETS: Final = Words("brackets are half-width: [ ]", "方括号用半角 [ ]")
_QUOTES: Final = Words("quote with \" or ', not with “ ”", "引号用半角 \" 或 '；“ ”要作为文字的一部分时，外面再加半角引号")
_DASH: Final = ENTRY
_BLANKS: Final = Words("indent with spaces", "缩进用半角空格，不用全角空格、不间断空格或制表符")
_AFTER_KEY: Final = Words("the blanks behind a key are plain ones", "键和冒号之后只用半角空格")
_COMMENT: Final = Words("a comment begins with a half-width #", "注释用半角 # 开头")
_SIGN: Final = Words("the sign is half-width: & * | > !", "这个符号用半角：& * | > !")
_LETTERS: Final = Words("letters and digits of a name are half-width", "名字里的字母和数字用半角")
_INVISIBLE: Final = Words("delete the invisible character, or type the line anew", "请删去看不见的字符，或重新输入这一行")
_MULTILINE: Final = Words("or quote a text of several lines", "若本是几行文字，请加引号")
_ENTRY: Final = Words(f"{_DASH.en}; or quote the text", f"{_DASH.zh}；若本是文字，请加引号")

_DASHES: Final = "－—–―‐‑‒−﹣•·"
_MOST: Final = 4_000  # characters that are looked through: no id, clause or condition is as long
UNSEEN: Final = re.compile(  # the format characters of Unicode, which no font shows
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000110bd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f]"
)
_AFTER_COMMA: Final = re.compile(r"[，；、﹐]\s*[\"']?[\w.-]+[\"']?\s*[：:]")
_KEY: Final = re.compile(rf"[ {ODD_BLANKS}]*(?:-\s+)*[\"']?[\w.-]+[\"']?\s*(?:：|:(?=\S))")
_MOVED: Final = re.compile(rf" *[{ODD_BLANKS}][ {ODD_BLANKS}]*(?:- |[\"']?[\w.<-]+[\"']?:(?:\s|$))")
_STRONG: Final = (  # nothing but a slip looks like this at the head of a line, or within braces
    (re.compile(rf"^ *[{ODD_BLANKS}]"), _BLANKS),
    (re.compile(r"^ *\t"), _BLANKS),
    (re.compile(rf"^ *(?:- +)*(?:[{_DASHES}]|-[{ODD_BLANKS}])"), _DASH),
    (re.compile(rf"^ *(?:- +)*[\"']?[\w.<-]+[\"']?\s*(?:：|:[{ODD_BLANKS}])"), COLON),
    (re.compile(r"^ *(?:- +)*[^\W\d][\w.-]*:[^\s/]"), COLON),
    (re.compile(rf"^ *(?:- +)*[\w.<-]+: *[&\w]* *[{ODD_BLANKS}]"), _AFTER_KEY),
    (re.compile(r"[｛｝﹛﹜]"), _BRACES),
    (re.compile(rf"\{{.*(?:{_AFTER_COMMA.pattern})"), _COMMA),
    (re.compile(r"\{.*[\w.-]\s*："), COLON),
    (re.compile(r"[,{]\s*[^\W\d][\w.-]*:[{\[]"), COLON),
)
_WEAK: Final = (  # a text may hold these; where a file cannot be read at all they are the likeliest reason
    (re.compile(r"[：,，\[{:]\s*[［【〔]|[］】〕]\s*(?:[,，}\]]|$)|\[[^\]]*[］】〕]"), _BRACKETS),
    (re.compile(r"[“”‘’＂＇「」『』]"), _QUOTES),
    (re.compile(r"(?:^|\s)＃"), _COMMENT),
    (re.compile(r"[\[{].*[，；]"), _LISTED),
    (re.compile(r"[:：]\s*[＆＊｜＞！]"), _SIGN),
    (re.compile(r"^ *-[^\s\-\d]"), _DASH),
)
_OPENS: Final = {
    "“": "”",
    "”": "”",
    "‘": "’",
    "’": "’",
    "＂": "＂",
    "＇": "＇",
    "「": "」",
    "『": "』",
    "［": "］",
    "【": "】",
    "〔": "〕",
    "｛": "｝",
}


class Written(NamedTuple):
    """How a text stands in its file: `plain` without quotes, in `flow` within {..} or [..], `listed` as an entry of [..].

    Of `prose` (a title, the name of a source) no more is asked than that it holds no other key; an `expression` reads full-width signs.
    """

    plain: bool = True
    flow: bool = False
    listed: bool = False
    prose: bool = False
    expression: bool = False


def slip_in_text(text: str, written: Written) -> Words | None:
    """What a text holds that was meant as a sign of YAML, as what to write instead; None where it may stand.

    >>> slip_in_text("large，when：面积 > 200", Written(flow=True)) is not None
    True
    >>> slip_in_text("办法（试行），第5条", Written()), slip_in_text("大，when：小", Written(plain=False))
    (None, None)
    """
    if not written.prose and invisible(text) is not None:
        return _INVISIBLE
    if not written.plain or text.isascii():
        return None
    bare = QUOTED.sub("", text[:_MOST])
    if (after := _AFTER_COMMA.search(bare)) is not None and (written.flow or after[0].strip("，；、﹐ ：:\"'").isascii()):
        return _COMMA
    if re.match(rf"[\w.-]+:[{ODD_BLANKS}]", text):
        return COLON
    if written.prose or written.expression:
        return None
    if written.listed and re.search("[，、；]", bare):
        return _LISTED
    if re.search(r"\s＃", bare):
        return _COMMENT
    if text[0] in "＆＊｜＞！":
        return _SIGN
    if text.strip() != text:
        return _AFTER_KEY
    if re.search(f"[{ODD_BLANKS.replace(chr(0x3000), '')}]", text):
        return _BLANKS
    return _wrapped(text)


def _wrapped(text: str) -> Words | None:
    """Full-width quotes or brackets round the whole of a text, or open at its begin or end; those round a part of it belong to it."""
    closing = _OPENS.get(text[0])
    if closing is not None and text.find(closing, 1) in (-1, len(text) - 1):
        return _QUOTES if text[0] in "“”‘’＂＇「『" else _BRACES if text[0] == "｛" else _BRACKETS
    opening = next((left for left, right in _OPENS.items() if right == text[-1] and left != right), None)
    if opening is not None and opening not in text:
        return _QUOTES if text[-1] in "”’」』" else _BRACES if text[-1] == "｝" else _BRACKETS
    return None


def slip_in_place_of_keys(text: str, written: Written = Written()) -> Words | None:  # noqa: B008 - a value
    """What stands below a key, alone on its line, and was meant as a key of its own or as the first entry of a list.

    >>> slip_in_place_of_keys("report：通报") is not None, slip_in_place_of_keys("— 通报") is not None, slip_in_place_of_keys("通报")
    (True, True, None)
    """
    if re.match(r"[\w.-]+\s*：", text):
        return COLON
    return _ENTRY if not (written.prose or written.expression) and re.match(rf"[{_DASHES}]\s", text) else None


def slip_in_key(key: str) -> Words | None:
    """What no key of a file may hold: full-width structure, letters or digits, odd blanks, invisible characters.

    >>> slip_in_key("then：x") is not None, slip_in_key("经营面积（平方米）")
    (True, None)
    """
    if invisible(key) is not None:
        return _INVISIBLE
    if re.search(r"^[A-Za-z_]\w*:", key):
        return COLON
    if key.isascii():
        return None
    if re.search("[：﹕]", key):
        return COLON
    signs = (("[，；]", _COMMA), ("[｛｝]", _BRACES), ("[［］【】]", _BRACKETS), ("[“”‘’＂＇]", _QUOTES), ("＃", _COMMENT))
    for sign, hint in (*signs, (rf"^[{_DASHES}]", _DASH), (f"[{ODD_BLANKS}]", _BLANKS), ("[０-９Ａ-Ｚａ-ｚ＿－]", _LETTERS)):
        if re.search(sign, key):
            return hint
    return None


def slip_on_the_way(lines: Sequence[str], *, expression: bool = False) -> tuple[int, Words] | None:
    """Of the lines over which a text without quotes goes on: the first that is a key or an entry of its own, by number from 0.

    >>> slip_on_the_way(["经营面积 >= 3", "  cite：第5条"])[0]
    1
    """
    for number, line in enumerate(lines[1:], 1):
        bare = line.split(" #")[0]
        if _KEY.match(bare) is not None:
            return number, COLON
        if not expression and re.match(rf"[ {ODD_BLANKS}]*[{_DASHES}]\s", bare):
            return number, Words(f"{_DASH.en}; {_MULTILINE.en}", f"{_DASH.zh}；{_MULTILINE.zh}")
        if re.match(rf"[ {ODD_BLANKS}]*＃", bare):
            return number, _COMMENT
    return None


def slip_in_lines(lines: Sequence[str], first: int, last: int, *, weak: bool = True) -> tuple[int, Words] | None:
    """Where a file cannot be read: the likeliest slip in its lines from `first` to `last` (from 0), and what to write.

    Without `weak` only what nothing but a slip looks like.

    >>> slip_in_lines(["hit：first", "rules:"], 0, 1)[0]
    0
    """
    for number, line in enumerate(lines[: last + 1]):  # a key that is moved out of its place breaks the file much later
        if _MOVED.match(line):
            return number, _BLANKS
    shown = [(number, QUOTED.sub("x", lines[number][:_MOST])) for number in range(max(first, 0), min(last + 1, len(lines)))]
    for pattern, hint in (*_STRONG, *(_WEAK if weak else ())):
        for number, line in shown:
            if pattern.search(line):
                return number, hint
    if not weak:
        return None
    return next(((number, _INVISIBLE) for number, line in shown if invisible(line) is not None), None)


def invisible(text: str) -> str | None:
    """The first character that is not seen (zero-width, byte order mark, soft hyphen), as its code; None where there is none.

    >>> invisible("面积\\u200b"), invisible("面积")
    ('U+200B', None)
    """
    found = None if text.isascii() else UNSEEN.search(text)
    return None if found is None else f"U+{ord(found[0]):04X}"
