"""The terms on which a clock counts: conventions, office hours, and the deadline that they give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from govservice.calendars import china
from govservice.clockwork.forks import Fork
from govservice.counting.answer import counted as count_deadline
from govservice.counting.asked import CLOCK_UNITS, INSTANT_UNITS, When, day_of, read_hours
from govservice.counting.result import Deadline
from govservice.limits import TimeLimit
from govservice.rules.book.conventions import BY_NAME
from govservice.rules.language.values import Unknown
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.calendars import OfficeHours, WorkCalendar
    from govservice.rules.book.entries import Clock

__all__ = ["CONVENTION", "Terms", "is_convention"]

CONVENTION: Final = "conventions."
_ROLLING: Final = frozenset(("natural_day", "month", "year"))
_BEYOND: Final = 31  # days: an alarm or an extension may look so far


def is_convention(need: str) -> bool:
    """Whether what is waited for is for the book to state: where nothing else is, the answer is sure to turn on it."""
    return need.startswith(CONVENTION)


class Terms:
    """What the book and the clock state of how a limit is counted, one way that what they leave open may turn out.

    `needs` names what would say the office hours, where they decide and are not known.
    """

    def __init__(self, clock: Clock, subject: Subject, fork: Fork) -> None:
        self.clock, self.subject, self.fork = clock, subject, fork
        self.said = {**subject.contents.conventions, **clock.conventions}
        self.needs: frozenset[str] = frozenset()

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar of the call, else China's."""
        return cast("WorkCalendar | None", self.subject.surroundings.calendar) or china()

    def stated(self, name: str, choices: tuple[str, ...] | None = None) -> str:
        """What the book states of a convention; taken each way where it states nothing."""
        if name in self.said:
            return self.said[name]
        return self.fork.choose(name, choices or BY_NAME[name].values, (f"{CONVENTION}{name}",))

    def options(self, limit: TimeLimit, start: When, more: Iterable[TimeLimit]) -> dict[str, Any]:
        """The conventions of the book and the clock as options of `deadline`, for a limit and what it is extended by."""
        in_days = _is_in_days(limit)
        own = self.clock.hours is not None
        some_hours = own or self.subject.contents.hours is not None
        asked = in_days or any(map(_is_in_days, more))
        ends = self._ends(start, hours=some_hours) if asked else self.said.get("ends", "day")
        counted = in_days and not (ends == "same_time" and "first_day" not in self.said)
        options: dict[str, Any] = {
            "first_day": self.stated("first_day") if counted else "excluded",
            "ends": ends,
            "rest_day_same_day": self.said.get("rest_day_same_day"),
            "backward": self.clock.backward,
            "extension_from": self.said.get("extension_from", "due"),
        }
        by_clock = _is_by_clock(limit) or any(map(_is_by_clock, more))
        if some_hours and (own or in_days):
            options |= self._in_hours("hours", decides=by_clock or ends in ("close", "same_time"))
        elif some_hours and ends == "close":
            # an hour limit runs on unless its own clock has hours; a day still ends when the office closes
            options |= self._in_hours("closes", decides=asked or limit.unit in INSTANT_UNITS)
        if limit.unit == "same_day" and options["rest_day_same_day"] is None and not self.calendar.is_workday(day_of(start)):
            options["rest_day_same_day"] = self.stated("rest_day_same_day")
        return options

    def _ends(self, start: When, *, hours: bool) -> str:
        """How a day limit ends: as stated; where it is not, the day's end is all there is without office hours and without a clock time."""
        same_time = isinstance(start, datetime) and self.said.get("first_day") != "included"
        choices = ("day", *(("close",) if hours else ()), *(("same_time",) if same_time else ()))
        return self.stated("ends", choices) if len(choices) > 1 else self.said.get("ends", "day")

    def _in_hours(self, option: str, *, decides: bool) -> dict[str, Any]:
        """The office hours: those of the clock, else the book's; where they are not known, all day, and what would say is noted."""
        written = self.clock.hours if self.clock.hours is not None else self.subject.contents.hours
        assert written is not None
        text = evaluate(written, self.subject)
        if isinstance(text, Unknown) and decides:
            self.needs |= text.needs
        if isinstance(text, Unknown):
            text = "全天"
        return {option: read_hours(text, None)} if isinstance(text, str) else {}

    def deadline(self, limit: TimeLimit, start: When, pauses: list[Any], extensions: Iterable[TimeLimit] = (), **fixed: Any) -> Deadline:
        """The deadline under these terms, but for what is `fixed`; a convention that it depends on is asked for."""
        more = tuple(extensions)
        asked = self.options(limit, start, more) | fixed | {"roll": self._roll(limit, more), "pauses": pauses, "extensions": more}
        office = asked.get("hours", asked.get("closes"))
        if office is None:
            return count_deadline(limit, start, self.calendar, **asked)
        asked |= {name: self.said[name] for name in ("makeup_hours", "rest_day_hours") if name in self.said}
        counted = count_deadline(limit, start, self.calendar, **asked)
        unstated = [name for name in _decided_by_hours(limit, more, asked) if name not in self.said]
        asked_for: dict[str, Any] = {name: self.stated(name) for name in unstated if self._meets(name, counted, office)}
        return count_deadline(limit, start, self.calendar, **asked, **asked_for) if asked_for else counted

    def _roll(self, limit: TimeLimit, more: tuple[TimeLimit, ...]) -> Any:
        if self.clock.backward:
            return "backward" if self.said.get("roll") == "backward" else "none"
        if "roll" in self.said or not {limit.unit, *(extension.unit for extension in more)} & _ROLLING:
            return "none" if self.said.get("roll") == "none" else "forward"
        return self.stated("roll", ("forward", "none"))

    def _meets(self, name: str, counted: Deadline, hours: OfficeHours) -> bool:
        """Whether a day lies about the counting that the convention speaks of."""
        first, last = sorted((day_of(counted.start), counted.due_on))
        before = _BEYOND if self.clock.backward else 0
        days = range(
            max(first.toordinal() - before, self.calendar.first.toordinal()),
            min(last.toordinal() + _BEYOND, self.calendar.last.toordinal()) + 1,
        )
        return any(self._speaks_of(name, date.fromordinal(day), hours) for day in days)

    def _speaks_of(self, name: str, day: date, hours: OfficeHours) -> bool:
        if name == "makeup_hours":
            return self.calendar.day(day).kind == "makeup_workday"
        return not self.calendar.is_workday(day) and bool(hours.spans(day, self.calendar))


def _is_in_days(limit: TimeLimit) -> bool:
    return limit.unit not in (*CLOCK_UNITS, *INSTANT_UNITS)


def _is_by_clock(limit: TimeLimit) -> bool:
    return limit.unit in CLOCK_UNITS


def _decided_by_hours(limit: TimeLimit, more: tuple[TimeLimit, ...], asked: Mapping[str, Any]) -> tuple[str, ...]:
    """The conventions about office hours that may matter: where office time counts, or where a day closes with the office."""
    if "hours" in asked and any(map(_is_by_clock, (limit, *more))):
        return "makeup_hours", "rest_day_hours"
    return ("makeup_hours",) if asked["ends"] in ("close", "same_time") else ()
