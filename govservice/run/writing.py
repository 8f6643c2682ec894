"""Results written to a folder, all of them or nothing: tables, pages, a summary that says what each holds; a run among them."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO, TypeAlias

from govservice import plain_csv
from govservice.errors import Lang, RecordError, Words
from govservice.plain_files import file_digest, system_says
from govservice.run.cells import cell
from govservice.run.figures import figures
from govservice.run.headings import headings
from govservice.run.results import Run
from govservice.run.tables import (
    application_columns,
    application_rows,
    aside_rows,
    case_columns,
    case_rows,
    clock_columns,
    clock_rows,
    item_rows,
)
from govservice.run.whole_folder import clear, is_movable, lies_in, put_in_place
from govservice.show.summary import page

__all__ = ["FILES", "MARK", "Part", "Table", "cell", "check_folder", "put", "tables_of", "write", "written_table"]

MARK: Final = "govservice run"
FILES: Final = ("items.csv", "applications.csv", "cases.csv", "clocks.csv", "set_aside.csv", "summary.html", "summary.json")
_ALWAYS: Final = FILES[-3:]


def check_folder(
    folder: Path, *, force: bool, records: Path | None = None, files: Iterable[str] = _ALWAYS, mark: str = MARK
) -> frozenset[str]:
    """The files of an earlier result that bears the same mark, in a folder. Raise RecordError where results must not be written.

    That is: a file, the folder of the records or one above it, a folder with other things in it (unless `force`), one that has a file of
    somebody else's under a name of `files`, one that cannot be exchanged for another.
    """
    try:
        ours = _written(folder, mark)
        names = set(_names(folder, ours)) if folder.exists() or folder.is_symlink() else set()
        among = records is not None and (lies_in(records, folder) or (bool(names - ours) and lies_in(folder, records)))
        movable = not folder.exists() or is_movable(folder)
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a NUL in the name
        raise _cannot(folder, error) from None
    if among:
        raise RecordError(Words("results would stand among the records", "结果会写进记录文件夹"), hint=_ELSEWHERE, file=str(folder))
    others = names - ours
    if others and not force and "summary.json" not in ours:
        raise RecordError(
            Words("the folder holds other things than an earlier result", "文件夹里有别的东西，不是以前的结果"),
            hint=Words("name a new folder with --out, or add --force to write into this one", "请用 --out 另选文件夹，或加 --force 写入"),
            file=str(folder),
        )
    taken = sorted(others.intersection(files))
    if taken:
        listed = ", ".join(taken)
        raise RecordError(
            Words(
                f"{listed} in the folder is not of an earlier result, or was changed since", f"文件夹里的 {listed} 不是以前的结果，或已改动"
            ),
            hint=Words("move it away, or name another folder with --out", "请把它移走，或用 --out 另选文件夹"),
            file=str(folder),
        )
    if not movable:
        raise RecordError(
            Words("results replace a folder whole, and this one cannot be replaced", "结果要整个替换文件夹，而这个文件夹不能替换"),
            why=Words("it is the working folder, or a file system is mounted there", "它是当前文件夹，或者是挂载点"),
            hint=Words("name a folder within it with --out", "请用 --out 写其中的一个文件夹"),
            file=str(folder),
        )
    return ours


_ELSEWHERE = Words("name another folder with --out", "请用 --out 另选文件夹")


def _names(folder: Path, ours: frozenset[str]) -> Iterator[str]:
    """What lies in a folder by name; of a folder that has files of ours, the names of what it holds."""
    tops = {name.partition("/")[0] for name in ours if "/" in name}
    for entry in folder.iterdir():
        if entry.name in tops and entry.is_dir() and not entry.is_symlink():
            yield from (f"{entry.name}/{inner.name}" for inner in entry.iterdir())
        else:
            yield entry.name


def _written(folder: Path, mark: str) -> frozenset[str]:
    """The files of an earlier result that are as they were written, by what its summary says of them."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8")) if _is_plain(folder / "summary.json") else None
    except (OSError, ValueError, RecursionError):
        return frozenset()
    if not isinstance(summary, dict) or summary.get("made_by") != mark:
        return frozenset()
    files = summary.get("files")
    told = files if isinstance(files, dict) else {}
    names = (name for name in told if name in FILES or _OURS.fullmatch(name))
    return frozenset({"summary.json", *(name for name in names if _digest(folder / name) == told[name])})


_OURS: Final = re.compile(r"[a-z_]+\.csv|cards/[^/\\\0]+\.html")  # no path that leads elsewhere


def _digest(file: Path) -> str | None:
    """What a plain file holds, in short; None where there is none."""
    try:
        return file_digest(file) if _is_plain(file) else None
    except OSError:
        return None


def _is_plain(file: Path) -> bool:
    """Whether it is a file, and no link, pipe or device, which might never end."""
    return stat.S_ISREG(file.lstat().st_mode)


def _cannot(path: Path, error: Exception) -> RecordError:
    return RecordError(Words("the results cannot be written", "结果无法写入"), why=system_says(error), file=str(path))


def write(run: Run, folder: Path, *, force: bool, lang: Lang) -> tuple[Path, ...]:
    """See `Run.write`."""
    summary = figures(run, lang)
    pages: dict[str, Part] = {"summary.html": lambda file: file.write(page({"made_by": MARK} | summary, lang))}
    return put(folder, tables_of(run, lang), pages, summary, mark=MARK, force=force, lang=lang, records=run._read_from)


def put(
    folder: Path,
    tables: Mapping[str, Table],
    pages: Mapping[str, Part],
    summary: Mapping[str, Any],
    *,
    mark: str,
    force: bool,
    lang: Lang,
    records: Path | None,
) -> tuple[Path, ...]:
    """Write tables, pages and a summary aside, and put them in the place of an earlier result that bears the mark; gives the paths.

    A page may lie one folder deep (`cards/..`). Raises RecordError where the folder must not be written (`check_folder`), or cannot.
    """
    columns = {name: dict(zip(ids, heads, strict=True)) for name, (ids, heads, _) in tables.items()}
    parts: dict[str, Part] = {name: written_table(heads, rows, lang) for name, (_, heads, rows) in tables.items()}
    parts |= pages
    try:
        clear(folder.resolve())
        ours = check_folder(folder, force=force, records=records, files=(*parts, "summary.json"), mark=mark)
        put_in_place(folder.resolve(), partial(_fill, parts=parts, summary={"columns": columns, **summary}, mark=mark), ours)
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a NUL in the name
        raise _cannot(folder, error) from None
    return tuple(folder / name for name in (*parts, "summary.json"))


Part: TypeAlias = Callable[[TextIO], object]


class WrittenLines(NamedTuple):
    """Rows that are lines of CSV already."""

    lines: Iterable[str]


Rows: TypeAlias = Iterable[Iterable[object]] | WrittenLines
Table: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], Rows]
"""The ids of its columns, their headings, its rows."""


def tables_of(run: Run, lang: Lang) -> dict[str, Table]:
    """Each table by its file; a run without cases has no table of them."""
    columns = run._columns
    made: dict[str, tuple[tuple[str, ...], Rows] | None] = {"items": _of(item_rows(run)) if run.items else None}
    if columns is None:
        made |= {
            "applications": _of(application_rows(run)) if run.applications else None,
            "cases": _of(case_rows(run)) if run.cases else None,
            "clocks": _of(clock_rows(run)) if run.cases else None,
        }
    else:
        applications, cases, names = columns.applications, columns.cases, run.outcome_names
        made |= {
            "applications": (application_columns(run), WrittenLines(applications.lines(names, lang))) if applications.size else None,
            "cases": (case_columns(run), WrittenLines(cases.lines(names, run.ran.labels, lang))) if cases.size else None,
            "clocks": (clock_columns(), WrittenLines(cases.clock_lines(run.ran.labels, lang))) if cases.size else None,
        }
    made["set_aside"] = _of(aside_rows(run.set_aside, lang))
    return {f"{name}.csv": (table[0], headings(run, name, table[0], lang), table[1]) for name, table in made.items() if table is not None}


def _of(rows: Iterator[Iterable[object]]) -> tuple[tuple[str, ...], Rows]:
    """The columns and the rows of a table."""
    return tuple(map(str, next(rows))), rows


def _fill(folder: Path, parts: Mapping[str, Part], summary: Mapping[str, Any], mark: str) -> None:
    """Write every file, then the summary, which says what each of them holds."""
    for name, part in parts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        encoding = "utf-8-sig" if name.endswith(".csv") else "utf-8"
        with (folder / name).open("x", encoding=encoding, errors="backslashreplace", newline="") as file:
            part(file)
    told = {"made_by": mark, "files": {name: _digest(folder / name) for name in parts}, **summary}
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (folder / "summary.json").write_text(text, encoding="utf-8", errors="backslashreplace", newline="")


def written_table(heads: Sequence[str], rows: Rows, lang: Lang) -> Part:
    """What writes a table as CSV."""

    def write_rows(file: TextIO) -> None:
        out = plain_csv.writer(file)
        out.writerow([cell(value, lang) for value in heads])
        if isinstance(rows, WrittenLines):
            file.writelines(rows.lines)
            return
        for row in rows:
            out.writerow([cell(value, lang) for value in row])

    return write_rows
