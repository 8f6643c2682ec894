"""The entries of a rulebook once read: tables, events, settings, decisions, measures, schemes, clocks, notices. Shapes only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from govservice.errors import DateNeeded, Words
from govservice.frozen import freeze
from govservice.rules.book.conventions import Conventions
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, Name, names, reads_days, walk
from govservice.rules.language.values import Type, Value

__all__ = [
    "PAUSE_KINDS",
    "Acceptance",
    "Alarm",
    "Clock",
    "Column",
    "Copy",
    "CountedPlace",
    "Decision",
    "Entry",
    "EventKind",
    "Example",
    "Extension",
    "Field",
    "Forwarded",
    "Hit",
    "Item",
    "ListOfBook",
    "Measure",
    "Notice",
    "Part",
    "Pausing",
    "Printed",
    "Quota",
    "Rank",
    "RowsPrinted",
    "Rule",
    "Said",
    "Scheme",
    "Setting",
    "Table",
    "expressions",
    "in_force",
    "kind_of_pause",
    "ordinals_in",
    "parts_of",
]

Hit: TypeAlias = Literal["first", "unique", "any", "collect"]

PAUSE_KINDS = "pause_kinds"
"""The list of a book that says what kinds of pause are called."""


def in_force(first: date | None, last: date | None, on: date | None, id: str) -> bool:
    """Whether something dated is in force on a day, both ends included.

    >>> in_force(date(2008, 5, 1), None, date(2008, 4, 30), "green_channel")
    False
    """
    if first is None and last is None:
        return True
    if on is None:
        raise DateNeeded(
            Words("this is in force from or until a day, and no day was given", "它有起止日期，而没有给出日期"),
            hint=Words("give on=", "请给出 on="),
            id=id,
        )
    return (first is None or first <= on) and (last is None or on <= last)


@dataclass(frozen=True, slots=True)
class Column:
    """A fact that a table's rows, or a kind of event, may carry; `also` is the standard label that the book has given up for its own,
    `step` the least by which a decimal changes.
    """

    id: str
    type: Type
    label: str | None = None
    default: Value | None = None
    cite: str | None = None
    also: str | None = None
    step: int | Fraction | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What there is. Its rows belong to the tables it is `of`, and see their facts; `dated_by` is the column that dates a row.

    `stands_for` says what the engine takes its rows for: "subject" (scored and graded by period), "case" (what clocks and notices are about
    unless they say otherwise), "events" (occurrences of the kinds under `events:`); None for any other table. `lasts` are the columns of
    the first and the last day of a row that lasts.
    """

    id: str
    columns: Mapping[str, Column]
    of: tuple[str, ...] = ()
    dated_by: str | None = None
    label: str | None = None
    stands_for: str | None = None
    lasts: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of occurrence, with the facts it has beside those of every event."""

    id: str
    has: Mapping[str, Column]
    label: str | None = None
    verified: bool = False
    assessed: bool = False
    cite: str | None = None

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Setting:
    """A number that the source leaves open; `value` is None until the centre gives it."""

    id: str
    type: Type
    value: Value | None = None
    label: str | None = None
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class ListOfBook:
    """A list that the book writes out; `values` are what stands in it, each with its label (itself, where it has none)."""

    id: str
    values: Mapping[str, str]
    label: str | None = None
    cite: str | None = None

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def members(self) -> frozenset[str]:
        """Every text that stands in the list: what it lists, by value and by label."""
        return frozenset(text.strip() for pair in self.values.items() for text in pair)

    def value_of(self, text: str) -> str:
        """The value that is meant by a value or its label; what is neither, or labels several, as it is.

        >>> kinds = ListOfBook("pause_kinds", {"hearing": "听证", "survey": "现场踏勘"})
        >>> kinds.value_of("hearing"), kinds.value_of("听证"), kinds.value_of("会签")
        ('hearing', 'hearing', '会签')
        """
        labelled = [value for value, label in self.values.items() if label.strip() == text]
        return labelled[0] if len(labelled) == 1 and text not in self.values else text


def kind_of_pause(written: str | None, lists: Mapping[str, ListOfBook]) -> str | None:
    """The kind of pause that is meant where a book or a record writes the kind, or what the book calls it.

    >>> lists = {"pause_kinds": ListOfBook("pause_kinds", {"hearing": "听证"})}
    >>> kind_of_pause("听证", lists), kind_of_pause("flood", lists), kind_of_pause("听证", {})
    ('hearing', 'flood', '听证')
    """
    called = lists.get(PAUSE_KINDS)
    return written if called is None or written is None else called.value_of(written)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Findings of the check that are meant so: of one `kind`, of an `entry`, perhaps of these `rules` alone, and why."""

    kind: str
    entry: str
    because: str
    rules: tuple[str, ...] | None = None

    def holds_of(self, kind: str, entry: str, rules: tuple[str, ...]) -> bool:
        """Whether a finding is one of those; the order of the rules does not count.

        >>> meant = Acceptance("order", "decisions.fee", "urgent ones first", ("urgent", "small"))
        >>> meant.holds_of("order", "decisions.fee", ("small", "urgent"))
        True
        """
        return (self.kind, self.entry) == (kind, entry) and (self.rules is None or set(self.rules) == set(rules))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where its condition holds it grants its outcomes. `text` is the condition as the author wrote it."""

    id: str
    when: Expression | None
    then: tuple[tuple[str, Expression], ...]
    cite: str | None = None
    label: str | None = None
    from_: date | None = None
    until: date | None = None
    text: str = ""
    reads: tuple[str, ...] = ()
    quota: Quota | None = None

    def in_force(self, on: date | None) -> bool:
        """Whether the rule is in force on a day; `until` is its last day."""
        return in_force(self.from_, self.until, on, self.id)


@dataclass(frozen=True, slots=True)
class Example:
    """A test case of the book's own: what is `given` (facts, or tables of rows of a `subject` and `period`), and what comes out of it."""

    id: str
    given: Mapping[str, Any]
    then: tuple[tuple[str, str], ...]
    subject: str | None = None
    period: str | None = None
    on: date | None = None
    now: str | None = None
    label: str | None = None
    cite: str | None = None
    place: tuple[str, int] | None = field(default=None, compare=False)  # its file and line, where known

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, slots=True)
class Decision:
    """A table of rules about one kind of subject."""

    id: str
    about: str
    hit: Hit
    rules: tuple[Rule, ...]
    outcomes: tuple[tuple[str, Type], ...]
    label: str | None = None
    when: Expression | None = None
    when_text: str = ""
    otherwise: tuple[tuple[str, Expression], ...] | None = None
    from_: date | None = None
    until: date | None = None
    cite: str | None = None
    period: str | None = None
    labels: tuple[tuple[str, str], ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def primary(self) -> str:
        """The outcome that carries the decision's own name, else its first."""
        names = [name for name, _ in self.outcomes]
        return self.id if self.id in names else names[0]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure counted from records."""

    id: str
    value: Expression
    text: str
    label: str | None = None
    cite: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A rule whose outcome is points: once a row of what it is `for_`, or once a subject and period.

    `of` says whose rows, `each` which of them are one, `lasts` the first and the last day of each where they are not its own; the sum of
    all is held between `at_least` and `at_most`. Worked out as it is made: `reads` are the names that it reads itself; `ordinals` those of
    a row for which it asks (`numbers`), in its condition too where `numbers_all`; `marked` whether it asks for an assessor's marks,
    `reads_days` for the days of a row that lie in the period.
    """

    id: str
    points: Expression
    for_: tuple[str, ...] = ()
    by: str | None = None
    when: Expression | None = None
    of: str | None = None
    each: Name | None = None
    at_most: Expression | None = None
    at_least: Expression | None = None
    lasts: tuple[Expression, Expression] | None = None
    text: str = ""
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)
    ordinals: tuple[str, ...] = field(init=False, compare=False, repr=False, default=())
    reads: tuple[str, ...] = field(init=False, compare=False, repr=False, default=())
    numbers: bool = field(init=False, compare=False, repr=False, default=False)
    numbers_all: bool = field(init=False, compare=False, repr=False, default=False)
    marked: bool = field(init=False, compare=False, repr=False, default=False)
    reads_days: bool = field(init=False, compare=False, repr=False, default=False)

    def __post_init__(self) -> None:
        freeze(self)
        asked = list(walk(self.when)) if self.when is not None else []
        parts = [*asked, *walk(self.points)]
        own = (name for expression in (self.when, self.points) if expression is not None for name in names(expression))
        object.__setattr__(self, "reads", tuple(dict.fromkeys(own)))
        object.__setattr__(self, "ordinals", tuple(dict.fromkeys(ordinals_in(parts))))
        object.__setattr__(self, "numbers", bool(self.ordinals))
        object.__setattr__(self, "numbers_all", any(ordinals_in(asked)))
        object.__setattr__(self, "marked", any(isinstance(part, Discretion) for part in parts))
        object.__setattr__(self, "reads_days", reads_days(self.when, self.points))


def ordinals_in(parts: Iterable[Expression]) -> Iterator[str]:
    """The ordinals of a row among these: `nth`, and those over a longer period."""
    return (part.id for part in parts if isinstance(part, Name) and part.home == "scope" and part.id.partition("(")[0] == "nth")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score: what it starts from and is held between (`low` and `high` are None where the conventions decide).

    A part may hold parts. `start` is None where it starts full: with what its full mark leaves over those of the parts within.
    """

    id: str
    items: tuple[Item, ...]
    parts: Mapping[str, Part] = field(default_factory=dict)
    full: Fraction | None = None
    start: Expression | None = None
    low: str | None = None
    high: str | None = None
    when: Expression | None = None
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def marks(self) -> Fraction | None:
        """Its full mark, or what those of the parts within come to; None where there is none."""
        within = [part.marks for part in self.parts.values() if part.marks is not None]
        return self.full if self.full is not None or not within else sum(within, Fraction(0))


def parts_of(entry: Scheme | Part, above: str = "") -> Iterator[tuple[str, Part]]:
    """The parts of a scheme or part, and those within them, each by its path: `conduct`, `conduct.attendance`."""
    for id, part in entry.parts.items():
        yield f"{above}{id}", part
        yield from parts_of(part, f"{above}{id}.")


@dataclass(frozen=True, slots=True)
class Quota:
    """The places that a rule has: a share of a number, rounded; within each group where one is named."""

    share: Expression
    of: Expression
    rounding: str
    within: str | None
    places: Expression  # what they come to


@dataclass(frozen=True, slots=True)
class Rank:
    """How the subjects of a scheme are ranked: by these, descending, the first first; within groups where `within` names a column."""

    by: tuple[Expression, ...]
    within: str | None = None
    ties: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scoring scheme."""

    id: str
    scores: str
    period: str
    parts: Mapping[str, Part]
    adjust: tuple[Item, ...] = ()
    total: Expression | None = None
    who: Expression | None = None
    when: Expression | None = None
    eligible: Expression | None = None
    rank: Rank | None = None
    full: Fraction | None = None
    low: str | None = None
    high: str | None = None
    unit: str | None = None
    title: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item, those outside any part last."""
        return (*(item for _, part in parts_of(self) for item in part.items), *self.adjust)


@dataclass(frozen=True, slots=True)
class Alarm:
    """A signal of a clock: at a share of the limit (`at`, a part of one), or an amount before or after it is due."""

    signal: str
    at: Fraction | None = None
    before: Expression | None = None
    after: Expression | None = None
    when: Expression | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much a clock may be extended, how often, by whom, and when it must be asked.

    `limit` is None where each row says its own length, `at_most` at the most.
    """

    limit: Expression | None
    at_most: Expression | None = None
    times: int | None = None
    by: str | None = None
    asked: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Pausing:
    """What pauses a clock where a condition holds: rows of a `kind`, or (with `starts`) the time from one act until another.

    It stops the clock for `limit` at the most.
    """

    kind: str | None
    when: Expression | None = None
    limit: Expression | None = None
    starts: Expression | None = None
    ends: Expression | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit that runs on a row of a table: `limit` counted from `starts`, or `due` outright, until the earliest of `stops`.

    With `backward` it is counted back from `starts`: what stops it is done by then.
    """

    id: str
    about: str
    starts: Expression
    limit: Expression | None = None
    due: Expression | None = None
    stops: tuple[Expression, ...] = ()
    pauses: tuple[Pausing, ...] = ()
    extension: Extension | None = None
    alarms: tuple[Alarm, ...] = ()
    when: Expression | None = None
    hours: Expression | None = None
    backward: bool = False
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    conventions: Conventions = field(default_factory=dict)

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def pause_kinds(self) -> tuple[str, ...]:
        """The kinds of rows that pause it."""
        return tuple(pause.kind for pause in self.pauses if pause.kind is not None and pause.starts is None)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """To whom a copy goes on, after what act, within what limit."""

    to: str
    after: str | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a notice: to whom, within what limit, on what condition, and to whom it then goes on."""

    to: str
    within: str | None = None
    when: Expression | None = None
    limit: Expression | None = None
    then: Forwarded | None = None


@dataclass(frozen=True, slots=True)
class CountedPlace:
    """A place in the number of a notice that only its issue fills: `serial`, `year`, `month` or `day`, in so many digits."""

    what: str
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """A text with places to fill: pieces of text, expressions, and in a number what only the issue says."""

    pieces: tuple[str | Expression | CountedPlace, ...]

    @property
    def reads(self) -> tuple[Expression, ...]:
        """The expressions in its places."""
        return tuple(piece for piece in self.pieces if not isinstance(piece, str | CountedPlace))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a notice, or one column of its rows: `text` as the author wrote it; without a value, a blank to fill in by hand."""

    text: str
    label: str | None = None
    value: Expression | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that a notice carries, on a condition; `to` is whom it lets the reader turn to."""

    text: Printed
    to: str | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class RowsPrinted:
    """The rows that a notice lists: which (an aggregate that says whose, of what period and on what condition), and what of each."""

    of: Aggregate
    columns: tuple[Field, ...]
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is owed wherever its condition holds: its copies, the fields it must state, and all else that is printed on it."""

    id: str
    title: str
    about: str
    when: Expression
    copies: tuple[Copy, ...] = ()
    states: tuple[Field, ...] = ()
    label: str | None = None
    cite: str | None = None
    from_: date | None = None
    until: date | None = None
    heading: Printed | None = None
    number: Printed | None = None
    shows: tuple[Field, ...] = ()
    rows: RowsPrinted | None = None
    says: tuple[Said, ...] = ()
    signed: tuple[str, ...] = ()
    seal: Printed | None = None


Entry: TypeAlias = (
    Rule | Decision | Measure | Item | Part | Scheme | Rank | Alarm | Extension | Pausing | Clock | Copy | Said | RowsPrinted | Notice
)


def expressions(entry: Entry) -> Iterator[Expression]:
    """Every expression that an entry reads, those of the entries within it included, in the order of the file's keys.

    >>> from govservice import load_rulebook
    >>> decision = load_rulebook("kunshan").decisions["leave_approval"]
    >>> len(list(expressions(decision))) >= len(decision.rules)
    True
    """
    own, within = _parts(entry)
    yield from (expression for expression in own if expression is not None)
    for inner in within:
        yield from expressions(inner)


def _parts(entry: Entry) -> tuple[Iterable[Expression | None], Iterable[Entry]]:
    """An entry's own expressions, and the entries within it."""
    match entry:
        case Rule():
            return (entry.when, *(worth for _, worth in entry.then)), ()
        case Decision():
            return (entry.when, *(worth for _, worth in entry.otherwise or ())), entry.rules
        case Measure():
            return (entry.value,), ()
        case Item():
            return (entry.points, entry.when, entry.each, entry.at_most, entry.at_least, *(entry.lasts or ())), ()
        case Part():
            return (entry.start, entry.when), (*entry.items, *entry.parts.values())
        case Scheme():
            ranked = () if entry.rank is None else (entry.rank,)
            return (entry.total, entry.eligible, entry.who, entry.when), (*entry.parts.values(), *entry.adjust, *ranked)
        case Rank():
            return (*entry.by, entry.when), ()
        case Alarm():
            return (entry.before, entry.after, entry.when), ()
        case Extension():
            return (entry.limit, entry.at_most, entry.when), ()
        case Pausing():
            return (entry.when, entry.limit, entry.starts, entry.ends), ()
        case Clock():
            extended = () if entry.extension is None else (entry.extension,)
            return (entry.when, entry.starts, entry.limit, entry.due, *entry.stops, entry.hours), (*extended, *entry.pauses, *entry.alarms)
        case Copy():
            return (entry.when, entry.limit), ()
        case Said():
            return (entry.when, *entry.text.reads), ()
        case RowsPrinted():
            return (entry.of, *(replace(entry.of, value=column.value) for column in entry.columns if column.value is not None)), ()
        case Notice():
            printed = (piece for text in (entry.heading, entry.number, entry.seal) if text is not None for piece in text.reads)
            fields = (field.value for field in (*entry.states, *entry.shows))
            listed = () if entry.rows is None else (entry.rows,)
            return (entry.when, *printed, *fields), (*entry.copies, *listed, *entry.says)
