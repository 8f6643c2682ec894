"""Classify and date a partitioned Parquet folder with Spark: `spark-submit examples/spark_job.py --records cases --out dated`.

Nothing of the rulebook runs on the executors but column expressions; no code is shipped to them. Rows that cannot be read are written
beside the others, so that the rows of the two folders are the rows of the records.
"""

from __future__ import annotations

import argparse
from typing import Any

from govservice import classify_frame, due_frame, load_rulebook

PARTITION = "received_month"


def dated(rows: Any, book: str, on: str) -> tuple[Any, Any]:
    """The case type and the due day of every row, and apart from them the rows that cannot be classified; both lazily."""
    classified, set_aside = classify_frame(rows, load_rulebook(book), on=on, into="case_type", aside=True)
    return due_frame(classified, start="accepted_on", limit="promised_days", into="due_on"), set_aside


def main(arguments: list[str] | None = None) -> None:
    """Read, decide, write."""
    from pyspark.sql import SparkSession

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", required=True, help=f"a folder of Parquet files, partitioned by {PARTITION}")
    parser.add_argument("--out", required=True, help="where the folders `decided` and `set-aside` are written")
    parser.add_argument("--rulebook", default="kunshan", help="a shipped rulebook or a file")
    parser.add_argument("--on", required=True, help="the day that dated rules are held against")
    parser.add_argument("--master", default="local[2]", help="where Spark runs, unless spark-submit says so")
    given = parser.parse_args(arguments)
    spark = SparkSession.builder.master(given.master).appName("govservice").getOrCreate()
    decided, set_aside = dated(spark.read.parquet(given.records), given.rulebook, given.on)
    decided.write.mode("overwrite").partitionBy(PARTITION).parquet(f"{given.out}/decided")
    set_aside.write.mode("overwrite").parquet(f"{given.out}/set-aside")


if __name__ == "__main__":
    main()
