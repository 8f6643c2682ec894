"""A folder of records -> the ledger that scores and grades are worked out from; rows keep the numbers of their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from govservice.assessment.ledger import Ledger, Unread
from govservice.assessment.remarks import Remarks
from govservice.clockwork.course import meant_table
from govservice.clockwork.history import MOVING
from govservice.errors import RecordError, Words
from govservice.records.folder import Records, read_records
from govservice.records.rows import Row, SetAside
from govservice.records.vocabulary import MARKS
from govservice.rules.language.facts import unsaid, written
from govservice.rules.rulebook import AnyBook, book_of

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["FolderRead", "ledger_at", "ledger_of_folder", "rows_of_folder"]


class FolderRead(NamedTuple):
    """A folder read: its ledger, the rows set aside, what else must be said of the records, the lines of the rows of each table.

    `told` are the remarks that `set_aside` says already.
    """

    ledger: Ledger
    set_aside: tuple[SetAside, ...]
    notes: tuple[Words, ...]
    lines: Mapping[str, Sequence[int]]
    told: frozenset[Words]


def ledger_of_folder(records: Records, book: AnyBook) -> FolderRead:
    """The rows of a folder that was opened with `assessed=True`, and those set aside, which the scorecards tell of too.

    A row of pauses or extensions that cannot be used, and a file that is named like them and was not read, leave open the clocks that they
    might move. Raises RecordError where a file as a whole cannot be read.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from govservice import score
    >>> from govservice.records import read_records
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = "事件种类,窗口,发生日\\nuntidy,W1,2026-10-12\\nuntidy,W1,十月\\n"
    ...     _ = (Path(folder) / "events.csv").write_text(text, encoding="utf-8")
    ...     _ = (Path(folder) / "cases.csv").write_text("办件编号\\n", encoding="utf-8")
    ...     read = ledger_of_folder(read_records(folder, book="kunshan", assessed=True), "kunshan")
    >>> score("kunshan", "window_month", read.ledger, subject="W1", period="2026-10").parts["cleanliness"].total, read.set_aside[0].line
    (9, 3)
    """
    given: dict[str, list[Mapping[str, Any]]] = {}
    numbers: dict[str, list[int]] = {}
    unread: dict[str, list[Unread]] = {}
    aside: list[SetAside] = []
    contents = book_of(book).contents
    told = Remarks(contents.in_chinese)
    for name in records.sources:
        table = records.words[name].table
        given[table], numbers[table] = [], []
        for row in records.rows(name):
            if isinstance(row, Row):
                given[table].append(_facts(row))
                numbers[table].append(row.line)
            else:
                aside.append(row)
                why = Words(*(f"{row.field}: {text}" if row.field else text for text in (row.reason.en, row.reason.zh)))
                unread.setdefault(table, []).append(
                    Unread(row.line, why, row.id if table in MOVING else None, _whose(row, records, name, contents))
                )
                told.aside(table, row.line, RecordError(why))
    for file in records.not_read:
        table = meant_table(file.partition(".")[0], contents)[0] or ""
        if table in MOVING and table not in given:
            why = Words(f"{file} was not read: is it {table}?", f"{file} 未读取：它是不是{contents.in_chinese(table).rstrip()}？")
            unread.setdefault(table, []).append(Unread(None, why))
    ledger = Ledger(given, numbers, unread)
    before = frozenset(told.words)
    notes = tuple(words for words in ledger.under(contents).remarks.words if words not in before)
    return FolderRead(ledger, tuple(aside), notes, numbers, before)


def ledger_at(place: str | Path, book: AnyBook) -> Ledger:
    """The ledger of a folder or database; see `scoring.read_ledger`."""
    return ledger_of_folder(read_records(place, book=book, assessed=True), book).ledger


def _whose(row: SetAside, records: Records, name: str, contents: Contents) -> Mapping[str, Any]:
    """Whose a row that was set aside says that it is: what it gives in the columns that name a case or a subject, as they stand."""
    words, mapped = records.words[name], dict(records.sources[name].mapping.columns)
    said: dict[str, Any] = {}
    for heading, value in row.row.items():
        for fact in contents.keys:
            column = mapped.get(fact)
            stands = words.fact(heading) == fact if column is None else column.column == heading and column.values is None
            if stands and not unsaid(value):
                said[fact] = written(value).strip()
    return said


def rows_of_folder(records: Records) -> dict[str, list[Mapping[str, Any]]]:
    """The rows of a folder by table, as an answer that is kept holds them.

    Raises RecordError where a row is set aside, or a file was not read that may tell of pauses or extensions: the answer would rest on more
    than it holds.
    """
    given: dict[str, list[Mapping[str, Any]]] = {}
    for name in records.sources:
        rows = given.setdefault(records.words[name].table, [])
        for row in records.rows(name):
            if not isinstance(row, Row):
                what = Words(
                    f"an answer cannot be kept while a row is set aside: {row.text('en')}", f"有搁置的行，答复不能留存：{row.text('zh')}"
                )
                raise RecordError(what, hint=Words("mend the row, or take it out", "请改好或去掉这一行"))
            rows.append(_facts(row))
    return given


def _facts(row: Row) -> Mapping[str, Any]:
    return {**_marked(row.facts), **dict(row.course), **dict(row.unread)}


def _marked(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a row; marks that stand in columns of their schemes (`assessed.window_month`) as one mapping."""
    marks = {name.partition(".")[2]: value for name, value in facts.items() if name.startswith(f"{MARKS}.")}
    if not marks:
        return dict(facts)
    plain = {name: value for name, value in facts.items() if not name.startswith(f"{MARKS}.")}
    return plain | {MARKS: marks}
