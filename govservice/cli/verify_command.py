"""`govservice verify`: answers and reports worked out again. `govservice freeze`: a rulebook as one file that stands alone."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from govservice.audit import CitedAnswer, Verified, is_report, verify, verify_report
from govservice.calendars import WorkCalendar
from govservice.cli.answering import Grid, tell
from govservice.cli.console import Console
from govservice.cli.given import stdin_text
from govservice.cli.places import calendar_of
from govservice.errors import GovServiceError, RecordError, Words
from govservice.rules import load_rulebook
from govservice.rules.book.files import FROZEN

__all__ = ["freeze_command", "verify_command"]


def verify_command(options: Namespace, console: Console) -> int:
    """Work each file's answer out again: 0 where all are the same and as they were sealed, else 1."""
    found = [("stdin" if file == Path("-") else str(file), _verified(str(file), options, console)) for file in options.files]
    plain = [_row(file, one, console) for file, one in found]
    tell(console, options.format, plain, Grid(_COLUMNS, [_cells(file, one) for file, one in found]), lambda: _say(found, console))
    return 0 if all(_is_same(one) for _, one in found) else 1


def _say(found: Sequence[tuple[str, Verified | GovServiceError]], console: Console) -> None:
    for file, one in found:
        said = one.explain(console.lang) if isinstance(one, Verified) else one.text(console.lang)
        console.picture(said if said.startswith(f"{file}: ") else f"{file}: {said}")
    if len(found) > 1:
        same = sum(_is_same(one) for _, one in found)
        console.say(Words(f"{same} of {len(found)} the same", f"共 {len(found)} 份，相同 {same} 份"))


_COLUMNS: Final = (
    ("file", Words("file", "文件")),
    ("verb", Words("answer", "答复")),
    ("same", Words("same", "相同")),
    ("intact", Words("intact", "完好")),
    ("differences", Words("differences", "不同处")),
    ("reasons", Words("why", "原因")),
)


def _cells(file: str, one: Verified | GovServiceError) -> tuple[object, ...]:
    if not isinstance(one, Verified):
        return file, None, None, None, None, Words(one.text("en"), one.text("zh"))
    return (
        file,
        one.verb,
        one.same,
        one.intact,
        len(one.differences) + one.more,
        one.reasons if one.fault is None else (one.fault, *one.reasons),
    )


def _verified(file: str, options: Namespace, console: Console) -> Verified | GovServiceError:
    """What became of one answer, or why it could not be looked at; others are looked at all the same."""
    try:
        calendar = calendar_of(options) if options.calendar or options.known_on or options.notice else None
        if file != "-" and is_report(Path(file)):
            return _report(file, options, calendar, console)
        answer = CitedAnswer.from_json(stdin_text()) if file == "-" else CitedAnswer.read(file)
        named = {"before": options.before, "after": options.after} if options.before or options.after else None
        book: Any = {name: source for name, source in named.items() if source} if named else _book(options, console)
        return verify(answer, book=book, calendar=calendar, records=options.records)
    except GovServiceError as error:
        return error


def _report(folder: str, options: Namespace, calendar: WorkCalendar | None, console: Console) -> Verified:
    if options.records is None:
        what = Words("a report is made again from its records", "报告要用原来的记录重新生成")
        raise RecordError(what, hint=Words("give their folder: --records DIR", "请给出记录文件夹：--records"), file=folder)
    return verify_report(folder, options.records, book=_book(options, console), calendar=calendar, mapping=options.mapping)


def _book(options: Namespace, console: Console) -> Any:
    given = options.rulebook is not None and options.set
    return load_rulebook(options.rulebook, settings=dict(options.set), lang=console.lang) if given else options.rulebook


def _is_same(one: Verified | GovServiceError) -> bool:
    return isinstance(one, Verified) and one.same and one.intact


def _row(file: object, one: Verified | GovServiceError, console: Console) -> dict[str, object]:
    told: dict[str, object] = one.to_dict() if isinstance(one, Verified) else {"fault": one.text(console.lang)}
    return {"file": str(file), **told}


def freeze_command(options: Namespace, console: Console) -> int:
    """Write the book, with what it extends, its settings and the calendar, as one file."""
    book = load_rulebook(options.book, settings=dict(options.set), lang=console.lang)
    book = book if options.on is None else book.on(options.on)
    path = book.freeze(options.out or f"{book.id}{FROZEN}", calendar=calendar_of(options), force=options.force)
    console.say(Words(f"{path}: {book.id}, digest {book.digest}", f"{path}：{book.id}，摘要 {book.digest}"))
    return 0
