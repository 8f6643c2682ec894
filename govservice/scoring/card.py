"""The scorecard: total, parts, one line an item and row with its arithmetic, and everything that could not be settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from govservice.errors import Lang, Words
from govservice.rules.outcomes import decoded, encoded

__all__ = ["Line", "OpenItem", "PartScore", "Scorecard"]

Points: TypeAlias = Decimal | int


@dataclass(frozen=True, slots=True)
class Line:
    """What one item came to, for one row or for the subject and period.

    `points` is None while they are not fixed, `low` and `high` what they may be (None: not bounded). `text` is the rule's arithmetic as its
    author wrote it, `facts` what it read; `row` is the record it prices, `on` its day.
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


@dataclass(frozen=True, slots=True)
class PartScore:
    """One part: its full mark, what its items leave of it (`earned`), and what it is held to."""

    id: str
    label: str | None
    full: Points | None
    total: Points | None
    low: Points | None
    high: Points | None
    earned: Points | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that is not settled: what would settle it, and what is at stake."""

    item: str
    needs: tuple[str, ...]
    low: Points | None
    high: Points | None
    row: Mapping[str, object] | None = None


@dataclass(frozen=True)
class Scorecard:
    """The score of one subject in one period, from which an appeal can be answered.

    `total` is None while `low` and `high` differ; both are None where an open item has no bound, and where the scheme does not score the
    subject in the period (`scored` is False). `lines` has one entry an item and row; `formula` is what a total of its own was worked out
    from. `eligible` is None while that is open. `unpriced` are events that nothing prices, `unverified` events that count only once
    verified, `open` the items not settled, `notes` what else must be said (rows without a day, rows of one occurrence, periods left out, a
    subject that served part of the period). Points are exact until reported; `rounding` happens once, here.
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
    scored: bool = True

    def explain(self, lang: Lang = "en") -> str:
        """The whole card as text, English or Chinese."""
        from govservice.scoring.showing import as_text

        return as_text(self, lang)

    def to_rows(self) -> list[dict[str, object]]:
        """One mapping a line, for a table."""
        return [
            {"scheme": self.scheme, "subject": self.subject, "period": self.period}
            | {one.name: getattr(line, one.name) for one in fields(line) if one.name not in ("facts", "row", "needs")}
            for line in self.lines
        ]

    def to_html(self, lang: Lang = "zh") -> str:
        """The card as one HTML page that stands alone."""
        from govservice.scoring.showing import as_html

        return as_html(self, lang)

    def _repr_html_(self) -> str:
        return self.to_html("zh")

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same card back."""
        return {one.name: _plain(getattr(self, one.name)) for one in fields(self)}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Scorecard:
        """The card that `to_dict` wrote."""
        given: dict[str, Any] = {
            name: decoded(value) if name not in ("parts", "lines", "open", "notes", "labels") else value for name, value in found.items()
        }
        given["parts"] = {id: PartScore(**_read(one)) for id, one in found["parts"].items()}
        given["lines"] = tuple(Line(**_read(one)) for one in found["lines"])
        given["open"] = tuple(OpenItem(**_read(one)) for one in found["open"])
        given["notes"] = tuple(Words(*one) for one in found["notes"])
        for name in ("unpriced", "unverified"):
            given[name] = tuple(_read(one) for one in found[name])
        return cls(**given)


def _plain(value: Any) -> Any:
    match value:
        case Words():
            return [value.en, value.zh]
        case Line() | PartScore() | OpenItem():
            return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case _:
            return encoded(value)


def _read(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _read(value) if isinstance(value, dict) and key in ("row", "facts") else decoded(value) for key, value in found.items()}
