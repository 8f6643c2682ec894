"""The clocks of a case under a rulebook: which run, from when, what happened on the way, and when each is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from govservice.calendars import china
from govservice.deadlines.alarms import AlarmReading, read_alarm
from govservice.deadlines.asked import CLOCK_UNITS, INSTANT_UNITS, When, day_of, later, read_when
from govservice.deadlines.clock_reading import ClockReading, PausedSpan
from govservice.deadlines.counting import deadline
from govservice.deadlines.elapsed import elapsed
from govservice.deadlines.history import CaseHistory, Extended, read_history
from govservice.deadlines.result import Deadline
from govservice.errors import ConventionError, LimitError, Words
from govservice.limits import TimeLimit
from govservice.rules.evaluation import evaluate, holds
from govservice.rules.expressions.values import NONE, Nothing, Unknown, Value, exact, reported
from govservice.rules.names import CLOCK_FACTS
from govservice.rules.subjects import Subject
from govservice.rules.tables import in_force

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.entries import Clock
    from govservice.rules.outcomes import Outcome
    from govservice.rules.rulebook import Rulebook

__all__ = ["case_outcomes", "clock_facts", "clocks", "facts_of_clock", "read_clock"]

Records = Mapping[str, Iterable[Mapping[str, Any]]]
NO_HISTORY = CaseHistory()


def clocks(
    case: Mapping[str, Any] | Any,
    book: Rulebook,
    *,
    on: date | None = None,
    now: When | None = None,
    calendar: WorkCalendar | None = None,
    records: Records | None = None,
) -> tuple[ClockReading, ...]:
    """Every clock of the book that may run on a case, in the book's order; those that certainly do not are among them, `applies` False.

    `case` is a mapping of facts (those of its application and item among them) or a model. Its pauses and extensions, and the rows of
    other tables that have clocks (stages), are in `records`, or as lists within the case. `now` is the day or moment that counts as
    today, never the machine's; without it nothing is said of what is used, overdue or raised, save where the clock has stopped.
    `on` is the day that dated rules are held against (default: `now`'s day). `calendar` is China's unless given.
    Raises ConventionError where an answer depends on a convention that the book does not state, DateNeeded, RecordError, DeadlineError.

    >>> from govservice import load_rulebook
    >>> case = {"case_type": "promised", "materials_completed_on": date(2026, 2, 13), "promised_limit": "5个工作日"}
    >>> [reading.due_on for reading in clocks(case, load_rulebook("kunshan"), on=date(2026, 2, 13)) if reading.clock == "promised"]
    [datetime.date(2026, 2, 27)]
    """
    watch = _watch(case, book, on, now, calendar, records)
    found: list[ClockReading] = []
    for clock in book.contents.clocks.values():
        if clock.about in book.contents.chains["cases"]:
            found.append(watch.read(clock, watch.subject))
        elif watch.history.rows is not None and clock.about in watch.history.rows:
            for number, row in enumerate(watch.history.rows[clock.about], 1):
                subject = watch.of_row(clock.about, row)
                found.append(watch.read(clock, subject, row=number))
    return tuple(found)


def case_outcomes(
    case: Mapping[str, Any] | Any,
    book: Rulebook,
    *,
    on: date | None = None,
    now: When | None = None,
    calendar: WorkCalendar | None = None,
    records: Records | None = None,
) -> dict[str, Outcome]:
    """Every decision of the book about a case, its clocks read as `clocks` reads them: overdue, deemed accepted, on time.

    >>> from govservice import load_rulebook
    >>> case = {"accepted_on": date(2026, 3, 2), "promised_limit": "5个工作日", "due_on": date(2026, 3, 9), "closed_on": date(2026, 3, 10)}
    >>> case_outcomes(case, load_rulebook("kunshan"), on=date(2026, 3, 10))["overdue_workdays"].value("overdue_workdays")
    1
    """
    watch = _watch(case, book, on, now, calendar, records)
    return {id: book.outcome(id, watch.subject) for id, one in book.contents.decisions.items() if one.about == "cases"}


def clock_facts(subject: Subject, clock: str) -> Mapping[str, Value]:
    """The facts a clock gives to the rules of a case of which nothing but its own facts is known."""
    return facts_of_clock(subject, clock, history=NO_HISTORY, now=subject.surroundings.as_of)


def facts_of_clock(subject: Subject, clock: str, *, history: CaseHistory, now: When | None) -> Mapping[str, Value]:
    """`started_on due used left overdue overdue_by stopped_on` and `<signal>_on`; none where the clock does not run, else unknown."""
    shape = subject.contents.clocks[clock]
    given = (*CLOCK_FACTS, *(f"{alarm.signal}_on" for alarm in shape.alarms))
    try:
        reading = read_clock(shape, subject, history=history, now=now)
    except ConventionError as error:
        return dict.fromkeys(given, Unknown(frozenset((error.id or "conventions",))))
    if reading.applies is False:
        return dict.fromkeys(given, NONE)
    open_ = Unknown(frozenset(reading.undecided))
    found: dict[str, Value | None] = {
        "started_on": reading.started,
        "due": reading.due,
        "used": _exactly(reading.used),
        "left": _exactly(reading.left),
        "overdue": reading.overdue,
        "overdue_by": _exactly(reading.overdue_by),
        "stopped_on": reading.stopped,
    }
    for alarm in reading.alarms:
        if alarm.raised and alarm.at is not None and found.get(f"{alarm.signal}_on") is None:
            found[f"{alarm.signal}_on"] = alarm.at
        elif alarm.raised is False:
            found.setdefault(f"{alarm.signal}_on", NONE)  # not raised: there is no such day
    return {name: open_ if (value := found.get(name)) is None else value for name in given}


@dataclass(frozen=True, slots=True)
class _Watch:
    """One case as of one moment."""

    book: Rulebook
    subject: Subject
    facts: Mapping[str, Any]
    history: CaseHistory
    now: When | None

    def read(self, clock: Clock, subject: Subject, *, row: int | None = None) -> ClockReading:
        return read_clock(clock, subject, history=self.history, now=self.now, row=row)

    def of_row(self, table: str, row: Mapping[str, Any]) -> Subject:
        seen = self.subject.surroundings
        return self.book.subject(table, {**self.facts, **row}, on=seen.on, as_of=seen.as_of, calendar=seen.calendar, clocks=seen.clocks)


def _watch(
    case: Mapping[str, Any] | Any, book: Rulebook, on: date | None, now: When | None, calendar: WorkCalendar | None, records: Records | None
) -> _Watch:
    facts = case.facts() if hasattr(case, "facts") else case
    history = read_history(facts, records, book.contents)
    zone = (calendar if calendar is not None else china()).zone
    now = read_when(now, zone, Words("now", "当前时刻")) if now is not None else None
    day = on if on is not None else day_of(now) if now is not None else None
    reader = partial(facts_of_clock, history=history, now=now)
    subject = book.subject("cases", facts, on=day, as_of=day_of(now) if now is not None else None, calendar=calendar, clocks=reader)
    return _Watch(book, subject, facts, history, now)


def read_clock(
    clock: Clock, subject: Subject, *, history: CaseHistory = NO_HISTORY, now: When | None = None, row: int | None = None
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

    def __init__(
        self, clock: Clock, subject: Subject, history: CaseHistory, now: When | None, row: int | None, runs: bool | Unknown
    ) -> None:
        self.clock, self.subject, self.history, self.now, self.row = clock, subject, history, now, row
        self.runs = runs
        self.stated = {**subject.contents.conventions, **clock.conventions}
        self.notes: list[Words] = []
        self.needs: set[str] = set(runs.needs) if isinstance(runs, Unknown) else set()
        self.paused: list[PausedSpan] = []
        self.extended: list[TimeLimit] = []

    def reading(self) -> ClockReading:
        clock = self.clock
        started, limit, named = (self._known(one) for one in (clock.starts, clock.limit, clock.due))
        stopped = self._stopped()
        counted = None
        if self.runs is True and started is not None and isinstance(limit, TimeLimit) and not self._to_come(started):
            counted = self._counted(limit, cast("When", started))
        open_pause = any(one.last is None for one in self.paused)
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
        return None if isinstance(value, Nothing) else self._here(value)

    def _here(self, value: Value) -> Value:
        """A moment on the calendar's clock; anything else as it is."""
        return (
            read_when(value, self._calendar().zone, Words(self.clock.id, self.clock.label or self.clock.id))
            if isinstance(value, datetime)
            else value
        )

    def _to_come(self, when: Value | None) -> bool:
        return self.now is not None and isinstance(when, date) and later(when, self.now)

    def _stopped(self) -> When | None:
        values = [self._here(evaluate(one, self.subject)) for one in self.clock.stops]
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
        for given in self.history.extensions:
            asked = given._replace(asked=cast("When | None", self._here(given.asked)))  # type: ignore[arg-type]
            if asked.clock in (None, self.clock.id, self.clock.label) and not self._to_come(asked.asked):
                amount = self._granted(asked, counted.due)
                if amount is not None:
                    self.extended.append(amount)
                    counted = self._deadline(limit, start, pauses, options)
        return counted

    def _pauses(self, start: When) -> list[tuple[When, When, str | None]]:
        found: list[tuple[When, When, str | None]] = []
        for given in self.history.pauses:
            one = given._replace(first=cast("When", self._here(given.first)), last=cast("When | None", self._here(given.last)))  # type: ignore[arg-type]
            if self._to_come(one.first) or not self._stops_the_clock(one.kind, one.told, one.first):
                continue
            self.paused.append(PausedSpan(one.kind, one.first, one.last))
            last = (
                one.last
                if one.last is not None
                else max(self.now or one.first, one.first, key=lambda when: (day_of(when), when.isoformat()))
            )
            if not later(start, last):
                found.append((one.first, last, one.kind))
        return found

    def _stops_the_clock(self, kind: str | None, told: bool | None, first: When) -> bool:
        if kind not in self.clock.pauses:
            said = kind or "-"
            self.notes.append(
                Words(f"the pause of {day_of(first)} ({said}) does not stop this clock", f"{day_of(first)}的中止（{said}）不停止本时限")
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
        count = partial(deadline, limit, start, self._calendar(), pauses=pauses, extensions=self.extended, **options)
        roll = self.stated.get("roll")
        if roll is not None or not {limit.unit, *(one.unit for one in self.extended)} & {"natural_day", "month", "year"}:
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
        found: list[AlarmReading] = []
        for alarm in self.clock.alarms:
            if not in_force(alarm.from_, alarm.until, self.subject.surroundings.on, alarm.signal):
                continue
            asked = True if alarm.when is None else holds(evaluate(alarm.when, self.subject))
            if asked is False:
                continue
            if isinstance(asked, Unknown):
                found.append(AlarmReading(alarm.signal, None, cite=alarm.cite, undecided=tuple(sorted(asked.needs))))
                continue
            found.append(read_alarm(alarm, counted, self.subject, stopped=stopped, in_time=in_time, now=self.now, by_hour=by_hour))
        return tuple(found)


def _amount(value: Fraction) -> Decimal | int:
    return cast("Decimal | int", reported(exact(value)))


def _exactly(value: Decimal | int | None) -> Value | None:
    return None if value is None else exact(Fraction(value))


def _stated(conventions: Mapping[str, str], name: str, clock: str) -> str:
    if name not in conventions:
        raise _unstated(name, clock)
    return conventions[name]


def _unstated(name: str, clock: str) -> ConventionError:
    return ConventionError.unstated(name, Words(f"the clock {clock}", f"时钟 {clock}"))
