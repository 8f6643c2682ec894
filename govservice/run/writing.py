"""A run written to a folder: its tables, the rows set aside, the summary as a page and as JSON; each file whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, TextIO

from govservice.errors import Lang, RecordError, Words
from govservice.limits import TimeLimit
from govservice.run.figures import figures
from govservice.run.results import Run
from govservice.run.tables import application_rows, aside_rows, case_rows, clock_rows, item_rows
from govservice.show.summary import page

__all__ = ["FILES", "check_folder", "write"]

MARK: Final = "govservice run"
FILES: Final = ("items.csv", "applications.csv", "cases.csv", "clocks.csv", "set_aside.csv", "summary.html", "summary.json")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def check_folder(folder: Path, *, force: bool, records: Path | None = None) -> None:
    """Raise RecordError where results must not be written: a file, the folder of the records, a folder with other things in it."""
    try:
        if records is not None and folder.exists() and folder.samefile(records):
            raise RecordError(Words("results would stand among the records", "结果会写进记录文件夹"), hint=_ELSEWHERE, file=str(folder))
        names = {entry.name for entry in folder.iterdir()} if folder.exists() or folder.is_symlink() else set()
    except OSError as error:
        raise _cannot(folder, error) from None
    if names and not force and not _is_result(folder):
        raise RecordError(
            Words("the folder holds other things than an earlier result", "文件夹里有别的东西，不是以前的结果"),
            hint=Words("name a new folder with --out, or add --force to write into this one", "请用 --out 另选文件夹，或加 --force 写入"),
            file=str(folder),
        )


_ELSEWHERE = Words("name another folder with --out", "请用 --out 另选文件夹")


def _is_result(folder: Path) -> bool:
    try:
        with (folder / "summary.json").open(encoding="utf-8") as file:
            summary = json.load(file)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(summary, dict) and summary.get("made_by") == MARK


def _cannot(path: Path, error: OSError) -> RecordError:
    why = error.strerror or str(error)
    return RecordError(Words("the results cannot be written", "结果无法写入"), why=Words(why, why), file=str(path))


def write(run: Run, folder: Path, *, force: bool, lang: Lang) -> tuple[Path, ...]:
    """See `Run.write`."""
    check_folder(folder, force=force)
    summary = {"made_by": MARK} | figures(run, lang)
    parts: dict[str, Callable[[TextIO], None] | None] = {
        "items.csv": _table(item_rows(run), lang) if run.items else None,
        "applications.csv": _table(application_rows(run), lang) if run.applications else None,
        "cases.csv": _table(case_rows(run), lang) if run.cases else None,
        "clocks.csv": _table(clock_rows(run), lang) if run.cases else None,
        "set_aside.csv": _table(aside_rows(run, lang), lang),
        "summary.html": lambda file: _put(file, page(summary, lang)),
        "summary.json": lambda file: _put(file, json.dumps(summary, ensure_ascii=False, indent=2) + "\n"),
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
        case Words():  # a tuple too
            return _safe(value.text(lang))
        case tuple() | list():
            return _safe("; ".join("-" if part is None else cell(part, lang) for part in value))
        case TimeLimit() | int() | float():
            return str(value)
        case _:
            return _safe(str(value))


def _safe(text: str) -> str:
    if not text.startswith(_FORMULA) or text.replace(".", "", 1).lstrip("+-").isdecimal():
        return text
    return f"'{text}"
