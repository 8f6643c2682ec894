"""The example that classifies and dates a partitioned folder with Spark gives what classify and the calendar give, and loses no row."""

from __future__ import annotations

import runpy
from datetime import date, timedelta
from pathlib import Path

import pytest

from govservice import china, classify, load_rulebook

from .engines import ENGINES, NEEDED

ON = date(2026, 11, 20)
JOB = Path(__file__).parents[2] / "examples" / "spark_job.py"
DOCUMENTS = ("present", "not_brought", "lacking", "已带", None, "unheard of")


def test_a_partitioned_folder_is_classified_and_dated(tmp_path: Path) -> None:
    spark = ENGINES["spark"]
    lacking = spark.absent()
    if lacking is not None:
        (pytest.fail if NEEDED else pytest.skip)(lacking)
    import polars as pl

    rows = [
        {
            "id": number, "received_month": f"2026-{number % 3 + 1:02d}",
            "accepted_on": date(2026, 1, 1) + timedelta(number * 5 % 330) if number % 11 else None,
            "promised_days": (0, 1, 5, 20, None)[number % 5], "main_document": DOCUMENTS[number % 6],
            "departments": (1, 2, None)[number % 3],
            "recognised_urgent": (False, True, None)[number // 2 % 3], "formal": number % 7 != 0,
        }
        for number in range(300)
    ]  # fmt: skip
    for month, part in pl.DataFrame(rows).partition_by("received_month", as_dict=True, include_key=False).items():
        folder = tmp_path / "cases" / f"received_month={month[0]}"
        folder.mkdir(parents=True)
        part.write_parquet(folder / "part.parquet")
    assert spark.session is not None  # the job takes the session that runs
    main = runpy.run_path(str(JOB))["main"]
    main(["--records", str(tmp_path / "cases"), "--out", str(tmp_path / "out"), "--on", str(ON)])

    decided = pl.read_parquet(tmp_path / "out" / "decided" / "**" / "*.parquet", hive_partitioning=True).to_dicts()
    set_aside = pl.read_parquet(tmp_path / "out" / "set-aside" / "*.parquet").to_dicts()
    assert sorted(row["id"] for row in (*decided, *set_aside)) == [row["id"] for row in rows]
    assert {row["id"] for row in set_aside} <= {row["id"] for row in rows if row["main_document"] == "unheard of"}
    book, by_id = load_rulebook("kunshan"), {row["id"]: row for row in rows}
    for row in decided:
        given = by_id[row["id"]]
        facts = {name: cell for name, cell in given.items() if name not in ("id", "received_month") and cell is not None}
        single = classify(facts, book, on=ON) if given["main_document"] != "unheard of" else None
        if single is not None:
            assert row["case_type"] == (None if single.open else single.case_type)
        start, days = given["accepted_on"], given["promised_days"]
        assert row["due_on"] == (None if start is None or days is None else china().add_workdays(start, days))
