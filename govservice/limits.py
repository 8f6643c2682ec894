"""Time limits as people, laws and portals write them: an exact amount and a unit, read from text and printed as text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache, total_ordering
from typing import Any, Literal, get_args

from govservice.decimals import EXACT, without_zeros
from govservice.echo import is_huge, shown
from govservice.errors import NOTHING, Lang, LimitError, Words

__all__ = ["PORTAL_CODES", "UNITS", "BareDay", "TimeLimit", "Unit"]

Unit = Literal["workday", "natural_day", "hour", "minute", "month", "year", "same_day", "on_the_spot"]
"""What a limit is counted in; "on_the_spot" is before the applicant leaves."""
BareDay = Literal["workday", "natural_day"]
"""What a day is of which the text does not say the kind (5日)."""

UNITS: tuple[Unit, ...] = get_args(Unit)
"""Every unit that a `TimeLimit` may have."""
_WHOLE = ("month", "year")  # the Civil Code knows no part of a month or a year
_WITHOUT_AMOUNT = ("same_day", "on_the_spot")
_MOST = {"month": 1_200, "year": 100}  # so that the 2026 of a date is never a limit
_MOST_OF_ANY = 100_000
_LONGEST = 100  # characters of a limit's text
_MOST_DIGITS = 6  # after the point: an hour's are still whole microseconds
_NAMES: Mapping[str, Words] = {
    "workday": Words("workday", "个工作日"),
    "natural_day": Words("natural day", "个自然日"),
    "hour": Words("hour", "小时"),
    "minute": Words("minute", "分钟"),
    "month": Words("month", "个月"),
    "year": Words("year", "年"),
    "same_day": Words("same day", "当天"),
    "on_the_spot": Words("on the spot", "当场"),
}

PORTAL_CODES: Mapping[str, Unit] = {
    "1": "workday",
    "2": "natural_day",
    "3": "hour",
    "4": "minute",
    "5": "month",
    "G": "workday",
    "Z": "natural_day",
    "W": "workday",
    "N": "natural_day",
    "H": "hour",
}
"""The unit codes of the national standard (1 to 5) and of the portals (1/2, G/Z, W/N/H); they contradict each other nowhere."""


@total_ordering
@dataclass(frozen=True, slots=True, init=False)
class TimeLimit:
    """An amount of time in which something must be done: `value` (exact, never negative) and `unit`.

    Units: "workday" "natural_day" "hour" "minute" "month" "year" "same_day" "on_the_spot". Days and hours may be parts (0.5),
    months and years are whole, "same_day" and "on_the_spot" have the value 0. At most 100 years, 1,200 months, 100,000 of
    anything else, six digits after the point. `value` may be given as Decimal, int, text or float (read as it prints).
    Equal where value and unit are (5 is 5.0; twelve months are not a year); limits of one unit can be ordered.
    Raises LimitError. As JSON (pydantic): `{"value": "5", "unit": "workday"}`.

    >>> TimeLimit(5, "workday")
    TimeLimit(value=Decimal('5'), unit='workday')
    >>> print(TimeLimit("0.5", "workday"), TimeLimit(24, "hour"), TimeLimit(0, "on_the_spot"))
    0.5个工作日 24小时 当场
    """

    value: Decimal
    unit: Unit

    def __init__(self, value: Decimal | int | float | str, unit: Unit) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "unit", unit)
        self.__post_init__()

    def __post_init__(self) -> None:
        # pydantic fills a dataclass without calling __init__, then calls this: the one place where a limit is checked
        if not isinstance(self.unit, str) or self.unit not in UNITS:
            raise LimitError(
                Words(f"no unit of time: {shown(self.unit)}", f"没有这种时间单位：{shown(self.unit)}"),
                hint=Words(f"one of {', '.join(UNITS)}", f"可用：{'、'.join(UNITS)}"),
            )
        object.__setattr__(self, "value", _checked(_exact(self.value), self.unit))

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        """The schema as pydantic makes it, said to be what the first line above says."""
        schema: dict[str, Any] = handler(core_schema)
        handler.resolve_ref_schema(schema)["description"] = (cls.__doc__ or "").partition("\n")[0]
        return schema

    @classmethod
    def parse(cls, text: str, *, day: BareDay | None = None) -> TimeLimit:
        """A limit from its text, the whole of which must be one limit.

        Reads `5个工作日`, `10 个工作日内`, `30工作日`, `三十个自然日以内`, `0.5个工作日`, `半个工作日`, `两个半小时`, `24小时`,
        `３个月`, `半年` (six months), `一年半`, `5年`, `当天`, `当场`, `即时`, `within 5 working days`, `30 calendar days`,
        `same day`, and what `str()` and `.text("en")` print. A bare 日, 天 or "days" could be either kind of day: `day=` says
        which, else it is refused.
        A year in a date (`2026年`), a month of the year (`3月`), half a month, weeks, ranges and `以上` are refused with the reason.
        Raises LimitError.

        >>> TimeLimit.parse("五个工作日内") == TimeLimit.parse("5 working days")
        True
        >>> print(TimeLimit.parse("20日内", day="workday"))
        20个工作日
        """
        if not isinstance(day, str | None) or day not in (None, "workday", "natural_day"):
            raise LimitError(Words(f"day={shown(day)} is no kind of day", f"day={shown(day)} 不是日的种类"), hint=_SAY_WHICH)
        if not isinstance(text, str):
            raise LimitError(Words(f"a limit is read from text, not from {shown(text)}", f"时限须为文字，而不是 {shown(text)}"))
        if len(text) > _LONGEST:
            raise _refusal(text, Words("it is too long for one limit", "作为一个时限过长"))
        return _parsed(text, day)

    @classmethod
    def from_codes(cls, value: Decimal | int | float | str, unit_code: str | int, *, table: Mapping[str, Unit] = PORTAL_CODES) -> TimeLimit:
        """A limit from a portal's two columns: the amount and the code of its unit.

        Codes are compared as text without spaces, upper case, so 1, "1" and " 1" are one; `table` replaces PORTAL_CODES for a
        portal with codes of its own. A missing amount or code is unknown and refused, never 0. Raises LimitError.

        >>> print(TimeLimit.from_codes(20, "G"), TimeLimit.from_codes("30", 2), TimeLimit.from_codes(3, "5"))
        20个工作日 30个自然日 3个月
        """
        if not isinstance(table, Mapping):
            raise LimitError(
                Words(f"table is a mapping from codes to units, not {shown(table)}", f"table 应为编码到单位的对应，不能是 {shown(table)}")
            )
        known = (
            isinstance(unit_code, str | int) and not isinstance(unit_code, bool) and not (isinstance(unit_code, int) and is_huge(unit_code))
        )
        code = str(unit_code).translate(_HALF_WIDTH).strip().upper() if known else ""
        if code not in table:
            codes = [code if isinstance(code, str) else shown(code) for code in table]
            raise LimitError(
                Words(f"no unit has the code {shown(unit_code)}", f"没有编码为 {shown(unit_code)} 的时间单位"),
                hint=Words(f"known codes: {', '.join(codes)}", f"已知编码：{'、'.join(codes)}"),
            )
        return cls(value.translate(_HALF_WIDTH).strip() if isinstance(value, str) else value, table[code])

    def text(self, lang: Lang = "zh") -> str:
        """The limit in words, Chinese or English; `parse` reads both back.

        >>> TimeLimit(5, "workday").text("en"), TimeLimit(1, "natural_day").text("en"), TimeLimit(0, "same_day").text("en")
        ('5 workdays', '1 natural day', 'same day')
        """
        name = _NAMES[self.unit].text(lang)
        if self.unit in _WITHOUT_AMOUNT:
            return name
        if lang == "zh":
            return f"{self.value:f}{name}"
        return f"{self.value:f} {name}{'' if self.value == 1 else 's'}"

    def __str__(self) -> str:
        return self.text("zh")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, TimeLimit):
            return NotImplemented
        if other.unit != self.unit:
            raise LimitError(
                Words(f"{self.text('en')} and {other.text('en')} cannot be compared", f"{self}与{other}无法比较"),
                why=Words("which is longer depends on the day they start", "长短取决于起算之日"),
            )
        return self.value < other.value


@lru_cache(maxsize=1024)
def _parsed(text: str, day: BareDay | None) -> TimeLimit:
    """Records say the same few limits over and over: each is read once."""
    plain = _plain(text)
    if plain in _WORDS:
        return TimeLimit(0, _WORDS[plain])
    match = _CHINESE.fullmatch(plain) or _ENGLISH.fullmatch(plain)
    if match is None:
        raise _refusal(text, _reason(plain))
    try:
        return TimeLimit(*_measured(match, day))
    except LimitError as error:
        raise _refusal(text, error.what, error.hint) from None


def _exact(value: object) -> Decimal:
    if not isinstance(value, Decimal | int | float | str) or isinstance(value, bool) or (isinstance(value, int) and is_huge(value)):
        raise LimitError(Words(f"no amount: {shown(value)}", f"不是数量：{shown(value)}"), hint=Words("give a number", "请给出数字"))
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise LimitError(
            Words(f"no amount: {shown(value)}", f"不是数量：{shown(value)}"), hint=Words("give a number", "请给出数字")
        ) from None


def _checked(value: Decimal, unit: Unit) -> Decimal:
    most = _MOST.get(unit, _MOST_OF_ANY)
    name = _NAMES[unit]
    if not value.is_finite() or value < 0:
        raise LimitError(Words(f"a limit of {value} {name.en}s makes no sense", f"时限不能是{value}{name.zh}"), hint=_NOT_NEGATIVE)
    if value > most:
        raise LimitError(
            Words(f"{value} {name.en}s are no limit", f"{value}{name.zh}不是时限"),
            hint=Words(f"at most {most}; a year in a date is no limit", f"最多{most}{name.zh}；日期中的年份不是时限"),
        )
    if unit in _WITHOUT_AMOUNT and value:
        raise LimitError(Words(f'"{unit}" has no amount', f"“{name.zh}”没有数量"), hint=Words("give 0", "请写 0"))
    whole = value.to_integral_value()
    if value == whole:
        return Decimal(int(whole))  # 5.0 and 5E+1 print as 5 and 50
    if unit in _WHOLE:
        raise LimitError(
            Words(f"a part of a {name.en} is no limit", f"不足一{name.zh}的部分不是时限"),
            hint=Words("write whole months or years, or days", "请写整月、整年或者日数"),
        )
    short = without_zeros(value)
    if -int(short.as_tuple().exponent) > _MOST_DIGITS:
        raise LimitError(Words(f"{value} is finer than a limit can be", f"{value}的位数过多"), hint=_AT_MOST_DIGITS)
    return short


# Reading text ---------------------------------------------------------------------------------------------------------------------

_SAY_WHICH = Words('say day="workday" or day="natural_day"', '请注明 day="workday"（工作日）或 day="natural_day"（自然日）')
_NOT_NEGATIVE = Words("a limit is 0 or more", "时限不小于 0")
_AT_MOST_DIGITS = Words(f"at most {_MOST_DIGITS} digits after the point", f"小数最多{_MOST_DIGITS}位")
_GENERAL_HINT = Words(
    'write a number and a unit: "5个工作日", "24小时", "3个月", "当天"', "请写数字和单位，如“5个工作日”“24小时”“3个月”“当天”"
)

# only the full-width forms: Unicode's compatibility folding would also read ² and ① as digits
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_ONE_SCRIPT = str.maketrans("個內兩時鐘曆當場辦結點", "个内两时钟历当场办结点")
_SPACE_BY_HAN = re.compile(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])")

_WORDS: Mapping[str, Unit] = {
    **dict.fromkeys(("当天", "当日", "当天内", "当日内", "当天办结", "当日办结", "same day", "the same day", "same_day"), "same_day"),
    **dict.fromkeys(
        ("当场", "即时", "立即", "即刻", "即办", "当场办结", "即时办结", "on the spot", "on_the_spot", "at once"), "on_the_spot"
    ),
}
_CHINESE = re.compile(
    r"(?:在|不超过|最长)?(?P<number>[0-9]+(?:\.[0-9]+)?|[一二三四五六七八九十百千零〇两半壹贰叁肆伍陆柒捌玖拾佰仟]+?)"
    r"(?P<ge>个?)(?P<half>半?)(?P<unit>(?:法定)?工作[日天]|自然[日天]|日历[日天]|[日天]|小时|钟头|分钟|月|年)(?P<more>半?)"
    r"(?:之内|以内|内)?(?:办结)?"
)
_ENGLISH = re.compile(
    r"(?:within |in )?(?P<number>[0-9]+(?:\.[0-9]+)?) ?"
    r"(?P<unit>workday|working day|business day|natural[ _]day|calendar day|day|hour|minute|month|year)s?"
)
_UNIT_OF: Mapping[str, Unit] = {
    **dict.fromkeys(("工作日", "工作天", "法定工作日", "法定工作天", "workday", "working day", "business day"), "workday"),
    **dict.fromkeys(("自然日", "自然天", "日历日", "日历天", "natural day", "natural_day", "calendar day"), "natural_day"),
    **dict.fromkeys(("小时", "钟头", "hour"), "hour"),
    **dict.fromkeys(("分钟", "minute"), "minute"),
    **dict.fromkeys(("月", "month"), "month"),
    **dict.fromkeys(("年", "year"), "year"),
}
_HALF = Decimal("0.5")
_REASONS = (
    (re.compile(r"^[-−负]"), _NOT_NEGATIVE),
    (re.compile(r"周|星期|礼拜|week"), Words("the law counts no weeks; write days", "法律不按周计算，请写日数")),
    (re.compile(r"季度?|quarter"), Words("write a quarter as months", "季度请写成月数")),
    (re.compile(r"[-~—–至到].*[日天时钟月年a-z]"), Words("a range is not one limit", "区间不是一个时限")),
    (re.compile(r"以上|以下|不满|不足|超过|以外"), Words("it bounds an amount, it sets no limit", "这是数量的界限，不是时限")),
    (re.compile(r"年.*月|月.*[日号]|[0-9]{4}-"), Words("it is a date", "这是日期")),
)


def _plain(text: str) -> str:
    """Half-width, simplified, lower case, one space between Latin words and none beside Chinese, no final stop."""
    narrow = " ".join(text.translate(_HALF_WIDTH).translate(_ONE_SCRIPT).split()).casefold()
    return _SPACE_BY_HAN.sub("", narrow).rstrip("。.,;、 ")


def _reason(plain: str) -> Words:
    if not plain:
        return Words("it is empty", "内容为空")
    return next((reason for pattern, reason in _REASONS if pattern.search(plain)), NOTHING)


def _refusal(text: str, why: Words, hint: Words = NOTHING) -> LimitError:
    return LimitError(
        Words(f"no limit in {shown(text)}", f"{shown(text)}不是可读的时限"), why=why, hint=hint if any(hint) else _GENERAL_HINT
    )


def _measured(match: re.Match[str], day: BareDay | None) -> tuple[Decimal, Unit]:
    """The amount and unit of a match; LimitError with the reason where it is no limit after all."""
    part = {"ge": "", "half": "", "more": "", **match.groupdict()}
    value, word = _number(part["number"]), part["unit"]
    if part["ge"] and word in ("日", "天", "年"):
        raise LimitError(Words(f"one does not write 个{word}", f"没有“个{word}”的写法"))
    if word == "月" and not part["ge"]:
        raise LimitError(Words("a month of the year, or half a month", "这是月份或者半个月"), hint=Words("write 3个月", "请写“3个月”"))
    if word in ("日", "天", "day"):
        if day is None:
            raise LimitError(Words("working days or natural days is not said", "未注明工作日还是自然日"), hint=_SAY_WHICH)
        unit: Unit = day
    else:
        unit = _UNIT_OF[word]
    halves = [key for key in ("half", "more") if part[key]]
    if halves:
        # 两个半小时, 一年半, 一天半: half a unit more; 半 is not said twice, and 两半小时 is not said at all
        if len(halves) > 1 or value != int(value) or part["number"] == "半" or (part["half"] and not part["ge"]):
            raise LimitError(Words("half of what is not clear", "“半”字用法不清"))
        value = EXACT.add(value, _HALF)
    if unit == "year" and value <= _MOST["year"] and value.as_integer_ratio()[1] == 2:
        return EXACT.multiply(value, 12), "month"  # 半年 is six months, 一年半 eighteen
    return value, unit


def _number(text: str) -> Decimal:
    if text == "半":
        return _HALF
    if text[0] in "0123456789":
        if re.match(r"0[0-9]", text):
            raise LimitError(Words("a number with a leading zero, as in a date", "数字以 0 开头，像是日期"))
        return Decimal(text)
    return Decimal(_from_chinese(text))


_DIGITS = "零一二三四五六七八九"
_TENS = {"十": 10, "百": 100, "千": 1000}
_EVERYDAY = str.maketrans("〇壹贰叁肆伍陆柒捌玖拾佰仟", "零一二三四五六七八九十百千")


def _from_chinese(text: str) -> int:
    """A numeral up to 9,999; sum it up, then ask whether the sum is written so: 一百二, 二〇二六 and 五十十 are not."""
    plain = re.sub(r"两(?=[百千])|^两$", "二", text.translate(_EVERYDAY))
    total = digit = 0
    for sign in plain:
        if sign in _TENS:
            total, digit = total + (digit or 1) * _TENS[sign], 0
        else:
            digit = max(_DIGITS.find(sign), 0)
    total += digit
    if plain not in (written := _to_chinese(total), written.removeprefix("一") if 10 <= total < 20 else written):
        raise LimitError(Words(f"{text} is not a number as one writes it", f"“{text}”不是规范的数字写法"))
    return total


def _to_chinese(number: int) -> str:
    signs = [(_DIGITS[number // size % 10] + name) for name, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1))]
    joined = "".join("零" if sign[0] == "零" else sign for sign in signs)
    return re.sub("零+", "零", joined).strip("零")
