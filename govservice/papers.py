"""The papers of a book from records: notices of cases, forms and registers of windows, results told to departments."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from govservice.as_json import AsJson
from govservice.assessment.assessing import Assessment, assessment_of
from govservice.assessment.ledger import Ledger
from govservice.assessment.periods import EVER, Period, of_kind, read_period
from govservice.counting.asked import day_of
from govservice.doors import CALENDAR, LIST, NAMES, TABLES, WHEN, optional, takes
from govservice.echo import shown
from govservice.errors import DecisionError, NoticeError, RecordError, Words, did_you_mean
from govservice.notices import SERIAL, NoticeOwed, Serial, counting_from, fill, owed_here
from govservice.reading import as_when
from govservice.rules.book.contents import labelled
from govservice.rules.book.remedies import it_has, label_meant, labels_of
from govservice.rules.language.facts import unsaid, written
from govservice.rules.rulebook import AnyBook, book_of

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.contents import Contents
    from govservice.rules.book.entries import Notice
    from govservice.rules.meaning.subjects import Subject

__all__ = ["OpenNotice", "Papers", "papers"]

CASES: Final = "cases"


@dataclass(frozen=True, slots=True, repr=False)
class OpenNotice(AsJson):
    """A notice of which it is open whether it is owed: its kind, what it would be about (`cases:C1`), and the facts that would say."""

    kind: str
    about: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Papers(AsJson):
    """The papers that are owed, each with what it is `about`; those of which that is open; what must be said of the records."""

    owed: tuple[NoticeOwed, ...]
    open: tuple[OpenNotice, ...]
    notes: tuple[Words, ...]


@takes(
    records=TABLES, kinds=optional(NAMES), about=optional(NAMES), now=optional(WHEN), calendar=optional(CALENDAR), issued=LIST,
    issued_on=optional(WHEN), serial=optional(SERIAL),
)  # fmt: skip
def papers(
    book: AnyBook,
    records: Mapping[str, Any] | Ledger,
    *,
    kinds: str | Collection[str] | None = None,
    about: str | Collection[str] | None = None,
    period: object = None,
    now: date | str | None = None,
    calendar: WorkCalendar | None = None,
    issued: Iterable[Any] = (),
    issued_on: date | str | None = None,
    serial: Serial | None = None,
) -> Papers:
    """The papers of a book that the records call for: by kind in the book's order, and within a kind in the order of the rows.

    `records` are those of `score`: tables of rows, or a ledger. `kinds` names the notices wanted (else all), `about` the ids of the rows
    that they are about (cases, items, windows ..; else all). Papers about cases and other rows are of those dated in the `period`, or of
    all; those about windows, persons, departments and their scores (registers, results) are of one period, and given only where one is.
    `issued` are notices given before, rows with `kind` and `case`: a second of one kind is marked. `issued_on` is the day of issue, from
    which the copies' limits run; `serial` the first serial number, or what gives the next one of a series; without both no notice has a
    number.
    Raises DecisionError (no such kind; a kind that needs a period), RecordError (nothing of that id).

    >>> case = {"case": "C1", "window": "W1", "case_type": "returned", "received_on": "2026-02-13", "staff": "S1"}
    >>> done = papers("kunshan", {"cases": [case]}, kinds="returned_register", period="2026-02")
    >>> done.owed[0].about, [row[0] for row in done.owed[0].rows.rows]
    ('window:W1', ['C1'])
    """
    book = book_of(book)
    wanted = _wanted(book.contents, kinds, period)
    span = read_period(period) if period is not None else EVER
    assessment = assessment_of(book, records, now=now, calendar=calendar)
    ids = {about} if isinstance(about, str) else None if about is None else set(about)
    given_before = _by_case(issued)
    day = as_when(issued_on)
    serial = counting_from(serial) if isinstance(serial, int) else serial
    owed: list[NoticeOwed] = []
    open_: list[OpenNotice] = []
    met: set[str] = set()
    with assessment.lock:
        assessment.said.clear()
        for notice in wanted:
            for id, subject in _subjects(assessment, notice.about, span):
                if ids is not None and id not in ids:
                    continue
                met.add(id)
                applies = owed_here(notice, subject)
                if applies is True:
                    before = given_before.get((id, notice.id)) if notice.about == CASES else None
                    paper = fill(notice, subject, before, issued_on=None if day is None else day_of(day), serial=serial)
                    owed.append(replace(paper, about=f"{notice.about}:{id}"))
                elif applies is not False:
                    open_.append(OpenNotice(notice.id, f"{notice.about}:{id}", tuple(sorted(applies.needs))))
        if ids is not None and (lost := sorted(ids - met)):
            listed = ", ".join(shown(id) for id in lost)
            raise RecordError(
                Words(f"no paper is about {listed}", f"没有文书关于 {listed}"),
                hint=Words("papers about windows, persons and departments need period=", "窗口、人员、部门的文书要给 period="),
            )
        undated = _without_a_day(assessment, span) if period is not None else ()
        return Papers(tuple(owed), tuple(open_), (*assessment.register.remarks.words, *undated))


def _without_a_day(assessment: Assessment, span: Period) -> tuple[Words, ...]:
    """Rows that no paper of a period is about, nor lists, for want of a day."""
    register = assessment.register
    lost = ((table, register.lost_in(table, span)) for table in assessment.contents.tables if table in register.rows)
    return tuple(
        Words(
            f"rows {', '.join(map(str, numbers))} of {table} have no day and are in no paper of a period",
            f"{assessment.contents.rows_in_chinese(table, ', '.join(map(str, numbers)))}没有日期，任何期间的文书都不包括",
        )
        for table, numbers in lost
        if numbers
    )


def _of_a_period(contents: Contents, about: str) -> bool:
    """Whether a paper about rows of a table is of one period: of a window, a person, a department, or of a score."""
    return about in contents.schemes or contents.tables[about].stands_for == "subject"


def _wanted(contents: Contents, kinds: str | Collection[str] | None, period: object) -> list[Notice]:
    """The notices asked for; of all those that need no period, where none is given."""
    if kinds is None:
        return [one for one in contents.notices.values() if period is not None or not _of_a_period(contents, one.about)]
    named = [kinds] if isinstance(kinds, str) else list(kinds)
    for kind in named:
        if kind not in contents.notices:
            what = Words(f"{contents.id} has no notice {shown(kind)}", f"{contents.id} 没有“{kind}”这种文书")
            near = did_you_mean(kind, contents.notices, it_has(contents.notices))
            raise DecisionError(what, hint=label_meant(kind, labels_of(contents.notices)) or near, id=kind)
        if period is None and _of_a_period(contents, contents.notices[kind].about):
            about = contents.notices[kind].about
            what = Words(
                f"{kind} is about a {about} in a period",
                f"{labelled(kind, contents.notices[kind].title).strip()}是关于某期间的{contents.in_chinese(about)}的",
            )
            raise DecisionError(what, hint=Words('give one: period="2026-10"', '请给出期间：period="2026-10"'), id=kind)
    return [notice for id, notice in contents.notices.items() if id in named]


def _subjects(assessment: Assessment, about: str, span: Period) -> Iterator[tuple[str, Subject]]:
    """Everything that a notice may be about, with its id; a row that has none goes by its number."""
    contents, register = assessment.contents, assessment.register
    if about in contents.schemes:
        period = of_kind(span, contents.schemes[about].period, about)
        for id, _ in assessment.subjects(about, period):
            yield id, assessment.score(about, id, period).scope
    elif _of_a_period(contents, about):
        for id in register.ids(about):
            if register.served(about, id, span) is not None:
                yield id, assessment.subject(about, id, span)
    else:
        column = register.id_column(about)
        for row in register.rows_in(about, span):
            named = row.facts.get(column) if column is not None else None
            yield str(row.number) if unsaid(named) else written(named), assessment.scope(row, span)


def _by_case(issued: Iterable[Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The notices given before, by case and kind; the first of each stands."""
    given: dict[tuple[str, str], Mapping[str, Any]] = {}
    for one in issued:
        facts = one.facts() if hasattr(one, "facts") else one
        if not isinstance(facts, Mapping) or not isinstance(facts.get("kind"), str) or unsaid(facts.get("case")):
            seen = shown(one)
            what = Words(
                f"a notice already given is a row with its kind and case, not {seen}", f"已发的通知要有 kind 和 case，不能是 {seen}"
            )
            raise NoticeError(what)
        given.setdefault((written(facts["case"]), facts["kind"]), facts)
    return given
