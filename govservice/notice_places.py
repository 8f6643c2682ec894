"""What stands in the places of a notice for one subject: values with their labels, texts, rows, the rule of its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from govservice.clockwork.called import kind_called
from govservice.errors import Words
from govservice.rules.book.entries import CountedPlace, Printed
from govservice.rules.language.day_functions import shanghai_day
from govservice.rules.language.shapes import Call, Constant, Expression, Name
from govservice.rules.language.values import DATE, Interval, Nothing, Unknown, label_of, reported
from govservice.rules.meaning.evaluation import Doubtful, Scope, evaluate, holds

if TYPE_CHECKING:
    from govservice.rules.book.contents import Contents
    from govservice.rules.meaning.subjects import Subject

__all__ = ["BLANK", "FilledRow", "Filling", "labelled", "numbered"]

BLANK: Final = "____"
_COUNTED: Final = re.compile(r"\{(serial|year|month|day):([1-9])\}")
_CLOCK_FACTS: Final = {"due": "到期日", "started_on": "起算日", "stopped_on": "办结日", "overdue": "是否超期"}
_OF_A_SCORE: Final = {"total": "得分", "rank": "名次", "ranked": "参评数"}


class FilledRow(NamedTuple):
    """One row: its cells, what would say whether it is listed at all (nothing where it certainly is), and what is missing in its cells."""

    cells: tuple[object, ...]
    doubt: tuple[str, ...]
    needs: tuple[str, ...]


class Filling:
    """The places of one notice being filled: `unknown` gathers the facts that leave blanks, `notes` what must be said of the values."""

    def __init__(self, subject: Subject, issued_on: date | None) -> None:
        self.subject = subject
        self.issued_on = issued_on
        self.unknown: dict[str, None] = {}
        self.notes: dict[Words, None] = {}

    def condition(self, when: Expression | None) -> bool | Unknown:
        """Whether something is on the notice at all; what would say so is named where it is open."""
        answer = True if when is None else holds(evaluate(when, self.subject))
        if isinstance(answer, Unknown):
            self.unknown.update(dict.fromkeys(sorted(answer.needs)))
        return answer

    def value(self, of: Expression, *, none: bool = True, named: bool = True) -> object:
        """A value as it is printed: a choice by its label; None where it is unknown, an empty list, or none without `none`."""
        before = len(self.subject.said)
        value, needs = _worth(of, self.subject, none=none)
        self.notes.update(dict.fromkeys(self.subject.said[before:]))
        if named:
            self.unknown.update(dict.fromkeys(sorted(needs)))
        return value

    def text(self, printed: Printed) -> str:
        """A text with its places filled; an unknown fact leaves a blank."""
        return "".join(
            piece if isinstance(piece, str) else self._in_text(piece) for piece in printed.pieces if not isinstance(piece, CountedPlace)
        )

    def _in_text(self, piece: Expression) -> str:
        value = self.value(piece)
        return BLANK if value is None else _as_text(value)

    def series(self, number: Printed) -> str:
        """The rule of a number with the facts in it, a blank for one that is unknown, and with the day of issue where that is known."""
        pieces = (f"{{{piece.what}:{piece.digits}}}" if isinstance(piece, CountedPlace) else piece for piece in number.pieces)
        return _dated("".join(piece if isinstance(piece, str) else self._in_text(piece) for piece in pieces), self.issued_on)

    def due(self, limit: Expression | None) -> date | None:
        """The last day of a limit that runs from the day of issue; None where that day, or the limit, is not known."""
        if limit is None or self.issued_on is None:
            return None
        due = self.value(Call("due", (Constant(self.issued_on, DATE), limit), DATE), none=False)
        return shanghai_day(due) if isinstance(due, date) else None

    def rows(self, rows: Iterable[Scope | Doubtful], when: Expression | None, columns: Sequence[Expression | None]) -> list[FilledRow]:
        """The rows that are listed, or may be."""
        before, filled = len(self.subject.said), []
        for given in rows:
            scope, doubt = (given.scope, given.doubt) if isinstance(given, Doubtful) else (given, None)
            asked = True if when is None else holds(evaluate(when, scope))
            if asked is not False:
                filled.append(_row(scope, columns, [open_ for open_ in (doubt, asked) if isinstance(open_, Unknown)]))
        self.notes.update(dict.fromkeys(self.subject.said[before:]))
        return filled


def _row(scope: Scope, columns: Sequence[Expression | None], doubts: Sequence[Unknown]) -> FilledRow:
    cells = [(None, frozenset[str]()) if column is None else _worth(column, scope, none=True) for column in columns]
    doubt = sorted(frozenset().union(*(doubt.needs for doubt in doubts)))
    needs = sorted(frozenset().union(*(needs for _, needs in cells)))
    return FilledRow(tuple(value for value, _ in cells), tuple(doubt), tuple(needs))


def _worth(of: Expression, scope: Scope, *, none: bool) -> tuple[object, frozenset[str]]:
    """A value as it is printed, and what would settle it where it is unknown."""
    value = evaluate(of, scope)
    if isinstance(value, (Unknown, Interval)):
        return None, value.needs
    if isinstance(value, Nothing) and value.gap:  # no rule fits: recording the outcome would settle it
        return None, frozenset((of.id,) if isinstance(of, Name) else ())
    if isinstance(value, Nothing):
        return (value if none else None), frozenset()
    if value == ():
        return None, frozenset()
    label = label_of(of.type, value) or _kind_called(of, value, scope) if isinstance(of, Name) else None
    return label or reported(value), frozenset()


def _kind_called(of: Name, value: object, scope: Scope) -> str | None:
    """What the kind of a pause, or of an event, is called in the book."""
    contents: Contents | None = getattr(scope, "contents", None)
    if of.id != "kind" or contents is None or not isinstance(value, str):
        return None
    event = contents.events.get(value)
    return event.label if event is not None else kind_called(value, contents)


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, tuple):
        return "、".join(map(_as_text, value))
    return ("是" if value else "否") if isinstance(value, bool) else "无" if isinstance(value, Nothing) else str(value)


def _dated(series: str, issued_on: date | None) -> str:
    """The rule of a number with the day of issue in it."""
    if issued_on is None:
        return series
    parts = {"year": issued_on.year, "month": issued_on.month, "day": issued_on.day}
    return _COUNTED.sub(lambda place: place[0] if place[1] == "serial" else f"{parts[place[1]]:0{place[2]}}", series)


def numbered(series: str, serial: int, issued_on: date | None) -> str:
    """A number by its rule.

    >>> numbered("昆审〔{year:1}〕W01-{serial:4}号", 17, date(2026, 2, 13))
    '昆审〔2026〕W01-0017号'
    """
    return _COUNTED.sub(lambda place: f"{serial:0{place[2]}}", _dated(series, issued_on))


def labelled(name: str, contents: Contents, table: str) -> str:
    """What a field is called: the label of the fact, of the outcome, of the clock with its fact; else its own name."""
    clock, _, fact = name.partition(".")
    if fact and clock in contents.clocks:
        return f"{contents.clocks[clock].label or clock}{_CLOCK_FACTS.get(fact, fact)}"
    column = contents.column(table, name)
    if column is not None and column.label:
        return column.label
    for owner in contents.chains.get(table, ()):
        granting = contents.granting.get(owner, {}).get(name)
        if granting is not None:
            decision = contents.decisions[granting]
            return dict(decision.labels).get(name) or (decision.label if name == granting else None) or name
    return _OF_A_SCORE.get(name, name)
