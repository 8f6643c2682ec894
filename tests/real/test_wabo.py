"""The environmental permits of a Dutch municipality, 2010 to 2012: eight weeks, or fourteen with one extension, and who was on time."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from govservice import WorkCalendar, clocks, load_rulebook
from govservice.deadlines import ClockReading
from govservice.records import read_records
from govservice.rules import Rulebook
from govservice.run import run

from ..beside import DATA

BOOK = Path(__file__).resolve().parents[1] / "books" / "good" / "wabo.yaml"
pytestmark = pytest.mark.shared("data/wabo_receipt_events.csv.gz", "data/wabo_receipt.facts.json")

ZONE = "Europe/Amsterdam"


class Permit(NamedTuple):
    """One case; its moments are on the municipality's clock."""

    id: str
    started: datetime
    deadline: datetime
    ended: datetime | None

    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "case": self.id,
            "received_at": self.started,
            "deadline_at": self.deadline,
            "deadline_on": self.deadline.date(),
        }
        return found if self.ended is None else found | {"closed_with_time": self.ended, "closed_on": self.ended.date()}


@cache
def permits() -> list[Permit]:
    with gzip.open(DATA / "wabo_receipt_events.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = {row["case_id"]: row for row in csv.DictReader(file)}
    wanted = ("case_startdate", "case_deadline", "case_enddate")
    return [Permit(id, *(moment(row[name]) for name in wanted)) for id, row in rows.items()]  # type: ignore[arg-type]


def moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(ZoneInfo(ZONE)) if text else None


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return WorkCalendar.of("NL", tz=ZONE)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(BOOK)


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "wabo_receipt.facts.json").read_text(encoding="utf-8"))
    return found


def read(permit: Permit, clock: str, book: Rulebook, calendar: WorkCalendar, **records: Any) -> ClockReading:
    (found,) = [one for one in clocks(permit.facts(), book, calendar=calendar, records=records) if one.clock == clock]
    return found


def test_the_permits_are_all_there(figures: dict[str, Any]) -> None:
    assert len(permits()) == figures["cases"] == 1_434
    assert sum(one.ended is None for one in permits()) == figures["cases_without_enddate"] == 105


def test_eight_weeks_end_on_the_municipalitys_own_day(book: Rulebook, calendar: WorkCalendar, figures: dict[str, Any]) -> None:
    found = sum(read(one, "statutory", book, calendar).due == one.deadline.date() for one in permits())
    assert found == figures["deadline_minus_start_calendar_days"]["==56 (statutory 8 weeks)"] == 1_080


def test_six_weeks_more_do_too(book: Rulebook, calendar: WorkCalendar, figures: dict[str, Any]) -> None:
    def extended(one: Permit) -> ClockReading:
        row = {"case": one.id, "clock": "statutory", "asked_on": one.started.date(), "granted": True}
        return read(one, "statutory", book, calendar, extensions=[row])

    found = sum(extended(one).due == one.deadline.date() for one in permits())
    assert found == figures["deadline_minus_start_calendar_days"]["==98 (8+6 weeks, extended)"] == 58


@pytest.mark.parametrize(
    ("clock", "figure", "on_time"),
    [("by_the_moment", "closed_cases_enddate_le_deadline", 952), ("by_the_day", "closed_date_le_deadline_date", 1_020)],
)
def test_more_are_on_time_by_the_day_than_by_the_second(
    clock: str, figure: str, on_time: int, book: Rulebook, calendar: WorkCalendar, figures: dict[str, Any]
) -> None:
    found = Counter(read(one, clock, book, calendar).overdue for one in permits())
    assert found == {False: on_time, True: figures["cases_with_enddate"] - on_time, None: 105}
    assert figures[figure] == on_time


def test_a_run_says_the_same(book: Rulebook, calendar: WorkCalendar, tmp_path: Path) -> None:
    columns = ["case", "received_at", "deadline_at", "deadline_on", "closed_with_time", "closed_on"]
    with (tmp_path / "cases.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, columns)
        out.writeheader()
        out.writerows(one.facts() for one in permits())
    done = run(book, read_records(tmp_path, book=book), calendar=calendar)
    assert (len(done.cases), done.set_aside) == (1_434, ())
    deadlines = {one.id: one.deadline.date() for one in permits()}
    dues = [(case.id, due) for case in done.cases for due in case.dues]
    assert sum(due.clock == "statutory" and due.due_on == deadlines[id] for id, due in dues) == 1_080
    late = Counter((due.clock, due.late) for _, due in dues)
    assert (late["by_the_moment", False], late["by_the_day", False]) == (952, 1_020)
    assert late["by_the_moment", None] == late["by_the_day", None] == 105
