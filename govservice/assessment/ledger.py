"""Records read once, for many calls under one book or several."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from threading import RLock
from typing import Any, Final

from govservice.assessment.kept import Kept
from govservice.assessment.published import kept_card
from govservice.assessment.register import Register
from govservice.frozen import frozen
from govservice.reading.frames import no_mapping, no_rows, rows_of
from govservice.rules.book.contents import Contents

__all__ = ["Ledger", "as_rows", "ledger_of"]

_REGISTERS: Final = 8  # readings of the rows, one for each vocabulary
_ASSESSMENTS: Final = 8  # books, days and calendars whose scores are kept


class Ledger:
    """Rows by table, read once; each book sees them by its own tables, labels and kinds (`under`).

    Books that differ in rules alone share one reading. Threads may share a ledger. What is kept of earlier calls is bounded.
    """

    def __init__(self, given: Mapping[str, list[Mapping[str, Any]]]) -> None:
        self._given = given
        self._registers: list[tuple[object, Register]] = []
        self._worked_out: Kept[Hashable, Any] = Kept(_ASSESSMENTS)
        self._lock = RLock()

    def __reduce__(self) -> tuple[Any, ...]:
        return Ledger, (self._given,)  # what was worked out stays behind

    @classmethod
    def of(cls, records: Mapping[str, Any], contents: Contents) -> Ledger:
        """The ledger of a mapping from tables to rows or frames. Raises RecordError for what cannot be read, by table and row."""
        ledger = cls({name: as_rows(table, contents.labels.get(name, name)) for name, table in records.items()})
        ledger.under(contents)
        return ledger

    def under(self, contents: Contents) -> Register:
        """The rows as a book sees them. Raises RecordError for a table that it does not have, or a row that it cannot read."""
        vocabulary = contents.vocabulary
        with self._lock:
            for known, register in self._registers:
                if known == vocabulary:
                    return register
            register = Register.of(self._given, contents)
            self._registers = [*self._registers[1 - _REGISTERS :], (vocabulary, register)]
            return register

    def worked_out(self, key: Hashable, begin: Any) -> Any:
        """What earlier calls with this key came to; begun where there were none."""
        with self._lock:
            kept = self._worked_out.get(key)
            if kept is None:
                kept = self._worked_out[key] = begin()
            return kept


def as_rows(table: object, name: str) -> list[Mapping[str, Any]]:
    """Rows from a list of mappings or models, or from a frame (`rows_of`). Raises RecordError."""
    given = rows_of(table)
    if given is None:
        raise no_rows(name, table)
    rows: list[Mapping[str, Any]] = []
    for number, row in enumerate(given, 1):
        row = kept_card(row)  # noqa: PLW2901
        facts = row.facts() if hasattr(row, "facts") else row
        if not isinstance(facts, Mapping):
            raise no_mapping(name, number, row)
        rows.append(frozen(facts))
    return rows


def ledger_of(records: Mapping[str, Any] | Ledger, contents: Contents) -> Ledger:
    """The ledger of records, read before or now."""
    return records if isinstance(records, Ledger) else Ledger.of(records, contents)
