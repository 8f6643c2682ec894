"""One way that a clock on a row may turn out: from when it runs, what happened on the way, when it is due, its alarms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, cast

from govservice.calendars import china
from govservice.clockwork.alarms import AlarmReading, read_alarm
from govservice.clockwork.forks import Fork, may_be, not_yet
from govservice.clockwork.granting import Granting
from govservice.clockwork.history import History, Paused, fact_of_row, unheard
from govservice.clockwork.reading import PausedSpan
from govservice.counting.answer import counted as count_deadline
from govservice.counting.asked import CLOCK_UNITS, INSTANT_UNITS, When, day_of, later, read_when
from govservice.counting.elapsed import elapsed
from govservice.counting.result import Deadline
from govservice.errors import Words, closest
from govservice.limits import TimeLimit
from govservice.rules.book.conventions import BY_NAME
from govservice.rules.book.entries import in_force
from govservice.rules.language.values import Nothing, Unknown, Value
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.entries import Clock
    from govservice.rules.language.shapes import Expression

__all__ = ["CONVENTION", "Turn"]

CONVENTION: Final = "conventions."


class Turn:
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
        self.started = begins if isinstance(begins, date) else None
        amount = self._noted(limit)
        self.limit = amount if isinstance(amount, TimeLimit) else None
        self.due: When | None = cast("When | None", self._noted(named)) if clock.due is not None else None
        self.not_begun = self._is_not_begun(start)
        self.stopped, self.stop_needs = self._stop()
        self.needs |= self._misspelt()
        self.counted: Deadline | None = None
        if self.started is not None and self.limit is not None and not self.to_come(self.started):
            self.counted = self._count(self.limit, self.started)
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

    def _misspelt(self) -> set[str]:
        """The tables that would move this clock and may have been given under another name."""
        moving = {"pauses": bool(self.clock.pauses), "extensions": self.clock.extension is not None}
        return {table for table in self.history.doubted if moving[table]}

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
        return start is None or isinstance(start, Nothing) or self.to_come(start)

    def _in_zone(self, value: Value) -> Value:
        """A moment on the calendar's clock; anything else as it is."""
        return (
            read_when(value, self._calendar().zone, Words(self.clock.id, self.clock.label or self.clock.id))
            if isinstance(value, datetime)
            else value
        )

    def to_come(self, when: Value | None) -> bool:
        return self.now is not None and isinstance(when, date) and later(when, self.now)

    def _stop(self) -> tuple[When | None, frozenset[str]]:
        """The earliest of what stops it by now, and what the stop waits for where an earlier one may be found."""
        needs: frozenset[str] = frozenset()
        known: list[When] = []
        for stop in self.clock.stops:
            value = self._taken(stop)
            if isinstance(value, Unknown):
                needs |= frozenset() if not_yet(value, self.subject) else value.needs
            elif isinstance(value, date) and not self.to_come(value):
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
        elif self.to_come(self.started):
            self.notes.append(Words(f"it begins on {self.started}, after {self.now}", f"{self.started}起算，在{self.now}之后"))

    # -- pauses and extensions

    def _count(self, limit: TimeLimit, start: When) -> Deadline:
        spans, running = self._pauses()
        spans = [span for span in spans if not later(start, span[1])]
        granting = Granting(self.clock, self.subject, self.fork, self._zoned_extensions(), self.notes, self.extended)
        counted = self._deadline(limit, start, spans, self.extended)
        while (amount := granting.next(counted.due)) is not None:
            self.extended.append(amount)
            counted = self._deadline(limit, start, spans, self.extended)
        self.needs |= granting.needs
        if running:
            going_on = [span[:3] for span in running]
            without = self._deadline(limit, start, [span for span in spans if span not in going_on], self.extended)
            self.stands = not later(running[0][0], without.due)
            if self.stands:
                self.fork.needs.update(span[3] for span in running if not later(span[0], without.due))
            else:
                counted = without
        return counted

    def _moved(self, due: When) -> When | None:
        """A due day given outright, as extensions move it; a pause moves none."""
        for pause in self.history.pauses:
            if not self.to_come(self._in_zone(pause.first)):
                day = day_of(pause.first)
                self.notes.append(Words(f"the pause of {day} does not move a due day given outright", f"{day}的中止不改变直接给定的到期日"))
        granting = Granting(self.clock, self.subject, self.fork, self._zoned_extensions(), self.notes, self.extended)
        while (amount := granting.next(due)) is not None:
            self.extended.append(amount)
            due = self._deadline(amount, due, [], (), first_day="excluded").due
        self.needs |= granting.needs
        return None if granting.needs else due

    def _zoned_extensions(self) -> list[Any]:
        """The extensions asked by now, on the calendar's clock."""
        asked = [
            one._replace(asked=cast("When | None", self._in_zone(one.asked) if one.asked else None)) for one in self.history.extensions
        ]
        return [one for one in asked if not self.to_come(one.asked)]

    def _pauses(self) -> tuple[list[tuple[When, When, str | None]], list[tuple[When, When, str | None, str]]]:
        """The pauses that stop the clock, and those among them that have not ended, with what says their end."""
        spans: list[tuple[When, When, str | None]] = []
        running: list[tuple[When, When, str | None, str]] = []
        for given in self.history.pauses:
            pause = given._replace(first=cast("When", self._in_zone(given.first)), last=cast("When | None", self._in_zone(given.last)))  # type: ignore[arg-type]
            if self.to_come(pause.first) or not self._stops_the_clock(pause):
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
        return self.fork.choose(name, choices or BY_NAME[name].values, (f"{CONVENTION}{name}",))

    def _options(self, limit: TimeLimit, start: When, more: Iterable[TimeLimit]) -> dict[str, Any]:
        """The conventions of the book and the clock as options of `deadline`."""
        in_days = _is_in_days(limit)
        hours = self.clock.hours or self.subject.contents.hours
        asked = in_days or any(map(_is_in_days, more))
        ends = self._ends(start, hours=hours is not None) if asked else self.stated.get("ends", "day")
        options: dict[str, Any] = {
            "first_day": self._stated("first_day")
            if in_days and not (ends == "same_time" and "first_day" not in self.stated)
            else "excluded",
            "ends": ends,
            "rest_day_same_day": self.stated.get("rest_day_same_day"),
        }
        if self.clock.hours is not None or in_days:
            options["hours"] = hours
        elif ends == "close":
            options["closes"] = hours  # an hour limit runs on unless its own clock has hours; a day still ends when the office closes
        if limit.unit == "same_day" and options["rest_day_same_day"] is None and not self._calendar().is_workday(day_of(start)):
            options["rest_day_same_day"] = self._stated("rest_day_same_day")
        return options

    def _ends(self, start: When, *, hours: bool) -> str:
        """How a day limit ends: as stated; where it is not, the day's end is all there is without office hours and without a clock time."""
        same_time = isinstance(start, datetime) and self.stated.get("first_day") != "included"
        choices = ("day", *(("close",) if hours else ()), *(("same_time",) if same_time else ()))
        return self._stated("ends", choices) if len(choices) > 1 else self.stated.get("ends", "day")

    def _deadline(self, limit: TimeLimit, start: When, pauses: list[Any], more: Sequence[TimeLimit], **fixed: Any) -> Deadline:
        options = self._options(limit, start, more) | fixed
        count = partial(count_deadline, limit, start, self._calendar(), pauses=pauses, extensions=more, **options)
        if "roll" in self.stated or not {limit.unit, *(extension.unit for extension in more)} & {"natural_day", "month", "year"}:
            return count(roll="none" if self.stated.get("roll") == "none" else "forward")
        return count(roll=cast("Any", self._stated("roll")))

    def _calendar(self) -> WorkCalendar:
        return cast("WorkCalendar | None", self.subject.surroundings.calendar) or china()

    # -- alarms

    def _alarms(self) -> tuple[tuple[AlarmReading, ...], tuple[When | None, ...]]:
        in_time = self.overdue is False if self.stopped is not None else None
        counted = self.counted if self.due is not None else None
        if self.counted is None and self.due is not None and not isinstance(self.due, datetime):
            counted = count_deadline(TimeLimit(0, "natural_day"), self.due, self._calendar(), roll="none")  # given, not counted
        readings: list[AlarmReading] = []
        seen: list[When | None] = []
        for alarm in self.clock.alarms:
            if not in_force(alarm.from_, alarm.until, self.subject.surroundings.on, alarm.signal):
                continue
            asked = True if alarm.when is None else holds(evaluate(alarm.when, self.subject))
            if asked is False:
                continue
            reading = read_alarm(
                alarm, counted, self.subject, stopped=self.stopped, in_time=in_time, now=self.now,
                placed=self.stated.get("percent_alarms"), stop_needs=self.stop_needs,
                outright=self.counted is None, since=self.started,
            )  # fmt: skip
            seen.append(reading.at)
            if isinstance(asked, Unknown):
                needs = tuple(sorted({*asked.needs, *reading.undecided}))
                reading = AlarmReading(alarm.signal, None, False if reading.raised is False else None, cite=alarm.cite, undecided=needs)
            readings.append(reading)
        return tuple(readings), tuple(seen)


def _is_in_days(limit: TimeLimit) -> bool:
    return limit.unit not in (*CLOCK_UNITS, *INSTANT_UNITS)
