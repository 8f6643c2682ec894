"""Clocks of the corpus: what `clocks` reads of each case as of a moment, with and without what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import yaml

from govservice import clocks, clocks_frame
from govservice.errors import GovServiceError
from govservice.rules import Rulebook

from .corpus import CORPUS, TABLE, Asked, Table, as_day, loaded, plain, rounded, typed_cell
from .due_days import CALENDARS

AMOUNTS = ("due", "used", "left", "overdue")


@dataclass(frozen=True)
class ClockGroup(Asked):
    """Clocks over one table of cases. `questions` are the arguments of each: the clock, now, the day of the rules, the calendar."""

    kind: ClassVar[str] = "clocks"
    name: str
    book: Rulebook
    table: Table
    questions: Mapping[str, Mapping[str, Any]]
    written: Mapping[str, str]

    @property
    def tables(self) -> Mapping[str, Table]:
        return {TABLE: self.table}

    @cached_property
    def expected(self) -> Mapping[str, list[tuple[object, ...]]]:
        return {question: [self._of(question, row) for row in self.table.rows] for question in self.questions}

    def signals(self, clock: str) -> tuple[str, ...]:
        """The signals that a clock raises."""
        return tuple(dict.fromkeys(alarm.signal for alarm in self.book.contents.clocks[clock].alarms))

    def _of(self, question: str, row: Mapping[str, Any]) -> tuple[object, ...]:
        clock, given = self._given(question)
        facts = {name: cell for name, cell in row.items() if name != "id" and cell is not None}
        signals = self.signals(clock)
        try:
            (reading,) = clocks(facts, self.book, only=[clock], **given)
        except GovServiceError as error:
            return (*(None for _ in (*AMOUNTS, *signals)), str(error))
        raised = {alarm.signal for alarm in reading.signals}
        told = tuple(signal in raised if reading.applies is True else None for signal in signals)
        amounts = (reading.due_on, rounded(reading.used, 10), rounded(reading.left, 10), reading.overdue)
        return (*amounts, *told, ", ".join(reading.undecided) or None)

    def _given(self, question: str) -> tuple[str, dict[str, Any]]:
        given = dict(self.questions[question])
        if "calendar" in given:
            given["calendar"] = CALENDARS[given["calendar"]]()
        return given.pop("clock"), given

    def asked(self, frames: Mapping[str, Any], question: str) -> Any:
        clock, given = self._given(question)
        return clocks_frame(frames[TABLE], self.book, clock=clock, **given)

    def read(self, question: str, rows: Sequence[Mapping[str, Any]]) -> list[tuple[object, ...]]:
        clock = self.questions[question]["clock"]
        columns = [f"{clock}_{name}" for name in (*AMOUNTS, *self.signals(clock), "undecided")]
        return [self._cells([row[column] for column in columns]) for row in rows]

    @staticmethod
    def _cells(cells: Sequence[Any]) -> tuple[object, ...]:
        due, used, left, *told = cells
        return (None if due is None else as_day(due), plain(used), plain(left), *told)


def clock_groups() -> Iterator[ClockGroup]:
    """Every group of clocks, read from its file."""
    for path in sorted((CORPUS / "clocks").glob("*.yaml")):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        holds: dict[str, str] = tree["holds"]
        rows = [
            {"id": number, **{name: typed_cell(cell, held) for (name, held), cell in zip(holds.items(), cells, strict=True)}}
            for number, cells in enumerate(tree["rows"])
        ]
        book = loaded({"rulebook": f"conformance_{path.stem.replace(' ', '_')}", **tree["book"]})
        questions = {f"clock_{number:03d}": asked for number, asked in enumerate(tree["asked"])}
        written = {id: ", ".join(f"{name} {value}" for name, value in asked.items()) for id, asked in questions.items()}
        assert len({*written.values()}) == len(written)
        yield ClockGroup(path.stem, book, Table({"id": "integer", **holds}, rows), questions, written)
