"""A limit as a value: exact, checked, ordered within its unit, printed and read back."""

import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from pydantic import BaseModel, TypeAdapter, ValidationError

from govservice.errors import LimitError
from govservice.limits import PORTAL_CODES, TimeLimit, Unit
from govservice.strategies import limits


@given(limits())
def test_a_limit_is_read_back_from_what_it_prints(limit: TimeLimit) -> None:
    assert TimeLimit.parse(str(limit)) == limit
    assert TimeLimit.parse(limit.text("en")) == limit


@given(limits())
def test_a_limit_survives_json_and_pickle(limit: TimeLimit) -> None:
    adapter = TypeAdapter(TimeLimit)
    assert adapter.validate_json(adapter.dump_json(limit)) == limit
    assert pickle.loads(pickle.dumps(limit)) == limit


@pytest.mark.parametrize(
    ("limit", "chinese", "english"),
    [
        (TimeLimit(5, "workday"), "5个工作日", "5 workdays"),
        (TimeLimit(1, "workday"), "1个工作日", "1 workday"),
        (TimeLimit("0.50", "workday"), "0.5个工作日", "0.5 workdays"),
        (TimeLimit(Decimal("1E+2"), "workday"), "100个工作日", "100 workdays"),
        (TimeLimit(30, "natural_day"), "30个自然日", "30 natural days"),
        (TimeLimit(24, "hour"), "24小时", "24 hours"),
        (TimeLimit(90, "minute"), "90分钟", "90 minutes"),
        (TimeLimit(3, "month"), "3个月", "3 months"),
        (TimeLimit(1, "year"), "1年", "1 year"),
        (TimeLimit(0, "same_day"), "当天", "same day"),
        (TimeLimit(0, "on_the_spot"), "当场", "on the spot"),
    ],
)
def test_a_limit_prints_itself(limit: TimeLimit, chinese: str, english: str) -> None:
    assert (str(limit), limit.text("en")) == (chinese, english)


def test_five_is_five_point_nought() -> None:
    forms = {TimeLimit(5, "workday"), TimeLimit(5.0, "workday"), TimeLimit("5.00", "workday"), TimeLimit(Decimal(5), "workday")}
    assert forms == {TimeLimit.parse("五个工作日")}
    assert TimeLimit(0.1, "hour").value == Decimal("0.1")


def test_limits_of_one_unit_are_ordered() -> None:
    five, ten = TimeLimit(5, "workday"), TimeLimit(10, "workday")
    assert five < ten
    assert ten > five
    assert five <= TimeLimit(5, "workday") >= five
    assert not ten <= five
    assert sorted([ten, five]) == [five, ten]


def test_limits_of_two_units_are_not_ordered_for_it_depends_on_the_day() -> None:
    workdays, natural = TimeLimit(5, "workday"), TimeLimit(5, "natural_day")
    assert workdays != natural
    for compare in ("__lt__", "__le__", "__gt__", "__ge__"):
        with pytest.raises(LimitError, match="5 workdays and 5 natural days cannot be compared; which is longer depends") as caught:
            getattr(workdays, compare)(natural)
        assert caught.value.text("zh") == "5个工作日与5个自然日无法比较；长短取决于起算之日"
    with pytest.raises(TypeError):
        assert workdays < 5
    with pytest.raises(TypeError):
        assert workdays <= 5


@pytest.mark.parametrize(
    ("value", "unit", "message"),
    [
        (5, "week", "no unit of time: 'week'; one of workday, natural_day, hour, minute, month, year, same_day, on_the_spot"),
        (-1, "workday", "a limit of -1 workdays makes no sense; a limit is 0 or more"),
        ("NaN", "workday", "a limit of NaN workdays makes no sense; a limit is 0 or more"),
        ("Infinity", "hour", "a limit of Infinity hours makes no sense; a limit is 0 or more"),
        (100_001, "workday", "100001 workdays are no limit; at most 100000; a year in a date is no limit"),
        (2026, "year", "2026 years are no limit; at most 100; a year in a date is no limit"),
        (1_201, "month", "1201 months are no limit; at most 1200; a year in a date is no limit"),
        ("1.5", "month", "a part of a month is no limit; write whole months or years, or days"),
        (1, "same_day", '"same_day" has no amount; give 0'),
        (True, "workday", "no amount: True; give a number"),
        (None, "workday", "no amount: None; give a number"),
        ("five", "workday", "no amount: 'five'; give a number"),
        ("0.1234567", "hour", "0.1234567 is finer than a limit can be; at most 6 digits after the point"),
    ],
)
def test_an_absurd_limit_is_refused(value: object, unit: str, message: str) -> None:
    with pytest.raises(LimitError) as caught:
        TimeLimit(value, unit)  # type: ignore[arg-type]
    assert str(caught.value) == message
    assert caught.value.text("zh") != message


@pytest.mark.parametrize(("value", "unit"), [(100_000, "workday"), (100, "year"), (1_200, "month"), ("0.000001", "hour"), (0, "workday")])
def test_the_most_and_least_are_limits_themselves(value: int | str, unit: Unit) -> None:
    assert TimeLimit(value, unit).value == Decimal(value)


def test_a_limit_is_frozen() -> None:
    with pytest.raises(AttributeError):
        TimeLimit(5, "workday").value = Decimal(6)  # type: ignore[misc]


def test_a_model_takes_a_limit_and_refuses_an_unknown_unit() -> None:
    class Item(BaseModel):
        promised: TimeLimit

    item = Item.model_validate_json('{"promised": {"value": "5.0", "unit": "workday"}}')
    assert item.promised == TimeLimit(5, "workday")
    assert item.model_dump_json() == '{"promised":{"value":"5","unit":"workday"}}'
    schema = Item.model_json_schema()["$defs"]["TimeLimit"]
    assert set(schema["properties"]) == {"value", "unit"}
    assert schema["description"] == "An amount of time in which something must be done: `value` (exact, never negative) and `unit`."
    with pytest.raises(ValueError, match="unit"):
        Item.model_validate_json('{"promised": {"value": "5", "unit": "week"}}')
    with pytest.raises(ValidationError, match=r"promised\n.*-5"):
        Item.model_validate_json('{"promised": {"value": "-5", "unit": "workday"}}')


@pytest.mark.parametrize(
    ("value", "code", "limit"),
    [
        (20, 1, "20个工作日"),
        ("30", "2", "30个自然日"),
        (24, "3", "24小时"),
        (45, "4", "45分钟"),
        (3, "5", "3个月"),
        (20, "G", "20个工作日"),
        (20, "z", "20个自然日"),
        (20, "W", "20个工作日"),
        ("２０", " Ｎ ", "20个自然日"),
        (4, "H", "4小时"),
        (0.5, "G", "0.5个工作日"),
    ],
)
def test_the_portals_codes_are_read(value: int | float | str, code: str | int, limit: str) -> None:
    assert str(TimeLimit.from_codes(value, code)) == limit


def test_a_portal_may_bring_its_own_codes() -> None:
    assert str(TimeLimit.from_codes(8, "D", table={"D": "workday"})) == "8个工作日"
    with pytest.raises(LimitError, match="no unit has the code 1; known codes: D"):
        TimeLimit.from_codes(8, 1, table={"D": "workday"})


@pytest.mark.parametrize(("value", "code"), [(5, None), (5, ""), (5, "6"), (5, "工作日"), (5, True), (None, "1"), ("", "1")])
def test_a_missing_or_unknown_code_is_refused_not_guessed(value: object, code: object) -> None:
    with pytest.raises(LimitError):
        TimeLimit.from_codes(value, code)  # type: ignore[arg-type]


def test_a_code_of_more_digits_than_are_shown_is_refused_as_a_number_of_so_many() -> None:
    with pytest.raises(LimitError) as refused:
        TimeLimit.from_codes(3, 10**5000)
    assert refused.value.text("en").startswith("no unit has the code a whole number of 5001 digits; known codes: 1, 2, 3")
    assert refused.value.text("zh").startswith("没有编码为 a whole number of 5001 digits 的时间单位；已知编码：1、2、3")


def test_the_code_tables_agree_where_they_overlap() -> None:
    assert {PORTAL_CODES[code] for code in ("1", "G", "W")} == {"workday"}
    assert {PORTAL_CODES[code] for code in ("2", "Z", "N")} == {"natural_day"}
    assert {PORTAL_CODES[code] for code in ("3", "H")} == {"hour"}
