"""At the edges of reading a limit: halves said twice, numerals without a leading one, full-width signs, the largest amounts."""

from decimal import Decimal
from fractions import Fraction

import pytest

from govservice.errors import LimitError
from govservice.limits import TimeLimit


@pytest.mark.parametrize("text", ["两个半小时半", "1.5个半小时", "半个半小时", "一个半年半"])
def test_half_is_said_once_and_of_a_whole_number(text: str) -> None:
    with pytest.raises(LimitError) as refused:
        TimeLimit.parse(text)
    assert str(refused.value).startswith(f"no limit in {text!r}; ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十个工作日", 10),
        ("十五个工作日", 15),
        ("一十五个工作日", 15),
        ("一百一十个工作日", 110),
        ("一百零五个工作日", 105),
        ("一千零一十个自然日", 1010),
        ("两千个自然日", 2000),
        ("贰拾个工作日", 20),
    ],
)
def test_a_numeral_that_begins_with_ten_needs_no_one(text: str, value: int) -> None:
    assert TimeLimit.parse(text).value == value


@pytest.mark.parametrize("text", ["一百十个工作日", "一百五个工作日", "二二个工作日", "百个工作日"])
def test_a_numeral_that_is_not_written_so_is_refused(text: str) -> None:
    with pytest.raises(LimitError, match="is not a number as one writes it"):
        TimeLimit.parse(text)


def test_every_full_width_sign_is_read_as_its_plain_one() -> None:
    assert TimeLimit.parse("５　个 工作日") == TimeLimit(5, "workday")
    assert TimeLimit.parse("１２\u00a0ｗｏｒｋｄａｙｓ") == TimeLimit(12, "workday")
    assert TimeLimit.parse("９０分钟") == TimeLimit(90, "minute")
    assert TimeLimit.from_codes("　２０", "Ｇ") == TimeLimit(20, "workday")
    with pytest.raises(LimitError, match="a limit is 0 or more"):
        TimeLimit.parse("－５个工作日")
    with pytest.raises(LimitError, match="a range is not one limit"):
        TimeLimit.parse("5～10个工作日")


@pytest.mark.parametrize(
    ("most", "more", "unit"),
    [("100", "101", "year"), ("1200", "1201", "month"), ("100000", "100000.5", "workday"), ("100000", "100001", "minute")],
)
def test_a_limit_has_a_largest_amount(most: str, more: str, unit: str) -> None:
    assert TimeLimit(most, unit).value == Decimal(most)
    with pytest.raises(LimitError, match="are no limit"):
        TimeLimit(more, unit)


def test_a_limit_has_six_digits_after_the_point_and_no_more() -> None:
    assert str(TimeLimit("0.000001", "hour")) == "0.000001小时"
    with pytest.raises(LimitError, match="is finer than a limit can be"):
        TimeLimit("0.0000001", "hour")


def test_what_only_prints_as_a_number_is_no_amount() -> None:
    with pytest.raises(LimitError, match="no amount: Fraction"):
        TimeLimit(Fraction(3), "workday")  # type: ignore[arg-type]
    with pytest.raises(LimitError, match="no amount: True"):
        TimeLimit(True, "workday")
    assert TimeLimit(3.5, "workday").value == Decimal("3.5")
