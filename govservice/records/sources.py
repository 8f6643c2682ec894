"""What a folder of records and rows handed over by a program have in common: rows read one by one, ids that several of them give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Protocol

from govservice.records.mapping import TableMapping
from govservice.records.reader import RowReader
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
    """Records by table. `sources` are read with the `words` of each; rows are read each time they are asked for."""

    sources: Mapping[str, RowSource]
    words: Mapping[str, Vocabulary]
    progress: Progress | None

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
        for count, raw in enumerate(source.raw(), 1):
            yield reader.read(raw)
            if self.progress is not None and count % 500 == 0:
                self.progress(source.name, count, source.rows)

    def ids(self, table: str) -> frozenset[str]:
        """The ids that the rows of "items", "applications" or "cases" give, those of rows that cannot be used among them."""
        source = self.sources.get(table)
        return self._ids(table, source).known if source is not None else frozenset()

    def reader(self, table: str) -> RowReader:
        """What reads the rows of a table."""
        source = self.sources[table]
        course = {name: words for name, words in self.words.items() if words.of_a_case} if table == "cases" else None
        return RowReader(source.mapping, self.words[table], source.name, course, source.raw)

    def _ids(self, table: str, source: RowSource) -> Ids:
        if table not in self._known:
            self._known[table] = ids_of(source.raw, self.reader(table))
        return self._known[table]

    @cached_property
    def _known(self) -> dict[str, Ids]:
        return {}
