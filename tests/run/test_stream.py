"""A stream of cases: what the interpreter says of each row, in parts; killed at any moment it goes on, and no row is lost."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govservice import clocks, load_rulebook
from govservice.errors import DecisionError, MissingPackage, RecordError
from govservice.records import read_records
from govservice.run import run
from govservice.run import stream as streaming
from govservice.run.stream import Streamed, stream
from govservice.sample import centre_year

pl = pytest.importorskip("polars")
pytest.importorskip("pyarrow")

HEAD = (
    "办件编号,事项编码,收件日,材料补齐日,主件,非主体材料缺件数,附件缺件数,明显不符合政策,明显不符合总体规划,审批部门数,一般性事项,程序简便,"
    "可当天办结,需审核,中心认定急办,承诺工作日数,承诺时限"
)
HOSTILE = (
    "C1,I1,2026-02-13,2026-02-13,已带,0,0,否,否,1,是,否,否,是,否,,",  # its item's limit
    "C2,I1,2026年2月13日,20260213,已带,0,0,否,否,1,是,否,否,是,否,5,",  # its own
    "C3,I2,2026-02-13,2026-02-13,已带,0,0,否,否,1,是,否,否,是,否,,",  # its item's in natural days
    "C4,I2,2026-02-13,2026-02-13,已带,0,0,否,否,1,是,否,否,是,否,,10个工作日",
    "C5,I1,2026-02-13,2026-02-13,已带,0,0,否,否,1,是,否,否,是,否,5,10个工作日",  # two values for one limit
    "C6,I1,2026-02-13,2026-02-13,不详,0,0,否,否,1,是,否,否,是,否,5,",  # no such value
    "C7,I1,2026-02-13,昨天,已带,0,0,否,否,1,是,否,否,是,否,5,",  # no day
    ",I1,2026-02-13,2026-02-13,已带,0,0,否,否,1,是,否,否,是,否,5,",  # no id
    "C9,I1,,2026-02-13,已带,0,0,否,否,1,是,否,否,是,否,5,",  # no day of receipt: the book has dated rules
    "C10,I1,2026-02-13,2026-02-13",  # cells are missing
    "C11,I9,2026-02-13,2026-02-13,已带,0,0,否,否,1,是,否,否,是,否,2.5,",  # an item that is not there, half a day
    "C12,I1,2098-12-30,2099-12-30,已带,0,0,否,否,1,是,否,否,是,否,60,",  # beyond the calendar
    "C13,I1,2026-02-13,2026-02-13,有而未带,,,,,,,,,,,5,",
    "C14,I1,2026-02-13,2026-02-13,,,,,,,,,,,,5,",  # open
    "C15,I1,2026-02-13,2026-02-13,已带,0,0,否,否,1,是,是,是,否,否,5,",
    "C16,I1,2026-02-13,,已带,0,0,否,否,1,是,否,否,是,否,5,",
    "C17,I1,2026-02-13,2026-02-13,已带,0,-1,否,否,2,是,否,否,是,是,五个工作日,",
    'C18,I1,"2026-02-13,2026-02-13,已带',  # an open quote
    "C19,I1,2026-02-13,2026-02-13,已带,0,0,否,否,３,是,否,否,是,否,0,",
)
ITEMS = "事项编码,承诺工作日数,承诺时限,办件类型\nI1,7,,承诺件\nI2,,20个自然日,承诺件\n"


def hostile(folder: Path) -> Path:
    folder.mkdir()
    (folder / "cases.csv").write_text("\n".join((HEAD, *HOSTILE)) + "\n", encoding="utf-8")
    (folder / "items.csv").write_text(ITEMS, encoding="utf-8")
    return folder


def table(done: Streamed, name: str) -> list[dict[str, Any]]:
    """The rows of one kind of part, every cell as text; None for an empty one."""
    rows: list[dict[str, Any]] = []
    for part in sorted(done.folder.glob(f"{name}-*")):
        if part.suffix == ".parquet":
            rows += pl.read_parquet(part).with_columns(pl.all().cast(pl.String)).to_dicts()
        else:
            with part.open(encoding="utf-8-sig", newline="") as file:
                rows += [{name: cell or None for name, cell in row.items()} for row in csv.DictReader(file)]
    return rows


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stream") / "year"
    centre_year(600, 3).write(folder, form="parquet")
    return folder


@pytest.mark.parametrize(
    "asked", [{}, {"start": "材料补齐日", "limit": "承诺工作日数"}, {"start": "received_on", "limit": "20个自然日"}, {"on": "2026-02-13"}]
)
def test_columns_come_to_what_the_interpreter_says(tmp_path: Path, asked: dict[str, str]) -> None:
    records = hostile(tmp_path / "records")
    columns = stream("kunshan", records, tmp_path / "parquet", rows=4, **asked)
    rows = stream("kunshan", records, tmp_path / "csv", rows=7, form="csv", **asked)
    assert table(columns, "cases") == table(rows, "cases")
    assert table(columns, "set_aside") == table(rows, "set_aside")
    assert columns.rows == columns.out + columns.set_aside == len(HOSTILE)
    assert (columns.out, columns.set_aside) == (rows.out, rows.set_aside)


def test_columns_come_to_what_the_interpreter_says_of_a_year(year: Path, tmp_path: Path) -> None:
    columns = stream("kunshan", year, tmp_path / "parquet", rows=250)
    rows = stream("kunshan", year, tmp_path / "csv", form="csv")
    assert table(columns, "cases") == table(rows, "cases")
    assert (columns.parts, columns.rows, columns.out, columns.set_aside) == (3, 600, 600, 0)


def test_a_stream_says_what_the_whole_run_says(year: Path, tmp_path: Path) -> None:
    whole = run("kunshan", read_records(year, book="kunshan"))
    due = {case.id: next((each.due_on for each in case.dues if each.clock == "promised"), None) for case in whole.cases}
    types = {case.id: case.what.case_type for case in whole.cases}
    streamed = table(stream("kunshan", year, tmp_path / "out"), "cases")
    assert {row["case"]: row["case_type"] for row in streamed} == types
    assert {row["case"]: row["due_on"] for row in streamed} == {id: str(day) if day else None for id, day in due.items()}
    assert sum(day is not None for day in due.values()) > 200


def test_the_form_of_the_records_does_not_matter(year: Path, tmp_path: Path) -> None:
    frame = pl.read_parquet(year / "cases.parquet")
    (tmp_path / "lines").mkdir()
    (tmp_path / "items.parquet").write_bytes((year / "items.parquet").read_bytes())
    (tmp_path / "lines" / "items.parquet").write_bytes((year / "items.parquet").read_bytes())
    (tmp_path / "lines" / "cases").mkdir()
    frame[:100].write_ndjson(tmp_path / "lines" / "cases" / "a.jsonl")
    frame[100:350].write_csv(tmp_path / "lines" / "cases" / "b.csv")
    frame[350:].write_parquet(tmp_path / "lines" / "cases" / "c.parquet")
    mixed = stream("kunshan", tmp_path / "lines", tmp_path / "mixed", rows=90)
    assert table(mixed, "cases") == table(stream("kunshan", year, tmp_path / "plain"), "cases")
    assert mixed.parts == 2 + 3 + 3


def test_a_row_set_aside_has_its_line_and_the_reason(tmp_path: Path) -> None:
    done = stream("kunshan", hostile(tmp_path / "records"), tmp_path / "out")
    aside = {int(row["line"]): (row["case"], row["reason"]) for row in table(done, "set_aside")}
    what = "main_document: main_document must be a choice: '不详' is not one of the values"
    assert aside[7] == ("C6", f"{what}; one of present, not_brought, lacking (or 已带、有而未带、缺少)")
    assert aside[9] == (None, "no id is given")
    assert aside[6][1].startswith("promised_days: promised_days is 5 and promised_limit 10 workdays: two values for one limit")
    assert aside[11] == (None, "4 cells, and 17 columns")
    told = json.loads((done.folder / "stream.json").read_text(encoding="utf-8"))
    assert (told["rows"], told["out"] + told["set_aside"], told["finished"]) == (len(HOSTILE), len(HOSTILE), True)


def test_a_part_of_broken_rows_alone_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("办件编号,收件日,材料补齐日\nC1,2026-03-02,2026-03-02\nC2\n", encoding="utf-8")
    done = stream("kunshan", tmp_path / "cases.csv", tmp_path / "out", rows=1)
    assert (done.rows, done.out, done.set_aside, done.parts) == (2, 1, 1, 2)
    assert [row["reason"] for row in table(done, "set_aside")] == ["1 cells, and 3 columns"]


def test_a_day_is_due_when_the_clock_of_the_book_ends(tmp_path: Path) -> None:
    done = stream("kunshan", hostile(tmp_path / "records"), tmp_path / "out")
    due = {row["case"]: row["due_on"] for row in table(done, "cases")}
    day, none = date(2026, 2, 13), dict.fromkeys(("nonmain_missing", "attachments_missing"), 0)
    no = ("plainly_against_policy", "plainly_against_plan", "simple", "same_day_possible", "recognised_urgent")
    facts = {"received_on": day, "materials_completed_on": day, "main_document": "present", "departments": 1, "promised_days": 5}
    whole = facts | none | dict.fromkeys(no, False) | {"ordinary": True, "needs_review": True}
    assert due["C2"] == str(clocks(whole, "kunshan", on="2026-02-13", only=["promised"])[0].due_on) == "2026-02-27"
    assert due["C15"] is None  # done at once


KILLED = """
import sys
from govservice.run import stream as streaming
streaming.stream("kunshan", sys.argv[1], sys.argv[2], rows=50)
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def test_killed_in_the_middle_it_goes_on_and_ends_with_the_same_bytes(year: Path, tmp_path: Path) -> None:
    stream("kunshan", year, tmp_path / "whole", rows=50)
    out = tmp_path / "out"
    kills = 0
    for wanted in (1, 5):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(year), str(out)])
        while child.poll() is None and len(list(out.glob("cases-*"))) < wanted:
            time.sleep(0.001)
        if child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)
            kills += 1
        child.wait()
    assert kills
    before = len(json.loads((out / "stream.json").read_text(encoding="utf-8"))["parts"])
    done = stream("kunshan", year, out, rows=50)
    assert done.went_on == before
    assert contents(out) == contents(tmp_path / "whole")


def test_wherever_it_breaks_off_it_goes_on_and_ends_with_the_same_bytes(
    year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from govservice.run import stream_folder

    stream("kunshan", year, tmp_path / "whole", rows=200)
    moments, number = [0], 0
    replaced = os.replace

    def breaking(*given: Any) -> None:
        moments[0] += 1
        if moments[0] == number:
            raise KeyboardInterrupt
        replaced(*given)

    monkeypatch.setattr(stream_folder.os, "replace", breaking)
    for number in (1, 2, 3, 5, 8):  # the manifest, a part, the manifest again; a later part; the end
        moments[0] = 0
        out = tmp_path / f"out{number}"
        with pytest.raises(KeyboardInterrupt):
            stream("kunshan", year, out, rows=200)
        stream("kunshan", year, out, rows=200)
        assert contents(out) == contents(tmp_path / "whole"), number


def test_a_part_that_was_changed_is_made_again(year: Path, tmp_path: Path) -> None:
    stream("kunshan", year, tmp_path / "out", rows=200)
    whole = contents(tmp_path / "out")
    (tmp_path / "out" / "cases-000002.parquet").write_bytes(b"theirs")
    assert stream("kunshan", year, tmp_path / "out", rows=200).went_on == 1
    assert contents(tmp_path / "out") == whole


def test_parts_of_another_book_question_or_input_are_not_gone_on_with(year: Path, tmp_path: Path) -> None:
    stream("kunshan", year, tmp_path / "out")
    other = load_rulebook("kunshan", settings={"few_attachments": 2})
    for asked, what in (
        (lambda: stream(other, year, tmp_path / "out"), "book differ"),
        (lambda: stream("kunshan", year, tmp_path / "out", on="2025-03-03"), "on differ"),
        (lambda: stream("kunshan", year, tmp_path / "out", rows=7), "rows differ"),
        (lambda: stream("kunshan", hostile(tmp_path / "records"), tmp_path / "out"), "records differ"),
    ):
        with pytest.raises(RecordError, match=what):
            asked()


def test_a_folder_of_somebody_elses_is_left_alone(year: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("theirs", encoding="utf-8")
    with pytest.raises(RecordError, match="holds other things than a stream of results"):
        stream("kunshan", year, tmp_path / "out")
    with pytest.raises(RecordError, match="would stand among the records"):
        stream("kunshan", year, year)
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["pauses.csv", "extensions.csv", "applications.csv", "mapping.yaml"])
def test_what_might_move_a_due_day_is_refused(tmp_path: Path, name: str) -> None:
    records = hostile(tmp_path / "records")
    (records / name).write_text("办件编号\n", encoding="utf-8")
    with pytest.raises(RecordError, match="a stream reads cases and items alone"):
        stream("kunshan", records, tmp_path / "out")


def test_pauses_within_a_case_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cases.jsonl").write_text(
        '{"case": "C1", "received_on": "2026-02-13", "pauses": [{"kind": "hearing"}]}\n'
        '{"case": "C2", "received_on": "2026-02-13", "pauses": []}\n',
        encoding="utf-8",
    )
    done = stream("kunshan", tmp_path / "cases.jsonl", tmp_path / "out")
    assert [row["reason"] for row in table(done, "set_aside")] == ["a stream reads no pauses within a case"]
    pl.DataFrame({"case": ["C1"], "received_on": ["2026-02-13"], "pauses": [["x"]]}).write_parquet(tmp_path / "cases.parquet")
    with pytest.raises(RecordError, match="a stream reads no pauses within cases"):
        stream("kunshan", tmp_path / "cases.parquet", tmp_path / "other")


@pytest.mark.parametrize("column", ["中止天数", "暂停", "是否延期", "pause"])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_column_that_may_tell_of_a_pause_is_refused(tmp_path: Path, column: str, form: str) -> None:
    (tmp_path / "cases.csv").write_text(f"办件编号,收件日,{column}\nC1,2026-02-13,3\n", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        stream("kunshan", tmp_path / "cases.csv", tmp_path / "out", form=form)
    assert f"a stream reads no {column} within cases; run without --stream, or leave it out where it tells of none" in str(caught.value)
    lines = (
        f'{{"case": "C1", "received_on": "2026-02-13", "{column}": "3"}}\n{{"case": "C2", "received_on": "2026-02-13", "{column}": "否"}}\n'
    )
    (tmp_path / "cases.jsonl").write_text(lines, encoding="utf-8")
    done = stream("kunshan", tmp_path / "cases.jsonl", tmp_path / "other", form=form)
    assert (done.out, done.set_aside) == (1, 1)


def test_a_clock_without_a_form_in_columns_is_refused_by_name(tmp_path: Path) -> None:
    book = tmp_path / "own.yaml"
    book.write_text("rulebook: own\nextends: [kunshan]\nconventions: {first_day: included}\n", encoding="utf-8")
    records = hostile(tmp_path / "records")
    with pytest.raises(DecisionError, match="the clock promised is not read in a stream: the first day counts, or nobody says"):
        stream(load_rulebook(book), records, tmp_path / "out")
    done = stream(load_rulebook(book), records, tmp_path / "out", start="材料补齐日", limit="5个工作日")
    assert {row["case"]: row["due_on"] for row in table(done, "cases")}["C2"] == "2026-02-27"


def test_without_the_frames_parquet_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "find_spec", lambda _: None)
    with pytest.raises(MissingPackage, match="a stream of Parquet needs polars and pyarrow"):
        stream("kunshan", hostile(tmp_path / "records"), tmp_path / "out")


WITHOUT = """
import sys
sys.modules.update(dict.fromkeys(("polars", "pyarrow", "numpy", "pandas")))
from govservice.run.stream import stream
print(stream("kunshan", sys.argv[1], sys.argv[2], form="csv").out)
"""


def test_csv_needs_no_package(tmp_path: Path) -> None:
    records = hostile(tmp_path / "records")
    told = subprocess.run([sys.executable, "-c", WITHOUT, str(records), str(tmp_path / "out")], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert int(told.stdout) == stream("kunshan", records, tmp_path / "other").out
