"""The rows that belong to a case, as its decisions count them: each sees its own facts, then those of the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from govservice.case_facts import is_verified
from govservice.clockwork.history import History, fact_of_row
from govservice.rules.language.shapes import Aggregate, Name
from govservice.rules.language.values import Unknown
from govservice.rules.meaning.evaluation import Doubtful, Scope
from govservice.rules.meaning.subjects import Subject, Surroundings

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["RowOfCase", "rows_of_case"]


class RowOfCase(Subject):
    """One row among those of a case; what it lacks is named with it."""

    __slots__ = ("number",)

    def __init__(self, contents: Contents, table: str, facts: Mapping[str, Any], surroundings: Surroundings, number: int) -> None:
        super().__init__(contents, table, facts, surroundings)
        self.number = number
        self.around = {"kind": table}

    def called(self, name: Name) -> str:
        """A fact of the row with its number, one of the case by its name."""
        home = self.contents.home_of(self.table, name.id) if name.home in ("column", "outcome") else None
        own = home is not None and home in self.contents.chains[self.table][: 1 + (self.table in self.contents.events)]
        return fact_of_row(home if home is not None else self.table, self.number, name.id) if own else name.id


def rows_of_case(history: History, facts: Mapping[str, Any], subject: Subject, of: Aggregate) -> list[Scope | Doubtful] | Unknown:
    """The rows of a case that an aggregate runs over; unknown where a table was not supplied, or a row of it could not be used."""
    contents = subject.contents
    events = next((id for id, table in contents.tables.items() if table.stands_for == "events"), "")
    tables = {source: events if source in contents.events else source for source in of.sources}
    lacking = {table for table in tables.values() if table not in history.supplied or table in history.doubted}
    if lacking:
        return Unknown(frozenset(lacking))
    around = replace(subject.surroundings, said=subject.said)  # what must be said of a row is said of the case
    rows: list[Scope | Doubtful] = []
    for source, table in tables.items():
        kind = contents.events.get(source)
        for row in history.given.get(table, ()):
            if kind is not None and row.facts.get("kind") not in (kind.id, kind.label):
                continue
            if kind is not None and kind.verified and not is_verified(row.facts):
                continue
            scope = RowOfCase(contents, source, {**facts, **row.facts}, around, row.number)
            rows.append(Doubtful(scope, Unknown(row.doubt)) if row.doubt else scope)
    return rows
