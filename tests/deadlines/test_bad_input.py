"""What makes no sense is refused: what is wrong, why, and what to do, in both languages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from govservice.calendars import WorkCalendar, china
from govservice.deadlines import deadline
from govservice.errors import DeadlineError, LimitError, OutsideCalendar, ProvisionalDay
from govservice.limits import TimeLimit

DAY = date(2026, 3, 2)
MOMENT = datetime(2026, 3, 2, 10, 0)


@pytest.mark.parametrize(
    ("limit", "start", "options", "message"),
    [
        (5, DAY, {}, 'no limit: 5; write "5个工作日" or a TimeLimit'),
        ("5个工作日", "2026-03-32", {}, "the start is no date or moment: '2026-03-32'; give a datetime.date or datetime.datetime"),
        ("5个工作日", None, {}, "the start is no date or moment: None; give a datetime.date or datetime.datetime"),
        ("24小时", DAY, {}, "24 hours: the start is the day 2026-03-02, and a moment is needed; give a datetime"),
        (
            "5个工作日",
            DAY,
            {"ends": "same_time"},
            'ends="same_time": the start is the day 2026-03-02, and a moment is needed; give a datetime',
        ),
        ("5个工作日", DAY, {"ends": "close"}, 'ends="close" needs office hours; give hours="08:30-17:00"'),
        (
            "5个工作日",
            MOMENT,
            {"ends": "same_time", "first_day": "included"},
            'first_day="included" and ends="same_time" contradict each other; '
            'from a clock time to the same clock time is a whole day already; leave one of them out, or end with the day: ends="day"',
        ),
        ("5个工作日", DAY, {"hours": ["08:30"]}, "no office hours: ['08:30']; write \"08:30-17:00\""),
        (
            "5小时",
            MOMENT,
            {"ends": "close", "extensions": ["1个工作日"]},
            'ends="close" needs office hours; give hours="08:30-17:00"',
        ),
        ("5个工作日", DAY, {"first_day": "yes"}, 'first_day=\'yes\' is not known; one of "excluded", "included"'),
        ("5个工作日", DAY, {"roll": ["none"]}, 'roll=[\'none\'] is not known; one of "forward", "none", "backward"'),
        ("5个工作日", DAY, {"ends": "24:00"}, 'ends=\'24:00\' is not known; one of "day", "close", "same_time"'),
        ("当天", DAY, {"rest_day_same_day": "last"}, 'rest_day_same_day=\'last\' is not known; one of "same", "next"'),
        (
            "当天",
            date(2026, 3, 7),
            {},
            "a same-day limit starts on 2026-03-07, a rest day; whether it ends that day or on the next working day is not said; "
            'say rest_day_same_day="same" or "next"',
        ),
        (
            "5个工作日",
            DAY,
            {"pauses": [(date(2026, 3, 4), date(2026, 3, 3))]},
            "a pause ends before it starts: 2026-03-04 to 2026-03-03; its first day or moment comes first",
        ),
        (
            "5小时",
            MOMENT,
            {"pauses": [(datetime(2026, 3, 4, 9), datetime(2026, 3, 4, 8))]},
            "a pause ends before it starts: 2026-03-04 09:00:00+08:00 to 2026-03-04 08:00:00+08:00; its first day or moment comes first",
        ),
        (
            "5个工作日",
            DAY,
            {"pauses": [(date(2026, 3, 4), None)]},
            "the pause from 2026-03-04 has not ended, so there is no deadline yet; give its end, or the moment to judge from as its end",
        ),
        (
            "5个工作日",
            DAY,
            {"pauses": [(None, date(2026, 3, 4))]},
            "the start of a pause is no date or moment: None; give a datetime.date or datetime.datetime",
        ),
        (
            "5个工作日",
            DAY,
            {"pauses": (date(2026, 3, 4), date(2026, 3, 5))},
            "no pause: 2026-03-04; give [(first, last), ...]",
        ),
        ("5个工作日", DAY, {"pauses": [(date(2026, 3, 4),)]}, "no pause: (2026-03-04,); give [(first, last), ...]"),
        ("5个工作日", DAY, {"pauses": 3}, "pauses is a list, not 3; give [(first, last), ...]"),
        ("5个工作日", DAY, {"extensions": "5个工作日"}, "extensions is a list, not '5个工作日'; write [\"10个工作日\"]"),
        ("5个工作日", DAY, {"extensions": ["当天"]}, "same day extends nothing; leave it out, or give an amount"),
        ("5个工作日", DAY, {"extensions": ["0个工作日"]}, "0 workdays extends nothing; leave it out, or give an amount"),
        ("100年", date(9950, 1, 1), {"roll": "none"}, "100 years from 9950-01-01 end after the year 9999"),
        ("1000000小时", MOMENT, {}, None),
        ("100000小时", datetime(9999, 1, 1), {}, "100000 hours from 9999-01-01 00:00:00+08:00 end after the year 9999"),
        ("5小时", MOMENT, {"hours": "周日 09:00-12:00"}, "the office is never open on a working day after 2026-09-20; look at hours="),
    ],
)
def test_what_makes_no_sense_is_refused(limit: Any, start: Any, options: Any, message: str | None) -> None:
    with pytest.raises(DeadlineError if message else LimitError) as caught:
        deadline(limit, start, china(known_on=date(2026, 6, 1)), **options)
    if message:
        assert str(caught.value) == message
        assert caught.value.text("zh") != message


def test_what_is_no_calendar_is_refused() -> None:
    with pytest.raises(DeadlineError, match=r"no calendar: 'CN'; give china\(\) or a WorkCalendar"):
        deadline("5个工作日", DAY, "CN")  # type: ignore[arg-type]


def test_how_days_are_counted_and_end_does_not_concern_hours() -> None:
    plain = deadline("5小时", MOMENT, china())
    assert deadline("5小时", MOMENT, china(), ends="close") == plain
    assert deadline("5小时", MOMENT, china(), ends="same_time", first_day="included", roll="none") == plain


def test_a_moment_with_a_zone_is_refused_by_a_calendar_without_one() -> None:
    naive = WorkCalendar.of("US", subdiv="MA")
    message = r"has a time zone and the calendar has none: .*; name it: WorkCalendar.of\(..., tz=...\)"
    with pytest.raises(DeadlineError, match=f"the start {message}"):
        deadline("5个工作日", datetime(2015, 6, 1, tzinfo=UTC), naive)
    with pytest.raises(DeadlineError, match=f"the end of a pause {message}"):
        deadline("5小时", datetime(2015, 6, 1), naive, pauses=[(datetime(2015, 6, 1), datetime(2015, 6, 2, tzinfo=UTC))])


def test_naive_and_aware_moments_mix_where_the_calendar_has_a_zone() -> None:
    aware = [(datetime(2026, 3, 2, 4, 0, tzinfo=UTC), datetime(2026, 3, 2, 13, 0))]  # 12:00 to 13:00 in China
    answer = deadline("4小时", MOMENT, china(), pauses=aware)
    assert answer.due == datetime.fromisoformat("2026-03-02T15:00+08:00")


def test_a_missing_moment_of_a_data_frame_is_refused() -> None:
    class Missing(datetime):
        def __ne__(self, other: object) -> bool:
            return True

    with pytest.raises(DeadlineError, match="the start is missing"):
        deadline("5个工作日", Missing(2026, 3, 2), china())


def test_a_data_frames_own_kind_of_moment_becomes_a_plain_one() -> None:
    class Stamp(datetime):
        pass

    class Day(date):
        pass

    assert type(deadline("5小时", Stamp(2026, 3, 2, 10), china()).due) is datetime
    assert type(deadline("5个自然日", Day(2026, 3, 2), china(), roll="none").due) is date


def test_a_day_outside_the_calendar_is_refused_by_the_calendar() -> None:
    with pytest.raises(OutsideCalendar):
        deadline("5个工作日", date(1990, 1, 1), china())
    with pytest.raises(OutsideCalendar):
        deadline(TimeLimit(100_000, "workday"), DAY, china())


def test_a_strict_calendar_refuses_a_provisional_deadline() -> None:
    strict = china(strict=True)
    with pytest.raises(ProvisionalDay):
        deadline("20个工作日", strict.official_through, strict)
