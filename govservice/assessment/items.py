"""What the items of a scheme come to: each on the rows it is for, or once on the subject itself."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, cast

from govservice.assessment.occurrences import (
    Counter,
    Entry,
    Priced,
    by_day,
    grouped,
    harshest,
    note_on_occurrence,
    note_on_rows,
    occurrences,
    one_of,
)
from govservice.assessment.register import LedgerRow
from govservice.assessment.score import Score, Sources
from govservice.errors import ConventionError, GovServiceError, Words
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.entries import Item, in_force
from govservice.rules.language.intervals import Bounded, hull, needs_of
from govservice.rules.language.shapes import Name, walk
from govservice.rules.language.values import Interval, Nothing, Unknown, Value, reported
from govservice.rules.meaning.evaluation import Doubtful, evaluate, holds

if TYPE_CHECKING:
    from govservice.assessment.scopes import SubjectScope

__all__ = ["ItemPricing"]


class ItemPricing:
    """The items of one score, priced; what must be said of them, and which rows some item is for, is kept with the score."""

    def __init__(self, sources: Sources, score: Score) -> None:
        self.sources, self.score = sources, score
        self.scheme, self.scope, self.subject, self.period = score.scheme, score.scope, score.subject, score.period
        self.conventions: Conventions = self.scope.contents.stated_in[self.scheme.id]
        self.certain = True
        self.doubts: dict[str | None, frozenset[str]] = {}  # of parts that may not apply, what would say so
        self.beside: dict[
            tuple[str | None, str, int], Bounded | Unknown | None
        ] = {}  # what lines come to beside others of their occurrence

    def price(
        self, part: str | None, items: tuple[Item, ...], conventions: Mapping[str, str], *, certain: bool, doubt: Unknown | None = None
    ) -> list[Priced]:
        """Price the items of a part, or those outside any; its conventions stand before the scheme's.

        Only where it is `certain` that they apply is a convention asked for that is not stated; `doubt` is what would say whether the part
        applies.
        """
        self.certain = certain
        if doubt is not None:
            self.doubts[part] = doubt.needs
        priced = [settled for item in items for line in self._item(part, item, conventions) if (settled := self._settled(line)) is not None]
        self.score.priced.extend(priced)
        return priced

    def _settled(self, line: Priced) -> Priced | None:
        """A line as it stands beside those of other items that tell of the same occurrence (`across`)."""
        key = (line.part, line.item.id, id(line.row))
        if line.row is None or key not in self.beside:
            return line
        worth = self.beside[key]
        if worth is None:
            return None
        needs = worth.needs if isinstance(worth, Unknown) else needs_of(worth)
        return line._replace(worth=worth, needs=tuple(sorted(needs)))

    def across(self) -> bool:
        """Whether rows of one occurrence were priced by several items, and count otherwise than each: `beside` then says how.

        Raises ConventionError where the book does not say.
        """
        lines = [line for line in self.score.priced if line.row is not None]
        telling = occurrences((line.row for line in lines if line.row is not None), self.scheme.scores)
        groups: dict[Hashable, list[Priced]] = {}
        for line in lines:
            if id(line.row) in telling:
                groups.setdefault(telling[id(line.row)], []).append(line)
        for group in groups.values():
            if len({(line.part, line.item.id) for line in group}) > 1 and len({id(line.row) for line in group}) > 1:
                self._beside(group)
        return bool(self.beside)

    def _beside(self, group: list[Priced]) -> None:
        reading = self.conventions.get("same_occurrence")
        certain = [line for line in group if line.sure and line.part not in self.doubts]
        if reading is None:
            if len({id(line.row) for line in certain}) > 1:
                items = dict.fromkeys(f"{self.scheme.id}.{line.item.id}" for line in certain)
                raise ConventionError.unstated("same_occurrence", Words(", ".join(items), "、".join(items)))
            reading = "report"
        if reading == "each":
            return
        rows = list({id(line.row): line.row for line in group if line.row is not None}.values())
        self.score.note(note_on_rows(rows, reading))
        worths = [line.worth for line in group]
        if reading != "report" and len(certain) == len(group) and not any(isinstance(worth, (Unknown, Interval)) for worth in worths):
            choose = max if reading == "mildest" else min
            place = worths.index(choose(cast("list[int]", worths)))
            stand: list[Bounded | Unknown | None] = [worth if number == place else None for number, worth in enumerate(worths)]
        else:
            needs = frozenset(("conventions.same_occurrence",)) if reading == "report" else frozenset()
            needs = needs.union(*(line.needs for line in group), *(self.doubts.get(line.part, ()) for line in group))
            stand = list(one_of(worths, needs, one_stands=reading == "report" and len(certain) == len(group)))
        self.beside |= {(line.part, line.item.id, id(line.row)): worth for line, worth in zip(group, stand, strict=True)}

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
        yield Priced(part, item, worth, _read(item, self.scope), None, None, needs, asked is True)

    def _by_row(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        lacking = self.sources.lacking(item.for_)
        if lacking:  # a table that was not supplied is unknown, not empty
            yield Priced(part, item, Unknown(lacking), {}, None, None, tuple(sorted(lacking)), sure=False)
        groups = grouped(sorted(self._entries(item), key=by_day), self.scheme.scores)
        if item.numbers:
            yield from self._numbered(part, item, groups, conventions)
            return
        for group in groups:
            yield from self._one_occurrence(part, item, group, Counter(item), conventions)

    # -- ordinals

    def _numbered(self, part: str | None, item: Item, groups: list[list[Entry]], conventions: Mapping[str, str]) -> Iterator[Priced]:
        """Each with its ordinal: by day; of one day, in an order only where the book states one or where it decides nothing."""
        counter = Counter(item)
        loose = [group for group in groups if group[0].doubt is not None and group[0].on is None]
        for group in loose:  # of a day that is not known: before any other, or behind it
            for entry in group:
                counter.count(Unknown(cast("Unknown", entry.doubt).needs), entry.doubt)
        fixed = (group for group in groups if not (group[0].doubt is not None and group[0].on is None))
        as_given = conventions.get("same_day_order") == "as_given"
        for _, of_day in groupby(fixed, key=lambda group: group[0].on):
            units = list(of_day)
            counted = [
                group for group in units if item.numbers_all or any(self._asked(item, entry, counter) is not False for entry in group)
            ]
            if as_given or len(counted) < 2 or self._alike(item, counted):
                for group in units:
                    yield from self._one_occurrence(part, item, group, counter, conventions)
            else:
                yield from self._in_any_order(part, item, units, counted, counter, conventions)
        for group in loose:
            yield from self._one_occurrence(part, item, group, Counter(item, 0, counter.last - 1, counter.needs), conventions)

    def _in_any_order(
        self,
        part: str | None,
        item: Item,
        units: list[list[Entry]],
        counted: list[list[Entry]],
        counter: Counter,
        conventions: Mapping[str, str],
    ) -> Iterator[Priced]:
        """Rows of one day of which none stands before another: each may be any of their ordinals."""
        before = counter.peek()
        rows = sum(len(group) for group in counted)
        for group in units:
            own = Counter(item, before.first, before.last + rows - len(group), before.needs | {"conventions.same_day_order"})
            first, last = own.first, own.last
            yield from self._one_occurrence(part, item, group, own, conventions)
            counter.first += own.first - first
            counter.last += own.last - last
            counter.needs |= own.needs - {"conventions.same_day_order"}

    def _alike(self, item: Item, groups: list[list[Entry]]) -> bool:
        """Whether it is the same which of several rows comes first: the item reads the same of all."""
        if any(len(group) > 1 for group in groups):
            return False
        read = [
            name for own in (item.when, item.points) if own is not None for name in walk(own) if isinstance(name, Name) and name.id != "nth"
        ]
        seen: list[object] = []
        for group in groups:
            entry = group[0]
            try:
                facts = [entry.scope.value(name) for name in read]
            except GovServiceError:
                return False  # told where it is priced
            seen.append((entry.doubt, entry.row.facts.get("assessed") if item.marked else None, facts))
        return all(one == seen[0] for one in seen)

    # -- rows

    def _one_occurrence(
        self, part: str | None, item: Item, group: list[Entry], counter: Counter, conventions: Mapping[str, str]
    ) -> Iterator[Priced]:
        """The rows of one occurrence: each priced, or the harshest or the mildest of them, as the book says; open where it says neither."""
        if len(group) == 1:
            yield from self._priced(part, item, group[0], counter)
            return
        answers = [(entry, self._asked(item, entry, counter.peek())) for entry in group]
        asked = [answer for _, answer in answers if answer is not False]
        let_in = [entry for entry, answer in answers if answer is not False]
        reading = "each"
        if len(let_in) > 1:
            stated = conventions.get("same_occurrence")
            if stated is None and self.certain and asked.count(True) > 1:
                raise ConventionError.unstated("same_occurrence", f"{self.scheme.id}.{item.id}")
            reading = stated or "report"
            self.score.note(note_on_occurrence(let_in, reading))
        if reading == "each":
            for entry in group:
                yield from self._priced(part, item, entry, counter)
            return
        if reading == "report":
            needs = frozenset(("conventions.same_occurrence",))
            own = Counter(item, counter.first, counter.last + len(let_in) - 1, counter.needs | needs)
            priced = [line for entry in group for line in self._priced(part, item, entry, own.peek())]
            counter.first += True in asked
            counter.last += len(let_in)
            counter.needs |= needs.union(*(answer.needs for answer in asked if isinstance(answer, Unknown)))
            for line, worth in zip(priced, one_of([line.worth for line in priced], needs), strict=True):
                more = worth.needs if isinstance(worth, Unknown) else needs_of(worth)
                yield line._replace(worth=worth, needs=tuple(sorted({*line.needs, *more})))
            return
        priced = [line for entry in group for line in self._priced(part, item, entry, counter.peek())]
        counter.count(True if True in asked else asked[0])
        yield harshest(priced, mildest=reading == "mildest", sure=all(answer is True for answer in asked))

    def _asked(self, item: Item, entry: Entry, counter: Counter) -> bool | Unknown:
        """Whether an item is for a row: its condition, and whether the row counts in the period."""
        if item.numbers_all:
            counter.number(entry.scope, counter.first + 1, counter.last + 1)
        asked = True if item.when is None else holds(evaluate(item.when, entry.scope))
        if entry.doubt is not None and asked is not False:
            return entry.doubt if asked is True else entry.doubt | asked
        return asked

    def _priced(self, part: str | None, item: Item, entry: Entry, counter: Counter) -> Iterator[Priced]:
        asked = self._asked(item, entry, counter)
        first = counter.first + 1  # itself, after those that are sure to stand before it
        counter.count(asked, entry.doubt)
        let_in = asked is not False or self.score.considered.get(id(entry.row), (entry.row, False))[1]
        self.score.considered[id(entry.row)] = (entry.row, let_in)
        if asked is False:
            return
        if item.numbers:
            counter.number(entry.scope, first, max(counter.last, first))
        worth, needs = _worth(evaluate(item.points, entry.scope), asked)
        yield Priced(part, item, worth, _read(item, entry.scope), entry.row, entry.on, needs, asked is True)

    def _entries(self, item: Item) -> list[Entry]:
        """The rows an item is for: the subject's, in the period, in force, verified where that is asked; or that may be."""
        entries: list[Entry] = []
        sources, scheme, schemes = self.sources, self.scheme, self.scope.contents.schemes
        for source in item.for_:
            if source in schemes:
                for number, given in enumerate(sources.scored(source, scheme.scores, self.subject, self.period, self.scope.notes), 1):
                    scope, doubt = (given.scope, given.doubt) if isinstance(given, Doubtful) else (given, None)
                    scope = cast("SubjectScope", scope)
                    facts = {scope.scored: scope.id, "period": str(scope.period), "total": reported(scope.around["total"])}
                    scope.put({"kind": source})
                    row = LedgerRow(source, number, facts, scope.period.last, {scope.scored: scope.id})
                    entries.append(Entry(row, scope.period.last, scope, doubt))
                continue
            for row, on in sources.records(source, scheme.scores, self.subject, self.period, by=item.by):
                doubt = on if isinstance(on, Unknown) else None
                on_day = on if isinstance(on, date) else row.on if item.by is None else None
                if in_force(item.from_, item.until, on_day or sources.held_on(self.period), item.id):
                    scope = sources.scope(row, self.period, scheme.id)
                    scope.priced_for(self.scope)
                    entries.append(Entry(row, on_day, scope, doubt))
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
    if isinstance(worth, Interval) and worth.or_none:  # none adds nothing
        worth = hull([0, replace(worth, or_none=False)])
    if isinstance(asked, Unknown):
        worth = hull([0, worth], asked.needs)
    needs |= needs_of(worth)
    return worth, tuple(sorted(needs))


def _read(item: Item, scope: Any) -> dict[str, object]:
    """The facts that an item's condition and points read, with what they were worth."""
    memo = scope.memo
    return {name: reported(memo[name]) for name in item.reads if name in memo and not isinstance(memo[name], (Unknown, Nothing, Interval))}
