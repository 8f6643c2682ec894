"""The clocks of a case under a rulebook: which run, from when, and when each is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from govservice.deadlines.asked import CLOCK_UNITS, INSTANT_UNITS, When, day_of
from govservice.deadlines.counting import deadline
from govservice.deadlines.result import Deadline
from govservice.errors import ConventionError, Words
from govservice.limits import TimeLimit
from govservice.rules.evaluation import evaluate, holds
from govservice.rules.expressions.values import Nothing, Unknown, Value
from govservice.rules.subjects import Subject
from govservice.rules.tables import in_force

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.entries import Clock
    from govservice.rules.rulebook import Rulebook

__all__ = ["ClockReading", "clock_facts", "clocks"]


@dataclass(frozen=True, slots=True)
class ClockReading:
    """One clock of one case.

    `applies` is False where the clock is not in force or does not run on this case, None where that is open. `started` is when it began,
    `limit` what was allowed, `due` the day (24:00) or moment it ends, `official` whether published notices fix that day. `stopped` is
    the earliest of what stops it, as far as known. `undecided` names the facts and settings that would settle what is None.
    `deadline` explains every day counted; it is None where the clock names its due date outright.
    """

    clock: str
    label: str | None
    cite: str | None
    applies: bool | None
    started: When | None = None
    limit: TimeLimit | None = None
    due: When | None = None
    official: bool | None = None
    warnings: tuple[Words, ...] = ()
    stopped: When | None = None
    undecided: tuple[str, ...] = ()
    deadline: Deadline | None = None

    @property
    def due_on(self) -> date | None:
        """The day it is due."""
        return day_of(self.due) if self.due is not None else None

    @property
    def overdue(self) -> bool | None:
        """Whether it stopped after it was due; None while it has not stopped, or either is unknown."""
        return None if self.stopped is None else self.overdue_at(self.stopped)

    def overdue_at(self, moment: When) -> bool | None:
        """Whether it is over at a day or moment; a due day is over when the day is."""
        if self.due is None:
            return None
        if isinstance(self.due, datetime) and isinstance(moment, datetime):
            due, seen = (one if one.tzinfo else one.replace(tzinfo=_zone()) for one in (self.due, moment))
            return seen > due
        return day_of(moment) > day_of(self.due)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same reading back."""
        return {
            "clock": self.clock,
            "label": self.label,
            "cite": self.cite,
            "applies": self.applies,
            "started": _text(self.started),
            "limit": [str(self.limit.value), self.limit.unit] if self.limit else None,
            "due": _text(self.due),
            "official": self.official,
            "warnings": [list(one) for one in self.warnings],
            "stopped": _text(self.stopped),
            "undecided": list(self.undecided),
            "deadline": self.deadline.to_dict() if self.deadline else None,
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> ClockReading:
        """The reading that `to_dict` wrote."""
        return cls(
            found["clock"],
            found["label"],
            found["cite"],
            found["applies"],
            _when(found["started"]),
            TimeLimit(*found["limit"]) if found["limit"] else None,
            _when(found["due"]),
            found["official"],
            tuple(Words(*one) for one in found["warnings"]),
            _when(found["stopped"]),
            tuple(found["undecided"]),
            Deadline.from_dict(found["deadline"]) if found["deadline"] else None,
        )


def _zone() -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo("Asia/Shanghai")


def _text(when: When | None) -> str | None:
    return when.isoformat() if when is not None else None


def _when(text: str | None) -> When | None:
    return None if text is None else datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def clocks(
    case: Mapping[str, Any] | Any, book: Rulebook, *, on: date | None = None, now: When | None = None, calendar: WorkCalendar | None = None
) -> tuple[ClockReading, ...]:
    """Every clock of the book that may run on a case, in the book's order; those that certainly do not run are among them, `applies` False.

    `case` is a mapping of facts (those of its application and item among them) or a model. `on` is the day that dated rules are held
    against (default: `now`'s day); `now` is the day or moment that counts as today. `calendar` is China's unless given.
    Raises ConventionError where an answer depends on a convention that the book does not state, DateNeeded, RecordError, DeadlineError.
    Source: section 7 of the rulebook language.

    >>> from govservice import load_rulebook
    >>> case = {"case_type": "promised", "materials_completed_on": date(2026, 2, 13), "promised_limit": "5个工作日"}
    >>> [reading.due_on for reading in clocks(case, load_rulebook("kunshan"), on=date(2026, 2, 13)) if reading.clock == "promised"]
    [datetime.date(2026, 2, 27)]
    """
    facts = case.facts() if hasattr(case, "facts") else case
    day = on if on is not None else day_of(now) if now is not None else None
    subject = book.subject("cases", facts, on=day, as_of=day_of(now) if now is not None else None, calendar=calendar, clocks=clock_facts)
    return tuple(read_clock(clock, subject) for clock in book.contents.clocks.values() if clock.about in book.contents.chains["cases"])


def clock_facts(subject: Subject, clock: str) -> Mapping[str, Value]:
    """The facts that a clock gives to the rules: started_on, due, stopped_on, overdue; those not settled are missing."""
    try:
        reading = read_clock(subject.contents.clocks[clock], subject)
    except ConventionError as error:
        return {"due": Unknown(frozenset((error.id or "conventions",)))}
    needs = Unknown(frozenset(reading.undecided))
    today = subject.surroundings.as_of
    overdue = reading.overdue if reading.stopped is not None else reading.overdue_at(today) if today is not None else None
    found: dict[str, Value] = {"due": needs if reading.due is None else reading.due}
    found |= {
        name: value
        for name, value in (("started_on", reading.started), ("stopped_on", reading.stopped), ("overdue", overdue))
        if value is not None
    }
    return found


def read_clock(clock: Clock, subject: Subject) -> ClockReading:
    """One clock on one subject."""
    blank = ClockReading(clock.id, clock.label, clock.cite, False)
    if not in_force(clock.from_, clock.until, subject.surroundings.on, clock.id):
        return blank
    runs = True if clock.when is None else holds(evaluate(clock.when, subject))
    if runs is False:
        return blank
    started, limit, named = (evaluate(one, subject) if one is not None else None for one in (clock.starts, clock.limit, clock.due))
    needs = sorted({name for one in (runs, started, limit, named) if isinstance(one, Unknown) for name in one.needs})
    stopped = _earliest([evaluate(one, subject) for one in clock.stops])
    begun, allowed, due = _known(started), _known(limit), _known(named)
    counted = None
    if runs is True and begun is not None and isinstance(allowed, TimeLimit):
        counted = _counted(allowed, begun, clock, subject)
        due = counted.due
    official = counted.official if counted is not None else None
    warnings = counted.warnings if counted is not None else ()
    return ClockReading(
        clock=clock.id,
        label=clock.label,
        cite=clock.cite,
        applies=None if isinstance(runs, Unknown) else True,
        started=begun,
        limit=cast("TimeLimit | None", allowed),
        due=due if runs is True else None,
        official=official,
        warnings=warnings,
        stopped=stopped,
        undecided=tuple(needs),
        deadline=counted,
    )


def _known(value: Value | None) -> Any:
    return None if value is None or isinstance(value, (Unknown, Nothing)) else value


def _earliest(values: list[Value]) -> When | None:
    known = [cast("When", value) for value in values if not isinstance(value, (Unknown, Nothing))]
    return min(known, key=lambda when: (day_of(when), when.isoformat())) if known else None


def _counted(limit: TimeLimit, start: When, clock: Clock, subject: Subject) -> Deadline:
    """The deadline, under the conventions of the book and the clock; one that matters and is not stated is refused."""
    stated = dict(subject.contents.conventions) | dict(clock.conventions)
    calendar = cast("WorkCalendar | None", subject.surroundings.calendar)
    hours = clock.hours or subject.contents.hours
    in_days = limit.unit not in (*CLOCK_UNITS, *INSTANT_UNITS)
    first_day = _stated(stated, "first_day", clock.id) if in_days else "excluded"
    options: dict[str, Any] = {
        "first_day": first_day,
        "ends": stated.get("ends", "day"),
        "rest_day_same_day": stated.get("rest_day_same_day"),
    }
    if clock.hours is not None or in_days:
        options["hours"] = hours  # an hour limit runs through the night unless its own clock has hours
    if limit.unit == "same_day" and options["rest_day_same_day"] is None and not _calendar(calendar).is_workday(day_of(start)):
        raise _unstated("rest_day_same_day", clock.id)
    if limit.unit in ("natural_day", "month", "year"):
        return _rolled(limit, start, calendar, stated.get("roll"), clock.id, options)
    return deadline(limit, start, calendar, **options)


def _rolled(
    limit: TimeLimit, start: When, calendar: WorkCalendar | None, roll: str | None, clock: str, options: Mapping[str, Any]
) -> Deadline:
    if roll is not None:
        return deadline(limit, start, calendar, roll=roll, **options)  # type: ignore[arg-type]
    forward, still = (deadline(limit, start, calendar, roll=one, **options) for one in ("forward", "none"))
    if forward.due != still.due:
        raise _unstated("roll", clock)
    return forward


def _calendar(calendar: WorkCalendar | None) -> WorkCalendar:
    from govservice.calendars import china

    return china() if calendar is None else calendar


def _stated(conventions: Mapping[str, str], name: str, clock: str) -> str:
    if name not in conventions:
        raise _unstated(name, clock)
    return conventions[name]


def _unstated(name: str, clock: str) -> ConventionError:
    return ConventionError(
        Words(
            f"the clock {clock} depends on the convention {name}, and the book does not state it",
            f"时钟 {clock} 取决于约定 {name}，而规则册没有写明",
        ),
        hint=Words(f"conventions: {{{name}: ..}}", f"在 conventions 里写明 {name}"),
        id=f"conventions.{name}",
    )
