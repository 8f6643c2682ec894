"""What a folder of records gives, one by one: a row that could be read, or a row set aside with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from govservice.errors import Lang, Words

__all__ = ["TABLES", "RawRow", "Row", "SetAside", "TableNames"]


class TableNames(NamedTuple):
    """A table of records: the rulebook's name of it, the fact that names a row, and what it is called."""

    table: str
    id: str
    label: Words


TABLES: Mapping[str, TableNames] = {
    "items": TableNames("item", "item", Words("items", "事项")),
    "applications": TableNames("application", "application", Words("applications", "申请")),
    "cases": TableNames("cases", "case", Words("cases", "办件")),
}
"""The three tables that are read, by the name of their file."""


class RawRow(NamedTuple):
    """One row as it stands in the file: `line` is its first line (the row's number in JSON lists and Parquet).

    Where `fault` is given, the row could not be taken apart, and `values` holds what there was of it.
    """

    line: int
    values: Mapping[str, object]
    fault: Words | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row, read: `facts` are typed and hold only what is known; `unread` are the columns that no fact is known for.

    >>> Row("items", "items.csv", 2, "A1", {"item": "A1"}).id
    'A1'
    """

    table: str
    file: str
    line: int
    id: str
    facts: Mapping[str, object]
    unread: Mapping[str, object] = ()  # type: ignore[assignment]  # a column seldom stands aside


@dataclass(frozen=True, slots=True)
class SetAside:
    """One row that was not used, never dropped: where it stands, the field that is wrong (None: the whole row), why, the row as it was.

    >>> print(SetAside("items", "items.csv", 3, "A2", "promised_days", Words("'x' is not a number", "'x'不是数字"), {}).text())
    items.csv:3: A2: promised_days: 'x' is not a number
    """

    table: str
    file: str
    line: int
    id: str | None
    field: str | None
    reason: Words
    row: Mapping[str, object]

    def text(self, lang: Lang = "en") -> str:
        """The place, the row's id, the field and the reason, on one line."""
        return ": ".join(part for part in (f"{self.file}:{self.line}", self.id, self.field, self.reason.text(lang)) if part)
