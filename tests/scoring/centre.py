"""A small centre to score: its vocabulary, ways to write schemes and records in a line, and what a card says in short."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from govservice import Rulebook, Scorecard, load_rulebook, score

VOCABULARY = """
rulebook: centre
title: 小镇政务中心
tables:
  staff:
    role: {type: choice, label: 岗位类别, values: {front: 前台, back: 后台, chief: 首席}}
    months_served: {type: integer, label: 任职月数}
    group: {type: text, label: 组别}
  window:
    overall: {type: choice, label: 综合评议, values: {good: 好, poor: 差}}
    group: {type: text, label: 组别}
  cases:
    weight: {type: decimal, label: 难度}
  letters: {of: staff, received: {type: integer, label: 表扬信}}
  checks:
    of: staff
    dated_by: checked_on
    checked_on: {type: date, label: 检查日}
    mark: {type: decimal, label: 检查得分}
    holder: {type: text, label: 卡主}
events:
  late: {label: 迟到, has: {excused: {type: boolean, label: 已请假, default: false}}}
  early: {label: 早退}
  absent: {label: 旷工}
  rude: {label: 态度生硬, assessed: true}
  gift: {label: 收受礼品, verified: true}
  thanked: {label: 表扬}
  joked: {label: 说笑}
"""
STATED = "part_floor: 0, part_overflow: capped"


def book(rest: str, conventions: str = STATED, **settings: object) -> Rulebook:
    """The centre's rulebook with these entries."""
    text = f"{VOCABULARY}conventions: {{{conventions}}}\n{textwrap.dedent(rest)}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "centre.yaml"
        path.write_text(text, encoding="utf-8")
        return load_rulebook(path, settings=settings or None)


def month(items: str, *, more: str = "", scores: str = "staff", conventions: str = STATED, rest: str = "") -> Rulebook:
    """A book with one scheme, `month`, of one part of 100 points with these items (one a line, in braces)."""
    lines = "\n".join(f"          - {line.strip()}" for line in textwrap.dedent(items).strip().splitlines())
    head = f"schemes:\n  month:\n    scores: {scores}\n    period: month\n    {more}\n"
    scheme = f"{head}    parts:\n      work:\n        full: 100\n        items:\n{lines}\n"
    return book(scheme + textwrap.dedent(rest), conventions)


def event(kind: str, day: int | str | None = 12, staff: str | None = "S1", **more: object) -> dict[str, object]:
    """An event of October 2026 (a day's number) or of any day."""
    on = date(2026, 10, day) if isinstance(day, int) else day
    return {"kind": kind, "on": on, "staff": staff} | more


def case(number: int, received: str = "2026-10-12", **more: object) -> dict[str, object]:
    """A case of S1's."""
    return {"case": f"C{number}", "staff": "S1", "received_on": received} | more


def staff(id: str = "S1", **more: object) -> dict[str, object]:
    return {"staff": id, **{name.rstrip("_"): value for name, value in more.items()}}


def card(
    of: Rulebook, *events: Mapping[str, Any], period: object = "2026-10", subject: str = "S1", scheme: str = "month", **more: Any
) -> Scorecard:
    """One card of one subject; the tables of staff and events are supplied."""
    now = more.pop("now", None)
    records = {"events": list(events), "staff": [staff()], **more}
    return score(of, scheme, {name: rows for name, rows in records.items() if rows is not None}, subject=subject, period=period, now=now)


def among_all(of: Rulebook, *events: Mapping[str, Any], period: object = "2026-10", **more: Any) -> Scorecard:
    """The card of S1 among the cards of everybody."""
    return next(
        one for one in score(of, "month", {"events": list(events), "staff": [staff()], **more}, period=period) if one.subject == "S1"
    )


def total(of: Rulebook, *events: Mapping[str, Any], **more: Any) -> object:
    """The total of one card, or the bounds between which it lies."""
    found = card(of, *events, **more)
    return found.total if found.total is not None else (found.low, found.high)


def said(found: Scorecard) -> str:
    """The notes of a card in English, a line each."""
    return "\n".join(str(one) for one in found.notes)
