"""What happened to a case on the way: its pauses and extensions, and those among them that move no clock."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from govservice.clockwork.called import kind_called
from govservice.counting.asked import When, day_of
from govservice.echo import shown
from govservice.errors import Words
from govservice.limits import TimeLimit
from govservice.rules.book.contents import Contents

__all__ = [
    "MOVING",
    "NO_HISTORY",
    "Extended",
    "Given",
    "History",
    "Numbered",
    "Paused",
    "fact_of_row",
    "idle",
    "unheard",
]

MOVING = ("pauses", "extensions")


class Numbered(NamedTuple):
    """A row with its number in the table as given, for callers that hand over only those of one case."""

    number: int
    row: Mapping[str, Any]


class Paused(NamedTuple):
    """One row of `pauses`: its kind, first and last day or moment (None: not ended), and whether the applicant was told in writing.

    `number` is its place in the table as given, from 1; `doubt` names what would say whether it concerns the case at all. `table` and
    `row` say of which row of which table it is, where it is not of the whole case.
    """

    kind: str | None
    first: When
    last: When | None
    told: bool | None
    number: int = 1
    doubt: frozenset[str] = frozenset()
    table: str | None = None
    row: str | None = None


class Extended(NamedTuple):
    """One row of `extensions`: its clock (None: not said), when asked, whether granted, by whom, how long (None: as the book says).

    `number` is its place in the table as given, from 1; `doubt` names what would say whether it concerns the case at all, or for how long;
    `table` and `row` as of a pause.
    """

    clock: str | None
    asked: When | None
    granted: bool | None
    by: str | None
    limit: TimeLimit | None
    number: int = 1
    doubt: frozenset[str] = frozenset()
    table: str | None = None
    row: str | None = None


class Given(NamedTuple):
    """One row as given: its number, its facts by id, what would say whether it concerns the case, and whether it stands within it."""

    number: int
    facts: Mapping[str, Any]
    doubt: frozenset[str] = frozenset()
    within: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """The rows of one case beside its own facts: `pauses` and `extensions` in order, and other tables as given (`stages`).

    `notes` say which tables, rows and keys were not understood; `doubted` are the tables that one of them may have meant. `given` are all
    rows by table, each once, `supplied` the tables that were given at all, though they may be empty.
    """

    pauses: tuple[Paused, ...] = ()
    extensions: tuple[Extended, ...] = ()
    rows: Mapping[str, tuple[Mapping[str, Any], ...]] | None = None
    notes: tuple[Words, ...] = ()
    doubted: frozenset[str] = frozenset()
    given: Mapping[str, tuple[Given, ...]] = field(default_factory=dict)
    supplied: frozenset[str] = frozenset()


NO_HISTORY = History()


def fact_of_row(table: str, number: int, fact: str) -> str:
    """What a fact of a row is called where it is waited for.

    >>> fact_of_row("pauses", 2, "told")
    'pauses:2.told'
    """
    return f"{table}:{number}.{fact}"


def unheard(history: History, contents: Contents) -> tuple[Words, ...]:
    """The rows that concern no clock of the book, for a clock that is not counted and so says nothing of them itself."""
    kinds = {kind for clock in contents.clocks.values() for kind in clock.pause_kinds}
    extendable = {name for clock in contents.clocks.values() if clock.extension for name in (clock.id, clock.label)}
    notes = [
        Words(
            f"the pause of {day_of(pause.first)} ({pause.kind}) stops no clock",
            f"{day_of(pause.first)}的中止（{kind_called(pause.kind, contents)}）不停止任何时限",
        )
        for pause in history.pauses
        if pause.kind is not None and pause.kind not in kinds
    ]
    notes += [
        Words(
            f"row {extension.number} of extensions: no clock {shown(extension.clock)} is extended by the rulebook",
            f"{contents.rows_in_chinese('extensions', extension.number)}：规则册没有可延长的时限“{extension.clock}”",
        )
        for extension in history.extensions
        if extension.clock is not None and extension.clock not in extendable
    ]
    return tuple(notes)


def idle(history: History, contents: Contents, running: Collection[str | None]) -> tuple[Words, ...]:
    """Which extensions are of a clock that does not run, and so says nothing of them itself."""
    known = {name for clock in contents.clocks.values() for name in (clock.id, clock.label)}
    return tuple(
        Words(
            f"row {extension.number} of extensions: the clock {shown(extension.clock)} does not run on this case",
            f"{contents.rows_in_chinese('extensions', extension.number)}：时限“{extension.clock}”不适用于此办件",
        )
        for extension in history.extensions
        if extension.clock is not None and extension.clock in known and extension.clock not in running
    )
