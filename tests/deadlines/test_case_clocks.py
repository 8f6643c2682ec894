"""The clocks of a case under a rulebook: which run, from when, until when, and what is refused rather than guessed."""

import json
import pickle
from datetime import date, datetime
from pathlib import Path

from govservice import clocks, load_rulebook
from govservice.deadlines import ClockReading
from govservice.rules import Rulebook

DAY = date(2026, 2, 13)
PROMISED = {"case_type": "promised", "materials_completed_on": DAY, "promised_limit": "5个工作日"}


def reading(clock: str, case: dict[str, object], book: Rulebook, **more: object) -> ClockReading:
    (found,) = [one for one in clocks(case, book, **{"on": DAY} | more) if one.clock == clock]  # type: ignore[arg-type]
    return found


def book_of(folder: Path, clock: str, conventions: str = "{}") -> Rulebook:
    path = folder / "own.yaml"
    path.write_text(f"rulebook: own\nconventions: {conventions}\nclocks:\n  t: {clock}\n", encoding="utf-8")
    return load_rulebook(path)


def test_a_promise_runs_from_the_day_the_materials_are_complete() -> None:
    found = reading("promised", PROMISED, load_rulebook("kunshan"))
    assert (found.applies, found.started, found.due, found.official, found.cite) == (True, DAY, date(2026, 2, 27), True, "KS-4")
    assert found.deadline is not None
    assert "第5个工作日（共5个）" in found.deadline.explain("zh")


def test_a_clock_whose_condition_is_false_does_not_run_and_one_that_is_open_says_what_decides() -> None:
    book = load_rulebook("kunshan")
    assert reading("promised", PROMISED | {"case_type": "instant"}, book).applies is False
    open_ = reading("return_review", {"case_type": "returned"}, book)
    assert (open_.applies, open_.due) == (None, None)
    assert set(open_.undecided) >= {"hard_to_decide", "received_on"}


def test_a_clock_that_has_not_started_has_no_due_day() -> None:
    found = reading("promised", {"case_type": "promised", "promised_limit": "5个工作日"}, load_rulebook("kunshan"))
    at_receipt = ("attachments_missing", "main_document", "nonmain_missing", "received_on")
    assert (found.started, found.due, found.undecided) == (None, None, at_receipt)
    incomplete = {"case_type": "promised", "promised_limit": "5个工作日", "main_document": "lacking", "received_on": "2026-03-02"}
    assert reading("promised", incomplete, load_rulebook("kunshan")).undecided == ("materials_completed_on",)


def test_a_same_day_limit_that_starts_on_a_rest_day_goes_by_the_books_convention(tmp_path: Path) -> None:
    sunday = {"received_on": date(2026, 3, 8)}
    clock = "{about: cases, limit: 当天, starts: received_on}"
    assert reading("t", sunday, book_of(tmp_path, clock, "{rest_day_same_day: next}")).due == date(2026, 3, 9)
    assert reading("t", sunday, book_of(tmp_path, clock, "{rest_day_same_day: same}")).due == date(2026, 3, 8)
    unstated = reading("t", sunday, book_of(tmp_path, clock))
    assert (unstated.due, unstated.undecided) == (None, ("conventions.rest_day_same_day",))


def test_a_convention_is_asked_for_only_where_the_answer_depends_on_it(tmp_path: Path) -> None:
    clock = "{about: cases, limit: 5 自然日, starts: received_on}"
    unstated = book_of(tmp_path, clock, "{first_day: excluded}")
    assert reading("t", {"received_on": date(2026, 3, 11)}, unstated).due == date(2026, 3, 16)
    rolled = book_of(tmp_path, clock, "{first_day: excluded, roll: forward}")
    assert reading("t", {"received_on": date(2026, 3, 10)}, rolled).due == date(2026, 3, 16)
    open_ = reading("t", {"received_on": date(2026, 3, 10)}, book_of(tmp_path, clock, "{first_day: excluded}"))
    assert (open_.due, open_.undecided) == (None, ("conventions.roll",)), "the book's fault is that clock's reading, and no other's"
    both = reading("t", {"received_on": date(2026, 3, 10)}, book_of(tmp_path, clock))
    assert (both.due, both.undecided) == (None, ("conventions.first_day", "conventions.roll"))


def test_a_clock_may_override_a_convention_locally(tmp_path: Path) -> None:
    book = book_of(tmp_path, "{about: cases, limit: 5 工作日, starts: received_on, first_day: included}", "{first_day: excluded}")
    assert reading("t", {"received_on": date(2026, 3, 9)}, book).due == date(2026, 3, 13)


def test_an_hour_limit_runs_from_the_moment(tmp_path: Path) -> None:
    book = book_of(tmp_path, "{about: cases, limit: 24 小时, starts: received_at}")
    found = reading("t", {"received_at": "2026-04-30 15:30"}, book)
    assert isinstance(found.due, datetime)
    assert found.due.isoformat() == "2026-05-01T15:30:00+08:00"


def test_a_stop_on_the_due_day_is_in_time_and_the_next_day_is_overdue() -> None:
    book = load_rulebook("kunshan")
    assert reading("promised", PROMISED | {"closed_on": date(2026, 2, 27)}, book).overdue is False
    assert reading("promised", PROMISED | {"closed_on": date(2026, 2, 28)}, book).overdue is True
    assert reading("promised", PROMISED, book).overdue is None


def test_readings_are_the_same_again_from_json_and_from_a_pickle() -> None:
    found = reading("promised", PROMISED | {"closed_on": date(2026, 2, 27)}, load_rulebook("kunshan"))
    assert ClockReading.from_dict(json.loads(json.dumps(found.to_dict()))).to_dict() == found.to_dict()
    assert pickle.loads(pickle.dumps(found)) == found
