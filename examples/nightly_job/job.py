"""The job: block by block through a cursor on the server; each block's rows and how far it came are written in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any, Final

import psycopg
from psycopg import sql

from govservice import Rulebook, WorkCalendar

from .reading import FACTS, Night, Read

BLOCK: Final = 20_000  # cases
_COLUMNS: Final = sql.SQL(", ").join(map(sql.Identifier, FACTS))
_CASES: Final = sql.SQL("SELECT case_number, {} FROM open_cases WHERE case_number > %s ORDER BY case_number").format(_COLUMNS)
_PAUSES: Final = """
    SELECT case_number, kind, from_on, to_on, told FROM pauses WHERE case_number BETWEEN %s AND %s
    ORDER BY case_number, from_on, kind, to_on
"""
_BEGUN: Final = "SELECT book_digest, calendar_digest, done_through, cases, finished FROM nights WHERE night = %s"
_BEGIN: Final = "INSERT INTO nights VALUES (%s, %s, %s, '', 0, false)"
_ONE_AT_A_TIME: Final = 7_421_330_611  # any number that no other program of the database takes


class AnotherNight(Exception):
    """The night was begun under another rulebook or calendar, or another job is at work."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many cases were read: by this call, and in all."""

    now: int
    in_all: int


def work(
    address: str, book: Rulebook, calendar: WorkCalendar, day: date, *, again: bool = False, block: int = BLOCK,
    told: Callable[[int], None] = lambda _: None,
) -> Done:  # fmt: skip
    """Read the clock of every open case as of the night of `day`.

    What was stopped is gone on with behind the last case that was written; a night that is finished is left as it is. `again` does it
    afresh: with the same cases, book and calendar the rows are the same. `told` hears how many cases are read after every block.
    Raises AnotherNight where the night was begun under another book or calendar, or another job is at work; psycopg.Error.
    """
    with closing(psycopg.connect(address)) as reader, closing(psycopg.connect(address)) as writer:
        reader.isolation_level, reader.read_only = psycopg.IsolationLevel.REPEATABLE_READ, True
        done_through, before, finished = _begun(writer, book, calendar, day, again=again)
        if finished:
            return Done(0, before)
        night, read = Night(book, calendar, day), before
        for cases in _blocks(reader, done_through, block):
            readings = night.read([case[1:] for case in cases], _paused(reader, cases))
            read += len(cases)
            _write(writer, day, [case[0] for case in cases], readings, read)
            told(read)
        writer.execute("UPDATE nights SET finished = true WHERE night = %s", (day,))
        writer.commit()
        return Done(read - before, read)


def make_tables(address: str) -> None:
    """Make the tables where they are lacking."""
    with psycopg.connect(address) as connection:
        connection.execute(files(__package__).joinpath("schema.sql").read_bytes())


def _begun(writer: psycopg.Connection[Any], book: Rulebook, calendar: WorkCalendar, day: date, *, again: bool) -> tuple[str, int, bool]:
    """How far the night came: the last case, how many, whether it is finished. One job at a time holds the lock until it ends."""
    taken = writer.execute("SELECT pg_try_advisory_lock(%s)", (_ONE_AT_A_TIME,)).fetchone()
    if not (taken and taken[0]):
        raise AnotherNight("another job is at work")
    if again:
        for statement in (
            "DELETE FROM due_days WHERE night = %s",
            "DELETE FROM alarms WHERE night = %s",
            "DELETE FROM nights WHERE night = %s",
        ):
            writer.execute(statement, (day,))
    begun = writer.execute(_BEGUN, (day,)).fetchone()
    if begun is None:
        writer.execute(_BEGIN, (day, book.digest, calendar.digest))
        writer.commit()
        return "", 0, False
    if begun[:2] != (book.digest, calendar.digest):
        raise AnotherNight(f"the night of {day} was begun under another rulebook or calendar; do it again")
    return begun[2], begun[3], begun[4]


def _blocks(reader: psycopg.Connection[Any], after: str, size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The cases behind one, as they were when the job began; no more than a block of them is here at once."""
    with reader.cursor(name="open_cases", scrollable=False) as cursor:
        cursor.execute(_CASES, (after,))
        while block := cursor.fetchmany(size):
            yield block


def _paused(reader: psycopg.Connection[Any], cases: Sequence[tuple[Any, ...]]) -> dict[int, list[dict[str, Any]]]:
    """The pauses of the cases of a block, by place."""
    places = {case[0]: place for place, case in enumerate(cases)}
    paused: dict[int, list[dict[str, Any]]] = {}
    for number, kind, first, last, told in reader.execute(_PAUSES, (cases[0][0], cases[-1][0])):
        if number in places:
            row = {"kind": kind, "from": first, "to": last, "told": told}
            paused.setdefault(places[number], []).append({name: value for name, value in row.items() if value is not None})
    return paused


def _write(writer: psycopg.Connection[Any], day: date, numbers: Sequence[str], readings: Sequence[Read], read: int) -> None:
    """The rows of a block, and that it is done; all or nothing."""
    with writer.transaction(), writer.cursor() as cursor:
        with cursor.copy("COPY due_days (night, case_number, due_on, left_workdays, overdue, undecided) FROM STDIN") as rows:
            for number, one in zip(numbers, readings, strict=True):
                rows.write_row((day, number, one.due_on, one.left, one.overdue, one.undecided))
        with cursor.copy("COPY alarms (night, case_number, signal) FROM STDIN") as rows:
            for number, one in zip(numbers, readings, strict=True):
                for signal in one.signals:
                    rows.write_row((day, number, signal))
        cursor.execute("UPDATE nights SET done_through = %s, cases = %s WHERE night = %s", (numbers[-1], read, day))
    writer.commit()
