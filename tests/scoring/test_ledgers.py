"""Records read once: the same scores as reading them anew, and only under the book they were read for."""

from datetime import date

import pytest

from govservice import grade, load_rulebook, score
from govservice.errors import RecordError
from govservice.scoring import read_ledger

KUNSHAN = load_rulebook("kunshan", settings={"red_flags": 1})
RECORDS = {
    "events": [{"kind": "untidy", "on": date(2026, month, 12), "window": f"W{month % 2}"} for month in (9, 10, 10)],
    "cases": [
        {
            "case": f"C{month}",
            "window": f"W{month % 2}",
            "received_on": date(2026, month, 2),
            "due_on": date(2026, month, 9),
            "closed_on": date(2026, month, 8),
        }
        for month in (9, 10)
    ],
    "window": [{"window": "W0", "overall_rating": "good"}, {"window": "W1", "overall_rating": "average"}],
}


def test_a_ledger_gives_the_scores_and_grades_that_its_records_give() -> None:
    kept = read_ledger(KUNSHAN, RECORDS)
    for _ in range(2):
        for month in ("2026-09", "2026-10"):
            assert score(KUNSHAN, "window_month", kept, period=month) == score(KUNSHAN, "window_month", RECORDS, period=month)
        assert grade(KUNSHAN, "red_flag", kept, period="2026-B5") == grade(KUNSHAN, "red_flag", RECORDS, period="2026-B5")
    later = date(2026, 10, 3)
    assert score(KUNSHAN, "window_month", kept, period="2026-10", now=later) == score(
        KUNSHAN, "window_month", RECORDS, period="2026-10", now=later
    )


def test_a_ledger_of_another_book_is_refused() -> None:
    dearer = KUNSHAN.amend({"schemes.window_month.parts.cleanliness.items.untidy.points": "-2"})
    with pytest.raises(RecordError, match="these records were read under kunshan, in another state; read them again"):
        score(dearer, "window_month", read_ledger(KUNSHAN, RECORDS), period="2026-10")
