"""A city's real requests through the command: none is lost, and its own deadlines come out, for every type as often as they can."""

import csv
import json
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from govservice.cli import main

from ..beside import DATA

BOOK = Path(__file__).resolve().parents[1] / "books" / "good" / "boston.yaml"
REQUESTS = DATA / "boston311_2015h1.parquet"
pytestmark = pytest.mark.shared("data/boston311_2015h1.parquet", "data/boston311_2015h1.facts.json")

MAPPING = """\
cases:
  file: boston311_2015h1.parquet
  columns: {case: case_id, item: type, received_at: open_dt, closed_at: closed_dt}
  skip: [target_dt, ontime_status, department, queue, source]
"""
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "boston311_2015h1.facts.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def out(facts: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("pyarrow")
    folder = tmp_path_factory.mktemp("requests")
    copyfile(REQUESTS, folder / REQUESTS.name)
    (folder / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("item", "promised_limit"))
        rows.writerows((one["type"], limit(one)) for one in facts["deadline_rules"]["rows"])
    command = ["run", "--rulebook", str(BOOK), "--records", str(folder), "--out", str(folder / "out"), "--calendar", "US/MA", "--strict"]
    assert main(command) == 0
    return folder / "out"


def limit(rule: dict[str, Any]) -> str:
    return f"{rule['n']}个工作日" if rule["unit"] == "business_days" else f"{24 * rule['n']}小时"


@pytest.fixture(scope="module")
def clocks(out: Path) -> dict[str, dict[str, str]]:
    with (out / "clocks.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["case"]: row for row in csv.DictReader(file)}


def test_no_request_is_lost(out: Path, facts: dict[str, Any]) -> None:
    found = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    (cases,) = [one for one in found["rows"] if one["table"] == "cases"]
    assert (cases["in"], cases["out"], cases["set_aside"]) == (facts["cases"], facts["cases"], 0) == (58_119, 58_119, 0)
    assert found["due"]["finished"] == facts["closed"]
    assert found["due"]["running"] == facts["cases"] - facts["closed"]


def test_moments_stay_on_the_citys_own_clock(clocks: dict[str, dict[str, str]]) -> None:
    assert all(datetime.fromisoformat(row[name]).tzinfo is None for row in clocks.values() for name in ("started", "due") if row[name])


def test_the_citys_own_deadlines_come_out_for_every_type(clocks: dict[str, dict[str, str]], facts: dict[str, Any]) -> None:
    polars = pytest.importorskip("polars")
    rules = {one["type"]: one for one in facts["deadline_rules"]["rows"]}
    good: Counter[str] = Counter()
    for case, type, target in polars.read_parquet(REQUESTS, columns=["case_id", "type", "target_dt"]).drop_nulls("target_dt").iter_rows():
        if type in rules:
            off = abs(datetime.fromisoformat(clocks[str(case)]["due"]) - target)
            by_summer_time = rules[type]["unit"] == "calendar_days" and abs(off - HOUR) <= MINUTE
            good[type] += off <= MINUTE or by_summer_time
    assert {type: good[type] for type, one in rules.items() if good[type] < one["reproduced"]} == {}
    assert good.total() >= facts["deadline_rules"]["reproduced"] == 39_539
