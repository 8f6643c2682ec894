"""The main job itself: reads each table once, joins cases with their application and item, classifies, and reads the clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sized
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from govservice.case_facts import completed, decided_names, joined, workdays_of
from govservice.classify import applied, in_brief
from govservice.clockwork.course import Course
from govservice.clockwork.main_clock import CLOSED, PROMISED, closing_clocks, is_promised, where_nothing_is_promised
from govservice.clockwork.watch import Watch, on_the_clock, watch
from govservice.counting.asked import When, day_of
from govservice.doors import CALENDAR, DATE, LANGUAGE, TOLD, optional, takes
from govservice.errors import GovServiceError, Lang, RecordError, Words
from govservice.notices import notices_owed
from govservice.reading import as_day, why_spoilt
from govservice.records import TABLES, GivenRecords, Progress, Records, Row, SetAside, records_of
from govservice.records.reader import reason_of
from govservice.records.sources import RowSource
from govservice.rules.book.dependencies import Place
from govservice.rules.language.values import GAP
from govservice.rules.meaning.kinds import Kinds
from govservice.rules.meaning.lists import Lists
from govservice.rules.meaning.tables import is_open
from govservice.rules.rulebook import AnyBook, book_of
from govservice.run.case_history import CaseHistories
from govservice.run.dependencies import Deciding
from govservice.run.due_days import Dues, Spans, due_of, dues_of
from govservice.run.provenance import as_text, described
from govservice.run.rates import Counting
from govservice.run.results import ApplicationResult, CaseResult, Classified, ItemResult, Rates, Run, SourceRead

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.clockwork.reading import ClockReading
    from govservice.rules.rulebook import Rulebook
    from govservice.run.columns.tables import TableColumns
    from govservice.run.columns.worked import JobInColumns
    from govservice.run.results import Due

__all__ = ["Afresh", "run", "run_afresh"]

_MANY = 1_000  # cases, from which on columns are worth their packages
_MOST_KINDS = 100_000  # of rows that are classified alike: more are not remembered
_Result = TypeVar("_Result")


@takes(
    on=optional(DATE), accepted_on=optional(DATE), calendar=optional(CALENDAR), lang=LANGUAGE,
    progress=optional(TOLD),
)  # fmt: skip
def run(
    book: AnyBook,
    records: Records | GivenRecords | Mapping[str, Any] | str | Path,
    *,
    on: date | str | None = None,
    accepted_on: date | str | None = None,
    now: When | str | None = None,
    calendar: WorkCalendar | None = None,
    lang: Lang = "en",
    progress: Progress | None = None,
) -> Run:
    """Work through records under a rulebook: a folder (its path, or `read_records`), or rows by table.

    Rows by table are a mapping from "items", "applications", "cases", "pauses" .. to lists, iterators or frames (Polars, pandas, PyArrow)
    of mappings or models; each row comes to what the same row in a file does. A row is numbered from 1.

    Applications are classified; cases are classified with the facts of their application and item, and every clock is read with the
    pauses, extensions and stages of the case. A row of these that names no case of the records is set aside; where one of a case is set
    aside, the clocks that it might move have no due day.
    Items are reported as published, and where `accepted_on` is given, as if a case with complete materials were received and accepted
    that day.
    `on` is the day that dated rules are held against; left out, it is the day of receipt (what dates the table of cases), for an
    application the first of its cases'. `now` is the day or moment that counts as today: it says what is overdue. `calendar` is China's
    unless given. A convention that the book does not state leaves open what depends on it, and no more.
    A row that cannot be judged (a conflict of rules, a day outside the calendar, no day for dated rules) is set aside with the reason.
    A limit given as a number of working days (承诺工作日数) counts as that limit. Moments without an offset are local to the calendar.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from govservice import load_rulebook
    >>> from govservice.records import read_records
    >>> book = load_rulebook("kunshan")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     text = "办件编号,收件日,材料补齐日,中心认定急办,审批部门数,承诺工作日数\\nC1,2026-02-13,2026-02-13,是,1,5\\n"
    ...     _ = (Path(folder) / "cases.csv").write_text(text, encoding="utf-8")
    ...     done = run(book, read_records(folder, book=book))
    >>> done.cases[0].what.label, done.cases[0].due.due_on
    ('急办件', datetime.date(2026, 2, 27))
    >>> case = {"case": "C1", "received_on": date(2026, 2, 13), "accepted_on": date(2026, 2, 13), "promised_days": 5}
    >>> run("kunshan", {"cases": [case]}).cases[0].on
    datetime.date(2026, 2, 13)
    """
    book = book_of(book)
    given = records_of(records, book, progress, zone=None if calendar is None else calendar.tz)
    return _Job(book, given, _day(on), _day(accepted_on), on_the_clock(now, calendar), calendar, progress).done(lang)


class Afresh(NamedTuple):
    """A run in which what the book decides was decided again wherever it could be, whatever the records hold.

    `recomputed` are by case the recorded outcomes that were set aside for that, `as_recorded` counts by name those that had to stand.
    """

    run: Run
    recomputed: Mapping[str, frozenset[str]]
    as_recorded: Mapping[str, int]


def run_afresh(
    book: Rulebook,
    records: Mapping[str, Any],
    *,
    on: date | None = None,
    now: When | None = None,
    calendar: WorkCalendar | None = None,
    progress: Progress | None = None,
) -> Afresh:
    """As `run`, on rows by table; a recorded outcome stands only where the facts that would decide it are not given."""
    read = records_of(records, book, progress, zone=None if calendar is None else calendar.tz)
    job = _Job(book, read, on, None, on_the_clock(now, calendar), calendar, progress, afresh=True)
    return Afresh(job.done("en"), job.recomputed, dict(job.as_recorded))


def _day(given: date | str | None) -> date | None:
    day: date | None = as_day(given)
    return day.date() if isinstance(day, datetime) else day


class _WholeCase(NamedTuple):
    """What a case came to: its clocks as they are reported, and what is decided about it."""

    dues: Dues
    decided: tuple[object, ...]


class _CasesRead:
    """The cases of some records, read where they are asked for; their numbers are in it.

    It knows of no job: what knew each other would hold a database open.
    """

    def __init__(self, records: Records | GivenRecords, *, in_columns: bool) -> None:
        self._records, self._in_columns = records, in_columns

    @cached_property
    def columns(self) -> TableColumns | None:
        """The cases in columns, where these are many and the packages for it are there."""
        source = self._records.sources.get("cases")
        if not self._in_columns or source is None or _rows_of(source) < _MANY:
            return None
        if find_spec("polars") is None or find_spec("numpy") is None:
            return None
        from govservice.run.columns.tables import table_columns

        return table_columns(self._records, "cases")

    def __contains__(self, number: object) -> bool:
        return number in (self._records.ids("cases") if self.columns is None else self.columns.known)


@dataclass
class _Job:
    book: Rulebook
    records: Records | GivenRecords
    on: date | None
    accepted_on: date | None
    now: When | None
    calendar: WorkCalendar | None
    progress: Progress | None
    items: dict[str, Mapping[str, object]] = field(default_factory=dict)
    applications: Mapping[str, Row] = field(default_factory=dict)
    dated: dict[str, set[date]] = field(default_factory=dict)  # by application: the days that its cases give
    aside: list[SetAside] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unread: dict[str, Counter[str]] = field(default_factory=dict)
    open_clocks: Counter[str] = field(default_factory=Counter)
    known: dict[Hashable, Classified] = field(default_factory=dict)
    spans: Spans = field(default_factory=dict)
    afresh: bool = False
    recomputed: dict[str, frozenset[str]] = field(default_factory=dict)
    as_recorded: Counter[str] = field(default_factory=Counter)
    columns: JobInColumns | None = None

    def done(self, lang: Lang) -> Run:
        contents = self.book.contents
        self.decided = decided_names(contents)
        self.deciding = Deciding(contents)
        self.kinds = Kinds(contents)
        self.closing = closing_clocks(contents)
        self.outcomes = tuple(contents.granting.get("application", {}))
        self.case_outcomes = tuple(contents.granting.get("cases", {}))
        chain = contents.chains["cases"]
        self.about_cases: tuple[Place, ...] = (
            *(("clocks", id) for id, clock in contents.clocks.items() if clock.about in chain),
            *(("decisions", id) for id, decision in contents.decisions.items() if decision.about == "cases"),
        )
        self.cases_read = _CasesRead(self.records, in_columns=not self.afresh)
        self.histories = self._histories()
        self.histories.lists = self._lists()
        self.alone = (
            Course({}, {}, self.histories.lists) if self.histories.lists is not None else None
        )  # nothing happened, but lists are there
        homes = {self.records.words[name].table for name in self.records.sources}
        self.counting = Counting(contents, homes)
        items = tuple(self._results("items", self._item))
        columns = self._in_columns()
        if columns is not None:
            return self._done_in_columns(columns, items, lang)
        self.applications = {row.id: replace(row, unread={}) for row in self._rows("applications")}  # all are held at once: no more
        cases = tuple(self._results("cases", self._case))
        dues = [*(due for item in items for due in item.dues), *(due for case in cases for due in case.dues)]
        if not any(map(is_promised, dues)):
            items = self._again(items)
            cases = tuple(replace(case, due=where_nothing_is_promised(case.due, case.dues, self.closing)) for case in cases)
        self._find_homes({case.id for case in cases})
        applications = tuple(self._classified())
        self._show_unread("applications")
        return Run(applications=applications, cases=cases, **self._described(items, lang))

    def _again(self, items: tuple[ItemResult, ...]) -> tuple[ItemResult, ...]:
        """The items of a centre that promises nothing, by the clock that is the first to end."""
        return tuple(replace(item, due=where_nothing_is_promised(item.due, item.dues, self.closing)) for item in items)

    def _described(self, items: tuple[ItemResult, ...], lang: Lang) -> dict[str, Any]:
        """What a run says beside its applications and cases."""
        self._tell("", 0, None)
        sources = tuple(
            SourceRead(table, source.name, source.encoding, self.counts[table], source.ended)
            for table, source in self.records.sources.items()
        )
        rates, as_of = self._rates()
        provenance = described(self.book, self.records, self.calendar, self.on, self.accepted_on, self.now)
        return {
            "ran": provenance, "sources": sources, "outcome_names": self.outcomes, "items": items, "set_aside": tuple(self.aside),
            "unread": {table: dict(columns) for table, columns in self.unread.items() if columns}, "lang": lang,
            "unheard": dict(self.histories.unheard), "open_clocks": dict(self.open_clocks), "not_read": self.records.not_read,
            "case_outcome_names": self.case_outcomes, "rates": rates, "rates_as_of": as_of, "_read_from": self.records.folder,
        }  # fmt: skip

    # -- in columns

    def _in_columns(self) -> JobInColumns | None:
        """The applications and cases in columns, where columns say all that they say."""
        if self.histories.lists is not None or self.cases_read.columns is None:
            return None
        from govservice.run.columns.worked import JobInColumns

        return JobInColumns.of(self, self.cases_read.columns, self.items)

    def _done_in_columns(self, columns: JobInColumns, items: tuple[ItemResult, ...], lang: Lang) -> Run:
        """The run, of applications and cases in columns."""
        from govservice.run.columns.results import RunInColumns

        self.columns = columns
        for table, read in (("applications", columns.applications), ("cases", columns.cases)):
            if table in self.records.sources:
                self.counts[table] = read.count
                self.unread[table] = Counter(read.unread)
        self.aside += (aside for _, aside in columns.applications.aside)
        self.applications = columns.applications.by_id
        cases, aside = columns.done_cases()
        self.aside += (each for _, each in sorted((*columns.cases.aside, *aside), key=lambda each: each[0]))
        self.open_clocks.update(cases.open_clocks())
        dues = chain((due for item in items for due in item.dues), cases.all_dues())
        if not any(map(is_promised, dues)):
            items = self._again(items)
            cases.due_again(lambda dues: dues._replace(main=where_nothing_is_promised(dues.main, dues.all, self.closing)))
        self._find_homes(set(cases.ids))
        applications, aside = columns.done_applications()
        self.aside += (each for _, each in aside)
        self._show_unread("applications")
        columns.count(self.counting, cases)
        told = self._described(items, lang)
        self.columns = self.counting.columns = None  # they know this job: else a database would be held until that is found out
        return Run.in_columns(RunInColumns(applications, cases), **told)

    def one_case(self, row: Row) -> CaseResult | SetAside:
        """What a case comes to by itself, or why it is set aside."""
        return self._alone(row, self._case)

    def one_application(self, row: Row) -> ApplicationResult | SetAside:
        """What an application comes to by itself, or why it is set aside."""
        row = replace(row, unread={})
        if self.columns is not None:
            self.dated.setdefault(row.id, set()).update(self.columns.days_of(row.id))
        return self._alone(row, self._application)

    def _alone(self, row: Row, judge: Callable[[Row], _Result]) -> _Result | SetAside:
        result = self._judged(row, judge)
        return self.aside.pop() if result is None else result

    def _rates(self) -> tuple[tuple[Rates, ...], date | None]:
        """The measures of the book over the rows that were used."""
        applications = [row.facts for row in self.applications.values()] if self.counting.columns is None else []
        others = {"item": list(self.items.values()), "application": applications}
        now = day_of(self.now) if self.now is not None else None
        return self.counting.rates(self.book, others, now, self.calendar)

    # -- rows

    def _counted(self, table: str) -> Iterator[Row | SetAside]:
        """Every row; columns that no fact is known for are counted."""
        unread = self.unread.setdefault(table, Counter())
        for row in self.records.rows(table):
            self.counts[table] += 1
            if isinstance(row, Row):
                unread.update(row.unread.keys())
            yield row

    def _rows(self, table: str) -> Iterator[Row]:
        """The rows that could be read; the others are put aside."""
        for row in self._counted(table):
            if isinstance(row, SetAside):
                self.aside.append(row)
            else:
                yield row

    def _histories(self) -> CaseHistories:
        histories = CaseHistories(self.book.contents, self.cases_read, self.records.sources, self.records.not_read)
        for table, words in self.records.words.items():
            if words.of_a_case:
                histories.supplied |= {table} & self.records.sources.keys()
                self.aside.extend(histories.read(self._counted(table)))
        return histories

    def _lists(self) -> Lists | None:
        """The tables that the book looks into as lists; None where it has none."""
        contents = self.book.contents
        if not contents.list_tables:
            return None
        names = {words.table: records for records, words in self.records.words.items()}
        tables: dict[str, list[Mapping[str, object]]] = {}
        lost: dict[str, list[str | None]] = {}
        for table in sorted(contents.list_tables & names.keys()):
            records = names[table]
            if records not in self.records.sources:
                continue
            apart = records not in TABLES and not self.records.words[records].of_a_case  # read nowhere else
            for row in self._counted(records) if apart else self.records.rows(records):
                if isinstance(row, Row):
                    tables.setdefault(table, []).append(row.facts)
                    continue
                lost.setdefault(table, []).append(None if why_spoilt(row.id) else row.id)  # what a spoilt one named nobody knows
                self.aside.extend((row,) if apart else ())
            tables.setdefault(table, [])
        return Lists(contents, tables, lost)

    def _find_homes(self, used: set[str]) -> None:
        """Put aside the rows of the course of cases that are not there."""
        known = {row.id for row in self.aside if row.table == "cases" and row.id is not None}
        self.aside.extend(self.histories.homeless(known, used))

    def _show_unread(self, table: str) -> None:
        """Say of the rows set aside late what else stood in them: the file is read again, where there are any."""
        late = {row.line: number for number, row in enumerate(self.aside) if row.table == table}
        for row in self.records.rows(table) if late else ():
            if isinstance(row, Row) and row.line in late and row.unread:
                aside = self.aside[late[row.line]]
                more = {name: as_text(value) for name, value in row.unread.items()}
                self.aside[late[row.line]] = replace(aside, row={**aside.row, **more})

    def _results(self, table: str, judge: Callable[[Row], _Result]) -> Iterator[_Result]:
        for row in self._rows(table):
            result = self._judged(row, judge)
            if result is not None:
                yield result

    def _judged(self, row: Row, judge: Callable[[Row], _Result]) -> _Result | None:
        """What the row comes to; one that cannot be judged is set aside."""
        try:
            return judge(row)
        except GovServiceError as error:
            values = {name: as_text(value) for name, value in (*row.facts.items(), *dict(row.unread).items())}
            field = _field(error, row)
            labels = self.book.contents.labels_of((field or "",), "cases")
            self.aside.append(SetAside(row.table, row.file, row.line, row.id, field, reason_of(error), values, labels))
            return None

    def _tell(self, what: str, done: int, total: int | None) -> None:
        if self.progress is not None:
            self.progress(what, done, total)

    # -- items

    def _item(self, row: Row) -> ItemResult:
        facts = completed(row.facts)
        self.items[row.id] = row.facts
        column = self.book.contents.column("item", "case_type")
        given = facts.get("case_type")
        choice = column.type.choice(given) if column is not None and isinstance(given, str) else None
        lacks = tuple(name for name in ("case_type", "promised_limit", "statutory_limit") if name not in facts)
        dues = self._if_accepted(facts) if self.accepted_on is not None else Dues(None, (), ())
        return ItemResult(
            row.id, _text(facts.get("item_name")), _text(facts.get("department")),
            choice.name if choice else None, choice.label if choice else None, choice.code if choice else None,
            workdays_of(facts, "promised_days"), workdays_of(facts, "statutory_days"), lacks, dues.main, dues.all,
        )  # fmt: skip

    def _if_accepted(self, facts: Mapping[str, object]) -> Dues:
        """The clocks of a case of this item, received and accepted with complete materials on the day asked for."""
        day = self.accepted_on
        asked = dict(facts) | {"received_on": day, "materials_completed_on": day, "accepted_on": day}
        return dues_of(watch(asked, self.book, self.on or day, None, self.calendar, self.alone).readings(), self.closing, self._due)

    def _due(self, reading: ClockReading) -> Due:
        return due_of(reading, self.spans)

    # -- applications and cases

    def _classified(self) -> Iterator[ApplicationResult]:
        for count, row in enumerate(self.applications.values(), 1):
            result = self._judged(row, self._application)
            if result is not None:
                yield result
            if count % 200 == 0:
                self._tell("applications", count, len(self.applications))

    def _application(self, row: Row) -> ApplicationResult:
        on = self.on or self._day_of(row)
        self._dated(on, Words("no case of this application gives a day", "没有办件给出这件申请的日期"))
        return ApplicationResult(row.id, on, self._what(row.facts, on))

    def _day_of(self, row: Row) -> date | None:
        """The first day that its cases give. Raises RecordError where something comes into force between these, or goes out of it."""
        days = sorted(self.dated.get(row.id, ()))
        if len({self.deciding.era(day) for day in days}) > 1:
            listed = ", ".join(map(str, days[:10]))
            raise RecordError(
                Words(
                    f"the cases of this application give several days, and rules change between them: {listed}",
                    f"这件申请的办件日期不一，其间规则有变：{listed}",
                ),
                hint=Words("give one day for all: --on DATE (on=)", "可用 --on（on=）统一给出日期"),
                id="received_on",
            )
        return days[0] if days else None

    def _case(self, row: Row) -> CaseResult:
        application, item = _text(row.facts.get("application")), _text(row.facts.get("item"))
        application_row = self.applications.get(application or "")
        facts = joined(row.facts, application_row.facts if application_row else {}, self.items.get(item or "", {}), self.decided)
        dated_by = self.book.contents.tables["cases"].dated_by
        dated = facts.get(dated_by or "")
        on = self.on or (dated if isinstance(dated, date) else None)
        if application is not None and isinstance(dated, date):
            self.dated.setdefault(application, set()).add(dated)
        self._dated(on, Words(f"the case has no {dated_by}", f"办件没有{self._label(dated_by)}"), dated_by)
        course = self.histories.of(row)
        if self.afresh:
            facts = self._to_be_decided(row.id, facts, on, course)
        what = self._what(facts, on, course)
        whole = self._whole_case(facts, what, on, course)
        dues, decided = whole
        self.open_clocks.update(dues.open)
        closed = self.closed(facts, dues)
        missing = [f"application {application}"] if self._lost("applications", application, application_row) else []
        of_application = zip(self.outcomes, what.outcomes, strict=True)
        self.counting.take(row.facts, (*of_application, *zip(self.case_outcomes, decided, strict=True)))
        missing += [f"item {item}"] if self._lost("items", item, self.items.get(item or "")) else []
        return CaseResult(
            row.id, application, item, on, what, dues.main, dues.all, closed, tuple(missing), decided,
            _text(facts.get("department")), _text(facts.get("window")),
        )  # fmt: skip

    def _to_be_decided(self, case: str, facts: Mapping[str, object], on: date | None, course: Course) -> dict[str, object]:
        """The facts without the recorded outcomes that they decide themselves."""
        recorded = {*self.outcomes, *self.case_outcomes} & facts.keys()
        if not recorded:
            return dict(facts)
        bare = {name: value for name, value in facts.items() if name not in recorded}
        subject = applied(bare, self.book, on=on, as_of=self.now, calendar=self.calendar, records=course, kinds=self._kinds_of(course))
        watched = self._watched(self._with_outcomes(bare, self._what(bare, on, course)), on, course)
        settled = set() if in_brief(subject).open else {"case_type"}
        for table, found in (("application", subject), ("cases", watched.subject)):
            for name in recorded & self.book.contents.granting.get(table, {}).keys():
                value = found.verdict(self.book.contents.granting[table][name]).values[name]
                settled |= {name} if value != GAP and not is_open(value) else set()  # what no rule says is to be recorded
        self.recomputed[case] = frozenset(recorded & settled)
        self.as_recorded.update(recorded - settled)
        return {name: value for name, value in facts.items() if name not in self.recomputed[case]}

    def _with_outcomes(self, facts: Mapping[str, object], what: Classified) -> Mapping[str, object]:
        """The facts with what is settled about the application; where its type is on record the clocks go by that, and by what else is."""
        if "case_type" in facts:
            return facts
        return {**{name: value for name, value in zip(self.outcomes, what.outcomes, strict=True) if isinstance(value, _SETTLED)}, **facts}

    def _watched(self, facts: Mapping[str, object], on: date | None, course: Course) -> Watch:
        return watch(facts, self.book, on, self.now, self.calendar, course, self._kinds_of(course))

    def _kinds_of(self, course: Course | None) -> Kinds:
        """What cases share to which as much happened: where nothing did, what they say is all there is to them."""
        return self.kinds if course is not None and course.tells else self.kinds.where_nothing_happened(tuple(course or ()))

    def _whole_case(self, facts: Mapping[str, object], what: Classified, on: date | None, course: Course) -> _WholeCase:
        """The clocks of a case, and what is decided about it."""
        watched = self._watched(self._with_outcomes(facts, what), on, course)

        def work() -> _WholeCase:
            dues = dues_of(watched.readings(), self.closing, self._due)
            settled = watched.settled()
            return _WholeCase(dues, tuple(settled.get(name) for name in self.case_outcomes))

        return self._kinds_of(course).of_whole("a case", self.about_cases, watched.subject, work) if not watched.history.notes else work()

    def closed(self, facts: Mapping[str, object], dues: Dues) -> date | None:
        """The day the case was closed, if that was by now: as recorded, else when what stops the promised clock did."""
        closed = facts.get(CLOSED)
        if closed is None:
            stopped = next((due.stopped for due in dues.all if due.clock == PROMISED and due.applies), None)
            closed = day_of(stopped) if stopped is not None else None
        return closed if isinstance(closed, date) and (self.now is None or closed <= day_of(self.now)) else None

    def _label(self, fact: str | None) -> str:
        column = self.book.contents.column("cases", fact or "")
        return (column.label if column else None) or fact or ""

    def _dated(self, on: date | None, why: Words, field: str | None = None) -> None:
        if on is None and self.book.dated:
            raise RecordError(
                Words("the rulebook has dated rules, and the day is unknown", "规则有起止日期，而不知按哪一天"),
                why=why,
                hint=Words("give one day for all: --on DATE (on=)", "可用 --on（on=）统一给出日期"),
                id=field,
            )

    def _lost(self, table: str, id: str | None, record: object) -> bool:
        return id is not None and record is None and table in self.records.sources

    def _what(self, facts: Mapping[str, object], on: date | None, course: Course | None = None) -> Classified:
        """What a row is; rows that agree in every fact that can matter, and to which nothing happened, are classified once."""
        if course is not None and course.tells:
            return self._classify(facts, on, course)
        course = self.alone if course is None else course
        key = (self.deciding.key(facts, on), tuple(course or ()))  # with the tables that were read and hold nothing of it
        classified = self.known.get(key)
        if classified is None:
            classified = self._classify(facts, on, course)
            if len(self.known) < _MOST_KINDS:
                self.known[key] = classified
        return classified

    def _classify(self, facts: Mapping[str, object], on: date | None, course: Course | None) -> Classified:
        subject = applied(facts, self.book, on=on, as_of=self.now, calendar=self.calendar, records=course, kinds=self._kinds_of(course))
        done = in_brief(subject)
        return Classified(
            done.case_type, done.choice.label if done.choice else None, done.national_code, done.rule, done.cite, done.open, done.possible,
            done.undecided, tuple(done.outcomes.get(name) for name in self.outcomes), tuple(one.title for one in notices_owed(subject)),
        )  # fmt: skip


def _rows_of(source: RowSource) -> int:
    """About how many rows a table has; many where that is not known."""
    given = getattr(source, "given", None)
    return source.rows if source.rows is not None else len(given) if isinstance(given, Sized) else _MANY


_SETTLED = (str, bool, int, Decimal, date)


def _field(error: GovServiceError, row: Row) -> str | None:
    """The fact that is at fault, where the error is about one."""
    known = {names.id for names in TABLES.values()} | set(row.facts) | {"received_on"}
    return error.id if error.id in known else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
