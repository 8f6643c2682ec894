"""Records read once, for many calls under one book or several."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from threading import RLock
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from govservice.assessment.kept import Kept
from govservice.assessment.published import kept_card, unreadable
from govservice.assessment.register import Register
from govservice.errors import RecordError, Words
from govservice.frozen import frozen
from govservice.reading.common import own_facts
from govservice.reading.frames import no_mapping, no_rows, rows_of
from govservice.rules.book.contents import Contents

__all__ = ["Ledger", "Unread", "as_rows", "ledger_of"]

_REGISTERS: Final = 8  # readings of the rows, one for each vocabulary
_ASSESSMENTS: Final = 8  # books, days and calendars whose scores are kept


NOBODY: Final[Mapping[str, Any]] = MappingProxyType({})


class Unread(NamedTuple):
    """A row of a file that could not be read: its number (None: a whole file), why, the case that it names, and whose it says it is."""

    number: int | None
    why: Words
    case: str | None = None
    whose: Mapping[str, Any] = NOBODY


class Ledger:
    """Rows by table, read once; each book sees them by its own tables, labels and kinds (`under`).

    Books that differ in rules alone share one reading. Threads may share a ledger. What is kept of earlier calls is bounded.
    """

    def __init__(
        self,
        given: Mapping[str, list[Mapping[str, Any]]],
        numbers: Mapping[str, Sequence[int]] | None = None,
        unread: Mapping[str, Sequence[Unread]] | None = None,
    ) -> None:
        """Rows by table; `numbers` are those that they have where they stand (else 1, 2, ..), `unread` those that could not be read."""
        self._given = given
        self._numbers = numbers or {}
        self._unread = unread or {}
        self._registers: list[tuple[object, Register]] = []
        self._worked_out: Kept[Hashable, Any] = Kept(_ASSESSMENTS)
        self._lock = RLock()

    def __reduce__(self) -> tuple[Any, ...]:
        return Ledger, (self._given, self._numbers, self._unread)  # what was worked out stays behind

    @classmethod
    def of(cls, records: Mapping[str, Any], contents: Contents) -> Ledger:
        """The ledger of a mapping from tables to rows or frames; a table may go by the name of its file (`applications`).

        Raises RecordError for what cannot be read, by table and row, and for a table that is given under both its names.
        """
        records = _by_table(records, contents)
        ids = {name: contents.labels.get(name, name) for name in records}
        lost: dict[str, list[Unread]] = {}
        given: dict[str, list[Mapping[str, Any]]] = {}
        numbers: dict[str, list[int]] = {}
        for name, table in records.items():
            rows = as_rows(table, ids[name], lost)
            given[name] = [row for _, row in rows]
            if ids[name] in lost:
                numbers[ids[name]] = [number for number, _ in rows]
        ledger = cls(given, numbers, lost)
        ledger.under(contents)
        return ledger

    def under(self, contents: Contents) -> Register:
        """The rows as a book sees them. Raises RecordError for a table that it does not have, or a row that it cannot read."""
        vocabulary = (contents.id, contents.vocabulary)  # by its id the book's own centre goes
        with self._lock:
            for known, register in self._registers:
                if known == vocabulary:
                    return register
            register = Register.of(self._given, contents, self._numbers, self._unread)
            self._registers = [*self._registers[1 - _REGISTERS :], (vocabulary, register)]
            return register

    def worked_out(self, key: Hashable, begin: Any) -> Any:
        """What earlier calls with this key came to; begun where there were none."""
        with self._lock:
            kept = self._worked_out.get(key)
            if kept is None:
                kept = self._worked_out[key] = begin()
            return kept


_FILES: Final = {"items": "item", "applications": "application"}
"""What the files of a folder are called, where that is not the name of the table."""


def _by_table(records: Mapping[str, Any], contents: Contents) -> dict[str, Any]:
    """The tables by their own names; what the book itself calls so stays."""
    tables: dict[str, Any] = {}
    for name, rows in records.items():
        own = name in contents.tables or name in contents.labels or name in contents.schemes
        table = name if own else _FILES.get(name, name)
        others = (said for said in records if said != name and contents.labels.get(said, said) == table) if table != name else iter(())
        if (other := next(others, None)) is not None:
            what = Words(f"{name} and {other} are one table, given twice", f"{name} 和 {other} 是同一个表，给了两次")
            raise RecordError(what, hint=Words("give its rows under one name", "请用一个名字给出各行"), id=name)
        tables[table] = rows
    return tables


def as_rows(table: object, name: str, lost: dict[str, list[Unread]]) -> list[tuple[int, Mapping[str, Any]]]:
    """Rows, each with its number, from a list of mappings or models, or from a frame (`rows_of`); an unreadable kept card is `lost`.

    Raises RecordError.
    """
    given = rows_of(table)
    if given is None:
        raise no_rows(name, table)
    rows: list[tuple[int, Mapping[str, Any]]] = []
    for number, row in enumerate(given, 1):
        try:
            row = kept_card(row)  # noqa: PLW2901
        except RecordError as error:
            lost.setdefault(name, []).append(Unread(number, unreadable(row, error)))
            continue
        facts = own_facts(row)
        if not isinstance(facts, Mapping):
            raise no_mapping(name, number, row)
        rows.append((number, frozen(facts)))
    return rows


def ledger_of(records: Mapping[str, Any] | Ledger, contents: Contents) -> Ledger:
    """The ledger of records, read before or now."""
    return records if isinstance(records, Ledger) else Ledger.of(records, contents)
