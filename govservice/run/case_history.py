"""What happened to cases on the way, joined to them: their pauses, extensions and stages; no row of them is passed over in silence."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from govservice.clockwork.course import Course, Doubts, may_speak, meant_table, read_history, speaks
from govservice.clockwork.history import MOVING, Numbered
from govservice.echo import shown
from govservice.errors import GovServiceError, Words, closest, perhaps_meant
from govservice.records import Row, SetAside
from govservice.records.reader import reason_of
from govservice.rules.book.entries import kind_of_pause
from govservice.run.provenance import as_text

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.lists import Lists

__all__ = ["CaseHistories"]


class CaseHistories:
    """The rows of every case's course, and the cases whose course is not known in full.

    `known` are the numbers of the cases that the records hold, `not_read` the files of theirs that were not read, `given` the tables that
    were: a file whose name is like that of pauses or extensions which nobody gave may hold those of any case.
    """

    def __init__(
        self, contents: Contents, known: Container[str] = frozenset(), given: Collection[str] = (), not_read: Iterable[str] = ()
    ) -> None:
        self.contents = contents
        self.lists: Lists | None = None  # that every case looks into
        self._nothing: Course | None = None  # of the cases to which nothing happened
        self.rows: dict[str, dict[str, list[tuple[int, Row]]]] = defaultdict(dict)  # case -> table -> rows, numbered in their file
        self.supplied: set[str] = set()  # the tables that were read at all
        self.doubts = Doubts(known)
        self.unheard: Counter[str] = Counter()
        self._kinds = {kind for clock in contents.clocks.values() for kind in clock.pause_kinds}
        self._clocks = {name for clock in contents.clocks.values() for name in (clock.id, clock.label) if name}
        self._meant: dict[tuple[str, str], str | None] = {}
        for file in not_read:
            table = meant_table(file.partition(".")[0], contents)[0]
            if table in MOVING and table not in given:
                self.doubts.of_any(
                    table, Words(f"{file} was not read: is it {table}?", f"{file} 未读取：它是不是{contents.in_chinese(table)}？")
                )

    def read(self, rows: Iterable[Row | SetAside]) -> Iterator[SetAside]:
        """Take in the rows of one table; gives those that are set aside."""
        for number, row in enumerate(rows, 1):
            aside = row if isinstance(row, SetAside) else self._wrong(row)
            if aside is not None:
                yield aside
                if aside.table in MOVING:
                    self.doubts.named(aside.table, aside.id, surely=aside.field not in (None, "case"))
            elif isinstance(row, Row):
                if row.table in MOVING:
                    self.doubts.like(row.table, row.id)
                before = self.rows[row.id].setdefault(row.table, [])
                twin = next((earlier for _, earlier in before if earlier.facts == row.facts), None)
                if twin is None:
                    before.append((number, row))
                else:
                    same = Words(f"the same row stands in line {twin.line} already", f"第 {twin.line} 行已有同样的记录")
                    yield self._aside(row, None, same)

    def _wrong(self, row: Row) -> SetAside | None:
        """Why a row of pauses or extensions cannot be used: a pause without its first day, say."""
        if row.table not in MOVING:
            return None
        try:
            read_history({"case": row.id}, {row.table: [row.facts]}, self.contents)
        except GovServiceError as error:
            field = (error.id or "").partition(".")[2]
            return self._aside(row, field or None, reason_of(error))
        clock = row.facts.get("clock")
        if row.table == "extensions" and isinstance(clock, str) and clock not in self._clocks:
            close = closest(clock, self._clocks)
            hint = perhaps_meant(close)
            return self._aside(
                row, "clock", Words(f"the rulebook has no clock {shown(clock)}{hint.en}", f"规则册没有“{clock}”这个时限{hint.zh}")
            )
        return None

    def of(self, case: Row) -> Course:
        """The rows of one case by table, those of the files and those within its own row; and the tables that are doubted."""
        if not self.doubts and not case.course and not case.unread and case.id not in self.rows:
            if self._nothing is None:
                self._nothing = Course({table: [] for table in sorted(self.supplied)}, {}, self.lists)
            return self._nothing
        tables: dict[str, list[Any]] = {
            table: [Numbered(number, self._whole(row)) for number, row in rows] for table, rows in self.rows.get(case.id, {}).items()
        }
        for table in sorted(self.supplied):
            tables.setdefault(table, [])
        for table, rows in dict(case.course).items():
            tables.setdefault(table, []).extend(Numbered(number, row) for number, row in enumerate(rows, 1))
        for _, pause in tables.get("pauses", ()):
            kind = pause.get("kind")
            if (kind_of_pause(kind, self.contents.lists) if isinstance(kind, str) else kind) not in self._kinds:
                self.unheard[str(kind or "-")] += 1
        return Course(tables, {**self.doubts.of(case.id), **dict(self._meant_within(case))}, self.lists)

    def _whole(self, row: Row) -> dict[str, object]:
        """The facts of a row, and what may have been meant for one that says something by its absence."""
        meant = (name for name in row.unread if self._fact_meant(row.table, name) is not None) if row.table in MOVING else ()
        return {**row.facts, **{name: row.unread[name] for name in meant}}

    def may_tell(self, name: str) -> bool:
        """Whether a column of cases which is no fact may have been meant for what happened to them."""
        return any(self._meant_within(Row("cases", "", 0, "", {}, {name: "x"})))

    def _meant_within(self, case: Row) -> Iterator[tuple[str, Words]]:
        """The tables that a column of the case which is no fact may have been meant for."""
        for name, value in dict(case.unread).items():
            table, _, fact = name.partition(".")
            if fact and table in MOVING:
                meant = table if self._fact_meant(table, fact) is not None else None
            else:
                meant = self._table_meant(name) if speaks(value) else None
            if meant is not None:
                yield (
                    meant,
                    Words(
                        f"{name!r} is no rows, and may have been meant for {meant}",
                        f"“{name}”不是记录的列表，可能是指{self.contents.in_chinese(meant).rstrip()}",
                    ),
                )

    def _fact_meant(self, table: str, name: str) -> str | None:
        if (table, name) not in self._meant:
            self._meant[table, name] = may_speak(name, self.contents.tables[table].columns)
        return self._meant[table, name]

    def _table_meant(self, name: str) -> str | None:
        if ("", name) not in self._meant:
            self._meant["", name] = meant_table(name, self.contents)[0]
        meant = self._meant["", name]
        return meant if meant in MOVING else None

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
            yield from (self._aside(row, "case", why) for rows in tables.values() for _, row in rows)

    def _aside(self, row: Row, field: str | None, why: Words) -> SetAside:
        values = {name: as_text(value) for name, value in (*row.facts.items(), *dict(row.unread).items())}
        return SetAside(row.table, row.file, row.line, row.id, field, why, values, self.contents.labels_of((field or "",), row.table))
