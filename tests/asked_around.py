"""Asks each verb something and writes all that it says; the first argument is what the program around does before (`test_around.py`)."""

import decimal  # noqa: F401 - for what is done before
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.year_of_a_centre import SETTINGS, records_of_a_year

DAY, NOW = date(2026, 11, 20), date(2026, 12, 31)
CASE: dict[str, Any] = {
    "case": "C1",
    "case_type": "promised",
    "received_on": DAY,
    "materials_completed_on": DAY,
    "promised_limit": "5个工作日",
}
LONG = "9" * 1_000
BOOK = f"""
rulebook: long
tables: {{application: {{a: {{type: decimal, label: 甲}}, b: {{type: decimal, label: 乙}}}}}}
decisions:
  product:
    about: application
    hit: first
    outcomes: {{n: {{type: decimal, label: 数}}}}
    rules:
      - {{id: x, when: 乙 > 1, then: {{n: "={" * ".join(["甲"] * 37)}"}}}}
      - {{id: y, when: 乙 > 0, then: {{n: "=甲 / 7 / 1000000000000"}}}}
      - {{id: z, when: 乙 > -1, then: {{n: "={LONG}"}}}}
      - {{id: w, when: 乙 > -2, then: {{n: "=0.{LONG}"}}}}
"""
ROWS = "办件编号,收件日,材料补齐日,承诺时限,办件类型\nC1,2026-02-13,2026-02-13,5个工作日,承诺件\nC2,2026-02-30,,,\n"


def asked(folder: Path) -> Iterator[Callable[[], Any]]:
    """The questions, in order."""
    from govservice import china, classify, clocks, deadline, grade, load_rulebook, measure, score, what_if
    from govservice.audit import recorded
    from govservice.run import run
    from govservice.scoring import read_ledger

    new_york = ZoneInfo("America/New_York")
    known = china(known_on=DAY)
    moments = [
        datetime(2026, 2, 13, 23, 30), datetime(2026, 2, 13, 9, tzinfo=UTC), datetime(2026, 11, 1, 1, 30, tzinfo=new_york, fold=1),
        datetime(1988, 4, 17, 0, 30), datetime(2026, 11, 1, 1, 30, fold=1), "2026-02-13T23:30Z", DAY,
    ]  # fmt: skip
    for start in moments:
        for limit in ("5个工作日", "8小时", "2个月"):
            yield lambda start=start, limit=limit: deadline(limit, start, known)
    for book in ("kunshan", "licensing-law", "hotline"):
        yield lambda book=book: classify({"主件": "已带"}, book, on=DAY)
        yield lambda book=book: clocks(CASE, book, now=NOW)
        yield lambda book=book: clocks(CASE | {"received_at": datetime(2026, 11, 20, 9, 30)}, book, now=datetime(2026, 12, 31, 1))
    long = load_rulebook(folder / "long.yaml")
    for kind in (2, 1, 0, -1):
        for amount in ("9" * 30, "-3", "0.000123"):
            yield lambda kind=kind, amount=amount: long.decide("product", {"甲": amount, "乙": kind}, on=DAY)
    yield long.to_markdown
    yield lambda: recorded(classify, {"主件": "已带"}, "kunshan", on=DAY).answer
    book = load_rulebook("kunshan", settings=SETTINGS)
    kept = read_ledger(book, records_of_a_year())
    yield lambda: score(book, "window_month", kept, period="2026-05", now=NOW)
    yield lambda: grade(book, "red_flag", kept, period="2026-B5", now=NOW)
    yield lambda: measure(book, "completion_percent", kept, subject="W1", period="2026-05", now=NOW)
    yield lambda: run(book, folder, now=NOW)
    yield lambda: what_if(book, book.amend({"decisions.case_type.rules.urgent.when": "false"}), records_of_a_year(), now=NOW)
    yield lambda: load_rulebook("township").check()
    yield lambda: book.digest


def said(answer: Any) -> Iterator[str]:
    """All that an answer says of itself."""
    if isinstance(answer, tuple | list):
        for part in answer:
            yield from said(part)
        return
    yield repr(answer)
    for way in ("to_json", "_repr_html_"):
        if hasattr(answer, way):
            yield getattr(answer, way)()
    if hasattr(answer, "explain"):
        yield from (answer.explain(), answer.explain("zh"))


def main() -> None:
    """Do what is done before, ask, and write."""
    out = os.fdopen(os.dup(1), "wb")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "records")
        folder.mkdir()
        Path(folder, "long.yaml").write_text(BOOK, encoding="utf-8")
        Path(folder, "cases.csv").write_text(ROWS, encoding="utf-8")
        exec(sys.argv[1])
        from govservice import GovServiceError

        for question in asked(folder):
            try:
                told = list(said(question()))
            except GovServiceError as error:
                told = [error.text("en"), error.text("zh")]
            out.write("\n".join((*told, "")).replace(scratch, "..").encode())
    out.close()


if __name__ == "__main__":
    main()
