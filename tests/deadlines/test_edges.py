"""At the edges of pauses, days and offices: every near case, walked step by step, the plain way."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from govservice import china
from govservice.calendars import OfficeHours
from govservice.calendars.rearranged import possible_arrangements, supposing
from govservice.counting.asked import later
from govservice.counting.elapsed import elapsed
from govservice.counting.recomputing import asked_again
from govservice.deadlines import Deadline, Step, deadline, recompute
from govservice.errors import DeadlineError
from govservice.limits import TimeLimit

DAY = timedelta(days=1)
CALENDAR = china(known_on=date(2026, 6, 1))  # of 2027 nothing is announced
WEEK = [date(2026, 4, 27) + n * DAY for n in range(7)]  # Monday to Sunday; the Friday begins the labour days, Saturday 9 May is made up


# -- days


def walked(start: date, count: int, counts: Callable[[date], bool], *, included: bool) -> list[date]:
    """The first days that count, one day after another; of none, the one it ends on is the first that would, from the start on."""
    day = start if included or not count else start + DAY
    found: list[date] = []
    while len(found) < max(count, 1):
        if counts(day):
            found.append(day)
        day += DAY
    return found


def span(start: date, first: int, length: int) -> tuple[date, date]:
    """A pause that begins so many days from the start."""
    return start + first * DAY, start + (first + length) * DAY


def days_of(pauses: Collection[tuple[date, date]]) -> set[date]:
    return {first + n * DAY for first, last in pauses for n in range((last - first).days + 1)}


def counted(unit: str, start: date, count: int, paused: set[date], *, included: bool) -> list[date]:
    """The days that a limit counts."""
    return walked(start, count, lambda day: day not in paused and (unit != "workday" or CALENDAR.is_workday(day)), included=included)


def check(unit: str, start: date, count: int, pauses: list[tuple[date, date]], first_day: str) -> None:
    paused, limit, case = days_of(pauses), TimeLimit(count, unit), (start, count, pauses, first_day)
    options: dict[str, Any] = {"pauses": pauses, "first_day": first_day}
    days = counted(unit, start, count, paused, included=first_day == "included")
    plain = deadline(limit, start, CALENDAR, roll="none", **options)
    assert plain.due == days[-1], case
    assert [step.date for step in plain.steps if step.counted] == days[: count or 0], case
    rolled = walked(days[-1], 0, lambda day: CALENDAR.is_workday(day) and day not in paused, included=False)
    assert [deadline(limit, start, CALENDAR, **options).due] == rolled, case


@pytest.mark.parametrize("unit", ["workday", "natural_day"])
@pytest.mark.parametrize("first_day", ["excluded", "included"])
def test_wherever_a_pause_lies_the_days_in_it_do_not_count(unit: str, first_day: str) -> None:
    for start, first, length, count in product(WEEK[1:5:3], range(-3, 9), (0, 1, 3), (0, 1, 2, 4)):
        check(unit, start, count, [span(start, first, length)], first_day)


@pytest.mark.parametrize("unit", ["workday", "natural_day"])
def test_however_two_pauses_lie_to_each_other_the_days_in_either_do_not_count(unit: str) -> None:
    start = WEEK[0]
    for one, other, length, count in product(range(-1, 6), range(8), (0, 2), (0, 1, 3)):
        check(unit, start, count, [span(start, one, 2), span(start, other, length)], "excluded")


# -- hours

HALF_HOUR = timedelta(minutes=30)
LUNCH = OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00")
STARTS = [datetime.fromisoformat(f"2026-{text}") for text in ("04-30T08:00", "04-30T11:30", "04-30T12:30", "04-30T17:00", "05-09T10:00")]


def ticked(start: datetime, ticks: int, runs: Callable[[datetime], bool]) -> list[datetime]:
    """The half hours in which the clock runs."""
    found: list[datetime] = []
    at = start
    while len(found) < ticks:
        if runs(at):
            found.append(at)
        at += HALF_HOUR
    return found


def office_runs(at: datetime) -> bool:
    return CALENDAR.is_workday(at) and LUNCH.is_open(at, CALENDAR)


@pytest.mark.parametrize("hours", [None, LUNCH])
def test_wherever_pauses_lie_the_clock_stands_still_in_them(hours: OfficeHours | None) -> None:
    running = office_runs if hours else lambda _: True
    for start, first, length, again, ticks in product(STARTS, range(-2, 14, 2), (0, 1, 5), (0, 3), (1, 2, 7)):
        begin = start + first * HALF_HOUR
        pauses = [(begin, begin + length * HALF_HOUR)]
        if again:  # within the first, touching it, or after it
            pauses.append((begin + again * HALF_HOUR, begin + (again + 1) * HALF_HOUR))
        expected = ticked(start, ticks, lambda at, pauses=pauses: running(at) and not any(one <= at < end for one, end in pauses))
        answer = deadline(TimeLimit(30 * ticks, "minute"), start, CALENDAR, hours=hours, pauses=pauses)
        assert answer.due.replace(tzinfo=None) == expected[-1] + HALF_HOUR, (start, pauses, ticks)
        told = [at for step in answer.steps if step.counted for at in half_hours(step)]
        assert told == expected, (start, pauses, ticks)


def half_hours(step: Step) -> list[datetime]:
    assert step.from_at is not None
    assert step.until_at is not None
    return [step.from_at.replace(tzinfo=None) + n * HALF_HOUR for n in range((step.until_at - step.from_at) // HALF_HOUR)]


def test_no_time_at_all_ends_as_soon_as_the_clock_could_run() -> None:
    nothing, monday = TimeLimit(0, "hour"), datetime(2026, 3, 2, 10)
    pauses = [(monday, monday + HALF_HOUR)]
    assert deadline(nothing, monday, CALENDAR).due.replace(tzinfo=None) == monday
    assert deadline(nothing, monday, CALENDAR, pauses=pauses).due.replace(tzinfo=None) == monday + HALF_HOUR
    closing = deadline(nothing, datetime(2026, 3, 2, 17), CALENDAR, hours=LUNCH)
    assert closing.due.replace(tzinfo=None) == datetime(2026, 3, 3, 9), "the closing moment is outside"


# -- how much is used


@pytest.mark.parametrize("unit", ["workday", "natural_day"])
@pytest.mark.parametrize("first_day", ["excluded", "included"])
def test_what_is_used_and_left_are_the_days_that_count(unit: str, first_day: str) -> None:
    for start, first, length, again, count in product(WEEK[1:5:3], range(-3, 5), (0, 2), (0, 2, 4), (1, 4)):
        pauses = [span(start, first, length), span(start, first + again, 1)]
        answer = deadline(TimeLimit(count, unit), start, CALENDAR, pauses=pauses, first_day=first_day, roll="none")
        days = counted(unit, start, count, days_of(pauses), included=first_day == "included")
        for until in (start + n * DAY for n in range(-2, 10)):
            used = sum(day <= until for day in days)
            over = sum(unit != "workday" or CALENDAR.is_workday(day) for day in days_of([(answer.due_on + DAY, until)]))
            assert elapsed(answer, until) == (used, count - used, over), (start, pauses, count, until)


@pytest.mark.parametrize("hours", [None, LUNCH])
def test_the_hours_used_left_and_over_are_those_that_ran(hours: OfficeHours | None) -> None:
    runs = office_runs if hours else lambda _: True
    start = datetime(2026, 4, 30, 15)
    pauses = [(start + 3 * HALF_HOUR, start + 5 * HALF_HOUR)]
    answer = deadline("4小时", start, CALENDAR, hours=hours, pauses=pauses)
    due = answer.due.replace(tzinfo=None)
    for until in (start + n * HALF_HOUR for n in range(-2, 500, 7)):
        ran = [start + n * HALF_HOUR for n in range(520) if start + (n + 1) * HALF_HOUR <= until and runs(start + n * HALF_HOUR)]
        used = sum(at < due and not any(first <= at < last for first, last in pauses) for at in ran)
        over = sum(at >= due for at in ran)
        assert elapsed(answer, until) == (Fraction(used, 2), Fraction(8 - used, 2), Fraction(over, 2)), until
    assert elapsed(answer, start.date()) == elapsed(answer, datetime(2026, 5, 1)), "of a day the whole counts"


def test_days_in_two_of_three_pauses_are_left_out_once() -> None:
    pauses = [span(WEEK[0], first, length) for first, length in ((1, 0), (4, 5), (6, 1))]
    answer = deadline("10个自然日", WEEK[0], CALENDAR, pauses=pauses, roll="none")
    assert answer.due == WEEK[0] + 17 * DAY
    assert elapsed(answer, WEEK[0] + 12 * DAY) == (5, 5, 0)


@pytest.mark.parametrize("first_day", ["excluded", "included"])
def test_what_must_be_done_the_same_day_uses_no_day(first_day: str) -> None:
    answer = deadline("当天", WEEK[0], CALENDAR, first_day=first_day)
    assert elapsed(answer, WEEK[0]) == (0, 0, 0)
    assert elapsed(answer, WEEK[2]) == (0, 0, 2)


def test_a_deadline_read_back_knows_no_calendar_to_measure_by() -> None:
    read_back = Deadline.from_dict(deadline("5个工作日", WEEK[0], CALENDAR).to_dict())
    with pytest.raises(DeadlineError) as refused:
        elapsed(read_back, WEEK[2])
    assert str(refused.value) == "this deadline was read back and no longer knows its calendar"


# -- what is given


def test_a_moment_without_an_offset_is_compared_on_the_others_clock() -> None:
    nine, eight_in_shanghai, two_in_london = datetime(2026, 3, 2, 9), "2026-03-02T08:00+08:00", "2026-03-02T02:00+00:00"
    aware, other = datetime.fromisoformat(eight_in_shanghai), datetime.fromisoformat(two_in_london)
    assert later(nine, aware)
    assert not later(aware, nine)
    assert later(other, aware)
    assert not later(aware, other)
    assert later(nine, other)
    assert later(nine, nine.replace(hour=8))
    assert not later(nine, nine)


@pytest.mark.parametrize("reason", [None, ""])
def test_a_pause_without_a_reason_is_told_without_one(reason: str | None) -> None:
    pause = span(WEEK[0], 1, 1)
    answer = deadline("3个工作日", WEEK[0], CALENDAR, pauses=[(*pause, reason)])
    assert answer.explain() == deadline("3个工作日", WEEK[0], CALENDAR, pauses=[pause]).explain()
    assert [step.reason.en for step in answer.steps if step.paused] == ["paused", "paused"]


def test_before_the_law_of_2008_a_deadline_has_a_range_all_the_same() -> None:
    answer = deadline("20个工作日", date(2006, 12, 20), china(known_on=date(2006, 6, 1)))
    assert not answer.official
    assert answer.earliest <= answer.due_on <= answer.latest


@pytest.mark.parametrize("limit", ["10个自然日", "当场"])
def test_a_closing_time_of_an_unannounced_day_is_not_official(limit: str) -> None:
    """A Saturday's hours are those of a working day where the notice makes it one."""
    saturday = date(2021, 2, 20)
    start = saturday if limit == "当场" else date(2021, 2, 10)
    asked: dict[str, Any] = {"ends": "close", "roll": "none", "hours": LUNCH}
    before = deadline(limit, start, china(known_on=date(2020, 11, 1)), **asked)
    after = deadline(limit, start, china(known_on=date(2020, 12, 1)), **asked)
    assert (before.due.replace(tzinfo=None), before.official) == (datetime(2021, 2, 20, 12), False)
    assert (after.due.replace(tzinfo=None), after.official) == (datetime(2021, 2, 20, 17), True)
    (moved,) = recompute([before], china(known_on=date(2020, 12, 1)))
    assert (moved.days, moved.text()) == (0, "0: 2021-02-20 12:00 (provisional) -> 2021-02-20 17:00")
    assert moved.text("zh") == "0：2021-02-20 12:00（暂定）改为2021-02-20 17:00"
    at_midnight = deadline(limit, start, china(known_on=date(2020, 11, 1)), roll="none")
    assert at_midnight.official, "a natural day ends at 24:00 whatever it is"


def test_three_things_are_no_pair_of_an_id_and_a_deadline() -> None:
    with pytest.raises(DeadlineError, match="no deadline: "):
        recompute([("A", deadline("5个工作日", WEEK[0], CALENDAR), 1)], CALENDAR)  # type: ignore[list-item]


def test_the_range_is_that_of_every_combination_of_arrangements() -> None:
    """Qingming and labour day of 2027, each arranged in every way."""
    start = date(2027, 3, 31)
    answer = deadline("20个工作日", start, CALENDAR)
    holidays = possible_arrangements(CALENDAR, start, answer.due_on + 10 * DAY)
    assert len(holidays) == 2
    due = {deadline("20个工作日", start, supposing(CALENDAR, chosen)).due_on for chosen in product(*holidays)}
    assert (answer.earliest, answer.latest) == (min(due), max(due))


def test_what_notices_fix_has_no_range_even_where_past_notices_moved_such_days() -> None:
    """New Year's Day of 2019 was a Tuesday, as that of 2008, whose notice made 31 December a rest day."""
    answer = deadline("1个工作日", date(2018, 12, 28), china(known_on=date(2018, 6, 1)))
    assert (answer.official, answer.due_on) == (True, date(2018, 12, 31))
    assert answer.earliest == answer.latest == answer.due_on
    assert answer.warnings


def test_a_deadline_made_by_hand_has_no_range() -> None:
    answer = deadline("20个工作日", date(2027, 3, 31), CALENDAR)
    bare = Deadline(answer.limit, answer.start, answer.due, answer.due_on, answer.due_at, official=False)
    assert bare.earliest == bare.latest == bare.due_on
    assert (bare.steps, bare.asked, bare.backward) == ((), {}, False)


# -- what is told


def test_working_days_on_which_the_office_has_not_opened_yet_are_told() -> None:
    steps = deadline("1个工作日", datetime(2026, 3, 2, 10), CALENDAR, hours="周三 09:00-12:00", ends="same_time").steps
    assert [(step.date.day, step.counted, step.reason.en) for step in steps][:2] == [
        (2, False, "the start is outside office hours: it starts at the next opening"),
        (3, False, "not yet open"),
    ]


def test_a_pause_over_rest_days_is_told_once_a_day_and_as_a_pause() -> None:
    pauses = [(date(2026, 3, 7), date(2026, 3, 8))]
    told = [
        (step.date.day, step.counted, step.paused)
        for step in deadline("4小时", datetime(2026, 3, 6, 16), CALENDAR, pauses=pauses, hours=LUNCH).steps
    ]
    assert told == [(6, True, False), (7, False, True), (8, False, True), (9, True, False)]


def test_a_start_that_is_counted_is_told_once() -> None:
    steps = deadline("2个工作日", WEEK[0], CALENDAR, first_day="included").steps
    assert [(step.date.day, step.counted) for step in steps] == [(27, True), (28, True)]


def test_an_extension_counts_in_the_range_as_it_does_in_the_deadline() -> None:
    extended, plain = (
        deadline("5个工作日", date(2027, 3, 31), CALENDAR, extensions=["20个工作日"]),
        deadline("25个工作日", date(2027, 3, 31), CALENDAR),
    )
    assert (extended.earliest, extended.due_on, extended.latest) == (plain.earliest, plain.due_on, plain.latest)
    assert extended.earliest < extended.latest


def test_a_start_that_moves_within_its_day_is_told_once() -> None:
    steps = deadline("1个工作日", datetime(2026, 3, 2, 7), CALENDAR, hours=LUNCH, ends="same_time").steps
    assert [(step.date.day, step.counted) for step in steps] == [(2, False), (3, True)]


def test_office_hours_move_a_start_only_where_the_limit_ends_at_its_clock_time() -> None:
    saturday = datetime(2026, 3, 7, 18)
    assert deadline("1个工作日", saturday, CALENDAR, hours="09:00-17:00").due == date(2026, 3, 9)
    assert deadline("1个工作日", saturday, CALENDAR, hours="09:00-17:00", ends="close").due_on == date(2026, 3, 9)
    assert deadline("1个工作日", saturday, CALENDAR, hours="09:00-17:00", ends="same_time").due_on == date(2026, 3, 10)
    assert deadline("1小时", saturday, CALENDAR, hours="09:00-17:00", ends="same_time").due.hour == 10


def test_a_part_of_a_working_day_is_office_time_only_where_the_limit_ends_at_a_clock_time() -> None:
    ten = datetime(2026, 3, 2, 10)
    assert deadline("0.5个工作日", ten, CALENDAR, hours=LUNCH).due == date(2026, 3, 3)
    assert deadline("0.5个工作日", ten, CALENDAR, hours=LUNCH, ends="same_time").due.replace(tzinfo=None) == datetime(2026, 3, 2, 14, 30)


def test_a_limit_in_hours_tells_the_rest_days_from_its_start_on() -> None:
    steps = deadline("1小时", datetime(2026, 3, 7, 18), CALENDAR, hours=LUNCH, ends="same_time").steps
    assert [(step.date.day, step.counted) for step in steps] == [(7, False), (8, False), (9, True)]


def test_the_day_itself_of_an_unannounced_year_is_not_official_where_a_rest_day_would_move_it() -> None:
    monday, before = date(2021, 2, 22), china(known_on=date(2020, 11, 1))
    assert not deadline("当天", monday, before).official
    assert deadline("当场", monday, before).official, "on the spot is the day itself, whatever it is"


@pytest.mark.parametrize("more", ["1个工作日", "0.5个工作日"])
def test_what_is_extended_from_the_end_of_a_day_ends_with_a_day(more: str) -> None:
    on_the_spot = deadline("当场", datetime(2026, 3, 7, 10), CALENDAR, ends="same_time", extensions=[more])
    assert on_the_spot.due == date(2026, 3, 9), "without office hours the first ends with its day and not at a clock time"


@pytest.mark.parametrize(("which", "due"), [("both", 13), ("first", 12), ("last", 12), ("neither", 11)])
def test_which_ends_of_a_pause_are_uncounted_may_be_said(which: str, due: int) -> None:
    pauses = [(date(2026, 3, 4), date(2026, 3, 6))]
    answer = deadline("6个工作日", date(2026, 3, 2), pauses=pauses, pause_days=which)  # type: ignore[arg-type]
    assert answer.due == date(2026, 3, due)
    assert sum(step.counted for step in answer.steps) == 6
    assert recomputed(answer) == answer.due


def recomputed(answer: Deadline) -> object:
    return asked_again(Deadline.from_dict(answer.to_dict()), china()).due


def test_a_pause_of_one_day_is_none_where_one_of_its_ends_counts() -> None:
    pauses = [(date(2026, 3, 4), date(2026, 3, 4))]
    found = [deadline("2个工作日", date(2026, 3, 2), pauses=pauses, pause_days=which).due_on.day for which in ("both", "first", "neither")]  # type: ignore[arg-type]
    assert found == [5, 4, 4]


def test_moments_that_end_a_pause_of_hours_are_what_they_are() -> None:
    pauses = [(datetime(2026, 3, 2, 10), datetime(2026, 3, 2, 12))]
    assert deadline("2小时", datetime(2026, 3, 2, 9), pauses=pauses, pause_days="neither").due_at.hour == 13


def test_an_extension_may_count_on_from_before_the_end_rolled() -> None:
    # 10 natural days from 25 February end on a Saturday, which rolls to Monday 9 March
    options = {"limit": "10个自然日", "start": date(2026, 2, 25), "extensions": ["5个自然日"]}
    assert deadline(**options).due == date(2026, 3, 16)  # 14, a Saturday, rolls
    answer = deadline(**options, extension_from="unrolled")
    assert answer.due == date(2026, 3, 12)
    walked = [step.date for step in answer.steps]
    assert walked == sorted(set(walked))
    assert sum(step.counted for step in answer.steps) == 15
    assert recomputed(answer) == answer.due


def test_office_time_on_a_rest_day_may_count() -> None:
    start = datetime(2026, 3, 6, 16, 0)
    hours = "09:00-12:00 13:00-17:00; 周六 09:00-12:00"
    assert deadline("2小时", start, hours=hours).due.isoformat() == "2026-03-09T10:00:00+08:00"
    answer = deadline("2小时", start, hours=hours, rest_day_hours="counted")
    assert answer.due.isoformat() == "2026-03-07T10:00:00+08:00"
    assert all(step.counted for step in answer.steps)
    assert recomputed(answer) == answer.due
