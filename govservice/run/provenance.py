"""What was run, described: the rulebook and its settings, the calendar, the days asked about, and what everything is called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from govservice.clockwork.called import kind_called, signal_called
from govservice.records import GivenRecords, Records
from govservice.rules.book.entries import PAUSE_KINDS
from govservice.run.results import Provenance

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["as_text", "described"]


def described(
    book: Rulebook,
    records: Records | GivenRecords | None,
    calendar: WorkCalendar | None,
    on: date | None,
    accepted_on: date | None,
    now: date | None,
) -> Provenance:
    """The description that goes with the results."""
    from govservice import __version__
    from govservice.calendars import china

    days = calendar if calendar is not None else china()
    settings = book.settings.values()
    return Provenance(
        book.id, book.title, book.digest,
        {setting.id: as_text(setting.value) for setting in settings if setting.value is not None},
        {setting.id: setting.label or setting.id for setting in settings if setting.value is None},
        days.name, days.digest, days.official_through, on, accepted_on, now, _labels(book, records), __version__,
    )  # fmt: skip


def _labels(book: Rulebook, records: Records | GivenRecords | None) -> dict[str, str]:
    """What facts, outcomes, settings, tables, clocks (`clocks.<id>`), signals (`signals.<name>`) and kinds of pause
    (`kinds.<name>`) are called in Chinese.
    """
    contents = book.contents
    ids, _ = contents.sight("cases")
    labels = {setting.id: setting.label for setting in book.settings.values() if setting.label}
    for decision in contents.decisions.values():
        labels |= {decision.primary: decision.label or decision.primary} | dict(decision.labels)
    labels |= {id: column.label for id in sorted(ids) if (column := contents.column("cases", id)) is not None and column.label}
    signals = dict.fromkeys(alarm.signal for clock in contents.clocks.values() for alarm in clock.alarms)
    labels |= {f"signals.{signal}": signal_called(signal, contents) for signal in signals}
    kinds = contents.lists[PAUSE_KINDS].values if PAUSE_KINDS in contents.lists else ()
    labels |= {f"kinds.{kind}": kind_called(kind, contents) for kind in kinds}
    labels |= {f"clocks.{id}": clock.label for id, clock in contents.clocks.items() if clock.label}
    for table, words in records.words.items() if records is not None else ():
        if words.of_a_case:
            labels |= {table: words.label.zh} | {f"{table}.{id}": label for label, id in words.labels.items()}
    return labels


def as_text(value: Any) -> str:
    """A value as text.

    >>> as_text((1, date(2026, 2, 13)))
    '1；2026-02-13'
    """
    from govservice.rules.language.values import reported

    shown = reported(value)
    if isinstance(shown, tuple | list):
        return "；".join(str(part) for part in shown)
    return shown.isoformat() if isinstance(shown, date) else str(shown)
