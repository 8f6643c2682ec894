"""A score while it is worked out: what it came to so far, and what it asks of the records that were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from govservice.assessment.alike_rows import AlikeRows
from govservice.assessment.days_inside import Inside, Lasts, On
from govservice.assessment.occurrences import Lines, Priced
from govservice.assessment.periods import Period
from govservice.assessment.register import LedgerRow, PlacedRows, Register
from govservice.assessment.scopes import RecordScope, SubjectScope
from govservice.errors import Words
from govservice.rules.book.entries import Part, Scheme
from govservice.rules.language.intervals import Bounded
from govservice.rules.language.shapes import Expression
from govservice.rules.language.values import Number, Unknown
from govservice.rules.meaning.evaluation import Doubtful

__all__ = ["HeldPart", "Score", "Sources"]


@dataclass(frozen=True, slots=True)
class HeldPart:
    """One part: what its items leave, and what it is held to; unknown where an item has no bound. `doubt`: whether it applies at all."""

    part: Part
    earned: Bounded | Unknown
    total: Bounded | Unknown
    doubt: tuple[str, ...] | None = None
    full: Number | None = None  # what is left of the full mark, for one that served part of the period
    certain: Bounded | Unknown | None = None  # of one of which there is doubt, what it is held to if it applies
    level: int = 0  # of those within parts, how deep
    adds: Bounded | Unknown = 0  # what it adds to the part that holds it, if that applies


@dataclass(slots=True)
class Score:
    """Everything one score came to, exact; `scope` is the subject with its total and parts in sight.

    `applies` is False where the scheme does not score the subject in the period, unknown while that is open; `supplied` the row
    in which it was given.
    """

    scheme: Scheme
    subject: str
    period: Period
    scope: SubjectScope
    total: Bounded | Unknown
    eligible: bool | None
    applies: bool | Unknown = True
    supplied: LedgerRow | None = None
    parts: dict[str, HeldPart] = field(default_factory=dict)
    priced: Lines = field(default_factory=Lines)
    unfired: list[Priced] = field(default_factory=list)  # items that do not apply, with what their conditions read
    notes: dict[Words, None] = field(default_factory=dict)
    said: tuple[Words, ...] = ()  # of what it was worked out from, for whatever reads it
    considered: dict[int, LedgerRow] = field(default_factory=dict)  # rows that some item is for, by identity
    let_in: set[int] = field(default_factory=set)  # those of them that one let in, or may
    whole: set[str] = field(default_factory=set)  # kinds of event of which an item lets in every row of a day in the period

    def consider(self, row: LedgerRow, *, let_in: bool) -> None:
        """An item is for a row; whether it lets it in, or may."""
        self.considered[id(row)] = row
        if let_in:
            self.let_in.add(id(row))

    def consider_all(self, rows: Sequence[LedgerRow], let_in: Sequence[LedgerRow]) -> None:
        """The same for many rows, and those of them that it lets in."""
        self.considered.update(zip(map(id, rows), rows, strict=True))
        self.let_in.update(map(id, let_in))

    def note(self, words: Words) -> None:
        """Keep what the card must say."""
        self.notes[words] = None


class Sources(Protocol):
    """What pricing asks of the records that were given."""

    @property
    def register(self) -> Register: ...
    def held_on(self, period: Period) -> date: ...
    def lacking(self, sources: tuple[str, ...]) -> frozenset[str]: ...
    def is_never(self, condition: Expression | None) -> bool: ...
    def scope(
        self,
        row: LedgerRow,
        period: Period,
        scheme: str | None = None,
        scored: SubjectScope | None = None,
        days: Inside | None = None,
    ) -> RecordScope: ...
    def serves(self, scheme: str, id: str, period: Period) -> bool | Unknown: ...
    def workdays(self, first: date, last: date) -> int: ...
    def days_in(
        self, row: LedgerRow, on: On, period: Period, notes: dict[Words, None], *, asked: bool, by: str | None
    ) -> tuple[Inside | None, Unknown | None]: ...
    def records_of(
        self, source: str, subject: SubjectScope, period: Period, of: str | None, *, by: str | None = None, lasts: Lasts | None = None
    ) -> list[tuple[LedgerRow, On]] | Unknown: ...
    @property
    def alike_rows(self) -> AlikeRows: ...
    def placed_alone(self, source: str, owner: str, id: str, period: Period, by: str | None) -> PlacedRows | None: ...
    def scores_of(self, scheme: str, subject: SubjectScope, period: Period, of: str | None) -> list[SubjectScope | Doubtful] | Unknown: ...
