"""The main job on records of a made-up year as CSV: applications and cases classified, every clock read, everything decided, written.

Run `python benchmarks/job.py`, or with `--cases 100000`; each case has its application in a file of its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from govservice import load_rulebook
from govservice.run import run
from govservice.sample import centre_year

OF_THE_CASE = ("case", "item", "window", "received_on", "materials_completed_on", "accepted_on", "decided_on", "closed_on", "rating")
OF_NEITHER = ("staff", "result_wrong")


def records(folder: Path, cases: int) -> None:
    """The year's cases, the facts of their applications apart, and the items."""
    made = folder / "made"
    centre_year(cases, 1).write(made)
    given = folder / "records"
    given.mkdir()
    (made / "items.csv").rename(given / "items.csv")
    with (made / "cases.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = [name for name in rows[0] if name not in OF_THE_CASE and name not in OF_NEITHER]
    for name, columns in (("applications", asked), ("cases", OF_THE_CASE)):
        with (given / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, ["application", *columns], extrasaction="ignore")
            out.writeheader()
            out.writerows({**row, "application": f"A{row['case']}"} for row in rows)


def main() -> None:
    """Run once, and say how many rows a second that is."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=10_000)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    options = arguments.parse_args()
    book = load_rulebook("kunshan")
    with TemporaryDirectory() as place:
        folder = Path(place)
        records(folder, options.cases)
        begun = process_time()
        done = run(book, folder / "records", now=date(2025, 12, 31))
        worked = process_time()
        done.write(folder / "results")
        written = process_time()
    rows = len(done.cases) + len(done.applications)
    figures = {"rows": rows, "run_seconds": worked - begun, "write_seconds": written - worked, "rows_a_second": rows / (written - begun)}
    spent = f"{figures['run_seconds']:.1f} s, written in {figures['write_seconds']:.1f} s"
    print(f"{rows:,} rows: {spent}: {figures['rows_a_second']:,.0f} a second")
    print(f"Python {platform.python_version()}, the processor's time of one run")
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
