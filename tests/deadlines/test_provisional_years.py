"""What a deadline says of a year that no notice fixes yet: the days it can fall on, by how past years were arranged."""

import json
import pickle
from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govservice import WorkCalendar, china
from govservice.calendars import CalendarNotice
from govservice.calendars.notice import shipped_notices
from govservice.calendars.patterns import FORECAST, Festival, Pattern, festivals, laid_over, past_patterns
from govservice.calendars.rearranged import possible_arrangements, supposing
from govservice.calendars.statutory import law_for
from govservice.deadlines import Deadline, deadline

KNOWN = date(2026, 6, 1)
CALENDAR = china(known_on=KNOWN)
ISSUED = {notice.year: notice.issued_on for notice in shipped_notices() if notice.amends is None}


def weekdays(days: frozenset[date]) -> int:
    return sum(day.weekday() < 5 for day in days)


def test_an_official_deadline_falls_on_its_day_alone() -> None:
    due = deadline("5个工作日", date(2026, 3, 2), CALENDAR)
    assert due.earliest == due.latest == due.due_on == date(2026, 3, 9)
    elsewhere = deadline("5个工作日", date(2031, 3, 3), WorkCalendar.of("US", subdiv="MA"))
    assert elsewhere.earliest == elsewhere.latest == elsewhere.due_on


def test_the_last_week_of_an_announced_december_is_official_and_keeps_its_day() -> None:
    due = deadline("3个工作日", date(2026, 12, 24), CALENDAR)
    assert (due.official, due.earliest, due.latest) == (True, due.due_on, due.due_on)
    assert due.warnings


def test_before_spring_festival_it_can_be_a_weekend_made_up_or_fall_behind_the_festival() -> None:
    due = deadline("20个工作日", date(2021, 1, 15), china(known_on=date(2020, 11, 1)))
    assert (due.earliest, due.due_on, due.latest) == (date(2021, 2, 10), date(2021, 2, 17), date(2021, 2, 19))
    assert due.earliest <= deadline("20个工作日", date(2021, 1, 15), china()).due_on <= due.latest


def test_the_explanation_tells_the_range_in_both_languages() -> None:
    due = deadline("20个工作日", date(2021, 1, 15), china(known_on=date(2020, 11, 1)))
    assert "注意：按历年放假安排推算，届满日在2021-02-10至2021-02-19之间" in due.explain("zh").splitlines()
    assert "note: by the arrangements of past years it can fall from 2021-02-10 to 2021-02-19" in due.explain("en").splitlines()
    still = deadline("5个工作日", date(2021, 3, 8), china(known_on=date(2020, 11, 1)))
    assert still.earliest == still.latest
    assert "注意：按历年放假安排推算，届满日均为此日" in still.explain("zh").splitlines()
    assert "note: however past years were arranged, it stays on this day" in still.explain("en").splitlines()


def test_of_seven_starts_the_real_due_day_lies_in_the_range_of_almost_all() -> None:
    """Each year as it stood the day before its notice; the misses are days that no yearly notice announced."""
    asked = as_issued = in_the_end = 0
    for year in range(2015, 2027):
        before, issued, real = china(known_on=ISSUED[year] - timedelta(1)), china(known_on=ISSUED[year]), china()
        for start in real.workdays(date(year - 1, 11, 20), date(year, 12, 31))[::7]:
            due = real.add_workdays(start, 20)
            guessed = deadline("20个工作日", start, before)
            if due.year != year or guessed.official:
                continue
            asked += 1
            as_issued += guessed.earliest <= issued.add_workdays(start, 20) <= guessed.latest
            in_the_end += guessed.earliest <= due <= guessed.latest
    assert asked > 400
    assert as_issued == asked
    assert in_the_end / asked > 0.97


@settings(max_examples=20, deadline=None)
@given(st.dates(date(2026, 11, 20), date(2028, 6, 1)), st.integers(1, 40), st.booleans())
def test_the_due_day_lies_in_the_range_and_a_copy_keeps_it(start: date, count: int, paused: bool) -> None:
    pauses = [(start + timedelta(3), start + timedelta(6))] if paused else []
    due = deadline(f"{count}个工作日", start, CALENDAR, pauses=pauses)
    assert due.earliest <= due.due_on <= due.latest
    for copy in (pickle.loads(pickle.dumps(due)), Deadline.from_dict(json.loads(json.dumps(due.to_dict())))):
        assert (copy.earliest, copy.latest) == (due.earliest, due.latest)
        assert copy.asked == due.asked


@pytest.mark.parametrize("start", [date(2027, 4, 2), date(2027, 4, 6), date(2027, 4, 8), date(2027, 8, 30), date(2027, 9, 9)])
def test_holiday_by_holiday_finds_what_every_combination_finds(start: date) -> None:
    due = deadline("20个工作日", start, CALENDAR)
    ways = possible_arrangements(CALENDAR, start, due.due_on + timedelta(14))
    assert len(ways) > 1
    found = [supposing(CALENDAR, chosen).add_workdays(start, 20) for chosen in product(*ways)]
    assert (due.earliest, due.latest) == (min(found), max(found))


def test_a_notice_not_yet_known_is_not_looked_at() -> None:
    year = china().official_through.year + 1
    later = CalendarNotice(
        year=year,
        number="1号",
        issued_on=date(year - 1, 11, 1),
        rest_days=tuple((date(year, 2, day), "春节") for day in range(1, 28)),
    )
    told = china(known_on=KNOWN, notices=[later])
    for start in (date(year, 1, 8), date(year + 1, 1, 8)):
        one, other = (deadline("20个工作日", start, calendar) for calendar in (CALENDAR, told))
        assert (one.earliest, one.due_on, one.latest) == (other.earliest, other.due_on, other.latest)


def test_local_days_stay_as_they_are() -> None:
    start = date(2027, 1, 11)
    local = CALENDAR.amend(rest_days=[date(2027, 1, day) for day in (12, 13, 14)], source="地方通知")
    plain, over = (deadline("3个工作日", start, calendar) for calendar in (CALENDAR, local))
    assert (plain.latest, over.earliest) == (date(2027, 1, 14), date(2027, 1, 19))


def test_months_and_same_day_limits_have_a_range_too() -> None:
    month = deadline("1个月", date(2027, 4, 1), CALENDAR)  # the matching day is labour day
    assert month.earliest <= month.due_on == date(2027, 5, 5) < month.latest
    same = deadline("当天", date(2027, 2, 12), CALENDAR, rest_day_same_day="next")
    assert same.due_on == date(2027, 2, 12) < same.latest
    # a rest day would be refused: the range speaks of what has an answer
    unsaid = deadline("当天", date(2027, 2, 12), CALENDAR)
    assert unsaid.earliest == unsaid.latest == unsaid.due_on


def test_where_the_calendar_ends_the_range_ends_with_it() -> None:
    due = deadline("3个工作日", date(2099, 12, 25), CALENDAR)
    assert due.earliest <= due.due_on <= due.latest <= CALENDAR.last
    assert datetime.combine(due.latest, datetime.min.time()) >= datetime(2099, 12, 25)


# How past notices are laid over a year


def test_every_notice_is_in_balance_but_for_days_given_in_an_emergency() -> None:
    """A yearly notice gives no working day away: weekdays off are the days that the law grants and one for each day made up."""
    for notice in shipped_notices():
        if notice.year < 2008 or notice.amends is not None:
            continue
        granted = sum(festival.granted for festival in festivals(notice.year, law_for(notice.year, None)))
        rest = frozenset(day for day, _ in notice.rest_days)
        assert weekdays(rest) - len(notice.makeup_workdays) == granted, notice.year


def test_an_amendment_counts_where_it_moved_days() -> None:
    patterns = past_patterns(notice for notice in shipped_notices() if notice.year in (2019, 2020))
    assert patterns["劳动节"][0] == Pattern(2, (0, 1, 2, 3), (-3, 4))  # as amended in March 2019
    assert patterns["春节"][1].rest == (-1, 0, 1, 2, 3, 4, 5)  # not the days added in January 2020


@given(st.integers(2025, 2060), st.data())
def test_an_arrangement_laid_over_a_year_is_in_balance(year: int, data: st.DataObject) -> None:
    patterns = past_patterns(shipped_notices())
    festival: Festival = data.draw(st.sampled_from(festivals(year, law_for(year, None))))
    pattern = data.draw(st.sampled_from(patterns[festival.name]))
    laid = list(laid_over(pattern, festival))
    assert laid
    for rest, makeup in laid:
        assert festival.days <= rest
        assert not rest & makeup
        assert all(day.weekday() >= 5 for day in makeup)
        assert weekdays(rest) - len(makeup) == festival.granted


def test_the_forecast_is_one_of_the_ways_and_mid_autumn_may_join_national_day() -> None:
    for ways in possible_arrangements(CALENDAR, date(2027, 1, 1), date(2028, 12, 31)):
        assert FORECAST in ways
    joint = {year for year in range(2008, 2027) if any(one.name == "中秋节、国庆节" for one in festivals(year, law_for(year, None)))}
    assert joint == {2009, 2012, 2017, 2020, 2023, 2025}


def test_the_same_arrangement_is_found_where_weekday_and_law_are_the_same() -> None:
    """2015 was arranged as 2009 was where the holiday fell on the same weekday."""
    known = china(known_on=ISSUED[2015] - timedelta(1))
    ways = possible_arrangements(known, date(2014, 12, 20), date(2015, 1, 10))
    new_year = {(tuple(sorted(way.rest)), tuple(sorted(way.worked))) for way in ways[0]}
    assert ((date(2015, 1, 2),), (date(2015, 1, 4),)) in new_year
