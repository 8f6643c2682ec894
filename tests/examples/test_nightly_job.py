"""The example of a nightly job: every case as `clocks` reads it, the same rows again, and gone on with after it was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

import pytest

from govservice import GovServiceError, china, clocks, load_rulebook

from .conftest import EXAMPLES, need

DAY = date(2026, 11, 20)
BOOK = load_rulebook(EXAMPLES / "nightly_job" / "centre.yaml")
DUE = "SELECT night, case_number, due_on, left_workdays, overdue, undecided FROM due_days ORDER BY 1, 2"
ALARMS = "SELECT night, case_number, signal FROM alarms ORDER BY 1, 2, 3"
WRONG = ("X4",)  # what nobody can read
NIGHT = "SELECT cases, finished FROM nights"


@pytest.fixture
def filled(database: str) -> Iterator[str]:
    """Two thousand made-up cases, and some that no clerk would write."""
    need("polars")
    from nightly_job.made_up import fill

    fill(database, 2_000, DAY)
    told(
        database,
        "INSERT INTO open_cases VALUES ('X1', NULL, false, 1, NULL, 5), ('X2', NULL, false, 1, '2026-11-16', NULL),"
        " ('X3', NULL, NULL, NULL, NULL, NULL), ('X4', NULL, false, 1, '2026-11-16', -3), ('X5', NULL, false, 1, '2026-12-24', 5),"
        " ('X6', NULL, false, 2, '2026-11-13', 4), ('X7', NULL, false, 1, '2026-11-13', 0), ('汉字-1', NULL, false, 1, '2026-11-13', 5)",
        "INSERT INTO pauses VALUES ('X6', 'hearing', '2026-11-16', NULL, true), ('X6', 'inspection', '2026-11-16', '2026-11-17', false),"
        " ('X4', 'inspection', '2026-11-18', '2026-11-17', true), ('nobody', 'hearing', '2026-11-16', NULL, true)",
    )
    return database


def told(database: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def rows(database: str, statement: str) -> list[tuple[Any, ...]]:
    import psycopg

    with psycopg.connect(database) as connection:
        return connection.execute(statement).fetchall()


def test_every_case_is_read_as_clocks_reads_it(filled: str) -> None:
    from nightly_job.job import work

    assert work(filled, BOOK, china(), DAY, block=300).in_all == 2_008
    due = {row[1]: row[2:] for row in rows(filled, DUE)}
    signals: dict[str, set[str]] = {}
    for _, number, signal in rows(filled, ALARMS):
        signals.setdefault(number, set()).add(signal)
    cases = rows(filled, "SELECT case_number, simple, departments, accepted_on, promised_days FROM open_cases")
    assert due.keys() == {case[0] for case in cases}
    pauses: dict[str, list[dict[str, Any]]] = {}
    for number, *row in rows(filled, "SELECT case_number, kind, from_on, to_on, told FROM pauses ORDER BY case_number, from_on, kind"):
        pauses.setdefault(number, []).append(dict(zip(("kind", "from", "to", "told"), row, strict=True)))
    seen: set[Any] = set()
    for number, *values in cases:
        facts = dict(zip(("simple", "departments", "accepted_on", "promised_days"), values, strict=True))
        told_of = due[number]
        asked = partial(clocks, {**facts, "pauses": pauses.get(number, [])}, BOOK, now=DAY, only=["promised"])
        if number in WRONG:
            with pytest.raises(GovServiceError) as caught:
                asked()
            assert told_of == (None, None, None, str(caught.value))
            continue
        (reading,) = asked()
        assert told_of == (reading.due_on, reading.left, reading.overdue, ", ".join(reading.undecided) or None)
        raised = {alarm.signal for alarm in reading.signals} if reading.applies else set()
        assert signals.get(number, set()) == raised
        seen.update((reading.applies, reading.overdue, bool(reading.paused), *raised))
    assert {True, False, None, "yellow", "red"} <= seen


def test_a_night_that_is_done_again_has_the_same_rows(filled: str) -> None:
    from nightly_job.job import work

    work(filled, BOOK, china(), DAY, block=500)
    first = rows(filled, DUE), rows(filled, ALARMS)
    assert work(filled, BOOK, china(), DAY).now == 0
    assert work(filled, BOOK, china(), DAY, again=True, block=77).now == 2_008
    assert (rows(filled, DUE), rows(filled, ALARMS)) == first
    assert first[1]


def test_nights_stand_side_by_side(filled: str) -> None:
    from nightly_job.job import work

    for day in (DAY, date(2026, 11, 23)):
        work(filled, BOOK, china(), day)
    assert rows(filled, "SELECT night, count(*) FROM due_days GROUP BY 1 ORDER BY 1") == [(DAY, 2_008), (date(2026, 11, 23), 2_008)]


def test_a_job_that_is_killed_is_gone_on_with(filled: str) -> None:
    from nightly_job.job import work

    work(filled, BOOK, china(), DAY)
    whole = rows(filled, DUE), rows(filled, ALARMS)
    told(filled, "DELETE FROM nights", "DELETE FROM due_days", "DELETE FROM alarms")
    command = [sys.executable, "-m", "nightly_job", "--on", str(DAY), "--block", "20"]
    environment = {**os.environ, "NIGHTLY_DATABASE": filled, "PYTHONPATH": os.pathsep.join([str(EXAMPLES), str(EXAMPLES.parent)])}
    job = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert job.stderr is not None
    for _ in range(5):
        job.stderr.readline()
    job.kill()
    job.communicate()
    ((cases, finished),) = rows(filled, NIGHT)
    assert cases == len(rows(filled, DUE))
    assert 0 < cases < 2_008
    assert not finished
    ended = subprocess.run(_soon(command), env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith(f"2,008 cases; {2_008 - cases:,} read now")
    assert (rows(filled, DUE), rows(filled, ALARMS)) == whole
    assert rows(filled, NIGHT) == [(2_008, True)]


def _soon(command: list[str]) -> list[str]:
    """The server notices that a job was killed a moment later, and gives its lock back then."""
    time.sleep(0.5)
    return command


def test_a_night_is_not_gone_on_with_under_another_rulebook(filled: str) -> None:
    from nightly_job.job import AnotherNight, work

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work(filled, BOOK, china(), DAY, block=100, told=stop)
    with pytest.raises(AnotherNight, match="begun under another"):
        work(filled, BOOK.amend({"settings.yellow_before.value": "2个工作日"}), china(), DAY)
    assert work(filled, BOOK, china(), DAY).now == 1_908


def test_two_jobs_are_not_at_work_at_once(filled: str) -> None:
    from nightly_job.job import AnotherNight, work

    def second(read: int) -> None:
        with pytest.raises(AnotherNight, match="at work"):
            work(filled, BOOK, china(), DAY)

    assert work(filled, BOOK, china(), DAY, told=second).now == 2_008


def test_without_cases_the_night_is_done(database: str) -> None:
    from nightly_job.job import make_tables, work

    make_tables(database)
    told(database, "TRUNCATE open_cases, pauses, nights, due_days, alarms")
    assert work(database, BOOK, china(), DAY).in_all == 0
    assert rows(database, NIGHT) == [(0, True)]
