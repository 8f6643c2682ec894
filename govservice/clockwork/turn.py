"""One way that a clock on a row may turn out: from when it runs, what happened on the way, when it is due, its alarms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from govservice.clockwork.alarms import AlarmReading, read_alarm
from govservice.clockwork.forks import Fork, not_yet
from govservice.clockwork.granting import Granting
from govservice.clockwork.history import History, unheard
from govservice.clockwork.pausing import Pauses
from govservice.clockwork.reading import PausedSpan
from govservice.clockwork.terms import Terms
from govservice.counting.answer import counted as count_deadline
from govservice.counting.asked import CLOCK_UNITS, DAY, When, day_of, later, midnight, read_when
from govservice.counting.elapsed import elapsed
from govservice.counting.result import Deadline
from govservice.errors import Words
from govservice.limits import TimeLimit
from govservice.rules.book.entries import in_force
from govservice.rules.language.acts import DAY_OF, DAYS_OF_MOMENTS
from govservice.rules.language.shapes import Expression, Name
from govservice.rules.language.values import Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.rules.book.entries import Alarm, Clock

__all__ = ["Turn", "stopped_before_it_began"]


OPEN: Final = Unknown(frozenset())  # until it is known when an alarm is seen


def stopped_before_it_began(started: When, stopped: When) -> Words:
    """What is said of a clock that something stopped before it began."""
    return Words(f"it stopped on {stopped}, before it began on {started}", f"停止于{stopped}，早于起算的{started}")


def _is_day_of(day: Value | None, moment: Value | None) -> bool:
    """Whether a day is that of a moment which is known."""
    return isinstance(day, date) and not isinstance(day, datetime) and isinstance(moment, datetime) and day_of(moment) == day


class Turn:
    """One way that a clock which runs may turn out; every attribute is a field of the reading, or None."""

    def __init__(self, clock: Clock, subject: Subject, history: History, now: When | None, fork: Fork) -> None:
        self.clock, self.subject, self.history, self.now, self.fork = clock, subject, history, now, fork
        self.terms = Terms(clock, subject, fork)
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
        self.started = begins if isinstance(begins, date) else None
        amount = self._noted(limit)
        self.limit = amount if isinstance(amount, TimeLimit) else None
        self.due: When | None = cast("When | None", self._noted(named)) if clock.due is not None else None
        self.due_is_open = isinstance(named, Unknown)  # of a due day given outright, which waits for no act
        self.never = isinstance(start, Nothing) and clock.due is None
        self.unending = isinstance(limit if clock.due is None else named, Nothing)
        self.not_begun = self._is_not_begun(start)
        self.stopped, self.stop_needs = self._stop()
        self.needs |= self._misspelt()
        self.counted: Deadline | None = None
        if self.started is not None and self.limit is not None and not self.begins_later:
            self.counted = self._count(self.limit, self.started)
            self.needs |= self.terms.needs
            if not self.stands and not self.needs:
                self.due = self.counted.due
        elif self.due is not None:
            self.due = self._moved(self.due)
        if self.counted is None and clock.due is None:
            self.notes.extend(unheard(self.history, self.subject.contents))
        self.until = self.stopped if self.stopped is not None else self.now
        self.overdue = self._overdue()
        self._tell_the_order()
        sure = self.counted is not None and self.until is not None and not self.stop_needs
        self.spent = elapsed(self.counted, self.until) if sure and self.counted is not None and self.until is not None else None
        self.alarms, self.may_be_seen = self._alarms()

    @property
    def begins_later(self) -> bool:
        """Whether it has a start that is still to come; one that is counted back mostly has, and counts."""
        return not self.clock.backward and self.to_come(self.started)

    def _misspelt(self) -> set[str]:
        """The tables that would move this clock and may have been given under another name."""
        moving = {"pauses": bool(self.clock.pause_kinds), "extensions": self.clock.extension is not None}
        return {table for table in self.history.doubted if moving.get(table, False)}

    def _taken(self, expression: Expression | None) -> Value | None:
        return None if expression is None else self._in_zone(self.fork.value(expression, self.subject))

    def _noted(self, value: Value | None) -> Value | None:
        """A value, None where there is none; what an unknown one needs is noted."""
        if isinstance(value, Unknown):
            self.needs |= value.needs
            return None
        return None if isinstance(value, Nothing) else value

    def _is_not_begun(self, start: Value | None) -> bool:
        """Whether the clock certainly has not begun: no act has started it yet, or one to come will."""
        if isinstance(start, Unknown):
            return not self.clock.backward and not_yet(start, self.subject)
        return start is None or isinstance(start, Nothing) or (not self.clock.backward and self.to_come(start))

    def _in_zone(self, value: Value) -> Value:
        """A moment on the calendar's clock; anything else as it is."""
        return (
            read_when(value, self.terms.calendar.zone, Words(self.clock.id, self.clock.label or self.clock.id))
            if isinstance(value, datetime)
            else value
        )

    def to_come(self, when: Value | None) -> bool:
        return self.now is not None and isinstance(when, date) and later(when, self.now)

    def _stop(self) -> tuple[When | None, frozenset[str]]:
        """The earliest of what stops it by now, and what the stop waits for where an earlier one may be found.

        Nothing stops what never began.
        """
        needs: frozenset[str] = frozenset()
        if self.never:
            return None, needs
        known: list[When] = []
        stops = [(stop, self._taken(stop)) for stop in self.clock.stops]
        moments = {stop.id: value for stop, value in stops if isinstance(stop, Name) and stop.id in DAY_OF}
        for stop, value in stops:
            if isinstance(stop, Name) and _is_day_of(value, moments.get(DAYS_OF_MOMENTS.get(stop.id, ""))):
                continue  # the moment of the same act says more
            if isinstance(value, Unknown):
                needs |= frozenset() if not_yet(value, self.subject) else value.needs
            elif isinstance(value, date) and not self.to_come(value):
                known.append(value)
        return min(known, key=lambda when: (day_of(when), when.isoformat())) if known else None, needs

    def _overdue(self) -> bool | None:
        if self.never:
            return False
        if self.until is None:
            return None
        if self.due is None:
            return self._overdue_without_a_due_day()
        over = later(self.until, self.due)
        return None if over and self.stop_needs else over  # an open stop can only be earlier

    def _overdue_without_a_due_day(self) -> bool | None:
        if self.stands and not self.needs and self.counted is not None and self.until is not None:
            return None if later(self.until, self.counted.due) else False  # the pause can only make it later
        waits = self.not_begun and self.stopped is None and not self.stop_needs and not self.due_is_open
        return False if waits else None

    def _tell_the_order(self) -> None:
        """Say what stands in the records in an order that cannot be."""
        if self.started is None or self.clock.backward:
            return
        if self.stopped is not None and later(self.started, self.stopped):
            self.notes.append(stopped_before_it_began(self.started, self.stopped))
        elif self.to_come(self.started):
            self.notes.append(Words(f"it begins on {self.started}, after {self.now}", f"{self.started}起算，在{self.now}之后"))

    # -- pauses and extensions

    def _count(self, limit: TimeLimit, start: When) -> Deadline:
        pauses = Pauses(self.clock, self.subject, self.fork, self.terms, self.now, self.notes, self._in_zone)
        spans = pauses.spans(self.history.pauses, in_days=limit.unit not in CLOCK_UNITS)
        self.paused, self.needs = pauses.paused, self.needs | pauses.needs
        stopped = [span.counted for span in spans if not later(start, span.last)]
        granting = self._granting()
        counted = self.terms.deadline(limit, start, stopped, self.extended)
        while (amount := granting.next(counted.due)) is not None:
            self.extended.append(amount)
            counted = self.terms.deadline(limit, start, stopped, self.extended)
        self.needs |= granting.needs
        running = [span for span in spans if not span.ended]
        if running:
            going_on = [span.counted for span in running]
            without = self.terms.deadline(limit, start, [span for span in stopped if span not in going_on], self.extended)
            self.stands = any(not later(span.first, without.due) for span in running)
            if self.stands:
                self.fork.needs.update(*(span.until for span in running if not later(span.first, without.due)))
            else:
                counted = without
        return counted

    def _moved(self, due: When) -> When | None:
        """A due day given outright, as extensions move it; a pause moves none."""
        for pause in self.history.pauses:
            if not self.to_come(self._in_zone(pause.first)):
                day = day_of(pause.first)
                self.notes.append(Words(f"the pause of {day} does not move a due day given outright", f"{day}的中止不改变直接给定的到期日"))
        granting = self._granting()
        while (amount := granting.next(due)) is not None:
            self.extended.append(amount)
            due = self._reached(amount, due)
        self.needs |= granting.needs
        return None if granting.needs else due

    def _granting(self) -> Granting:
        return Granting(self.clock, self.subject, self.fork, self._zoned_extensions(), self.notes, self.extended, self._reached)

    def _reached(self, amount: TimeLimit, due: When) -> When:
        """Where an amount of time leads from a due day or moment."""
        zone = self.terms.calendar.zone
        start = midnight(day_of(due) + DAY, zone) if amount.unit in CLOCK_UNITS and not isinstance(due, datetime) else due
        return self.terms.deadline(amount, start, [], first_day="excluded").due

    def _zoned_extensions(self) -> list[Any]:
        """The extensions asked by now, on the calendar's clock."""
        asked = [
            one._replace(asked=cast("When | None", self._in_zone(one.asked) if one.asked else None)) for one in self.history.extensions
        ]
        return [one for one in asked if not self.to_come(one.asked)]

    # -- alarms

    def _alarms(self) -> tuple[tuple[AlarmReading | None, ...], tuple[When | None, ...]]:
        """Each alarm in force, None where it is not to be raised; and when those that may be would be seen."""
        in_time = self.overdue is False if self.stopped is not None else None
        counted = self.counted if self.due is not None else None
        if self.counted is None and self.due is not None:  # given, not counted
            nothing = TimeLimit(0, "hour" if isinstance(self.due, datetime) else "natural_day")
            counted = count_deadline(nothing, self.due, self.terms.calendar, roll="none")
        silent = self._is_silent()
        readings: list[AlarmReading | None] = []
        seen: list[When | None] = []
        for alarm in self.clock.alarms:
            if not in_force(alarm.from_, alarm.until, self.subject.surroundings.on, alarm.signal):
                continue
            reading = read_alarm(
                alarm, counted, self.subject, stopped=self.stopped, in_time=in_time, now=self.now,
                placed=self.terms.said.get("percent_alarms"), stop_needs=self.stop_needs,
                outright=self.counted is None, since=self.started,
            )  # fmt: skip
            if reading.raised is None and silent:
                reading = replace(reading, raised=False)
            asked = self._asked(alarm, reading.at)
            if asked is False:
                readings.append(None)
                continue
            seen.append(reading.at)
            if isinstance(asked, Unknown):
                needs = tuple(sorted({*asked.needs, *reading.undecided}))
                reading = AlarmReading(alarm.signal, None, False if reading.raised is False else None, cite=alarm.cite, undecided=needs)
            readings.append(reading)
        return tuple(readings), tuple(seen)

    def _is_silent(self) -> bool:
        """Whether no alarm can have been raised by now: none is seen before the start, nor where there is no start or due day."""
        return self.never or self.unending or self.unbegun

    @property
    def unbegun(self) -> bool:
        """Whether it counts from a start that has not come by now, so that its due day has not either."""
        waits = self.not_begun and self.stopped is None and not self.stop_needs
        return self.clock.due is None and self.now is not None and (self.begins_later or waits)

    def _asked(self, alarm: Alarm, at: When | None) -> bool | Unknown:
        """Whether an alarm is to be raised at all, as was known at the moment at which it would be."""
        if alarm.when is None:
            return True
        if id(alarm.when) not in self.subject.contents.alarms_of_then:
            return holds(evaluate(alarm.when, self.subject))

        def seen(day: date) -> bool | Unknown:
            return OPEN if at is None else not later(cast("date", self._in_zone(day)), at)

        return holds(evaluate(alarm.when, self.subject.as_seen(seen)))
