"""The example of a report in SQL: DuckDB runs the file as it stands, and its rows are those of the frames and of the single verbs."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from govservice import china, classify, load_rulebook
from govservice.sample import centre_year

from .conftest import need

DAY = date(2026, 11, 20)
BOOK = load_rulebook("kunshan")
DOCUMENTS = ("present", "not_brought", "lacking", "已带", None, "unheard of")
ITEMS = [{"item": f"I{number}", "department": f"D{number % 3}", "promised_days": (0, 1, 5, 20, None)[number % 5]} for number in range(10)]
ODD: list[dict[str, Any]] = [
    {
        "accepted_on": date(2026, 1, 1) + timedelta(number * 7 % 320) if number % 11 else None,
        "closed_on": date(2026, 6, 1) + timedelta(number % 200) if number % 4 else None, "main_document": DOCUMENTS[number % 6],
        "departments": (1, 2, None)[number % 3], "recognised_urgent": (False, True, None)[number // 2 % 3], "formal": number % 7 != 0,
    }
    for number in range(600)
]  # fmt: skip
SAMPLE = centre_year(cases=600, year=2026)["cases"]
CASES: list[dict[str, Any]] = [
    {**made, "item": f"I{number % 10}" if number % 97 else None, **(ODD[number] if number % 3 == 0 else {})}
    for number, made in enumerate(SAMPLE)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The records, cases in several files, in a folder whose name SQL would trip over."""
    need("duckdb", "polars", "pyarrow")
    import polars as pl

    records = tmp_path / "it's 一册"
    (records / "cases" / "month=1").mkdir(parents=True)
    frame = pl.DataFrame(CASES, infer_schema_length=None)
    frame[:250].write_parquet(records / "cases" / "a.parquet")
    frame[250:].write_parquet(records / "cases" / "month=1" / "b.parquet")
    pl.DataFrame(ITEMS).write_parquet(records / "items.parquet")
    return records


BOOK_FACTS = frozenset(name.partition(".")[2] for name in BOOK.facts if name.startswith(("application.", "cases."))) - {"case", "item"}


def expected() -> list[tuple[Any, ...]]:
    """The report by the single verbs."""
    items = {item["item"]: item for item in ITEMS}
    told: dict[str | None, Counter[str]] = {}
    for case in CASES:
        item = items.get(case["item"], {})
        facts = {name: value for name, value in case.items() if value is not None and name in BOOK_FACTS}
        if facts.get("main_document") == "unheard of":
            del facts["main_document"]
            case_type = "urgent" if case.get("recognised_urgent") else None
        else:
            case_type = classify(facts, BOOK, on=DAY).case_type
        days, accepted = item.get("promised_days"), case["accepted_on"]
        due = china().add_workdays(accepted, days) if accepted is not None and days is not None else None
        counts = told.setdefault(item.get("department"), Counter())
        counts["cases"] += 1
        counts["undecided" if case_type is None else case_type if case_type in ("instant", "promised") else "other"] += 1
        counts["not_closed"] += case.get("closed_on") is None
        counts["overdue"] += due is not None and (case.get("closed_on") or DAY) > due
    names = ("cases", "instant", "promised", "other", "undecided", "not_closed", "overdue")
    return sorted(((department, *(counts[name] for name in names)) for department, counts in told.items()), key=repr)


def test_the_sql_runs_as_it_stands_and_says_what_the_verbs_say(folder: Path, tmp_path: Path) -> None:
    import duckdb
    from duckdb_report.report import written_sql

    text = written_sql(folder, BOOK, china(), DAY, tmp_path / "out").read_text(encoding="utf-8")
    with duckdb.connect() as connection:
        report = connection.sql(text).fetchall()
    assert sorted(report, key=repr) == expected()
    assert all(any(row[place] for row in report) for place in range(1, 8))


def test_the_frames_give_the_rows_of_the_sql(folder: Path) -> None:
    import duckdb
    from duckdb_report.report import by_frames

    with duckdb.connect() as connection:
        assert sorted(by_frames(connection, folder, BOOK, china(), DAY).fetchall(), key=repr) == expected()


def test_every_row_is_classified_and_dated(folder: Path) -> None:
    import duckdb
    from duckdb_report.report import dated

    with duckdb.connect() as connection:
        relation = dated(connection, folder, BOOK, china(), DAY)
        assert sorted(row[0] for row in relation.select('"case"').fetchall()) == sorted(case["case"] for case in CASES)


def test_the_sql_is_one_that_people_read(folder: Path, tmp_path: Path) -> None:
    from duckdb_report.report import written_sql

    lines = written_sql(folder, BOOK, china(), DAY, tmp_path / "out").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("-- 昆山市行政审批服务中心")
    assert [line.split(" ")[0] for line in lines if line.endswith(" AS (") and not line.startswith(" ")][1:] == [
        "workdays",
        "classified",
        "dated",
    ]
    assert any("-- joint KS-5" in line for line in lines)


def test_the_command_writes_runs_and_prints(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    need("duckdb", "polars", "pyarrow")
    from duckdb_report.__main__ import main

    main(["--records", str(tmp_path), "--out", str(tmp_path / "out"), "--on", "2025-12-31", "--made-up", "600"])
    said = capfd.readouterr().out
    assert "D1" in said
    assert "report.sql" in said
