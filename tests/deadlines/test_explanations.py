"""The explanation of a deadline, whole and in both languages, as an applicant reads it."""

from datetime import date, datetime

import pytest

from govservice.calendars import WorkCalendar, china
from govservice.deadlines import Deadline, Step, deadline
from govservice.errors import Words
from govservice.limits import TimeLimit

CALENDAR = china(known_on=date(2026, 6, 1))
NOTICE = "国办发明电〔2025〕7号"


def test_working_days_with_a_make_up_day_a_pause_and_an_extension() -> None:
    pauses = [(date(2026, 2, 24), date(2026, 2, 24), Words("testing", "检测"))]
    answer = deadline("2个工作日", date(2026, 2, 12), CALENDAR, pauses=pauses, extensions=["1个工作日"])
    lines = answer.explain("en").splitlines()
    assert lines[:5] == [
        "2 workdays from 2026-02-12: due 2026-02-25",
        "2026-02-12 Thu  -  the day it starts is not counted [民法典 201]",
        f"2026-02-13 Fri  +  working day 1 of 2 [{NOTICE}]",
        f"2026-02-14 Sat  +  working day 2 of 2, make-up workday [{NOTICE}]",
        f"2026-02-15 Sun  -  extension 1 of 1 workday: rest day, 春节 [{NOTICE}]",
    ]
    assert lines[-2:] == [
        "2026-02-24 Tue  -  extension 1 of 1 workday: paused: testing",
        f"2026-02-25 Wed  +  extension 1 of 1 workday: working day 1 of 1 [{NOTICE}]",
    ]
    chinese = answer.explain("zh").splitlines()
    assert chinese[0] == "2个工作日，自2026-02-12起：2026-02-25届满"
    assert chinese[3] == f"2026-02-14 周六  +  第2个工作日（共2个），补班日〔{NOTICE}〕"
    assert chinese[-2:] == [
        "2026-02-24 周二  -  第1次延长1个工作日：中止：检测",
        f"2026-02-25 周三  +  第1次延长1个工作日：第1个工作日（共1个）〔{NOTICE}〕",
    ]
    assert str(answer) == answer.explain()


def test_a_last_day_that_rolls() -> None:
    answer = deadline("1个自然日", date(2026, 3, 6), CALENDAR)
    assert answer.explain("zh") == "\n".join(
        [
            "1个自然日，自2026-03-06起：2026-03-09届满",
            "2026-03-06 周五  -  起始日不计入〔民法典 201〕",
            "2026-03-07 周六  +  第1天（共1天）〔民法典 201〕",
            f"2026-03-08 周日  -  周末〔{NOTICE}〕",
            "2026-03-09 周一  -  末日为休息日，顺延至此日届满〔民法典 203〕",
        ]
    )


def test_a_month_says_which_limit_its_days_make_up() -> None:
    steps = deadline("1个月", date(2026, 1, 31), CALENDAR, roll="none").steps
    assert steps[-1] == Step(date(2026, 2, 28), True, Words("day 28 of 28 (1 month)", "第28天（共28天）（1个月）"), "民法典 202")


def test_hours_with_a_pause() -> None:
    pause = [(datetime(2026, 3, 2, 12, 0), datetime(2026, 3, 2, 12, 0, 30), "听证")]
    answer = deadline("13小时", datetime(2026, 3, 2, 11, 0), CALENDAR, pauses=pause)
    assert answer.explain() == "\n".join(
        [
            "13 hours from 2026-03-02 11:00: due 2026-03-03 00:00:30",
            "2026-03-02 Mon 11:00-12:00  +  the clock runs [民法典 201]",
            "2026-03-02 Mon 12:00-12:00:30  -  paused: 听证",
            "2026-03-02 Mon 12:00:30-24:00  +  the clock runs [民法典 201]",
            "2026-03-03 Tue 00:00-00:00:30  +  the clock runs [民法典 201]",
        ]
    )


def test_office_time_tells_rest_days_and_not_nights() -> None:
    answer = deadline("4小时", datetime(2026, 3, 6, 15, 0), CALENDAR, hours="09:00-17:00")
    assert answer.explain("zh") == "\n".join(
        [
            "4小时，自2026-03-06 15:00起：2026-03-09 11:00届满",
            "2026-03-06 周五 15:00-17:00  +  办公时间",
            f"2026-03-07 周六  -  周末〔{NOTICE}〕",
            f"2026-03-08 周日  -  周末〔{NOTICE}〕",
            "2026-03-09 周一 09:00-11:00  +  办公时间",
        ]
    )


def test_a_start_outside_office_hours_says_where_it_moved() -> None:
    answer = deadline("1个工作日", datetime(2026, 3, 6, 17, 0), CALENDAR, hours="09:00-17:00", ends="same_time")
    assert [(step.date.day, step.counted, step.reason.en) for step in answer.steps] == [
        (6, False, "the start is outside office hours: it starts at the next opening"),
        (7, False, "weekend"),
        (8, False, "weekend"),
        (9, False, "the day it starts is not counted"),
        (10, True, "working day 1 of 1"),
    ]


def test_a_pause_by_dates_is_told_in_full_and_once() -> None:
    pause = [(date(2026, 3, 7), date(2026, 3, 8), "检测")]
    running = deadline("24小时", datetime(2026, 3, 6, 12, 0), CALENDAR, pauses=pause).steps
    assert [step.text("zh") for step in running if not step.counted] == [
        "2026-03-07 周六 00:00-24:00  -  中止：检测",
        "2026-03-08 周日 00:00-24:00  -  中止：检测",
    ]
    office = deadline("4小时", datetime(2026, 3, 6, 15, 0), CALENDAR, pauses=pause, hours="09:00-17:00").steps
    assert [(step.date.day, step.reason.zh) for step in office] == [(6, "办公时间"), (7, "中止：检测"), (8, "中止：检测"), (9, "办公时间")]


@pytest.mark.parametrize(
    ("limit", "day", "source"),
    [("当天", date(2026, 3, 2), NOTICE), ("当场", date(2026, 3, 7), None), ("0个工作日", date(2026, 3, 2), NOTICE)],
)
def test_a_limit_of_no_days_has_the_one_day_it_ends_on(limit: str, day: date, source: str | None) -> None:
    (step,) = deadline(limit, day, CALENDAR).steps
    assert step.source == source
    assert (step.date, step.counted, step.reason.zh) == (day, False, "期限于此日届满")


def test_a_day_that_no_notice_fixes_is_marked() -> None:
    answer = deadline("3个工作日", date(2026, 12, 30), CALENDAR)
    assert [step.reason.en for step in answer.steps[1:4]] == [
        "working day 1 of 3",
        "rest day, 元旦 (not yet announced)",
        "weekend (not yet announced)",
    ]
    assert answer.steps[-1].reason == Words("working day 3 of 3 (not yet announced)", "第3个工作日（共3个）（尚未公布）")
    assert answer.explain("zh").splitlines()[-1].startswith("注意：涉及尚未公布放假安排的日期")
    assert answer.explain("en").splitlines()[0].endswith("(provisional)")
    assert answer.explain("en").splitlines()[-1].startswith("note: it reaches days that no published notice fixes yet")


def test_elsewhere_the_same_counting_is_not_by_force_of_chinese_law() -> None:
    steps = deadline("2个自然日", date(2015, 6, 4), WorkCalendar.of("US", subdiv="MA")).steps
    assert [step.source for step in steps][:3] == [None, None, None]
    assert steps[-1].source is None


def test_a_deadline_is_frozen_and_equal_by_its_answer() -> None:
    answer = deadline("5个工作日", date(2026, 3, 2), CALENDAR)
    assert answer == deadline(TimeLimit(5, "workday"), date(2026, 3, 2), china())
    assert len({answer, deadline("5个工作日", date(2026, 3, 2), CALENDAR)}) == 1
    with pytest.raises(AttributeError):
        answer.due = date(2026, 3, 3)  # type: ignore[misc]
    assert answer.steps is answer.steps


def test_a_naive_moment_survives_json() -> None:
    answer = deadline("5小时", datetime(2015, 6, 4, 9, 0), WorkCalendar.of("US", subdiv="MA"), hours="08:30-17:00")
    copy = Deadline.from_dict(answer.to_dict())
    assert (copy, copy.steps, copy.due_at.tzinfo) == (answer, answer.steps, None)


def test_the_moments_of_the_steps_are_back_in_their_time_zone_from_json() -> None:
    boston = WorkCalendar.of("US", subdiv="MA", tz="America/New_York")
    copy = Deadline.from_dict(deadline("24小时", datetime(2026, 3, 7, 12, 0), boston).to_dict())
    ran = [step for step in copy.steps if step.from_at is not None and step.until_at is not None]
    assert ran
    assert {at.tzinfo for step in ran for at in (step.from_at, step.until_at)} == {boston.zone}
