"""What holds of every deadline: laws, checked on drawn limits, starts, pauses and extensions."""

import json
import pickle
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from govservice.calendars import CalendarNotice, OfficeHours, china
from govservice.deadlines import Deadline, deadline
from govservice.limits import TimeLimit
from govservice.strategies import CaseHistory, case_histories, days, limits, moments, pauses

CALENDAR = china(known_on=date(2026, 6, 1))
NEXT = china().official_through.year + 1  # the first year without a notice
SPAN = {"calendar": CALENDAR, "min_date": date(2018, 1, 1), "max_date": date(2027, 6, 30)}
DAYS = days(**SPAN)
MOMENTS = moments(**SPAN)
WORKDAYS = limits(units=["workday"], max_value=60, parts=False)
NATURAL_DAYS = limits(units=["natural_day"], max_value=90, parts=False)
MONTHS = limits(units=["month"], max_value=15)
YEARS = limits(units=["year"], max_value=3)
IN_DAYS = WORKDAYS | NATURAL_DAYS | MONTHS | YEARS
HOURS = limits(units=["hour"], max_value=120)
OPTIONS = st.fixed_dictionaries({"first_day": st.sampled_from(["excluded", "included"]), "roll": st.sampled_from(["forward", "none"])})
OFFICE = OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00")
HISTORIES = case_histories(max_pauses=4, stopped=False, **SPAN)


@given(HISTORIES, OPTIONS)
def test_the_walk_day_by_day_ends_where_the_arithmetic_does(history: CaseHistory, options: dict[str, Any]) -> None:
    answer = history.deadline(CALENDAR, **options)
    assert answer.steps[-1].date == answer.due_on == answer.due
    days = [step.date for step in answer.steps]
    assert days == sorted(set(days))
    # no day is passed over: from the first day told to the due day each stands there once
    assert len(days) == (days[-1] - days[0]).days + 1


@given(HISTORIES, OPTIONS)
def test_no_counted_day_is_in_a_pause_and_counted_working_days_are_worked(history: CaseHistory, options: dict[str, Any]) -> None:
    answer = history.deadline(CALENDAR, **options)
    for step in answer.steps:
        if step.counted:
            assert not any(first <= step.date <= last for first, last in history.pauses)
            if history.limit.unit == "workday" and not history.extensions:
                assert CALENDAR.is_workday(step.date)


@given(case_histories(limits=WORKDAYS | NATURAL_DAYS, max_extensions=0, **SPAN), OPTIONS)
def test_the_counted_days_are_the_limit(history: CaseHistory, options: dict[str, Any]) -> None:
    assert sum(step.counted for step in history.deadline(CALENDAR, **options).steps) == history.limit.value


@given(case_histories(limits=WORKDAYS | NATURAL_DAYS, max_extensions=0, **SPAN), st.integers(1, 10), OPTIONS)
def test_a_later_start_never_ends_earlier(history: CaseHistory, later: int, options: dict[str, Any]) -> None:
    second = replace(history, start=history.start + timedelta(days=later))
    assert history.deadline(CALENDAR, **options).due <= second.deadline(CALENDAR, **options).due


@given(MONTHS | YEARS, DAYS, st.integers(1, 40), OPTIONS)
def test_a_later_start_never_ends_a_month_earlier(limit: TimeLimit, start: date, later: int, options: dict[str, Any]) -> None:
    assert deadline(limit, start, CALENDAR, **options).due <= deadline(limit, start + timedelta(days=later), CALENDAR, **options).due


@given(case_histories(max_pauses=4, max_extensions=0, **SPAN), st.integers(1, 10), OPTIONS)
def test_a_longer_limit_never_ends_earlier(history: CaseHistory, more: int, options: dict[str, Any]) -> None:
    longer = replace(history, limit=TimeLimit(history.limit.value + more, history.limit.unit))
    assert history.deadline(CALENDAR, **options).due <= longer.deadline(CALENDAR, **options).due


@given(HISTORIES, st.data(), OPTIONS)
def test_a_pause_never_shortens(history: CaseHistory, data: st.DataObject, options: dict[str, Any]) -> None:
    # a month counted on from a later day can be a shorter month, so months are asked alone
    if any(extension.unit in ("month", "year") for extension in history.extensions):
        history = replace(history, extensions=())
    longer = replace(history, pauses=history.pauses + data.draw(pauses(history.start)))
    assert history.deadline(CALENDAR, **options).due <= longer.deadline(CALENDAR, **options).due


@given(HISTORIES)
def test_the_order_of_pauses_says_nothing(history: CaseHistory) -> None:
    assert history.deadline(CALENDAR).due == replace(history, pauses=history.pauses[::-1]).deadline(CALENDAR).due


@given(st.integers(1, 60), DAYS)
def test_counting_back_from_the_due_day_undoes(count: int, start: date) -> None:
    due = deadline(TimeLimit(count, "workday"), start, CALENDAR).due_on
    assert CALENDAR.workdays_between(start, due) == count
    assert CALENDAR.is_workday(due)
    before = CALENDAR.add_workdays(due, -count)
    assert before <= start
    assert CALENDAR.workdays_between(before, start) == 0


@given(WORKDAYS | NATURAL_DAYS, st.integers(1, 30), DAYS)
def test_an_extension_in_the_limits_own_unit_is_a_longer_limit(limit: TimeLimit, more: int, start: date) -> None:
    if not limit.value:
        return
    extended = deadline(limit, start, CALENDAR, extensions=[TimeLimit(more, limit.unit)], roll="none")
    assert extended.due == deadline(TimeLimit(limit.value + more, limit.unit), start, CALENDAR, roll="none").due


@given(IN_DAYS | HOURS, MOMENTS)
def test_two_notations_of_one_limit_agree(limit: TimeLimit, start: datetime) -> None:
    assert deadline(str(limit), start, CALENDAR) == deadline(limit.text("en"), start, CALENDAR) == deadline(limit, start, CALENDAR)


@given(st.integers(0, 3), DAYS)
def test_a_year_is_twelve_months(years: int, start: date) -> None:
    assert deadline(TimeLimit(years, "year"), start, CALENDAR).due == deadline(TimeLimit(12 * years, "month"), start, CALENDAR).due


@given(IN_DAYS, DAYS, st.times(), OPTIONS)
def test_the_clock_time_of_the_start_does_not_move_the_due_day(limit: TimeLimit, start: date, clock: Any, options: dict[str, Any]) -> None:
    assert deadline(limit, datetime.combine(start, clock), CALENDAR, **options).due == deadline(limit, start, CALENDAR, **options).due


@given(HOURS, MOMENTS, st.data())
def test_the_stretches_that_ran_are_the_limit(limit: TimeLimit, start: datetime, data: st.DataObject) -> None:
    hours = data.draw(st.sampled_from([None, OFFICE]))
    paused = data.draw(pauses(start))
    answer = deadline(limit, start, CALENDAR, hours=hours, pauses=paused)
    told = [step for step in answer.steps if step.counted and step.from_at is not None and step.until_at is not None]
    ran = sum(((step.until_at or start).astimezone(UTC) - (step.from_at or start).astimezone(UTC) for step in told), timedelta(0))
    assert ran == timedelta(microseconds=int(limit.value * 3_600_000_000))
    if told:
        assert told[-1].until_at == answer.due
    for step in told:
        for first, last in paused:
            assert step.until_at is not None
            assert step.from_at is not None
            assert step.until_at.replace(tzinfo=None) <= first or step.from_at.replace(tzinfo=None) >= last or first == last


@given(MOMENTS, HOURS, st.integers(1, 500))
def test_hours_are_monotone_too(start: datetime, limit: TimeLimit, minutes: int) -> None:
    for hours in (None, OFFICE):
        due = deadline(limit, start, CALENDAR, hours=hours).due_at
        assert due <= deadline(limit, start + timedelta(minutes=minutes), CALENDAR, hours=hours).due_at
        assert due <= deadline(TimeLimit(limit.value + 1, "hour"), start, CALENDAR, hours=hours).due_at


@given(MOMENTS, st.integers(1, 30))
def test_the_same_clock_time_is_kept_and_lies_in_office_hours(start: datetime, count: int) -> None:
    answer = deadline(TimeLimit(count, "workday"), start, CALENDAR, hours=OFFICE, ends="same_time")
    opened = OFFICE.next_opening(start, CALENDAR)
    assert answer.due_at.time() == opened.time()
    assert CALENDAR.workdays_between(opened.date(), answer.due_on) == count


@settings(max_examples=40, deadline=None)
@given(HISTORIES)
def test_every_answer_survives_json_and_pickle(history: CaseHistory) -> None:
    answer = history.deadline(CALENDAR)
    for copy in (Deadline.from_dict(json.loads(json.dumps(answer.to_dict()))), pickle.loads(pickle.dumps(answer))):
        assert copy == answer
        assert copy.steps == answer.steps
        assert copy.explain("zh") == answer.explain("zh")


@settings(max_examples=40, deadline=None)
@given(
    case_histories(stopped=False, min_date=date(2024, 1, 1)),
    st.sets(st.dates(date(NEXT - 1, 12, 1), date(NEXT, 12, 31)), min_size=1),
    st.data(),
)
def test_what_is_known_on_a_day_never_looks_ahead(history: CaseHistory, rest: set[date], data: st.DataObject) -> None:
    issued_on = date(NEXT - 1, 11, 18)
    notice = CalendarNotice(year=NEXT, number="1号", issued_on=issued_on, rest_days=tuple((day, "休息") for day in sorted(rest)))
    known_on = data.draw(st.dates(date(2023, 1, 1), issued_on - timedelta(days=1)))
    then = history.deadline(china(known_on=known_on))
    assert history.deadline(china(known_on=known_on, notices=[notice])) == then
    # a notice issued later leaves alone what was official by then, but for the December before its year
    if then.official and then.due_on.month != 12:
        assert history.deadline(china(notices=[notice])).due == then.due
