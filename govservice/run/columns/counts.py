"""What measures count over the cases of a run in columns: each kind of cases is read once, and counted for every subject whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from govservice.assessment.assessing import Assessment
from govservice.assessment.days_inside import Inside
from govservice.assessment.periods import Period
from govservice.assessment.register import LedgerRow, Register
from govservice.assessment.scopes import SubjectScope
from govservice.rules.language.shapes import Aggregate, InList, Name, walk
from govservice.rules.language.values import Unknown, Value
from govservice.rules.meaning.evaluation import CountedRows, Doubtful, Scope

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.entries import Measure
    from govservice.rules.meaning.subjects import Subject
    from govservice.rules.rulebook import Rulebook
    from govservice.run.columns.counted import CountedColumns

__all__ = ["SubjectsOfRun"]

_CASES: Final = ("cases",)


class _Apart(Exception):
    """A measure is to be read over cases told apart by all that it reads and by whom they belong to."""


class SubjectsOfRun(Assessment):
    """The cases of a run told apart by whom they belong to alone, with what measures count of them.

    What an aggregate asks of cases it asks of each kind of them once, whoever they belong to; what a subject's come to is counted from how
    many of each kind are its. `apart` makes the records as one measure sees them, for what cannot be counted so.
    """

    def __init__(
        self, book: Rulebook, columns: CountedColumns, supplied: Sequence[str], measures: Mapping[str, Sequence[Measure]], *,
        now: date | None, calendar: WorkCalendar | None,
    ) -> None:  # fmt: skip
        self._columns, self._supplied, self._measures = columns, supplied, measures
        parts = (part for within in measures.values() for measure in within for part in walk(measure.value))
        days = {part.by for part in parts if isinstance(part, Aggregate) and part.by is not None}
        self._groups, self._firsts = columns.kinds([], now, owned=True, by=days)
        super().__init__(book, columns.register(supplied, self._groups, self._firsts), now=now, calendar=calendar)
        self._kinds: dict[int, _KindsOfCases | None] = {}
        self._whose: dict[tuple[str, str, str | None, Period], tuple[Any, dict[int, Unknown]] | None] = {}
        self._apart: dict[str, Assessment] = {}

    def measured(self, measure: Name, table: str, id: str, period: Period) -> Value:
        """What a measure comes to for a subject."""
        if measure.id not in self._apart and self._is_counted(measure.id):
            with suppress(_Apart):
                return self.subject(table, id, period).value(measure)
        return self.apart(measure.id).subject(table, id, period).value(measure)

    def let_go(self) -> None:
        """Nothing more is asked: the columns are let go of, which would else be held until this is found to be rubbish."""
        del self._columns

    def apart(self, measure: str) -> Assessment:
        """The records as a measure sees them."""
        if measure not in self._apart:
            self._apart[measure] = self._columns.assessment(self._measures[measure], self._supplied, self._assessment, self.now)
        return self._apart[measure]

    def _assessment(self, register: Register) -> Assessment:
        return Assessment(self.book, register, now=self.now, calendar=self.calendar)

    def _is_counted(self, measure: str) -> bool:
        """Whether nothing is read of a measure but what is counted over cases or, one by one, over items."""
        within = self._measures[measure]
        if self._columns.reads_everything(within) or not self._every_case_stands:
            return False
        parts = [part for one in within for part in walk(one.value)]
        totals = [part for part in parts if isinstance(part, Aggregate)]
        return not any(isinstance(part, InList) for part in parts) and all(
            total.sources == _CASES and self._kinds_of(total) is not None for total in totals if total.sources != ("item",)
        )

    @cached_property
    def _every_case_stands(self) -> bool:
        return len(self.register.rows.get("cases", ())) == len(self._firsts)

    @cached_property
    def _number(self) -> dict[int, int]:
        """The kind by owners of each row of the register."""
        return {first + 1: kind for kind, first in enumerate(self._firsts.tolist())}

    def _kinds_of(self, of: Aggregate) -> _KindsOfCases | None:
        """The cases as an aggregate tells them apart; None where each must be read by itself."""
        if id(of) not in self._kinds:
            read = [expression for expression in (of.when, of.value) if expression is not None]
            groups, firsts = self._columns.kinds(read, self.now, owned=False)
            kinds = self._assessment(self._columns.register(self._supplied, groups, firsts, only_named=True))
            there = len(kinds.register.rows.get("cases", ())) == len(firsts)
            counted = there and kinds.alike_rows.of_count(of) is not None
            crossed = _crossed(self._groups, groups, len(self._firsts), len(firsts))
            self._kinds[id(of)] = _KindsOfCases(of, kinds, crossed) if counted else None
        return self._kinds[id(of)]

    def _counted(self, subject: Subject, of: Aggregate) -> CountedRows | Unknown | None:
        """What the cases of a subject come to by their kinds."""
        if of.sources != _CASES:
            return super()._counted(subject, of)
        kinds = self._kinds_of(of)
        scope = cast("SubjectScope", subject)
        period = scope.period.widened(of.over) if of.over is not None else scope.period
        key = scope.scored, scope.id, of.by, period
        if key not in self._whose:
            rows = self.records_of("cases", scope, period, None, by=of.by)
            self._whose[key] = None if isinstance(rows, Unknown) else self._kinds_by_owner(rows)
        whose = self._whose[key]
        if kinds is None or whose is None:
            raise _Apart
        return kinds.counted(*whose, period)

    def _kinds_by_owner(self, rows: Sequence[tuple[LedgerRow, object]]) -> tuple[Any, dict[int, Unknown]] | None:
        """The kinds of these rows, and those of which it is open whether they count, with what would say so; None for rows that last."""
        import numpy as np

        if any(row.source != "cases" or isinstance(on, Inside) for row, on in rows):
            return None
        numbered = [(self._number[row.number], on) for row, on in rows]
        sure = np.array([kind for kind, on in numbered if not isinstance(on, Unknown)], dtype=np.int64)
        return sure, {kind: on for kind, on in numbered if isinstance(on, Unknown)}


class _Crossed(NamedTuple):
    """Of each kind by owners (its own lie from `begins` to the next) the kinds that an aggregate tells apart, how many cases are of both,
    and the first of these.
    """

    begins: Any
    kinds: Any
    often: Any
    first: Any


def _crossed(owned: Any, groups: Any, owners: int, kinds: int) -> _Crossed:
    import numpy as np

    pairs, first, often = np.unique(owned.astype(np.int64) * max(kinds, 1) + groups, return_index=True, return_counts=True)
    whose, of = np.divmod(pairs, max(kinds, 1))
    return _Crossed(np.searchsorted(whose, np.arange(owners + 1)), of, often, first)


class _KindsOfCases:
    """Cases as one aggregate tells them apart: what each kind of them comes to, worked out once."""

    def __init__(self, of: Aggregate, assessment: Assessment, crossed: _Crossed) -> None:
        self._of, self._assessment, self._crossed = of, assessment, crossed
        self._rows = assessment.register.rows.get("cases", [])
        self._answers: dict[Period, tuple[list[Any], Any, Any]] = {}

    def counted(self, whose: Any, doubted: Mapping[int, Unknown], period: Period) -> CountedRows:
        """What the cases of these kinds by owners come to: of those that are known to count how many are worth what, and the others.

        Of the `doubted` kinds by owners it is open whether they are among the rows at all.
        """
        import numpy as np

        answers, counts, open_ = self._in(period)
        crossed = self._crossed
        parts = [slice(begin, end) for begin, end in zip(crossed.begins[whose].tolist(), crossed.begins[whose + 1].tolist(), strict=True)]
        if len(parts) == len(crossed.begins) - 1:
            kinds, often, first = crossed.kinds, crossed.often, crossed.first
        else:
            kinds, often, first = (
                np.concatenate([column[part] for part in parts]) if parts else column[:0]
                for column in (crossed.kinds, crossed.often, crossed.first)
            )
        total = np.bincount(kinds, weights=often, minlength=len(answers)).astype(np.int64)
        sure = np.flatnonzero((total > 0) & counts)
        others: list[tuple[int, Scope | Doubtful]] = []
        unsettled = np.flatnonzero((total > 0) & open_)
        if len(unsettled):
            earliest = np.full(len(answers), np.iinfo(np.int64).max)
            np.minimum.at(earliest, kinds, first)
            others += [(earliest[kind], self._scope(kind, int(earliest[kind]), int(total[kind]), period)) for kind in unsettled.tolist()]
        for owner, doubt in doubted.items():
            for at in range(int(crossed.begins[owner]), int(crossed.begins[owner + 1])):
                scope = self._scope(int(crossed.kinds[at]), int(crossed.first[at]), int(crossed.often[at]), period)
                others.append((crossed.first[at], Doubtful(scope, doubt)))
        worths: list[Value] = [answers[kind].worth for kind in sure.tolist()]
        return CountedRows(worths, [scope for _, scope in sorted(others, key=lambda each: int(each[0]))], total[sure].tolist())

    def _scope(self, kind: int, first: int, times: int, period: Period) -> Scope:
        """A case of a kind that stands for so many, by the name of the first of these."""
        return self._assessment.scope_once(replace(self._rows[kind], number=first + 1, times=times), period)

    def _in(self, period: Period) -> tuple[list[Any], Any, Any]:
        """What each kind comes to in a period, which of them count, and which must be read by themselves."""
        import numpy as np

        if period not in self._answers:
            asked = self._assessment.alike_rows.of_count(self._of)
            answers = [None] * len(self._rows) if asked is None else self._assessment.alike_rows.answers(asked, self._rows, period)
            counts = np.array([answer is not None and answer.counts for answer in answers], dtype=bool)
            self._answers[period] = answers, counts, np.array([answer is None for answer in answers], dtype=bool)
        return self._answers[period]
