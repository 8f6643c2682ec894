"""Named days of a calendar, gathered into runs: consecutive days of one kind, holiday and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from govservice.as_json import AsJson
from govservice.calendars.days import Day, Kind
from govservice.errors import Lang


@dataclass(frozen=True, slots=True, repr=False)
class DayRun(AsJson):
    """Rest days or make-up workdays in a row, from `first` to `last`, both included."""

    first: date
    last: date
    kind: Kind
    name: str | None
    source: str
    official: bool


def runs(days: Iterable[Day]) -> Iterator[DayRun]:
    """The runs among days given in order; ordinary days are in none."""
    run: list[Day] = []
    for day in days:
        if day.kind not in {"holiday", "makeup_workday"}:
            continue
        if run and not _goes_on(run[-1], day):
            yield _run(run)
            run = []
        run.append(day)
    if run:
        yield _run(run)


def _goes_on(last: Day, day: Day) -> bool:
    alike = (last.kind, last.name, last.source, last.official) == (day.kind, day.name, day.source, day.official)
    return alike and day.date - last.date == timedelta(1)


def _run(days: list[Day]) -> DayRun:
    first, last = days[0], days[-1]
    return DayRun(first.date, last.date, first.kind, first.name, first.source, first.official)


def spelled(first: date, last: date, lang: Lang) -> str:
    """The days from one to another as they are written.

    >>> spelled(date(2026, 2, 15), date(2026, 2, 23), "zh")
    '2月15日至23日'
    """
    if lang == "en":
        return f"{first}" if first == last else f"{first} to {last}"
    start = f"{first.month}月{first.day}日"
    if first == last:
        return start
    return f"{start}至{last.day}日" if (first.year, first.month) == (last.year, last.month) else f"{start}至{last.month}月{last.day}日"
