"""The main job over tables in columns: what applications and cases come to, each decision and clock worked out once for rows alike.

What cannot be said in columns is left to the job, row by row: rows to which something happened, and rows that cannot be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from govservice.classify import CASE_TYPE, brief_of
from govservice.clockwork.course import read_history, without_rows
from govservice.clockwork.history import NO_HISTORY, History
from govservice.clockwork.main_clock import CLOSED, PROMISED
from govservice.records.rows import Row, SetAside
from govservice.records.sources import Sourced
from govservice.rules.meaning.kinds import eras
from govservice.rules.meaning.outcomes import settled_of
from govservice.run.columns.alike import Coded, Interned
from govservice.run.columns.counted import CountedColumns
from govservice.run.columns.desks import CLOCK, DECISION, NOTICES, TYPE, Desk, Failed
from govservice.run.columns.grouping import Filled, mapped_together
from govservice.run.columns.joined import JoinedFacts, Level
from govservice.run.columns.results import ApplicationColumns, CaseColumnsOfRun
from govservice.run.columns.tables import FactColumn, TableColumns, fact_columns, table_columns
from govservice.run.due_days import Dues, Spans, due_of, dues_of
from govservice.run.rates import OWNERS, Counting
from govservice.run.results import ApplicationResult, CaseResult, Classified, Due

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.clockwork.reading import ClockReading
    from govservice.counting.asked import When
    from govservice.rules.book.contents import Contents
    from govservice.rules.rulebook import Rulebook
    from govservice.run.case_history import CaseHistories

__all__ = ["JobInColumns", "OneByOne"]

_NOBODY: Final = -1


class OneByOne(Protocol):
    """The job that works through rows one by one."""

    book: Rulebook
    on: date | None
    now: When | None
    calendar: WorkCalendar | None
    decided: frozenset[str]
    histories: CaseHistories
    outcomes: tuple[str, ...]
    case_outcomes: tuple[str, ...]
    closing: tuple[str, ...]
    spans: Spans

    @property
    def records(self) -> Sourced:
        """Where the rows are."""
        ...

    def one_case(self, row: Row) -> CaseResult | SetAside:
        """What a case comes to, or why it is set aside."""
        ...

    def one_application(self, row: Row) -> ApplicationResult | SetAside:
        """What an application comes to, or why it is set aside."""
        ...

    def closed(self, facts: Mapping[str, object], dues: Dues) -> date | None:
        """The day a case was closed."""
        ...


@dataclass
class JobInColumns:
    """The applications and cases of a job in columns."""

    job: OneByOne
    applications: TableColumns
    cases: TableColumns
    items: Mapping[str, Mapping[str, object]]
    _desks: tuple[Desk, ...] = ()

    @classmethod
    def of(cls, job: OneByOne, cases: TableColumns, items: Mapping[str, Mapping[str, object]]) -> JobInColumns | None:
        """The tables of a job, its cases read already; None where they must be worked through one by one."""
        sources = job.records.sources
        applications = table_columns(job.records, "applications") if "applications" in sources else _no_rows()
        made = cls(job, applications, cases, items)
        return made if made.fits else None

    @property
    def contents(self) -> Contents:
        """The book's."""
        return self.job.book.contents

    # -- rows

    @cached_property
    def of_application(self) -> Any:
        """Where the application of each case is among the applications."""
        return _places(self.cases.facts.get("application"), self.applications.place, self.cases.size)

    @cached_property
    def of_item(self) -> Any:
        """Where the item of each case is among the items."""
        return _places(self.cases.facts.get("item"), {id: place for place, id in enumerate(self.items)}, self.cases.size)

    @cached_property
    def facts(self) -> JoinedFacts:
        """The facts of the cases."""
        items = Level(fact_columns(list(self.items.values())), self.of_item)
        levels = (Level(self.cases.facts), Level(self.applications.facts, self.of_application), items)
        return JoinedFacts(self.contents, self.cases.size, levels, self.job.decided)

    @cached_property
    def history(self) -> History:
        """What happened to a case to which nothing happened."""
        nothing = self.job.histories.of(Row("cases", "", 0, "", {}))
        return read_history({}, nothing, self.contents)

    @cached_property
    def fits(self) -> bool:
        """Whether the facts are facts and nothing else: none that the book does not know, none that may tell what happened to a case."""
        seen = self.contents.sight("cases")[0]
        if not seen.issuperset(self.facts.names) or any(isinstance(day, datetime) for day in self.days.values):
            return False
        nothing = self.job.histories.of(Row("cases", "", 0, "", {}))
        for name in self.facts.names:
            column = self.facts.fact(name) if name not in ("case", "application") else None
            kinds = {type(value): value for value in (column.values[1:] if column is not None else ())}
            for facts in ({name: value} for value in kinds.values()):
                if read_history(facts, nothing, self.contents) != self.history or without_rows(facts, self.contents) != facts:
                    return False
        return True

    @cached_property
    def apart(self) -> Any:
        """The cases to which something happened, or may have."""
        import numpy as np

        histories, cases = self.job.histories, self.cases
        apart = np.zeros(cases.size, dtype=bool)
        apart[list(cases.courses)] = True
        if histories.rows:
            apart |= np.fromiter((id in histories.rows for id in cases.ids), dtype=bool, count=cases.size)
        if histories.doubts:
            apart |= np.fromiter((bool(histories.doubts.of(id)) for id in cases.ids), dtype=bool, count=cases.size)
        for name, of in cases.unknown.items():
            if histories.may_tell(name):
                apart |= np.fromiter((of(row) is not None for row in range(cases.size)), dtype=bool, count=cases.size)
        return apart

    @cached_property
    def days(self) -> Coded:
        """The day that dates each case; None where the table has none."""
        import numpy as np

        dated = self.facts.fact(self.contents.tables["cases"].dated_by or "")
        if dated is None:
            return Coded(np.zeros(self.cases.size, dtype=np.int32), [None])
        return dated.mapped(lambda day: day if isinstance(day, date) else None, Interned())

    def _held_against(self, days: Coded) -> Coded:
        """The day that dated rules are held against."""
        import numpy as np

        return days if self.job.on is None else Coded(np.ones(len(days.codes), dtype=np.int32), [None, self.job.on])

    def _dated(self, days: Coded) -> Any:
        import numpy as np

        dated = np.array([day is not None or not self.job.book.dated for day in days.values], dtype=bool)
        return dated[days.codes]

    # -- applications

    def done_applications(self) -> tuple[ApplicationColumns, list[tuple[int, SetAside]]]:
        """What the applications come to, and those set aside, each by its place."""
        import numpy as np

        table = self.applications
        facts = JoinedFacts(self.contents, table.size, (Level(table.facts),))
        days, split = self._days_of_applications()
        on = self._held_against(days)
        rows = np.flatnonzero(~facts.spoilt & self._dated(on) & ~split)
        desk = self._desk(facts, rows, on, NO_HISTORY, granted=True)
        rows = rows[~self._failed(desk, rows, self._of_applications)]
        what = self._what(desk, rows, table.size)
        done = ApplicationColumns(table.ids, Filled.of(on, table.size), what)
        return done, self._one_by_one(table, rows, done, self.job.one_application)

    def _days_of_applications(self) -> tuple[Coded, Any]:
        """The first day that the cases of each application give, and the applications between whose days rules change."""
        import numpy as np

        size = self.applications.size
        given = ~self.facts.spoilt & (self.of_application != _NOBODY) & (self.days.codes > 0)
        of, codes = self.of_application[given], self.days.codes[given]
        known = sorted(day for day in self.days.values[1:])
        rank = {day: number for number, day in enumerate(known, 1)}
        ranks = np.array([0, *(rank[day] for day in self.days.values[1:])], dtype=np.int64)[codes]
        first, last = np.full(size, len(known) + 1, dtype=np.int64), np.zeros(size, dtype=np.int64)
        np.minimum.at(first, of, ranks)
        np.maximum.at(last, of, ranks)
        turns = eras(self.contents)
        era = np.array([0, *(sum(turn <= day for turn in turns) for day in known), 0], dtype=np.int64)
        split = (last > 0) & (era[np.where(last > 0, first, 0)] != era[last]) & (self.job.on is None)
        return Coded(np.where(last > 0, first, 0), [None, *known]), split

    def days_of(self, application: str) -> set[date]:
        """The days that the cases of an application give."""
        return self._all_days.get(self.applications.place[application], set())

    @cached_property
    def _all_days(self) -> dict[int, set[date]]:
        found: dict[int, set[date]] = {}
        days = self.days.values
        for of, spoilt, code in zip(self.of_application.tolist(), self.facts.spoilt.tolist(), self.days.codes.tolist(), strict=True):
            if not spoilt and of != _NOBODY and code:
                found.setdefault(of, set()).add(days[code])
        return found

    # -- cases

    def done_cases(self) -> tuple[CaseColumnsOfRun, list[tuple[int, SetAside]]]:
        """What the cases come to, and those set aside, each by its place."""
        import numpy as np

        size = self.cases.size
        on = self._held_against(self.days)
        rows = np.flatnonzero(~self.facts.spoilt & ~self.apart & self._dated(on))
        first = self._desk(self.facts, rows, on, self.history, granted=True)
        second = self._desk(self.facts, rows, on, self.history, settled=first)
        self._desks = (first, second)
        clocks = tuple(id for id, clock in self.contents.clocks.items() if clock.about in self.contents.chains["cases"])
        granted = self.contents.granting.get("cases", {})
        of_cases = [(DECISION, id) for id, decision in self.contents.decisions.items() if decision.about == "cases"]
        failed = self._failed(first, rows, self._of_applications)
        failed |= self._failed(second, rows, [*((CLOCK, id) for id in clocks), *of_cases])
        rows = rows[~failed]
        dues = self._dues(second, clocks, rows)
        outcomes = [Filled.of(_settled(second, granted[name], name), size) for name in self.job.case_outcomes]
        done = CaseColumnsOfRun(
            self.cases.ids, _texts(self.cases.facts.get("application"), size), _texts(self.cases.facts.get("item"), size),
            Filled.of(on, size), self._what(first, rows, size), dues, self._closed(dues, rows), self._missing(), outcomes,
            *(Filled.of(_text_only(self.facts.fact(name)), size) for name in ("department", "window")),
        )  # fmt: skip
        return done, self._one_by_one(self.cases, rows, done, self.job.one_case)

    def _one_by_one(self, table: TableColumns, rows: Any, done: Any, judge: Callable[[Row], Any]) -> list[tuple[int, SetAside]]:
        """Work out the rows that are not among these by themselves."""
        import numpy as np

        left = np.ones(table.size, dtype=bool)
        left[rows] = False
        out = ~left
        aside: list[tuple[int, SetAside]] = []
        for place in np.flatnonzero(left).tolist():
            result = judge(table.row(place))
            if isinstance(result, SetAside):
                aside.append((int(table.at[place]), result))
            else:
                done.put(place, result)
                out[place] = True
        done.keep(np.flatnonzero(out))
        return aside

    def count(self, counting: Counting, cases: CaseColumnsOfRun) -> None:
        """Have the measures count the cases."""
        counting.rows = []
        if counting.measures:
            counting.columns = CountedColumns(
                self.contents, cases, self.cases, self.applications, list(self.items.values()), (self.of_application, self.of_item),
                counting.needed, OWNERS, (self.job.outcomes, self.job.case_outcomes), self._known(cases.places),
            )  # fmt: skip

    def _known(self, places: Any) -> Callable[[str], Coded | None]:
        """What was worked out of an outcome; nothing where measures look at another day, or know less of what happened."""
        contents, job, desks = self.contents, self.job, self._desks
        alike = job.on is None and job.now is not None and not isinstance(job.now, datetime) and not self.history.supplied

        def known(name: str) -> Coded | None:
            for table, desk in zip(("application", "cases"), desks, strict=False):
                decision = contents.granting.get(table, {}).get(name)
                if decision is not None and alike:
                    column = desk.column(DECISION, decision)
                    worth = column.mapped(lambda one: None if isinstance(one, Failed) else one.values[name], Interned())
                    return Coded(worth.codes[places], worth.values)
            return None

        return known

    # -- what is worked out

    def _desk(
        self, facts: JoinedFacts, rows: Any, on: Coded, history: History, *, granted: bool = False, settled: Desk | None = None
    ) -> Desk:
        import numpy as np

        bare = {CASE_TYPE} if granted and CASE_TYPE in self.contents.granting.get("application", {}) else set[str]()
        asked = np.zeros(facts.size, dtype=np.int8)
        asked[rows] = 1
        return Desk(
            self.job.book, facts, Coded(asked, (False, True)), on, self.job.now, self.job.calendar, bare=frozenset(bare), settled=settled,
            history=history, whole=settled is not None,
        )  # fmt: skip

    @cached_property
    def _of_applications(self) -> list[tuple[str, str]]:
        decisions = [(DECISION, id) for id, decision in self.contents.decisions.items() if decision.about == "application"]
        return [*decisions, TYPE, NOTICES]

    def _failed(self, desk: Desk, rows: Any, places: Sequence[tuple[str, str]]) -> Any:
        """Which of the rows cannot be judged."""
        import numpy as np

        failed = np.zeros(len(rows), dtype=bool)
        for place in places:
            wrong = desk.failed(place)
            if wrong.same != 0:
                failed |= wrong.codes[rows] > 0
        return failed

    def _what(self, desk: Desk, rows: Any, size: int) -> Filled:
        """What each row is."""
        contents, outcomes = self.contents, self.job.outcomes
        granted = contents.granting.get("application", {})
        deciding = granted.get(CASE_TYPE)

        def brief(one: Any) -> Any:
            if isinstance(one, Failed):
                return None
            settled = settled_of(one) if deciding is not None else {}
            own, case_type = (one, settled.get(CASE_TYPE)) if deciding is not None else (None, one.case_type)
            told = brief_of(contents, own, case_type, settled)
            choice = told.choice
            return (
                told.case_type, choice.label if choice else None, told.national_code, told.rule, told.cite, told.open, told.possible,
                told.undecided,
            )  # fmt: skip

        def titles(one: Any) -> Any:
            return None if isinstance(one, Failed) else tuple(contents.notices[id].title for id in one)

        kind = desk.column(*(TYPE if deciding is None else (DECISION, deciding))).mapped(brief, Interned())
        columns = [
            kind, *(_settled(desk, granted[name], name) for name in outcomes), desk.column(*NOTICES).mapped(titles, Interned()),
        ]  # fmt: skip
        return mapped_together(columns, rows, size, _classified)

    def _dues(self, desk: Desk, clocks: Sequence[str], rows: Any) -> Filled:
        """The clocks of each case as they are reported, and the one that says when it is due."""
        due = partial(_due_once, {}, self.job.spans)
        columns = [
            desk.column(CLOCK, id).mapped(partial(self._reading, id in self.job.closing or id == PROMISED, {}), _Once()) for id in clocks
        ]

        def work(*readings: ClockReading | None) -> Dues:
            return dues_of([reading for reading in readings if reading is not None], self.job.closing, due)

        return mapped_together(columns, rows, self.cases.size, work)

    @staticmethod
    def _reading(whole: bool, opened: dict[None, Any], one: Any) -> Any:
        """The reading of a clock, where anything of it may be reported."""
        if isinstance(one, Failed) or one.applies is False:
            return None
        reading = one.reading
        if whole or reading.notes:
            return reading
        if one.applies is None:
            return opened.setdefault(None, reading)
        return reading if one.begins or one.due is not None else None

    def _closed(self, dues: Filled, rows: Any) -> Filled:
        """The day on which each case was closed."""
        import numpy as np

        size = self.cases.size
        recorded = _or_nothing(self.facts.fact(CLOSED), size)
        stopped = Coded(np.where(recorded.codes > 0, 0, dues.codes), dues.values)
        none = Dues(None, (), ())
        return mapped_together([recorded, stopped], rows, size, lambda day, of: self.job.closed({CLOSED: day}, of or none))

    def _missing(self) -> Filled:
        """The application and the item that a case names and the records do not have."""
        import numpy as np

        made = Filled(self.cases.size)
        made.values.append(())
        made.codes[:] = 1
        lost = np.zeros(self.cases.size, dtype=bool)
        named = {}
        for name, table, of in (("application", "applications", self.of_application), ("item", "items", self.of_item)):
            column = self.cases.facts.get(name)
            if column is not None and table in self.job.records.sources:
                named[name] = (column, of)
                lost |= of == _NOBODY
        for row in np.flatnonzero(lost).tolist():
            missing = tuple(
                f"{name} {id}" for name, (column, of) in named.items() if of[row] == _NOBODY and isinstance(id := column.at(row), str)
            )
            if missing:
                made.put(row, missing)
        return made


def _no_rows() -> TableColumns:
    import numpy as np

    nothing = np.zeros(0, dtype=np.int64)
    return TableColumns("applications", "", [], nothing, nothing, {}, [], {}, frozenset(), 0)


def _places(column: FactColumn | None, place: Mapping[str, int], size: int) -> Any:
    """Where what each row names is; -1 where it names nothing that is there."""
    import numpy as np

    if column is None:
        return np.full(size, _NOBODY, dtype=np.int64)
    if column.texts is not None:
        return np.fromiter((place.get(id, _NOBODY) for id in column.texts.to_list()), dtype=np.int64, count=size)
    coded = column.coded
    return np.array([_NOBODY, *(place.get(id, _NOBODY) if isinstance(id, str) else _NOBODY for id in coded.values[1:])])[coded.codes]


def _or_nothing(column: Coded | None, size: int) -> Coded:
    import numpy as np

    return column if column is not None else Coded(np.zeros(size, dtype=np.int32), [None])


def _texts(column: FactColumn | None, size: int) -> list[str | None]:
    """What rows name, where it is a text."""
    return [value if isinstance(value, str) else None for value in column.list()] if column is not None else [None] * size


def _text_only(column: Coded | None) -> Coded | None:
    return None if column is None else column.mapped(lambda value: value if isinstance(value, str) else None, Interned())


def _settled(desk: Desk, decision: str, name: str) -> Coded:
    """What is settled of an outcome, as it is reported."""
    return desk.column(DECISION, decision).mapped(lambda one: None if isinstance(one, Failed) else settled_of(one).get(name), Interned())


class _Once(Interned):
    """Readings by number, each by itself."""

    def number(self, value: Any) -> int:
        key = id(value)
        if value is None:
            return 0
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.values)
            self.values.append(value)
        return number


def _due_once(known: dict[int, Due], spans: Spans, reading: ClockReading) -> Due:
    """What is reported of a reading, worked out once; readings are kept by whoever asks."""
    due = known.get(id(reading))
    if due is None:
        due = known[id(reading)] = due_of(reading, spans)
    return due


def _classified(told: tuple[Any, ...], *others: Any) -> Classified:
    """What a row is, of what is told of its type, its other outcomes, and the notices owed."""
    case_type, label, code, rule, cite, open_, possible, undecided = told
    return Classified(case_type, label, code, rule, cite, open_, possible, undecided, others[:-1], others[-1])
