"""When an alarm is seen, to the moment: shares of days and hours, amounts before and after, pauses at every near place."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest

from govservice import china, clocks, load_rulebook
from govservice.clockwork.alarms import alarm_time
from govservice.deadlines import deadline
from govservice.limits import TimeLimit

CALENDAR = china()
START = date(2026, 3, 2)  # a Monday
TEN = datetime(2026, 3, 2, 10)
DAY = timedelta(days=1)
LUNCH = "09:00-12:00 13:00-17:00"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00")


def seen(limit: str, start: date, *, share: str = "", before: str = "", after: str = "", by_hour: bool = False, **options: object) -> date:
    amount = TimeLimit.parse(before or after) if before or after else None
    return alarm_time(
        deadline(limit, start, CALENDAR, **options),
        share=Fraction(share) if share else None,
        before=amount if before else None,
        after=amount if after else None,
        by_hour=by_hour,
    )


def test_a_share_of_hours_counts_the_hours_they_are_extended_by() -> None:
    assert seen("4小时", TEN, share="1/2") == moment("03-02T12:00")
    assert seen("4小时", TEN, share="1/2", extensions=["2小时"]) == moment("03-02T13:00")
    assert seen("4小时", TEN, share="1/2", extensions=["1个工作日"]) == moment("03-02T12:00")
    assert seen("4小时", TEN, share="0") == moment("03-02T10:00")


def test_a_share_of_hours_is_of_office_time_and_outside_pauses() -> None:
    assert seen("8小时", datetime(2026, 3, 2, 15), share="3/4", hours=LUNCH) == moment("03-03T14:00")
    assert seen("8小时", TEN, share="3/4", pauses=[(TEN + timedelta(hours=1), TEN + timedelta(hours=3))]) == moment("03-02T18:00")


def test_a_share_that_is_no_whole_microsecond_is_seen_once_it_is_reached() -> None:
    hour = 3_600_000_000
    assert seen("1小时", TEN, share="1/7") == moment("03-02T10:00") + timedelta(microseconds=hour // 7 + 1)
    assert seen("1个工作日", START, share="1/7", by_hour=True) == moment("03-03T00:00") + timedelta(microseconds=24 * hour // 7 + 1)
    assert seen("1个工作日", START, share="6/7", by_hour=True) == moment("03-03T00:00") + timedelta(microseconds=6 * 24 * hour // 7 + 1)
    assert seen("1个工作日", START, share="1/11", by_hour=True, hours=LUNCH) == moment("03-03T09:00") + timedelta(
        microseconds=7 * hour // 11 + 1
    )


def test_a_share_of_days_is_a_counted_day() -> None:
    assert seen("4个工作日", START, share="1/2") == date(2026, 3, 4)
    assert seen("4个工作日", START, share="0") == date(2026, 3, 3), "the first counted day"
    assert seen("4个工作日", START, share="1/2", by_hour=True) == date(2026, 3, 4), "a whole number of days is over with its last day"
    assert seen("4个工作日", START, share="5/8", by_hour=True) == moment("03-05T12:00"), "half of the third day"
    assert seen("4个工作日", START, share="5/8", by_hour=True, hours=LUNCH) == moment("03-05T13:30")
    assert seen("当天", START, share="1/2") == START, "of no counted day, the due day"


def test_an_amount_of_hours_before_a_day_is_counted_from_its_end() -> None:
    assert seen("5个工作日", START, before="24小时") == moment("03-09T00:00")
    assert seen("5个工作日", START, before="90分钟") == moment("03-09T22:30")
    assert seen("8小时", TEN, before="2小时") == moment("03-02T16:00")


def test_an_amount_of_hours_before_a_day_is_not_seen_before_the_start() -> None:
    assert seen("1个工作日", START, before="24小时") == moment("03-03T00:00")
    assert seen("1个工作日", START, before="999小时") == moment(f"{START:%m-%d}T00:00")
    assert seen("当天", TEN, before="72小时", rest_day_same_day="next") == moment("03-02T10:00")


@pytest.mark.parametrize(("first", "last", "at"), [(6, 6, 7), (5, 7, 8), (6, 8, 9), (4, 6, 7), (5, 5, None), (7, 7, None)])
def test_an_amount_of_hours_before_that_lies_in_a_pause_is_seen_when_the_pause_is_over(first: int, last: int, at: int | None) -> None:
    options = {"pauses": [(date(2026, 3, first), date(2026, 3, last))], "roll": "none"}
    due = deadline("6个自然日", START, CALENDAR, **options).due_on
    to_noon_of_the_sixth = f"{((due - date(2026, 3, 6)).days + 1) * 24 - 12}小时"
    expected = moment("03-06T12:00") if at is None else moment(f"03-0{at}T00:00")
    assert seen("6个自然日", START, before=to_noon_of_the_sixth, **options) == expected


@pytest.mark.parametrize("unit", ["个工作日", "个自然日"])
def test_an_amount_of_days_before_is_counted_back_outside_pauses(unit: str) -> None:
    for first, length, count in product(range(-1, 9), (0, 2), (1, 2, 3)):
        pause = (START + first * DAY, START + (first + length) * DAY)
        answer = deadline("5个工作日", START, CALENDAR, pauses=[pause])
        day, left = answer.due_on, count
        while left:
            day -= DAY
            left -= not pause[0] <= day <= pause[1] and (unit == "个自然日" or CALENDAR.is_workday(day))
        day = max(day, START)
        while pause[0] <= day <= pause[1] and day > START:
            day += DAY
        assert seen("5个工作日", START, before=f"{count}{unit}", pauses=[pause]) == day, (pause, count)


def test_a_part_of_a_day_before_or_after_counts_as_a_day() -> None:
    assert seen("5个工作日", START, before="0.5个工作日") == date(2026, 3, 6)
    assert seen("5个工作日", START, after="0.5个工作日") == date(2026, 3, 11)
    assert seen("5个工作日", START, after="1.5个自然日") == date(2026, 3, 12)


def test_an_amount_after_is_first_seen_on_the_next_day_or_at_the_moment() -> None:
    assert seen("5个工作日", START, after="0个工作日") == date(2026, 3, 10)
    assert alarm_time(deadline("5个工作日", START, CALENDAR), share=None, before=None, after=None) == date(2026, 3, 10)
    assert seen("5个工作日", START, after="2小时") == moment("03-10T02:00")
    assert seen("4小时", TEN, after="2小时") == moment("03-02T16:00")
    assert seen("4小时", TEN, after="0个工作日") == moment("03-02T14:00")
    assert seen("4小时", TEN, after="1个工作日") == date(2026, 3, 4)
    assert seen("4小时", TEN, after="6个自然日") == date(2026, 3, 9)
    assert seen("5个工作日", START, after="2个自然日", pauses=[(date(2026, 3, 11), date(2026, 3, 20))]) == date(2026, 3, 12)


OUTRIGHT = """
rulebook: outright
conventions: {first_day: excluded, roll: forward, ends: day}
tables: {cases: {wanted_at: moment}}
clocks:
  wanted:
    about: cases
    due: wanted_at
    starts: accepted_at
    stops: closed_at
    alarms:
      - {signal: hour, before: 1 小时}
      - {signal: day, before: 1 工作日}
      - {signal: days, before: 2 自然日}
      - {signal: due, after: 0}
      - {signal: late, after: 90 分钟}
      - {signal: later, after: 1 工作日}
"""


def test_alarms_about_a_moment_given_outright(tmp_path):
    """Thursday 7 May 2026 at noon; 9 May is a Saturday that is worked, and an amount of days after is seen on the day after it."""
    path = tmp_path / "outright.yaml"
    path.write_text(OUTRIGHT, encoding="utf-8")
    case = {"accepted_at": "2026-04-30 15:30", "wanted_at": "2026-05-07 12:00"}
    (reading,) = clocks(case, load_rulebook(path), now="2026-05-07 11:30", only=["wanted"])
    found = {alarm.signal: (str(alarm.at)[:16], alarm.raised, alarm.undecided) for alarm in reading.alarms}
    assert found == {
        "hour": ("2026-05-07 11:00", True, ()),
        "day": ("2026-05-06", True, ()),
        "days": ("2026-05-05", True, ()),
        "due": ("2026-05-07 12:00", False, ()),
        "late": ("2026-05-07 13:30", False, ()),
        "later": ("2026-05-09", False, ()),
    }
    assert reading.explain("en").splitlines()[1] == "due 2026-05-07 12:00"
