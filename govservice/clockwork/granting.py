"""The extensions of one clock, one after another: which are granted, in what order, and why the others move nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from govservice.clockwork.forks import Fork
from govservice.clockwork.history import Extended, fact_of_row
from govservice.counting.asked import When, day_of, later
from govservice.echo import shown
from govservice.errors import Words, closest, perhaps_meant
from govservice.limits import TimeLimit
from govservice.rules.language.values import Unknown, Value, label_of
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.subjects import Subject

if TYPE_CHECKING:
    from datetime import date

    from govservice.rules.book.entries import Clock
    from govservice.rules.language.shapes import Expression

__all__ = ["Granting"]


class Granting:
    """The extensions asked for one clock, as they are granted one way that what is open may turn out.

    `needs` names what would say how much an extension adds.
    """

    def __init__(
        self,
        clock: Clock,
        subject: Subject,
        fork: Fork,
        asked: list[Extended],
        notes: list[Words],
        extended: list[TimeLimit],
        reached: Callable[[TimeLimit, When], When],
    ) -> None:
        self.clock, self.subject, self.fork, self.notes, self.extended = clock, subject, fork, notes, extended
        self.reached = reached  # where an amount leads from a due day
        self.rule = clock.extension
        self.needs: frozenset[str] = frozenset()
        self.waiting = [one for one in asked if self._is_meant(one)]

    def next(self, due: When) -> TimeLimit | None:
        """The next amount granted, while it is due then; None where there is no more."""
        while self.waiting:
            asked = self._first()
            self.waiting.remove(asked)
            amount = self._granted(asked, due)
            if amount is not None:
                return amount
        return None

    def _first(self) -> Extended:
        """The one asked first; where the order decides which of them count, and is not known, each may be."""
        first = self.waiting[0]
        times = self.rule.times if self.rule is not None else None
        if times is None or len(self.extended) + len(self.waiting) <= times:
            return first
        if first.granted is False:
            return first
        level = [one for one in self.waiting if one.granted is not False and (one is first or one.asked is None or _same_day(one, first))]
        if len({(one.limit, one.doubt) for one in level}) == 1:
            return first  # one counts like the other
        needs = [fact_of_row("extensions", one.number, "asked_on") for one in level]
        return self.fork.choose(("first", *needs), tuple(level), needs)

    # -- whose

    def _is_meant(self, asked: Extended) -> bool:
        """Whether a row is about this clock, or may be."""
        row = fact_of_row("extensions", asked.number, "clock")
        if asked.clock is None:
            others = [clock for clock in self._extendable() if clock is not self.clock]
            if self.rule is None:
                return not others  # to say that the book allows none
            if not others:
                return True
            self.notes.append(
                Words(
                    f"row {asked.number} of extensions names no clock, and several may be meant",
                    f"{self._row(asked)}没有写明所延时限，可能指其中几个",
                )
            )
            return self.fork.choose(row, (True, False), (row,))
        if asked.clock in (self.clock.id, self.clock.label):
            return True
        known = {name for clock in self.subject.contents.clocks.values() for name in (clock.id, clock.label) if name}
        if asked.clock in known:
            return False
        close = closest(asked.clock, known)
        hint = perhaps_meant(close)
        self.notes.append(
            Words(
                f"row {asked.number} of extensions: the rulebook has no clock {shown(asked.clock)}{hint.en}",
                f"{self._row(asked)}：规则册没有“{asked.clock}”这个时限{hint.zh}",
            )
        )
        likely = close is None or close in (self.clock.id, self.clock.label)
        return self.rule is not None and likely and self.fork.choose(row, (True, False), (row,))

    def _row(self, asked: Extended) -> str:
        return self.subject.contents.rows_in_chinese("extensions", asked.number)

    def _extendable(self) -> list[Clock]:
        """The clocks of this row that may be extended, as far as it is known which run."""
        seen = self.subject.contents.chains.get(self.subject.table, (self.subject.table,))
        return [
            clock
            for clock in self.subject.contents.clocks.values()
            if clock.extension is not None
            and clock.about in seen
            and (clock is self.clock or clock.when is None or holds(evaluate(clock.when, self.subject)) is not False)
        ]

    # -- how much

    def _granted(self, asked: Extended, due: When) -> TimeLimit | None:
        """The amount an extension adds; None, with a note, where it moves nothing."""
        rule = self.rule
        day: date | str = asked.asked if asked.asked is not None else "-"
        allowed = rule is not None and (rule.when is None or self.fork.truth(rule.when, self.subject))
        if rule is None or not allowed:
            return self._moves_nothing(day, Words("the rulebook allows none", "规则册不允许延长"))
        if not self._said(asked, "granted", asked.granted):
            return self._moves_nothing(day, Words("it was not granted", "未获准"))
        if asked.limit is not None and not asked.limit.value:
            return self._moves_nothing(day, Words(f"{asked.limit.text('en')} extends nothing", f"{asked.limit}不能作为延长的时间"))
        if asked.doubt and not self.fork.choose(("extensions", asked.number), (True, False), asked.doubt):
            return None
        if rule.times is not None and len(self.extended) >= rule.times:
            return self._moves_nothing(day, Words(f"it may be extended {rule.times} times at most", f"至多延长{rule.times}次"))
        called = self._called(rule.by)
        if rule.by is not None and not self._said(asked, "by", None if asked.by is None else asked.by in (rule.by, called)):
            return self._moves_nothing(
                day, Words(f"{rule.by} grants it, not {asked.by or '-'}", f"应由{called}批准，不是{self._called(asked.by) or '-'}")
            )
        in_time = None if asked.asked is None else not later(asked.asked, due)
        if rule.asked == "before_due" and not self._said(asked, "asked_on", in_time):
            return self._moves_nothing(day, Words(f"it was asked after the due day {day_of(due)}", f"申请晚于到期日{day_of(due)}"))
        if rule.limit is not None:
            amount = self._amount(rule.limit)
            return self._allowed(asked.limit, amount, day, due) if isinstance(amount, TimeLimit) else None
        if asked.limit is None:
            self.needs |= {fact_of_row("extensions", asked.number, "limit")}
            return None
        most = self._amount(rule.at_most) if rule.at_most is not None else None
        if rule.at_most is None:
            return asked.limit
        return self._allowed(asked.limit, most, day, due) if isinstance(most, TimeLimit) else None

    def _called(self, by: str | None) -> str | None:
        """Who grants: by the label that the book gives it, where the column is a choice."""
        column = self.subject.contents.column("extensions", "by")
        return (label_of(column.type, by) if column is not None else None) or by

    def _amount(self, of: Expression) -> Value:
        amount = self.fork.value(of, self.subject)
        if isinstance(amount, Unknown):
            self.needs |= amount.needs
        return amount

    def _said(self, asked: Extended, fact: str, answer: bool | None) -> bool:
        """What a row says; taken either way where it says nothing."""
        if answer is not None:
            return answer
        name = fact_of_row("extensions", asked.number, fact)
        return self.fork.choose(name, (True, False), (name,))

    def _allowed(self, wanted: TimeLimit | None, allowed: TimeLimit, day: object, due: When) -> TimeLimit | None:
        if wanted is None or wanted == allowed:
            return allowed
        if self._is_shorter(wanted, allowed, due):
            return wanted
        return self._moves_nothing(day, Words(f"{wanted.text('en')} is not within {allowed.text('en')}", f"{wanted}不在{allowed}以内"))

    def _is_shorter(self, wanted: TimeLimit, allowed: TimeLimit, due: When) -> bool:
        if wanted.unit == allowed.unit:
            return wanted < allowed
        # of another unit: nobody can say, but where the row is to say how long, by where both would lead from this due day
        return self.rule is not None and self.rule.limit is None and not later(self.reached(wanted, due), self.reached(allowed, due))

    def _moves_nothing(self, day: object, why: Words) -> TimeLimit | None:
        self.notes.append(Words(f"the extension asked on {day} moves nothing: {why.en}", f"{day}申请的延长不改变到期日：{why.zh}"))
        return None


def _same_day(asked: Extended, other: Extended) -> bool:
    """Whether two were asked on one day, and not both at a moment that says which came first."""
    if asked.asked is None or other.asked is None or day_of(asked.asked) != day_of(other.asked):
        return False
    return not (isinstance(asked.asked, datetime) and isinstance(other.asked, datetime))
