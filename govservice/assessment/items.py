"""What the items of a scheme come to: each on the rows it is for, or once on the subject itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from govservice.assessment.occurrences import Counter, Entry, Priced, as_given, harshest, in_order, note_on_occurrence, occurrences
from govservice.assessment.register import LedgerRow
from govservice.assessment.score import Score, Sources
from govservice.errors import ConventionError
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.entries import Item, in_force
from govservice.rules.language.intervals import Bounded, hull, needs_of
from govservice.rules.language.values import Interval, Nothing, Unknown, Value, reported
from govservice.rules.meaning.evaluation import evaluate, holds

__all__ = ["ItemPricing"]


class ItemPricing:
    """The items of one score, priced; what must be said of them, and which rows some item is for, is kept with the score."""

    def __init__(self, sources: Sources, score: Score) -> None:
        self.sources, self.score = sources, score
        self.scheme, self.scope, self.subject, self.period = score.scheme, score.scope, score.subject, score.period
        self.conventions: Conventions = {**self.scope.contents.conventions, **self.scheme.conventions}

    def price(self, part: str | None, items: tuple[Item, ...], conventions: Mapping[str, str]) -> list[Priced]:
        """Price the items of a part, or those outside any; its conventions stand before the scheme's."""
        priced = [line for item in items for line in self._item(part, item, conventions)]
        self.score.priced.extend(priced)
        return priced

    def _item(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        if item.for_:
            yield from self._by_row(part, item, {**self.conventions, **conventions, **item.conventions})
        elif in_force(item.from_, item.until, self.sources.held_on(self.period), item.id):
            yield from self._once(part, item)

    def _once(self, part: str | None, item: Item) -> Iterator[Priced]:
        asked = True if item.when is None else holds(evaluate(item.when, self.scope))
        if asked is False:
            return
        worth, needs = _worth(evaluate(item.points, self.scope), asked)
        yield Priced(part, item, worth, _read(item, self.scope), None, None, needs)

    def _by_row(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        lacking = self.sources.lacking(item.for_)
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
        let_in = group if len(group) == 1 else [entry for entry in group if self._asked(item, entry, counter.peek()) is not False]
        reading = "each"
        if len(let_in) > 1:
            stated = conventions.get("same_occurrence")
            if stated is None:
                raise ConventionError.unstated("same_occurrence", f"{self.scheme.id}.{item.id}")
            reading = stated
            self.score.note(note_on_occurrence(let_in, reading))
        if reading in ("each", "report"):
            for entry in group:
                yield from self._priced(part, item, entry, counter)
            return
        priced = [line for entry in group for line in self._priced(part, item, entry, counter.peek())]
        asked = [self._asked(item, entry, counter.peek()) for entry in let_in]
        counter.count(True if True in asked else asked[0])
        yield harshest(priced, mildest=reading == "mildest", sure=all(answer is True for answer in asked))

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
        let_in = asked is not False or self.score.considered.get(id(entry.row), (entry.row, False))[1]
        self.score.considered[id(entry.row)] = (entry.row, let_in)
        if asked is False:
            return
        if counter.reads:
            counter.number(entry.scope, first, counter.last)
        worth, needs = _worth(evaluate(item.points, entry.scope), asked)
        yield Priced(part, item, worth, _read(item, entry.scope), entry.row, entry.day, needs)

    def _entries(self, item: Item) -> list[Entry] | None:
        """The rows an item is for: the subject's, in the period, in force, verified where that is asked; None where that is not settled."""
        entries: list[Entry] = []
        sources, scheme, schemes = self.sources, self.scheme, self.scope.contents.schemes
        marked = scheme.id if item.marked else None
        for source in item.for_:
            if source in schemes:
                scored = sources.scored(source, scheme.scores, self.subject, self.period, self.scope.notes)
                if scored is None:
                    return None
                for number, scope in enumerate(scored, 1):
                    facts = {scope.scored: scope.id, "period": str(scope.period), "total": reported(scope.around["total"])}
                    scope.put({"kind": source})
                    row = LedgerRow(source, number, facts, scope.period.last, {scope.scored: scope.id})
                    entries.append(Entry(row, scope.period.last, scope))
                continue
            for row, on in sources.records(source, scheme.scores, self.subject, self.period, by=item.by):
                day = on if isinstance(on, date) else sources.held_on(self.period)
                if in_force(item.from_, item.until, day, item.id) and sources.counts(row):
                    entries.append(Entry(row, on, sources.scope(row, self.period, marked)))
        return entries


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


def _read(item: Item, scope: Any) -> dict[str, object]:
    """The facts that an item's condition and points read, with what they were worth."""
    memo = scope.memo
    return {name: reported(memo[name]) for name in item.reads if name in memo and not isinstance(memo[name], (Unknown, Nothing, Interval))}
