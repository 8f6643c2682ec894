"""What happened on the way to the records of a call: the pauses and extensions of each row, and those that may be meant for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, Final

from govservice.assessment.register import LedgerRow, Register
from govservice.clockwork.course import Course, Doubts, read_history
from govservice.clockwork.history import MOVING, NO_HISTORY, History, Numbered
from govservice.clockwork.whose import CASES, homeless, id_of_row, known_rows, of_row, table_named
from govservice.errors import RecordError, Words
from govservice.limits import TimeLimit
from govservice.rules.language.facts import unsaid, written

__all__ = ["Courses"]

_PLAIN: Final = frozenset((str, int, float, bool, date, datetime, Decimal, TimeLimit))  # what most facts are: no table of its own


class Courses:
    """The rows of pauses and extensions in a register, by whose they are: of a case, or of the one row that `table` and `row` name."""

    def __init__(self, register: Register) -> None:
        self.register, self.contents = register, register.contents
        self._read: dict[tuple[str, int | str], History] = {}  # by table and row, or subject

    def of(self, row: LedgerRow, about: str) -> History:
        """What happened to a row on the way, as a clock on rows of `about` sees it: of its case and of itself, beside or within it."""
        history = self._of(row)
        if history is NO_HISTORY:
            return NO_HISTORY
        case = row.facts.get("case")
        beside = self._beside.get(written(case), {}) if not unsaid(case) else {}
        several = about == row.source != CASES and len(beside.get(row.source, ())) > 1
        table = row.source if about == row.source else CASES  # a stage sees its case's clocks, and what happened to the case
        return of_row(history, self.contents, table, row.facts, row.number, several=several)

    def nothing_happened(self, row: LedgerRow) -> bool:
        """Whether a row has no pause or extension, or any that may be meant for it."""
        if self._nothing_at_all:
            return self._is_flat(row)
        tables, doubted = self._what_happened(row)
        return not tables and not doubted and self._is_flat(row)

    def nothing_happened_to(self, source: str) -> bool:
        """Whether no row of a source has a pause or extension, or any that may be meant for it."""
        if not self._nothing_at_all:
            return False
        columns = self.register.columns(source)
        return columns.names <= self.contents.sight(source)[0] and not columns.hold(list, tuple, Mapping)

    @cached_property
    def _nothing_at_all(self) -> bool:
        """Whether the records tell of no pause and no extension, and lack none."""
        return not (self._of_cases or self._of_rows or self._doubts or self._lost)

    def of_subject(self, table: str, id: str) -> History:
        """What happened to a subject: its pauses and extensions are those that name it."""
        tables, doubted = self._of_rows.get((table, id), {}), self._lost.get(table, {})
        if not tables and not doubted:
            return NO_HISTORY
        return self._history((table, id), {}, Course(tables, doubted), None)

    def _of(self, row: LedgerRow) -> History:
        tables, doubted = self._what_happened(row)
        if not tables and not doubted and self._is_flat(row):
            return NO_HISTORY
        return self._history((row.source, row.number), row.facts, Course(tables, doubted), row)

    def _what_happened(self, row: LedgerRow) -> tuple[Mapping[str, list[Numbered]], Mapping[str, Words]]:
        """The pauses and extensions of a row, and what is not known of those that may be its own."""
        case = None if unsaid(row.facts.get("case")) else written(row.facts["case"])
        own = self._of_rows.get((row.source, id_of_row(row.source, row.facts, row.number)), {}) if self._of_rows else {}
        tables = _joined(self._of_cases.get(case, {}) if case is not None else {}, own)
        return tables, {**(self._doubts.of(case) if case is not None else {}), **self._lost.get(row.source, {})}

    def _history(self, key: tuple[str, int | str], facts: Mapping[str, Any], course: Course, row: LedgerRow | None) -> History:
        """The history, read once; a row that cannot be read is told, and leaves open what it may have said."""
        if key not in self._read:

            def aside(table: str, number: int | None, error: RecordError) -> None:
                within = number is None and row is not None
                self.register.remarks.aside(row.source if within and row else table, row.number if within and row else number or 0, error)

            history = read_history(facts, course, self.contents, aside=aside)
            if row is not None and not unsaid(facts.get("case")):
                history = homeless(history, self.contents, partial(self._known, row, history))
            self._read[key] = history
        return self._read[key]

    def _known(self, row: LedgerRow, history: History) -> Mapping[str, set[str]]:
        """What the rows of a row's case are called, those within it among them."""
        known = known_rows(row.facts, history)
        for table, ids in self._beside.get(written(row.facts["case"]), {}).items():
            known[table] = known.get(table, set()).union(ids)
        return known

    def _is_flat(self, row: LedgerRow) -> bool:
        """Whether a row holds facts alone, and nothing that may be a table of its own."""
        ids = self.contents.sight(row.source)[0]
        return row.facts.keys() <= ids and (
            _PLAIN.issuperset(map(type, row.facts.values()))
            or not any(isinstance(value, (list, tuple, Mapping)) for value in row.facts.values())
        )

    # -- whose they are

    @cached_property
    def _of_cases(self) -> dict[str, dict[str, list[Numbered]]]:
        """The rows of pauses and extensions by the case that they name."""
        course: dict[str, dict[str, list[Numbered]]] = {}
        for moving, entry in self._moving():
            if not unsaid(entry.facts.get("case")):
                course.setdefault(written(entry.facts["case"]), {}).setdefault(moving, []).append(Numbered(entry.number, entry.facts))
        return course

    @cached_property
    def _of_rows(self) -> dict[tuple[str, str], dict[str, list[Numbered]]]:
        """Those that name no case, by the one row of a table that they name."""
        found: dict[tuple[str, str], dict[str, list[Numbered]]] = {}
        for moving, entry in self._caseless():
            named = self._named(entry)
            if self._called[named] == 1:
                found.setdefault(named, {}).setdefault(moving, []).append(Numbered(entry.number, entry.facts))
        return found

    @cached_property
    def _lost(self) -> dict[str, dict[str, Words]]:
        """By table: the pauses and extensions that name a row of it which is not there, or that several are called."""
        lost: dict[str, dict[str, Words]] = {}
        for moving, entry in self._caseless():
            table, row = self._named(entry)
            if table in self.contents.tables and self._called[table, row] != 1:
                en = f"row {entry.number} of {moving} names the row {row or '-'} of {table}, and there is not one such"
                of = self.contents.in_chinese(table)
                zh = f"{self.contents.rows_in_chinese(moving, entry.number)}写的{of}行“{row or '-'}”不在记录里，或者不止一行"
                lost.setdefault(table, {})[moving] = Words(en, zh)
        return lost

    @cached_property
    def _doubts(self) -> Doubts:
        """Those that are not known to be of a case, or could not be read."""
        known = {written(row.facts["case"]) for row in self.register.rows.get(CASES, ()) if not unsaid(row.facts.get("case"))}
        doubts = Doubts(known)
        for moving, entry in self._caseless():
            if self._named(entry)[0] not in self.contents.tables:
                doubts.named(moving, None)
        for moving in MOVING:
            for case in self.register.lost.get(moving, ()):
                doubts.named(moving, case, surely=False)
        for case, tables in self._of_cases.items():
            for table in tables:
                doubts.like(table, case)
        return doubts

    def _moving(self) -> Iterator[tuple[str, LedgerRow]]:
        return ((moving, entry) for moving in MOVING for entry in self.register.rows.get(moving, ()))

    def _caseless(self) -> Iterator[tuple[str, LedgerRow]]:
        return ((moving, entry) for moving, entry in self._moving() if unsaid(entry.facts.get("case")))

    def _named(self, entry: LedgerRow) -> tuple[str, str]:
        """The table and row that a pause or an extension names; "" where it names none. The only row of a table needs no name."""
        given, row = entry.facts.get("table"), entry.facts.get("row")
        table = "" if unsaid(given) else table_named(written(given), self.contents)
        return table, self._alone.get(table, "") if unsaid(row) else written(row)

    @cached_property
    def _alone(self) -> Mapping[str, str]:
        """What the only row of a table is called."""
        rows = Counter(table for table, _ in self._called.elements())
        return {table: id for table, id in self._called if rows[table] == 1}

    @cached_property
    def _called(self) -> Counter[tuple[str, str]]:
        """How many rows of each table are called what; a subject is one, however many rows speak of it."""
        subjects = self.register.subjects()
        called = Counter((table, id) for table in subjects for id in self.register.ids(table))
        rows = (row for source, rows in self.register.rows.items() if source not in subjects for row in rows)
        called.update((row.source, id_of_row(row.source, row.facts, row.number)) for row in rows)
        return called

    @cached_property
    def _beside(self) -> dict[str, dict[str, list[str]]]:
        """What the rows of every case are called, by table."""
        beside: dict[str, dict[str, list[str]]] = {}
        for rows in self.register.rows.values():
            for row in rows:
                if not unsaid(row.facts.get("case")):
                    called = id_of_row(row.source, row.facts, row.number)
                    beside.setdefault(written(row.facts["case"]), {}).setdefault(row.source, []).append(called)
        return beside


def _joined(one: Mapping[str, list[Numbered]], other: Mapping[str, list[Numbered]]) -> Mapping[str, list[Numbered]]:
    return {table: [*one.get(table, ()), *other.get(table, ())] for table in {**one, **other}} if one and other else one or other
