"""The measures of a run: of the whole centre, of each department and window, read as `measure` reads them, over the rows of the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from govservice.assessment.assessing import Assessment
from govservice.assessment.periods import EVER, Period, around
from govservice.assessment.register import WHOLE, Register
from govservice.case_facts import spelt
from govservice.errors import GovServiceError
from govservice.rules.book.dependencies import Place, reached
from govservice.rules.book.entries import Entry, Measure, expressions
from govservice.rules.language.shapes import Aggregate, Name, Previous, Streak, walk
from govservice.rules.language.values import Interval, Nothing, Unknown, Value, reported
from govservice.run.columns.counts import SubjectsOfRun
from govservice.run.results import Rate, Rates

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.contents import Contents
    from govservice.rules.rulebook import Rulebook
    from govservice.run.columns.counted import CountedColumns

__all__ = ["MOST_SUBJECTS", "OWNERS", "Counting"]

MOST_SUBJECTS: Final = 1_000  # departments, and windows; those with most cases
OWNERS: Final = frozenset(("case", "application", "item", "window", "staff", "department", "centre"))
_TABLES: Final = ("cases", "item", "application")


class Counting:
    """The rows of a run as its measures count them: of each case, what some measure reads, with what was decided of it.

    A measure is counted where the records have every table that it runs over; one that looks at a period, or at scores, is not.
    """

    def __init__(self, contents: Contents, supplied: Iterable[str]) -> None:
        self.contents = contents
        self.supplied = tuple(table for table in _TABLES if table in set(supplied))
        self.measures = tuple(measure for measure in contents.measures.values() if self._counted(measure))
        self.needed = self._needed() if self.measures else frozenset[str]()
        self.rows: list[Mapping[str, object]] = []
        self.columns: CountedColumns | None = None  # the rows in columns, where they are

    def _counted(self, measure: Measure) -> bool:
        parts = [part for entry in self._within(measure) for part in walk(entry.value)]
        totals = [part for part in parts if isinstance(part, Aggregate)]
        of_time = any(
            isinstance(part, Previous | Streak) or (isinstance(part, Name) and part.home in ("scope", "scheme")) for part in parts
        )
        return bool(totals) and not of_time and all(
            total.over in (None, "ever") and total.of is None and set(total.sources) <= set(self.supplied) for total in totals
        )  # fmt: skip

    def _within(self, measure: Measure) -> Iterator[Measure]:
        """A measure and those that it reads."""
        waiting, seen = [measure.id], dict[str, None]()
        while waiting:
            id = waiting.pop()
            if id not in seen:
                seen[id] = None
                waiting += [part.id for part in walk(self.contents.measures[id].value) if isinstance(part, Name) and part.home == "measure"]
        return (self.contents.measures[id] for id in seen)

    def _needed(self) -> frozenset[str]:
        """Every fact that a measure may read of a case."""
        contents = self.contents
        sections: Mapping[str, Mapping[str, Entry]] = {
            "decisions": contents.decisions, "measures": contents.measures, "schemes": contents.schemes, "clocks": contents.clocks,
        }  # fmt: skip
        used: Iterable[Place] = reached(contents.used, [("measures", measure.id) for measure in self.measures])
        read = (part for section, id in used for expression in expressions(sections[section][id]) for part in walk(expression))
        dated = contents.tables["cases"].dated_by
        return OWNERS | spelt({part.id for part in read if isinstance(part, Name)}) | ({dated} if dated is not None else set())

    def take(self, facts: Mapping[str, object], decided: Iterable[tuple[str, object]]) -> None:
        """One case: its facts, and what was decided of it; what is recorded stands."""
        if self.needed:
            settled = {name: value for name, value in decided if value is not None and name in self.needed}
            self.rows.append(settled | {name: value for name, value in facts.items() if name in self.needed})

    def rates(
        self, book: Rulebook, others: Mapping[str, list[Mapping[str, Any]]], now: date | None, calendar: WorkCalendar | None
    ) -> tuple[tuple[Rates, ...], date | None]:
        """The measures of every centre, department and window, those with most cases first; and the day as of which they are."""
        if not self.measures:
            return (), None
        as_of = now if now is not None else self._last_day() if self.columns is None else self.columns.last_day()

        if self.columns is not None:
            within = {measure.id: tuple(self._within(measure)) for measure in self.measures}
            subjects = SubjectsOfRun(book, self.columns, self.supplied, within, now=as_of, calendar=calendar)
            try:
                return tuple(self._read(subjects, subjects.measured)), as_of
            finally:
                subjects.let_go()
        tables = {"cases": self.rows, **others}
        register = Register.of({table: list(tables.get(table, ())) for table in self.supplied}, self.contents)
        whole = Assessment(book, register, now=as_of, calendar=calendar)
        return tuple(self._read(whole, lambda measure, *of: whole.subject(*of).value(measure))), as_of

    def _last_day(self) -> date | None:
        days = (
            value.date() if isinstance(value, datetime) else value for row in self.rows for value in row.values() if isinstance(value, date)
        )
        return max(days, default=None)

    def _read(self, whole: Assessment, value: Callable[[Name, str, str, Period], Value]) -> Iterator[Rates]:
        """The measures of every subject that the records tell of: `value` is that of a measure for one of them."""
        period = EVER if whole.now is None else around(whole.now, "ever")
        for table in (WHOLE, "department", "window"):
            cases = Counter({id: _cases(whole, table, id, period) for id in whole.register.ids(table)})
            ids = cases.most_common(MOST_SUBJECTS)
            together = whole.register.everything if table == WHOLE and len(ids) > 1 else None
            if together is not None:
                ids.insert(0, (together, _cases(whole, table, together, period)))
            for id, count in ids:
                yield Rates(table, id, count, tuple(_rate(measure, value, table, id, period) for measure in self.measures))


def _cases(assessment: Assessment, table: str, id: str, period: Period) -> int:
    """How many cases are a subject's."""
    return sum(row.times for row, _ in assessment.records("cases", table, id, period))


def _rate(measure: Measure, value_of: Callable[[Name, str, str, Period], Value], table: str, id: str, period: Period) -> Rate:
    try:
        value = value_of(Name(measure.id, measure.value.type, "measure"), table, id, period)
    except GovServiceError as error:
        return Rate(measure.id, measure.label, None, None, None, (), measure.cite, error.what)
    needs = value.needs if isinstance(value, Unknown | Interval) else frozenset[str]()
    low, high = (reported(value.low), reported(value.high)) if isinstance(value, Interval) else (None, None)
    settled = None if isinstance(value, Unknown | Interval | Nothing) else reported(value)
    facts = tuple(sorted({need.rpartition(".")[2] for need in needs}))
    return Rate(measure.id, measure.label, settled, low, high, facts, measure.cite)
