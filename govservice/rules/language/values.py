"""What an expression may be worth: the types, the two ways of having no value, and exact numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from govservice.errors import DecisionError, Words
from govservice.limits import TimeLimit

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
    "TEXT",
    "Choice",
    "Interval",
    "Kind",
    "Nothing",
    "Type",
    "Unknown",
    "Value",
    "label_of",
]

Kind = Literal["boolean", "integer", "decimal", "text", "choice", "list", "date", "moment", "limit", "any"]
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
    """The type of a fact or an expression; a choice carries its values. `any` follows a fault, so that one slip is reported once."""

    kind: Kind
    choices: tuple[Choice, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Nothing:
    """Not applicable: as a condition it does not hold, it equals nothing, and it is not known.

    A `gap` is what a table comes to that applies and in which no rule fits: whatever reads it is open until the outcome is recorded.
    """

    gap: bool = False

    def __bool__(self) -> bool:
        return False


NONE: Final = Nothing()
GAP: Final = Nothing(gap=True)
BY_NOTHING: Final = Unknown(frozenset(("nothing to divide by",)))
"""A quotient whose divisor is 0, a mean or a percentage of no rows: no fact that is missing would give it."""

Number: TypeAlias = int | Fraction


@dataclass(frozen=True, slots=True)
class Interval:
    """A number not fixed yet, between two bounds that it may reach; `needs` names what would fix it."""

    low: Number
    high: Number
    needs: frozenset[str] = field(default_factory=frozenset)


Value: TypeAlias = bool | int | Fraction | Interval | str | tuple["Value", ...] | date | datetime | TimeLimit | Unknown | Nothing


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
        case _:
            return value


def label_of(kind: Type, value: object) -> str | None:
    """The label of a choice's value.

    >>> label_of(Type("choice", (Choice("instant", "即办件"),)), "instant")
    '即办件'
    """
    chosen = kind.choice(value) if isinstance(value, str) else None
    return chosen.label if chosen is not None else None
