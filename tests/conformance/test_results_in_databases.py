"""Results as tables of a database say what the files say; on real servers, PostgreSQL and MariaDB."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from govservice import load_rulebook
from govservice.cli import main
from govservice.errors import RecordError
from govservice.records import read_records
from govservice.rounds import assess
from govservice.run import Run, run
from govservice.run.stream import stream
from govservice.sample import centre_year

from .databases import SAMPLE, Filled

RUN = ("run_items", "run_applications", "run_cases", "run_clocks", "run_set_aside")


@pytest.fixture
def bare(database: Filled) -> Iterator[Filled]:
    """A database without results, before and after."""
    _drop(database)
    yield database
    _drop(database)


def _drop(database: Filled) -> None:
    for name in database.tables():
        if name.startswith(("run_", "assess_", "stream_")):
            database.run(f"DROP TABLE {database.quote(name)}")


def asked(database: Filled, statement: str) -> list[tuple[Any, ...]]:
    with database.connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def rows(database: Filled, table: str, *, parts: bool = False) -> list[dict[str, Any]]:
    """The rows of a table as the files write them."""
    with database.connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {database.quote(table)}")
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    flags = _flags(database, table)
    for row in found:
        if table.startswith("stream_") and not parts:
            row.pop("part")
    return [{name: _cell(value, name in flags) for name, value in row.items()} for row in found]


def _flags(database: Filled, table: str) -> set[str]:
    wanted = "data_type = 'boolean'" if database.name == "postgres" else "column_type = 'tinyint(1)'"
    which = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND {wanted}"
    return {name for (name,) in asked(database, which)}


def _cell(value: Any, flag: bool) -> str:
    if value is None:
        return ""
    if flag:
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def written(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def alike(file: str, stored: str) -> bool:
    """Whether two cells say the same: a number may have zeros behind it, a text that a spreadsheet would run an apostrophe in front."""
    if file in (stored, f"'{stored}"):
        return True
    try:
        return Decimal(file) == Decimal(stored)
    except ArithmeticError:
        return False


def same(file: list[dict[str, str]], stored: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    """What differs."""
    assert len(file) == len(stored)
    assert not file or [*file[0]] == [*stored[0]]
    return [
        (name, cell, other[name])
        for row, other in zip(sorted(file, key=str), sorted(stored, key=str), strict=True)
        for name, cell in row.items()
        if not alike(cell, other[name])
    ]


@pytest.fixture(scope="module")
def done() -> Run:
    """A run with rows set aside and due days that are open."""
    book = load_rulebook("kunshan")
    return run(book, read_records(SAMPLE, book=book), now="2026-03-20")


def test_the_tables_say_what_the_files_say(bare: Filled, done: Run, tmp_path: Path) -> None:
    assert done.write_into(bare.url, lang="en") == RUN
    done.write(tmp_path / "out", lang="en")
    for table in RUN:
        name = table.removeprefix("run_")
        file, stored = written(tmp_path / "out", name), rows(bare, table)
        key = "id" if name != "clocks" else "case"
        file.sort(key=lambda row: (row[key], row.get("clock", "")))
        stored.sort(key=lambda row: (row[key], row.get("clock", "")))
        assert len(file) == len(stored)
        assert [*file[0]] == [*stored[0]]
        differ = [(n, a, b[n]) for row, b in zip(file, stored, strict=True) for n, a in row.items() if not alike(a, b[n])]
        assert not differ, differ[:5]
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    stored_summary = {row["name"]: json.loads(row["value"]) for row in rows(bare, "run_summary")}
    assert stored_summary == {name: value for name, value in summary.items() if name not in ("made_by", "files", "columns")}


def test_days_and_numbers_are_such_in_the_tables(bare: Filled, done: Run) -> None:
    done.write_into(bare.url)
    due, used, late = asked(bare, "SELECT due_on, used, due_late FROM run_cases WHERE used IS NOT NULL ORDER BY id")[0]
    assert type(due) is date
    assert type(used) is Decimal
    assert late in (True, False, None)
    assert asked(bare, "SELECT max(due_on) FROM run_cases")[0][0] == max(
        case.due.due_on for case in done.cases if case.due and case.due.due_on
    )


def test_an_earlier_result_is_replaced_and_nothing_else(bare: Filled, done: Run) -> None:
    done.write_into(bare.url)
    done.write_into(bare.url, lang="zh")
    assert {name for name in bare.tables() if name.startswith("run_")} == {*RUN, "run_summary", "run_written"}
    bare.run("UPDATE run_cases SET label = 'mine' WHERE id = (SELECT min(id) FROM run_items)")  # no case is called so: nothing changes
    done.write_into(bare.url)
    bare.run("DELETE FROM run_set_aside")
    with pytest.raises(RecordError, match="run_set_aside in the database is not of an earlier result, or was changed since"):
        done.write_into(bare.url)
    bare.run("DROP TABLE run_set_aside")
    done.write_into(bare.url)
    assert len(rows(bare, "run_set_aside")) == len(done.set_aside)


def test_a_table_of_somebody_elses_stays(bare: Filled, done: Run) -> None:
    bare.table("run_cases", {"id": "integer"}, [(7,)])
    with pytest.raises(RecordError, match="run_cases in the database is not of an earlier result") as refused:
        done.write_into(bare.url)
    assert bare.secret not in str(refused.value) + repr(refused.value) + refused.value.text("zh")
    assert asked(bare, "SELECT * FROM run_cases") == [(7,)]
    assert [name for name in bare.tables() if name.startswith("run_")] == ["run_cases"]
    bare.table("run_written", {"name": "integer"}, [(7,)])
    bare.run("DROP TABLE run_cases")
    with pytest.raises(RecordError, match="run_written in the database is not of an earlier result"):
        done.write_into(bare.url)


def test_a_text_that_a_database_has_no_place_for_is_written_out(bare: Filled, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    text = '办件编号,收件日\nC1\0,2026-03-02\n"C\'2%s",x\nC3😀,2026年3月2日\n'
    (tmp_path / "records" / "cases.csv").write_text(text, encoding="utf-8")
    book = load_rulebook("kunshan")
    found = run(book, read_records(tmp_path / "records", book=book))
    found.write_into(bare.url)
    assert [row["id"] for row in rows(bare, "run_cases")] == ["C3😀"]
    assert sorted(row["id"] for row in rows(bare, "run_set_aside") if row["id"]) == ["C'2%s", "C1\\x00"]


KILLED = """
import sys
from govservice import load_rulebook
from govservice.records import read_records
from govservice.run import run
book = load_rulebook("kunshan")
done = run(book, read_records(sys.argv[2], book=book), now="2026-03-20")
print("ready", flush=True)
done.write_into(sys.argv[1])
"""


def _once_let_go(work: Callable[[], Any]) -> Any:
    """Work, once the server has let go of what a killed writer held: that may take it a moment."""
    until = time.monotonic() + 20
    while True:
        try:
            return work()
        except RecordError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def test_a_writer_that_is_killed_leaves_the_earlier_result_or_the_new_one(bare: Filled, done: Run) -> None:
    done.write_into(bare.url)
    whole = {name: sorted(map(str, asked(bare, f"SELECT * FROM {name}"))) for name in RUN}
    for wait in (0.0, 0.1):
        child = subprocess.Popen([sys.executable, "-c", KILLED, bare.url, str(SAMPLE)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        time.sleep(wait)
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert {name: sorted(map(str, asked(bare, f"SELECT * FROM {name}"))) for name in RUN} == whole
    _once_let_go(lambda: done.write_into(bare.url))
    assert {name for name in bare.tables() if name.startswith("run_")} == {*RUN, "run_summary", "run_written"}


def test_a_round_goes_into_tables(bare: Filled, tmp_path: Path) -> None:
    pytest.importorskip("polars")
    centre_year(300, 3).write(tmp_path / "year")
    book = load_rulebook("kunshan")
    done = assess(book, read_records(tmp_path / "year", book=book, assessed=True), period="2026-03")
    names = done.write_into(bare.url, lang="en")
    assert names == tuple(f"assess_{name}" for name in ("scores", "parts", "lines", "grades", "set_aside"))
    done.write(tmp_path / "out", lang="en")
    for name in names:
        assert not same(written(tmp_path / "out", name.removeprefix("assess_")), rows(bare, name))
    assert len(rows(bare, "assess_scores")) == len(done.cards) > 0


# -- streams


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("polars")
    folder = tmp_path_factory.mktemp("year")
    centre_year(200, 3).write(folder / "whole")
    (folder / "records").mkdir()
    for name in ("cases", "items"):
        (folder / "records" / f"{name}.csv").write_bytes((folder / "whole" / f"{name}.csv").read_bytes())
    with (folder / "records" / "cases.csv").open("a", encoding="utf-8") as file:
        file.write("C-wrong\n")
    return folder / "records"


def parts_of(folder: Path, name: str) -> list[dict[str, str]]:
    return [row for file in sorted(folder.glob(f"{name}-*.csv")) for row in written(folder, file.name.removesuffix(".csv"))]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_stream_puts_into_tables_what_it_writes_into_files(bare: Filled, year: Path, tmp_path: Path, form: Any) -> None:
    plain = stream("kunshan", year, tmp_path / "out", rows=75, form="csv")
    stored = stream("kunshan", year, bare.url, rows=75, form=form)
    assert stored.folder is None
    assert (stored.rows, stored.out, stored.set_aside, stored.parts) == (plain.rows, plain.out, plain.set_aside, plain.parts)
    assert stored.set_aside > 0
    assert not same(parts_of(tmp_path / "out", "cases"), rows(bare, "stream_cases"))
    assert not same(parts_of(tmp_path / "out", "set_aside"), rows(bare, "stream_set_aside"))
    again = stream("kunshan", year, bare.url, rows=75, form=form)
    assert (again.went_on, again.made, again.rows) == (plain.parts, 0, plain.rows)
    assert [bool(row[0]) for row in asked(bare, "SELECT finished FROM stream_written")] == [True]


STREAMED = """
import sys
from govservice.run.stream import stream
stream("kunshan", sys.argv[1], sys.argv[2], rows=20)
"""


def test_a_stream_into_tables_that_is_killed_goes_on(bare: Filled, year: Path) -> None:
    whole = stream("kunshan", year, bare.url, rows=20)
    everything = sorted(map(str, rows(bare, "stream_cases", parts=True)))
    _drop(bare)
    kills = 0
    for wanted in (1, 6):
        child = subprocess.Popen([sys.executable, "-c", STREAMED, str(year), bare.url])
        while child.poll() is None and _parts_done(bare) < wanted:
            time.sleep(0.01)
        if child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)
            kills += 1
        child.wait()
    assert kills
    before = _parts_done(bare)
    done = _once_let_go(lambda: stream("kunshan", year, bare.url, rows=20))
    assert (done.went_on, done.rows, done.out) == (before, whole.rows, whole.out)
    assert sorted(map(str, rows(bare, "stream_cases", parts=True))) == everything


def _parts_done(database: Filled) -> int:
    return int(asked(database, "SELECT count(*) FROM stream_parts")[0][0]) if "stream_parts" in database.tables() else 0


def test_a_stream_of_another_question_and_tables_that_were_changed_are_refused(bare: Filled, year: Path) -> None:
    stream("kunshan", year, bare.url, rows=75, form="csv")
    with pytest.raises(RecordError, match="the tables hold the parts of another run: rows differ"):
        stream("kunshan", year, bare.url, rows=100, form="csv")
    bare.run(
        f"DELETE FROM stream_cases WHERE {bare.quote('case')} = (SELECT min(c) FROM (SELECT {bare.quote('case')} AS c FROM stream_cases) t)"
    )
    with pytest.raises(RecordError, match="stream_cases holds other rows than were written"):
        stream("kunshan", year, bare.url, rows=75, form="csv")
    bare.run("DROP TABLE stream_written")
    with pytest.raises(RecordError, match="stream_cases, stream_set_aside, stream_parts in the database is not of a stream"):
        stream("kunshan", year, bare.url, rows=75, form="csv")


# -- the command


def test_the_command_puts_results_into_tables_and_tells_no_password(
    bare: Filled, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    sample = ["--rulebook", "kunshan", "--records", str(SAMPLE)]
    assert main(["--lang", "en", "run", *sample, "--into", bare.url]) == 0
    assert main(["--lang", "zh", "assess", *sample, "--period", "2026-01", "--into", bare.url]) in (0, 1)
    (tmp_path / "records").mkdir()
    for name in ("items", "cases"):
        (tmp_path / "records" / f"{name}.csv").write_bytes((SAMPLE / f"{name}.csv").read_bytes())
    cases = ["--rulebook", "kunshan", "--records", str(tmp_path / "records")]
    assert main(["--lang", "en", "run", "--stream", "csv", *cases, "--into", bare.url]) == 0
    assert main(["--lang", "en", "run", *sample, "--into", bare.url, "--out", str(tmp_path / "out")]) == 2
    assert main(["--lang", "en", "assess", *sample, "--period", "2026-01", "--html", "--into", bare.url]) == 2
    assert main(["--lang", "en", "run", *sample, "--into", "sqlite:///x.db"]) == 1
    heard = capfd.readouterr()
    assert "results: run_items, run_applications, run_cases, run_clocks, run_set_aside in " in heard.err
    assert "results: stream_cases, stream_set_aside in " in heard.err
    assert "no database is known by 'sqlite'" in heard.err
    assert bare.secret not in heard.out + heard.err
    assert {"run_cases", "assess_scores", "stream_cases"} <= {*bare.tables()}


def test_a_user_who_may_make_no_tables_is_told_so(bare: Filled, done: Run) -> None:
    at = "reader_alone" if bare.name == "postgres" else "reader_alone@'127.0.0.1'"
    schema = "REVOKE CREATE ON SCHEMA public FROM reader_alone" if bare.name == "postgres" else None
    try:
        bare.run("CREATE ROLE reader_alone LOGIN PASSWORD 'known2'" if schema else f"CREATE USER {at} IDENTIFIED BY 'known2'")
    except Exception as error:
        pytest.skip(f"no second user: {error}")
    try:
        url = bare.url.replace(f"govservice:{bare.secret}", "reader_alone:known2")
        with pytest.raises(RecordError, match=r"cannot be written|cannot be reached") as refused:
            done.write_into(url)
        assert "known2" not in str(refused.value)
        assert "GRANT CREATE" in str(refused.value)
    finally:
        bare.run(f"DROP {'ROLE' if schema else 'USER'} {at}")
