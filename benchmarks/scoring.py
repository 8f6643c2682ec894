"""Scorecards of the Kunshan book on made-up records: one window's month explained, and a whole centre's year with its memory.

Run `python benchmarks/scoring.py`; `--month` leaves the year out. `--frames` works out whole tables alone: in frames
and by scorecards side by side, then `--events N` of them in frames. The records are made by a seeded generator, so that two runs
price the same points. Cases carry the day they are due, as a centre's own system records it; in a last line they do not, and the
promised clock counts it.
"""

from __future__ import annotations

import argparse
import resource
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy
import polars
from measure import Timing, report, side_by_side

from govservice import china, grade, load_rulebook, score, score_frame
from govservice.assessment.ledger import Ledger
from govservice.rules import Rulebook
from govservice.scoring import Scorecard, read_ledger

YEAR = 2026
MONTH = "2026-10"
SETTINGS = {"excellent_at": 95, "competent_at": 80, "red_flags": 3, "stand_in_points": 1}
WINDOWS, STAFF, EVENTS, CASES = 50, 200, 60_000, 60_000
RATINGS = ("good", "fairly_good", "average", "poor")
SIDE_BY_SIDE = 5_000  # events of the table that scorecards are worked out of too
LEAST = {"irresponsible": -2, "result_error": -1, "archive_missing": -1}  # what a window loses at least
SELDOM = frozenset(("proxy_swipe", "stand_in_error", "warning", "yellow", "red"))

Row = dict[str, Any]
Records = dict[str, list[Row]]


def staff_of(windows: int, staff: int) -> list[Row]:
    """Who sits at which window."""
    return [{"staff": f"S{n:03}", "window": f"W{n % windows:02}", "post": "窗口"} for n in range(staff)]


def days(first: date, last: date) -> list[date]:
    """The working days of a span."""
    calendar = china()
    return [day for n in range((last - first).days + 1) if calendar.is_workday(day := first + timedelta(n))]


def event(book: Rulebook, random: Random, kinds: list[str], person: Mapping[str, Any], on: date) -> Row:
    """One event, with the marks its assessor gave where the kind asks for them (one in ten still waits), verified nine times in ten."""
    kind = book.contents.events[random.choice(kinds)]
    row: Row = {"kind": kind.id, "on": on, "staff": person["staff"], "window": person["window"]}
    if kind.verified:
        row["verified"] = random.random() < 0.9
    if kind.assessed and random.random() < 0.9:
        row["assessed"] = {"window_month": LEAST[kind.id], "staff_year": -1} if kind.id in LEAST else -1
    if "half_days" in kind.has:
        row["half_days"] = random.choice((1, 1, 2))
    if "days" in kind.has:
        row["days"] = random.choice((0.5, 1, 2))
    return row


def case(random: Random, number: int, person: Mapping[str, Any], on: date, *, due: bool) -> Row:
    """One promised case of five working days: closed in time, or late by a day or two, or still open."""
    due_on = china().add_workdays(on, 5)
    late = random.choices((None, -2, 0, 1, 2), (2, 68, 25, 4, 1))[0]
    row: Row = {
        "case": f"C{number:06}",
        "staff": person["staff"],
        "window": person["window"],
        "case_type": "promised",
        "received_on": on,
        "materials_completed_on": on,
        "promised_limit": "5个工作日",
        "result_wrong": random.random() < 0.005,
    }
    if due:
        row["due_on"] = due_on
    if late is not None:
        row["closed_on"] = china().add_workdays(due_on, late)
    return row


def made_up(
    book: Rulebook, first: date, last: date, *, windows: int, staff: int, events: int, cases: int, due: bool = True, seed: int = 1
) -> Records:
    """Records of a centre between two days."""
    random = Random(seed)
    people, worked = staff_of(windows, staff), days(first, last)
    kinds = [kind for kind in book.contents.events if kind not in SELDOM]
    return {
        "department": [{"department": f"D{n:02}"} for n in range(0, windows, 2)],
        "window": [
            {"window": f"W{n:02}", "department": f"D{n // 2 * 2:02}", "overall_rating": random.choice(RATINGS)} for n in range(windows)
        ],
        "staff": people,
        "events": [event(book, random, kinds, random.choice(people), random.choice(worked)) for _ in range(events)],
        "cases": [case(random, n, random.choice(people), random.choice(worked), due=due) for n in range(cases)],
        "complaints": [],
    }


def month(book: Rulebook, *, due: bool) -> Records:
    """One window's month: 100 events and 1,000 cases that fall due in it."""
    return made_up(book, date(YEAR, 9, 22), date(YEAR, 10, 23), windows=1, staff=4, events=100, cases=1_000, due=due)


def explained(book: Rulebook, records: Records) -> str:
    """The window's scorecard as text."""
    return score(book, "window_month", records, subject="W00", period=MONTH).explain("zh")


def steps(book: Rulebook, records: Records | Ledger) -> Iterator[tuple[str, int, float]]:
    """The year's work by the calls of a user, each with how many results it gives and the seconds of the processor; last what those take
    who look at every line of every card.
    """
    cards: list[Scorecard] = []

    def timed(name: str, calls: Callable[[], Iterable[Sized]]) -> tuple[str, int, float]:
        started = process_time()
        found = sum(len(one) for one in calls())
        return name, found, process_time() - started

    def scored(scheme: str, period: str) -> list[Scorecard]:
        found = score(book, scheme, records, period=period)
        cards.extend(found)
        return found

    months = [f"{YEAR}-{n:02}" for n in range(1, 13)]
    halves = [f"{YEAR}-B{n}" for n in range(1, 7)]
    yield timed("window_month of every window, twelve months", lambda: (scored("window_month", one) for one in months))
    yield timed("red_flag, six times two months", lambda: (grade(book, "red_flag", records, period=one) for one in halves))
    yield timed("staff_year of everyone", lambda: [scored("staff_year", str(YEAR))])
    yield timed("staff_grade of everyone", lambda: [grade(book, "staff_grade", records, period=str(YEAR))])
    yield timed("lines and labels of all these cards", lambda: ((*card.lines, *card.unfired, *card.labels) for card in cards))


def most_held() -> float:
    """The most megabytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def whole_year(book: Rulebook) -> tuple[list[Timing], list[str]]:
    """The centre's year, once, and the memory it takes beside the records."""
    records = made_up(book, date(YEAR, 1, 1), date(YEAR, 12, 31), windows=WINDOWS, staff=STAFF, events=EVENTS, cases=CASES)
    before = most_held()
    group = f"a year: {WINDOWS} windows, {STAFF} staff, {EVENTS:,} events, {CASES:,} cases"
    done = list(steps(book, read_ledger(book, records)))
    timings = [Timing(group, f"{name} ({found:,})", seconds * 1e6) for name, found, seconds in done]
    timings.insert(0, Timing(group, "scores and grades, once", sum(seconds for *_, seconds in done[:-1]) * 1e6))
    return timings, [f"memory: {before:,.0f} MB with the records read, {most_held():,.0f} MB at most"]


COUNTER = """
rulebook: counter
conventions: {part_floor: 0, part_overflow: capped, ties: best, same_occurrence: each, same_day_order: as_given}
events:
  late: {label: 迟到, has: {minutes: integer}}
  rude: {label: 态度生硬, verified: true}
  lost: {label: 材料遗失}
measures: {share_in_time: 'percent(cases, not late_case, when=known(late_case))'}
tables: {cases: {late_case: boolean}}
schemes:
  month:
    scores: staff
    period: month
    full: 100
    parts:
      order:
        full: 40
        items:
          - {id: late, for: late, points: -1 * (2 if nth >= 4 else 1)}
          - {id: very_late, for: late, when: minutes > 30, points: -0.5}
          - {id: rude, for: rude, points: -7}
          - {id: lost, points: -3 * (count(lost) // 2)}
      speed: {full: 60, items: [{id: speed, points: -0.3 * (100 - share_in_time)}]}
"""


def tables(events: int, seed: int = 1) -> dict[str, polars.DataFrame]:
    """Events of a year, a thousand to each member of staff, and a tenth as many cases."""
    random = numpy.random.default_rng(seed)
    staff = numpy.array([f"S{n:05}" for n in range(max(events // 1000, 1))])
    year = numpy.datetime64(f"{YEAR}-01-01")

    def drawn(rows: int) -> dict[str, Any]:
        return {"staff": staff[random.integers(0, len(staff), rows)], "day": (year + random.integers(0, 365, rows)).astype("datetime64[D]")}

    happened, received = drawn(events), drawn(events // 10)
    kinds = numpy.array(["late"] * 5 + ["rude", "lost"])[random.integers(0, 7, events)]
    return {
        "staff": polars.DataFrame({"staff": staff}),
        "events": polars.DataFrame({
            "kind": kinds, "staff": happened["staff"], "on": happened["day"],
            "minutes": random.integers(0, 60, events), "verified": random.random(events) < 0.8,
        }),
        "cases": polars.DataFrame({
            "case": [f"C{n}" for n in range(events // 10)], "staff": received["staff"], "received_on": received["day"],
            "late_case": random.random(events // 10) < 0.1,
        }),
    }  # fmt: skip


def whole_tables(events: int) -> list[Timing]:
    """The same scores in frames and by scorecards, on a table small enough for both; then a large table in frames."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "counter.yaml"
        path.write_text(COUNTER, encoding="utf-8")
        book = load_rulebook(path)
    months = [f"{YEAR}-{n:02}" for n in range(1, 13)]

    def seconds(call: Callable[[], object]) -> float:
        started = perf_counter()
        call()
        return perf_counter() - started

    few, many = tables(SIDE_BY_SIDE), tables(events)
    group = f"whole tables: {SIDE_BY_SIDE:,} events, {few['staff'].height} staff, twelve months"
    large = f"whole tables: {events:,} events, {many['staff'].height:,} staff, twelve months"
    return [
        Timing(group, "score_frame", min(seconds(lambda: score_frame(few, book, "month", period=months)) for _ in range(3)) * 1e6),
        Timing(group, "score, month by month", seconds(lambda: [score(book, "month", few, period=one) for one in months]) * 1e6),
        Timing(large, "score_frame", min(seconds(lambda: score_frame(many, book, "month", period=months)) for _ in range(3)) * 1e6),
    ]


def main() -> None:
    """Time the month, then the year; whole tables alone where that is asked."""
    asked = argparse.ArgumentParser(add_help=False)
    asked.add_argument("--frames", action="store_true")
    asked.add_argument("--events", type=int, default=10_000_000)
    options, sys.argv[1:] = asked.parse_known_args()
    if options.frames:
        report("Scoring whole tables", whole_tables(options.events), notes=[f"polars {polars.__version__}"])
        return
    only_month = "--month" in sys.argv
    if only_month:
        sys.argv.remove("--month")
    book = load_rulebook("kunshan", settings=SETTINGS)
    given, counted = month(book, due=True), month(book, due=False)
    timings = side_by_side(
        "a window's month: 100 events, 1,000 cases",
        [
            ("score and explain", lambda: explained(book, given)),
            ("score", lambda: score(book, "window_month", given, subject="W00", period=MONTH)),
            ("score and explain, due days counted by the clock", lambda: explained(book, counted)),
        ],
    )
    notes: list[str] = []
    if not only_month:
        more, notes = whole_year(book)
        timings += more
    report("Scoring", timings, notes=notes)


if __name__ == "__main__":
    main()
