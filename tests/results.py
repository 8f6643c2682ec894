"""Every class of results: which there are, and a strategy that draws one of any, by the types that its fields declare."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Hashable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

import govservice
from govservice.as_json import AsJson, declared
from govservice.counting.result import Deadline
from govservice.errors import Words
from govservice.limits import TimeLimit

DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
# an hour that came twice, as in China until 1991, equals itself in no other zone
MOMENTS = st.datetimes(datetime(1992, 1, 1), datetime(2060, 1, 1), timezones=st.sampled_from([None, UTC, ZoneInfo("Asia/Shanghai")]))
NUMBERS = st.integers() | st.decimals(allow_nan=False, allow_infinity=False, places=3)
LIMITS = st.builds(TimeLimit, st.integers(0, 90), st.sampled_from(["workday", "hour", "month"]))
KEYS = st.text() | st.sampled_from(["pairs", "mapping", "date", "decimal"]) | st.integers() | st.tuples(st.text(), DAYS)
WORDS = st.builds(Words, st.text(), st.text())
SIMPLE = st.none() | st.booleans() | st.text() | NUMBERS | DAYS | MOMENTS | LIMITS | st.floats(allow_nan=False) | WORDS
ODDITIES = st.times() | st.timedeltas() | st.fractions() | st.uuids() | st.binary() | st.frozensets(st.text() | st.integers(), max_size=2)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, max_size=2)
    return lists | lists.map(tuple) | st.dictionaries(KEYS, inner, max_size=2)


ANYTHING = st.recursive(SIMPLE | ODDITIES, _containers, max_leaves=3)
IDS = st.text() | st.integers() | st.tuples(st.text(), st.integers(), DAYS) | st.frozensets(st.text(), max_size=2) | st.uuids()
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(), bool: st.booleans(), int: st.integers(), Decimal: st.decimals(allow_nan=False, allow_infinity=False),
    date: DAYS, datetime: MOMENTS, TimeLimit: LIMITS, object: ANYTHING, Any: ANYTHING, Hashable: IDS,
}  # fmt: skip


def result_classes() -> list[type[AsJson]]:
    """Every class of results in the package."""
    for module in pkgutil.walk_packages(govservice.__path__, "govservice."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[AsJson]] = []
    waiting = [AsJson]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("govservice.") and kind.__dataclass_fields__ and kind not in found:  # type: ignore[attr-defined]
                found.append(kind)
    # a slotted dataclass is made twice, and the first is nobody's
    named = {(kind.__module__, kind.__qualname__): kind for kind in found}
    modules = [(importlib.import_module(module), name) for module, name in sorted(named)]
    return [getattr(module, name) for module, name in modules if hasattr(module, name)]  # one that an example makes is in none


@cache
def drawn(kind: Any) -> st.SearchStrategy[Any]:
    """A value of a declared type."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in SCALARS:
        return SCALARS[kind]
    if kind is NoneType:
        return st.none()
    if origin in (Union, UnionType):
        return st.one_of(*map(drawn, parts))
    if origin is Literal:
        return st.sampled_from(parts)
    if origin is tuple:
        if parts[1:] == (Ellipsis,):
            return st.lists(drawn(parts[0]), max_size=2).map(tuple)
        return st.tuples(*map(drawn, parts))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        keys = st.text() | st.just("pairs") if parts[0] is str else IDS
        return st.dictionaries(keys, drawn(parts[1]), max_size=2)
    if kind is Deadline:
        return st.sampled_from(DEADLINES)
    assert is_dataclass(kind) or hasattr(kind, "_fields"), kind
    return st.builds(kind, **{name: drawn(type_) for name, type_ in declared(kind)})


def _deadlines() -> list[Deadline]:
    from govservice import WorkCalendar, deadline

    start = datetime(2026, 4, 30, 15, 30)
    return [
        deadline("5个工作日", date(2026, 4, 29)),
        deadline("24小时", start, hours="08:30-17:00", pauses=[(start, start + timedelta(hours=1), "停电")]),
        deadline("1个月", date(2027, 1, 31), extensions=["3个工作日"]),
        deadline("2小时", start, WorkCalendar.of("US", subdiv="MA", tz="America/New_York")),
    ]


DEADLINES = _deadlines()
