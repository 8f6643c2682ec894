"""Which notices a case owes, their copies and fields, what one still lacks, and its printable text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from govservice.errors import NoticeError, Words
from govservice.rules.evaluation import evaluate, holds
from govservice.rules.explaining import shown
from govservice.rules.expressions.shapes import Name
from govservice.rules.expressions.values import Nothing, Unknown, label_of, reported
from govservice.rules.outcomes import decoded, encoded
from govservice.rules.subjects import Subject
from govservice.rules.tables import in_force

if TYPE_CHECKING:
    from govservice.rules.entries import Notice

__all__ = ["CopyOwed", "NoticeOwed", "Stated", "owed", "undecided_notices"]


@dataclass(frozen=True, slots=True)
class CopyOwed:
    """One copy: to whom, and within what limit where the rulebook says."""

    to: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """One field that the notice must state: its name, Chinese label and value; None where it is lacking."""

    name: str
    label: str
    value: object


@dataclass(frozen=True, slots=True)
class NoticeOwed:
    """A notice (通知书) that a case owes.

    `kind` is its id in the rulebook; `copies` go one to each; `fields` are what it must state; `lacks` names those still missing.
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

    @property
    def lacks(self) -> tuple[str, ...]:
        """The labels of the fields it must state and does not."""
        return tuple(one.label for one in self.fields if one.value is None)

    def to_text(self, *, number: str | None = None, issued_on: date | None = None) -> str:
        """The notice as Chinese text to print; number and day are left as blanks where not given.

        Raises NoticeError where it lacks a field that it must state.

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
        if self.lacks:
            raise NoticeError(
                Words(
                    f"{self.kind} lacks what it must state: {', '.join(self.lacks)}",
                    f"{self.title}缺少必须写明的内容：{'、'.join(self.lacks)}",
                ),
                hint=Words("give these facts first", "请先补上这些事实"),
                id=self.kind,
            )
        day = f"{issued_on.year}年{issued_on.month}月{issued_on.day}日" if issued_on is not None else "____年__月__日"
        lines = [self.title, f"编号：{number or '__________'}", f"日期：{day}", ""]
        for one in self.fields:
            lines.extend(_field(one))
        if self.earlier is not None:
            again = f"此前已于{self.earlier}告知" + (f"，本次增列：{'、'.join(self.added)}" if self.added else "")
            lines.append(again)
        copies = "；".join(copy.to + (f"（{copy.within}送达）" if copy.within else "") for copy in self.copies)
        lines.append("") if self.fields else None
        lines += [f"一式{len(self.copies)}份：{copies}"] if self.copies else []
        lines.append(f"依据：{self.cite}（{self.book}）" if self.cite else f"依据：{self.book}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values; `from_dict` gives the same notice back."""
        return {
            "kind": self.kind,
            "title": self.title,
            "copies": [[one.to, one.within] for one in self.copies],
            "fields": [[one.name, one.label, encoded(one.value)] for one in self.fields],
            "cite": self.cite,
            "book": self.book,
            "earlier": self.earlier,
            "added": list(self.added),
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> NoticeOwed:
        """The notice that `to_dict` wrote."""
        return cls(
            found["kind"],
            found["title"],
            tuple(CopyOwed(*one) for one in found["copies"]),
            tuple(Stated(name, label, decoded(value)) for name, label, value in found["fields"]),
            found["cite"],
            found["book"],
            found["earlier"],
            tuple(found["added"]),
        )


def _field(one: Stated) -> list[str]:
    if isinstance(one.value, tuple):
        return [f"{one.label}：", *(f"  {index}. {text}" for index, text in enumerate(one.value, 1))]
    if isinstance(one.value, date):
        clock = one.value.strftime(" %H:%M") if isinstance(one.value, datetime) else ""
        return [f"{one.label}：{one.value.year}年{one.value.month}月{one.value.day}日{clock}"]
    return [f"{one.label}：{shown(one.value, 'zh')}"]


def owed(subject: Subject, *, issued: Iterable[Mapping[str, Any]] = ()) -> tuple[NoticeOwed, ...]:
    """The notices that a subject certainly owes, in the book's order.

    `issued` are notices already given: mappings with `kind`, and `number` or `issued_on`, and `fields` as far as known; one of the same
    kind marks the new one. Notices whose condition is still open are in `undecided_notices`.
    """
    earlier = {str(one.get("kind")): one for one in reversed(list(issued))}
    return tuple(_owed(one, subject, earlier.get(one.id)) for one in _about(subject) if _condition(one, subject) is True)


def undecided_notices(subject: Subject) -> tuple[str, ...]:
    """The kinds of notice of which it is still open whether they are owed."""
    return tuple(one.id for one in _about(subject) if isinstance(_condition(one, subject), Unknown))


def _about(subject: Subject) -> list[Notice]:
    seen = subject.contents.chains.get(subject.table, (subject.table,))
    return [one for one in subject.contents.notices.values() if one.about in seen]


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
    copies = tuple(CopyOwed(one.to, one.within) for one in notice.copies if one.when is None or holds(evaluate(one.when, subject)) is True)
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
    )


def _added(fields: list[Stated], earlier: Mapping[str, Any] | None) -> tuple[str, ...]:
    told: Any = (earlier or {}).get("fields")
    if not isinstance(told, Mapping):
        return ()
    return tuple(
        str(text)
        for one in fields
        if isinstance(one.value, tuple) and isinstance(told.get(one.name), (list, tuple))
        for text in one.value
        if text not in told[one.name]
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
