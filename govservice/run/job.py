"""The main job itself: reads each table once, joins cases with their application and item, classifies, and reads the clocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar, cast

from govservice.classify import Classification, classify
from govservice.deadlines import ClockReading, clocks
from govservice.errors import GovServiceError, Lang, RecordError, Words
from govservice.records import TABLES, Progress, Records, Row, SetAside
from govservice.records.reader import reason_of
from govservice.rules.expressions.shapes import Name
from govservice.run.joining import completed, decided_names, joined, workdays_of
from govservice.run.results import ApplicationResult, CaseResult, Due, ItemResult, Ran, Run, SourceRead, WhatItIs

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.contents import Contents
    from govservice.rules.rulebook import Rulebook

__all__ = ["run"]

PROMISED = "promised"
CLOSED = "closed_on"
_Result = TypeVar("_Result")


def run(
    book: Rulebook,
    records: Records,
    *,
    on: date | None = None,
    accepted_on: date | None = None,
    now: date | None = None,
    calendar: WorkCalendar | None = None,
    lang: Lang = "en",
    progress: Progress | None = None,
) -> Run:
    """Work through a folder of records under a rulebook.

    Applications are classified; cases are classified with the facts of their application and item, and every clock is read; items are
    reported as published, and where `accepted_on` is given, as if a case with complete materials were received and accepted that day.
    `on` is the day that dated rules are held against; left out, it is the day of receipt (what dates the table of cases), for an
    application that of its case. `now` is the day that counts as today: it says what is overdue. `calendar` is China's unless given.
    A row that cannot be judged (a conflict of rules, a day outside the calendar, no day for dated rules) is set aside with the reason.
    A limit given as a number of working days (承诺工作日数) counts as that limit.

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
    return _Job(book, records, on, accepted_on, now, calendar, progress).done(lang)


@dataclass
class _Job:
    book: Rulebook
    records: Records
    on: date | None
    accepted_on: date | None
    now: date | None
    calendar: WorkCalendar | None
    progress: Progress | None
    items: dict[str, Mapping[str, object]] = field(default_factory=dict)
    applications: dict[str, Row] = field(default_factory=dict)
    dated: dict[str, date] = field(default_factory=dict)
    aside: list[SetAside] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unread: dict[str, Counter[str]] = field(default_factory=dict)

    def done(self, lang: Lang) -> Run:
        contents = self.book.contents
        self.decided = decided_names(contents)
        self.closing = _closing(contents)
        self.outcomes = tuple(contents.granting.get("application", {}))
        self.clock_names = tuple(one.id for one in contents.clocks.values() if one.about in contents.chains["cases"])
        items = tuple(self._results("items", self._item))
        for row in self._rows("applications"):
            self.applications[row.id] = row
        cases = tuple(self._results("cases", self._case))
        applications = tuple(self._classified())
        self._tell("", 0, None)
        sources = tuple(SourceRead(table, one.file.name, one.encoding, self.counts[table]) for table, one in self.records.sources.items())
        return Run(
            self._ran(), sources, self.outcomes, self.clock_names, items, applications, cases, tuple(self.aside),
            {table: dict(columns) for table, columns in self.unread.items() if columns}, lang,
        )  # fmt: skip

    # -- rows

    def _rows(self, table: str) -> Iterator[Row]:
        """The rows that could be read; the others are put aside, and columns that no fact is known for are counted."""
        unread = self.unread.setdefault(table, Counter())
        for row in self.records.rows(table):
            self.counts[table] += 1
            if isinstance(row, SetAside):
                self.aside.append(row)
            else:
                unread.update(row.unread.keys())
                yield row

    def _results(self, table: str, judge: Callable[[Row], _Result]) -> Iterator[_Result]:
        for row in self._rows(table):
            found = self._judged(row, judge)
            if found is not None:
                yield found

    def _judged(self, row: Row, judge: Callable[[Row], _Result]) -> _Result | None:
        """What the row comes to; one that cannot be judged is set aside."""
        try:
            return judge(row)
        except GovServiceError as error:
            plain = {name: _plain(value) for name, value in (*row.facts.items(), *dict(row.unread).items())}
            self.aside.append(SetAside(row.table, row.file, row.line, row.id, _field(error, row), reason_of(error), plain))
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
        dues = self._if_accepted(facts) if self.accepted_on is not None else ()
        return ItemResult(
            row.id, _text(facts.get("item_name")), _text(facts.get("department")),
            choice.name if choice else None, choice.label if choice else None, choice.code if choice else None,
            workdays_of(facts, "promised_days"), workdays_of(facts, "statutory_days"), lacks, _main(dues, self.closing), dues,
        )  # fmt: skip

    def _if_accepted(self, facts: Mapping[str, object]) -> tuple[Due, ...]:
        """The clocks of a case of this item, received and accepted with complete materials on the day asked for."""
        day = self.accepted_on
        asked = dict(facts) | {"received_on": day, "materials_completed_on": day, "accepted_on": day}
        readings = clocks(asked, self.book, on=self.on or day, calendar=self.calendar)
        return tuple(_due(one) for one in readings)

    # -- applications and cases

    def _classified(self) -> Iterator[ApplicationResult]:
        for count, row in enumerate(self.applications.values(), 1):
            found = self._judged(row, self._application)
            if found is not None:
                yield found
            if count % 200 == 0:
                self._tell("applications", count, len(self.applications))

    def _application(self, row: Row) -> ApplicationResult:
        on = self.on or self.dated.get(row.id)
        self._dated(on, Words("no case of this application gives a day", "没有办件给出这件申请的日期"))
        return ApplicationResult(row.id, on, self._what(classify(row.facts, self.book, on=on, as_of=self.now, calendar=self.calendar)))

    def _case(self, row: Row) -> CaseResult:
        application, item = _text(row.facts.get("application")), _text(row.facts.get("item"))
        held = self.applications.get(application or "")
        facts = joined(row.facts, held.facts if held else {}, self.items.get(item or "", {}), self.decided)
        dated_by = self.book.contents.tables["cases"].dated_by
        dated = facts.get(dated_by or "")
        on = self.on or (dated if isinstance(dated, date) else None)
        if application is not None and isinstance(dated, date):
            self.dated.setdefault(application, dated)
        self._dated(on, Words(f"the case has no {dated_by}", f"办件没有{self._label(dated_by)}"), dated_by)
        what = self._what(classify(facts, self.book, on=on, as_of=self.now, calendar=self.calendar))
        readings = clocks(facts, self.book, on=on, now=self.now, calendar=self.calendar)
        closed = facts.get(CLOSED)
        seen = isinstance(closed, date) and (self.now is None or closed <= self.now)
        dues = tuple(_due(one) for one in readings)
        missing = [f"application {application}"] if self._lost("applications", application, held) else []
        missing += [f"item {item}"] if self._lost("items", item, self.items.get(item or "")) else []
        return CaseResult(
            row.id, application, item, on, what, _main(dues, self.closing), dues, cast("date", closed) if seen else None, tuple(missing)
        )

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

    def _lost(self, table: str, id: str | None, found: object) -> bool:
        return id is not None and found is None and table in self.records.sources

    def _what(self, done: Classification) -> WhatItIs:
        return WhatItIs(
            done.case_type, done.label, done.national_code, done.rule, done.cite, done.open, done.possible, done.undecided,
            tuple(done.outcomes.get(name) for name in self.outcomes), tuple(one.title for one in done.notices),
        )  # fmt: skip

    # -- what was run

    def _ran(self) -> Ran:
        from govservice import __version__
        from govservice.calendars import china

        calendar = self.calendar if self.calendar is not None else china()
        settings = self.book.settings.values()
        contents = self.book.contents
        ids, _ = contents.sight("cases")
        labels = {one.id: one.label for one in settings if one.label}
        for decision in contents.decisions.values():
            labels |= {decision.primary: decision.label or decision.primary} | dict(decision.labels)
        labels |= {id: column.label for id in ids if (column := contents.column("cases", id)) is not None and column.label}
        return Ran(
            self.book.id, self.book.title, self.book.digest,
            {one.id: _plain(one.value) for one in settings if one.value is not None},
            {one.id: one.label or one.id for one in settings if one.value is None},
            calendar.name, calendar.digest, calendar.official_through, self.on, self.accepted_on, self.now, labels, __version__,
        )  # fmt: skip


def _due(reading: ClockReading) -> Due:
    warning = (
        Words("; ".join(one.en for one in reading.warnings), "；".join(one.zh for one in reading.warnings)) if reading.warnings else None
    )
    return Due(
        reading.clock, reading.label, reading.applies, reading.due, reading.official, warning,
        reading.undecided if reading.applies is not False and reading.due is None else (), reading.stopped is not None, reading.overdue,
    )  # fmt: skip


def _closing(contents: Contents) -> tuple[str, ...]:
    """The clocks that run until a case is closed, the promised one first: those that say when the case as a whole is due."""
    found = [one.id for one in contents.clocks.values() if any(isinstance(stop, Name) and stop.id == CLOSED for stop in one.stops)]
    return tuple(sorted(found, key=lambda id: id != PROMISED))


def _main(dues: tuple[Due, ...], closing: tuple[str, ...]) -> Due | None:
    """The clock that says when the case is due: of those that run until it is closed the first that applies, else the first that may;
    where there is none, the first to end of the other clocks."""
    held = {one.clock: one for one in dues}
    whole = [held[clock] for clock in closing if clock in held and held[clock].applies is not False]
    if whole:
        return next((one for one in whole if one.applies), whole[0])
    others = [one for one in dues if one.applies and one.due_on is not None]
    return min(others, key=lambda one: cast("date", one.due_on), default=None)


def _field(error: GovServiceError, row: Row) -> str | None:
    """The fact that is at fault, where the error is about one."""
    known = {one for names in TABLES.values() for one in (names.id,)} | set(row.facts) | {"received_on"}
    return error.id if error.id in known else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _plain(value: Any) -> str:
    from govservice.rules.expressions.values import reported

    shown = reported(value)
    if isinstance(shown, tuple | list):
        return "；".join(str(one) for one in shown)
    return shown.isoformat() if isinstance(shown, date) else str(shown)
