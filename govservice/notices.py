"""Which notices a case owes, their copies and fields, what one still lacks, and its printable text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from govservice.as_json import AsJson
from govservice.doors import LIST, SUBJECT, takes
from govservice.echo import shown
from govservice.errors import NoticeError, Words
from govservice.rules.book.entries import in_force
from govservice.rules.language.shapes import Name
from govservice.rules.language.values import Nothing, Unknown, label_of, reported
from govservice.rules.meaning.evaluation import evaluate, holds
from govservice.rules.meaning.subjects import Subject
from govservice.upward import machinery

if TYPE_CHECKING:
    from govservice.rules.book.entries import Notice

__all__ = ["CopyOwed", "NoticeOwed", "Stated", "owed", "undecided_notices"]


@dataclass(frozen=True, slots=True, repr=False)
class CopyOwed(AsJson):
    """One copy: to whom, and within what limit where the rulebook says; `needs` would say whether it is owed, where that is open."""

    to: str
    within: str | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Stated(AsJson):
    """One field that the notice must state: its name, Chinese label and value; None where it is lacking."""

    name: str
    label: str
    value: object


@dataclass(frozen=True, slots=True, repr=False)
class NoticeOwed(AsJson):
    """A notice (通知书) that a case owes.

    `kind` is its id in the rulebook; `copies` go one to each, `open_copies` may; `fields` are what it must state; `lacks` names those still
    missing.
    `earlier` is the number or day of one of this kind already given: what must be told is told once, so a second is marked, and `added`
    lists what it states beyond the first.
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

    @property
    def lacks(self) -> tuple[str, ...]:
        """The labels of the fields it must state and does not."""
        return tuple(field.label for field in self.fields if field.value is None)

    def to_text(self, *, number: str | None = None, issued_on: date | None = None) -> str:
        """The notice as Chinese text to print; number and day are left as blanks where not given.

        Raises NoticeError where it lacks a field that it must state, or it is open who gets a copy.

        >>> notice = NoticeOwed("supplement_notice", "补办件通知书", (CopyOwed("窗口"), CopyOwed("业务科", "当天")),
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
        一式2份：窗口；业务科（当天送达）
        依据：KS-4（kunshan）
        """
        return cast("str", machinery("show.notice:text")(self, number, issued_on))


@takes(subject=SUBJECT, issued=LIST)
def owed(subject: Subject, *, issued: Iterable[Mapping[str, Any]] = ()) -> tuple[NoticeOwed, ...]:
    """The notices that a subject certainly owes, in the book's order.

    `issued` are notices already given: mappings with `kind`, and `number` or `issued_on`, and `fields` as far as known; one of the same
    kind marks the new one. Notices whose condition is still open are in `undecided_notices`.
    """
    given = [notice for notice in issued if _names_a_kind(notice)]
    earlier = {notice["kind"]: notice for notice in reversed(given)}
    return tuple(_owed(notice, subject, earlier.get(notice.id)) for notice in _about(subject) if _condition(notice, subject) is True)


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
    return tuple(notice.id for notice in _about(subject) if isinstance(_condition(notice, subject), Unknown))


def _about(subject: Subject) -> list[Notice]:
    seen = subject.contents.chains.get(subject.table, (subject.table,))
    return [notice for notice in subject.contents.notices.values() if notice.about in seen]


def _condition(notice: Notice, subject: Subject) -> bool | Unknown:
    if not in_force(notice.from_, notice.until, subject.surroundings.on, notice.id):
        return False
    return holds(evaluate(notice.when, subject))


def _owed(notice: Notice, subject: Subject, earlier: Mapping[str, Any] | None) -> NoticeOwed:
    fields = []
    for text, expression in notice.states:
        value = evaluate(expression, subject)
        if isinstance(value, (Unknown, Nothing)) or value == ():
            fields.append(Stated(text, _label(text, subject), None))
        else:
            label = label_of(expression.type, value) if isinstance(expression, Name) else None
            fields.append(Stated(text, _label(text, subject), label or reported(value)))
    asked = [(copy, True if copy.when is None else holds(evaluate(copy.when, subject))) for copy in notice.copies]
    copies = tuple(CopyOwed(copy.to, copy.within) for copy, answer in asked if answer is True)
    open_copies = tuple(CopyOwed(copy.to, copy.within, tuple(sorted(doubt.needs))) for copy, doubt in asked if isinstance(doubt, Unknown))
    before = str(earlier.get("number") or earlier.get("issued_on") or "前次") if earlier is not None else None
    return NoticeOwed(
        kind=notice.id,
        title=notice.title,
        copies=copies,
        fields=tuple(fields),
        cite=notice.cite,
        book=subject.contents.id,
        earlier=before,
        added=_added(fields, earlier),
        open_copies=open_copies,
    )


def _added(fields: list[Stated], earlier: Mapping[str, Any] | None) -> tuple[str, ...]:
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


_CLOCK_FACTS = {"due": "到期日", "started_on": "起算日", "stopped_on": "办结日", "overdue": "是否超期"}


def _label(name: str, subject: Subject) -> str:
    contents = subject.contents
    clock, _, fact = name.partition(".")
    if fact and clock in contents.clocks:
        return f"{contents.clocks[clock].label or clock}{_CLOCK_FACTS.get(fact, fact)}"
    column = contents.column(subject.table, name)
    if column is not None and column.label:
        return column.label
    for table in contents.chains.get(subject.table, ()):
        granting = contents.granting.get(table, {}).get(name)
        if granting is not None:
            return dict(contents.decisions[granting].labels).get(name, name)
    return name
