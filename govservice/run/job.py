"""The main job itself: reads each table once, joins cases with their application and item, classifies, and reads the clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from govservice.case_facts import completed, decided_names, joined, workdays_of
from govservice.classify import Classification, classify
from govservice.clockwork.watch import Watch, on_the_clock, watch
from govservice.counting.asked import When, day_of
from govservice.errors import GovServiceError, Lang, RecordError, Words
from govservice.records import TABLES, Progress, Records, Row, SetAside
from govservice.records.reader import reason_of
from govservice.run.case_history import CaseHistories, Course
from govservice.run.dependencies import Deciding
from govservice.run.due_days import CLOSED, PROMISED, Dues, Spans, closing_clocks, dues_of, is_promised, where_nothing_is_promised
from govservice.run.provenance import as_text, described
from govservice.run.results import ApplicationResult, CaseResult, Classified, ItemResult, Run, SourceRead

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.rulebook import Rulebook

__all__ = ["run"]

_MOST_KINDS = 100_000  # of rows that are classified alike: more are not remembered
_Result = TypeVar("_Result")


def run(
    book: Rulebook,
    records: Records,
    *,
    on: date | None = None,
    accepted_on: date | None = None,
    now: When | None = None,
    calendar: WorkCalendar | None = None,
    lang: Lang = "en",
    progress: Progress | None = None,
) -> Run:
    """Work through a folder of records under a rulebook.

    Applications are classified; cases are classified with the facts of their application and item, and every clock is read with the
    pauses, extensions and stages of the case. A row of these that names no case of the records is set aside; where one of a case is set
    aside, the clocks that it might move have no due day.
    Items are reported as published, and where `accepted_on` is given, as if a case with complete materials were received and accepted
    that day.
    `on` is the day that dated rules are held against; left out, it is the day of receipt (what dates the table of cases), for an
    application that of its case. `now` is the day or moment that counts as today: it says what is overdue. `calendar` is China's unless
    given. A convention that the book does not state leaves open what depends on it, and no more.
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
    """
    return _Job(book, records, on, accepted_on, on_the_clock(now, calendar), calendar, progress).done(lang)


@dataclass
class _Job:
    book: Rulebook
    records: Records
    on: date | None
    accepted_on: date | None
    now: When | None
    calendar: WorkCalendar | None
    progress: Progress | None
    items: dict[str, Mapping[str, object]] = field(default_factory=dict)
    applications: dict[str, Row] = field(default_factory=dict)
    dated: dict[str, date] = field(default_factory=dict)
    aside: list[SetAside] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unread: dict[str, Counter[str]] = field(default_factory=dict)
    open_clocks: Counter[str] = field(default_factory=Counter)
    known: dict[Hashable, Classified] = field(default_factory=dict)
    spans: Spans = field(default_factory=dict)

    def done(self, lang: Lang) -> Run:
        contents = self.book.contents
        self.decided = decided_names(contents)
        self.deciding = Deciding(contents)
        self.closing = closing_clocks(contents)
        self.outcomes = tuple(contents.granting.get("application", {}))
        self.case_outcomes = tuple(contents.granting.get("cases", {}))
        self.histories = self._histories()
        items = tuple(self._results("items", self._item))
        for row in self._rows("applications"):
            self.applications[row.id] = row
        cases = tuple(self._results("cases", self._case))
        dues = [*(due for item in items for due in item.dues), *(due for case in cases for due in case.dues)]
        if not any(map(is_promised, dues)):
            items = tuple(replace(item, due=where_nothing_is_promised(item.due, item.dues, self.closing)) for item in items)
            cases = tuple(replace(case, due=where_nothing_is_promised(case.due, case.dues, self.closing)) for case in cases)
        self._find_homes({case.id for case in cases})
        applications = tuple(self._classified())
        self._tell("", 0, None)
        sources = tuple(
            SourceRead(table, source.file.name, source.encoding, self.counts[table]) for table, source in self.records.sources.items()
        )
        provenance = described(self.book, self.records, self.calendar, self.on, self.accepted_on, self.now)
        return Run(
            provenance, sources, self.outcomes, items, applications, cases, tuple(self.aside),
            {table: dict(columns) for table, columns in self.unread.items() if columns}, lang,
            dict(self.histories.unheard), dict(self.open_clocks), self.records.not_read, self.case_outcomes,
        )  # fmt: skip

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
        histories = CaseHistories(self.book.contents)
        for table, words in self.records.words.items():
            if words.of_a_case:
                histories.supplied |= {table} & self.records.sources.keys()
                self.aside.extend(histories.read(self._counted(table)))
        return histories

    def _find_homes(self, used: set[str]) -> None:
        """Put aside the rows of the course of cases that are not there."""
        known = {row.id for row in self.aside if row.table == "cases" and row.id is not None}
        self.aside.extend(self.histories.homeless(known, used))

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
            self.aside.append(SetAside(row.table, row.file, row.line, row.id, _field(error, row), reason_of(error), values))
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
        return dues_of(watch(asked, self.book, self.on or day, None, self.calendar, None).readings(), self.closing, self.spans)

    # -- applications and cases

    def _classified(self) -> Iterator[ApplicationResult]:
        for count, row in enumerate(self.applications.values(), 1):
            result = self._judged(row, self._application)
            if result is not None:
                yield result
            if count % 200 == 0:
                self._tell("applications", count, len(self.applications))

    def _application(self, row: Row) -> ApplicationResult:
        on = self.on or self.dated.get(row.id)
        self._dated(on, Words("no case of this application gives a day", "没有办件给出这件申请的日期"))
        return ApplicationResult(row.id, on, self._what(row.facts, on))

    def _case(self, row: Row) -> CaseResult:
        application, item = _text(row.facts.get("application")), _text(row.facts.get("item"))
        application_row = self.applications.get(application or "")
        facts = joined(row.facts, application_row.facts if application_row else {}, self.items.get(item or "", {}), self.decided)
        dated_by = self.book.contents.tables["cases"].dated_by
        dated = facts.get(dated_by or "")
        on = self.on or (dated if isinstance(dated, date) else None)
        if application is not None and isinstance(dated, date):
            self.dated.setdefault(application, dated)
        self._dated(on, Words(f"the case has no {dated_by}", f"办件没有{self._label(dated_by)}"), dated_by)
        course = self.histories.of(row)
        what = self._what(facts, on, course)
        watched = self._watched(facts, what, on, course)
        dues = self._dues(row, watched)
        closed = self._closed(facts, dues)
        missing = [f"application {application}"] if self._lost("applications", application, application_row) else []
        missing += [f"item {item}"] if self._lost("items", item, self.items.get(item or "")) else []
        return CaseResult(
            row.id, application, item, on, what, dues.main, dues.all, closed, tuple(missing), self._decided_of(row, watched)
        )  # fmt: skip

    def _watched(self, facts: Mapping[str, object], what: Classified, on: date | None, course: Course) -> Watch:
        settled: dict[str, object] = {}
        if "case_type" not in facts:  # else the clocks go by the type on record, and the other outcomes with it
            settled = {name: value for name, value in zip(self.outcomes, what.outcomes, strict=True) if isinstance(value, _SETTLED)}
        return watch({**settled, **facts}, self.book, on, self.now, self.calendar, course)

    def _decided_of(self, row: Row, watched: Watch) -> tuple[object, ...]:
        """What is decided about the case; nothing is, where rows of its course are set aside."""
        if row.id in self.histories.doubts:
            return (None,) * len(self.case_outcomes)
        settled = {name: value for outcome in watched.outcomes().values() for name, value in outcome.values.items()}
        return tuple(settled.get(name) for name in self.case_outcomes)

    def _dues(self, row: Row, watched: Watch) -> Dues:
        doubt = partial(self.histories.doubt, row.id) if row.id in self.histories.doubts else None
        dues = dues_of(watched.readings(), self.closing, self.spans, doubt)
        self.open_clocks.update(dues.open)
        return dues

    def _closed(self, facts: Mapping[str, object], dues: Dues) -> date | None:
        """The day the case was closed, if that was by now: as recorded, else when what stops the promised clock did."""
        closed, moment = facts.get(CLOSED), facts.get("closed_at")
        if closed is None and isinstance(moment, datetime):
            zone = self.calendar.zone if self.calendar is not None else None
            closed = (moment.astimezone(zone) if moment.tzinfo is not None and zone is not None else moment).date()
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
        if course:
            return self._cut_down(classify(facts, self.book, on=on, as_of=self.now, calendar=self.calendar, records=course))
        key = self.deciding.key(facts, on)
        classified = self.known.get(key)
        if classified is None:
            classified = self._cut_down(classify(facts, self.book, on=on, as_of=self.now, calendar=self.calendar))
            if len(self.known) < _MOST_KINDS:
                self.known[key] = classified
        return classified

    def _cut_down(self, done: Classification) -> Classified:
        return Classified(
            done.case_type, done.label, done.national_code, done.rule, done.cite, done.open, done.possible, done.undecided,
            tuple(done.outcomes.get(name) for name in self.outcomes), tuple(notice.title for notice in done.notices),
        )  # fmt: skip


_SETTLED = (str, bool, int, Decimal, date)


def _field(error: GovServiceError, row: Row) -> str | None:
    """The fact that is at fault, where the error is about one."""
    known = {names.id for names in TABLES.values()} | set(row.facts) | {"received_on"}
    return error.id if error.id in known else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
