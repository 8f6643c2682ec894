"""What pauses a clock: rows of `pauses` of a kind that it names, and acts among the facts; from when until when, and what is open of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from govservice.clockwork.called import kind_called
from govservice.clockwork.forks import Fork, not_yet
from govservice.clockwork.history import Paused, fact_of_row
from govservice.clockwork.reading import PausedSpan
from govservice.clockwork.terms import Terms
from govservice.counting.answer import counted
from govservice.counting.asked import CLOCK_UNITS, Pause, When, day_of, later, midnight, uncounted
from govservice.errors import RecordError, Words, closest, perhaps_meant
from govservice.limits import TimeLimit
from govservice.rules.language.shapes import names
from govservice.rules.language.values import Unknown, Value
from govservice.rules.meaning.evaluation import evaluate
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from govservice.rules.book.entries import Clock, Pausing
    from govservice.rules.language.shapes import Expression

__all__ = ["Pauses", "Uncounted"]


class Uncounted(NamedTuple):
    """A time that is not counted; where it has not `ended`, `until` names what would say when it does."""

    first: When
    last: When
    kind: Words | None
    ended: bool
    until: frozenset[str]

    @property
    def counted(self) -> tuple[When, When, Words | None]:
        """As `deadline` takes it."""
        return self.first, self.last, self.kind


class Pauses:
    """The pauses of one clock, one way that what is open may turn out.

    `paused` are those that stopped it; `needs` names what would say whether or how long one does, where that cannot be listed.
    """

    def __init__(
        self,
        clock: Clock,
        subject: Subject,
        fork: Fork,
        terms: Terms,
        now: When | None,
        notes: list[Words],
        in_zone: Callable[[Value], Value],
    ) -> None:
        self.clock, self.subject, self.fork, self.terms, self.now, self.notes = clock, subject, fork, terms, now, notes
        self.in_zone = in_zone
        self.paused: list[PausedSpan] = []
        self.needs: frozenset[str] = frozenset()

    def spans(self, rows: Iterable[Paused], *, in_days: bool) -> list[Uncounted]:
        """The times that are not counted, by the convention on the end days; those that have not ended reach until now."""
        found: list[Uncounted] = []
        for row in rows:
            pause = row._replace(first=cast("When", self.in_zone(row.first)), last=cast("When | None", self.in_zone(row.last)))  # type: ignore[arg-type]
            entry = None if self._to_come(pause.first) else self._entry_of(pause)
            if entry is not None:
                until = frozenset((fact_of_row("pauses", pause.number, "to"),))
                found += self._taken(entry, pause.kind, pause.first, pause.last, until, in_days=in_days)
        for entry in self.clock.pauses:
            if entry.starts is not None:
                found += self._of_facts(entry, in_days=in_days)
        return found

    def _to_come(self, when: When) -> bool:
        return self.now is not None and later(when, self.now)

    # -- rows

    def _entry_of(self, pause: Paused) -> Pausing | None:
        """What of the clock's `pauses:` the row is; None where it does not stop the clock."""
        entries = self._of_a_kind(pause)
        if not entries or (pause.doubt and not self._either(("pauses", pause.number, "doubt"), pause.doubt)) or not self._told(pause):
            return None
        entry = next((entry for entry in entries if entry.when is None or self.fork.truth(entry.when, self.subject)), None)
        if entry is None:
            self._does_not_stop(pause, Words("; its condition does not hold", "，因为条件不成立"))
        return entry

    def _told(self, pause: Paused) -> bool:
        if pause.told is True or self.terms.stated("pause_needs_notice") == "no":
            return True
        if pause.told is None:
            told = fact_of_row("pauses", pause.number, "told")
            return self._either(told, (told,))
        kind, day = pause.kind or "-", day_of(pause.first)
        self.notes.append(
            Words(
                f"the pause of {day} ({kind}) was not told in writing and does not stop the clock",
                f"{day}的中止（{kind_called(kind, self.subject.contents)}）未书面告知，不停止计时",
            )
        )
        return False

    def _of_a_kind(self, pause: Paused) -> list[Pausing]:
        """The entries of its kind; one that is not said, or misspelt, may be of any."""
        of_rows = [entry for entry in self.clock.pauses if entry.starts is None]
        own = [entry for entry in of_rows if entry.kind == pause.kind]
        if own:
            return own
        kind = fact_of_row("pauses", pause.number, "kind")
        if pause.kind is None and of_rows:
            kinds = tuple(dict.fromkeys(entry.kind for entry in of_rows))
            whole = kinds if any(entry.when is not None or entry.limit is not None for entry in of_rows) else kinds[:1]
            chosen = self.fork.choose(kind, (*whole, None), (kind,))
            return [entry for entry in of_rows if chosen is not None and entry.kind == chosen]
        contents = self.subject.contents
        meant = self._perhaps(pause.kind or "", {kind for clock in contents.clocks.values() for kind in clock.pause_kinds})
        first = next(iter(meant), None)
        self._does_not_stop(pause, Words(perhaps_meant(first).en, perhaps_meant(first and kind_called(first, contents)).zh))
        meant_here = [entry for entry in of_rows if entry.kind in meant]
        return meant_here if meant_here and self._either(kind, (kind,)) else []

    def _perhaps(self, written: str, kinds: Collection[str]) -> list[str]:
        """The kinds of the book that a misspelt one may be, by its name or by what it is called; several may be called the same."""
        called = {kind: kind_called(kind, self.subject.contents) for kind in kinds}
        near = closest(written, {*called, *called.values()}, cutoff=0.8) if written not in kinds else None
        return sorted(kind for kind in kinds if near is not None and near in (kind, called[kind]))

    def _does_not_stop(self, pause: Paused, more: Words) -> None:
        name, day = pause.kind or "-", day_of(pause.first)
        called = kind_called(name, self.subject.contents)
        self.notes.append(
            Words(f"the pause of {day} ({name}) does not stop this clock{more.en}", f"{day}的中止（{called}）不停止本时限{more.zh}")
        )

    def _either(self, question: object, needs: Iterable[str]) -> bool:
        return self.fork.choose(cast("str", question), (True, False), needs)

    # -- acts among the facts

    def _of_facts(self, entry: Pausing, *, in_days: bool) -> list[Uncounted]:
        first = self._act(entry.starts)
        if first is None or self._to_come(first) or not (entry.when is None or self.fork.truth(entry.when, self.subject)):
            return []
        last = self._act(entry.ends)
        if last is not None and later(first, last):
            what = Words(
                f"a pause ends on {day_of(last)}, before it begins on {day_of(first)}", f"中止止于 {day_of(last)}，早于起于 {day_of(first)}"
            )
            raise RecordError(what, id=f"clocks.{self.clock.id}.pauses")
        missing = evaluate(entry.ends, self.subject) if entry.ends is not None else None
        until = missing.needs if isinstance(missing, Unknown) else frozenset(names(entry.ends) if entry.ends is not None else ())
        return self._taken(entry, entry.kind, first, last, until, in_days=in_days)

    def _act(self, of: Expression | None) -> When | None:
        """The day or moment of an act; None while it has not happened. What would say, where that is another thing, is needed."""
        if of is None:
            return None
        value = self.in_zone(self.fork.value(of, self.subject))
        if isinstance(value, Unknown) and not not_yet(value, self.subject):
            self.needs |= value.needs
        return value if isinstance(value, date) else None

    # -- how long

    def _taken(
        self, entry: Pausing, kind: str | None, first: When, last: When | None, until: frozenset[str], *, in_days: bool
    ) -> list[Uncounted]:
        """The pause as it counts: no longer than it may be, without those of its end days that count."""
        longest = self._longest(entry, first)
        if longest is not None and (last is None or later(last, longest)) and (last is not None or self._is_over(longest)):
            last = longest
        self.paused.append(PausedSpan(kind, first, last))
        ended = last is not None
        reached = last if last is not None else max(self.now or first, first, key=lambda when: (day_of(when), when.isoformat()))
        pause = uncounted(Pause(first, reached, None), self.terms.said.get("pause_days", "both"), in_days=in_days, ended=ended)
        called = None if kind is None else Words(kind, kind_called(kind, self.subject.contents))
        return [Uncounted(pause.first, pause.last, called, ended, until)] if pause is not None else []

    def _is_over(self, longest: When) -> bool:
        return self.now is not None and later(self.now, longest)

    def _longest(self, entry: Pausing, first: When) -> When | None:
        """The last day or moment that it may take, its first day counted in; None where it may take any time."""
        if entry.limit is None:
            return None
        amount = self.fork.value(entry.limit, self.subject)
        if isinstance(amount, Unknown):
            self.needs |= amount.needs
        if not isinstance(amount, TimeLimit):
            return None
        zone = self.terms.calendar.zone
        start = midnight(day_of(first), zone) if amount.unit in CLOCK_UNITS and not isinstance(first, datetime) else first
        return counted(amount, start, self.terms.calendar, first_day="included", roll="none", rest_day_same_day="same").due
