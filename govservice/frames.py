"""The verbs on whole tables: decisions and dates of every row, on the engine that the table lives in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from govservice.classify import CASE_TYPE
from govservice.doors import TEXT, optional, takes
from govservice.echo import shown
from govservice.errors import DecisionError, Words
from govservice.framing.engines import decide_on
from govservice.framing.wanted import Wanted
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.rulebook import AnyBook, book_of

__all__ = ["classify_frame", "decide_frame"]


@takes(decision=TEXT, reason=optional(TEXT))
def decide_frame(frame: Any, book: AnyBook, decision: str, *, on: date | str | None = None, as_of: date | str | None = None, reason: str | None = None) -> Any:
    held = book_of(book)
    if decision not in held.contents.decisions:
        listed = ", ".join(held.contents.decisions)
        raise DecisionError(
            Words(f"{held.id} has no decision {shown(decision)}", f"{held.id} 没有“{decision}”这个决定"),
            hint=Words(f"it has: {listed}", f"它有：{listed}"),
        )
    entry = held.contents.decisions[decision]
    shown_ = {name: name for name, _ in entry.outcomes}

    def one(facts: Mapping[str, Any], day: date | None) -> Outcome:
        return held.decide(decision, facts, on=day, as_of=as_of)

    day, column = _on(frame, held, on)
    wanted = Wanted(held, entry, day, column, shown_, f"{decision}_rule", f"{decision}_state", reason, one)
    return decide_on(frame, wanted)


def _on(frame: Any, book: Any, on: Any) -> tuple[date | None, str | None]:
    if isinstance(on, str) and not on[:1].isdigit():
        return None, on
    return book.day(on), None


def classify_frame(frame: Any, book: AnyBook, *, on: Any = None, into: str = "case_type", reason: str | None = None) -> Any:
    held = book_of(book)
    id = held.contents.granting.get("application", {})[CASE_TYPE]
    entry = held.contents.decisions[id]

    def one(facts: Mapping[str, Any], day: date | None) -> Outcome:
        return held.decide(id, facts, on=day)

    day, column = _on(frame, held, on)
    return decide_on(frame, Wanted(held, entry, day, column, {CASE_TYPE: into}, None, None, reason, one, afresh=frozenset((CASE_TYPE,))))
