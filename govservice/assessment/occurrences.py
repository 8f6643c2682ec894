"""The rows that an item prices: in order, with their ordinals, several of one occurrence as one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from govservice.assessment.days_inside import Inside
from govservice.assessment.register import LedgerRow, PlacedRows
from govservice.assessment.scopes import RecordScope, SubjectScope
from govservice.errors import Words
from govservice.rules.book.contents import Contents
from govservice.rules.book.entries import Item
from govservice.rules.language.facts import written
from govservice.rules.language.intervals import Bounded, ends, hull, narrowed, needs_of
from govservice.rules.language.values import Interval, Number, Unknown, Value

if TYPE_CHECKING:
    from govservice.assessment.alike_rows import KindAnswer

__all__ = [
    "Counter",
    "Entry",
    "Lines",
    "Ordinals",
    "Priced",
    "PricedRows",
    "by_day",
    "counted_again",
    "grouped",
    "harshest",
    "note_on_occurrence",
    "note_on_rows",
    "occurrences",
    "one_of",
    "worths_of",
]


class Priced(NamedTuple):
    """One item on one row, or on the subject: its worth, what it read, and what is still wanted to settle it."""

    part: str | None
    item: Item
    worth: Bounded | Unknown
    facts: Mapping[str, object]
    row: LedgerRow | None = None
    on: date | None = None
    needs: tuple[str, ...] = ()
    sure: bool = True  # that the item is for the row
    joined: tuple[LedgerRow, ...] = ()  # the rows that are priced as one
    told: str = ""  # what is shown instead of the item's arithmetic
    passed: tuple[LedgerRow, ...] = ()  # other rows of its occurrence, for which it stands

    @property
    def tells_of(self) -> tuple[LedgerRow, ...]:
        """Every row that it prices, or stands for: which of them it names may hang on what is still open."""
        return (*self.rows, *self.passed)

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        """Every row that it prices."""
        return self.joined or (() if self.row is None else (self.row,))


class PricedRows(NamedTuple):
    """An item on rows of a subject that stand each for itself, in order, with what each comes to, or all alike; the lines are made when
    they are looked at.
    """

    part: str | None
    item: Item
    placed: PlacedRows
    answers: Sequence[KindAnswer]

    def _each(self) -> Iterator[tuple[LedgerRow, date, KindAnswer]]:
        """The rows that are let in, with their days."""
        answers = self.answers if len(self.answers) > 1 else repeat(self.answers[0])
        return (each for each in zip(self.placed.rows, self.placed.days, answers, strict=False) if each[2].counts)

    @property
    def lines(self) -> Iterator[Priced]:
        """A line for each row that is let in."""
        return (self._line(*each) for each in self._each())

    @property
    def open(self) -> Iterator[Priced]:
        """The lines that are not settled."""
        return (self._line(*each) for each in self._each() if each[2].needs)

    def _line(self, row: LedgerRow, on: date, answer: KindAnswer) -> Priced:
        worth, needs = answer.named(f"{row.source}:{row.number}.") if answer.needs else (answer.worth, ())
        return Priced(self.part, self.item, worth, answer.facts, row, on, needs, answer.sure)

    @property
    def worths(self) -> list[Bounded | Unknown]:
        """What each row that is let in comes to."""
        if any(answer.needs for answer in self.answers):
            return [line.worth for line in self.lines]
        if len(self.answers) == 1:
            return [self.answers[0].worth] * self.placed.number if self.answers[0].counts else []
        return [answer.worth for answer in self.answers if answer.counts]


class Lines:
    """Everything that was priced, in order: line by line, or rows that were priced together."""

    __slots__ = ("parts",)

    def __init__(self) -> None:
        self.parts: list[Priced | PricedRows] = []

    def __iter__(self) -> Iterator[Priced]:
        for part in self.parts:
            if isinstance(part, PricedRows):
                yield from part.lines
            else:
                yield part

    def sources(self) -> set[str]:
        """The sources of all rows that were priced, or that a line stands for."""
        single = {row.source for part in self.parts if isinstance(part, Priced) for row in part.tells_of}
        return single | {source for part in self.parts if isinstance(part, PricedRows) for source in part.item.for_}

    def perhaps_open(self) -> Iterator[Priced]:
        """The lines that may not be settled."""
        for part in self.parts:
            if isinstance(part, PricedRows):
                yield from part.open
            else:
                yield part


def worths_of(priced: Iterable[Priced | PricedRows]) -> list[Bounded | Unknown]:
    """What each line comes to."""
    worths: list[Bounded | Unknown] = []
    for part in priced:
        if isinstance(part, PricedRows):
            worths += part.worths
        else:
            worths.append(part.worth)
    return worths


class Entry(NamedTuple):
    """A row that an item may price, as an expression sees it; `on` is its day, `doubt` what would say whether it counts at all."""

    row: LedgerRow
    on: date | None
    scope: RecordScope | SubjectScope
    doubt: Unknown | None = None
    joined: tuple[LedgerRow, ...] = ()  # the rows that it stands for, where `each:` joins them: its condition was asked of each


class Ordinals(NamedTuple):
    """How many rows stand before those of the period, in a longer one: between two while some are open."""

    first: int = 0
    last: int = 0
    needs: frozenset[str] = frozenset()


NONE_BEFORE: Final = Ordinals()
NOTHING_BEFORE: Final[Mapping[str, Ordinals]] = {}


class Counter:
    """The ordinals of the rows that an item is for: between two while earlier rows are open, and it is known what they wait for.

    Where the condition itself asks for `nth`, every row is counted, let in or not. `before` is what stands before the period, by the
    name of the ordinal over a longer one.
    """

    def __init__(self, item: Item, before: Mapping[str, Ordinals] = NOTHING_BEFORE) -> None:
        self.item, self.before = item, before
        self.first = self.last = 0
        self.needs: frozenset[str] = frozenset()

    def at(self, first: int, last: int, needs: frozenset[str]) -> Counter:
        """A counter of its own that goes on from there."""
        counter = Counter(self.item, self.before)
        counter.first, counter.last, counter.needs = first, last, needs
        return counter

    def peek(self) -> Counter:
        """A counter of its own that goes on from here."""
        return self.at(self.first, self.last, self.needs)

    def count(self, asked: bool | Unknown, doubt: Unknown | None = None) -> None:
        """Count a row, by what became of its condition, and whether there is doubt of it at all."""
        counts: bool | Unknown = asked
        if self.item.numbers_all:
            counts = True if doubt is None else doubt
        self.last += counts is not False
        self.first += counts is True
        if isinstance(counts, Unknown):
            self.needs |= counts.needs

    def count_one_of(self, answers: Sequence[bool | Unknown], needs: frozenset[str]) -> None:
        """Count rows of which it is open whether they are one or several, by what became of the condition of each."""
        self.first += True in answers
        self.last += len(answers)
        self.needs |= needs.union(*(answer.needs for answer in answers if isinstance(answer, Unknown)))

    def number(self, scope: RecordScope | SubjectScope, first: int, last: int, needs: frozenset[str] = frozenset()) -> None:
        """Set the ordinal of a row. What was worked out with another is forgotten."""
        around: dict[str, Value] = {}
        for name in self.item.ordinals:
            before = self.before.get(name, NONE_BEFORE)
            around[name] = narrowed(before.first + first, before.last + last, self.needs | needs | before.needs)
            scope.memo.pop(name, None)
        scope.put(around)


def by_day(entry: Entry) -> tuple[date, str, int]:
    """By day, then as the rows were given."""
    return entry.on or date.min, entry.row.source, entry.row.number


def occurrence_of(row: LedgerRow, scored: str) -> Hashable | None:
    """What a row tells of, where others may tell of it too: an `occurrence`, or what several assessors saw of one kind, subject and day."""
    if row.facts.get("occurrence") is not None:
        return ("occurrence", written(row.facts["occurrence"]))
    if row.facts.get("assessor") is not None:
        return ("seen", row.source, row.owners.get("staff") or row.owners.get(scored), row.on)
    return None


def occurrences(rows: Iterable[LedgerRow], scored: str) -> dict[int, Hashable]:
    """Of several rows of one occurrence, which it is, by the identity of the row: those that share an `occurrence`, whatever their kind;
    of one kind, subject and day, those of different assessors.
    """
    groups: dict[Hashable, dict[int, LedgerRow]] = {}
    for row in rows:
        key = occurrence_of(row, scored)
        if key is not None:
            groups.setdefault(key, {})[id(row)] = row
    return {
        of: key
        for key, group in groups.items()
        if len(group) > 1 and (key[0] == "occurrence" or len({written(row.facts["assessor"]) for row in group.values()}) > 1)  # type: ignore[index]
        for of in group
    }


def grouped(entries: list[Entry], scored: str) -> list[list[Entry]]:
    """Entries in order, those of one occurrence together where the first of them stands."""
    telling = occurrences((entry.row for entry in entries), scored)
    groups: dict[Hashable, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(telling.get(id(entry.row), id(entry.row)), []).append(entry)
    return list(groups.values())


def note_on_occurrence(contents: Contents, group: list[Entry], reading: str) -> Words:
    """What a card says of several rows of one occurrence."""
    return note_on_rows(contents, [entry.row for entry in group], reading)


def note_on_rows(contents: Contents, rows: Sequence[LedgerRow], reading: str) -> Words:
    """What a card says of several rows of one occurrence."""
    numbers = ", ".join(str(row.number) for row in rows)
    sources = dict.fromkeys(row.source for row in rows)
    source, in_chinese = ", ".join(sources), f"{contents.several_in_chinese(sources).lstrip()}第 {numbers} 行"
    match reading:
        case "harshest" | "mildest":
            chosen = {"harshest": "最重", "mildest": "最轻"}[reading]
            return Words(
                f"rows {numbers} of {source} are one occurrence: the {reading} is priced",
                f"{in_chinese}是同一件事，按{chosen}的一行计分",
            )
        case "each":
            return Words(f"rows {numbers} of {source} are one occurrence: each is priced", f"{in_chinese}是同一件事，逐行计分")
    return Words(f"rows {numbers} of {source} may be one occurrence", f"{in_chinese}可能是同一件事")


def counted_again(contents: Contents, row: LedgerRow, days: Inside) -> Words:
    """What must be said of a row that lasts beyond the period and is counted there whole."""
    first, last = cast("tuple[date, date]", days.whole)
    return Words(
        f"row {row.number} of {row.source} lasts from {first} to {last} and counts in every period that it touches",
        f"{contents.rows_in_chinese(row.source, row.number)}自 {first} 至 {last}，所及的每个期间都计",
    )


def harshest(priced: list[Priced], *, mildest: bool, sure: bool) -> Priced:
    """One of several rows, with the worth that the harshest (or mildest) may come to once all are settled."""
    choose = max if mildest else min
    worths = [row.worth for row in priced]
    open_ = [worth for worth in worths if isinstance(worth, Unknown)]
    needs = tuple(sorted({need for row in priced for need in row.needs}))
    if open_:
        return priced[0]._replace(worth=Unknown(frozenset(needs)), needs=needs)
    bounds = [ends(cast("Bounded", worth)) for worth in worths]
    chosen = bounds.index(choose(bounds))
    low, high = choose(low for low, _ in bounds), choose(high for _, high in bounds)
    if not sure:  # a row that may not be let in leaves the choice among the others
        low, high = min(low for low, _ in bounds), max(high for _, high in bounds)
    worth = narrowed(low, high, frozenset(needs))
    return priced[chosen]._replace(worth=worth, needs=needs if isinstance(worth, Interval) else ())


def one_of(worths: Sequence[Bounded | Unknown], needs: frozenset[str], *, one_stands: bool = True) -> list[Bounded | Unknown]:
    """Worths of one occurrence of which it is not said how many count: together they come to all that each, the harshest or the mildest of
    them would. Where it is not sure of all that they count (`one_stands` False), each may be left out.

    >>> one_of([-1, -5], frozenset({"x"}))
    [-1, Interval(low=-5, high=0, needs=frozenset({'x'}))]
    """
    settled: list[Number] = [worth for worth in worths if isinstance(worth, (int, Fraction))]
    alike = len(settled) == len(worths) and (all(worth < 0 for worth in settled) or all(worth > 0 for worth in settled))
    stands = min(range(len(settled)), key=lambda place: abs(Fraction(settled[place]))) if alike and settled and one_stands else None
    return [
        worth if place == stands else worth | Unknown(needs) if isinstance(worth, Unknown) else hull([0, worth], needs | needs_of(worth))
        for place, worth in enumerate(worths)
    ]
