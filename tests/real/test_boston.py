"""Boston's 311 requests of January to June 2015, with deadlines that the city's own system set: ours agree at least as often as they can.

The rule of each type (working days from office hours to the same clock time, or days of 24 hours from the request) was found independently
of this project, with how many of the city's deadlines it reproduces within a minute; the rest have been changed by hand.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from shutil import copyfile
from typing import NamedTuple

import pytest

from govservice import OfficeHours, TimeLimit, WorkCalendar, clocks, deadline, load_rulebook
from govservice.deadlines import ClockReading
from govservice.records import read_records
from govservice.rules import Rulebook
from govservice.run import run

from ..beside import DATA

BOOK = Path(__file__).resolve().parents[1] / "books" / "good" / "boston.yaml"
pytestmark = pytest.mark.shared("data/boston311_2015h1.parquet", "data/boston311_2015h1.facts.json")

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
EVERY = 11  # of the requests whose clocks are read one by one


class Kind(NamedTuple):
    """What the city allows for one type of request, and how often its own deadlines say so."""

    type: str
    limit: TimeLimit
    by_hours: bool
    cases: int
    reproduced: int


class Request(NamedTuple):
    kind: Kind
    opened: datetime
    target: datetime
    closed: datetime | None


@cache
def kinds() -> dict[str, Kind]:
    found = json.loads((DATA / "boston311_2015h1.facts.json").read_text(encoding="utf-8"))["deadline_rules"]["rows"]
    return {one["type"]: kind(**one) for one in found}


def kind(type: str, unit: str, n: int, cases: int, reproduced: int) -> Kind:
    by_hours = unit == "calendar_days"
    return Kind(type, TimeLimit(24 * n, "hour") if by_hours else TimeLimit(n, "workday"), by_hours, cases, reproduced)


@cache
def requests() -> list[Request]:
    """The requests that have a deadline of the city and a type with a rule."""
    polars = pytest.importorskip("polars")
    frame = polars.read_parquet(DATA / "boston311_2015h1.parquet").filter(polars.col("target_dt").is_not_null())
    rows = frame.select("type", "open_dt", "target_dt", "closed_dt").iter_rows()
    return [Request(kinds()[type], *moments) for type, *moments in rows if type in kinds()]


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return WorkCalendar.of("US", subdiv="MA")


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(BOOK)


def agrees(kind: Kind, due: datetime, target: datetime) -> bool:
    """Whether a deadline is the city's to the minute; summer time may lie between the two by its hour."""
    off = abs(due.replace(tzinfo=None) - target)
    return off <= MINUTE or (kind.by_hours and abs(off - HOUR) <= MINUTE)


def counted(request: Request, calendar: WorkCalendar) -> datetime:
    hours = None if request.kind.by_hours else OfficeHours("08:30-17:00")
    due = deadline(request.kind.limit, request.opened, calendar, hours=hours, ends="same_time").due
    assert isinstance(due, datetime)
    return due


def promised(request: Request, book: Rulebook, calendar: WorkCalendar) -> ClockReading:
    """The clock of one request."""
    case = {"received_at": request.opened, "closed_at": request.closed, "promised_limit": request.kind.limit}
    (found,) = clocks(case, book, calendar=calendar)
    return found


def short_of(good: Counter[str]) -> dict[str, tuple[int, int]]:
    """The types that agree less often than they can: how often, and how often they can."""
    return {one.type: (good[one.type], one.reproduced) for one in kinds().values() if good[one.type] < one.reproduced}


def test_every_request_with_a_rule_is_there() -> None:
    assert Counter(one.kind.type for one in requests()) == Counter({one.type: one.cases for one in kinds().values()})
    assert {one.by_hours for one in kinds().values()} == {False, True}


def test_the_citys_own_deadlines_are_reproduced_for_every_type(calendar: WorkCalendar) -> None:
    good = Counter(one.kind.type for one in requests() if agrees(one.kind, counted(one, calendar), one.target))
    assert short_of(good) == {}
    assert good.total() == sum(one.reproduced for one in kinds().values()) == 39_539


def test_in_the_citys_time_zone_summer_time_moves_a_limit_of_hours_by_its_hour_and_nothing_else(calendar: WorkCalendar) -> None:
    zoned = WorkCalendar.of("US", subdiv="MA", tz="America/New_York")
    moved: Counter[tuple[bool, timedelta]] = Counter()
    for one in requests():
        due = counted(one, zoned)
        shift = (
            (due.utcoffset() or HOUR) - (one.opened.replace(tzinfo=due.tzinfo).utcoffset() or HOUR) if one.kind.by_hours else timedelta(0)
        )
        assert due.replace(tzinfo=None) - counted(one, calendar) == shift
        moved[one.kind.by_hours, shift] += 1
    assert moved.keys() == {(False, timedelta(0)), (True, timedelta(0)), (True, HOUR), (True, -HOUR)}


def test_the_clock_of_a_case_says_what_the_counting_says(book: Rulebook, calendar: WorkCalendar) -> None:
    sample = requests()[::EVERY] + list({one.kind.type: one for one in requests()}.values())
    assert {one.kind.type for one in sample} == kinds().keys()
    assert [one for one in sample if promised(one, book, calendar).due != counted(one, calendar)] == []


def judged(book: Rulebook, calendar: WorkCalendar) -> Counter[tuple[bool | None, bool]]:
    """Whether a request was overdue as the clock has it, and as the city's deadline has it, where both have the same deadline."""
    known = [
        (one, one.closed > one.target)
        for one in requests()[::EVERY]
        if one.closed is not None and counted(one, calendar).replace(tzinfo=None) == one.target
    ]
    assert len(known) > 1_500
    return Counter((promised(one, book, calendar).overdue, late) for one, late in known)


def test_a_request_is_overdue_where_it_was_closed_after_the_citys_deadline(book: Rulebook, calendar: WorkCalendar) -> None:
    assert judged(book, calendar).keys() == {(True, True), (False, False)}


def test_the_same_requests_are_overdue_in_the_citys_time_zone(book: Rulebook) -> None:
    assert judged(book, WorkCalendar.of("US", subdiv="MA", tz="America/New_York")).keys() == {(True, True), (False, False)}


MAPPING = """
cases:
  file: {file}
  columns: {{case: case_id, item: type, received_at: open_dt, closed_at: closed_dt}}
  skip: [target_dt, ontime_status, department, queue, source]
"""


def test_a_run_over_all_requests_reproduces_them_and_loses_none(book: Rulebook, calendar: WorkCalendar, tmp_path: Path) -> None:
    polars = pytest.importorskip("polars")
    source = DATA / "boston311_2015h1.parquet"
    copyfile(source, tmp_path / source.name)
    (tmp_path / "mapping.yaml").write_text(MAPPING.format(file=source.name), encoding="utf-8")
    with (tmp_path / "items.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("item", "promised_limit"), *((one.type, str(one.limit)) for one in kinds().values())])
    done = run(book, read_records(tmp_path, book=book, mapping=tmp_path / "mapping.yaml"), calendar=calendar)
    assert (len(done.cases), done.set_aside) == (58_119, ())
    targets = dict(polars.read_parquet(source, columns=["case_id", "target_dt"]).drop_nulls().iter_rows())
    good: Counter[str] = Counter()
    for one in done.cases:
        held = kinds().get(one.item or "")
        if held is not None and one.id in targets:
            (clock,) = one.dues
            assert isinstance(clock.due, datetime)
            good[held.type] += agrees(held, clock.due, targets[one.id])
    assert short_of(good) == {}
