"""What rules of a `unique` or `any` table contradict each other about, further down than the decision that is asked for.

Such a table promises that its rules agree. Where they do not, the law lets one rule that holds settle it while the other is not known to
hold; whatever reads the outcome is then held against what it would be with that outcome recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from govservice import GovServiceError, Rulebook, grade

from .answers import contradicting
from .books import Book
from .records import Rows

PERIODS = ("2026-01", "2026-02", "2026-03")  # those that a drawn scheme builds on


def recorded(book: Book, whole: Rulebook, less: Rulebook, rows: Rows, fewer: Rows, now: date | None) -> Rows | None:
    """The records with every outcome that is contradicted in them recorded as fewer facts settle it; None where none is."""
    found = deepcopy(rows)
    settled = list(_settled(book, whole, less, rows, fewer, now))
    for table, id, period, values in settled:
        if period is None:
            next(row for row in found[table] if row.get("case") == id).update(values)
        else:
            found[table].append({table: id, "period": period, **values})
    return found if settled else None


def _settled(
    book: Book, whole: Rulebook, less: Rulebook, rows: Rows, fewer: Rows, now: date | None
) -> Iterator[tuple[str, str, str | None, dict[str, Any]]]:
    """Whose outcome it is, and what fewer facts say of it."""
    if book.verb not in ("score", "grade"):
        return  # there a contradiction is the answer
    for id, decision in book.tree.get("decisions", {}).items():
        if decision["hit"] not in ("unique", "any") or id == book.asks or decision["about"] not in ("cases", "staff"):
            continue
        for period in ("ever",) if decision["about"] == "cases" else PERIODS:
            try:
                known = grade(whole, id, rows, period=period, now=now)
                part = {one.subject: one.outcome for one in grade(less, id, fewer, period=period, now=now)}
            except GovServiceError:
                continue
            for one in known:
                if contradicting(one.outcome, whole) and one.subject in part:
                    values = {name: value for name, value in part[one.subject].values.items() if value is not None}
                    if values:
                        yield decision["about"], one.subject, None if period == "ever" else period, values
