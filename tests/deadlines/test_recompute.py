"""Whose deadline moved when a notice arrived."""

import json
import pickle
from datetime import date, datetime

import pytest

from govservice import OfficeHours, china, deadline
from govservice.deadlines import Deadline, Moved, recompute
from govservice.errors import DeadlineError, Words

OLD, NEW = china(known_on=date(2020, 11, 1)), china(known_on=date(2020, 12, 1))
MOVED = deadline("20个工作日", date(2021, 1, 15), OLD)
STAYED = deadline("20个工作日", date(2021, 3, 10), OLD)
FIXED = deadline("20个工作日", date(2020, 9, 1), OLD)


def test_only_deadlines_that_moved_or_became_official_are_listed_in_order() -> None:
    found = recompute([("a", FIXED), ("b", STAYED), ("c", MOVED)], NEW)
    assert [(one.id, one.days, one.after.official) for one in found] == [("b", 0, True), ("c", 1, True)]
    assert (found[1].before, found[1].after) == (MOVED, deadline("20个工作日", date(2021, 1, 15), NEW))
    assert recompute([], NEW) == recompute([MOVED, STAYED], OLD) == ()


def test_a_deadline_without_an_id_is_named_by_its_place() -> None:
    assert [one.id for one in recompute([FIXED, MOVED], NEW)] == [1]


def test_an_official_deadline_that_an_amendment_moved_is_listed_too() -> None:
    promised = deadline("5个工作日", date(2020, 1, 22), china(known_on=date(2020, 1, 20)))
    (one,) = recompute([promised], china())
    assert promised.official
    assert one.text("zh") == "0：2020-02-04改为2020-02-06，推迟2天"


def test_the_change_is_told_in_both_languages() -> None:
    stayed, moved = recompute([("甲", STAYED), ("乙", MOVED)], NEW)
    assert (stayed.text("en"), stayed.text("zh")) == ("甲: 2021-04-08 stays and is now official", "甲：2021-04-08不变，现已确定")
    assert moved.text("en") == "乙: 2021-02-17 (provisional) -> 2021-02-18, 1 day later"
    assert moved.text("zh") == "乙：2021-02-17（暂定）改为2021-02-18，推迟1天"
    earlier = recompute([deadline("20个工作日", date(2021, 1, 11), OLD)], NEW)[0]
    assert earlier.text("en").endswith("1 day earlier")
    assert earlier.text("zh").endswith("提前1天")


def test_everything_asked_is_asked_again_from_a_pickle_and_from_json() -> None:
    asked = deadline(
        "3个工作日",
        datetime(2021, 2, 1, 18, 30),
        OLD,
        hours=OfficeHours("09:00-12:00 13:00-17:00; 周六 09:00-12:00"),
        pauses=[(date(2021, 2, 3), date(2021, 2, 4), Words("testing", "检测")), (datetime(2021, 2, 5, 9), datetime(2021, 2, 5, 10))],
        extensions=["2个工作日", "5小时"],
        ends="same_time",
    )
    direct = recompute([asked], NEW)
    assert direct
    for copy in (pickle.loads(pickle.dumps(asked)), Deadline.from_dict(json.loads(json.dumps(asked.to_dict())))):
        found = recompute([copy], NEW)
        assert found == direct
        assert found[0].after.steps == direct[0].after.steps
        assert Moved.from_dict(json.loads(json.dumps(found[0].to_dict()))) == found[0]
    included = deadline("10个自然日", date(2021, 2, 3), OLD, first_day="included", roll="none")
    assert recompute([included], NEW) == ()
    on_a_rest_day = deadline("当天", date(2021, 2, 13), OLD, rest_day_same_day="next")
    assert recompute([pickle.loads(pickle.dumps(on_a_rest_day))], NEW)[0].after.due == date(2021, 2, 18)


def test_what_is_no_deadline_is_refused() -> None:
    with pytest.raises(DeadlineError, match=r"no deadline: '2021-02-17'; give Deadlines or \(id, Deadline\) pairs"):
        recompute(["2021-02-17"], NEW)  # type: ignore[list-item]
    bare = Deadline(MOVED.limit, MOVED.start, MOVED.due, MOVED.due_on, MOVED.due_at, official=False)
    with pytest.raises(DeadlineError, match="does not say what it was asked for; keep what deadline"):
        recompute([bare], NEW)
