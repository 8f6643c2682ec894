"""What a mapping file says, as values: where a table stands, which column holds which fact, what becomes of a log's activities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from govservice.limits import Unit

__all__ = ["ColumnMapping", "GatheredFact", "StepFact", "StepPause", "StepsMapping", "StoredMapping", "TableMapping"]

Which: TypeAlias = Literal["first", "last"]
How: TypeAlias = Literal["list", "sum", "count"]


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where a fact is found: its `column`; `values` says what each value means (then no other is read), `none` which words say that there
    is none; `split` parts a list; `unit`, or `unit_column` with `codes`, makes a limit of an amount. `format` is the notation of a day, a
    moment, a time or a number, `time_zone` the clock that its moments are on. `line` is where the file says so.

    >>> ColumnMapping("days", unit="workday").column
    'days'
    """

    column: str
    values: Mapping[str, str] | None = None
    unit: str | None = None
    unit_column: str | None = None
    codes: Mapping[str, Unit] | None = None
    split: str | None = None
    line: int | None = None
    none: tuple[str, ...] = ()
    format: str | None = None
    time_zone: str | None = None


@dataclass(frozen=True, slots=True)
class StoredMapping:
    """Where a table of records stands in a database: in a `table` of it (default: of the same name), or what a `query` gives; and by which
    columns its rows are in order. `line` is where the file names the one or the other, `order_line` where it names the order.

    >>> StoredMapping(table="hall.cases").order_by
    ()
    """

    table: str | None = None
    query: str | None = None
    order_by: tuple[str, ...] = ()
    line: int | None = None
    order_line: int | None = None


@dataclass(frozen=True, slots=True)
class StepFact:
    """A fact that is when one of some activities came first or last."""

    fact: str
    which: Which
    activities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepPause:
    """A pause of a kind, from one of some activities to the next of some others."""

    kind: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepsMapping:
    """A log of steps, one row each, and what it says of a case: by which columns rows are of a `case`, of an `activity`, and when.

    >>> StepsMapping("id", "what", ColumnMapping("when"), (StepFact("received_at", "first", ("in",)),)).known
    frozenset({'in'})
    """

    case: str
    activity: str
    time: ColumnMapping
    facts: tuple[StepFact, ...] = ()
    pauses: tuple[StepPause, ...] = ()
    ignore: tuple[str, ...] = ()
    line: int | None = None

    @property
    def columns(self) -> tuple[str, str, str]:
        """The columns that say whose, what and when."""
        return self.case, self.activity, self.time.column

    @property
    def known(self) -> frozenset[str]:
        """The activities that something is said of."""
        made = [activity for fact in self.facts for activity in fact.activities]
        pausing = [activity for pause in self.pauses for activity in (*pause.begins, *pause.ends)]
        return frozenset((*made, *pausing, *self.ignore))


@dataclass(frozen=True, slots=True)
class GatheredFact:
    """A fact that is gathered from the rows of another file: those whose column `id` names this row.

    `how` is what becomes of the `column` of these rows: a list of them, their sum, how many there are. `order_by` says in which order.
    """

    fact: str
    file: str
    id: str
    column: str | None
    how: How
    order_by: str | None = None
    sheet: str | None = None
    delimiter: str = ","
    line: int | None = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one table of records is read: its file (default: found by name) or its place in a database, the columns of its facts, columns to
    leave out. Of a workbook: the `sheet`, the row of its `header`, and whether merged cells are filled (`merged`). `time_zone` is the clock
    that its moments without an offset are on, `steps` says that it is a log, `gathered` which facts come from the rows of other files.

    >>> TableMapping(columns={"item": ColumnMapping("id")}).delimiter
    ','
    """

    file: str | None = None
    delimiter: str = ","
    columns: Mapping[str, ColumnMapping] = ()  # type: ignore[assignment]  # most tables need none
    skip: tuple[str, ...] = ()
    skip_line: int | None = None
    stored: StoredMapping = StoredMapping()
    sheet: str | None = None
    header: int | None = None
    merged: bool = False
    sheet_line: int | None = None
    time_zone: str | None = None
    steps: StepsMapping | None = None
    gathered: tuple[GatheredFact, ...] = ()

    @property
    def meanings(self) -> tuple[str, ...]:
        """The keys that say what the cells mean, as the file writes them.

        >>> TableMapping(time_zone="UTC", columns={"case": ColumnMapping("id")}).meanings
        ('columns', 'time_zone')
        """
        given = {
            "columns": bool(dict(self.columns)), "skip": bool(self.skip), "time_zone": self.time_zone is not None,
            "steps": self.steps is not None, "rows": bool(self.gathered),
        }  # fmt: skip
        return tuple(key for key, is_given in given.items() if is_given)
