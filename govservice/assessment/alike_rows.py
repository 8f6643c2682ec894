"""What rows that say the same come to under an item or in a count: each kind of row is read once, on one of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, cast

from govservice.assessment.alike import AlikeRecords, Reads
from govservice.assessment.columns import NO_KIND, RowColumns
from govservice.assessment.worths import read_by, worth_of
from govservice.case_facts import SPELT
from govservice.frozen import Frozen, frozen
from govservice.rules.language.intervals import is_number
from govservice.rules.language.shapes import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Call,
    Compare,
    Constant,
    Discretion,
    Expression,
    IfElse,
    IsNone,
    Known,
    ListOf,
    Match,
    Membership,
    Name,
    Negate,
    Not,
    children,
    walk,
)
from govservice.rules.language.values import Interval, Unknown, Value
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.kinds import told_apart

if TYPE_CHECKING:
    from govservice.assessment.days_inside import Inside, Lasts
    from govservice.assessment.periods import Period
    from govservice.assessment.register import DatedRows, LedgerRow, PlacedRows, Register
    from govservice.assessment.scopes import RecordScope
    from govservice.rules.book.entries import Item, Scheme

__all__ = ["AlikeRows", "KindAnswer", "OfKinds"]

_MOST: Final = 65_536  # kinds that are remembered of one thing
_TRIED: Final = 500  # rows before it is seen whether remembering is worth it
_SELDOM: Final = 10  # one in so many must have been of a kind seen before
NO_ERA: Final = -1  # of a row without a day: that of the period
_TELLING: Final = ("occurrence", "assessor")
_STRICT: Final = (Arithmetic, Call, Compare, Discretion, IsNone, Known, ListOf, Negate, Not)  # read all that they are made of


class KindAnswer(NamedTuple):
    """What a kind of row comes to: whether it counts, or may (`sure`), what it is worth then, and the facts that were read for it.

    `needs` are facts of the row itself that would settle it, without the name of the row; those of the worth are among them.
    """

    counts: bool
    worth: Any = 0
    facts: Mapping[str, object] = Frozen()
    needs: tuple[str, ...] = ()
    sure: bool = True

    def named(self, row: str) -> tuple[Any, tuple[str, ...]]:
        """The worth and what is needed, of the row of this name."""
        return _renamed(self.worth, lambda need: row + need), tuple(row + need for need in self.needs)


_OUT: Final = KindAnswer(counts=False)


class Work(Protocol):
    """What is made of a row, with its days in the period where it lasts or is asked for them."""

    def __call__(self, record: RecordScope, *, days: Inside | None) -> KindAnswer | None: ...


class RowsGiven(Protocol):
    """What is asked of the records that were given."""

    @property
    def register(self) -> Register: ...
    def today(self, period: Period) -> date: ...
    def held_on(self, period: Period) -> date: ...
    def facts_of(self, row: LedgerRow, period: Period) -> Mapping[str, Any]: ...
    def facts_above(self, row: LedgerRow, period: Period) -> Mapping[str, Any]: ...
    def raises(self, source: str) -> bool: ...
    def scope_once(self, row: LedgerRow, period: Period) -> RecordScope: ...


class OfKinds:
    """Something that is asked of rows, by what it is worked out from, with the answers known; `bare` where nothing above a row is read.

    A kind of rows goes by a number: its own among the rows of its source, and above that `wider`, what else is alike of them.
    """

    __slots__ = ("above", "asked", "bare", "known", "made", "marked", "names", "numbers", "of", "reads", "said", "size", "wider", "work")

    def __init__(self, of: object, reads: Reads, work: Work, *, marked: bool = False, bare: bool = False) -> None:
        self.of = of  # kept, so that no other takes its identity
        self.reads: Reads | None = reads
        self.work = work
        self.marked = marked
        self.bare = bare
        self.names = reads.names if bare or set(reads.names).isdisjoint(SPELT) else tuple(dict.fromkeys((*reads.names, *SPELT)))
        self.said: dict[Hashable, int] = {}  # above rows
        self.above: dict[Hashable, int] = {}  # by whom rows belong to, the number of what is said there
        self.wider: dict[tuple[str, int, int], int] = {}
        self.numbers: dict[int, tuple[DatedRows, list[int]]] = {}  # of the rows of a subject, by identity
        self.known: dict[Hashable, dict[Hashable, KindAnswer | None]] = {}  # by the day that counts as today, and the last era
        self.asked = self.made = self.size = 0

    def wider_kind(self, source: str, above: int, era: int) -> int:
        """What is added to the kind of a row of a source under what is said above it, in an era."""
        return self.wider.setdefault((source, above, era), len(self.wider)) << 32

    def knowing(self, seen: Hashable) -> dict[Hashable, KindAnswer | None]:
        """The answers by kind of one day; where there are too many all go, and are worked out again."""
        if self.size >= _MOST:
            self.known.clear()
            self.size = 0
        return self.known.setdefault(seen, {NO_KIND: None})


class AlikeRows:
    """For one call. Where a kind of row leaves open more than its own facts, finds something at fault, or has something to say, each of its
    rows is read: of such a kind that alone is known.
    """

    def __init__(self, records: AlikeRecords, rows: RowsGiven) -> None:
        self._records = records
        self._rows = rows
        self._asked: dict[Hashable, OfKinds | None] = {}
        self._eras: dict[str, int | None] = {}
        self._standing: dict[str, bool] = {}  # by source, whether its rows stand each for itself

    # -- what is asked

    def of_item(self, item: Item, scheme: Scheme) -> OfKinds | None:
        """The condition and the points of an item; None where they ask for more than what its rows say, or the rows for each other."""
        key = id(item), scheme.id
        if key not in self._asked:
            self._asked[key] = self._item(item, scheme) if all(map(self._alone, item.for_)) else None
        return self._asked[key]

    def of_count(self, of: Aggregate) -> OfKinds | None:
        """The condition and the value of an aggregate, likewise."""
        key = id(of.when), id(of.value), of.sources
        if of.each is not None or of.lasts is not None or of.reads_days or not all(map(self._alone, of.sources)):
            return None
        if key not in self._asked:
            self._asked[key] = self._count(of)
        return self._asked[key]

    def _item(self, item: Item, scheme: Scheme) -> OfKinds | None:
        if item.each is not None or item.numbers or _leaks(item, scheme):
            return None
        own = [expression for expression in (item.when, item.points) if expression is not None]
        reads = self._reads(own, marked=item.marked, beside=frozenset(name for name in item.reads if name.startswith("in_period.")))

        def work(record: RecordScope, *, days: Inside | None) -> KindAnswer | None:
            own = record.marked_for(scheme.id, None, days)
            counts = True if item.when is None else holds(evaluate(item.when, own))
            if counts is False:
                return _OUT
            worth, needs = worth_of(evaluate(item.points, own), counts)
            facts = frozen(read_by(item, own))
            if not needs:
                return None if isinstance(worth, (Unknown, Interval)) else KindAnswer(True, worth, facts)
            row = f"{record.row.source}:{record.row.number}."
            if not all(need.startswith(row) for need in needs):
                return None
            of_the_row = tuple(need.removeprefix(row) for need in needs)
            return KindAnswer(True, _renamed(worth, lambda need: need.removeprefix(row)), facts, of_the_row, counts is True)

        return None if reads is None else OfKinds(item, reads, work, marked=item.marked)

    def _count(self, of: Aggregate) -> OfKinds | None:
        when, value = of.when, of.value
        reads = self._reads([expression for expression in (when, value) if expression is not None])

        def work(record: RecordScope, *, days: Inside | None) -> KindAnswer | None:  # noqa: ARG001
            counts = True if when is None else holds(evaluate(when, record))
            if counts is not True:
                return _OUT if counts is False else None
            worth: Value = 1 if value is None else evaluate(value, record)
            return KindAnswer(True, worth) if (is_number(worth) and not isinstance(worth, Interval)) or isinstance(worth, bool) else None

        return None if reads is None else OfKinds(of, reads, work)

    def _reads(self, own: Sequence[Expression], *, marked: bool = False, beside: frozenset[str] = frozenset()) -> Reads | None:
        if any(isinstance(part, Aggregate) for of in own for part in walk(of)):
            return None
        reads = self._records.reads_of(own, marked=marked, beside=beside)
        return None if reads is None else reads._replace(today=reads.today or reads.clocks)

    def _alone(self, source: str) -> bool:
        """Whether the rows of a source stand each for itself."""
        alone = self._standing.get(source)
        if alone is None:
            register = self._rows.register
            columns = register.columns(source)
            elsewhere = source in register.contents.schemes or any(held == source for _, held in register.listed)
            alone = self._standing[source] = not elsewhere and not self._rows.raises(source) and not any(map(columns.says, _TELLING))
        return alone

    def tell_of_one(self, sources: Collection[str]) -> bool:
        """Whether rows of these sources may tell of one occurrence."""
        return not all(map(self._alone, sources))

    def of_days(self, lasts: Lasts, work: Work) -> OfKinds | None:
        """The first and the last day of rows that say these themselves."""
        key = id(lasts)
        if key not in self._asked:
            reads = self._reads(lasts)
            self._asked[key] = None if reads is None else OfKinds(lasts, reads, work, bare=True)
        return self._asked[key]

    # -- what rows come to

    def answers(
        self,
        asked: OfKinds,
        rows: Sequence[LedgerRow],
        period: Period,
        scope: Callable[[LedgerRow], RecordScope] | None = None,
        days: Sequence[Inside | None] | None = None,
    ) -> list[KindAnswer | None]:
        """What each of some rows comes to in a period; None where it is to be read by itself.

        `scope` is how one is read, else as any; `days` are those of each in the period, where they last or are asked for them.
        """
        if asked.reads is None or not rows:
            return [None] * len(rows)
        numbers = self._numbers(asked, rows, period)
        kinds = numbers if days is None else [_on_days(kind, inside) for kind, inside in zip(numbers, days, strict=True)]
        return self._answers(asked, kinds, rows, period, scope, days)

    def answers_placed(self, asked: OfKinds, placed: PlacedRows, period: Period) -> list[KindAnswer | None]:
        """The same of rows that are placed by their days; which kind each is, is told once for all periods."""
        first, last = placed.first, placed.last
        if asked.reads is None or first == last:
            return [None] * (last - first)
        dated = placed.dated
        _, numbers = asked.numbers.get(id(dated)) or (dated, None)
        if numbers is None:
            numbers = self._of_source(asked, dated.rows[0].source, dated.rows, period, dated.places)
            if not asked.names or all(row.on is not None for row in dated.rows):  # else what they belong to may change with the period
                asked.numbers[id(dated)] = dated, numbers
        return self._answers(asked, numbers[first:last], placed.rows, period)

    def _answers(
        self,
        asked: OfKinds,
        kinds: Sequence[Hashable],
        rows: Sequence[LedgerRow],
        period: Period,
        scope: Callable[[LedgerRow], RecordScope] | None = None,
        days: Sequence[Inside | None] | None = None,
    ) -> list[KindAnswer | None]:
        reads, records = cast("Reads", asked.reads), self._records
        last = records.era(self._rows.held_on(period)) if records.turns else 0
        known = asked.knowing((self._rows.today(period) if reads.today else None, last))
        for kind in [kind for kind in dict.fromkeys(kinds) if kind not in known]:
            place = kinds.index(kind)
            record = self._rows.scope_once(rows[place], period) if scope is None else scope(rows[place])
            known[kind] = records.alone(record, partial(asked.work, days=None if days is None else days[place]))
            asked.made += 1
            asked.size += 1
        before = asked.asked
        asked.asked += len(kinds)
        if before < _TRIED <= asked.asked and (asked.asked - asked.made) * _SELDOM < asked.asked:
            asked.reads = None
        return list(map(known.__getitem__, kinds))

    # -- kinds

    def _numbers(self, asked: OfKinds, rows: Sequence[LedgerRow], period: Period) -> list[int]:
        """The kind of each of some rows; `NO_KIND` where it is to be read by itself."""
        sources = {row.source for row in rows}
        if len(sources) == 1:
            return self._of_source(asked, sources.pop(), rows, period)
        numbers = [NO_KIND] * len(rows)
        for source in sources:
            places = [place for place, row in enumerate(rows) if row.source == source]
            for place, number in zip(places, self._of_source(asked, source, [rows[place] for place in places], period), strict=True):
                numbers[place] = number
        return numbers

    def _of_source(
        self, asked: OfKinds, source: str, rows: Sequence[LedgerRow], period: Period, places: list[int] | None = None
    ) -> list[int]:
        reads, records = cast("Reads", asked.reads), self._records
        columns = self._rows.register.columns(source)
        own = [0] * len(rows)
        above: list[int] | int = 0
        if asked.names or asked.marked:
            places = columns.places(rows) if places is None else places
            own = list(map(columns.kinds(asked.names, marked=asked.marked).__getitem__, places))
            above = self._above(asked, columns, places, rows, period) if asked.names and not asked.bare else 0
        if reads.clocks and not records.nothing_happened_to(source):
            own = [kind if records.nothing_happened(row) else NO_KIND for kind, row in zip(own, rows, strict=True)]
        era = self._only_era(source)
        if isinstance(above, int) and era is not None:
            wider = asked.wider_kind(source, above, era)
            if above == NO_KIND:
                return [NO_KIND] * len(rows)
            return [NO_KIND if kind == NO_KIND else kind | wider for kind in own] if wider else own
        alike = zip([above] * len(rows) if isinstance(above, int) else above, map(self._era, rows), strict=True)
        return [
            NO_KIND if NO_KIND in (kind, said) else kind | asked.wider_kind(source, said, era)
            for kind, (said, era) in zip(own, alike, strict=True)
        ]

    def _era(self, row: LedgerRow) -> int:
        return NO_ERA if row.on is None else cast("int", self._records.era(row.on))

    def _only_era(self, source: str) -> int | None:
        """The era of all rows of a source; None where they are of several."""
        if not self._records.turns:
            return 0
        if source not in self._eras:
            eras = {self._era(row) for row in self._rows.register.rows.get(source, ())}
            self._eras[source] = eras.pop() if len(eras) == 1 else None
        return self._eras[source]

    def _above(self, asked: OfKinds, columns: RowColumns, places: list[int], rows: Sequence[LedgerRow], period: Period) -> list[int] | int:
        """What is said above each row under the names that are asked for, numbered, or above all; `NO_KIND` where that cannot be told."""
        steady = self._rows.register.steady
        whose = [id(row.owners) for row in rows] if NO_KIND in places else list(map(columns.whose.__getitem__, places))
        alike = dict(zip(whose, rows, strict=True))
        if not all(steady.issuperset(row.owners) for row in alike.values()):  # what is said there changes with the day
            days = [(own, row.on, period if row.on is None else None) for own, row in zip(whose, rows, strict=True)]
            return [self._said_above(asked, own, row, period) for own, row in zip(days, rows, strict=True)]
        numbers = {own: self._said_above(asked, own, row, period) for own, row in alike.items()}
        return next(iter(numbers.values())) if len(set(numbers.values())) == 1 else list(map(numbers.__getitem__, whose))

    def _said_above(self, asked: OfKinds, whose: Hashable, row: LedgerRow, period: Period) -> int:
        number = asked.above.get(whose)
        if number is None:
            facts = self._rows.facts_above(row, period)
            names = tuple(name for name in asked.names if name in facts)
            told = told_apart(tuple(map(facts.get, names)))
            number = asked.above[whose] = NO_KIND if told is None else asked.said.setdefault((names, told), len(asked.said))
        return number


def _on_days(kind: int, inside: Inside | None) -> Hashable:
    """The kind of a row on its days in a period."""
    if inside is None or kind == NO_KIND:
        return kind
    return NO_KIND if inside.needs else (kind, inside.sure, inside.most, inside.at_most)


def _renamed(worth: Any, name: Callable[[str], str]) -> Any:
    """A worth that waits for facts, under other names."""
    if isinstance(worth, (Unknown, Interval)):
        return replace(worth, needs=frozenset(map(name, worth.needs)))
    return worth


# -- what stays with a row


def _leaks(item: Item, scheme: Scheme) -> bool:
    """Whether an item may show a fact of a row that it did not read, for another item of the scheme read it of the same row before."""
    perhaps, read, rows = _perhaps_read(item), set(item.reads), set(item.for_)
    others = (other for other in scheme.items if other is not item and not rows.isdisjoint(other.for_))
    return any(not perhaps.isdisjoint(other.reads) or not read.isdisjoint(_perhaps_read(other)) for other in others)


def _perhaps_read(item: Item) -> set[str]:
    """The names of an item that it need not have read where it lets a row in."""
    surely = _surely(item.points) | (set() if item.when is None else _surely(item.when, holding=True))
    return set(item.reads) - surely


def _surely(of: Expression, *, holding: bool = False) -> set[str]:
    """The names that are surely read for an expression; of a condition, where it is `holding`."""
    match of:
        case Name():
            return {of.id}
        case Constant():
            return set()
        case AllOf(parts):
            return set().union(*(_surely(part, holding=True) for part in parts)) if holding else _surely(parts[0])
        case AnyOf(parts):
            return _surely(parts[0])
        case IfElse(condition, _, _):
            return _surely(condition)
        case Match():
            return _surely(of.of)
        case Membership(inner, _):
            return _surely(inner)
        case _ if isinstance(of, _STRICT):
            return set().union(*(_surely(part) for part in children(of)))
        case _:
            return set()
