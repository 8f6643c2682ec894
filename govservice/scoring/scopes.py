"""What an expression sees while a score is worked out: one record, or one subject in one period."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from govservice.errors import RecordError, Words
from govservice.rules.contents import Contents
from govservice.rules.evaluation import Scope, evaluate
from govservice.rules.expressions.shapes import Aggregate, Discretion, Name, Previous
from govservice.rules.expressions.values import DECIMAL, Interval, Unknown, Value
from govservice.rules.facts import absent, read_fact
from govservice.rules.subjects import Subject, Surroundings
from govservice.scoring.ledger import Row
from govservice.scoring.periods import Period

if TYPE_CHECKING:
    from govservice.scoring.assessing import Assessment

__all__ = ["RecordScope", "SubjectScope"]


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
        found = self.extra.get(name.id)
        return found if found is not None else super()._found(name)


class RecordScope(_Within):
    """One record; its marks are those the assessor gave for the scheme."""

    __slots__ = ("outstanding", "row", "scheme")

    def __init__(self, assessment: Assessment, row: Row, period: Period, scheme: str | None) -> None:
        contents = assessment.contents
        today = assessment.today(period)
        surroundings = Surroundings(row.on or period.last, today, assessment.calendar, assessment.clock_facts(row))
        extra: dict[str, Value] = {"kind": row.source, "period.start": period.first, "period.end": period.last}
        super().__init__(contents, row.source, assessment.facts_of(row, period), surroundings, extra)
        self.row = row
        self.scheme = scheme
        self.outstanding = False

    def marks(self, of: Discretion) -> Value:
        """What the assessor gave, within the bounds; between them while nothing is given. Raises RecordError for marks outside."""
        low, high = evaluate(of.low, self), evaluate(of.high, self)
        if isinstance(low, Unknown) or isinstance(high, Unknown):
            return Unknown(frozenset().union(*(one.needs for one in (low, high) if isinstance(one, Unknown))))
        raw = self.row.facts.get("assessed")
        if isinstance(raw, Mapping):
            raw = raw.get(self.scheme)
        if absent(raw):
            self.outstanding = True
            return Interval(low, high, frozenset((f"{self.row.source}:{self.row.number}.assessed",)))  # type: ignore[arg-type]
        given = read_fact("assessed", raw, DECIMAL)
        if not low <= given <= high:  # type: ignore[operator]
            where = f"{self.row.source}:{self.row.number}"
            raise RecordError(
                Words(
                    f"{given} points are given for {self.row.source}, from {low} to {high} are allowed",
                    f"{self.row.source} 认定 {given} 分，只能在 {low} 到 {high} 之间",
                ),
                hint=Words("mend `assessed` of that row", "请更正该记录的认定分值"),
                id=where,
            )
        return given


class SubjectScope(_Within):
    """One subject in one period: its facts, its records through aggregates, and what its schemes came to."""

    __slots__ = ("assessment", "id", "period", "scored")

    def __init__(self, assessment: Assessment, table: str, id: str, period: Period, *, about: str | None = None) -> None:
        contents = assessment.contents
        person = assessment.ledger.person(table, id, None, period) or {}
        extra: dict[str, Value] = {"period.start": period.first, "period.end": period.last}
        surroundings = Surroundings(min(period.last, date.max), assessment.today(period), assessment.calendar)
        super().__init__(
            contents, about or table, ChainMap({table: id}, dict(person), assessment.above(table, person, period)), surroundings, extra
        )
        self.assessment = assessment
        self.scored = table
        self.id = id
        self.period = period

    def rows(self, of: Aggregate) -> Iterable[Scope] | None:
        """The subject's records that an aggregate runs over, in the period or the wider one it names."""
        period = self.period.widened(of.over) if of.over is not None else self.period
        return self.assessment.rows(of.sources, self.scored, self.id, period, by=of.by)

    def previous(self, of: Previous) -> Value:
        """x of the same subject, one period earlier; none where it was not scored then."""
        return self.assessment.previous(of.of, self.id, self.period)
