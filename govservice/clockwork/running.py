"""One clock on one row: whether it runs, from when, what happened on the way, and when it is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from govservice.calendars import china
from govservice.clockwork.alarms import AlarmReading, read_alarm
from govservice.clockwork.forks import Fork, may_be, not_yet, turns
from govservice.clockwork.granting import Granting
from govservice.clockwork.history import NO_HISTORY, History, Paused, fact_of_row
from govservice.clockwork.reading import ClockReading, PausedSpan
from govservice.counting.answer import counted as count_deadline
from govservice.counting.asked import CLOCK_UNITS, INSTANT_UNITS, When, day_of, later, read_when
from govservice.counting.elapsed import elapsed
from govservice.counting.result import Deadline
from govservice.errors import ConventionError, Words, closest
from govservice.limits import TimeLimit
from govservice.rules.book.conventions import BY_NAME
from govservice.rules.book.entries import in_force
from govservice.rules.language.values import Nothing, Unknown, Value, exact, reported
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.entries import Clock
    from govservice.rules.language.shapes import Expression

__all__ = ["Waiting", "read_clock", "watch_clock"]

_T = TypeVar("_T")
_CONVENTION = "conventions."


class Waiting(NamedTuple):
    """A clock's reading, and what each of its facts waits for where it has none: empty where there is no such thing to wait for.

    `may_be_seen` says when each alarm would be seen if its condition held; it is empty where that is open.
    """

    reading: ClockReading
    started: frozenset[str] = frozenset()
    stopped: frozenset[str] = frozenset()
    rest: frozenset[str] = frozenset()
    may_be_seen: tuple[When | None, ...] = ()


def read_clock(
    clock: Clock, subject: Subject, *, history: History = NO_HISTORY, now: When | None = None, row: int | None = None
) -> ClockReading:
    """One clock on one subject. Raises ConventionError where the answer depends on a convention that the book does not state."""
    reading = watch_clock(clock, subject, history=history, now=now, row=row).reading
    asked = (*reading.undecided, *(name for alarm in reading.alarms for name in alarm.undecided))
    unstated = next((name for name in asked if name.startswith(_CONVENTION)), None)
    if unstated is not None:
        raise ConventionError.unstated(unstated.removeprefix(_CONVENTION), Words(f"the clock {clock.id}", f"时钟 {clock.id}"))
    return reading


def watch_clock(
    clock: Clock, subject: Subject, *, history: History = NO_HISTORY, now: When | None = None, row: int | None = None
) -> Waiting:
    """One clock on one subject, with what it waits for; a convention that is not stated is waited for like a fact."""
    blank = ClockReading(clock.id, clock.label, clock.cite, False, clock.about, row)
    if not in_force(clock.from_, clock.until, subject.surroundings.on, clock.id):
        return Waiting(blank)
    runs = True if clock.when is None else holds(evaluate(clock.when, subject))
    if runs is False:
        return Waiting(blank)
    if isinstance(runs, Unknown):
        return _may_run(clock, subject, runs, blank)
    found: list[tuple[_Turn, Fork]] = list(turns(lambda fork: _Turn(clock, subject, history, now, fork)))
    return _together(found, blank, history, subject, now)


def _may_run(clock: Clock, subject: Subject, runs: Unknown, blank: ClockReading) -> Waiting:
    """A clock of which it is open whether it runs: everything of it is open."""
    needs = set(runs.needs)
    for expression in (clock.starts, clock.limit, clock.due):
        value = evaluate(expression, subject) if expression is not None else None
        needs |= value.needs if isinstance(value, Unknown) else frozenset()
    undecided = tuple(sorted(needs))
    alarms = tuple(
        AlarmReading(alarm.signal, None, cite=alarm.cite, undecided=undecided)
        for alarm in clock.alarms
        if in_force(alarm.from_, alarm.until, subject.surroundings.on, alarm.signal)
    )
    reading = replace(blank, applies=None, undecided=undecided, alarms=alarms)
    waited = frozenset(needs)
    return Waiting(reading, waited, waited, waited, (None,) * len(alarms))


# -- one way it may turn out


class _Turn:
    """One way that a clock which runs may turn out; every attribute is a field of the reading, or None."""

    def __init__(self, clock: Clock, subject: Subject, history: History, now: When | None, fork: Fork) -> None:
        self.clock, self.subject, self.history, self.now, self.fork = clock, subject, history, now, fork
        self.stated = {**subject.contents.conventions, **clock.conventions}
        self.notes: list[Words] = []
        self.needs: set[str] = set()
        self.paused: list[PausedSpan] = []
        self.extended: list[TimeLimit] = []
        self.stands = False  # a pause that has not ended keeps the due day open
        self._read()

    def _read(self) -> None:
        clock = self.clock
        start, limit, named = (self._taken(expression) for expression in (clock.starts, clock.limit, clock.due))
        self.start_needs = start.needs if isinstance(start, Unknown) else frozenset[str]()
        begins = self._noted(start)
        self.started = cast("When | None", begins if isinstance(begins, date) else None)
        self.limit = limit if isinstance(self._noted(limit), TimeLimit) else None
        self.due: When | None = cast("When | None", self._noted(named)) if clock.due is not None else None
        self.not_begun = self._is_not_begun(start)
        self.stopped, self.stop_needs = self._stop()
        self.counted: Deadline | None = None
        if self.started is not None and self.limit is not None and not self._to_come(self.started):
            self.counted = self._count(self.limit, self.started)
            if not self.stands and not self.needs:
                self.due = self.counted.due
        elif self.due is not None:
            self.due = self._moved(self.due)
        self.until = self.stopped if self.stopped is not None else self.now
        self.overdue = self._overdue()
        self._tell_the_order()
        sure = self.counted is not None and self.until is not None and not self.stop_needs
        self.spent = elapsed(self.counted, self.until) if sure and self.counted is not None and self.until is not None else None
        self.alarms, self.may_be_seen = self._alarms()

    def _taken(self, expression: Expression | None) -> Value | None:
        if expression is None:
            return None
        values, needs = may_be(expression, self.subject)
        value = values[0] if len(values) == 1 else self.fork.choose(expression, values, needs)
        return self._in_zone(value)

    def _noted(self, value: Value | None) -> Value | None:
        """A value, None where there is none; what an unknown one needs is noted."""
        if isinstance(value, Unknown):
            self.needs |= value.needs
            return None
        return None if isinstance(value, Nothing) else value

    def _is_not_begun(self, start: Value | None) -> bool:
        """Whether the clock certainly has not begun: no act has started it yet, or one to come will."""
        if isinstance(start, Unknown):
            return not_yet(start, self.subject)
        return start is None or isinstance(start, Nothing) or self._to_come(start)

    def _in_zone(self, value: Value) -> Value:
        """A moment on the calendar's clock; anything else as it is."""
        return (
            read_when(value, self._calendar().zone, Words(self.clock.id, self.clock.label or self.clock.id))
            if isinstance(value, datetime)
            else value
        )

    def _to_come(self, when: Value | None) -> bool:
        return self.now is not None and isinstance(when, date) and later(when, self.now)

    def _stop(self) -> tuple[When | None, frozenset[str]]:
        """The earliest of what stops it by now, and what the stop waits for where an earlier one may be found."""
        needs: frozenset[str] = frozenset()
        known: list[When] = []
        for stop in self.clock.stops:
            value = self._taken(stop)
            if isinstance(value, Unknown):
                needs |= frozenset() if not_yet(value, self.subject) else value.needs
            elif isinstance(value, date) and not self._to_come(value):
                known.append(value)
        return min(known, key=lambda when: (day_of(when), when.isoformat())) if known else None, needs

    def _overdue(self) -> bool | None:
        if self.until is None:
            return None
        if self.due is None:
            return self._overdue_without_a_due_day()
        over = later(self.until, self.due)
        return None if over and self.stop_needs else over  # an open stop can only be earlier

    def _overdue_without_a_due_day(self) -> bool | None:
        if self.stands and not self.needs and self.counted is not None and self.until is not None:
            return None if later(self.until, self.counted.due) else False  # the pause can only make it later
        return False if self.not_begun and self.stopped is None and not self.stop_needs else None

    def _tell_the_order(self) -> None:
        """Say what stands in the records in an order that cannot be."""
        if self.started is None:
            return
        if self.stopped is not None and later(self.started, self.stopped):
            self.notes.append(
                Words(f"it stopped on {self.stopped}, before it began on {self.started}", f"停止于{self.stopped}，早于起算的{self.started}")
            )
        elif self._to_come(self.started):
            self.notes.append(Words(f"it begins on {self.started}, after {self.now}", f"{self.started}起算，在{self.now}之后"))

    # -- pauses and extensions

    def _count(self, limit: TimeLimit, start: When) -> Deadline:
        spans, running = self._pauses()
        spans = [span for span in spans if not later(start, span[1])]
        options = self._options(limit, start)
        granting = Granting(self.clock, self.subject, self.fork, self._zoned_extensions(), self.notes, self.extended)
        counted = self._deadline(limit, start, spans, options)
        while (amount := granting.next(counted.due)) is not None:
            self.extended.append(amount)
            counted = self._deadline(limit, start, spans, options)
        self.needs |= granting.needs
        if running:
            ended = [span for span in spans if span[:2] != running[0][:2]]
            without = self._deadline(limit, start, ended, options) if len(ended) < len(spans) else counted
            self.stands = not later(running[0][0], without.due)
            if self.stands:
                self.fork.needs.add(running[0][3])
            else:
                counted = without
        return counted

    def _moved(self, due: When) -> When | None:
        """A due day given outright, as extensions move it; a pause moves none."""
        for pause in self.history.pauses:
            if not self._to_come(self._in_zone(pause.first)):
                day = day_of(pause.first)
                self.notes.append(
                    Words(f"the pause of {day} does not move a due day given outright", f"{day}的中止不改变直接给定的到期日")
                )
        granting = Granting(self.clock, self.subject, self.fork, self._zoned_extensions(), self.notes, self.extended)
        while (amount := granting.next(due)) is not None:
            self.extended.append(amount)
            due = self._deadline(amount, due, [], self._options(amount, due) | {"first_day": "excluded"}, ()).due
        self.needs |= granting.needs
        return None if granting.needs else due

    def _zoned_extensions(self) -> list[Any]:
        """The extensions asked by now, on the calendar's clock."""
        asked = [one._replace(asked=cast("When | None", self._in_zone(one.asked) if one.asked else None)) for one in self.history.extensions]
        return [one for one in asked if not self._to_come(one.asked)]

    def _pauses(self) -> tuple[list[tuple[When, When, str | None]], list[tuple[When, When, str | None, str]]]:
        """The pauses that stop the clock, and those among them that have not ended, with what says their end."""
        spans: list[tuple[When, When, str | None]] = []
        running: list[tuple[When, When, str | None, str]] = []
        for given in self.history.pauses:
            pause = given._replace(first=cast("When", self._in_zone(given.first)), last=cast("When | None", self._in_zone(given.last)))  # type: ignore[arg-type]
            if self._to_come(pause.first) or not self._stops_the_clock(pause):
                continue
            self.paused.append(PausedSpan(pause.kind, pause.first, pause.last))
            last = (
                pause.last
                if pause.last is not None
                else max(self.now or pause.first, pause.first, key=lambda when: (day_of(when), when.isoformat()))
            )
            spans.append((pause.first, last, pause.kind))
            if pause.last is None:
                running.append((pause.first, last, pause.kind, fact_of_row("pauses", pause.number, "to")))
        return spans, running

    def _stops_the_clock(self, pause: Paused) -> bool:
        if not self._is_of_a_kind(pause):
            return False
        if pause.doubt and not self._either(("pauses", pause.number, "doubt"), pause.doubt):
            return False
        if pause.told is True or self._stated("pause_needs_notice") == "no":
            return True
        if pause.told is None:
            told = fact_of_row("pauses", pause.number, "told")
            if self._either(told, (told,)):
                return True
        else:
            self.notes.append(
                Words(
                    f"the pause of {day_of(pause.first)} ({pause.kind}) was not told in writing and does not stop the clock",
                    f"{day_of(pause.first)}的中止（{pause.kind}）未书面告知，不停止计时",
                )
            )
        return False

    def _is_of_a_kind(self, pause: Paused) -> bool:
        """Whether its kind stops this clock; one that is not said, or misspelt, may."""
        if pause.kind in self.clock.pauses:
            return True
        kind = fact_of_row("pauses", pause.number, "kind")
        if pause.kind is None and self.clock.pauses:
            return self._either(kind, (kind,))
        of_the_book = {kind for clock in self.subject.contents.clocks.values() for kind in clock.pauses}
        close = closest(pause.kind or "", of_the_book, cutoff=0.8) if pause.kind not in of_the_book else None
        name, day = pause.kind or "-", day_of(pause.first)
        hint = Words(f"; did you mean {close}?", f"；是不是“{close}”？") if close else Words("", "")
        self.notes.append(
            Words(f"the pause of {day} ({name}) does not stop this clock{hint.en}", f"{day}的中止（{name}）不停止本时限{hint.zh}")
        )
        return close in self.clock.pauses and self._either(kind, (kind,))

    def _either(self, question: object, needs: Iterable[str]) -> bool:
        return self.fork.choose(cast("str", question), (True, False), needs)

    # -- conventions

    def _stated(self, name: str, choices: tuple[str, ...] | None = None) -> str:
        """What the book states of a convention; taken each way where it states nothing."""
        if name in self.stated:
            return self.stated[name]
        return self.fork.choose(name, choices or BY_NAME[name].values, (f"{_CONVENTION}{name}",))

    def _options(self, limit: TimeLimit, start: When) -> dict[str, Any]:
        """The conventions of the book and the clock as options of `deadline`."""
        in_days = limit.unit not in (*CLOCK_UNITS, *INSTANT_UNITS)
        ends = self.stated.get("ends", "day")
        options: dict[str, Any] = {
            "first_day": self._stated("first_day") if in_days and not (ends == "same_time" and "first_day" not in self.stated) else "excluded",
            "ends": ends,
            "rest_day_same_day": self.stated.get("rest_day_same_day"),
        }
        if self.clock.hours is not None or in_days:
            options["hours"] = self.clock.hours or self.subject.contents.hours  # an hour limit runs on unless its own clock has hours
        if limit.unit == "same_day" and options["rest_day_same_day"] is None and not self._calendar().is_workday(day_of(start)):
            options["rest_day_same_day"] = self._stated("rest_day_same_day")
        return options

    def _deadline(
        self, limit: TimeLimit, start: When, pauses: list[Any], options: Mapping[str, Any], extensions: Iterable[TimeLimit] | None = None
    ) -> Deadline:
        more = self.extended if extensions is None else extensions
        count = partial(count_deadline, limit, start, self._calendar(), pauses=pauses, extensions=more, **options)
        if "roll" in self.stated or not {limit.unit, *(extension.unit for extension in more)} & {"natural_day", "month", "year"}:
            return count(roll="none" if self.stated.get("roll") == "none" else "forward")
        return count(roll=cast("Any", self._stated("roll")))

    def _calendar(self) -> WorkCalendar:
        return cast("WorkCalendar | None", self.subject.surroundings.calendar) or china()

    # -- alarms

    def _alarms(self) -> tuple[tuple[AlarmReading, ...], tuple[When | None, ...]]:
        in_time = self.overdue is False if self.stopped is not None else None
        readings: list[AlarmReading] = []
        seen: list[When | None] = []
        for alarm in self.clock.alarms:
            if not in_force(alarm.from_, alarm.until, self.subject.surroundings.on, alarm.signal):
                continue
            asked = True if alarm.when is None else holds(evaluate(alarm.when, self.subject))
            if asked is False:
                continue
            reading = read_alarm(
                alarm, self.counted if self.due is not None else None, self.subject, stopped=self.stopped, in_time=in_time, now=self.now,
                placed=self.stated.get("percent_alarms"), stop_needs=self.stop_needs,
            )  # fmt: skip
            seen.append(reading.at)
            if isinstance(asked, Unknown):
                needs = tuple(sorted({*asked.needs, *reading.undecided}))
                reading = AlarmReading(alarm.signal, None, False if reading.raised is False else None, cite=alarm.cite, undecided=needs)
            readings.append(reading)
        return tuple(readings), tuple(seen)


# -- all of them together


def _together(found: list[tuple[_Turn, Fork]], blank: ClockReading, history: History, subject: Subject, now: When | None) -> Waiting:
    """What is the same however it turns out; the rest is open, and what would decide it is named."""
    ways = [turn for turn, _ in found]
    first = ways[0]
    fields: dict[str, list[Any]] = {
        "started": [turn.started for turn in ways],
        "limit": [turn.limit for turn in ways],
        "due": [turn.due for turn in ways],
        "stopped": [None if turn.stop_needs else turn.stopped for turn in ways],
        "used": [_used(turn) for turn in ways],
        "left": [_amount(turn.spent.left) if turn.spent is not None and turn.due is not None else None for turn in ways],
        "overdue": [turn.overdue for turn in ways],
        "overdue_by": [_over(turn) for turn in ways],
    }
    agreed = {name: values[0] if _alike(values) else None for name, values in fields.items()}
    differ = any(not _alike(values) for values in fields.values()) or not _alike([turn.alarms for turn in ways])
    needs: set[str] = set().union(*(turn.needs | turn.stop_needs for turn in ways))
    if differ or any(turn.stands for turn in ways):
        needs |= set().union(*(fork.needs for _, fork in found))
    undecided = tuple(sorted(needs))
    due = agreed["due"]
    counted = first.counted if due is not None else None
    doubtful = _doubts(history, needs)
    reading = replace(
        blank,
        applies=True,
        **agreed,
        official=counted.official if counted is not None else None,
        warnings=counted.warnings if counted is not None else (),
        alarms=_alarms_together([turn.alarms for turn in ways], undecided),
        paused=_common([turn.paused for turn in ways]),
        extended=_common([turn.extended for turn in ways]),
        notes=tuple(dict.fromkeys((*history.notes, *(_common([turn.notes for turn in ways]) if differ else first.notes), *doubtful))),
        undecided=undecided,
        deadline=counted,
    )
    starts = set().union(*(turn.start_needs for turn in ways), () if _alike(fields["started"]) else needs)
    stops = set().union(*(turn.stop_needs for turn in ways), () if _alike(fields["stopped"]) else needs)
    rest = frozenset(needs) | ({"as_of"} if _waits_for_a_day(ways, now) else frozenset())
    return Waiting(reading, frozenset(starts), frozenset(stops), rest, first.may_be_seen if _alike([turn.may_be_seen for turn in ways]) else ())


def _waits_for_a_day(ways: list[_Turn], now: When | None) -> bool:
    """Whether what is used and left waits for the day that counts as today: none is given, or the clock begins later."""
    return any((now is None and turn.stopped is None) or turn._to_come(turn.started) for turn in ways)


def _used(turn: _Turn) -> Decimal | int | None:
    if turn.spent is not None and (turn.due is not None or turn.stands) and not turn.needs:
        return _amount(turn.spent.used)
    return 0 if turn._to_come(turn.started) and turn.stopped is None else None


def _over(turn: _Turn) -> Decimal | int | None:
    if turn.spent is not None and turn.due is not None:
        return _amount(turn.spent.over)
    return 0 if turn._to_come(turn.started) and turn.stopped is None else None


def _alike(values: list[Any]) -> bool:
    return all(type(value) is type(values[0]) and value == values[0] for value in values[1:])


def _common(lists: list[list[_T]]) -> tuple[_T, ...]:
    """What is in every one, in the order of the first."""
    return tuple(each for each in lists[0] if all(each in others for others in lists[1:]))


def _alarms_together(ways: list[tuple[AlarmReading, ...]], undecided: tuple[str, ...]) -> tuple[AlarmReading, ...]:
    together = []
    for alarms in zip(*ways, strict=True):
        at = alarms[0].at if _alike([alarm.at for alarm in alarms]) else None
        raised = alarms[0].raised if _alike([alarm.raised for alarm in alarms]) else None
        cleared = all(alarm.cleared for alarm in alarms)
        needs = {name for alarm in alarms for name in alarm.undecided}
        if at is None or not _alike([alarm.raised for alarm in alarms]):
            needs.update(undecided)
        together.append(AlarmReading(alarms[0].signal, at, raised, cleared, alarms[0].cite, tuple(sorted(needs))))
    return tuple(together)


def _doubts(history: History, needs: Iterable[str]) -> list[Words]:
    """The rows of which it is open whether they move the clock."""
    open_ = {name.partition(".")[0] for name in needs}
    notes = []
    for pause in history.pauses:
        if f"pauses:{pause.number}" in open_ and fact_of_row("pauses", pause.number, "to") not in needs:
            day = day_of(pause.first)
            notes.append(Words(f"it is open whether the pause of {day} stops this clock", f"{day}的中止是否停止本时限未定"))
    for extension in history.extensions:
        if f"extensions:{extension.number}" in open_:
            asked = day_of(extension.asked) if extension.asked is not None else "-"
            notes.append(Words(f"it is open whether the extension asked on {asked} moves the due day", f"{asked}申请的延长是否改变到期日未定"))
    return notes


def _amount(value: Fraction) -> Decimal | int:
    return cast("Decimal | int", reported(exact(value)))
