"""At the edges: the first question to a calendar, moments instead of days, the first and the last year, a gap between notices."""

import datetime as datetime_module
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import china
from govservice.calendars import CalendarNotice, OfficeHours, WorkCalendar
from govservice.calendars.day_arrays import workdays_of
from govservice.calendars.patterns import festivals
from govservice.calendars.statutory import law_for, substitutes
from govservice.errors import CalendarError, OutsideCalendar, ProvisionalDay

days = st.dates(date(2006, 1, 1), date(2028, 12, 31))
clocks = st.times()


def unasked() -> WorkCalendar:
    """China's calendar, of which no year is read yet."""
    return WorkCalendar.from_dict(china().to_dict())


@given(days, days, clocks, clocks, st.integers(-300, 300))
@settings(deadline=None)
def test_a_moment_is_answered_as_its_day_is(a: date, b: date, one: time, other: time, n: int) -> None:
    calendar = china()
    at, until = datetime.combine(a, one), datetime.combine(b, other)
    assert calendar.workdays_between(at, until) == calendar.workdays_between(a, b)
    assert calendar.add_workdays(at, n) == calendar.add_workdays(a, n)
    assert calendar.is_workday(at) is calendar.is_workday(a)
    assert calendar.previous_workday(at) == calendar.previous_workday(a)
    assert calendar.workdays(at, until) == calendar.workdays(a, b)


@pytest.mark.parametrize(
    ("day", "n", "found"),
    [
        (date(2004, 1, 5), -1, date(2004, 1, 2)),  # the very first working day
        (date(2005, 1, 4), -1, date(2004, 12, 31)),  # back into the first year
        (date(2026, 12, 31), 1, date(2027, 1, 4)),  # on from the last announced day
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2098, 12, 31), 1, date(2099, 1, 2)),  # on into the last year
        (date(2099, 12, 30), 1, date(2099, 12, 31)),  # the very last working day
        (date(2007, 1, 4), -1, date(2006, 12, 31)),  # back over the first notice
    ],
)
def test_the_first_question_is_answered_as_any_other(day: date, n: int, found: date) -> None:
    assert unasked().add_workdays(day, n) == found == china().add_workdays(day, n)


def test_years_that_are_crossed_are_all_counted() -> None:
    found = unasked().add_workdays(date(2030, 6, 3), -1000)
    assert found.year == 2026
    assert len(china().workdays(found, date(2030, 6, 2))) == 1000


def test_nothing_is_counted_from_or_to_a_day_outside_the_calendar() -> None:
    before, inside, after = date(2003, 12, 31), date(2026, 3, 2), date(2100, 1, 1)
    for ask in (
        lambda: unasked().add_workdays(before, 5),
        lambda: unasked().add_workdays(after, -5),
        lambda: unasked().workdays_between(before, inside),
        lambda: unasked().workdays_between(inside, before),
        lambda: unasked().workdays_between(after, inside),
        lambda: unasked().workdays(inside, after),
    ):
        with pytest.raises(OutsideCalendar, match="is outside the calendar CN"):
            ask()
    with pytest.raises(OutsideCalendar, match="lead out of the calendar"):
        unasked().add_workdays(date(2099, 12, 31), 1)
    with pytest.raises(OutsideCalendar, match="lead out of the calendar"):
        unasked().add_workdays(date(2004, 1, 2), -1)


def test_strict_refuses_a_gap_whichever_year_was_asked_for_first() -> None:
    through = china().official_through
    year = through.year + 2
    gap = china(notices=[CalendarNotice(year=year, number="later", issued_on=date(year - 1, 11, 1))], strict=True)
    assert gap.is_workday(gap.next_workday(date(year, 3, 1)))
    assert gap.is_workday(date(2026, 3, 2))
    for ask in (lambda: gap.add_workdays(through, 20), lambda: gap.add_workdays(date(year, 1, 4), -20)):
        with pytest.raises(ProvisionalDay, match=f"the days of {year - 1} are provisional"):
            ask()
    assert gap.add_workdays(date(2026, 3, 2), 1) == date(2026, 3, 3)


def test_strict_says_that_a_day_is_provisional_before_it_says_that_the_calendar_ends() -> None:
    through, calendar = china().official_through, china(strict=True)
    for day, n, year in ((calendar.last, 1, calendar.last.year), (through, 18_300, through.year + 1)):  # 18,300 days are about 73 years
        with pytest.raises(ProvisionalDay, match=f"the days of {year} are provisional"):
            calendar.add_workdays(day, n)
        with pytest.raises(OutsideCalendar, match="lead out of the calendar"):
            china().add_workdays(day, n)


def test_a_calendar_says_what_it_covers() -> None:
    calendar = china(known_on=date(2026, 6, 1))
    assert (calendar.first, calendar.last) == (date(2004, 1, 1), date(2099, 12, 31))
    assert calendar.is_workday(calendar.last)
    assert china(known_on=date(2003, 1, 1)).official_through == date(2003, 12, 31)


@pytest.mark.parametrize(
    "written",
    [
        "china()",
        "china(known_on=datetime.date(2026, 6, 1), strict=True)",
        "WorkCalendar.of('CN', tz='Asia/Tokyo')",
        "WorkCalendar.of('US', subdiv='MA', tz='America/New_York')",
        "china().amend(rest_days=[datetime.date(2026, 3, 2)], source='停业公告').amend("
        "makeup_workdays=[datetime.date(2026, 3, 7)], source='停业公告', name='补班')",
    ],
)
def test_a_calendar_prints_as_the_call_that_makes_it(written: str) -> None:
    calendar = eval(written, {"china": china, "WorkCalendar": WorkCalendar, "datetime": datetime_module})
    assert repr(calendar) == written


def test_a_calendar_that_no_short_call_makes_says_what_it_covers() -> None:
    notice = CalendarNotice(year=2027, number="later", issued_on=date(2026, 11, 1))
    covered = "<WorkCalendar CN, 2004-01-01 to 2099-12-31, official through 2027-12-31"
    assert repr(china(notices=[notice], known_on=date(2026, 12, 1))) == f"{covered}>"
    assert repr(china(notices=[notice], known_on=date(2026, 12, 1), strict=True)) == f"{covered}, strict>"
    of_a_day = WorkCalendar.from_dict({**china(known_on=date(2026, 6, 1)).to_dict(), "tz": "Asia/Tokyo"})
    assert repr(of_a_day).startswith("<WorkCalendar CN, ")


def test_a_calendar_loses_nothing_and_equals_nothing_else() -> None:
    calendar = unasked()
    with pytest.raises(AttributeError, match="tz cannot be deleted"):
        del calendar.tz
    assert calendar != "CN"
    assert calendar == china()


def test_a_month_of_closed_days_is_looked_over_but_not_a_closure_without_end() -> None:
    hours, monday = OfficeHours("09:00-17:00; 周六 09:00-12:00; 周日 09:00-12:00"), datetime(2026, 3, 2, 8)
    closed = [monday.date() + timedelta(n) for n in range(60)]
    until_the_last = china().amend(rest_days=closed[:-1], source="停业公告")
    assert hours.next_opening(monday, until_the_last) == datetime.combine(closed[-1], time(9))
    with pytest.raises(CalendarError) as refused:
        hours.next_opening(monday, china().amend(rest_days=closed, source="停业公告"))
    assert str(refused.value) == "no opening within 60 days of 2026-03-02T08:00:00"


def test_weekdays_may_be_written_out_in_english() -> None:
    assert str(OfficeHours("Monday to Thursday 9:00-17:00; Friday 9:00-16:00; Weekends 10:00-11:00")) == (
        "周一、周二、周三、周四 09:00-17:00; 周五 09:00-16:00; 周六、周日 10:00-11:00"
    )


class Missing(datetime):
    """As data frames write a missing moment: a datetime that differs from itself."""

    __hash__ = datetime.__hash__

    def __ne__(self, other: object) -> bool:
        return True


def test_a_missing_moment_is_no_day_and_true_is_no_year() -> None:
    with pytest.raises(CalendarError, match="a date is needed, and this moment is missing"):
        china().is_workday(Missing(2026, 3, 2))
    with pytest.raises(CalendarError, match="a year is needed, not True"):
        china().year(True)


def test_days_apart_are_told_apart_and_days_in_a_row_as_one() -> None:
    local = china().amend(rest_days=[date(2026, 8, 3), date(2026, 8, 5), date(2026, 8, 6)], source="停业公告", name="停业")
    lines = local.month(2026, 8).to_text("en").splitlines()
    assert [line for line in lines if "停业" in line] == ["2026-08-03 R 停业 (停业公告)", "2026-08-05 to 2026-08-06 R 停业 (停业公告)"]
    assert [line for line in local.month(2026, 8).to_text().splitlines() if "停业" in line] == [
        "8月3日 休 停业（停业公告）",
        "8月5日至6日 休 停业（停业公告）",
    ]


def test_a_mid_autumn_beside_national_day_is_one_holiday_with_it() -> None:
    law = law_for(2025, None)
    october = {festival.name: festival for festival in festivals(2025, law)}["中秋节、国庆节"]
    assert october.first == date(2025, 10, 1)
    assert sorted(october.days) == [date(2025, 10, day) for day in (1, 2, 3, 6)]
    assert october.granted == 4
    assert [festival.name for festival in festivals(2025, law)][-2:] == ["端午节", "中秋节、国庆节"]
    apart = {festival.name: festival.first for festival in festivals(2024, law)}
    assert (apart["中秋节"], apart["国庆节"]) == (date(2024, 9, 17), date(2024, 10, 1))


def test_a_moment_on_a_rest_day_is_counted_from_its_day() -> None:
    assert china().add_workdays(datetime(2026, 2, 16, 10), 1) == china().add_workdays(date(2026, 2, 16), 1) == date(2026, 2, 24)


def test_a_day_outside_the_calendar_has_no_due_day_among_those_of_a_column() -> None:
    numpy = pytest.importorskip("numpy")
    calendar = china()
    begins, ends = calendar.first.toordinal(), calendar.last.toordinal()
    starts = [begins - 1, begins, date(2026, 2, 13).toordinal(), ends, ends + 1]
    epoch = date(1970, 1, 1).toordinal()
    due, found = workdays_of(calendar).due(numpy.array(starts, dtype=numpy.int32) - epoch, 5, None)
    assert found.tolist() == [False, True, True, False, False]
    assert [date.fromordinal(int(day) + epoch) for day in due[1:3]] == [
        calendar.add_workdays(calendar.first, 5),
        calendar.add_workdays(date(2026, 2, 13), 5),
    ]


def test_a_local_rest_day_that_nobody_names_has_no_name() -> None:
    local = china().amend(rest_days=[date(2026, 8, 3), date(2026, 10, 10)], source="停业公告")
    assert (local.day(date(2026, 8, 3)).kind, local.day(date(2026, 8, 3)).name) == ("holiday", None)
    assert local.day(date(2026, 10, 10)).name == "国庆节", "it keeps the name it had as a make-up workday"


BASE = CalendarNotice(year=2097, number="1号", issued_on=date(2096, 11, 1), rest_days=((date(2097, 1, 1), "元旦"),))


@pytest.mark.parametrize("turned", [False, True])
def test_an_amendment_issued_on_the_day_of_its_notice_goes_over_it(turned: bool) -> None:
    amendment = CalendarNotice(
        year=2097, number="2号", issued_on=BASE.issued_on, amends="1号", makeup_workdays=((date(2097, 1, 5), "元旦"),)
    )
    calendar = china(notices=[amendment, BASE] if turned else [BASE, amendment])
    assert calendar.day(date(2097, 1, 5)).source == "1号; 2号"
    assert not calendar.is_workday(date(2097, 1, 1))


@pytest.mark.parametrize(
    ("year", "amends", "beside"),
    [
        (2097, "国办发明电〔2025〕7号", ()),  # the notice of another year
        (2097, "2号", ()),  # itself
        (2098, "3号", ("3号", "2号")),  # only amendments, each of the other
    ],
)
def test_an_amendment_changes_a_notice_of_its_own_year(year: int, amends: str, beside: tuple[str, ...]) -> None:
    notices = [BASE, CalendarNotice(year=year, number="2号", issued_on=date(2096, 12, 1), amends=amends)]
    if beside:
        notices.append(CalendarNotice(year=year, number=beside[0], issued_on=date(2096, 12, 1), amends=beside[1]))
    with pytest.raises(CalendarError, match=f"it amends .*, which is no notice of {year}"):
        china(notices=notices)


def test_calendars_are_equal_where_notices_and_the_day_they_were_known_on_are() -> None:
    assert china() != china(known_on=date(2026, 11, 20)), "the same notices, and later statutes would be left out"
    assert china(notices=[BASE]) != china()
    assert china(notices=[BASE]) == WorkCalendar.from_dict(china(notices=[BASE]).to_dict())


def test_an_ordinary_day_of_an_amended_year_rests_on_its_first_notice() -> None:
    amended = china().day(date(2020, 6, 10))
    assert (amended.kind, amended.source) == ("workday", china(known_on=date(2020, 1, 20)).day(date(2020, 6, 10)).source)


@pytest.mark.parametrize(("day", "fits"), [((2029, 11, 30), False), ((2029, 12, 1), True), ((2030, 12, 31), True), ((2031, 1, 1), False)])
def test_a_notice_names_days_of_its_year_and_of_december_before(day: tuple[int, int, int], fits: bool) -> None:
    def notice() -> CalendarNotice:
        return CalendarNotice(year=2030, number="1号", issued_on=date(2029, 11, 1), rest_days=((date(*day), "元旦"),))

    if fits:
        assert notice().rest_days[0][0] == date(*day)
    else:
        with pytest.raises(CalendarError):
            notice()


def test_a_forecast_cites_the_regulation_as_it_stood() -> None:
    assert china().day(date(2030, 10, 1)).source.startswith("预测：全国年节及纪念日放假办法（国务院令第795号）")
    assert china(known_on=date(2013, 6, 1)).day(date(2014, 10, 1)).source.startswith("预测：全国年节及纪念日放假办法（国务院令第513号）")
    assert law_for(2004, date(1999, 1, 1)).order == 270, "before any order was published, the first that the package knows"


def test_each_statutory_day_on_a_weekend_takes_a_working_day_of_its_own() -> None:
    saturday, sunday, monday = (date(2032, 5, 1), "a"), (date(2032, 5, 2), "b"), (date(2032, 5, 3), "c")
    assert list(substitutes([saturday, sunday])) == [(date(2032, 5, 3), "a"), (date(2032, 5, 4), "b")]
    assert list(substitutes([saturday, sunday, monday])) == [(date(2032, 5, 4), "a"), (date(2032, 5, 5), "b")]
    assert list(substitutes([(date(2032, 4, 30), "x"), saturday])) == [(date(2032, 5, 3), "a")]
    assert list(substitutes([monday])) == []


def test_years_before_the_notices_are_as_they_were_known() -> None:
    """The notice of 2006 made 31 December 2005 a working day; before 2006 nobody knew."""
    unknown, known = china(known_on=date(2005, 12, 30)), china(known_on=date(2006, 1, 1))
    assert [calendar.is_workday(date(2005, 12, 31)) for calendar in (unknown, known)] == [False, True]
    made_up = [day.date for day in unknown.days(date(2005, 1, 1), date(2005, 12, 31)) if day.kind == "makeup_workday"]
    assert made_up
    assert made_up == [day.date for day in known.days(date(2005, 1, 1), date(2005, 12, 30)) if day.kind == "makeup_workday"]
    rests = [
        [day.date for day in calendar.days(date(2005, 1, 1), date(2005, 12, 31)) if day.kind == "holiday"] for calendar in (unknown, known)
    ]
    assert rests[0] == rests[1]
    assert {day.name for day in known.days(date(2005, 10, 1), date(2005, 10, 7))} == {"国庆节"}
