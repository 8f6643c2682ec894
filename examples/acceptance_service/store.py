"""The database: a case and the answer that it rests on are written in one transaction, or neither is."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files
from typing import Final
from uuid import UUID, uuid4

from psycopg.rows import tuple_row
from psycopg_pool import ConnectionPool

from govservice.audit import CitedAnswer

# Every statement stands here as it is sent; values go beside it, never into it.
_ANSWER: Final = """
    INSERT INTO answers (id, case_number, answered_at, verb, book, book_digest, calendar, calendar_digest, given_digest, answer_digest,
                         version, seal, kept)
    VALUES (%(id)s, %(case_number)s, %(answered_at)s, %(verb)s, %(book)s, %(book_digest)s, %(calendar)s, %(calendar_digest)s,
            %(given_digest)s, %(answer_digest)s, %(version)s, %(seal)s, %(kept)s)
"""
_CLASSIFIED: Final = """
    INSERT INTO cases (case_number, case_type, classified_by) VALUES (%(case_number)s, %(case_type)s, %(id)s)
    ON CONFLICT (case_number) DO UPDATE SET case_type = excluded.case_type, classified_by = excluded.classified_by
"""
_DATED: Final = """
    INSERT INTO cases (case_number, due_on, dated_by) VALUES (%(case_number)s, %(due_on)s, %(id)s)
    ON CONFLICT (case_number) DO UPDATE SET due_on = excluded.due_on, dated_by = excluded.dated_by
"""
_READ: Final = "SELECT kept::text FROM answers WHERE id = %s"


class Store:
    """The tables of `schema.sql`, by a pool of connections that threads share."""

    def __init__(self, address: str, connections: int) -> None:
        self._pool = ConnectionPool(
            address, min_size=1, max_size=connections, timeout=5, open=False, check=ConnectionPool.check_connection,
            kwargs={"row_factory": tuple_row, "connect_timeout": 5},
        )  # fmt: skip

    def open(self) -> None:
        """Connect, and make the tables where they are lacking."""
        self._pool.open(wait=True, timeout=20)
        with self._pool.connection() as connection:
            connection.execute(files(__package__).joinpath("schema.sql").read_bytes())

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def ready(self) -> None:
        """Ask the database for nothing. Raises psycopg.Error where it does not answer."""
        with self._pool.connection() as connection:
            connection.execute("SELECT 1")

    def keep(self, answer: CitedAnswer, at: datetime, case_number: str | None) -> UUID:
        """Write down an answer that changes no case."""
        return self._write(answer, at, case_number, None)

    def keep_classified(self, answer: CitedAnswer, at: datetime, case_number: str, case_type: str | None) -> UUID:
        """Write down what a case is, and the answer that says so."""
        return self._write(answer, at, case_number, _CLASSIFIED, case_type=case_type)

    def keep_dated(self, answer: CitedAnswer, at: datetime, case_number: str, due_on: date | None) -> UUID:
        """Write down when a case is due, and the answer that says so."""
        return self._write(answer, at, case_number, _DATED, due_on=due_on)

    def _write(self, answer: CitedAnswer, at: datetime, case_number: str | None, case: str | None, **values: object) -> UUID:
        id_ = uuid4()
        row = {"id": id_, "case_number": case_number, "answered_at": at, "kept": answer.to_json(), **answer.row()}
        with self._pool.connection() as connection:  # one transaction: committed where the block ends, rolled back where it raises
            connection.execute(_ANSWER, row)
            if case is not None:
                connection.execute(case, {"id": id_, "case_number": case_number, **values})
        return id_

    def answer(self, id: UUID) -> CitedAnswer | None:
        """An answer that was written down; None where there is none of that id."""
        with self._pool.connection() as connection:
            row = connection.execute(_READ, (id,)).fetchone()
        return None if row is None else CitedAnswer.from_json(row[0])
