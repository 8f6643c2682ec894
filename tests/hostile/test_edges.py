"""Edges: the ends of the calendar, a stack that is nearly full, links, marks of a byte order, messages on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from govservice import OfficeHours, china, classify, clocks, deadline, load_rulebook
from govservice.deadlines import Deadline, deadlines_to_ics
from govservice.errors import DecisionError, Fault, GovServiceError, RecordError, RulebookError, Words
from govservice.reading import read_boolean, read_date, read_moment
from govservice.records import read_records
from govservice.run import run
from govservice.scoring import score


def test_a_run_loses_no_row_to_a_moment_at_the_edge_of_the_calendar(tmp_path: Path) -> None:
    days = ("2026-03-02", "9999-12-31", "0001-01-01", "9999-12-31 23:59+00:00")
    rows = "".join(f"C{number},{day},{day},5\n" for number, day in enumerate(days))
    (tmp_path / "cases.csv").write_text(f"case,received_on,accepted_on,promised_days\n{rows}", encoding="utf-8")
    book = load_rulebook("licensing-law")
    done = run(book, read_records(tmp_path, book=book), now=date(2026, 4, 1))
    assert len(done.cases) + len(done.set_aside) == len(days)


@pytest.mark.parametrize("moment", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_a_moment_that_some_time_zone_cannot_tell_is_refused(moment: datetime) -> None:
    for ask in (lambda: china().day(moment), lambda: deadline("24小时", moment), lambda: read_moment(moment)):
        with pytest.raises(GovServiceError):
            ask()


def test_a_limit_that_ends_after_the_year_9999_is_refused() -> None:
    with pytest.raises(GovServiceError, match="9999"):
        deadline("24小时", datetime(9999, 12, 31, 23, 59))


def _deep(levels: int, call: Callable[[], Any]) -> Any:
    return call() if levels == 0 else _deep(levels - 1, call)


def test_a_caller_who_leaves_no_stack_is_told_so() -> None:
    book = load_rulebook("kunshan")
    used = 0
    frame: Any = sys._getframe()
    while frame is not None:
        used, frame = used + 1, frame.f_back
    with pytest.raises(DecisionError, match="too little is left of Python's stack"):
        _deep(sys.getrecursionlimit() - used - 25, lambda: classify({"main_document": "lacking"}, book, on=date(2026, 11, 20)))


def test_a_book_that_extends_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "t.yaml").write_text("rulebook: t\nextends: [loop.yaml]\n", encoding="utf-8")
    with pytest.raises(RulebookError, match=r"t.yaml:2: loop.yaml"):
        load_rulebook(tmp_path / "t.yaml")


@pytest.mark.parametrize("mark", ["\ufeff\ufeff", "\ufeff\ufeff\ufeff"])
def test_marks_of_the_byte_order_are_no_text(tmp_path: Path, mark: str) -> None:
    (tmp_path / "t.yaml").write_text(f"{mark}rulebook: t\n", encoding="utf-8")
    (tmp_path / "cases.csv").write_text(f"{mark}case,note\nC1,x\n{mark}C2,x\n", encoding="utf-8")
    assert load_rulebook(tmp_path / "t.yaml").id == "t"
    assert [row.id for row in read_records(tmp_path).rows("cases")] == ["C1", "C2"]


def test_a_message_moves_no_cursor_and_turns_no_writing_round() -> None:
    text = Fault(Words("no \x1b[31m\u202efact\nforged: line", ""), file="a\nb.yaml", line=1, id="x\x07").text()
    assert text == "a\\nb.yaml:1: x\\x07: no \\x1b[31m\\u202efact\\nforged: line"


def test_what_is_read_back_was_written_by_to_dict() -> None:
    for garbage in (None, 1, [], {}, {"due": []}, "x"):
        with pytest.raises(RecordError, match=r"this is not what Deadline\.to_dict"):
            Deadline.from_dict(garbage)  # type: ignore[arg-type]


def test_an_argument_of_the_wrong_kind_is_named() -> None:
    with pytest.raises(GovServiceError, match="a rulebook is named by its id or its path, not by None"):
        clocks({}, None)  # type: ignore[arg-type]
    with pytest.raises(GovServiceError, match="no language 'cn'"):
        load_rulebook("kunshan", lang="cn")  # type: ignore[arg-type]


# from public reports


def test_an_office_may_be_open_round_the_clock() -> None:
    hours = OfficeHours("00:00-24:00")
    assert str(hours) == "00:00-24:00"
    assert hours.minutes(date(2026, 2, 13), china()) == 1440
    assert deadline("10分钟", datetime(2026, 2, 13, 23, 55), hours=hours).due_at == datetime(2026, 2, 14, 0, 5, tzinfo=china().zone)
    assert deadline("5个工作日", date(2026, 2, 13), hours=hours, ends="close").due == date(2026, 2, 27)
    assert OfficeHours(str(hours)) == hours


@pytest.mark.parametrize(("value", "answer"), [("1.0", True), (1.0, True), ("Y", True), ("n", False), (0.0, False), ("0.0", False)])
def test_yes_and_no_as_spreadsheets_write_them(value: object, answer: bool) -> None:
    assert read_boolean(value) is answer


def test_24_00_is_the_end_of_its_day() -> None:
    assert read_date("2026-03-02 24:00:00") == date(2026, 3, 2)
    assert read_moment("2026-03-02 24:00:00", zone=None) == datetime(2026, 3, 3)
    with pytest.raises(RecordError):
        read_moment("2026-03-02 24:01")


def test_nan_says_nothing_as_na_does() -> None:
    book = load_rulebook("kunshan")
    assert classify({"departments": float("nan")}, book, on=date(2026, 11, 20)) == classify({}, book, on=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("clerk", "short"),
    [("2026年10月", "2026-10"), ("2026年4季度", "2026-Q4"), ("2026年第四季度", "2026-Q4"), ("2026年下半年", "2026-H2"), ("2026年度", "2026"), ("２０２６年１月份", "2026-01")],
)  # fmt: skip
def test_a_period_as_a_clerk_writes_it(clerk: str, short: str) -> None:
    book = load_rulebook("kunshan")
    records: dict[str, Any] = {"events": [], "cases": [], "window": [{"window": "W1"}]}
    if short == "2026-10":
        assert score(book, "window_month", records, period=clerk) == score(book, "window_month", records, period=short)
    from govservice.assessment.periods import read_period

    assert read_period(clerk) == read_period(short)


def test_which_days_are_busy_is_said() -> None:
    calendar = pytest.importorskip("icalendar").Calendar
    for busy, kind in (("makeup_workdays", "makeup_workday"), ("rest_days", "holiday")):
        events = calendar.from_ical(china().to_ics(2026, busy=busy)).walk("VEVENT")
        assert {str(event["TRANSP"]) for event in events if kind in event["CATEGORIES"].to_ical().decode()} == {"OPAQUE"}
        assert {str(event["TRANSP"]) for event in events if kind not in event["CATEGORIES"].to_ical().decode()} == {"TRANSPARENT"}


def test_the_reminder_rings_at_nine_on_the_last_working_day_before() -> None:
    calendar = pytest.importorskip("icalendar").Calendar
    due = deadline("5个工作日", date(2026, 3, 9), china())
    assert due.due == date(2026, 3, 16)  # a Monday
    (event,) = calendar.from_ical(deadlines_to_ics([("A", due)])).walk("VEVENT")
    (alarm,) = event.walk("VALARM")
    assert datetime.combine(date(2026, 3, 16), time()) + alarm.decoded("TRIGGER") == datetime(2026, 3, 13, 9)
