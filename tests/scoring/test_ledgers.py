"""Records read once: the same scores as reading them anew, under every book that can read them, from many threads at once."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from govservice import grade, load_rulebook, score
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


def test_one_ledger_serves_a_book_and_what_is_made_of_it() -> None:
    dearer = KUNSHAN.amend({"schemes.window_month.parts.cleanliness.items.untidy.points": "-2"})
    kept = read_ledger(KUNSHAN, RECORDS)
    for book in (KUNSHAN, dearer, KUNSHAN):
        assert score(book, "window_month", kept, period="2026-10") == score(book, "window_month", RECORDS, period="2026-10")
    assert kept.under(KUNSHAN.contents) is kept.under(dearer.contents)  # one reading of the rows


def test_a_ledger_is_read_again_under_a_book_with_other_words() -> None:
    relabelled = KUNSHAN.amend({"events.untidy.label": "窗口不整洁"})
    kept = read_ledger(KUNSHAN, RECORDS)
    assert kept.under(KUNSHAN.contents) is not kept.under(relabelled.contents)
    assert score(relabelled, "window_month", kept, period="2026-10") == score(relabelled, "window_month", RECORDS, period="2026-10")


def test_rows_of_a_ledger_that_a_book_has_no_word_for_are_set_apart_under_it() -> None:
    other = load_rulebook("licensing-law")
    remarks = read_ledger(KUNSHAN, RECORDS).under(other.contents).remarks.words
    assert any("is set apart: no kind of event 'untidy'" in remark.en for remark in remarks)


def test_threads_share_a_ledger() -> None:
    kept = read_ledger(KUNSHAN, RECORDS)
    alone = score(KUNSHAN, "window_month", RECORDS, period="2026-10")
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(score, KUNSHAN, "window_month", kept, period="2026-10") for _ in range(24)]
        asked += [pool.submit(grade, KUNSHAN, "red_flag", kept, period="2026-B5") for _ in range(24)]  # type: ignore[misc]
    assert all(answer.result() == alone for answer in asked[:24])
    assert all(answer.result() == grade(KUNSHAN, "red_flag", RECORDS, period="2026-B5") for answer in asked[24:])


def test_a_ledger_goes_through_a_pickle() -> None:
    kept = pickle.loads(pickle.dumps(read_ledger(KUNSHAN, RECORDS)))
    assert score(KUNSHAN, "window_month", kept, period="2026-10") == score(KUNSHAN, "window_month", RECORDS, period="2026-10")
