"""Sixteen threads that ask one book, one ledger, one calendar at once, each in another order, get the answers of one that asks alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest

from govservice import TimeLimit, china, classify, clocks, deadline, grade, load_rulebook, measure, score
from govservice.deadlines import case_outcomes
from govservice.papers import papers
from govservice.run import run
from govservice.scoring import read_ledger
from tests.year_of_a_centre import SETTINGS, records_of_a_year

THREADS = 16
DAY, NOW = date(2026, 11, 20), date(2026, 12, 31)
Question = Callable[[], Any]


@pytest.fixture(autouse=True)
def _quick_turns() -> Iterator[None]:
    """Threads take turns every few dozen steps, so that each meets what another has half made."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def together(questions: list[Question]) -> list[list[Any]]:
    """The answers of each thread: all begin at once, each with another question."""
    begin = Barrier(THREADS)

    def answered(place: int) -> list[Any]:
        order = [(place + step) % len(questions) for step in range(len(questions))]
        begin.wait()
        answers = {at: questions[at]() for at in order}
        return [answers[at] for at in range(len(questions))]

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(answered, range(THREADS)))


def of_a_book() -> list[Question]:
    """Questions to one book that nobody has asked anything yet."""
    book = load_rulebook("kunshan", settings={"few_attachments": 2})
    applications = [
        {"主件": main, "附件缺件数": lacking, "非主体材料缺件数": 0, "审批部门数": departments, "所缺影响审批": "否", "正式申请": "是"}
        for main in ("已带", "有而未带", "缺少")
        for lacking in (0, 1)
        for departments in (1, 2)
    ]
    cases = [case | {"case": f"C{number}"} for number, case in enumerate(records_of_a_year()["cases"][:12])]
    asked: list[Question] = [lambda one=one: classify(one, book, on=DAY) for one in applications]  # type: ignore[misc]
    asked += [lambda case=case: clocks(case, book, now=NOW) for case in cases[:6]]  # type: ignore[misc]
    asked += [lambda case=case: case_outcomes(case, book, now=NOW) for case in cases[6:]]  # type: ignore[misc]
    asked += [lambda days=days: book.decide("leave_approval", {"leave_days": days}, on=DAY) for days in (0.5, 2, 4)]  # type: ignore[misc]
    asked += [
        lambda: papers(book, {"cases": cases}, now=NOW, kinds=["promised_notice"]),
        lambda: run(book, {"cases": cases}, now=NOW),
        lambda: book.digest,
    ]
    return asked


def of_a_ledger() -> list[Question]:
    """Questions to one ledger of which nothing is counted yet."""
    book = load_rulebook("kunshan", settings=SETTINGS)
    kept = read_ledger(book, records_of_a_year())
    asked: list[Question] = [
        lambda scheme=scheme, period=period: score(book, scheme, kept, period=period, now=NOW)  # type: ignore[misc]
        for scheme, periods in (("window_month", ("2026-02", "2026-05", "2026-11")), ("staff_month", ("2026-02", "2026-05")))
        for period in periods
    ]
    asked += [
        lambda: grade(book, "red_flag", kept, period="2026-B5", now=NOW),
        lambda: score(book, "window_month", kept, period="2026-05", subject="W1", now=NOW),
        lambda: measure(book, "completion_percent", kept, subject="W1", period="2026-05", now=NOW),
    ]
    return asked


def of_a_calendar() -> list[Question]:
    """Questions to one calendar of which no year is read yet."""
    calendar = china(known_on=DAY)
    starts = [date(2026, 1, 5) + timedelta(days=23 * number) for number in range(20)]
    asked: list[Question] = [lambda start=start: deadline(TimeLimit(20, "workday"), start, calendar) for start in starts]  # type: ignore[misc]
    asked += [lambda start=start: calendar.add_workdays(start, 30) for start in starts]  # type: ignore[misc]
    asked += [lambda start=start: deadline("30个自然日", start, calendar).explain("zh") for start in starts[:4]]  # type: ignore[misc]
    asked += [lambda: calendar.digest, lambda: [day.kind for day in calendar.month(2026, 2).days]]
    return asked


@pytest.mark.parametrize("made", [of_a_book, of_a_ledger, of_a_calendar])
def test_threads_that_ask_at_once_get_the_answers_of_one(made: Callable[[], list[Question]]) -> None:
    alone = [question() for question in made()]
    for answers in together(made()):
        assert answers == alone
