"""A clock that counts working days from a plain day: its due days by the calendar's table, for all starts, limits and stops at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, cast

from govservice.clockwork.forks import not_yet
from govservice.clockwork.history import MOVING
from govservice.counting.answer import first_that_may_move
from govservice.limits import TimeLimit
from govservice.rules.language.shapes import Constant
from govservice.rules.language.values import NONE, Nothing, Unknown
from govservice.run.columns.coded import Coded, Interned, Tellers, distinct
from govservice.run.columns.pairs import EPOCH, NOT_A_DAY, days_in

if TYPE_CHECKING:
    from govservice.calendars.day_arrays import Workdays
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Clock
    from govservice.rules.meaning.subjects import Subject

__all__ = ["PlainClock", "PlainDays", "PlainReads", "is_plain", "is_undated", "plain_due", "whole_workdays"]

_LONGEST: Final = 20_000
_NEVER: Final = 1 << 30


def is_plain(clock: Clock, contents: Contents) -> bool:
    """Whether a clock may count working days from a plain day, on terms that leave nothing open."""
    said = {**contents.conventions, **clock.conventions}
    hours = clock.hours is not None or contents.hours is not None
    settled = clock.hours is None and (contents.hours is None or isinstance(contents.hours, Constant))
    days = said.get("ends", "day") == "day" and (not hours or "ends" in said) and "first_day" in said
    counts = clock.limit is not None and clock.due is None and not (clock.alarms or clock.backward)
    return settled and days and counts and is_undated(clock)


def is_undated(clock: Clock) -> bool:
    """Whether a clock and its alarms are in force on all days."""
    dated = clock.from_ is not None or clock.until is not None
    return not dated and all(alarm.from_ is None and alarm.until is None for alarm in clock.alarms)


class PlainClock:
    """The rows of which a clock is plain: `told` tells them apart, `plain` says which kinds are, of which the rest is known by number."""

    def __init__(
        self, clock: Clock, subject: Subject, asked: Coded, columns: Sequence[Coded], tellers: Tellers, now: date | None,
        workdays: Workdays, *, alone: Coded | None = None, whole: bool = False,
    ) -> None:  # fmt: skip
        """`asked` marks the rows that are asked about; `columns` are its start, limit and stops, and whether it runs, if need be. `alone`
        marks those whose limit is unknown and may turn out in no ways that could be listed (None: nobody knows).

        With `whole` it is known of every row that it is plain of what is used and left as well.
        """
        import numpy as np

        start, limit, *stops = columns if clock.when is None else columns[:-1]
        self.told = tellers.by([asked, *columns, *(() if alone is None else (alone,))])
        today = None if now is None else now.toordinal() - EPOCH
        starts = days_in(start.values)[self.told.numbers(start)]
        plain = (self.told.numbers(asked) > 0) & (starts != NOT_A_DAY)
        if clock.when is not None:
            plain &= np.array([value is True for value in columns[-1].values])[self.told.numbers(columns[-1])]
        if today is not None:
            plain &= starts <= today
        lengths = np.array([whole_workdays(value) for value in limit.values], dtype=np.int64)[self.told.numbers(limit)]
        stopped = np.full(self.told.size, _NEVER, dtype=np.int64)
        for stop in stops:
            days = _stops(stop.values, subject, today)[self.told.numbers(stop)]
            plain &= days != NOT_A_DAY
            stopped = np.minimum(stopped, days)
        waits = np.zeros(self.told.size, dtype=np.int64)
        if alone is not None:
            unknown = np.array([place if _only_waits(value) else 0 for place, value in enumerate(limit.values)], dtype=np.int64)
            waits = np.where(plain & (self.told.numbers(alone) > 0), unknown[self.told.numbers(limit)], 0)
        first_day = {**subject.contents.conventions, **clock.conventions}["first_day"]
        due, after, plain = plain_due(workdays, starts, lengths, plain, first_day)
        until = np.where(stopped < _NEVER, stopped, _NEVER if today is None else today)
        plain &= until < _NEVER
        if whole:  # what is used and left is told as well, and that the next notice may move the due day
            moving = first_that_may_move(date.fromordinal(workdays.official + EPOCH)).toordinal() - EPOCH
            plain &= (until <= workdays.official) & (due < moving)
        self.plain, self.started, self.stopped, self.waits = plain | (waits > 0), starts, stopped, waits
        self.due, self.late = np.where(plain, due, 0).astype(np.int64), plain & (until > due)
        self.running = (stopped == _NEVER) & (today is None)  # what is used of it hangs on the day that counts as today
        self.limits = limit.values, self.told.numbers(limit)
        self._after, self._until, self._workdays = after, until, workdays

    @cached_property
    def spent(self) -> tuple[Any, Any, Any]:
        """The working days of each kind that are used by its stop, or by today, that are left then, and those beyond."""
        import numpy as np

        def days(first: Any, last: Any) -> Any:
            runs = self.plain & (last > first)
            return np.where(runs, self._workdays.between(np.where(runs, first, first_day), np.where(runs, last, first_day)), 0)

        first_day = self._workdays.first
        used, whole = days(self._after, np.minimum(self._until, self.due)), days(self._after, self.due)
        return used, np.maximum(whole - used, 0), days(self.due, self._until)

    def due_on(self, kind: int) -> date | None:
        """The due day of a kind of rows; None where its limit is unknown."""
        return None if self.waits[kind] else date.fromordinal(int(self.due[kind]) + EPOCH)

    def fact(self, name: str, kind: int) -> Any:
        """A fact that is known at once, of a kind of rows."""
        limit = self.limits[0][int(self.waits[kind])]
        match name:
            case "due":
                return limit if isinstance(limit, Unknown) else self.due_on(kind)
            case "overdue" if isinstance(limit, Unknown):
                return Unknown(limit.needs | {"as_of"}) if self.running[kind] else limit
            case "overdue":
                return bool(self.late[kind])
            case "official":
                return None if isinstance(limit, Unknown) else True
            case "started_on":
                return date.fromordinal(int(self.started[kind]) + EPOCH)
            case _:
                stopped = int(self.stopped[kind])
                return NONE if stopped == _NEVER else date.fromordinal(stopped + EPOCH)

    def numbers(self, name: str) -> Any:
        """Kinds of rows that say the same of such a fact, by number."""
        import numpy as np

        match name:
            case "due":
                return np.where(self.waits > 0, self.due.min(initial=0) - self.waits, self.due)
            case "overdue":
                return np.where(self.waits > 0, 2 * self.waits + self.running, -1 - self.late.astype(np.int64))
            case "official":
                return (self.waits > 0).astype(np.int64)
            case "started_on":
                return self.started
            case _:
                return np.where(self.stopped == _NEVER, self.stopped.min(initial=0) - 1, self.stopped)

    @property
    def mask(self) -> Coded:
        """The rows that it is plain of, as a mask."""
        import numpy as np

        return Coded.over(self.told, self.plain.astype(np.int8), (False, True))

    @property
    def kinds(self) -> Coded:
        """The kinds of rows, as a column."""
        import numpy as np

        return Coded.over(self.told, np.arange(self.told.size, dtype=np.int32), range(self.told.size))


class PlainDays(NamedTuple):
    """What a plain reading says beside its due day: its limit, start and stop, and the working days used, left, and beyond."""

    limit: TimeLimit
    started: date
    stopped: date | None
    used: int
    left: int
    over: int


class PlainReads(Coded):
    """A clock that was read: `others` are what it comes to where it is not plain, and nothing elsewhere."""

    __slots__ = ("clock", "others", "plain", "way")

    AT_ONCE: ClassVar = frozenset(("overdue", "official", "due", "started_on", "stopped_on"))  # facts that are known without reading it
    clock: PlainClock
    others: Coded
    plain: Any  # which kinds of rows it is plain of
    way: Any  # which kind each of them is among those of the clock

    @classmethod
    def of(
        cls, clock: PlainClock, others: Coded, tellers: Tellers,
        made: Callable[[date | None, bool | None, Mapping[str, Any], PlainDays | None], Any],
        read: Callable[[int], Mapping[str, Any]], *, whole: bool,
    ) -> PlainReads:  # fmt: skip
        """`made` makes a reading of its due day, whether that is late, its facts, and where it is `whole` of all its days; `read` says the
        facts of a row.
        """
        import numpy as np

        kinds = clock.kinds
        told = tellers.by((kinds, others))
        way = told.numbers(kinds)
        plain = clock.plain[way]
        places = np.flatnonzero(plain)
        numbers = told.numbers(others).astype(np.int32)
        numbers[places] = np.arange(len(others.values), len(others.values) + len(places))
        reads = _Reads(others.values, clock, way[places], told.first[places], made, read, whole=whole)
        column = cast("PlainReads", cls.over(told, numbers, reads))
        column.clock, column.plain, column.way = clock, plain, way
        column.others = Coded.over(told, np.where(plain, 0, told.numbers(others)), others.values)
        return column

    def fact(self, name: str, other: Callable[[Any], Any]) -> Coded | None:
        """One fact that the clock gives, where that is known at once; `other` says it of a reading that is not plain."""
        if name not in self.AT_ONCE:
            return None
        return self._either(self.clock.numbers(name), partial(self.clock.fact, name), other)

    def brief(self, made: Callable[[date | None, bool | None], Any], other: Callable[[Any], Any]) -> Coded:
        """What is reported of each reading: `made` of a due day and whether it is late, `other` of one that is not plain."""
        import numpy as np

        clock = self.clock
        number = clock.due * 2 + clock.late
        number = np.where(clock.waits > 0, number.min(initial=0) - 1, number)
        return self._either(number, lambda kind: made(*_due_and_late(clock, kind)), other)

    def _either(self, number: Any, value: Callable[[int], Any], other: Callable[[Any], Any]) -> Coded:
        """A column of what kinds of rows come to, those of one number alike, and of what the readings that are not plain do."""
        import numpy as np

        interned = Interned()
        table = np.array([0, *(interned.number(other(one)) for one in self.others.values[1:])], dtype=np.int32)
        numbers = table[self.others.numbers]
        kinds = self.way[self.plain]
        each, own = distinct(number[kinds])
        one_of_each = np.zeros(len(each), dtype=np.int64)
        one_of_each[own] = kinds
        numbers[self.plain] = np.array([interned.number(value(kind)) for kind in one_of_each.tolist()], dtype=np.int32)[own]
        return Coded.over(self.told, numbers, interned.values)


def _due_and_late(clock: PlainClock, kind: int) -> tuple[date | None, bool | None]:
    due = clock.due_on(kind)
    return due, None if due is None else bool(clock.late[kind])


class _Reads(Sequence[Any]):
    """Readings by number: those that are not plain, then one for each kind of rows of which it is, made when it is asked for."""

    def __init__(
        self, others: Sequence[Any], clock: PlainClock, places: Any, rows: Any, made: Callable[..., Any], read: Callable[[int], Any], *,
        whole: bool,
    ) -> None:  # fmt: skip
        self._others, self._clock, self._places, self._rows, self._new, self._read = others, clock, places, rows, made, read
        self._days: list[list[Any]] | None = None
        if whole:  # each of them will be asked for
            days = (clock.due, clock.late, clock.started, clock.stopped, clock.limits[1], *clock.spent)
            self._days = [column[places].tolist() for column in days]

    def __len__(self) -> int:
        return len(self._others) + len(self._places)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[place] for place in range(*number.indices(len(self)))]
        if number < len(self._others):
            return self._others[number]
        at = int(number) - len(self._others)
        if self._days is None:
            kind = int(self._places[at])
            quick = {name: self._clock.fact(name, kind) for name in PlainReads.AT_ONCE}
            return self._new(*_due_and_late(self._clock, kind), _Facts(quick, lambda: self._read(int(self._rows[at]))), None)
        due_on, late, started_on, stopped_on, limit, used, left, over = (column[at] for column in self._days)
        due, started = date.fromordinal(due_on + EPOCH), date.fromordinal(started_on + EPOCH)
        stopped = None if stopped_on == _NEVER else date.fromordinal(stopped_on + EPOCH)
        quick = {
            "due": due, "started_on": started, "overdue": late, "official": True, "stopped_on": NONE if stopped is None else stopped,
        }  # fmt: skip
        days = PlainDays(self._clock.limits[0][limit], started, stopped, used, left, over)
        return self._new(due, late, _Facts(quick, lambda: self._read(int(self._rows[at]))), days)


class _Facts(Mapping[str, Any]):
    """The facts of a plain reading: those that are known at once, and the others when one of them is asked for."""

    __slots__ = ("_quick", "_read", "_whole")

    def __init__(self, quick: Mapping[str, Any], read: Callable[[], Mapping[str, Any]]) -> None:
        self._quick, self._read = quick, read
        self._whole: Mapping[str, Any] | None = None

    @property
    def whole(self) -> Mapping[str, Any]:
        """All of them."""
        if self._whole is None:
            self._whole = self._read()
        return self._whole

    def __getitem__(self, name: str) -> Any:
        return self._quick[name] if name in self._quick else self.whole[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.whole)

    def __len__(self) -> int:
        return len(self.whole)


def plain_due(workdays: Workdays, starts: Any, lengths: Any, there: Any, first_day: str) -> tuple[Any, Any, Any]:
    """The days on which so many working days from some starts end, and the days after which these are counted; and where both are plain:
    of those that are `there`, within the years whose days are published. Elsewhere they say nothing.
    """
    import numpy as np

    plain = there & (starts >= workdays.first) & (starts <= workdays.official) & (lengths > 0)
    after = np.where(plain, starts, workdays.first + 1) - (first_day == "included")
    due, found = workdays.due(np.maximum(after, workdays.first), np.where(plain, lengths, 1), None)
    plain &= (due <= workdays.official) & (after >= workdays.first)
    return due, after, plain if found is None else plain & found


def _only_waits(limit: object) -> bool:
    """Whether a limit is unknown, and waits for nothing that moves a clock on the way."""
    return isinstance(limit, Unknown) and bool(limit.needs) and all(need.partition(":")[0] not in MOVING for need in limit.needs)


def whole_workdays(limit: object) -> int:
    """How many whole working days a limit is; 0 for any other."""
    if type(limit) is not TimeLimit or limit.unit != "workday" or limit.value != int(limit.value):
        return 0
    return int(limit.value) if 0 < limit.value <= _LONGEST else 0


def _stops(values: Sequence[Any], subject: Subject, today: int | None) -> Any:
    """The day on which each of some values stops a clock by today: never, where it does not; NOT_A_DAY where nobody can say."""
    import numpy as np

    days = days_in(values)
    for place, value in enumerate(values):
        if type(value) is date:
            if today is not None and days[place] > today:
                days[place] = _NEVER
        elif isinstance(value, Nothing) or (isinstance(value, Unknown) and not_yet(value, subject)):
            days[place] = _NEVER
    return np.asarray(days)
