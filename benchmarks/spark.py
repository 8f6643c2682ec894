"""The Spark job over a partitioned Parquet folder, by two workers of a local cluster: how long one run of it takes, started and warm.

Run `python benchmarks/spark.py --rows 2000000`; `--master` is where Spark runs, two workers of a core and a gigabyte each unless given.
"""

from __future__ import annotations

import argparse
import runpy
import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl
from frames import DAY, applications

JOB = Path(__file__).parents[1] / "examples" / "spark_job.py"
MONTHS = 12
FILES = 4  # of each month


def made(folder: Path, rows: int) -> None:
    """Made-up applications as a folder of months."""
    months = np.random.default_rng(8).integers(1, MONTHS + 1, rows)
    frame = applications(rows).with_columns(pl.Series("month", months), pl.int_range(rows).alias("id"))
    for (month,), part in frame.partition_by("month", as_dict=True, include_key=False).items():
        place = folder / f"received_month=2026-{month:02}"
        place.mkdir(parents=True)
        for number, few in enumerate(part.iter_slices(-(-part.height // FILES))):
            few.write_parquet(place / f"part-{number}.parquet")


def main() -> None:
    """Make the folder, run the job twice on one cluster, count what came out."""
    from pyspark.sql import SparkSession

    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=2_000_000)
    arguments.add_argument("--master", default="local-cluster[2,1,1024]")
    given = arguments.parse_args()
    job = runpy.run_path(str(JOB))["main"]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        made(folder / "cases", given.rows)
        began = time.perf_counter()
        builder = SparkSession.builder.master(given.master).appName("govservice").config("spark.ui.showConsoleProgress", "false")
        for key in ("spark.driver.host", "spark.driver.bindAddress"):
            builder = builder.config(key, "127.0.0.1")
        spark = builder.config("spark.ui.enabled", "false").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        print(f"{given.master}: started in {time.perf_counter() - began:.1f} s")
        for turn in ("first", "second"):
            shutil.rmtree(folder / "out", ignore_errors=True)
            began = time.perf_counter()
            job(["--records", str(folder / "cases"), "--out", str(folder / "out"), "--on", str(DAY), "--master", given.master])
            spent = time.perf_counter() - began
            print(f"{turn} run: {given.rows:,} rows in {spent:.1f} s, {given.rows / spent:,.0f} a second")
        out = pl.scan_parquet(folder / "out" / "decided" / "**" / "*.parquet").select(pl.len(), pl.col("due_on").count()).collect().row(0)
        print(f"{out[0]:,} rows came out, {out[1]:,} with a due day")
        spark.stop()


if __name__ == "__main__":
    main()
