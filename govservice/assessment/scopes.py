"""What an expression sees while a score is worked out: one record, one part of a score, or one subject in one period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple, cast

from govservice.assessment.days_inside import Inside, Spans, days_in, one_day
from govservice.assessment.periods import Period
from govservice.assessment.register import DAY, LedgerRow
from govservice.clockwork.terms import CONVENTION, is_convention
from govservice.echo import shown
from govservice.errors import (
    ConflictError,
    ConventionError,
    DecisionError,
    GovServiceError,
    OutsideCalendar,
    RecordError,
    Words,
    did_you_mean,
)
from govservice.rules.book.contents import Contents
from govservice.rules.book.conventions import Conventions
from govservice.rules.language.day_functions import rest_on, shanghai_day
from govservice.rules.language.facts import absent, read_fact, unsaid, written
from govservice.rules.language.intervals import Bounded, ends, narrowed, needs_of, or_none
from govservice.rules.language.shapes import Aggregate, Discretion, Expression, Name, Previous, Streak, walk
from govservice.rules.language.values import DATE, DECIMAL, NONE, OUTSIDE, Nothing, Number, Unknown, Value, reported
from govservice.rules.meaning.evaluation import CountedRows, Doubtful, Scope, evaluate
from govservice.rules.meaning.joining import ALONE, Covered, Key
from govservice.rules.meaning.subjects import NOTHING_SAID, RANKS, Subject, Surroundings
from govservice.rules.meaning.tables import Verdict

__all__ = ["PartScope", "Piece", "RecordScope", "SubjectScope"]

_PIECES: Final = (("parts",), ("adjust",))  # what an aggregate runs over within a score
MOST_DAYS: Final = (date.max - date.min).days


class _Within(Subject):
    """A subject whose facts are named already; a choice that cannot be made yet is a number between its branches."""

    bounds = True
    __slots__ = ("faults",)

    def __init__(
        self,
        contents: Contents,
        table: str,
        facts: Mapping[str, Any],
        surroundings: Surroundings,
        around: Mapping[str, Value],
        *,
        faults: dict[str, GovServiceError],
        verdicts: dict[str, Verdict] | None = None,
    ) -> None:
        self.unused = ()
        self._begin(contents, table, surroundings, around, {} if verdicts is None else verdicts)
        self._facts = facts
        self.faults = faults  # what could not be read or decided, by what it is called

    def spans(self, whose: str) -> Spans | None:  # noqa: ARG002
        """The days of the `period`, or those that were `served` of it; None where there is no such thing."""
        return None

    def _around(self, name: Name) -> Value | None:
        value = super()._around(name)
        if value is not None or name.home != "scope":
            return value
        try:
            return self._of_days(name)
        except OutsideCalendar:
            return OUTSIDE

    def _ask_for_conventions(self, name: Name, value: Unknown) -> None:
        """Raise ConventionError where a clock waits for nothing but what the book must state."""
        if value.needs and all(map(is_convention, value.needs)):
            raise ConventionError.unstated(min(value.needs).removeprefix(CONVENTION), name.id)

    def _of_days(self, name: Name) -> Value | None:
        """`period.start` and `.end`; `period.days`, `.workdays` and those served of it: all time has no number of days."""
        whose, _, asked = name.id.partition(".")
        spans = self.spans(whose)
        if spans is None:
            return None
        if asked in ("start", "end"):
            return spans[0][0] if asked == "start" else spans[-1][1]
        if any(first == date.min for first, _ in spans):
            return NONE
        return self._length(spans, asked)

    def _length(self, spans: Spans, asked: str) -> int:
        """How many days these are, or how many of them are worked."""
        if asked == "days":
            return days_in(spans)
        for _, last in spans:
            rest_on(self, last)
        return sum(self.days().workdays_between(first - DAY, last) for first, last in spans)

    def unusable(self, of: Expression, error: RecordError) -> Unknown:
        """What cannot be used leaves open what reads it, and is told with the row that has it."""
        named = [part for part in walk(of) if isinstance(part, Name)]
        what = self.called(named[0]) if named else self.table
        self.faults[what] = error
        return Unknown(frozenset((what,)))

    def is_spoilt(self, need: str) -> bool:
        """Whether what is waited for was given, and cannot be used: that is told with the row."""
        return need in self.faults

    def unstated(self, names: frozenset[str], what: Words) -> Unknown:
        """A score waits for no convention. Raises ConventionError."""
        raise ConventionError.unstated(min(names), what)

    def value(self, name: Name) -> Value:
        """As of any subject; a fact that cannot be read, or rules that contradict each other, leave it open and are told."""
        known = self.memo.get(name.id)
        if known is not None and type(known) is not Unknown and not self._said_of:
            return known  # settled before, with nothing to say of it
        try:
            value = super().value(name)
        except (RecordError, ConflictError) as error:
            self.faults[self.called(name)] = error
            value = self.memo[name.id] = Unknown(frozenset((self.called(name),)))
        if name.home == "clock" and isinstance(value, Unknown):
            self._ask_for_conventions(name, value)
        return value

    def possible(self, name: Name) -> tuple[Value, ...] | None:
        """As of any subject; where rules contradict each other nobody can say."""
        try:
            return super().possible(name)
        except (RecordError, ConflictError):
            return None


class RecordScope(_Within):
    """One record; its marks are those the assessor gave for the scheme. The decisions about it are shared by all schemes that see it.

    One that an item prices counts for the subject that is `scored`; what is decided of the record itself is read on its own (`alone`).
    `inside` are its days in the period, where it lasts or they are asked for.
    """

    __slots__ = ("alone", "inside", "period", "row", "scheme", "scored")

    def __init__(
        self,
        contents: Contents,
        row: LedgerRow,
        facts: Mapping[str, Any],
        surroundings: Surroundings,
        around: Mapping[str, Value],
        *,
        period: Period,
        faults: dict[str, GovServiceError],
        scheme: str | None = None,
        scored: SubjectScope | None = None,
        alone: RecordScope | None = None,
        inside: Inside | None = None,
    ) -> None:
        verdicts = alone._verdicts if alone is not None else None
        super().__init__(contents, row.source, facts, surroundings, around, faults=faults, verdicts=verdicts)
        self.scored = scored
        self.alone = alone
        self.inside = inside
        self.period = period
        self.row = row
        self.scheme = scheme

    @property
    def times(self) -> int:
        """For how many rows that say the same it stands."""
        return self.row.times

    def _of_days(self, name: Name) -> Value | None:
        """As of any subject; `in_period.days` and `.workdays` are its own: between two numbers while a day of its is open."""
        whose, _, asked = name.id.partition(".")
        if whose != "in_period":
            return super()._of_days(name)
        own = self.inside or (one_day(self.row.on) if self.row.on is not None else None)
        if own is None or own.most[0][0] == date.min:
            return Unknown(own.needs if own is not None else frozenset())
        most = min(self._length(own.most, asked), own.at_most or MOST_DAYS)
        least = most if own.sure == own.most else self._length(own.sure, asked)
        return narrowed(max(least, min(most, 1)) if asked == "days" else least, most, own.needs)

    def spans(self, whose: str) -> Spans | None:
        """What the subject that is scored served of the period is in sight of the item."""
        if whose == "period":
            return ((self.period.first, self.period.last),)
        return self.scored.spans(whose) if self.scored is not None else None

    def covered(self) -> Key:
        """From its day, or its `from`, until its `until` or `to`, of whom it names first; the days that it lasts, where it does."""
        if self.inside is not None and (self.inside.whole is not None or self.inside.needs):
            whole = self.inside.whole
            return Unknown(self.inside.needs) if whole is None else Covered(tuple(self.row.owners.items())[:1], *whole)
        try:
            first, last = (self._first_day(names) for names in (("from",), ("until", "to")))
        except RecordError as error:
            where = f"{self.row.source}:{self.row.number}"
            self.faults[f"{where}.{error.fault.id}"] = error
            return Unknown(frozenset((f"{where}.{error.fault.id}",)))
        first = first or self.row.on
        if first is None:
            return ALONE if self.row.spell is not None else Unknown(frozenset((f"{self.row.source}:{self.row.number}.on",)))
        return Covered(tuple(self.row.owners.items())[:1], first, max(last or first, first))

    def _first_day(self, names: tuple[str, ...]) -> date | None:
        raw = next((self.row.facts[name] for name in names if not unsaid(self.row.facts.get(name))), None)
        return None if raw is None else shanghai_day(cast("date", read_fact(names[0], raw, DATE)))

    def called(self, name: Name) -> str:
        """A fact of the record with its row, one of what it belongs to with that."""
        if name.home not in ("column", "outcome"):
            return name.id
        home = self.contents.home_of(self.table, name.id)
        if home is not None and home in self.row.owners and home != self.row.source:
            return f"{home}:{self.row.owners[home]}.{name.id}"
        return f"{self.row.source}:{self.row.number}.{name.id}"

    @property
    def id(self) -> str:
        """What names the row in its table; its table and number where nothing does."""
        table = self.row.source
        named = next((self.row.facts[name] for name in (table, table.removesuffix("s")) if not unsaid(self.row.facts.get(name))), None)
        return f"{table}:{self.row.number}" if named is None else written(named)

    @property
    def notes(self) -> dict[Words, None]:
        """Nothing is left out of what a record counts."""
        return {}

    def of_its_own(self, needs: Iterable[str]) -> tuple[str, ...]:
        """Names as its own outcome shows them, in order."""
        return tuple(sorted({name.removeprefix(f"{self.row.source}:{self.row.number}.") for name in needs}))

    def verdict(self, decision: str) -> Verdict:
        """A decision about the record, read on the record alone."""
        return super().verdict(decision) if self.alone is None else self.alone.verdict(decision)

    def said_of(self, decision: str) -> tuple[Words, ...]:
        """What must be said of it, where it was taken."""
        return super().said_of(decision) if self.alone is None else self.alone.said_of(decision)

    def rows(self, of: Aggregate) -> Iterable[Scope | Doubtful] | Unknown:
        """Those of the subject that is scored; of a record alone, what belongs to it."""
        return super().rows(of) if self.scored is None else self.scored.rows(of)

    def counted(self, of: Aggregate) -> CountedRows | Unknown:
        """As for its rows."""
        return super().counted(of) if self.scored is None else self.scored.counted(of)

    def same_occurrence(self, what: str, *, sure: bool) -> str:
        """As the scheme says that scores it."""
        return super().same_occurrence(what, sure=sure) if self.scored is None else self.scored.same_occurrence(what, sure=sure)

    def previous(self, of: Previous) -> Value:
        """What was of the subject that is scored."""
        return super().previous(of) if self.scored is None else self.scored.previous(of)

    def streak(self, of: Streak) -> Value:
        """How long something held of the subject that is scored."""
        return super().streak(of) if self.scored is None else self.scored.streak(of)

    def marked_for(self, scheme: str | None, scored: SubjectScope | None, inside: Inside | None = None) -> RecordScope:
        """The same record as a scheme prices it for a subject, with its marks for the scheme in sight; or as it stands in a count of its
        days in the period.
        """
        return RecordScope(
            self.contents,
            self.row,
            self._facts,
            self.surroundings,
            self.around,
            period=self.period,
            faults=self.faults,
            scheme=scheme,
            scored=scored,
            alone=self,
            inside=inside,
        )

    def marks(self, of: Discretion) -> Value:
        """What the assessor gave, within the bounds; between them while nothing is given, or what is given lies outside: that is told."""
        bounds = evaluate(of.low, self), evaluate(of.high, self)
        for bound in bounds:
            if isinstance(bound, (Unknown, Nothing)):
                return bound
        lowest, highest = cast("tuple[Bounded, Bounded]", bounds)
        low, high = ends(lowest)[0], ends(highest)[1]
        if low > high:
            raise DecisionError(
                Words(f"discretion from {reported(low)} to {reported(high)}", f"discretion 从 {reported(low)} 到 {reported(high)}"),
                hint=Words("the lower number stands first", "小的数写在前面"),
                id=self.scheme,
            )
        where = f"{self.row.source}:{self.row.number}.assessed"
        open_ = or_none(narrowed(low, high, frozenset((where,)) | needs_of(lowest, highest)), lowest, highest)
        try:
            raw = self._assessed()
            if absent(raw):
                return open_
            given = read_fact("assessed", raw, DECIMAL)
            if isinstance(given, Nothing):
                return given
        except RecordError as error:
            self.faults[where] = error
            return open_
        if not low <= given <= high:  # type: ignore[operator]
            allowed = reported(low), reported(high)
            self.faults[where] = RecordError(
                Words(
                    f"{reported(given)} points are given for {self.row.source}, from {allowed[0]} to {allowed[1]} are allowed",
                    f"{self.row.source} 认定 {reported(given)} 分，只能在 {allowed[0]} 到 {allowed[1]} 之间",
                ),
                hint=Words("mend `assessed` of that row", "请更正该记录的认定分值"),
                id=where,
            )
            return open_
        if not ends(lowest)[1] <= given <= ends(highest)[0]:  # type: ignore[operator]
            return or_none(narrowed(low, high, needs_of(lowest, highest)), lowest, highest)  # it may yet turn out not to be allowed
        return or_none(cast("Number", given), lowest, highest)

    def _assessed(self) -> object:
        """The marks for this scheme: one number for all, or one a scheme."""
        raw = self.row.facts.get("assessed")
        if not isinstance(raw, Mapping):
            return raw
        for scheme in raw:
            if scheme not in self.contents.schemes:
                raise RecordError(
                    Words(f"marks are given for {shown(scheme)}, which is no scheme", f"给“{scheme}”认定了分值，而没有这个计分方案"),
                    hint=did_you_mean(str(scheme), self.contents.schemes),
                    id=f"{self.row.source}:{self.row.number}.assessed",
                )
        return raw.get(self.scheme)


class Piece(NamedTuple):
    """One part of a score, or one item outside any part: its total, its full mark, and what would say whether it applies."""

    total: Value
    full: Value
    doubt: Unknown | None


class PartScope(_Within):
    """One part of a score, or one item outside any part, as a row of `sum(parts)`: its total, and its full mark."""

    __slots__ = ()

    def __init__(self, of: SubjectScope, total: Value, full: Value) -> None:
        super().__init__(of.contents, of.table, {}, of.surroundings, {"total": total, "full": full}, faults=of.faults)


class SubjectScope(_Within):
    """One subject in one period: its facts, its records through aggregates, and what its schemes came to."""

    __slots__ = ("conventions", "given_as", "id", "notes", "perhaps", "period", "pieces", "scored", "served")

    def __init__(
        self,
        contents: Contents,
        table: str,
        facts: Mapping[str, Any],
        surroundings: Surroundings,
        *,
        scored: str,
        id: str,
        period: Period,
        served: Spans,
        faults: dict[str, GovServiceError],
    ) -> None:
        super().__init__(contents, table, facts, surroundings, {}, faults=faults)
        self.served = served
        self.scored = scored
        self.id = id
        self.period = period
        self.conventions: Conventions = contents.conventions
        self.given_as: str | None = None  # the row of a score that was supplied
        self.pieces: Mapping[str, list[Piece]] = {}  # what `parts` and `adjust` hold, once they are worked out
        self.perhaps: set[str] = set()  # what of its score may turn out to be none
        self.notes: dict[Words, None] = {}  # what must be said of what was left out of a count

    def spans(self, whose: str) -> Spans | None:
        """The days of its period, and those that it served."""
        return ((self.period.first, self.period.last),) if whose == "period" else self.served if whose == "served" else None

    def covered(self) -> Key:
        """The days of its period."""
        return Covered((self.scored, self.id), self.period.first, self.period.last)

    def called(self, name: Name) -> str:
        """A fact with whose it is, of a score that was supplied with its row; a scorecard leaves its own subject out (`of_its_own`)."""
        if name.home == "scheme" and self.given_as is not None:
            return f"{self.given_as}.{name.id}"
        if name.home not in ("column", "outcome"):
            return name.id
        home = self.contents.home_of(self.table, name.id)
        owner = self._facts.get(home) if home is not None and home != self.scored and home not in self.contents.schemes else None
        return f"{self.scored}:{self.id}.{name.id}" if unsaid(owner) else f"{home}:{owner}.{name.id}"

    def of_its_own(self, needs: Iterable[str]) -> tuple[str, ...]:
        """Names as this subject's own card shows them, in order."""
        return tuple(sorted({name.removeprefix(f"{self.scored}:{self.id}.") for name in needs}))

    def _default(self, name: Name) -> Value | None:
        if name.home == "scheme" and name.id.startswith("parts.") and name.id not in self.around and self.pieces:
            return NONE  # a part that does not apply to this subject
        return super()._default(name)

    def may_be_none(self, name: Name) -> bool:
        """As of any subject; of its own score, what is known to stand in doubt."""
        if name.home == "scheme" and not isinstance(self.memo.get(name.id), Nothing):
            return name.id in self.perhaps or name.id.partition("(")[0] in RANKS
        return super().may_be_none(name)

    def anew(self, around: Mapping[str, Value]) -> None:
        """Forget what was worked out, and say this around the subject."""
        self.put(around)
        self.memo.clear()
        self._said_of = NOTHING_SAID
        self._verdicts.clear()

    def given(self, facts: Mapping[str, Any]) -> None:
        """Facts of a score that was supplied: they stand before those of its subject."""
        self._facts = {**self._facts, **facts}

    def rows(self, of: Aggregate) -> Iterable[Scope | Doubtful] | Unknown:
        """The subject's records that an aggregate runs over, in the period or the wider one it names."""
        if of.sources in _PIECES:
            scopes = ((PartScope(self, piece.total, piece.full), piece.doubt) for piece in self.pieces.get(of.sources[0], ()))
            return [scope if doubt is None else Doubtful(scope, doubt) for scope, doubt in scopes]
        return super().rows(of)

    def counted(self, of: Aggregate) -> CountedRows | Unknown:
        """Those rows, with what is known of them."""
        asked = self.surroundings.counted
        counted = asked(self, of) if asked is not None and of.sources not in _PIECES else None
        return super().counted(of) if counted is None else counted

    def same_occurrence(self, what: str, *, sure: bool) -> str:
        """How rows of one occurrence are read in a count. Raises ConventionError where the book does not say."""
        stated = self.conventions.get("same_occurrence", None if sure else "report")
        if stated is None:
            raise ConventionError.unstated("same_occurrence", f"{self.table}: {what}")
        return stated
