"""How work grows: places where each subject was once held against every other, at one, ten and a hundred thousand.

Run `python benchmarks/growth.py`. The last column is the time a row costs, beside the first size of its group: near 1 where growth is
linear. `--small` leaves the largest size out.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from measure import Timing, report

from govservice import grade, load_rulebook, score
from govservice.rules import Rulebook
from govservice.scoring import read_ledger

BOOK = """
rulebook: growth
conventions: {part_floor: 0, part_overflow: capped, ties: best, unserved_periods: skip}
tables: {staff: {mark: decimal}}
events: {late: {label: 迟到}}
schemes:
  marks: {scores: staff, period: month, total: mark, rank: {by: [total]}}
  window_mean: {scores: window, period: month, total: mean(marks)}
  ever: {scores: window, period: month, total: "count(cases, over=ever)"}
  chained: {scores: staff, period: month, total: "count(late) + (previous(chained) if known(previous(chained)) else 0)"}
decisions:
  quota: {about: marks, hit: first, rules: [{when: rank <= 10, then: first}, {then: other}]}
"""
SIZES = (1_000, 10_000, 100_000)
FIRST = date(2026, 1, 1)


def staff_of(count: int, windows: int) -> list[dict[str, Any]]:
    """Staff with marks that differ, a few alike."""
    return [{"staff": f"S{n}", "window": f"W{n % windows}", "mark": (n * 7919) % (count - count // 20)} for n in range(count)]


def ranks(book: Rulebook, count: int) -> Callable[[], object]:
    """A decision by rank about everyone."""
    ledger = read_ledger(book, {"staff": staff_of(count, 10)})
    return lambda: grade(book, "quota", ledger, period="2026-03")


def means(book: Rulebook, count: int) -> Callable[[], object]:
    """A mean over the staff of each of many windows."""
    windows = count // 10
    records = {"staff": staff_of(count, windows), "window": [{"window": f"W{n}"} for n in range(windows)]}
    ledger = read_ledger(book, records)
    return lambda: score(book, "window_mean", ledger, period="2026-03")


def cases_ever(book: Rulebook, count: int) -> Callable[[], object]:
    """All the cases of one window, of all time."""
    cases = [{"case": f"C{n}", "window": "W0", "received_on": FIRST + timedelta(days=n % 365)} for n in range(count)]
    ledger = read_ledger(book, {"window": [{"window": "W0"}], "cases": cases})
    return lambda: score(book, "ever", ledger, subject="W0", period="2026-12")


def chained(book: Rulebook, count: int) -> Callable[[], object]:
    """Scores that build on the month before, over ten years of events."""
    events = [{"kind": "late", "staff": f"S{n % (count // 100)}", "on": FIRST - timedelta(days=n % 3650)} for n in range(count)]
    ledger = read_ledger(book, {"staff": staff_of(count // 100, 5), "events": events})
    return lambda: score(book, "chained", ledger, period="2026-01")


GROUPS = {
    "ranks of n staff, graded": ranks,
    "means over n staff of n/10 windows": means,
    "count(cases, over=ever) of n cases": cases_ever,
    "previous(..) over ten years, n events of n/100 staff": chained,
}


def timed(work: Callable[[], object]) -> float:
    """The processor's seconds of one call."""
    started = process_time()
    work()
    return process_time() - started


def main() -> None:
    """Time each group at every size, on records read before."""
    sizes = SIZES[:-1] if "--small" in sys.argv else SIZES
    sys.argv = [word for word in sys.argv if word != "--small"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "growth.yaml"
        path.write_text(BOOK, encoding="utf-8")
        book = load_rulebook(path)
    timings: list[Timing] = []
    notes: list[str] = []
    for group, begin in GROUPS.items():
        each: list[float] = []
        for size in sizes:
            seconds = min(timed(begin(book, size)) for _ in range(2))
            each.append(seconds / size)
            timings.append(Timing(group, f"n = {size:,}", seconds * 1e6))
        notes.append(f"{group}: a row costs {' / '.join(f'{cost / each[0]:.2f}' for cost in each)} of what it costs at {sizes[0]:,}")
    report("Growth", timings, notes=notes)


if __name__ == "__main__":
    main()
