"""Subjects of one kind: what many of them come to alike is worked out once. For those who work through a whole table."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

from govservice.errors import GovServiceError
from govservice.limits import TimeLimit
from govservice.rules.book.dependencies import Place, behind, uses
from govservice.rules.book.entries import Entry, expressions
from govservice.rules.language.acts import with_days
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, InList, Name, Previous, Streak, walk
from govservice.rules.language.values import Interval, Nothing, Unknown

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.subjects import Subject

__all__ = ["Kinds", "eras", "names_read", "told_apart"]

_T = TypeVar("_T")
_MOST: Final = 20_000  # of one thing that are remembered
_MOST_WHOLE: Final = 100_000  # of what rows come to altogether
_TRIED: Final = 500  # before it is seen whether remembering is worth it
_SELDOM: Final = 10  # one in so many must have been seen before
_ELSEWHERE: Final = (Aggregate, Discretion, InList, Previous, Streak)  # read more than the names in them
_EXACT: Final = frozenset((type(None), str, bool, int, date))  # equal ones of a type are one value
_SPELT: Final = frozenset((datetime, Decimal, float, TimeLimit, Nothing))  # equal ones may be written differently
_BEYOND: Final = frozenset(("measure", "scheme", "scope"))  # what these may be, while they are open, hangs on more than their value


class Kinds:
    """What subjects came to, by what it was worked out from: the values of the names that it reads, the day's era, the table.

    All subjects are of one book, calendar and day that counts as today, and nothing is said around them. What reads other rows is worked
    out for each; so is what seldom comes twice, and what cannot be read.
    """

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self._reads: dict[Hashable, tuple[Name, ...] | None] = {}
        self._known: dict[Hashable, dict[Hashable, Any]] = defaultdict(dict)
        self._asked: dict[Hashable, int] = defaultdict(int)
        self._met: dict[Hashable, int] = defaultdict(int)
        self._undisturbed: dict[tuple[str, ...], Undisturbed] = {}

    def of_entry(self, what: Hashable, entry: Entry, subject: Subject, work: Callable[[], _T], also: Hashable = None) -> _T:
        """What an entry comes to for a subject; `what` names it, `also` is what else it is worked out from."""
        if what not in self._reads:
            self._reads[what] = _names(expressions(entry))
        return self._worked(what, subject, work, also)

    def of_expression(self, what: Hashable, expression: Expression, subject: Subject, work: Callable[[], _T]) -> _T:
        """What an expression comes to for a subject."""
        if what not in self._reads:
            self._reads[what] = _names((expression,))
        return self._worked(what, subject, work, None)

    def of_values(self, what: Hashable, values: Hashable, work: Callable[[], _T]) -> _T:
        """What is worked out from these values and nothing else."""
        known = self._known[what]
        if values not in known:
            made = work()
            if len(known) >= _MOST:
                return made
            known[values] = made
        return cast("_T", known[values])

    def of_whole(self, what: Hashable, places: Iterable[Place], subject: Subject, work: Callable[[], _T]) -> _T:  # noqa: ARG002
        """What several entries come to together for a subject."""
        return work()

    def where_nothing_happened(self, tables: tuple[str, ...]) -> Kinds:
        """The same for rows to which nothing happened, of records that hold these tables of what may have."""
        if tables not in self._undisturbed:
            self._undisturbed[tables] = Undisturbed(self)
        return self._undisturbed[tables]

    def _worked(self, what: Hashable, subject: Subject, work: Callable[[], _T], also: Hashable) -> _T:
        reads = self._reads[what]
        if reads is None:
            return work()
        values = _values(reads, subject)
        if values is None:
            return work()
        key = (subject.table, self._era(subject.surroundings.on), also, values)
        known = self._known[what]
        self._asked[what] += 1
        if key in known:
            self._met[what] += 1
            return cast("_T", known[key])
        made = work()
        if self._asked[what] == _TRIED and self._met[what] * _SELDOM < _TRIED:
            self._reads[what] = None
            known.clear()
        elif len(known) < _MOST:
            known[key] = made
        return made

    def _era(self, on: date | None) -> int | None:
        return None if on is None else bisect_right(self._turns, on)

    @cached_property
    def _turns(self) -> tuple[date, ...]:
        return eras(self.contents)


def told_apart(values: tuple[object, ...]) -> Hashable | None:
    """What is the same for raw values that are equal, of one type each and written alike; None where one of them is of another kind.

    >>> told_apart((1, None)) == told_apart((True, None)), told_apart((Decimal("1.0"),)) == told_apart((Decimal(1),)), told_apart(([],))
    (False, False, None)
    >>> told_apart((Decimal("sNaN"),)) is None  # which cannot be a key
    True
    """
    types = tuple(map(type, values))
    if _EXACT.issuperset(types):
        return types, values
    others = [value for value in values if type(value) not in _EXACT]
    if not _SPELT.issuperset(map(type, others)) or any(isinstance(value, Decimal) and value.is_snan() for value in others):
        return None
    return types, values, tuple(map(repr, others))


def names_read(
    contents: Contents, places: Iterable[Place], of: Iterable[Expression] = (), recorded: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """The names that entries and expressions read, of themselves and through all that they use, the office hours among it.

    Of an outcome that is `recorded` nothing else is read.
    """
    sections: Mapping[str, Mapping[str, Entry]] = {
        "decisions": contents.decisions, "measures": contents.measures, "schemes": contents.schemes, "clocks": contents.clocks,
    }  # fmt: skip
    names: set[str] = set()
    seen: set[Place] = set()
    waiting = list(places)
    read = [*of, *(() if contents.hours is None else (contents.hours,))]
    while waiting or read:
        for part in (part for of in read for part in walk(of)):
            if isinstance(part, Name):
                names.add(part.id)
                waiting += [] if part.id in recorded else uses((part,), contents.schemes, contents.clocks)
            elif isinstance(part, Aggregate):
                waiting += [place for source in part.sources for place in behind(source, contents.schemes, contents.clocks)]
        read = []
        place = waiting.pop() if waiting else ("", "")
        if place not in seen and place[1] in sections.get(place[0], {}):
            read = list(expressions(sections[place[0]][place[1]]))
        seen.add(place)
    return tuple(sorted(with_days(names)))


class Undisturbed(Kinds):
    """Kinds of rows to which nothing happened: what is worked out from nothing but what they say and the day's era is looked up by that
    alone, before any name in it is read.
    """

    def __init__(self, kinds: Kinds) -> None:
        vars(self).update(vars(kinds))
        self._kinds = kinds
        self._forms: dict[Hashable, _Form] = {}
        self._told: dict[Hashable, dict[Hashable, Any]] = {}
        self._said: _Said | None = None

    def of_entry(self, what: Hashable, entry: Entry, subject: Subject, work: Callable[[], _T], also: Hashable = None) -> _T:
        """As of any kind; by what the row says, first."""

        def by_values() -> _T:
            return self._kinds.of_entry(what, entry, subject, work, also)

        return self._by_what_is_said((what, subject.table), lambda: ((), expressions(entry)), subject, by_values, also)

    def of_expression(self, what: Hashable, expression: Expression, subject: Subject, work: Callable[[], _T]) -> _T:
        """As of any kind; by what the row says, first."""

        def by_values() -> _T:
            return self._kinds.of_expression(what, expression, subject, work)

        return self._by_what_is_said((what, subject.table), lambda: ((), (expression,)), subject, by_values, None)

    def of_whole(self, what: Hashable, places: Iterable[Place], subject: Subject, work: Callable[[], _T]) -> _T:
        """What several entries come to together, by what the row says."""
        return self._by_what_is_said((what, subject.table), lambda: (places, ()), subject, work, None, most=_MOST_WHOLE)

    def _by_what_is_said(
        self, what: Hashable, reads: Callable[[], tuple[Iterable[Place], Iterable[Expression]]], subject: Subject,
        work: Callable[[], _T], also: Hashable, *, most: int = _MOST,
    ) -> _T:  # fmt: skip
        said = self._said
        if said is None or said.subject is not subject:
            said = self._said = self._what_it_says(subject)
        if said.form is None:
            return work()
        told = said.form.told.get(what)
        if told is None:
            kinds = said.form.kinds
            names = [name for name in names_read(self.contents, *reads(), said.form.recorded) if name in kinds]
            known = self._told.setdefault((what, tuple((name, kinds[name]) for name in names)), {})
            told = said.form.told[what] = _Told(names, known)
        key = (said.era, also, *map(said.values.__getitem__, told.names))
        known = told.known
        if key in known:
            return cast("_T", known[key])
        made = work()
        if len(known) < most:
            known[key] = made
        return made

    def _what_it_says(self, subject: Subject) -> _Said:
        facts = subject.recorded
        types = tuple(map(type, facts.values()))
        key = (tuple(facts), types)
        form = self._forms.get(key)
        if form is None:
            form = self._forms[key] = _Form(facts, self.contents)
        if not (subject.as_recorded and form.plain) or any(not cast("str", facts[name]).strip() for name in form.texts):
            return _Said(subject, None, {}, None)
        values = {**facts, **{name: _spelt(facts[name]) for name in form.spelt}} if form.spelt else facts
        return _Said(subject, form, values, self._era(subject.surroundings.on))


class _Told(NamedTuple):
    """What is known of one thing by what rows of some forms say under these names."""

    names: list[str]
    known: dict[Hashable, Any]


class _Form:
    """Rows that say something under the same names, of the same `kinds`: `recorded` are outcomes among these, of which nothing else is
    read unless they are blank `texts`; `spelt` are names whose equal values may be written differently. A row that is not `plain` says
    something that cannot be told apart.
    """

    __slots__ = ("kinds", "plain", "recorded", "spelt", "texts", "told")

    def __init__(self, facts: Mapping[str, Any], contents: Contents) -> None:
        outcomes = {name for granting in contents.granting.values() for name in granting}
        self.kinds = kinds = {name: type(value) for name, value in facts.items() if value is not None}
        self.plain = all(kind in _EXACT or kind in _SPELT for kind in kinds.values())
        self.recorded = frozenset(name for name, kind in kinds.items() if name in outcomes and kind in (str, bool, int))
        self.texts = tuple(name for name in self.recorded if kinds[name] is str)
        self.spelt = tuple(name for name, kind in kinds.items() if kind in _SPELT)
        self.told: dict[Hashable, _Told] = {}


class _Said(NamedTuple):
    """What one subject says; `form` is None where it can be told from no other."""

    subject: Subject
    form: _Form | None
    values: Mapping[str, Any]
    era: int | None


def _spelt(value: object) -> Hashable:
    """A value by how it is written."""
    return (str(value.value), value.unit) if type(value) is TimeLimit else repr(value)


def eras(contents: Contents) -> tuple[date, ...]:
    """The first days of a book's eras: on the days of one the same entries are in force."""
    days = {entry.from_ for entry in contents.entries() if entry.from_ is not None}
    return tuple(sorted(days | {entry.until + timedelta(1) for entry in contents.entries() if entry.until not in (None, date.max)}))


def _names(read: Iterable[Expression]) -> tuple[Name, ...] | None:
    """The names in some expressions, each once; None where they read more than these."""
    names: dict[str, Name] = {}
    for expression in read:
        for part in walk(expression):
            if isinstance(part, _ELSEWHERE):
                return None
            if isinstance(part, Name):
                names.setdefault(part.id, part)
    return tuple(names.values())


def _values(reads: tuple[Name, ...], subject: Subject) -> Hashable | None:
    """What the names are worth, and what those that are open may be; None where that says too little, or one cannot be read."""
    values: list[Hashable] = []
    try:
        for name in reads:
            value = subject.value(name)
            if isinstance(value, (Unknown, Interval)):
                if name.home in _BEYOND:
                    return None
                values.append(subject.possible(name) if name.granted_by is not None else None)
            elif isinstance(value, datetime):
                values.append(value.utcoffset())  # one moment is another day elsewhere
            values.append(value)
    except GovServiceError:
        return None
    try:
        hash(key := tuple(values))
    except TypeError:
        return None
    return key
