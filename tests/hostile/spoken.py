"""What holds of every error and every result, whatever was asked: it can be shown, in both languages, in short, and steers nobody's terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import govservice
from govservice.errors import GovServiceError, RulebookError
from govservice.rules.book.marks import MOST_FAULTS

__all__ = ["STEERING", "broken_error", "broken_result", "foreign"]

STEERING: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_OF_YAML: Final = re.compile(r"\b(?:did not|found|expected|scanning|could not|mapping values)\b")
_QUOTED: Final = re.compile(r"“.*?”|'.*?'|\".*?\"|`.*?`|^[^\n]*\n *\^+", re.MULTILINE)
_LONGEST: Final = 20_000
_HOME: Final = str(Path(govservice.__file__).parent)


def broken_error(error: GovServiceError, *, whole_file: str | None = None) -> str | None:
    """What is wrong with an error of the library's own; of a book, each fault of `whole_file` says its line."""
    try:
        english, chinese, short = str(error), error.text("zh"), repr(error)
    except Exception as other:
        return f"str: {foreign(other)}"
    faults = error.faults if isinstance(error, RulebookError) else ()
    if len(faults) > MOST_FAULTS + 1:
        return "more faults than are listed"
    longest = max(map(len, (fault.text() for fault in faults)), default=len(english))
    if longest > _LONGEST or len(short) > _LONGEST:
        return f"a message of {longest:,} characters"
    if STEERING.search(english.replace("\n", " ")) or STEERING.search(chinese.replace("\n", " ")) or STEERING.search(short):
        return f"shows what steers a terminal: {english[:80]!a}"
    if not english or not chinese or not any("\u4e00" <= sign <= "\u9fff" for sign in chinese):
        return f"says nothing in Chinese: {english[:80]!a}"
    if whole_file is not None:
        no_line = next((fault.what.en for fault in faults if fault.file == whole_file and fault.line is None), None)
        if no_line is not None:
            return f"no line: {no_line[:80]}"
        if (english_left := _OF_YAML.search(_QUOTED.sub("", "\n".join(fault.text("zh") for fault in faults[:50])))) is not None:
            return f"English in Chinese: {english_left.group()}: {chinese[:80]!a}"
    return None


def broken_result(result: Any) -> str | None:
    """What is wrong with a result: it reads back as itself, explains itself in both languages, has a short repr and a page of its own."""
    kind = type(result)
    written = result.to_json()
    again = kind.from_json(written)
    if again.to_json() != written or not _equal(again, result, written):
        return f"{kind.__name__} is not read back as itself"
    if len(repr(result)) > _LONGEST:
        return f"{kind.__name__}: a repr of {len(repr(result)):,} characters"
    if hasattr(result, "explain"):
        for lang in ("en", "zh"):
            if STEERING.search(result.explain(lang).replace("\n", " ")):
                return f"{kind.__name__}.explain({lang}) shows what steers a terminal"
    if hasattr(result, "_repr_html_") and "<script" in result._repr_html_():
        return f"{kind.__name__}: markup in a page"
    return None


def _equal(one: Any, other: Any, written: str) -> bool:
    """Equal, but for the NaN of a row as it was given, which equals nothing."""
    return "nan" in written.lower() or bool(one == other)


def foreign(error: BaseException) -> str:
    """An error that is none of the library's: its kind, the last line of the library that it went through, its text."""
    at, frame = "", error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename.startswith(_HOME):
            at = f"{frame.tb_frame.f_code.co_filename.removeprefix(_HOME)}:{frame.tb_lineno}"
        frame = frame.tb_next
    try:
        return f"{type(error).__name__}: {at}: {str(error)[:100]!a}"
    except Exception:
        return f"{type(error).__name__}: {at}"
