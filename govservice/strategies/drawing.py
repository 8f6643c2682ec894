"""Drawing the values of one subject: near what conditions turn on, some missing, some none, its dates near one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from govservice.decimals import EXACT
from govservice.limits import TimeLimit
from govservice.nothing import NONE
from govservice.rules.language.values import TimeOfDay, Type, Value, reported
from govservice.strategies.days import CLOCK_EDGES, days
from govservice.strategies.histories import usual_limits

__all__ = ["Drawer", "check_probability"]

SMALL, LARGE = 20, 1_000
STEPS = (Decimal("-1"), Decimal("-0.01"), Decimal(0), Decimal("0.01"), Decimal(1))
TEXTS = st.text("甲乙丙丁戊己庚辛壬癸", min_size=1, max_size=4)
CLOCK_TIMES = st.sampled_from(
    [TimeOfDay.at(hour, minute) for hour in (0, 8, 9, 12, 13, 17, 24) for minute in (0, 30) if hour < 24 or not minute]
)
AWAY, FAR = 40, 400  # days between the dates of one subject: mostly few, so that one before another is as usual as after
OFTEN_NONE = 0.1  # of what its column has words for
DATED = ("date", "moment")
Near = Mapping[str, Iterable[Value]]


def check_probability(name: str, value: float) -> None:
    """Refuses what is no probability."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise InvalidArgument(f"{name}={value!r} is not a probability from 0 to 1")


@dataclass(slots=True)
class Drawer:
    """Draws the values of one subject: its dates lie about one day."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    missing: float
    none: float | None = None
    _about: date | None = None

    def is_given(self) -> bool:
        """Is a fact given this time? The simplest subject is one of whom nothing is known."""
        return self.missing < 1 and (self.missing == 0 or self._happens(1 - self.missing))

    def is_none(self, kind: Type) -> bool:
        """Is a fact of a type recorded as none this time?"""
        share = self.none if self.none is not None else OFTEN_NONE if kind.none else 0
        return share > 0 and self._happens(share)

    def _happens(self, share: float) -> bool:
        return bool(self.draw(st.integers(0, 99)) >= 100 * (1 - share))

    def about(self) -> date:
        """The day that the subject's dates lie about."""
        if self._about is None:
            self._about = self.draw(days(max_date=date(2030, 12, 31) - timedelta(days=FAR)))
        return self._about

    def _near_day(self) -> date:
        return self.about() + timedelta(days=self.draw(st.integers(0, AWAY) | st.integers(0, FAR)))

    def value(self, kind: Type, near: Iterable[Value] = ()) -> Any:
        """A value of a type, often one of those it is compared with or one beside it; or NONE."""
        if self.is_none(kind):
            return NONE
        match kind.kind:
            case "boolean":
                return self.draw(st.booleans())
            case "choice":
                return self.draw(st.sampled_from([choice.name for choice in kind.choices]))
            case "integer" | "decimal":
                return self.draw(_numbers(near, kind))
            case "date":
                return self._near_day()
            case "moment":
                return datetime.combine(self._near_day(), self.draw(st.sampled_from(CLOCK_EDGES) | st.times()))
            case "time":
                return str(self.draw(_among(near, TimeOfDay, CLOCK_TIMES)))
            case "limit":
                return self.draw(_among(near, TimeLimit, usual_limits()))
            case "list":
                return self.draw(st.lists(_among(near, str, TEXTS), max_size=4))
            case _:
                return self.draw(_among(near, str, TEXTS))

    def facts(self, kinds: Mapping[str, Type], near: Near) -> dict[str, Any]:
        """Facts of these types, each given or not: dates in this order, each on or after the one before it."""
        given = {name: kind for name, kind in kinds.items() if self.is_given()}
        others = {name: self.value(kind, near.get(name, ())) for name, kind in given.items() if kind.kind not in DATED}
        return self._course({name: kind for name, kind in given.items() if kind.kind in DATED}) | others

    def _course(self, kinds: Mapping[str, Type]) -> dict[str, Any]:
        """Dates and moments, none before the one before it (`due_on` aside); a moment `x_at` falls on the day `x_on`."""
        dates: dict[str, Any] = {}
        latest = self.about()
        for name, kind in kinds.items():
            if kind.kind == "date":
                step = timedelta(days=self.draw(st.integers(0, 3) | st.integers(0, 30)))
                dates[name] = NONE if self.is_none(kind) else (self.about() if name == "due_on" else latest) + step
                latest = latest if name == "due_on" or dates[name] is NONE else dates[name]
        before: datetime | None = None
        for name, kind in kinds.items():
            if kind.kind == "moment":
                dates[name] = moment = self._moment(kind, dates.get(f"{name.removesuffix('_at')}_on", NONE), before)
                before = before if moment is NONE else moment
        return {name: dates[name] for name in kinds}

    def _moment(self, kind: Type, on: Any, before: datetime | None) -> Any:
        """A moment on a day where there is one, and not before another unless that day is."""
        drawn = self.value(kind)
        if drawn is NONE:
            return NONE
        moment: datetime = drawn if on is NONE else datetime.combine(on, drawn.time())
        return moment if before is None or (on is not NONE and on != before.date()) else max(moment, before)


def _among(near: Iterable[Value], wanted: type, others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The values of the wanted type that a condition names, and others."""
    named = sorted((value for value in near if isinstance(value, wanted)), key=str)
    return st.sampled_from(named) | others if named else others


def _numbers(near: Iterable[Value], kind: Type) -> st.SearchStrategy[int | Decimal]:
    """Numbers at and beside the thresholds and the column's bounds, and small ones; none below 0 unless one of these is."""
    bounds = [bound for bound in (kind.low, kind.high) if bound is not None]
    numbers = _unbounded([*near, *bounds], whole=kind.kind == "integer")
    return _held(numbers, kind) if bounds else numbers


@st.composite
def _held(draw: st.DrawFn, numbers: st.SearchStrategy[int | Decimal], kind: Type) -> int | Decimal:
    return _within(draw(numbers), kind)


def _within(number: int | Decimal, kind: Type) -> int | Decimal:
    """The number, or the bound that it lies beyond."""
    bound = kind.low if kind.low is not None and number < kind.low else kind.high if kind.high is not None and number > kind.high else None
    return number if bound is None else bound if isinstance(bound, int) else Decimal(str(reported(bound)))


def _unbounded(near: Iterable[Value], *, whole: bool) -> st.SearchStrategy[int | Decimal]:
    thresholds = {Decimal(str(reported(value))) for value in near if isinstance(value, int | Fraction) and not isinstance(value, bool)}
    floor = min((*thresholds, Decimal(0)))
    beside = sorted({point for threshold in thresholds for step in STEPS if (point := EXACT.add(threshold, step)) >= floor})
    if whole:
        at = [int(point) for point in beside if point == int(point)]
        return st.integers(0, SMALL) | st.sampled_from(at) if at else st.integers(0, SMALL)
    highest = max((EXACT.multiply(2, threshold.copy_abs()) for threshold in thresholds), default=Decimal(LARGE))
    others = st.integers(0, SMALL) | st.decimals(0, max(highest, Decimal(LARGE)), places=2)
    return st.sampled_from(beside) | others if beside else others
