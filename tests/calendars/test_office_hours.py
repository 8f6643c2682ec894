"""Office hours: what the texts mean, and when a centre is open."""

import pickle
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import china, deadline
from govservice.calendars import OfficeHours, WorkCalendar
from govservice.errors import CalendarError

SEASONS = "write them as 05-01..09-30 08:30-12:00 15:00-18:00 | otherwise 08:30-12:00 14:00-17:30"
MORNING, AFTERNOON = (time(9), time(12)), (time(13), time(17))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("08:30-17:00", "08:30-17:00"),
        ("09:00-12:00 13:00-17:00; 周六 09:00-12:00", "09:00-12:00 13:00-17:00; 周六 09:00-12:00"),
        ("9：00—12：00，13：30—16：30", "09:00-12:00 13:30-16:30"),
        ("９：００－１７：００", "09:00-17:00"),
        ("工作日：上午9∶00—12∶00，下午13∶30—16∶30，（法定节假日除外）", "09:00-12:00 13:30-16:30"),
        ("工作日：上午9：00-12：00；下午13:30-16:30。（法定节假日除外）", "09:00-12:00 13:30-16:30"),
        ("周一至周五：上午9:00-12:00，下午1:30-4:30；周末 10:00-11:00", "09:00-12:00 13:30-16:30; 周六、周日 10:00-11:00"),
        ("Mon-Fri 08:30-17:00; Sat, Sun 9:00-12:00", "08:30-17:00; 周六、周日 09:00-12:00"),
        ("星期一至星期四 9:00-17:00；星期五 9:00-16:00", "周一、周二、周三、周四 09:00-17:00; 周五 09:00-16:00"),
        ("9:00-17:00；星期六至星期日 9:00-12:00", "09:00-17:00; 周六、周日 09:00-12:00"),
        ("周六9:00-12:00，周天10:00-11:00", "周六 09:00-12:00; 周日 10:00-11:00"),
        ("13:00-24:00 09:00-12:00 12:00-12:30", "09:00-12:00 12:00-12:30 13:00-24:00"),
    ],
)
def test_texts_as_centres_write_them_are_read(text: str, spelled: str) -> None:
    hours = OfficeHours(text)
    assert str(hours) == spelled
    assert OfficeHours(spelled) == hours == pickle.loads(pickle.dumps(hours))


def test_general_hours_are_for_every_working_day_of_the_calendar() -> None:
    hours = OfficeHours("09:00-12:00 13:00-17:00")
    assert hours.spans(date(2026, 2, 14), china()) == (MORNING, AFTERNOON), "a Saturday made up for spring festival"
    assert hours.spans(date(2026, 2, 16), china()) == (), "a Monday of spring festival"
    assert hours.spans(date(2026, 2, 7), china()) == (), "an ordinary Saturday"
    assert (hours.opens(0), hours.opens(5)) == ((MORNING, AFTERNOON), ())
    assert hours.minutes(date(2026, 2, 13), china()) == 420
    assert hours.closing(date(2026, 2, 13), china()) == time(17)
    assert hours.closing(date(2026, 2, 16), china()) is None


def test_a_named_saturday_is_open_though_no_working_day_but_not_in_a_holiday() -> None:
    hours = OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00")
    assert hours.names(5)
    assert hours.spans(date(2026, 2, 7), china()) == (MORNING,)
    assert hours.spans(date(2026, 2, 14), china()) == (MORNING, AFTERNOON), "as a make-up workday it has the hours of a working day"
    assert hours.spans(date(2026, 2, 21), china()) == (), "a Saturday of spring festival"


def test_monday_to_friday_alone_means_every_working_day() -> None:
    assert OfficeHours("周一至周五 09:00-12:00 13:00-17:00") == OfficeHours("09:00-12:00 13:00-17:00")


def test_a_weekday_with_hours_of_its_own_has_no_general_hours() -> None:
    hours = OfficeHours("09:00-17:00; 周五 09:00-12:00")
    assert hours.spans(date(2026, 11, 20), china()) == (MORNING,)
    assert hours.spans(date(2026, 10, 2), china()) == ()
    only = OfficeHours("周三 09:00-12:00")
    assert only.spans(date(2026, 2, 28), china()) == (), "nothing is said of a make-up Saturday"
    assert only.next_opening(at("2026-02-12T10:00"), china()) == at("2026-02-25T09:00")


def test_the_opening_moment_is_inside_and_the_closing_moment_outside() -> None:
    hours = OfficeHours("08:30-17:00")
    assert hours.next_opening(at("2026-02-12T08:30"), china()) == at("2026-02-12T08:30")
    assert hours.next_opening(at("2026-02-12T17:00"), china()) == at("2026-02-13T08:30")
    assert hours.next_opening(at("2026-02-12T07:00"), china()) == at("2026-02-12T08:30")


def test_an_aware_moment_is_answered_on_the_calendars_clock() -> None:
    opening = OfficeHours("08:30-17:00").next_opening(datetime(2026, 2, 12, 9, 0, tzinfo=UTC), china())
    assert (opening.isoformat(), opening.tzinfo) == ("2026-02-13T08:30:00+08:00", china().zone)
    with pytest.raises(CalendarError, match="has a time zone and the calendar has none"):
        OfficeHours("08:30-17:00").is_open(datetime(2026, 2, 12, 9, 0, tzinfo=UTC), WorkCalendar.of("US"))


@given(
    st.sampled_from(
        [
            "08:30-17:00",
            "09:00-12:00 13:00-17:00; 周六 09:00-12:00",
            "周三 09:00-12:00",
            "工作日 9:00-12:00; 周五 9:00-10:00; 周末 9:00-9:30",
        ]
    ),
    st.datetimes(datetime(2025, 1, 1), datetime(2026, 11, 1)),
)
@settings(deadline=None)
def test_the_next_opening_is_open_and_nothing_before_it_is(text: str, moment: datetime) -> None:
    hours = OfficeHours(text)
    opening = hours.next_opening(moment, china())
    assert opening >= moment
    assert hours.is_open(opening, china())
    assert (opening == moment) is hours.is_open(moment, china())
    if opening > moment:
        assert not hours.is_open(opening - timedelta(microseconds=1), china())
        assert not any(hours.is_open(moment + (opening - moment) * part / 50, china()) for part in range(50))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no hours in ''; write them as 09:00-12:00 13:00-17:00; 周六 09:00-12:00"),
        ("周六", "no hours in '周六'; write them as 09:00-12:00 13:00-17:00; 周六 09:00-12:00"),
        ("9-17", "no hours in '9-17'; write them as 09:00-12:00 13:00-17:00; 周六 09:00-12:00"),
        ("09:00-08:00", "09:00-08:00 ends before it begins; write afternoon hours as 13:00-17:00"),
        ("09:00-09:00", "09:00-09:00 ends before it begins; write afternoon hours as 13:00-17:00"),
        ("09:00-12:00 11:00-17:00", "09:00-12:00 and 11:00-17:00 overlap in '09:00-12:00 11:00-17:00'"),
        ("00:00-24:01", "24:01 in '00:00-24:01' is no time of day; hours are 00:00 to 24:00"),
        ("05-01..09-30 09:00-12:00", "no season holds 01-01; add otherwise: .. for the other days"),
        (
            "05-01..09-30 09:00-12:00 | 09-30..04-30 09:00-11:00",
            f"the seasons 05-01..09-30 and 09-30..04-30 overlap; {SEASONS}",
        ),
        ("05-01..09-30 09:00-12:00 | 09:00-11:00", f"a part of '05-01..09-30 09:00-12:00 | 09:00-11:00' names no season; {SEASONS}"),
        ("02-30..09-30 09:00-12:00 | otherwise 09:00-11:00", f"there is no 02-30; {SEASONS}"),
        ("otherwise 09:00-12:00 | otherwise 09:00-11:00", f"`otherwise` stands there twice; {SEASONS}"),
        ([{"05-01..09-30": "06-01..06-30 09:00-12:00"}, {"otherwise": "09:00-11:00"}], f"a season within 05-01..09-30; {SEASONS}"),
        ([{"05-01..09-30": "otherwise 09:00-12:00"}, {"otherwise": "09:00-11:00"}], f"a season within 05-01..09-30; {SEASONS}"),
        ([{"05-01..09-30": "09:00-12:00 | 14:00-17:00"}, {"otherwise": "09:00-11:00"}], f"a season within 05-01..09-30; {SEASONS}"),
        ("01-01..12-30 09:00-12:00", "no season holds 12-31; add otherwise: .. for the other days"),
        ("01-01..12-31 09:00-12:00 | 12-31..12-31 09:00-10:00", f"the seasons 01-01..12-31 and 12-31..12-31 overlap; {SEASONS}"),
        ([{"summer": "09:00-12:00"}, {"otherwise": "09:00-11:00"}], f"'summer' names no days of the year; {SEASONS}"),
        ("09:00-17:00 (夏季)", "'(夏季)' in '09:00-17:00 (夏季)' cannot be read; write them as 09:00-12:00 13:00-17:00; 周六 09:00-12:00"),
    ],
)
def test_hours_that_cannot_be_meant_are_refused(text: str, message: str) -> None:
    with pytest.raises(CalendarError) as refused:
        OfficeHours(text)
    assert str(refused.value) == message


def test_hours_are_a_text_and_moments_are_moments() -> None:
    with pytest.raises(CalendarError, match="office hours are a text, not int"):
        OfficeHours(9)  # type: ignore[arg-type]
    with pytest.raises(CalendarError, match="a moment is needed"):
        OfficeHours("08:30-17:00").is_open(date(2026, 2, 13), china())  # type: ignore[arg-type]
    with pytest.raises(CalendarError, match="a weekday is 0"):
        OfficeHours("08:30-17:00").opens(7)


SUMMER = "05-01..09-30 08:30-12:00 15:00-18:00 | otherwise 08:30-12:00 14:00-17:30"


@pytest.mark.parametrize(
    "written",
    [
        SUMMER,
        [{"05-01..09-30": "08:30-12:00 15:00-18:00"}, {"otherwise": "08:30-12:00 14:00-17:30"}],
        {"otherwise": "08:30-12:00 14:00-17:30", "05-01..09-30": "08:30-12:00 15:00-18:00"},
        "10-01..04-30 08:30-12:00 14:00-17:30 | 5月1日至9月30日：上午8:30-12:00，下午3:00-6:00",
    ],
)
def test_hours_may_change_with_the_season(written: Any) -> None:
    hours = OfficeHours(written)
    calendar = china()
    assert hours.closing(date(2026, 4, 30), calendar) == time(17, 30)
    assert hours.closing(date(2026, 9, 30), calendar) == time(18, 0)
    assert hours.closing(date(2026, 12, 1), calendar) == time(17, 30)
    assert OfficeHours(str(hours)) == hours
    assert hours.next_opening(datetime(2026, 7, 1, 14, 30), calendar) == datetime(2026, 7, 1, 15, 0)
    with pytest.raises(CalendarError, match="change with the season"):
        hours.opens(0)


@pytest.mark.parametrize("written", ["全天", "00:00-24:00", "工作日 全天"])
def test_an_office_may_be_open_all_day(written: str) -> None:
    hours = OfficeHours(written)
    assert str(hours) == "00:00-24:00"
    assert hours.minutes(date(2026, 3, 2), china()) == 1440
    assert hours.is_open(datetime(2026, 3, 2, 23, 59, 59, 999999), china())
    assert not hours.is_open(datetime(2026, 3, 7, 0, 0), china())
    due = deadline("30小时", datetime(2026, 3, 6, 12, 0), china(), hours=hours).due
    assert due.isoformat() == "2026-03-09T18:00:00+08:00"
    assert deadline("1个工作日", date(2026, 3, 6), hours=hours, ends="close").due == date(2026, 3, 9)


def test_what_a_make_up_workday_is_like_may_be_said() -> None:
    made_up = date(2026, 2, 14)  # a Saturday that is worked
    hours = "09:00-12:00 13:00-17:00; 周六 09:00-12:00"
    assert [OfficeHours(hours, makeup=makeup).minutes(made_up, china()) for makeup in ("weekday", "weekend", "none")] == [420, 180, 0]
    assert OfficeHours("09:00-17:00", makeup="weekend").spans(made_up, china()) == ()
    with pytest.raises(CalendarError, match="one of: weekday, weekend, none"):
        OfficeHours("09:00-17:00", makeup="sunday")  # type: ignore[arg-type]
