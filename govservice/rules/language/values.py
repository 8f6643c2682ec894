"""What an expression may be worth: the types, the two ways of having no value, and exact numbers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

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
    "label_of",
]

Kind = Literal["boolean", "integer", "decimal", "text", "choice", "list", "date", "moment", "time", "limit", "any"]
Number: TypeAlias = int | Fraction
NUMBERS: Final = frozenset({"integer", "decimal"})
MOST_BITS: Final = 4096  # a number of more than about 1,200 digits is a mistake or an attack


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


def exact(number: Number) -> Number:
    """The same number, an int where it is whole; refused where it has grown past all use.

    >>> exact(Fraction(4, 2)), exact(Fraction(1, 3))
    (2, Fraction(1, 3))
    """
    if type(number) is int:
        if number.bit_length() <= MOST_BITS:
            return number
    elif number.denominator == 1:
        return exact(number.numerator)
    elif number.numerator.bit_length() <= MOST_BITS and number.denominator.bit_length() <= MOST_BITS:
        return number
    raise DecisionError(
        Words("a number grows beyond 1,200 digits", "数字超过一千二百位"), hint=Words("look for a product of products", "检查连乘的写法")
    )


_REPORTED = Context(prec=28, rounding=ROUND_HALF_EVEN)


def reported(value: Value) -> object:
    """The value as it leaves the engine: whole numbers as int, others as Decimal (28 digits where it has no end), no value as None.

    >>> reported(Fraction(1, 8)), reported(3), reported(NONE), reported(Unknown())
    (Decimal('0.125'), 3, None, None)
    """
    match value:
        case Unknown() | Nothing() | Interval():
            return None
        case Fraction():
            return _REPORTED.divide(Decimal(value.numerator), Decimal(value.denominator))
        case tuple():
            return tuple(reported(part) for part in value)
        case TimeOfDay():
            return str(value)
        case _:
            return value


def label_of(kind: Type, value: object) -> str | None:
    """The label of a choice's value.

    >>> label_of(Type("choice", (Choice("instant", "即办件"),)), "instant")
    '即办件'
    """
    chosen = kind.choice(value) if isinstance(value, str) else None
    return chosen.label if chosen is not None else None
