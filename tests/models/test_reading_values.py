"""Values are read as real exports write them, exactly, and refused with the reason where they could mean anything else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govservice.errors import RecordError
from govservice.limits import TimeLimit
from govservice.models import CASE_TYPES
from govservice.reading import (
    is_missing,
    read_boolean,
    read_choice,
    read_date,
    read_decimal,
    read_integer,
    read_limit,
    read_list,
    read_moment,
    read_text,
    shown,
)
from govservice.rules.language.facts import read_fact
from govservice.rules.language.values import TEXT

FULL_WIDTH = str.maketrans("0123456789-.", "０１２３４５６７８９－．")
LOOP: list[Any] = []
LOOP.append(LOOP)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4))
def test_a_number_is_the_same_in_full_width_digits(number: Decimal) -> None:
    assert read_decimal(f"{number:f}") == read_decimal(f" {number:f} ".translate(FULL_WIDTH)) == number


@given(st.floats(min_value=1e-4, max_value=1e15))
def test_a_float_is_read_as_it_prints(number: float) -> None:
    assert read_decimal(number) == Decimal(repr(number))


def test_a_tenth_is_a_tenth() -> None:
    assert sum(read_decimal(tenth) for tenth in [0.1] * 10) == 1


@given(st.integers(-(10**29), 10**29))
def test_whole_numbers_keep_every_digit(number: int) -> None:
    assert read_integer(number) == read_integer(str(number)) == read_integer(Decimal(number)) == number


@given(st.dates(min_value=date(2, 1, 1)))
def test_five_notations_of_one_day_agree(day: date) -> None:
    year = f"{day.year:04}"
    notations = (
        day.isoformat(),
        f"{year}年{day.month}月{day.day}日",
        f"{year}/{day.month}/{day.day}",
        f"{year}.{day.month}.{day.day}",
        f"{year}{day.month:02}{day.day:02}",
    )
    assert {read_date(text) for text in (day, *notations)} == {day}
    assert {read_date(text.translate(FULL_WIDTH)) for text in notations} == {day}


@given(st.datetimes(min_value=datetime(2, 1, 1)))
def test_a_moment_without_an_offset_is_in_china(moment: datetime) -> None:
    assert read_moment(moment.isoformat(" ")) == read_moment(moment) == moment.replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def test_an_offset_that_is_given_is_kept() -> None:
    assert read_moment("2026-02-13T01:30:00Z") == datetime(2026, 2, 13, 1, 30, tzinfo=UTC)
    assert read_moment("2026-02-13 09:30-05:00").utcoffset() == timedelta(hours=-5)


def test_a_day_of_another_place_is_not_taken_for_a_day_in_china() -> None:
    assert read_date("2026-02-13T23:30:00+08:00") == date(2026, 2, 13)
    with pytest.raises(RecordError, match="is not a day in China; give the day alone"):
        read_date("2026-02-12T16:00:00Z")


@pytest.mark.parametrize(("text", "answer"), [("是", True), ("否", False), ("TRUE", True), ("no", False), ("１", True), (0, False)])
def test_a_yes_is_a_yes_in_any_export(text: object, answer: bool) -> None:
    assert read_boolean(text) is answer


@pytest.mark.parametrize("given", ["即办件", "instant", 1, "1", "01", "１", " 即办件 "])
def test_a_choice_is_read_by_name_label_or_national_code(given: object) -> None:
    assert read_choice(given, CASE_TYPES) == "instant"


def test_a_limit_is_read_from_its_text_or_from_its_value_and_unit() -> None:
    five = TimeLimit(5, "workday")
    assert read_limit("五个工作日内") == read_limit(five) == read_limit({"value": "5", "unit": "workday"}) == five


def test_empty_texts_of_a_list_are_left_out() -> None:
    assert read_list(["验资报告", "", None, " 章程 "]) == ("验资报告", "章程")


def test_only_lines_and_semicolons_part_a_text_into_a_list() -> None:
    assert read_list("身份证（正、反面）; 户口簿\n") == ("身份证（正、反面）", "户口簿")
    assert read_list("身份证") == ("身份证",)


def test_thousands_may_be_parted_by_commas() -> None:
    assert read_decimal("10,000,000.50") == Decimal("10000000.50")


def test_only_nothing_is_missing() -> None:
    assert all(map(is_missing, [None, "", " \t", float("nan")]))
    assert not any(map(is_missing, [0, False, [], float("inf")]))


@pytest.mark.parametrize(
    ("reader", "value", "message"),
    [
        (read_integer, "二", "'二' is not a number; write digits without units: 200"),
        (read_integer, 2.5, "2.5 is not a whole number; write 2, not 2.5"),
        (read_integer, True, "True is not a number; write digits without units: 200"),
        (read_integer, "²", "'²' is not a number; write digits without units: 200"),
        (read_integer, "1_000", "'1_000' is not a number; write digits without units: 200"),
        (read_decimal, "1,00", "'1,00' is not a number; write digits without units: 200"),
        (read_decimal, "1e9", "'1e9' is not a number; write digits without units: 200"),
        (read_decimal, "5万", "'5万' is not a number; write digits without units: 200"),
        (read_decimal, float("nan"), "nan is not a finite number; leave out what is missing, or give None"),
        (read_decimal, float("inf"), "inf is not a finite number; leave out what is missing, or give None"),
        (read_decimal, Decimal("sNaN"), "sNaN is not a finite number; leave out what is missing, or give None"),
        (read_integer, Decimal("1E+999999"), "1E+999999 is not a number of at most 30 digits; check the digits"),
        (read_integer, Decimal("0E+999999"), "0E+999999 is not a number of at most 30 digits; check the digits"),
        (read_boolean, "有", "'有' is not yes or no; write true or false, 是 or 否, 1 or 0"),
        (read_boolean, 2, "2 is not yes or no; write true or false, 是 or 否, 1 or 0"),
        (read_date, "2026-02-30", "'2026-02-30' is not a date; there is no such day or time"),
        (read_date, "2026-2/13", "'2026-2/13' is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日"),
        (read_date, 46066, "46066 is not a date; write 2026-02-13, 2026/2/13 or 2026年2月13日"),
        (read_moment, "2026-02-13", "'2026-02-13' is not a day and a time; add the time: 2026-02-13 09:30"),
        (read_moment, date(2026, 2, 13), "2026-02-13 is not a day and a time; add the time: 2026-02-13 09:30"),
        (read_moment, "2026-02-13 25:00", "'2026-02-13 25:00' is not a day and a time; there is no such day or time"),
        (read_moment, "2026-02-13 09:00+99:00", "'2026-02-13 09:00+99:00' is not a day and a time; there is no such day or time"),
        (read_text, 1.5, "1.5 is not text; write it in quotes: \"W01\""),
        (read_list, "验资报告、章程", "'验资报告、章程' is not a list; write [\"...\", \"...\"], or part them by semicolons"),
        (read_limit, 5, "5 is not a time limit; write \"5个工作日\" or \"24小时\""),
    ],
)  # fmt: skip
def test_what_could_mean_something_else_is_refused_and_said_why(reader: Callable[[object], object], value: object, message: str) -> None:
    with pytest.raises(RecordError) as caught:
        reader(value)
    assert str(caught.value) == message


def test_a_bare_day_is_no_limit() -> None:
    with pytest.raises(RecordError, match=r"working days or natural days is not said; write 工作日 or 自然日$"):
        read_limit("20日")


@pytest.mark.parametrize("reader", [read_text, read_boolean, read_decimal, read_integer, read_date, read_moment, read_limit])
@pytest.mark.parametrize("value", [LOOP, {}, object(), b"1", 10**5000, [1]], ids=["cycle", "mapping", "object", "bytes", "huge", "list"])
def test_hostile_values_are_refused_in_a_short_message(reader: Callable[[object], object], value: Any) -> None:
    with pytest.raises(RecordError) as caught:
        reader(value)
    assert len(str(caught.value)) < 300


def test_a_value_is_shown_short_however_long_it_is() -> None:
    assert len(shown("长" * 100_000)) <= 80
    assert len(shown([[["x"] * 1000] * 1000] * 1000)) <= 80


@pytest.mark.parametrize("blank", [" ", "\u3000", "\n", "\t "])
def test_blanks_around_a_text_are_no_part_of_it(blank: str) -> None:
    assert {read_fact("note", text, TEXT) for text in ("某局", f"{blank}某局", f"某局{blank}", f"{blank}某局{blank}")} == {"某局"}


@pytest.mark.parametrize("spaces", ["", " "])
def test_a_text_of_more_than_a_hundred_thousand_characters_is_no_fact(spaces: str) -> None:
    longest = spaces + "长" * (100_000 - len(spaces))
    assert read_fact("note", longest, TEXT) == longest.strip()
    with pytest.raises(RecordError) as caught:
        read_fact("note", longest + "长", TEXT)
    assert caught.value.text("en") == "note: note must be a text: a text of 100,001 characters"
    assert caught.value.text("zh") == "note: “note”应为文字：文字有 100,001 个字符"
