"""What a rulebook holds, as small values to list: its facts, clocks, notices and schemes, with their labels and clauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from govservice.as_json import AsJson
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Column, parts_of
from govservice.rules.language.printing import written
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import exact, reported

__all__ = ["ListedClock", "ListedFact", "ListedNotice", "ListedScheme", "clocks_of", "facts_of", "notices_of", "schemes_of"]


@dataclass(frozen=True, slots=True, repr=False)
class ListedFact(AsJson):
    """A fact that the rows of a table, or a kind of event, may carry: its type, the label of each value of a choice, its default."""

    id: str
    table: str
    label: str | None
    type: str
    choices: Mapping[str, str]
    default: object
    cite: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ListedClock(AsJson):
    """A clock: the table whose rows it runs on, its limit and start as written, the kinds of pause that stop it, its signals."""

    id: str
    label: str | None
    about: str
    limit: str | None
    starts: str
    stops: tuple[str, ...]
    pauses: tuple[str, ...]
    signals: tuple[str, ...]
    cite: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ListedNotice(AsJson):
    """A notice: what it is called, what it is about, when it is owed, who gets a copy, what it must state."""

    id: str
    title: str
    about: str
    when: str
    copies: tuple[str, ...]
    states: tuple[str, ...]
    cite: str | None


@dataclass(frozen=True, slots=True, repr=False)
class ListedScheme(AsJson):
    """A scoring scheme: what it scores in which period, its full mark and unit, the label (else the id) of each part by its path."""

    id: str
    title: str | None
    scores: str
    period: str
    full: object
    unit: str | None
    parts: Mapping[str, str]
    cite: str | None


def facts_of(contents: Contents) -> dict[str, ListedFact]:
    """The facts by `table.fact`, those of a kind of event by `kind.fact`."""
    columns = [(table.id, column) for table in contents.tables.values() for column in table.columns.values()]
    columns += [(kind.id, column) for kind in contents.events.values() for column in kind.has.values()]
    return {f"{home}.{column.id}": _fact(home, column) for home, column in columns}


def _fact(home: str, column: Column) -> ListedFact:
    choices = {choice.name: choice.label for choice in column.type.choices}
    default = None if column.default is None else reported(column.default)
    return ListedFact(column.id, home, column.label, column.type.kind, choices, default, column.cite)


def clocks_of(contents: Contents) -> dict[str, ListedClock]:
    """The clocks by id."""
    return {
        id: ListedClock(
            id, clock.label, clock.about, _text(clock.limit), written(clock.starts), tuple(map(written, clock.stops)), clock.pause_kinds,
            tuple(alarm.signal for alarm in clock.alarms), clock.cite,
        )
        for id, clock in contents.clocks.items()
    }  # fmt: skip


def notices_of(contents: Contents) -> dict[str, ListedNotice]:
    """The notices by id."""
    return {
        id: ListedNotice(
            id, notice.title, notice.about, written(notice.when), tuple(copy.to for copy in notice.copies),
            tuple(field.text for field in notice.states), notice.cite,
        )
        for id, notice in contents.notices.items()
    }  # fmt: skip


def schemes_of(contents: Contents) -> dict[str, ListedScheme]:
    """The scoring schemes by id."""
    return {
        id: ListedScheme(
            id, scheme.title, scheme.scores, scheme.period, None if scheme.full is None else reported(exact(scheme.full)), scheme.unit,
            {path: part.label or part.id for path, part in parts_of(scheme)}, scheme.cite,
        )
        for id, scheme in contents.schemes.items()
    }  # fmt: skip


def _text(of: Expression | None) -> str | None:
    return None if of is None else written(of)
