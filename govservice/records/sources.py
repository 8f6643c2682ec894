"""What a folder of records and rows handed over by a program have in common: rows read one by one, ids that several of them give."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Protocol

from govservice.errors import Words
from govservice.records.gathered import Gathered, gathered, notes_of, with_gathered
from govservice.records.logfile import cases_of_log
from govservice.records.mapped import TableMapping
from govservice.records.reader import ZONE, RowReader
from govservice.records.rows import RawRow, Row, SetAside
from govservice.records.twice import Ids, ids_of
from govservice.records.vocabulary import Vocabulary

__all__ = ["Progress", "RowSource", "Sourced"]


class Progress(Protocol):
    """What is told while a long job runs: the name of what is being done, how much of it is done, and of how much where that is known."""

    def __call__(self, what: str, done: int, total: int | None) -> None: ...


class RowSource(Protocol):
    """One table of records: a file, or what was handed over."""

    @property
    def name(self) -> str: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def rows(self) -> int | None: ...
    @property
    def mapping(self) -> TableMapping: ...
    @property
    def ended(self) -> bool: ...

    def raw(self) -> Iterator[RawRow]:
        """The rows as they stand, from the first each time it is asked for."""
        ...


class Sourced:
    """Records by table. `sources` are read with the `words` of each; rows are read each time they are asked for.

    `zone` is the clock that moments of another one are put to: that of the calendar.
    """

    sources: Mapping[str, RowSource]
    words: Mapping[str, Vocabulary]
    progress: Progress | None
    zone: str = ZONE

    def rows(self, table: str) -> Iterator[Row | SetAside]:
        """Every row of "items", "applications", "cases", "pauses" .., in the order given: read, or set aside with the reason.

        Where several rows give one id and differ, none of them is used; where they say the same, the first. Nothing where there is no such
        table. Raises RecordError where a file as a whole cannot be read further.
        """
        source = self.sources.get(table)
        if source is None:
            return
        reader = self.reader(table)
        if self.words[table].once:
            reader.twice = self._ids(table, source).twice
        total = source.rows if source.mapping.steps is None else None
        for count, raw in enumerate(self._raw(table, source)(), 1):
            yield reader.read(raw)
            if self.progress is not None and count % 500 == 0:
                self.progress(source.name, count, total)

    def ids(self, table: str) -> frozenset[str]:
        """The ids that the rows of "items", "applications" or "cases" give, those of rows that cannot be used among them."""
        source = self.sources.get(table)
        return self._ids(table, source).known if source is not None else frozenset()

    @property
    def notes(self) -> tuple[Words, ...]:
        """What must be said of logs that were read as cases, once for each: activities that nothing is made of, rows twice there, ties; and
        of rows that were to add to others and add to none."""
        return tuple(dict.fromkeys(note for table, source in self.sources.items() for note in self._notes(table, source)))

    def _notes(self, table: str, source: RowSource) -> Iterator[Words]:
        if source.mapping.steps is not None:
            yield from self._log(table, source)[1]
        if source.mapping.gathered:
            yield from notes_of(source.mapping, self._added(table, source), self.ids(table), self.words[table])

    def reader(self, table: str) -> RowReader:
        """What reads the rows of a table."""
        source = self.sources[table]
        course = self._course() if table == "cases" else None
        letters = getattr(source, "letters", None) if source.mapping.steps is None else None
        raw = self._raw(table, source)
        return RowReader(source.mapping, self.words[table], source.name, course, raw, zone=self.zone, letters=letters)

    def _course(self) -> Mapping[str, Vocabulary]:
        return {name: words for name, words in self.words.items() if words.of_a_case}

    def _raw(self, table: str, source: RowSource) -> Callable[[], Iterator[RawRow]]:
        """The rows as they stand, or of a log those of its cases; with what the rows of other files add."""
        raw = source.raw if source.mapping.steps is None else lambda: iter(self._log(table, source)[0])
        return raw if not source.mapping.gathered else lambda: with_gathered(raw(), source, self.words[table], self._added(table, source))

    def _log(self, table: str, source: RowSource) -> tuple[tuple[RawRow, ...], tuple[Words, ...]]:
        if table not in self._logs:
            self._logs[table] = cases_of_log(source.raw(), source.mapping, self.words[table], self._course(), self.zone)
        return self._logs[table]

    def _ids(self, table: str, source: RowSource) -> Ids:
        if table not in self._known:
            self._known[table] = ids_of(self._raw(table, source), self.reader(table))
        return self._known[table]

    @cached_property
    def _logs(self) -> dict[str, tuple[tuple[RawRow, ...], tuple[Words, ...]]]:
        return {}

    def _added(self, table: str, source: RowSource) -> dict[str, Gathered]:
        if table not in self._gathered:
            self._gathered[table] = gathered(source)
        return self._gathered[table]

    @cached_property
    def _gathered(self) -> dict[str, dict[str, Gathered]]:
        return {}

    @cached_property
    def _known(self) -> dict[str, Ids]:
        return {}
