"""A limit counted back from a day to come: the mirror image of one counted forward, explained day by day, kept and asked again."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice import OfficeHours, china, deadline
from govservice.calendars import WorkCalendar
from govservice.deadlines import Deadline, deadlines_to_ics, recompute
from govservice.errors import DeadlineError
from govservice.limits import TimeLimit
from govservice.strategies import days, limits, moments

CALENDAR = china(known_on=date(2026, 6, 1))
SPAN = {"calendar": CALENDAR, "min_date": date(2018, 1, 1), "max_date": date(2027, 6, 30)}
WORKDAYS = limits(units=["workday"], max_value=60, parts=False)
NATURAL_DAYS = limits(units=["natural_day"], max_value=90, parts=False)
MONTHS = limits(units=["month"], max_value=15)
OPTIONS = st.fixed_dictionaries({"first_day": st.sampled_from(["excluded", "included"]), "roll": st.sampled_from(["none", "backward"])})
OFFICE = OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00")


def back(limit: Any, start: Any, calendar: WorkCalendar = CALENDAR, **options: Any) -> Deadline:
    return deadline(limit, start, calendar, backward=True, **options)


@pytest.mark.parametrize(
    ("limit", "start", "options", "due"),
    [
        ("7个自然日", date(2026, 10, 21), {}, date(2026, 10, 14)),
        ("7个自然日", date(2026, 10, 21), {"first_day": "included"}, date(2026, 10, 15)),
        ("10个自然日", date(2026, 3, 11), {}, date(2026, 3, 1)),  # a Sunday: nothing rolls
        ("10个自然日", date(2026, 3, 11), {"roll": "backward"}, date(2026, 2, 28)),  # a make-up Saturday
        ("5个工作日", date(2026, 2, 26), {}, date(2026, 2, 12)),
        ("0.5个工作日", date(2026, 2, 26), {}, date(2026, 2, 25)),
        ("0个工作日", date(2026, 3, 1), {}, date(2026, 2, 28)),
        ("1个月", date(2026, 3, 31), {}, date(2026, 2, 28)),
        ("1个月", date(2026, 3, 15), {"first_day": "included"}, date(2026, 2, 16)),
        ("1年", date(2024, 2, 29), {}, date(2023, 2, 28)),
        ("48小时", datetime(2026, 3, 9, 9, 0), {}, datetime(2026, 3, 7, 9, 0)),
        ("4小时", datetime(2026, 3, 9, 10, 0), {"hours": OFFICE}, datetime(2026, 3, 6, 14, 0)),
        ("4小时", datetime(2026, 3, 9, 10, 0), {"hours": OFFICE, "rest_day_hours": "counted"}, datetime(2026, 3, 7, 9, 0)),
        ("2个工作日", datetime(2026, 3, 9, 10, 0), {"ends": "same_time"}, datetime(2026, 3, 5, 10, 0)),
        ("2个工作日", date(2026, 3, 9), {"ends": "close", "hours": OFFICE}, datetime(2026, 3, 5, 17, 0)),
        ("1个工作日", datetime(2026, 3, 9, 20, 0), {"ends": "same_time", "hours": OFFICE}, datetime(2026, 3, 6, 17, 0)),
        ("0.5个工作日", datetime(2026, 3, 9, 10, 0), {"ends": "same_time", "hours": OFFICE}, datetime(2026, 3, 6, 14, 30)),
    ],
)
def test_the_last_day_in_time_is_counted_back(limit: str, start: Any, options: Any, due: Any) -> None:
    answer = back(limit, start, china(), **options)
    found = answer.due.replace(tzinfo=None) if isinstance(answer.due, datetime) else answer.due
    assert found == due
    assert answer.steps[-1].date == answer.due_on


def test_hours_counted_back_look_at_the_calendar_only_where_the_office_has_hours() -> None:
    start = datetime(2027, 3, 10, 10)  # of 2027 nothing is announced
    round_the_clock, in_the_office = back("4小时", start), back("4小时", start, hours=OFFICE)
    assert (round_the_clock.official, round_the_clock.warnings) == (True, ())
    assert (in_the_office.official, [warning.en for warning in in_the_office.warnings]) == (
        False,
        ["it reaches days that no published notice fixes yet: make-up workdays and moved rest days may change it"],
    )


def mirrored(calendar: WorkCalendar, first: date, last: date, about: date) -> WorkCalendar:
    """A calendar whose days are those of another, turned about a day."""
    span = [first + timedelta(n) for n in range((last - first).days + 1)]
    turned = {about + (about - day): calendar.is_workday(day) for day in span}
    rest = [day for day, worked in turned.items() if not worked and calendar.is_workday(day)]
    made_up = [day for day, worked in turned.items() if worked and not calendar.is_workday(day)]
    return calendar.amend(rest_days=rest, makeup_workdays=made_up, source="turned about")


@given(WORKDAYS | NATURAL_DAYS, days(calendar=CALENDAR, min_date=date(2021, 1, 1), max_date=date(2023, 12, 31)), OPTIONS)
def test_counting_back_is_counting_forward_in_a_mirror(limit: TimeLimit, start: date, options: dict[str, Any]) -> None:
    turned = mirrored(CALENDAR, start - timedelta(200), start + timedelta(200), start)
    forward = deadline(limit, start, turned, **{**options, "roll": "forward" if options["roll"] == "backward" else "none"})
    answer = back(limit, start, **options)
    assert start - answer.due == forward.due - start  # type: ignore[operator]
    assert [(start - step.date, step.counted) for step in answer.steps] == [(step.date - start, step.counted) for step in forward.steps]


@given(WORKDAYS | NATURAL_DAYS, days(**SPAN))
def test_counting_forward_again_undoes_it(limit: TimeLimit, start: date) -> None:
    if limit.unit == "workday" and not CALENDAR.is_workday(start):
        start = CALENDAR.add_workdays(start, 1)
    assert deadline(limit, back(limit, start).due, CALENDAR, roll="none").due == start


@given(limits(units=["hour"], max_value=120), moments(**SPAN), st.booleans())
def test_hours_counted_back_run_forward_to_where_they_began(limit: TimeLimit, start: datetime, office: bool) -> None:
    hours = OFFICE if office else None
    answer = back(limit, start, hours=hours)
    within = OFFICE.is_open(start, CALENDAR) and OFFICE.is_open(start - timedelta(minutes=1), CALENDAR)
    if limit.value and (not office or (within and CALENDAR.is_workday(start.date()))):
        assert deadline(limit, answer.due, CALENDAR, hours=hours).due == answer.start
    ran = sum(((step.until_at - step.from_at) for step in answer.steps if step.counted and step.from_at and step.until_at), timedelta(0))
    assert ran == timedelta(hours=float(limit.value))


@given(WORKDAYS | NATURAL_DAYS | MONTHS, days(**SPAN), OPTIONS, st.integers(1, 10))
def test_a_later_start_or_a_shorter_limit_is_never_due_earlier(limit: TimeLimit, start: date, options: dict[str, Any], more: int) -> None:
    assert back(limit, start, **options).due <= back(limit, start + timedelta(more), **options).due
    assert back(TimeLimit(limit.value + more, limit.unit), start, **options).due <= back(limit, start, **options).due


@given(MONTHS, days(**SPAN))
def test_a_month_back_whose_first_day_counts_ends_a_day_later_than_one_whose_first_day_does_not(limit: TimeLimit, start: date) -> None:
    included, excluded = (back(limit, start, first_day=first, roll="none").due for first in ("included", "excluded"))
    assert included == excluded + timedelta(1 if limit.value else 0)


@pytest.mark.parametrize("start", [date(2018, 3, 28), date(2018, 3, 29), date(2018, 3, 31)])
def test_where_a_month_back_lacks_the_day_its_last_stands_for_it(start: date) -> None:
    assert back("1个月", start, roll="none").due == date(2018, 2, 28)
    assert back("1个月", start, roll="none", first_day="included").due == date(2018, 3, 1)


@given(WORKDAYS | NATURAL_DAYS | MONTHS, days(**SPAN), OPTIONS)
def test_the_walk_goes_back_day_by_day_to_the_due_day(limit: TimeLimit, start: date, options: dict[str, Any]) -> None:
    answer = back(limit, start, **options)
    walked = [step.date for step in answer.steps]
    assert walked == sorted(set(walked), reverse=True)
    assert walked[-1] == answer.due_on
    assert len(walked) == (walked[0] - walked[-1]).days + 1
    assert answer.earliest <= answer.due_on <= answer.latest


def test_it_is_told_and_drawn_and_kept() -> None:
    answer = back("3个工作日", date(2026, 2, 26), china())
    assert answer.explain("zh").splitlines() == [
        "2026-02-26之前3个工作日：最迟2026-02-14",
        "2026-02-26 周四  -  起始日不计入",
        "2026-02-25 周三  +  第1个工作日（共3个）〔国办发明电〔2025〕7号〕",
        "2026-02-24 周二  +  第2个工作日（共3个）〔国办发明电〔2025〕7号〕",
        *answer.explain("zh").splitlines()[4:-1],
        "2026-02-14 周六  +  第3个工作日（共3个），补班日〔国办发明电〔2025〕7号〕",
    ]
    assert answer.explain().splitlines()[0] == "3 workdays before 2026-02-26: by 2026-02-14"
    assert "2026-02-14" in answer.to_html()
    for kept in (Deadline.from_dict(answer.to_dict()), pickle.loads(pickle.dumps(answer))):
        assert kept == answer
        assert kept.explain() == answer.explain()
        assert kept.to_html() == answer.to_html()
    assert b"20260214" in deadlines_to_ics([("听证通知", answer)])


def test_a_notice_that_arrives_moves_it() -> None:
    before = back("20个工作日", date(2021, 2, 26), china(known_on=date(2020, 11, 1)))
    assert not before.official
    assert before.earliest <= before.due_on <= before.latest
    (moved,) = recompute([before], china())
    assert moved.after.due_on == back("20个工作日", date(2021, 2, 26), china()).due_on
    assert moved.after.backward


@pytest.mark.parametrize(
    ("limit", "options", "message"),
    [
        ("当天", {}, "same day cannot be counted back; write days or hours, or count forward"),
        (
            "5个工作日",
            {"pauses": [(date(2026, 3, 2), date(2026, 3, 3))]},
            "a limit that is counted back is not paused; move the day it is counted back from",
        ),
        (
            "5个工作日",
            {"extensions": ["1个工作日"]},
            "a limit that is counted back is not extended; give the whole limit, or move the day it is counted back from",
        ),
        ("5个工作日", {"backward": False, "roll": "backward"}, 'roll="backward" is for a limit that is counted back; add backward=True'),
        ("100年", {"start": date(50, 1, 1)}, "100 years before 0050-01-01 begin before the year 1"),
    ],
)
def test_what_has_no_meaning_counted_back_is_refused(limit: str, options: dict[str, Any], message: str) -> None:
    given_ = {"backward": True, "start": date(2026, 3, 9), **options}
    with pytest.raises(DeadlineError) as caught:
        deadline(limit, calendar=CALENDAR, **given_)
    assert str(caught.value) == message
