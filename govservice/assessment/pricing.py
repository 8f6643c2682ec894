"""A scheme on one subject in one period: items priced row by row, parts held, the total, and everything left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any, Protocol, cast

from govservice.assessment.occurrences import Counter, Entry, Priced, as_given, harshest, in_order, occurrences, said_of_one
from govservice.assessment.periods import Period
from govservice.assessment.register import Record, Register
from govservice.assessment.scopes import PartScope, RecordScope, SubjectScope
from govservice.errors import ConventionError, DecisionError, Words
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.entries import Item, Part, Scheme, in_force
from govservice.rules.language.facts import read_fact
from govservice.rules.language.functions import rounded
from govservice.rules.language.intervals import Bounded, calculate, ends, hull, narrowed, needs_of
from govservice.rules.language.values import BOOLEAN, DECIMAL, NONE, Interval, Nothing, Number, Unknown, Value, exact, reported
from govservice.rules.meaning.evaluation import evaluate, holds

__all__ = ["HeldPart", "Records", "Score", "round_by", "worked_out"]

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class HeldPart:
    """One part: what its items leave, and what it is held to; unknown where an item has no bound. `doubt`: whether it applies at all."""

    part: Part
    earned: Bounded | Unknown
    total: Bounded | Unknown
    doubt: tuple[str, ...] | None = None


@dataclass(slots=True)
class Score:
    """Everything one score came to, exact; `scope` is the subject with its total and parts in sight.

    `applies` is False where the scheme does not score the subject in the period; `supplied` where the score was given.
    """

    scheme: Scheme
    subject: str
    period: Period
    scope: SubjectScope
    total: Bounded | Unknown
    eligible: bool | None
    applies: bool = True
    supplied: bool = False
    parts: dict[str, HeldPart] = field(default_factory=dict)
    priced: list[Priced] = field(default_factory=list)
    notes: dict[Words, None] = field(default_factory=dict)
    considered: dict[int, tuple[Record, bool]] = field(default_factory=dict)  # rows that some item is for, and whether one let them in


class Records(Protocol):
    """What pricing asks of the records that were given."""

    @property
    def register(self) -> Register: ...
    def held_on(self, period: Period) -> date: ...
    def lacking(self, sources: tuple[str, ...]) -> frozenset[str]: ...
    def counts(self, row: Record) -> bool: ...
    def scope(self, row: Record, period: Period, scheme: str | None = None) -> RecordScope: ...
    def serves(self, scheme: str, id: str, period: Period) -> bool | Unknown: ...
    def records(
        self, source: str, owner: str, id: str, period: Period, *, by: str | None = None
    ) -> list[tuple[Record, date | Unknown | None]]: ...
    def scored(self, scheme: str, owner: str, id: str, period: Period, said: dict[Words, None]) -> list[SubjectScope] | None: ...


def worked_out(records: Records, scheme: Scheme, scope: SubjectScope, supplied: Record | None) -> Score:
    """Work out one score, of the subject and period of its scope; one that was `supplied` stands.

    Raises ConventionError, DecisionError, RecordError.
    """
    pricing = _Pricing(records, scheme, scope)
    return pricing.as_supplied(supplied) if supplied is not None else pricing.score()


class _Pricing:
    def __init__(self, records: Records, scheme: Scheme, scope: SubjectScope) -> None:
        self.records = records
        self.scheme = scheme
        self.scope = scope
        self.subject, self.period = scope.id, scope.period
        self.conventions: Conventions = {**scope.contents.conventions, **scheme.conventions}
        self.done = Score(scheme, self.subject, self.period, scope, ZERO, None)

    def score(self) -> Score:
        applies = self._applies()
        if applies is False:
            return self._not_scored()
        for part in self.scheme.parts.values():
            self._part(part)
        outside = self._items(None, self.scheme.adjust, {})
        adjust = self._sum([one.worth for one in outside])
        self.scope.put({"adjust": adjust})
        self.scope.pieces = {
            "parts": [
                PartScope(self.scope, one.total, NONE if one.part.full is None else exact(one.part.full))
                for one in self.done.parts.values()
            ],
            "adjust": [PartScope(self.scope, one.worth, NONE) for one in outside],
        }
        total = self._total(adjust)
        if isinstance(total, Nothing):
            return self._not_scored()
        self.done.total = total | applies if isinstance(applies, Unknown) and isinstance(total, Unknown) else total
        if isinstance(applies, Unknown):
            self._say(Words(f"whether it is scored at all waits for {_listed(applies)}", f"是否计分尚未确定，需要：{_listed(applies)}"))
        self.scope.put({"total": self.done.total})
        self._eligible()
        self.done.notes |= self.scope.said
        return self.done

    def _say(self, said: Words) -> None:
        self.done.notes[said] = None

    def _not_scored(self) -> Score:
        self.done.applies = False
        self.done.eligible = False
        self.done.total = Unknown()
        self.scope.put({"total": NONE, "eligible": False})
        self._say(Words("this scheme does not score it in this period", "本期间不按此方案计分"))
        return self.done

    def as_supplied(self, row: Record) -> Score:
        """A past score stands as it was given: its total, and whatever else of it the row says (parts, rank, grades)."""
        total = cast("Bounded", read_fact("total", row.facts["total"], DECIMAL))
        given = row.facts.get("eligible")
        self.done.total = total
        self.done.eligible = True if given is None else read_fact("eligible", given, BOOLEAN) is True
        self.done.supplied = True
        facts = {key: value for key, value in row.facts.items() if key not in ("total", "eligible", "parts")}
        parts = row.facts.get("parts")
        if isinstance(parts, Mapping):
            facts |= {f"parts.{part}": value for part, value in parts.items()}
        self.scope.given(facts)
        self.scope.put({"total": total, "eligible": self.done.eligible})
        self._say(Words("this score was supplied and is not worked out again", "此分为已有的分数，不再重算"))
        return self.done

    def _applies(self) -> bool | Unknown:
        if not in_force(self.scheme.from_, self.scheme.until, self.records.held_on(self.period), self.scheme.id):
            return False
        asked: bool | Unknown = True if self.scheme.when is None else holds(evaluate(self.scheme.when, self.scope))
        if asked is False:
            return False
        served = self.records.serves(self.scheme.id, self.subject, self.period)
        return served if asked is True or served is False else asked if served is True else asked | served

    # -- items

    def _items(self, part: str | None, items: tuple[Item, ...], conventions: Mapping[str, str]) -> list[Priced]:
        found = [one for item in items for one in self._item(part, item, conventions)]
        self.done.priced.extend(found)
        return found

    def _item(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        if item.for_:
            yield from self._by_row(part, item, {**self.conventions, **conventions, **item.conventions})
        elif in_force(item.from_, item.until, self.records.held_on(self.period), item.id):
            yield from self._once(part, item)

    def _once(self, part: str | None, item: Item) -> Iterator[Priced]:
        asked = True if item.when is None else holds(evaluate(item.when, self.scope))
        if asked is False:
            return
        worth, needs = _worth(evaluate(item.points, self.scope), asked)
        yield Priced(part, item, worth, _read(item, self.scope), None, None, needs)

    def _by_row(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        lacking = self.records.lacking(item.for_)
        if lacking:  # a table that was not supplied is unknown, not empty
            yield Priced(part, item, Unknown(lacking), {}, None, None, tuple(sorted(lacking)))
        counter = Counter(item, item.numbers, item.numbers_all)
        entries = self._entries(item)
        if entries is None:
            yield Priced(part, item, Unknown(frozenset(item.for_)), {}, None, None, item.for_)
            return
        for group in occurrences(sorted(entries, key=in_order if counter.reads else as_given), self.scheme.scores):
            yield from self._one_occurrence(part, item, group, counter, conventions)

    def _one_occurrence(
        self, part: str | None, item: Item, group: list[Entry], counter: Counter, conventions: Mapping[str, str]
    ) -> Iterator[Priced]:
        """The rows of one occurrence: each priced, or the harshest or the mildest of them, as the book says."""
        let_in = group if len(group) == 1 else [one for one in group if self._asked(item, one, counter.peek()) is not False]
        reading = "each"
        if len(let_in) > 1:
            stated = conventions.get("same_occurrence")
            if stated is None:
                raise ConventionError.unstated("same_occurrence", f"{self.scheme.id}.{item.id}")
            reading = stated
            self._say(said_of_one(let_in, reading))
        if reading in ("each", "report"):
            for entry in group:
                yield from self._priced(part, item, entry, counter)
            return
        found = [one for entry in group for one in self._priced(part, item, entry, counter.peek())]
        asked = [self._asked(item, entry, counter.peek()) for entry in let_in]
        counter.count(True if True in asked else asked[0])
        yield harshest(found, mildest=reading == "mildest", sure=all(one is True for one in asked))

    def _asked(self, item: Item, entry: Entry, counter: Counter) -> bool | Unknown:
        """Whether an item is for a row: its condition, and whether the row lies in the period."""
        if counter.before:
            counter.number(entry.scope, counter.first + 1, counter.last + 1)
        asked = True if item.when is None else holds(evaluate(item.when, entry.scope))
        if isinstance(entry.on, Unknown) and asked is not False:
            return entry.on if asked is True else entry.on | asked
        return asked

    def _priced(self, part: str | None, item: Item, entry: Entry, counter: Counter) -> Iterator[Priced]:
        asked = self._asked(item, entry, counter)
        first = counter.first + 1  # itself, after those that are sure to stand before it
        counter.count(asked)
        let_in = asked is not False or self.done.considered.get(id(entry.row), (entry.row, False))[1]
        self.done.considered[id(entry.row)] = (entry.row, let_in)
        if asked is False:
            return
        if counter.reads:
            counter.number(entry.scope, first, counter.last)
        worth, needs = _worth(evaluate(item.points, entry.scope), asked)
        yield Priced(part, item, worth, _read(item, entry.scope), entry.row, entry.day, needs)

    def _entries(self, item: Item) -> list[Entry] | None:
        """The rows an item is for: the subject's, in the period, in force, verified where that is asked; None where that is not settled."""
        found: list[Entry] = []
        records, scheme, schemes = self.records, self.scheme, self.scope.contents.schemes
        marked = scheme.id if item.marked else None
        for source in item.for_:
            if source in schemes:
                scored = records.scored(source, scheme.scores, self.subject, self.period, self.scope.said)
                if scored is None:
                    return None
                for number, scope in enumerate(scored, 1):
                    facts = {scope.scored: scope.id, "period": str(scope.period), "total": reported(scope.around["total"])}
                    scope.put({"kind": source})
                    row = Record(source, number, facts, scope.period.last, {scope.scored: scope.id})
                    found.append(Entry(row, scope.period.last, scope))
                continue
            for row, on in records.records(source, scheme.scores, self.subject, self.period, by=item.by):
                day = on if isinstance(on, date) else records.held_on(self.period)
                if in_force(item.from_, item.until, day, item.id) and records.counts(row):
                    found.append(Entry(row, on, records.scope(row, self.period, marked)))
        return found

    # -- parts and total

    def _part(self, part: Part) -> None:
        if not in_force(part.from_, part.until, self.records.held_on(self.period), part.id):
            return
        asked = True if part.when is None else holds(evaluate(part.when, self.scope))
        if asked is False:
            return
        conventions = {**self.conventions, **part.conventions}
        items = self._items(part.id, part.items, part.conventions)
        start = part.start if part.start is not None else part.full if part.full is not None else ZERO
        earned = self._sum([start, *(one.worth for one in items)])
        total = self._hold(part, earned, conventions)
        if isinstance(asked, Unknown):  # it may not apply at all, and then adds nothing
            total = total | asked if isinstance(total, Unknown) else hull([0, total], asked.needs)
        held = HeldPart(part, earned, total, tuple(sorted(asked.needs)) if isinstance(asked, Unknown) else None)
        self.done.parts[part.id] = held
        self.scope.put({f"parts.{part.id}": held.total})

    def _sum(self, worths: list[Bounded | Unknown]) -> Bounded | Unknown:
        found: Bounded = 0
        needs: Unknown | None = None
        for worth in worths:
            if isinstance(worth, Unknown):
                needs = worth if needs is None else needs | worth
            else:
                found = cast("Bounded", calculate("+", found, worth))
        return found if needs is None else needs

    def _hold(self, part: Part, earned: Bounded | Unknown, conventions: Mapping[str, str]) -> Bounded | Unknown:
        """The part held between its bounds; with an item of no bound, all that the bounds allow."""
        low = self._bound(part, part.low, "part_floor", conventions, earned)
        high = self._bound(part, part.high, "part_overflow", conventions, earned)
        if isinstance(earned, Unknown):
            return earned if low is None or high is None else narrowed(low, high, earned.needs)
        least, most = ends(earned)
        return narrowed(_within(least, low, high), _within(most, low, high), needs_of(earned))

    def _bound(
        self, part: Part, own: str | None, convention: str, conventions: Mapping[str, str], earned: Bounded | Unknown
    ) -> Number | None:
        if own is not None:
            return None if own == "none" else exact(Fraction(own))
        if part.full is None:
            return None  # a bonus is not held unless it says so
        floor = convention == "part_floor"
        stated = conventions.get(convention)
        if stated is not None:
            return None if stated in ("none", "allowed") else 0 if floor else exact(part.full)
        if isinstance(earned, Unknown):
            return None  # open anyway: what the book must say cannot be known yet
        least, most = ends(earned)
        if least < 0 if floor else most > part.full:
            raise ConventionError.unstated(convention, f"{self.scheme.id}.parts.{part.id}")
        return None

    def _total(self, adjust: Bounded | Unknown) -> Bounded | Unknown | Nothing:
        scheme = self.scheme
        if scheme.total is not None:
            total = cast("Bounded | Unknown | Nothing", evaluate(scheme.total, self.scope))
        else:
            total = self._sum([*(one.total for one in self.done.parts.values()), adjust])
        low = None if scheme.low in (None, "none") else exact(Fraction(scheme.low))
        high = None if scheme.high in (None, "none") else exact(Fraction(scheme.high))
        if isinstance(total, Unknown) and low is not None and high is not None:
            return narrowed(low, high, total.needs)
        if isinstance(total, (Unknown, Nothing)):
            return total
        least, most = ends(total)
        if scheme.full is not None and scheme.high is None and most > scheme.full:
            raise DecisionError(
                Words(
                    f"{scheme.id}: {self.subject} comes to {reported(most)} of {reported(scheme.full)}, and no max is stated",
                    f"{scheme.id}：{self.subject} 得 {reported(most)} 分，超过满分 {reported(scheme.full)}，而没有写 max",
                ),
                hint=Words("write max: with a number or none", "写上 max：数字或 none"),
                id=scheme.id,
            )
        held = narrowed(_within(least, low, high), _within(most, low, high), needs_of(total))
        if ends(held) != (least, most):
            sums, bounds = (" .. ".join(str(reported(one)) for one in dict.fromkeys(pair)) for pair in ((least, most), ends(held)))
            self._say(Words(f"the parts come to {sums}; the scheme holds it to {bounds}", f"各部分合计 {sums}，按方案限为 {bounds}"))
        served = self._served(held)
        return self._rounded(served) if self.conventions.get("rounding.at") == "each_scheme" else served

    def _served(self, total: Bounded) -> Bounded:
        """A subject that served part of the period, by the book's convention."""
        span = self.records.register.served(self.scheme.scores, self.subject, self.period)
        days = (self.period.last - self.period.first).days + 1
        if span is None or span.days == days or self.period.kind == "ever":
            return total
        reading = self.conventions.get("part_served")
        if reading is None:
            raise ConventionError.unstated("part_served", self.scheme.id)
        first, last, served = span
        self._say(
            Words(f"served {served} of {days} days, from {first} to {last}", f"在岗 {served} 天（共 {days} 天），自 {first} 至 {last}")
        )
        return cast("Bounded", calculate("*", total, Fraction(served, days))) if reading == "prorated" else total

    def _rounded(self, total: Bounded) -> Bounded:
        digits = int(self.conventions.get("rounding.digits", "0"))
        mode = self.conventions.get("rounding.mode", "half_up")
        low, high = (round_by(one, digits, mode) for one in ends(total))
        return narrowed(low, high, needs_of(total))

    def _eligible(self) -> None:
        answer: bool | Unknown = True if self.scheme.eligible is None else holds(evaluate(self.scheme.eligible, self.scope))
        self.scope.put({"eligible": answer})
        if isinstance(answer, Unknown):
            self._say(Words(f"whether it is eligible waits for {_listed(answer)}", f"是否参加评定尚未确定，需要：{_listed(answer)}"))
        else:
            self.done.eligible = answer


def _within(number: Number, low: Number | None, high: Number | None) -> Number:
    number = number if low is None else max(number, low)
    return number if high is None else min(number, high)


def round_by(number: Number, digits: int, mode: str) -> Number:
    """A number to so many digits: half_up (away from zero), half_even, down (towards zero) or up.

    >>> round_by(Fraction(5, 2), 0, "half_up"), round_by(Fraction(5, 2), 0, "half_even"), round_by(Fraction(-27, 10), 0, "down")
    (3, 2, -2)
    """
    if type(number) is int and digits >= 0:
        return number
    if mode == "half_up":
        return rounded(number, digits)
    scaled = Fraction(number) * 10**digits
    if mode == "half_even":
        return exact(Fraction(round(scaled), 10**digits))
    whole = abs(scaled).__floor__() if mode == "down" else abs(scaled).__ceil__()
    return exact(Fraction(whole if number >= 0 else -whole, 10**digits))


def _worth(value: Value, asked: bool | Unknown) -> tuple[Bounded | Unknown, tuple[str, ...]]:
    """What an item comes to: between nothing and its points while its condition is open."""
    needs = set(asked.needs) if isinstance(asked, Unknown) else set()
    if isinstance(value, Nothing):
        return 0, tuple(sorted(needs))
    if isinstance(value, Unknown):
        needs |= value.needs
        return Unknown(frozenset(needs)), tuple(sorted(needs))
    worth = cast("Bounded", value)
    if isinstance(asked, Unknown):
        worth = hull([0, worth], asked.needs)
    needs |= needs_of(worth)
    return worth, tuple(sorted(needs))


def _listed(open_: Unknown) -> str:
    return ", ".join(sorted(open_.needs)) or "-"


def _read(item: Item, scope: Any) -> dict[str, object]:
    """The facts that an item's condition and points read, with what they were worth."""
    memo = scope.memo
    return {name: reported(memo[name]) for name in item.reads if name in memo and not isinstance(memo[name], (Unknown, Nothing, Interval))}
