"""What the public functions take: an argument of the wrong kind is told at the door, by its name; what is beyond all bounds within, too."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import partial, wraps
from inspect import signature
from pathlib import PurePath
from typing import Any, Final, NamedTuple, ParamSpec, TypeVar

from govservice.echo import shown
from govservice.errors import NOTHING, DecisionError, GovServiceError, OutsideCalendar, RecordError, Words, known_lang
from govservice.reading import as_day, as_when, in_reach

__all__ = [
    "CALENDAR",
    "DATE",
    "FACTS",
    "FLAG",
    "LANGUAGE",
    "LIST",
    "MAPPING",
    "NAMES",
    "PATH",
    "ROWS",
    "SUBJECT",
    "TABLES",
    "TEXT",
    "TOLD",
    "WHEN",
    "Kind",
    "optional",
    "takes",
]

_P = ParamSpec("_P")
_R = TypeVar("_R")


class Kind(NamedTuple):
    """A kind of argument: whether a value is of it, what it is called, and how one comes by it where that is not plain."""

    holds: Callable[[Any], bool]
    called: Words
    hint: Words = NOTHING


def _reads(read: Callable[[object], object], value: object) -> bool:
    """Whether a value is a day or moment that there is, or a text of one."""
    try:
        when = read(value)
    except (RecordError, OverflowError):  # 24:00 of the last day that there is
        return False
    return isinstance(when, date) and in_reach(when)


def _rows(value: object) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | bytearray | Mapping)


TEXT: Final = Kind(lambda value: isinstance(value, str), Words("a text", "文字"))
LANGUAGE: Final = Kind(lambda value: bool(known_lang(value)), Words('"en" or "zh"', "“en”或“zh”"))  # one of its own error
DATE: Final = Kind(partial(_reads, as_day), Words("a date", "日期"))
WHEN: Final = Kind(partial(_reads, as_when), Words("a date or a moment", "日期或时刻"))
CALENDAR: Final = Kind(lambda value: hasattr(type(value), "workdays_between"), Words("a calendar, as china() gives", "日历（如 china()）"))
SUBJECT: Final = Kind(lambda value: hasattr(type(value), "surroundings"), Words("a subject, as book.subject gives", "规则册的对象"))
MAPPING: Final = Kind(lambda value: isinstance(value, Mapping), Words("a mapping", "键值对应"))
FACTS: Final = Kind(
    lambda value: isinstance(value, Mapping) or callable(getattr(type(value), "facts", None)),
    Words("a mapping of facts or a record", "事实的键值对应或记录"),
)
TABLES: Final = Kind(
    lambda value: isinstance(value, Mapping) or hasattr(type(value), "under"),
    Words("a mapping from tables to rows, or a ledger", "表到记录的对应，或 read_ledger(..) 的结果"),
    Words("read_ledger(book, folder) reads a folder", "文件夹用 read_ledger(规则册, 文件夹) 来读"),
)
PATH: Final = Kind(
    lambda value: isinstance(value, str | PurePath) and "\0" not in str(value) and str(value).isprintable(), Words("a path", "路径")
)
ROWS: Final = Kind(
    lambda value: isinstance(value, Mapping) or PATH.holds(value),
    Words("a mapping from tables to rows, or a folder", "表到记录的对应，或文件夹"),
)
TOLD: Final = Kind(callable, Words("a function that is told of the progress", "接收进度的函数"))
LIST: Final = Kind(_rows, Words("a list", "列表"))
NAMES: Final = Kind(
    lambda value: isinstance(value, str) or (isinstance(value, Collection) and _rows(value) and all(isinstance(one, str) for one in value)),
    Words("a name or a list of them", "名称或名称的列表"),
)
FLAG: Final = Kind(lambda value: isinstance(value, bool), Words("True or False", "True 或 False"))


def optional(kind: Kind) -> Kind:
    """The same, or None."""
    return Kind(lambda value: value is None or kind.holds(value), kind.called)


def takes(error: type[GovServiceError] = DecisionError, /, **kinds: Kind) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """A public function whose arguments are checked by their names, and which never leaves by Python's own bounds.

    Raises `error` for an argument of another kind; OutsideCalendar where a day would lie beyond the years that there are, DecisionError
    where too little is left of Python's stack.

    >>> @takes(name=TEXT)
    ... def greeted(name: str) -> str:
    ...     return f"hello {name}"
    >>> greeted(None)
    Traceback (most recent call last):
    govservice.errors.DecisionError: name= takes a text, not None
    """

    def checked(function: Callable[_P, _R]) -> Callable[_P, _R]:
        places = {name: number for number, name in enumerate(signature(function).parameters) if name in kinds}

        @wraps(function)
        def door(*given: _P.args, **named: _P.kwargs) -> _R:
            for name, kind in kinds.items():
                place = places[name]
                if place < len(given):
                    _check(error, name, kind, given[place])
                elif name in named:
                    _check(error, name, kind, named[name])
            return _within_bounds(function, given, named)

        return door

    return checked


def _check(error: type[GovServiceError], name: str, kind: Kind, value: object) -> None:
    if not kind.holds(value):
        seen = shown(value)
        what = Words(f"{name}= takes {kind.called.en}, not {seen}", f"{name}= 要给{kind.called.zh}，不能是 {seen}")
        raise error(what, hint=kind.hint)


def _within_bounds(function: Callable[..., _R], given: tuple[Any, ...], named: Mapping[str, Any]) -> _R:
    try:
        return function(*given, **named)
    except OverflowError as error:
        what = Words("a day or moment lies beyond the years 1 to 9999", "有日期或时刻超出公元 1 年至 9999 年")
        raise OutsideCalendar(what, hint=Words("look at the dates and limits given", "请核对所给的日期和时限")) from error
    except RecursionError as error:
        what = Words("too little is left of Python's stack", "Python 的调用栈所剩不足")
        hint = Words("call it from fewer functions within one another", "请在较浅的调用层次中调用")
        raise DecisionError(what, hint=hint) from error
