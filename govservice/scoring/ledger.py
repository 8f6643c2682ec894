"""Records as a score sees them: rows by table and kind, whom each belongs to, and the day it is dated by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

from govservice.errors import RecordError, Words
from govservice.reading import read_date, shown
from govservice.rules.contents import Contents
from govservice.rules.evaluation import day_of
from govservice.rules.facts import absent
from govservice.scoring.periods import Period

__all__ = ["Ledger", "Row", "as_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One record: its source (a table, or an event's kind), number from 1, facts by id, day, and whom it belongs to."""

    source: str
    number: int
    facts: Mapping[str, Any]
    on: date | None
    owners: Mapping[str, str]


@dataclass(slots=True)
class Ledger:
    """Everything the records say, indexed once; `supplied` are the tables that were given at all, though they may be empty."""

    contents: Contents
    supplied: frozenset[str]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    people: dict[str, dict[str, list[Mapping[str, Any]]]] = field(default_factory=dict)
    by_owner: dict[tuple[str, str, str], list[Row]] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Mapping[str, Any], contents: Contents) -> Ledger:
        """The ledger of a mapping from tables to rows or frames. Raises RecordError for what cannot be read, by table and row."""
        given: dict[str, list[Mapping[str, Any]]] = {}
        for name, table in records.items():
            id = contents.labels.get(name, name)
            if id not in contents.tables and id not in contents.schemes and id not in contents.events:
                near = get_close_matches(id, [*contents.tables, *contents.schemes], n=1, cutoff=0.6)
                hint = (
                    Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？")
                    if near
                    else Words("declare it under `tables:`", "在 tables 里声明它")
                )
                raise RecordError(
                    Words(f'no table "{name}" in {contents.id}', f"{contents.id} 没有“{name}”这个表"), hint=hint, id=str(name)
                )
            given[id] = as_rows(table, id)
        ledger = cls(contents, frozenset(given))
        ledger._take(given)
        return ledger

    def _take(self, given: Mapping[str, list[Mapping[str, Any]]]) -> None:
        named = {table: [self._named(row, table) for row in rows] for table, rows in given.items()}
        for table in self.subjects():
            keyed = self.people.setdefault(table, {})
            for row in named.get(table, ()):
                if not absent(row.get(table)):
                    keyed.setdefault(str(row[table]), []).append(row)
        for table, rows in named.items():
            for number, row in enumerate(rows, 1):
                self._add(self._row(table, number, row))

    def subjects(self) -> tuple[str, ...]:
        """The tables of which a row is a subject: those that name themselves by a column (window, staff, department, item, application)."""
        return tuple(id for id, table in self.contents.tables.items() if id in table.columns)

    def _named(self, row: Mapping[str, Any], table: str) -> dict[str, Any]:
        """The row by ids; a row of events also knows the facts of its kind by their labels."""
        labels = self.contents.sight(table)[1]
        found = {labels.get(key, key): value for key, value in row.items() if not absent(value)}
        if table == "events":
            kind = self._kind(found.get("kind"))
            labels = self.contents.sight(kind)[1]
            found = {labels.get(key, key): value for key, value in found.items()} | {"kind": kind}
        return found

    def _kind(self, raw: object) -> str:
        events = self.contents.events
        if isinstance(raw, str):
            if raw in events:
                return raw
            found = next((id for id, kind in events.items() if kind.label == raw), None)
            if found is not None:
                return found
        near = get_close_matches(str(raw), [*events, *(kind.label or "" for kind in events.values())], n=1, cutoff=0.6)
        hint = (
            Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？")
            if near
            else Words("declare it under `events:`", "在 events 里声明它")
        )
        raise RecordError(Words(f"no kind of event {shown(raw)}", f"没有 {shown(raw)} 这种事件"), hint=hint, id="events.kind")

    def _row(self, table: str, number: int, facts: Mapping[str, Any]) -> Row:
        source = str(facts["kind"]) if table == "events" else table
        declared = self.contents.tables.get(table)
        dated_by = declared.dated_by if declared is not None else None
        on = self.day(facts, dated_by, f"{table}:{number}") if dated_by is not None else None
        return Row(source, number, facts, on, dict(self._owners(table, facts, on)))

    def day(self, facts: Mapping[str, Any], column: str, where: str) -> date | None:
        """The day in a column of a row; None where it is not given."""
        raw = facts.get(column)
        if absent(raw):
            return None
        if isinstance(raw, date):
            return day_of(raw)
        try:
            return read_date(raw)
        except RecordError as error:
            raise RecordError(error.what, why=error.why, hint=error.hint, id=f"{where}.{column}") from None

    def _owners(self, table: str, facts: Mapping[str, Any], on: date | None) -> Iterator[tuple[str, str]]:
        """The subjects a row belongs to: those it names, then those that these belong to on its day."""
        declared = self.contents.tables.get(table)
        if table in self.contents.schemes:
            subject = self.contents.schemes[table].scores
            waiting = [subject, *self._of(subject)]
        else:
            waiting = [*(declared.of if declared is not None else ()), *([table] if table in facts else [])]
        found: dict[str, str] = {}
        while waiting:
            owner = waiting.pop(0)
            column = owner if owner in facts else owner.removesuffix("s")
            if owner not in found and not absent(facts.get(column)):
                found[owner] = str(facts[column])
                yield owner, found[owner]
        waiting = list(found)
        while waiting:
            owner = waiting.pop(0)
            person = self.person(owner, found[owner], on)
            for above in self._of(owner):
                if above not in found and person is not None and not absent(person.get(above)):
                    found[above] = str(person[above])
                    waiting.append(above)
                    yield above, found[above]

    def _of(self, table: str) -> tuple[str, ...]:
        declared = self.contents.tables.get(table)
        return declared.of if declared is not None else ()

    def _add(self, row: Row) -> None:
        self.rows.setdefault(row.source, []).append(row)
        for owner, id in row.owners.items():
            self.by_owner.setdefault((row.source, owner, id), []).append(row)

    # -- what a score asks

    def person(self, table: str, id: str, on: date | None, period: Period | None = None) -> Mapping[str, Any] | None:
        """The facts of a subject on a day: rows without dates or period, overridden by those that hold on it."""
        rows = self.people.get(table, {}).get(id)
        if not rows:
            return None
        found: dict[str, Any] = {}
        for row in sorted(rows, key=lambda one: "from" in one or "until" in one or "period" in one):
            if self._holds(row, on, period):
                found |= row
        return found or None

    def _holds(self, row: Mapping[str, Any], on: date | None, period: Period | None) -> bool:
        if "period" in row:
            return period is not None and str(row["period"]) == str(period)
        day = on if on is not None else period.last if period is not None else None
        first, last = (self.day(row, name, "from-until") if name in row else None for name in ("from", "until"))
        if first is None and last is None:
            return True
        return day is not None and (first is None or first <= day) and (last is None or day <= last)

    def belonging(self, source: str, owner: str, id: str) -> list[Row]:
        """The rows of a source that belong to a subject, in the order given."""
        return self.by_owner.get((source, owner, id), [])

    def ids(self, table: str) -> tuple[str, ...]:
        """Every subject of a table: those with a row of their own, then those that records name."""
        found = dict.fromkeys(self.people.get(table, ()))
        for _, owner, id in self.by_owner:
            if owner == table:
                found.setdefault(id)
        return tuple(found)

    def served(self, table: str, id: str, period: Period) -> tuple[date, date] | None:
        """The days of a period that a subject served, by its rows' `from` and `until`; None where it did not."""
        rows = [row for row in self.people.get(table, {}).get(id, ()) if "from" in row or "until" in row]
        if not rows:
            return period.first, period.last
        spans = [(self.day(row, "from", table) or period.first, self.day(row, "until", table) or period.last) for row in rows]
        inside = [
            (max(first, period.first), min(last, period.last)) for first, last in spans if first <= period.last and last >= period.first
        ]
        return (min(first for first, _ in inside), max(last for _, last in inside)) if inside else None

    def earliest(self) -> date | None:
        """The first day that any record is dated; nothing was scored before it."""
        return min((row.on for rows in self.rows.values() for row in rows if row.on is not None), default=None)


def as_rows(table: object, name: str) -> list[Mapping[str, Any]]:
    """Rows from a list of mappings or models, or from a frame (polars, pandas, pyarrow). Raises RecordError."""
    if hasattr(table, "collect") and not isinstance(table, Mapping):
        table = table.collect()
    if hasattr(table, "to_dicts"):
        table = table.to_dicts()
    elif hasattr(table, "to_pylist"):
        table = table.to_pylist()
    elif hasattr(table, "to_dict") and hasattr(table, "columns"):
        table = [{key: None if value != value else value for key, value in row.items()} for row in table.to_dict("records")]  # noqa: PLR0124
    if isinstance(table, (str, Mapping)) or not isinstance(table, Iterable):
        raise RecordError(
            Words(f"{name} must be a list of rows, not {shown(table)}", f"{name} 应为记录的列表，不能是 {shown(table)}"), id=name
        )
    rows: list[Mapping[str, Any]] = []
    for number, row in enumerate(table, 1):
        facts = row.facts() if hasattr(row, "facts") else row
        if not isinstance(facts, Mapping):
            raise RecordError(
                Words(f"row {number} of {name} is no mapping: {shown(row)}", f"{name} 第 {number} 行不是键值：{shown(row)}"),
                id=f"{name}:{number}",
            )
        rows.append(facts)
    return rows
