"""`python -m nightly_job --on 2026-11-20`: read the clock of every open case; the database is named by NIGHTLY_DATABASE."""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import date
from pathlib import Path

from govservice import china, load_rulebook

from .job import BLOCK, AnotherNight, make_tables, work
from .made_up import fill

CENTRE = Path(__file__).with_name("centre.yaml")


def main(arguments: list[str] | None = None) -> int:
    """Do the night's work, and say how fast it went; 1 where it cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--on", required=True, type=date.fromisoformat, help="the day as of which clocks are read")
    parser.add_argument("--rulebook", default=str(CENTRE), help="a shipped rulebook or a file")
    parser.add_argument("--again", action="store_true", help="do a night afresh")
    parser.add_argument("--block", type=int, default=BLOCK, help="cases that are read and written at once")
    parser.add_argument("--made-up", type=int, metavar="CASES", help="first fill the tables with so many; what they held is gone")
    given = parser.parse_args(arguments)
    address = os.environ["NIGHTLY_DATABASE"]
    if given.made_up is not None:
        fill(address, given.made_up, given.on)
    make_tables(address)
    begun, processor = time.monotonic(), time.process_time()
    try:
        done = work(
            address, load_rulebook(given.rulebook), china(), given.on, again=given.again, block=given.block,
            told=lambda cases: print(f"{cases:,}", file=sys.stderr, flush=True),
        )  # fmt: skip
    except AnotherNight as error:
        print(error, file=sys.stderr)
        return 1
    taken, worked = time.monotonic() - begun, time.process_time() - processor
    print(
        f"{done.in_all:,} cases; {done.now:,} read now in {taken:.1f} s ({done.now / taken:,.0f} a second), {worked:.1f} s of the processor"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
