"""A run written to a folder: three tables, the rows set aside, the summary as a page and as JSON; each file whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, TextIO

from govservice.errors import Lang, RecordError, Words
from govservice.limits import TimeLimit
from govservice.run.figures import figures
from govservice.run.page import page
from govservice.run.results import Due, Run, WhatItIs

__all__ = ["FILES", "check_folder", "write"]

MARK: Final = "govservice run"
FILES: Final = ("items.csv", "applications.csv", "cases.csv", "set_aside.csv", "summary.html", "summary.json")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

_WHAT = ("case_type", "label", "national_code", "rule", "cite", "open", "possible", "undecided")
_DUE = ("due_on", "due_clock", "due_official", "due_late", "due_warning", "due_undecided")


def check_folder(folder: Path, *, force: bool, records: Path | None = None) -> None:
    """Raise RecordError where results must not be written: a file, the folder of the records, a folder with other things in it."""
    try:
        if records is not None and folder.exists() and folder.samefile(records):
            raise RecordError(Words("results would stand among the records", "结果会写进记录文件夹"), hint=_ELSEWHERE, file=str(folder))
        held = {one.name for one in folder.iterdir()} if folder.exists() or folder.is_symlink() else set()
    except OSError as error:
        raise _cannot(folder, error) from None
    if held and not force and not _is_result(folder):
        raise RecordError(
            Words("the folder holds other things than an earlier result", "文件夹里有别的东西，不是以前的结果"),
            hint=Words("name a new folder with --out, or add --force to write into this one", "请用 --out 另选文件夹，或加 --force 写入"),
            file=str(folder),
        )


_ELSEWHERE = Words("name another folder with --out", "请用 --out 另选文件夹")


def _is_result(folder: Path) -> bool:
    try:
        with (folder / "summary.json").open(encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("made_by") == MARK


def _cannot(path: Path, error: OSError) -> RecordError:
    said = error.strerror or str(error)
    return RecordError(Words("the results cannot be written", "结果无法写入"), why=Words(said, said), file=str(path))


def write(run: Run, folder: Path, *, force: bool, lang: Lang) -> tuple[Path, ...]:
    """See `Run.write`."""
    check_folder(folder, force=force)
    found = {"made_by": MARK} | figures(run, lang)
    parts: dict[str, Callable[[TextIO], None] | None] = {
        "items.csv": _table(_item_rows(run), lang) if run.items else None,
        "applications.csv": _table(_application_rows(run), lang) if run.applications else None,
        "cases.csv": _table(_case_rows(run), lang) if run.cases else None,
        "set_aside.csv": _table(_aside_rows(run, lang), lang),
        "summary.html": lambda file: _put(file, page(found, lang)),
        "summary.json": lambda file: _put(file, json.dumps(found, ensure_ascii=False, indent=2) + "\n"),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, part in parts.items():
            if part is None:
                (folder / name).unlink(missing_ok=True)  # of an earlier result
            else:
                _whole(folder / name, part, "utf-8-sig" if name.endswith(".csv") else "utf-8")
    except OSError as error:
        raise _cannot(folder, error) from None
    return tuple(folder / name for name, part in parts.items() if part is not None)


def _whole(path: Path, part: Callable[[TextIO], None], encoding: str) -> None:
    """Write a file beside its place, then put it there."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding=encoding, errors="backslashreplace", newline="") as file:
            part(file)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def _put(file: TextIO, text: str) -> None:
    file.write(text)


def _table(rows: Iterable[Iterable[object]], lang: Lang) -> Callable[[TextIO], None]:
    def write_rows(file: TextIO) -> None:
        out = csv.writer(file)
        for row in rows:
            out.writerow([cell(value, lang) for value in row])

    return write_rows


def cell(value: object, lang: Lang = "en") -> str:
    """A value as a cell of a table; text that a spreadsheet would run as a formula gets an apostrophe in front.

    >>> cell(True), cell(True, "zh"), cell(None), cell(date(2026, 2, 13)), cell("=1+1"), cell(("a", "b")), cell("-5")
    ('true', '是', '', '2026-02-13', "'=1+1", 'a; b', '-5')
    """
    match value:
        case None:
            return ""
        case bool():
            return ("是" if value else "否") if lang == "zh" else str(value).lower()
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:f}"
        case tuple() | list():
            return _safe("; ".join("-" if one is None else cell(one, lang) for one in value))
        case Words():
            return value.text(lang)
        case TimeLimit() | int() | float():
            return str(value)
        case _:
            return _safe(str(value))


def _safe(text: str) -> str:
    if not text.startswith(_FORMULA) or text.replace(".", "", 1).lstrip("+-").isdecimal():
        return text
    return f"'{text}"


# -- the tables


def _item_rows(run: Run) -> Iterator[tuple[object, ...]]:
    yield (
        "id", "item_name", "department", "case_type", "label", "national_code", "promised_days", "statutory_days", "lacks", *_DUE,
    )  # fmt: skip
    for one in run.items:
        yield (
            one.id, one.name, one.department, one.case_type, one.label, one.national_code, one.promised_days, one.statutory_days, one.lacks,
            *_due(one.due),
        )  # fmt: skip


def _application_rows(run: Run) -> Iterator[tuple[object, ...]]:
    names = [name for name in run.outcome_names if name != "case_type"]
    yield ("id", "on", *_WHAT, *names, "notices")
    for one in run.applications:
        yield (one.id, one.on, *_what(run, one.what))


def _case_rows(run: Run) -> Iterator[tuple[object, ...]]:
    names = [name for name in run.outcome_names if name != "case_type"]
    clocks = [column for clock in run.clock_names for column in (f"{clock}.due", f"{clock}.official", f"{clock}.late")]
    yield ("id", "application", "item", "on", *_WHAT, *names, "notices", *_DUE, *clocks, "closed_on", "missing")
    for one in run.cases:
        held = {due.clock: due for due in one.dues}
        read = [value for clock in run.clock_names for value in _clock(held.get(clock))]
        yield (one.id, one.application, one.item, one.on, *_what(run, one.what), *_due(one.due), *read, one.closed_on, one.missing)


def _what(run: Run, what: WhatItIs) -> Iterator[object]:
    yield from (getattr(what, name) for name in _WHAT)
    yield from (value for name, value in zip(run.outcome_names, what.outcomes, strict=True) if name != "case_type")
    yield what.notices


def _due(due: Due | None) -> tuple[object, ...]:
    if due is None:
        return (None,) * len(_DUE)
    return (due.due_on, due.clock, due.official, due.late, due.warning, due.undecided)


def _clock(due: Due | None) -> tuple[object, ...]:
    return (None, None, None) if due is None else (due.due, due.official, due.late)


def _aside_rows(run: Run, lang: Lang) -> Iterator[tuple[object, ...]]:
    yield ("table", "file", "line", "id", "field", "reason", "row")
    for one in run.set_aside:
        yield (one.table, one.file, one.line, one.id, one.field, one.reason.text(lang), _json(one.row))


def _json(row: Mapping[str, object]) -> str:
    """The row as JSON; what JSON has no form for (NaN, a value nested beyond all use) as text."""
    plain = {name: str(value) if isinstance(value, float) else value for name, value in row.items()}
    try:
        return json.dumps(plain, ensure_ascii=False, default=str, allow_nan=False)
    except (ValueError, RecursionError):
        return json.dumps({name: value if isinstance(value, str) else "..." for name, value in plain.items()}, ensure_ascii=False)
