"""Counting days, months and years under Civil Code 200-203 and Administrative Licensing Law 82, on the real calendar of 2026."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from govservice.calendars import WorkCalendar, china
from govservice.deadlines import deadline
from govservice.limits import TimeLimit


def due(limit: str, start: date, **options: Any) -> date | datetime:
    return deadline(limit, start, china(), **options).due


@pytest.mark.parametrize(
    ("limit", "start", "end"),
    [
        ("1个工作日", date(2026, 3, 2), date(2026, 3, 3)),
        ("5个工作日", date(2026, 3, 2), date(2026, 3, 9)),
        ("1个工作日", date(2026, 2, 13), date(2026, 2, 14)),  # a make-up Saturday is worked
        ("2个工作日", date(2026, 2, 13), date(2026, 2, 24)),  # then spring festival
        ("5个工作日", date(2026, 3, 7), date(2026, 3, 13)),  # accepted on a Saturday
        ("0个工作日", date(2026, 3, 2), date(2026, 3, 2)),
        ("0个工作日", date(2026, 3, 7), date(2026, 3, 9)),
        ("0.5个工作日", date(2026, 3, 2), date(2026, 3, 3)),  # a part counts whole
        ("1.5个工作日", date(2026, 3, 2), date(2026, 3, 4)),
    ],
)
def test_working_days_are_counted_from_the_day_after(limit: str, start: date, end: date) -> None:
    assert due(limit, start) == end


def test_the_first_day_counts_where_the_caller_says_so() -> None:
    assert due("5个工作日", date(2026, 3, 2), first_day="included") == date(2026, 3, 6)
    assert due("5个自然日", date(2026, 3, 2), first_day="included") == date(2026, 3, 6)
    assert due("1个工作日", date(2026, 3, 7), first_day="included") == date(2026, 3, 9)  # a rest day is not counted even so
    assert due("0个工作日", date(2026, 3, 2), first_day="included") == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("limit", "start", "excluded", "included"),
    [
        ("1个月", date(2026, 3, 15), date(2026, 4, 15), date(2026, 4, 14)),
        ("1个月", date(2026, 3, 1), date(2026, 4, 1), date(2026, 3, 31)),
        ("1个月", date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 28)),  # no matching day: the month's last
        ("1个月", date(2026, 1, 29), date(2026, 2, 28), date(2026, 2, 28)),
        ("1个月", date(2026, 1, 28), date(2026, 2, 28), date(2026, 2, 27)),
        ("1个月", date(2028, 1, 30), date(2028, 2, 29), date(2028, 2, 29)),
        ("3个月", date(2026, 11, 30), date(2027, 2, 28), date(2027, 2, 28)),
        ("12个月", date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28)),
        ("1年", date(2024, 2, 29), date(2025, 2, 28), date(2025, 2, 28)),
        ("4年", date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 28)),
        ("1个月", date(2025, 12, 15), date(2026, 1, 15), date(2026, 1, 14)),
        ("1年", date(9998, 6, 1), date(9999, 6, 1), date(9999, 5, 31)),
    ],
)
def test_months_and_years_end_on_the_matching_day_or_the_months_last(limit: str, start: date, excluded: date, included: date) -> None:
    assert due(limit, start, roll="none") == excluded
    assert due(limit, start, roll="none", first_day="included") == included


def test_a_last_day_that_is_a_rest_day_rolls_for_natural_days_and_months() -> None:
    assert due("5个自然日", date(2026, 4, 28)) == date(2026, 5, 6)
    assert due("5个自然日", date(2026, 4, 28), roll="none") == date(2026, 5, 3)
    assert due("1个月", date(2026, 2, 28), roll="none") == date(2026, 3, 28)
    assert due("1个月", date(2026, 2, 28)) == date(2026, 3, 30)
    assert due("1个自然日", date(2026, 2, 13)) == date(2026, 2, 14)  # a make-up Saturday is no rest day


def test_a_part_of_a_natural_day_counts_whole() -> None:
    assert deadline(TimeLimit("1.5", "natural_day"), date(2026, 3, 2), china()).due == date(2026, 3, 4)


def test_a_limit_of_no_natural_days_is_the_day_itself_or_the_day_it_rolls_to() -> None:
    assert due("0个自然日", date(2026, 3, 7), roll="none") == date(2026, 3, 7)
    assert due("0个自然日", date(2026, 3, 7)) == date(2026, 3, 9)
    assert due("0个月", date(2026, 3, 7), roll="none") == date(2026, 3, 7)


def test_the_same_day_is_the_day_itself_and_on_a_rest_day_what_the_caller_says() -> None:
    assert due("当天", date(2026, 3, 2)) == date(2026, 3, 2)
    assert due("当天", date(2026, 3, 7), rest_day_same_day="same") == date(2026, 3, 7)
    assert due("当天", date(2026, 3, 7), rest_day_same_day="next") == date(2026, 3, 9)


def test_on_the_spot_is_that_day_whatever_day_it_is() -> None:
    answer = deadline("当场", datetime(2026, 3, 7, 10, 0), china())
    assert (answer.due, answer.official) == (date(2026, 3, 7), True)


class TestPauses:
    def test_both_ends_of_a_pause_are_uncounted(self) -> None:
        assert due("10个工作日", date(2026, 3, 2), pauses=[(date(2026, 3, 5), date(2026, 3, 11))]) == date(2026, 3, 23)
        assert due("5个自然日", date(2026, 3, 2), pauses=[(date(2026, 3, 4), date(2026, 3, 4))]) == date(2026, 3, 9)
        assert due("5个自然日", date(2026, 3, 2), pauses=[(date(2026, 3, 4), date(2026, 3, 4))], roll="none") == date(2026, 3, 8)

    def test_a_pause_over_rest_days_costs_a_working_day_limit_nothing(self) -> None:
        assert due("5个工作日", date(2026, 3, 2), pauses=[(date(2026, 3, 7), date(2026, 3, 8))]) == date(2026, 3, 9)

    def test_a_pause_before_the_start_or_after_the_end_changes_nothing(self) -> None:
        outside = [(date(2026, 2, 2), date(2026, 3, 2)), (date(2026, 3, 10), date(2026, 3, 20))]
        for limit in ("5个工作日", "5个自然日"):
            assert due(limit, date(2026, 3, 2), pauses=outside) == due(limit, date(2026, 3, 2))

    def test_a_pause_that_begins_on_the_last_day_moves_it(self) -> None:
        assert due("5个工作日", date(2026, 3, 2), pauses=[(date(2026, 3, 9), date(2026, 3, 9))]) == date(2026, 3, 10)
        assert due("2个自然日", date(2026, 3, 2), pauses=[(date(2026, 3, 4), date(2026, 3, 5))]) == date(2026, 3, 6)

    def test_a_pause_over_the_start_holds_the_count_back(self) -> None:
        assert due("1个工作日", date(2026, 3, 2), pauses=[(date(2026, 2, 27), date(2026, 3, 4))]) == date(2026, 3, 5)
        assert due("0个工作日", date(2026, 3, 2), pauses=[(date(2026, 3, 2), date(2026, 3, 6))]) == date(2026, 3, 9)
        assert due("0个自然日", date(2026, 3, 2), pauses=[(date(2026, 3, 2), date(2026, 3, 3))]) == date(2026, 3, 4)
        assert due("当天", date(2026, 3, 2), pauses=[(date(2026, 3, 2), date(2026, 3, 3))]) == date(2026, 3, 4)
        assert due("当天", date(2026, 3, 6), pauses=[(date(2026, 3, 6), date(2026, 3, 6))]) == date(2026, 3, 9)

    def test_overlapping_and_unsorted_pauses_are_taken_together(self) -> None:
        together = due("10个工作日", date(2026, 3, 2), pauses=[(date(2026, 3, 5), date(2026, 3, 11))])
        parts = [(date(2026, 3, 9), date(2026, 3, 11)), (date(2026, 3, 5), date(2026, 3, 10)), (date(2026, 3, 6), date(2026, 3, 6))]
        assert due("10个工作日", date(2026, 3, 2), pauses=parts) == together

    def test_a_limit_does_not_roll_into_a_pause(self) -> None:
        assert due("5个自然日", date(2026, 3, 2)) == date(2026, 3, 9)
        assert due("5个自然日", date(2026, 3, 2), pauses=[(date(2026, 3, 9), date(2026, 3, 10))]) == date(2026, 3, 11)

    def test_a_month_is_counted_by_its_days_around_a_pause(self) -> None:
        assert due("1个月", date(2026, 3, 2), roll="none", pauses=[(date(2026, 3, 10), date(2026, 3, 12))]) == date(2026, 4, 5)

    def test_a_pause_given_by_moments_takes_their_days_from_a_limit_in_days(self) -> None:
        moments = [(datetime(2026, 3, 5, 16, 0), datetime(2026, 3, 11, 9, 0))]
        assert due("10个工作日", date(2026, 3, 2), pauses=moments) == date(2026, 3, 23)
        mixed = [(datetime(2026, 3, 5, 16, 0), date(2026, 3, 5)), (date(2026, 3, 6), datetime(2026, 3, 11, 9, 0))]
        assert due("10个工作日", date(2026, 3, 2), pauses=mixed) == date(2026, 3, 23)


class TestExtensions:
    def test_an_extension_counts_on_from_the_old_due_day(self) -> None:
        assert due("20个工作日", date(2026, 3, 2), extensions=["10个工作日"]) == due("30个工作日", date(2026, 3, 2))
        assert due("20个工作日", date(2026, 3, 2), extensions=[TimeLimit(5, "workday"), "5个工作日"]) == due("30个工作日", date(2026, 3, 2))

    def test_the_old_due_day_is_where_it_fell_after_rolling(self) -> None:
        assert due("5个自然日", date(2026, 4, 28), extensions=["2个自然日"]) == date(2026, 5, 8)
        assert due("5个自然日", date(2026, 4, 28), extensions=["2个自然日"], roll="none") == date(2026, 5, 5)

    def test_an_extension_may_be_of_another_unit(self) -> None:
        assert due("5个工作日", date(2026, 3, 2), extensions=["1个月"]) == date(2026, 4, 9)
        assert due("5个工作日", date(2026, 3, 2), extensions=["2小时"]) == datetime.fromisoformat("2026-03-10T02:00:00+08:00")

    def test_the_first_day_of_an_extension_is_never_counted(self) -> None:
        once = due("5个工作日", date(2026, 3, 2), first_day="included", extensions=["5个工作日"])
        assert once == due("10个工作日", date(2026, 3, 2), first_day="included")

    def test_a_pause_holds_an_extension_back_too(self) -> None:
        pause = [(date(2026, 3, 10), date(2026, 3, 11))]
        assert due("5个工作日", date(2026, 3, 2), extensions=["1个工作日"], pauses=pause) == date(2026, 3, 12)


class TestStanding:
    def test_a_deadline_in_an_unannounced_year_says_so(self) -> None:
        through = china().official_through
        answer = deadline("20个工作日", through, china())
        assert not answer.official
        assert "no published notice fixes yet" in answer.warnings[0].en
        assert answer.explain("zh").splitlines()[0].endswith("（暂定）")

    def test_a_deadline_in_the_last_announced_week_of_december_is_official_with_a_warning(self) -> None:
        answer = deadline("5个工作日", date(2026, 12, 18), china(known_on=date(2026, 7, 1)))
        assert (answer.due_on, answer.official) == (date(2026, 12, 25), True)
        assert "下一年度的放假通知" in answer.warnings[0].zh

    @pytest.mark.parametrize("start", [date(2026, 12, 15), date(2025, 12, 22)])
    def test_earlier_days_and_earlier_years_carry_no_warning(self, start: date) -> None:
        answer = deadline("4个工作日", start, china(known_on=date(2026, 7, 1)))
        assert (answer.official, answer.warnings) == (True, ())

    def test_a_limit_that_never_asks_which_days_are_worked_is_always_official(self) -> None:
        through = china().official_through
        assert deadline("90个自然日", through, china(), roll="none").official
        assert not deadline("90个自然日", through, china()).official
        assert deadline("24小时", datetime(through.year + 1, 2, 1, 9, 0), china()).official
        assert not deadline("24小时", datetime(through.year + 1, 2, 1, 9, 0), china(), hours="09:00-17:00").official

    def test_what_was_known_on_a_day_is_what_counts(self) -> None:
        then, later = china(known_on=date(2020, 1, 20)), china()
        start = date(2020, 1, 22)
        assert deadline("5个工作日", start, then).due == date(2020, 2, 4)
        assert deadline("5个工作日", start, later).due == date(2020, 2, 6)


def test_the_start_day_is_the_day_in_the_calendars_time_zone() -> None:
    late_in_utc = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)  # 01:00 on the 3rd in China
    answer = deadline("1个工作日", late_in_utc, china())
    assert answer.due == date(2026, 3, 4)
    assert answer.start == late_in_utc
    assert answer.due_at.isoformat() == "2026-03-05T00:00:00+08:00"


def test_a_calendar_without_a_zone_takes_and_gives_naive_moments() -> None:
    answer = deadline("3个工作日", datetime(2015, 6, 1, 9, 0), WorkCalendar.of("US", subdiv="MA"))
    assert (answer.due, answer.due_at) == (date(2015, 6, 4), datetime(2015, 6, 5))


def test_the_calendar_is_chinas_unless_given() -> None:
    assert deadline("3个工作日", date(2026, 2, 12)) == deadline("3个工作日", date(2026, 2, 12), china())
