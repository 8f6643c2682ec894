"""Open cases to try the job on: nothing in them happened."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import psycopg

from govservice import china
from govservice.sample import centre_year

from .job import make_tables


def fill(address: str, cases: int, day: date, seed: int = 1) -> None:
    """Fill the tables with open cases, accepted within the thirty working days before a day; one in a hundred was paused.

    The same numbers give the same rows. What the tables held is gone.
    """
    made, chance, calendar = centre_year(cases=cases, seed=seed), random.Random(seed), china()
    items = {item["item"]: item for item in made["item"]}
    days = [calendar.add_workdays(day, -number) for number in range(1, 31)]
    make_tables(address)
    with psycopg.connect(address) as connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE open_cases, pauses, nights, due_days, alarms")
        pauses: list[tuple[Any, ...]] = []
        with cursor.copy("COPY open_cases FROM STDIN") as rows:
            for case in made["cases"]:
                item, accepted = items[case["item"]], chance.choice(days)
                rows.write_row((case["case"], item["department"], case["simple"], case["departments"], accepted, item["promised_days"]))
                if chance.random() < 0.01:
                    first = calendar.add_workdays(accepted, 1)
                    last = calendar.add_workdays(first, chance.randrange(5)) if chance.random() < 0.8 else None
                    pauses.append((case["case"], chance.choice(("hearing", "inspection")), first, last, True))
        with cursor.copy("COPY pauses FROM STDIN") as rows:
            for pause in pauses:
                rows.write_row(pause)
