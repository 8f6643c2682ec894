"""Times calls side by side in one run: best of several repeats, the ratio to the first of each group; a table, and JSON where asked."""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable, Sequence
from pathlib import Path
from timeit import Timer
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

REPEATS = 7
LONG_ENOUGH = 0.02  # seconds of one repeat


class Timing(NamedTuple):
    """One measured call: its group, what it is, and the best microseconds of one call."""

    group: str
    name: str
    microseconds: float


def side_by_side(group: str, calls: Sequence[tuple[str, Callable[[], object]]], *, inner: int = 1) -> list[Timing]:
    """The calls of one group in turns, so that a busy moment of the machine hits all of them; `inner` is how many a call itself makes.

    Each is called once before, so that what is made on first use is there.
    """
    timers = []
    for name, call in calls:
        call()
        timer = Timer(call)
        count = 1
        while (spent := timer.timeit(count)) < LONG_ENOUGH and count < 1_000_000:
            count = max(count * 2, int(count * LONG_ENOUGH / max(spent, 1e-9)))
        timers.append((name, timer, count))
    best = dict.fromkeys((name for name, _ in calls), float("inf"))
    for _ in range(REPEATS):
        for name, timer, count in timers:
            best[name] = min(best[name], timer.timeit(count) / count / inner)
    return [Timing(group, name, seconds * 1e6) for name, seconds in best.items()]


def report(title: str, timings: Sequence[Timing], *, notes: Sequence[str] = ()) -> None:
    """Print the timings; `--json PATH` on the command line writes them too."""
    arguments = argparse.ArgumentParser(description=title)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    table = Table(title=title)
    for heading in ("", "call", "best", "of the first"):
        table.add_column(heading, justify="right" if heading in ("best", "of the first") else "left")
    first: dict[str, float] = {}
    for timing in timings:
        new = timing.group not in first
        base = first.setdefault(timing.group, timing.microseconds)
        if new and len(first) > 1:
            table.add_section()
        table.add_row(timing.group if new else "", timing.name, shown(timing.microseconds), ratio(timing.microseconds / base))
    console = Console()
    console.print(table)
    for note in (*notes, f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, best of {REPEATS}"):
        console.print(note, highlight=False)
    path = arguments.parse_args().json
    if path is not None:
        path.write_text(json.dumps([timing._asdict() for timing in timings], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def shown(microseconds: float) -> str:
    """Microseconds in the unit that one reads best."""
    if microseconds >= 1_000:
        return f"{microseconds / 1_000:,.1f} ms"
    return f"{microseconds:.2f} us" if microseconds >= 1 else f"{microseconds * 1_000:.0f} ns"


def ratio(number: float) -> str:
    """A ratio with as many digits as mean something."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 1 else f"{number:.2f}"
