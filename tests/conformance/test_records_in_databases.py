"""Records in a database come to what the same records in files come to; on real servers, PostgreSQL and MariaDB."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from govservice.cli import main
from govservice.errors import GovServiceError, RecordError
from govservice.records import Row, SetAside, read_records
from govservice.records.addresses import address_of
from govservice.records.faults import MappingError
from govservice.records.stored import server_at
from govservice.rounds import Round, assess
from govservice.rules.language.values import NONE
from govservice.run import Run, run
from govservice.run.stream import stream
from govservice.sample import centre_year
from govservice.whatif import what_if

from .databases import SAMPLE, Filled


def mapping_of(folder: Path, text: str) -> Path:
    file = folder / "stored.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def sample_mapping(folder: Path) -> Path:
    """The mapping of the sample, which leaves out the column that keeps the order of its rows."""
    text = (SAMPLE / "mapping.yaml").read_text(encoding="utf-8")
    assert text.count("items:") == 1
    text = text.replace("items:", "items:\n  skip: [row_number_]")
    return mapping_of(folder, f"{text}\napplications: {{skip: [row_number_]}}\ncases: {{skip: [row_number_]}}\n")


def written(done: Run, folder: Path) -> dict[str, Any]:
    """The bytes of every table; of the rows set aside all but where they stood and how an empty cell is held there."""
    done.write(folder, lang="en")
    tables: dict[str, Any] = {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix == ".csv"}
    with (folder / "set_aside.csv").open(encoding="utf-8-sig", newline="") as file:
        aside = [{name: cell for name, cell in row.items() if name not in ("file", "line", "row")} for row in csv.DictReader(file)]
    return {**tables, "set_aside.csv": aside}


def told(summary: dict[str, Any]) -> dict[str, Any]:
    """The figures, without where the rows stood."""
    rows = [{name: value for name, value in each.items() if name not in ("file", "encoding")} for each in summary["rows"]]
    return {**summary, "rows": rows, "set_aside": [row["id"] for row in summary["set_aside"]]}


# -- the same as from files


def test_the_sample_comes_to_the_same_bytes_as_from_its_files(database: Filled, tmp_path: Path) -> None:
    for name in ("items", "applications", "cases"):
        database.of_csv(SAMPLE / f"{name}.csv")
    asked = {"now": "2026-03-20", "accepted_on": "2026-03-02"}
    stored = run("kunshan", read_records(database.url, book="kunshan", mapping=sample_mapping(tmp_path)), **asked)
    plain = run("kunshan", read_records(SAMPLE, book="kunshan"), **asked)
    assert written(stored, tmp_path / "stored") == written(plain, tmp_path / "plain")
    assert told(stored.summary()) == told(plain.summary())
    assert len(stored.cases) > 50
    assert [(source.table, source.file, source.encoding) for source in stored.sources] == [
        (name, name, {"postgres": "postgresql", "mariadb": "mysql"}[database.name]) for name in ("items", "applications", "cases")
    ]


COURSE = "办件编号,收件日,受理日,承诺工作日数\nC1,2026-03-02,2026-03-02,5\nC2,2026-03-02,不详,5\nC1,2026-03-02,2026-03-02,5\nC4,,,\n"
PAUSES = "办件,中止事由,中止起日,中止止日\nC1,听证,2026-03-03,2026-03-05\nC9,听证,2026-03-03,2026-03-05\n"


def test_what_is_set_aside_and_what_moves_a_clock_is_the_same(database: Filled, tmp_path: Path) -> None:
    for name, text in (("cases.csv", COURSE), ("pauses.csv", PAUSES)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        database.of_csv(tmp_path / name)
    mapping = mapping_of(tmp_path, "cases: {skip: [row_number_]}\npauses: {skip: [row_number_]}\n")
    stored = run("standard", read_records(database.url, book="standard", mapping=mapping), on="2026-03-02")
    (tmp_path / "stored.yaml").unlink()
    plain = run("standard", read_records(tmp_path, book="standard"), on="2026-03-02")
    assert [case.id for case in stored.cases] == [case.id for case in plain.cases] == ["C1", "C4"]
    assert stored.cases == plain.cases

    def said(row: SetAside, header: int) -> tuple[Any, ...]:
        return row.table, row.id, row.field, row.line - header

    assert [said(row, 0) for row in stored.set_aside] == [said(row, 1) for row in plain.set_aside]
    assert {row.file for row in stored.set_aside} == {"cases", "pauses"}


LOG = """\
no,step,at,item
C1,in,2026-03-02 01:00:00,I1
C1,stop,2026-03-03 01:00:00,I1
C2,in,2026-03-02 20:00:00,I2
C1,go,2026-03-05 01:00:00,I1
C1,out,2026-03-06 07:00:00,I1
C1,out,2026-03-06 08:00:00,I1
"""
STEPS = """\
  time_zone: UTC
  steps:
    case: no
    activity: step
    time: at
    facts: {received_on: {first: in}, accepted_on: {first: in}, closed_at: {last: out}}
    pauses: [{kind: hearing, from: stop, to: go}]
  columns: {item: item, promised_limit: {column: days, unit: workday}, due_on: {column: due, format: YYYYMMDD}}
"""


def test_a_log_on_another_clock_comes_to_the_same(database: Filled, tmp_path: Path) -> None:
    head, *lines = LOG.splitlines()
    (tmp_path / "cases.csv").write_text("\n".join([f"{head},days,due", *(f"{line},5,20260310" for line in lines)]) + "\n", encoding="utf-8")
    rows = [(number, *line.split(","), 5, "20260310") for number, line in enumerate(lines)]
    moment = "timestamp" if database.name == "postgres" else "datetime"
    columns = {
        "n": "integer",
        "no": "varchar(9)",
        "step": "varchar(9)",
        "at": moment,
        "item": "varchar(9)",
        "days": "integer",
        "due": "varchar(9)",
    }
    database.table("log", columns, rows, "n")
    stored = read_records(database.url, book="licensing-law", mapping=mapping_of(tmp_path, f"cases:\n  table: log\n{STEPS}  skip: [n]\n"))
    (tmp_path / "mapping.yaml").write_text(f"cases:\n{STEPS}", encoding="utf-8")
    (tmp_path / "stored.yaml").unlink()
    plain = read_records(tmp_path, book="licensing-law")
    one, other = list(stored.rows("cases")), list(plain.rows("cases"))
    assert [(row.id, row.facts, row.course) for row in one if isinstance(row, Row)] == [
        (row.id, row.facts, row.course) for row in other if isinstance(row, Row)
    ]
    assert len(one) == 2
    assert stored.notes == plain.notes
    assert run("licensing-law", stored).cases == run("licensing-law", plain).cases


def test_a_round_and_a_comparison_read_it_too(database: Filled, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "events.csv").write_text(
        "事件种类,窗口,发生日\nuntidy,W1,2026-10-12\nlate,W1,2026-10-13\nuntidy,W2,2026-10-14\n", encoding="utf-8"
    )
    (tmp_path / "records" / "cases.csv").write_text("办件编号,窗口,收件日\nC1,W1,2026-10-12\n", encoding="utf-8")
    for name in ("events", "cases"):
        database.of_csv(tmp_path / "records" / f"{name}.csv")
    mapping = mapping_of(tmp_path, "events: {skip: [row_number_]}\ncases: {skip: [row_number_]}\n")
    stored = assess("kunshan", database.url, period="2026-10", schemes=["window_month"], mapping=mapping)
    plain = assess("kunshan", tmp_path / "records", period="2026-10", schemes=["window_month"])

    def said(done: Round) -> list[Any]:
        return [
            (card.subject, card.total, [(line.part, line.item, line.points, line.low, line.high, line.on) for line in card.lines])
            for card in done.cards
        ]

    assert said(stored) == said(plain)
    assert stored.cards
    assert what_if("kunshan", "kunshan", database.url, period="2026-10").counted["cases"] == 1


# -- values


def facts(database: Filled, mapping: Path | None = None, book: str = "kunshan") -> list[Mapping[str, object]]:
    rows = list(read_records(database.url, book=book, mapping=mapping).rows("cases"))
    assert all(isinstance(row, Row) for row in rows), rows
    return [row.facts for row in rows if isinstance(row, Row)]


def test_typed_values_are_read_as_what_they_are(database: Filled) -> None:
    moment = "timestamptz" if database.name == "postgres" else "timestamp(6) null"
    clock = "timestamp" if database.name == "postgres" else "datetime(6)"
    columns = {
        "case": "varchar(20)", "received_on": "date", "accepted_on": moment, "decided_on": clock, "recognised_urgent": "boolean",
        "departments": "smallint", "capital_cny": "numeric(20, 6)", "applicant_name": "text",
    }  # fmt: skip
    database.run("SET TIME ZONE 'UTC'" if database.name == "postgres" else "SET time_zone = '+00:00'")
    late = datetime(2026, 3, 2, 17, 30)  # in Shanghai it is the next day
    database.table("cases", columns, [
        ("C1", date(2026, 3, 2), late, late, True, 3, Decimal("0.1"), " 无 "),
        ("C2", None, None, None, False, 0, Decimal("12345678901234.000001"), ""),
        ("C3", None, None, None, None, None, None, None),
    ], "case")  # fmt: skip
    first, second, third = facts(database)
    assert (first["received_on"], first["accepted_on"], first["decided_on"]) == (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 2))
    assert (first["recognised_urgent"], first["departments"], first["capital_cny"]) == (True, 3, Decimal("0.1"))
    assert (second["recognised_urgent"], second["departments"], second["capital_cny"]) == (False, 0, Decimal("12345678901234.000001"))
    assert {name for name in second if name not in third} == {"recognised_urgent", "departments", "capital_cny"}
    assert dict(third) == {"case": "C3"}


def test_values_as_people_write_them_are_read_too_and_missing_is_not_none(database: Filled, tmp_path: Path) -> None:
    kind = "varchar(200)"
    columns = dict.fromkeys(("编号", "收件", "急", "额", "限"), kind)
    database.table("办件表", columns, [("C1", "2026年3月2日", "是", "1,000.5", "无"), ("C2", "20260302", "否", "", None)], "编号")
    mapping = mapping_of(
        tmp_path,
        "cases:\n  table: 办件表\n  columns:\n    case: 编号\n    received_on: 收件\n    capital_cny: 额\n"
        "    中心认定急办: {column: 急, values: {是: 'true', 否: ''}}\n    promised_limit: {column: 限, none: [无]}\n",
    )
    first, second = facts(database, mapping)
    assert (first["received_on"], first["recognised_urgent"], first["capital_cny"]) == (date(2026, 3, 2), True, Decimal("1000.5"))
    assert first["promised_limit"] is NONE
    assert dict(second) == {"case": "C2", "received_on": date(2026, 3, 2)}


def test_moments_are_in_shanghai_and_odd_values_set_a_row_aside(database: Filled) -> None:
    odd = "date" if database.name == "postgres" else "varchar(20)"
    never = "infinity" if database.name == "postgres" else "0000-00-00"
    moment = "timestamptz" if database.name == "postgres" else "timestamp null"
    database.run("SET TIME ZONE 'UTC'" if database.name == "postgres" else "SET time_zone = '+00:00'")
    columns = {"case": "varchar(20)", "received_on": odd, "some_moment": moment, "share": "double precision", "bits": "time"}
    rows = [("C1", never, None, None, None), ("C2", "2026-03-02", datetime(1988, 7, 1, 0, 0), 0.1, timedelta(hours=8, minutes=20))]
    database.table("cases", columns, [(*row[:4], None if row[4] is None else str(row[4])) for row in rows], "case")
    records = read_records(database.url, book="kunshan")
    aside, read = records.rows("cases")
    assert isinstance(aside, SetAside)
    assert (aside.line, aside.id, aside.field, never in aside.reason.en) == (1, "C1", "received_on", True)
    raw = next(raw.values for raw in records.sources["cases"].raw() if raw.line == 2)
    assert raw["some_moment"] == datetime(1988, 7, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # there was summer time then
    assert raw["some_moment"].utcoffset() == timedelta(hours=9)
    assert (raw["share"], str(raw["bits"])) == (Decimal("0.1"), "08:20:00")
    assert isinstance(read, Row)


def test_lists_within_a_case_are_read_from_json(database: Filled) -> None:
    if database.name != "postgres":
        database.table("cases", {"case": "varchar(20)", "pauses": "text"}, [("C1", "[]")], "case")
        assert [dict(row) for row in facts(database)] == [{"case": "C1"}]
        return
    pauses = json.dumps([{"kind": "hearing", "from": "2026-03-03", "to": "2026-03-05"}])
    database.table("cases", {"case": "text", "pauses": "jsonb", "related": "text[]"}, [("C1", pauses, ["x"])], "case")
    (row,) = read_records(database.url, book="standard").rows("cases")
    assert isinstance(row, Row)
    assert [dict(each) for each in dict(row.course)["pauses"]] == [{"kind": "hearing", "from": date(2026, 3, 3), "to": date(2026, 3, 5)}]


# -- where they stand, and in which order


def ids(database: Filled, mapping: Path | None = None) -> list[str]:
    return [str(row.id) for row in read_records(database.url, book="standard", mapping=mapping).rows("cases")]


def test_queries_schemas_and_names_that_must_be_quoted(database: Filled, tmp_path: Path) -> None:
    odd = 'Fall "x" %s' if database.name == "postgres" else "Fall `x` %s"
    database.made.append("odd")
    doubled = odd.replace('"', '""').replace("`", "``")
    quoted = database.quote(doubled)
    database.run(f"DROP TABLE IF EXISTS {quoted}")
    database.run(f"CREATE TABLE {quoted} ({database.quote('the number')} varchar(9), r integer)")
    try:
        database.run(f"INSERT INTO {quoted} VALUES ('C2', 1), ('C1', 2), ('C3', 1)")
        named = mapping_of(tmp_path, f"cases:\n  table: '{odd}'\n  columns: {{case: the number}}\n  skip: [r]\n")
        assert ids(database, named) == ["C1", "C2", "C3"]
        by_r = mapping_of(tmp_path, f"cases:\n  table: '{odd}'\n  columns: {{case: the number}}\n  order_by: [r, the number]\n")
        assert ids(database, by_r) == ["C2", "C3", "C1"]
        query = f"-- those of 100%\n  select {database.quote('the number')} as number from {quoted} where r = 1 -- the end;"
        asked = mapping_of(tmp_path, f"cases:\n  query: |\n    {query.replace(chr(10), chr(10) + '    ')}\n  columns: {{case: number}}\n")
        assert ids(database, asked) == ["C2", "C3"]
    finally:
        database.run(f"DROP TABLE {quoted}")
    schema = "public" if database.name == "postgres" else str(address_of(database.url).database)
    database.table("hall_cases", {"case": "varchar(9)"}, [("C1",), ("C2",)], "case")
    assert ids(database, mapping_of(tmp_path, f"cases: {{table: {schema}.hall_cases}}\n")) == ["C1", "C2"]


def test_without_a_key_rows_that_differ_have_an_order_of_their_own(database: Filled) -> None:
    columns = {"kind": "varchar(20)", "window": "varchar(20)", "on": "varchar(20)"}
    rows = [("untidy", f"W{number}", f"2026-10-{number % 28 + 1:02}") for number in range(300)]
    database.table("events", columns, rows)

    def read() -> list[tuple[Any, ...]]:
        records = read_records(database.url, book="kunshan", assessed=True)
        return [(row.id, row.facts["window"]) for row in records.rows("events") if isinstance(row, Row)]

    before = read()
    database.table("events", columns, rows[150:] + rows[:150])
    assert read() == before
    assert {window for _, window in before} == {window for _, window, _ in rows}


def test_records_are_seen_as_they_were_when_they_were_opened(database: Filled) -> None:
    database.table("cases", {"case": "varchar(20)"}, [("C1",), ("C2",)], "case")
    records = read_records(database.url, book="standard")
    database.run("DELETE FROM cases")
    database.run("INSERT INTO cases VALUES ('C3')")
    assert [row.id for row in records.rows("cases")] == ["C1", "C2"]
    assert records.ids("cases") == {"C1", "C2"}
    assert ids(database) == ["C3"]


def test_one_look_may_be_taken_within_another_and_left(database: Filled) -> None:
    database.table("cases", {"case": "varchar(20)"}, [(f"C{number:05}",) for number in range(9_000)], "case")
    source = read_records(database.url, book="standard").sources["cases"]
    outer = source.raw()
    first = next(outer)
    inner = source.raw()
    assert next(inner) == first
    del inner  # the rest of it is nobody's
    assert 1 + sum(1 for _ in outer) == 9_000
    assert sum(1 for _ in source.raw()) == 9_000


def test_nothing_can_be_written(database: Filled, tmp_path: Path) -> None:
    database.table("cases", {"case": "varchar(20)"}, [("C1",)], "case")
    server = server_at(address_of(database.url))
    with pytest.raises(RecordError, match="cannot be read"):
        server.ask("INSERT INTO cases VALUES ('C2')")
    for query, said in (
        ("DELETE FROM cases", "the query is no SELECT"),
        ("SELECT * FROM cases) AS r; DELETE FROM cases; -- ", "cannot be read"),
        ("SELECT * FROM cases; DELETE FROM cases", "cannot be read"),
    ):
        with pytest.raises(RecordError, match=said):
            ids(database, mapping_of(tmp_path, f"cases:\n  query: {query!r}\n"))
    assert ids(database) == ["C1"]


MEMORY = """
import sys, resource
from govservice.records import read_records
from govservice.records.stored import StoredTable
source = read_records(sys.argv[1], book="standard").sources["cases"]
count = sum(1 for _ in zip(range(5), source.raw()))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in source.raw())
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_many_rows_do_not_fill_the_memory(database: Filled) -> None:
    database.table("cases", {"case": "varchar(20)", "note": "text"}, [], "case")
    text = "repeat('x', 400)"
    if database.name == "postgres":
        database.run(f"INSERT INTO cases SELECT 'C' || n, {text} FROM generate_series(1, 200000) n")
    else:
        database.run(f"INSERT INTO cases SELECT concat('C', seq), {text} FROM seq_1_to_200000")
    done = subprocess.run([sys.executable, "-c", MEMORY, database.url], capture_output=True, text=True, check=True)
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 200_000
    assert megabytes < 40  # the rows are 80 MB and more


# -- the stream


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("polars")
    folder = tmp_path_factory.mktemp("stored") / "year"
    centre_year(600, 3).write(folder)
    return folder


def parts(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*-*"))}


def stored_year(database: Filled, year: Path, folder: Path) -> Path:
    database.of_csv(year / "cases.csv", "year_of_cases")
    database.of_csv(year / "items.csv", "year_of_items")
    return mapping_of(folder, "cases: {table: year_of_cases, order_by: row_number_}\nitems: {table: year_of_items}\n")


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_stream_gives_the_bytes_that_it_gives_from_files(database: Filled, year: Path, tmp_path: Path, form: Any) -> None:
    mapping = stored_year(database, year, tmp_path)
    (tmp_path / "records").mkdir()
    for name in ("cases", "items"):
        (tmp_path / "records" / f"{name}.csv").write_bytes((year / f"{name}.csv").read_bytes())
    plain = stream("kunshan", tmp_path / "records", tmp_path / "plain", rows=250, form=form)
    stored = stream("kunshan", database.url, tmp_path / "out", rows=250, mapping=mapping, form=form)
    assert (stored.rows, stored.out, stored.set_aside, stored.parts) == (plain.rows, plain.out, plain.set_aside, 3)
    assert parts(tmp_path / "out") == parts(tmp_path / "plain")
    assert database.secret not in (tmp_path / "out" / "stream.json").read_text(encoding="utf-8")


KILLED = """
import sys
from govservice.run.stream import stream
stream("kunshan", sys.argv[1], sys.argv[2], rows=50, mapping=sys.argv[3])
"""


def test_a_stream_that_is_killed_goes_on_and_ends_with_the_same_bytes(database: Filled, year: Path, tmp_path: Path) -> None:
    mapping = stored_year(database, year, tmp_path)
    stream("kunshan", database.url, tmp_path / "whole", rows=50, mapping=mapping)
    out = tmp_path / "out"
    kills = 0
    for wanted in (1, 5):
        child = subprocess.Popen([sys.executable, "-c", KILLED, database.url, str(out), str(mapping)])
        while child.poll() is None and len(list(out.glob("cases-*"))) < wanted:
            time.sleep(0.001)
        if child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)
            kills += 1
        child.wait()
    assert kills
    before = len(json.loads((out / "stream.json").read_text(encoding="utf-8"))["parts"])
    done = stream("kunshan", database.url, out, rows=50, mapping=mapping)
    assert (done.went_on, done.rows) == (before, 600)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == {
        file.name: file.read_bytes() for file in (tmp_path / "whole").iterdir()
    }


@pytest.mark.parametrize("keyed", [True, False])
def test_a_stream_does_not_go_on_where_a_row_is_another(database: Filled, tmp_path: Path, keyed: bool) -> None:
    rows = [(f"C{number}", "2026-02-13", "5") for number in range(40)]
    columns = dict.fromkeys(("case", "received_on", "promised_days"), "varchar(20)")
    database.table("cases", columns, rows, "case" if keyed else None)
    stream("kunshan", database.url, tmp_path / "out", rows=10)
    whole = parts(tmp_path / "out")
    (tmp_path / "out" / "cases-000003.parquet").unlink()
    database.table("cases", columns, rows[20:] + rows[:20], "case" if keyed else None)  # the same rows, put down in another order
    assert stream("kunshan", database.url, tmp_path / "out", rows=10).went_on == 2
    assert parts(tmp_path / "out") == whole
    database.run("UPDATE cases SET promised_days = '6' WHERE promised_days = '5' AND " + database.quote("case") + " = 'C7'")
    with pytest.raises(RecordError, match="the folder holds the parts of another run: records differ"):
        stream("kunshan", database.url, tmp_path / "out", rows=10)


REFUSED = {
    "columns": "columns: {received_on: received_on}",
    "skip": "skip: [received_on]",
    "time_zone": "time_zone: UTC",
    "steps": "steps: {case: case, activity: case, time: received_on}",
    "columns and no skip": "columns: {received_on: {column: received_on, format: YYYYMMDD}}, skip: [case]",
}


def test_a_stream_refuses_what_it_does_not_read(database: Filled, tmp_path: Path) -> None:
    database.table("cases", {"case": "varchar(20)", "received_on": "date"}, [("C1", "2026-02-13")], "case")
    database.table("pauses", {"case": "varchar(20)"}, [])
    with pytest.raises(RecordError, match=r"a stream reads cases and items alone: .* has pauses too; run without --stream, or name cases"):
        stream("kunshan", database.url, tmp_path / "out")
    assert stream("kunshan", database.url, tmp_path / "out", mapping=mapping_of(tmp_path, "cases: {table: cases}\n")).rows == 1
    for key, text in REFUSED.items():
        with pytest.raises(RecordError, match=f"a stream takes no {key} in a mapping"):
            stream("kunshan", database.url, tmp_path / "other", mapping=mapping_of(tmp_path, f"cases: {{{text}}}\n"))
    with pytest.raises(RecordError, match="a stream takes a mapping for a database alone"):
        stream("kunshan", tmp_path, tmp_path / "other", mapping=tmp_path / "stored.yaml")


# -- wrong things


WRONG = (
    ("cases: {table: cases_}\n", "has no table 'cases_'", 'did you mean "cases"?', "没有“cases_”这个表"),
    ("cases: {table: nowhere.cases}\n", "has no table 'nowhere.cases'", "it has: -", "没有“nowhere.cases”这个表"),
    ("cases: {order_by: cas}\n", "cases has no column 'cas'", 'did you mean "case"?', "没有“cas”这一列"),
    ("cases: {columns: {received_on: recieved}}\n", "cases has no column 'recieved'", 'did you mean "received"?', "没有“recieved”这一列"),
    ("cases: {skip: [x]}\n", "cases has no column 'x'", "it has: case, received", "没有“x”这一列"),
)


@pytest.mark.parametrize(("text", "what", "hint", "zh"), WRONG)
def test_what_the_mapping_names_and_is_not_there(database: Filled, tmp_path: Path, text: str, what: str, hint: str, zh: str) -> None:
    database.table("cases", {"case": "varchar(20)", "received": "date"}, [], "case")
    with pytest.raises(MappingError) as caught:
        read_records(database.url, book="standard", mapping=mapping_of(tmp_path, text))
    assert str(caught.value).startswith("stored.yaml:1: cases")
    assert what in str(caught.value)
    assert hint in str(caught.value)
    assert zh in caught.value.text("zh")


def test_a_query_that_the_database_refuses(database: Filled, tmp_path: Path) -> None:
    with pytest.raises(RecordError) as caught:
        read_records(database.url, book="standard", mapping=mapping_of(tmp_path, "cases: {query: SELECT nothing FROM nowhere}\n"))
    assert "cannot be read" in str(caught.value)
    assert "nowhere" in str(caught.value)
    assert "无法读取" in caught.value.text("zh")
    with (
        pytest.raises(MappingError, match=r"columns that the query gives twice: x|cannot be read")
        if database.name == "postgres"
        else pytest.raises(RecordError, match="Duplicate column name")
    ):
        read_records(database.url, book="standard", mapping=mapping_of(tmp_path, "cases: {query: 'SELECT 1 AS x, 2 AS x'}\n"))


def test_a_database_without_records_and_tables_that_may_be_meant(database: Filled) -> None:
    database.table("case_s", {"case": "varchar(20)"}, [("C1",)])
    with pytest.raises(RecordError, match=r'no records are in .*say in a mapping where items, applications, cases are: "case_s" → "cases"'):
        read_records(database.url, book="standard")
    database.table("cases", {"case": "varchar(20)"}, [("C1",)], "case")
    database.table("pause", {"x": "varchar(20)"}, [])
    database.table("payroll_2026", {"x": "varchar(20)"}, [])
    assert read_records(database.url, book="standard").not_read == ("case_s", "pause")


def test_a_right_that_is_lacking(database: Filled, tmp_path: Path) -> None:
    url, mapping = database.url, None
    database.table("cases", {"case": "varchar(20)"}, [("C1",)], "case")
    if database.name == "postgres":
        at = address_of(url)
        database.run("DROP ROLE IF EXISTS clerk")
        database.run("CREATE ROLE clerk LOGIN PASSWORD 'hunter2'")
        url = f"{at.scheme}://clerk:hunter2@{at.host}:{at.port}/{at.database}"
    else:  # the tests' own user may make no other, and look at no table of the server's own
        mapping = mapping_of(tmp_path, "cases: {query: SELECT * FROM mysql.global_priv}\n")
    with pytest.raises(RecordError) as caught:
        read_records(url, book="standard", mapping=mapping)
    assert "denied" in str(caught.value)
    assert str(caught.value).endswith("; ask for the right to read: GRANT SELECT")
    assert "请数据库管理员授予读取权限" in caught.value.text("zh")
    if database.name == "postgres":
        database.run("DROP ROLE clerk")


def test_no_connection_and_the_password_is_never_shown(
    database: Filled, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = address_of(database.url)
    wrong = [
        f"{at.scheme}://{at.user}:hunter2@{at.host}:{at.port}/{at.database}",
        f"{at.scheme}://{at.user}:hunter2@{at.host}:{at.port}/hunter2",
        f"{at.scheme}://{at.user}:hunter2@127.0.0.1:1/{at.database}",
        f"{at.scheme}://{at.user}:hunter2@nowhere.invalid/{at.database}",
    ]
    for url in wrong:
        for lang in ("en", "zh"):
            assert main(["--lang", lang, "run", "--rulebook", "kunshan", "--records", url, "--out", str(tmp_path / "out")]) == 1
        said = capfd.readouterr().err
        assert "cannot be reached" in said
        assert "连不上" in said
        assert "hunter2" not in said.replace("/hunter2", "")
    variable = "PGPASSWORD" if database.name == "postgres" else "MYSQL_PWD"
    bare = f"{at.scheme}://{at.user}@{at.host}:{at.port}/{at.database}"
    monkeypatch.setenv(variable, "wrong-hunter2")
    with pytest.raises(GovServiceError) as caught:
        read_records(bare, book="standard")
    assert "hunter2" not in str(caught.value) + caught.value.text("zh") + repr(caught.value)
    monkeypatch.setenv(variable, database.secret)
    database.table("cases", {"case": "varchar(20)"}, [("C1",)], "case")
    assert [row.id for row in read_records(bare, book="standard").rows("cases")] == ["C1"]


def test_the_command_reads_it_and_tells_no_password(database: Filled, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("items", "applications", "cases"):
        database.of_csv(SAMPLE / f"{name}.csv")
    out, mapping = tmp_path / "out", sample_mapping(tmp_path)
    asked = ["--rulebook", "kunshan", "--records", database.url, "--mapping", str(mapping)]
    assert main(["--lang", "en", "run", *asked, "--out", str(out)]) == 0
    assert main(["--lang", "en", "assess", *asked, "--out", str(tmp_path / "scores"), "--period", "2026-01"]) in (0, 1)
    assert main(["--lang", "en", "assess", *asked, "--out", str(tmp_path / "s"), "--period", "2026", "--keep", "--now", "2027-01-01"]) == 2
    columns = mapping_of(tmp_path, "cases: {table: cases}\n")
    streamed = ["--stream", "csv", "--rulebook", "kunshan", "--records", database.url, "--mapping", str(columns)]
    assert main(["--lang", "zh", "run", *streamed, "--out", str(tmp_path / "parts")]) == 0
    heard = capfd.readouterr()
    everything = [heard.out, heard.err, *(file.read_text(encoding="utf-8-sig") for file in tmp_path.rglob("*") if file.is_file())]
    assert len(everything) > 8
    assert not [text for text in everything if database.secret in text]
