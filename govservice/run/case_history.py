"""What happened to cases on the way, joined to them: their pauses, extensions and stages; no row of them is passed over in silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from govservice.clockwork.history import Numbered, read_history
from govservice.errors import GovServiceError, Words, closest
from govservice.records import Row, SetAside
from govservice.records.reader import reason_of
from govservice.run.dependencies import clocks_moved
from govservice.run.provenance import as_text

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents

__all__ = ["CaseHistories", "Course"]

Course: TypeAlias = dict[str, list[Any]]
"""The rows of one case by table; those of files with their number there."""

MOVING = ("pauses", "extensions")


class CaseHistories:
    """The rows of every case's course, and the cases whose course is not known in full."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.rows: dict[str, dict[str, list[tuple[int, Row]]]] = defaultdict(dict)  # case -> table -> rows, numbered in their file
        self.supplied: set[str] = set()  # the tables that were read at all
        self.doubts: dict[str, list[SetAside]] = defaultdict(list)
        self.unheard: Counter[str] = Counter()
        self._moved: dict[str, frozenset[str]] = {}
        self._kinds = {kind for clock in contents.clocks.values() for kind in clock.pauses}
        self._clocks = {name for clock in contents.clocks.values() for name in (clock.id, clock.label) if name}

    def read(self, rows: Iterable[Row | SetAside]) -> Iterator[SetAside]:
        """Take in the rows of one table; gives those that are set aside."""
        for number, row in enumerate(rows, 1):
            aside = row if isinstance(row, SetAside) else self._wrong(row)
            if aside is not None:
                yield aside
                if aside.id is not None and aside.table in MOVING:
                    self.doubts[aside.id].append(aside)
            elif isinstance(row, Row):
                before = self.rows[row.id].setdefault(row.table, [])
                twin = next((earlier for _, earlier in before if earlier.facts == row.facts), None)
                if twin is None:
                    before.append((number, row))
                else:
                    same = Words(f"the same row stands in line {twin.line} already", f"第 {twin.line} 行已有同样的记录")
                    yield _aside(row, None, same)

    def _wrong(self, row: Row) -> SetAside | None:
        """Why a row of pauses or extensions cannot be used: a pause without its first day, say."""
        if row.table not in MOVING:
            return None
        try:
            read_history({"case": row.id}, {row.table: [row.facts]}, self.contents)
        except GovServiceError as error:
            field = (error.id or "").partition(".")[2]
            return _aside(row, field or None, reason_of(error))
        clock = row.facts.get("clock")
        if row.table == "extensions" and isinstance(clock, str) and clock not in self._clocks:
            close = closest(clock, self._clocks)
            hint = Words(f"; did you mean {close}?", f"；是不是“{close}”？") if close else Words("", "")
            return _aside(row, "clock", Words(f"the rulebook has no clock {clock!r}{hint.en}", f"规则册没有“{clock}”这个时限{hint.zh}"))
        return None

    def of(self, case: Row) -> Course:
        """The rows of one case by table: those of the files, and those within its own row."""
        course: Course = {
            table: [Numbered(number, row.facts) for number, row in rows] for table, rows in self.rows.get(case.id, {}).items()
        }
        for table in sorted(self.supplied):
            course.setdefault(table, [])
        for table, rows in dict(case.course).items():
            course.setdefault(table, []).extend(Numbered(number, row) for number, row in enumerate(rows, 1))
        for _, pause in course.get("pauses", ()):
            if pause.get("kind") not in self._kinds:
                self.unheard[str(pause.get("kind") or "-")] += 1
        return course

    def doubt(self, case: str, clock: str) -> tuple[str, ...]:
        """The tables that have a row of this case set aside which might move this clock."""
        tables = dict.fromkeys(aside.table for aside in self.doubts.get(case, ()))
        return tuple(table for table in tables if clock in self._moved_by(table))

    def _moved_by(self, table: str) -> frozenset[str]:
        if table not in self._moved:
            self._moved[table] = clocks_moved(self.contents, table)
        return self._moved[table]

    def homeless(self, known: set[str], used: set[str]) -> Iterator[SetAside]:
        """The rows of cases that the records do not hold (`known`), or that were themselves set aside (not `used`)."""
        for id, tables in self.rows.items():
            if id in used:
                continue
            why = (
                Words("its case is set aside", "所属办件已搁置")
                if id in known
                else Words(f"the records hold no case {id}", f"记录中没有办件 {id}")
            )
            yield from (_aside(row, "case", why) for rows in tables.values() for _, row in rows)


def _aside(row: Row, field: str | None, why: Words) -> SetAside:
    values = {name: as_text(value) for name, value in (*row.facts.items(), *dict(row.unread).items())}
    return SetAside(row.table, row.file, row.line, row.id, field, why, values)
