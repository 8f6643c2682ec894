"""A report that `run` or `assess` wrote into a folder, made again from its records: the same files, or which differ and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from govservice.audit.verifying import (
    MOST,
    AnswerChange,
    Verified,
    another_calendar,
    another_version,
    changes,
    frozen_or_loaded,
    with_settings_of_then,
)
from govservice.calendars import WorkCalendar, china
from govservice.echo import shown
from govservice.errors import GovServiceError, Lang, RecordError, Words
from govservice.plain_files import file_digest
from govservice.reading import as_day, as_when
from govservice.records import read_records
from govservice.records.addresses import as_address
from govservice.rounds import assess
from govservice.rules.book.files import shipped_books
from govservice.rules.rulebook import AnyBook, Rulebook
from govservice.run import run

__all__ = ["is_report", "verify_report"]

_MOST_BYTES: Final = 500_000_000
_ASIDE: Final = ("files", "version", "made_by", "calendar", "rulebook")  # told apart, or with the tables


def is_report(path: Path) -> bool:
    """Whether a folder is one that `run` or `assess` wrote."""
    return (path / "summary.json").is_file()


def verify_report(
    folder: str | Path,
    records: str | Path,
    *,
    book: AnyBook | None = None,
    calendar: WorkCalendar | None = None,
    mapping: str | Path | None = None,
) -> Verified:
    """Make a report again from its records, and say whether every file of it is the same.

    `folder` is what `govservice run` or `assess` wrote, `records` the folder, or the address of the database, that it was made from.
    `book` is the rulebook to ask, without it the shipped one of the same id with the settings that were given; a frozen one brings its
    calendar. Of `assess` the schemes and decisions are taken that the report has, for everybody. The day that counted as today and all
    else that was asked are the report's own.
    Raises RecordError for a folder that is no report, RulebookError for a book that cannot be loaded.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     records, out = Path(folder, "records"), Path(folder, "out")
    ...     records.mkdir()
    ...     _ = (records / "cases.csv").write_text("办件编号,收件日,材料补齐日,承诺工作日数\\nC1,2026-02-13,2026-02-13,5\\n", "utf-8")
    ...     _ = run("kunshan", read_records(records)).write(out)
    ...     verify_report(out, records).same
    True
    """
    folder, records = Path(folder), records if as_address(records) is not None else Path(records)
    told = _summary(folder)
    again = _MAKERS.get(told.get("made_by"))
    if again is None:
        mark = shown(told.get("made_by"))
        raise RecordError(Words(f"reports of {mark} are not made again", f"{mark} 的报告不能重新生成"), file=str(folder))
    frozen, days = (None, None) if book is None else frozen_or_loaded(book)
    asked = with_settings_of_then(frozen or _shipped(told), told["rulebook"]["settings"])
    counted = calendar or days or china()
    intact = all(_digest(folder / name) == digest for name, digest in told["files"].items())
    reasons = tuple(_reasons(told, asked, counted, intact=intact))
    verb = str(told["made_by"]).removeprefix("govservice ")
    try:
        found = _compared(told, again(told, asked, records, counted, mapping))
    except GovServiceError as error:
        fault = Words(error.text("en"), error.text("zh"))
        return Verified(verb, same=False, intact=intact, differences=(), more=0, reasons=reasons, fault=fault)
    first = tuple(islice(iter(found), MOST))
    return Verified(verb, same=not found, intact=intact, differences=first, more=len(found) - len(first), reasons=reasons)


Writing = Callable[[Path, Lang], object]
"""What writes a report that was made again into a folder, in a language."""
Making = Callable[[Mapping[str, Any], Rulebook, str | Path, WorkCalendar, Any], Writing]


def _run_again(told: Mapping[str, Any], book: Rulebook, records: str | Path, calendar: WorkCalendar, mapping: Any) -> Writing:
    asked = told["asked"]
    on, accepted_on = (None if asked[name] is None else as_day(asked[name]) for name in ("on", "accepted_on"))
    now = None if asked["now"] is None else as_when(asked["now"])
    read = read_records(records, book=book, mapping=mapping, zone=calendar.tz)
    done = run(book, read, on=on, accepted_on=accepted_on, now=now, calendar=calendar)
    return lambda out, lang: done.write(out, lang=lang)


def _assess_again(told: Mapping[str, Any], book: Rulebook, records: str | Path, calendar: WorkCalendar, mapping: Any) -> Writing:
    asked = told["asked"]
    ids = list(dict.fromkeys(step["id"] for step in told["steps"]))
    schemes, decisions = [id for id in ids if id in book.schemes], [id for id in ids if id not in book.schemes]
    read = read_records(records, book=book, mapping=mapping, assessed=True, zone=calendar.tz)
    now = None if asked["now"] is None else as_when(asked["now"])
    done = assess(book, read, period=asked["period"], schemes=schemes, decisions=decisions, now=now, calendar=calendar)
    pages = any(name.startswith("cards/") for name in told["files"])
    return lambda out, lang: done.write(out, lang=lang, pages=pages)


_MAKERS: Final[Mapping[Any, Making]] = {"govservice run": _run_again, "govservice assess": _assess_again}


def _compared(told: Mapping[str, Any], write: Writing) -> list[AnswerChange]:
    """Where the report made again differs: in the language in which it differs least."""
    best: list[AnswerChange] | None = None
    for lang in ("zh", "en"):
        with TemporaryDirectory() as aside:
            out = Path(aside) / "out"
            write(out, lang)
            found = list(_changed(told, json.loads((out / "summary.json").read_text(encoding="utf-8"))))
        if best is None or len(found) < len(best):
            best = found
        if not best:
            break
    return best or []


def _changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[AnswerChange]:
    """The figures that differ, then the files; a page shows the versions and digests that are told apart, and is left to its figures."""
    parts = [{name: part for name, part in told.items() if name not in _ASIDE} for told in (was, now)]
    yield from changes(parts[0], parts[1], "summary.json")
    for name in dict.fromkeys((*was["files"], *now["files"])):
        before, after = was["files"].get(name), now["files"].get(name)
        if before != after and not name.endswith(".html"):
            yield AnswerChange(name, before, after)


def _reasons(told: Mapping[str, Any], book: Rulebook, calendar: WorkCalendar, *, intact: bool) -> Iterator[Words]:
    from govservice import __version__

    if not intact:
        yield Words("files of the report are not as they were written", "报告里有文件与写出时不一致")
    was = str(told["rulebook"]["digest"])
    if was != book.digest:
        digests = f"{was[:12]} -> {book.digest[:12]}"
        yield Words(f"rulebook {book.id} is another ({digests})", f"规则册 {book.id} 不同（{digests}）")
    days = told.get("calendar")
    if days is not None and days["digest"] != calendar.digest:
        yield another_calendar(calendar, days["official_through"])
    if told["version"] != __version__:
        yield another_version(told["version"])


def _shipped(told: Mapping[str, Any]) -> Rulebook:
    id = told["rulebook"]["id"]
    if id not in shipped_books():
        what = Words(f"the report rests on a rulebook of its own: {id}", f"该报告依据自有的规则册：{id}")
        raise RecordError(what, hint=Words("give its file, or one that was frozen", "请给出该规则册的文件，或当时封存的文件"))
    book, _ = frozen_or_loaded(id)
    return book


def _summary(folder: Path) -> dict[str, Any]:
    path = folder / "summary.json"
    no_report = Words("this is no report of run or assess", "这不是 run 或 assess 写出的报告")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RecordError(no_report, file=str(path))
        told = json.loads(path.read_text(encoding="utf-8"))
        if {"made_by", "files", "rulebook", "version", "asked"} <= told.keys() and told["files"].items() and _is_whole(told):
            return dict(told)
    except (OSError, ValueError, RecursionError, AttributeError, TypeError, KeyError):
        pass
    raise RecordError(no_report, file=str(path))


_ASKED: Final[Mapping[Any, tuple[str, ...]]] = {
    "govservice run": ("on", "accepted_on", "now"),
    "govservice assess": ("period", "now"),
}


def _is_whole(told: Mapping[str, Any]) -> bool:
    """Whether a summary of a kind that is made again says all that this takes, each of its kind. Raises KeyError, TypeError where not."""
    made_by = told["made_by"]
    if made_by not in _MAKERS:  # TypeError for what is no text
        return True  # told by what made it
    book, asked, days = told["rulebook"], told["asked"], told.get("calendar")
    texts = [told["version"], book["id"], book["digest"], *told["files"]]
    texts += [text for name in _ASKED[made_by] if (text := asked[name]) is not None]
    texts += [days["digest"], days["official_through"]] if days is not None else []
    texts += [step["id"] for step in told["steps"]] if made_by == "govservice assess" else []
    return all(isinstance(text, str) for text in texts) and isinstance(book["settings"], Mapping)


def _digest(path: Path) -> str | None:
    try:
        return file_digest(path)
    except OSError:
        return None
