"""What an expression sees while a score is worked out: one record, or one subject in one period."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from govservice.errors import DecisionError, RecordError, Words
from govservice.rules.contents import Contents
from govservice.rules.evaluation import Scope, evaluate
from govservice.rules.expressions.shapes import Aggregate, Discretion, Name, Previous
from govservice.rules.expressions.values import DECIMAL, NONE, Interval, Nothing, Unknown, Value, reported
from govservice.rules.facts import absent, read_fact
from govservice.rules.intervals import ends
from govservice.rules.subjects import Subject, Surroundings
from govservice.scoring.ledger import Row
from govservice.scoring.periods import Period

if TYPE_CHECKING:
    from govservice.scoring.assessing import Assessment
    from govservice.scoring.gathering import Gathering

__all__ = ["PartScope", "RecordScope", "SubjectScope"]


class _Within(Subject):
    """A subject whose facts are named already, with values of its surroundings that no record holds (`kind`, `total`, `period.end`)."""

    __slots__ = ("bounds", "extra")

    def __init__(
        self, contents: Contents, table: str, facts: Mapping[str, Any], surroundings: Surroundings, extra: dict[str, Value]
    ) -> None:
        self.contents = contents
        self.table = table
        self.surroundings = surroundings
        self.memo = {}
        self.unused = []
        self._verdicts = {}
        self._busy = set()
        self._facts = facts  # type: ignore[assignment]
        self.extra = extra
        self.bounds = True

    def _found(self, name: Name) -> Value:
        if name.home == "column" and not absent(self._facts.get(name.id)):
            return super()._found(name)  # a table may have a column called `kind`
        found = self.extra.get(name.id)
        return found if found is not None else super()._found(name)


class RecordScope(_Within):
    """One record; its marks are those the assessor gave for the scheme."""

    __slots__ = ("row", "scheme")

    def __init__(self, assessment: Gathering, row: Row, period: Period, scheme: str | None) -> None:
        contents = assessment.contents
        today = assessment.today(period)
        surroundings = Surroundings(row.on or assessment.held_on(period), today, assessment.calendar, assessment.clock_facts(row, period))
        extra: dict[str, Value] = {"kind": row.source, "period.start": period.first, "period.end": period.last}
        facts, verdicts = assessment.shared(row, period)
        super().__init__(contents, row.source, facts, surroundings, extra)
        self._verdicts = verdicts
        self.row = row
        self.scheme = scheme

    def marks(self, of: Discretion) -> Value:
        """What the assessor gave, within the bounds; between them while nothing is given. Raises RecordError for marks outside."""
        bounds = evaluate(of.low, self), evaluate(of.high, self)
        for bound in bounds:
            if isinstance(bound, (Unknown, Nothing)):
                return bound
        low, high = ends(bounds[0])[0], ends(bounds[1])[1]  # type: ignore[arg-type]
        if low > high:
            raise DecisionError(
                Words(f"discretion from {reported(low)} to {reported(high)}", f"discretion 从 {reported(low)} 到 {reported(high)}"),
                hint=Words("the lower number stands first", "小的数写在前面"),
                id=self.scheme,
            )
        raw = self._assessed()
        if absent(raw):
            return Interval(low, high, frozenset((f"{self.row.source}:{self.row.number}.assessed",)))
        given = read_fact("assessed", raw, DECIMAL)
        if not low <= given <= high:  # type: ignore[operator]
            allowed = reported(low), reported(high)
            raise RecordError(
                Words(
                    f"{reported(given)} points are given for {self.row.source}, from {allowed[0]} to {allowed[1]} are allowed",
                    f"{self.row.source} 认定 {reported(given)} 分，只能在 {allowed[0]} 到 {allowed[1]} 之间",
                ),
                hint=Words("mend `assessed` of that row", "请更正该记录的认定分值"),
                id=f"{self.row.source}:{self.row.number}",
            )
        return given

    def _assessed(self) -> object:
        """The marks for this scheme: one number for all, or one a scheme."""
        raw = self.row.facts.get("assessed")
        if not isinstance(raw, Mapping):
            return raw
        for scheme in raw:
            if scheme not in self.contents.schemes:
                near = get_close_matches(str(scheme), self.contents.schemes, n=1)
                raise RecordError(
                    Words(f"marks are given for {scheme!r}, which is no scheme", f"给“{scheme}”认定了分值，而没有这个计分方案"),
                    hint=Words(f'did you mean "{near[0]}"?', f"是不是“{near[0]}”？") if near else Words("", ""),
                    id=f"{self.row.source}:{self.row.number}.assessed",
                )
        return raw.get(self.scheme)


class PartScope(_Within):
    """One part of a score, or one item outside any part, as a row of `sum(parts)`: its total, and its full mark."""

    __slots__ = ()

    def __init__(self, of: SubjectScope, total: Value, full: Value) -> None:
        super().__init__(of.contents, of.table, {}, of.surroundings, {"total": total, "full": full})


class SubjectScope(_Within):
    """One subject in one period: its facts, its records through aggregates, and what its schemes came to."""

    __slots__ = ("assessment", "id", "period", "pieces", "said", "scored")

    def __init__(self, assessment: Assessment, table: str, id: str, period: Period, *, about: str | None = None) -> None:
        person = assessment.ledger.person(table, id, None, period) or {}
        extra: dict[str, Value] = {"period.start": period.first, "period.end": period.last}
        today = assessment.today(period)
        surroundings = Surroundings(assessment.held_on(period), today, assessment.calendar, assessment.own_clock_facts(period))
        facts = {**assessment.above(table, person, period), **person, table: id}
        super().__init__(assessment.contents, about or table, facts, surroundings, extra)
        self.assessment = assessment
        self.scored = table
        self.id = id
        self.period = period
        self.pieces: dict[str, list[PartScope]] = {}  # what `parts` and `adjust` hold, once they are worked out
        self.said: dict[Words, None] = {}  # what must be said of what was left out of a count

    def _found(self, name: Name) -> Value:
        if name.home == "scheme" and name.id in ("rank", "ranked") and name.id not in self.extra and absent(self._facts.get(name.id)):
            self.assessment.standings(self.table, self.period)
        left_out = name.home == "scheme" and name.id.startswith("parts.") and name.id not in self._facts and name.id not in self.extra
        return NONE if left_out and self.pieces else super()._found(name)

    def given(self, facts: Mapping[str, Any]) -> None:
        """Facts of a score that was supplied: they stand before those of its subject."""
        self._facts = ChainMap(dict(facts), self._facts)  # type: ignore[assignment]

    def rows(self, of: Aggregate) -> Iterable[Scope] | None:
        """The subject's records that an aggregate runs over, in the period or the wider one it names."""
        if of.sources in (("parts",), ("adjust",)):
            return self.pieces.get(of.sources[0])
        period = self.period.widened(of.over) if of.over is not None else self.period
        return self.assessment.rows(of.sources, self.scored, self.id, period, by=of.by, said=self.said)

    def previous(self, of: Previous) -> Value:
        """x of the same subject, one period earlier; none where it was not scored then."""
        from govservice.scoring.looking_back import previous

        return previous(self.assessment, of.of, self)
