"""A stream of cases, Parquet to Parquet: rows a second beside classifying and dating the same rows in memory, and the memory it takes.

Run `python benchmarks/stream.py`, or with `--rows 5000000`; the cases are those of a made-up year, one file of 250,000 as often as needed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from govservice.sample import centre_year

BLOCK = 250_000
WAYS = {
    "read and written by Polars": """
import sys, polars as pl
from pathlib import Path
out = Path(sys.argv[2]); out.mkdir()
for number, file in enumerate(sorted(Path(sys.argv[1], "cases").iterdir())):
    pl.read_parquet(file).write_parquet(out / f"{number}.parquet")
""",
    "classify_frame and due_frame in memory": """
import sys, polars as pl
from pathlib import Path
from govservice import classify_frame, due_frame
cases = pl.read_parquet(Path(sys.argv[1], "cases", "*.parquet"))
days = pl.read_parquet(Path(sys.argv[1], "items.parquet")).select("item", "promised_days")
table = classify_frame(cases.join(days, on="item", how="left", maintain_order="left"), "kunshan", on="received_on")
due_frame(table, start="materials_completed_on", limit="promised_days").select("case", "case_type", "due_on").write_parquet(sys.argv[2])
""",
    "stream, a limit by column": """
import sys
from govservice.run.stream import stream
stream("kunshan", sys.argv[1], sys.argv[2], start="materials_completed_on", limit="promised_days")
""",
    "stream, by the clock of the book": """
import sys
from govservice.run.stream import stream
stream("kunshan", sys.argv[1], sys.argv[2])
""",
}
PEAK = "\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"


def records(folder: Path, rows: int) -> None:
    """One made-up year of cases, under as many names as there are blocks."""
    made = folder / "made"
    centre_year(BLOCK, 1).write(made, form="parquet")
    (folder / "records" / "cases").mkdir(parents=True)
    (made / "items.parquet").rename(folder / "records" / "items.parquet")
    for number in range(max(1, rows // BLOCK)):
        os.link(made / "cases.parquet", folder / "records" / "cases" / f"part-{number:05}.parquet")


def main() -> None:
    """Measure each way in a process of its own."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--json", type=Path, help="write the figures to this file")
    options = arguments.parse_args()
    figures = []
    with TemporaryDirectory() as place:
        folder = Path(place)
        records(folder, options.rows)
        rows = max(1, options.rows // BLOCK) * BLOCK
        for name, code in WAYS.items():
            begun = time.perf_counter()
            told = subprocess.run(
                [sys.executable, "-c", code + PEAK, str(folder / "records"), str(folder / f"out{len(figures)}")],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            spent = time.perf_counter() - begun
            figures.append({"name": name, "rows": rows, "seconds": spent, "megabytes": int(told.stdout) / 1024})
    table = Table(title=f"{rows:,} cases, Parquet to Parquet, the start of Python included")
    for heading in ("", "seconds", "rows a second", "of the first", "peak MB"):
        table.add_column(heading, justify="right" if heading else "left")
    for figure in figures:
        seconds = float(figure["seconds"])
        ratio = seconds / float(figures[0]["seconds"])
        table.add_row(str(figure["name"]), f"{seconds:.1f}", f"{rows / seconds:,.0f}", f"{ratio:.1f}", f"{figure['megabytes']:,.0f}")
    console = Console()
    console.print(table)
    console.print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}", highlight=False)
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
