"""`python -m duckdb_report --records FOLDER --out FOLDER --on 2025-12-31`: writes the report's SQL, runs it, and prints the rows."""

from __future__ import annotations

import argparse
import time
from datetime import date
from pathlib import Path

import duckdb

from govservice import china, load_rulebook
from govservice.sample import centre_year

from .report import rows, written_sql


def main(arguments: list[str] | None = None) -> None:
    """Write, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", required=True, type=Path, help="a folder with cases.parquet and items.parquet, or folders so called")
    parser.add_argument("--out", required=True, type=Path, help="where report.sql is written")
    parser.add_argument("--on", required=True, type=date.fromisoformat, help="the day that dated rules are held against, and of the report")
    parser.add_argument("--rulebook", default="kunshan", help="a shipped rulebook or a file")
    parser.add_argument("--made-up", type=int, metavar="CASES", help="first write so many made-up cases to the folder")
    given = parser.parse_args(arguments)
    if given.made_up is not None:
        centre_year(cases=given.made_up).write(given.records, form="parquet")
    path = written_sql(given.records, load_rulebook(given.rulebook), china(), given.on, given.out)
    begun = time.monotonic()
    with duckdb.connect() as connection:
        rows(connection, path.read_text(encoding="utf-8")).show(max_rows=100)
    print(f"{path}: {time.monotonic() - begun:.2f} s")


if __name__ == "__main__":
    main()
