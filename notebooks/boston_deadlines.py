"""Boston's deadlines: what another city's system set, worked out again with office hours and Massachusetts' holidays."""

import marimo

app = marimo.App(app_title="Boston's deadlines")


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        """
        # Boston's deadlines

        The library is made for Chinese centres, but a working day is a working day. The requests that Boston's citizens make carry the deadline
        that the city's own system set. Can it be worked out again: so many working days after the request, in office hours, on the days that
        Massachusetts works?
        """
    )


@app.cell
def _():
    import os
    from datetime import datetime, timedelta
    from pathlib import Path

    import marimo as mo
    import polars as pl

    from govservice import OfficeHours, WorkCalendar, deadline

    return OfficeHours, Path, WorkCalendar, datetime, deadline, mo, os, pl, timedelta


@app.cell
def _(Path, datetime, mo, os, pl):
    given = Path(os.environ.get("BOSTON_311", "boston311_2015h1.parquet"))
    made_up = not given.is_file()
    if made_up:
        requests = pl.DataFrame(
            {
                "case_id": ["1", "2", "3", "4"],
                "type": ["Street Light Outages"] * 2 + ["Pothole"] * 2,
                "open_dt": [datetime(2015, 4, 16, 10), datetime(2015, 4, 18, 9), datetime(2015, 1, 15, 16, 30), datetime(2015, 5, 22, 17)],
                "target_dt": [
                    datetime(2015, 5, 1, 10),
                    datetime(2015, 5, 5, 8, 30),
                    datetime(2015, 1, 16, 16, 30),
                    datetime(2015, 5, 27, 8, 30),
                ],
            }
        )
    else:
        requests = pl.read_parquet(given).filter(pl.col("target_dt").is_not_null()).head(400)
    said = "**made-up requests**: name the file of the real ones in `BOSTON_311`" if made_up else f"real requests of `{given.name}`"
    mo.md(f"These are {said}.")
    return (requests,)


@app.cell
def _(requests):
    requests.head(4)


@app.cell(hide_code=True)
def _(mo):
    mo.md(
        "## The rule\n\nOffice hours are 8:30 to 17:00; a request outside them begins at the next opening; it is due at the same time of day. Some types go by calendar days: these are not worked out again."
    )


@app.cell
def _(OfficeHours, WorkCalendar, deadline):
    boston = WorkCalendar.of("US", subdiv="MA")
    hours = OfficeHours("08:30-17:00")

    def due(opened, days):
        return deadline(f"{days}个工作日", opened, boston, hours=hours, ends="same_time").due

    boston
    return boston, due, hours


@app.cell
def _(due, pl, requests, timedelta):
    def days_of(opened, target):
        """The whole number of working days that gives the city's deadline to the minute; None where none does."""
        return next((days for days in range(1, 31) if abs(due(opened, days) - target) <= timedelta(minutes=1)), None)

    with_days = requests.with_columns(
        pl.struct("open_dt", "target_dt")
        .map_elements(lambda row: days_of(row["open_dt"], row["target_dt"]), return_dtype=pl.Int64)
        .alias("workdays")
    )
    again = with_days.group_by("type").agg(pl.len().alias("requests"), pl.col("workdays").is_not_null().sum().alias("worked out again"))
    again.sort("requests", "type", descending=[True, False]).head(8)


@app.cell(hide_code=True)
def _(mo):
    mo.md("## One of them, day by day\n\nPatriots' Day, 20 April 2015, is a holiday in Massachusetts and nowhere else but Maine.")


@app.cell
def _(boston, datetime, deadline, hours):
    shown = deadline("10个工作日", datetime(2015, 4, 16, 10), boston, hours=hours, ends="same_time")
    shown


if __name__ == "__main__":
    app.run()
