"""The report, twice: as one SQL to keep and to run anywhere, and through the frame functions; both give the same rows."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from textwrap import dedent, indent
from typing import Any, Final

import duckdb

from govservice import Rulebook, WorkCalendar, classify_frame, due_frame

# A case has the department and the promise of its item beneath its own facts.
FACTS: Final = """
    SELECT cases.*, items.department, items.promised_days
    FROM read_parquet({cases}) AS cases LEFT JOIN read_parquet({items}) AS items USING (item)
"""

# Working days are numbered: so many on from the last one that had begun. The day itself is not counted, and no days end on the day itself,
# or on the next that is worked.
DATED: Final = """
    SELECT classified.*, due.day AS due_on
    FROM classified
    ASOF LEFT JOIN workdays AS start ON accepted_on >= start.day
    LEFT JOIN workdays AS due
        ON due.number = start.number + promised_days + CASE WHEN promised_days = 0 AND start.day < accepted_on THEN 1 ELSE 0 END
"""

BY_DEPARTMENT: Final = """
SELECT
    department,
    count(*) AS cases,
    count(*) FILTER (case_type = 'instant') AS instant,
    count(*) FILTER (case_type = 'promised') AS promised,
    count(*) FILTER (case_type NOT IN ('instant', 'promised')) AS other,
    count(*) FILTER (case_type IS NULL) AS undecided,
    count(*) FILTER (closed_on IS NULL) AS not_closed,
    count(*) FILTER (coalesce(closed_on, {day}) > due_on) AS overdue
FROM dated
GROUP BY department
ORDER BY department
"""


def written_sql(folder: Path, book: Rulebook, calendar: WorkCalendar, day: date, out: Path) -> Path:
    """Write `report.sql`, which DuckDB runs as it is, and the calendar's working days beside it; the path of the SQL.

    `folder` has `cases.parquet` and `items.parquet`, or folders of such names. Cases accepted before the first year of the table, or due
    after its last, have no due day.
    """
    out.mkdir(parents=True, exist_ok=True)
    workdays = out / "workdays.parquet"
    facts = _facts(folder)
    with duckdb.connect() as connection:
        rows(connection, _WORKDAYS, days=_workdays(calendar, day)).write_parquet(str(workdays))
        columns = rows(connection, facts).columns
    classified = book.to_sql("case_type", dialect="duckdb", table="facts", columns=columns, on=day)
    parts = (("facts", facts), ("workdays", f"SELECT * FROM read_parquet({_text(workdays)})"), ("classified", classified), ("dated", DATED))
    named = ",\n".join(f"{name} AS (\n{_indented(text)}\n)" for name, text in parts)
    head = f"-- {book.title}（{book.digest[:12]}），依据日 {day}\n"
    path = out / "report.sql"
    path.write_text(f"{head}WITH {named}{_by_department(day)}", encoding="utf-8")
    return path


def by_frames(
    connection: duckdb.DuckDBPyConnection, folder: Path, book: Rulebook, calendar: WorkCalendar, day: date
) -> duckdb.DuckDBPyRelation:
    """The same report through `classify_frame` and `due_frame`, lazily."""
    report: duckdb.DuckDBPyRelation = dated(connection, folder, book, calendar, day).query("dated", _by_department(day))
    return report


def dated(connection: duckdb.DuckDBPyConnection, folder: Path, book: Rulebook, calendar: WorkCalendar, day: date) -> Any:
    """Every case with its type and its due day, as a relation of the connection's."""
    classified = classify_frame(rows(connection, _facts(folder)), book, on=day)
    return due_frame(classified, start="accepted_on", limit="promised_days", calendar=calendar)


def rows(connection: duckdb.DuckDBPyConnection, text: str, **values: Any) -> duckdb.DuckDBPyRelation:
    """What a SELECT gives."""
    relation = connection.sql(text, params=values or None)
    if relation is None:
        raise ValueError("this is no SELECT")
    return relation


def _by_department(day: date) -> str:
    return BY_DEPARTMENT.format(day=f"DATE '{day}'")


def _facts(folder: Path) -> str:
    return FACTS.format(cases=_text(_files(folder, "cases")), items=_text(_files(folder, "items")))


def _files(folder: Path, name: str) -> Path:
    """One file, or every file of a folder."""
    return folder / name / "**" / "*.parquet" if (folder / name).is_dir() else folder / f"{name}.parquet"


def _text(path: Path) -> str:
    """A path as a literal of SQL."""
    return "'" + str(path.resolve()).replace("'", "''") + "'"


def _indented(text: str) -> str:
    return indent(dedent(text).strip("\n"), "    ")


_WORKDAYS: Final = "SELECT unnest($days) AS day, unnest(range(len($days))) AS number"


def _workdays(calendar: WorkCalendar, day: date) -> list[date]:
    """The working days about a day: five years before it, two after it."""
    days = (day + timedelta(number) for number in range(-5 * 365, 2 * 365))
    return [one for one in days if calendar.is_workday(one)]
