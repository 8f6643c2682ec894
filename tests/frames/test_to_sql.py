"""A decision as SQL: reviewed as files, quoted whatever its names are, and the same in DuckDB as by the interpreter.

`GOVSERVICE_WRITE=1` writes the files anew.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from govservice import load_rulebook
from govservice.errors import DecisionError

GOLDEN = Path(__file__).parent / "golden"
DAY = date(2026, 11, 20)
COLUMNS = ["case", "case_type", "departments", "main_document"]


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "mysql", "spark"])
@pytest.mark.parametrize("decision", ["urgent_course", "case_type"])
def test_the_sql_is_as_it_was_reviewed(dialect, decision):
    columns = COLUMNS if dialect == "mysql" or decision == "urgent_course" else None
    sql = load_rulebook("kunshan").to_sql(decision, dialect=dialect, table="centre.cases", columns=columns, on=DAY) + "\n"
    path = GOLDEN / f"{decision}.{dialect}.sql"
    if os.environ.get("GOVSERVICE_WRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(sql, encoding="utf-8")
    assert sql == path.read_text(encoding="utf-8")


def test_hostile_names_are_quoted(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "own.yaml"
    path.write_text(
        """
rulebook: own
tables: {application: {n: integer}}
decisions:
  said: {about: application, hit: first, rules: [{id: a, when: n > 1, then: "it's \\\\ \\"so\\"; -- no"}, {id: b, then: 否}]}
""",
        encoding="utf-8",
    )
    table = 'ta"ble; --'
    connection = duckdb.connect()
    connection.execute('CREATE TABLE "ta""ble; --" AS SELECT 2 AS n, 1 AS "od""d"')
    book = load_rulebook(path)
    for columns in (None, ["n", 'od"d']):
        row = connection.sql(book.to_sql("said", table=table, columns=columns)).fetchall()[0]
        assert row == (2, 1, 'it\'s \\ "so"; -- no', "a", "settled")


def test_what_has_no_sql_form_is_refused_by_name():
    book = load_rulebook("kunshan")
    with pytest.raises(DecisionError) as refused:
        book.to_sql("hearing_notice_in_time", table="cases", on=DAY)
    assert refused.value.what.en.startswith("hearing_notice_in_time has no form in SQL: add_workdays(hearing_held_on, -7)")
    with pytest.raises(DecisionError) as refused:
        book.to_sql("case_type", dialect="mysql", table="cases", on=DAY)
    assert refused.value.what.en == "mysql cannot leave columns out of a *"
    with pytest.raises(DecisionError) as refused:
        book.to_sql("case_type", dialect="oracle", table="cases", on=DAY)
    assert refused.value.what.en == "no SQL dialect 'oracle'"
    with pytest.raises(DecisionError) as refused:
        book.to_sql("registers", dialect="mysql", table="cases", columns=COLUMNS, on=DAY)
    assert "list" in refused.value.what.en


def test_the_command_prints_the_sql(capsys):
    from govservice.cli import main

    assert (
        main(
            [
                "sql",
                "kunshan",
                "urgent_course",
                "--table",
                "cases",
                "--on",
                "2026-11-20",
                "--columns",
                "case_type,departments",
                "--lang",
                "en",
            ]
        )
        == 0
    )
    printed = capsys.readouterr().out.rstrip()
    assert printed == load_rulebook("kunshan").to_sql("urgent_course", table="cases", columns=["case_type", "departments"], on=DAY)
