"""Hours and minutes, office hours, and limits in days that end at a clock time."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from govservice.calendars import OfficeHours, WorkCalendar, china
from govservice.deadlines import deadline

LUNCH = OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00")
NEW_YORK = WorkCalendar.of("US", subdiv="MA", tz="America/New_York")


def china_time(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


class TestHours:
    def test_hours_run_from_the_moment_over_rest_days_and_never_roll(self) -> None:
        assert deadline("24小时", datetime(2026, 4, 30, 15, 30), china()).due == china_time("2026-05-01T15:30")
        assert deadline("90分钟", datetime(2026, 4, 30, 23, 30), china()).due == china_time("2026-05-01T01:00")
        assert deadline("0.5小时", datetime(2026, 4, 30, 15, 30), china(), roll="none").due == china_time("2026-04-30T16:00")

    def test_the_answer_is_in_the_calendars_zone(self) -> None:
        answer = deadline("1小时", datetime.fromisoformat("2026-04-30T15:30:00+00:00"), china())
        assert answer.due == china_time("2026-05-01T00:30")
        assert answer.due_on == date(2026, 5, 1)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-03-07T12:00", "2026-03-08T13:00-04:00"),  # an hour is left out
            ("2026-10-31T12:00", "2026-11-01T11:00-05:00"),  # an hour comes twice
        ],
    )
    def test_hours_are_elapsed_time_where_clocks_change(self, start: str, end: str) -> None:
        answer = deadline("24小时", datetime.fromisoformat(start), NEW_YORK)
        assert answer.due == datetime.fromisoformat(end)
        assert answer.due.isoformat()[-6:] == end[-6:]

    def test_a_clock_time_that_summer_time_leaves_out_is_the_moment_it_stands_for(self) -> None:
        assert deadline("1小时", datetime(2026, 3, 8, 2, 30), NEW_YORK).start.isoformat() == "2026-03-08T03:30:00-04:00"

    def test_a_pause_by_moments_stops_the_clock_and_by_dates_for_whole_days(self) -> None:
        start = datetime(2026, 3, 2, 10, 0)
        moments = [(datetime(2026, 3, 2, 12, 0), datetime(2026, 3, 2, 15, 0)), (datetime(2026, 3, 2, 14, 0), datetime(2026, 3, 2, 16, 0))]
        assert deadline("4小时", start, china(), pauses=moments).due == china_time("2026-03-02T18:00")
        assert deadline("4小时", start, china(), pauses=[(date(2026, 3, 2), date(2026, 3, 3))]).due == china_time("2026-03-04T04:00")

    def test_a_pause_that_begins_as_the_time_is_up_changes_nothing(self) -> None:
        start, up = datetime(2026, 3, 2, 10, 0), datetime(2026, 3, 2, 14, 0)
        assert deadline("4小时", start, china(), pauses=[(up, up + timedelta(hours=5))]).due == china_time("2026-03-02T14:00")

    def test_an_extension_in_days_ends_with_a_day(self) -> None:
        assert deadline("4小时", datetime(2026, 3, 2, 10, 0), china(), extensions=["1个工作日"]).due == date(2026, 3, 3)


class TestOfficeTime:
    def test_with_office_hours_only_office_time_of_working_days_counts(self) -> None:
        assert deadline("8小时", datetime(2026, 4, 30, 15, 30), china(), hours=LUNCH).due == china_time("2026-05-06T16:30")

    def test_a_saturday_opening_receives_but_the_clock_does_not_run(self) -> None:
        assert deadline("1小时", datetime(2026, 3, 7, 10, 0), china(), hours=LUNCH).due == china_time("2026-03-09T10:00")

    def test_time_that_is_up_at_closing_ends_there_and_not_at_the_next_opening(self) -> None:
        assert deadline("7小时", datetime(2026, 3, 2, 9, 0), china(), hours=LUNCH).due == china_time("2026-03-02T17:00")
        assert deadline("3小时", datetime(2026, 3, 2, 9, 0), china(), hours=LUNCH).due == china_time("2026-03-02T12:00")

    def test_a_pause_stops_office_time(self) -> None:
        pauses = [(datetime(2026, 3, 2, 11, 0), datetime(2026, 3, 2, 14, 0))]
        assert deadline("4小时", datetime(2026, 3, 2, 9, 0), china(), hours=LUNCH, pauses=pauses).due == china_time("2026-03-02T16:00")

    def test_the_explained_stretches_sum_to_the_limit(self) -> None:
        answer = deadline("8小时", datetime(2026, 4, 30, 15, 30), china(), hours=LUNCH)
        spent = [step.until_at - step.from_at for step in answer.steps if step.counted and step.from_at and step.until_at]
        assert sum(spent, timedelta(0)) == timedelta(hours=8)
        assert [step.date.day for step in answer.steps] == [30, 1, 2, 3, 4, 5, 6, 6]


class TestEnds:
    def test_a_limit_in_days_ends_at_24_00_or_at_closing_time(self) -> None:
        start = datetime(2026, 3, 2, 10, 0)
        assert deadline("1个工作日", start, china(), hours=LUNCH).due == date(2026, 3, 3)
        closed = deadline("1个工作日", start, china(), hours=LUNCH, ends="close")
        assert (closed.due, closed.due_on, closed.due_at) == (china_time("2026-03-03T17:00"), date(2026, 3, 3), closed.due)

    def test_a_day_on_which_the_office_does_not_open_ends_at_24_00(self) -> None:
        answer = deadline("6个自然日", date(2026, 3, 2), china(), hours=LUNCH, ends="close", roll="none")
        assert (answer.due, answer.due_at) == (date(2026, 3, 8), china_time("2026-03-09T00:00"))
        saturday = deadline("5个自然日", date(2026, 3, 2), china(), hours=LUNCH, ends="close", roll="none")
        assert saturday.due == china_time("2026-03-07T12:00")

    def test_an_extension_of_a_limit_that_ended_at_24_00_begins_there(self) -> None:
        answer = deadline("6个自然日", date(2026, 3, 2), china(), hours=LUNCH, ends="close", roll="none", extensions=["1个自然日"])
        assert answer.due == china_time("2026-03-09T17:00")

    @pytest.mark.parametrize(
        ("start", "due"),
        [
            ("2026-03-02T16:59:59", "2026-03-03T16:59:59"),
            ("2026-03-02T17:00", "2026-03-04T09:00"),  # the closing moment is outside: it starts the next morning
            ("2026-03-02T09:00", "2026-03-03T09:00"),
            ("2026-03-02T08:59", "2026-03-03T09:00"),
            ("2026-03-02T12:30", "2026-03-03T13:00"),
            ("2026-03-07T10:00", "2026-03-09T10:00"),  # received on a Saturday opening
            ("2026-03-07T13:00", "2026-03-10T09:00"),
        ],
    )
    def test_at_the_same_clock_time_a_start_outside_hours_moves_to_the_next_opening(self, start: str, due: str) -> None:
        answer = deadline("1个工作日", datetime.fromisoformat(start), china(), hours=LUNCH, ends="same_time")
        assert answer.due == china_time(due)
        assert answer.steps[-1].date == answer.due_on

    def test_without_office_hours_the_clock_time_is_the_starts_own(self) -> None:
        assert deadline("1个工作日", datetime(2026, 3, 2, 20, 0), china(), ends="same_time").due == china_time("2026-03-03T20:00")
        assert deadline("1个月", datetime(2026, 2, 28, 20, 0), china(), ends="same_time").due == china_time("2026-03-30T20:00")
        assert deadline("0.5个工作日", datetime(2026, 3, 2, 20, 0), china(), ends="same_time").due == china_time("2026-03-03T20:00")

    def test_the_same_clock_time_is_kept_where_clocks_change(self) -> None:
        assert deadline("1个工作日", datetime(2026, 3, 6, 9, 0), NEW_YORK, ends="same_time").due.isoformat() == "2026-03-09T09:00:00-04:00"

    @pytest.mark.parametrize(
        ("limit", "start", "due"),
        [
            ("0.5个工作日", "2026-03-02T09:00", "2026-03-02T13:30"),
            ("0.5个工作日", "2026-03-02T15:00", "2026-03-03T10:30"),
            ("1.5个工作日", "2026-03-02T09:00", "2026-03-03T13:30"),
            ("0.5个工作日", "2026-03-07T10:00", "2026-03-09T13:30"),
            ("0.5个工作日", "2026-03-02T13:30", "2026-03-02T17:00"),
        ],
    )
    def test_a_part_of_a_working_day_is_that_part_of_its_office_time(self, limit: str, start: str, due: str) -> None:
        answer = deadline(limit, datetime.fromisoformat(start), china(), hours=LUNCH, ends="same_time")
        assert answer.due == china_time(due)
        whole = [step for step in answer.steps if step.counted and step.from_at is None]
        assert len(whole) == int(Decimal(str(answer.limit.value)))
        assert answer.steps[-1].date == answer.due_on

    def test_what_must_be_done_the_same_day_has_the_whole_office_day(self) -> None:
        start = datetime(2026, 3, 2, 10, 0)
        assert deadline("当天", start, china(), hours=LUNCH, ends="same_time").due == china_time("2026-03-02T17:00")
        assert deadline("当天", start, china(), hours=LUNCH, ends="close").due == china_time("2026-03-02T17:00")
        assert deadline("当天", start, china(), ends="same_time").due == date(2026, 3, 2)
        assert deadline("当天", start, china(), hours=LUNCH).due == date(2026, 3, 2)
