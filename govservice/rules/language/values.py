"""What an expression may be worth: the types, the two ways of having no value, and exact numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from govservice.decimals import EXACT
from govservice.errors import NOTHING, DecisionError, LimitError, Words
from govservice.limits import TimeLimit, Unit
from govservice.nothing import GAP, NONE, Nothing

__all__ = [
    "ANY",
    "BOOLEAN",
    "BY_NOTHING",
    "DATE",
    "DECIMAL",
    "GAP",
    "INTEGER",
    "LIMIT",
    "LIST",
    "MOMENT",
    "NONE",
    "NUMBERS",
    "OUTSIDE",
    "TEXT",
    "TIME",
    "Choice",
    "Interval",
    "Kind",
    "Nothing",
    "Scaled",
    "TimeOfDay",
    "Type",
    "Unknown",
    "Value",
    "added",
    "bits",
    "label_of",
]

Kind = Literal["boolean", "integer", "decimal", "text", "choice", "list", "date", "moment", "time", "limit", "any"]
Number: TypeAlias = int | Fraction
NUMBERS: Final = frozenset({"integer", "decimal"})
MOST_BITS: Final = 4096  # a number of more than about 1,200 digits is a mistake or an attack
_BITS_A_ROW: Final = 128  # that a total over rows may be longer: quotients of amounts have a common denominator that grows with each
MOST_BITS_OF_A_TOTAL: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice: its name, Chinese label, and what it is called elsewhere."""

    name: str
    label: str
    canonical: str | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a fact or an expression; a choice carries its values. `any` follows a fault, so that one slip is reported once.

    What a column says of how it is read goes with its type: `none` are the words that say that there is none, `low` and `high` the bounds
    of a number.
    """

    kind: Kind
    choices: tuple[Choice, ...] = ()
    none: tuple[str, ...] = ()
    low: Number | None = None
    high: Number | None = None

    @property
    def plain(self) -> Type:
        """The type alone, of what is worked out from a fact and not read."""
        return Type(self.kind, self.choices) if self.none or self.low is not None or self.high is not None else self

    @property
    def is_number(self) -> bool:
        """Integers and decimals mix freely."""
        return self.kind in NUMBERS

    def choice(self, name: str) -> Choice | None:
        """The value of that name or label, if the type has one."""
        for choice in self.choices:
            if name in (choice.name, choice.label):
                return choice
        return None

    def __str__(self) -> str:
        return f"choice of {', '.join(choice.name for choice in self.choices)}" if self.choices else self.kind


BOOLEAN: Final = Type("boolean")
INTEGER: Final = Type("integer")
DECIMAL: Final = Type("decimal")
TEXT: Final = Type("text")
LIST: Final = Type("list")
DATE: Final = Type("date")
MOMENT: Final = Type("moment")
TIME: Final = Type("time")
LIMIT: Final = Type("limit")
ANY: Final = Type("any")


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer yet; `needs` names what would give one: facts, facts of rows with their row (`late:2.bad`), settings, conventions."""

    needs: frozenset[str] = field(default_factory=frozenset)

    def __or__(self, other: Unknown) -> Unknown:
        return self if other.needs <= self.needs else Unknown(self.needs | other.needs)

    def __bool__(self) -> bool:
        raise TypeError("an unknown answer is neither true nor false")


BY_NOTHING: Final = Unknown(frozenset(("nothing to divide by",)))
"""A quotient whose divisor is 0, a mean or a percentage of no rows: no fact that is missing would give it."""

OUTSIDE: Final = Unknown(frozenset(("a day within the calendar",)))
"""A day before the calendar begins or after it ends, or past the year 9999: no fact that is missing would give it."""

NO_FACTS: Final[Mapping[str, str]] = {next(iter(BY_NOTHING.needs)): "没有可以相除的数", next(iter(OUTSIDE.needs)): "日历以内的日子"}
"""What is waited for and is no fact's name, in Chinese."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A number not fixed yet, between two bounds that it may reach; `needs` names what would fix it.

    With `or_none` it may turn out to be no number, but none: what it was worked out from is a fact of which a record may say so.
    """

    low: Number
    high: Number
    needs: frozenset[str] = field(default_factory=frozenset)
    or_none: bool = field(default=False, repr=False)


@dataclass(frozen=True, slots=True, order=True)
class TimeOfDay:
    """A time of the clock, from 00:00 to 24:00, in microseconds since the day began.

    >>> print(TimeOfDay.at(8, 20), TimeOfDay.at(24, 0), TimeOfDay.at(9, 0, 1), TimeOfDay(1))
    08:20 24:00 09:00:01 00:00:00.000001
    """

    microseconds: int

    @classmethod
    def at(cls, hour: int, minute: int, second: int = 0, microsecond: int = 0) -> TimeOfDay:
        """The time of a clock's hands."""
        return cls(((hour * 60 + minute) * 60 + second) * 1_000_000 + microsecond)

    @classmethod
    def parse(cls, text: str) -> TimeOfDay | None:
        """The time that a text such as `8:20`, `08:20:30` or `24:00` says; None where it says none.

        >>> TimeOfDay.parse("24:01") is None, TimeOfDay.parse("8:60") is None
        (True, True)
        """
        match = _CLOCK.fullmatch(text)
        if match is None:
            return None
        hour, minute, second = (int(part or 0) for part in match.groups())
        time = cls.at(hour, minute, second)
        return time if minute < 60 and second < 60 and time <= _MIDNIGHT else None

    def __str__(self) -> str:
        seconds, part = divmod(self.microseconds, 1_000_000)
        minutes, second = divmod(seconds, 60)
        text = f"{minutes // 60:02d}:{minutes % 60:02d}"
        return f"{text}:{second:02d}.{part:06d}" if part else f"{text}:{second:02d}" if second else text


_CLOCK: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_MIDNIGHT: Final = TimeOfDay.at(24, 0)

Value: TypeAlias = (
    bool | int | Fraction | Interval | str | tuple["Value", ...] | date | datetime | TimeOfDay | TimeLimit | Unknown | Nothing
)


@dataclass(frozen=True, slots=True)
class Scaled:
    """A limit that is being multiplied or divided: its amount exactly, until the whole sum is done."""

    amount: Fraction
    unit: Unit

    @classmethod
    def of(cls, limit: TimeLimit) -> Scaled:
        """A limit as it is."""
        return cls(Fraction(limit.value), limit.unit)

    def rounded(self) -> TimeLimit:
        """As a limit: a part of a day, month or year counts as a whole one, of hours and minutes the sixth digit. Raises DecisionError.

        >>> print(Scaled(Fraction(20, 3), "workday").rounded(), Scaled(Fraction(9, 2), "hour").rounded())
        7个工作日 4.5小时
        """
        finest = 10**6 if self.unit in ("hour", "minute") else 1
        try:
            return TimeLimit(_REPORTED.divide(Decimal(math.ceil(self.amount * finest)), Decimal(finest)), self.unit)
        except (LimitError, ArithmeticError) as error:
            what = error.what if isinstance(error, LimitError) else Words("a limit beyond all use", "时限过大")
            raise DecisionError(what, hint=error.hint if isinstance(error, LimitError) else NOTHING) from None


def bits(number: Number) -> int:
    """How long a number is written out: the longer of its numerator and denominator."""
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def exact(number: Number, *of: Number) -> Number:
    """The same number, an int where it is whole; refused where it has grown past all use.

    `of` are the numbers that it was calculated from: a total over many rows may be long, and what is calculated from it as long as they are
    together.

    >>> exact(Fraction(4, 2)), exact(Fraction(1, 3))
    (2, Fraction(1, 3))
    """
    if type(number) is int:
        if number.bit_length() <= MOST_BITS:
            return number
    elif number.denominator == 1:
        return exact(number.numerator, *of)
    elif number.numerator.bit_length() <= MOST_BITS and number.denominator.bit_length() <= MOST_BITS:
        return number
    if bits(number) <= MOST_BITS_OF_A_TOTAL and any(bits(part) > MOST_BITS for part in of) and bits(number) <= 64 + sum(map(bits, of)):
        return number
    raise DecisionError(
        Words("a number grows beyond 1,200 digits", "数字超过一千二百位"), hint=Words("look for a product of products", "检查连乘的写法")
    )


_WHOLE: Final = frozenset((int,))


def added(numbers: Sequence[Number]) -> Number:
    """The exact sum, added up in pairs, so that its work grows little faster than the numbers: their common denominator grows with each.

    Refused where it is longer than forty digits a number, or six hundred thousand in all.

    >>> added([1, Fraction(1, 3), Fraction(2, 3)]), added([])
    (2, 0)
    """
    if _WHOLE.issuperset(map(type, numbers)):
        return sum(numbers)
    most = min(MOST_BITS + _BITS_A_ROW * len(numbers), MOST_BITS_OF_A_TOTAL)
    alike: dict[int, int] = {}
    for number in numbers:
        alike[number.denominator] = alike.get(number.denominator, 0) + number.numerator
    if sum(denominator.bit_length() for denominator in alike) > 4 * most:  # it could shrink so far by chance alone
        raise _too_long_a_sum(len(numbers), most)
    parts = [Fraction(alike[denominator], denominator) for denominator in sorted(alike)]
    while len(parts) > 1:
        pairs = [first + second for first, second in zip(parts[::2], parts[1::2], strict=False)]
        parts = [*pairs, *parts[2 * len(pairs) :]]
        if any(part.denominator.bit_length() > most for part in parts):
            raise _too_long_a_sum(len(numbers), most)
    total = parts[0] if parts else Fraction(0)
    return total.numerator if total.denominator == 1 else total


def _too_long_a_sum(count: int, most: int) -> DecisionError:
    digits = int(most * 0.30103)
    return DecisionError(
        Words(f"the exact sum of {count:,} fractions grows beyond {digits:,} digits", f"{count:,} 个分数的精确之和超过 {digits:,} 位"),
        hint=Words("round what is summed: round(x, 6)", "请先取舍再求和：round(x, 6)"),
    )


_REPORTED: Final = Context(
    28, ROUND_HALF_EVEN, EXACT.Emin, EXACT.Emax, capitals=1, clamp=0, flags=[], traps=[InvalidOperation, DivisionByZero]
)
_LONGEST_INT: Final = 10**640  # longer ones Python writes only where nobody has told it otherwise; no program can forbid shorter ones


_AS_IT_IS: Final = frozenset((str, int, bool, date))


def reported(value: Value) -> object:
    """The value as it leaves the engine: whole numbers as int, others as Decimal (28 digits where it has no end), no value as None.

    A whole number of more than 640 digits is a Decimal of all of them: an int of that length cannot be written in every program.

    >>> reported(Fraction(1, 8)), reported(3), reported(NONE), reported(Unknown())
    (Decimal('0.125'), 3, None, None)
    """
    if type(value) in _AS_IT_IS:
        return value if type(value) is not int or -_LONGEST_INT < value < _LONGEST_INT else Decimal(value)
    match value:
        case Unknown() | Nothing() | Interval():
            return None
        case Fraction() if bits(value) > MOST_BITS:
            return _long_reported(value)
        case Fraction():
            return _REPORTED.divide(Decimal(value.numerator), Decimal(value.denominator))
        case tuple():
            return tuple(reported(part) for part in value)
        case TimeOfDay():
            return str(value)
        case _:
            return value


def _long_reported(value: Fraction) -> Decimal:
    """As divided out, without turning hundreds of thousands of digits into decimal ones: a digit 1 stands for all that follow."""
    digits = 32 - int((value.numerator.bit_length() - value.denominator.bit_length()) * 0.30103)
    whole, rest = divmod(abs(value.numerator) * 10 ** max(digits, 0), value.denominator * 10 ** max(-digits, 0))
    return _REPORTED.plus(Decimal((int(value < 0), tuple(map(int, f"{whole}{int(rest > 0)}")), -digits - 1)))


def label_of(kind: Type, value: object) -> str | None:
    """The label of a choice's value.

    >>> label_of(Type("choice", (Choice("instant", "即办件"),)), "instant")
    '即办件'
    """
    chosen = kind.choice(value) if isinstance(value, str) else None
    return chosen.label if chosen is not None else None
