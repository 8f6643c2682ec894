"""What happened on the way of a clock of which it is open whether it runs is said in a run, though the clock itself is not reported."""

from __future__ import annotations

from datetime import date

from govservice import load_rulebook
from govservice.run import run

BOOK = """
rulebook: open
conventions: {first_day: excluded, roll: none, ends: day, pause_needs_notice: no}
tables: {application: {size: integer}}
clocks:
  small: {about: cases, when: size == 2, limit: 3 工作日, starts: accepted_on, stops: closed_on}
  promised: {about: cases, limit: promised_limit, starts: accepted_on, stops: closed_on}
"""


def test_an_extension_of_a_clock_that_may_not_run_is_told_beside_the_one_that_does(tmp_path):
    path = tmp_path / "book.yaml"
    path.write_text(BOOK, encoding="utf-8")
    records = {
        "cases": [{"case": "C1", "accepted_on": "2026-03-03", "promised_limit": "6个工作日"}],
        "extensions": [{"case": "C1", "clock": "small", "asked_on": "2026-03-04", "granted": True}],
    }
    result = run(load_rulebook(path), records, now=date(2026, 3, 18)).cases[0]
    assert [due.clock for due in result.dues] == ["promised"]
    assert [note.en for note in result.due.notes] == ["row 1 of extensions: no clock 'small' is extended by the rulebook"]
