"""The functions of the language, one row each: how it is called, what its arguments must be, what comes back, and what it means.

A new function is a new row. Those with a grammar of their own (`known`, `is_none`, `step`, `match`, `in_list`, `date`, `limit`,
`discretion`, `previous`, `streak`, `nth`, and the totals over records) are shapes of their own; the parser reads them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final, NoReturn, cast

from govservice.errors import DecisionError, LimitError, Words
from govservice.rules.language import day_functions as reckoning
from govservice.rules.language.day_functions import Around, moment_order, shanghai_day
from govservice.rules.language.due_days import due_at, due_on
from govservice.rules.language.intervals import Bounded, ends, monotone, narrowed, needs_of, or_none
from govservice.rules.language.shapes import Expression
from govservice.rules.language.types import common_type
from govservice.rules.language.values import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    MOMENT,
    NONE,
    TIME,
    Interval,
    Nothing,
    Number,
    Type,
    Unknown,
    Value,
    exact,
)

__all__ = ["FUNCTIONS", "NAMES", "NOWHERE", "TOTALS", "Function", "missing", "rounded"]

TOTALS: Final = ("count", "sum", "mean", "median", "lowest", "highest", "percent")
_FORMS: Final = ("step", "match", "in_list", "known", "is_none", "date", "limit", "discretion", "previous", "streak", "nth")


class _Nowhere:
    """For functions that ask nothing beside their arguments."""

    def _refuse(self, *_: object) -> NoReturn:
        raise AssertionError("this function asks nothing around it")

    days = convention = hours = unstated = say = _refuse


NOWHERE: Final[Around] = _Nowhere()


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `shape` shows how it is written; `arguments` are the types wanted, the last one repeating, `least` to `most` many.

    `gives` is the type of what comes back (None where the arguments do not go together). `means` works on settled values and may ask what
    is around; `between` works on numbers that may not be fixed yet (None: it takes none). `flag` may follow as `flag=true`, and is then
    one more argument.
    """

    shape: str
    arguments: tuple[str, ...]
    least: int
    most: int
    gives: Callable[[tuple[Expression, ...]], Type | None]
    means: Callable[[list[Any], Around], Value]
    between: Callable[[list[Bounded]], Bounded] | None = None
    flag: str | None = None

    def wants(self, index: int) -> str:
        """The type wanted of an argument."""
        return self.arguments[min(index, len(self.arguments) - 1)]

    def called(self, arguments: list[Value], around: Around) -> Value:
        """Its value: none or unknown where an argument is."""
        lacking = missing(arguments)
        if lacking is not None:
            return lacking
        if Interval in map(type, arguments):
            numbers = cast("list[Bounded]", arguments)
            return Unknown(needs_of(*numbers)) if self.between is None else or_none(self.between(numbers), *numbers)
        return self.means(arguments, around)


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


# -- numbers


def rounded(number: Number, digits: int = 0) -> Number:
    """Half away from zero, exactly.

    >>> rounded(Fraction(5, 2)), rounded(Fraction(-5, 2)), rounded(Fraction(2675, 1000), 2)
    (3, -3, Fraction(67, 25))
    """
    scaled = abs(Fraction(number)) * 10**digits
    whole = math.floor(scaled + Fraction(1, 2))
    return exact(Fraction(whole if number >= 0 else -whole, 10**digits))


def _abs_between(arguments: list[Bounded]) -> Bounded:
    low, high = ends(arguments[0])
    sizes = sorted((max(low, -low), max(high, -high)))
    return narrowed(0 if low <= 0 <= high else sizes[0], sizes[1], needs_of(*arguments))


def _digits(arguments: list[Any]) -> int:
    return cast("int", arguments[1]) if len(arguments) > 1 else 0


def _each_end(choose: Callable[[Iterable[Any]], Any]) -> Callable[[list[Bounded]], Bounded]:
    def between(arguments: list[Bounded]) -> Bounded:
        bounds = [ends(argument) for argument in arguments]
        return narrowed(choose(low for low, _ in bounds), choose(high for _, high in bounds), needs_of(*arguments))

    return between


def _whole(rounding: Callable[[Fraction], int]) -> Callable[[list[Bounded]], Bounded]:
    return lambda arguments: monotone(lambda number: rounding(Fraction(number)), arguments[0])


def _chosen(choose: Callable[..., Any], of: list[Any]) -> Value:
    """The least or the greatest of values of one kind. Raises DecisionError for limits of different units."""
    try:
        return cast("Value", choose(of, key=moment_order))
    except LimitError as error:
        hint = Words("compare the days they end on: min(due(a, ..), due(a, ..))", "比较它们届满的日子：min(due(a, ..), due(a, ..))")
        raise DecisionError(error.what, why=error.why, hint=hint) from None


def _widest(arguments: tuple[Expression, ...]) -> Type | None:
    kinds = [argument.type for argument in arguments]
    widest: Type | None = kinds[0]
    for kind in kinds[1:]:
        widest = common_type(widest, kind) if widest is not None else None
    return widest


def _always(kind: Type) -> Callable[[tuple[Expression, ...]], Type | None]:
    return lambda _: kind


_BETWEEN_DAYS: Final = "{0}(a, b) or {0}(a, b, both=true)"
FUNCTIONS: Final[Mapping[str, Function]] = {
    "min": Function("min(a, b, ..)", ("orderly",), 2, 50, _widest, lambda of, _: _chosen(min, of), _each_end(min)),
    "max": Function("max(a, b, ..)", ("orderly",), 2, 50, _widest, lambda of, _: _chosen(max, of), _each_end(max)),
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
    "is_workday": Function("is_workday(day)", ("date",), 1, 1, _always(BOOLEAN), reckoning.is_workday),
    "weekday": Function("weekday(day)", ("date",), 1, 1, _always(INTEGER), lambda of, _: shanghai_day(of[0]).isoweekday()),
    "month_end": Function("month_end(day)", ("date",), 1, 1, _always(DATE), reckoning.month_end),
    "add_days": Function("add_days(day, n)", ("date", "integer"), 2, 2, _always(DATE), reckoning.add_days),
    "add_workdays": Function("add_workdays(day, n)", ("date", "integer"), 2, 2, _always(DATE), reckoning.add_workdays),
    "add_months": Function("add_months(day, n)", ("date", "integer"), 2, 2, _always(DATE), reckoning.add_months),
    "workdays": Function(_BETWEEN_DAYS.format("workdays"), ("date",), 2, 2, _always(INTEGER), reckoning.workdays, flag="both"),
    "days": Function(_BETWEEN_DAYS.format("days"), ("date",), 2, 2, _always(INTEGER), reckoning.days, flag="both"),
    "time": Function("time(moment)", ("clock time",), 1, 1, _always(TIME), reckoning.time_of),
    "minutes": Function("minutes(a, b)", ("clock time",), 2, 2, _always(DECIMAL), reckoning.between(timedelta(minutes=1))),
    "hours": Function("hours(a, b)", ("clock time",), 2, 2, _always(DECIMAL), reckoning.between(timedelta(hours=1))),
    "due": Function("due(start, limit)", ("date", "limit"), 2, 2, _always(DATE), due_on),
    "due_at": Function("due_at(start, limit)", ("date", "limit"), 2, 2, _always(MOMENT), due_at),
}
"""The functions of values, by name."""

NAMES: Final = (*FUNCTIONS, *_FORMS, *TOTALS)
"""Every word that is called like a function."""
