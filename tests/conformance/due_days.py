"""Due days of the corpus: what `deadline` counts from each start, a limit at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import yaml

from govservice import china, deadline, due_frame
from govservice.calendars import WorkCalendar
from govservice.errors import GovServiceError
from govservice.limits import PORTAL_CODES, TimeLimit
from govservice.reading import read_limit

from .corpus import CORPUS, TABLE, Asked, Table, as_day, typed_cell

CALENDARS = {
    "announced alone": lambda: china(strict=True),
    "as known on 2020-01-20": lambda: china(known_on=date(2020, 1, 20)),
    "Massachusetts": lambda: WorkCalendar.of("US", "MA"),
}


@dataclass(frozen=True)
class Limit:
    """One question: a limit from a column of starts; a text that names a column is that column's, two are its amount and unit."""

    start: str
    limit: TimeLimit | str | tuple[str, str]
    calendar: str | None
    backward: bool
    reason: bool

    def of(self, row: Mapping[str, Any]) -> date | None:
        """The day by `deadline`; None where there is none."""
        start = row[self.start]
        columns = () if isinstance(self.limit, TimeLimit) else (self.limit,) if isinstance(self.limit, str) else self.limit
        cells = [start, *(row[name] for name in columns)]
        if any(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
            return None
        try:
            limit = self.limit if isinstance(self.limit, TimeLimit) else limit_of(*cells[1:])
            days = china() if self.calendar is None else CALENDARS[self.calendar]()
            return deadline(limit, start, days, backward=self.backward).due_on
        except (GovServiceError, ArithmeticError, ValueError):
            return None


def limit_of(amount: Any, unit: str = "workday") -> TimeLimit:
    """The limit that stands in a cell, or in two; a text of digits alone is a number."""
    if isinstance(amount, str):
        if unit == "workday" and not re.fullmatch(r"\d+\.?\d*", amount.strip()):
            return read_limit(amount)
        amount = Decimal(amount.strip())
    return TimeLimit(amount, PORTAL_CODES.get(unit.strip(), unit.strip()))  # type: ignore[arg-type]


@dataclass(frozen=True)
class DueGroup(Asked):
    """Limits over one table of starts."""

    kind: ClassVar[str] = "due days"
    name: str
    table: Table
    limits: Mapping[str, Limit]
    written: Mapping[str, str]

    @property
    def tables(self) -> Mapping[str, Table]:
        return {TABLE: self.table}

    @cached_property
    def expected(self) -> Mapping[str, list[date | None]]:
        return {question: [limit.of(row) for row in self.table.rows] for question, limit in self.limits.items()}

    def asked(self, frames: Mapping[str, Any], question: str) -> Any:
        limit = self.limits[question]
        calendar = None if limit.calendar is None else CALENDARS[limit.calendar]()
        return due_frame(
            frames[TABLE], start=limit.start, limit=limit.limit, calendar=calendar, backward=limit.backward, into=question,
            reason=f"{question}_why" if limit.reason else None,
        )  # fmt: skip

    def read(self, question: str, rows: Sequence[Mapping[str, Any]]) -> list[date | None]:
        return [None if row[question] is None else as_day(row[question]) for row in rows]


def due_days() -> Iterator[DueGroup]:
    """Every group of due days, read from its file."""
    for path in sorted((CORPUS / "due").glob("*.yaml")):
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
        holds: dict[str, str] = tree["holds"]
        rows = [
            {"id": number, **{name: typed_cell(cell, held) for (name, held), cell in zip(holds.items(), cells, strict=True)}}
            for number, cells in enumerate(tree["rows"])
        ]
        limits = {f"due_{number:03d}": _limit(asked, holds) for number, asked in enumerate(tree["asked"])}
        written = {question: _written(asked) for question, asked in zip(limits, tree["asked"], strict=True)}
        assert len({*written.values()}) == len(written)
        yield DueGroup(path.stem, Table({"id": "integer", **holds}, rows), limits, written)


def _limit(asked: Mapping[str, Any], holds: Mapping[str, str]) -> Limit:
    limit = asked["limit"]
    read = tuple(limit) if isinstance(limit, list) else limit if limit in holds else read_limit(limit)
    return Limit(asked["start"], read, asked.get("calendar"), asked.get("backward", False), asked.get("reason", False))


def _written(asked: Mapping[str, Any]) -> str:
    limit = " ".join(asked["limit"]) if isinstance(asked["limit"], list) else asked["limit"]
    rest = [part for part in (asked.get("calendar"), "with its reason" if asked.get("reason") else None) if part]
    return ", ".join([f"{asked['start']} {'-' if asked.get('backward') else '+'} {limit}", *rest])
