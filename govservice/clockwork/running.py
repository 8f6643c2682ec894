"""One clock on one row: whether it runs, from when, what happened on the way, and when it is due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from govservice.calendars import china
from govservice.clockwork.alarms import AlarmReading, read_alarm
from govservice.clockwork.history import NO_HISTORY, Extended, History
from govservice.clockwork.reading import ClockReading, PausedSpan
from govservice.counting.answer import counted as count_deadline
from govservice.counting.asked import CLOCK_UNITS, INSTANT_UNITS, When, day_of, later, read_when
from govservice.counting.elapsed import elapsed
from govservice.counting.result import Deadline
from govservice.errors import ConventionError, LimitError, Words
from govservice.limits import TimeLimit
from govservice.rules.book.entries import in_force
from govservice.rules.language.values import Nothing, Unknown, Value, exact, reported
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.entries import Clock

__all__ = ["read_clock"]


def read_clock(
    clock: Clock, subject: Subject, *, history: History = NO_HISTORY, now: When | None = None, row: int | None = None
) -> ClockReading:
    """One clock on one subject."""
    blank = ClockReading(clock.id, clock.label, clock.cite, False, clock.about, row)
    if not in_force(clock.from_, clock.until, subject.surroundings.on, clock.id):
        return blank
    runs = True if clock.when is None else holds(evaluate(clock.when, subject))
    if runs is False:
        return blank
    return _Running(clock, subject, history, now, row, runs).reading()


class _Running:
    """One clock that runs on a subject, or may."""

    def __init__(self, clock: Clock, subject: Subject, history: History, now: When | None, row: int | None, runs: bool | Unknown) -> None:
        self.clock, self.subject, self.history, self.now, self.row = clock, subject, history, now, row
        self.runs = runs
        self.stated = {**subject.contents.conventions, **clock.conventions}
        self.notes: list[Words] = []
        self.needs: set[str] = set(runs.needs) if isinstance(runs, Unknown) else set()
        self.paused: list[PausedSpan] = []
        self.extended: list[TimeLimit] = []

    def reading(self) -> ClockReading:
        clock = self.clock
        started, limit, named = (self._known(expression) for expression in (clock.starts, clock.limit, clock.due))
        stopped = self._stopped()
        counted = None
        if self.runs is True and started is not None and isinstance(limit, TimeLimit) and not self._to_come(started):
            counted = self._counted(limit, cast("When", started))
        open_pause = any(pause.last is None for pause in self.paused)
        due = named if named is not None else counted.due if counted is not None and not open_pause and not self.needs else None
        due = due if self.runs is True else None
        until = stopped if stopped is not None else self.now
        spent = elapsed(counted, until) if counted is not None and until is not None and due is not None else None
        begun = started is not None and not self._to_come(started)
        overdue = self._overdue(cast("When | None", due), stopped, begun=begun)
        return ClockReading(
            clock=clock.id,
            label=clock.label,
            cite=clock.cite,
            applies=None if isinstance(self.runs, Unknown) else True,
            about=clock.about,
            row=self.row,
            started=cast("When | None", started),
            limit=limit if isinstance(limit, TimeLimit) else None,
            due=cast("When | None", due),
            official=counted.official if counted is not None and due is not None else None,
            warnings=counted.warnings if counted is not None and due is not None else (),
            stopped=stopped,
            used=_amount(spent.used) if spent is not None else None,
            left=_amount(spent.left) if spent is not None else None,
            overdue=overdue,
            overdue_by=_amount(spent.over) if spent is not None else None,
            alarms=self._alarms(counted if due is not None else None, stopped, overdue),
            paused=tuple(self.paused),
            extended=tuple(self.extended),
            notes=tuple(self.notes),
            undecided=tuple(sorted(self.needs | ({"pauses.to"} if open_pause else set()))),
            deadline=counted if due is not None else None,
        )

    def _known(self, expression: Any) -> Value | None:
        """The value, None where it is unknown (what it needs is noted) or none."""
        if expression is None:
            return None
        value = evaluate(expression, self.subject)
        if isinstance(value, Unknown):
            self.needs |= value.needs
            return None
        return None if isinstance(value, Nothing) else self._in_zone(value)

    def _in_zone(self, value: Value) -> Value:
        """A moment on the calendar's clock; anything else as it is."""
        return (
            read_when(value, self._calendar().zone, Words(self.clock.id, self.clock.label or self.clock.id))
            if isinstance(value, datetime)
            else value
        )

    def _to_come(self, when: Value | None) -> bool:
        return self.now is not None and isinstance(when, date) and later(when, self.now)

    def _stopped(self) -> When | None:
        values = [self._in_zone(evaluate(stop, self.subject)) for stop in self.clock.stops]
        known = [value for value in values if isinstance(value, date) and not self._to_come(value)]
        return min(known, key=lambda when: (day_of(when), when.isoformat())) if known else None

    def _overdue(self, due: When | None, stopped: When | None, *, begun: bool) -> bool | None:
        until = stopped if stopped is not None else self.now
        if until is None:
            return None
        if due is None:
            return False if self.runs is True and not begun and stopped is None else None  # not yet started: not overdue
        return later(until, due)

    # -- pauses and extensions

    def _counted(self, limit: TimeLimit, start: When) -> Deadline:
        pauses = self._pauses(start)
        options = self._options(limit, start)
        counted = self._deadline(limit, start, pauses, options)
        for extension in self.history.extensions:
            asked = extension._replace(asked=cast("When | None", self._in_zone(extension.asked)))  # type: ignore[arg-type]
            if asked.clock in (None, self.clock.id, self.clock.label) and not self._to_come(asked.asked):
                amount = self._granted(asked, counted.due)
                if amount is not None:
                    self.extended.append(amount)
                    counted = self._deadline(limit, start, pauses, options)
        return counted

    def _pauses(self, start: When) -> list[tuple[When, When, str | None]]:
        spans: list[tuple[When, When, str | None]] = []
        for given in self.history.pauses:
            pause = given._replace(first=cast("When", self._in_zone(given.first)), last=cast("When | None", self._in_zone(given.last)))  # type: ignore[arg-type]
            if self._to_come(pause.first) or not self._stops_the_clock(pause.kind, pause.told, pause.first):
                continue
            self.paused.append(PausedSpan(pause.kind, pause.first, pause.last))
            last = (
                pause.last
                if pause.last is not None
                else max(self.now or pause.first, pause.first, key=lambda when: (day_of(when), when.isoformat()))
            )
            if not later(start, last):
                spans.append((pause.first, last, pause.kind))
        return spans

    def _stops_the_clock(self, kind: str | None, told: bool | None, first: When) -> bool:
        if kind not in self.clock.pauses:
            name = kind or "-"
            self.notes.append(
                Words(f"the pause of {day_of(first)} ({name}) does not stop this clock", f"{day_of(first)}的中止（{name}）不停止本时限")
            )
            return False
        if told is True:
            return True
        needed = _stated(self.stated, "pause_needs_notice", self.clock.id)
        if needed == "no":
            return True
        if told is None:
            self.needs.add("pauses.told")
            return True
        self.notes.append(
            Words(
                f"the pause of {day_of(first)} ({kind}) was not told in writing and does not stop the clock",
                f"{day_of(first)}的中止（{kind}）未书面告知，不停止计时",
            )
        )
        return False

    def _granted(self, asked: Extended, due: When) -> TimeLimit | None:
        """The amount an extension adds; None, with a note, where it moves nothing."""
        rule = self.clock.extension
        day = asked.asked if asked.asked is not None else "-"
        if rule is None or (rule.when is not None and holds(evaluate(rule.when, self.subject)) is not True):
            return self._moves_nothing(day, Words("the rulebook allows none", "规则册不允许延长"))
        if asked.granted is not True:
            return self._moves_nothing(
                day,
                Words("it was not granted", "未获准")
                if asked.granted is False
                else Words("whether it was granted is not known", "是否获准未知"),
            )
        if rule.times is not None and len(self.extended) >= rule.times:
            return self._moves_nothing(day, Words(f"it may be extended {rule.times} times at most", f"至多延长{rule.times}次"))
        if rule.by is not None and asked.by is None:
            self.needs.add("extensions.by")
        elif rule.by is not None and asked.by != rule.by:
            return self._moves_nothing(day, Words(f"{rule.by} grants it, not {asked.by}", f"应由{rule.by}批准，不是{asked.by}"))
        if rule.asked == "before_due" and asked.asked is None:
            self.needs.add("extensions.asked_on")
        elif rule.asked == "before_due" and asked.asked is not None and later(asked.asked, due):
            return self._moves_nothing(day, Words(f"it was asked after the due day {day_of(due)}", f"申请晚于到期日{day_of(due)}"))
        allowed = self._known(rule.limit)
        if not isinstance(allowed, TimeLimit):
            return None
        return self._allowed(asked.limit, allowed, day)

    def _allowed(self, wanted: TimeLimit | None, allowed: TimeLimit, day: object) -> TimeLimit | None:
        if wanted is None or wanted == allowed:
            return allowed
        try:
            if wanted < allowed:
                return wanted
        except LimitError:  # another unit: nobody can say which is longer
            pass
        return self._moves_nothing(day, Words(f"{wanted.text('en')} is not within {allowed.text('en')}", f"{wanted}不在{allowed}以内"))

    def _moves_nothing(self, day: object, why: Words) -> TimeLimit | None:
        self.notes.append(Words(f"the extension asked on {day} moves nothing: {why.en}", f"{day}申请的延长不改变到期日：{why.zh}"))
        return None

    # -- conventions

    def _options(self, limit: TimeLimit, start: When) -> dict[str, Any]:
        """The conventions of the book and the clock as options of `deadline`; one that matters and is not stated is refused."""
        in_days = limit.unit not in (*CLOCK_UNITS, *INSTANT_UNITS)
        options: dict[str, Any] = {
            "first_day": _stated(self.stated, "first_day", self.clock.id) if in_days else "excluded",
            "ends": self.stated.get("ends", "day"),
            "rest_day_same_day": self.stated.get("rest_day_same_day"),
        }
        if self.clock.hours is not None or in_days:
            options["hours"] = self.clock.hours or self.subject.contents.hours  # an hour limit runs on unless its own clock has hours
        if limit.unit == "same_day" and options["rest_day_same_day"] is None and not self._calendar().is_workday(day_of(start)):
            raise _unstated("rest_day_same_day", self.clock.id)
        return options

    def _deadline(self, limit: TimeLimit, start: When, pauses: list[Any], options: Mapping[str, Any]) -> Deadline:
        count = partial(count_deadline, limit, start, self._calendar(), pauses=pauses, extensions=self.extended, **options)
        roll = self.stated.get("roll")
        if roll is not None or not {limit.unit, *(extension.unit for extension in self.extended)} & {"natural_day", "month", "year"}:
            return count(roll="none" if roll == "none" else "forward")
        forward, still = count(roll="forward"), count(roll="none")
        if forward.due != still.due:
            raise _unstated("roll", self.clock.id)
        return forward

    def _calendar(self) -> WorkCalendar:
        return cast("WorkCalendar | None", self.subject.surroundings.calendar) or china()

    def _alarms(self, counted: Deadline | None, stopped: When | None, overdue: bool | None) -> tuple[AlarmReading, ...]:
        in_time = overdue is False if stopped is not None else None
        by_hour = self.stated.get("percent_alarms") == "hour"
        readings: list[AlarmReading] = []
        for alarm in self.clock.alarms:
            if not in_force(alarm.from_, alarm.until, self.subject.surroundings.on, alarm.signal):
                continue
            asked = True if alarm.when is None else holds(evaluate(alarm.when, self.subject))
            if asked is False:
                continue
            if isinstance(asked, Unknown):
                readings.append(AlarmReading(alarm.signal, None, cite=alarm.cite, undecided=tuple(sorted(asked.needs))))
                continue
            readings.append(read_alarm(alarm, counted, self.subject, stopped=stopped, in_time=in_time, now=self.now, by_hour=by_hour))
        return tuple(readings)


def _amount(value: Fraction) -> Decimal | int:
    return cast("Decimal | int", reported(exact(value)))


def _stated(conventions: Mapping[str, str], name: str, clock: str) -> str:
    if name not in conventions:
        raise _unstated(name, clock)
    return conventions[name]


def _unstated(name: str, clock: str) -> ConventionError:
    return ConventionError.unstated(name, Words(f"the clock {clock}", f"时钟 {clock}"))
