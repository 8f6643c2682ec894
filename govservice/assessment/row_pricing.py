"""What an item comes to on the rows that it is for: in order, numbered, of one occurrence or joined as the book says."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, compress, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from govservice.assessment.alike_rows import KindAnswer, OfKinds
from govservice.assessment.days_inside import Inside, On
from govservice.assessment.joined import joined_ways, open_keys
from govservice.assessment.occurrences import (
    Counter,
    Entry,
    Ordinals,
    Priced,
    PricedRows,
    by_day,
    grouped,
    harshest,
    note_on_occurrence,
    occurrences,
    one_of,
)
from govservice.assessment.periods import Period
from govservice.assessment.register import DAY, LedgerRow
from govservice.assessment.score import Score, Sources
from govservice.assessment.worths import needs_of_value, read_by, summed_worth, worth_of
from govservice.errors import ConventionError, GovServiceError
from govservice.rules.book.conventions import Conventions
from govservice.rules.book.entries import Item, in_force
from govservice.rules.language.facts import absent
from govservice.rules.language.intervals import Bounded, needs_of
from govservice.rules.language.shapes import Name, walk
from govservice.rules.language.values import Unknown, reported
from govservice.rules.meaning.evaluation import Doubtful, holds, in_doubt
from govservice.rules.meaning.joining import between

if TYPE_CHECKING:
    from govservice.assessment.scopes import SubjectScope

__all__ = ["RowPricing"]

_PLACE: Final = itemgetter(0, 1, 2)


class _Alone(NamedTuple):
    """A row that is priced by itself: its place among those of the item, its day, what places it in the period, and its days there."""

    first: date
    source: str
    number: int
    row: LedgerRow
    day: date | None
    on: On
    days: Inside | None


def _by_days_alone(item: Item) -> bool:
    """Whether an item is for the subject's own rows of one source, whatever their day, each on one day."""
    return (
        len(item.for_) == 1 and item.of is None and item.lasts is None and item.from_ is None and item.until is None and not item.reads_days
    )


class RowPricing:
    """The items of one score on their rows; which rows some item is for is kept with the score."""

    def __init__(self, sources: Sources, score: Score) -> None:
        self.sources, self.score = sources, score
        self.scheme, self.scope, self.subject, self.period = score.scheme, score.scope, score.subject, score.period
        self.conventions: Conventions = self.scope.contents.stated_in[self.scheme.id]
        self.behind: Unknown | None = None  # what would say whether what is priced applies at all
        self.wholes: dict[tuple[str | None, str], Priced] = {}  # what items come to of which it is open how their rows are joined

    def together(self, part: str | None, item: Item) -> list[Priced | PricedRows] | None:
        """An item on its rows, where they are placed by plain days and stand each for itself; else they are priced one by one."""
        asked = self.sources.alike_rows.of_item(item, self.scheme)
        if asked is None or not _by_days_alone(item) or self.sources.lacking(item.for_):
            return None
        source = item.for_[0]
        placed = self.sources.placed_alone(source, self.scope.scored, self.subject, self.period, item.by)
        if placed is None or not placed.dated.in_order:
            return None
        if not placed.number:
            return []
        answers = self.sources.alike_rows.answers_placed(asked, placed, self.period)
        alike = list({id(answer): answer for answer in answers}.values())
        if None in alike:
            return None
        every = cast("Sequence[KindAnswer]", answers if len(alike) > 1 else alike)
        let_in = [answer.counts for answer in every]
        if source in self.scope.contents.events:  # of these it is told which nothing prices
            if placed.whole and all(let_in):
                self.score.whole.add(source)
            else:
                rows = placed.rows
                self.score.consider_all(rows, list(compress(rows, let_in if len(alike) > 1 else let_in * len(rows))))
        return [PricedRows(part, item, placed, every)] if any(let_in) else []

    def by_row(self, part: str | None, item: Item, stated: Mapping[str, str]) -> Iterable[Priced]:
        """The lines of an item on its rows; `stated` are the conventions of its part."""
        lacking = self.sources.lacking(item.for_)
        found: list[Priced] = []
        if lacking and not self.sources.is_never(item.when):  # a table that was not supplied is unknown, not empty
            found = [Priced(part, item, Unknown(lacking), {}, None, None, tuple(sorted(lacking)), sure=False)]
        asked = self.sources.alike_rows.of_item(item, self.scheme)
        rows = None if asked is None else self._standing_alone(item)
        if asked is None or rows is None:
            return chain(found, self._in_turn(part, item, {**self.conventions, **stated, **item.conventions}))
        return [*found, *self._by_kind(part, item, asked, rows)] if rows else found

    def _in_turn(self, part: str | None, item: Item, conventions: Mapping[str, str]) -> Iterator[Priced]:
        """Rows that are read one by one."""
        entries = self._entries(item, self.period)
        if isinstance(entries, Unknown):  # nobody knows whose rows they are
            yield Priced(part, item, entries, {}, None, None, tuple(sorted(entries.needs)), sure=False)
            return
        if not entries and item.each is None and not item.ordinals:
            return
        entries.sort(key=by_day)
        before = {name: self._before(item, name, entries, conventions) for name in item.ordinals if name != "nth"}
        if item.each is None:
            yield from self._in_order(part, item, grouped(entries, self.scheme.scores), Counter(item, before), conventions)
            return
        yield from self._joined(part, item, item.each, entries, Counter(item, before), conventions)

    # -- rows that are priced each by itself

    def _standing_alone(self, item: Item) -> list[_Alone] | None:
        """The rows of an item in order, each with its day; None where it is open which they are, or whether one counts."""
        found: list[_Alone] = []
        dated = item.from_ is not None or item.until is not None
        reading = item.lasts is not None or item.reads_days
        for source in item.for_:
            rows = self.sources.records_of(source, self.scope, self.period, item.of, by=item.by, lasts=item.lasts)
            if isinstance(rows, Unknown):
                return None
            for row, on in rows:
                days = None
                if reading or (on is not None and type(on) is not date):
                    days, doubt = self.sources.days_in(row, on, self.period, self.score.notes, asked=item.reads_days, by=item.by)
                    if doubt is not None:
                        return None
                day = on.on if isinstance(on, Inside) else cast("date", on) if on is not None else row.on if item.by is None else None
                if not dated or in_force(item.from_, item.until, day or self.sources.held_on(self.period), item.id):
                    found.append(_Alone(day or date.min, source, row.number, row, day, on, days))
        found.sort(key=_PLACE)
        return found

    def _by_kind(self, part: str | None, item: Item, asked: OfKinds, rows: list[_Alone]) -> list[Priced]:
        """Rows of which each is priced by itself: those that say the same alike."""
        lines: list[Priced] = []
        consider = self.score.consider
        lasting = [alone.days for alone in rows] if item.lasts is not None or any(alone.days is not None for alone in rows) else None
        answers = self.sources.alike_rows.answers(asked, [alone.row for alone in rows], self.period, days=lasting)
        for (_, _, number, row, on, given, _), answer in zip(rows, answers, strict=True):
            if answer is None:
                lines += self._priced(part, item, self._entry(item, row, given, self.period), Counter(item))
                continue
            counts, worth, facts, needs, sure = answer
            consider(row, let_in=counts)
            if needs:
                worth, needs = answer.named(f"{row.source}:{number}.")
            if counts:
                lines.append(Priced(part, item, worth, facts, row, on, needs, sure))
        return lines

    def _in_order(
        self, part: str | None, item: Item, groups: list[list[Entry]], counter: Counter, conventions: Mapping[str, str]
    ) -> Iterator[Priced]:
        if item.numbers:
            yield from self._numbered(part, item, groups, counter, conventions)
            return
        for group in groups:
            yield from self._one_occurrence(part, item, group, counter, conventions)

    # -- rows that are one

    def _joined(
        self, part: str | None, item: Item, each: Name, entries: list[Entry], counter: Counter, conventions: Mapping[str, str]
    ) -> Iterator[Priced]:
        """Rows that are one are priced once; where it is open which are, the item comes to what every way would give."""
        let_in = self._let_in(item, entries)
        ways = self._ways(each, let_in)
        if ways is not None and len(ways) == 1:
            yield from self._in_order(part, item, [[entry] for entry in ways[0]], counter, conventions)
            return
        found = [list(self._in_order(part, item, [[entry] for entry in way], counter.peek(), conventions)) for way in ways or ()]
        needs = open_keys(each, (entry for entry, _ in let_in), self._telling(let_in))
        needs = needs.union(*(_needs_of_answer(answer) for _, answer in let_in), *(line.needs for way in found for line in way))

        def either(worths: list[Bounded | Unknown]) -> Bounded | Unknown:
            return cast("Bounded | Unknown", between(worths, needs, bounds=True)) if worths else Unknown(needs)

        worth = either([summed_worth([line.worth for line in way]) for way in found])
        self.wholes[part, item.id] = Priced(part, item, worth, {}, needs=tuple(sorted(needs_of_value(worth))), sure=False)
        for entry, _ in let_in:
            own = either([summed_worth([line.worth for line in way if line.row is entry.row]) for way in found])
            if own != 0:
                yield Priced(part, item, own, {}, entry.row, entry.on, tuple(sorted(needs_of_value(own))), sure=False)

    def _let_in(self, item: Item, entries: list[Entry]) -> list[tuple[Entry, bool | Unknown]]:
        """The entries that an item lets in, or may."""
        asked = [(entry, self._asked(item, entry, Counter(item))) for entry in entries]
        for entry, answer in asked:
            self._consider(entry, let_in=answer is not False)
        return [(entry, answer) for entry, answer in asked if answer is not False]

    def _telling(self, entries: list[tuple[Entry, bool | Unknown]]) -> Mapping[int, Hashable]:
        return occurrences((entry.row for entry, _ in entries), self.scheme.scores)

    def _ways(self, each: Name, entries: list[tuple[Entry, bool | Unknown]]) -> list[list[Entry]] | None:
        """Entries, those that are one joined; in each way that may be."""
        ways = joined_ways(each, entries, self._telling(entries), self.scope)
        return None if ways is None else [sorted(way, key=by_day) for way in ways]

    def _consider(self, entry: Entry, *, let_in: bool) -> None:
        for row in entry.joined or (entry.row,):
            self.score.consider(row, let_in=let_in)

    # -- ordinals

    def _before(self, item: Item, name: str, entries: list[Entry], conventions: Mapping[str, str]) -> Ordinals:
        """How many rows of an item stand before those of the period, in the longer one that an ordinal names."""
        wider = self.period.widened(name.removeprefix("nth(over=").removesuffix(")"))
        if wider.first >= self.period.first:
            return Ordinals()
        earlier = self._entries(item, Period(wider.first, self.period.first - DAY, "span"))
        if isinstance(earlier, Unknown):
            return Ordinals()  # the item is open as it is
        here = {id(entry.row) for entry in entries}
        earlier = sorted((entry for entry in earlier if id(entry.row) not in here), key=by_day)
        counter = Counter(item)
        if item.each is not None:
            counted = [self._counted(item, way) for way in self._ways(item.each, self._let_in(item, earlier)) or ()]
            return _either(counted) if counted else Ordinals(min(1, len(earlier)), len(earlier), open_keys(item.each, earlier, {}))
        for group in grouped(earlier, self.scheme.scores):
            self._count(item, group, counter, conventions)
        return Ordinals(counter.first, counter.last, counter.needs)

    def _counted(self, item: Item, entries: list[Entry]) -> Ordinals:
        counter = Counter(item)
        for entry in entries:
            counter.count(self._asked(item, entry, counter), entry.doubt)
        return Ordinals(counter.first, counter.last, counter.needs)

    def _count(self, item: Item, group: list[Entry], counter: Counter, conventions: Mapping[str, str]) -> None:
        """Count the rows of one occurrence as they would be priced."""
        answers = [self._asked(item, entry, counter.peek()) for entry in group]
        let_in = [answer for answer in answers if item.numbers_all or answer is not False]
        reading = self._reading(item, let_in, conventions) if len(let_in) > 1 else "each"
        if reading == "each":
            for entry, answer in zip(group, answers, strict=True):
                counter.count(answer, entry.doubt)
        elif reading == "report":
            counter.count_one_of(let_in, frozenset(("conventions.same_occurrence",)))
        else:
            counter.count(True if True in let_in else let_in[0])

    def _reading(self, item: Item, asked: Sequence[bool | Unknown], conventions: Mapping[str, str]) -> str:
        """How several rows of one occurrence are read. Raises ConventionError where it matters and the book does not say."""
        stated = conventions.get("same_occurrence")
        if stated is None and self.behind is None and asked.count(True) > 1:
            raise ConventionError.unstated("same_occurrence", f"{self.scheme.id}.{item.id}")
        return stated or "report"

    def _numbered(
        self, part: str | None, item: Item, groups: list[list[Entry]], counter: Counter, conventions: Mapping[str, str]
    ) -> Iterator[Priced]:
        """Each with its ordinal: by day; of one day, in an order only where the book states one or where it decides nothing."""
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
            yield from self._one_occurrence(part, item, group, counter.at(0, counter.last - 1, counter.needs), conventions)

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
            own = counter.at(before.first, before.last + rows - len(group), before.needs | {"conventions.same_day_order"})
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
            name
            for own in (item.when, item.points)
            if own is not None
            for name in walk(own)
            if isinstance(name, Name) and name.id not in item.ordinals
        ]
        seen: list[object] = []
        for group in groups:
            entry = group[0]
            if item.marked and absent(entry.row.facts.get("assessed")):
                return False  # marks still to come may differ
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
            reading = self._reading(item, asked, conventions)
            self.score.note(note_on_occurrence(self.scope.contents, let_in, reading))
        if reading == "each":
            for entry in group:
                yield from self._priced(part, item, entry, counter)
            return
        if reading == "report":
            needs = frozenset(("conventions.same_occurrence",))
            own = counter.at(counter.first, counter.last + len(let_in) - 1, counter.needs | needs)
            priced = [line for entry in group for line in self._priced(part, item, entry, own.peek())]
            counter.count_one_of(asked, needs)
            for line, worth in zip(priced, one_of([line.worth for line in priced], needs), strict=True):
                more = worth.needs if isinstance(worth, Unknown) else needs_of(worth)
                yield line._replace(worth=worth, needs=tuple(sorted({*line.needs, *more})))
            return
        priced = [line for entry in group for line in self._priced(part, item, entry, counter.peek())]
        counter.count(True if True in asked else asked[0])
        chosen = harshest(priced, mildest=reading == "mildest", sure=all(answer is True for answer in asked))
        yield chosen._replace(passed=tuple(line.row for line in priced if line.row is not None and line.row is not chosen.row))

    def _in_doubt(self, asked: bool | Unknown | None) -> Unknown | None:
        """What would say whether an item applies at all: to a row, where that is asked."""
        if not isinstance(asked, Unknown):
            return self.behind
        return asked if self.behind is None else self.behind | asked

    def _asked(self, item: Item, entry: Entry, counter: Counter) -> bool | Unknown:
        """Whether an item is for a row: its condition, and whether the row counts in the period."""
        if entry.joined:  # of each of them it was asked before
            return True if entry.doubt is None else entry.doubt
        if item.numbers_all:
            counter.number(entry.scope, counter.first + 1, counter.last + 1)
        asked = True if item.when is None else holds(in_doubt(item.when, entry.scope, self._in_doubt(entry.doubt)))
        if entry.doubt is not None and asked is not False:
            return entry.doubt if asked is True else entry.doubt | asked
        return asked

    def _priced(self, part: str | None, item: Item, entry: Entry, counter: Counter) -> Iterator[Priced]:
        asked = self._asked(item, entry, counter)
        first = counter.first + 1  # itself, after those that are sure to stand before it
        counter.count(asked, entry.doubt)
        self._consider(entry, let_in=asked is not False)
        if asked is False:
            return
        if item.numbers:
            counter.number(entry.scope, first, max(counter.last, first))
        worth, needs = worth_of(in_doubt(item.points, entry.scope, self._in_doubt(asked)), asked)
        joined = entry.joined if len(entry.joined) > 1 else ()
        yield Priced(part, item, worth, read_by(item, entry.scope), entry.row, entry.on, needs, asked is True, joined)

    def _entries(self, item: Item, period: Period) -> list[Entry] | Unknown:
        """The rows an item is for: the subject's, in the period, in force, verified where that is asked; or that may be.

        Unknown where it is not known to whom the subject belongs whose rows they are.
        """
        entries: list[Entry] = []
        sources, schemes = self.sources, self.scope.contents.schemes
        for source in item.for_:
            if source in schemes:
                scores = sources.scores_of(source, self.scope, period, item.of)
                if isinstance(scores, Unknown):
                    return scores
                for number, given in enumerate(scores, 1):
                    scope, doubt = (given.scope, given.doubt) if isinstance(given, Doubtful) else (given, None)
                    scope = cast("SubjectScope", scope)
                    facts = {scope.scored: scope.id, "period": str(scope.period), "total": reported(scope.around["total"])}
                    scope.put({"kind": source})
                    row = LedgerRow(source, number, facts, scope.period.last, {scope.scored: scope.id})
                    entries.append(Entry(row, scope.period.last, scope, doubt))
                continue
            rows = sources.records_of(source, self.scope, period, item.of, by=item.by, lasts=item.lasts)
            if isinstance(rows, Unknown):
                return rows
            for row, on in rows:
                entry = self._entry(item, row, on, period)
                if in_force(item.from_, item.until, entry.on or sources.held_on(self.period), item.id):
                    entries.append(entry)
        return entries

    def _entry(self, item: Item, row: LedgerRow, on: On, period: Period) -> Entry:
        """A row that an item is for, with its days in the period where it lasts or is asked for them."""
        days, doubt = self.sources.days_in(row, on, period, self.score.notes, asked=item.reads_days, by=item.by)
        on_day = on.on if isinstance(on, Inside) else on if isinstance(on, date) else row.on if item.by is None else None
        return Entry(row, on_day, self.sources.scope(row, self.period, self.scheme.id, self.scope, days), doubt)


def _needs_of_answer(answer: bool | Unknown) -> frozenset[str]:
    return answer.needs if isinstance(answer, Unknown) else frozenset()


def _either(counted: list[Ordinals]) -> Ordinals:
    first, last = min(one.first for one in counted), max(one.last for one in counted)
    return Ordinals(first, last, frozenset().union(*(one.needs for one in counted)))
