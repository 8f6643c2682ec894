"""The functions of the language, one row each: how it is called, what its arguments must be, what comes back, and what it means.

A new function is a new row. Those with a grammar of their own (`known`, `step`, `date`, `discretion`, `previous`, `streak`, `nth`, and the
totals over records) are shapes of their own; the parser reads them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Final, NoReturn, Protocol, TypeAlias, cast
from zoneinfo import ZoneInfo

from govservice.rules.language.intervals import Bounded, ends, monotone, narrowed, needs_of
from govservice.rules.language.shapes import Expression
from govservice.rules.language.types import common_type
from govservice.rules.language.values import BOOLEAN, DECIMAL, INTEGER, NONE, Interval, Nothing, Number, Type, Unknown, Value, exact

__all__ = ["FUNCTIONS", "NAMES", "TOTALS", "Days", "Function", "missing", "moment_order", "no_days", "rounded", "shanghai_day", "zoned"]

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
TOTALS: Final = ("count", "sum", "mean", "median", "lowest", "highest", "percent")
_FORMS: Final = ("step", "known", "date", "discretion", "previous", "streak", "nth")


class Days(Protocol):
    """What the language asks of a calendar."""

    def workdays_between(self, first: date, last: date, /) -> int:
        """The working days after `first` up to and including `last`."""
        ...


def no_days() -> NoReturn:
    """For functions that ask no calendar."""
    raise AssertionError("this function asks no calendar")


Calendar: TypeAlias = Callable[[], Days]


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `shape` shows how it is written; `arguments` are the types wanted, the last one repeating, `least` to `most` many.

    `gives` is the type of what comes back (None where the arguments do not go together). `means` works on settled values and may ask the
    calendar; `between` on numbers that may not be fixed yet (None: it takes none).
    """

    shape: str
    arguments: tuple[str, ...]
    least: int
    most: int
    gives: Callable[[tuple[Expression, ...]], Type | None]
    means: Callable[[list[Any], Calendar], Value]
    between: Callable[[list[Bounded]], Value] | None = None

    def wants(self, index: int) -> str:
        """The type wanted of an argument."""
        return self.arguments[min(index, len(self.arguments) - 1)]

    def called(self, arguments: list[Value], calendar: Calendar) -> Value:
        """Its value: none or unknown where an argument is."""
        lacking = missing(arguments)
        if lacking is not None:
            return lacking
        if self.between is not None and Interval in map(type, arguments):
            return self.between(cast("list[Bounded]", arguments))
        return self.means(arguments, calendar)


def missing(values: Iterable[Value]) -> Unknown | Nothing | None:
    """None where any value is none: no fact would change that. Else unknown where any is, with all that they need."""
    unknown: Unknown | None = None
    needs: frozenset[str] = frozenset()  # of numbers that are not fixed yet beside it
    for value in values:
        if isinstance(value, Nothing):
            return NONE
        if isinstance(value, Unknown):
            unknown = value if unknown is None else unknown | value
        elif isinstance(value, Interval):
            needs |= value.needs
    return unknown | Unknown(needs) if unknown is not None and needs else unknown


# -- days and moments


def shanghai_day(moment: date) -> date:
    """The day of a date or moment; a moment with an offset is read in Asia/Shanghai.

    >>> from datetime import UTC
    >>> shanghai_day(datetime(2026, 2, 13, 20, tzinfo=UTC))
    datetime.date(2026, 2, 14)
    """
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(SHANGHAI) if moment.tzinfo else moment).date()


def zoned(moment: datetime) -> datetime:
    """A moment without an offset is one of Asia/Shanghai."""
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def moment_order(value: Any) -> Any:
    """What numbers, days and moments are ordered by; a day begins with its first moment."""
    if isinstance(value, datetime):
        return zoned(value)
    return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI) if isinstance(value, date) else value


# -- numbers


def rounded(number: Number, digits: int = 0) -> Number:
    """Half away from zero, exactly.

    >>> rounded(Fraction(5, 2)), rounded(Fraction(-5, 2)), rounded(Fraction(2675, 1000), 2)
    (3, -3, Fraction(67, 25))
    """
    scaled = abs(Fraction(number)) * 10**digits
    whole = math.floor(scaled + Fraction(1, 2))
    return exact(Fraction(whole if number >= 0 else -whole, 10**digits))


def _abs_between(arguments: list[Bounded]) -> Value:
    low, high = ends(arguments[0])
    sizes = sorted((max(low, -low), max(high, -high)))
    return narrowed(0 if low <= 0 <= high else sizes[0], sizes[1], needs_of(*arguments))


def _digits(arguments: list[Any]) -> int:
    return cast("int", arguments[1]) if len(arguments) > 1 else 0


def _each_end(choose: Callable[[Iterable[Any]], Any]) -> Callable[[list[Bounded]], Value]:
    def between(arguments: list[Bounded]) -> Value:
        bounds = [ends(argument) for argument in arguments]
        return narrowed(choose(low for low, _ in bounds), choose(high for _, high in bounds), needs_of(*arguments))

    return between


def _whole(rounding: Callable[[Fraction], int]) -> Callable[[list[Bounded]], Value]:
    return lambda arguments: monotone(lambda number: rounding(Fraction(number)), arguments[0])


def _widest(arguments: tuple[Expression, ...]) -> Type | None:
    kinds = [argument.type for argument in arguments]
    widest: Type | None = kinds[0]
    for kind in kinds[1:]:
        widest = common_type(widest, kind) if widest is not None else None
    return widest


def _always(kind: Type) -> Callable[[tuple[Expression, ...]], Type | None]:
    return lambda _: kind


FUNCTIONS: Final[Mapping[str, Function]] = {
    "min": Function("min(a, b, ..)", ("ordered",), 2, 50, _widest, lambda of, _: cast("Value", min(of, key=moment_order)), _each_end(min)),
    "max": Function("max(a, b, ..)", ("ordered",), 2, 50, _widest, lambda of, _: cast("Value", max(of, key=moment_order)), _each_end(max)),
    "abs": Function("abs(x)", ("number",), 1, 1, lambda of: of[0].type, lambda of, _: cast("Value", abs(of[0])), _abs_between),
    "floor": Function("floor(x)", ("number",), 1, 1, _always(INTEGER), lambda of, _: math.floor(Fraction(of[0])), _whole(math.floor)),
    "ceil": Function("ceil(x)", ("number",), 1, 1, _always(INTEGER), lambda of, _: math.ceil(Fraction(of[0])), _whole(math.ceil)),
    "round": Function(
        "round(x) or round(x, digits)",
        ("number", "integer"),
        1,
        2,
        lambda of: INTEGER if len(of) == 1 else DECIMAL,
        lambda of, _: rounded(of[0], _digits(of)),
        lambda of: monotone(lambda number: rounded(number, _digits(of)), of[0]),
    ),
    "contains": Function("contains(text or list, text)", ("textual", "text"), 2, 2, _always(BOOLEAN), lambda of, _: of[1] in of[0]),
    "starts_with": Function("starts_with(text, text)", ("text",), 2, 2, _always(BOOLEAN), lambda of, _: bool(of[0].startswith(of[1]))),
    "workdays": Function(
        "workdays(a, b)",
        ("date",),
        2,
        2,
        _always(INTEGER),
        lambda of, calendar: calendar().workdays_between(shanghai_day(of[0]), shanghai_day(of[1])),
    ),
    "days": Function("days(a, b)", ("date",), 2, 2, _always(INTEGER), lambda of, _: (shanghai_day(of[1]) - shanghai_day(of[0])).days),
}
"""The functions of values, by name."""

NAMES: Final = (*FUNCTIONS, *_FORMS, *TOTALS)
"""Every word that is called like a function."""
