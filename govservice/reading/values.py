"""One value from text, numbers, yes and no, limits, lists and choices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from govservice.errors import LimitError, RecordError, Words
from govservice.limits import TimeLimit
from govservice.reading.common import half_width, is_huge, is_missing, refused

__all__ = ["CodedLabel", "read_boolean", "read_choice", "read_decimal", "read_integer", "read_limit", "read_list", "read_text"]

_LONGEST_TEXT = 100_000  # characters: more than any remark, less than an attack
_LARGEST = 30  # digits before or after the point: more than any amount of money, less than an attack

_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True, slots=True)
class CodedLabel:
    """One value of a choice: its Chinese label and, where a national standard numbers it, its code.

    >>> CodedLabel("即办件", 1)
    CodedLabel(label='即办件', code=1)
    """

    label: str
    code: int | None = None


def read_text(value: object) -> str:
    """Text without the blanks around it; a whole number (an id) is read as its digits.

    >>> read_text(" W01 "), read_text(101)
    ('W01', '101')
    """
    if isinstance(value, str):
        if len(value) > _LONGEST_TEXT:
            what = Words(f"a text of {len(value):,} characters", f"有 {len(value):,} 个字的文字")
            raise RecordError(what, hint=Words(f"at most {_LONGEST_TEXT:,}", f"最多 {_LONGEST_TEXT:,} 个字"))
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(read_integer(value))
    raise refused(value, Words("text", "文字"), Words('write it in quotes: "W01"', "请写成文字，如“W01”"))


def read_boolean(value: object) -> bool:
    """True or False; also 1 and 0 (a spreadsheet's 1.0 and 0.0), and the texts true/false, yes/no, Y/N, 是/否.

    Nothing else is guessed at.

    >>> read_boolean("是"), read_boolean("０"), read_boolean(False)
    (True, False, False)
    """
    answer = _ANSWERS.get(half_width(value).lower()) if isinstance(value, str | int | float | Decimal) else None
    if answer is None:
        raise refused(value, Words("yes or no", "是或否"), Words("write true or false, 是 or 否, 1 or 0", "请写“是”或“否”"))
    return answer


_YES, _NO = ("true", "yes", "y", "是", "1", "1.0"), ("false", "no", "n", "否", "0", "0.0")
_ANSWERS = {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}


def read_decimal(value: object) -> Decimal:
    """An exact number from a Decimal, an int, a text in digits (full-width too), or a float as it prints (0.1 is one tenth).

    Commas may stand between thousands. Refused: NaN and infinity, True and False, exponents, units, more than 30 digits on a side
    of the point.

    >>> read_decimal("１２.５０"), read_decimal(0.1), read_decimal("10,000")
    (Decimal('12.50'), Decimal('0.1'), Decimal('10000'))
    """
    match value:
        case bool():
            number = None
        case int():
            number = Decimal("Infinity") if is_huge(value) else Decimal(value)
        case Decimal():
            number = value
        case float():
            number = Decimal(repr(float(value)))  # float(): a subclass may print itself in another way
        case str():
            number = Decimal(half_width(value).replace(",", "")) if _NUMBER.fullmatch(half_width(value)) else None
        case _:
            number = None
    if number is None:
        raise refused(
            value,
            Words("a number", "数字"),
            Words("write digits without units: 200", "请只写数字，不带单位，如 200"),
        )
    return _bounded(number, value)


_NUMBER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?")


def read_integer(value: object) -> int:
    """A whole number; as `read_decimal`, and 2.0 is 2.

    >>> read_integer("２"), read_integer(2.0)
    (2, 2)
    """
    number = read_decimal(value)
    if number != number.to_integral_value():
        raise refused(value, Words("a whole number", "整数"), Words("write 2, not 2.5", "请写整数，如 2"))
    return int(number)


def read_limit(value: object) -> TimeLimit:
    """A time limit: a TimeLimit, its text (`5个工作日`, `24小时`, `当天`), or `{"value": .., "unit": ..}`; a bare 日 or 天 is refused.

    >>> print(read_limit("五个工作日内"), read_limit({"value": "5", "unit": "workday"}))
    5个工作日 5个工作日
    """
    if isinstance(value, TimeLimit):
        return value
    try:
        match value:
            case str():
                return TimeLimit.parse(value)
            case {"value": int() | float() | str() | Decimal() as amount, "unit": str() as unit, **more} if not more:
                return TimeLimit(amount, unit)  # type: ignore[arg-type]  # TimeLimit checks its unit itself
    except LimitError as error:
        hint = _WHICH_DAY if isinstance(value, str) and _is_bare_day(value) else error.hint
        raise RecordError(error.what, why=error.why, hint=hint) from None
    raise refused(value, Words("a time limit", "时限"), Words('write "5个工作日" or "24小时"', "请写成“5个工作日”或“24小时”"))


_WHICH_DAY = Words("write 工作日 or 自然日", "请写明“工作日”或“自然日”")


def _is_bare_day(text: str) -> bool:
    """Whether the text would be a limit if one knew which kind of day it means."""
    try:
        TimeLimit.parse(text, day="workday")
    except LimitError:
        return False
    return True


def read_list(value: object) -> tuple[str, ...]:
    """A list of texts, without empty ones; or one text whose parts are on lines of their own or parted by semicolons.

    A text with other separators is refused: 身份证（正、反面） is one thing, and whether 、 parts two is not for the library to guess.

    >>> read_list(["验资报告", " 章程 "]), read_list("验资报告；章程")
    (('验资报告', '章程'), ('验资报告', '章程'))
    """
    if isinstance(value, str):
        parts: list[object] = list(re.split(r"[;；\n]", value))
        clear = len(parts) > 1 or not re.search("[,，、]", value)
    else:
        parts, clear = (list(value), True) if isinstance(value, list | tuple) else ([], False)
    if not clear:
        raise refused(value, Words("a list", "列表"), Words('write ["...", "..."], or part them by semicolons', "请写成列表，或用分号隔开"))
    return tuple(read_text(part) for part in parts if not is_missing(part))


def read_choice(value: object, choices: Mapping[_Name, CodedLabel]) -> _Name:
    """The name of one of the choices, from its name, its label or its national code (1, "1" and "01" are one code).

    >>> read_choice("即办件", {"instant": CodedLabel("即办件", 1)}), read_choice("01", {"instant": CodedLabel("即办件", 1)})
    ('instant', 'instant')
    """
    given = half_width(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    for name, choice in choices.items():
        if given and given in (name, half_width(choice.label)):
            return name
        if choice.code is not None and re.fullmatch(r"[0-9]{1,4}", given) and int(given) == choice.code:
            return name
    labels = "、".join(choice.label for choice in choices.values())
    hint = Words(f"one of {', '.join(choices)} (or {labels})", f"可用：{labels}")
    raise refused(value, Words("one of the values", "可用的取值"), hint)


def _bounded(number: Decimal, value: object) -> Decimal:
    if number.is_nan() or (isinstance(value, float) and not number.is_finite()):
        hint = Words("leave out what is missing, or give None", "缺失的值请留空，不要写 NaN")
        raise refused(value, Words("a finite number", "有限的数"), hint)
    if not number.is_finite() or abs(int(number.as_tuple().exponent)) > _LARGEST or number.adjusted() >= _LARGEST:
        raise refused(
            value, Words(f"a number of at most {_LARGEST} digits", f"不超过{_LARGEST}位的数"), Words("check the digits", "请核对位数")
        )
    return number
