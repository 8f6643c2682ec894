"""What was run, described: the rulebook and its settings, the calendar, the days asked about, and what everything is called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from govservice.records import Records
from govservice.run.results import Ran

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["described", "plain"]


def described(
    book: Rulebook, records: Records, calendar: WorkCalendar | None, on: date | None, accepted_on: date | None, now: date | None
) -> Ran:
    """The description that goes with the results."""
    from govservice import __version__
    from govservice.calendars import china

    days = calendar if calendar is not None else china()
    settings = book.settings.values()
    return Ran(
        book.id, book.title, book.digest,
        {one.id: plain(one.value) for one in settings if one.value is not None},
        {one.id: one.label or one.id for one in settings if one.value is None},
        days.name, days.digest, days.official_through, on, accepted_on, now, _labels(book, records), __version__,
    )  # fmt: skip


def _labels(book: Rulebook, records: Records) -> dict[str, str]:
    """What facts, outcomes, settings, tables and clocks (`clocks.<id>`) are called in Chinese."""
    contents = book.contents
    ids, _ = contents.sight("cases")
    labels = {one.id: one.label for one in book.settings.values() if one.label}
    for decision in contents.decisions.values():
        labels |= {decision.primary: decision.label or decision.primary} | dict(decision.labels)
    labels |= {id: column.label for id in ids if (column := contents.column("cases", id)) is not None and column.label}
    labels |= {f"clocks.{id}": clock.label for id, clock in contents.clocks.items() if clock.label}
    for table, words in records.words.items():
        if words.of_a_case:
            labels |= {table: words.label.zh} | {f"{table}.{id}": label for label, id in words.labels.items()}
    return labels


def plain(value: Any) -> str:
    """A value as text.

    >>> plain((1, date(2026, 2, 13)))
    '1；2026-02-13'
    """
    from govservice.rules.language.values import reported

    shown = reported(value)
    if isinstance(shown, tuple | list):
        return "；".join(str(one) for one in shown)
    return shown.isoformat() if isinstance(shown, date) else str(shown)
