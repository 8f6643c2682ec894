"""A made-up year of a small centre in Kunshan: three windows, six members of staff, events and cases of every month."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

from govservice import china

SETTINGS: dict[str, Any] = {"excellent_at": 95, "competent_at": 80, "red_flags": 1, "stand_in_points": 1, "outstanding_staff": 1}
_HEADS = {
    "events": ("kind", "staff", "window", "on", "verified", "assessed.window_month", "assessed.staff_year", "half_days"),
    "complaints": ("complaint", "window", "staff"),
}


def records_of_a_year(*, due: bool = True) -> dict[str, list[dict[str, Any]]]:
    """The records by table, as a program has them; without `due` the days on which cases fall due are left to their clocks."""
    events: list[dict[str, Any]] = []
    cases: list[dict[str, Any]] = []
    for month in range(1, 13):
        window, day = f"W{month % 3 + 1}", china().add_workdays(date(2026, month, 5), month % 4)
        events.append({"kind": "untidy", "window": window, "on": day})
        events.append({"kind": "late", "staff": f"S{month % 6 + 1}", "on": day})
        if month % 4 == 0:
            events.append({"kind": "fee_added", "window": window, "on": day, "verified": True})
        if month == 5:
            events.append({"kind": "irresponsible", "window": "W1", "on": day, "assessed": {"window_month": -3}})
        for number in range(1, 7):
            received = china().add_workdays(date(2026, month, 1), number)
            closed = china().add_workdays(received, 6 if (month + number) % 8 == 0 else 4)
            case = {
                "case": f"C{len(cases) + 1:03}", "staff": f"S{number}", "window": f"W{(number - 1) % 3 + 1}", "case_type": "promised",
                "received_on": received, "materials_completed_on": received, "promised_limit": "5个工作日", "closed_on": closed,
                "result_wrong": False,
            }  # fmt: skip
            cases.append(case | ({"due_on": china().add_workdays(received, 5)} if due else {}))
    return {
        "window": [
            {"window": f"W{n}", "department": f"D{n}", "overall_rating": rating}
            for n, rating in ((1, "good"), (2, "fairly_good"), (3, "average"))
        ],
        "staff": [{"staff": f"S{n}", "window": f"W{(n - 1) % 3 + 1}"} for n in range(1, 7)],
        "department": [{"department": f"D{n}"} for n in range(1, 4)],
        "events": events,
        "cases": cases,
        "complaints": [],
    }


def write_year(folder: Path, *, due: bool = True) -> None:
    """The same as a folder of CSV files."""
    folder.mkdir(exist_ok=True)
    for table, rows in records_of_a_year(due=due).items():
        heads = _HEADS[table] if table in _HEADS else tuple(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, heads, restval="")
            out.writeheader()
            for row in rows:
                marks = {f"assessed.{scheme}": points for scheme, points in row.get("assessed", {}).items()}
                out.writerow({name: value for name, value in row.items() if name != "assessed"} | marks)
