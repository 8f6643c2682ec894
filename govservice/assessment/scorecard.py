"""The scorecard: total, parts, one line an item and row with its arithmetic, and everything that could not be settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Self, TypeAlias, cast

from govservice.as_json import AsJson
from govservice.errors import Lang, Words, known_lang
from govservice.frozen import frozen
from govservice.upward import machinery

__all__ = ["Change", "Line", "OpenItem", "PartScore", "Points", "Rescored", "Scorecard"]

Points: TypeAlias = Decimal | int


@dataclass(frozen=True, slots=True, repr=False)
class Line(AsJson):
    """What one item came to, for one row or for the subject and period.

    `points` is None while they are not fixed, `low` and `high` what they may be (None: not bounded). `text` is the rule's arithmetic as its
    author wrote it, `facts` what it read; `row` is the record it prices, `on` its day; `rows` are all of them where several are one.
    """

    part: str | None
    item: str
    label: str | None
    cite: str | None
    points: Points | None
    low: Points | None
    high: Points | None
    text: str
    facts: Mapping[str, object]
    row: Mapping[str, object] | None = None
    on: date | None = None
    needs: tuple[str, ...] = ()
    rows: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class PartScore(AsJson):
    """One part: its full mark, what its items and parts leave of it (`earned`), and what it is held to; `level` is how deep it lies."""

    id: str
    label: str | None
    full: Points | None
    total: Points | None
    low: Points | None
    high: Points | None
    earned: Points | None = None
    held: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class OpenItem(AsJson):
    """An item that is not settled: what would settle it, and what is at stake."""

    item: str
    needs: tuple[str, ...]
    low: Points | None
    high: Points | None
    row: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Change(AsJson):
    """Where a published score would be another now: the total, a `part`, or the line of an `item` on a row.

    `was` is what was published (None: open), `points` what it would be (None while it lies from `low` to `high`); 0 where there was no such
    part or line, or would be none; a line of which the card that lacks it leaves its item open is open there, never 0.
    """

    part: str | None
    item: str | None
    label: str | None
    was: Points | None
    points: Points | None
    low: Points | None
    high: Points | None
    row: Mapping[str, object] | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Rescored(AsJson):
    """What a published score would be as of the day asked about.

    `total` is None while it is open (`needs` would settle it), and where the scheme would not score the subject (`scored` False). `changes`
    say where it differs, as far as was kept of what was published (`told`): the total alone, its parts, or every line of the card.
    `rules_changed` says whether the rulebook is another now; None where only figures were kept. `fault` is why nothing could be worked out.
    """

    total: Points | None
    low: Points | None
    high: Points | None
    needs: tuple[str, ...]
    changes: tuple[Change, ...]
    told: Literal["total", "parts", "lines"]
    scored: bool | None = True
    rules_changed: bool | None = None
    fault: Words | None = None


@dataclass(frozen=True, repr=False)
class Scorecard(AsJson):
    """The score of one subject in one period, from which an appeal can be answered.

    `total` is None while `low` and `high` differ; both are None where an open item has no bound, and where the scheme does not score the
    subject in the period (`scored` is False; None while that is open: `low` and `high` are then what it comes to if it does). `lines` has
    one entry an item and row, `unfired` one an item that does not apply to the subject or let no row in, with what its condition read;
    `formula` is what a total of its own was worked out from. `eligible` is None while that is open. `unpriced`
    are events that nothing prices, `unverified` events that count only once verified, `open` the items not settled, `notes` what else must
    be said (rows set apart or without a day, rows of one occurrence, periods left out, a subject that served part of the period). Points
    are exact until reported; `rounding` happens once, here. `full` is the full mark, the scheme's own or that of all its parts together
    (None where either leaves it open).

    A published score that was given among the records keeps its total; asked for as of a day, `rescored` says what it would be then.
    """

    scheme: str
    title: str | None
    subject: str
    period: str
    total: Points | None
    low: Points | None
    high: Points | None
    parts: Mapping[str, PartScore]
    lines: tuple[Line, ...]
    unpriced: tuple[Mapping[str, object], ...]
    unverified: tuple[Mapping[str, object], ...]
    open: tuple[OpenItem, ...]
    notes: tuple[Words, ...]
    eligible: bool | None
    unit: str | None
    book: str
    digest: str
    now: date | None
    formula: str = ""
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)
    scored: bool | None = True
    full: Points | None = None
    unfired: tuple[Line, ...] = field(default_factory=tuple)
    rescored: Rescored | None = None

    @classmethod
    def drawn(cls, later: Mapping[str, Callable[[], object]], *, at_once: bool = False, **said: object) -> Self:
        """A card of which some fields (its lines and labels) are drawn when they are first looked at, unless `at_once`.

        What draws them reads nothing that may change.
        """
        if at_once:
            said |= {name: draw() for name, draw in later.items()}
        card = object.__new__(cls)
        vars(card).update({name: frozen(value) for name, value in said.items()})
        if not at_once:
            vars(card)["_later"] = dict(later)
        return card

    def __getattr__(self, name: str) -> Any:
        later = vars(self).get("_later", {})
        if name not in later and name not in vars(self):
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
        draw = later.get(name)
        if draw is not None:
            vars(self).setdefault(name, frozen(draw()))  # whoever drew it first gave it
            later.pop(name, None)
        return vars(self)[name]

    def __getstate__(self) -> dict[str, Any]:
        return {of.name: getattr(self, of.name) for of in fields(self)}

    def facts(self) -> dict[str, object]:
        """The card as a row of its scheme's own table: a published score, kept whole."""
        return {"scorecard": self}

    def explain(self, lang: Lang = "en", *, unfired: bool = False) -> str:
        """The whole card as text, English or Chinese; with `unfired` the items that did not fire too, and the figures they read."""
        return cast("str", machinery("show.scorecard:as_text")(self, known_lang(lang), unfired=unfired))

    def to_rows(self) -> list[dict[str, object]]:
        """One mapping a line, for a table."""
        return [
            {"scheme": self.scheme, "subject": self.subject, "period": self.period}
            | {column.name: getattr(line, column.name) for column in fields(line) if column.name not in ("facts", "row", "needs", "rows")}
            for line in self.lines
        ]

    def to_html(self, lang: Lang = "zh", *, unfired: bool = False) -> str:
        """The card as one HTML page that stands alone, to print on A4: with full marks, how to appeal, and a place to sign.

        With `unfired` the items that did not fire too.
        """
        return cast("str", machinery("show.scorecard_page:page")(self, known_lang(lang), unfired=unfired))

    def _repr_html_(self) -> str:
        return cast("str", machinery("show.scorecard_page:fragment")(self, "zh"))
