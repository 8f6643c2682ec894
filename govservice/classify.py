"""One application under a rulebook -> its case type, every other outcome, the notices owed, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from govservice.as_json import AsJson
from govservice.clockwork.rows import rows_of_case
from govservice.clockwork.watch import Tables, on_the_clock, read_case, reader_of_case
from govservice.counting.asked import When, day_of
from govservice.doors import CALENDAR, DATE, FACTS, LIST, MAPPING, optional, takes
from govservice.errors import Lang, known_lang
from govservice.notices import NoticeOwed, owed, undecided_notices
from govservice.reading.common import own_facts
from govservice.rules.language.values import Choice
from govservice.rules.meaning.outcomes import Outcome, may_still_be, settled_of, waited_for
from govservice.rules.rulebook import AnyBook, book_of
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.calendars import WorkCalendar
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.kinds import Kinds
    from govservice.rules.meaning.subjects import Subject
    from govservice.rules.meaning.tables import Verdict
    from govservice.rules.rulebook import Rulebook

__all__ = ["CASE_TYPE", "Classification", "applied", "brief_of", "classify", "in_brief"]

CASE_TYPE = "case_type"
OTHER = 9  # the national code of every case type but instant and promised


@dataclass(frozen=True, repr=False)
class Classification(AsJson):
    """What an application is, under one rulebook on one day.

    `case_type` is the book's own value (None where it is open, or where no rule fits), `label` its Chinese name, `canonical` the name it
    has among the standard types, `national_code` 1 (instant), 2 (promised) or 9 (other; GB/T 39046-2020). `rule` and `cite` say by what;
    `open`, `possible`, `undecided` speak of the case type alone: not settled, what it may still be, what would settle it.
    `outcomes` has every settled outcome of every decision about the application by name, `decisions` each decision's Outcome.
    `notices` are owed; of `undecided_notices` it is still open. `unused` lists keys given that are no declared fact.
    """

    case_type: str | None
    label: str | None
    canonical: str | None
    national_code: int | None
    rule: str | None
    cite: str | None
    open: bool
    possible: tuple[object, ...]
    undecided: tuple[str, ...]
    outcomes: Mapping[str, object]
    decisions: Mapping[str, Outcome]
    notices: tuple[NoticeOwed, ...]
    undecided_notices: tuple[str, ...]
    unused: tuple[str, ...]
    book: str
    digest: str
    on: date | None

    def explain(self, lang: Lang = "en") -> str:
        """Why: the case type first, then every other decision that came to something, then the notices.

        >>> from govservice import classify, load_rulebook
        >>> print(classify({"recognised_urgent": True}, load_rulebook("kunshan"), on=date(2026, 11, 20)).explain("zh").splitlines()[0])
        办件分类: 急办件
        """
        return cast("str", machinery("show.classification:explain")(self, known_lang(lang)))


@takes(application=FACTS, on=optional(DATE), calendar=optional(CALENDAR), issued=LIST, records=optional(MAPPING))
def classify(
    application: Mapping[str, Any] | Any,
    book: AnyBook,
    *,
    on: date | str | None = None,
    as_of: When | str | None = None,
    calendar: WorkCalendar | None = None,
    issued: Iterable[Mapping[str, Any]] = (),
    records: Tables | None = None,
) -> Classification:
    """Classify one application: an Application, or a mapping of facts by id or Chinese label. Missing facts are unknown, never false.

    `on` is the day that dated rules are held against; it may be left out only where nothing in the book is dated. `as_of` counts as today,
    `calendar` counts working days (China's unless given). `issued` are notices already given (see `notices.owed`). What reads a clock sees
    the pauses and extensions of the case, from `records` or as lists within it, as `clocks` does; the tables that `in_list` looks into
    are in `records` too. A recorded `case_type` does not stand in the way: it is decided afresh wherever the book decides it.
    Raises DateNeeded, ConflictError (two rules of a table that promised to agree), RecordError (a fact of the wrong type).

    >>> from govservice import load_rulebook
    >>> done = classify({"正式申请": True, "主件": "有而未带", "所缺材料": ["验资报告"]}, load_rulebook("kunshan"), on=date(2026, 11, 20))
    >>> done.case_type, done.label, done.rule, done.cite
    ('supplement', '补办件', 'supplement/main-not-brought', 'KS-4(1)')
    """
    book = book_of(book)
    subject = applied(application, book, on=on, as_of=as_of, calendar=calendar, records=records)
    brief = in_brief(subject)
    return Classification(
        case_type=brief.case_type,
        label=brief.choice.label if brief.choice else None,
        canonical=brief.choice.canonical if brief.choice else None,
        national_code=brief.national_code,
        rule=brief.rule,
        cite=brief.cite,
        open=brief.open,
        possible=brief.possible,
        undecided=brief.undecided,
        outcomes=brief.outcomes,
        decisions={id: book.outcome(id, subject) for id in _decisions(subject)},
        notices=owed(subject, issued=issued),
        undecided_notices=undecided_notices(subject),
        unused=tuple(subject.unused),
        book=book.id,
        digest=book.digest,
        on=subject.surroundings.on,
    )


class Brief(NamedTuple):
    """A classification without what explains it: the fields of a `Classification` by the same names, the case type as declared."""

    case_type: str | None
    choice: Choice | None
    national_code: int | None
    rule: str | None
    cite: str | None
    open: bool
    possible: tuple[object, ...]
    undecided: tuple[str, ...]
    outcomes: Mapping[str, object]


def in_brief(subject: Subject) -> Brief:
    """What an application is, of a subject that `applied` gave."""
    settled: dict[str, object] = {}
    for id in _decisions(subject):
        settled.update(settled_of(subject.verdict(id)))
    deciding = _deciding(subject)
    own = subject.verdict(deciding) if deciding is not None else None
    return brief_of(subject.contents, own, settled.get(CASE_TYPE) if own is not None else _recorded(subject), settled)


def brief_of(contents: Contents, own: Verdict | None, case_type: object, settled: Mapping[str, object]) -> Brief:
    """What an application is, by the verdict that says so and what is settled of it; by what is recorded where the book has no such one."""
    choice = _choice(contents, case_type)
    return Brief(
        case_type if isinstance(case_type, str) else None,
        choice,
        _code(choice, case_type),
        own.rule if own else None,
        next((rule.cite for rule in own.decision.rules if rule.id == own.rule), None) if own else None,
        own.decision.primary not in settled if own else case_type is None,
        may_still_be(own) if own else (),
        waited_for(own) if own else () if case_type is not None else (CASE_TYPE,),
        settled,
    )


def applied(
    application: Mapping[str, Any] | Any, book: Rulebook, *, on: date | str | None, as_of: When | str | None,
    calendar: WorkCalendar | None, records: Tables | None, kinds: Kinds | None = None,
) -> Subject:  # fmt: skip
    """An application as a subject, with what happened to its case; a recorded case type is left out where the book decides it."""
    facts = dict(own_facts(application))
    contents = book.contents
    given, history, lists = read_case(facts, records, contents)
    if CASE_TYPE in contents.granting.get("application", {}):
        known_as = contents.sight("cases")[1]
        given = {name: fact for name, fact in given.items() if CASE_TYPE not in (name, known_as.get(name))}
    now = on_the_clock(as_of, calendar)
    reader = reader_of_case(given, history, contents, now)
    rows = partial(rows_of_case, history, given)
    day = day_of(now) if now is not None else None
    return book.subject("cases", given, on=on, as_of=day, calendar=calendar, clocks=reader, rows=rows, lists=lists, kinds=kinds)


def _decisions(subject: Subject) -> Iterator[str]:
    return (id for id, decision in subject.contents.decisions.items() if decision.about == "application")


def _deciding(subject: Subject) -> str | None:
    """The decision that says the case type."""
    return subject.contents.granting.get("application", {}).get(CASE_TYPE)


def _code(choice: Choice | None, case_type: object) -> int | None:
    return None if case_type is None else choice.code if choice and choice.code is not None else OTHER


def _recorded(subject: Subject) -> object:
    """The case type as recorded, for a book that does not decide it."""
    from govservice.rules.language.shapes import Name

    column = subject.contents.column(subject.table, CASE_TYPE)
    value = subject.value(Name(CASE_TYPE, column.type, "column")) if column is not None else None
    return value if isinstance(value, str) else None


def _choice(contents: Contents, case_type: object) -> Choice | None:
    for table in ("application", "cases", "item"):
        declared = contents.tables.get(table)
        column = declared.columns.get(CASE_TYPE) if declared is not None else None
        choice = column.type.choice(case_type) if column is not None and isinstance(case_type, str) else None
        if choice is not None:
            return choice
    return None
