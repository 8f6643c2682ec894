"""Laws of counting working days, for any day and any number."""

from datetime import date, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from govservice import china
from govservice.calendars import CalendarNotice, WorkCalendar
from govservice.calendars.notice import shipped_notices

CALENDARS = (
    china(),
    china(known_on=date(2020, 1, 20)),
    china().amend(rest_days=[date(2017, 4, 1)], makeup_workdays=[date(2017, 4, 8)], source="广西 2017"),
    WorkCalendar.of("AE"),  # a weekend that moved from Friday and Saturday to Saturday and Sunday
)
calendars = st.sampled_from(CALENDARS)
days = st.dates(date(2006, 1, 1), date(2030, 12, 31))
numbers = st.integers(-400, 400)


def walked(calendar: WorkCalendar, day: date, n: int) -> date:
    """The meaning: one day after another."""
    step = timedelta(1 if n >= 0 else -1)
    while n == 0 and not calendar.day(day).is_workday:
        day += step
    left = abs(n)
    while left:
        day += step
        left -= calendar.day(day).is_workday
    return day


@given(calendars, days, st.integers(-60, 60))
@settings(deadline=None)
def test_adding_is_a_walk_from_day_to_day(calendar: WorkCalendar, day: date, n: int) -> None:
    assert calendar.add_workdays(day, n) == walked(calendar, day, n)


@given(calendars, days, st.integers(1, 400))
@settings(deadline=None)
def test_adding_then_counting_gives_the_number(calendar: WorkCalendar, day: date, n: int) -> None:
    assert calendar.workdays_between(day, calendar.add_workdays(day, n)) == n


@given(calendars, days, st.integers(0, 400))
@settings(deadline=None)
def test_going_back_undoes_from_a_working_day(calendar: WorkCalendar, day: date, n: int) -> None:
    assume(calendar.is_workday(day))
    assert calendar.add_workdays(calendar.add_workdays(day, n), -n) == day


@given(calendars, days, days, numbers)
@settings(deadline=None)
def test_a_later_start_is_never_due_earlier(calendar: WorkCalendar, a: date, b: date, n: int) -> None:
    first, last = sorted((a, b))
    assert calendar.add_workdays(first, n) <= calendar.add_workdays(last, n)


@given(calendars, days, st.integers(1, 400), st.integers(1, 400))
@settings(deadline=None)
def test_more_days_are_due_later_and_adding_goes_on(calendar: WorkCalendar, day: date, m: int, n: int) -> None:
    assert calendar.add_workdays(day, m) < calendar.add_workdays(day, m + n) == calendar.add_workdays(calendar.add_workdays(day, m), n)


@given(calendars, days, days, days)
@settings(deadline=None)
def test_counts_add_up_and_turn_their_sign(calendar: WorkCalendar, a: date, b: date, c: date) -> None:
    count = calendar.workdays_between
    assert count(a, b) + count(b, c) == count(a, c)
    assert count(a, b) == -count(b, a)


@given(calendars, days, st.integers(0, 90))
@settings(deadline=None)
def test_the_lists_agree_with_the_single_questions(calendar: WorkCalendar, first: date, length: int) -> None:
    last = first + timedelta(length)
    listed = list(calendar.days(first, last))
    assert [day.date for day in listed if day.is_workday] == list(calendar.workdays(first, last))
    assert len(calendar.workdays(first, last)) == calendar.workdays_between(first - timedelta(1), last)
    assert [day.is_workday for day in listed] == [calendar.is_workday(day.date) for day in listed]
    assert [day.official for day in listed] == [calendar.is_official(day.date) for day in listed]


@given(calendars, days)
@settings(deadline=None)
def test_the_nearest_working_days_enclose_the_day(calendar: WorkCalendar, day: date) -> None:
    before, after = calendar.previous_workday(day), calendar.next_workday(day)
    assert before <= day <= after
    assert (before == day == after) is calendar.is_workday(day)
    assert not calendar.workdays(before + timedelta(1), after - timedelta(1))


@given(st.dates(date(2005, 1, 1), date(2026, 11, 20)), days)
@settings(deadline=None)
def test_what_was_known_does_not_change_when_a_later_notice_comes(known_on: date, day: date) -> None:
    """`known_on` never looks ahead: a notice issued the day after, about a year not yet announced, changes no answer."""
    year = china().official_through.year + 1
    rest_days = ((date(year, 3, 3), "x"), (date(year - 1, 12, 31), "x"))
    later = CalendarNotice(year=year, number="later", issued_on=known_on + timedelta(1), rest_days=rest_days)
    assert china(known_on=known_on, notices=[later]).day(day) == china(known_on=known_on).day(day)


@given(st.sampled_from(sorted(shipped_notices(), key=lambda notice: notice.issued_on)), st.integers(1, 40), days)
@settings(deadline=None)
def test_nothing_of_a_notice_shows_before_it_is_issued(notice: CalendarNotice, days_before: int, day: date) -> None:
    """Between two notices the calendar stands still, and before a notice none of its days cites it."""
    known_on = notice.issued_on - timedelta(days_before)
    assert notice.cite not in china(known_on=known_on).day(day).source
    issued = [other.issued_on for other in shipped_notices()]
    still = known_on.year == notice.issued_on.year and not any(known_on < other < notice.issued_on for other in issued)
    reform = any(known_on < change < notice.issued_on for change in (date(2007, 12, 14), date(2013, 12, 11), date(2024, 11, 10)))
    if still and not reform:
        assert china(known_on=known_on).day(day) == china(known_on=notice.issued_on - timedelta(1)).day(day)


@given(st.sets(days, max_size=6), st.sets(days, max_size=6), days)
@settings(deadline=None)
def test_a_local_notice_changes_its_days_and_no_other(off: set[date], on: set[date], other: date) -> None:
    assume(off | on)
    on -= off
    national = china()
    before = [national.day(day) for day in sorted(off | on | {other})]
    local = national.amend(rest_days=off, makeup_workdays=on, source="本地通知")
    assert not any(local.is_workday(day) for day in off)
    assert all(local.is_workday(day) for day in on)
    assert {local.day(day).source for day in off | on} == {"本地通知"}
    assert [national.day(day) for day in sorted(off | on | {other})] == before
    if other not in off | on:
        assert local.day(other) == national.day(other)
    back = local.amend(
        rest_days=[day for day in off | on if not national.is_workday(day)],
        makeup_workdays=[day for day in off | on if national.is_workday(day)],
        source="撤销",
    )
    assert [back.is_workday(day) for day in off | on] == [national.is_workday(day) for day in off | on]
