"""Due days of whole columns are those that `deadline` counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import TimeLimit, china, clocks, clocks_frame, deadline, due_frame, load_rulebook
from govservice.errors import DeadlineError, DecisionError, GovServiceError

pl = pytest.importorskip("polars")
DAYS = st.dates(date(2003, 12, 1), date(2100, 1, 31))


def due_of(start: date | None, limit: Any) -> date | None:
    if start is None or limit is None:
        return None
    try:
        given_limit = limit if isinstance(limit, TimeLimit) else TimeLimit(limit, "workday")
        return deadline(given_limit, start, china()).due_on
    except GovServiceError:
        return None


@given(rows=st.lists(st.tuples(st.none() | DAYS, st.none() | st.integers(-2, 400) | st.just(30_000)), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_working_days_of_every_row_are_those_of_deadline(rows):
    frame = pl.DataFrame(rows, schema={"on": pl.Date, "n": pl.Int64}, orient="row")
    expected = [due_of(start, limit) for start, limit in rows]
    assert due_frame(frame, start="on", limit="n")["due_on"].to_list() == expected
    assert due_frame(frame.lazy(), start="on", limit="n").collect(engine="streaming")["due_on"].to_list() == expected
    assert due_frame(frame, start="on", limit="n", reason="why")["due_on"].to_list() == expected


@given(
    starts=st.lists(st.none() | DAYS, min_size=1, max_size=10),
    unit=st.sampled_from(["workday", "natural_day", "month", "year"]),
    n=st.integers(0, 60),
)
@settings(max_examples=60, deadline=None)
def test_one_limit_for_all_rows_is_that_of_deadline(starts, unit, n):
    limit = TimeLimit(n, unit)
    frame = pl.DataFrame({"on": starts}, schema={"on": pl.Date})
    assert due_frame(frame, start="on", limit=limit)["due_on"].to_list() == [due_of(start, limit) for start in starts]


@pytest.mark.parametrize("limit", ["n", TimeLimit(5, "workday"), TimeLimit(0, "workday"), TimeLimit(10, "natural_day")], ids=str)
def test_a_database_counts_as_the_arrays_do(limit):
    duckdb = pytest.importorskip("duckdb")
    first = date(2003, 12, 25)
    frame = pl.DataFrame(
        {"row": list(range(2000)), "on": [first + timedelta(k * 17) for k in range(2000)], "n": [(k * 7) % 90 - 1 for k in range(2000)]}
    ).with_columns(pl.when(pl.col("row") % 50 > 0).then("on").alias("on"))
    relation = due_frame(duckdb.from_arrow(frame.to_arrow()), start="on", limit=limit)
    assert type(relation) is duckdb.DuckDBPyRelation
    answer = pl.from_arrow(relation.to_arrow_table()).sort("row")
    assert answer["due_on"].to_list() == due_frame(frame, start="on", limit=limit)["due_on"].to_list()


def test_limits_as_texts_and_as_amount_and_unit_are_read():
    frame = pl.DataFrame(
        {
            "on": ["2026年4月29日", "2026-04-29", "x"],
            "limit": ["5个工作日", "3", "5个工作日"],
            "n": ["5", "1", None],
            "unit": ["G", "month", "N"],
        }
    )
    assert due_frame(frame, start="on", limit="limit")["due_on"].to_list() == [date(2026, 5, 9), date(2026, 5, 7), None]
    assert due_frame(frame, start="on", limit=("n", "unit"))["due_on"].to_list() == [date(2026, 5, 9), date(2026, 5, 29), None]


def test_moments_and_hours_end_on_the_day_that_deadline_says():
    frame = pl.DataFrame({"at": [datetime(2026, 4, 30, 15, 30), None]})
    assert due_frame(frame, start="at", limit=TimeLimit(24, "hour"))["due_on"].to_list() == [date(2026, 5, 1), None]
    assert due_frame(frame, start="at", limit=TimeLimit(5, "workday"))["due_on"].to_list() == [date(2026, 5, 11), None]


def test_a_limit_is_counted_back_from_its_start():
    frame = pl.DataFrame({"hearing_on": [date(2026, 10, 21), None], "n": [7, 7]})
    assert due_frame(frame, start="hearing_on", limit="n", backward=True)["due_on"].to_list() == [date(2026, 10, 12), None]
    assert due_frame(frame, start="hearing_on", limit=TimeLimit(7, "natural_day"), backward=True)["due_on"].to_list()[0] == date(
        2026, 10, 14
    )


@pytest.mark.parametrize("kind", ["DOUBLE", "DECIMAL(20, 8)"])
def test_what_is_no_limit_has_no_due_day_in_a_database_either(kind):
    duckdb = pytest.importorskip("duckdb")
    cells = [-0.5, -1e-07, 1.1234567, 100000.5, 0.5, 0.0, 1e-07]
    listed = ", ".join(f"({place}, CAST({cell!r} AS {kind}), DATE '2026-04-29')" for place, cell in enumerate(cells))
    rows = duckdb.sql(f"SELECT * FROM (VALUES {listed}) AS t(place, n, d)")
    answer = due_frame(rows, start="d", limit="n").order("place").fetchall()
    assert [row[-1] for row in answer] == [None, None, None, None, date(2026, 4, 30), date(2026, 4, 29), None]


def test_rows_of_a_list_in_a_pandas_frame_keep_their_fields():
    pandas = pytest.importorskip("pandas")
    book, now = load_rulebook("licensing-law"), date(2026, 3, 20)
    first = [{"kind": "hearing", "from": date(2026, 3, 5), "to": None, "told": None}]
    second = [{"kind": "hearing", "from": date(2026, 3, 5), "to": date(2026, 3, 10), "told": True}]
    rows = [{"accepted_on": date(2026, 3, 2), "promised_limit": "20个工作日", "pauses": listed} for listed in (first, second)]
    answer = clocks_frame(pandas.DataFrame(rows), book, now=now)
    readings = [clocks(row, book, now=now, only=["promised"])[0] for row in rows]
    said = [None if pandas.isna(cell) else cell for cell in answer["promised_undecided"]]
    assert said == [", ".join(reading.undecided) or None for reading in readings]


def test_why_there_is_no_due_day_is_said():
    frame = pl.DataFrame({"on": [date(2026, 4, 29), None, date(1999, 1, 4)], "n": [None, 5, 5]})
    answer = due_frame(frame, start="on", limit="n", reason="why")
    assert answer["why"].to_list()[:2] == ["n", "on"]
    assert "outside the calendar" in answer["why"][2]


def test_columns_that_are_not_there_and_limits_without_sql_are_refused():
    duckdb = pytest.importorskip("duckdb")
    with pytest.raises(DecisionError) as refused:
        due_frame(pl.DataFrame({"on": [date(2026, 1, 5)]}), start="accepted", limit=TimeLimit(5, "workday"))
    assert refused.value.what.en == "the table has no column 'accepted'"
    with pytest.raises(DeadlineError) as refused:
        due_frame(duckdb.sql("SELECT DATE '2026-01-05' AS d"), start="d", limit=TimeLimit(1, "month"))
    assert refused.value.what.en == "due days have no form in SQL: a limit in months"


def test_a_clock_of_every_row_is_that_of_clocks():
    book, now = load_rulebook("kunshan"), date(2026, 3, 20)
    rows = [
        {"case_type": kind, "materials_completed_on": start, "promised_limit": limit, "closed_on": closed}
        for kind in ("promised", None, "instant")
        for start in (date(2026, 2, 13), None)
        for limit in ("5个工作日", "0.5个工作日", None)
        for closed in (None, date(2026, 3, 2))
    ]
    answer = clocks_frame(pl.DataFrame(rows), book, now=now)
    for facts, row in zip(rows, answer.to_dicts(), strict=True):
        (reading,) = clocks({k: v for k, v in facts.items() if v is not None}, book, now=now, only=["promised"])
        assert (row["promised_due"], row["promised_overdue"]) == (reading.due_on, reading.overdue)
        assert (row["promised_used"], row["promised_left"]) == (reading.used, reading.left)
        assert row["promised_undecided"] == (", ".join(reading.undecided) or None)
