"""Which notices a case owes, their copies, fields and rows, what one still lacks, and how it is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from govservice.as_json import AsJson
from govservice.citing import cited
from govservice.doors import DATE, FLAG, LIST, SUBJECT, TEXT, Kind, optional, takes
from govservice.echo import shown
from govservice.errors import Lang, NoticeError, Words
from govservice.frozen import Frozen, freeze
from govservice.notice_places import BLANK, Filling, labelled, numbered
from govservice.reading import as_day
from govservice.rules.book.entries import in_force
from govservice.rules.language.values import Unknown
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.rules.book.entries import Copy, Field, Notice, RowsPrinted
    from govservice.rules.meaning.subjects import Subject

__all__ = [
    "SERIAL",
    "CopyOwed",
    "ForwardedTo",
    "NoticeOwed",
    "OpenRow",
    "PaperRows",
    "Sentence",
    "Serial",
    "Stated",
    "counting_from",
    "fill",
    "owed",
    "owed_here",
    "undecided_notices",
]

Serial: TypeAlias = "int | Callable[[str], int]"
"""A serial number, or what gives the next one of a series (the rule of the number, all but its counter filled in)."""

SERIAL: Final = Kind(
    lambda value: callable(value) or _is_serial(value),
    Words("a whole number from 0, or a function that gives the next of a series", "从 0 起的整数，或给出下一个号的函数"),
)
_GREATEST: Final = 10**12


def _is_serial(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _GREATEST


@dataclass(frozen=True, slots=True, repr=False)
class ForwardedTo(AsJson):
    """To whom a copy goes on, after what act (登记), within what limit where the rulebook says."""

    to: str
    after: str | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class CopyOwed(AsJson):
    """One copy: to whom, and within what limit where the rulebook says; `needs` would say whether it is owed, where that is open.

    `number` is its place in the book, 1 for 第一联 (0: not numbered). `due_on` is the last day for handing it over, once the notice has
    its day. `then` is to whom it goes on.
    """

    to: str
    within: str | None = None
    needs: tuple[str, ...] = ()
    number: int = 0
    due_on: date | None = None
    then: ForwardedTo | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Stated(AsJson):
    """One field of a notice: its name, Chinese label and value; None where it is lacking, or is left blank to be filled in by hand."""

    name: str
    label: str
    value: object


@dataclass(frozen=True, slots=True, repr=False)
class Sentence(AsJson):
    """One sentence that a notice carries; `to` is whom it lets the reader turn to (a complaint, a review)."""

    text: str
    to: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class OpenRow(AsJson):
    """A row of which it is open whether a notice lists it; `needs` would say."""

    cells: tuple[object, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PaperRows(AsJson):
    """The rows that a notice lists. `columns` are their labels, a cell is None where it is unknown or blank; at least `lines` are printed.

    `open` may belong there. `needs` names the tables that were not supplied, else the facts that are missing in cells.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    lines: int = 0
    open: tuple[OpenRow, ...] = ()
    needs: tuple[str, ...] = ()
    supplied: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class NoticeOwed(AsJson):
    """A notice (通知书) that a case owes, or any other paper of the book.

    `kind` is its id in the rulebook; `copies` go one to each, `open_copies` may; `fields` are what it must state; `lacks` names those still
    missing. `earlier` is the number or day of one of this kind already given: what must be told is told once, so a second is marked, and
    `added` lists what it states beyond the first.
    `heading` is printed at its head, `shows` beside what it must state, then `rows`, `says` and the places for `signed` and `seal`.
    `series` is the rule of its number with the facts in it, `number` the number: None until there are a day, a serial number and every fact
    in it.
    `unknown` names the facts that leave blanks in all this; `notes` say what else must be said (a due day that may still move). `about` is
    the row it is about (`cases:C1`), where it comes from records. `cite` is its clause as the book numbers it, `basis` the same as a paper
    cites it, with the name of the document, where the book has that. `labels` are the Chinese names of what it waits for.
    """

    kind: str
    title: str
    copies: tuple[CopyOwed, ...]
    fields: tuple[Stated, ...]
    cite: str | None
    book: str
    earlier: str | None = None
    added: tuple[str, ...] = ()
    open_copies: tuple[CopyOwed, ...] = ()
    heading: str | None = None
    number: str | None = None
    series: str | None = None
    issued_on: date | None = None
    shows: tuple[Stated, ...] = ()
    rows: PaperRows | None = None
    says: tuple[Sentence, ...] = ()
    signed: tuple[str, ...] = ()
    seal: str | None = None
    unknown: tuple[str, ...] = ()
    notes: tuple[Words, ...] = ()
    about: str | None = None
    basis: str | None = None
    labels: Mapping[str, str] = field(default_factory=Frozen, compare=False)

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def lacks(self) -> tuple[str, ...]:
        """The labels of the fields it must state and does not; of rows without lines for them, the tables that were not supplied."""
        tables = self.rows.needs if self.rows is not None and not self.rows.supplied and not self.rows.lines else ()
        return (*(field.label for field in self.fields if field.value is None), *tables)

    @takes(NoticeError, number=optional(TEXT), issued_on=optional(DATE), blanks=FLAG)
    def to_text(self, *, number: str | None = None, issued_on: date | str | None = None, blanks: bool = False) -> str:
        """The notice as Chinese text to print; number and day are left as blanks where not given.

        Raises NoticeError where it lacks a field that it must state, or it is open who gets a copy; with `blanks` it is printed all the
        same, each with a blank, and says what they are.

        >>> notice = NoticeOwed("supplement_notice", "补办件通知书", (CopyOwed("窗口", None, (), 1), CopyOwed("业务科", "当天", (), 2)),
        ...     (Stated("missing_materials", "需补办事项", ("验资报告", "章程")),), "KS-4", "kunshan")
        >>> print(notice.to_text(number="2026-17", issued_on=date(2026, 2, 13)))
        补办件通知书
        编号：2026-17
        日期：2026年2月13日
        <BLANKLINE>
        需补办事项：
          1. 验资报告
          2. 章程
        <BLANKLINE>
        一式二联：第一联窗口；第二联业务科（当天送达）
        依据：KS-4
        """
        return cast("str", machinery("show.notice:text")(self, number, as_day(issued_on), blanks))

    @takes(NoticeError, number=optional(TEXT), issued_on=optional(DATE), blanks=FLAG)
    def to_html(self, *, number: str | None = None, issued_on: date | str | None = None, blanks: bool = False, lang: Lang = "zh") -> str:
        """The notice as a page to print on A4, one copy a sheet; what is not given stays a blank to fill in by hand.

        `lang` is the language of what the page adds to the book's own words. Raises NoticeError as `to_text` does.
        """
        return cast("str", machinery("show.notice_page:page")(self, number, as_day(issued_on), blanks, lang))


@takes(subject=SUBJECT, issued=LIST, issued_on=optional(DATE), serial=optional(SERIAL))
def owed(
    subject: Subject,
    *,
    issued: Iterable[Mapping[str, Any]] = (),
    issued_on: date | str | None = None,
    serial: Serial | None = None,
) -> tuple[NoticeOwed, ...]:
    """The notices that a subject certainly owes, in the book's order.

    `issued` are notices already given: mappings with `kind`, and `number` or `issued_on`, and `fields` as far as known; one of the same
    kind marks the new one. Notices whose condition is still open are in `undecided_notices`. With `issued_on` copies have their last days;
    with it and `serial` notices have their numbers, a whole number going up by one for each of a series.
    """
    given = [notice for notice in issued if _names_a_kind(notice)]
    earlier = {notice["kind"]: notice for notice in reversed(given)}
    serial = counting_from(serial) if isinstance(serial, int) else serial
    day: date | None = as_day(issued_on)
    return tuple(fill(notice, subject, earlier.get(notice.id), issued_on=day, serial=serial) for notice in notices_owed(subject))


def notices_owed(subject: Subject) -> Iterator[Notice]:
    """The notices of the book that a subject certainly owes, not yet filled in."""
    return (notice for notice in _about(subject) if owed_here(notice, subject) is True)


def counting_from(first: int) -> Callable[[str], int]:
    """Serial numbers that go up by one, each series from the same first."""
    given: dict[str, int] = {}

    def following(series: str) -> int:
        given[series] = given.get(series, first - 1) + 1
        return given[series]

    return following


def _names_a_kind(given: object) -> bool:
    if isinstance(given, Mapping) and isinstance(given.get("kind"), str):
        return True
    raise NoticeError(
        Words(
            f"a notice already given is a mapping with its kind, not {shown(given)}",
            f"已发的通知要写成含 kind 的键值，不能是 {shown(given)}",
        )
    )


@takes(subject=SUBJECT)
def undecided_notices(subject: Subject) -> tuple[str, ...]:
    """The kinds of notice of which it is still open whether they are owed."""
    return tuple(notice.id for notice in _about(subject) if isinstance(owed_here(notice, subject), Unknown))


def _about(subject: Subject) -> list[Notice]:
    """The notices about a row and what it belongs to, but for those about a window, a person or a department that it belongs to."""
    contents, own = subject.contents, subject.table
    seen = contents.chains.get(own, (own,))
    return [
        notice
        for notice in contents.notices.values()
        if notice.about == own or (notice.about in seen and contents.tables[notice.about].stands_for != "subject")
    ]


def owed_here(notice: Notice, subject: Subject) -> bool | Unknown:
    """Whether a subject owes a notice: it is in force, and its condition holds."""
    if not in_force(notice.from_, notice.until, subject.surroundings.on, notice.id):
        return False
    return holds(evaluate(notice.when, subject))


def fill(
    notice: Notice, subject: Subject, earlier: Mapping[str, Any] | None, *, issued_on: date | None, serial: Callable[[str], int] | None
) -> NoticeOwed:
    """A notice of the book as it is owed by a subject."""
    filling, contents = Filling(subject, issued_on), subject.contents
    rows = _listed(notice.rows, subject, filling) if notice.rows is not None else None
    fields = tuple(_field(field, filling, must=True) for field in notice.states)
    shows = tuple(_field(field, filling) for field in notice.shows)
    asked = [(number, copy, filling.condition(copy.when)) for number, copy in enumerate(notice.copies, 1)]  # an open one is in open_copies
    before = str(earlier.get("number") or earlier.get("issued_on") or "前次") if earlier is not None else None
    series = filling.series(notice.number) if notice.number is not None else None
    made = NoticeOwed(
        kind=notice.id,
        title=notice.title,
        copies=tuple(_copy(number, copy, filling) for number, copy, answer in asked if answer is True),
        fields=fields,
        cite=notice.cite,
        book=contents.id,
        earlier=before,
        added=_added(fields, earlier),
        open_copies=tuple(_copy(number, copy, filling, doubt) for number, copy, doubt in asked if isinstance(doubt, Unknown)),
        heading=filling.text(notice.heading) if notice.heading is not None else None,
        number=_number(series, serial, issued_on),
        series=series,
        issued_on=issued_on,
        shows=shows,
        rows=rows,
        says=tuple(Sentence(filling.text(said.text), said.to) for said in notice.says if filling.condition(said.when) is True),
        signed=notice.signed,
        seal=filling.text(notice.seal) if notice.seal is not None else None,
        unknown=tuple(filling.unknown),
        notes=tuple(filling.notes),
        basis=cited(notice.cite, contents.sources, contents.clauses) if notice.cite is not None else None,
    )
    return replace(made, labels=contents.labels_of(_waited_for(made), subject.table))


def _waited_for(notice: NoticeOwed) -> Iterator[str]:
    """Everything that would fill a blank of a notice, or say what belongs on it."""
    yield from notice.unknown
    yield from (name for copy in notice.open_copies for name in copy.needs)
    if notice.rows is not None:
        yield from notice.rows.needs
        yield from (name for row in notice.rows.open for name in row.needs)


def _number(series: str | None, serial: Callable[[str], int] | None, issued_on: date | None) -> str | None:
    """The next number of a series; None where there is no rule, no day, nobody who counts, or a fact in it is unknown."""
    if series is None or serial is None or issued_on is None or BLANK in series:
        return None
    following = serial(series)
    if not _is_serial(following):
        seen = shown(following)
        what = Words(f"a serial number is a whole number from 0, not {seen}", f"流水号要写从 0 起的整数，不能是 {seen}")
        raise NoticeError(what, hint=Words("give the next one of the series", "请给出这一序列的下一个号"))
    return numbered(series, following, issued_on)


def _field(field: Field, filling: Filling, *, must: bool = False) -> Stated:
    label = field.label or labelled(field.text, filling.subject.contents, filling.subject.table)
    if field.value is None:
        return Stated(field.text, label, None)
    return Stated(field.text, label, filling.value(field.value, none=not must, named=not must))


def _copy(number: int, copy: Copy, filling: Filling, doubt: Unknown | None = None) -> CopyOwed:
    then = ForwardedTo(copy.then.to, copy.then.after, copy.then.within) if copy.then is not None else None
    needs = tuple(sorted(doubt.needs)) if doubt is not None else ()
    return CopyOwed(copy.to, copy.within, needs, number, filling.due(copy.limit), then)


def _listed(listing: RowsPrinted, subject: Subject, filling: Filling) -> PaperRows:
    columns = tuple(column.label or labelled(column.text, subject.contents, listing.of.sources[0]) for column in listing.columns)
    rows = subject.rows(listing.of)
    if isinstance(rows, Unknown):
        return PaperRows(columns, (), listing.lines, needs=tuple(sorted(rows.needs)), supplied=False)
    listed = filling.rows(rows, listing.of.when, [column.value for column in listing.columns])
    sure = tuple(row.cells for row in listed if not row.doubt)
    open_ = tuple(OpenRow(row.cells, row.doubt) for row in listed if row.doubt)
    needs = tuple(dict.fromkeys(need for row in listed for need in row.needs))
    return PaperRows(columns, sure, listing.lines, open_, needs)


def _added(fields: Iterable[Stated], earlier: Mapping[str, Any] | None) -> tuple[str, ...]:
    told: Any = (earlier or {}).get("fields")
    if not isinstance(told, Mapping):
        return ()
    return tuple(
        str(text)
        for field in fields
        if isinstance(field.value, tuple) and isinstance(told.get(field.name), (list, tuple))
        for text in field.value
        if text not in told[field.name]
    )
