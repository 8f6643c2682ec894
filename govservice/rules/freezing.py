"""A rulebook as one file that stands alone: all that it extends within, its settings, and the calendar that it was asked under."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple, cast

from govservice.calendars import WorkCalendar
from govservice.echo import shown
from govservice.errors import NOTHING, Fault, Lang, RecordError, RulebookError, Words
from govservice.plain import digest_of
from govservice.plain_files import NotPlain, read_plain, system_says, write_plain
from govservice.rules.book.files import FROZEN
from govservice.rules.book.marks import Node
from govservice.rules.book.merging import as_file, reshaped
from govservice.rules.book.yamltree import MOST_BYTES, MOST_DEPTH, MOST_NODES
from govservice.rules.rulebook import Rulebook

__all__ = ["FORMAT", "Thawed", "freeze", "thaw"]

FORMAT: Final = "FrozenRulebook/1"
"""The form of the file; the number goes up where an older one could no longer be read."""


class Thawed(NamedTuple):
    """What a frozen file holds: the rulebook, the calendar (None where none was frozen with it), the version that wrote it."""

    book: Rulebook
    calendar: WorkCalendar | None
    version: str


def freeze(book: Rulebook, tree: Mapping[str, Node], path: Path, *, calendar: WorkCalendar | None, force: bool) -> Path:
    """See `Rulebook.freeze`; `tree` is what the book is made of."""
    from govservice import __version__

    if not str(path).endswith(FROZEN):
        what = Words(f"{shown(path.name)} is no name for a frozen rulebook", f"{shown(path.name)} 不能作为封存规则册的文件名")
        raise RulebookError([Fault(what, hint=Words(f"let it end in {FROZEN}", f"请以 {FROZEN} 结尾"))])
    held = {
        "format": FORMAT,
        "made_by": f"govservice {__version__}",
        "rulebook": book.id,
        "title": book.title,
        "on": None if book.as_of_day is None else book.as_of_day.isoformat(),
        "digest": book.digest,
        "calendar": None if calendar is None else calendar.to_dict(),
        "book": as_file(tree),
    }
    text = json.dumps({**held, "seal": digest_of(held)}, ensure_ascii=False, indent=1) + "\n"
    try:
        write_plain(path, text.encode("utf-8", "surrogatepass"), over=force)
    except FileExistsError:
        hint = Words("name another file, or let it be written over: force=True", "请换一个文件名，或用 force=True 允许覆盖")
        raise RulebookError([Fault(Words("the file is there already", "文件已存在"), hint=hint, file=str(path))]) from None
    except (OSError, ValueError) as error:
        raise RulebookError([Fault(Words("the file cannot be written", "文件无法写入"), system_says(error), file=str(path))]) from None
    return path


def thaw(path: str | Path, *, lang: Lang = "en") -> Thawed:
    """The rulebook and the calendar that a frozen file holds.

    Raises RulebookError where the file cannot be read, is none of ours, of a later form, or is not as it was written.
    """
    path = Path(path)
    held = _held(path, lang)
    if held.get("format") != FORMAT:
        form = held.get("format")
        later = str(form).startswith("FrozenRulebook/")
        newer = Words("a newer govservice wrote it: use that one", "它由更新的版本写出，请用那个版本")
        hint = newer if later else Words("Rulebook.freeze writes such a file", "封存文件由 Rulebook.freeze 写出")
        raise _refused(path, lang, Words(f"its format is {shown(form)}, not {FORMAT}", f"其格式为 {shown(form)}，而不是 {FORMAT}"), hint)
    if held.pop("seal", None) != digest_of(held):
        raise _refused(path, lang, Words("it is not as it was written", "它与写出时不一致"), _AGAIN)
    tree = _plain(held.get("book"), path, lang)
    try:
        day = None if held.get("on") is None else date.fromisoformat(held["on"])
    except (ValueError, TypeError):
        raise _refused(path, lang, Words("its day is no date", "其中的日期不成日期")) from None
    try:
        book = Rulebook(*reshaped(tree, {}), as_of_day=day, lang=lang)
    except RulebookError as error:
        raise RulebookError([replace(fault, file=path.name) for fault in error.faults], lang=lang) from None
    if book.digest != held.get("digest"):
        raise _refused(path, lang, Words("its rules do not have the digest that it names", "其中的规则与所记摘要不符"), _AGAIN)
    days = held.get("calendar")
    try:
        calendar = None if days is None else WorkCalendar.from_dict(days)
    except RecordError as error:
        raise _refused(path, lang, Words("its calendar cannot be read", "其中的日历读不了"), why=error.what) from None
    return Thawed(book, calendar, str(held.get("made_by")).removeprefix("govservice "))


_AGAIN: Final = Words("freeze the rulebook again, or take a copy that nobody changed", "请重新封存，或改用未经改动的副本")


def _held(path: Path, lang: Lang) -> dict[str, Any]:
    try:
        raw = read_plain(path, 2 * MOST_BYTES)
        if len(raw) > 2 * MOST_BYTES:
            raise _refused(path, lang, Words("it is more than 10 MB", "文件超过 10 MB"))
        held = json.loads(raw)
    except FileNotFoundError:
        raise _refused(path, lang, Words("there is no such file", "没有这个文件")) from None
    except (NotPlain, OSError) as error:
        said = system_says(error)
        raise _refused(path, lang, Words(f"the file cannot be read: {said.en}", f"文件读不了：{said.zh}")) from None
    except (ValueError, RecursionError):
        raise _refused(path, lang, Words("it is no JSON", "不是 JSON")) from None
    if not isinstance(held, dict):
        raise _refused(path, lang, Words("it is no object", "不是对象"))
    return held


def _plain(tree: object, path: Path, lang: Lang) -> dict[str, Node]:
    """The tree, where it is as a rulebook file gives it: texts, lists and mappings, neither too deep nor too many."""
    seen = 0
    level: list[Any] = [tree]
    for _ in range(MOST_DEPTH):
        seen += len(level)
        if seen > MOST_NODES or not all(isinstance(node, str | list | dict) for node in level):
            break
        level = [part for node in level if not isinstance(node, str) for part in (node.values() if isinstance(node, dict) else node)]
        if not level:
            break
    if level or not isinstance(tree, dict):
        raise _refused(path, lang, Words("its rules are no rulebook", "其中的规则不成规则册"))
    return cast("dict[str, Node]", tree)


def _refused(path: Path, lang: Lang, what: Words, hint: Words = NOTHING, why: Words = NOTHING) -> RulebookError:
    return RulebookError([Fault(what, why, hint, file=path.name)], lang=lang)
