"""What a table is asked for its case types: the decision that grants them, and how one row is classified with its clocks in sight."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from govservice.classify import CASE_TYPE
from govservice.clockwork.watch import on_the_clock, read_case, reader_of_case
from govservice.errors import DecisionError, Words
from govservice.framing.wanted import Wanted
from govservice.rules.meaning.outcomes import Outcome
from govservice.rules.rulebook import Rulebook

__all__ = ["classifying", "deciding"]


def classifying(
    book: Rulebook,
    on: date | None,
    column: str | None,
    *,
    into: str,
    rule: str | None = None,
    state: str | None = None,
    reason: str | None = None,
    asked: str | None = None,
) -> Wanted:
    """The case type of every row, and under which names it, its rule and its state stand. Raises DecisionError where no rule decides it."""
    id = book.contents.granting.get("application", {}).get(CASE_TYPE)
    if id is None:
        raise DecisionError(
            Words(f"{book.id} does not decide the case type", f"{book.id} 不决定办件分类"),
            hint=Words("take it from the records", "请以记录为准"),
            id=CASE_TYPE,
        )
    entry = book.contents.decisions[id]
    return Wanted(
        book, entry, on, column, {CASE_TYPE: into}, rule, state, reason, partial(_of_a_case, book, id),
        afresh=_called(book, CASE_TYPE), clocks=True, asked=asked,
    )  # fmt: skip


def deciding(book: Rulebook, id: str, on: date | None, column: str | None, shown: Mapping[str, str], *, state: str) -> Wanted:
    """A decision about every case of a table, its clocks in sight; `shown` names the column of each outcome."""
    entry = book.contents.decisions[id]
    return Wanted(book, entry, on, column, shown, None, state, None, partial(_of_a_case, book, id), clocks=True)


def _called(book: Rulebook, id: str) -> frozenset[str]:
    """Every name that a column of a fact may have."""
    labels = book.contents.sight("cases")[1]
    return frozenset((id, *(label for label, of in labels.items() if of == id)))


def _of_a_case(book: Rulebook, decision: str, facts: Mapping[str, Any], on: date | None) -> Outcome:
    """One decision about one row, the clocks of the case in sight."""
    given, history, lists = read_case(facts, None, book.contents)
    now = on_the_clock(None, None)
    subject = book.subject("cases", given, on=on, clocks=reader_of_case(given, history, book.contents, now), lists=lists)
    return book.outcome(decision, subject)
