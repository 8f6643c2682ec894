"""What rows that say the same come to under an item or in a count: each kind of row is read once, on one of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from govservice.assessment.alike import AlikeRecords, Reads
from govservice.assessment.worths import read_by, worth_of
from govservice.case_facts import DAYS_AND_LIMITS, SPELT
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
    from govservice.assessment.register import LedgerRow, Register
    from govservice.assessment.scopes import RecordScope
    from govservice.rules.book.entries import Item, Scheme

__all__ = ["AlikeRows", "KindAnswer", "OfKinds"]

_MOST: Final = 65_536  # kinds that are remembered of one thing
_TRIED: Final = 500  # rows before it is seen whether remembering is worth it
_SELDOM: Final = 10  # one in so many must have been of a kind seen before
_SPELT: Final = frozenset(SPELT)
_TELLING: Final = ("occurrence", "assessor")
_UNMET: Final = object()
_NOTHING: Final[Mapping[Any, Any]] = {}
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
    """Something that is asked of rows, by what it is worked out from, with the answers known; `bare` where nothing above a row is read."""

    __slots__ = ("asked", "bare", "constant", "known", "marked", "met", "names", "of", "reads", "rows", "size", "spelt", "work")

    def __init__(self, of: object, reads: Reads, work: Work, *, marked: bool = False, bare: bool = False) -> None:
        self.of = of  # kept, so that no other takes its identity
        self.reads: Reads | None = reads
        self.work = work
        self.marked = marked
        self.bare = bare
        self.constant = not reads.names and not marked and not reads.clocks  # for all rows of a source, in one era
        self.spelt = not bare and not _SPELT.isdisjoint(reads.names)
        self.names: dict[str, tuple[list[str], list[str]]] = {}
        self.known: dict[Hashable, dict[Hashable, KindAnswer | None]] = {}  # by what is alike for many rows, then by what a row says
        self.rows: dict[tuple[date | None, date], dict[int, tuple[LedgerRow, KindAnswer | None]]] = {}  # asked for each subject
        self.asked = self.met = self.size = 0

    def keep(self, shared: Hashable, said: Hashable, answer: KindAnswer | None) -> None:
        """Keep an answer; where there are too many all go, and are worked out again."""
        if self.size >= _MOST:
            self.known.clear()
            self.size = 0
        self.known.setdefault(shared, {})[said] = answer
        self.size += 1


class _Belonging(NamedTuple):
    """What rows of one source that belong alike have in common: what is said above them under names that no row of the source uses (None
    where that cannot be told apart); the names to look for in a row; what is said above under these; whether limits are spelt there.
    """

    beyond: Hashable | None
    own: list[str]
    above: Mapping[str, Any] | None
    spelt: bool


class _Source(NamedTuple):
    """The names under which some row of a source says something; whether its rows stand each for itself."""

    names: Collection[str]
    alone: bool


class AlikeRows:
    """For one call. Where a kind of row leaves open more than its own facts, finds something at fault, or has something to say, each of its
    rows is read: of such a kind that alone is known.
    """

    def __init__(self, records: AlikeRecords, rows: RowsGiven) -> None:
        self._records = records
        self._rows = rows
        self._asked: dict[Hashable, OfKinds | None] = {}
        self._sources: dict[str, _Source] = {}

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
        return self._source(source).alone

    def tell_of_one(self, sources: Collection[str]) -> bool:
        """Whether rows of these sources may tell of one occurrence."""
        return not all(map(self._alone, sources))

    def _source(self, source: str) -> _Source:
        known = self._sources.get(source)
        if known is None:
            register = self._rows.register
            said: set[str] = set()
            telling = False
            for row in register.rows.get(source, ()):
                said |= row.facts.keys()
            for name in said.intersection(_TELLING):
                telling = telling or any(row.facts.get(name) is not None for row in register.rows[source])
            elsewhere = source in register.contents.schemes or any(held == source for _, held in register.listed)
            known = self._sources[source] = _Source(said, not telling and not elsewhere and not self._rows.raises(source))
        return known

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
        reads, records = asked.reads, self._records
        if reads is None or not rows:
            return [None] * len(rows)
        if asked.constant and days is None and len(rows) > 1 and not records.turns and all(row.source == rows[0].source for row in rows):
            return self.answers(asked, rows[:1], period, scope) * len(rows)
        steady, dated = self._rows.register.steady, bool(records.turns)
        seen = self._rows.today(period) if reads.today else None
        last = self._rows.held_on(period)
        belonging: dict[Hashable, _Belonging] = {}
        answers: list[KindAnswer | None] = []
        of_all_time = period.kind == "ever" and days is None and scope is None
        ever = asked.rows.setdefault((seen, period.last), {}) if of_all_time else None
        for row, inside in zip(rows, repeat(None) if days is None else days, strict=False):
            if ever is not None and id(row) in ever:
                answers.append(ever[id(row)][1])
                continue
            owners = row.owners
            whose = row.source, id(owners), None if asked.bare or steady.issuperset(owners) else row.on
            own = belonging.get(whose)
            if own is None:
                own = belonging[whose] = self._belonging(asked, row, period)
            said = None if reads.clocks and not records.nothing_happened(row) else self._said(asked, row, own, period)
            if said is None or (inside is not None and inside.needs):
                answers.append(None)
                continue
            shared = row.source, records.era(row.on or last) if dated else 0, seen, own.beyond
            if inside is not None:
                said = said, inside.sure, inside.most, inside.at_most
            known = asked.known.get(shared, _NOTHING)
            answer = known.get(said, _UNMET)
            if answer is _UNMET:
                record = self._rows.scope_once(row, period) if scope is None else scope(row)
                answer = records.alone(record, partial(asked.work, days=inside))
                asked.keep(shared, said, answer)
            else:
                asked.met += 1
            answers.append(answer)  # type: ignore[arg-type]
            if ever is not None:
                ever[id(row)] = row, answer  # type: ignore[assignment]
            asked.asked += 1
            if asked.asked == _TRIED and asked.met * _SELDOM < _TRIED:
                asked.reads = None
        return answers

    def _belonging(self, asked: OfKinds, row: LedgerRow, period: Period) -> _Belonging:
        facts = _NOTHING if asked.bare else self._rows.facts_above(row, period)
        own, others = self._names(asked, row.source)
        beyond = [name for name in others if name in facts]
        told = told_apart(tuple(map(facts.get, beyond)))
        above = facts if any(name in facts for name in own) else None
        return _Belonging(None if told is None else (tuple(beyond), told), own, above, not _SPELT.isdisjoint(facts))

    def _names(self, asked: OfKinds, source: str) -> tuple[list[str], list[str]]:
        """The names that are asked for: those under which rows of a source say something, and the others."""
        names = asked.names.get(source)
        if names is None:
            said = self._source(source).names
            read = asked.reads.names if asked.reads is not None else ()
            names = asked.names[source] = [name for name in read if name in said], [name for name in read if name not in said]
        return names

    def _said(self, asked: OfKinds, row: LedgerRow, own: _Belonging, period: Period) -> Hashable | None:
        """What a row says, itself and above it, of all that is asked for; None where that cannot be told apart."""
        facts = row.facts
        if asked.spelt and (own.spelt or any(facts.get(days) is not None for days in DAYS_AND_LIMITS)):
            above, names = self._rows.facts_above(row, period), (*(asked.reads.names if asked.reads is not None else ()), *_SPELT)
            told = told_apart((*map(facts.get, names), *map(above.get, names)))  # what the two come to together hangs on these
        elif own.beyond is None:
            return None
        elif own.above is not None:
            told = told_apart(tuple(facts[name] if name in facts else own.above.get(name) for name in own.own))
        else:
            told = told_apart(tuple(map(facts.get, own.own))) if own.own else ()
        if not asked.marked or told is None:
            return told
        marks = _marks(facts.get("assessed"))
        return None if marks is None else (marks, told)


def _marks(raw: object) -> Hashable | None:
    """The marks of a row, for one scheme or for several; None where they cannot be told apart."""
    if isinstance(raw, Mapping):
        told = told_apart((*raw, *raw.values()))
        return None if told is None else (len(raw), told)
    return told_apart((raw,))


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
