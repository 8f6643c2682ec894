"""What records that say the same come to alike: the reading of a clock, the verdict of a decision, each worked out once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar, cast

from govservice.assessment.kept import Kept
from govservice.assessment.scopes import RecordScope
from govservice.clockwork.facts import facts_of_reading
from govservice.clockwork.history import NO_HISTORY
from govservice.clockwork.running import Waiting, begins_on, rests_since, watch_clock
from govservice.errors import GovServiceError, Words
from govservice.rules.book.dependencies import Place, graph, reached, uses
from govservice.rules.book.entries import Clock, Decision, Measure, expressions
from govservice.rules.language.acts import with_days
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, Name, Previous, Streak, children, walk
from govservice.rules.language.values import Unknown, Value
from govservice.rules.meaning.kinds import eras, told_apart
from govservice.rules.meaning.tables import Verdict, is_open

if TYPE_CHECKING:
    from govservice.assessment.courses import Courses
    from govservice.assessment.register import LedgerRow
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.subjects import Subject

__all__ = ["Alike", "AlikeRecords", "ClockOfRecord", "Reads", "reading_of"]

_T = TypeVar("_T")
_MOST: Final = 65_536  # of what is remembered of one clock or decision
_TRIED: Final = 500  # before it is seen whether remembering is worth it
_SELDOM: Final = 10  # one in so many must have been seen before
_OWN: Final = frozenset(("column", "outcome", "measure", "setting", "clock", "builtin"))  # homes of what a row says, and the day
_PERIODIC: Final = (Discretion, Previous, Streak)  # read what a score has
_AROUND: Final = "kind"  # what the reading around a record says of it


class ClockOfRecord(NamedTuple):
    """A clock of a record, the facts that it gives, and the day since when it says the same on every later one; None where it may not."""

    waiting: Waiting
    facts: Mapping[str, Value]
    since: date | None


class Reads(NamedTuple):
    """The names of all that a clock or decision is worked out from, whether a clock is among that, and whether it asks for today; whether
    it `rests` once these clocks do, for it asks for today through them alone.
    """

    names: tuple[str, ...]
    clocks: bool
    today: bool
    rests: bool


class Alike(NamedTuple):
    """The days that may count as today on which something that was read says the same."""

    first: date
    last: date


class _Rested(NamedTuple):
    """A verdict, and the day since when it is the same on every later one."""

    since: date
    verdict: Verdict


class AlikeRecords:
    """What records came to, by what they say under the names that it is worked out from, the era of their day, and their source.

    It holds for one call, so that the calendar and the moment that counts as `now` are one; `courses` say whether anything happened on
    the way of a row. What may read a period or a score is worked out for each, and what did read other rows; so is what is open, could not
    be read, or must have something said of it, for that names the row; and what seldom comes twice.
    """

    def __init__(self, contents: Contents, now: date | None, courses: Courses) -> None:
        self.contents = contents
        self._now = now
        self._courses = courses
        self._undisturbed: Kept[LedgerRow, bool] = Kept(_MOST)
        self._quiet: dict[str, bool] = {}
        self.turns = eras(contents)
        self._reads: dict[Place, Reads | None] = {}
        self._known: dict[Place, Kept[Hashable, Any]] = defaultdict(lambda: Kept(_MOST))
        self._read_on: list[Alike | None] = []  # of the clocks that were read meanwhile, on which days each says the same
        self._kept: list[object] = []  # of which the identity is a key
        self._asked: Counter[Place] = Counter()
        self._met: Counter[Place] = Counter()

    def reading(self, clock: Clock, record: RecordScope) -> ClockOfRecord | None:
        """A clock on a record; None where it is to be read on the record itself."""
        place = ("clocks", clock.id)
        key = self._key(place, record)
        if key is None:
            return None
        today = cast("date", record.surroundings.as_of)
        resting: ClockOfRecord | None = self._known[place].get(key)
        if resting is not None and cast("date", resting.since) <= today:
            self._asked[place] += 1
            self._met[place] += 1
            return resting
        reading = self._shared(place, (key, today), record, lambda alone: self._read(clock, alone))
        if reading is not None and reading.since is not None:
            self._known[place][key] = reading
        return reading

    def verdict(self, subject: Subject, decision: Decision) -> Verdict | None:
        """A decision about a record; None where it is to be taken of the record itself."""
        place = ("decisions", decision.id)
        record = cast("RecordScope", subject)
        key = self._key(place, record)
        if key is None:
            return None
        reads = self._reads[place]
        if reads is None or not reads.rests:
            return self._shared(place, key, record, lambda alone: _settled(alone.verdict(decision.id)))
        return self._resting_verdict(place, key, record, decision)

    def _resting_verdict(self, place: Place, key: tuple[Hashable, ...], record: RecordScope, decision: Decision) -> Verdict | None:
        """A decision that asks for today through clocks alone: where all that it read have come to rest, it says the same ever after."""
        source, era, today, said = key
        known, at_rest = self._known[place], (source, era, said)
        resting: _Rested | None = known.get(at_rest)
        if resting is not None and resting.since <= cast("date", today):
            self._asked[place] += 1
            self._met[place] += 1
            return resting.verdict
        afresh, before = key not in known, len(self._read_on)
        verdict = self._shared(place, key, record, lambda alone: _settled(alone.verdict(decision.id)))
        alike = self._alike_on(before)
        if afresh and verdict is not None and alike is not None and alike.last == date.max:
            known[at_rest] = _Rested(alike.first, verdict)
        return verdict

    def _alike_on(self, before: int) -> Alike | None:
        """The days on which all clocks say the same that were read since then; None where some may not."""
        read = self._read_on[before:]
        del self._read_on[before:]
        days = [alike for alike in read if alike is not None]
        if len(days) < len(read):
            return None
        return Alike(max((one.first for one in days), default=date.min), min((one.last for one in days), default=date.max))

    def steady(
        self, of: tuple[Expression, ...], row: LedgerRow, record: Callable[[], RecordScope], work: Callable[[RecordScope], _T | None]
    ) -> tuple[Alike, _T] | None:
        """What is made of some expressions on a record, and on which days that counts as today it is the same; None where nobody can say.

        The day for which `record` is asked is one of them. `work` makes nothing of one of which something is open.
        """
        place = ("", str(id(of)))
        if place not in self._reads:
            self._reads[place] = self.reads_of(of)
            self._kept.append(of)
        reads = self._reads[place]
        if reads is None or reads.today or not self.nothing_happened(row):
            return None
        before = len(self._read_on)
        made = self.alone(record(), work, self._verdict_of_facts)
        alike = self._alike_on(before)
        return None if made is None or alike is None else (alike, made)

    # -- what is remembered

    def _shared(self, place: Place, key: Hashable, record: RecordScope, work: Callable[[RecordScope], _T | None]) -> _T | None:
        """What was worked out of the first record of this key, on its own; None where that did not come out plain."""
        known = self._known[place]
        self._asked[place] += 1
        if key in known:
            self._met[place] += 1
            return cast("_T | None", known[key])
        made = self.alone(record, work)
        if self._asked[place] == _TRIED and self._met[place] * _SELDOM < _TRIED:
            self._reads[place] = None
            known.clear()
        else:
            known[key] = made
        return made

    def _verdict_of_facts(self, subject: Subject, decision: Decision) -> Verdict | None:
        """As `verdict`, of a decision that asks no clock."""
        reads = self._reads_at(("decisions", decision.id))
        return None if reads is None or reads.clocks else self.verdict(subject, decision)

    def alone(
        self, record: RecordScope, work: Callable[[RecordScope], _T | None],
        alike: Callable[[Subject, Decision], Verdict | None] | None = None,
    ) -> _T | None:  # fmt: skip
        """Work on a record of which nothing is known yet; None where it fails, finds a fault, asks for other rows, or has something to say.

        What did not, of records that say the same, does not of any. `alike` knows what some decisions come to.
        """
        elsewhere: list[object] = []

        def beside(_: Subject, asked: object) -> Unknown:
            elsewhere.append(asked)
            return Unknown(frozenset())

        said: list[Words] = []
        faults: dict[str, GovServiceError] = {}
        clocks = self._clock_facts if record.surroundings.clocks is not None else None
        around = replace(record.surroundings, clocks=clocks, rows=beside, lists=beside, said=said, alike=alike)
        alone = RecordScope(self.contents, record.row, record.recorded, around, record.around, period=record.period, faults=faults)
        try:
            made = work(alone)
        except GovServiceError:  # the record itself raises it, where it is asked
            return None
        return None if faults or said or elsewhere else made

    def _key(self, place: Place, record: RecordScope) -> tuple[Hashable, ...] | None:
        """What a clock or decision is worked out from; None where that is more than the record says, or cannot be told apart."""
        reads = self._reads_at(place)
        if reads is None or (reads.clocks and (_is_to_come(record) or not self.nothing_happened(record.row))):
            return None
        said = told_apart(tuple(map(record.recorded.get, reads.names)))
        if said is None:
            return None
        seen = record.surroundings
        return record.row.source, self.era(seen.on), seen.as_of if reads.today else None, said

    def era(self, on: date | None) -> int | None:
        """The era of a day, by its number: on all days of one the same entries are in force."""
        return None if on is None else bisect_right(self.turns, on) if self.turns else 0

    def nothing_happened(self, row: LedgerRow) -> bool:
        """Whether nothing happened on the way of a row."""
        known = self._undisturbed.get(row)
        if known is None:
            known = self._undisturbed[row] = self._courses.nothing_happened(row)
        return known

    def nothing_happened_to(self, source: str) -> bool:
        """Whether nothing happened on the way of any row of a source."""
        if source not in self._quiet:
            self._quiet[source] = self._courses.nothing_happened_to(source)
        return self._quiet[source]

    # -- what something is worked out from

    def _reads_at(self, place: Place) -> Reads | None:
        """As `_read_by`, worked out once."""
        if place not in self._reads:
            self._reads[place] = self._read_by(place)
        return self._reads[place]

    def _read_by(self, place: Place) -> Reads | None:
        reads = self.reads_of((), (place,))
        return reads._replace(today=reads.today or reads.clocks) if reads is not None and place[0] != "clocks" else reads

    def reads_of(
        self, own: Iterable[Expression], places: Iterable[Place] = (), *, marked: bool = False, beside: frozenset[str] = frozenset()
    ) -> Reads | None:
        """What expressions and entries are worked out from; None where that is more than their row says, or two things go by a name.

        Of expressions that are `marked` an assessor's marks are no more than that; `beside` are names in the expressions themselves that
        the caller answers for.
        """
        contents = self.contents
        sections: Mapping[str, Mapping[str, Decision | Measure | Clock]] = {
            "decisions": contents.decisions,
            "measures": contents.measures,
            "clocks": contents.clocks,
        }
        read = list(own)
        reached_ = reached(self._graph, (*places, *uses(read, {}, contents.clocks)))
        clocks = {id for section, id in reached_ if section == "clocks"}
        if not clocks & contents.clocks.keys() <= contents.steady_clocks:
            return None
        named = {part for of in read for part in _of_the_row(of) if isinstance(part, Name) and part.id not in beside}
        marking = [part for of in read for part in _of_the_row(of) if isinstance(part, _PERIODIC)]
        if any(not (marked and isinstance(part, Discretion)) for part in marking):
            return None
        entries = (sections[section][id] for section, id in reached_ if id in sections[section])
        read = [expression for entry in entries for expression in expressions(entry)]
        parts = [part for of in (*read, *([] if contents.hours is None else [contents.hours])) for part in _of_the_row(of)]
        if any(isinstance(part, _PERIODIC) for part in parts):
            return None
        named |= {part for part in parts if isinstance(part, Name)}
        ids = {name.id for name in named}
        if ids & self._ambiguous or any(name.home not in _OWN or name.id == _AROUND for name in named):
            return None
        today = any(name.home == "builtin" for name in named)
        return Reads(tuple(sorted(with_days(ids))), bool(clocks), today, rests=bool(clocks) and not today)

    @cached_property
    def _graph(self) -> dict[Place, tuple[Place, ...]]:
        return graph(self.contents.decisions, self.contents.measures, {}, self.contents.clocks)

    @cached_property
    def _ambiguous(self) -> set[str]:
        return _ambiguous(self.contents)

    # -- clocks

    def _read(self, clock: Clock, alone: RecordScope) -> ClockOfRecord | None:
        today = cast("date", alone.surroundings.as_of)
        waiting = watch_clock(clock, alone, history=NO_HISTORY, now=self._now or today)
        return reading_of(clock, waiting, rests_since(waiting, today)) if _is_settled(waiting) else None

    def _clock_facts(self, subject: Subject, clock: str) -> Mapping[str, Value]:
        """What a clock gives to a decision that is taken of a record alone."""
        shape = self.contents.clocks[clock]
        reading = self.reading(shape, cast("RecordScope", subject))
        if reading is not None:
            self._read_on.append(None if reading.since is None else Alike(reading.since, date.max))
            return reading.facts
        today = cast("date", subject.surroundings.as_of)
        waiting = watch_clock(shape, subject, history=NO_HISTORY, now=self._now or today)
        self._read_on.append(_same_on(shape, waiting, subject, today))
        return facts_of_reading(shape, waiting)


def _is_to_come(record: RecordScope) -> bool:
    """Whether a record is of a day after the one that counts as today: its clocks wait for time, so that nothing of them is settled."""
    on, today = record.row.on, record.surroundings.as_of
    return on is not None and today is not None and on > today


def _same_on(clock: Clock, waiting: Waiting, subject: Subject, today: date) -> Alike | None:
    """The days on which a clock that reads nothing but its row says what it says today."""
    rests = rests_since(waiting, today)
    if rests is not None:
        return Alike(rests, date.max)
    begins = begins_on(clock, waiting, subject, today)
    return None if begins is None else Alike(date.min, begins - timedelta(days=1))


def reading_of(clock: Clock, waiting: Waiting, since: date | None) -> ClockOfRecord:
    """What is kept of a clock that was read: of the days of its deadline nobody asks again."""
    light = waiting._replace(reading=replace(waiting.reading, deadline=None))
    return ClockOfRecord(light, facts_of_reading(clock, waiting), since)


def _is_settled(waiting: Waiting) -> bool:
    """Whether nothing is waited for."""
    open_ = waiting.reading.undecided or any(alarm.undecided for alarm in waiting.reading.alarms)
    return not (open_ or waiting.started or waiting.stopped or waiting.rest)


def _settled(verdict: Verdict) -> Verdict | None:
    """A verdict of which nothing is open; None of any other."""
    open_ = verdict.doubt or any(step.held is None for step in verdict.steps) or any(map(is_open, verdict.values.values()))
    return None if open_ else verdict


def _ambiguous(contents: Contents) -> set[str]:
    """The names by which expressions of a book mean more than one thing: which of them a record has is what was read of it first."""
    meant = Counter(name.id for name in set(_names(read for entry in contents.entries() for read in expressions(entry))))
    return {id for id, several in meant.items() if several > 1}


def _of_the_row(of: Expression) -> Iterator[Expression]:
    """The parts of an expression that are about the row itself, not about those that an aggregate runs over."""
    yield of
    if not isinstance(of, Aggregate):
        for part in children(of):
            yield from _of_the_row(part)


def _names(read: Iterable[Expression]) -> Iterator[Name]:
    return (part for expression in read for part in walk(expression) if isinstance(part, Name))
