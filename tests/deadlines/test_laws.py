"""What holds of every deadline: laws, checked on drawn limits, starts, pauses and extensions."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from govservice.calendars import OfficeHours, china
from govservice.deadlines import Deadline, deadline
from govservice.limits import TimeLimit

CALENDAR = china(known_on=date(2026, 6, 1))
AROUND_HOLIDAYS = st.dates(date(2025, 9, 20), date(2025, 10, 12)) | st.dates(date(2026, 2, 10), date(2026, 3, 1))
DAYS = st.dates(date(2018, 1, 1), date(2027, 6, 30)) | AROUND_HOLIDAYS
MOMENTS = st.builds(datetime.combine, DAYS, st.times())
WORKDAYS = st.integers(0, 60).map(lambda n: TimeLimit(n, "workday"))
NATURAL_DAYS = st.integers(0, 90).map(lambda n: TimeLimit(n, "natural_day"))
MONTHS = st.integers(0, 15).map(lambda n: TimeLimit(n, "month"))
YEARS = st.integers(0, 3).map(lambda n: TimeLimit(n, "year"))
IN_DAYS = WORKDAYS | NATURAL_DAYS | MONTHS | YEARS
HOURS = st.integers(0, 12_000).map(lambda n: TimeLimit(n / 100, "hour"))
OPTIONS = st.fixed_dictionaries({"first_day": st.sampled_from(["excluded", "included"]), "roll": st.sampled_from(["forward", "none"])})
OFFICE = OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00")


@st.composite
def pauses_near(draw: st.DrawFn, start: date) -> list[tuple[date, date]]:
    offsets = draw(st.lists(st.tuples(st.integers(-5, 40), st.integers(0, 15)), max_size=4))
    return [(start + timedelta(days=first), start + timedelta(days=first + length)) for first, length in offsets]


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(DAYS)
    return {
        "limit": draw(IN_DAYS),
        "start": start,
        "pauses": draw(pauses_near(start)),
        "extensions": draw(st.lists(IN_DAYS.filter(lambda limit: limit.value > 0), max_size=2)),
        **draw(OPTIONS),
    }


def asked(history: dict[str, Any]) -> Deadline:
    return deadline(calendar=CALENDAR, **history)


@given(histories())
def test_the_walk_day_by_day_ends_where_the_arithmetic_does(history: dict[str, Any]) -> None:
    answer = asked(history)
    assert answer.steps[-1].date == answer.due_on == answer.due
    days = [step.date for step in answer.steps]
    assert days == sorted(set(days))
    # no day is passed over: from the first day told to the due day each stands there once
    assert len(days) == (days[-1] - days[0]).days + 1


@given(histories())
def test_no_counted_day_is_in_a_pause_and_counted_working_days_are_worked(history: dict[str, Any]) -> None:
    answer = asked(history)
    for step in answer.steps:
        if step.counted:
            assert not any(first <= step.date <= last for first, last in history["pauses"])
            if history["limit"].unit == "workday" and not history["extensions"]:
                assert CALENDAR.is_workday(step.date)


@given(WORKDAYS | NATURAL_DAYS, DAYS.flatmap(lambda day: st.tuples(st.just(day), pauses_near(day))), OPTIONS)
def test_the_counted_days_are_the_limit(limit: TimeLimit, case: tuple[date, list[tuple[date, date]]], options: dict[str, Any]) -> None:
    answer = deadline(limit, case[0], CALENDAR, pauses=case[1], **options)
    assert sum(step.counted for step in answer.steps) == limit.value


@given(WORKDAYS | NATURAL_DAYS, DAYS, st.integers(1, 10), st.data(), OPTIONS)
def test_a_later_start_never_ends_earlier(limit: TimeLimit, start: date, later: int, data: st.DataObject, options: dict[str, Any]) -> None:
    pauses = data.draw(pauses_near(start))
    first = deadline(limit, start, CALENDAR, pauses=pauses, **options)
    second = deadline(limit, start + timedelta(days=later), CALENDAR, pauses=pauses, **options)
    assert first.due <= second.due


@given(MONTHS | YEARS, DAYS, st.integers(1, 40), OPTIONS)
def test_a_later_start_never_ends_a_month_earlier(limit: TimeLimit, start: date, later: int, options: dict[str, Any]) -> None:
    assert deadline(limit, start, CALENDAR, **options).due <= deadline(limit, start + timedelta(days=later), CALENDAR, **options).due


@given(histories(), st.integers(1, 10))
def test_a_longer_limit_never_ends_earlier(history: dict[str, Any], more: int) -> None:
    limit: TimeLimit = history["limit"]
    history["extensions"] = []
    longer = asked({**history, "limit": TimeLimit(limit.value + more, limit.unit)})
    assert asked(history).due <= longer.due


@given(histories(), st.data())
def test_a_pause_never_shortens(history: dict[str, Any], data: st.DataObject) -> None:
    # a month counted on from a later day can be a shorter month, so months are asked alone
    if any(extension.unit in ("month", "year") for extension in history["extensions"]):
        history["extensions"] = []
    another = data.draw(pauses_near(history["start"]))
    assert asked(history).due <= asked({**history, "pauses": history["pauses"] + another}).due


@given(histories())
def test_the_order_of_pauses_says_nothing(history: dict[str, Any]) -> None:
    assert asked(history).due == asked({**history, "pauses": history["pauses"][::-1]}).due


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
    drawn = data.draw(st.lists(st.tuples(st.integers(-3, 20), st.integers(0, 9)), max_size=3))
    pauses = [(start + timedelta(hours=3 * after), start + timedelta(hours=3 * after + length)) for after, length in drawn]
    answer = deadline(limit, start, CALENDAR, hours=hours, pauses=pauses)
    told = [step for step in answer.steps if step.counted and step.from_at is not None and step.until_at is not None]
    ran = sum(((step.until_at or start).astimezone(UTC) - (step.from_at or start).astimezone(UTC) for step in told), timedelta(0))
    assert ran == timedelta(microseconds=int(limit.value * 3_600_000_000))
    if told:
        assert told[-1].until_at == answer.due
    for step in told:
        for first, last in pauses:
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


@settings(max_examples=40)
@given(histories())
def test_every_answer_survives_json_and_pickle(history: dict[str, Any]) -> None:
    answer = asked(history)
    for copy in (Deadline.from_dict(json.loads(json.dumps(answer.to_dict()))), pickle.loads(pickle.dumps(answer))):
        assert copy == answer
        assert copy.steps == answer.steps
        assert copy.explain("zh") == answer.explain("zh")
