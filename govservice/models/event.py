"""An event: something that happened on a day, which a scheme may price or count."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeAlias

from pydantic import ConfigDict, PlainSerializer, WithJsonSchema

from govservice.errors import RecordError, Words
from govservice.models.record import Amount, Day, Record, Text, Truth, fact, given
from govservice.reading import read_decimal, read_text, shown

__all__ = ["Event"]


def _read_marks(value: object) -> Decimal | tuple[tuple[str, Decimal], ...]:
    """One number of points, or one a scheme (kept as pairs, which are frozen)."""
    if not isinstance(value, Mapping | tuple):
        return read_decimal(value)
    try:
        marks = dict(value)
    except (TypeError, ValueError):
        raise RecordError(Words(f"{shown(value)} is not points by scheme", f"{shown(value)}不是按办法给出的分值")) from None
    return tuple((read_text(scheme), read_decimal(points)) for scheme, points in marks.items())


def _written(value: Any) -> Any:
    return {scheme: str(points) for scheme, points in value} if isinstance(value, tuple) else value


Marks: TypeAlias = Annotated[
    Decimal | tuple[tuple[str, Decimal], ...] | None,
    given(_read_marks),
    PlainSerializer(_written, when_used="json"),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "object"}, {"type": "null"}]}),
]


class Event(Record):
    """One event (事件) of a kind that a rulebook declares; the fields that the kind `has` beyond these go into `local`.

    `assessed` is what the assessor set within the scheme's discretion: one number of points, or one a scheme.

    >>> event = Event(kind="benefits", on="2026-10-12", staff="S1", verified="是", assessed=-12, local={"serious": True})
    >>> event.verified, event.assessed, event.facts()["serious"]
    (True, Decimal('-12'), True)
    """

    model_config = ConfigDict(title="事件")

    kind: Text = fact("事件种类", "Kind of event, as the rulebook names it.")
    on: Day = fact("发生日", "Day it happened.")
    staff: Text = fact("当事人", "Staff member it belongs to; unknown where it is the window's or the department's alone.")
    window: Text = fact("窗口", "Window it belongs to.")
    department: Text = fact("部门", "Department it belongs to.")
    centre: Text = fact("所在中心", "Centre it belongs to, where there are several.")
    case: Text = fact("所涉办件", "Case it arose in.")
    verified: Truth = fact("经查实", "Whether it was verified; where nothing is said, it was not.")
    assessed: Marks = fact("认定分值", "Points set by the assessor, one number or one a scheme.", unit="分")
    assessor: Text = fact("评定人", "Who assessed it.")
    occurrence: Text = fact("同一事情", "What joins several rows about one occurrence.")
    half_days: Amount = fact("半天数", "How many half days.", unit="半天")
    days: Amount = fact("天数", "How many days.", unit="天")
    minutes: Amount = fact("分钟数", "How many minutes.", unit="分钟")

    def facts(self) -> dict[str, Any]:
        """What is known, by name; points by scheme are a mapping.

        >>> Event(assessed={"window_month": -5}).facts()
        {'assessed': {'window_month': Decimal('-5')}}
        """
        known = super().facts()
        return known | {"assessed": dict(self.assessed)} if isinstance(self.assessed, tuple) else known
