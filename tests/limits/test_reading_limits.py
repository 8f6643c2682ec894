"""Limits as people write them: what is read, what is refused and why, and that nothing is misread."""

import csv
import gzip
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice.errors import LimitError
from govservice.limits import TimeLimit, _to_chinese

from ..beside import DATA

READ = [
    ("5个工作日", "5", "workday"),
    ("10 个工作日内", "10", "workday"),
    ("30工作日", "30", "workday"),
    ("在五个工作日之内", "5", "workday"),
    ("不超过二十个工作日", "20", "workday"),
    ("5个法定工作日", "5", "workday"),
    ("8 工作日", "8", "workday"),
    ("１５个工作日内。", "15", "workday"),
    ("10 个 工 作 日", "10", "workday"),
    ("0.5个工作日", "0.5", "workday"),
    ("半个工作日", "0.5", "workday"),
    ("两个半工作日", "2.5", "workday"),
    ("5 工作天", "5", "workday"),
    ("一百二十个工作日以内办结", "120", "workday"),
    ("一百零五个工作日", "105", "workday"),
    ("壹佰贰拾个工作日", "120", "workday"),
    ("30自然日", "30", "natural_day"),
    ("三十个自然日", "30", "natural_day"),
    ("7个日历日", "7", "natural_day"),
    ("24小时内", "24", "hour"),
    ("四小时内", "4", "hour"),
    ("半小时", "0.5", "hour"),
    ("两个半小时", "2.5", "hour"),
    ("24小時內", "24", "hour"),
    ("90分钟", "90", "minute"),
    ("3个月", "3", "month"),
    ("六个月内", "6", "month"),
    ("半年", "6", "month"),
    ("一年半", "18", "month"),
    ("5年", "5", "year"),
    ("两年内", "2", "year"),
    ("1 年内", "1", "year"),
    ("当天", "0", "same_day"),
    ("当日办结", "0", "same_day"),
    ("当场", "0", "on_the_spot"),
    ("當場", "0", "on_the_spot"),
    ("即时", "0", "on_the_spot"),
    ("立即", "0", "on_the_spot"),
    ("5 workdays", "5", "workday"),
    ("within 5 working days", "5", "workday"),
    ("1 business day", "1", "workday"),
    ("30 Calendar Days", "30", "natural_day"),
    ("30 natural days", "30", "natural_day"),
    ("24 hours", "24", "hour"),
    ("3 months", "3", "month"),
    ("same day", "0", "same_day"),
    ("on the spot", "0", "on_the_spot"),
]


@pytest.mark.parametrize(("text", "value", "unit"), READ)
def test_a_limit_is_read_as_people_write_it(text: str, value: str, unit: str) -> None:
    limit = TimeLimit.parse(text)
    assert (limit.value, limit.unit) == (Decimal(value), unit)


REFUSED = [
    ("2026年", "at most 100; a year in a date is no limit"),
    ("２０１２年", "a year in a date"),
    ("二〇一二年", "not a number as one writes it"),
    ("1.2011年", "a part of a year"),
    ("3年级", "write a number and a unit"),
    ("3月", "a month of the year"),
    ("三月内", "a month of the year"),
    ("半个月", "a part of a month"),
    ("一个半月", "a part of a month"),
    ("2026年3月5日", "it is a date"),
    ("05日", "leading zero"),
    ("2个年", "does not write 个年"),
    ("一周", "counts no weeks"),
    ("2 weeks", "counts no weeks"),
    ("一个季度", "as months"),
    ("5-10个工作日", "a range"),
    ("5日至25日", "a range"),
    ("五年以上", "bounds an amount"),
    ("超过5个工作日", "bounds an amount"),
    ("-5个工作日", "0 or more"),
    ("5²个工作日", "write a number and a unit"),
    ("①个工作日", "write a number and a unit"),
    ("1 0个工作日", "write a number and a unit"),
    ("一百二个工作日", "not a number as one writes it"),
    ("十两小时", "not a number as one writes it"),
    ("五十十日", "not a number as one writes it"),
    ("半年半", "half of what"),
    ("半个半工作日", "half of what"),
    ("两半小时", "half of what"),
    ("24时", "write a number and a unit"),
    ("999999999个工作日", "are no limit"),
    ("0.0000001小时", "finer than"),
    ("工作日", "write a number and a unit"),
    ("5", "write a number and a unit"),
    ("", "it is empty"),
    ("5个工作日内告知申请人", "write a number and a unit"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
@pytest.mark.parametrize("day", ["workday", "natural_day"])
def test_what_is_no_limit_is_refused_with_the_reason(text: str, reason: str, day: str) -> None:
    with pytest.raises(LimitError) as caught:
        TimeLimit.parse(text, day=day)  # type: ignore[arg-type]
    assert reason in caught.value.text("en")
    assert str(caught.value).startswith(f"no limit in {text!r}")
    assert "不是可读的时限" in caught.value.text("zh")


@pytest.mark.parametrize("text", ["20日内", "五天", "30日", "半天", "一天半", "20 days"])
def test_a_bare_day_is_refused_unless_the_caller_says_which(text: str) -> None:
    with pytest.raises(LimitError, match="working days or natural days is not said; say day="):
        TimeLimit.parse(text)
    assert TimeLimit.parse(text, day="workday").unit == "workday"
    assert TimeLimit.parse(text, day="natural_day").unit == "natural_day"


@pytest.mark.parametrize("text", ["5个工作日", "30自然日", "3个月", "当天"])
def test_what_a_bare_day_means_changes_nothing_that_is_said(text: str) -> None:
    assert TimeLimit.parse(text, day="natural_day") == TimeLimit.parse(text, day="workday") == TimeLimit.parse(text)


def test_a_kind_of_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(LimitError, match="day='working' is no kind of day"):
        TimeLimit.parse("5个工作日", day="working")  # type: ignore[arg-type]


def test_only_text_is_read() -> None:
    with pytest.raises(LimitError, match="a limit is read from text, not from 5"):
        TimeLimit.parse(5)  # type: ignore[arg-type]


@given(st.integers(1, 9_999))
def test_a_chinese_numeral_is_the_number_it_writes(number: int) -> None:
    assert TimeLimit.parse(f"{_to_chinese(number)}个工作日") == TimeLimit(number, "workday")


@given(st.text("一二两三五九十百千零〇", min_size=1, max_size=5))
def test_a_chinese_numeral_is_read_as_written_or_not_at_all(numeral: str) -> None:
    try:
        limit = TimeLimit.parse(f"{numeral}个工作日")
    except LimitError:
        return
    plain = numeral.replace("两", "二").replace("〇", "零")
    assert plain in (_to_chinese(int(limit.value)), _to_chinese(int(limit.value)).removeprefix("一"))


@given(st.text(max_size=12))
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with suppress(LimitError):
        assert TimeLimit.parse(text) == TimeLimit.parse(f" {text} ")


@pytest.mark.shared("data/duration_phrases.csv.gz")
def test_every_phrase_of_the_real_steps_is_read_but_the_years_of_dates() -> None:
    with gzip.open(DATA / "duration_phrases.csv.gz", "rt", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    units = {"工作日": "workday", "日": "natural_day", "天": "natural_day", "小时": "hour", "个月": "month", "年": "year"}
    refused = set()
    for row in rows:
        try:
            limit = TimeLimit.parse(row["phrase"], day="natural_day")
        except LimitError:
            refused.add(row["phrase"])
            continue
        if row["unit"] == "instant":
            assert limit.unit in ("same_day", "on_the_spot")
        elif row["phrase"] == "半年":
            assert limit == TimeLimit(6, "month")
        else:
            assert limit.unit == units[row["unit"]], row["phrase"]
            if row["number"].isascii():
                assert limit.value == Decimal(row["number"]), row["phrase"]
    assert refused == {"２０１２年", "2.2020年", "1.2011年"}
    assert len(rows) == 1_468
