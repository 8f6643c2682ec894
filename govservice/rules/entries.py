"""The entries of a rulebook once read: tables, events, settings, measures, schemes, clocks, notices. Shapes only; nothing runs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TypeAlias

from govservice.rules.expressions.shapes import Expression
from govservice.rules.expressions.values import Type, Value

__all__ = [
    "Alarm",
    "Clock",
    "Column",
    "Conventions",
    "Copy",
    "EventKind",
    "Extension",
    "Item",
    "Measure",
    "Notice",
    "Part",
    "Rank",
    "Scheme",
    "Setting",
    "Table",
]

Conventions: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A fact that a table's rows, or a kind of event, may carry."""

    id: str
    type: Type
    label: str | None = None
    default: Value | None = None
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What there is. Its rows belong to the tables it is `of`, and see their facts; `dated_by` is the column that dates a row."""

    id: str
    columns: Mapping[str, Column]
    of: tuple[str, ...] = ()
    dated_by: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of occurrence, with the facts it has beside those of every event."""

    id: str
    has: Mapping[str, Column]
    label: str | None = None
    verified: bool = False
    assessed: bool = False
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that the source leaves open; `value` is None until the centre gives it."""

    id: str
    type: Type
    value: Value | None = None
    label: str | None = None
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure counted from records."""

    id: str
    value: Expression
    text: str
    label: str | None = None
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A rule whose outcome is points: once a row of what it is `for_`, or once a subject and period."""

    id: str
    points: Expression
    for_: tuple[str, ...] = ()
    by: str | None = None
    when: Expression | None = None
    text: str = ""
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score: what it starts from and is held between (`low` and `high` are None where the conventions decide)."""

    id: str
    items: tuple[Item, ...]
    full: Fraction | None = None
    start: Fraction | None = None
    low: str | None = None
    high: str | None = None
    when: Expression | None = None
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rank:
    """How the subjects of a scheme are ranked: by these, descending, the first first; within groups where `within` names a column."""

    by: tuple[Expression, ...]
    within: str | None = None
    ties: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scoring scheme."""

    id: str
    scores: str
    period: str
    parts: Mapping[str, Part]
    adjust: tuple[Item, ...] = ()
    total: Expression | None = None
    who: Expression | None = None
    when: Expression | None = None
    eligible: Expression | None = None
    rank: Rank | None = None
    full: Fraction | None = None
    low: str | None = None
    high: str | None = None
    unit: str | None = None
    title: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A signal of a clock: at a share of the limit (`at`, a part of one), or an amount before or after it is due."""

    signal: str
    at: Fraction | None = None
    before: Expression | None = None
    after: Expression | None = None
    when: Expression | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much a clock may be extended, how often, by whom, and when it must be asked."""

    limit: Expression
    times: int | None = None
    by: str | None = None
    asked: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit that runs on a row of a table: `limit` counted from `starts`, or `due` outright, until the earliest of `stops`."""

    id: str
    about: str
    starts: Expression
    limit: Expression | None = None
    due: Expression | None = None
    stops: tuple[Expression, ...] = ()
    pauses: tuple[str, ...] = ()
    extension: Extension | None = None
    alarms: tuple[Alarm, ...] = ()
    when: Expression | None = None
    hours: str | None = None
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a notice: to whom, within what limit, on what condition."""

    to: str
    within: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is owed wherever its condition holds: its copies, and the fields it must state."""

    id: str
    title: str
    about: str
    when: Expression
    copies: tuple[Copy, ...] = ()
    states: tuple[tuple[str, Expression], ...] = ()
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
